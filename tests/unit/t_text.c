/* SPDX-License-Identifier: MIT */
#include <linkbook/text.h>

#include "unit.h"

static const char *names[][2] = {
	{"MacLeòd", "macleod"},
	{"Łukasz Wójcik", "lukasz wojcik"},
	{"Zoë Ní Bhriain", "zoe ni bhriain"},
	{"O’Neil", "oneil"},
	{"O'Neil", "oneil"},
	{"张伟", "张伟"},
	{"İbrahim", "ibrahim"},
	{"Strauß-Øre", "strauss ore"},
	{"  a  -- b ", "a b"},
	{"", ""},
};

static char *folded(const char *text)
{
	struct buf b = BUF_INIT;
	text_fold(span_text(text), &b);
	return buf_take_text(&b);
}

START_TEST(names_fold_to_what_people_type)
{
	char *got = folded(names[_i][0]);
	ck_assert_str_eq(got, names[_i][1]);
	free(got);
}
END_TEST

START_TEST(width_counts_columns_not_bytes)
{
	ck_assert_int_eq(text_width(span_text("MacLeòd")), 7);
	ck_assert_int_eq(text_width(span_text("Macleo\xcc\x80"
					      "d")),
			 7);
	ck_assert_int_eq(text_width(span_text("张伟")), 4);
	ck_assert_int_eq(text_width(span_text("👩‍👩‍👧")), 2);
}
END_TEST

START_TEST(backwards_takes_a_whole_letter)
{
	ck_assert_uint_eq(text_grapheme_back(span_text("abo\xcc\x80")), 3);
	ck_assert_uint_eq(text_grapheme_back(span_text("a👩‍👩‍👧")),
			  strlen("👩‍👩‍👧"));
	ck_assert_uint_eq(text_grapheme_back(span_text("a\n")), 1);
	ck_assert_uint_eq(text_grapheme_back(span_text("")), 0);
}
END_TEST

START_TEST(clip_keeps_columns)
{
	struct buf b = BUF_INIT;
	text_clip(span_text("张伟 and more"), 4, false, &b);
	ck_assert_str_eq(buf_text(&b), "张…");
	buf_clear(&b);
	text_clip(span_text("short"), 5, false, &b);
	ck_assert_str_eq(buf_text(&b), "short");
	buf_clear(&b);
	text_clip(span_text("shorter"), 5, true, &b);
	ck_assert_str_eq(buf_text(&b), "shor>");
	buf_fini(&b);
}
END_TEST

START_TEST(terminal_tricks_are_cleaned)
{
	struct buf b = BUF_INIT;
	text_clean(span_text("a\x1b[2Jb\rc\u202E"
			     "d\u2066\x9b\tz"),
		   &b);
	ck_assert_str_eq(buf_text(&b), "a\uFFFD[2Jb\uFFFDc\uFFFDd\uFFFD\uFFFD z");
	buf_fini(&b);
	ck_assert(!text_may_store(span_text("a\u202Eb"), true));
	ck_assert(!text_may_store(span_text("a\nb"), false));
	ck_assert(text_may_store(span_text("a\nb"), true));
	ck_assert(!text_may_store(span_of("a\0b", 3), true));
	ck_assert(!text_may_store(span_text("\xff"), true));
}
END_TEST

START_TEST(words_match_in_any_order_with_one_typo)
{
	ck_assert_int_gt(text_match("mai", "mairi macleod"), 0);
	ck_assert_int_gt(text_match("macleod mai", "mairi macleod"), 0);
	ck_assert_int_eq(text_match("macloed", "mairi macleod"), 1); /* two swapped */
	ck_assert_int_eq(text_match("macleid", "mairi macleod"), 1); /* one other */
	ck_assert_int_eq(text_match("mcleod", "mairi macleod"), 1); /* one less */
	ck_assert_int_gt(text_match("macl", "mairi macleod"), 1); /* none at all */
	ck_assert_int_eq(text_match("mcloed", "mairi macleod"), 0); /* two typos */
	ck_assert_int_eq(text_match("mar", "mairi macleod"), 0); /* too short for a typo */
	ck_assert_int_eq(text_match("airi", "mairi macleod"), 0);
	ck_assert_int_gt(text_match("", "anything"), 0);
	ck_assert_int_gt(text_match("walk", "walk"), text_match("walk", "walking"));
}
END_TEST

START_TEST(nearest_name_is_offered)
{
	static const char *const known[] = {"name", "summary", "sessions"};
	ck_assert_str_eq(text_nearest("sumary", known, 3), "summary");
	ck_assert_str_eq(text_nearest("nmae", known, 3), "name");
	ck_assert_ptr_null(text_nearest("elephant", known, 3));
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_loop_test(t, names_fold_to_what_people_type, 0, sizeof names / sizeof *names);
	tcase_add_test(t, width_counts_columns_not_bytes);
	tcase_add_test(t, backwards_takes_a_whole_letter);
	tcase_add_test(t, clip_keeps_columns);
	tcase_add_test(t, terminal_tricks_are_cleaned);
	tcase_add_test(t, words_match_in_any_order_with_one_typo);
	tcase_add_test(t, nearest_name_is_offered);
}

UNIT_MAIN("text")

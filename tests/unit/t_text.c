/* SPDX-License-Identifier: MIT */
#include <linkbook/text.h>

#include "draw.h"
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

/* Unicode counts them into the next letter, or the one before; in one cell it would be lost. */
START_TEST(signs_beside_a_letter_stand_alone)
{
	int width;
	ck_assert_uint_eq(text_grapheme(span_text("\u0600\u0661"), &width), 2);
	ck_assert_int_eq(width, 1);
	ck_assert_uint_eq(text_grapheme(span_text("\u0915\u093F"), &width), 3);
	ck_assert_int_eq(text_width(span_text("\u0600\u0661\u0662 \u0915\u093F")), 6);
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

/* What is there, and what a reader is shown for it. */
static const char *const showings[][2] = {
	{"a\u200Bb\u2060c\uFEFFd\u00ADe", "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe"},
	{"\u3164x\uFFA0", "\uFFFDx\uFFFD"}, /* letters that are blank */
	{"a\u034Fb\u17B4", "a\uFFFDb\uFFFD"},
	{"a\U000E0041\U000E0042", "a\uFFFD\uFFFD"}, /* hidden words in tags */
	{"\uFDD0\uFFFE\U0010FFFF", "\uFFFD\uFFFD\uFFFD"},
	{"\xc0\xaf\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"}, /* overlong, surrogate */
	{"\u202Aa\u200Eb\u061C\u2068c\u2069", "\uFFFDa\uFFFDb\uFFFD\uFFFDc\uFFFD"},
};

/* And what stays, for it is how these are written. */
static const char *const legible[] = {
	"محمد عبدالله", "نسترن می\u200Cآید",
	"क्\u200Dष",	"👩\u200D👩\u200D👧",
	"❤\uFE0F",	"\U0001F3F4\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F",
	"שלום",		"Zoë Ní Bhriain",
	"ᠮᠣᠩᠭᠣᠯ",
};

START_TEST(what_shows_nothing_is_shown)
{
	struct buf b = BUF_INIT;
	text_clean(span_text(showings[_i][0]), &b);
	ck_assert_str_eq(buf_text(&b), showings[_i][1]);
	ck_assert_int_eq(text_width(span_text(showings[_i][0])), text_width(buf_span(&b)));
	buf_fini(&b);
}
END_TEST

START_TEST(what_letters_need_stays)
{
	struct buf b = BUF_INIT;
	text_clean(span_text(legible[_i]), &b);
	ck_assert_str_eq(buf_text(&b), legible[_i]);
	buf_clear(&b);
	text_strip(span_text(legible[_i]), &b);
	ck_assert_str_eq(buf_text(&b), legible[_i]);
	buf_clear(&b);
	text_escape(span_text(legible[_i]), &b);
	ck_assert_str_eq(buf_text(&b), legible[_i]);
	buf_fini(&b);
}
END_TEST

START_TEST(a_flood_of_marks_ends)
{
	struct buf s = BUF_INIT, b = BUF_INIT;
	buf_add_text(&s, "Z");
	for (int i = 0; i < 100; i++)
		buf_add_text(&s, "\u0301");
	buf_add_text(&s, "oe\u0308");
	text_clean(buf_span(&s), &b);
	ck_assert_uint_eq(b.n, 1 + 2 * 12 + 4);
	ck_assert_int_eq(text_width(buf_span(&s)), 3);
	buf_fini(&s);
	buf_fini(&b);
}
END_TEST

/* Phones put isolates around names, and marks around numbers. */
START_TEST(what_comes_with_pasted_text_is_left_out)
{
	struct buf b = BUF_INIT;
	text_strip(span_text("\u2068محمد\u2069, \u202A07700\u00AD 900123\u202C\u200B\n"), &b);
	ck_assert_str_eq(buf_text(&b), "محمد, 07700 900123\n");
	buf_fini(&b);
}
END_TEST

START_TEST(json_is_escaped_and_means_the_same)
{
	struct buf b = BUF_INIT;
	text_escape(span_text("{\"a\":\"\x7f\xc2\x9bé\u202E\U000E0041\"}"), &b);
	ck_assert_str_eq(buf_text(&b), "{\"a\":\"\\u007f\\u009bé\\u202e\\udb40\\udc41\"}");
	buf_fini(&b);
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

/* A text of ASCII and of letters that mean something to those beside them, and the same text with
 * the ASCII spelt wide, as on East Asian keyboards, which folds by the tables of Unicode. */
static void draw_texts(struct buf *ascii, struct buf *wide)
{
	static const uint32_t others[] = {0x301, 0x345, 0x130, 0xDF,   0x2019, 0x1100, 0x1161,
					  0xAD,	 0xE9,	0x142, 0x5F20, 0x390,  0xBD,   0x200D};
	for (uint64_t n = draw(40); n; n--) {
		bool plain = draw(4);
		uint32_t letter = plain ? (uint32_t)(0x21 + draw(0x7F - 0x21)) : others[draw(14)];
		letter = letter == '`' ? '\'' : letter; /* wide it is an accent to Unicode */
		text_add_codepoint(ascii, letter);
		text_add_codepoint(wide, plain ? letter - 0x21 + 0xFF01 : letter);
	}
}

START_TEST(what_is_folded_without_tables_folds_alike)
{
	chance = 1;
	for (int i = 0; i < 100000; i++) {
		struct buf ascii = BUF_INIT, wide = BUF_INIT, one = BUF_INIT, other = BUF_INIT;
		draw_texts(&ascii, &wide);
		text_fold(buf_span(&ascii), &one);
		text_fold(buf_span(&wide), &other);
		ck_assert_msg(span_equal(buf_span(&one), buf_span(&other)),
			      "\"%s\" folds to \"%s\", and \"%s\" to \"%s\"", buf_text(&ascii),
			      buf_text(&one), buf_text(&wide), buf_text(&other));
		buf_fini(&ascii);
		buf_fini(&wide);
		buf_fini(&one);
		buf_fini(&other);
	}
}
END_TEST

START_TEST(a_text_that_is_none_folds_to_nothing)
{
	struct buf out = BUF_INIT;
	buf_add_text(&out, "before ");
	text_fold(span_text("good \xC3 and more"), &out);
	text_fold(span_text("\xFF"), &out);
	ck_assert_str_eq(buf_text(&out), "before ");
	text_fold(span_of("a\0b", 3), &out);
	ck_assert_str_eq(buf_text(&out), "before a b");
	buf_fini(&out);
}
END_TEST

START_TEST(one_bad_byte_anywhere_is_seen)
{
	static const uint8_t bad[] = {0, 0x80, 0xC3, 0xFF};
	uint8_t text[40];
	for (size_t n = 0; n <= sizeof text; n++) {
		memset(text, 'a', sizeof text);
		ck_assert(text_is_utf8(span_of(text, n)));
		for (size_t at = 0; at < n; at++)
			for (size_t i = 0; i < sizeof bad; i++) {
				memset(text, 1, sizeof text);
				text[at] = bad[i];
				ck_assert(!text_is_utf8(span_of(text, n)));
			}
	}
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_loop_test(t, names_fold_to_what_people_type, 0, sizeof names / sizeof *names);
	tcase_add_test(t, width_counts_columns_not_bytes);
	tcase_add_test(t, signs_beside_a_letter_stand_alone);
	tcase_add_test(t, backwards_takes_a_whole_letter);
	tcase_add_test(t, clip_keeps_columns);
	tcase_add_test(t, terminal_tricks_are_cleaned);
	tcase_add_loop_test(t, what_shows_nothing_is_shown, 0, sizeof showings / sizeof *showings);
	tcase_add_loop_test(t, what_letters_need_stays, 0, sizeof legible / sizeof *legible);
	tcase_add_test(t, a_flood_of_marks_ends);
	tcase_add_test(t, what_comes_with_pasted_text_is_left_out);
	tcase_add_test(t, json_is_escaped_and_means_the_same);
	tcase_add_test(t, words_match_in_any_order_with_one_typo);
	tcase_add_test(t, nearest_name_is_offered);
	tcase_add_test(t, what_is_folded_without_tables_folds_alike);
	tcase_add_test(t, a_text_that_is_none_folds_to_nothing);
	tcase_add_test(t, one_bad_byte_anywhere_is_seen);
}

UNIT_MAIN("text")

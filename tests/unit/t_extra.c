/* SPDX-License-Identifier: MIT
 *
 * A practice's own fields: two copies that fill one write one row, which stands in conflict as a
 * field does; what is not given stays; what the practice asks no more is still there.
 */
#include <linkbook/extra.h>
#include <linkbook/lines.h>
#include <linkbook/seed.h>
#include <linkbook/text.h>

#include "book_stage.h"

#define PRACTICE(version) "format: 1\npractice: wren\nversion: " version "\nname: Wren Surgery\n"
#define STOP		  "extra:\n  - {field: bus_stop, label: Nearest bus stop, hint: \"Its name\"}\n"
#define BOTH		  STOP "  - {field: pram_parking, label: Pram parking}\n"
#define GROUPS(version)	  "format: 1\npractice: wren\nversion: " version "\nresources:\n"

static void load(struct book *b, const char *yaml)
{
	struct seed_report r = {0};
	struct diag d = {0};
	enum err e = seed_load(b, "x.yaml", span_text(yaml), &r, &d);
	ck_assert_msg(!e, "%u: %s", d.count ? d.lines[0].line : 0, diag_first(&d));
	seed_report_fini(&r);
}

static struct id tea, directory;

static struct book *book_with_tea(void)
{
	struct book *b = open_book(here);
	load(b, PRACTICE("1") BOTH);
	load(b, GROUPS("1") "  - {key: tea, name: Tea, extra: {bus_stop: The Cross}}\n");
	ck_assert_int_eq(book_directory_of(b, "wren", &directory), OK);
	tea = book_seed_id("wren", "resource/tea");
	return b;
}

/* Writes rows as JSON gives them. */
static enum err put_extra(struct book *b, const char *rows, struct diag *d)
{
	struct buf line = BUF_INIT;
	struct id *ids = NULL;
	size_t count;
	char hex[ID_HEX];
	buf_printf(&line, "{\"type\":\"resource\",\"id\":\"%s\",\"extra\":%s}\n",
		   id_to_hex(&tea, hex), rows);
	FILE *in = fmemopen(line.p, line.n, "r");
	enum err e = lines_put(b, in, "in", &ids, &count, d);
	fclose(in);
	free(ids);
	buf_fini(&line);
	return e;
}

static void write_extra(struct book *b, const char *rows)
{
	struct diag d = {0};
	enum err e = put_extra(b, rows, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
}

static void check_extra(struct book *b, const char *want)
{
	check_said(b, &tea, "extra", want);
}

/* How many values stand under a name. */
static size_t standing(struct book *b, const char *name)
{
	struct record r;
	ck_assert_int_eq(book_get(b, &tea, &r), OK);
	const struct state_row *row = extra_find(&r, name);
	size_t count = row ? row->count : 0;
	record_fini(&r);
	return count;
}

START_TEST(rows_that_are_not_given_stay)
{
	struct book *b = book_with_tea();
	write_extra(b, "[{\"field\":\"pram_parking\",\"text\":\"Two\"}]");
	ck_assert_uint_eq(standing(b, "bus_stop"), 1);
	ck_assert_uint_eq(standing(b, "pram_parking"), 1);
	write_extra(b, "[{\"field\":\"bus_stop\",\"text\":\"The Square\"}]");
	write_extra(b, "[{\"field\":\"pram_parking\"}]");
	check_extra(b, "bus stop: The Square");
	write_extra(b, "null");
	check_extra(b, "");
	book_close(b);
}
END_TEST

START_TEST(a_name_is_a_name_and_stands_once)
{
	static const char *const wrong[] = {
		"[{\"field\":\"Bus stop\",\"text\":\"a\"}]",
		"[{\"text\":\"a\"}]",
		"[{\"field\":\"a\",\"text\":\"a\"},{\"field\":\"a\",\"text\":\"b\"}]",
	};
	struct book *b = book_with_tea();
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct diag d = {0};
		ck_assert_int_eq(put_extra(b, wrong[i], &d), ERR_INPUT);
		ck_assert_msg(d.count == 1, "%s", wrong[i]);
		diag_fini(&d);
	}
	check_extra(b, "bus stop: The Cross");
	book_close(b);
}
END_TEST

START_TEST(two_copies_that_fill_one_field_write_one_row)
{
	struct book *a = book_with_tea(), *b;
	book_close(a);
	split(&a, &b);
	write_extra(a, "[{\"field\":\"pram_parking\",\"text\":\"Two\"}]");
	write_extra(b, "[{\"field\":\"pram_parking\",\"text\":\"None\"}]");
	exchange(&a, &b);
	check_same_hash(a, b);
	struct record r;
	ck_assert_int_eq(book_get(a, &tea, &r), OK);
	ck_assert(record_in_conflict(&r, "extra"));
	ck_assert_uint_eq(extra_find(&r, "pram_parking")->count, 2);
	ck_assert_uint_eq(extra_find(&r, "bus_stop")->count, 1);
	/* Settled on one of the two, everywhere. */
	struct id row = extra_row("pram_parking");
	ck_assert_int_eq(book_settle(a, &r, "extra", &row, 2, NULL), OK);
	record_fini(&r);
	exchange(&a, &b);
	check_same_hash(a, b);
	ck_assert_uint_eq(standing(b, "pram_parking"), 1);
	book_close(a);
	book_close(b);
}
END_TEST

START_TEST(two_copies_that_fill_two_fields_have_both)
{
	struct book *a = book_with_tea(), *b;
	book_close(a);
	split(&a, &b);
	write_extra(a, "[{\"field\":\"pram_parking\",\"text\":\"Two\"}]");
	write_extra(b, "[{\"field\":\"bus_stop\",\"text\":\"The Square\"}]");
	exchange(&a, &b);
	struct record r;
	ck_assert_int_eq(book_get(a, &tea, &r), OK);
	ck_assert(!record_in_conflict(&r, "extra"));
	record_fini(&r);
	ck_assert_uint_eq(standing(a, "pram_parking"), 1);
	check_same_hash(a, b);
	book_close(a);
	book_close(b);
}
END_TEST

START_TEST(two_copies_that_write_the_same_agree)
{
	struct book *a = book_with_tea(), *b;
	book_close(a);
	split(&a, &b);
	write_extra(a, "[{\"field\":\"pram_parking\",\"text\":\"Two\"}]");
	write_extra(b, "[{\"field\":\"pram_parking\",\"text\":\"Two\"}]");
	exchange(&a, &b);
	struct record r;
	ck_assert_int_eq(book_get(a, &tea, &r), OK);
	ck_assert(!record_in_conflict(&r, "extra"));
	record_fini(&r);
	check_same_hash(a, b);
	book_close(a);
	book_close(b);
}
END_TEST

START_TEST(a_newer_file_stands_beside_what_was_written_here)
{
	struct book *b = book_with_tea();
	write_extra(b, "[{\"field\":\"bus_stop\",\"text\":\"The Square\"}]");
	struct seed_report r = {0};
	struct diag d = {0};
	const char *newer = GROUPS("2") "  - {key: tea, name: Tea, extra: {bus_stop: The Bridge, "
					"pram_parking: Two}}\n";
	ck_assert_int_eq(seed_load(b, "x.yaml", span_text(newer), &r, &d), OK);
	ck_assert_uint_eq(r.stand_count, 1);
	ck_assert_str_eq(r.stands[0].field, "extra");
	ck_assert_uint_eq(standing(b, "bus_stop"), 2);
	ck_assert_uint_eq(standing(b, "pram_parking"), 1);
	seed_report_fini(&r);
	book_close(b);
}
END_TEST

/* --- what is asked ------------------------------------------------------------------------ */

START_TEST(what_the_practice_asks_no_more_is_still_there)
{
	struct book *b = book_with_tea();
	struct extras x;
	write_extra(b, "[{\"field\":\"pram_parking\",\"text\":\"Two\"}]");
	load(b, PRACTICE("2") STOP);
	ck_assert_int_eq(extras_read(b, &directory, &x), OK);
	ck_assert_uint_eq(x.count, 1);
	ck_assert_str_eq(x.practice, "Wren Surgery");
	ck_assert_str_eq(x.v[0].label, "Nearest bus stop");
	ck_assert_str_eq(x.v[0].hint, "Its name");
	struct record r;
	ck_assert_int_eq(book_get(b, &tea, &r), OK);
	extras_add_of(&x, &r);
	record_fini(&r);
	ck_assert_uint_eq(x.count, 2);
	ck_assert_str_eq(x.v[1].name, "pram_parking");
	ck_assert_str_eq(x.v[1].label, "Pram parking");
	extras_fini(&x);
	book_close(b);
}
END_TEST

START_TEST(groups_are_found_by_what_stands_there)
{
	struct book *b = book_with_tea();
	struct record r;
	struct buf folded = BUF_INIT;
	ck_assert_int_eq(book_get(b, &tea, &r), OK);
	record_fold_words(b, &r, &folded);
	ck_assert(text_has("cross", buf_text(&folded)));
	ck_assert(text_has("bus stop", buf_text(&folded)));
	ck_assert(!text_has("square", buf_text(&folded)));
	record_fini(&r);
	buf_fini(&folded);
	book_close(b);
}
END_TEST

static const struct {
	const char *typed, *name;
} names[] = {
	{"bus_stop", "bus_stop"},
	{"a__b2", "a__b2"},
	{"Bus stop", "bus_stop"},
	{"  Prams? ", "prams"},
	{"Cost", "own_cost"},
	{"cost", "own_cost"},
	{"1st", "st"},
	{"Càr parking", "car_parking"},
	{"", ""},
	{"?!", ""},
};

START_TEST(a_name_is_made_of_what_was_typed)
{
	struct buf name = BUF_INIT;
	extra_make_name(names[_i].typed, &name);
	ck_assert_str_eq(buf_text(&name), names[_i].name);
	ck_assert(extra_is_name(buf_text(&name)) == (name.n > 0));
	buf_fini(&name);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, rows_that_are_not_given_stay);
	tcase_add_test(t, a_name_is_a_name_and_stands_once);
	tcase_add_test(t, two_copies_that_fill_one_field_write_one_row);
	tcase_add_test(t, two_copies_that_fill_two_fields_have_both);
	tcase_add_test(t, two_copies_that_write_the_same_agree);
	tcase_add_test(t, a_newer_file_stands_beside_what_was_written_here);
	tcase_add_test(t, what_the_practice_asks_no_more_is_still_there);
	tcase_add_test(t, groups_are_found_by_what_stands_there);
	tcase_add_loop_test(t, a_name_is_made_of_what_was_typed, 0, sizeof names / sizeof *names);
}

UNIT_MAIN("extra")

/* SPDX-License-Identifier: MIT */
#include <linkbook/when.h>

#include "unit.h"

/* Today in this table is Tuesday 24 November 2026, 10:47. */
static const struct when today = {2026, 11, 24, 10, 47};

static const struct {
	const char *typed;
	enum when_way way;
	const char *iso; /* NULL: not understood */
} readings[] = {
	{"today", WHEN_BACK, "2026-11-24"},
	{"now", WHEN_BACK, "2026-11-24T10:47"},
	{"yesterday 2pm", WHEN_BACK, "2026-11-23T14:00"},
	{"Tomorrow", WHEN_AHEAD, "2026-11-25"},
	{"tue", WHEN_BACK, "2026-11-24"},
	{"tue", WHEN_AHEAD, "2026-12-01"},
	{"tue 2pm", WHEN_AHEAD, "2026-12-01T14:00"},
	{"fri", WHEN_BACK, "2026-11-20"},
	{"next fri", WHEN_AHEAD, "2026-12-04"},
	{"25/12", WHEN_AHEAD, "2026-12-25"},
	{"25/12", WHEN_BACK, "2025-12-25"},
	{"12/3/1961", WHEN_BACK, "1961-03-12"},
	{"25 dec", WHEN_AHEAD, "2026-12-25"},
	{"12 Mar 2026", WHEN_BACK, "2026-03-12"},
	{"1st of december", WHEN_AHEAD, "2026-12-01"},
	{"29 feb", WHEN_AHEAD, "2028-02-29"},
	{"29 feb", WHEN_BACK, "2024-02-29"},
	{"in 2w", WHEN_AHEAD, "2026-12-08"},
	{"3d", WHEN_AHEAD, "2026-11-27"},
	{"2 weeks ago", WHEN_BACK, "2026-11-10"},
	{"fortnight", WHEN_AHEAD, "2026-12-08"},
	{"2pm", WHEN_AHEAD, "2026-11-24T14:00"},
	{"today 10:00", WHEN_BACK, "2026-11-24T10:00"},
	{"mon half 2", WHEN_BACK, "2026-11-23T14:30"},
	{"mon 1400", WHEN_BACK, "2026-11-23T14:00"},
	{"wed noon", WHEN_AHEAD, "2026-11-25T12:00"},
	{"wed 3", WHEN_AHEAD, "2026-11-25T15:00"},
	{"2026-11-20T09:30[Europe/London]", WHEN_BACK, "2026-11-20T09:30"},
	{"12/3/40", WHEN_BACK, "1940-03-12"},
	{"12/3/31", WHEN_BACK, "1931-03-12"},
	{"12/3/31", WHEN_AHEAD, "2031-03-12"},
	{"12/12/26", WHEN_BACK, "1926-12-12"},
	{"12.3.1961", WHEN_BACK, "1961-03-12"},
	{"12-3-1961", WHEN_BACK, "1961-03-12"},
	{"12 march 61", WHEN_BACK, "1961-03-12"},
	{"12 march 2005", WHEN_BACK, "2005-03-12"},
	{"12 march 05", WHEN_BACK, "2005-03-12"},
	{"12 march 3pm", WHEN_BACK, "2026-03-12T15:00"},
	{"last tue", WHEN_BACK, "2026-11-17"},
	{"last fri 2pm", WHEN_BACK, "2026-11-20T14:00"},
	{"mon 7", WHEN_BACK, "2026-11-23T19:00"},
	{"mon 7.15", WHEN_BACK, "2026-11-23T19:15"},
	{"mon 2:30", WHEN_BACK, "2026-11-23T14:30"},
	{"mon 02:30", WHEN_BACK, "2026-11-23T02:30"},
	{"mon 9.30", WHEN_BACK, "2026-11-23T09:30"},
	{"mon 7.15am", WHEN_BACK, "2026-11-23T07:15"},
	{"mon half past 2", WHEN_BACK, "2026-11-23T14:30"},
	{"31/2", WHEN_AHEAD, NULL},
	{"25pm", WHEN_AHEAD, NULL},
	{"tue 2pm ring", WHEN_AHEAD, NULL},
	{"tue wed", WHEN_AHEAD, NULL},
	{"", WHEN_BACK, NULL},
	{"soonish", WHEN_AHEAD, NULL},
};

START_TEST(words_become_days)
{
	struct when w;
	struct diag d = {0};
	struct buf iso = BUF_INIT;
	enum err e = when_read(readings[_i].typed, today, readings[_i].way, &w, &d);
	if (!readings[_i].iso) {
		ck_assert_int_eq(e, ERR_INPUT);
		ck_assert_str_ne(diag_first(&d), "");
	} else {
		ck_assert_msg(e == OK, "%s: %s", readings[_i].typed, diag_first(&d));
		when_to_iso(w, false, &iso);
		ck_assert_str_eq(buf_text(&iso), readings[_i].iso);
	}
	buf_fini(&iso);
	diag_fini(&d);
}
END_TEST

START_TEST(days_count_both_ways)
{
	for (long day = -25567; day < 84000; day++) {
		struct when w = when_from_days(day);
		ck_assert_int_eq(when_to_days(w), day);
		ck_assert(when_is_date(w.year, w.month, w.day));
	}
	ck_assert_int_eq(when_weekday(today), 1);
}
END_TEST

START_TEST(a_moment_is_said_back)
{
	struct buf b = BUF_INIT;
	when_say((struct when){2026, 12, 1, 14, 0}, today, &b);
	ck_assert_str_eq(buf_text(&b), "Tuesday 1 December, 2:00pm (a week today)");
	buf_clear(&b);
	when_say((struct when){2025, 1, 2, -1, 0}, today, &b);
	ck_assert_str_eq(buf_text(&b), "Thursday 2 January 2025");
	buf_fini(&b);
}
END_TEST

START_TEST(iso_is_read_strictly)
{
	struct when w;
	ck_assert(when_from_iso(span_text("2026-02-28"), &w));
	ck_assert(when_from_iso(span_text("2026-02-28T23:59:59"), &w));
	ck_assert(!when_from_iso(span_text("2026-02-29"), &w));
	ck_assert(!when_from_iso(span_text("2026-02-28T24:00"), &w));
	ck_assert(!when_from_iso(span_text("2026-02-28 10:00"), &w));
	ck_assert(!when_from_iso(span_text("2026-02-28T10:00[]"), &w));
	ck_assert(!when_from_iso(span_text("2026-2-28"), &w));
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_loop_test(t, words_become_days, 0, sizeof readings / sizeof *readings);
	tcase_add_test(t, days_count_both_ways);
	tcase_add_test(t, a_moment_is_said_back);
	tcase_add_test(t, iso_is_read_strictly);
}

UNIT_MAIN("when")

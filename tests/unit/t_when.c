/* SPDX-License-Identifier: MIT */
#include "dates_stage.h"

#include <stdio.h>

#include "unit.h"

/* Today is Tuesday 24 November 2026, 10:47, unless a test says otherwise. */
static const struct when today = {2026, 11, 24, 10, 47};

/* --- dates.table ------------------------------------------------------------------------ */

static FILE *open_table(void)
{
	const char *source = getenv("SOURCE");
	char path[4096];
	snprintf(path, sizeof path, "%s/tests/unit/dates.table", source ? source : ".");
	FILE *f = fopen(path, "r");
	ck_assert_msg(f, "%s cannot be read", path);
	return f;
}

/* Cuts off and gives out what stands before the next bar, without the blanks around it. */
static char *next_cell(char **line)
{
	char *cell = strsep(line, "|\n");
	ck_assert_ptr_nonnull(cell);
	cell += strspn(cell, " ");
	size_t n = strlen(cell);
	while (n && cell[n - 1] == ' ')
		n--;
	cell[n] = 0;
	return cell;
}

static void check_cell(const char *typed, struct when now, enum when_way way, const char *expected)
{
	struct buf said = BUF_INIT;
	dates_say(typed, now, way, &said);
	ck_assert_msg(!strcmp(buf_text(&said), expected),
		      "\"%s\" looking %s on %d/%d/%d: expected \"%s\", got \"%s\"", typed,
		      way == WHEN_BACK ? "back" : "ahead", now.day, now.month, now.year, expected,
		      buf_text(&said));
	buf_fini(&said);
}

/* Lines of one part of the table; how many. */
static size_t check_part(size_t wanted)
{
	char line[256];
	size_t part = 0, lines = 0;
	struct when now = {.hour = -1};
	FILE *f = open_table();
	while (fgets(line, sizeof line, f)) {
		char *rest = line, *equals = strrchr(line, '=');
		if (!strncmp(line, "== ", 3)) {
			line[strcspn(line, "\n")] = 0;
			ck_assert(when_from_iso(span_text(equals + 2), &now));
			part++;
		}
		if (!strchr(line, '|') || *line == '#' || !strncmp(line, "typed ", 6) ||
		    part != wanted)
			continue;
		char *typed = next_cell(&rest), *back = next_cell(&rest), *ahead = next_cell(&rest);
		for (char *p = typed; *p; p++)
			*p = *p == '_' ? ' ' : *p;
		check_cell(typed, now, WHEN_BACK, back);
		check_cell(typed, now, WHEN_AHEAD, ahead);
		lines++;
	}
	fclose(f);
	return lines;
}

START_TEST(words_mean_what_the_table_says)
{
	static const size_t at_least[] = {120, 120, 120, 10, 10};
	ck_assert_uint_ge(check_part((size_t)_i + 1), at_least[_i]);
}
END_TEST

/* --- said back -------------------------------------------------------------------------- */

static const struct {
	const char *typed;
	enum when_way way;
	const char *said;
} lines[] = {
	{"today", WHEN_BACK, "Tuesday 24 November (today)"},
	{"yesterday 2pm", WHEN_BACK, "Monday 23 November, 2:00pm (yesterday)"},
	{"tomorrow", WHEN_AHEAD, "Wednesday 25 November (tomorrow)"},
	{"fri 10:00", WHEN_AHEAD, "Friday 27 November, 10:00am (in 3 days)"},
	{"fri", WHEN_BACK, "Friday 20 November (4 days ago)"},
	{"a week ago", WHEN_BACK, "Tuesday 17 November (a week ago today)"},
	{"in 2w", WHEN_AHEAD, "Tuesday 8 December (in 2 weeks)"},
	{"3 nov", WHEN_BACK, "Tuesday 3 November (3 weeks ago)"},
	{"25/12", WHEN_BACK, "Thursday 25 December 2025 (47 weeks ago)"},
	{"12/3/1961", WHEN_BACK, "Sunday 12 March 1961"},
	{"fri 0:00", WHEN_AHEAD, "Friday 27 November, 0:00 (in 3 days)"},
	{"fri 0:30", WHEN_AHEAD, "Friday 27 November, 12:30am (in 3 days)"},
	/* The hour was typed bare. */
	{"fri 2", WHEN_AHEAD, "Friday 27 November, 2:00pm (in 3 days); 2 is taken as pm"},
	{"fri half 2", WHEN_AHEAD, "Friday 27 November, 2:30pm (in 3 days); 2:30 is taken as pm"},
	{"fri 9", WHEN_BACK, "Friday 20 November, 9:00am (4 days ago); 9 is taken as am"},
	{"fri 12", WHEN_BACK, "Friday 20 November, 12:00pm (4 days ago); 12 is taken as noon"},
	/* Two days go by the same words. */
	{"tue 2pm", WHEN_AHEAD,
	 "Tuesday 1 December, 2:00pm (a week today); or Tuesday 8 December: write tue week"},
	{"next fri", WHEN_AHEAD,
	 "Friday 4 December (in 10 days); or Friday 27 November: write fri"},
	{"last mon", WHEN_BACK,
	 "Monday 23 November (yesterday); or Monday 16 November: write 16/11/2026"},
	/* The clocks. */
	{"25 oct 1:30am", WHEN_BACK,
	 "Sunday 25 October, 1:30am (4 weeks ago); the clocks show it twice, the first is meant"},
	/* What cannot be, in full. */
	{"2pm", WHEN_BACK,
	 "Tuesday 24 November, 2:00pm is still to come. Write when it was, like yesterday 2pm."},
	{"9am", WHEN_AHEAD,
	 "Tuesday 24 November, 9:00am is over. Write when it will be, like tue 2pm."},
	{"28/3/2027 1:30am", WHEN_AHEAD,
	 "Sunday 28 March 2027, 1:30am: the clocks skip that hour. Write 2:30am."},
	{"31/2", WHEN_AHEAD,
	 "\"31/2\" is in no calendar. Write the day first, like 25/12 or 25 dec."},
	{"wed 1 dec", WHEN_AHEAD,
	 "1/12/2026 is a Tuesday, not a Wednesday. Write the date alone, or put it right."},
	{"soonish", WHEN_AHEAD,
	 "\"soonish\" is not a day or a time here. Try tue 2pm, 12/3 or 12 Mar 2026."},
	{"soonish", WHEN_BACK,
	 "\"soonish\" is not a day or a time here. Try yesterday 2pm, 12/3 or 12 Mar 2026."},
	{"tue 2pm ring", WHEN_AHEAD,
	 "\"ring\" is left over. Write only the day and the time, like tue 2pm."},
	{"tue 14", WHEN_AHEAD,
	 "\"14\" could be an hour or a day. Write 14:00, or the month too, like 14 dec."},
	{"25th", WHEN_AHEAD, "\"25th\" needs its month. Write it too, like 25 dec."},
	{"tue evening", WHEN_AHEAD,
	 "\"evening\" needs its hour. Write it too, like tomorrow evening 7."},
	{"tonight 2am", WHEN_AHEAD,
	 "2:00am does not go with \"tonight\". Write the time alone, like 2pm."},
	{"tue midnight", WHEN_AHEAD,
	 "Midnight lies between two days. Write 11:59pm for the end of one, or 0:00 for the start "
	 "of the next."},
	{"12/3/1850", WHEN_BACK, "1850 is too far away. Write a year from 1900 to 2199."},
	{"", WHEN_BACK, "Write a day, like yesterday 2pm or 12 Mar 2026."},
	{" , ", WHEN_AHEAD, "Write a day, like tue 2pm or 12 Mar 2026."},
};

START_TEST(the_meaning_is_said_back)
{
	struct when_reading r;
	struct diag d = {0};
	struct buf said = BUF_INIT;
	if (when_read_reading(lines[_i].typed, today, lines[_i].way, &r, &d))
		buf_add_text(&said, diag_first(&d));
	else
		when_say_reading(&r, today, &said);
	ck_assert_str_eq(buf_text(&said), lines[_i].said);
	buf_fini(&said);
	diag_fini(&d);
}
END_TEST

START_TEST(not_understood_differs_from_cannot_stand)
{
	struct when w = {.year = 1};
	ck_assert_int_eq(when_read("tue 2pm ring", today, WHEN_AHEAD, &w, NULL), ERR_INPUT);
	ck_assert_int_eq(when_read("9am", today, WHEN_AHEAD, &w, NULL), ERR_REFUSED);
	ck_assert_int_eq(when_read("28/3/2027 1:30am", today, WHEN_AHEAD, &w, NULL), ERR_REFUSED);
	ck_assert_int_eq(w.year, 1); /* left alone */
}
END_TEST

/* --- at the start of a text ------------------------------------------------------------- */

static const struct {
	const char *typed, *said, *rest;
} starts[] = {
	{"tue 2pm ring about PIP form", "Tue 1 Dec 14:00, or Tue 8 Dec", "ring about PIP form"},
	{"tue 2 ring", "Tue 1 Dec 14:00 as pm, or Tue 8 Dec", "ring"},
	{"wed 2pm: ring", "Wed 25 Nov 14:00", "ring"},
	{"Wed, 2pm - Ring", "Wed 25 Nov 14:00", "Ring"},
	{"wed 2pm \u2013 ring", "Wed 25 Nov 14:00", "ring"},
	{"in 2w see how it goes, and if", "Tue 8 Dec", "see how it goes, and if"},
	{"tomorrow", "Wed 25 Nov", ""},
	{"  tomorrow  ", "Wed 25 Nov", ""},
	{"wed evening class", "Wed 25 Nov", "evening class"},
	{"wed evening 7 class", "Wed 25 Nov 19:00 as pm", "class"},
	{"wed half the forms", "Wed 25 Nov", "half the forms"},
	{"wed 2pm 1/2 price tickets", "Wed 25 Nov 14:00", "1/2 price tickets"},
	{"wed 2 3-day passes", "Wed 25 Nov", "2 3-day passes"},
	{"wed 1.5 litres", "Wed 25 Nov", "1.5 litres"},
	{"12 march Zo\u00eb at 3", "Fri 12 Mar 2027", "Zo\u00eb at 3"},
	{"a week on friday write", "Fri 4 Dec", "write"},
	{"2", "Tue 24 Nov 14:00 as pm", ""},
	{"tue one two three four five six seven eight nine ten eleven twelve thirteen",
	 "Tue 1 Dec, or Tue 8 Dec",
	 "one two three four five six seven eight nine ten eleven twelve thirteen"},
	/* Text from the first word on. */
	{"ring about PIP form", "text", NULL},
	{"3 visits", "text", NULL},
	{"0141 496 0123 ring back", "text", NULL},
	{"Tom rings back", "text", NULL},
	{"this morning ring", "text", NULL},
	{"a form for Mairi", "text", NULL},
	{"may need a lift", "text", NULL},
	{"", "text", NULL},
	/* Nearly a time or a date: said, never kept as words. */
	{"tue 25pm ring", "left over", NULL},
	{"tue 14:75 ring", "left over", NULL},
	{"tue 2-3pm ring", "left over", NULL},
	{"wed 1/2 price tickets", "another weekday", NULL},
	{"31/2 ring", "no such day", NULL},
	{"9am ring", "over", NULL},
	{"wed midnight feast", "midnight?", NULL},
};

START_TEST(a_day_in_front_leaves_the_text)
{
	struct when_reading r;
	struct diag d = {0};
	struct buf said = BUF_INIT;
	const char *typed = starts[_i].typed;
	enum err e = when_read_start(typed, today, WHEN_AHEAD, &r, &d);
	if (e == ERR_ABSENT)
		buf_add_text(&said, "text");
	else if (e)
		buf_add_text(&said, dates_fault(diag_first(&d)));
	else
		dates_say_reading(&r, today, &said);
	ck_assert_str_eq(buf_text(&said), starts[_i].said);
	ck_assert_int_eq(!e, starts[_i].rest != NULL);
	if (!e)
		ck_assert_str_eq(typed + r.rest, starts[_i].rest);
	buf_fini(&said);
	diag_fini(&d);
}
END_TEST

static const struct {
	const char *typed, *iso; /* NULL: no time */
} times[] = {
	{"2pm", "14:00"},    {"14:00", "14:00"},   {"1400", "14:00"},	 {"noon", "12:00"},
	{"half 2", "14:30"}, {"2", "14:00"},	   {"9", "09:00"},	 {"12", "12:00"},
	{"14", "14:00"},     {"08", "08:00"},	   {"02", "02:00"},	 {"2.30 pm", "14:30"},
	{"0:00", "00:00"},   {"11:59pm", "23:59"}, {"12:30am", "00:30"}, {"24", NULL},
	{"24:00", NULL},     {"midnight", NULL},   {"tue", NULL},	 {"2pm 3pm", NULL},
	{"", NULL},	     {"2:5", NULL},	   {"half", NULL},	 {"-2", NULL},
};

START_TEST(a_time_alone)
{
	int hour = -1, minute = -1;
	char iso[32] = "";
	struct diag d = {0};
	enum err e = when_read_time(times[_i].typed, &hour, &minute, &d);
	snprintf(iso, sizeof iso, "%02d:%02d", hour, minute);
	ck_assert_msg(!e == (times[_i].iso != NULL), "%s: %s", times[_i].typed, iso);
	if (!e)
		ck_assert_str_eq(iso, times[_i].iso);
	else
		ck_assert_str_ne(diag_first(&d), "");
	diag_fini(&d);
}
END_TEST

/* --- the calendar and the clocks -------------------------------------------------------- */

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

/* Every minute of the days on which clocks change, against what those clocks show. */
START_TEST(clocks_skip_and_repeat_what_they_do)
{
	static const struct {
		const char *zone;
		struct when day;
		int from, until, times; /* minutes of the day */
	} changes[] = {
		{"Europe/London", {2026, 3, 29, -1, 0}, 60, 120, 0},
		{"Europe/London", {2026, 10, 25, -1, 0}, 60, 120, 2},
		{"Europe/London", {2026, 11, 24, -1, 0}, 0, 0, 1},
		{"America/St_Johns", {2026, 3, 8, -1, 0}, 120, 180, 0},
		{"Australia/Lord_Howe", {2026, 4, 5, -1, 0}, 90, 120, 2},
		{"Australia/Lord_Howe", {2026, 10, 4, -1, 0}, 120, 150, 0},
		{"UTC", {2026, 3, 29, -1, 0}, 0, 0, 1},
	};
	setenv("TZ", changes[_i].zone, 1);
	tzset();
	for (int m = 0; m < 24 * 60; m++) {
		struct when w = changes[_i].day, after;
		bool inside = m >= changes[_i].from && m < changes[_i].until;
		w.hour = m / 60;
		w.minute = m % 60;
		int shown = when_clocks_show(w, &after);
		ck_assert_int_eq(shown, inside ? changes[_i].times : 1);
		if (!shown)
			ck_assert_int_eq(after.hour * 60 + after.minute,
					 m + changes[_i].until - changes[_i].from);
	}
	dates_set_zone();
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

#define COUNT(table) (int)(sizeof table / sizeof *table)

static void add_tests(TCase *t)
{
	tcase_add_unchecked_fixture(t, dates_set_zone, NULL);
	tcase_add_loop_test(t, words_mean_what_the_table_says, 0, 5);
	tcase_add_loop_test(t, the_meaning_is_said_back, 0, COUNT(lines));
	tcase_add_test(t, not_understood_differs_from_cannot_stand);
	tcase_add_loop_test(t, a_day_in_front_leaves_the_text, 0, COUNT(starts));
	tcase_add_loop_test(t, a_time_alone, 0, COUNT(times));
	tcase_add_test(t, days_count_both_ways);
	tcase_add_loop_test(t, clocks_skip_and_repeat_what_they_do, 0, 7);
	tcase_add_test(t, iso_is_read_strictly);
}

UNIT_MAIN("when")

/* SPDX-License-Identifier: MIT
 *
 * Anything at all typed for a day or time: words of the language in any order, the same with
 * bytes changed, and noise.  Seeded; LINKBOOK_SEED tries another.
 */
#include "../fuzz/when_holds.h"

#include <stdio.h>

#include "unit.h"

enum { INPUTS = 200000, LONGEST = 200 };

static uint64_t state;

static uint64_t any_number(void)
{
	uint64_t z = (state += 0x9E3779B97F4A7C15u);
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static int below(int n)
{
	return (int)(any_number() % (uint64_t)n);
}

static const char *const vocabulary[] = {
	"today",
	"yesterday",
	"tomorrow",
	"now",
	"mon",
	"tue",
	"wed",
	"thurs",
	"Friday",
	"sat",
	"SUN",
	"weds",
	"next",
	"last",
	"this",
	"on",
	"in",
	"at",
	"a",
	"ago",
	"week",
	"weeks",
	"fortnight",
	"d",
	"days",
	"2w",
	"3d",
	"end",
	"of",
	"the",
	"month",
	"jan",
	"feb",
	"March",
	"sept",
	"december",
	"1st",
	"22nd",
	"25/12",
	"29/2",
	"12/3/61",
	"12.3.1961",
	"25-12-26",
	"31/4",
	"2026",
	"1400",
	"0130",
	"noon",
	"midday",
	"midnight",
	"half",
	"past",
	"2pm",
	"12am",
	"12pm",
	"2.30pm",
	"1:30am",
	"14:00",
	"02:30",
	"am",
	"pm",
	"p.m.",
	"o'clock",
	"morning",
	"evening",
	"tonight",
	"night",
	"afternoon",
	"2026-11-24",
	"2026-03-29T01:30",
	"2026-10-25T01:30[Europe/London]",
	"2027-12-31T23:59:59",
	"ring",
	"the form",
	"-",
	":",
	",",
	"\u00A0",
	"\u5F20",
};

static void add_phrase(struct buf *out)
{
	static const char *const gaps[] = {" ", " ", " ", " ", "", "  ", ", ", "\t"};
	for (int i = 1 + below(5); i; i--) {
		if (below(4))
			buf_add_text(
				out,
				vocabulary[below(sizeof vocabulary / (int)sizeof *vocabulary)]);
		else
			buf_printf(out, "%d", below(below(2) ? 32 : 2200));
		buf_add_text(out, i > 1 ? gaps[below(8)] : "");
	}
}

/* A day and a time as people write them: most of these are read. */
static void add_sense(struct buf *out)
{
	static const char *const names[] = {"jan", "feb", "march", "apr", "may", "june",
					    "jul", "aug", "sept",  "oct", "nov", "dec"};
	static const char *const halves[] = {"am", "pm", "", " pm"};
	switch (below(5)) {
	case 0:
		buf_printf(out, "%d/%d", 1 + below(31), 1 + below(12));
		break;
	case 1:
		buf_printf(out, "%d %s", 1 + below(31), names[below(12)]);
		break;
	case 2:
		buf_printf(out, "%d/%d/%d", 1 + below(31), 1 + below(12), 1890 + below(320));
		break;
	case 3:
		buf_printf(out, "%s%d%s", below(2) ? "in " : "", below(99), below(2) ? "d" : "w");
		break;
	default:
		buf_add_text(out, vocabulary[4 + below(9)]);
		break;
	}
	if (below(2))
		buf_printf(out, " %d:%02d%s", below(25), below(61), halves[below(4)]);
	else if (below(2))
		buf_printf(out, " %d%s", below(14), halves[below(4)]);
}

static void add_noise(struct buf *out)
{
	for (int i = below(24); i; i--)
		if (below(2))
			text_add_codepoint(out, (uint32_t)(1 + below(0x2FFF)));
		else
			buf_add_byte(out, (uint8_t)(1 + below(255)));
}

static void change_bytes(struct buf *b)
{
	for (int i = 1 + below(3); i && b->n; i--) {
		uint8_t byte = (uint8_t)(1 + below(below(4) ? 127 : 255));
		size_t at = (size_t)below((int)b->n);
		buf_splice(b, at, (size_t)below(2), &byte, (size_t)below(2));
	}
}

static void type_anything(struct buf *out)
{
	int kind = below(10);
	if (kind < 4)
		add_sense(out);
	else if (kind < 9)
		add_phrase(out);
	else
		add_noise(out);
	if (kind == 3 || kind == 8)
		change_bytes(out);
}

/* Any minute of 1970 to 2150, each second time one near the telling days. */
static struct when any_now(void)
{
	static const struct when telling[] = {
		{2026, 11, 24, -1, 0}, {2026, 10, 25, -1, 0}, {2026, 3, 28, -1, 0},
		{2026, 12, 31, -1, 0}, {2028, 2, 29, -1, 0},  {2100, 2, 28, -1, 0},
	};
	struct when now = below(2) ? when_from_days(below(65000))
				   : when_add_days(telling[below(6)], below(5) - 2);
	now.hour = below(24);
	now.minute = below(60);
	return now;
}

START_TEST(whatever_is_typed_holds)
{
	const char *seed = getenv("LINKBOOK_SEED");
	struct buf typed = BUF_INIT;
	int read = 0;
	state = seed ? strtoull(seed, NULL, 10) : 20261124;
	for (int i = 0; i < INPUTS; i++) {
		struct when w;
		buf_clear(&typed);
		type_anything(&typed);
		struct typing t = {buf_text(&typed), any_now(), below(2) ? WHEN_AHEAD : WHEN_BACK};
		const char *broken = when_breaks(&t);
		ck_assert_msg(!broken, "\"%s\" looking %s on %04d-%02d-%02dT%02d:%02d: %s", t.typed,
			      t.way == WHEN_BACK ? "back" : "ahead", t.now.year, t.now.month,
			      t.now.day, t.now.hour, t.now.minute, broken);
		read += !when_read(t.typed, t.now, t.way, &w, NULL);
	}
	ck_assert_int_gt(read, INPUTS / 10); /* or this test would be of errors only */
	buf_fini(&typed);
}
END_TEST

/* --- the rules once more, in another way ------------------------------------------------ */

static struct when must_read(const char *typed, struct when now, enum when_way way)
{
	struct when w;
	struct diag d = {0};
	enum err e = when_read(typed, now, way, &w, &d);
	ck_assert_msg(!e, "%s: %s", typed, diag_first(&d));
	diag_fini(&d);
	return w;
}

static const long first_day = 20000, last_day = 20000 + 3 * 366; /* from October 2024 */

START_TEST(a_weekday_is_the_nearest_that_way)
{
	for (long day = first_day; day < last_day; day++)
		for (int weekday = 0; weekday < 7; weekday++) {
			const char *name = when_weekday_name(weekday);
			struct when now = when_from_days(day);
			long back = day, ahead = day + 1;
			now.hour = 12;
			while (when_weekday(when_from_days(back)) != weekday)
				back--;
			while (when_weekday(when_from_days(ahead)) != weekday)
				ahead++;
			ck_assert_int_eq(when_to_days(must_read(name, now, WHEN_BACK)), back);
			ck_assert_int_eq(when_to_days(must_read(name, now, WHEN_AHEAD)), ahead);
		}
}
END_TEST

START_TEST(next_is_of_the_week_that_begins_on_monday)
{
	char typed[32];
	for (long day = first_day; day < last_day; day++)
		for (int weekday = 0; weekday < 7; weekday++) {
			struct when now = when_from_days(day);
			long monday = day + 1;
			while (when_weekday(when_from_days(monday)))
				monday++;
			snprintf(typed, sizeof typed, "next %s", when_weekday_name(weekday));
			ck_assert_int_eq(when_to_days(must_read(typed, now, WHEN_AHEAD)),
					 monday + weekday);
		}
}
END_TEST

START_TEST(a_date_is_the_nearest_that_way)
{
	char typed[32];
	for (long day = first_day; day < last_day; day += 13)
		for (long other = 19723; other < 19723 + 366; other++) { /* the days of 2024 */
			struct when now = when_from_days(day), d = when_from_days(other), w;
			long back = day, ahead = day;
			for (; w = when_from_days(back), w.day != d.day || w.month != d.month;)
				back--;
			for (; w = when_from_days(ahead), w.day != d.day || w.month != d.month;)
				ahead++;
			snprintf(typed, sizeof typed, "%d/%d", d.day, d.month);
			ck_assert_int_eq(when_to_days(must_read(typed, now, WHEN_BACK)), back);
			ck_assert_int_eq(when_to_days(must_read(typed, now, WHEN_AHEAD)), ahead);
		}
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_unchecked_fixture(t, dates_set_zone, NULL);
	tcase_add_test(t, whatever_is_typed_holds);
	tcase_add_test(t, a_weekday_is_the_nearest_that_way);
	tcase_add_test(t, next_is_of_the_week_that_begins_on_monday);
	tcase_add_test(t, a_date_is_the_nearest_that_way);
}

UNIT_MAIN("when_any")

/* SPDX-License-Identifier: MIT
 *
 * Days as people type them: a table of rules, each of which takes as many words as it
 * understands.
 */
#include "when_impl.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHORT_WORD = 3 };

static void set_day(struct reading *r, long days)
{
	r->day = when_from_days(days);
	r->has_day = true;
}

/* Another day that may be meant, unless it is the same or lies the other way. */
static void set_other(struct reading *r, long days, const char *words)
{
	if (days == when_to_days(r->day) || !when_is_that_way(when_from_days(days), r->now, r->way))
		return;
	r->other = days;
	snprintf(r->other_words, sizeof r->other_words, "%s", words);
}

static long today(const struct reading *r)
{
	return when_to_days(r->now);
}

/* --- by name ---------------------------------------------------------------------------- */

static bool named_day(const char *word, int *days)
{
	static const struct {
		const char *word;
		int days;
	} named[] = {{"today", 0}, {"yesterday", -1}, {"tomorrow", 1}};
	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (!strcmp(word, named[i].word)) {
			*days = named[i].days;
			return true;
		}
	return false;
}

/* "week" and "fortnight" behind a day: that many days on. */
static int days_on(const char *word)
{
	return !strcmp(word, "week") ? 7 : !strcmp(word, "fortnight") ? 14 : 0;
}

static size_t rule_named(struct reading *r)
{
	int days;
	if (when_word_is(r, 0, "now") && r->hour < 0) {
		set_day(r, today(r));
		r->hour = r->now.hour;
		r->minute = r->now.minute;
		return 1;
	}
	if (!named_day(when_word(r, 0), &days))
		return 0;
	/* "yesterday week" is a week further back for some, and no day for others. */
	int on = days < 0 ? 0 : days_on(when_word(r, 1));
	set_day(r, today(r) + days + on);
	return 1 + (on > 0);
}

/* The nearest one that way; today's own weekday is today looking back, a week on ahead. */
static long nearest_weekday(const struct reading *r, int weekday, enum when_way way)
{
	int from = when_weekday(r->now);
	return way == WHEN_AHEAD ? today(r) + (weekday - from + 6) % 7 + 1
				 : today(r) - (from - weekday + 7) % 7;
}

/* The one in this week, weeks beginning on Monday. */
static long weekday_this_week(const struct reading *r, int weekday)
{
	return today(r) - when_weekday(r->now) + weekday;
}

/* How people write a weekday in short: "fri". */
static const char *short_name(int weekday, char name[SHORT_WORD + 1])
{
	for (int i = 0; i < SHORT_WORD; i++)
		name[i] = (char)tolower((unsigned char)when_weekday_name(weekday)[i]);
	name[SHORT_WORD] = 0;
	return name;
}

/* "next fri" is the Friday of next week, and may be meant as the next one to come; "this
 * fri" likewise.  "last fri" is the last one before today, or may be last week's. */
static size_t rule_near_weekday(struct reading *r)
{
	int weekday = when_weekday_from(when_word(r, 1));
	char name[SHORT_WORD + 1], date[16];
	if (weekday < 0)
		return 0;
	long of_week = weekday_this_week(r, weekday);
	if (when_word_is(r, 0, "next") || when_word_is(r, 0, "this")) {
		set_day(r, of_week + (*when_word(r, 0) == 'n' ? 7 : 0));
		set_other(r, nearest_weekday(r, weekday, r->way), short_name(weekday, name));
	} else if (when_word_is(r, 0, "last")) {
		struct when w = when_from_days(of_week - 7);
		set_day(r, today(r) - (when_weekday(r->now) - weekday + 6) % 7 - 1);
		snprintf(date, sizeof date, "%d/%d/%d", w.day, w.month, w.year);
		set_other(r, of_week - 7, date);
	} else {
		return 0;
	}
	return 2;
}

static size_t take_date(struct reading *r);

/* "Tuesday 1 December": the weekday may stand in front, and must agree. */
static size_t date_after(struct reading *r, int weekday)
{
	r->at++;
	size_t n = take_date(r);
	r->at--;
	if (n && when_weekday(r->day) != weekday)
		when_fault(r, ERR_INPUT,
			   "%d/%d/%d is a %s, not a %s. Write the date alone, or put it right.",
			   r->day.day, r->day.month, r->day.year,
			   when_weekday_name(when_weekday(r->day)), when_weekday_name(weekday));
	return n;
}

static size_t rule_weekday(struct reading *r)
{
	int weekday = when_weekday_from(when_word(r, 0)), on = days_on(when_word(r, 1));
	char name[SHORT_WORD + 1], week[16];
	if (weekday < 0)
		return 0;
	size_t date = date_after(r, weekday);
	if (date || r->err)
		return 1 + date;
	set_day(r, nearest_weekday(r, weekday, on ? WHEN_AHEAD : r->way) + on);
	if (on)
		return 2;
	if (r->way == WHEN_AHEAD && weekday == when_weekday(r->now)) {
		snprintf(week, sizeof week, "%s week", short_name(weekday, name));
		set_other(r, today(r) + 14, week);
	}
	return 1;
}

/* --- by distance ------------------------------------------------------------------------ */

static int days_in_unit(const char *unit)
{
	static const struct {
		const char *word;
		int days;
	} units[] = {{"d", 1},	{"day", 1}, {"days", 1}, {"w", 7},
		     {"wk", 7}, {"wks", 7}, {"week", 7}, {"weeks", 7}};
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (!strcmp(unit, units[i].word))
			return units[i].days;
	return 0;
}

/* "2w", "2 weeks", "a week", "fortnight", "a fortnight"; the words from `from` on. */
static size_t length_words(const struct reading *r, size_t from, int *days)
{
	const char *w = when_word(r, from);
	size_t a = !strcmp(w, "a");
	int on = days_on(when_word(r, from + a));
	if (on && (a || on == 14)) {
		*days = on;
		return 1 + a;
	}
	size_t digits = strspn(w, "0123456789");
	if (!digits || digits > 3)
		return 0;
	int unit = days_in_unit(w[digits] ? w + digits : when_word(r, from + 1));
	*days = atoi(w) * unit;
	return !unit ? 0 : w[digits] ? 1 : 2;
}

/* What the distance is counted from: "a week on friday", "2 weeks today". */
static size_t counted_from(const struct reading *r, size_t from, long *day)
{
	size_t on = when_word_is(r, from, "on");
	int weekday = when_weekday_from(when_word(r, from + on)), days;
	if (on && weekday >= 0) {
		*day = nearest_weekday(r, weekday, WHEN_AHEAD);
		return 2;
	}
	if (on || !named_day(when_word(r, from), &days) || days < 0)
		return 0;
	*day = today(r) + days;
	return 1;
}

/* "in 2w", "3d", "fortnight", "2 weeks ago", "a week on friday". */
static size_t rule_distance(struct reading *r)
{
	size_t in = when_word_is(r, 0, "in");
	int days;
	long from = today(r);
	size_t n = length_words(r, in, &days);
	if (!n)
		return 0;
	n += in;
	if (!in && when_word_is(r, n, "ago")) {
		set_day(r, today(r) - days);
		return n + 1;
	}
	size_t counted = in || days % 7 ? 0 : counted_from(r, n, &from);
	bool back = !in && !counted && r->way == WHEN_BACK;
	set_day(r, from + (back ? -days : days));
	return n + counted;
}

/* The last day of a month: the nearest that way, today if it is one. */
static size_t rule_month_end(struct reading *r)
{
	size_t the = when_word_is(r, 2, "the");
	if (!when_word_is(r, 0, "end") || !when_word_is(r, 1, "of") ||
	    !when_word_is(r, 2 + the, "month"))
		return 0;
	long step = r->way == WHEN_AHEAD ? 1 : -1, day = today(r);
	while (when_from_days(day + 1).day != 1)
		day += step;
	set_day(r, day);
	return 3 + the;
}

/* --- by date ---------------------------------------------------------------------------- */

static int month_from(const char *text)
{
	static const char *const names[] = {"january",	 "february", "march",	 "april",
					    "may",	 "june",     "july",	 "august",
					    "september", "october",  "november", "december"};
	size_t n = strlen(text);
	for (int i = 0; n >= 3 && i < 12; i++)
		if (n <= strlen(names[i]) && !strncmp(text, names[i], n))
			return i + 1;
	return 0;
}

static bool no_such_day(struct reading *r)
{
	when_fault(r, ERR_INPUT,
		   "\"%s\" is in no calendar. Write the day first, like 25/12 or 25 dec.",
		   when_quote(when_word(r, 0)));
	return false;
}

/* Day and month without a year: the nearest that way that is a real date (29 February). */
static bool nearest_year(struct reading *r, int day, int month)
{
	int step = r->way == WHEN_AHEAD ? 1 : -1;
	for (int i = 0, year = r->now.year; i <= 8; i++, year += step) {
		if (!when_is_date(year, month, day))
			continue;
		long days = when_to_days((struct when){year, month, day, -1, 0});
		if ((days - today(r)) * step < 0)
			continue;
		set_day(r, days);
		return true;
	}
	return no_such_day(r);
}

static bool full_date(struct reading *r, int day, int month, int year)
{
	bool short_year = year < 100;
	if (short_year)
		year += year > r->now.year % 100 + 20 ? 1900 : 2000;
	if (year < 1900 || year > 2199) {
		when_fault(r, ERR_INPUT, "%d is too far away. Write a year from 1900 to 2199.",
			   year);
		return false;
	}
	if (!when_is_date(year, month, day))
		return no_such_day(r);
	struct when w = {year, month, day, -1, 0};
	/* Looking back, '40 is not to come: somebody was born then. */
	if (short_year && r->way == WHEN_BACK && when_to_days(w) > today(r) &&
	    when_is_date(year - 100, month, day))
		w.year -= 100;
	set_day(r, when_to_days(w));
	r->year_said = true;
	return true;
}

static bool is_long_year(const char *w, int *year)
{
	return when_whole_number(w, year) && strlen(w) == 4 && *year >= 1900 && *year <= 2199;
}

/* Four digits, or two that are no hour of the day. */
static bool is_year(const char *w, int *year)
{
	return is_long_year(w, year) ||
	       (when_whole_number(w, year) && strlen(w) == 2 && (*year > 23 || *w == '0'));
}

/* Up to three numbers with one and the same sign between, as many digits each as dates
 * have; how many numbers. */
static size_t numbers_between(const char *w, char sign, int numbers[3], size_t digits[3])
{
	size_t n = 0;
	for (;; n++) {
		digits[n] = strspn(w, "0123456789");
		if (!digits[n] || digits[n] > 4)
			return 0;
		numbers[n] = atoi(w);
		w += digits[n];
		if (!*w)
			return n + 1;
		if (*w++ != sign || n == 2)
			return 0;
	}
}

/* 25/12 and 12/3/1961, and as well 12.3.1961 and 12-3-1961; 2.30 is a time, and 2-3 is
 * more likely one too. */
static size_t rule_slashes(struct reading *r)
{
	int v[3], year;
	size_t digits[3];
	const char *w = when_word(r, 0);
	size_t n = numbers_between(w, '/', v, digits);
	for (const char *sign = ".-"; *sign && n < 2; sign++)
		n = numbers_between(w, *sign, v, digits) == 3 ? 3 : 0;
	if (n < 2 || digits[0] > 2 || digits[1] > 2 || (n == 3 && digits[2] != 2 && digits[2] != 4))
		return 0;
	if (n == 3)
		return full_date(r, v[0], v[1], v[2]);
	if (is_long_year(when_word(r, 1), &year))
		return full_date(r, v[0], v[1], year) ? 2 : 0;
	return nearest_year(r, v[0], v[1]);
}

int when_day_of_month(const char *w)
{
	static const char *const ends[] = {"", "st", "nd", "rd", "th"};
	size_t n = strspn(w, "0123456789");
	for (size_t i = 0; n && n <= 2 && i < sizeof ends / sizeof *ends; i++)
		if (!strcmp(w + n, ends[i]))
			return atoi(w);
	return 0;
}

/* "1 dec", "1st of december 2026", "dec 1" and "1dec" alike. */
static size_t rule_month_name(struct reading *r)
{
	const char *w = when_word(r, 0);
	size_t digits = strspn(w, "0123456789"), used = 1;
	int day = when_day_of_month(w), month = month_from(w), year;
	if (day) {
		used += when_word_is(r, used, "of");
		month = month_from(when_word(r, used++));
	} else if (month) {
		day = when_day_of_month(when_word(r, used++));
	} else if (digits && digits <= 2) {
		day = atoi(w);
		month = month_from(w + digits);
	}
	if (!day || !month)
		return 0;
	if (is_year(when_word(r, used), &year))
		return full_date(r, day, month, year) ? used + 1 : 0;
	return nearest_year(r, day, month) ? used : 0;
}

static size_t rule_iso(struct reading *r)
{
	struct when w;
	char upper[WHEN_WORD];
	snprintf(upper, sizeof upper, "%s", when_word(r, 0));
	if (strlen(upper) > 10 && upper[10] == 't')
		upper[10] = 'T';
	if (!when_from_iso(span_text(upper), &w) || (w.hour >= 0 && r->hour >= 0))
		return 0;
	set_day(r, when_to_days(w));
	r->year_said = true;
	if (w.hour >= 0) {
		r->hour = w.hour;
		r->minute = w.minute;
	}
	return 1;
}

typedef size_t rule(struct reading *r);

static size_t try_rules(struct reading *r, rule *const *rules)
{
	size_t n = 0;
	for (; *rules && !n && !r->err; rules++)
		n = (*rules)(r);
	return r->err ? 0 : n;
}

static size_t take_date(struct reading *r)
{
	static rule *const dates[] = {rule_slashes, rule_month_name, rule_iso, NULL};
	return try_rules(r, dates);
}

size_t when_take_day(struct reading *r)
{
	static rule *const days[] = {
		rule_named,   rule_near_weekday, rule_weekday, rule_distance, rule_month_end,
		rule_slashes, rule_month_name,	 rule_iso,     NULL,
	};
	size_t on = when_word_is(r, 0, "on"), n;
	r->at += on;
	n = try_rules(r, days);
	r->at -= on;
	return n ? n + on : 0;
}

/* SPDX-License-Identifier: MIT
 *
 * Dates and times as people type them.  The words are cut at blanks; each rule of the table
 * below takes as many as it understands, and what no rule takes is an error, never dropped.
 */
#include <linkbook/when.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 8, WORD = 64 };

struct reading {
	char words[WORDS][WORD];
	size_t count, at;
	struct when now, day;
	enum when_way way;
	bool has_day;
	int hour, minute; /* hour -1: none said */
};

static const char *word(const struct reading *r, size_t ahead)
{
	return r->at + ahead < r->count ? r->words[r->at + ahead] : "";
}

static bool split(const char *typed, struct reading *r)
{
	for (const char *p = typed; *p;) {
		size_t n = strcspn(p, " ,\t");
		if (n >= WORD || (n && r->count == WORDS))
			return false;
		for (size_t i = 0; i < n; i++)
			r->words[r->count][i] = (char)tolower((unsigned char)p[i]);
		if (n)
			r->words[r->count++][n] = 0;
		p += n;
		p += strspn(p, " ,\t");
	}
	return r->count > 0;
}

static void set_day(struct reading *r, long days)
{
	r->day = when_from_days(days);
	r->has_day = true;
}

/* Each rule answers how many words it took; 0 is "not mine". */

static size_t rule_named(struct reading *r)
{
	static const struct {
		const char *word;
		int days;
	} named[] = {{"today", 0}, {"tonight", 0}, {"yesterday", -1}, {"tomorrow", 1}, {"tom", 1}};
	for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
		if (strcmp(word(r, 0), named[i].word))
			continue;
		set_day(r, when_to_days(r->now) + named[i].days);
		return 1;
	}
	if (!strcmp(word(r, 0), "now")) {
		set_day(r, when_to_days(r->now));
		r->hour = r->now.hour;
		r->minute = r->now.minute;
		return 1;
	}
	return 0;
}

/* The nearest one that way; today's own weekday is today looking back, a week on ahead. */
static size_t rule_weekday(struct reading *r)
{
	bool next = !strcmp(word(r, 0), "next"), last = !strcmp(word(r, 0), "last");
	int day = when_weekday_from(word(r, next || last));
	if (day < 0)
		return 0;
	long today = when_to_days(r->now);
	int from = when_weekday(r->now);
	if (next)
		set_day(r, today - from + 7 + day); /* the one of next week, Monday first */
	else if (last)
		set_day(r, today - (from - day + 6) % 7 - 1);
	else if (r->way == WHEN_AHEAD)
		set_day(r, today + (day - from + 6) % 7 + 1);
	else
		set_day(r, today - (from - day + 7) % 7);
	return 1 + (size_t)(next || last);
}

static bool whole_number(const char *text, int *out)
{
	size_t n = strspn(text, "0123456789");
	if (!n || n > 4 || text[n])
		return false;
	*out = atoi(text);
	return true;
}

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

/* Day and month without a year: the nearest that way that is a real date (29 February). */
static bool nearest_year(struct reading *r, int day, int month)
{
	int step = r->way == WHEN_AHEAD ? 1 : -1;
	long today = when_to_days(r->now);
	for (int i = 0, year = r->now.year; i <= 8; i++, year += step) {
		if (!when_is_date(year, month, day))
			continue;
		long days = when_to_days((struct when){year, month, day, -1, 0});
		if ((days - today) * step < 0)
			continue;
		set_day(r, days);
		return true;
	}
	return false;
}

static bool full_date(struct reading *r, int day, int month, int year)
{
	bool short_year = year < 100;
	if (short_year)
		year += year > r->now.year % 100 + 20 ? 1900 : 2000;
	if (!when_is_date(year, month, day))
		return false;
	struct when w = {year, month, day, -1, 0};
	/* Looking back, '40 is not to come: somebody was born then. */
	if (short_year && r->way == WHEN_BACK && when_to_days(w) > when_to_days(r->now) &&
	    when_is_date(year - 100, month, day))
		w.year -= 100;
	set_day(r, when_to_days(w));
	return true;
}

/* 12/3/1961, and as well 12.3.1961 and 12-3-1961; 2.30 is a time. */
static void with_slashes(const char *from, char to[WORD])
{
	size_t dots = 0;
	for (const char *p = from; *p; p++)
		dots += *p == '.';
	snprintf(to, WORD, "%s", from);
	for (char *p = to; *p; p++)
		if (*p == '-' || (*p == '.' && dots == 2))
			*p = '/';
}

static size_t rule_slashes(struct reading *r)
{
	int day, month, year, used = 0;
	char w[WORD];
	with_slashes(word(r, 0), w);
	if (sscanf(w, "%2d/%2d/%4d%n", &day, &month, &year, &used) == 3 && !w[used])
		return full_date(r, day, month, year);
	used = 0;
	if (sscanf(w, "%2d/%2d%n", &day, &month, &used) == 2 && used && !w[used])
		return nearest_year(r, day, month);
	return 0;
}

/* Four digits, or two that are no hour of the day. */
static bool is_year(const char *w, int *year)
{
	if (!whole_number(w, year))
		return false;
	return *year >= 1900 || (strlen(w) == 2 && (*year > 23 || w[0] == '0'));
}

/* "1 dec", "1st of december 2026" and "dec 1" alike. */
static size_t rule_month_name(struct reading *r)
{
	char first[WORD];
	snprintf(first, sizeof first, "%s", word(r, 0));
	size_t n = strspn(first, "0123456789"), used = 1;
	if (n && (!strcmp(first + n, "st") || !strcmp(first + n, "nd") ||
		  !strcmp(first + n, "rd") || !strcmp(first + n, "th")))
		first[n] = 0;
	int day, month = 0, year;
	if (whole_number(first, &day)) {
		used += !strcmp(word(r, used), "of");
		month = month_from(word(r, used++));
	} else if ((month = month_from(first)) && !whole_number(word(r, used++), &day)) {
		return 0;
	}
	if (!month)
		return 0;
	if (is_year(word(r, used), &year))
		return full_date(r, day, month, year) ? used + 1 : 0;
	return nearest_year(r, day, month) ? used : 0;
}

static size_t rule_iso(struct reading *r)
{
	struct when w;
	char upper[WORD];
	snprintf(upper, sizeof upper, "%s", word(r, 0));
	if (strlen(upper) > 10 && upper[10] == 't')
		upper[10] = 'T';
	if (!when_from_iso(span_text(upper), &w))
		return 0;
	set_day(r, when_to_days(w));
	if (w.hour >= 0) {
		r->hour = w.hour;
		r->minute = w.minute;
	}
	return 1;
}

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

/* "in 2w", "3d", "fortnight", "2 weeks ago". */
static size_t rule_distance(struct reading *r)
{
	bool in = !strcmp(word(r, 0), "in");
	size_t used = in;
	const char *w = word(r, used++);
	int n = atoi(w), unit;
	size_t digits = strspn(w, "0123456789");
	if (!strcmp(w, "fortnight")) {
		n = 2;
		unit = 7;
	} else if (digits && digits <= 3) {
		unit = days_in_unit(w[digits] ? w + digits : word(r, used++));
	} else {
		return 0;
	}
	if (!unit)
		return 0;
	bool ago = !strcmp(word(r, used), "ago");
	bool back = ago || (r->way == WHEN_BACK && !in);
	set_day(r, when_to_days(r->now) + (back ? -1L : 1L) * n * unit);
	return used + (size_t)ago;
}

/* Bare hours 1 to 7 are in the afternoon, 8 to 11 in the morning, 12 is noon. */
static int waking_hour(int h)
{
	return h >= 1 && h <= 7 ? h + 12 : h;
}

static bool set_clock(int h, int m, const char *half, int *hour, int *minute)
{
	bool pm = !strcmp(half, "pm"), am = !strcmp(half, "am");
	if (h > 23 || m > 59 || ((pm || am) && (h < 1 || h > 12)) || (*half && !pm && !am))
		return false;
	if (pm || am)
		h = h % 12 + (pm ? 12 : 0);
	*hour = h;
	*minute = m;
	return true;
}

/* "2:30", "2.30pm": 2 is in the afternoon here too, unless it is written 02. */
static bool clock_of_two(const char *w, int *hour, int *minute)
{
	int h, m;
	char half[8] = "";
	if (sscanf(w, "%2d:%2d%7s", &h, &m, half) < 2 && sscanf(w, "%2d.%2d%7s", &h, &m, half) < 2)
		return false;
	return set_clock(*half || w[0] == '0' ? h : waking_hour(h), m, half, hour, minute);
}

/* One word or two ("half 2"); how many were taken. */
static size_t clock_words(const char *w, const char *next, int *hour, int *minute)
{
	int h;
	size_t n = strspn(w, "0123456789");
	if (!strcmp(w, "noon") || !strcmp(w, "midday"))
		return set_clock(12, 0, "", hour, minute);
	if (!strcmp(w, "half") && whole_number(next, &h) && h >= 1 && h <= 12)
		return set_clock(waking_hour(h), 30, "", hour, minute) ? 2 : 0;
	if (n && (w[n] == ':' || w[n] == '.'))
		return clock_of_two(w, hour, minute);
	if (n == 4 && !w[4])
		return set_clock(atoi(w) / 100, atoi(w) % 100, "", hour, minute);
	if (!n || n > 2)
		return 0;
	if (!strcmp(w + n, "am") || !strcmp(w + n, "pm"))
		return set_clock(atoi(w), 0, w + n, hour, minute);
	if (!w[n] && (!strcmp(next, "am") || !strcmp(next, "pm")))
		return set_clock(atoi(w), 0, next, hour, minute) ? 2 : 0;
	return !w[n] && set_clock(waking_hour(atoi(w)), 0, "", hour, minute);
}

static size_t rule_clock(struct reading *r)
{
	size_t at = !strcmp(word(r, 0), "at");
	bool past = !strcmp(word(r, at), "half") && !strcmp(word(r, at + 1), "past");
	size_t n = clock_words(word(r, at), word(r, at + 1 + past), &r->hour, &r->minute);
	return n ? n + at + past : 0;
}

static size_t take_day(struct reading *r)
{
	static size_t (*const rules[])(struct reading *) = {
		rule_named, rule_weekday, rule_slashes, rule_month_name, rule_iso, rule_distance,
	};
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		size_t n = rules[i](r);
		if (n)
			return n;
	}
	return 0;
}

enum err when_read(const char *typed, struct when now, enum when_way way, struct when *out,
		   struct diag *d)
{
	struct reading r = {.now = now, .way = way, .hour = -1};
	if (!split(typed, &r)) {
		diag_say(d, "Write a day, like today, tue or 12 Mar 2026.");
		return ERR_INPUT;
	}
	while (r.at < r.count) {
		size_t n = r.has_day ? 0 : take_day(&r);
		if (!n && r.hour < 0)
			n = rule_clock(&r);
		if (!n) {
			diag_say(d,
				 "\"%s\" is not a day or a time here. Try tue 2pm, 12/3 or 12 Mar "
				 "2026.",
				 word(&r, 0));
			return ERR_INPUT;
		}
		r.at += n;
	}
	if (!r.has_day)
		r.day = now;
	*out = (struct when){r.day.year, r.day.month, r.day.day, r.hour, r.hour < 0 ? 0 : r.minute};
	return OK;
}

enum err when_read_time(const char *typed, int *hour, int *minute, struct diag *d)
{
	struct reading r = {.hour = -1};
	size_t n = split(typed, &r) ? rule_clock(&r) : 0;
	if (!n || n != r.count) {
		diag_say(d, "Write a time, like 2pm, 14:00 or half 2.");
		return ERR_INPUT;
	}
	*hour = r.hour;
	*minute = r.minute;
	return OK;
}

/* SPDX-License-Identifier: MIT
 *
 * The calendar: days, ISO texts, and saying a moment back in words.  Reading what people
 * type is in when_read.c.
 */
#include "when_impl.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

static const char *const weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
				       "Friday", "Saturday", "Sunday"};
static const char *const months[] = {"January",	  "February", "March",	  "April",
				     "May",	  "June",     "July",	  "August",
				     "September", "October",  "November", "December"};

static bool is_leap(int y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int days_in(int y, int m)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return m == 2 && is_leap(y) ? 29 : days[m - 1];
}

bool when_is_date(int y, int m, int d)
{
	return y >= 1900 && y <= 2199 && m >= 1 && m <= 12 && d >= 1 && d <= days_in(y, m);
}

/* Years counted from March put the leap day last. */
long when_to_days(struct when w)
{
	long y = w.month <= 2 ? w.year - 1 : w.year;
	long era = y / 400, of_era = y - era * 400;
	long of_year = (153 * (w.month + (w.month > 2 ? -3 : 9)) + 2) / 5 + w.day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct when when_from_days(long days)
{
	long z = days + 719468, era = z / 146097, doe = z - era * 146097;
	long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	long doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);
	return (struct when){
		.year = (int)(yoe + era * 400 + (month <= 2)),
		.month = month,
		.day = (int)(doy - (153 * mp + 2) / 5 + 1),
		.hour = -1,
	};
}

int when_weekday(struct when w)
{
	return (int)((when_to_days(w) % 7 + 7 + 3) % 7); /* 1970-01-01 was a Thursday */
}

static long minutes(struct when w)
{
	return when_to_days(w) * 1441 + (w.hour < 0 ? 0 : 1 + w.hour * 60 + w.minute);
}

int when_order(struct when a, struct when b)
{
	long x = minutes(a), y = minutes(b);
	return (x > y) - (x < y);
}

bool when_is_that_way(struct when w, struct when now, enum when_way way)
{
	int order = when_order(w, now);
	if (w.hour < 0 && when_to_days(w) == when_to_days(now))
		return true;
	return way == WHEN_BACK ? order <= 0 : order >= 0;
}

struct when when_add_days(struct when w, long days)
{
	struct when moved = when_from_days(when_to_days(w) + days);
	moved.hour = w.hour;
	moved.minute = w.minute;
	return moved;
}

struct when when_from_ms(int64_t ms)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;
	localtime_r(&t, &tm);
	return (struct when){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min};
}

/* Seconds that the wall is ahead of the world's clock at t. */
static time_t offset_at(time_t t)
{
	struct tm tm;
	localtime_r(&t, &tm);
	return tm.tm_gmtoff;
}

static bool shows(time_t t, struct when w)
{
	return !when_order(when_from_ms((int64_t)t * 1000), w);
}

/* Clocks change once in two days at most, so the days before and after know both offsets. */
int when_clocks_show(struct when w, struct when *after)
{
	enum { DAY = 24 * 60 * 60 };
	time_t wall = (time_t)when_to_days(w) * DAY + w.hour * 3600L + w.minute * 60L;
	time_t before = offset_at(wall - DAY), later = offset_at(wall + DAY);
	if (w.hour < 0 || before == later)
		return 1;
	int n = shows(wall - before, w) + shows(wall - later, w);
	if (!n && after)
		*after = when_from_ms((int64_t)(wall - before) * 1000);
	return n;
}

struct when when_now(struct seam *s)
{
	return when_from_ms(s->now_ms(s));
}

/* TZ when it names a place, else where /etc/localtime points. */
const char *when_zone(void)
{
	static char zone[64];
	const char *tz = getenv("TZ");
	if (tz && *tz == ':')
		tz++;
	if (tz && *tz) {
		snprintf(zone, sizeof zone, "%s", strchr(tz, '/') && *tz != '/' ? tz : "");
		return zone;
	}
	char link[PATH_MAX];
	ssize_t n = readlink("/etc/localtime", link, sizeof link - 1);
	if (n < 0)
		return "";
	link[n] = 0;
	const char *at = strstr(link, "zoneinfo/");
	snprintf(zone, sizeof zone, "%.63s", at ? at + strlen("zoneinfo/") : "");
	return zone;
}

/* Exactly n digits. */
static bool digits(struct reader *r, int n, int *out)
{
	struct span s = reader_take(r, (size_t)n);
	*out = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		*out = *out * 10 + (s.p[i] - '0');
	}
	return !r->bad;
}

static bool mark(struct reader *r, char c)
{
	return reader_u8(r) == (uint8_t)c && !r->bad;
}

static bool clock_part(struct reader *r, int *hour, int *minute)
{
	return digits(r, 2, hour) && mark(r, ':') && digits(r, 2, minute) && *hour < 24 &&
	       *minute < 60;
}

static bool seconds_part(struct reader *r)
{
	int seconds;
	if (!r->rest.n || r->rest.p[0] != ':')
		return true;
	return mark(r, ':') && digits(r, 2, &seconds) && seconds <= 60;
}

static bool zone_part(struct reader *r)
{
	struct span z = r->rest;
	if (!z.n)
		return true;
	return z.n > 2 && z.n < 64 && z.p[0] == '[' && z.p[z.n - 1] == ']' &&
	       !memchr(z.p + 1, '[', z.n - 1);
}

bool when_from_iso(struct span s, struct when *out)
{
	struct reader r = {s, false};
	struct when w = {.hour = -1};
	if (!digits(&r, 4, &w.year) || !mark(&r, '-') || !digits(&r, 2, &w.month) ||
	    !mark(&r, '-') || !digits(&r, 2, &w.day) || !when_is_date(w.year, w.month, w.day))
		return false;
	if (r.rest.n && !(mark(&r, 'T') && clock_part(&r, &w.hour, &w.minute) && seconds_part(&r) &&
			  zone_part(&r)))
		return false;
	*out = w;
	return true;
}

bool when_time_from_iso(struct span s, int *hour, int *minute)
{
	struct reader r = {s, false};
	return clock_part(&r, hour, minute) && !r.rest.n;
}

void when_to_iso(struct when w, bool with_zone, struct buf *out)
{
	buf_printf(out, "%04d-%02d-%02d", w.year, w.month, w.day);
	if (w.hour < 0)
		return;
	buf_printf(out, "T%02d:%02d", w.hour, w.minute);
	if (with_zone && *when_zone())
		buf_printf(out, "[%s]", when_zone());
}

const char *when_weekday_name(int weekday)
{
	return weekdays[weekday];
}

int when_weekday_from(const char *word)
{
	size_t n = strlen(word);
	if (!strcasecmp(word, "weds"))
		return 2;
	for (int i = 0; n >= 3 && i < 7; i++)
		if (n <= strlen(weekdays[i]) && !strncasecmp(word, weekdays[i], n))
			return i;
	return -1;
}

/* The first minute of a day is 0:00: people read 12:00am as noon as often as not. */
void when_say_clock(struct when w, struct buf *out)
{
	if (w.hour == 0 && w.minute == 0) {
		buf_add_text(out, "0:00");
		return;
	}
	int twelve = w.hour % 12 ? w.hour % 12 : 12;
	buf_printf(out, "%d:%02d%s", twelve, w.minute, w.hour < 12 ? "am" : "pm");
}

static void say_distance(long days, struct buf *out)
{
	static const char *const near[] = {"yesterday", "today", "tomorrow"};
	if (days >= -1 && days <= 1)
		buf_printf(out, " (%s)", near[days + 1]);
	else if (days == 7 || days == -7)
		buf_printf(out, days > 0 ? " (a week today)" : " (a week ago today)");
	else if (days > 0 && days < 14)
		buf_printf(out, " (in %ld days)", days);
	else if (days < 0 && days > -14)
		buf_printf(out, " (%ld days ago)", -days);
	else if (days > 0 && days < 400)
		buf_printf(out, " (in %ld weeks)", days / 7);
	else if (days < 0 && days > -400)
		buf_printf(out, " (%ld weeks ago)", -days / 7);
}

void when_say_plain(struct when w, struct when now, struct buf *out)
{
	buf_printf(out, "%s %d %s", weekdays[when_weekday(w)], w.day, months[w.month - 1]);
	if (w.year != now.year)
		buf_printf(out, " %d", w.year);
	if (w.hour >= 0) {
		buf_add_text(out, ", ");
		when_say_clock(w, out);
	}
}

void when_say(struct when w, struct when now, struct buf *out)
{
	when_say_plain(w, now, out);
	say_distance(when_to_days(w) - when_to_days(now), out);
}

/* The hour as it was typed: without am or pm. */
static void say_taken(struct when w, const char *as, struct buf *out)
{
	buf_printf(out, "; %d", w.hour % 12 ? w.hour % 12 : 12);
	if (w.minute)
		buf_printf(out, ":%02d", w.minute);
	buf_printf(out, " is taken as %s", as);
}

void when_say_reading(const struct when_reading *r, struct when now, struct buf *out)
{
	static const struct {
		enum when_note note;
		const char *as;
	} taken[] = {{WHEN_TAKEN_AM, "am"}, {WHEN_TAKEN_PM, "pm"}, {WHEN_TAKEN_NOON, "noon"}};
	when_say(r->w, now, out);
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		if (r->notes & taken[i].note)
			say_taken(r->w, taken[i].as, out);
	if (r->notes & WHEN_FIRST_OF_TWO)
		buf_add_text(out, "; the clocks show it twice, the first is meant");
	if (r->other.year) {
		struct when day = r->other;
		day.hour = -1;
		buf_add_text(out, "; or ");
		when_say_plain(day, now, out);
		buf_printf(out, ": write %s", r->other_words);
	}
}

void when_say_short(struct when w, struct when now, struct buf *out)
{
	if (w.year != now.year) {
		buf_printf(out, "%d %.3s %d", w.day, months[w.month - 1], w.year);
		return;
	}
	buf_printf(out, "%.3s %d %.3s", weekdays[when_weekday(w)], w.day, months[w.month - 1]);
	if (w.hour >= 0)
		buf_printf(out, " %02d:%02d", w.hour, w.minute);
}

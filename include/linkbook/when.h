/* SPDX-License-Identifier: MIT
 *
 * Dates and times as people say them.  A moment is local wall time (what the clock on the
 * wall shows), stored as ISO 8601 with the zone's name: "2026-11-24T10:00[Europe/London]";
 * a date as "2026-11-24"; a time of day as "10:00".
 */
#ifndef LINKBOOK_WHEN_H
#define LINKBOOK_WHEN_H

#include <stdbool.h>
#include <stdint.h>
#include <linkbook/buf.h>
#include <linkbook/err.h>
#include <linkbook/seam.h>

/* Years 1900 to 2199.  hour is -1 when no time of day is meant. */
struct when {
	int year, month, day; /* month 1-12, day 1-31 */
	int hour, minute; /* 0-23 or -1, 0-59 */
};

/* A field looks back (when it happened) or ahead (when it is due). */
enum when_way { WHEN_BACK, WHEN_AHEAD };

/* The present on the wall, to the minute. */
struct when when_now(struct seam *s);
struct when when_from_ms(int64_t ms);
/* The machine's zone name ("Europe/London"), or "" when it has none.  Borrowed for ever. */
const char *when_zone(void);

/* Days since 1970-01-01; weekday 0 is Monday. */
long when_to_days(struct when w);
struct when when_from_days(long days);
int when_weekday(struct when w);
bool when_is_date(int year, int month, int day);
/* Before, same, after: -1, 0, 1.  A date without a time comes before its first minute. */
int when_order(struct when a, struct when b);
/* The same clock time some days on. */
struct when when_add_days(struct when w, long days);

/* Reads ISO text in either stored form (zone and seconds optional). */
bool when_from_iso(struct span s, struct when *out);
/* Reads "10:00". */
bool when_time_from_iso(struct span s, int *hour, int *minute);
/* Appends the stored form: with a time when hour >= 0, and then with the zone if asked. */
void when_to_iso(struct when w, bool with_zone, struct buf *out);

/* Reads what a person typed, whole: weekdays, "yesterday 2pm", "12/3", "12 Mar 2026",
 * "in 2w", ISO.  ERR_INPUT with a sentence when any part was not understood. */
enum err MUST_USE when_read(const char *typed, struct when now, enum when_way way, struct when *out,
			    struct diag *d);
/* Reads a time of day alone: "2pm", "14:00", "1400", "noon", "half 2". */
enum err MUST_USE when_read_time(const char *typed, int *hour, int *minute, struct diag *d);

/* Says it back: "Tuesday 24 November, 10:00am (today)"; the year where it is not this one. */
void when_say(struct when w, struct when now, struct buf *out);
/* For columns: "Tue 24 Nov 10:00", the year instead of the clock when another year's. */
void when_say_short(struct when w, struct when now, struct buf *out);
const char *when_weekday_name(int weekday); /* 0 "Monday" */
/* 0-6 for a weekday's name or its start of three letters and more, else -1. */
int when_weekday_from(const char *word);

#endif

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

/* Whether w lies where a field of this way looks: not after now, or not before it.  A day
 * without a time of its own is as good as today both ways. */
bool when_is_that_way(struct when w, struct when now, enum when_way way);

/* How often the clocks on the wall show this moment on its day: 0 where they are put
 * forward over it, 2 where they are put back over it, else 1 (and without a time of day).
 * *after (may be NULL) becomes what they show instead of a moment that they skip. */
int when_clocks_show(struct when w, struct when *after);

/* --- what people type ----------------------------------------------------------------------
 *
 * Words are cut at blanks and commas, case does not count.  A day and a time of day, in
 * either order, each at most once; at least one of them:
 *   today yesterday tomorrow now       this fri, next fri (of this, of next week), last fri
 *   tue tues tuesday (the nearest that way; today's own: today back, a week on ahead)
 *   25/12 25 dec, dec 25, 25th of december (the nearest that way), each with a year; with
 *   the weekday in front, which must agree; 2026-12-25; 12.3.1961
 *   3d, 2 weeks, fortnight (that way), in 2w, 2 weeks ago, tue week, a week on tue,
 *   a week today, end of month
 *   2pm, 2.30pm, 14:00, 1400, noon, half 2; a bare 2, 2:30 or half 2: 1 to 7 afternoon, 8 to
 *   11 morning, 12 noon; with morning, afternoon, evening or tonight the hour that fits
 * A time alone is today's.  Nothing is rolled on or left out in silence: what is not
 * understood, or is left over, is ERR_INPUT; what is understood and cannot stand - it lies
 * the other way, and no year was written; the clocks skip it - is ERR_REFUSED; both with a
 * sentence that says what to write. */

/* What a reader should be told besides the moment itself. */
enum when_note {
	WHEN_TAKEN_AM = 1, /* the hour was bare */
	WHEN_TAKEN_PM = 2,
	WHEN_TAKEN_NOON = 4,
	WHEN_FIRST_OF_TWO = 8, /* the clocks show it twice that night; the first is meant */
};

struct when_reading {
	struct when w;
	/* Another day that people mean by the same words, at the same time, and how to write
	 * that day; other.year is 0 where there is none. */
	struct when other;
	char other_words[16];
	unsigned notes; /* of enum when_note */
	bool year_said; /* then w may lie either way: ask when_is_that_way */
	size_t rest; /* bytes of what was typed up to what is left over */
};

/* Reads it whole.  *out is set only when OK. */
enum err MUST_USE when_read(const char *typed, struct when now, enum when_way way, struct when *out,
			    struct diag *d);
enum err MUST_USE when_read_reading(const char *typed, struct when now, enum when_way way,
				    struct when_reading *out, struct diag *d);
/* Reads a day or time at the start of a text ("tue 2pm ring about PIP form"); what follows
 * begins at out->rest.  ERR_ABSENT when the text does not start with one: then it is all
 * text.  A bare hour counts only after a day or at the end ("3 visits" is text), and
 * something that is written like a time or a date and is none is an error, never text. */
enum err MUST_USE when_read_start(const char *typed, struct when now, enum when_way way,
				  struct when_reading *out, struct diag *d);
/* Reads a time of day alone: "2pm", "14:00", "1400", "noon", "half 2", "14". */
enum err MUST_USE when_read_time(const char *typed, int *hour, int *minute, struct diag *d);

/* As when_say, and what there is to note: "Tuesday 1 December, 2:00pm (a week today); 2 is
 * taken as pm". */
void when_say_reading(const struct when_reading *r, struct when now, struct buf *out);
/* Says it back: "Tuesday 24 November, 10:00am (today)"; the year where it is not this one. */
void when_say(struct when w, struct when now, struct buf *out);
/* The time of day alone: "2:00pm"; the first minute of a day is "0:00". */
void when_say_clock(struct when w, struct buf *out);
/* For columns: "Tue 24 Nov 10:00", the year instead of the clock when another year's. */
void when_say_short(struct when w, struct when now, struct buf *out);
const char *when_weekday_name(int weekday); /* 0 "Monday" */
/* 0-6 for a weekday's name or its start of three letters and more, else -1. */
int when_weekday_from(const char *word);

#endif

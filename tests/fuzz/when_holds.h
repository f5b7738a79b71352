/* SPDX-License-Identifier: MIT
 *
 * What must hold of every reading of a day or time, whatever was typed.  Not which day it
 * is: that stands in tests/unit/dates.table.
 */
#ifndef WHEN_HOLDS_H
#define WHEN_HOLDS_H

#include "../unit/dates_stage.h"

#include <linkbook/text.h>

struct typing {
	const char *typed;
	struct when now;
	enum when_way way;
};

static inline bool same_moment(struct when a, struct when b)
{
	return a.year == b.year && a.month == b.month && a.day == b.day && a.hour == b.hour &&
	       a.minute == b.minute;
}

/* Whether a text, typed instead, is read as w. */
static inline bool reads_as(const struct typing *t, const char *text, struct when w)
{
	struct when again;
	return !when_read(text, t->now, t->way, &again, NULL) && same_moment(again, w);
}

static inline const char *error_breaks(const struct typing *t, enum err e, const char *sentence)
{
	struct when w;
	(void)t;
	if (e != ERR_INPUT && e != ERR_REFUSED)
		return "neither read nor an error of what was typed";
	if (!*sentence || sentence[strlen(sentence) - 1] != '.')
		return "an error without a sentence";
	if (!text_is_utf8(span_text(t->typed)))
		return NULL;
	if (!text_may_store(span_text(sentence), false))
		return "a sentence that no screen can show";
	return when_read(t->typed, t->now, t->way, &w, NULL) == e ? NULL : "read differently twice";
}

static inline const char *day_breaks(const struct typing *t, const struct when_reading *r)
{
	struct when w = r->w, other = r->other;
	if (!when_is_date(w.year, w.month, w.day) || w.hour < -1 || w.hour > 23 || w.minute < 0 ||
	    w.minute > 59 || (w.hour < 0 && w.minute))
		return "no real moment";
	if (!r->year_said && !when_is_that_way(w, t->now, t->way))
		return "on the wrong side";
	if (!when_clocks_show(w, NULL))
		return "an hour that no clock shows";
	if (r->rest != strlen(t->typed))
		return "read, but not to the end";
	if (r->other.year && !when_is_date(other.year, other.month, other.day))
		return "another reading that is no real day";
	return NULL;
}

/* What is stored and what is said mean the same when they are typed. */
static inline const char *said_breaks(const struct typing *t, const struct when_reading *r)
{
	struct buf b = BUF_INIT;
	const char *broken = NULL;
	when_to_iso(r->w, true, &b);
	if (!reads_as(t, buf_text(&b), r->w))
		broken = "stored as another moment";
	buf_clear(&b);
	when_say(r->w, t->now, &b);
	char *distance = strstr((char *)b.p, " (");
	if (distance)
		*distance = 0;
	if (!r->year_said && !reads_as(t, buf_text(&b), r->w))
		broken = "said as another moment";
	buf_fini(&b);
	return broken;
}

/* The other reading is what the words for it mean. */
static inline const char *other_breaks(const struct typing *t, const struct when_reading *r)
{
	struct when day = r->other;
	day.hour = -1;
	day.minute = 0;
	return !r->other.year || reads_as(t, r->other_words, day)
		       ? NULL
		       : "the other reading cannot be typed as it says";
}

/* Blanks and capitals count for nothing, a word more for everything. */
static inline const char *words_break(const struct typing *t, const struct when_reading *r)
{
	struct buf b = BUF_INIT;
	struct when_reading start;
	const char *broken = NULL;
	buf_printf(&b, " %s,", t->typed);
	for (size_t i = 0; i < b.n; i++)
		b.p[i] = (uint8_t)(b.p[i] >= 'a' && b.p[i] <= 'z' ? b.p[i] - 'a' + 'A' : b.p[i]);
	if (!reads_as(t, buf_text(&b), r->w))
		broken = "blanks or capitals change it";
	buf_clear(&b);
	buf_printf(&b, "%s zqx", t->typed);
	if (when_read(buf_text(&b), t->now, t->way, &start.w, NULL) != ERR_INPUT)
		broken = "a word at the end is dropped";
	if (!when_read_start(buf_text(&b), t->now, t->way, &start, NULL) &&
	    (!same_moment(start.w, r->w) || strcmp(buf_text(&b) + start.rest, "zqx")))
		broken = "read differently before a text";
	buf_clear(&b);
	buf_printf(&b, "zqx %s", t->typed);
	if (when_read(buf_text(&b), t->now, t->way, &start.w, NULL) != ERR_INPUT)
		broken = "a word in front is dropped";
	buf_fini(&b);
	return broken;
}

/* What is broken, in a few words, or NULL. */
static inline const char *when_breaks(const struct typing *t)
{
	struct when_reading r;
	struct diag d = {0};
	enum err e = when_read_reading(t->typed, t->now, t->way, &r, &d);
	const char *broken = e ? error_breaks(t, e, diag_first(&d)) : day_breaks(t, &r);
	if (!e && !broken)
		broken = said_breaks(t, &r);
	if (!e && !broken)
		broken = other_breaks(t, &r);
	if (!e && !broken)
		broken = words_break(t, &r);
	diag_fini(&d);
	return broken;
}

#endif

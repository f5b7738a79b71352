/* SPDX-License-Identifier: MIT
 *
 * Dates and times as people type them.  The words are cut at blanks; the rules of when_day.c
 * and when_hour.c take as many as they understand, and what no rule takes is an error, never
 * dropped.
 */
#include "when_impl.h"

#include <linkbook/text.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* --- words ------------------------------------------------------------------------------ */

const char *when_word(const struct reading *r, size_t ahead)
{
	return r->at + ahead < r->count ? r->words[r->at + ahead] : "";
}

bool when_word_is(const struct reading *r, size_t ahead, const char *word)
{
	return !strcmp(when_word(r, ahead), word);
}

bool when_whole_number(const char *text, int *out)
{
	size_t n = strspn(text, "0123456789");
	if (!n || n > 4 || text[n])
		return false;
	*out = 0;
	for (size_t i = 0; i < n; i++)
		*out = *out * 10 + (text[i] - '0');
	return true;
}

void when_fault(struct reading *r, enum err e, const char *fmt, ...)
{
	char sentence[256];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(sentence, sizeof sentence, fmt, ap);
	va_end(ap);
	diag_say(r->d, "%s", sentence);
	r->err = e;
}

const char *when_quote(const char *word)
{
	static char quoted[4 * WHEN_QUOTED + 8];
	struct buf b = BUF_SECRET;
	text_clip(span_text(word), WHEN_QUOTED, false, &b);
	snprintf(quoted, sizeof quoted, "%s", buf_text(&b));
	buf_fini(&b);
	return quoted;
}

/* A blank, a comma or a blank that does not break; its bytes, or 0. */
static size_t between(const char *p)
{
	if (*p && strchr(" ,\t\n", *p))
		return 1;
	return !strncmp(p, "\u00A0", strlen("\u00A0")) ? strlen("\u00A0") : 0;
}

/* Capitals of the alphabet only: other bytes belong to longer letters. */
static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* A word too long for any rule is cut, and no rule takes it. */
static void keep_word(struct reading *r, const char *from, size_t n)
{
	char *w = r->words[r->count++];
	size_t kept = n < WHEN_WORD ? n : WHEN_WORD - 1;
	for (size_t i = 0; i < kept; i++)
		w[i] = small(from[i]);
	while (n < WHEN_WORD && kept > 1 && strchr(".:;", w[kept - 1]))
		kept--;
	w[kept] = 0;
}

static void split(const char *typed, struct reading *r)
{
	for (const char *p = typed; *p;) {
		size_t n = 0, gap = between(p);
		while (p[n] && !between(p + n))
			n++;
		if (n && r->count == WHEN_WORDS) {
			r->more = true;
			return;
		}
		if (n) {
			r->starts[r->count] = (size_t)(p - typed);
			keep_word(r, p, n);
		}
		p += n ? n : gap;
	}
}

/* --- one word after the other ----------------------------------------------------------- */

static void take_words(struct reading *r)
{
	for (size_t n = 1; n && r->at < r->count;) {
		n = r->has_day ? 0 : when_take_day(r);
		if (!n && !r->err && r->hour < 0)
			n = when_take_hour(r);
		if (!n && !r->err && !r->part)
			n = when_take_part(r);
		if (r->err)
			return;
		r->at += n;
	}
}

static const char *example(enum when_way way)
{
	return way == WHEN_BACK ? "yesterday 2pm" : "tue 2pm";
}

/* "14" and "25th" alone: an hour, a day of the month; true when that was it. */
static bool say_half_said(struct reading *r)
{
	const char *w = when_word(r, 0);
	int n = when_day_of_month(w);
	bool is_number = when_whole_number(w, &n) && strlen(w) <= 2;
	if (is_number && n < 24 && r->hour < 0)
		when_fault(r, ERR_INPUT,
			   "\"%s\" could be an hour or a day. Write %02d:00, or the month too, "
			   "like %d dec.",
			   w, n, n ? n : 1);
	else if (n >= 1 && n <= 31 && !r->has_day)
		when_fault(r, ERR_INPUT, "\"%s\" needs its month. Write it too, like %d dec.", w,
			   n);
	return r->err;
}

static void say_left_over(struct reading *r)
{
	const char *w = when_word(r, 0);
	if (say_half_said(r))
		return;
	if (r->has_day || r->hour >= 0)
		when_fault(r, ERR_INPUT,
			   "\"%s\" is left over. Write only the day and the time, like %s.",
			   when_quote(w), example(r->way));
	else
		when_fault(r, ERR_INPUT,
			   "\"%s\" is not a day or a time here. Try %s, 12/3 or 12 Mar 2026.",
			   when_quote(w), example(r->way));
}

static bool all_taken(const struct reading *r)
{
	return r->at == r->count && !r->more;
}

/* --- what cannot stand ------------------------------------------------------------------ */

static void refuse_skipped(struct reading *r, struct when w, struct when after)
{
	struct buf said = BUF_INIT, write = BUF_INIT;
	when_say_plain(w, r->now, &said);
	when_say_clock(after, &write);
	when_fault(r, ERR_REFUSED, "%s: the clocks skip that hour. Write %s.", buf_text(&said),
		   buf_text(&write));
	buf_fini(&said);
	buf_fini(&write);
}

static void refuse_way(struct reading *r, struct when w)
{
	struct buf said = BUF_INIT;
	when_say_plain(w, r->now, &said);
	when_fault(r, ERR_REFUSED,
		   r->way == WHEN_BACK ? "%s is still to come. Write when it was, like %s."
				       : "%s is over. Write when it will be, like %s.",
		   buf_text(&said), example(r->way));
	buf_fini(&said);
}

/* All words are read: what they mean, or why that cannot stand. */
static void finish(struct reading *r, struct when_reading *out)
{
	struct when after, w = r->has_day ? r->day : r->now;
	out->notes = r->hour >= 0 ? when_settle_hour(r) : 0;
	w.hour = r->hour;
	w.minute = r->hour < 0 ? 0 : r->minute;
	if (r->err)
		return;
	if (!when_is_date(w.year, w.month, w.day)) {
		when_fault(r, ERR_INPUT, "That is too far away. Write a day up to the year 2199.");
		return;
	}
	int shown = when_clocks_show(w, &after);
	if (shown == 2)
		out->notes |= WHEN_FIRST_OF_TWO;
	if (shown == 0)
		refuse_skipped(r, w, after);
	else if (!r->year_said && !when_is_that_way(w, r->now, r->way))
		refuse_way(r, w);
	out->w = w;
	out->year_said = r->year_said;
	if (!r->other)
		return;
	out->other = when_from_days(r->other);
	out->other.hour = w.hour;
	out->other.minute = w.minute;
	snprintf(out->other_words, sizeof out->other_words, "%s", r->other_words);
}

enum err when_read_reading(const char *typed, struct when now, enum when_way way,
			   struct when_reading *out, struct diag *d)
{
	struct reading r = {.now = now, .way = way, .whole = true, .hour = -1, .d = d};
	struct when_reading got = {.rest = strlen(typed)};
	split(typed, &r);
	if (!r.count)
		when_fault(&r, ERR_INPUT, "Write a day, like %s or 12 Mar 2026.", example(way));
	else
		take_words(&r);
	if (!r.err && !all_taken(&r))
		say_left_over(&r);
	if (!r.err)
		finish(&r, &got);
	if (!r.err)
		*out = got;
	return r.err;
}

enum err when_read(const char *typed, struct when now, enum when_way way, struct when *out,
		   struct diag *d)
{
	struct when_reading r;
	enum err e = when_read_reading(typed, now, way, &r, d);
	if (!e)
		*out = r.w;
	return e;
}

/* --- at the start of a text ------------------------------------------------------------- */

/* "3 visits" is text, "3" is an hour. */
static bool is_just_a_number(const struct reading *r)
{
	return !r->has_day && r->spare && !all_taken(r);
}

/* Written like a time or a date, and none: left as text it would be lost as one. */
static bool is_nearly_one(const struct reading *r)
{
	const char *w = when_word(r, 0);
	return (r->hour < 0 && when_looks_like_hour(w)) ||
	       (!r->has_day && r->hour < 0 && when_looks_like_date(w));
}

/* "tue 2pm - ring about the form". */
static bool is_dash(const char *w)
{
	return !strcmp(w, "-") || !strcmp(w, ":") || !strcmp(w, "\u2013") || !strcmp(w, "\u2014");
}

enum err when_read_start(const char *typed, struct when now, enum when_way way,
			 struct when_reading *out, struct diag *d)
{
	struct reading r = {.now = now, .way = way, .hour = -1, .d = d};
	struct when_reading got = {0};
	split(typed, &r);
	take_words(&r);
	if (!r.err && is_nearly_one(&r))
		say_left_over(&r);
	if (r.err)
		return r.err;
	if (!r.at || is_just_a_number(&r))
		return ERR_ABSENT;
	finish(&r, &got);
	while (is_dash(when_word(&r, 0)))
		r.at++;
	got.rest = r.at < r.count ? r.starts[r.at] : strlen(typed);
	if (!r.err)
		*out = got;
	return r.err;
}

enum err when_read_time(const char *typed, int *hour, int *minute, struct diag *d)
{
	struct reading r = {.whole = true, .hour = -1, .d = d};
	int n;
	split(typed, &r);
	size_t used = r.count ? when_take_hour(&r) : 0;
	/* Where only a time can stand, 14 is one. */
	if (!used && !r.err && when_whole_number(when_word(&r, 0), &n) && n <= 23 &&
	    strlen(when_word(&r, 0)) == 2) {
		r.hour = n;
		used = 1;
	}
	if (!r.err && (!used || used != r.count || r.more))
		when_fault(&r, ERR_INPUT, "Write a time, like 2pm, 14:00 or half 2.");
	if (r.err)
		return r.err;
	(void)when_settle_hour(&r);
	*hour = r.hour;
	*minute = r.minute;
	return OK;
}

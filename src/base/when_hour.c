/* SPDX-License-Identifier: MIT
 *
 * Times of day as people type them.
 */
#include "when_impl.h"

#include <stdlib.h>
#include <string.h>

enum half { NO_HALF, AM, PM };

static enum half half_from(const char *w)
{
	static const struct {
		const char *word;
		enum half half;
	} halves[] = {{"am", AM}, {"a.m", AM}, {"pm", PM}, {"p.m", PM}};
	for (size_t i = 0; i < sizeof halves / sizeof *halves; i++)
		if (!strcmp(w, halves[i].word))
			return halves[i].half;
	return NO_HALF;
}

/* Whose is midnight: the day before, or the day that begins?  Nobody agrees. */
static bool midnight(struct reading *r)
{
	when_fault(r, ERR_INPUT,
		   "Midnight lies between two days. Write 11:59pm for the end of one, or 0:00 for "
		   "the start of the next.");
	return false;
}

static bool set_hour(struct reading *r, int h, int m, enum half half)
{
	if (h > 23 || m > 59 || (half && (h < 1 || h > 12)))
		return false;
	if (half == AM && h == 12 && m == 0)
		return midnight(r);
	r->hour = half ? h % 12 + (half == PM ? 12 : 0) : h;
	r->minute = m;
	r->bare = r->loose = r->spare = false;
	return true;
}

/* An hour of the clock with hands, without am or pm: settled when all words are read. */
static bool set_bare(struct reading *r, int h, int m)
{
	if (h < 1 || h > 12 || !set_hour(r, h, m, NO_HALF))
		return false;
	r->bare = true;
	return true;
}

/* The words behind the digits: nothing, "am" or "pm" with or without a blank. */
static size_t half_after(const struct reading *r, size_t at, const char *tail, enum half *half)
{
	*half = half_from(*tail ? tail : when_word(r, at));
	return !*tail && *half;
}

/* "2:30", "2.30pm", "14:00"; two digits in front are the clock of 24 hours. */
static size_t take_minutes(struct reading *r, size_t at)
{
	const char *w = when_word(r, at);
	size_t n = strspn(w, "0123456789"), m = n + 1 + strspn(w + n + 1, "0123456789");
	enum half half;
	if (n > 2 || m != n + 3)
		return 0;
	size_t used = half_after(r, at + 1, w + m, &half);
	if (w[m] && !half)
		return 0;
	int hour = atoi(w), minute = atoi(w + n + 1);
	bool taken = half || n == 2 || hour == 0 ? set_hour(r, hour, minute, half)
						 : set_bare(r, hour, minute);
	r->loose = taken && !half && n == 2 && hour >= 10 && hour <= 12;
	return taken ? 1 + used : 0;
}

/* "half 2", "half past 2", "half 2 pm". */
static size_t take_half(struct reading *r, size_t at)
{
	size_t past = when_word_is(r, at + 1, "past");
	const char *w = when_word(r, at + 1 + past);
	size_t n = strspn(w, "0123456789");
	enum half half;
	if (!n || n > 2 || *w == '0')
		return 0;
	size_t used = 2 + past + half_after(r, at + 2 + past, w + n, &half);
	if (w[n] && !half)
		return 0;
	bool taken = half ? set_hour(r, atoi(w), 30, half) : set_bare(r, atoi(w), 30);
	return taken ? used : 0;
}

static bool is_o_clock(const char *w)
{
	return !strcmp(w, "o'clock") || !strcmp(w, "o\u2019clock") || !strcmp(w, "oclock");
}

/* "2", "2pm", "2 pm", "2 o'clock", "1400". */
static size_t take_number(struct reading *r, size_t at)
{
	const char *w = when_word(r, at);
	size_t n = strspn(w, "0123456789");
	enum half half;
	if (n == 4 && !w[4]) {
		if (!set_hour(r, atoi(w) / 100, atoi(w) % 100, NO_HALF))
			return 0;
		r->spare = true;
		return 1;
	}
	size_t used = 1 + half_after(r, at + 1, w + n, &half);
	if (n > 2 || (w[n] && !half))
		return 0;
	if (half)
		return set_hour(r, atoi(w), 0, half) ? used : 0;
	if (*w == '0' || !set_bare(r, atoi(w), 0))
		return 0;
	r->spare = !is_o_clock(when_word(r, at + 1));
	return used + !r->spare;
}

/* "0141 496 0123" is no time, nor is "2 3" of "2 3-day passes". */
static bool is_of_numbers(const struct reading *r, size_t taken)
{
	const char *next = when_word(r, taken);
	return !r->whole && r->spare && *next >= '0' && *next <= '9';
}

size_t when_take_hour(struct reading *r)
{
	size_t at = when_word_is(r, 0, "at"), n, digits;
	const char *w = when_word(r, at);
	digits = strspn(w, "0123456789");
	if (!strcmp(w, "noon") || !strcmp(w, "midday"))
		n = set_hour(r, 12, 0, NO_HALF);
	else if (!strcmp(w, "midnight"))
		n = midnight(r);
	else if (!strcmp(w, "half"))
		n = take_half(r, at);
	else if (digits && (w[digits] == ':' || w[digits] == '.'))
		n = take_minutes(r, at);
	else
		n = digits ? take_number(r, at) : 0;
	if (n && is_of_numbers(r, n + at)) {
		r->hour = -1;
		return 0;
	}
	return n ? n + at : 0;
}

/* --- parts of the day ------------------------------------------------------------------- */

static const struct when_part parts[] = {
	{"morning", 0, 11, "tomorrow morning 10"}, {"afternoon", 12, 18, "tomorrow afternoon 2"},
	{"evening", 17, 23, "tomorrow evening 7"}, {"night", 17, 23, "tomorrow night 9"},
	{"tonight", 17, 23, "tonight 7"},
};

static const struct when_part *part_from(const char *word)
{
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (!strcmp(parts[i].word, word))
			return &parts[i];
	return NULL;
}

/* Whether a time of day follows; what is read so far stays as it is. */
static bool hour_follows(const struct reading *r, size_t ahead)
{
	struct reading look = *r;
	look.d = NULL;
	look.at += ahead;
	return when_take_hour(&look) > 0;
}

size_t when_take_part(struct reading *r)
{
	size_t this = when_word_is(r, 0, "this");
	const struct when_part *part = part_from(when_word(r, this));
	bool today = this || (part && part == part_from("tonight"));
	if (!part || (this && part == part_from("tonight")) || today == r->has_day)
		return 0;
	if (r->hour < 0 && !hour_follows(r, 1 + this)) {
		if (r->whole) /* "tue evening class": there it is text */
			when_fault(r, ERR_INPUT, "\"%s\" needs its hour. Write it too, like %s.",
				   part->word, part->example);
		return 0;
	}
	r->part = part;
	if (today) {
		r->day = r->now;
		r->has_day = true;
	}
	return 1 + this;
}

/* --- bare hours ------------------------------------------------------------------------- */

/* 1 to 7 are in the afternoon, 8 to 11 in the morning, 12 is noon. */
static int waking_hour(int h)
{
	return h <= 7 ? h + 12 : h;
}

static bool in_part(const struct when_part *p, int hour)
{
	return hour >= p->from && hour <= p->to;
}

static void say_not_in_part(struct reading *r)
{
	struct buf said = BUF_INIT;
	when_say_clock((struct when){.hour = r->hour, .minute = r->minute}, &said);
	when_fault(r, ERR_INPUT, "%s does not go with \"%s\". Write the time alone, like 2pm.",
		   buf_text(&said), r->part->word);
	buf_fini(&said);
}

unsigned when_settle_hour(struct reading *r)
{
	int later = r->hour % 12 + 12;
	r->bare |= r->loose && r->part;
	if (r->bare && r->part && in_part(r->part, later))
		r->hour = later;
	else if (r->bare && !r->part)
		r->hour = waking_hour(r->hour);
	if (r->part && !in_part(r->part, r->hour))
		say_not_in_part(r);
	if (!r->bare || r->err)
		return 0;
	if (r->hour == 12 && r->minute == 0)
		return WHEN_TAKEN_NOON;
	return r->hour >= 12 ? WHEN_TAKEN_PM : WHEN_TAKEN_AM;
}

/* --- nearly a time or a date ------------------------------------------------------------ */

bool when_looks_like_hour(const char *w)
{
	size_t n = strspn(w, "0123456789"), all = strspn(w, "0123456789:.-");
	if (!n)
		return false;
	if (w[all])
		return half_from(w + all) != NO_HALF;
	return strchr(w, ':') || (w[n] == '.' && strspn(w + n + 1, "0123456789") == 2 && !w[n + 3]);
}

bool when_looks_like_date(const char *w)
{
	return strspn(w, "0123456789") && strchr(w, '/') && !w[strspn(w, "0123456789/")];
}

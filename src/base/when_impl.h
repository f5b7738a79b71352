/* SPDX-License-Identifier: MIT
 *
 * What the readers of date words share: the words as typed, and what was understood so far.
 * A rule looks at the words from r->at on and answers how many it took; 0 is "not mine".  A
 * rule that knows its words and finds that they cannot be puts a sentence into r->d by
 * when_fault, and nothing is read any further.
 */
#ifndef WHEN_IMPL_H
#define WHEN_IMPL_H

#include <linkbook/when.h>

enum { WHEN_WORDS = 14, WHEN_WORD = 96, WHEN_QUOTED = 32 };

/* Parts of the day: the hours that go with the word. */
struct when_part {
	const char *word;
	int from, to; /* the last hour included */
	const char *example;
};

struct reading {
	char words[WHEN_WORDS][WHEN_WORD]; /* small letters, a full stop at the end off */
	size_t starts[WHEN_WORDS]; /* where each begins in what was typed */
	size_t count, at;
	bool more; /* than there is room for */
	bool whole; /* all of it is to be read, not the start only */

	struct when now, day;
	enum when_way way;
	bool has_day, year_said;
	long other; /* days since 1970 of another reading, 0: none */
	char other_words[16];

	int hour, minute; /* hour -1: none said */
	bool bare; /* it may be am or pm */
	bool loose; /* only a part of the day makes it so: 11:45 */
	bool spare; /* it is written like any number */
	const struct when_part *part; /* or NULL */

	struct diag *d;
	enum err err;
};

/* The word so many on, "" beyond the last. */
const char *when_word(const struct reading *r, size_t ahead);
bool when_word_is(const struct reading *r, size_t ahead, const char *word);
/* Up to four digits and nothing else. */
bool when_whole_number(const char *text, int *out);
void when_fault(struct reading *r, enum err e, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* A word as it may stand in a sentence: cleaned and clipped; in a buffer that the next call
 * uses again. */
const char *when_quote(const char *word);

/* --- said (when.c) ---------------------------------------------------------------------- */
/* when_say without how far away that is. */
void when_say_plain(struct when w, struct when now, struct buf *out);

/* --- days (when_day.c) ------------------------------------------------------------------ */
size_t when_take_day(struct reading *r);
/* "25", "25th"; 0: neither. */
int when_day_of_month(const char *word);

/* --- times of day (when_hour.c) --------------------------------------------------------- */
size_t when_take_hour(struct reading *r);
/* "morning", "this afternoon", "tonight": only beside an hour, which it settles. */
size_t when_take_part(struct reading *r);
/* Settles a bare hour; the note to go with it (of enum when_note). */
unsigned when_settle_hour(struct reading *r);
/* Whether a word is written like a time of day ("25pm", "14:75"), or like a date ("31/2"). */
bool when_looks_like_hour(const char *word);
bool when_looks_like_date(const char *word);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Who types: random keys, what they come to (a small model of a field: letters and a cursor),
 * and when each was typed.
 */
#ifndef TYPING_TYPIST_H
#define TYPING_TYPIST_H

#include <linkbook/buf.h>
#include <linkbook/seam.h>

enum { STROKES_MOST = 200, LETTERS_MOST = 2000 };

struct typist {
	struct seam draw; /* random numbers */
	bool lines; /* Enter is a line's end (in a note) */
	bool application; /* arrows are sent as this terminal does while a program has it */
	uint32_t text[LETTERS_MOST];
	size_t length, cursor;
	const char *rest; /* of a word that is being typed */
	bool paste_next; /* the next stroke begins a paste */
	unsigned pasting; /* pieces of a paste that are still to come, and its end */
	/* The text after each stroke; [0] is before the first. */
	struct buf after[STROKES_MOST + 1];
	int64_t at[STROKES_MOST + 1]; /* on the program's clock */
	size_t strokes;
};

void typist_init(struct typist *t, uint64_t seed);
void typist_fini(struct typist *t);
unsigned typist_draw(struct typist *t, unsigned below);
/* The bytes of one more stroke, typed at `now`. */
void typist_stroke(struct typist *t, int64_t now, struct buf *bytes);
/* Whether it is the text after some stroke from `first` to the last. */
bool typist_wrote(const struct typist *t, size_t first, struct span text);
/* The same of nothing but blanks, of which no draft is kept. */
bool typist_wrote_nothing(const struct typist *t, size_t first);

/* Words that are nowhere but in what is typed; NULL ends. */
extern const char *const typist_words[];

#endif

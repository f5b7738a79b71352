/* SPDX-License-Identifier: MIT
 *
 * Looks at every byte that goes out to a terminal or a pipe: nothing may be among it that came
 * out of somebody's data and that a terminal obeys, that shows nothing, or that turns words
 * round.
 */
#ifndef WATCH_H
#define WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What may be among the text. */
enum watching {
	WATCH_LINES, /* lines of text: no control but the end of a line */
	WATCH_SCREEN, /* what curses sends: its own sequences, and no joiners or selectors */
};

struct watch {
	enum watching how;
	/* where in a sequence, or in a letter */
	enum { AT_TEXT, AT_ESC, AT_CSI, AT_OSC, AT_CHARSET } at;
	char params[12]; /* of a sequence, the first of them */
	uint32_t letter; /* so far */
	int more; /* bytes of it still to come */
	uint32_t least; /* the smallest that may be written in so many */
	uint32_t before; /* the letter before */
	int marks; /* on the letter before */
	size_t leaks;
	char first[64]; /* the first one, in words */
};

void watch_start(struct watch *w, enum watching how);
void watch_bytes(struct watch *w, const char *bytes, size_t n);
/* A letter may not end in the middle either. */
void watch_end(struct watch *w);

#endif

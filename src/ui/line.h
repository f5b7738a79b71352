/* SPDX-License-Identifier: MIT
 *
 * A line that is being written on a terminal (line.c).
 */
#ifndef LINE_H
#define LINE_H

#include <stdbool.h>
#include <stdio.h>
#include <linkbook/buf.h>

struct line {
	int in; /* a terminal; -1: none */
	FILE *out;
	bool echo; /* a passphrase is not to stand on the screen */
	struct buf text; /* what is there of it, UTF-8 as it came */
	uint8_t sequence; /* the first byte of one that is under way, or 0 */
};

/* Takes over the terminal's own editing, where in is one; line_close gives it back.  Both may be
 * called again. */
void line_open(struct line *l, int in, FILE *out);
void line_close(struct line *l);

enum line_came {
	LINE_GOES_ON,
	LINE_ENDED, /* text is all of it; line_clear is due */
	LINE_KEY, /* a key that is no letter */
	LINE_GONE, /* ^D where nothing is written: nothing more will come */
};
/* One byte that arrived; key: PRESS_... */
enum line_came line_take(struct line *l, uint8_t byte, int *key);
/* All that has arrived is taken: an Esc that nothing follows is the key. */
enum line_came line_rest(struct line *l, int *key);
/* Forgets the text. */
void line_clear(struct line *l);

#endif

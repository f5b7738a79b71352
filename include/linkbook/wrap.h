/* SPDX-License-Identifier: MIT
 *
 * Text broken into rows: at newlines, else at the last blank that fits, else (a word longer
 * than a row) between two graphemes.  Blanks never start a row; they hang over its end.
 *
 * Rows cover the text exactly: each begins where the one before ended, or one byte on when
 * that one ended in a newline.
 */
#ifndef LINKBOOK_WRAP_H
#define LINKBOOK_WRAP_H

#include <stddef.h>
#include <linkbook/buf.h>

struct wrap_row {
	size_t from, to; /* bytes; the newline is in no row */
};

/* Zero-initialise.  There is always one row, if an empty one. */
struct wrap {
	struct wrap_row *rows;
	size_t count, cap;
};

void wrap_text(struct span text, int width, struct wrap *out);
void wrap_fini(struct wrap *w);
/* The row that a byte is in; at a soft break the later one. */
size_t wrap_find(const struct wrap *w, size_t at);
/* Text of a row without the blanks at its end; borrowed from text. */
struct span wrap_row_text(const struct wrap *w, struct span text, size_t row);

#endif

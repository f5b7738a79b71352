/* SPDX-License-Identifier: MIT
 *
 * A book on real files in memory, for the targets that write into one.  It is made anew for
 * the next input when one has changed it, so that each stands alone.
 */
#ifndef BOOK_GROUND_H
#define BOOK_GROUND_H

#include "fuzz.h"

#include <linkbook/book.h>

struct ground {
	struct seam seam;
	char dir[200];
	struct book *book;
	struct id mairi, ada, note, directory; /* what is in it */
	struct hash mark; /* over both of its hashes, as it was made */
};

/* The book, open, as it was made. */
struct ground *ground_open(void);
/* It was written into: the next input gets another. */
void ground_spoil(void);
/* Closed and opened again on the same files. */
void ground_reopen(struct ground *g);
struct hash ground_mark(const struct ground *g);
/* Everything that reads, over everything that there is. */
void ground_read_all(const struct ground *g);

#endif

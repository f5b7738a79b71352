/* SPDX-License-Identifier: MIT
 *
 * What the files of this room share and nobody else may see: the list of mistakes, which is
 * told only at the end so that it comes in the order of the file, and the sieve, which goes
 * over the raw bytes before libyaml does, and the tree while it grows.  No type of libyaml
 * appears here.
 */
#ifndef LINKBOOK_YROOM_H
#define LINKBOOK_YROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linkbook/buf.h>
#include <linkbook/err.h>
#include <linkbook/ydoc.h>

struct place {
	unsigned line, column; /* from 1 */
};

/* --- mistakes (ysay.c) -------------------------------------------------------------------- */

enum { MISTAKES_MOST = 100 };

struct mistakes {
	const char *file; /* borrowed */
	struct diag found;
	bool more; /* there were others beyond MISTAKES_MOST */
};

void mistake_add(struct mistakes *m, unsigned line, unsigned column, const char *fmt, ...)
	PRINTF_LIKE(4, 5);
/* Hands everything to d in the order of the file, and empties m.  How many there were. */
size_t mistakes_tell(struct mistakes *m, struct diag *d);
/* What to write, for the reason libyaml gives; never NULL. */
const char *syntax_advice(const char *problem);
/* A piece of the file as it may stand in a sentence: one line, not too long.  Returns
 * buf_text(out). */
const char *text_show(const char *text, struct buf *out);

/* --- the sieve (ysieve.c) ----------------------------------------------------------------- */

struct sieve {
	struct buf bytes; /* for libyaml: valid UTF-8, a mistaken character is U+FFFD */
	struct place *tabs; /* of each line, the first among the blanks that begin it */
	size_t tab_count, tab_cap;
	bool in_bad; /* the last byte was no UTF-8: a run of them is one mistake */
};

/* Fills out; false when there is no sense in going on.  sieve_fini is due either way. */
bool sieve_read(struct span in, struct sieve *out, struct mistakes *m);
void sieve_fini(struct sieve *s);
/* The first byte of the character at a place; the line's end, or 0, beyond it. */
uint8_t sieve_byte(const struct sieve *s, struct place at);
/* The first character of a text (valid UTF-8 or not) that may not be kept, in *cp; false when
 * there is none. */
bool sieve_finds_bad(struct span text, uint32_t *cp);

/* --- the tree (ytree.c) ------------------------------------------------------------------- */

/* A list or a map whose end has not come yet. */
struct frame {
	struct ynode *node;
	struct ynode **items, **keys;
	size_t item_cap, key_cap;
	struct ynode *key; /* waits for its value */
};

/* Zero-initialise but for the first two. */
struct tree {
	struct ydoc *doc;
	struct mistakes *mistakes;
	struct frame frames[YDOC_DEPTH];
	size_t depth, nodes;
	bool full; /* a bound was passed, and said: take no more */
};

void tree_add_text(struct tree *t, struct place at, struct span raw, bool quoted);
/* Where an alias stood: said already, and only there to keep the tree in order. */
void tree_add_dummy(struct tree *t, struct place at);
void tree_open(struct tree *t, enum ynode_kind kind, struct place at);
void tree_close(struct tree *t);
/* Looks through what was never closed, too, and frees it. */
void tree_fini(struct tree *t);

#endif

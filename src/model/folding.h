/* SPDX-License-Identifier: MIT
 *
 * One record being folded, as the files of the fold share it: ancestry.c places the changes,
 * fold.c finds what stands in each field, fold_whole.c what holds for the record.
 */
#ifndef FOLDING_H
#define FOLDING_H

#include "model.h"

/* One change, placed. */
struct node {
	struct hash id;
	const struct change *change;
	bool whole; /* its whole ancestry is here */
	bool superseded_seed;
	uint64_t *knows; /* bits over nodes: its ancestry and itself */
};

/* Which pairs of change and field are undone by the undos among some changes (undo.c). */
struct undo_index {
	struct undo_link *v; /* by the pair that is undone */
	size_t count;
	uint8_t *fate; /* of the pair that begins here */
	size_t *next; /* how many of its undos were looked at */
	size_t *path; /* pairs that are being decided */
	size_t work; /* undos looked at so far */
};

struct folding {
	struct node *nodes; /* sorted by id */
	size_t count, words;
	size_t *order; /* whole nodes, parents first */
	size_t whole;
	struct undo_index *undone; /* by the whole ones */
};

/* --- undo.c --- */
/* The changes are borrowed until undo_index_fini. */
void undo_index_init(struct undo_index *x, const struct fold_input *in, size_t count);
bool undo_index_has(struct undo_index *x, const struct hash *change, struct span field);
void undo_index_fini(struct undo_index *x);

/* --- ancestry.c --- */
/* Places the changes: sorted, each once, what is whole with all that it knew. */
void folding_init(struct folding *f, const struct fold_input *in, size_t count);
void folding_fini(struct folding *f);
/* True when node a knew node b, or is it; both are whole. */
bool knows(const struct folding *f, size_t a, size_t b);
bool is_undone(const struct folding *f, size_t node, struct span field);
/* The mark of a change is undone under the empty name. */
bool has_live_mark(const struct folding *f, size_t node, enum mark mark);

/* --- fold.c --- */
void fold_fields(const struct folding *f, struct state *out);

/* --- fold_whole.c --- */
/* Heads, what stands beside, type, stamp and marks. */
void fold_whole(const struct folding *f, struct state *out);

#endif

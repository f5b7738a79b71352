/* SPDX-License-Identifier: MIT
 *
 * Which parts of a record's changes are undone.
 *
 * An undo is undone by a redo, that one by the next undo: each names a change made before it,
 * and ids are hashes, so this ends.  Undos can be piled on one another in lattices, by whoever
 * has a store's key, where the ways through double with every layer: each pair of change and
 * field is therefore decided once and remembered, and without recursion.
 */
#include "folding.h"

#include <linkbook/mem.h>

#include <stdlib.h>

enum { NOT_ASKED, ASKED, STANDS, UNDONE };

/* One pair that one undo names. */
struct undo_link {
	struct hash change; /* whose part is undone */
	struct span field;
	struct hash by;
};

static int link_order(const struct undo_link *a, const struct hash *change, struct span field)
{
	int order = hash_order(&a->change, change);
	return order ? order : name_order(a->field, field);
}

static int link_sort(const void *a, const void *b)
{
	const struct undo_link *y = b;
	return link_order(a, &y->change, y->field);
}

/* The first link of a pair; x->count when no undo names it. */
static size_t find_pair(const struct undo_index *x, const struct hash *change, struct span field)
{
	size_t low = 0, high = x->count;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (link_order(&x->v[mid], change, field) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < x->count && !link_order(&x->v[low], change, field) ? low : x->count;
}

void undo_index_init(struct undo_index *x, const struct fold_input *in, size_t count)
{
	size_t cap = 0;
	*x = (struct undo_index){0};
	for (size_t i = 0; i < count; i++)
		for (size_t u = 0; u < in[i].change->undo_count; u++) {
			const struct undone *pair = &in[i].change->undoes[u];
			x->v = mem_room(x->v, x->count, &cap, sizeof *x->v);
			x->v[x->count++] = (struct undo_link){pair->change, pair->field, in[i].id};
		}
	if (x->count)
		qsort(x->v, x->count, sizeof *x->v, link_sort);
	x->fate = mem_alloc_many(x->count, sizeof *x->fate);
	x->next = mem_alloc_many(x->count, sizeof *x->next);
	x->path = mem_alloc_many(x->count, sizeof *x->path);
}

void undo_index_fini(struct undo_index *x)
{
	free(x->v);
	free(x->fate);
	free(x->next);
	free(x->path);
	*x = (struct undo_index){0};
}

/* Looks at one more of the undos of the pair that begins at `first`: decided, or its own pair
 * is to be decided before and is put on the path. */
static void step(struct undo_index *x, size_t first, size_t *depth)
{
	size_t at = first + x->next[first];
	x->work++;
	if (at == x->count || link_sort(&x->v[at], &x->v[first])) {
		x->fate[first] = STANDS; /* every undo of it is undone */
		--*depth;
		return;
	}
	size_t by = find_pair(x, &x->v[at].by, x->v[at].field);
	if (by < x->count && x->fate[by] == NOT_ASKED) {
		x->fate[by] = ASKED;
		x->path[(*depth)++] = by;
	} else if (by == x->count || x->fate[by] == STANDS) {
		x->fate[first] = UNDONE;
		--*depth;
	} else {
		x->next[first]++;
	}
}

bool undo_index_has(struct undo_index *x, const struct hash *change, struct span field)
{
	size_t first = find_pair(x, change, field), depth = 0;
	if (first == x->count)
		return false;
	if (x->fate[first] == NOT_ASKED)
		x->path[depth++] = first;
	while (depth)
		step(x, x->path[depth - 1], &depth);
	return x->fate[first] == UNDONE;
}

bool fold_is_undone(const struct fold_input *in, size_t count, const struct hash *change,
		    struct span field)
{
	struct undo_index x;
	undo_index_init(&x, in, count);
	bool undone = undo_index_has(&x, change, field);
	undo_index_fini(&x);
	return undone;
}

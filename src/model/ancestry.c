/* SPDX-License-Identifier: MIT
 *
 * Which changes of a record count and what each knew.  Ancestry is a bit matrix over the
 * record's changes in an order where parents come first; every rule of the fold asks it only
 * "did this one know that one?".
 */
#include "folding.h"

#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>

bool knows(const struct folding *f, size_t a, size_t b)
{
	return f->nodes[a].knows[b / 64] >> (b % 64) & 1;
}

static int node_sort(const void *a, const void *b)
{
	const struct node *x = a, *y = b;
	return hash_order(&x->id, &y->id);
}

static size_t find_node(const struct folding *f, const struct hash *id)
{
	size_t low = 0, high = f->count;
	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = hash_order(&f->nodes[mid].id, id);
		if (!order)
			return mid;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return SIZE_MAX;
}

/* Sorted and each change once, however often it came. */
static void place(struct folding *f, const struct fold_input *in, size_t count)
{
	f->nodes = mem_alloc_many(count, sizeof *f->nodes);
	for (size_t i = 0; i < count; i++)
		f->nodes[i] = (struct node){.id = in[i].id, .change = in[i].change};
	if (count)
		qsort(f->nodes, count, sizeof *f->nodes, node_sort);
	for (size_t i = 0; i < count; i++)
		if (!f->count || !hash_equal(&f->nodes[f->count - 1].id, &f->nodes[i].id))
			f->nodes[f->count++] = f->nodes[i];
	f->words = f->count / 64 + 1;
}

/* True when all parents are placed already; then the node's ancestry is theirs together. */
static bool place_ancestry(struct folding *f, size_t i)
{
	struct node *n = &f->nodes[i];
	uint64_t *bits = mem_alloc_many(f->words, sizeof *bits);
	for (size_t p = 0; p < n->change->parent_count; p++) {
		size_t parent = find_node(f, &n->change->parents[p]);
		if (parent == SIZE_MAX || !f->nodes[parent].whole) {
			free(bits);
			return false;
		}
		for (size_t w = 0; w < f->words; w++)
			bits[w] |= f->nodes[parent].knows[w];
	}
	bits[i / 64] |= (uint64_t)1 << (i % 64);
	n->knows = bits;
	n->whole = true;
	f->order[f->whole++] = i;
	return true;
}

/* Rounds until nothing more has its whole ancestry; a record has few changes. */
static void find_ancestry(struct folding *f)
{
	f->order = mem_alloc_many(f->count, sizeof *f->order);
	for (size_t before = SIZE_MAX; before != f->whole;) {
		before = f->whole;
		for (size_t i = 0; i < f->count; i++)
			if (!f->nodes[i].whole)
				place_ancestry(f, i);
	}
}

/* Within a source, only the highest version (then the highest id) of a seed counts. */
static bool seed_newer(const struct node *a, const struct node *b)
{
	if (a->change->seed_version != b->change->seed_version)
		return a->change->seed_version > b->change->seed_version;
	return hash_order(&a->id, &b->id) > 0;
}

static void collect_undos(struct folding *f)
{
	f->undos = mem_alloc_many(f->whole, sizeof *f->undos);
	for (size_t o = 0; o < f->whole; o++) {
		const struct node *n = &f->nodes[f->order[o]];
		if (n->change->undo_count)
			f->undos[f->undo_count++] = (struct fold_input){n->id, n->change};
	}
}

static void settle_seeds(struct folding *f)
{
	for (size_t i = 0; i < f->count; i++)
		for (size_t j = 0; f->nodes[i].change->seed_source.n && j < f->count; j++)
			if (j != i &&
			    span_equal(f->nodes[i].change->seed_source,
				       f->nodes[j].change->seed_source) &&
			    seed_newer(&f->nodes[j], &f->nodes[i]))
				f->nodes[i].superseded_seed = true;
}

/* --- undo ------------------------------------------------------------------------------- */

bool is_undone(const struct folding *f, size_t node, struct span field)
{
	return f->undo_count && fold_is_undone(f->undos, f->undo_count, &f->nodes[node].id, field);
}

bool has_live_mark(const struct folding *f, size_t node, enum mark mark)
{
	return f->nodes[node].change->mark == mark && !is_undone(f, node, span_of("", 0));
}

void folding_init(struct folding *f, const struct fold_input *in, size_t count)
{
	*f = (struct folding){0};
	place(f, in, count);
	find_ancestry(f);
	settle_seeds(f);
	collect_undos(f);
}

void folding_fini(struct folding *f)
{
	for (size_t i = 0; i < f->count; i++)
		free(f->nodes[i].knows);
	free(f->nodes);
	free(f->order);
	free(f->undos);
}

/* SPDX-License-Identifier: MIT
 *
 * Which changes of a record count and what each knew.  Ancestry is a bit matrix over the
 * record's changes in an order where parents come first; every rule of the fold asks it only
 * "did this one know that one?".
 */
#include "folding.h"

#include <linkbook/mem.h>
#include <linkbook/mutant.h>

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

/* From a change to one that names it as a parent. */
struct edge {
	size_t parent, child;
};
struct edges {
	struct edge *v; /* by parent */
	size_t count, cap;
	size_t *missing; /* by node: parents that are not placed yet, or never will be */
};

static int edge_sort(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;
	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	return (x->child > y->child) - (x->child < y->child);
}

static void find_edges(const struct folding *f, struct edges *e)
{
	e->missing = mem_alloc_many(f->count, sizeof *e->missing);
	for (size_t i = 0; i < f->count; i++) {
		const struct change *c = f->nodes[i].change;
		e->missing[i] = c->parent_count;
		for (size_t p = 0; p < c->parent_count; p++) {
			size_t parent = find_node(f, &c->parents[p]);
			if (parent == SIZE_MAX) {
				e->missing[i] -= mutant(MUTANT_HEADS_INCOMPLETE);
				continue;
			}
			e->v = mem_room(e->v, e->count, &e->cap, sizeof *e->v);
			e->v[e->count++] = (struct edge){parent, i};
		}
	}
	if (e->count)
		qsort(e->v, e->count, sizeof *e->v, edge_sort);
}

static size_t first_edge(const struct edges *e, size_t parent)
{
	size_t low = 0, high = e->count;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (e->v[mid].parent < parent)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* All its parents are placed; its ancestry is theirs together, and itself. */
static void place_node(struct folding *f, size_t i)
{
	struct node *n = &f->nodes[i];
	n->knows = mem_alloc_many(f->words, sizeof *n->knows);
	for (size_t p = 0; p < n->change->parent_count; p++) {
		size_t parent = find_node(f, &n->change->parents[p]);
		for (size_t w = 0; parent != SIZE_MAX && w < f->words; w++)
			n->knows[w] |= f->nodes[parent].knows[w];
	}
	n->knows[i / 64] |= (uint64_t)1 << (i % 64);
	n->whole = true;
	f->order[f->whole++] = i;
}

/* What is placed frees its children; what names a parent that is not here is never placed. */
static void find_ancestry(struct folding *f)
{
	struct edges e = {0};
	f->order = mem_alloc_many(f->count, sizeof *f->order);
	find_edges(f, &e);
	for (size_t i = 0; i < f->count; i++)
		if (!e.missing[i])
			place_node(f, i);
	for (size_t at = 0; at < f->whole; at++) {
		size_t parent = f->order[at];
		for (size_t k = first_edge(&e, parent); k < e.count && e.v[k].parent == parent; k++)
			if (!--e.missing[e.v[k].child])
				place_node(f, e.v[k].child);
	}
	free(e.v);
	free(e.missing);
}

/* Within a source, only the highest version (then the highest id) of a seed counts. */
static bool seed_newer(const struct node *a, const struct node *b)
{
	if (a->change->seed_version != b->change->seed_version)
		return (a->change->seed_version > b->change->seed_version) !=
		       mutant(MUTANT_OLD_SEED_WINS);
	return hash_order(&a->id, &b->id) > 0;
}

static void collect_undos(struct folding *f)
{
	struct fold_input *undos = mem_alloc_many(f->whole, sizeof *undos);
	size_t count = 0;
	for (size_t o = 0; o < f->whole; o++) {
		const struct node *n = &f->nodes[f->order[o]];
		if (n->change->undo_count)
			undos[count++] = (struct fold_input){n->id, n->change};
	}
	f->undone = mem_alloc(sizeof *f->undone);
	undo_index_init(f->undone, undos, count);
	free(undos);
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
	return undo_index_has(f->undone, &f->nodes[node].id, field);
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
	undo_index_fini(f->undone);
	free(f->undone);
}

/* SPDX-License-Identifier: MIT
 *
 * What holds for a record as a whole: its heads, what waits beside, its type, and the marks.
 */
#include "folding.h"

#include <linkbook/mem.h>
#include <linkbook/mutant.h>

#include <stdlib.h>

/* It stays one when it is undone: what somebody wrote must not vanish by a detour. */
static bool is_edit(const struct node *n)
{
	if (n->change->has_unknown || n->change->seed_source.n)
		return false;
	return n->change->op_count || n->change->mark == MARK_UNBIN ||
	       n->change->mark == MARK_AMEND;
}

/* What became of a bin: it stands, was beaten by an edit made without seeing it, or was taken
 * out again by somebody who saw it. */
enum bin_fate { BIN_STANDS, BIN_BEATEN, BIN_LIFTED };

static enum bin_fate fate_of(const struct folding *f, size_t bin)
{
	enum bin_fate fate = BIN_STANDS;
	for (size_t o = 0; o < f->whole && fate != BIN_LIFTED; o++) {
		size_t edit = f->order[o];
		if (is_edit(&f->nodes[edit]) && !knows(f, bin, edit))
			fate = knows(f, edit, bin)	       ? BIN_LIFTED
			       : mutant(MUTANT_BIN_BEATS_EDIT) ? BIN_STANDS
							       : BIN_BEATEN;
	}
	return fate;
}

static int bin_sort(const void *a, const void *b)
{
	const struct state_bin *x = a, *y = b;
	int order = id_order(&x->step, &y->step);
	order = order ? order : x->lifted - y->lifted;
	return order ? order : x->beaten - y->beaten;
}

/* Two bins of one step in one record say the same; the one that stands is kept. */
static void find_bins(const struct folding *f, struct state *out)
{
	struct state_bin *v = mem_alloc_many(f->whole, sizeof *v);
	size_t n = 0;
	for (size_t o = 0; o < f->whole; o++) {
		size_t bin = f->order[o];
		if (!has_live_mark(f, bin, MARK_BIN))
			continue;
		enum bin_fate fate = fate_of(f, bin);
		v[n++] = (struct state_bin){f->nodes[bin].change->step, fate == BIN_BEATEN,
					    fate == BIN_LIFTED};
		out->binned |= fate == BIN_STANDS;
	}
	if (n)
		qsort(v, n, sizeof *v, bin_sort);
	for (size_t i = 0; i < n; i++)
		if (!i || !id_equal(&v[i].step, &v[i - 1].step))
			v[out->bin_count++] = v[i];
	out->bins = v;
}

static bool is_head(const struct folding *f, size_t i)
{
	for (size_t o = 0; o < f->whole; o++)
		if (f->order[o] != i && knows(f, f->order[o], i))
			return false;
	return true;
}

static bool any_live(const struct folding *f, enum mark mark)
{
	for (size_t o = 0; o < f->whole; o++)
		if (has_live_mark(f, f->order[o], mark))
			return true;
	return false;
}

void fold_whole(const struct folding *f, struct state *out)
{
	out->heads = mem_alloc_many(f->whole, sizeof *out->heads);
	out->beside = mem_alloc_many(f->count - f->whole, sizeof *out->beside);
	for (size_t i = 0; i < f->count; i++) {
		const struct node *n = &f->nodes[i];
		out->has_unknown |= n->change->has_unknown;
		if (!n->whole) {
			out->beside[out->beside_count++] = n->id;
			continue;
		}
		if (is_head(f, i))
			out->heads[out->head_count++] = n->id;
		if (n->change->stamp > out->stamp || !out->type)
			out->stamp = n->change->stamp;
		if (!out->type)
			out->type = mem_text_n((const char *)n->change->type.p, n->change->type.n);
	}
	/* With nothing whole there is still a type to file it under. */
	if (!out->type && f->count)
		out->type = mem_text_n((const char *)f->nodes[0].change->type.p,
				       f->nodes[0].change->type.n);
	find_bins(f, out);
	out->finished = any_live(f, MARK_FINISH);
	out->restricted = any_live(f, MARK_RESTRICT);
	out->struck = any_live(f, MARK_STRIKE);
}

/* SPDX-License-Identifier: MIT
 *
 * What holds for a record as a whole: its heads, what waits beside, its type, and the marks.
 */
#include "folding.h"

#include <linkbook/mem.h>

/* It stays one when it is undone: what somebody wrote must not vanish by a detour. */
static bool is_edit(const struct node *n)
{
	if (n->change->has_unknown || n->change->seed_source.n)
		return false;
	return n->change->op_count || n->change->mark == MARK_UNBIN ||
	       n->change->mark == MARK_AMEND;
}

/* Binned when some bin stands: no edit or unbin that it had not seen. */
static bool is_binned(const struct folding *f)
{
	for (size_t i = 0; i < f->whole; i++) {
		size_t bin = f->order[i];
		if (!has_live_mark(f, bin, MARK_BIN))
			continue;
		bool stands = true;
		for (size_t j = 0; stands && j < f->whole; j++)
			stands = knows(f, bin, f->order[j]) || !is_edit(&f->nodes[f->order[j]]);
		if (stands)
			return true;
	}
	return false;
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
	out->binned = is_binned(f);
	out->finished = any_live(f, MARK_FINISH);
	out->restricted = any_live(f, MARK_RESTRICT);
	out->struck = any_live(f, MARK_STRIKE);
}

/* SPDX-License-Identifier: MIT
 *
 * The fold of one record: what stands in each of its fields.
 */
#include "folding.h"

#include <linkbook/mem.h>
#include <linkbook/mutant.h>

#include <stdlib.h>
#include <string.h>

/* --- what stands ------------------------------------------------------------------------ */

/* An op of a counting change, and whose it is. */
struct told {
	size_t node;
	const struct op *op;
};

static bool same_source(const struct change *a, const struct change *b)
{
	return a->seed_source.n && span_equal(a->seed_source, b->seed_source);
}

static bool has_op(const struct change *c, const struct op *like)
{
	for (size_t i = 0; i < c->op_count; i++) {
		const struct op *op = &c->ops[i];
		if (op->kind == like->kind && span_equal(op->field, like->field) &&
		    id_equal(&op->row, &like->row) && span_equal(op->value, like->value))
			return true;
	}
	return false;
}

/* A newer seed that says again what the editor had seen the older one say is no news to the
 * editor: it does not stand against the edit. */
static bool saw_the_same_seeded(const struct folding *f, size_t editor, const struct told *seed)
{
	const struct change *c = f->nodes[seed->node].change;
	for (size_t s = 0; c->seed_source.n && s < f->count; s++)
		if (knows(f, editor, s) && same_source(f->nodes[s].change, c) &&
		    has_op(f->nodes[s].change, seed->op))
			return true;
	return false;
}

static bool supersedes(const struct folding *f, const struct told *a, const struct told *b)
{
	if (a->node == b->node)
		return false;
	return knows(f, a->node, b->node) || saw_the_same_seeded(f, a->node, b);
}

int said_sort(const void *a, const void *b)
{
	const struct said *x = a, *y = b;
	if (x->stamp != y->stamp)
		return x->stamp > y->stamp ? -1 : 1;
	if (mutant(MUTANT_STAMP_BY_ARRIVAL) && mutant_side)
		return hash_order(&x->change, &y->change);
	return -hash_order(&x->change, &y->change);
}

/* Struck is what a striker had seen; what came by another way stays unstruck and is raised. */
static bool is_struck(const struct folding *f, size_t node)
{
	for (size_t o = 0; o < f->whole; o++)
		if (knows(f, f->order[o], node) && has_live_mark(f, f->order[o], MARK_STRIKE))
			return true;
	return false;
}

static struct said say(const struct folding *f, const struct told *t)
{
	const struct node *n = &f->nodes[t->node];
	return (struct said){n->id, n->change->stamp, t->op->value, is_struck(f, t->node)};
}

/* The values that no other of the told superseded, the one to show first. */
static struct said *standing(const struct folding *f, const struct told *v, size_t n, size_t *count)
{
	struct said *said = mem_alloc_many(n, sizeof *said);
	*count = 0;
	for (size_t i = 0; i < n; i++) {
		bool stands = true;
		for (size_t j = 0; stands && j < n; j++)
			stands = !supersedes(f, &v[j], &v[i]);
		if (stands)
			said[(*count)++] = say(f, &v[i]);
	}
	qsort(said, *count, sizeof *said, said_sort);
	if (mutant(MUTANT_LAST_WRITER_WINS) && *count)
		*count = 1;
	return said;
}

/* All ops of one field, of every counting change, in node order. */
static struct told *tell(const struct folding *f, struct span field, size_t *count)
{
	struct told *v = NULL;
	size_t cap = 0;
	*count = 0;
	for (size_t o = 0; o < f->whole; o++) {
		const struct node *n = &f->nodes[f->order[o]];
		for (size_t k = 0; !n->superseded_seed && k < n->change->op_count; k++) {
			const struct op *op = &n->change->ops[k];
			if (!span_equal(op->field, field) || is_undone(f, f->order[o], op->field))
				continue;
			v = mem_room(v, *count, &cap, sizeof *v);
			v[(*count)++] = (struct told){f->order[o], op};
		}
	}
	return v;
}

static struct told *tell_kind(const struct told *all, size_t n, enum op_kind kind,
			      const struct id *row, size_t *count)
{
	struct told *v = mem_alloc_many(n, sizeof *v);
	*count = 0;
	for (size_t i = 0; i < n; i++)
		if (all[i].op->kind == kind && (!row || id_equal(&all[i].op->row, row)))
			v[(*count)++] = all[i];
	return v;
}

static void fold_register(const struct folding *f, const struct told *all, size_t n,
			  struct state_field *out)
{
	size_t sets;
	struct told *v = tell_kind(all, n, OP_SET, NULL, &sets);
	out->said = standing(f, v, sets, &out->count);
	out->conflict = said_differ(out->said, out->count);
	free(v);
}

/* What was taken off a seeded set stays off when a newer seed says it again. */
static bool removes(const struct folding *f, const struct told *remover, const struct told *add)
{
	if (remover->op->kind != OP_REMOVE || !span_equal(remover->op->value, add->op->value))
		return false;
	return hash_equal(&remover->op->seen, &f->nodes[add->node].id) ||
	       mutant(MUTANT_REMOVE_WINS_SET) || saw_the_same_seeded(f, remover->node, add);
}

static bool removed(const struct folding *f, const struct told *add, const struct told *all,
		    size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (removes(f, &all[i], add))
			return true;
	return false;
}

int said_member_sort(const void *a, const void *b)
{
	const struct said *x = a, *y = b;
	int order = span_order(x->value, y->value);
	return order ? order : said_sort(a, b);
}

static void fold_set(const struct folding *f, const struct told *all, size_t n,
		     struct state_field *out)
{
	out->kind = SLOT_SET;
	out->said = mem_alloc_many(n, sizeof *out->said);
	for (size_t i = 0; i < n; i++)
		if (all[i].op->kind == OP_ADD && !removed(f, &all[i], all, n))
			out->said[out->count++] = say(f, &all[i]);
	qsort(out->said, out->count, sizeof *out->said, said_member_sort);
}

static int64_t row_place(const struct folding *f, const struct told *all, size_t n,
			 const struct id *row)
{
	size_t places, count;
	int64_t place = 0;
	struct told *v = tell_kind(all, n, OP_ROW_PLACE, row, &places);
	struct said *said = standing(f, v, places, &count);
	if (!count || !value_is_int(said[0].value, &place))
		place = 0;
	free(said);
	free(v);
	return place;
}

/* A removal that had not seen an edit leaves the edit standing beside it: the row stays. */
static void fold_row(const struct folding *f, const struct told *all, size_t n,
		     const struct id *row, struct state_field *out)
{
	size_t cells, live = 0;
	struct state_row r = {.id = *row};
	struct told *v = tell_kind(all, n, OP_ROW, row, &cells);
	r.said = standing(f, v, cells, &r.count);
	for (size_t i = 0; i < r.count; i++)
		live += !value_is_null(r.said[i].value);
	free(v);
	if (!live || (live < r.count && mutant(MUTANT_REMOVE_WINS_ROW))) {
		free(r.said);
		return;
	}
	for (size_t i = 0; value_is_null(r.said[0].value) && i + 1 < r.count; i++) {
		struct said gone = r.said[0]; /* show what is there before what was taken away */
		memmove(r.said, r.said + 1, (r.count - 1) * sizeof *r.said);
		r.said[r.count - 1] = gone;
	}
	r.place = row_place(f, all, n, row);
	out->conflict |= said_differ(r.said, r.count);
	out->rows[out->row_count++] = r;
}

int state_row_sort(const void *a, const void *b)
{
	const struct state_row *x = a, *y = b;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return id_order(&x->id, &y->id);
}

static void fold_rows(const struct folding *f, const struct told *all, size_t n,
		      struct state_field *out)
{
	out->kind = SLOT_ROWS;
	out->rows = mem_alloc_many(n, sizeof *out->rows);
	for (size_t i = 0; i < n; i++) {
		bool first = all[i].op->kind == OP_ROW;
		for (size_t j = 0; first && j < i; j++)
			first = all[j].op->kind != OP_ROW ||
				!id_equal(&all[j].op->row, &all[i].op->row);
		if (first)
			fold_row(f, all, n, &all[i].op->row, out);
	}
	qsort(out->rows, out->row_count, sizeof *out->rows, state_row_sort);
}

static void fold_field(const struct folding *f, struct span name, struct state *out)
{
	size_t n;
	struct told *all = tell(f, name, &n);
	if (!n)
		return; /* all of it is undone */
	struct state_field field = {.name = mem_text_n((const char *)name.p, name.n)};
	enum op_kind kind = all[0].op->kind;
	if (kind == OP_SET)
		fold_register(f, all, n, &field);
	else if (kind == OP_ADD || kind == OP_REMOVE)
		fold_set(f, all, n, &field);
	else
		fold_rows(f, all, n, &field);
	free(all);
	out->fields[out->field_count++] = field;
}

static int name_sort(const void *a, const void *b)
{
	return name_order(*(const struct span *)a, *(const struct span *)b);
}

void fold_fields(const struct folding *f, struct state *out)
{
	struct span *names = NULL;
	size_t count = 0, cap = 0;
	for (size_t o = 0; o < f->whole; o++) {
		const struct node *n = &f->nodes[f->order[o]];
		for (size_t k = 0; !n->superseded_seed && k < n->change->op_count; k++) {
			names = mem_room(names, count, &cap, sizeof *names);
			names[count++] = n->change->ops[k].field;
		}
	}
	if (count)
		qsort(names, count, sizeof *names, name_sort);
	out->fields = mem_alloc_many(count, sizeof *out->fields);
	for (size_t i = 0; i < count; i++)
		if (!i || !span_equal(names[i], names[i - 1]))
			fold_field(f, names[i], out);
	free(names);
}

void fold_record(const struct id *record, const struct fold_input *in, size_t count,
		 struct state *out)
{
	struct folding f;
	*out = (struct state){.record = *record};
	folding_init(&f, in, count);
	fold_whole(&f, out);
	fold_fields(&f, out);
	if (!out->type)
		out->type = mem_text("");
	folding_fini(&f);
}

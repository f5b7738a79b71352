/* SPDX-License-Identifier: MIT
 *
 * One record as it must be and as it is: heads, what stands beside, every value of every field
 * with the change that said it, marks and the bin.
 */
#include "sim.h"

struct telling { /* an op that counts, and whose it is */
	size_t change;
	const struct op *op;
};
struct comparing {
	struct world *w;
	struct copy *c;
	const struct known_record *r;
	struct bits whole;
	struct record is;
	struct telling *v; /* of the field being compared */
	size_t count, cap;
	struct span field;
};

static _Noreturn void differs(struct comparing *m, const char *what)
{
	char hex[ID_HEX];
	sim_fail(m->w, "copy %d: %s %.8s%s%.*s: %s", m->c->index,
		 m->r->kind ? m->r->kind->name : "record", id_to_hex(&m->r->id, hex),
		 m->field.n ? ", " : "", (int)m->field.n, (const char *)m->field.p, what);
}

static const struct known_change *whose(const struct comparing *m, const struct telling *t)
{
	return &m->w->changes[t->change];
}

/* --- what must stand -------------------------------------------------------------------- */

static bool replaces(const struct comparing *m, const struct telling *a, const struct telling *b)
{
	return a->change != b->change && oracle_saw(m->w, &m->whole, a->change, b->change, b->op);
}

static bool stands(const struct comparing *m, const struct telling *t)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct telling *o = &m->v[i];
		if (o->op->kind == t->op->kind && id_equal(&o->op->row, &t->op->row) &&
		    replaces(m, o, t))
			return false;
	}
	return true;
}

static bool is_later(const struct comparing *m, const struct telling *a, const struct telling *b)
{
	const struct known_change *x = whose(m, a), *y = whose(m, b);
	if (x->change.stamp != y->change.stamp)
		return x->change.stamp > y->change.stamp;
	return hash_order(&x->id, &y->id) > 0;
}

static void collect(struct comparing *m)
{
	struct world *w = m->w;
	m->count = 0;
	for (size_t i = 0; i < w->change_count; i++) {
		const struct change *c = &w->changes[i].change;
		if (!bits_has(&m->whole, i) || oracle_is_old_seed(w, &m->whole, i))
			continue;
		for (size_t k = 0; k < c->op_count; k++) {
			if (!span_equal(c->ops[k].field, m->field) ||
			    oracle_is_undone(w, &m->whole, i, m->field))
				continue;
			m->v = mem_room(m->v, m->count, &m->cap, sizeof *m->v);
			m->v[m->count++] = (struct telling){i, &c->ops[k]};
		}
	}
}

/* --- whether it does -------------------------------------------------------------------- */

static bool is_said(const struct comparing *m, const struct said *v, size_t n,
		    const struct telling *t)
{
	for (size_t i = 0; i < n; i++)
		if (hash_equal(&v[i].change, &whose(m, t)->id) &&
		    span_equal(v[i].value, t->op->value))
			return v[i].struck == oracle_is_struck(m->w, &m->whole, t->change);
	return false;
}

static void compare_first(struct comparing *m, const struct said *v, const struct telling *first)
{
	if (first && !hash_equal(&v[0].change, &whose(m, first)->id))
		differs(m, "not the newest value is shown first");
}

/* The ops that stand of one kind and row: all there, nothing else, the newest first. */
static size_t compare_said(struct comparing *m, enum op_kind kind, const struct id *row,
			   const struct said *v, size_t n)
{
	const struct telling *first = NULL, *any = NULL;
	size_t count = 0;
	for (size_t i = 0; i < m->count; i++) {
		const struct telling *t = &m->v[i];
		if (t->op->kind != kind || !id_equal(&t->op->row, row) || !stands(m, t))
			continue;
		count++;
		if (!is_said(m, v, n, t))
			differs(m, "a value that nobody who had seen it replaced does not stand");
		if (!any || is_later(m, t, any))
			any = t;
		if (!value_is_null(t->op->value) && (!first || is_later(m, t, first)))
			first = t;
	}
	if (count != n)
		differs(m, "a value stands that somebody who had seen it replaced");
	compare_first(m, v, kind == OP_ROW ? first : any);
	return count;
}

static bool all_equal(const struct said *v, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (!span_equal(v[i].value, v[0].value))
			return false;
	return true;
}

static void compare_register(struct comparing *m, const struct state_field *f)
{
	static const struct id none;
	compare_said(m, OP_SET, &none, f->said, f->count);
	if (f->conflict == all_equal(f->said, f->count))
		differs(m, "a conflict is not marked as what it is");
}

static void compare_set(struct comparing *m, const struct state_field *f)
{
	size_t count = 0;
	for (size_t i = 0; i < m->count; i++) {
		const struct telling *t = &m->v[i];
		if (t->op->kind != OP_ADD || !oracle_add_stands(m->w, &m->whole, t->change, t->op))
			continue;
		count++;
		if (!is_said(m, f->said, f->count, t))
			differs(m, "a member that nobody who had seen it removed is gone");
	}
	if (count != f->count)
		differs(m, "a member stands that somebody who had seen it removed");
}

static const struct state_row *row_of(const struct state_field *f, const struct id *id)
{
	for (size_t i = 0; f && i < f->row_count; i++)
		if (id_equal(&f->rows[i].id, id))
			return &f->rows[i];
	return NULL;
}

static int64_t place_of(const struct comparing *m, const struct id *row)
{
	const struct telling *first = NULL;
	int64_t place = 0;
	for (size_t i = 0; i < m->count; i++) {
		const struct telling *t = &m->v[i];
		if (t->op->kind == OP_ROW_PLACE && id_equal(&t->op->row, row) && stands(m, t) &&
		    (!first || is_later(m, t, first)))
			first = t;
	}
	return first && value_is_int(first->op->value, &place) ? place : 0;
}

static bool row_lives(const struct comparing *m, const struct id *row)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->v[i].op->kind == OP_ROW && id_equal(&m->v[i].op->row, row) &&
		    !value_is_null(m->v[i].op->value) && stands(m, &m->v[i]))
			return true;
	return false;
}

static void compare_rows(struct comparing *m, const struct state_field *f)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct id *id = &m->v[i].op->row;
		const struct state_row *row = row_of(f, id);
		if (m->v[i].op->kind != OP_ROW)
			continue;
		if (!row && row_lives(m, id))
			differs(m, "a row is gone that nobody who had seen it removed");
		if (row && !row_lives(m, id))
			differs(m, "a row stands that somebody who had seen it removed");
		if (!row)
			continue;
		compare_said(m, OP_ROW, id, row->said, row->count);
		if (row->place != place_of(m, id))
			differs(m, "a row is not in its place");
	}
	for (size_t i = 0; i < f->row_count; i++)
		if (!row_lives(m, &f->rows[i].id))
			differs(m, "a row that nobody wrote");
}

static void compare_field(struct comparing *m, struct span field)
{
	char *name = mem_text_n((const char *)field.p, field.n);
	const struct state_field *f = state_field(&m->is.state, name);
	static const struct state_field nothing;
	free(name);
	m->field = field;
	collect(m);
	f = f ? f : &nothing;
	if (!m->count) {
		if (f->name)
			differs(m, "it stands, and all of it was undone");
	} else if (m->v[0].op->kind == OP_SET) {
		compare_register(m, f);
	} else if (m->v[0].op->kind == OP_ADD || m->v[0].op->kind == OP_REMOVE) {
		compare_set(m, f);
	} else {
		compare_rows(m, f);
	}
	m->field = (struct span){0};
}

/* --- the record as a whole -------------------------------------------------------------- */

static bool has_hash(const struct hash *v, size_t n, const struct hash *h)
{
	for (size_t i = 0; i < n; i++)
		if (hash_equal(&v[i], h))
			return true;
	return false;
}

static bool must_be_head(const struct comparing *m, size_t change)
{
	for (size_t i = 0; i < m->w->change_count; i++)
		if (bits_has(&m->whole, i) && bits_has(&m->w->changes[i].seen, change))
			return false;
	return true;
}

static void compare_heads(struct comparing *m)
{
	const struct state *s = &m->is.state;
	size_t heads = 0, beside = 0;
	for (size_t i = 0; i < m->w->change_count; i++) {
		const struct known_change *k = &m->w->changes[i];
		if (!id_equal(&k->record, &m->r->id) || !oracle_has(m->w, &m->c->shelf, i))
			continue;
		bool whole = bits_has(&m->whole, i), head = whole && must_be_head(m, i);
		heads += head;
		beside += !whole;
		if (head && !has_hash(s->heads, s->head_count, &k->id))
			differs(m, "a newest change is not among the heads");
		if (!whole && !has_hash(s->beside, s->beside_count, &k->id))
			differs(m, "a change counts before all that it knew is here");
	}
	if (heads != s->head_count)
		differs(m, "an older change is among the heads");
	if (beside != s->beside_count)
		differs(m, "a change that is whole stands beside");
}

static void compare_fields(struct comparing *m)
{
	for (size_t i = 0; i < m->w->change_count; i++) {
		const struct change *c = &m->w->changes[i].change;
		for (size_t k = 0; bits_has(&m->whole, i) && k < c->op_count; k++)
			compare_field(m, c->ops[k].field);
	}
}

static bool holds_bin(const struct world *w, const struct bits *whole)
{
	for (size_t i = 0; i < w->change_count; i++)
		if (bits_has(whole, i) && oracle_bin_holds(w, whole, i))
			return true;
	return false;
}

static void compare_marks(struct comparing *m)
{
	const struct state *s = &m->is.state;
	if (s->binned != holds_bin(m->w, &m->whole))
		differs(m, s->binned ? "in the bin, though somebody wrote who had not seen that"
				     : "not in the bin, though nobody took it out");
	if (s->finished != oracle_any_mark(m->w, &m->whole, MARK_FINISH) ||
	    s->restricted != oracle_any_mark(m->w, &m->whole, MARK_RESTRICT) ||
	    s->struck != oracle_any_mark(m->w, &m->whole, MARK_STRIKE))
		differs(m, "finished, restricted or struck, and should not be, or the reverse");
}

void compare_record(struct world *w, struct copy *c, size_t record)
{
	struct comparing m = {.w = w, .c = c, .r = &w->records[record]};
	bool here = false;
	for (size_t i = 0; i < w->change_count; i++)
		here |= id_equal(&w->changes[i].record, &m.r->id) && oracle_has(w, &c->shelf, i);
	enum err e = read_record(c->book->stores[m.r->store], &m.r->id, &m.is);
	if (e && e != ERR_ABSENT)
		differs(&m, "cannot be read");
	if (here != !e)
		differs(&m, e ? "is not there" : "is there");
	if (e)
		return;
	oracle_whole(w, &c->shelf, &m.r->id, &m.whole);
	compare_heads(&m);
	compare_fields(&m);
	compare_marks(&m);
	record_fini(&m.is);
	free(m.v);
}

/* SPDX-License-Identifier: MIT
 *
 * Steps taken back and redone.  An undo names pairs of change and field; a field
 * that somebody has built on since is left and said.
 */
#include "book_impl.h"

#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>

/* One change of the author's, as the search for the last step sees it. */
enum trace_kind { TRACE_WRITING, TRACE_UNDO, TRACE_REDO };
struct trace {
	struct id step, record;
	int64_t stamp;
	enum trace_kind kind;
	bool is_undone;
};
struct undoing {
	struct book *b;
	struct trace *v;
	size_t count, cap;
	struct id step; /* the one being written */
	struct step_change **out;
	size_t out_count, out_cap;
	size_t records, left;
	struct diag *d;
	enum err e;
};

static const struct span no_field = {NULL, 0};

/* --- which step was the last ------------------------------------------------------------ */

/* A change whose every pair is undone stands no more. */
static bool is_all_undone(const struct changes *c, size_t i)
{
	const struct change *one = &c->changes[i];
	size_t pairs = 0, undone = 0;
	for (size_t k = 0; k < one->op_count; k++, pairs++)
		undone += fold_is_undone(c->v, c->count, &c->v[i].id, one->ops[k].field);
	for (size_t k = 0; k < one->undo_count; k++, pairs++)
		undone += fold_is_undone(c->v, c->count, &c->v[i].id, one->undoes[k].field);
	if (fold_is_undone(c->v, c->count, &c->v[i].id, no_field))
		return true; /* its mark, or its making */
	return pairs && undone == pairs;
}

static enum trace_kind kind_of(const struct changes *c, size_t i)
{
	const struct change *one = &c->changes[i];
	if (!one->undo_count)
		return TRACE_WRITING;
	size_t named = changes_find(c, &one->undoes[0].change);
	return named != SIZE_MAX && c->changes[named].undo_count ? TRACE_REDO : TRACE_UNDO;
}

static bool trace_record(void *arg, const struct record *r)
{
	struct undoing *u = arg;
	struct changes c;
	u->e = read_changes(store_of(u->b, r), &r->subject, &r->id, &c);
	for (size_t i = 0; !u->e && i < c.count; i++) {
		const struct change *one = &c.changes[i];
		if (!span_is(one->author, u->b->author) || one->seed_source.n)
			continue;
		u->v = mem_room(u->v, u->count, &u->cap, sizeof *u->v);
		u->v[u->count++] = (struct trace){one->step, r->id, one->stamp, kind_of(&c, i),
						  is_all_undone(&c, i)};
	}
	changes_free(&c);
	return !u->e;
}

static enum err trace_all(struct undoing *u)
{
	enum err e = OK;
	for (const struct kind *k = kinds; !e && k->name; k++)
		if (strcmp(k->name, "practitioner") != 0)
			e = read_all(u->b, k, trace_record, u);
	return e ? e : u->e;
}

/* The newest standing step of a kind; NULL when there is none. */
static const struct trace *last_step(const struct undoing *u, enum trace_kind kind)
{
	const struct trace *last = NULL;
	for (size_t i = 0; i < u->count; i++) {
		const struct trace *t = &u->v[i];
		if (t->kind == kind && !t->is_undone &&
		    (!last || t->stamp > last->stamp ||
		     (t->stamp == last->stamp && id_order(&t->step, &last->step) > 0)))
			last = t;
	}
	return last;
}

/* --- taking one change back ------------------------------------------------------------- */

static void add_pair(struct change *c, const struct hash *id, struct span field)
{
	for (size_t i = 0; i < c->undo_count; i++)
		if (hash_equal(&c->undoes[i].change, id) && span_equal(c->undoes[i].field, field))
			return;
	c->undoes = mem_grow(c->undoes, c->undo_count + 1, sizeof *c->undoes);
	c->undoes[c->undo_count++] = (struct undone){*id, field};
}

/* Somebody who knew it has set the field again since, and that stands. */
static bool is_built_on(const struct changes *c, size_t i, struct span field)
{
	for (size_t k = 0; k < c->count; k++) {
		const struct change *other = &c->changes[k];
		for (size_t o = 0; k != i && o < other->op_count; o++)
			if (span_equal(other->ops[o].field, field) && changes_knows(c, k, i) &&
			    !fold_is_undone(c->v, c->count, &c->v[k].id, field))
				return true;
	}
	return false;
}

static void write_change(struct undoing *u, const struct record *r, struct change *c)
{
	step_stamp(u->b, &u->step, r->state.type, &r->id, r->state.stamp, c);
	u->out = mem_room(u->out, u->out_count, &u->out_cap, sizeof *u->out);
	struct step_change *out = mem_alloc(sizeof *out);
	*out = (struct step_change){.bytes = BUF_SECRET};
	step_encode(store_of(u->b, r), &r->subject, r->kind, c, out);
	u->out[u->out_count++] = out;
	u->records++;
}

/* The making of a record is taken back by the bin, which knows all there is. */
static void undo_making(struct undoing *u, const struct record *r, const struct hash *making)
{
	struct change c = {.mark = MARK_BIN};
	for (size_t i = 0; i < r->state.head_count; i++)
		change_add_parent(&c, &r->state.heads[i]);
	add_pair(&c, making, no_field);
	write_change(u, r, &c);
	change_fini(&c);
}

static void undo_fields(struct undoing *u, const struct record *r, const struct changes *all,
			size_t i)
{
	const struct change *one = &all->changes[i];
	const struct hash *id = &all->v[i].id;
	struct change c = {0};
	for (size_t k = 0; k < one->op_count; k++) {
		struct span field = one->ops[k].field;
		if (fold_is_undone(all->v, all->count, id, field))
			continue;
		if (is_built_on(all, i, field))
			u->left++;
		else
			add_pair(&c, id, field);
	}
	for (size_t k = 0; k < one->undo_count; k++) /* of an undo: redo */
		add_pair(&c, id, one->undoes[k].field);
	if (one->mark)
		add_pair(&c, id, no_field);
	if (c.undo_count) {
		change_add_parent(&c, id);
		write_change(u, r, &c);
	}
	change_fini(&c);
}

static void undo_in_record(struct undoing *u, const struct id *record, const struct id *step)
{
	struct record r;
	struct changes c;
	u->e = book_get(u->b, record, &r);
	if (u->e)
		return;
	bool is_open = store_is_open_access(store_of(u->b, &r));
	u->e = read_changes(store_of(u->b, &r), &r.subject, record, &c);
	for (size_t i = 0; !u->e && i < c.count; i++) {
		const struct change *one = &c.changes[i];
		if (!id_equal(&one->step, step))
			continue;
		if (is_open && !id_equal(&one->writer, &u->b->writer)) {
			diag_say(u->d, "%s", open_access_refusal);
			u->e = ERR_REFUSED;
			break;
		}
		if ((!one->parent_count && !one->undo_count) || one->mark == MARK_UNBIN)
			undo_making(u, &r, &c.v[i].id);
		else
			undo_fields(u, &r, &c, i);
	}
	changes_free(&c);
	record_fini(&r);
}

/* A record that has several changes of the step is gone through once. */
static bool is_first(const struct undoing *u, size_t at, const struct id *step)
{
	for (size_t i = 0; i < at; i++)
		if (id_equal(&u->v[i].step, step) && id_equal(&u->v[i].record, &u->v[at].record))
			return false;
	return true;
}

static void undoing_fini(struct undoing *u)
{
	for (size_t i = 0; i < u->out_count; i++) {
		buf_fini(&u->out[i]->bytes);
		free(u->out[i]);
	}
	free(u->out);
	free(u->v);
}

static void say(const struct undoing *u, const char *done, int64_t stamp, struct buf *told)
{
	struct when then = when_from_ms(stamp);
	buf_printf(told, "%s: what was written on ", done);
	when_say_short(then, then, told);
	buf_printf(told, " (%zu record%s).", u->records, u->records == 1 ? "" : "s");
	if (u->left)
		buf_printf(told, " %zu field%s left as %s: something was written on top since.",
			   u->left, u->left == 1 ? " was" : "s were",
			   u->left == 1 ? "it is" : "they are");
}

static enum err take_back(struct book *b, bool redo, struct buf *told, struct diag *d)
{
	struct undoing u = {.b = b, .step = seam_new_id(b->seam), .d = d};
	enum err e = trace_all(&u);
	const struct trace *last = e ? NULL : last_step(&u, redo ? TRACE_UNDO : TRACE_WRITING);
	if (!e && !last)
		e = ERR_ABSENT;
	struct id step = last ? last->step : (struct id){{0}};
	for (size_t i = 0; !e && !u.e && i < u.count; i++)
		if (id_equal(&u.v[i].step, &step) && is_first(&u, i, &step))
			undo_in_record(&u, &u.v[i].record, &step);
	e = e ? e : u.e;
	if (!e)
		e = step_save(b, u.out, u.out_count, d);
	if (!e)
		say(&u, redo ? "Brought back" : "Taken back", last->stamp, told);
	undoing_fini(&u);
	return e;
}

enum err book_undo(struct book *b, struct buf *told, struct diag *d)
{
	return take_back(b, false, told, d);
}

enum err book_redo(struct book *b, struct buf *told, struct diag *d)
{
	return take_back(b, true, told, d);
}

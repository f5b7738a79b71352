/* SPDX-License-Identifier: MIT
 *
 * Steps taken back and redone.  An undo names pairs of change and field; a field
 * that somebody has built on since is left and said.
 */
#include "book_impl.h"

#include <linkbook/mem.h>
#include <linkbook/mutant.h>

#include <stdlib.h>
#include <string.h>

/* One change of the author's, as the search for the last step sees it. */
enum trace_kind { TRACE_WRITING, TRACE_UNDO, TRACE_REDO };
struct trace {
	struct id step;
	struct ref ref;
	struct store *store;
	int64_t stamp;
	enum trace_kind kind;
	bool is_undone;
};
struct undoing {
	struct book *b;
	struct trace *v;
	size_t count, cap;
	const struct id *wanted; /* a step by its id; NULL: the author's last one */
	struct id step; /* the one being written */
	struct step_change **out;
	size_t out_count, out_cap;
	size_t records, left, left_records;
	bool moves, followed; /* the step moves a record; something was written on it since */
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

static bool is_looked_for(const struct undoing *u, const struct change *c)
{
	if (c->seed_source.n)
		return false;
	return u->wanted ? id_equal(&c->step, u->wanted) : span_is(c->author, u->b->author);
}

static void trace_change(struct undoing *u, struct store *s, struct ref ref,
			 const struct changes *c, size_t i)
{
	const struct change *one = &c->changes[i];
	if (!is_looked_for(u, one))
		return;
	u->v = mem_room(u->v, u->count, &u->cap, sizeof *u->v);
	u->v[u->count++] =
		(struct trace){one->step, ref, s, one->stamp, kind_of(c, i), is_all_undone(c, i)};
}

static bool trace_record(void *arg, const struct record *r)
{
	struct undoing *u = arg;
	struct changes c;
	u->e = read_changes(store_of(u->b, r), &r->subject, &r->id, &c);
	for (size_t i = 0; !u->e && i < c.count; i++)
		trace_change(u, store_of(u->b, r), ref_of(r), &c, i);
	changes_free(&c);
	return !u->e;
}

/* What the program writes by itself (who looked at whom) is no step of anybody's. */
static bool is_kind_of_step(const struct kind *k)
{
	return k && !k->by_program && strcmp(k->name, "practitioner") != 0;
}

static const struct kind *kind_by_span(struct span type)
{
	for (const struct kind *k = kinds; k->name; k++)
		if (span_is(type, k->name))
			return k;
	return NULL;
}

/* What this run saved last.  A step is in the trail as a whole, or not at all. */
static enum err trace_trail(struct undoing *u)
{
	const struct trail *t = &u->b->trail;
	enum err e = OK;
	for (size_t i = 0; !e && i < t->count; i++) {
		const struct trail_step *one = &t->v[i];
		struct changes c;
		e = read_changes(one->store, &one->ref.in, &one->ref.record, &c);
		size_t at = e ? SIZE_MAX : changes_find(&c, &one->change);
		if (at != SIZE_MAX && is_kind_of_step(kind_by_span(c.changes[at].type)))
			trace_change(u, one->store, one->ref, &c, at);
		changes_free(&c);
	}
	return e;
}

static enum err trace_all(struct undoing *u)
{
	enum err e = OK;
	for (const struct kind *k = kinds; !e && k->name; k++)
		if (is_kind_of_step(k))
			e = read_all(u->b, k, trace_record, u);
	return e ? e : u->e;
}

/* The newest standing step of a kind; NULL when there is none. */
static const struct trace *last_step(const struct undoing *u, enum trace_kind kind)
{
	const struct trace *last = NULL;
	for (size_t i = 0; i < u->count; i++) {
		const struct trace *t = &u->v[i];
		if ((t->kind == kind || u->wanted) && !t->is_undone &&
		    (!last || t->stamp > last->stamp ||
		     (t->stamp == last->stamp && id_order(&t->step, &last->step) > 0)))
			last = t;
	}
	return last;
}

/* The last step is what was done last here; only where nothing of that stands is everything gone
 * through, as a thousand records take as long as a key may. */
static enum err find_step(struct undoing *u, enum trace_kind kind, const struct trace **last)
{
	enum err e = trace_trail(u);
	*last = e ? NULL : last_step(u, kind);
	if (e || *last)
		return e;
	u->count = 0;
	e = trace_all(u);
	*last = e ? NULL : last_step(u, kind);
	return e ? e : *last ? OK : ERR_ABSENT;
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

/* About the same value: other members of a set, and other rows, are no concern of each other. */
static bool is_about_same(const struct op *a, const struct op *b)
{
	if (!span_equal(a->field, b->field) || !id_equal(&a->row, &b->row))
		return false;
	return (a->kind != OP_ADD && a->kind != OP_REMOVE) || span_equal(a->value, b->value);
}

static bool touches(const struct change *later, const struct change *c, struct span field)
{
	for (size_t i = 0; i < c->op_count; i++)
		for (size_t k = 0; span_equal(c->ops[i].field, field) && k < later->op_count; k++)
			if (is_about_same(&c->ops[i], &later->ops[k]))
				return true;
	return false;
}

/* Somebody who knew it has set the field again since, and that stands. */
static bool is_built_on(const struct changes *c, size_t i, struct span field)
{
	for (size_t k = 0; k < c->count; k++)
		if (k != i && touches(&c->changes[k], &c->changes[i], field) &&
		    changes_knows(c, k, i) && !fold_is_undone(c->v, c->count, &c->v[k].id, field))
			return true;
	return false;
}

/* Somebody who knew it wrote in the record since, in another step, and that stands. */
static bool is_followed(const struct changes *c, size_t i)
{
	for (size_t k = 0; k < c->count; k++) {
		const struct change *later = &c->changes[k];
		if (!id_equal(&later->step, &c->changes[i].step) && !later->undo_count &&
		    !later->seed_source.n && changes_knows(c, k, i) && !is_all_undone(c, k))
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

static bool is_making(const struct change *c)
{
	return (!c->parent_count && !c->undo_count) || c->mark == MARK_UNBIN;
}

/* The making of a record is taken back by the bin, which knows all there is. */
static void undo_making(struct undoing *u, const struct record *r, const struct changes *all,
			const struct id *step)
{
	struct change c = {.mark = MARK_BIN};
	for (size_t i = 0; i < r->state.head_count; i++)
		change_add_parent(&c, &r->state.heads[i]);
	for (size_t i = 0; i < all->count; i++)
		if (id_equal(&all->changes[i].step, step) && is_making(&all->changes[i]))
			add_pair(&c, &all->v[i].id, no_field);
	write_change(u, r, &c);
	change_fini(&c);
}

/* The whole ancestry of a change is here, so that what is built on it will count. */
static bool is_whole(const struct changes *c, size_t i)
{
	bool *seen = mem_alloc_many(c->count, sizeof *seen), whole = true;
	changes_mark_ancestry(c, i, seen, &whole);
	free(seen);
	return whole;
}

/* What an undo took away comes back only once every undo of it that is seen here is undone: two
 * may have taken back the same, each without knowing of the other. */
static void redo_pair(const struct changes *all, const struct undone *pair, struct change *c)
{
	for (size_t k = 0; k < all->count; k++) {
		const struct change *other = &all->changes[k];
		bool takes_back = false;
		for (size_t i = 0; i < other->undo_count; i++)
			takes_back |= hash_equal(&other->undoes[i].change, &pair->change) &&
				      span_equal(other->undoes[i].field, pair->field);
		if (!takes_back || !is_whole(all, k) ||
		    fold_is_undone(all->v, all->count, &all->v[k].id, pair->field))
			continue;
		add_pair(c, &all->v[k].id, pair->field);
		if (other->mark)
			add_pair(c, &all->v[k].id, no_field);
	}
}

/* Its only parents are the changes it undoes. */
static void add_undone_parents(struct change *c)
{
	for (size_t i = 0; i < c->undo_count; i++) {
		bool is_new = true;
		for (size_t k = 0; is_new && k < i; k++)
			is_new = !hash_equal(&c->undoes[k].change, &c->undoes[i].change);
		if (is_new)
			change_add_parent(c, &c->undoes[i].change);
	}
}

static void undo_fields(struct undoing *u, const struct record *r, const struct changes *all,
			size_t i)
{
	const struct change *one = &all->changes[i];
	const struct hash *id = &all->v[i].id;
	struct change c = {0};
	if (one->mark == MARK_FINISH && is_followed(all, i)) {
		u->left_records++;
		return;
	}
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
		redo_pair(all, &one->undoes[k], &c);
	if (one->mark)
		add_pair(&c, id, no_field);
	if (c.undo_count) {
		add_undone_parents(&c);
		for (size_t k = 0; mutant(MUTANT_UNDO_ALL_HEADS) && k < r->state.head_count; k++)
			if (!hash_equal(&r->state.heads[k], id))
				change_add_parent(&c, &r->state.heads[k]);
		write_change(u, r, &c);
	}
	change_fini(&c);
}

/* What the step did in one record, and how far it can be taken back. */
struct part {
	struct record r;
	struct changes c;
	bool made, moved, followed;
};

static enum err read_part(struct undoing *u, const struct trace *t, const struct id *step,
			  struct part *p)
{
	enum err e = read_in(t->store, t->ref, &p->r);
	if (e)
		return e;
	e = read_changes(t->store, &p->r.subject, &p->r.id, &p->c);
	for (size_t i = 0; !e && i < p->c.count; i++) {
		const struct change *one = &p->c.changes[i];
		if (!id_equal(&one->step, step))
			continue;
		if (store_is_open_access(t->store) && !id_equal(&one->writer, &u->b->writer)) {
			diag_say(u->d, "%s", open_access_refusal);
			e = ERR_REFUSED;
		}
		p->made |= is_making(one);
		p->followed |= is_followed(&p->c, i);
		for (size_t k = 0; k < one->op_count; k++)
			p->moved |= span_is(one->ops[k].field, "moved_to");
	}
	return e;
}

static void part_fini(struct part *p)
{
	changes_free(&p->c);
	record_fini(&p->r);
}

static void undo_part(struct undoing *u, const struct part *p, const struct id *step)
{
	if (p->made && p->followed) {
		u->left_records++;
	} else if (p->made) {
		undo_making(u, &p->r, &p->c, step);
	} else {
		for (size_t i = 0; i < p->c.count; i++)
			if (id_equal(&p->c.changes[i].step, step))
				undo_fields(u, &p->r, &p->c, i);
	}
}

/* A record that has several changes of the step is gone through once. */
static bool is_first(const struct undoing *u, size_t at, const struct id *step)
{
	const struct trace *v = u->v;
	for (size_t i = 0; i < at; i++)
		if (id_equal(&v[i].step, step) && v[i].store == v[at].store &&
		    id_equal(&v[i].ref.in, &v[at].ref.in) &&
		    id_equal(&v[i].ref.record, &v[at].ref.record))
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

/* Calls `each` for every record of the step. */
typedef void each_part(struct undoing *u, const struct part *p, const struct id *step);

static enum err each_of_step(struct undoing *u, const struct id *step, each_part *each)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < u->count; i++) {
		struct part p = {0};
		if (!id_equal(&u->v[i].step, step) || !is_first(u, i, step))
			continue;
		e = read_part(u, &u->v[i], step, &p);
		if (!e)
			each(u, &p, step);
		part_fini(&p);
	}
	return e;
}

/* A move is taken back as a whole: with the text in both files, or in none, nobody is served. */
static void check_move(struct undoing *u, const struct part *p, const struct id *step)
{
	(void)step;
	u->moves |= p->moved;
	u->followed |= p->followed;
}

static void say_left(size_t n, const char *what, struct buf *told)
{
	if (n)
		buf_printf(told, " %zu %s%s left as %s: something was written on top since.", n,
			   what, n == 1 ? " was" : "s were", n == 1 ? "it is" : "they are");
}

static void say(const struct undoing *u, const char *done, int64_t stamp, struct buf *told)
{
	struct when then = when_from_ms(stamp);
	buf_printf(told, "%s: what was written on ", done);
	when_say_short(then, then, told);
	buf_printf(told, " (%zu record%s).", u->records, u->records == 1 ? "" : "s");
	say_left(u->left, "field", told);
	say_left(u->left_records, "record", told);
	if (u->b->closed)
		buf_add_text(told, " A directory is closed: what was written there stays.");
}

static enum err take_back_step(struct undoing *u, const struct id *step)
{
	enum err e = each_of_step(u, step, check_move);
	if (!e && u->moves && u->followed) {
		diag_say(u->d, "This was moved to another file and written on since; move it back "
			       "instead.");
		return ERR_REFUSED;
	}
	if (!e)
		e = each_of_step(u, step, undo_part);
	return e ? e : step_save(u->b, u->out, u->out_count, u->d);
}

static enum err take_back(struct book *b, const struct id *wanted, bool redo, struct buf *told,
			  struct diag *d)
{
	struct undoing u = {.b = b, .wanted = wanted, .step = seam_new_id(b->seam), .d = d};
	const struct trace *last;
	enum err e = find_step(&u, redo ? TRACE_UNDO : TRACE_WRITING, &last);
	struct id step = last ? last->step : (struct id){{0}};
	if (!e)
		e = take_back_step(&u, &step);
	if (!e)
		say(&u, redo ? "Brought back" : "Taken back", last->stamp, told);
	undoing_fini(&u);
	return err_said(e, d);
}

enum err book_undo(struct book *b, struct buf *told, struct diag *d)
{
	return take_back(b, NULL, false, told, d);
}

enum err book_undo_step(struct book *b, const struct id *step, struct buf *told, struct diag *d)
{
	return take_back(b, step, false, told, d);
}

enum err book_redo(struct book *b, struct buf *told, struct diag *d)
{
	return take_back(b, NULL, true, told, d);
}

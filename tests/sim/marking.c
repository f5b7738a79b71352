/* SPDX-License-Identifier: MIT
 *
 * Acts on whole records: the bin, finishing, striking, restricting, amending, moving, finding
 * two to be one, and undo.
 */
#include "sim.h"

/* What every act here ends with. */
static void finish_act(struct world *w, struct copy *c, enum err e, struct diag *d,
		       const char *what)
{
	bool refused = e == ERR_REFUSED || e == ERR_INPUT || e == ERR_ABSENT;
	if (e && !refused && !w->dying)
		sim_fail(w, "copy %d: %s fails: %s", c->index, what, diag_first(d));
	if (!w->dying)
		learn(w, c);
	diag_fini(d);
}

void act_bin(struct world *w)
{
	struct copy *c = writing_copy(w);
	const struct known_record *r =
		writing_record(w, c, rng_chance(&w->rng, 40) ? "person" : NULL);
	struct diag d = {0};
	size_t count;
	if (!r)
		return;
	bool in = rng_chance(&w->rng, 60);
	learn_before(w, c, NULL);
	enum err e = book_bin(c->book, ref_to(&r->id), in, &count, &d);
	sim_tell(w, "copy %d puts %s %s %s (%zu records)", c->index, r->kind->name,
		 short_id(&r->id), in ? "into the bin" : "out of the bin", count);
	finish_act(w, c, e, &d, "the bin");
}

/* --- marks ------------------------------------------------------------------------------ */

static bool is_said(const struct change *c, const char *field, const struct id *row,
		    struct span value)
{
	for (size_t i = 0; i < c->op_count; i++)
		if (span_is(c->ops[i].field, field) && id_equal(&c->ops[i].row, row) &&
		    span_equal(c->ops[i].value, value))
			return true;
	return false;
}

/* A finish says again all that stood when it was made. */
static void check_finish(struct world *w, struct copy *c, const struct record *r, size_t before)
{
	static const struct id none;
	const struct change *finish = NULL;
	for (size_t i = before; i < w->change_count; i++)
		if (w->changes[i].decoded && w->changes[i].change.mark == MARK_FINISH)
			finish = &w->changes[i].change;
	for (size_t i = 0; finish && i < r->state.field_count; i++) {
		const struct state_field *f = &r->state.fields[i];
		bool said = f->kind != SLOT_REGISTER || !f->count ||
			    is_said(finish, f->name, &none, f->said[0].value);
		for (size_t k = 0; k < f->row_count; k++)
			said &= is_said(finish, f->name, &f->rows[k].id, f->rows[k].said[0].value);
		if (!said)
			sim_fail(w, "copy %d: a note was finished without its %s", c->index,
				 f->name);
	}
}

void act_mark(struct world *w)
{
	static const enum mark marks[] = {MARK_FINISH, MARK_FINISH, MARK_STRIKE, MARK_RESTRICT};
	struct copy *c = writing_copy(w);
	struct diag d = {0};
	struct record was;
	bool person = rng_chance(&w->rng, 10);
	const struct known_record *r = writing_record(w, c, person ? "person" : "contact");
	if (!r || book_get(c->book, &r->id, &was))
		return;
	enum mark mark = person ? MARK_RESTRICT : marks[rng_below(&w->rng, 4)];
	size_t before = w->change_count;
	sim_tell(w, "copy %d marks %s %s: %s", c->index, r->kind->name, short_id(&r->id),
		 mark_name(mark));
	learn_before(w, c, NULL);
	enum err e = book_mark(c->book, ref_to(&r->id), mark, &d);
	finish_act(w, c, e, &d, "a mark");
	if (!e && !w->dying && mark == MARK_FINISH)
		check_finish(w, c, &was, before);
	record_fini(&was);
}

void act_amend(struct world *w)
{
	struct copy *c = writing_copy(w);
	struct diag d = {0};
	char word[16];
	const struct known_record *r = writing_record(w, c, "contact");
	if (!r)
		return;
	snprintf(word, sizeof word, "w%04u", ++w->words % 10000);
	learn_before(w, c, NULL);
	enum err e = book_amend(c->book, ref_to(&r->id), span_text(word), &d);
	sim_tell(w, "copy %d amends contact %s%s", c->index, short_id(&r->id),
		 e ? ", in vain" : "");
	finish_act(w, c, e, &d, "an amendment");
}

/* --- found to be one, moved ------------------------------------------------------------- */

void act_same(struct world *w)
{
	struct copy *c = writing_copy(w);
	struct diag d = {0};
	const char *kind = rng_chance(&w->rng, 80) ? "person" : "resource";
	const struct known_record *one = writing_record(w, c, kind);
	const struct known_record *other = writing_record(w, c, kind);
	if (!one || !other || one == other)
		return;
	bool same = rng_chance(&w->rng, 70);
	learn_before(w, c, NULL);
	enum err e = book_same(c->book, &one->id, &other->id, same, &d);
	sim_tell(w, "copy %d finds %s %s to be %s another%s", c->index, kind, short_id(&one->id),
		 same ? "one with" : "apart from", e ? ", in vain" : "");
	finish_act(w, c, e, &d, "same");
}

static bool has_value(const struct state *s, const char *field, struct span value)
{
	const struct state_field *f = state_field(s, field);
	for (size_t i = 0; f && i < f->count; i++)
		if (span_equal(f->said[i].value, value))
			return true;
	return false;
}

/* Every value that stood where it was, stands where it went. */
static void check_move(struct world *w, struct copy *c, const struct record *was,
		       const struct id *moved)
{
	struct record is;
	if (read_record(c->book->stores[0], moved, &is))
		sim_fail(w, "copy %d: what was moved is not there", c->index);
	for (size_t i = 0; i < was->state.field_count; i++) {
		const struct state_field *f = &was->state.fields[i];
		for (size_t k = 0; strncmp(f->name, "moved", 5) && k < f->count; k++)
			if (!has_value(&is.state, f->name, f->said[k].value))
				sim_fail(w, "copy %d: a %s did not move with its note", c->index,
					 f->name);
	}
	record_fini(&is);
}

void act_move(struct world *w)
{
	struct copy *c = writing_copy(w);
	struct diag d = {0};
	struct id moved;
	struct record was;
	const struct known_record *r = writing_record(w, c, "contact");
	const struct known_record *to = writing_record(w, c, "person");
	if (!r || !to || book_get(c->book, &r->id, &was))
		return;
	learn_before(w, c, NULL);
	enum err e = book_move(c->book, ref_to(&r->id), &to->id, &moved, &d);
	sim_tell(w, "copy %d moves contact %s to another file%s", c->index, short_id(&r->id),
		 e ? ", in vain" : "");
	finish_act(w, c, e, &d, "a move");
	if (!e && !w->dying)
		check_move(w, c, &was, &moved);
	record_fini(&was);
}

/* --- undo ------------------------------------------------------------------------------- */

static bool is_about_same(const struct op *a, const struct op *b, struct span field)
{
	if (!span_equal(a->field, field) || !span_equal(b->field, field) ||
	    !id_equal(&a->row, &b->row))
		return false;
	return (a->kind != OP_ADD && a->kind != OP_REMOVE) || span_equal(a->value, b->value);
}

static bool is_built_on(const struct change *c, const struct change *later, struct span field)
{
	for (size_t i = 0; i < c->op_count; i++)
		for (size_t k = 0; k < later->op_count; k++)
			if (is_about_same(&c->ops[i], &later->ops[k], field))
				return true;
	return false;
}

/* Of what an undo takes back nothing was built on, by somebody who had seen it. */
static void check_undo(struct world *w, const struct copy *c, size_t undo)
{
	const struct known_change *k = &w->changes[undo];
	struct bits whole;
	oracle_whole(w, &c->shelf, &k->record, &whole);
	for (size_t u = 0; u < k->change.undo_count; u++) {
		struct span field = k->change.undoes[u].field;
		int at = changes_known(w, &k->change.undoes[u].change);
		for (size_t i = 0; at >= 0 && field.n && i < w->change_count; i++)
			if (bits_has(&whole, i) && bits_has(&w->changes[i].seen, (size_t)at) &&
			    !oracle_is_undone(w, &whole, i, field) &&
			    is_built_on(&w->changes[at].change, &w->changes[i].change, field))
				sim_fail(w,
					 "copy %d: an undo takes away what something was built on",
					 c->index);
	}
}

static enum err undo_some(struct world *w, struct copy *c, struct buf *told, struct diag *d)
{
	size_t how = rng_below(&w->rng, 10);
	if (how < 4)
		return book_redo(c->book, told, d);
	if (how < 8 || !w->change_count)
		return book_undo(c->book, told, d);
	const struct known_change *k = &w->changes[rng_below(&w->rng, w->change_count)];
	struct id step = k->change.step;
	return k->decoded ? book_undo_step(c->book, &step, told, d) : ERR_ABSENT;
}

void act_undo(struct world *w)
{
	struct copy *c = writing_copy(w);
	struct buf told = BUF_INIT;
	struct diag d = {0};
	size_t before = w->change_count;
	learn_before(w, c, NULL);
	enum err e = undo_some(w, c, &told, &d);
	sim_tell(w, "copy %d undoes or redoes: %s", c->index, buf_text(&told));
	finish_act(w, c, e, &d, "undo");
	for (size_t i = before; !w->dying && i < w->change_count; i++)
		check_undo(w, c, i);
	buf_fini(&told);
}

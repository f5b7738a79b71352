/* SPDX-License-Identifier: MIT
 *
 * A record that lies in the wrong person's file, moved to the right one.  It is made there
 * anew, under an id that follows from both, with every text that stands; here it is struck and
 * says where it went.  Two who move it to the same person make the same record.
 */
#include "book_impl.h"

#include <linkbook/mem.h>
#include <linkbook/mutant.h>

#include <stdlib.h>
#include <string.h>

struct moving {
	struct book *b;
	struct store *store;
	struct record old, there; /* there: left from a move that was taken back, or nothing */
	bool restricted; /* the person's file */
	struct id person, id, step;
	struct step_change **out;
	size_t count, cap;
};

/* --- what may be moved ------------------------------------------------------------------ */

static const char *why_not(const struct moving *m)
{
	const struct state *s = &m->old.state;
	if (!kind_field(m->old.kind, "moved_from"))
		return "Only what belongs to one person's file can be moved to another.";
	if (s->struck)
		return "This was struck, or moved already.";
	if (s->restricted || s->binned)
		return "This is restricted or in the bin, and stays where it is.";
	return NULL;
}

static enum err check_person(struct moving *m, const struct id *person, struct diag *d)
{
	struct record r;
	struct same all;
	enum err e = book_get(m->b, person, &r);
	if (e || !r.kind || !r.kind->is_subject) {
		diag_say(d, "There is nobody with this id to move it to.");
		if (!e)
			record_fini(&r);
		return e && e != ERR_ABSENT ? e : ERR_INPUT;
	}
	m->person = r.id;
	m->restricted = r.state.restricted;
	record_fini(&r);
	e = same_find(m->store, &m->person, &all);
	if (!e && same_has(&all, &m->old.subject)) {
		diag_say(d, "This is in that person's file already.");
		e = ERR_INPUT;
	}
	same_fini(&all);
	return e;
}

/* The same for whoever moves it there. */
static struct id moved_id(const struct id *old, const struct id *person)
{
	struct buf both = BUF_INIT;
	struct id id;
	buf_add_text(&both, "moved\n");
	buf_add(&both, old->b, sizeof old->b);
	buf_add(&both, person->b, sizeof person->b);
	struct hash h = store_plain_hash(buf_span(&both));
	memcpy(id.b, h.b, sizeof id.b);
	buf_fini(&both);
	return id;
}

/* --- the changes ------------------------------------------------------------------------ */

static void add_change(struct moving *m, const struct state *on, const struct id *subject,
		       struct change *c, const struct id *record)
{
	struct step_change *out = mem_alloc(sizeof *out);
	*out = (struct step_change){.bytes = BUF_SECRET};
	step_stamp(m->b, &m->step, m->old.kind->name, record, on->stamp, c);
	for (size_t i = 0; i < on->head_count; i++)
		change_add_parent(c, &on->heads[i]);
	step_encode(m->store, subject, m->old.kind, c, out);
	m->out = mem_room(m->out, m->count, &m->cap, sizeof *m->out);
	m->out[m->count++] = out;
	change_fini(c);
}

static bool is_own(const struct state_field *f)
{
	return strcmp(f->name, "moved_from") != 0 && strcmp(f->name, "moved_to") != 0;
}

/* The nth of the different values; NULL when there are fewer. */
static const struct said *nth_value(const struct said *v, size_t count, size_t n)
{
	for (size_t i = 0; i < count; i++) {
		bool is_new = true;
		for (size_t k = 0; k < i; k++)
			is_new &= !span_equal(v[k].value, v[i].value);
		if (is_new && !n--)
			return &v[i];
	}
	return NULL;
}

static void copy_rows(const struct state_field *f, size_t n, struct change *c, struct scratch *keep)
{
	for (size_t i = 0; i < f->row_count; i++) {
		const struct state_row *row = &f->rows[i];
		const struct said *said = nth_value(row->said, row->count, n);
		if (!said)
			continue;
		change_add_op(c, OP_ROW, span_text(f->name), said->value)->row = row->id;
		if (n)
			continue;
		struct buf *place = scratch_new(keep);
		value_add_int(place, row->place);
		change_add_op(c, OP_ROW_PLACE, span_text(f->name), buf_span(place))->row = row->id;
	}
}

static void copy_field(const struct state_field *f, size_t n, struct change *c,
		       struct scratch *keep)
{
	const struct said *said = nth_value(f->said, f->count, n);
	copy_rows(f, n, c, keep);
	if (f->kind == SLOT_REGISTER && said)
		change_add_op(c, OP_SET, span_text(f->name), said->value);
	for (size_t i = 0; f->kind == SLOT_SET && !n && i < f->count; i++)
		if (!i || !span_equal(f->said[i].value, f->said[i - 1].value))
			change_add_op(c, OP_ADD, span_text(f->name), f->said[i].value);
}

/* --- over what an earlier move left ------------------------------------------------------ */

static bool has_value(const struct state_field *f, struct span v)
{
	for (size_t i = 0; f && i < f->count; i++)
		if (span_equal(f->said[i].value, v))
			return true;
	return false;
}

static bool has_row(const struct state_field *f, const struct id *row)
{
	for (size_t i = 0; f && i < f->row_count; i++)
		if (id_equal(&f->rows[i].id, row))
			return true;
	return false;
}

static struct span null_value(struct scratch *keep)
{
	struct buf *null = scratch_new(keep);
	value_add_null(null);
	return buf_span(null);
}

/* What the earlier move made, and has been taken out of the old record since. */
static void drop_rest(const struct moving *m, struct change *c, struct scratch *keep)
{
	const struct state *there = &m->there.state;
	for (size_t i = 0; there->binned && i < there->field_count; i++) {
		const struct state_field *f = &there->fields[i];
		const struct state_field *old = state_field(&m->old.state, f->name);
		struct span name = span_text(f->name);
		if (!is_own(f))
			continue;
		if (f->kind == SLOT_REGISTER && !(old && old->count))
			change_add_op(c, OP_SET, name, null_value(keep));
		for (size_t k = 0; f->kind == SLOT_SET && k < f->count; k++)
			if (!has_value(old, f->said[k].value))
				change_add_op(c, OP_REMOVE, name, f->said[k].value)->seen =
					f->said[k].change;
		for (size_t k = 0; k < f->row_count; k++)
			if (!has_row(old, &f->rows[k].id))
				change_add_op(c, OP_ROW, name, null_value(keep))->row =
					f->rows[k].id;
	}
}

/* What lies there in the bin is what the earlier move made, and is written over.  Out of the bin
 * somebody wrote there who had not seen the move taken back, and nobody has looked at that here:
 * the texts stand beside it. */
static struct state base_there(const struct moving *m)
{
	struct state on = {.stamp = m->there.state.stamp};
	if (m->there.state.binned) {
		on.heads = m->there.state.heads;
		on.head_count = m->there.state.head_count;
	}
	return on; /* borrows */
}

/* The first change has what is shown; a value that stands beside it goes into one of its own,
 * that has not seen the first, and so stands beside it there too. */
static bool make_nth(struct moving *m, size_t n)
{
	struct change c = {.mark = n || !m->old.state.finished ? MARK_NONE : MARK_FINISH};
	struct scratch keep = {0};
	for (size_t i = 0; i < m->old.state.field_count; i++)
		if (is_own(&m->old.state.fields[i]))
			copy_field(&m->old.state.fields[i], n, &c, &keep);
	if (!n)
		drop_rest(m, &c, &keep);
	bool any = c.op_count || !n;
	if (any) {
		struct buf *from = scratch_new(&keep);
		value_add_bytes(from, m->old.id.b, sizeof m->old.id.b);
		change_add_op(&c, OP_SET, span_text("moved_from"), buf_span(from));
		struct state on = base_there(m);
		add_change(m, &on, &m->person, &c, &m->id);
	} else {
		change_fini(&c);
	}
	scratch_free(&keep);
	return any;
}

static void strike_old(struct moving *m)
{
	struct change c = {.mark = MARK_STRIKE};
	struct buf to = BUF_INIT;
	value_add_bytes(&to, m->id.b, sizeof m->id.b);
	change_add_op(&c, OP_SET, span_text("moved_to"), buf_span(&to));
	add_change(m, &m->old.state, &m->old.subject, &c, &m->old.id);
	buf_fini(&to);
}

static enum err make_all(struct moving *m, struct diag *d)
{
	enum err e = read_in(m->store, (struct ref){m->person, m->id}, &m->there);
	if (e && e != ERR_ABSENT)
		return e;
	if (!e && m->there.state.binned) {
		struct change c = {.mark = MARK_UNBIN};
		add_change(m, &m->there.state, &m->person, &c, &m->id);
	}
	for (size_t n = 0; make_nth(m, n) && !mutant(MUTANT_MOVE_LEAVES_BESIDE);)
		n++;
	if (m->restricted) { /* as whatever is new in such a file */
		struct change c = {.mark = MARK_RESTRICT};
		struct state on = base_there(m);
		add_change(m, &on, &m->person, &c, &m->id);
	}
	strike_old(m);
	return step_save(m->b, m->out, m->count, d);
}

enum err book_move(struct book *b, struct ref ref, const struct id *person, struct id *moved,
		   struct diag *d)
{
	struct moving m = {.b = b, .store = b->stores[0], .step = seam_new_id(b->seam)};
	enum err e = read_known(b, ref, &m.old, d);
	if (e)
		return e;
	const char *why = why_not(&m);
	if (why) {
		diag_say(d, "%s", why);
		e = ERR_REFUSED;
	}
	if (!e)
		e = check_person(&m, person, d);
	if (!e) {
		m.id = *moved = moved_id(&m.old.id, &m.person);
		e = make_all(&m, d);
	}
	for (size_t i = 0; i < m.count; i++) {
		buf_fini(&m.out[i]->bytes);
		free(m.out[i]);
	}
	free(m.out);
	record_fini(&m.old);
	record_fini(&m.there);
	return err_said(e, d);
}

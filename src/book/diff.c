/* SPDX-License-Identifier: MIT
 *
 * What a put alters: from the record as its writer saw it to the values wanted, in ops.  Only
 * what differs is written, so that a colleague's value in another field is never overwritten.
 */
#include "book_impl.h"

#include <linkbook/mem.h>
#include <linkbook/mutant.h>

#include <stdlib.h>
#include <string.h>

struct buf *scratch_new(struct scratch *s)
{
	s->v = mem_room(s->v, s->count, &s->cap, sizeof *s->v);
	struct buf *b = mem_alloc(sizeof *b);
	*b = (struct buf)BUF_SECRET;
	return s->v[s->count++] = b;
}

void scratch_free(struct scratch *s)
{
	for (size_t i = 0; i < s->count; i++) {
		buf_fini(s->v[i]);
		free(s->v[i]);
	}
	free(s->v);
	*s = (struct scratch){0};
}

struct diffing {
	struct book *b;
	const struct put *put;
	const struct state *base;
	struct change *out;
	struct scratch *keep;
	struct diag *d;
	size_t number;
	bool wrong;
};

static void wrong(struct diffing *w, const char *field, const char *what)
{
	diag_say_at(w->d, NULL, (unsigned)w->number, 0, "%s: %s", field, what);
	w->wrong = true;
}

/* value_check's sentences, with the put's number. */
static bool check(struct diffing *w, const struct field *f, struct span v)
{
	struct diag d = {0};
	bool ok = value_check(f, v, w->b->terms, &d) == OK;
	for (size_t i = 0; i < d.count; i++)
		diag_say_at(w->d, NULL, (unsigned)w->number, 0, "%s", d.lines[i].text);
	diag_fini(&d);
	w->wrong |= !ok;
	return ok;
}

static struct span null_value(struct diffing *w)
{
	struct buf *b = scratch_new(w->keep);
	value_add_null(b);
	return buf_span(b);
}

static bool same(struct span a, struct span b)
{
	return span_equal(a, b) || (value_is_null(a) && value_is_null(b));
}

/* --- registers and groups --------------------------------------------------------------- */

static void set(struct diffing *w, const char *stored, struct span v)
{
	struct span had = {NULL, 0};
	const struct state_field *s = state_field(w->base, stored);
	state_value(w->base, stored, &had);
	/* A value that is shown already is written again only to settle a conflict. */
	if (same(had, v) &&
	    !(s && s->conflict && w->put->has_heads && !mutant(MUTANT_SHOWN_NOT_WRITTEN)))
		return;
	change_add_op(w->out, OP_SET, span_text(stored), value_is_null(v) ? null_value(w) : v);
}

static bool is_first_of_group(const struct diffing *w, size_t at, const char *group)
{
	for (size_t i = 0; i < at; i++) {
		const struct field *f = kind_field(w->put->kind, w->put->fields[i].name);
		if (f && f->group && !strcmp(f->group, group))
			return false;
	}
	return true;
}

/* The last put_field of a name; NULL when it is not among them. */
static const struct put_field *wanted(const struct diffing *w, const char *name)
{
	const struct put_field *found = NULL;
	for (size_t i = 0; i < w->put->field_count; i++)
		if (!strcmp(w->put->fields[i].name, name))
			found = &w->put->fields[i];
	return found;
}

/* Members that are not given stay as the writer saw them; so do those of a newer version. */
static void set_group(struct diffing *w, const char *group)
{
	struct map_maker m = {0};
	struct span had = {NULL, 0}, name, v;
	size_t pairs = 0;
	if (state_value(w->base, group, &had) && value_take_map(&had, &pairs))
		while (pairs-- && value_take_text(&had, &name) && value_take_any(&had, &v)) {
			char *text = mem_text_n((const char *)name.p, name.n);
			if (!wanted(w, text))
				buf_add_span(map_add_text(&m, name), v);
			free(text);
		}
	for (const struct field *f = w->put->kind->fields; f->name; f++) {
		const struct put_field *p = wanted(w, f->name);
		if (f->group && !strcmp(f->group, group) && p && !value_is_null(p->value))
			buf_add_span(map_add_text(&m, span_text(f->name)), p->value);
	}
	struct buf *map = scratch_new(w->keep);
	bool empty = !m.count;
	map_finish(&m, map);
	set(w, group, empty ? span_of(NULL, 0) : buf_span(map));
}

/* --- sets ------------------------------------------------------------------------------- */

static bool in_list(struct span list, struct span v)
{
	size_t count;
	struct span item;
	if (value_is_null(list) || !value_take_list(&list, &count))
		return false;
	while (count-- && value_take_any(&list, &item))
		if (span_equal(item, v))
			return true;
	return false;
}

static bool has_member(const struct state_field *s, struct span v)
{
	for (size_t i = 0; s && s->kind == SLOT_SET && i < s->count; i++)
		if (span_equal(s->said[i].value, v))
			return true;
	return false;
}

static void set_members(struct diffing *w, const struct field *f, struct span list)
{
	const struct state_field *s = state_field(w->base, f->name);
	struct span rest = list, item;
	size_t count = 0;
	if (!value_is_null(list) && !value_take_list(&rest, &count)) {
		wrong(w, f->name, "several may stand here: give a list");
		return;
	}
	for (struct span done = {NULL, 0}; count-- && value_take_any(&rest, &item); done = item) {
		if (!check(w, f, item) || has_member(s, item) || span_equal(done, item))
			continue;
		change_add_op(w->out, OP_ADD, span_text(f->name), item);
	}
	for (size_t i = 0; s && s->kind == SLOT_SET && i < s->count; i++)
		if (!in_list(list, s->said[i].value))
			change_add_op(w->out, OP_REMOVE, span_text(f->name), s->said[i].value)
				->seen = s->said[i].change;
}

/* --- rows ------------------------------------------------------------------------------- */

enum { PLACE_STEP = 1 << 16 };

/* The row a wanted map names, and its cells without that member. */
static bool split_row(struct span map, struct id *row, bool *named, struct buf *cells)
{
	struct map_maker m = {0};
	struct span name, v;
	size_t pairs;
	*named = false;
	if (!value_take_map(&map, &pairs))
		return false;
	while (pairs--) {
		if (!value_take_text(&map, &name) || !value_take_any(&map, &v))
			break;
		if (span_is(name, "row"))
			*named = value_is_id(v, row);
		else if (!value_is_null(v))
			buf_add_span(map_add_text(&m, name), v);
	}
	map_finish(&m, cells);
	return true;
}

/* Rows of a seed are named by what is in them, so that an equal row keeps its name when
 * others come and go; a second equal one counts on. */
static struct id seeded_row(const struct diffing *w, const struct field *f, struct span cells,
			    size_t nth)
{
	struct buf b = BUF_INIT;
	struct id id;
	buf_printf(&b, "row\n%s\n%s\n%s\n%zu\n", w->put->seed_source, w->put->seed_key, f->name,
		   nth);
	buf_add_span(&b, cells);
	struct hash h = store_plain_hash(buf_span(&b));
	memcpy(id.b, h.b, sizeof id.b);
	buf_fini(&b);
	return id;
}

static const struct state_row *find_row(const struct state_field *s, const struct id *row)
{
	for (size_t i = 0; s && i < s->row_count; i++)
		if (id_equal(&s->rows[i].id, row))
			return &s->rows[i];
	return NULL;
}

struct want_row {
	struct id id;
	struct span cells;
	bool named;
	bool goes; /* nothing but what it is called: it is taken out */
};

static size_t equal_before(const struct want_row *v, size_t at)
{
	size_t n = 0;
	for (size_t i = 0; i < at; i++)
		n += span_equal(v[i].cells, v[at].cells);
	return n;
}

/* Such a row is named by the cell that tells it apart, whoever writes it. */
static bool tell_row(struct diffing *w, const struct field *f, struct want_row *v)
{
	struct span rest = v->cells;
	size_t pairs = 0;
	v->named = extra_told(f, v->cells, &v->id);
	v->goes = value_take_map(&rest, &pairs) && pairs == 1;
	if (!v->named)
		wrong(w, f->name,
		      "each row has a name: small letters, digits and _, like bus_stop");
	return v->named;
}

static void name_row(struct diffing *w, const struct field *f, struct want_row *v, size_t at)
{
	if (v[at].named)
		return;
	if (w->put->seed_source)
		v[at].id = seeded_row(w, f, v[at].cells, equal_before(v, at));
	else
		v[at].id = seam_new_id(w->b->seam);
}

static void drop_row(struct diffing *w, const struct field *f, const struct id *row)
{
	change_add_op(w->out, OP_ROW, span_text(f->name), null_value(w))->row = *row;
}

static void write_row(struct diffing *w, const struct field *f, const struct state_row *had,
		      const struct want_row *want, int64_t place)
{
	struct span name = span_text(f->name);
	if (!had || had->count > 1 || !span_equal(had->said[0].value, want->cells))
		change_add_op(w->out, OP_ROW, name, want->cells)->row = want->id;
	if (!had || had->place != place) {
		struct buf *b = scratch_new(w->keep);
		value_add_int(b, place);
		change_add_op(w->out, OP_ROW_PLACE, name, buf_span(b))->row = want->id;
	}
}

/* Rows that are told apart are as fields are: those that are not given stay as they were, and
 * where they stand says nothing. */
static void write_told(struct diffing *w, const struct field *f, const struct state_field *s,
		       const struct want_row *v, size_t n, bool clear)
{
	for (size_t i = 0; i < n; i++) {
		const struct state_row *had = find_row(s, &v[i].id);
		if (!v[i].goes)
			write_row(w, f, had, &v[i], had ? had->place : 0);
		else if (had)
			drop_row(w, f, &v[i].id);
	}
	for (size_t i = 0; clear && s && i < s->row_count; i++)
		drop_row(w, f, &s->rows[i].id);
}

/* Places rise from row to row; one that stands right already stays as it is. */
static void write_rows(struct diffing *w, const struct field *f, const struct state_field *s,
		       struct want_row *v, size_t n)
{
	int64_t last = 0;
	for (size_t i = 0; i < n; i++) {
		name_row(w, f, v, i);
		const struct state_row *had = find_row(s, &v[i].id);
		int64_t place = had && had->place > last ? had->place : last + PLACE_STEP;
		write_row(w, f, had, &v[i], place);
		last = place;
	}
	for (size_t i = 0; s && s->rows && i < s->row_count; i++) {
		bool kept = false;
		for (size_t k = 0; k < n; k++)
			kept |= id_equal(&v[k].id, &s->rows[i].id);
		if (!kept)
			drop_row(w, f, &s->rows[i].id);
	}
}

static void set_rows(struct diffing *w, const struct field *f, struct span list)
{
	struct span rest = list, item;
	size_t count = 0, n = 0;
	if (!value_is_null(list) && !value_take_list(&rest, &count)) {
		wrong(w, f->name, "rows stand here: give a list of them");
		return;
	}
	struct want_row *v = mem_alloc_many(count, sizeof *v);
	while (count-- && value_take_any(&rest, &item)) {
		struct buf *cells = scratch_new(w->keep);
		if (!split_row(item, &v[n].id, &v[n].named, cells)) {
			wrong(w, f->name, "each row is a set of named cells");
			continue;
		}
		v[n].cells = buf_span(cells);
		if (f->told_by && !tell_row(w, f, &v[n]))
			continue;
		for (size_t i = 0; v[n].named && i < n; i++)
			if (v[i].named && id_equal(&v[i].id, &v[n].id))
				wrong(w, f->name, "the same row stands here twice");
		n += check(w, f, v[n].cells);
	}
	const struct state_field *s = state_field(w->base, f->name);
	if (f->told_by)
		write_told(w, f, s, v, n, value_is_null(list));
	else
		write_rows(w, f, s, v, n);
	free(v);
}

/* --- a put ------------------------------------------------------------------------------ */

static bool refuse_conflict(struct diffing *w, const struct field *f)
{
	const struct state_field *s = state_field(w->base, field_stored(f));
	if (w->put->has_heads || !s || !s->conflict)
		return false;
	wrong(w, f->name, "stands in conflict; settle it on the values that show gives (heads)");
	return true;
}

static void diff_field(struct diffing *w, size_t at)
{
	const struct put_field *p = &w->put->fields[at];
	const struct field *f = kind_field(w->put->kind, p->name);
	if (!f) {
		diag_say_at(w->d, NULL, (unsigned)w->number, 0, "a %s has no field \"%s\"",
			    w->put->kind->name, p->name);
		w->wrong = true;
		return;
	}
	if ((f->flags & FIELD_BY_ACT) && !w->put->by_act) {
		wrong(w, f->name, "is written by amend, move or same, not by itself");
		return;
	}
	if (refuse_conflict(w, f) || wanted(w, p->name) != p)
		return;
	if (field_is_set(f))
		set_members(w, f, p->value);
	else if (f->type == V_ROWS)
		set_rows(w, f, p->value);
	else if (!check(w, f, p->value))
		return;
	else if (!f->group)
		set(w, f->name, p->value);
	else if (is_first_of_group(w, at, f->group))
		set_group(w, f->group);
}

/* Nothing, or a list of nothing. */
static bool is_empty(struct span v)
{
	size_t count;
	return value_is_null(v) || (value_take_list(&v, &count) && !count);
}

/* A register's or member's value as this put leaves it; no bytes when nothing stands there. */
static struct span will_stand(const struct diffing *w, const struct field *f)
{
	const struct put_field *p = wanted(w, f->name);
	struct span v = {NULL, 0}, member;
	if (p)
		return p->value;
	if (!state_value(w->base, field_stored(f), &v))
		return span_of(NULL, 0);
	if (!f->group)
		return v;
	return value_in_map(v, f->name, &member) ? member : span_of(NULL, 0);
}

/* One of those that may stand for each other must be there. */
static void check_either(struct diffing *w)
{
	const struct field *first = NULL;
	bool stands = false, touched = w->put->is_new;
	for (const struct field *f = w->put->kind->fields; f->name; f++) {
		if (!(f->flags & FIELD_EITHER))
			continue;
		first = first ? first : f;
		touched |= wanted(w, f->name) != NULL;
		stands |= !is_empty(will_stand(w, f));
	}
	if (first && touched && !stands)
		wrong(w, first->name, "is still to be filled in");
}

static void check_musts(struct diffing *w)
{
	for (const struct field *f = w->put->kind->fields; f->name; f++) {
		const struct put_field *p = wanted(w, f->name);
		if ((f->flags & FIELD_MUST) && (p ? is_empty(p->value) : w->put->is_new))
			wrong(w, f->name, "is still to be filled in");
	}
	check_either(w);
}

/* A CHI number and a date of birth that are not the same day's: one of them is mistyped. */
static void check_birth(struct diffing *w)
{
	const struct field *chi = kind_field(w->put->kind, "chi");
	const struct field *born = kind_field(w->put->kind, "date_of_birth");
	struct buf said = BUF_SECRET;
	if (!chi || !born || w->wrong || (!wanted(w, chi->name) && !wanted(w, born->name)) ||
	    value_chi_fits_birth(will_stand(w, chi), will_stand(w, born)))
		return;
	value_say(born, will_stand(w, born), w->b->terms, when_now(w->b->seam), &said);
	buf_add_text(&said, " is not the day that the CHI number starts with; look at both");
	wrong(w, wanted(w, chi->name) ? chi->name : born->name, buf_text(&said));
	buf_fini(&said);
}

/* --- finishing -------------------------------------------------------------------------- */

static bool is_written(const struct diffing *w, const char *stored, const struct id *row)
{
	for (size_t i = 0; i < w->out->op_count; i++) {
		const struct op *op = &w->out->ops[i];
		if (span_is(op->field, stored) && (!row || id_equal(&op->row, row)))
			return true;
	}
	return false;
}

/* A finish says every field again: what somebody writes without having seen it finished then
 * stands beside it, marked, and does not slip in.  Members of sets stand anyway. */
static void write_again(struct diffing *w, const struct state_field *s)
{
	struct span name = span_text(s->name);
	if (s->kind == SLOT_REGISTER && !is_written(w, s->name, NULL)) {
		if (s->conflict)
			wrong(w, s->name,
			      "stands in conflict; settle it before the note is finished");
		else if (s->count)
			change_add_op(w->out, OP_SET, name, s->said[0].value);
	}
	for (size_t i = 0; i < s->row_count; i++)
		if (!is_written(w, s->name, &s->rows[i].id))
			change_add_op(w->out, OP_ROW, name, s->rows[i].said[0].value)->row =
				s->rows[i].id;
}

static void finish(struct diffing *w)
{
	if (!w->put->kind->is_note)
		wrong(w, w->put->kind->name, "is nothing that can be finished");
	for (size_t i = 0; !w->wrong && i < w->base->field_count; i++)
		write_again(w, &w->base->fields[i]);
}

enum err diff_put(struct book *b, const struct put *p, size_t number, const struct state *base,
		  struct change *out, struct scratch *keep, struct diag *d)
{
	struct diffing w = {b, p, base, out, keep, d, number, false};
	for (size_t i = 0; i < p->field_count; i++)
		diff_field(&w, i);
	check_musts(&w);
	check_birth(&w);
	if (p->mark == MARK_FINISH && !mutant(MUTANT_FINISH_WITHOUT_TEXT))
		finish(&w);
	return w.wrong ? ERR_INPUT : OK;
}

/* SPDX-License-Identifier: MIT
 *
 * Filling in any form by keys, and looking in the book for what was typed.
 */
#include "every.h"
#include <linkbook/mem.h>

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS_MOST = 300 };

struct writing *every_form(const struct every *e)
{
	struct screen *top = app_top(e->app);
	return top->kind->place == IN_WRITING ? (struct writing *)top : NULL;
}

/* --- which form ---------------------------------------------------------------------------- */

static bool leads_to(const struct screen_def *def, const char *form)
{
	for (size_t i = 0; i < def->add_count; i++)
		if (!strcmp(def->add[i], form))
			return true;
	return def->kind == DEF_LIST && def->form && !strcmp(def->form, form);
}

bool every_adds(const struct app *app, const struct screen_def *form)
{
	for (size_t i = 0; i < app->screens.count; i++)
		if (leads_to(&app->screens.defs[i], form->name))
			return true;
	return false;
}

const struct screen_def *every_adding_form(struct every *e, const struct kind *k)
{
	for (size_t i = 0; i < e->app->screens.count; i++) {
		const struct screen_def *def = &e->app->screens.defs[i];
		if (def->kind == DEF_FORM && def->of == k && every_adds(e->app, def))
			return def;
	}
	every_fail(e, "no form adds a record of type %s", k->name);
}

struct writing *every_push_form(struct every *e, const struct screen_def *form)
{
	bool in_file = form->of->store == STORE_PERSON && !form->of->is_subject;
	app_push(e->app, writing_new(e->app, form, in_file ? &e->person : NULL));
	return every_form(e);
}

/* --- a value for any field ----------------------------------------------------------------- */

void every_words(const struct def_entry *def, struct buf *out)
{
	buf_printf(out, "Ptàrmigan %s", def->field->name);
	if (def->cell)
		buf_printf(out, " %s", def->cell->name);
}

static void say_day(const struct entry *f, struct buf *out)
{
	buf_add_text(out, f->def->way == WHEN_AHEAD ? "tomorrow" : "yesterday");
	if (f->field->type == V_MOMENT)
		buf_add_text(out, " 2pm");
}

static void say_number(const struct entry *f, struct buf *out)
{
	buf_printf(out, "%d", f->field->min + (f->field->min < f->field->max));
}

/* Of yesterday, as the date of birth is; the last digit that fits. */
static void say_chi(struct every *e, const struct entry *f, struct buf *out)
{
	struct when w = when_add_days(app_now(e->app), -1);
	for (int last = 0; last < 10; last++) {
		struct buf value = BUF_INIT;
		buf_clear(out);
		buf_printf(out, "%02d%02d%02d%03d%d", w.day, w.month, w.year % 100, 124, last);
		enum err err = value_read(f->field, buf_text(out), e->app->o.terms, app_now(e->app),
					  f->def->way, &value, NULL);
		buf_fini(&value);
		if (!err)
			return;
	}
}

static void say_value(struct every *e, const struct entry *f, struct buf *out)
{
	switch ((int)f->field->type) {
	case V_DATE:
	case V_MOMENT:
		say_day(f, out);
		break;
	case V_NUMBER:
	case V_SCALE:
		say_number(f, out);
		break;
	case V_CHI:
		say_chi(e, f, out);
		break;
	case V_TIME:
		buf_add_text(out, "10am");
		break;
	case V_MONEY:
		buf_add_text(out, "3.50");
		break;
	case V_PHONE:
		buf_add_text(out, "0141 496 0000");
		break;
	case V_POSTCODE:
		buf_add_text(out, "G51 2RT");
		break;
	case V_NOTE:
		every_words(f->def, out);
		buf_add_text(out, "\nand more");
		break;
	case V_WORDS:
		every_words(f->def, out);
		buf_add_text(out, ", Capercaillie");
		break;
	default:
		every_words(f->def, out);
	}
}

/* --- filling in ---------------------------------------------------------------------------- */

static void fill_line(struct every *e, struct entry *f)
{
	struct buf typed = BUF_INIT;
	say_value(e, f, &typed);
	every_press(e, PRESS_END);
	while (f->edit.text.n)
		every_press(e, f->edit.cursor ? PRESS_BACKSPACE : PRESS_DELETE);
	every_type(e, buf_text(&typed));
	buf_fini(&typed);
}

/* The first that there is, or another than the one that stands there.  What several stand in is
 * left: a second press would take one away. */
static void fill_pick(struct every *e, const struct writing *w, const struct entry *f)
{
	if (f->picks.count && options_many(f->field))
		return;
	every_press(e, PRESS_ENTER);
	if (f->picks.count)
		every_press(e, PRESS_DOWN);
	every_press(e, PRESS_ENTER);
	for (int i = 0; i < 2 && app_top(e->app) != &w->base; i++)
		every_press(e, PRESS_ESC);
}

static bool has_a_row(const struct writing *w)
{
	return w->focus && w->entries[w->focus - 1].def->field == writing_focused(w)->def->field;
}

static void fill_focused(struct every *e, struct writing *w)
{
	struct entry *f = writing_focused(w);
	if (f->way == ENTRY_ADD && !has_a_row(w)) {
		every_press(e, PRESS_ENTER);
		f = writing_focused(w);
	}
	if (f->way == ENTRY_PICK)
		fill_pick(e, w, f);
	else if (f->way != ENTRY_ADD)
		fill_line(e, f);
	if (app_top(e->app) != &w->base)
		every_fail(e, "the form does not come back");
}

void every_fill(struct every *e)
{
	struct writing *w = every_form(e);
	size_t before, n = 0;
	do { /* to the first one */
		before = w->focus;
		every_press(e, PRESS_TAB);
	} while (w->focus > before);
	do {
		fill_focused(e, w);
		before = w->focus;
		every_press(e, PRESS_TAB);
	} while (w->focus > before && ++n < FIELDS_MOST);
}

/* --- in the book --------------------------------------------------------------------------- */

/* What a field of the form stood for when it was saved. */
struct meant {
	const struct field *stored, *field; /* the same, but for a cell */
	struct id row;
	struct buf value;
};

static size_t note_meant(struct every *e, struct writing *w, struct meant *out)
{
	size_t n = 0;
	for (size_t i = 0; i < w->count; i++) {
		struct entry *f = &w->entries[i];
		if (f->way == ENTRY_ADD || f->hidden || entry_is_empty(f))
			continue;
		out[n] = (struct meant){f->def->field, f->field, f->row, BUF_INIT};
		if (entry_read(f, e->app, &out[n].value))
			every_fail(e, "%s", buf_text(&f->fault));
		n++;
	}
	return n;
}

static bool has_member(const struct said *v, size_t count, struct span value)
{
	for (size_t i = 0; i < count; i++)
		if (span_equal(v[i].value, value))
			return true;
	return false;
}

static bool holds_set(const struct record *r, const struct meant *m)
{
	struct said *v = NULL;
	struct span list = buf_span(&m->value), item;
	size_t wanted, count = record_members(r, m->field, &v);
	bool holds = value_take_list(&list, &wanted) && wanted == count;
	for (size_t i = 0; holds && i < wanted; i++)
		holds = value_take_any(&list, &item) && has_member(v, count, item);
	free(v);
	return holds;
}

/* A cell that stands alone in its form has no row's id: any row will do. */
static bool holds_cell(const struct record *r, const struct meant *m)
{
	const struct state_field *s = state_field(&r->state, m->stored->name);
	struct span v;
	for (size_t i = 0; s && i < s->row_count; i++)
		if ((id_is_zero(&m->row) || id_equal(&m->row, &s->rows[i].id)) &&
		    value_in_map(s->rows[i].said[0].value, m->field->name, &v) &&
		    span_equal(v, buf_span(&m->value)))
			return true;
	return false;
}

static bool holds(const struct record *r, const struct meant *m)
{
	if (m->field != m->stored)
		return holds_cell(r, m);
	if (field_is_set(m->field))
		return holds_set(r, m);
	return span_equal(record_value(r, m->field->name), buf_span(&m->value));
}

static struct ref check_book(struct every *e, const struct id *record, struct meant *v, size_t n)
{
	struct record r;
	if (book_get(e->app->book, record, &r))
		every_fail(e, "the record is not in the book");
	struct ref ref = ref_of(&r);
	for (size_t i = 0; i < n; i++) {
		if (!holds(&r, &v[i]))
			every_fail(e, "%s is not in the book as it was typed", v[i].field->name);
		buf_fini(&v[i].value);
	}
	record_fini(&r);
	return ref;
}

struct ref every_save(struct every *e)
{
	struct writing *w = every_form(e);
	struct meant *meant = mem_alloc_many(w->count, sizeof *meant);
	size_t n = note_meant(e, w, meant);
	struct id record = w->record;
	every_press(e, PRESS_CTRL + 's');
	if (strcmp(buf_text(&e->app->message), "Saved.") != 0)
		every_fail(e, "it is not saved: %s", buf_text(&e->app->message));
	if (!n)
		every_fail(e, "nothing was filled in");
	struct ref ref = check_book(e, &record, meant, n);
	free(meant);
	return ref;
}

struct ref every_make(struct every *e, const struct kind *k)
{
	size_t depth = e->app->depth;
	every_push_form(e, every_adding_form(e, k));
	every_fill(e);
	struct ref made = every_save(e);
	while (e->app->depth > depth)
		app_pop(e->app);
	return made;
}

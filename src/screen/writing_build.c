/* SPDX-License-Identifier: MIT
 *
 * Which fields a form has: those of its file, rows as they come and go, and sections as what
 * was typed asks for them.
 */
#include "writing.h"
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool has_rows(const struct def_entry *def)
{
	return def->field->type == V_ROWS && !def->cell;
}

/* Room for n more in front of `at`. */
static struct entry *make_room(struct writing *w, size_t at, size_t n)
{
	w->entries = mem_grow(w->entries, w->count + n, sizeof *w->entries);
	memmove(&w->entries[at + n], &w->entries[at], (w->count - at) * sizeof *w->entries);
	w->count += n;
	if (w->focus >= at && w->count > n)
		w->focus += n;
	return &w->entries[at];
}

static void add_own(struct app *app, struct writing *w, size_t section)
{
	for (size_t i = 0; i < w->extras.count; i++) {
		struct entry *e = make_room(w, w->count, 1);
		entry_init(e, &w->own[i], app);
		e->row = extra_row(w->extras.v[i].name);
		e->section = section;
	}
}

static void add_entry(struct app *app, struct writing *w, const struct def_entry *def,
		      size_t section)
{
	if (def->field->told_by) {
		add_own(app, w, section);
		return;
	}
	struct entry *e = make_room(w, w->count, 1);
	if (has_rows(def))
		entry_init_add(e, def);
	else
		entry_init(e, def, app);
	e->section = section;
}

void writing_build(struct app *app, struct writing *w)
{
	const struct screen_def *def = w->base.def;
	for (size_t i = 0; i < def->section_count; i++)
		for (size_t j = 0; j < def->sections[i].count; j++)
			add_entry(app, w, &def->sections[i].entries[j], i);
	BUG_IF(!w->count);
	w->focus = 0;
	writing_update(w);
}

size_t writing_add_row(struct app *app, struct writing *w, size_t at, const struct id *row)
{
	const struct def_entry *def = w->entries[at].def;
	size_t section = w->entries[at].section;
	struct entry *e = make_room(w, at, def->cell_count);
	for (size_t i = 0; i < def->cell_count; i++) {
		entry_init(&e[i], &def->cells[i], app);
		e[i].row = *row;
		e[i].section = section;
	}
	return at;
}

size_t writing_find_add(const struct writing *w, const char *field)
{
	size_t i = 0;
	while (i < w->count &&
	       (w->entries[i].way != ENTRY_ADD || strcmp(w->entries[i].field->name, field) != 0))
		i++;
	return i;
}

static void fill_rows(struct app *app, struct writing *w, size_t at, const struct record *r)
{
	const struct def_entry *def = w->entries[at].def;
	const struct state_field *s = state_field(&r->state, def->field->name);
	for (size_t i = 0; s && i < s->row_count; i++) {
		const struct state_row *row = &s->rows[i];
		size_t first = writing_add_row(app, w, at, &row->id);
		for (size_t k = 0; k < def->cell_count; k++)
			entry_fill_cell(&w->entries[first + k], app, row->said[0].value);
		at = first + def->cell_count;
	}
}

void writing_fill(struct app *app, struct writing *w, const struct record *r)
{
	for (size_t i = 0; i < w->count; i++) {
		struct entry *e = &w->entries[i];
		if (e->way == ENTRY_ADD) {
			size_t before = w->count;
			fill_rows(app, w, i, r);
			i += w->count - before;
		} else if (entry_is_own(e)) {
			writing_fill_own(app, w, e, r);
		} else if (id_is_zero(&e->row) && !e->def->cell) {
			entry_fill(e, app, r);
		}
	}
	w->focus = 0;
	writing_update(w);
}

/* --- sections --------------------------------------------------------------------------- */

static const struct entry *entry_of(const struct writing *w, const struct field *f)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->entries[i].field == f)
			return &w->entries[i];
	return NULL;
}

/* Several that were picked: one of them is enough. */
static bool has_value(const struct entry *e, const char *value)
{
	if (e->way == ENTRY_PICK)
		return picks_has(&e->picks, value);
	return span_is(buf_span(&e->edit.text), value);
}

static bool holds(const struct writing *w, const struct def_when *when)
{
	const struct entry *e = entry_of(w, when->field);
	bool any = false;
	if (!e)
		return true;
	if (when->test == TEST_SET || when->test == TEST_UNSET)
		return entry_is_empty(e) == (when->test == TEST_UNSET);
	for (size_t i = 0; i < when->count; i++)
		any |= has_value(e, when->values[i]);
	return any == (when->test != TEST_IS_NOT);
}

void writing_update(struct writing *w)
{
	for (size_t i = 0; i < w->count; i++) {
		struct entry *e = &w->entries[i];
		const struct def_section *s = &w->base.def->sections[e->section];
		e->hidden = false;
		for (size_t k = 0; k < s->when_count; k++)
			e->hidden |= !holds(w, &s->when[k]);
	}
}

/* --- what they are called --------------------------------------------------------------- */

static size_t row_number(const struct writing *w, size_t at)
{
	const struct entry *e = &w->entries[at];
	size_t n = 0;
	for (size_t i = 0; i <= at; i++) {
		const struct entry *other = &w->entries[i];
		bool first = !i || !id_equal(&w->entries[i - 1].row, &other->row);
		n += other->def->field == e->def->field && !id_is_zero(&other->row) && first;
	}
	return n;
}

static void add_small(const char *label, struct buf *out)
{
	buf_add_byte(out, (uint8_t)tolower((unsigned char)*label));
	buf_add_text(out, label + 1);
}

static bool has_row_before(const struct writing *w, size_t at)
{
	return at && w->entries[at - 1].def->field == w->entries[at].def->field;
}

void writing_label(const struct writing *w, size_t i, struct buf *out)
{
	const struct entry *e = &w->entries[i];
	if (e->way == ENTRY_ADD && has_row_before(w, i)) {
		buf_add_text(out, "More of ");
		add_small(e->def->label, out);
	} else if (!id_is_zero(&e->row) && !entry_is_own(e)) {
		size_t add = writing_find_add(w, e->def->field->name);
		buf_printf(out, "%s %zu ", w->entries[add].def->label, row_number(w, i));
		add_small(e->def->label, out);
	} else {
		buf_add_text(out, e->def->label);
	}
}

void writing_name(const struct writing *w, const struct entry *e, struct buf *out)
{
	char hex[ID_HEX];
	if (e->way == ENTRY_ADD)
		return;
	buf_add_text(out, e->def->field->name);
	if (entry_is_own(e))
		buf_printf(out, "/%s", writing_own_name(w, e));
	else if (!id_is_zero(&e->row))
		buf_printf(out, "/%s/%s", id_to_hex(&e->row, hex), e->field->name);
}

/* SPDX-License-Identifier: MIT
 *
 * From a form to a record.
 */
#include "writing.h"
#include <linkbook/mem.h>

#include <stdlib.h>

/* A field with rows gets the one row that was asked. */
static void add_row(const struct entry *e, struct span cell, struct buf *out)
{
	struct map_maker row = {0};
	value_add_list(out, 1);
	buf_add_span(map_add_text(&row, span_text(e->field->name)), cell);
	map_finish(&row, out);
}

static bool read_entries(struct app *app, struct writing *w, struct buf *values)
{
	size_t bad = w->count;
	for (size_t i = 0; i < w->count; i++) {
		struct entry *e = &w->entries[i];
		struct buf value = BUF_SECRET;
		if (entry_read(e, app, &value))
			bad = i < bad ? i : bad;
		else if (e->def->cell && !value_is_null(buf_span(&value)))
			add_row(e, buf_span(&value), &values[i]);
		else
			buf_add_span(&values[i], buf_span(&value));
		buf_fini(&value);
	}
	if (bad == w->count)
		return true;
	w->focus = bad;
	app_say(app, ATTR_WRONG, "Not saved yet: see under %s.", w->entries[bad].def->label);
	return false;
}

/* Of a new record only what was filled in; of one that was there, what was altered. */
static size_t choose_fields(const struct writing *w, const struct buf *values,
			    struct put_field *fields)
{
	size_t n = 0;
	for (size_t i = 0; i < w->count; i++) {
		const struct entry *e = &w->entries[i];
		bool wanted = w->head_count ? e->altered : !value_is_null(buf_span(&values[i]));
		if (wanted)
			fields[n++] = (struct put_field){e->def->field->name, buf_span(&values[i])};
	}
	return n;
}

static bool put(struct app *app, struct writing *w, const struct put_field *fields, size_t count)
{
	struct diag d = {0};
	struct put p = {
		.kind = w->base.def->of,
		.record = w->record,
		.person = w->person,
		.is_new = !w->head_count,
		.has_heads = w->head_count > 0,
		.heads = w->heads,
		.head_count = w->head_count,
		.fields = fields,
		.field_count = count,
	};
	if (w->kept_at)
		p.draft = w->draft;
	enum err e = book_put(app->book, &p, 1, &d);
	if (e)
		app_say_fault(app, "Not saved, and still here", e, &d);
	else
		w->unkept = false;
	app->saved = e ? (struct id){{0}} : w->record;
	diag_fini(&d);
	return !e;
}

bool writing_save(struct app *app, struct writing *w)
{
	if (writing_is_empty(w)) {
		app_say(app, 0, "There is nothing to save yet. Write a few words; Esc goes back.");
		return false;
	}
	struct buf *values = mem_alloc_many(w->count, sizeof *values);
	struct put_field *fields = mem_alloc_many(w->count, sizeof *fields);
	for (size_t i = 0; i < w->count; i++)
		values[i] = (struct buf)BUF_SECRET;
	bool saved = read_entries(app, w, values) &&
		     put(app, w, fields, choose_fields(w, values, fields));
	for (size_t i = 0; i < w->count; i++)
		buf_fini(&values[i]);
	free(values);
	free(fields);
	return saved;
}

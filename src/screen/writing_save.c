/* SPDX-License-Identifier: MIT
 *
 * From a form to a record.
 */
#include "writing.h"
#include "options.h"
#include "pick.h"
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

/* The cells of one row, from `at` on; false when all are empty, as they are once it was rubbed
 * out. */
static bool read_row(struct app *app, struct writing *w, size_t at, struct buf *out, bool *bad)
{
	struct map_maker row = {0};
	bool any = false;
	struct id id = w->entries[at].row;
	value_add_bytes(map_add_text(&row, span_text("row")), id.b, sizeof id.b);
	for (size_t i = at; i < w->count && id_equal(&w->entries[i].row, &id); i++) {
		struct entry *e = &w->entries[i];
		struct buf value = BUF_SECRET;
		*bad |= entry_read(e, app, &value) != OK;
		any |= !entry_is_empty(e);
		if (!entry_is_empty(e))
			buf_add_span(map_add_text(&row, span_text(e->field->name)),
				     buf_span(&value));
		buf_fini(&value);
	}
	map_finish(&row, out);
	return any;
}

/* All rows in front of the entry that adds them. */
static bool read_rows(struct app *app, struct writing *w, size_t add, struct buf *out)
{
	struct buf rows = BUF_SECRET;
	size_t count = 0;
	bool bad = false;
	for (size_t i = 0; i < add; i++) {
		struct buf row = BUF_SECRET;
		bool first = !i || !id_equal(&w->entries[i - 1].row, &w->entries[i].row);
		if (w->entries[i].def->field == w->entries[add].field && first &&
		    !id_is_zero(&w->entries[i].row) && read_row(app, w, i, &row, &bad)) {
			buf_add_span(&rows, buf_span(&row));
			count++;
		}
		buf_fini(&row);
	}
	value_add_list(out, count);
	buf_add_span(out, buf_span(&rows));
	buf_fini(&rows);
	return !bad;
}

static bool read_one(struct app *app, struct writing *w, size_t i, struct buf *out)
{
	struct entry *e = &w->entries[i];
	struct buf value = BUF_SECRET;
	bool ok = true;
	if (writing_own_speaks(w, i))
		return writing_read_own(app, w, out);
	if (e->hidden || !id_is_zero(&e->row))
		return true; /* not asked now; or read with its row */
	if (e->way == ENTRY_ADD)
		return read_rows(app, w, i, out);
	ok = entry_read(e, app, &value) == OK;
	if (ok && e->def->cell && !value_is_null(buf_span(&value)))
		add_row(e, buf_span(&value), out);
	else if (ok)
		buf_add_span(out, buf_span(&value));
	buf_fini(&value);
	return ok;
}

static size_t first_fault(const struct writing *w)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->entries[i].fault.n)
			return i;
	return w->focus;
}

static bool read_entries(struct app *app, struct writing *w, struct buf *values)
{
	bool ok = true;
	for (size_t i = 0; i < w->count; i++)
		ok &= read_one(app, w, i, &values[i]);
	if (ok)
		return true;
	struct buf label = BUF_INIT;
	w->focus = first_fault(w);
	writing_label(w, w->focus, &label);
	app_say(app, ATTR_WRONG, "Not saved yet: see under %s.", buf_text(&label));
	buf_fini(&label);
	return false;
}

static bool rows_altered(const struct writing *w, size_t add)
{
	for (size_t i = 0; i < add; i++)
		if (w->entries[i].def->field == w->entries[add].field && w->entries[i].altered)
			return true;
	return false;
}

static bool is_nothing(struct span v)
{
	size_t n;
	return value_is_null(v) || (value_take_list(&v, &n) && !n);
}

/* Of a new record only what was filled in; of one that was there, what was altered. */
static size_t choose_fields(const struct writing *w, const struct buf *values,
			    struct put_field *fields)
{
	size_t n = 0;
	for (size_t i = 0; i < w->count; i++) {
		const struct entry *e = &w->entries[i];
		bool altered = e->way == ENTRY_ADD ? rows_altered(w, i)
			       : entry_is_own(e)   ? writing_own_altered(w)
						   : e->altered;
		if (values[i].n && (w->is_change ? altered : !is_nothing(buf_span(&values[i]))))
			fields[n++] = (struct put_field){e->def->field->name, buf_span(&values[i])};
	}
	return n;
}

/* --- whose list ---------------------------------------------------------------------------- */

struct choosing {
	struct writing *w;
	void (*saves)(struct app *app, struct writing *w);
};

static void take_directory(struct app *app, void *arg, const struct picks *picks)
{
	struct choosing *c = arg;
	if (!picks->count || !id_from_hex(picks->v[0], &c->w->directory))
		return;
	app->directory = c->w->directory;
	c->saves(app, c->w);
}

static bool add_practice(void *arg, const struct record *r)
{
	struct span name;
	char hex[ID_HEX];
	if (!value_is_text(record_value(r, "name"), &name))
		return true;
	char *label = mem_text_n((const char *)name.p, name.n);
	options_add(arg, id_to_hex(&r->store, hex), label, NULL);
	free(label);
	return true;
}

bool writing_asks_directory(struct app *app, struct writing *w,
			    void saves(struct app *app, struct writing *w))
{
	struct options o = {0};
	struct picks picked = {0};
	char hex[ID_HEX];
	if (w->is_change || w->base.def->of->store != STORE_DIRECTORY || writing_is_empty(w) ||
	    !id_is_zero(&w->directory) || book_directory_count(app->book) < 2 ||
	    book_scan(app->book, kind_find("practice"), NULL, add_practice, &o) || o.count < 2) {
		options_fini(&o);
		return false;
	}
	options_sort(&o);
	struct choosing *c = mem_alloc(sizeof *c);
	*c = (struct choosing){w, saves};
	if (!id_is_zero(&app->directory))
		picks_add(&picked, id_to_hex(&app->directory, hex));
	struct pick_request request = {.title = "Into which practice's list?",
				       .picked = &picked,
				       .took = take_directory,
				       .arg = c,
				       .drop = free};
	app_push(app, pick_new(app, &request, &o));
	picks_clear(&picked);
	return true;
}

static bool put(struct app *app, struct writing *w, const struct put_field *fields, size_t count)
{
	struct diag d = {0};
	struct put p = {
		.kind = w->base.def->of,
		.record = w->record,
		.in = w->in,
		.directory = w->directory,
		.is_new = !w->is_change,
		.has_heads = w->is_change,
		.heads = w->heads,
		.head_count = w->head_count,
		.fields = fields,
		.field_count = count,
	};
	if (!w->is_change && !w->base.def->of->is_subject)
		p.person = w->person;
	if (w->kept_at)
		p.draft = w->draft;
	enum err e = book_put(app->book, &p, 1, &d);
	if (e)
		app_say_fault(app, "Not saved, and still here", e, &d);
	else
		w->unkept = false;
	app->saved = (struct id){{0}};
	if (!e)
		app->saved = w->record;
	diag_fini(&d);
	return !e;
}

bool writing_save(struct app *app, struct writing *w)
{
	if (writing_is_empty(w)) {
		app_say(app, 0,
			w->is_change ? "Nothing was changed; Esc goes back."
				     : "There is nothing to save yet. Write a few words; Esc goes "
				       "back.");
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

/* SPDX-License-Identifier: MIT
 *
 * What a practice asks of its groups besides, in a form: one line in a screen file stands for a
 * field a name.  Only what was altered is written, as it is with other fields.
 */
#include "writing.h"
#include <linkbook/mem.h>

#include <string.h>

static const struct def_entry *own_in(const struct screen_def *def)
{
	for (size_t i = 0; i < def->section_count; i++)
		for (size_t k = 0; k < def->sections[i].count; k++)
			if (def->sections[i].entries[k].field->told_by)
				return &def->sections[i].entries[k];
	return NULL;
}

void writing_find_own(struct app *app, const struct screen_def *def, const struct id *in,
		      struct extras *out)
{
	*out = (struct extras){0};
	enum err e = own_in(def) ? extras_read(app->book, in, out) : OK;
	if (e)
		app_say_fault(app, "The practice's own fields could not be read", e, NULL);
}

bool entry_is_own(const struct entry *e)
{
	return e->def->field->told_by != NULL;
}

const char *writing_own_name(const struct writing *w, const struct entry *e)
{
	return w->extras.v[e->def - w->own].name;
}

void writing_make_own(struct writing *w)
{
	const struct def_entry *def = own_in(w->base.def);
	w->own = mem_alloc_many(w->extras.count, sizeof *w->own);
	for (size_t i = 0; def && i < w->extras.count; i++) {
		const struct extra *x = &w->extras.v[i];
		w->own[i] = *def;
		w->own[i].label = x->label;
		w->own[i].hint = *x->hint ? x->hint : NULL;
	}
}

void writing_fill_own(struct app *app, struct writing *w, struct entry *e, const struct record *r)
{
	const struct state_row *row = extra_find(r, writing_own_name(w, e));
	if (!row)
		return;
	entry_fill_cell(e, app, row->said[0].value);
	bool differ = said_differ(row->said, row->count);
	for (size_t i = 1; differ && i < row->count; i++) {
		struct span text = extra_text(row->said[i].value);
		buf_add_text(&e->beside, e->beside.n ? "; " : "");
		if (text.n)
			buf_add_span(&e->beside, text);
		else
			buf_add_text(&e->beside, "nothing");
	}
}

/* --- to the record ---------------------------------------------------------------------- */

/* Of the fields that one line of the screen file stands for, the first one speaks for all. */
bool writing_own_speaks(const struct writing *w, size_t i)
{
	if (!entry_is_own(&w->entries[i]))
		return false;
	for (size_t k = 0; k < i; k++)
		if (entry_is_own(&w->entries[k]))
			return false;
	return true;
}

bool writing_own_altered(const struct writing *w)
{
	for (size_t i = 0; i < w->count; i++)
		if (entry_is_own(&w->entries[i]) && w->entries[i].altered)
			return true;
	return false;
}

static bool is_written(const struct writing *w, const struct entry *e)
{
	if (!entry_is_own(e) || e->hidden)
		return false;
	return w->is_change ? e->altered : !entry_is_empty(e);
}

/* A name with nothing beside it takes out what stood under it. */
static bool read_own(struct app *app, const struct writing *w, struct entry *e, struct buf *out)
{
	struct map_maker row = {0};
	struct buf value = BUF_SECRET;
	bool ok = entry_read(e, app, &value) == OK;
	value_add_text(map_add_text(&row, span_text(e->def->field->told_by)),
		       span_text(writing_own_name(w, e)));
	if (ok && !value_is_null(buf_span(&value)))
		buf_add_span(map_add_text(&row, span_text(e->field->name)), buf_span(&value));
	map_finish(&row, out);
	buf_fini(&value);
	return ok;
}

bool writing_read_own(struct app *app, struct writing *w, struct buf *out)
{
	struct buf rows = BUF_SECRET;
	size_t count = 0;
	bool ok = true;
	for (size_t i = 0; i < w->count; i++)
		if (is_written(w, &w->entries[i])) {
			ok &= read_own(app, w, &w->entries[i], &rows);
			count++;
		}
	value_add_list(out, count);
	buf_add_span(out, buf_span(&rows));
	buf_fini(&rows);
	return ok;
}

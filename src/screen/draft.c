/* SPDX-License-Identifier: MIT
 *
 * Drafts: a form as bytes, and back.
 */
#include "draft.h"
#include "rows.h"
#include "writing.h"
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

static struct buf *text_key(struct map_maker *m, const char *key)
{
	return map_add_text(m, span_text(key));
}

static void add_entries(const struct writing *w, struct map_maker *m)
{
	struct map_maker fields = {0};
	struct buf typed = BUF_SECRET, name = BUF_INIT;
	for (size_t i = 0; i < w->count; i++) {
		buf_clear(&typed);
		buf_clear(&name);
		writing_name(w, &w->entries[i], &name);
		entry_typed(&w->entries[i], &typed);
		if (name.n)
			value_add_text(map_add_text(&fields, buf_span(&name)), buf_span(&typed));
	}
	buf_fini(&name);
	buf_fini(&typed);
	map_finish(&fields, text_key(m, "fields"));
}

/* Rows in their order, as pairs of field and row. */
static void add_rows(const struct writing *w, struct map_maker *m)
{
	struct buf items = BUF_INIT;
	size_t count = 0;
	for (size_t i = 0; i < w->count; i++) {
		const struct entry *e = &w->entries[i];
		if (id_is_zero(&e->row) || entry_is_own(e) ||
		    (i && id_equal(&w->entries[i - 1].row, &e->row)))
			continue;
		value_add_text(&items, span_text(e->def->field->name));
		value_add_bytes(&items, e->row.b, sizeof e->row.b);
		count += 2;
	}
	struct buf *rows = text_key(m, "rows");
	value_add_list(rows, count);
	buf_add_span(rows, buf_span(&items));
	buf_fini(&items);
}

static void add_altered(const struct writing *w, struct map_maker *m)
{
	struct buf items = BUF_INIT, name = BUF_INIT;
	size_t count = 0;
	for (size_t i = 0; i < w->count; i++) {
		buf_clear(&name);
		writing_name(w, &w->entries[i], &name);
		if (!w->entries[i].altered || !name.n)
			continue;
		value_add_text(&items, buf_span(&name));
		count++;
	}
	struct buf *altered = text_key(m, "altered");
	value_add_list(altered, count);
	buf_add_span(altered, buf_span(&items));
	buf_fini(&name);
	buf_fini(&items);
}

static void draft_encode(const struct writing *w, struct buf *out)
{
	struct map_maker m = {0};
	const struct entry *focus = &w->entries[w->focus];
	value_add_text(text_key(&m, "screen"), span_text(w->base.def->name));
	value_add_bytes(text_key(&m, "person"), w->person.b, sizeof w->person.b);
	value_add_bytes(text_key(&m, "record"), w->record.b, sizeof w->record.b);
	value_add_bytes(text_key(&m, "in"), w->in.b, sizeof w->in.b);
	struct buf *heads = text_key(&m, "heads");
	value_add_list(heads, w->head_count);
	for (size_t i = 0; i < w->head_count; i++)
		value_add_bytes(heads, w->heads[i].b, sizeof w->heads[i].b);
	struct buf *at = text_key(&m, "focus"), name = BUF_INIT;
	writing_name(w, focus, &name);
	value_add_text(at, buf_span(&name));
	buf_fini(&name);
	value_add_bool(text_key(&m, "change"), w->is_change);
	add_rows(w, &m);
	add_altered(w, &m);
	value_add_int(text_key(&m, "cursor"), (int64_t)focus->edit.cursor);
	add_entries(w, &m);
	map_finish(&m, out);
}

static bool read_id(struct span map, const char *key, struct id *id)
{
	struct span v;
	return value_in_map(map, key, &v) && value_is_id(v, id);
}

static bool read_text(struct span map, const char *key, struct span *text)
{
	struct span v;
	return value_in_map(map, key, &v) && value_is_text(v, text);
}

static void read_heads(struct writing *w, struct span map)
{
	struct span v, bytes;
	size_t n;
	if (!value_in_map(map, "heads", &v) || !value_take_list(&v, &n) || n > v.n)
		return;
	w->heads = mem_alloc_many(n, sizeof *w->heads);
	while (w->head_count < n && value_take_bytes(&v, &bytes) && bytes.n == sizeof(struct hash))
		memcpy(w->heads[w->head_count++].b, bytes.p, bytes.n);
}

static void read_rows(struct app *app, struct writing *w, struct span map)
{
	struct span v, field, bytes;
	size_t n;
	if (!value_in_map(map, "rows", &v) || !value_take_list(&v, &n))
		return;
	for (; n >= 2 && value_take_text(&v, &field) && value_take_bytes(&v, &bytes); n -= 2) {
		char *name = mem_text_n((const char *)field.p, field.n);
		size_t at = writing_find_add(w, name);
		struct id row;
		free(name);
		if (at == w->count || bytes.n != sizeof row.b)
			continue;
		memcpy(row.b, bytes.p, sizeof row.b);
		writing_add_row(app, w, at, &row);
	}
}

static bool is_listed(struct span map, const char *key, struct span name)
{
	struct span v, item;
	size_t n;
	if (!value_in_map(map, key, &v) || !value_take_list(&v, &n))
		return false;
	while (n-- && value_take_text(&v, &item))
		if (span_equal(item, name))
			return true;
	return false;
}

static void read_entries(struct writing *w, struct span map)
{
	struct span fields, text, focus = {NULL, 0}, v;
	struct buf name = BUF_INIT;
	int64_t cursor = 0;
	bool has_fields = value_in_map(map, "fields", &fields);
	bool has_focus = read_text(map, "focus", &focus) && focus.n;
	for (size_t i = 0; i < w->count; i++) {
		struct entry *e = &w->entries[i];
		buf_clear(&name);
		writing_name(w, e, &name);
		if (has_fields && name.n && read_text(fields, buf_text(&name), &text))
			entry_restore(e, text);
		e->altered = is_listed(map, "altered", buf_span(&name));
		if (has_focus && span_equal(focus, buf_span(&name)))
			w->focus = i;
	}
	if (value_in_map(map, "cursor", &v) && value_is_int(v, &cursor) && cursor >= 0)
		edit_set_cursor(&w->entries[w->focus].edit, (size_t)cursor);
	buf_fini(&name);
	writing_update(w);
}

/* What the practice asks besides, and what it asked when the draft was written. */
static void read_own(struct app *app, const struct screen_def *def, struct span map,
		     struct extras *out)
{
	static const char before[] = "extra/";
	struct id in;
	struct span fields, name, text;
	size_t pairs = 0;
	if (!read_id(map, "in", &in))
		in = (struct id){0};
	writing_find_own(app, def, &in, out);
	if (!value_in_map(map, "fields", &fields) || !value_take_map(&fields, &pairs))
		return;
	while (pairs-- && value_take_text(&fields, &name) && value_take_text(&fields, &text)) {
		size_t n = sizeof before - 1;
		if (name.n <= n || memcmp(name.p, before, n) != 0)
			continue;
		char *own = mem_text_n((const char *)name.p + n, name.n - n);
		if (extra_is_name(own))
			extras_add_named(out, own, "", "");
		free(own);
	}
}

/* The form that the content tells of, or NULL when it is none that this version has. */
static struct writing *draft_decode(struct app *app, struct span content)
{
	struct span name;
	struct id record;
	if (!read_text(content, "screen", &name) || !read_id(content, "record", &record))
		return NULL;
	char *text = mem_text_n((const char *)name.p, name.n);
	const struct screen_def *def = screens_find(&app->screens, text);
	free(text);
	if (!def || def->kind != DEF_FORM)
		return NULL;
	struct extras own;
	read_own(app, def, content, &own);
	struct writing *w = writing_blank(app, def, &own);
	w->record = record;
	if (!read_id(content, "in", &w->in))
		w->in = (struct id){0};
	if (!read_id(content, "person", &w->person))
		w->person = (struct id){0};
	struct span change;
	if (value_in_map(content, "change", &change) && !value_is_bool(change, &w->is_change))
		w->is_change = false;
	read_heads(w, content);
	read_rows(app, w, content);
	read_entries(w, content);
	w->altered = true;
	return w;
}

static void note_cursor(struct writing *w)
{
	w->kept_focus = w->focus;
	w->kept_cursor = w->entries[w->focus].edit.cursor;
}

bool writing_keep(struct app *app, struct writing *w)
{
	struct diag d = {0};
	struct buf content = BUF_SECRET;
	enum err e;
	if (writing_is_empty(w)) {
		e = w->kept_at ? book_drop_draft(app->book, &w->draft, &d) : OK;
		w->kept_at = e ? w->kept_at : 0;
	} else {
		draft_encode(w, &content);
		e = book_keep_draft(app->book, &w->draft, buf_span(&content), &d);
		if (!e)
			w->kept_at = app->o.seam->now_ms(app->o.seam);
	}
	if (e)
		app_say_fault(app, "The draft is on the screen but not on the disk", e, &d);
	/* After a failure the next try is due as after any key. */
	w->unkept = e != OK;
	w->first_key = app_boot_ms(app);
	note_cursor(w);
	buf_fini(&content);
	diag_fini(&d);
	return !e;
}

static void say_kept(struct app *app, int64_t stamp, struct buf *out)
{
	struct when at = when_from_ms(stamp), now = app_now(app);
	if (when_to_days(at) == when_to_days(now))
		buf_printf(out, "%02d:%02d", at.hour, at.minute);
	else
		when_say_short(at, now, out);
}

/* The first words in it, so that two about one person can be told apart. */
static void say_first_words(const struct app *app, const struct writing *w, struct buf *out)
{
	size_t said = 0;
	for (size_t i = 0; i < w->count && said < 2; i++) {
		const struct entry *e = &w->entries[i];
		if (e->way != ENTRY_PICK && !e->def->fallback && e->edit.text.n) {
			buf_add_text(out, said++ ? " " : ", ");
			text_clip(buf_span(&e->edit.text), 24, app->o.ascii, out);
		}
	}
}

/* "Unfinished note for Mairi MacLeod, worried about the gas, kept 10:47" */
static void say_draft(struct app *app, const struct writing *w, int64_t stamp, struct buf *out)
{
	struct buf title = BUF_SECRET;
	banner_title(app, w->base.def->title, &w->person, false, &title);
	if (title.n && title.p[0] >= 'A' && title.p[0] <= 'Z')
		title.p[0] = (uint8_t)(title.p[0] - 'A' + 'a');
	buf_printf(out, "Unfinished %s", buf_text(&title));
	say_first_words(app, w, out);
	buf_add_text(out, ", kept ");
	say_kept(app, stamp, out);
	buf_fini(&title);
}

static void add_row(struct app *app, const struct draft *d, const struct writing *w, size_t texts,
		    struct rows *rows)
{
	struct row *row = rows_add(rows, &d->id, texts, 1);
	row->is_draft = true;
	say_draft(app, w, d->stamp, &row->texts[0]);
	struct buf words = BUF_SECRET;
	text_fold(buf_span(&row->texts[0]), &words);
	rows_add_words(rows, buf_span(&words));
	buf_fini(&words);
	buf_add_u64(&row->keys[0], UINT64_MAX - (uint64_t)d->stamp); /* newest first */
}

void drafts_add_rows(struct app *app, const struct id *person, size_t texts, struct rows *rows)
{
	struct draft *drafts = NULL;
	size_t count = 0;
	struct diag d = {0};
	enum err e = book_drafts(app->book, &drafts, &count, &d);
	if (e)
		app_say_fault(app, "Unfinished notes could not be read", e, &d);
	for (size_t i = 0; i < count; i++) {
		struct writing *w = draft_decode(app, buf_span(&drafts[i].content));
		if (w && (!person || id_equal(&w->person, person)))
			add_row(app, &drafts[i], w, texts, rows);
		if (w)
			w->base.kind->free(&w->base);
	}
	drafts_free(drafts, count);
	diag_fini(&d);
}

/* Of several contents the one that a save is done with; when there is none, the newest. */
static const struct draft *opened_of(const struct draft *v, size_t count, const struct id *draft)
{
	const struct draft *newest = NULL;
	for (size_t i = 0; i < count; i++) {
		if (!id_equal(&v[i].id, draft))
			continue;
		if (v[i].begun)
			return &v[i];
		newest = newest ? newest : &v[i];
	}
	return newest;
}

struct screen *draft_resume(struct app *app, const struct id *draft)
{
	struct draft *drafts = NULL;
	struct writing *w = NULL;
	size_t count = 0;
	struct diag d = {0};
	enum err e = book_drafts(app->book, &drafts, &count, &d);
	const struct draft *opened = e ? NULL : opened_of(drafts, count, draft);
	w = opened ? draft_decode(app, buf_span(&opened->content)) : NULL;
	if (w) {
		w->draft = *draft;
		w->kept_at = opened->stamp;
		note_cursor(w);
	}
	if (e || !w)
		app_say_fault(app, "The draft could not be opened", e, &d);
	drafts_free(drafts, count);
	diag_fini(&d);
	return w ? &w->base : NULL;
}

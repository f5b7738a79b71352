/* SPDX-License-Identifier: MIT
 *
 * A practice's directory as seed files.
 */
#include <linkbook/export.h>

#include "exchange.h"

#include <linkbook/extra.h>
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

enum { KEY_WORDS = 60 };

/* --- keys --------------------------------------------------------------------------------- */

void key_end(const struct record *r, struct buf *out)
{
	char hex[ID_HEX];
	buf_printf(out, "-%.8s", id_to_hex(&r->id, hex));
}

void name_say(const struct record *r, struct buf *out)
{
	struct span name;
	if (value_is_text(record_value(r, "name"), &name))
		text_clean(name, out);
}

/* "possil-tea-1a2b3c4d" */
static void key_make(const struct record *r, struct buf *out)
{
	struct span name;
	struct buf folded = BUF_INIT;
	if (value_is_text(record_value(r, "name"), &name))
		text_fold(name, &folded);
	size_t before = out->n;
	for (size_t i = 0; i < folded.n && out->n - before < KEY_WORDS; i++) {
		uint8_t c = folded.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (plain)
			buf_add_byte(out, c);
		else if (out->n > before && out->p[out->n - 1] != '-')
			buf_add_byte(out, '-');
	}
	if (out->n == before)
		buf_add_text(out, r->state.type);
	if (out->p[out->n - 1] == '-')
		out->n--;
	key_end(r, out);
	buf_fini(&folded);
}

/* --- which practices ---------------------------------------------------------------------- */

struct finding {
	struct book *b;
	struct export_practice *v;
	size_t count, cap;
	enum err e;
};

static struct export_practice *practice_in(struct finding *w, const struct id *directory)
{
	for (size_t i = 0; i < w->count; i++)
		if (id_equal(&w->v[i].directory, directory))
			return &w->v[i];
	return NULL;
}

static void take_practice(struct export_practice *p, const struct record *r, const char *source)
{
	struct buf code = BUF_INIT, name = BUF_INIT;
	struct span text;
	if (source)
		buf_add_text(&code, source);
	else
		key_make(r, &code);
	if (value_is_text(record_value(r, "name"), &text))
		buf_add_span(&name, text);
	free(p->code);
	free(p->name);
	*p = (struct export_practice){r->store, r->id, buf_take_text(&code), buf_take_text(&name)};
}

/* Of several in a directory it is the one that came from a seed, by which it is known. */
static bool add_practice(void *arg, const struct record *r)
{
	struct finding *w = arg;
	struct seeded from;
	w->e = book_seeded(w->b, r, &from);
	struct export_practice *had = practice_in(w, &r->store);
	if (!had) {
		w->v = mem_room(w->v, w->count, &w->cap, sizeof *w->v);
		had = &w->v[w->count++];
		*had = (struct export_practice){0};
		take_practice(had, r, from.source);
	} else if (from.source) {
		take_practice(had, r, from.source);
	}
	free(from.source);
	return !w->e;
}

enum err export_practices(struct book *b, struct export_practice **out, size_t *count)
{
	struct finding w = {.b = b};
	enum err e = book_scan(b, kind_find("practice"), NULL, add_practice, &w);
	e = e ? e : w.e;
	if (e)
		export_practices_free(w.v, w.count);
	*out = e ? NULL : w.v;
	*count = e ? 0 : w.count;
	return e;
}

void export_practices_free(struct export_practice *v, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(v[i].code);
		free(v[i].name);
	}
	free(v);
}

/* --- one record --------------------------------------------------------------------------- */

struct writing_out {
	struct book *b;
	const struct export_practice *practice;
	const struct kind *kind;
	struct buf *out;
	struct export_report *report;
	struct diag *told;
	struct extras extras;
	int64_t version;
	bool altered;
	struct page {
		char *key;
		struct buf text;
	} * v; /* of each record */
	size_t count, cap;
	enum err e;
};

/* As it would be typed again; a date as files have it. */
static bool say_typed(const struct field *f, struct span v, struct buf *out)
{
	struct span text;
	if (value_is_text(v, &text))
		buf_add_span(out, text);
	else
		value_type(f, v, NULL, out);
	bool front = f->type == V_NOTE;
	while (out->n && strchr(" \t\n", out->p[out->n - 1]))
		out->n--;
	while (out->n && !front && strchr(" \t\n", out->p[0]))
		buf_splice(out, 0, 1, "", 0);
	return out->n > 0;
}

/* Numbers and yes or no stand without quotes. */
static void add_typed(const struct field *f, struct span v, bool in_line, struct buf *out)
{
	struct buf typed = BUF_INIT;
	bool is_text = value_is_text(v, &(struct span){0});
	if (say_typed(f, v, &typed) && is_text)
		yaml_add_text(buf_span(&typed), in_line, out);
	else
		buf_add_span(out, buf_span(&typed));
	buf_fini(&typed);
}

static void begin(struct buf *out, int indent, const char *name)
{
	buf_printf(out, "%*s%s:", indent, "", name);
}

static void add_register(const struct record *r, const struct field *f, int indent, struct buf *out)
{
	struct span v = record_value(r, f->name);
	struct buf typed = BUF_INIT;
	if (!value_is_null(v) && say_typed(f, v, &typed)) {
		begin(out, indent, f->name);
		buf_add_byte(out, ' ');
		if (f->type == V_NOTE)
			yaml_add_note(buf_span(&typed), indent + 2, out);
		else
			add_typed(f, v, false, out);
		buf_add_byte(out, '\n');
	}
	buf_fini(&typed);
}

static void add_set(const struct record *r, const struct field *f, int indent, struct buf *out)
{
	struct said *v;
	size_t count = record_members(r, f, &v);
	if (count)
		begin(out, indent, f->name);
	for (size_t i = 0; i < count; i++) {
		buf_add_text(out, i ? ", " : " [");
		add_typed(f, v[i].value, true, out);
	}
	buf_add_text(out, count ? "]\n" : "");
	free(v);
}

/* "      - {weekday: tue, from: "10:00"}" */
static void add_row(const struct field *f, struct span cells, int indent, struct buf *out)
{
	struct span v;
	size_t n = 0;
	for (const struct field *c = f->cells; c->name; c++) {
		struct buf typed = BUF_INIT;
		if (value_in_map(cells, c->name, &v) && !value_is_null(v) &&
		    say_typed(c, v, &typed)) {
			if (n++)
				buf_add_text(out, ", ");
			else
				buf_printf(out, "%*s- {", indent, "");
			buf_printf(out, "%s: ", c->name);
			add_typed(c, v, true, out);
		}
		buf_fini(&typed);
	}
	buf_add_text(out, n ? "}\n" : "");
}

/* "      bus_stop: Saracen Cross" */
static void add_told(const struct field *f, struct span cells, int indent, struct buf *out)
{
	struct span v, name;
	struct buf typed = BUF_INIT;
	const struct field *text = field_cell(f, "text");
	if (value_in_map(cells, f->told_by, &v) && value_is_text(v, &name) &&
	    value_in_map(cells, text->name, &v) && say_typed(text, v, &typed)) {
		buf_printf(out, "%*s%.*s: ", indent, "", (int)name.n, (const char *)name.p);
		add_typed(text, v, false, out);
		buf_add_byte(out, '\n');
	}
	buf_fini(&typed);
}

static const struct state_row *row_at(const struct extras *x, const struct record *r,
				      const struct state_field *s, const struct field *f, size_t i)
{
	return f->told_by ? extra_find(r, x->v[i].name) : &s->rows[i];
}

/* What the practice asks stands in its order; the rest as it comes. */
static void add_rows(const struct writing_out *w, const struct record *r, const struct field *f,
		     int indent, struct buf *out)
{
	const struct state_field *s = state_field(&r->state, f->name);
	struct buf rows = BUF_INIT;
	struct extras all = {0};
	for (size_t i = 0; f->told_by && i < w->extras.count; i++)
		extras_add(&all, w->extras.v[i].name, "", "");
	if (f->told_by)
		extras_add_of(&all, r);
	for (size_t i = 0; s && i < (f->told_by ? all.count : s->row_count); i++) {
		const struct state_row *row = row_at(&all, r, s, f, i);
		if (row && f->told_by)
			add_told(f, row->said[0].value, indent + 2, &rows);
		else if (row)
			add_row(f, row->said[0].value, indent + 2, &rows);
	}
	if (rows.n) {
		begin(out, indent, f->name);
		buf_add_byte(out, '\n');
		buf_add_span(out, buf_span(&rows));
	}
	extras_fini(&all);
	buf_fini(&rows);
}

/* What a practice asks of its groups: the names are what is made of those that were typed. */
static void add_asked(const struct writing_out *w, struct buf *out)
{
	for (size_t i = 0; i < w->extras.count; i++) {
		const struct extra *x = &w->extras.v[i];
		buf_printf(out, "%s  - {field: %s, label: ", i ? "" : "extra:\n", x->name);
		yaml_add_text(span_text(x->label), true, out);
		if (*x->hint) {
			buf_add_text(out, ", hint: ");
			yaml_add_text(span_text(x->hint), true, out);
		}
		buf_add_text(out, "}\n");
	}
}

/* --- what is said beside it --------------------------------------------------------------- */

static void tell(struct writing_out *w, const struct record *r, const char *field, const char *what)
{
	struct buf title = BUF_INIT;
	name_say(r, &title);
	diag_say(w->told, "%s: %s%s%s", buf_text(&title), field, *field ? ": " : "", what);
	buf_fini(&title);
}

static void tell_conflicts(struct writing_out *w, const struct record *r)
{
	const char *before = "";
	bool any = false;
	for (const struct field *f = r->kind->fields; f->name; f++) {
		if (!record_in_conflict(r, f->name) || !strcmp(before, field_stored(f)))
			continue;
		before = field_stored(f);
		any = true;
		tell(w, r, f->name, "stands in conflict; the file has the value that is shown.");
	}
	w->report->conflicts += any;
}

static void tell_extras(struct writing_out *w, const struct record *r)
{
	const struct state_field *s = state_field(&r->state, "extra");
	struct extras all = {0};
	if (w->kind->fields != kind_find("resource")->fields || !s)
		return;
	extras_add_of(&all, r);
	for (size_t i = 0; i < all.count; i++) {
		bool asked = false;
		for (size_t k = 0; k < w->extras.count; k++)
			asked |= !strcmp(w->extras.v[k].name, all.v[i].name);
		if (!asked)
			tell(w, r, all.v[i].name,
			     "the practice does not list this under extra; it must, before the "
			     "file can be loaded.");
	}
	extras_fini(&all);
}

/* --- the file ----------------------------------------------------------------------------- */

static void add_fields(const struct writing_out *w, const struct record *r, int indent,
		       struct buf *out)
{
	for (const struct field *f = r->kind->fields; f->name; f++) {
		if (f->flags & FIELD_HIDDEN)
			continue;
		if (f->type == V_ROWS && f == kind_field(kind_find("practice"), "extra"))
			add_asked(w, out);
		else if (f->type == V_ROWS)
			add_rows(w, r, f, indent, out);
		else if (field_is_set(f))
			add_set(r, f, indent, out);
		else
			add_register(r, f, indent, out);
	}
}

/* Whether its key is the one that its id was made of. */
static bool has_own_key(const struct writing_out *w, const struct record *r, struct buf *key)
{
	struct span written;
	if (!value_is_text(record_value(r, "key"), &written))
		return false;
	struct buf whole = BUF_INIT;
	buf_add_text(&whole, "resource/");
	buf_add_span(&whole, written);
	struct id id = book_seed_id(w->practice->code, buf_text(&whole));
	bool own = id_equal(&id, &r->id);
	if (own)
		buf_add_span(key, written);
	buf_fini(&whole);
	return own;
}

static void note_version(struct writing_out *w, const struct record *r)
{
	struct seeded from;
	w->e = book_seeded(w->b, r, &from);
	if (from.version > w->version)
		w->version = from.version;
	w->altered |= from.altered;
	free(from.source);
}

static bool add_record(void *arg, const struct record *r)
{
	struct writing_out *w = arg;
	bool is_practice = !strcmp(w->kind->name, "practice");
	struct buf key = BUF_INIT;
	if (is_practice && !id_equal(&r->id, &w->practice->record)) {
		tell(w, r, "", "is not in the file; a file holds one practice.");
		return true;
	}
	note_version(w, r);
	tell_conflicts(w, r);
	tell_extras(w, r);
	if (r->state.has_unknown)
		tell(w, r, "", "what a newer version of Linkbook wrote in it is not in the file.");
	if (!is_practice && !has_own_key(w, r, &key))
		key_make(r, &key);
	w->v = mem_room(w->v, w->count, &w->cap, sizeof *w->v);
	struct page *p = &w->v[w->count++];
	p->text = (struct buf)BUF_INIT;
	if (!is_practice) {
		buf_add_text(&p->text, "  - key: ");
		yaml_add_text(buf_span(&key), false, &p->text);
		buf_add_byte(&p->text, '\n');
	}
	add_fields(w, r, is_practice ? 0 : 4, &p->text);
	p->key = buf_take_text(&key);
	return !w->e;
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct page *)a)->key, ((const struct page *)b)->key);
}

static void put_together(struct writing_out *w)
{
	bool list = strcmp(w->kind->name, "practice") != 0;
	buf_add_text(w->out, "# Written by linkbook export yaml; linkbook seed reads it.\n"
			     "format: 1\npractice: ");
	yaml_add_text(span_text(w->practice->code), false, w->out);
	buf_printf(w->out, "\nversion: %lld\n", (long long)w->version + w->altered);
	if (w->count > 1)
		qsort(w->v, w->count, sizeof *w->v, by_key);
	if (list)
		buf_add_text(w->out, w->count ? "resources:\n" : "resources: []\n");
	for (size_t i = 0; i < w->count; i++) {
		buf_add_text(w->out, i ? "\n" : "");
		buf_add_span(w->out, buf_span(&w->v[i].text));
	}
}

enum err export_yaml(struct book *b, const struct export_practice *practice,
		     const struct kind *kind, struct buf *out, struct export_report *report,
		     struct diag *told)
{
	struct writing_out w = {.b = b,
				.practice = practice,
				.kind = kind,
				.out = out,
				.report = report,
				.told = told};
	enum err e = extras_read(b, &practice->directory, &w.extras);
	if (!e)
		e = book_scan(b, kind, &practice->directory, add_record, &w);
	e = e ? e : w.e;
	/* What was never loaded is of the first version. */
	w.altered |= !w.version;
	if (!e)
		put_together(&w);
	report->count += w.count;
	for (size_t i = 0; i < w.count; i++) {
		free(w.v[i].key);
		buf_fini(&w.v[i].text);
	}
	free(w.v);
	extras_fini(&w.extras);
	return e;
}

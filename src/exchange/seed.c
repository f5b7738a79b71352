/* SPDX-License-Identifier: MIT
 *
 * Practices and resources from YAML.  A record's id follows from the practice's code and the
 * record's key, so the same file makes the same records on any machine.
 */
#include <linkbook/seed.h>

#include <linkbook/mem.h>
#include <linkbook/text.h>
#include <linkbook/ydoc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One record in the making. */
struct sown {
	const struct ynode *at;
	char *key;
	struct put_field *fields;
	struct buf *values;
	size_t count;
};
struct sowing {
	struct book *b;
	struct ydoc doc;
	struct diag *d;
	const char *source;
	long version;
	struct sown *v;
	struct put *puts;
	size_t count;
	bool wrong;
};

static void sowing_fini(struct sowing *w)
{
	for (size_t i = 0; i < w->count; i++) {
		for (size_t k = 0; k < w->v[i].count; k++)
			buf_fini(&w->v[i].values[k]);
		free(w->v[i].values);
		free(w->v[i].fields);
		free(w->v[i].key);
	}
	free(w->v);
	free(w->puts);
	ydoc_fini(&w->doc);
}

static void wrong(struct sowing *w, const struct ynode *at, const char *what)
{
	ynode_say(&w->doc, at, w->d, "%s", what);
	w->wrong = true;
}

/* --- values ----------------------------------------------------------------------------- */

/* Dates are written in full: "tue" would be another day on another machine. */
static bool one_value(struct sowing *w, const struct field *f, const struct ynode *n,
		      struct buf *out)
{
	struct diag d = {0};
	enum err e;
	if (n->kind != YNODE_TEXT) {
		wrong(w, n, "a text stands here, not a list or a map");
		return false;
	}
	if (f->type == V_DATE || f->type == V_MOMENT) {
		value_add_text(out, span_text(n->text));
		e = value_check(f, buf_span(out), book_terms(w->b), &d);
	} else {
		e = value_read(f, n->text, book_terms(w->b), (struct when){2000, 1, 1, -1, 0},
			       WHEN_BACK, out, &d);
	}
	for (size_t i = 0; i < d.count; i++)
		wrong(w, n, d.lines[i].text);
	diag_fini(&d);
	return !e;
}

static void say_unknown(struct sowing *w, const struct ynode *key, const struct field *fields)
{
	const char *names[128], *near;
	size_t n = 0;
	for (const struct field *f = fields; f->name && n < 128; f++)
		names[n++] = f->name;
	near = text_nearest(key->text, names, n);
	if (near)
		ynode_say(&w->doc, key, w->d, "\"%s\" is not known here; write %s", key->text,
			  near);
	else
		ynode_say(&w->doc, key, w->d, "\"%s\" is not known here; take it out", key->text);
	w->wrong = true;
}

static void row_value(struct sowing *w, const struct field *f, const struct ynode *n,
		      struct buf *out)
{
	struct map_maker m = {0};
	if (n->kind != YNODE_MAP)
		wrong(w, n, "a row stands here: {name: value, ...}");
	for (size_t i = 0; n->kind == YNODE_MAP && i < n->count; i++) {
		const struct field *c = field_cell(f, n->keys[i]->text);
		if (c)
			one_value(w, c, n->items[i], map_add_text(&m, span_text(n->keys[i]->text)));
		else
			say_unknown(w, n->keys[i], f->cells);
	}
	map_finish(&m, out);
}

/* One text where several may stand is a list of one. */
static void list_value(struct sowing *w, const struct field *f, const struct ynode *n,
		       struct buf *out)
{
	bool many = n->kind == YNODE_LIST;
	value_add_list(out, many ? n->count : 1);
	for (size_t i = 0; i < (many ? n->count : 1); i++) {
		const struct ynode *item = many ? n->items[i] : n;
		if (f->type == V_ROWS)
			row_value(w, f, item, out);
		else
			one_value(w, f, item, out);
	}
}

static void add_value(struct sowing *w, struct sown *s, const struct field *f,
		      const struct ynode *n)
{
	struct buf *out = &s->values[s->count];
	*out = (struct buf)BUF_INIT;
	if (field_is_set(f) || f->type == V_ROWS)
		list_value(w, f, n, out);
	else
		one_value(w, f, n, out);
	s->fields[s->count++] = (struct put_field){f->name, buf_span(out)};
}

/* --- records ---------------------------------------------------------------------------- */

/* Keys of the file itself, which are no fields. */
static bool is_frame(const char *key, const char *const *frame)
{
	for (; *frame; frame++)
		if (!strcmp(*frame, key))
			return true;
	return false;
}

static void sow(struct sowing *w, const struct kind *k, const struct ynode *map, const char *key,
		const char *const *frame)
{
	struct sown *s = &w->v[w->count];
	*s = (struct sown){.at = map,
			   .key = mem_text(key),
			   .fields = mem_alloc_many(map->count, sizeof *s->fields),
			   .values = mem_alloc_many(map->count, sizeof *s->values)};
	w->puts[w->count++] = (struct put){.kind = k};
	for (size_t i = 0; i < map->count; i++) {
		const char *name = map->keys[i]->text;
		const struct field *f = kind_field(k, name);
		if (is_frame(name, frame))
			continue;
		if (f && !(f->flags & FIELD_HIDDEN))
			add_value(w, s, f, map->items[i]);
		else
			say_unknown(w, map->keys[i], k->fields);
	}
}

static bool sow_frame(struct sowing *w)
{
	const struct ynode *root = w->doc.root, *format, *version;
	long one = 0;
	if (root->kind != YNODE_MAP) {
		wrong(w, root, "the file is a map; begin with format: 1");
		return false;
	}
	format = ynode_get(root, "format");
	version = ynode_get(root, "version");
	w->source = ynode_text(root, "practice");
	if (!format || !version || !w->source || !*w->source) {
		wrong(w, root, "format, practice (its code) and version stand first");
		return false;
	}
	bool ok = ynode_number(&w->doc, format, 1, 1, &one, w->d) &
		  ynode_number(&w->doc, version, 1, 1000000000, &w->version, w->d);
	w->wrong |= !ok;
	return ok;
}

static void sow_practice(struct sowing *w)
{
	static const char *const frame[] = {"format", "practice", "version", NULL};
	w->v = mem_alloc(sizeof *w->v);
	w->puts = mem_alloc(sizeof *w->puts);
	sow(w, kind_find("practice"), w->doc.root, "practice", frame);
}

static bool key_is_free(const struct sowing *w, const char *key)
{
	for (size_t i = 0; i < w->count; i++)
		if (!strcmp(w->v[i].key, key))
			return false;
	return true;
}

static void sow_resource(struct sowing *w, const struct ynode *map)
{
	static const char *const frame[] = {"key", NULL};
	char key[160];
	const char *written = map->kind == YNODE_MAP ? ynode_text(map, "key") : NULL;
	if (!written || !*written || strlen(written) > 100) {
		wrong(w, map,
		      "each resource begins with a key of its own, like key: tuesday-lunch");
		return;
	}
	snprintf(key, sizeof key, "resource/%s", written);
	if (!key_is_free(w, key))
		wrong(w, ynode_get(map, "key"),
		      "this key stands in the file already; choose another");
	else
		sow(w, kind_find("resource"), map, key, frame);
}

static void sow_resources(struct sowing *w, const struct ynode *list)
{
	static const struct ykey known[] = {
		{"format", YNODE_TEXT, true},  {"practice", YNODE_TEXT, true},
		{"version", YNODE_TEXT, true}, {"resources", YNODE_LIST, true},
		{NULL, YNODE_TEXT, false},
	};
	if (!ynode_check(&w->doc, w->doc.root, known, w->d)) {
		w->wrong = true;
		return;
	}
	w->v = mem_alloc_many(list->count, sizeof *w->v);
	w->puts = mem_alloc_many(list->count, sizeof *w->puts);
	for (size_t i = 0; i < list->count; i++)
		sow_resource(w, list->items[i]);
}

/* --- into the book ---------------------------------------------------------------------- */

static enum err find_directory(struct sowing *w, bool make, struct id *directory)
{
	enum err e = book_directory_of(w->b, w->source, directory);
	if (e != ERR_ABSENT)
		return e;
	if (make)
		return book_add_directory(w->b, directory, w->d);
	ynode_say(&w->doc, ynode_get(w->doc.root, "practice"), w->d,
		  "the practice \"%s\" is not in this book; seed its practice.yaml first",
		  w->source);
	return ERR_INPUT;
}

static void count_result(struct sowing *w, const struct put *p, bool was_here,
			 struct seed_report *report)
{
	static const struct hash none;
	struct record r;
	if (hash_equal(&p->change, &none))
		report->same++;
	else if (was_here)
		report->updated++;
	else
		report->made++;
	if (!book_get_in(w->b, (struct ref){p->directory, p->record}, &r)) {
		report->conflicts += state_conflicts(&r.state) > 0;
		record_fini(&r);
	}
}

static enum err put_all(struct sowing *w, const struct id *directory, struct seed_report *report)
{
	bool *was_here = mem_alloc_many(w->count, sizeof *was_here);
	struct diag faults = {0};
	struct record r;
	for (size_t i = 0; i < w->count; i++) {
		struct put *p = &w->puts[i];
		p->directory = *directory;
		p->seed_source = w->source;
		p->seed_key = w->v[i].key;
		p->seed_version = w->version;
		p->fields = w->v[i].fields;
		p->field_count = w->v[i].count;
		p->record = book_seed_id(w->source, w->v[i].key);
		was_here[i] = book_get_in(w->b, (struct ref){p->directory, p->record}, &r) == OK;
		if (was_here[i])
			record_fini(&r);
	}
	enum err e = book_put(w->b, w->puts, w->count, &faults);
	for (size_t i = 0; i < faults.count; i++) {
		unsigned n = faults.lines[i].line;
		ynode_say(&w->doc, n && n <= w->count ? w->v[n - 1].at : w->doc.root, w->d, "%s",
			  faults.lines[i].text);
	}
	for (size_t i = 0; !e && i < w->count; i++)
		count_result(w, &w->puts[i], was_here[i], report);
	diag_fini(&faults);
	free(was_here);
	return e;
}

enum err seed_load(struct book *b, const char *name, struct span yaml, struct seed_report *report,
		   struct diag *d)
{
	struct sowing w = {.b = b, .d = d};
	struct id directory;
	enum err e = ydoc_read(name, yaml, &w.doc, d);
	if (!e && sow_frame(&w)) {
		const struct ynode *list = ynode_get(w.doc.root, "resources");
		if (list)
			sow_resources(&w, list);
		else
			sow_practice(&w);
		if (!w.wrong)
			e = find_directory(&w, !list, &directory);
		if (!e && !w.wrong)
			e = put_all(&w, &directory, report);
	}
	if (!e && w.wrong)
		e = ERR_INPUT;
	sowing_fini(&w);
	return e;
}

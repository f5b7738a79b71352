/* SPDX-License-Identifier: MIT
 *
 * Reading screen files.  Every map is checked against a table of its keys first; what the
 * tables cannot say (does the field exist, do the columns fit) follows, and all mistakes of
 * a file are said at once.
 */
#include "def_check.h"
#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>

static const struct ykey list_keys[] = {
	{"format", YNODE_TEXT, true},
	{"screen", YNODE_TEXT, true},
	{"kind", YNODE_TEXT, true},
	{"of", YNODE_TEXT, true},
	{"title", YNODE_TEXT, true},
	{"columns", YNODE_LIST, true},
	{"sort", YNODE_LIST, false},
	{"open", YNODE_TEXT, true},
	{"form", YNODE_TEXT, false},
	{"empty", YNODE_TEXT, true},
	{"filters", YNODE_LIST, false},
	{"do", YNODE_LIST, false},
	{0},
};
static const struct ykey filter_keys[] = {
	{"title", YNODE_TEXT, true},
	{"when", YNODE_LIST, true},
	{0},
};
static const struct ykey person_keys[] = {
	{"format", YNODE_TEXT, true}, {"screen", YNODE_TEXT, true},  {"kind", YNODE_TEXT, true},
	{"of", YNODE_TEXT, true},     {"timeline", YNODE_MAP, true}, {"form", YNODE_TEXT, false},
	{"add", YNODE_LIST, false},   {"do", YNODE_LIST, false},     {0},
};
static const struct ykey section_keys[] = {
	{"title", YNODE_TEXT, false},
	{"fields", YNODE_LIST, true},
	{0},
};
static const struct ykey asked_section_keys[] = {
	{"title", YNODE_TEXT, false},
	{"when", YNODE_LIST, false},
	{"fields", YNODE_LIST, true},
	{0},
};
static const struct ykey when_keys[] = {
	{"field", YNODE_TEXT, true},
	{"is", YNODE_TEXT, false},
	{"is_not", YNODE_TEXT, false},
	{"in", YNODE_LIST, false},
	{"set", YNODE_TEXT, false},
	{"unset", YNODE_TEXT, false},
	{0},
};
static const struct ykey sections_keys[] = {
	{"format", YNODE_TEXT, true},	{"screen", YNODE_TEXT, true},
	{"kind", YNODE_TEXT, true},	{"of", YNODE_TEXT, true},
	{"title", YNODE_TEXT, true},	{"form", YNODE_TEXT, false},
	{"sections", YNODE_LIST, true}, {0},
};
static const struct ykey column_keys[] = {
	{"field", YNODE_TEXT, true}, {"label", YNODE_TEXT, true}, {"width", YNODE_TEXT, false},
	{"min", YNODE_TEXT, false},  {"drop", YNODE_TEXT, false}, {0},
};
static const struct ykey ask_keys[] = {
	{"field", YNODE_TEXT, true},	{"cell", YNODE_TEXT, false},  {"label", YNODE_TEXT, true},
	{"hint", YNODE_TEXT, false},	{"way", YNODE_TEXT, false},   {"unit", YNODE_TEXT, false},
	{"default", YNODE_TEXT, false}, {"cells", YNODE_LIST, false}, {0},
};
static const struct ykey cell_keys[] = {
	{"cell", YNODE_TEXT, true},
	{"label", YNODE_TEXT, true},
	{"hint", YNODE_TEXT, false},
	{"way", YNODE_TEXT, false},
	{"unit", YNODE_TEXT, false},
	{"default", YNODE_TEXT, false},
	{0},
};
static const struct ykey show_keys[] = {
	{"field", YNODE_TEXT, true},
	{"label", YNODE_TEXT, true},
	{0},
};
static const struct ykey timeline_keys[] = {
	{"of", YNODE_TEXT, true},
	{"when", YNODE_TEXT, true},
	{"how", YNODE_TEXT, true},
	{"words", YNODE_TEXT, true},
	{"open", YNODE_TEXT, true},
	{"empty", YNODE_TEXT, true},
	{0},
};

static const struct ynode *node_of(const struct ynode *map, const char *key, enum ynode_kind kind)
{
	const struct ynode *node = ynode_get(map, key);
	return node && node->kind == kind ? node : NULL;
}

/* NULL when it is missing or something else: that has been said, and reading goes on, so that
 * all mistakes are said at once. */
static const struct ynode *text_at(const struct ynode *map, const char *key)
{
	return node_of(map, key, YNODE_TEXT);
}

static const struct ynode *list_at(const struct ynode *map, const char *key)
{
	return node_of(map, key, YNODE_LIST);
}

static void read_column(struct def_reader *r, const struct ynode *at, struct def_column *c)
{
	ynode_check(r->doc, at, column_keys, r->d);
	c->name = check_column(r, text_at(at, "field"));
	c->label = ynode_text(at, "label");
	const struct ynode *width = text_at(at, "width"), *min = text_at(at, "min");
	long n = 0;
	if (!width == !min)
		ynode_say(r->doc, at, r->d,
			  "a column has either a width or a min; write, for example, width: 12");
	else if (ynode_number(r->doc, width ? width : min, 1, DEF_COLUMNS, &n, r->d))
		c->width = (int)n;
	c->grows = min != NULL;
	c->drop = check_drop(r, text_at(at, "drop"));
}

static void read_columns(struct def_reader *r, const struct ynode *list)
{
	struct screen_def *def = r->def;
	if (!list)
		return;
	if (!list->count)
		ynode_say(r->doc, list, r->d, "a list shows at least one column");
	def->columns = mem_alloc_many(list->count, sizeof *def->columns);
	def->column_count = list->count;
	int needed = DEF_MARKER;
	for (size_t i = 0; i < list->count; i++) {
		read_column(r, list->items[i], &def->columns[i]);
		needed += def->columns[i].width + (i ? DEF_GAP : 0);
	}
	if (needed > DEF_COLUMNS)
		ynode_say(r->doc, list, r->d,
			  "the columns need %d places and %d is what a small terminal has; make "
			  "some narrower or leave one out",
			  needed, DEF_COLUMNS);
}

static void read_sort(struct def_reader *r, const struct ynode *list)
{
	struct screen_def *def = r->def;
	def->sort = mem_alloc_many(list ? list->count : 0, sizeof *def->sort);
	for (size_t i = 0; list && i < list->count; i++)
		def->sort[def->sort_count++] = check_column(r, list->items[i]);
}

static void read_offers(struct def_reader *r, const struct ynode *list)
{
	struct screen_def *def = r->def;
	def->offers = mem_alloc_many(list ? list->count : 0, sizeof *def->offers);
	for (size_t i = 0; list && i < list->count; i++)
		def->offers[def->offer_count++] = check_command(r, list->items[i]);
}

/* --- conditions ------------------------------------------------------------------------- */

static const char *const tests[] = {
	[TEST_IS] = "is",   [TEST_IS_NOT] = "is_not", [TEST_IN] = "in",
	[TEST_SET] = "set", [TEST_UNSET] = "unset",
};

static void read_values(struct def_reader *r, const struct ynode *at, struct def_when *w)
{
	bool many = at->kind == YNODE_LIST;
	w->count = many ? at->count : 1;
	w->values = mem_alloc_many(w->count, sizeof *w->values);
	for (size_t i = 0; i < w->count; i++) {
		const struct ynode *v = many ? at->items[i] : at;
		w->values[i] = check_value(r, w->field, v);
	}
}

static void read_when(struct def_reader *r, const struct ynode *at, struct def_when *w)
{
	size_t found = 0;
	ynode_check(r->doc, at, when_keys, r->d);
	w->field = check_field(r, r->def->of, text_at(at, "field"));
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
		const struct ynode *v = ynode_get(at, tests[i]);
		if (!v)
			continue;
		found++;
		w->test = (enum def_test)i;
		if (w->field && i < TEST_SET && !w->values)
			read_values(r, v, w);
	}
	if (found != 1)
		ynode_say(
			r->doc, at, r->d,
			"a condition has one of is, is_not, in, set or unset, for example {field: "
			"outcome, is: attended} or {field: outcome, set: yes}");
}

static struct def_when *read_whens(struct def_reader *r, const struct ynode *list, size_t *count)
{
	struct def_when *v = mem_alloc_many(list ? list->count : 0, sizeof *v);
	*count = list ? list->count : 0;
	for (size_t i = 0; i < *count; i++)
		read_when(r, list->items[i], &v[i]);
	return v;
}

static void whens_fini(struct def_when *v, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(v[i].values);
	free(v);
}

static void read_filters(struct def_reader *r, const struct ynode *list)
{
	struct screen_def *def = r->def;
	def->filters = mem_alloc_many(list ? list->count : 0, sizeof *def->filters);
	def->filter_count = list ? list->count : 0;
	if (def->filter_count > DEF_FILTERS)
		ynode_say(r->doc, list, r->d, "a list has at most %d filters, and here are %zu",
			  DEF_FILTERS, def->filter_count);
	for (size_t i = 0; i < def->filter_count; i++) {
		const struct ynode *at = list->items[i];
		struct def_filter *f = &def->filters[i];
		ynode_check(r->doc, at, filter_keys, r->d);
		f->title = ynode_text(at, "title");
		f->when = read_whens(r, list_at(at, "when"), &f->when_count);
	}
}

static void read_links(struct def_reader *r, const struct ynode *map)
{
	r->def->open_at = text_at(map, "open");
	r->def->form_at = text_at(map, "form");
	r->def->open = check_screen(r, r->def->open_at);
	r->def->form = check_screen(r, r->def->form_at);
}

static void read_list(struct def_reader *r)
{
	const struct ynode *root = r->doc->root;
	ynode_check(r->doc, root, list_keys, r->d);
	if (!r->def->of)
		return;
	r->def->title = ynode_text(root, "title");
	r->def->empty = ynode_text(root, "empty");
	read_links(r, root);
	read_columns(r, list_at(root, "columns"));
	read_sort(r, list_at(root, "sort"));
	read_offers(r, list_at(root, "do"));
	read_filters(r, list_at(root, "filters"));
}

static void read_adds(struct def_reader *r, const struct ynode *list)
{
	struct screen_def *def = r->def;
	def->add_at = list;
	def->add = mem_alloc_many(list ? list->count : 0, sizeof *def->add);
	for (size_t i = 0; list && i < list->count; i++) {
		const struct ynode *at = list->items[i];
		const char *name = at->kind == YNODE_TEXT ? check_screen(r, at) : NULL;
		if (name)
			def->add[def->add_count++] = name;
	}
}

static void read_person(struct def_reader *r)
{
	const struct ynode *root = r->doc->root;
	ynode_check(r->doc, root, person_keys, r->d);
	read_adds(r, list_at(root, "add"));
	const struct ynode *line = node_of(root, "timeline", YNODE_MAP);
	read_offers(r, list_at(root, "do"));
	ynode_check(r->doc, line, timeline_keys, r->d);
	struct def_timeline *t = &r->def->timeline;
	t->of = check_kind(r, text_at(line, "of"));
	if (!t->of)
		return;
	const struct field *when = check_field(r, t->of, text_at(line, "when"));
	if (when && when->type != V_MOMENT && when->type != V_DATE)
		ynode_say(r->doc, text_at(line, "when"), r->d,
			  "a timeline is ordered by a date or a moment, and \"%s\" is neither",
			  when->name);
	t->when = ynode_text(line, "when");
	t->how = check_field(r, t->of, text_at(line, "how")) ? ynode_text(line, "how") : NULL;
	t->words = check_field(r, t->of, text_at(line, "words")) ? ynode_text(line, "words") : NULL;
	r->def->open_at = text_at(line, "open");
	r->def->form_at = text_at(root, "form");
	r->def->form = check_screen(r, r->def->form_at);
	t->open = r->def->open = check_screen(r, r->def->open_at);
	t->empty = ynode_text(line, "empty");
}

static void read_words(struct def_reader *r, const struct ynode *at, struct def_entry *e)
{
	e->label = check_label(r, text_at(at, "label"));
	e->hint = ynode_text(at, "hint");
	e->unit = ynode_text(at, "unit");
	e->fallback = ynode_text(at, "default");
	e->way = check_way(r, text_at(at, "way"));
}

static void read_cells(struct def_reader *r, const struct ynode *list, struct def_entry *rows)
{
	rows->cells = mem_alloc_many(list->count, sizeof *rows->cells);
	rows->cell_count = list->count;
	for (size_t i = 0; i < list->count; i++) {
		const struct ynode *at = list->items[i];
		struct def_entry *e = &rows->cells[i];
		ynode_check(r->doc, at, cell_keys, r->d);
		e->field = rows->field;
		e->cell = check_cell(r, rows->field, at);
		read_words(r, at, e);
		if (e->cell)
			check_asked(r, e, at);
	}
}

static void read_entry(struct def_reader *r, const struct ynode *at, struct def_entry *e)
{
	bool asks = r->def->kind == DEF_FORM;
	ynode_check(r->doc, at, asks ? ask_keys : show_keys, r->d);
	e->field = check_field(r, r->def->of, text_at(at, "field"));
	read_words(r, at, e);
	if (!asks || !e->field)
		return;
	const struct ynode *cells = list_at(at, "cells");
	if (e->field->type == V_ROWS && cells)
		read_cells(r, cells, e);
	else
		e->cell = check_cell(r, e->field, at);
	check_asked(r, e, at);
}

static void read_section(struct def_reader *r, const struct ynode *at, struct def_section *s)
{
	bool asks = r->def->kind == DEF_FORM;
	ynode_check(r->doc, at, asks ? asked_section_keys : section_keys, r->d);
	const struct ynode *fields = list_at(at, "fields"), *when = list_at(at, "when");
	s->title = ynode_text(at, "title");
	s->entries = mem_alloc_many(fields ? fields->count : 0, sizeof *s->entries);
	s->count = fields ? fields->count : 0;
	for (size_t j = 0; j < s->count; j++)
		read_entry(r, fields->items[j], &s->entries[j]);
	s->when = read_whens(r, when, &s->when_count);
}

static void read_sections(struct def_reader *r)
{
	const struct ynode *root = r->doc->root;
	ynode_check(r->doc, root, sections_keys, r->d);
	if (!r->def->of)
		return;
	r->def->title = check_title(r, text_at(root, "title"));
	read_links(r, root);
	const struct ynode *list = list_at(root, "sections");
	if (!list)
		return;
	r->def->sections = mem_alloc_many(list->count, sizeof *r->def->sections);
	r->def->section_count = list->count;
	size_t total = 0;
	for (size_t i = 0; i < list->count; i++) {
		read_section(r, list->items[i], &r->def->sections[i]);
		total += r->def->sections[i].count;
	}
	if (!total)
		ynode_say(r->doc, list, r->d, "a screen shows at least one field");
}

static const struct {
	const char *name;
	void (*read)(struct def_reader *r);
} readers[] = {
	[DEF_LIST] = {"list", read_list},
	[DEF_PERSON] = {"person", read_person},
	[DEF_FORM] = {"form", read_sections},
	[DEF_TEXT] = {"text", read_sections},
};

static void read_root(struct def_reader *r, const char *name)
{
	const struct ynode *root = r->doc->root;
	if (!root || root->kind != YNODE_MAP) {
		diag_say_at(r->d, r->doc->name, 1, 1,
			    "a screen file starts with format: 1 and screen: %s", name);
		return;
	}
	const char *kind = ynode_text(root, "kind");
	if (ynode_get(root, "of"))
		r->def->of = check_kind(r, text_at(root, "of"));
	check_start(r, name);
	for (size_t i = 0; kind && i < sizeof readers / sizeof *readers; i++)
		if (!strcmp(kind, readers[i].name)) {
			r->def->kind = (enum def_kind)i;
			readers[i].read(r);
			return;
		}
	ynode_say(r->doc, ynode_get(root, "kind") ? ynode_get(root, "kind") : root, r->d,
		  "kind is one of list, person, form or text");
}

enum err def_read(const char *name, const char *file, struct span yaml,
		  const struct def_world *world, struct screen_def *out, struct diag *d)
{
	*out = (struct screen_def){.name = name};
	struct diag found = {0};
	struct def_reader r = {.doc = &out->doc, .d = &found, .world = world, .def = out};
	enum err e = ydoc_read(file, yaml, &out->doc, &found);
	if (!e)
		read_root(&r, name);
	if (!e && found.count)
		e = ERR_INPUT;
	diag_add(d, &found);
	diag_fini(&found);
	if (e)
		def_fini(out);
	return e;
}

static void section_fini(struct def_section *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->entries[i].cells);
	whens_fini(s->when, s->when_count);
	free(s->entries);
}

void def_fini(struct screen_def *def)
{
	for (size_t i = 0; i < def->section_count; i++)
		section_fini(&def->sections[i]);
	for (size_t i = 0; i < def->filter_count; i++)
		whens_fini(def->filters[i].when, def->filters[i].when_count);
	free(def->filters);
	free(def->sections);
	free(def->columns);
	free(def->sort);
	free(def->offers);
	free(def->add);
	ydoc_fini(&def->doc);
	*def = (struct screen_def){0};
}

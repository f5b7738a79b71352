/* SPDX-License-Identifier: MIT
 *
 * Cross-checks of screen files against the record tables, code lists and commands.
 */
#include "def_check.h"
#include <linkbook/text.h>

#include <string.h>

enum { NAMES = 128, LABEL_COLUMNS = 24 };

const struct def_shape def_shapes[] = {
	{"people", "list", "person"},	   {"person", "person", "person"},
	{"person-form", "form", "person"}, {"note", "form", "contact"},
	{"contact", "text", "contact"},	   {"groups", "list", "resource"},
	{"group", "text", "resource"},	   {0},
};

/* "there is no field X of a person; did you mean Y?" */
static void say_unknown(struct def_reader *r, const struct ynode *at, const char *what,
			const char *written, const char *const *names, size_t count)
{
	const char *near = text_nearest(written, names, count);
	if (near)
		ynode_say(r->doc, at, r->d, "there is no %s \"%s\"; did you mean \"%s\"?", what,
			  written, near);
	else
		ynode_say(r->doc, at, r->d, "there is no %s \"%s\"", what, written);
}

/* The program opens each screen in one way, so these four are what they are. */
static void check_is(struct def_reader *r, const struct ynode *at, const char *key,
		     const char *value)
{
	if (at && (at->kind != YNODE_TEXT || strcmp(at->text, value) != 0))
		ynode_say(r->doc, at, r->d, "in this file it is %s: %s", key, value);
}

void check_start(struct def_reader *r, const char *name)
{
	const struct ynode *root = r->doc->root;
	const struct def_shape *shape = def_shapes;
	while (shape->name && strcmp(shape->name, name) != 0)
		shape++;
	check_is(r, ynode_get(root, "format"), "format", "1");
	check_is(r, ynode_get(root, "screen"), "screen", name);
	if (!shape->name)
		return;
	check_is(r, ynode_get(root, "kind"), "kind", shape->kind);
	check_is(r, ynode_get(root, "of"), "of", shape->of);
}

const struct kind *check_kind(struct def_reader *r, const struct ynode *at)
{
	const char *names[NAMES];
	size_t n = 0;
	if (!at)
		return NULL;
	const struct kind *k = kind_find(at->text);
	for (const struct kind *known = kinds; known->name && n < NAMES; known++)
		names[n++] = known->name;
	if (!k)
		say_unknown(r, at, "record type", at->text, names, n);
	return k;
}

static size_t names_of(const struct kind *k, bool derived, const char **names)
{
	size_t n = 0;
	for (const struct field *f = k->fields; f->name && n < NAMES; f++)
		names[n++] = f->name;
	for (const struct derived *c = derived_columns; derived && c->name && n < NAMES; c++)
		if (!strcmp(c->kind, k->name))
			names[n++] = c->name;
	return n;
}

static void say_no_field(struct def_reader *r, const struct kind *k, const struct ynode *at,
			 const char *written, bool derived)
{
	const char *names[NAMES];
	struct buf what = BUF_INIT;
	buf_printf(&what, "field of a %s called", k->name);
	say_unknown(r, at, buf_text(&what), written, names, names_of(k, derived, names));
	buf_fini(&what);
}

const struct field *check_field(struct def_reader *r, const struct kind *k, const struct ynode *at)
{
	const struct field *f = at ? kind_field(k, at->text) : NULL;
	if (at && !f)
		say_no_field(r, k, at, at->text, false);
	return f;
}

const char *check_column(struct def_reader *r, const struct ynode *at)
{
	const struct kind *k = r->def->of;
	if (!at)
		return "";
	if (at->kind != YNODE_TEXT) {
		ynode_say(r->doc, at, r->d, "here belongs the name of a field");
		return "";
	}
	const char *name = *at->text == '-' ? at->text + 1 : at->text;
	if (!kind_field(k, name) && !derived_is(k, name))
		say_no_field(r, k, at, name, true);
	return at->text;
}

int check_drop(struct def_reader *r, const struct ynode *at)
{
	static const char *const words[] = {"first", "second", "third", "fourth", "fifth"};
	if (!at)
		return 0;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(at->text, words[i]))
			return (int)i + 1;
	ynode_say(r->doc, at, r->d, "drop is one of first, second, third, fourth or fifth");
	return 0;
}

const char *check_screen(struct def_reader *r, const struct ynode *at)
{
	const struct resource_names *known = r->world->screens;
	const char *names[NAMES];
	if (!at)
		return NULL;
	for (size_t i = 0; i < known->count; i++)
		if (!strcmp(known->v[i], at->text))
			return at->text;
	for (size_t i = 0; i < known->count && i < NAMES; i++)
		names[i] = known->v[i];
	say_unknown(r, at, "screen", at->text, names, known->count < NAMES ? known->count : NAMES);
	return NULL;
}

static const char *const kind_words[] = {[DEF_LIST] = "a list",
					 [DEF_PERSON] = "a person",
					 [DEF_FORM] = "a form",
					 [DEF_TEXT] = "a text"};

static void check_link(const struct screens *all, const struct screen_def *def, const char *to,
		       const struct ynode *at, bool form, struct diag *d)
{
	const struct screen_def *target = screens_find(all, to);
	const struct kind *of = def->kind == DEF_PERSON && !form ? def->timeline.of : def->of;
	if (!to)
		return;
	if (!target)
		ynode_say(&def->doc, at, d, "the screen \"%s\" has a mistake of its own", to);
	else if (form ? target->kind != DEF_FORM
		      : target->kind != DEF_TEXT && target->kind != DEF_PERSON)
		ynode_say(&def->doc, at, d, "\"%s\" is %s; here belongs %s", to,
			  kind_words[target->kind], form ? "a form" : "a text (or person)");
	else if (target->of != of)
		ynode_say(&def->doc, at, d, "\"%s\" is about a %s, and this is about a %s", to,
			  target->of->name, of->name);
}

void check_links(const struct screens *all, const struct screen_def *def, struct diag *d)
{
	check_link(all, def, def->open, def->open_at, false, d);
	check_link(all, def, def->form, def->form_at, true, d);
	if (def->kind == DEF_FORM)
		check_form(all, def, d);
	for (size_t i = 0; i < def->add_count; i++) {
		const struct screen_def *form = screens_find(all, def->add[i]);
		if (!form || form->kind != DEF_FORM || form->of->store != STORE_PERSON)
			ynode_say(&def->doc, def->add_at, d,
				  "\"%s\" is no form for something in a person's file",
				  def->add[i]);
	}
}

const struct command *check_command(struct def_reader *r, const struct ynode *at)
{
	const char *names[NAMES];
	size_t n = 0;
	const char *written = at->kind == YNODE_TEXT ? at->text : "";
	for (const struct command *c = commands; c->name && n < NAMES; c++)
		if (c->offered)
			names[n++] = c->name;
	const struct command *c = command_find(written);
	if (c && c->offered)
		return c;
	say_unknown(r, at, "command to offer called", written, names, n);
	return NULL;
}

const char *check_label(struct def_reader *r, const struct ynode *at)
{
	if (at && text_width(span_text(at->text)) > LABEL_COLUMNS)
		ynode_say(r->doc, at, r->d,
			  "a label is at most %d columns wide; a hint may say the rest",
			  LABEL_COLUMNS);
	return at ? at->text : NULL;
}

const char *check_title(struct def_reader *r, const struct ynode *at)
{
	if (!at)
		return NULL;
	const char *brace = strchr(at->text, '{');
	if (brace && strncmp(brace, "{person}", 8) != 0)
		ynode_say(r->doc, at, r->d,
			  "only {person} stands for something in a title; write it so, or leave "
			  "the braces out");
	return at->text;
}

const struct field *check_cell(struct def_reader *r, const struct field *f, const struct ynode *at)
{
	const struct ynode *cell = ynode_get(at, "cell");
	if (cell && cell->kind != YNODE_TEXT)
		return NULL;
	if (f->type != V_ROWS) {
		if (cell || ynode_get(at, "cells"))
			ynode_say(r->doc, cell ? cell : at, r->d,
				  "\"%s\" has no rows, so leave cell out", f->name);
		return NULL;
	}
	const struct field *c = cell ? field_cell(f, cell->text) : NULL;
	if (!c)
		ynode_say(r->doc, cell ? cell : at, r->d,
			  "\"%s\" has rows; say which cell is asked, for example cell: %s, or all "
			  "that are, as cells: [{cell: %s, label: ...}]",
			  f->name, f->cells->name, f->cells->name);
	return c;
}

const char *check_value(struct def_reader *r, const struct field *f, const struct ynode *at)
{
	if (at->kind != YNODE_TEXT) {
		ynode_say(r->doc, at, r->d, "here belongs one value");
		return "";
	}
	bool term = f->terms != NULL, yes = f->type == V_YESNO;
	if (term && !terms_find(r->world->terms, f->terms, span_text(at->text)))
		ynode_say(r->doc, at, r->d, "\"%s\" is not in the code list \"%s\"", at->text,
			  f->terms);
	if (yes && strcmp(at->text, "yes") != 0 && strcmp(at->text, "no") != 0)
		ynode_say(r->doc, at, r->d, "write yes or no");
	return at->text;
}

enum when_way check_way(struct def_reader *r, const struct ynode *at)
{
	if (at && strcmp(at->text, "back") != 0 && strcmp(at->text, "ahead") != 0)
		ynode_say(r->doc, at, r->d, "way is back (it happened) or ahead (it is due)");
	return at && !strcmp(at->text, "ahead") ? WHEN_AHEAD : WHEN_BACK;
}

void check_asked(struct def_reader *r, const struct def_entry *e, const struct ynode *at)
{
	const struct field *f = e->cell ? e->cell : e->field;
	const struct ynode *fallback = ynode_get(at, "default");
	if (f->type == V_NOTES || f->flags & FIELD_BY_ACT)
		ynode_say(r->doc, at, r->d, "\"%s\" is written by the program, no form asks for it",
			  f->name);
	if (f->terms && !terms_list(r->world->terms, f->terms))
		ynode_say(r->doc, at, r->d, "the code list \"%s\" is not there", f->terms);
	else if (fallback && (f->terms || f->type == V_YESNO))
		check_value(r, f, fallback);
}

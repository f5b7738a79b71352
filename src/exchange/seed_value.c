/* SPDX-License-Identifier: MIT
 *
 * What seed files say of one field: a text, a list, rows.  Every mistake is told as what was
 * found and what to write, at its place.
 */
#include "seed_impl.h"

#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Nobody reads more of them, or such long words. */
enum { MISTAKES_MOST = 100, SHOWN = 40, NAMES = 128 };

void seed_wrong(struct sowing *w, const struct ynode *at, const char *fmt, ...)
{
	va_list args;
	char *text = NULL;
	if (w->all->mistakes++ > MISTAKES_MOST)
		return;
	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		err_out_of_memory();
	va_end(args);
	if (w->all->mistakes > MISTAKES_MOST)
		ynode_say(&w->doc, at, w->all->d,
			  "there are %d mistakes or more; put these right first, then look again",
			  MISTAKES_MOST);
	else
		ynode_say(&w->doc, at, w->all->d, "%s", text);
	free(text);
}

static void show(const char *text, struct buf *out)
{
	text_clip(span_text(text), SHOWN, true, out);
}

void seed_unknown(struct sowing *w, const struct ynode *key, const char *const *names, size_t n)
{
	const char *near = strlen(key->text) < 100 ? text_nearest(key->text, names, n) : NULL;
	struct buf shown = BUF_INIT;
	show(key->text, &shown);
	if (near)
		seed_wrong(w, key, "\"%s\" is not known here; write %s", buf_text(&shown), near);
	else
		seed_wrong(w, key, "\"%s\" is not known here; take it out", buf_text(&shown));
	buf_fini(&shown);
}

static void unknown_cell(struct sowing *w, const struct ynode *key, const struct field *cells)
{
	const char *names[NAMES];
	size_t n = 0;
	for (const struct field *c = cells; c->name && n < NAMES; c++)
		names[n++] = c->name;
	seed_unknown(w, key, names, n);
}

/* --- one text --------------------------------------------------------------------------- */

/* What a value's check says, with what was found in front where it says only what to write. */
static void say_fault(struct sowing *w, const struct field *f, const struct ynode *n,
		      const char *why)
{
	struct buf shown = BUF_INIT;
	size_t name = strlen(f->name);
	if (!strncmp(why, f->name, name) && !strncmp(why + name, ": ", 2))
		why += name + 2;
	show(n->text, &shown);
	if (strstr(why, "; "))
		seed_wrong(w, n, "%s: %s", f->name, why);
	else if (!strncmp(why, "\"", 1))
		seed_wrong(w, n, "%s: %s; write one that is", f->name, why);
	else
		seed_wrong(w, n, "%s: \"%s\" cannot stand here; %s", f->name, buf_text(&shown),
			   why);
	buf_fini(&shown);
}

/* Dates are written in full: "tue" would be another day on another machine. */
static void one_value(struct sowing *w, const struct field *f, const struct ynode *n,
		      struct buf *out)
{
	const struct terms *terms = book_terms(w->all->b);
	struct diag d = {0};
	enum err e;
	if (n->kind != YNODE_TEXT) {
		seed_wrong(w, n, "%s: %s stands here; write a text on the same line", f->name,
			   n->kind == YNODE_LIST ? "a list" : "a map");
		value_add_null(out);
		return;
	}
	size_t before = out->n;
	if ((f->type == V_DATE || f->type == V_MOMENT) && *n->text) {
		value_add_text(out, span_text(n->text));
		e = value_check(f, buf_span(out), terms, &d);
	} else {
		e = value_read(f, n->text, terms, (struct when){2000, 1, 1, -1, 0}, WHEN_BACK, out,
			       &d);
	}
	for (size_t i = 0; i < d.count; i++)
		say_fault(w, f, n, d.lines[i].text);
	if (e && out->n == before)
		value_add_null(out);
	diag_fini(&d);
}

/* --- rows ------------------------------------------------------------------------------- */

/* Nothing here lasts past midnight; whoever writes so has mistyped one of the two. */
static void check_times(struct sowing *w, const struct field *f, const struct ynode *row)
{
	const struct field *from = field_cell(f, "from"), *to = field_cell(f, "to");
	const char *start = ynode_text(row, "from"), *end = ynode_text(row, "to");
	int h1, m1, h2, m2;
	if (!from || !to || from->type != V_TIME || to->type != V_TIME || !start || !end)
		return;
	if (when_read_time(start, &h1, &m1, NULL) || when_read_time(end, &h2, &m2, NULL))
		return; /* said already */
	if (h2 * 60 + m2 <= h1 * 60 + m1)
		seed_wrong(w, ynode_get(row, "to"),
			   "to: %02d:%02d is not after %02d:%02d, when it begins; write when it "
			   "ends",
			   h2, m2, h1, m1);
}

/* What the practice asks of its groups besides: a name that no other field has, and a label. */
static void check_own(struct sowing *w, const struct ynode *row)
{
	const char *name = ynode_text(row, "field"), *label = ynode_text(row, "label");
	const struct ynode *at = ynode_get(row, "field");
	if (!name || !*name)
		seed_wrong(w, at ? at : row,
			   "this row has no name; write field: and a short one, like bus_stop");
	else if (!extra_is_name(name))
		seed_wrong(w, at,
			   "this cannot be the name of a field; write small letters, digits and "
			   "_, like bus_stop");
	else if (kind_field(kind_find("resource"), name))
		seed_wrong(w, at, "every group has a field \"%s\" already; write another name",
			   name);
	if (!label || !*label)
		seed_wrong(w, row,
			   "this row has no label; write label: and what people call it, like "
			   "Nearest bus stop");
}

static void row_value(struct sowing *w, const struct field *f, const struct ynode *n,
		      struct buf *out)
{
	struct map_maker m = {0};
	if (n->kind != YNODE_MAP)
		seed_wrong(w, n, "%s: a row is missing here; write {name: value, ...}", f->name);
	for (size_t i = 0; n->kind == YNODE_MAP && i < n->count; i++) {
		const struct field *c = field_cell(f, n->keys[i]->text);
		if (c)
			one_value(w, c, n->items[i], map_add_text(&m, span_text(n->keys[i]->text)));
		else
			unknown_cell(w, n->keys[i], f->cells);
	}
	map_finish(&m, out);
	if (n->kind != YNODE_MAP)
		return;
	check_times(w, f, n);
	if (f->cells && field_cell(f, "label") && field_cell(f, "field"))
		check_own(w, n);
}

/* One text where several may stand is a list of one. */
static void list_value(struct sowing *w, const struct field *f, const struct ynode *n,
		       struct buf *out)
{
	bool many = n->kind == YNODE_LIST, nothing = n->kind == YNODE_TEXT && !*n->text;
	size_t count = many ? n->count : !nothing;
	value_add_list(out, count);
	for (size_t i = 0; i < count; i++) {
		const struct ynode *item = many ? n->items[i] : n;
		if (f->type == V_ROWS)
			row_value(w, f, item, out);
		else
			one_value(w, f, item, out);
	}
}

/* --- a practice's own fields: {bus_stop: Saracen Cross} ----------------------------------- */

static bool asks_for(const struct extras *x, const char *name)
{
	for (size_t i = 0; i < x->count; i++)
		if (!strcmp(x->v[i].name, name))
			return true;
	return false;
}

static void unknown_extra(struct sowing *w, const struct ynode *key)
{
	const char *names[NAMES];
	size_t n = 0;
	struct buf shown = BUF_INIT;
	while (n < w->extras.count && n < NAMES) {
		names[n] = w->extras.v[n].name;
		n++;
	}
	show(key->text, &shown);
	if (strlen(key->text) < 100 && text_nearest(key->text, names, n))
		seed_unknown(w, key, names, n);
	else
		seed_wrong(w, key,
			   "this practice asks for no \"%s\"; list it under extra in its "
			   "practice.yaml, or take it out",
			   buf_text(&shown));
	buf_fini(&shown);
}

static void told_value(struct sowing *w, const struct field *f, const struct ynode *n,
		       struct buf *out)
{
	struct buf rows = BUF_INIT;
	size_t count = 0;
	bool is_map = n->kind == YNODE_MAP;
	if (!is_map && !(n->kind == YNODE_TEXT && !*n->text))
		seed_wrong(w, n, "%s: its names are missing here; write {name: text, ...}",
			   f->name);
	for (size_t i = 0; is_map && i < n->count; i++) {
		struct map_maker m = {0};
		const struct ynode *key = n->keys[i], *text = n->items[i];
		if (!asks_for(&w->extras, key->text)) {
			unknown_extra(w, key);
			continue;
		}
		value_add_text(map_add_text(&m, span_text(f->told_by)), span_text(key->text));
		one_value(w, field_cell(f, "text"), text, map_add_text(&m, span_text("text")));
		map_finish(&m, &rows);
		count++;
	}
	value_add_list(out, count);
	buf_add_span(out, buf_span(&rows));
	buf_fini(&rows);
}

void seed_value(struct sowing *w, const struct field *f, const struct ynode *n, struct buf *out)
{
	if (f->told_by)
		told_value(w, f, n, out);
	else if (field_is_set(f) || f->type == V_ROWS)
		list_value(w, f, n, out);
	else
		one_value(w, f, n, out);
}

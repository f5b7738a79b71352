/* SPDX-License-Identifier: MIT
 *
 * The picker, over the form (or list) that asked.  It writes nothing itself: what was picked
 * goes to who asked.
 */
#include "pick.h"
#include "rows.h"
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

struct picker {
	struct screen base;
	struct pick_request request;
	struct buf title;
	struct options options;
	struct picks picks;
	struct rows rows;
	size_t page;
};

static void pick_free(struct screen *s)
{
	struct picker *p = (struct picker *)s;
	rows_fini(&p->rows);
	options_fini(&p->options);
	picks_clear(&p->picks);
	buf_fini(&p->title);
	if (p->request.drop)
		p->request.drop(p->request.arg);
	free(p);
}

/* A row's id is the option's number, from 1. */
static struct id id_of(size_t i)
{
	struct id id = {{0}};
	for (int k = 0; k < 4; k++)
		id.b[k] = (uint8_t)((i + 1) >> (24 - 8 * k));
	return id;
}

static size_t option_of(const struct row *row)
{
	size_t n = 0;
	for (int k = 0; k < 4; k++)
		n = n << 8 | row->id.b[k];
	return n - 1;
}

static void add_words(struct rows *rows, const char *text)
{
	struct buf words = BUF_SECRET;
	text_fold(span_text(text ? text : ""), &words);
	rows_add_words(rows, buf_span(&words));
	buf_fini(&words);
}

static void fill(struct picker *p)
{
	static const struct row_order up = {0, false};
	struct id was = {{0}};
	for (size_t i = 0; i < p->options.count; i++) {
		const struct option *o = &p->options.v[i];
		struct id id = id_of(i);
		struct row *row = rows_add(&p->rows, &id, 1, 1);
		buf_add_text(&row->texts[0], o->label);
		buf_add_u32(&row->keys[0], (uint32_t)i);
		add_words(&p->rows, o->label);
		add_words(&p->rows, o->also);
		if (id_is_zero(&was) && picks_has(&p->picks, o->id))
			was = id;
	}
	rows_finish(&p->rows, &up, 1, &was);
}

static void pick_heading(struct app *app, struct screen *s, struct heading *h)
{
	const struct picker *p = (const struct picker *)s;
	(void)app;
	buf_add_span(&h->left, buf_span(&p->title));
}

static void paint_find(const struct picker *p, struct grid *g, struct box b)
{
	enum { WIDE = 50 };
	static const char *const how[2][2] = {{"Type to find, or go with the arrows; then Enter",
					       "Type to find, or the arrows; Enter"},
					      {"Arrows or letter, then Enter; or type to find",
					       "Arrows or letter, or type to find"}};
	struct buf line = BUF_SECRET;
	if (p->rows.find.n)
		buf_printf(&line, "Find: %s_  %zu of %zu", buf_text(&p->rows.find),
			   rows_matching(&p->rows), rows_total(&p->rows));
	else
		buf_add_text(&line, how[p->request.letters][b.columns < WIDE]);
	grid_put(g, b.y, 1, b.columns - 2, buf_span(&line), ATTR_BOLD);
	int typed = 7 + text_width(buf_span(&p->rows.find));
	grid_set_cursor(g, b.y, typed < b.columns ? typed : b.columns - 1);
	buf_fini(&line);
}

static void paint_option(const struct picker *p, const struct row *row, struct grid *g, int y)
{
	const struct option *o = &p->options.v[option_of(row)];
	bool picked = picks_has(&p->picks, o->id);
	int x = 2;
	if (p->request.many)
		x += grid_put(g, y, x, 4, span_text(picked ? "[x] " : "[ ] "), 0);
	if (p->request.letters)
		x += grid_put(g, y, x, 4, span_text(o->letter ? o->letter : " "), ATTR_DIM) + 2;
	grid_put(g, y, x, g->columns - x - 1, span_text(o->label), picked ? ATTR_BOLD : 0);
}

static void paint_nothing(const struct picker *p, struct grid *g, struct box b)
{
	const char *words = p->options.count
				    ? "Nothing here is called so. Backspace takes a letter away."
				    : "There is nothing to pick from yet.";
	grid_put(g, b.y, 2, b.columns - 3, span_text(words), 0);
}

static void pick_paint(struct app *app, struct screen *s, struct grid *g, struct box b)
{
	struct picker *p = (struct picker *)s;
	struct box rest = {b.y + 1, b.x, b.rows - 1, b.columns};
	(void)app;
	paint_find(p, g, b);
	p->page = rest.rows > 1 ? (size_t)rest.rows : 1;
	rows_scroll(&p->rows, p->page);
	if (!p->rows.shown_count)
		paint_nothing(p, g, rest);
	for (size_t i = 0; i < p->page; i++) {
		const struct row *row = rows_shown(&p->rows, p->rows.top + i);
		if (!row)
			break;
		paint_option(p, row, g, rest.y + (int)i);
		frame_add_row_spot(g, p->rows.top + i, rest.y + (int)i, 1);
		if (p->rows.top + i == p->rows.selected)
			frame_mark_row(g, rest.y + (int)i);
	}
}

/* The picker goes first: what was picked may open a screen of its own. */
static void take_only(struct app *app, struct picker *p)
{
	struct pick_request request = p->request;
	struct picks picks = p->picks;
	p->picks = (struct picks){0};
	p->request.drop = NULL;
	app_pop(app);
	request.took(app, request.arg, &picks);
	if (request.drop)
		request.drop(request.arg);
	picks_clear(&picks);
}

/* One of several: it is taken and the picker goes.  Many: ticked or unticked, and on. */
static void take(struct app *app, struct picker *p, const struct option *o)
{
	bool had = picks_has(&p->picks, o->id);
	if (!p->request.many)
		picks_clear(&p->picks);
	if (had && p->request.many)
		picks_remove(&p->picks, o->id);
	else
		picks_add(&p->picks, o->id);
	if (p->request.many) {
		p->request.took(app, p->request.arg, &p->picks);
		rows_act(&p->rows, ACT_BACK, 0); /* what was typed found it: away with it */
	} else {
		take_only(app, p);
	}
}

static bool pick_act(struct app *app, struct screen *s, const struct command *c)
{
	struct picker *p = (struct picker *)s;
	const struct row *row = rows_selected(&p->rows);
	if (c->action == ACT_OPEN && row)
		take(app, p, &p->options.v[option_of(row)]);
	if (c->action == ACT_OPEN)
		return true;
	return rows_act(&p->rows, c->action, p->page);
}

static const struct option *by_letter(const struct picker *p, struct span text)
{
	struct buf folded = BUF_SECRET;
	const struct option *found = NULL;
	text_fold(text, &folded);
	for (size_t i = 0; p->request.letters && !p->rows.find.n && i < p->options.count; i++)
		if (p->options.v[i].letter && !strcmp(p->options.v[i].letter, buf_text(&folded)))
			found = &p->options.v[i];
	buf_fini(&folded);
	return found;
}

static void pick_type(struct app *app, struct screen *s, struct span text, bool pasted)
{
	struct picker *p = (struct picker *)s;
	const struct option *o = pasted ? NULL : by_letter(p, text);
	if (o)
		take(app, p, o);
	else
		rows_type(&p->rows, text);
}

static bool pick_select(struct screen *s, size_t index)
{
	return rows_select(&((struct picker *)s)->rows, index);
}

static void pick_find(struct screen *s, struct span words)
{
	rows_find(&((struct picker *)s)->rows, words);
}

static bool pick_can(struct app *app, struct screen *s, const struct command *c)
{
	(void)app;
	return c->action != ACT_OPEN || rows_selected(&((struct picker *)s)->rows);
}

static const struct screen_kind pick_one = {
	.place = IN_PICK,
	.free = pick_free,
	.heading = pick_heading,
	.paint = pick_paint,
	.act = pick_act,
	.type = pick_type,
	.select = pick_select,
	.find = pick_find,
	.can = pick_can,
};
static const struct screen_kind pick_some = {
	.place = IN_TICK,
	.free = pick_free,
	.heading = pick_heading,
	.paint = pick_paint,
	.act = pick_act,
	.type = pick_type,
	.select = pick_select,
	.find = pick_find,
	.can = pick_can,
};

struct screen *pick_new(struct app *app, const struct pick_request *request,
			struct options *options)
{
	struct picker *p = mem_alloc(sizeof *p);
	(void)app;
	*p = (struct picker){.base = {request->many ? &pick_some : &pick_one, NULL},
			     .request = *request,
			     .title = BUF_SECRET,
			     .options = *options};
	*options = (struct options){0};
	buf_add_text(&p->title, request->title);
	for (size_t i = 0; i < request->picked->count; i++)
		picks_add(&p->picks, request->picked->v[i]);
	p->request.picked = NULL;
	p->request.title = NULL;
	fill(p);
	return &p->base;
}

/* SPDX-License-Identifier: MIT
 *
 * The list: all records of a kind, found by typing.  People and Groups are this.
 */
#include "column.h"
#include "draft.h"
#include "listing.h"
#include "pick.h"
#include "places.h"
#include "seeking.h"
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

struct list {
	struct screen base;
	struct listing *has; /* borrowed from the app */
	struct seeking *seeking; /* of groups; NULL: found by words alone */
	size_t page; /* rows that were visible last */
};

static void list_free(struct screen *s)
{
	struct list *l = (struct list *)s;
	listing_give_back(l->has);
	seeking_free(l->seeking);
	free(l);
}

static void list_refresh(struct app *app, struct screen *s)
{
	struct list *l = (struct list *)s;
	if (l->seeking)
		seeking_refresh(app, l->seeking);
	listing_refresh(app, l->has);
}

static const struct def_filter *filter_of(const struct list *l)
{
	return l->has->rows.set ? &l->base.def->filters[l->has->rows.set - 1] : NULL;
}

static void list_heading(struct app *app, struct screen *s, struct heading *h)
{
	static const char *const months[] = {"January",	  "February", "March",	  "April",
					     "May",	  "June",     "July",	  "August",
					     "September", "October",  "November", "December"};
	struct when now = app_now(app);
	const struct def_filter *filter = filter_of((const struct list *)s);
	buf_add_text(&h->left, s->def->title);
	seeking_say_whom(((const struct list *)s)->seeking, &h->left);
	if (filter)
		buf_printf(&h->left, ": %s", filter->title);
	buf_printf(&h->right, "%s %d %s", when_weekday_name(when_weekday(now)), now.day,
		   months[now.month - 1]);
}

static void paint_find(const struct list *l, struct grid *g, struct box b)
{
	struct buf line = BUF_SECRET, count = BUF_SECRET;
	buf_printf(&count, "  %zu of %zu", rows_matching(&l->has->rows), rows_total(&l->has->rows));
	int room = b.columns - 2 - text_width(buf_span(&count));
	buf_printf(&line, "Find: %s_", buf_text(&l->has->rows.find));
	int used = grid_put(g, b.y, 1, room, buf_span(&line), ATTR_BOLD);
	grid_put(g, b.y, 1 + used, b.columns - 1 - used, buf_span(&count), 0);
	buf_fini(&line);
	buf_fini(&count);
}

/* The mark of the order stands right after its label, in the gap if need be. */
static void paint_label(const struct list *l, size_t i, struct grid *g, int y, int x, int width)
{
	static const char *const marks[2][2] = {{"↑", "↓"}, {"^", "v"}};
	struct span label = span_text(l->base.def->columns[i].label);
	int used = grid_put(g, y, x, width, label, ATTR_DIM);
	if (l->has->by == i + 1)
		grid_put(g, y, x + used, 1, span_text(marks[g->ascii][l->has->backwards]),
			 ATTR_BOLD);
	grid_add_spot(g, (struct spot){SPOT_LABEL, i, y, x, 1, width});
}

static void paint_labels(const struct list *l, const int *widths, struct grid *g, int y)
{
	int x = DEF_MARKER - 1;
	for (size_t i = 0; i < l->base.def->column_count; i++)
		if (widths[i]) {
			paint_label(l, i, g, y, x, widths[i]);
			x += widths[i] + DEF_GAP;
		}
}

static void paint_row(const struct screen_def *def, const int *widths, const struct row *row,
		      struct grid *g, int y, unsigned attr)
{
	int x = DEF_MARKER - 1;
	if (row->is_draft) {
		grid_put(g, y, x, g->columns - x, buf_span(&row->texts[0]), attr | ATTR_BOLD);
		return;
	}
	for (size_t i = 0; i < def->column_count; i++)
		if (widths[i]) {
			grid_put(g, y, x, widths[i], buf_span(&row->texts[i]), attr);
			x += widths[i] + DEF_GAP;
		}
}

static void paint_rows(struct list *l, struct grid *g, struct box b)
{
	const struct screen_def *def = l->base.def;
	int *widths = mem_alloc_many(def->column_count, sizeof *widths);
	columns_fit(def, b.columns, widths);
	paint_labels(l, widths, g, b.y);
	const struct rows *rows = &l->has->rows;
	bool near = rows->near_from < rows->shown_count; /* a line between takes a row */
	l->page = b.rows > 1 + near ? (size_t)(b.rows - 1 - near) : 1;
	rows_scroll(&l->has->rows, l->page);
	int y = b.y;
	for (size_t i = 0; i < l->page; i++) {
		const struct row *row = rows_shown(rows, rows->top + i);
		if (!row)
			break;
		if (near && rows->top + i == rows->near_from)
			seeking_paint_near(l->seeking, g, ++y);
		y++;
		paint_row(def, widths, row, g, y, 0);
		frame_add_row_spot(g, rows->top + i, y, 1);
		if (rows->top + i == rows->selected)
			frame_mark_row(g, y);
	}
	free(widths);
}

/* An empty list teaches: how to begin, or how to find somebody after all. */
static void paint_nothing(const struct list *l, struct grid *g, struct box b)
{
	struct buf words = BUF_SECRET;
	struct wrap rows = {0};
	if (rows_total(&l->has->rows))
		buf_printf(&words,
			   "Nothing here has all of \"%s\" in it. Backspace takes a letter away, "
			   "Esc shows everything again.%s",
			   buf_text(&l->has->rows.find),
			   l->seeking ? " F4 writes it down as a new group." : "");
	else
		buf_add_text(&words, l->base.def->empty);
	wrap_text(buf_span(&words), b.columns - 4, &rows);
	for (size_t i = 0; i < rows.count && (int)i + 1 < b.rows; i++)
		grid_put(g, b.y + 1 + (int)i, 2, b.columns - 4,
			 wrap_row_text(&rows, buf_span(&words), i), 0);
	wrap_fini(&rows);
	buf_fini(&words);
}

enum { DETAIL_LEAST = 7, DETAIL_MOST = 5 };

/* Beneath the rows: what speaks for the selected one. */
static void paint_detail(const struct list *l, struct grid *g, struct box *rest)
{
	int rows = rest->rows > 3 * DETAIL_MOST ? DETAIL_MOST : rest->rows / 3;
	rest->rows -= rows + 1;
	struct box detail = {rest->y + rest->rows + 1, rest->x, rows, rest->columns};
	seeking_paint_detail(l->seeking, g, detail);
}

static void list_paint(struct app *app, struct screen *s, struct grid *g, struct box b)
{
	struct list *l = (struct list *)s;
	(void)app;
	paint_find(l, g, b);
	int typed = 7 + text_width(buf_span(&l->has->rows.find));
	grid_set_cursor(g, b.y, typed < b.columns ? typed : b.columns - 1);
	struct box rest = {b.y + 1, b.x, b.rows - 1, b.columns};
	bool understood = l->seeking && seeking_paint_pieces(l->seeking, g, rest);
	if (b.rows > 12 || understood) { /* some air where there is room */
		rest.y++;
		rest.rows--;
	}
	if (seeking_is_on(l->seeking) && rest.rows > DETAIL_LEAST)
		paint_detail(l, g, &rest);
	if (l->has->rows.shown_count)
		paint_rows(l, g, rest);
	else
		paint_nothing(l, g, rest);
}

static bool open_selected(struct app *app, struct list *l)
{
	const struct row *row = rows_selected(&l->has->rows);
	if (!row)
		return true;
	struct id id = row->id;
	const struct screen_def *to = app_def(app, l->base.def->open);
	struct screen *s = row->is_draft ? draft_resume(app, &id)
			   : to->kind == DEF_PERSON
				   ? person_new(app, &id)
				   : text_of_record(app, to, (struct ref){row->in, id});
	if (s)
		app_push(app, s);
	return true;
}

/* --- sorting ---------------------------------------------------------------------------- */

static void sort_by(struct app *app, struct list *l, size_t column)
{
	listing_sort(l->has, column);
	list_refresh(app, &l->base);
}

static void take_column(struct app *app, void *arg, const struct picks *picks)
{
	if (picks->count)
		sort_by(app, arg, (size_t)strtoul(picks->v[0], NULL, 10));
}

static void ask_column(struct app *app, struct list *l)
{
	static const struct picks none = {0};
	const struct screen_def *def = l->base.def;
	struct options o = {0};
	char number[24];
	for (size_t i = 1; i <= def->column_count; i++) {
		struct buf label = BUF_INIT;
		bool again = l->has->by == i && !l->has->backwards;
		buf_printf(&label, "%s%s", def->columns[i - 1].label,
			   again ? ", the other way round" : "");
		snprintf(number, sizeof number, "%zu", i);
		options_add(&o, number, buf_text(&label), NULL);
		buf_fini(&label);
	}
	if (l->has->by)
		options_add(&o, "0", "As it was", NULL);
	struct pick_request request = {
		.title = "Sort by what?", .picked = &none, .took = take_column, .arg = l};
	app_push(app, pick_new(app, &request, &o));
}

/* What was looked for and is not here is what somebody has just heard of. */
static void add_one(struct app *app, struct list *l)
{
	const struct rows *rows = &l->has->rows;
	bool is_new = l->seeking && rows->find.n && !rows_matching(rows);
	app_add_to(app, l->base.def);
	if (is_new)
		app_paste(app, buf_span(&rows->find));
}

static bool list_act(struct app *app, struct screen *s, const struct command *c)
{
	struct list *l = (struct list *)s;
	const struct row *row = rows_selected(&l->has->rows);
	if (c->action == ACT_OPEN)
		return open_selected(app, l);
	if (c->action == ACT_NOTE && row) {
		struct id person = row->id;
		app_push(app, writing_new(app, app_def(app, c->opens), &person));
		return true;
	}
	if (c->action == ACT_ADD) {
		add_one(app, l);
		return true;
	}
	if (c->action == ACT_SORT) {
		ask_column(app, l);
		return true;
	}
	if (c->action == ACT_MEANING && l->seeking) {
		seeking_ask_pieces(app, l->seeking);
		return true;
	}
	if (c->action == ACT_FILTER) {
		l->has->rows.set = (l->has->rows.set + 1) % (s->def->filter_count + 1);
		list_refresh(app, s);
		return true;
	}
	return rows_act(&l->has->rows, c->action, l->page);
}

static void list_type(struct app *app, struct screen *s, struct span text, bool pasted)
{
	(void)app;
	(void)pasted;
	rows_type(&((struct list *)s)->has->rows, text);
}

static bool list_select(struct screen *s, size_t index)
{
	return rows_select(&((struct list *)s)->has->rows, index);
}

static void list_find(struct screen *s, struct span words)
{
	rows_find(&((struct list *)s)->has->rows, words);
}

/* The head of a column. */
static void list_point(struct app *app, struct screen *s, const struct spot *spot, int y, int x)
{
	(void)y;
	(void)x;
	if (spot->kind == SPOT_LABEL)
		sort_by(app, (struct list *)s, spot->index + 1);
}

/* A note needs a person under the cursor; who looks at the groups is there already. */
static bool list_can(struct app *app, struct screen *s, const struct command *c)
{
	const struct row *row = rows_selected(&((struct list *)s)->has->rows);
	if (c->action == ACT_NOTE)
		return row && !row->is_draft;
	if (c->action == ACT_FILTER)
		return s->def->filter_count > 0;
	if (c->action == ACT_MEANING)
		return seeking_has_pieces(((struct list *)s)->seeking);
	if (c->action == ACT_ADD)
		return s->def->form != NULL;
	if (c->action == ACT_GROUPS)
		return s->def != app_def(app, c->opens);
	return c->action != ACT_OPEN || row;
}

static const struct screen_kind list_kind = {
	.place = IN_LIST,
	.free = list_free,
	.refresh = list_refresh,
	.heading = list_heading,
	.paint = list_paint,
	.act = list_act,
	.type = list_type,
	.select = list_select,
	.find = list_find,
	.point = list_point,
	.can = list_can,
};

static bool finds_groups(const struct screen_def *def)
{
	return !strcmp(def->of->name, "resource");
}

struct screen *list_new(struct app *app, const struct screen_def *def)
{
	struct list *l = mem_alloc(sizeof *l);
	l->has = listing_take(app, def);
	l->base = (struct screen){&list_kind, def};
	if (finds_groups(def))
		l->seeking = seeking_new(&l->has->rows, NULL);
	return &l->base;
}

struct screen *list_for_person(struct app *app, const struct screen_def *def,
			       const struct id *person)
{
	struct list *l = (struct list *)list_new(app, def);
	seeking_free(l->seeking);
	l->seeking = seeking_new(&l->has->rows, person);
	return &l->base;
}

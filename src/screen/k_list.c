/* SPDX-License-Identifier: MIT
 *
 * The list: all records of a kind, found by typing.  People and Groups are this.
 */
#include "column.h"
#include "draft.h"
#include "options.h"
#include "places.h"
#include "rows.h"
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

struct list {
	struct screen base;
	struct rows rows;
	size_t page; /* rows that were visible last */
	struct moment read; /* when the records were */
};

static void list_free(struct screen *s)
{
	struct list *l = (struct list *)s;
	rows_fini(&l->rows);
	free(l);
}

struct filling {
	struct list *list;
	struct columns columns;
	struct buf words; /* of the record at hand */
};

/* What stands in conflict is marked in front of the row. */
static void say_cell(const struct filling *f, const struct record *r, size_t i, struct buf *out)
{
	if (!i && state_conflicts(&r->state))
		buf_add_text(out, "! ");
	column_say(&f->columns, r, f->list->base.def->columns[i].name, out);
}

static const struct def_filter *filter_of(const struct list *l)
{
	return l->rows.set ? &l->base.def->filters[l->rows.set - 1] : NULL;
}

/* What no field of the record holds in words: whose it is, and other records by name. */
static void add_said(const struct screen_def *def, const struct row *row, struct buf *words)
{
	for (size_t i = 0; i < def->column_count; i++) {
		const struct field *f = kind_field(def->of, def->columns[i].name);
		if (f && !options_are_records(f))
			continue;
		buf_add_byte(words, ' ');
		text_fold(buf_span(&row->texts[i]), words);
	}
}

/* Bit n: it is in the n-th filter. */
static uint64_t filters_of(const struct screen_def *def, const struct record *r)
{
	uint64_t sets = 0;
	for (size_t i = 0; i < def->filter_count; i++) {
		const struct def_filter *filter = &def->filters[i];
		bool in = true;
		for (size_t k = 0; in && k < filter->when_count; k++)
			in = def_holds(&filter->when[k], r);
		sets |= (uint64_t)in << (i + 1);
	}
	return sets;
}

static bool add_record(void *arg, const struct record *r)
{
	struct filling *f = arg;
	const struct screen_def *def = f->list->base.def;
	struct row *row = rows_add(&f->list->rows, &r->id, def->column_count, def->sort_count);
	row->in = r->subject;
	row->sets = filters_of(def, r);
	for (size_t i = 0; i < def->column_count; i++)
		say_cell(f, r, i, &row->texts[i]);
	for (size_t i = 0; i < def->sort_count; i++)
		column_key(&f->columns, r, def->sort[i] + (*def->sort[i] == '-'), &row->keys[i]);
	record_fold_words(f->columns.app->book, r, &f->words);
	add_said(def, row, &f->words);
	rows_add_words(&f->list->rows, buf_span(&f->words));
	buf_clear(&f->words);
	return true;
}

static int *sort_signs(const struct screen_def *def)
{
	int *signs = mem_alloc_many(def->sort_count, sizeof *signs);
	for (size_t i = 0; i < def->sort_count; i++)
		signs[i] = *def->sort[i] == '-' ? -1 : 1;
	return signs;
}

static void read_all(struct app *app, struct list *l)
{
	struct filling f = {.list = l, .words = BUF_SECRET};
	struct moment now = app_moment(app);
	columns_init(&f.columns, app, l->base.def);
	enum err e = book_scan(app->book, l->base.def->of, NULL, add_record, &f);
	if (e)
		app_say_fault(app, "Not everything could be read", e, NULL);
	l->read = e || f.columns.failed ? (struct moment){0} : now;
	columns_fini(&f.columns);
	buf_fini(&f.words);
}

static void list_refresh(struct app *app, struct screen *s)
{
	struct list *l = (struct list *)s;
	struct id was;
	if (app_is_unchanged(app, l->read)) {
		rows_keep(&l->rows, &was);
	} else {
		rows_start(&l->rows, &was);
		read_all(app, l);
	}
	app_select_saved(app, &was);
	if (s->def->of->is_subject)
		drafts_add_rows(app, NULL, s->def->column_count, &l->rows);
	int *signs = sort_signs(s->def);
	rows_finish(&l->rows, signs, &was);
	free(signs);
}

static void list_heading(struct app *app, struct screen *s, struct heading *h)
{
	static const char *const months[] = {"January",	  "February", "March",	  "April",
					     "May",	  "June",     "July",	  "August",
					     "September", "October",  "November", "December"};
	struct when now = app_now(app);
	const struct def_filter *filter = filter_of((const struct list *)s);
	buf_add_text(&h->left, s->def->title);
	if (filter)
		buf_printf(&h->left, ": %s", filter->title);
	buf_printf(&h->right, "%s %d %s", when_weekday_name(when_weekday(now)), now.day,
		   months[now.month - 1]);
}

static void paint_find(const struct list *l, struct grid *g, struct box b)
{
	struct buf line = BUF_SECRET, count = BUF_SECRET;
	buf_printf(&count, "  %zu of %zu", rows_matching(&l->rows), rows_total(&l->rows));
	int room = b.columns - 2 - text_width(buf_span(&count));
	buf_printf(&line, "Find: %s_", buf_text(&l->rows.find));
	int used = grid_put(g, b.y, 1, room, buf_span(&line), ATTR_BOLD);
	grid_put(g, b.y, 1 + used, b.columns - 1 - used, buf_span(&count), 0);
	buf_fini(&line);
	buf_fini(&count);
}

static void paint_labels(const struct screen_def *def, const int *widths, struct grid *g, int y)
{
	int x = DEF_MARKER - 1;
	for (size_t i = 0; i < def->column_count; i++)
		if (widths[i]) {
			grid_put(g, y, x, widths[i], span_text(def->columns[i].label), ATTR_DIM);
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
	paint_labels(def, widths, g, b.y);
	l->page = b.rows > 1 ? (size_t)b.rows - 1 : 1;
	rows_scroll(&l->rows, l->page);
	for (size_t i = 0; i < l->page; i++) {
		const struct row *row = rows_shown(&l->rows, l->rows.top + i);
		if (!row)
			break;
		int y = b.y + 1 + (int)i;
		paint_row(def, widths, row, g, y, 0);
		frame_add_row_spot(g, l->rows.top + i, y, 1);
		if (l->rows.top + i == l->rows.selected)
			frame_mark_row(g, y);
	}
	free(widths);
}

/* An empty list teaches: how to begin, or how to find somebody after all. */
static void paint_nothing(const struct list *l, struct grid *g, struct box b)
{
	struct buf words = BUF_SECRET;
	struct wrap rows = {0};
	if (rows_total(&l->rows))
		buf_printf(&words,
			   "Nothing here has all of \"%s\" in it. Backspace takes a letter away, "
			   "Esc shows everything again.",
			   buf_text(&l->rows.find));
	else
		buf_add_text(&words, l->base.def->empty);
	wrap_text(buf_span(&words), b.columns - 4, &rows);
	for (size_t i = 0; i < rows.count && (int)i + 1 < b.rows; i++)
		grid_put(g, b.y + 1 + (int)i, 2, b.columns - 4,
			 wrap_row_text(&rows, buf_span(&words), i), 0);
	wrap_fini(&rows);
	buf_fini(&words);
}

static void list_paint(struct app *app, struct screen *s, struct grid *g, struct box b)
{
	struct list *l = (struct list *)s;
	(void)app;
	paint_find(l, g, b);
	int typed = 7 + text_width(buf_span(&l->rows.find));
	grid_set_cursor(g, b.y, typed < b.columns ? typed : b.columns - 1);
	struct box rest = {b.y + 1, b.x, b.rows - 1, b.columns};
	if (b.rows > 12) { /* some air where there is room */
		rest.y++;
		rest.rows--;
	}
	if (l->rows.shown_count)
		paint_rows(l, g, rest);
	else
		paint_nothing(l, g, rest);
}

static bool open_selected(struct app *app, struct list *l)
{
	const struct row *row = rows_selected(&l->rows);
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

static bool list_act(struct app *app, struct screen *s, const struct command *c)
{
	struct list *l = (struct list *)s;
	const struct row *row = rows_selected(&l->rows);
	if (c->action == ACT_OPEN)
		return open_selected(app, l);
	if (c->action == ACT_NOTE && row) {
		struct id person = row->id;
		app_push(app, writing_new(app, app_def(app, c->opens), &person));
		return true;
	}
	if (c->action == ACT_ADD) {
		app_add_to(app, s->def);
		return true;
	}
	if (c->action == ACT_FILTER) {
		l->rows.set = (l->rows.set + 1) % (s->def->filter_count + 1);
		list_refresh(app, s);
		return true;
	}
	return rows_act(&l->rows, c->action, l->page);
}

static void list_type(struct app *app, struct screen *s, struct span text, bool pasted)
{
	(void)app;
	(void)pasted;
	rows_type(&((struct list *)s)->rows, text);
}

static bool list_select(struct screen *s, size_t index)
{
	return rows_select(&((struct list *)s)->rows, index);
}

static void list_find(struct screen *s, struct span words)
{
	rows_find(&((struct list *)s)->rows, words);
}

/* A note needs a person under the cursor; who looks at the groups is there already. */
static bool list_can(struct app *app, struct screen *s, const struct command *c)
{
	const struct row *row = rows_selected(&((struct list *)s)->rows);
	if (c->action == ACT_NOTE)
		return row && !row->is_draft;
	if (c->action == ACT_FILTER)
		return s->def->filter_count > 0;
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
	.can = list_can,
};

struct screen *list_new(const struct screen_def *def)
{
	struct list *l = mem_alloc(sizeof *l);
	l->base = (struct screen){&list_kind, def};
	return &l->base;
}

/* SPDX-License-Identifier: MIT
 *
 * One person: whose file it is, and what happened, newest first.  The timeline is found
 * through by typing as lists are.
 */
#include "doing.h"
#include "draft.h"
#include "places.h"
#include "rows.h"
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>

enum { T_HEAD, T_WORDS, T_TEXTS };

struct person {
	struct screen base;
	struct id id;
	struct rows rows;
	size_t page;
	struct moment read; /* when what happened was */
};

static void person_free(struct screen *s)
{
	struct person *p = (struct person *)s;
	rows_fini(&p->rows);
	free(p);
}

struct filling {
	struct app *app;
	struct person *person;
	struct when now;
	struct buf words; /* of the record at hand */
};

static void say_head(const struct filling *f, const struct record *r, struct buf *out)
{
	const struct def_timeline *t = &f->person->base.def->timeline;
	struct span text;
	struct when when;
	if (value_is_text(record_value(r, t->when), &text) && when_from_iso(text, &when))
		when_say_short(when, f->now, out);
	while (text_width(buf_span(out)) < 16)
		buf_add_byte(out, ' ');
	buf_add_text(out, "  ");
	record_say(f->app->book, r, t->how, out);
}

/* A visit that came about needs no words for it; any other outcome does. */
static void say_outcome(const struct filling *f, const struct record *r, struct buf *out)
{
	struct span outcome;
	if (!value_is_text(record_value(r, "outcome"), &outcome) || span_is(outcome, "attended"))
		return;
	buf_add_text(out, ": ");
	record_say(f->app->book, r, "outcome", out);
}

static bool add_happening(void *arg, const struct record *r)
{
	struct filling *f = arg;
	const struct def_timeline *t = &f->person->base.def->timeline;
	struct row *row = rows_add(&f->person->rows, &r->id, T_TEXTS, 1);
	struct span text;
	row->in = r->subject;
	say_head(f, r, &row->texts[T_HEAD]);
	say_outcome(f, r, &row->texts[T_HEAD]);
	if (value_is_text(record_value(r, t->words), &text))
		text_clean(text, &row->texts[T_WORDS]); /* lines run on here */
	if (value_is_text(record_value(r, t->when), &text))
		buf_add_span(&row->keys[0], text);
	record_fold_words(f->app->book, r, &f->words);
	rows_add_words(&f->person->rows, buf_span(&f->words));
	buf_clear(&f->words);
	return true;
}

static void read_timeline(struct app *app, struct person *p)
{
	struct filling f = {app, p, app_now(app), BUF_SECRET};
	struct moment now = app_moment(app);
	enum err e = book_scan(app->book, p->base.def->timeline.of, &p->id, add_happening, &f);
	buf_fini(&f.words);
	if (e)
		app_say_fault(app, "Not everything could be read", e, NULL);
	p->read = now;
	if (e)
		p->read = (struct moment){0};
}

static void person_refresh(struct app *app, struct screen *s)
{
	static const struct row_order newest_first = {0, true};
	struct person *p = (struct person *)s;
	struct id was;
	rows_keep(&p->rows, &was);
	if (!app_is_unchanged(app, p->read)) {
		rows_start(&p->rows);
		read_timeline(app, p);
	}
	app_select_saved(app, &was);
	drafts_add_rows(app, &p->id, T_TEXTS, &p->rows);
	rows_finish(&p->rows, &newest_first, 1, &was);
	app->person = p->id;
}

static void person_heading(struct app *app, struct screen *s, struct heading *h)
{
	banner_say(app, &((struct person *)s)->id, &h->left);
}

/* The head, and the first words as far as `most` lines go.  Lines used; painted only where
 * there is a grid. */
static int paint_happening(const struct row *row, struct grid *g, int columns, int y, int most)
{
	struct wrap rows = {0};
	struct span words = buf_span(&row->texts[T_WORDS]);
	int width = columns - 6, n = 1;
	wrap_text(words, width, &rows);
	for (size_t i = 0; words.n && i < rows.count && n < most; i++, n++) {
		struct span text = wrap_row_text(&rows, words, i);
		/* The last line goes on beyond its end, so that it is seen to. */
		if (n == most - 1 && i + 1 < rows.count)
			text = span_of(text.p, words.n - (size_t)(text.p - words.p));
		if (g)
			grid_put(g, y + n, 4, width, text, 0);
	}
	if (g)
		grid_put(g, y, 2, columns - 3, buf_span(&row->texts[T_HEAD]), ATTR_BOLD);
	wrap_fini(&rows);
	return n;
}

static void paint_line(struct grid *g, int y, const char *text)
{
	grid_put(g, y, 2, g->columns - 3, span_text(text), 0);
}

static void paint_find(const struct person *p, struct grid *g, int y)
{
	struct buf line = BUF_SECRET;
	buf_printf(&line, "Find: %s_  %zu of %zu", buf_text(&p->rows.find), rows_matching(&p->rows),
		   rows_total(&p->rows));
	grid_put(g, y, 1, g->columns - 2, buf_span(&line), ATTR_BOLD);
	grid_set_cursor(g, y, 7 + text_width(buf_span(&p->rows.find)));
	buf_fini(&line);
}

/* Rows differ in height: the first one shown moves down until the selected one fits. */
static void scroll(struct rows *rows, struct box b, int most)
{
	if (rows->selected < rows->top)
		rows->top = rows->selected;
	int needed = 0;
	for (size_t i = rows->selected + 1; i-- > rows->top;) {
		needed += paint_happening(rows_shown(rows, i), NULL, b.columns, 0, most);
		if (needed > b.rows && i < rows->selected) {
			rows->top = i + 1;
			return;
		}
	}
}

static void paint_timeline(struct person *p, struct grid *g, struct box b)
{
	int most = b.rows >= 9 ? ROW_LINES : ROW_LINES - 1;
	int y = b.y, end = b.y + b.rows;
	scroll(&p->rows, b, most);
	p->page = 0;
	for (size_t i = p->rows.top; i < p->rows.shown_count && y < end; i++) {
		const struct row *row = rows_shown(&p->rows, i);
		int room = end - y < most ? end - y : most;
		int used = paint_happening(row, g, b.columns, y, room);
		frame_add_row_spot(g, i, y, used);
		if (i == p->rows.selected)
			frame_mark_row(g, y);
		y += used;
		p->page++;
	}
}

static void person_paint(struct app *app, struct screen *s, struct grid *g, struct box b)
{
	struct person *p = (struct person *)s;
	(void)app;
	grid_set_cursor(g, b.y, 0);
	if (p->rows.find.n) {
		paint_find(p, g, b.y);
		b.y++;
		b.rows--;
	}
	if (p->rows.shown_count)
		paint_timeline(p, g, b);
	else if (!p->rows.count)
		paint_line(g, b.y, s->def->timeline.empty);
	else
		paint_line(g, b.y, "Nothing found. Esc shows everything again.");
}

static bool open_selected(struct app *app, struct person *p)
{
	const struct row *row = rows_selected(&p->rows);
	if (!row)
		return true;
	struct id id = row->id;
	struct screen *s = row->is_draft
				   ? draft_resume(app, &id)
				   : text_of_record(app, app_def(app, p->base.def->timeline.open),
						    (struct ref){row->in, id});
	if (s)
		app_push(app, s);
	return true;
}

static void push_known(struct app *app, struct screen *s)
{
	if (s)
		app_push(app, s);
}

static bool person_act(struct app *app, struct screen *s, const struct command *c)
{
	struct person *p = (struct person *)s;
	if (c->action == ACT_OPEN)
		return open_selected(app, p);
	if (c->action == ACT_NOTE) {
		app_push(app, writing_new(app, app_def(app, c->opens), &p->id));
		return true;
	}
	if (c->action == ACT_ADD)
		app_add_on(app, s->def, &p->id);
	else if (c->action == ACT_HISTORY)
		push_known(app, text_of_history(app, ref_to(&p->id)));
	else if (c->action == ACT_CHANGE)
		push_known(app, writing_change(app, app_def(app, s->def->form), ref_to(&p->id)));
	else if (c->action == ACT_BIN)
		app_bin(app, ref_to(&p->id));
	else
		return rows_act(&p->rows, c->action, p->page);
	return true;
}

static void person_type(struct app *app, struct screen *s, struct span text, bool pasted)
{
	(void)app;
	(void)pasted;
	rows_type(&((struct person *)s)->rows, text);
}

static bool person_select(struct screen *s, size_t index)
{
	return rows_select(&((struct person *)s)->rows, index);
}

static void person_find(struct screen *s, struct span words)
{
	rows_find(&((struct person *)s)->rows, words);
}

static bool person_can(struct app *app, struct screen *s, const struct command *c)
{
	(void)app;
	if (c->action == ACT_ADD)
		return s->def->add_count > 0;
	if (c->action == ACT_CHANGE)
		return s->def->form != NULL;
	return c->action != ACT_OPEN || rows_selected(&((struct person *)s)->rows);
}

static const struct screen_kind person_kind = {
	.place = IN_PERSON,
	.free = person_free,
	.refresh = person_refresh,
	.heading = person_heading,
	.paint = person_paint,
	.act = person_act,
	.type = person_type,
	.select = person_select,
	.find = person_find,
	.can = person_can,
};

struct screen *person_new(struct app *app, const struct id *person)
{
	struct person *p = mem_alloc(sizeof *p);
	p->base = (struct screen){&person_kind, app_def(app, "person")};
	p->id = *person;
	struct record r;
	if (!book_get(app->book, person, &r)) {
		app_looked_at(app, &r);
		record_fini(&r);
	}
	return &p->base;
}

bool person_is(const struct screen *s, const struct id *person)
{
	return s && s->kind == &person_kind && id_equal(&((const struct person *)s)->id, person);
}

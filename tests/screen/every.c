/* SPDX-License-Identifier: MIT
 *
 * What the checks of any screen have in common: opening it, pressing keys, reading what is there.
 */
#include "every.h"
#include <linkbook/text.h>

#include <check.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { TALL = 200, WIDE = 132 };

/* --- what the checks have in common -------------------------------------------------------- */

void every_take(struct every *e, struct stage *s, const char *screen)
{
	*e = (struct every){.stage = s, .app = &s->app, .name = screen};
	e->def = screens_find(&s->app.screens, screen);
	if (!e->def)
		ck_abort_msg("there is no screen %s", screen);
	stage_remember(s);
	e->person = s->remembered;
}

void every_begin(struct every *e, struct stage *s, const char *screen)
{
	struct diag d = {0};
	struct app_options o = {.seam = &s->seam,
				.book_dir = "book",
				.terms = s->terms,
				.passphrase = stage_passphrase};
	enum err err = app_init(&s->app, &o, &d);
	if (err || d.count)
		ck_abort_msg("%s", diag_first(&d));
	every_take(e, s, screen);
	if (e->def->broken)
		ck_abort_msg("the screen %s is broken", screen);
}

void every_end(struct every *e)
{
	app_fini(e->app);
}

static void add_picture(struct every *e, struct buf *out)
{
	struct grid g;
	grid_init(&g, e->app->rows, e->app->columns, false);
	app_paint(e->app, &g);
	for (int y = 0; y < g.rows; y++) {
		grid_row_text(&g, y, out);
		buf_add_byte(out, '\n');
	}
	buf_printf(out, "(cursor: row %d, column %d of %dx%d)", g.cursor_row, g.cursor_column,
		   g.columns, g.rows);
	grid_fini(&g);
}

void every_fail(struct every *e, const char *fmt, ...)
{
	struct buf picture = BUF_INIT;
	char *why = NULL;
	va_list args;
	va_start(args, fmt);
	if (vasprintf(&why, fmt, args) < 0)
		err_out_of_memory();
	va_end(args);
	if (e->app->depth)
		add_picture(e, &picture);
	ck_abort_msg("%s: %s. Seen:\n%s", e->name, why, buf_text(&picture));
}

void every_press(struct every *e, int press)
{
	app_key(e->app, &(struct key){.press = press});
}

void every_type(struct every *e, const char *text)
{
	for (struct span at = span_text(text); at.n;) {
		int width;
		struct key key = {.press = PRESS_TEXT};
		size_t n = text_grapheme(at, &width);
		ck_assert_uint_lt(n, sizeof key.text);
		memcpy(key.text, at.p, n);
		if (*at.p == '\n')
			key = (struct key){.press = PRESS_ENTER};
		app_key(e->app, &key);
		at = span_of(at.p + n, at.n - n);
	}
}

static void add_with_single_blanks(struct span text, struct buf *out)
{
	for (size_t i = 0; i < text.n; i++) {
		bool blank = text.p[i] == ' ' || text.p[i] == '\n';
		if (!blank)
			buf_add_byte(out, text.p[i]);
		else if (out->n && out->p[out->n - 1] != ' ')
			buf_add_byte(out, ' ');
	}
}

/* In a window that shows all of it at once. */
static void paint_tall(struct every *e, struct grid *g)
{
	int rows = e->app->rows, columns = e->app->columns;
	app_resize(e->app, TALL, WIDE);
	monkey_paint(e->stage, g);
	app_resize(e->app, rows, columns);
}

void every_read(struct every *e, struct buf *out)
{
	struct grid g;
	struct buf rows = BUF_INIT;
	paint_tall(e, &g);
	for (int y = 0; y < g.rows; y++) {
		grid_row_text(&g, y, &rows);
		buf_add_byte(&rows, ' ');
	}
	add_with_single_blanks(buf_span(&rows), out);
	buf_fini(&rows);
	grid_fini(&g);
}

void every_expect(struct every *e, const char *words)
{
	struct buf read = BUF_INIT, clean = BUF_INIT;
	every_read(e, &read);
	add_with_single_blanks(span_text(words), &clean);
	if (!strstr(buf_text(&read), buf_text(&clean)))
		every_fail(e, "\"%s\" is not to be read", words);
	buf_fini(&clean);
	buf_fini(&read);
}

size_t every_count_rows(struct every *e)
{
	struct grid g;
	size_t n = 0;
	paint_tall(e, &g);
	for (size_t i = 0; i < g.spot_count; i++)
		n += g.spots[i].kind == SPOT_ROW;
	grid_fini(&g);
	return n;
}

void every_clear_stack(struct every *e)
{
	while (e->app->depth > 1)
		app_pop(e->app);
	buf_clear(&e->app->message);
}

/* --- opening ------------------------------------------------------------------------------- */

static struct screen *open_with_record(struct every *e)
{
	if (e->def->kind == DEF_PERSON)
		return person_new(e->app, &e->person);
	if (id_is_zero(&e->made.record))
		e->made = every_make(e, e->def->of);
	if (e->def->kind == DEF_TEXT)
		return text_of_record(e->app, e->def, e->made);
	return writing_change(e->app, e->def, e->made);
}

void every_push(struct every *e)
{
	if (e->def->kind == DEF_LIST) {
		app_push(e->app, list_new(e->app, e->def));
		return;
	}
	if (e->def->kind == DEF_FORM && every_adds(e->app, e->def)) {
		every_push_form(e, e->def);
		return;
	}
	struct screen *s = open_with_record(e);
	if (!s)
		every_fail(e, "it cannot be opened: %s", buf_text(&e->app->message));
	app_push(e->app, s);
}

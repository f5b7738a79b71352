/* SPDX-License-Identifier: MIT
 *
 * What any screen looks like: in windows of all sizes, and with and without colour.
 */
#include "every.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	int columns, rows;
} sizes[] = {{80, 24}, {40, 15}, {132, 43}};
static const struct {
	int columns, rows;
} too_small[] = {{20, 5}, {1, 1}};

static const char sentence[] =
	"This window is too small for Linkbook. Make it larger, or the letters smaller. "
	"Everything you wrote is kept.";

/* --- the hint bar -------------------------------------------------------------------------- */

static void add_cells(const struct grid *g, int y, int x, int columns, struct buf *out)
{
	for (int i = 0; i < columns; i++)
		if (grid_cell(g, y, x + i))
			buf_add_text(out, grid_cell(g, y, x + i)->text);
}

struct asked {
	struct app *app;
	struct screen *screen;
};

static bool can(void *arg, const struct command *c)
{
	const struct asked *a = arg;
	return app_can(a->app, a->screen, c);
}

static bool has_hint(const struct hint *hints, size_t n, enum action action, const char *words)
{
	for (size_t i = 0; i < n; i++)
		if (hints[i].command->action == action && strstr(hints[i].words, words))
			return true;
	return false;
}

static size_t add_spots(const struct grid *g, struct buf *out)
{
	size_t n = 0;
	for (size_t i = 0; i < g->spot_count; i++) {
		const struct spot *s = &g->spots[i];
		if (s->kind != SPOT_COMMAND)
			continue;
		buf_add_text(out, n++ ? "  " : " ");
		add_cells(g, s->y, s->x, s->columns, out);
	}
	return n;
}

/* The last row is whole hints, each one to be pointed at, and nothing else. */
static void check_hints(struct every *e, const struct grid *g)
{
	struct hint hints[HINTS_MOST];
	struct asked a = {e->app, app_top(e->app)};
	struct buf row = BUF_INIT, spots = BUF_INIT, words = BUF_INIT;
	size_t n = command_hints(a.screen->kind->place, g->columns - 1, can, &a, hints);
	for (size_t i = 0; i < n; i++)
		buf_printf(&words, "%s%s", i ? "  " : " ", hints[i].words);
	grid_row_text(g, g->rows - 1, &row);
	if (add_spots(g, &spots) != n || !span_equal(buf_span(&spots), buf_span(&words)))
		every_fail(e, "the hints are \"%s\"", buf_text(&spots));
	if (!span_equal(buf_span(&row), buf_span(&words)))
		every_fail(e, "the last row is \"%s\"", buf_text(&row));
	if (!has_hint(hints, n, ACT_HELP, "Help") || !has_hint(hints, n, ACT_LEAVE, "Leave") ||
	    !(has_hint(hints, n, ACT_BACK, "Back") || has_hint(hints, n, ACT_BACK, "Done")))
		every_fail(e, "Help, Leave or Back is missing in the hints");
	buf_fini(&row);
	buf_fini(&spots);
	buf_fini(&words);
}

static void paint(struct every *e, struct grid *g)
{
	monkey_paint(e->stage, g);
	check_hints(e, g);
}

/* --- where the cursor is ------------------------------------------------------------------- */

static const struct spot *cursor_spot(const struct grid *g, enum spot_kind kind)
{
	const struct spot *s = grid_spot_at(g, g->cursor_row, g->cursor_column);
	return s && s->kind == kind ? s : NULL;
}

static const struct spot *find_spot(const struct grid *g, enum spot_kind kind, size_t index)
{
	for (size_t i = 0; i < g->spot_count; i++)
		if (g->spots[i].kind == kind && g->spots[i].index == index)
			return &g->spots[i];
	return NULL;
}

/* A text that takes the room beneath all other fields stands there without a label. */
static bool has_label(const struct writing *w)
{
	return w->focus + 1 < w->count || !entry_is_note(writing_focused(w));
}

/* Its label, or as much of it as there is room for. */
static void check_label(struct every *e, const struct writing *w, const struct grid *g)
{
	struct buf label = BUF_INIT, seen = BUF_INIT;
	const struct spot *s = find_spot(g, SPOT_LABEL, w->focus);
	writing_label(w, w->focus, &label);
	buf_add_byte(&label, ':');
	if (!s || s->y >= g->rows - 2)
		every_fail(e, "the label %s is not to be seen", buf_text(&label));
	add_cells(g, s->y, s->x, s->columns, &seen);
	size_t n = seen.n, cut = strlen("…");
	if (n > cut && !memcmp(seen.p + n - cut, "…", cut))
		n -= cut;
	if ((n < label.n && n < 8) || n > label.n || memcmp(seen.p, label.p, n) != 0)
		every_fail(e, "the label %s is \"%s\"", buf_text(&label), buf_text(&seen));
	buf_fini(&seen);
	buf_fini(&label);
}

static void check_focus(struct every *e, const struct writing *w)
{
	struct grid g;
	paint(e, &g);
	const struct spot *s = cursor_spot(&g, SPOT_FIELD);
	if (!s || s->index != w->focus)
		every_fail(e, "the cursor is not in %s, which has the focus",
			   writing_focused(w)->field->name);
	if (has_label(w))
		check_label(e, w, &g);
	grid_fini(&g);
}

/* Tab comes to every field that is asked, once round. */
static void check_fields(struct every *e)
{
	struct writing *w = every_form(e);
	size_t first = w->focus, seen = 0, asked = 0;
	for (size_t i = 0; i < w->count; i++)
		asked += !w->entries[i].hidden;
	do {
		check_focus(e, w);
		every_press(e, PRESS_TAB);
		seen++;
	} while (w->focus != first && seen <= asked);
	if (seen != asked)
		every_fail(e, "Tab comes to %zu fields of %zu", seen, asked);
}

static void check_row(struct every *e, size_t at)
{
	struct grid g;
	paint(e, &g);
	const struct spot *s = cursor_spot(&g, SPOT_ROW);
	if (!s || s->index != at)
		every_fail(e, "the cursor is not on row %zu, which is selected", at);
	if (strcmp(grid_cell(&g, s->y, 0)->text, ">") != 0)
		every_fail(e, "row %zu has no mark", at);
	grid_fini(&g);
}

static void check_rows(struct every *e)
{
	size_t n = every_count_rows(e);
	every_press(e, PRESS_HOME);
	for (size_t i = 0; i < n; i++) {
		check_row(e, i);
		every_press(e, PRESS_DOWN);
	}
}

static void check_look(struct every *e)
{
	monkey_check_picture(e->stage);
	if (every_form(e))
		check_fields(e);
	else if (e->def->kind == DEF_LIST || e->def->kind == DEF_PERSON)
		check_rows(e);
	struct grid g;
	paint(e, &g);
	grid_fini(&g);
}

/* --- a window that is too small ------------------------------------------------------------ */

static void type_unseen(struct every *e)
{
	every_type(e, "xyz");
	every_press(e, PRESS_TAB);
	every_press(e, PRESS_BACKSPACE);
	every_press(e, PRESS_CTRL + 's');
	every_press(e, PRESS_ESC);
}

static void add_typed(struct every *e, struct buf *out)
{
	const struct writing *w = every_form(e);
	for (size_t i = 0; w && i < w->count; i++) {
		entry_typed(&w->entries[i], out);
		buf_add_byte(out, '\n');
	}
}

/* The sentence, or as much of it as there is room for, and nothing to be pointed at. */
static void check_sentence(struct every *e)
{
	struct grid g;
	struct buf seen = BUF_INIT, words = BUF_INIT;
	monkey_paint(e->stage, &g);
	for (int y = 0; y < g.rows; y++)
		for (int x = 0; x < g.columns; x++)
			if (strcmp(grid_cell(&g, y, x)->text, " ") != 0)
				buf_add_text(&seen, grid_cell(&g, y, x)->text);
	for (const char *c = sentence; *c; c++)
		if (*c != ' ')
			buf_add_byte(&words, (uint8_t)*c);
	if (!seen.n || strncmp(buf_text(&words), buf_text(&seen), seen.n) != 0)
		every_fail(e, "something else is painted where there is no room");
	if (g.spot_count)
		every_fail(e, "%zu spots where nothing can be seen", g.spot_count);
	buf_fini(&words);
	buf_fini(&seen);
	grid_fini(&g);
}

static void check_too_small(struct every *e)
{
	struct buf before = BUF_INIT, after = BUF_INIT;
	const struct screen *top = app_top(e->app);
	add_typed(e, &before);
	for (size_t i = 0; i < sizeof too_small / sizeof *too_small; i++) {
		app_resize(e->app, too_small[i].rows, too_small[i].columns);
		check_sentence(e);
		type_unseen(e);
	}
	app_resize(e->app, 24, 80);
	add_typed(e, &after);
	if (app_top(e->app) != top || !span_equal(buf_span(&before), buf_span(&after)))
		every_fail(e, "what was typed is another after the window was too small");
	buf_fini(&before);
	buf_fini(&after);
}

/* --- the checks ---------------------------------------------------------------------------- */

static void look_at_all_sizes(struct every *e)
{
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		app_resize(e->app, sizes[i].rows, sizes[i].columns);
		check_look(e);
	}
	check_too_small(e);
}

/* A list is looked at while it is empty, where it is, and with rows. */
void every_opens_and_paints(struct stage *s, const char *screen)
{
	struct every e;
	every_begin(&e, s, screen);
	every_push(&e);
	if (e.def->kind == DEF_LIST && !every_count_rows(&e))
		every_expect(&e, e.def->empty);
	look_at_all_sizes(&e);
	if (e.def->kind == DEF_FORM)
		every_fill(&e);
	for (int i = 0; e.def->kind == DEF_LIST && i < 2; i++) {
		every_make(&e, e.def->of);
		every_push(&e);
	}
	look_at_all_sizes(&e);
	every_end(&e);
}

/* A form says what is wrong, too. */
static bool sends_colour(struct stage *s, const char *screen)
{
	struct every e;
	every_take(&e, s, screen);
	s->colour_seen = false;
	every_push(&e);
	stage_resize(s, 43, 132); /* all is sent anew */
	every_press(&e, PRESS_CTRL + 's');
	ui_paint(&s->ui);
	stage_show(s);
	stage_resize(s, 24, 80);
	every_clear_stack(&e);
	return s->colour_seen;
}

/* One stay in the terminal for all of them: beginning one costs more than all the painting. */
static void look_for_colour(struct stage *s, const char *const *screens, size_t count, bool wanted)
{
	stage_start(s);
	stage_keys(s, "\"four plain words here\" Enter", true);
	for (size_t i = 0; i < count; i++)
		if (sends_colour(s, screens[i]) != wanted)
			ck_abort_msg("%s: there is %s", screens[i],
				     wanted ? "no colour even without NO_COLOR"
					    : "a colour in spite of NO_COLOR");
	stage_stop(s);
}

void every_keep_colour_out(struct stage *s, const char *const *screens, size_t count)
{
	setenv("NO_COLOR", "1", 1);
	look_for_colour(s, screens, count, false);
	unsetenv("NO_COLOR");
	look_for_colour(s, screens, count, true);
}

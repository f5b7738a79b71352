/* SPDX-License-Identifier: MIT
 *
 * What is meant by pointing: with a mouse at what was painted, or line by line with a row's
 * number.  Whatever it does a key does too.
 */
#include "room.h"

/* Where one is chosen a click chooses; elsewhere the first one goes there and the next opens. */
static void point_at_row(struct app *app, struct screen *s, size_t index)
{
	if (s->kind->select(s, index) || s->kind->place & (IN_PICK | IN_TICK))
		app_press(app, PRESS_ENTER);
}

static void point_at(struct app *app, const struct spot *spot, int y, int x)
{
	struct screen *s = app_top(app);
	if (spot->kind == SPOT_COMMAND)
		app_press(app, commands[spot->index].keys[0]);
	else if (spot->kind == SPOT_ROW && s->kind->select)
		point_at_row(app, s, spot->index);
	else if (s->kind->point)
		s->kind->point(app, s, spot, y, x);
}

void app_point(struct app *app, const struct grid *g, int y, int x)
{
	const struct screen *before = app_top(app);
	if (!app_take_input(app, app_boot_ms(app)) || app_top(app) != before)
		return;
	const struct spot *spot = grid_spot_at(g, y, x);
	if (spot && !app_is_too_small(app))
		point_at(app, spot, y, x);
}

void app_wheel(struct app *app, int rows)
{
	if (!app_take_input(app, app_boot_ms(app)) || app_is_too_small(app))
		return;
	for (int i = 0; i < (rows < 0 ? -rows : rows); i++)
		if (app_top(app)->kind->place & ~(unsigned)(IN_WRITING | IN_LOCK))
			app_press(app, rows < 0 ? PRESS_UP : PRESS_DOWN);
}

/* --- line by line ----------------------------------------------------------------------- */

bool app_asks(struct app *app, struct buf *out)
{
	struct screen *s = app_top(app);
	if (!s || !s->kind->ask)
		return false;
	s->kind->ask(app, s, out);
	return true;
}

/* NULL when no row has the number. */
static const struct spot *numbered(const struct grid *g, long number)
{
	for (size_t i = 0; i < g->spot_count; i++)
		if (g->spots[i].kind == SPOT_ROW && --number == 0)
			return &g->spots[i];
	return NULL;
}

static void open_numbered(struct app *app, struct screen *s, const struct grid *g, long number)
{
	const struct spot *row = numbered(g, number);
	if (!row) {
		app_say(app, ATTR_WRONG, "There is no number %ld here. To find it, write \"%ld",
			number, number);
		return;
	}
	s->kind->select(s, row->index);
	app_press(app, PRESS_ENTER);
}

void app_answer(struct app *app, const struct grid *g, struct span line)
{
	struct screen *s = app_top(app);
	long number;
	if (!app_take_input(app, app_boot_ms(app)) || !s || app_top(app) != s)
		return;
	if (s->kind->answer)
		s->kind->answer(app, s, line);
	else if (!line.n)
		app_press(app, PRESS_ENTER);
	else if (s->kind->select && span_number(line, &number))
		open_numbered(app, s, g, number);
	else if (s->kind->find)
		s->kind->find(s, line);
	else
		app_say(app, 0,
			"There is nothing to write here. esc goes back; f1 tells what can "
			"be done.");
}

bool app_keep_line(struct app *app, struct span line)
{
	struct screen *s = app_top(app);
	bool takes = s && s->kind->takes_words && s->kind->takes_words(s);
	if (takes)
		s->kind->answer(app, s, line);
	return takes;
}

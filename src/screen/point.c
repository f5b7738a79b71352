/* SPDX-License-Identifier: MIT
 *
 * The mouse: what is pointed at is what was painted there.  Whatever it does a key does too.
 */
#include "room.h"

static void point_at(struct app *app, const struct spot *spot, int y, int x)
{
	struct screen *s = app_top(app);
	if (spot->kind == SPOT_COMMAND)
		app_press(app, commands[spot->index].keys[0]);
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

/* SPDX-License-Identifier: MIT
 *
 * A form under the mouse: a field is pointed at, then what is in it.
 */
#include "writing.h"

/* Where the click stands in the text of the focused field. */
static void point_into(struct app *app, struct writing *w, const struct spot *spot, int y, int x)
{
	struct entry *e = writing_focused(w);
	switch (e->way) {
	case ENTRY_PICK:
	case ENTRY_ADD:
		app_press(app, PRESS_ENTER);
		break;
	case ENTRY_NOTE:
		edit_point(&e->edit, w->width, (long)w->note_top + y - w->note_y, x - spot->x);
		break;
	case ENTRY_LINE:
	default:
		edit_point_line(&e->edit, spot->columns, x - spot->x);
		w->whole = false;
	}
}

void writing_point(struct app *app, struct screen *s, const struct spot *spot, int y, int x)
{
	struct writing *w = (struct writing *)s;
	if (spot->index >= w->count || w->entries[spot->index].hidden)
		return;
	if (spot->index != w->focus)
		writing_focus(app, w, spot->index);
	else if (spot->kind == SPOT_FIELD)
		point_into(app, w, spot, y, x);
}

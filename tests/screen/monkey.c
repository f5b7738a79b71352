/* SPDX-License-Identifier: MIT
 *
 * What a monkey does to a keyboard and a mouse.
 */
#include "monkey.h"

#include <check.h>
#include <string.h>

#define COUNT(v) (sizeof(v) / sizeof *(v))

static const int presses[] = {
	PRESS_ENTER,	  PRESS_ENTER,	    PRESS_ESC,	      PRESS_TAB,	PRESS_BACKTAB,
	PRESS_UP,	  PRESS_DOWN,	    PRESS_LEFT,	      PRESS_RIGHT,	PRESS_WORD_LEFT,
	PRESS_WORD_RIGHT, PRESS_PAGE_UP,    PRESS_PAGE_DOWN,  PRESS_HOME,	PRESS_END,
	PRESS_BACKSPACE,  PRESS_DELETE,	    PRESS_F1 + 2,     PRESS_F1 + 3,	PRESS_F1,
	PRESS_CTRL + 'n', PRESS_CTRL + 's', PRESS_CTRL + 'z', PRESS_CTRL + 'y', PRESS_CTRL + 'g',
	PRESS_CTRL + 'c', PRESS_NONE,	    PRESS_F1 + 11,    PRESS_F1 + 8,	PRESS_CTRL + 'p',
	PRESS_F1 + 1,
};
static const char *const letters[] = {"a",	"m", "i", " ", "ò",	"张",
				      "\u0301", "1", "/", "!", "\u200d"};
static const char *const pasted[] = {"two\nlines", "\x1b[2J", "yesterday 2pm",
				     "👩‍👩‍👧 e\u0301\t"};

unsigned monkey_number(struct stage *s, unsigned below)
{
	uint16_t r;
	s->seam.random(&s->seam, &r, sizeof r);
	return r % below;
}

static int number_from(struct stage *s, int from, unsigned below)
{
	return from + (int)monkey_number(s, below);
}

static void press(struct stage *s)
{
	struct key key = {.press = presses[monkey_number(s, COUNT(presses))]};
	app_key(&s->app, &key);
}

static void type(struct stage *s)
{
	struct key key = {.press = PRESS_TEXT};
	strcpy(key.text, letters[monkey_number(s, COUNT(letters))]);
	app_key(&s->app, &key);
}

static void paste(struct stage *s)
{
	app_paste(&s->app, span_text(pasted[monkey_number(s, COUNT(pasted))]));
}

static void resize(struct stage *s)
{
	int rows = number_from(s, 1, 40);
	app_resize(&s->app, rows, number_from(s, 1, 120));
}

static void resize_a_little(struct stage *s)
{
	int rows = number_from(s, APP_ROWS, 10);
	app_resize(&s->app, rows, number_from(s, APP_COLUMNS, 41));
}

static void let_time_pass(struct stage *s)
{
	s->seam.clock_ms += monkey_number(s, 3000);
	app_tick(&s->app);
}

/* Half of the time at something that can be meant. */
static void point(struct stage *s)
{
	struct grid g;
	monkey_paint(s, &g);
	int y = number_from(s, 0, (unsigned)g.rows), x = number_from(s, 0, (unsigned)g.columns);
	if (g.spot_count && monkey_number(s, 2)) {
		const struct spot *spot = &g.spots[monkey_number(s, (unsigned)g.spot_count)];
		y = spot->y;
		x = spot->x;
	}
	app_point(&s->app, &g, y, x);
	grid_fini(&g);
}

static void wheel(struct stage *s)
{
	app_wheel(&s->app, number_from(s, -3, 7));
}

void monkey_act(struct stage *s)
{
	static const struct {
		unsigned below; /* of a hundred */
		void (*act)(struct stage *s);
	} acts[] = {
		{48, press},	       {86, type},	    {89, paste},   {92, point}, {93, wheel},
		{95, resize_a_little}, {97, let_time_pass}, {100, resize},
	};
	unsigned what = monkey_number(s, 100);
	size_t i = 0;
	while (what >= acts[i].below)
		i++;
	acts[i].act(s);
}

/* A wide letter takes two cells, the second one empty. */
static bool is_whole(const struct grid *g, int y, int x)
{
	const struct cell *c = grid_cell(g, y, x);
	if (c->width == 2)
		return x + 1 < g->columns && !grid_cell(g, y, x + 1)->width;
	return c->width || (x && grid_cell(g, y, x - 1)->width == 2);
}

/* Check writes a line for each assertion; there are thousands of cells. */
void monkey_paint(struct stage *s, struct grid *g)
{
	grid_init(g, s->app.rows, s->app.columns, false);
	app_paint(&s->app, g);
	if (g->cursor_row < 0 || g->cursor_row >= g->rows || g->cursor_column < 0 ||
	    g->cursor_column >= g->columns)
		ck_abort_msg("the cursor is in row %d, column %d of %dx%d", g->cursor_row,
			     g->cursor_column, g->columns, g->rows);
	for (int y = 0; y < g->rows; y++)
		for (int x = 0; x < g->columns; x++)
			if (!is_whole(g, y, x))
				ck_abort_msg("half a letter in row %d, column %d of %dx%d", y, x,
					     g->columns, g->rows);
}

void monkey_check_picture(struct stage *s)
{
	struct grid g;
	monkey_paint(s, &g);
	grid_fini(&g);
}

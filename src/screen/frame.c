/* SPDX-License-Identifier: MIT
 *
 * What is round every screen: the heading, two rules, the message line, the hint bar; and
 * the one sentence of a window that is too small for any of it.
 */
#include "room.h"
#include <linkbook/text.h>

static void paint_too_small(struct grid *g)
{
	static const char words[] = "This window is too small for Linkbook. Make it larger, or "
				    "the letters smaller. Everything you wrote is kept.";
	struct wrap rows = {0};
	wrap_text(span_text(words), g->columns, &rows);
	for (size_t i = 0; i < rows.count; i++)
		grid_put(g, (int)i, 0, g->columns, wrap_row_text(&rows, span_text(words), i), 0);
	wrap_fini(&rows);
	grid_set_cursor(g, 0, 0);
}

/* From the mark on it is about safety; that part is alerting, whichever row it is in. */
static size_t alert_from(struct span text)
{
	for (size_t i = 0; i + 2 < text.n; i++)
		if (text.p[i] == ' ' && text.p[i + 1] == '!' && text.p[i + 2] == ' ')
			return i;
	return text.n;
}

static void paint_row(struct grid *g, int y, struct span text, size_t from, size_t alert)
{
	size_t plain = alert <= from ? 0 : alert - from;
	plain = plain < text.n ? plain : text.n;
	int used =
		grid_put(g, y, 1, g->columns - 1, span_of(text.p, plain), ATTR_BOLD | ATTR_TITLE);
	grid_put(g, y, 1 + used, g->columns - 1 - used, span_of(text.p + plain, text.n - plain),
		 ATTR_BOLD | ATTR_ALERT);
}

/* Part of the heading, from row y, in at most `most` rows.  What has no room is never left
 * out without a word: the last row says that there is more.  Rows used. */
static int paint_part(struct grid *g, int y, int most, struct span part, unsigned attr,
		      const char *more)
{
	struct wrap rows = {0};
	int width = g->columns - 2, room = width - text_width(span_text(more));
	wrap_text(part, width, &rows);
	int n = (int)rows.count < most ? (int)rows.count : most;
	for (int i = 0; i < n; i++) {
		struct span row = wrap_row_text(&rows, part, (size_t)i);
		bool cut = i + 1 == n && n < (int)rows.count;
		if (cut)
			row.n = text_fit(row, room);
		int used = grid_put(g, y + i, 1, width, row, attr);
		if (cut)
			grid_put(g, y + i, 1 + used, width - used, span_text(more), attr);
	}
	wrap_fini(&rows);
	return n;
}

/* Safety first: it gets the rows it needs, and the name is shortened to the rest. */
static int paint_tight(struct grid *g, struct span left, size_t alert, int most)
{
	struct span risks = span_of(left.p + alert, left.n - alert);
	struct wrap rows = {0};
	while (risks.n && *risks.p == ' ')
		risks = span_of(risks.p + 1, risks.n - 1);
	wrap_text(risks, g->columns - 2, &rows);
	int needed = risks.n ? (int)rows.count : 0;
	int named = most - needed > 1 ? most - needed : 1;
	wrap_fini(&rows);
	named = paint_part(g, 0, named, span_of(left.p, alert), ATTR_BOLD | ATTR_TITLE,
			   g->ascii ? "..." : "…");
	if (!risks.n)
		return named;
	return named + paint_part(g, named, most - named, risks, ATTR_BOLD | ATTR_ALERT,
				  g->ascii ? " ... more" : " … more");
}

/* Wraps, up to a third of the window.  Rows used; *right tells whether the right part found
 * room. */
static int paint_heading(struct grid *g, const struct heading *h, bool *right)
{
	struct span left = buf_span(&h->left);
	struct wrap rows = {0};
	size_t alert = alert_from(left);
	wrap_text(left, g->columns - 2, &rows);
	int most = g->rows / 3, n = (int)rows.count;
	for (int i = 0; i < n && n <= most; i++)
		paint_row(g, i, wrap_row_text(&rows, left, (size_t)i), rows.rows[i].from, alert);
	int used = text_width(wrap_row_text(&rows, left, 0)),
	    wide = text_width(buf_span(&h->right));
	*right = wide && n <= most && used + wide + 4 <= g->columns;
	if (*right)
		grid_put(g, 0, g->columns - 1 - wide, wide, buf_span(&h->right), 0);
	wrap_fini(&rows);
	return n <= most ? n : paint_tight(g, left, alert, most);
}

/* A sentence is shown whole: a long one takes rows from the body.  How many more than the
 * one that is always there. */
static int paint_message(const struct app *app, struct grid *g, const struct heading *h, bool right)
{
	enum { MOST = 4 };
	struct span words = buf_span(app->message.n ? &app->message : &h->right);
	unsigned attr = app->message.n ? app->message_attr | ATTR_BOLD : 0;
	struct wrap rows = {0};
	wrap_text(words, g->columns - 2, &rows);
	int n = (int)rows.count < MOST ? (int)rows.count : MOST;
	if (!app->message.n)
		n = 1;
	for (int i = 0; i < n && (app->message.n || !right); i++)
		grid_put(g, g->rows - 2 - n + i, 1, g->columns - 2,
			 wrap_row_text(&rows, words, (size_t)i), attr);
	wrap_fini(&rows);
	return n - 1;
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

static void paint_hints(struct app *app, struct screen *s, struct grid *g)
{
	struct hint hints[HINTS_MOST];
	struct asked a = {app, s};
	size_t n = command_hints(s->kind->place, g->columns - 1, can, &a, hints);
	for (size_t i = 0, x = 1; i < n; i++) {
		int used = grid_put(g, g->rows - 1, (int)x, g->columns - (int)x,
				    span_text(hints[i].words), 0);
		size_t command = (size_t)(hints[i].command - commands);
		grid_add_spot(g,
			      (struct spot){SPOT_COMMAND, command, g->rows - 1, (int)x, 1, used});
		x += (size_t)used + HINT_GAP;
	}
}

void frame_add_row_spot(struct grid *g, size_t index, int y, int rows)
{
	grid_add_spot(g, (struct spot){SPOT_ROW, index, y, 0, rows, g->columns});
}

void frame_mark_row(struct grid *g, int y)
{
	grid_dress(g, y, 0, g->columns, ATTR_REVERSE);
	grid_put(g, y, 0, 1, span_text(">"), ATTR_REVERSE);
	grid_set_cursor(g, y, 0);
}

void frame_paint(struct app *app, struct screen *s, struct grid *g)
{
	if (g->rows < APP_ROWS || g->columns < APP_COLUMNS) {
		paint_too_small(g);
		return;
	}
	struct heading h = {BUF_SECRET, BUF_SECRET};
	bool right;
	s->kind->heading(app, s, &h);
	int top = paint_heading(g, &h, &right);
	grid_rule(g, top);
	grid_rule(g, g->rows - 2);
	int more = paint_message(app, g, &h, right);
	paint_hints(app, s, g);
	s->kind->paint(app, s, g, (struct box){top + 1, 0, g->rows - 4 - top - more, g->columns});
	buf_fini(&h.left);
	buf_fini(&h.right);
}

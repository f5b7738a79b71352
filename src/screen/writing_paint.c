/* SPDX-License-Identifier: MIT
 *
 * Painting a form: either short fields side by side with a text beneath that takes the room,
 * or a field a line; under the field in focus what was understood, under any other what is
 * to be put right.
 */
#include "writing.h"
#include <linkbook/text.h>

enum { BENEATH_LINES = 3, FIELD_GAP = 3, APART = 3, NOTE_LINES = 6, NOTE_AT_REST = 3 };

/* One line of a text that may be wider than its room. */
static void paint_line(struct grid *g, int y, int x, int width, const struct edit *e, unsigned attr)
{
	int before;
	if (width < 1)
		return;
	size_t from = edit_layout_line(e, width, &before);
	size_t n = text_fit(span_of(e->text.p + from, e->text.n - from), width);
	grid_put(g, y, x, width, span_of(e->text.p + from, n), attr);
	grid_set_cursor(g, y, x + before);
}

static void paint_value(const struct writing *w, struct app *app, struct grid *g, size_t i, int y,
			int x, int width)
{
	const struct entry *e = &w->entries[i];
	struct buf said = BUF_SECRET;
	/* Where nothing stands there is still the place where the cursor goes. */
	grid_add_spot(g, (struct spot){SPOT_FIELD, i, y, x, 1, width > 0 ? width : 1});
	if (i == w->focus && e->way != ENTRY_PICK && e->way != ENTRY_ADD) {
		paint_line(g, y, x, width, &e->edit, w->whole ? ATTR_REVERSE : ATTR_UNDERLINE);
	} else {
		entry_say(e, app, &said);
		grid_put(g, y, x, width, buf_span(&said), i == w->focus ? ATTR_UNDERLINE : 0);
		if (i == w->focus)
			grid_set_cursor(g, y, x);
	}
	buf_fini(&said);
}

static int label_width(const struct writing *w, size_t i)
{
	struct buf label = BUF_INIT;
	writing_label(w, i, &label);
	int width = text_width(buf_span(&label));
	buf_fini(&label);
	return width;
}

/* A label that leaves too little beside it stands over its field. */
static bool stands_over(const struct writing *w, size_t i, int columns)
{
	return label_width(w, i) + 3 > columns / 2;
}

static void paint_label(const struct writing *w, struct grid *g, size_t i, int y, int x)
{
	struct buf label = BUF_SECRET;
	writing_label(w, i, &label);
	buf_add_text(&label, ":");
	int used =
		grid_put(g, y, x, g->columns - x, buf_span(&label), i == w->focus ? ATTR_BOLD : 0);
	grid_add_spot(g, (struct spot){SPOT_LABEL, i, y, x, 1, used});
	buf_fini(&label);
}

/* What stands under field i: nothing for a field without focus or fault.  Lines used. */
static int paint_beneath(const struct writing *w, struct app *app, struct grid *g, size_t i, int y,
			 int x, bool shown)
{
	struct buf said = BUF_SECRET;
	struct wrap rows = {0};
	unsigned attr = 0;
	int n = 0;
	if (i == w->focus || w->entries[i].fault.n)
		attr = entry_say_back(&w->entries[i], app, &said);
	wrap_text(buf_span(&said), g->columns - x - 1, &rows);
	for (; said.n && n < (int)rows.count && n < BENEATH_LINES; n++)
		if (shown)
			grid_put(g, y + n, x, g->columns - x - 1,
				 wrap_row_text(&rows, buf_span(&said), (size_t)n), attr);
	wrap_fini(&rows);
	buf_fini(&said);
	return n;
}

/* --- short fields side by side, and the text beneath --------------------------------------- */

static int piece_width(const struct writing *w, struct app *app, size_t i)
{
	struct buf said = BUF_SECRET;
	const struct entry *e = &w->entries[i];
	int width = label_width(w, i) + 2;
	if (i == w->focus && e->way != ENTRY_PICK && e->way != ENTRY_ADD)
		width += text_width(buf_span(&e->edit.text)) + 1; /* the cursor's place */
	else
		entry_say(e, app, &said);
	width += text_width(buf_span(&said));
	buf_fini(&said);
	return width;
}

/* Rows used. */
static int paint_pieces(const struct writing *w, struct app *app, struct grid *g, int y)
{
	int x = 1, row = y, right = g->columns - 1;
	for (size_t i = 0; i + 1 < w->count; i++) {
		if (w->entries[i].hidden)
			continue;
		bool over = stands_over(w, i, g->columns);
		int width = piece_width(w, app, i);
		if (x > 1 && (over || x + width > right)) {
			x = 1;
			row++;
		}
		int label = label_width(w, i) + 2;
		paint_label(w, g, i, row, x);
		row += over;
		int at = over ? APART : x + label;
		int room = right - at < width - label ? right - at : width - label;
		paint_value(w, app, g, i, row, at, room);
		x = over ? right : x + width + FIELD_GAP;
	}
	return row - y + 1;
}

static void paint_note(struct writing *w, struct grid *g, struct box b)
{
	const struct entry *e = &w->entries[w->count - 1];
	struct wrap rows = {0};
	size_t row;
	int column;
	w->width = b.columns - 3;
	w->page = b.rows > 1 ? b.rows - 1 : 1;
	edit_layout(&e->edit, w->width, &rows, &row, &column);
	size_t visible = b.rows > 0 ? (size_t)b.rows : 1;
	if (row < w->top)
		w->top = row;
	if (row >= w->top + visible)
		w->top = row - visible + 1;
	size_t most = rows.count > visible ? rows.count - visible : 0;
	w->top = w->top < most ? w->top : most;
	for (size_t i = 0; i < visible && w->top + i < rows.count; i++)
		grid_put(g, b.y + (int)i, 1, w->width + 1,
			 wrap_row_text(&rows, buf_span(&e->edit.text), w->top + i), 0);
	w->note_top = w->top;
	w->note_y = b.y;
	grid_add_spot(g,
		      (struct spot){SPOT_FIELD, w->count - 1, b.y, 1, (int)visible, w->width + 1});
	if (w->focus == w->count - 1)
		grid_set_cursor(g, b.y + (int)(row - w->top), 1 + column);
	wrap_fini(&rows);
}

static void paint_with_note(struct writing *w, struct app *app, struct grid *g, struct box b)
{
	int used = paint_pieces(w, app, g, b.y), beneath = 0;
	for (size_t i = 0; i < w->count; i++)
		if (i == w->focus || w->entries[i].fault.n)
			beneath += paint_beneath(w, app, g, i, b.y + used + beneath, 1, true);
	used += beneath ? beneath : 1;
	paint_note(w, g, (struct box){b.y + used, b.x, b.rows - used, b.columns});
}

/* --- a field a line ------------------------------------------------------------------------ */

struct lines {
	struct writing *w;
	struct app *app;
	struct grid *g;
	struct box box;
	size_t line, focus_line, focus_end;
	int indent;
};

static bool is_shown(const struct lines *l, size_t line, int *y)
{
	*y = l->box.y + (int)(line - l->w->top);
	return line >= l->w->top && line < l->w->top + (size_t)l->box.rows;
}

/* A row of a text; the last one shown goes on beyond its end where there is more. */
static struct span note_row(const struct wrap *rows, struct span text, size_t at, bool last)
{
	struct span row = wrap_row_text(rows, text, at);
	if (last && at + 1 < rows->count)
		row = span_of(row.p, text.n - (size_t)(row.p - text.p));
	return row;
}

/* A text among other fields: some rows of it, and while it has the focus those round the cursor. */
static void add_note(struct lines *l, size_t i)
{
	struct writing *w = l->w;
	struct span text = buf_span(&w->entries[i].edit.text);
	struct wrap rows = {0};
	bool focused = i == w->focus;
	size_t at, most = focused ? NOTE_LINES : NOTE_AT_REST;
	int column, y, width = l->box.columns - l->indent - 2;
	edit_layout(&w->entries[i].edit, width, &rows, &at, &column);
	size_t top = focused && at >= most ? at - most + 1 : 0;
	size_t end = rows.count - top < most ? rows.count : top + most;
	for (size_t k = top; k < end; k++, l->line++) {
		if (!is_shown(l, l->line, &y))
			continue;
		grid_add_spot(l->g, (struct spot){SPOT_FIELD, i, y, l->indent, 1, width + 1});
		grid_put(l->g, y, l->indent, width + 1,
			 note_row(&rows, text, k, !focused && k + 1 == end),
			 focused ? ATTR_UNDERLINE : 0);
		if (focused && k == at) {
			grid_set_cursor(l->g, y, l->indent + column);
			w->note_top = k;
			w->note_y = y;
		}
	}
	if (focused)
		w->width = width;
	wrap_fini(&rows);
}

static void add_value(struct lines *l, size_t i)
{
	int y;
	if (entry_is_note(&l->w->entries[i])) {
		add_note(l, i);
		return;
	}
	if (is_shown(l, l->line, &y))
		paint_value(l->w, l->app, l->g, i, y, l->indent, l->box.columns - l->indent - 1);
	l->line++;
}

static void add_field(struct lines *l, size_t i)
{
	struct writing *w = l->w;
	int y;
	if (w->entries[i].hidden)
		return;
	if (i == w->focus)
		l->focus_line = l->line;
	if (is_shown(l, l->line, &y))
		paint_label(w, l->g, i, y, 1);
	l->line += stands_over(w, i, l->box.columns);
	add_value(l, i);
	bool shown = is_shown(l, l->line, &y) && y + BENEATH_LINES <= l->box.y + l->box.rows + 1;
	l->line += (size_t)paint_beneath(w, l->app, l->g, i, y, l->indent, shown);
	if (i == w->focus)
		l->focus_end = l->line;
}

/* A section that is not asked leaves no title behind. */
bool writing_begins_section(const struct writing *w, size_t i)
{
	if (w->entries[i].hidden)
		return false;
	for (size_t k = i; k-- > 0;)
		if (w->entries[k].section == w->entries[i].section)
			return false;
	return true;
}

static void add_title(struct lines *l, size_t i)
{
	const char *title = l->w->base.def->sections[l->w->entries[i].section].title;
	int y;
	l->line += l->line > 0;
	if (title && is_shown(l, l->line, &y))
		grid_put(l->g, y, 1, l->box.columns - 2, span_text(title), ATTR_BOLD | ATTR_TITLE);
	l->line += title != NULL;
}

static void add_lines(struct lines *l)
{
	l->line = 0;
	for (size_t i = 0; i < l->w->count; i++) {
		if (writing_begins_section(l->w, i))
			add_title(l, i);
		add_field(l, i);
	}
}

static void paint_fields(struct writing *w, struct app *app, struct grid *g, struct box b)
{
	struct lines l = {.w = w, .app = app, .g = g, .box = b, .indent = APART};
	for (size_t i = 0; i < w->count; i++) {
		int width = label_width(w, i) + 3;
		if (width > l.indent && !stands_over(w, i, b.columns))
			l.indent = width;
	}
	size_t rows = (size_t)b.rows;
	/* The first round finds where the focus is; it paints nothing, in a box without rows. */
	l.box.rows = 0;
	add_lines(&l);
	l.box.rows = b.rows;
	if (l.focus_end > w->top + rows)
		w->top = l.focus_end - rows;
	if (l.focus_line < w->top)
		w->top = l.focus_line;
	if (l.focus_line <= 1)
		w->top = 0; /* with the section's title */
	add_lines(&l);
}

void writing_paint(struct app *app, struct screen *s, struct grid *g, struct box b)
{
	struct writing *w = (struct writing *)s;
	if (entry_is_note(&w->entries[w->count - 1]))
		paint_with_note(w, app, g, b);
	else
		paint_fields(w, app, g, b);
}

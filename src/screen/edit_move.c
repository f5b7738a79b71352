/* SPDX-License-Identifier: MIT
 *
 * Moving through a text that is being written.
 */
#include <linkbook/edit.h>
#include <linkbook/text.h>

/* Never NULL, though a text that nobody wrote has no bytes. */
static const uint8_t *bytes_of(const struct edit *e)
{
	return (const uint8_t *)buf_text(&e->text);
}

/* Graphemes depend on what stands before them in their line, so walk from its start. */
void edit_set_cursor(struct edit *e, size_t at)
{
	at = at < e->text.n ? at : e->text.n;
	size_t from = at;
	while (from && e->text.p[from - 1] != '\n')
		from--;
	while (from < at)
		from += text_grapheme(span_of(bytes_of(e) + from, e->text.n - from), NULL);
	e->cursor = from;
	e->run = RUN_NONE;
	e->column = -1;
}

static size_t before(const struct edit *e, size_t at)
{
	return at - text_grapheme_back(span_of(e->text.p, at));
}

static size_t after(const struct edit *e, size_t at)
{
	return at + text_grapheme(span_of(bytes_of(e) + at, e->text.n - at), NULL);
}

void edit_left(struct edit *e)
{
	edit_set_cursor(e, before(e, e->cursor));
}

void edit_right(struct edit *e)
{
	edit_set_cursor(e, after(e, e->cursor));
}

static bool blank_at(const struct edit *e, size_t at)
{
	return e->text.p[at] == ' ' || e->text.p[at] == '\n';
}

void edit_word_left(struct edit *e)
{
	size_t at = e->cursor;
	while (at && blank_at(e, at - 1))
		at--;
	while (at && !blank_at(e, at - 1))
		at = before(e, at);
	edit_set_cursor(e, at);
}

void edit_word_right(struct edit *e)
{
	size_t at = e->cursor;
	while (at < e->text.n && !blank_at(e, at))
		at = after(e, at);
	while (at < e->text.n && blank_at(e, at))
		at++;
	edit_set_cursor(e, at);
}

void edit_layout(const struct edit *e, int width, struct wrap *rows, size_t *row, int *column)
{
	wrap_text(buf_span(&e->text), width, rows);
	*row = wrap_find(rows, e->cursor);
	size_t from = rows->rows[*row].from;
	int at = text_width(span_of(bytes_of(e) + from, e->cursor - from));
	*column = at < width ? at : width; /* blanks hang over the end */
}

void edit_home(struct edit *e, int width)
{
	struct wrap rows = {0};
	size_t row;
	int column;
	edit_layout(e, width, &rows, &row, &column);
	edit_set_cursor(e, rows.rows[row].from);
	wrap_fini(&rows);
}

/* The last place that still shows in row: at a soft break that is before the hanging blank,
 * since behind it the cursor would be in the next row. */
static size_t last_in_row(const struct edit *e, const struct wrap *rows, size_t row)
{
	size_t from = rows->rows[row].from, to = rows->rows[row].to;
	bool soft = row + 1 < rows->count && rows->rows[row + 1].from == to;
	return soft && to > from ? before(e, to) : to;
}

void edit_end(struct edit *e, int width)
{
	struct wrap rows = {0};
	size_t row;
	int column;
	edit_layout(e, width, &rows, &row, &column);
	edit_set_cursor(e, last_in_row(e, &rows, row));
	wrap_fini(&rows);
}

/* The place in a row that is nearest to the left of a column. */
static size_t place_in_row(const struct edit *e, const struct wrap *rows, size_t row, int column)
{
	size_t from = rows->rows[row].from, last = last_in_row(e, rows, row);
	return from + text_fit(span_of(bytes_of(e) + from, last - from), column);
}

bool edit_move_rows(struct edit *e, int by, int width)
{
	struct wrap rows = {0};
	size_t row;
	int column;
	edit_layout(e, width, &rows, &row, &column);
	if (e->column >= 0)
		column = e->column;
	long to = (long)row + by, last = (long)rows.count - 1;
	to = to < 0 ? 0 : to > last ? last : to;
	bool moves = to != (long)row;
	if (moves) {
		edit_set_cursor(e, place_in_row(e, &rows, (size_t)to, column));
		e->column = column;
	}
	wrap_fini(&rows);
	return moves;
}

size_t edit_layout_line(const struct edit *e, int width, int *column)
{
	size_t from = 0;
	int w;
	*column = text_width(span_of(bytes_of(e), e->cursor));
	while (*column >= width && from < e->cursor) {
		from += text_grapheme(span_of(bytes_of(e) + from, e->cursor - from), &w);
		*column -= w;
	}
	return from;
}

void edit_point(struct edit *e, int width, long row, int column)
{
	struct wrap rows = {0};
	wrap_text(buf_span(&e->text), width, &rows);
	long last = (long)rows.count - 1;
	row = row < 0 ? 0 : row;
	column = column > 0 ? column : 0;
	edit_set_cursor(e, row > last ? e->text.n : place_in_row(e, &rows, (size_t)row, column));
	wrap_fini(&rows);
}

void edit_point_line(struct edit *e, int width, int column)
{
	int now;
	size_t from = edit_layout_line(e, width, &now);
	edit_set_cursor(e, from + text_fit(span_of(bytes_of(e) + from, e->text.n - from), column));
}

/* SPDX-License-Identifier: MIT
 *
 * The grid.  It knows columns and graphemes; it does not know what is painted or on what.
 */
#include <linkbook/cells.h>
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

static const struct cell blank = {.text = " ", .width = 1};

static struct cell *at(struct grid *g, int y, int x)
{
	return &g->cells[(size_t)y * (size_t)g->columns + (size_t)x];
}

void grid_init(struct grid *g, int rows, int columns, bool ascii)
{
	*g = (struct grid){.ascii = ascii};
	grid_resize(g, rows, columns);
}

/* Names and notes stood in them. */
static void free_cells(struct grid *g)
{
	if (g->cells)
		mem_wipe(g->cells, (size_t)g->rows * (size_t)g->columns * sizeof *g->cells);
	free(g->cells);
}

void grid_fini(struct grid *g)
{
	free_cells(g);
	free(g->spots);
	*g = (struct grid){0};
}

void grid_resize(struct grid *g, int rows, int columns)
{
	free_cells(g);
	g->rows = rows > 0 ? rows : 1;
	g->columns = columns > 0 ? columns : 1;
	g->cells = mem_alloc_many((size_t)g->rows * (size_t)g->columns, sizeof *g->cells);
	grid_clear(g);
}

void grid_clear(struct grid *g)
{
	for (size_t i = 0; i < (size_t)g->rows * (size_t)g->columns; i++)
		g->cells[i] = blank;
	g->cursor_row = g->cursor_column = 0;
	g->spot_count = 0;
}

/* Whatever half of a wide grapheme would be left over becomes a blank. */
static void free_cell(struct grid *g, int y, int x)
{
	struct cell *c = at(g, y, x);
	if (c->width == 0 && x > 0)
		*at(g, y, x - 1) = blank;
	if (c->width == 2 && x + 1 < g->columns)
		*at(g, y, x + 1) = blank;
	*c = blank;
}

/* A grapheme longer than a cell loses its last marks, never half a character. */
static size_t cell_bytes(const uint8_t *p, size_t n)
{
	if (n <= CELL_BYTES)
		return n;
	n = CELL_BYTES;
	while (n && (p[n] & 0xC0) == 0x80)
		n--;
	return n;
}

static void put_grapheme(struct grid *g, int y, int x, struct span text, int width, unsigned attr)
{
	for (int i = 0; i < width; i++)
		free_cell(g, y, x + i);
	struct cell *c = at(g, y, x);
	memset(c->text, 0, sizeof c->text);
	memcpy(c->text, text.p, cell_bytes(text.p, text.n));
	c->width = (unsigned char)width;
	c->attr = (unsigned char)attr;
	if (width == 2)
		*at(g, y, x + 1) = (struct cell){.width = 0, .attr = (unsigned char)attr};
}

int grid_put(struct grid *g, int y, int x, int width, struct span text, unsigned attr)
{
	if (y < 0 || y >= g->rows || x < 0 || x >= g->columns || width <= 0)
		return 0;
	if (width > g->columns - x)
		width = g->columns - x;
	struct buf clean = BUF_SECRET;
	text_clip(text, width, g->ascii, &clean);
	int used = 0, w;
	for (struct span rest = buf_span(&clean); rest.n;) {
		size_t n = text_grapheme(rest, &w);
		if (w > width - used)
			break;
		if (w > 0) /* a mark without a letter under it has no cell to stand in */
			put_grapheme(g, y, x + used, span_of(rest.p, n), w, attr);
		used += w;
		rest = span_of(rest.p + n, rest.n - n);
	}
	buf_fini(&clean);
	return used;
}

void grid_dress(struct grid *g, int y, int x, int width, unsigned attr)
{
	if (y < 0 || y >= g->rows)
		return;
	for (int i = x < 0 ? 0 : x; i < x + width && i < g->columns; i++)
		at(g, y, i)->attr = (unsigned char)attr;
}

void grid_rule(struct grid *g, int y)
{
	for (int x = 0; x < g->columns; x++)
		grid_put(g, y, x, 1, span_text(g->ascii ? "-" : "─"), ATTR_DIM);
}

void grid_set_cursor(struct grid *g, int y, int x)
{
	g->cursor_row = y < 0 ? 0 : y >= g->rows ? g->rows - 1 : y;
	g->cursor_column = x < 0 ? 0 : x >= g->columns ? g->columns - 1 : x;
}

void grid_add_spot(struct grid *g, struct spot spot)
{
	g->spots = mem_room(g->spots, g->spot_count, &g->spot_cap, sizeof *g->spots);
	g->spots[g->spot_count++] = spot;
}

const struct spot *grid_spot_at(const struct grid *g, int y, int x)
{
	for (size_t i = g->spot_count; i-- > 0;) {
		const struct spot *s = &g->spots[i];
		if (y >= s->y && y < s->y + s->rows && x >= s->x && x < s->x + s->columns)
			return s;
	}
	return NULL;
}

const struct cell *grid_cell(const struct grid *g, int y, int x)
{
	if (y < 0 || y >= g->rows || x < 0 || x >= g->columns)
		return NULL;
	return &g->cells[(size_t)y * (size_t)g->columns + (size_t)x];
}

void grid_row_text(const struct grid *g, int y, struct buf *out)
{
	size_t end = out->n;
	for (int x = 0; x < g->columns; x++) {
		const struct cell *c = grid_cell(g, y, x);
		if (!c)
			return;
		buf_add_text(out, c->text);
		if (c->width && strcmp(c->text, " ") != 0)
			end = out->n;
	}
	if (out->p)
		out->p[end] = 0;
	out->n = end;
}

/* SPDX-License-Identifier: MIT
 *
 * A grid of cells: what is on the screen, before any terminal.  Screen kinds paint into it;
 * the terminal, the plain mode and the tests read it.
 *
 * Invariants: nothing is ever written outside; a wide grapheme stands whole in two cells
 * (the second one empty) or not at all; every text has been through text_clean; cells are
 * wiped before they go.
 */
#ifndef LINKBOOK_CELLS_H
#define LINKBOOK_CELLS_H

#include <stdbool.h>
#include <linkbook/buf.h>

enum { CELL_BYTES = 31 };

/* How a text looks: any of the first, and at most one of the colours, which are named by
 * what they mean.  Nothing is ever said by colour alone. */
enum {
	ATTR_BOLD = 1,
	ATTR_REVERSE = 2,
	ATTR_DIM = 4,
	ATTR_UNDERLINE = 8,
	ATTR_TITLE = 0x10,
	ATTR_ALERT = 0x20, /* risks */
	ATTR_WRONG = 0x30, /* what is to be put right */
	ATTR_GOOD = 0x40, /* done, kept */
	ATTR_COLOURS = 0x70,
};

struct cell {
	char text[CELL_BYTES + 1]; /* one grapheme; "" in the right half of a wide one */
	unsigned char width; /* 0 in the right half, else 1 or 2 */
	unsigned char attr;
};

/* Cells that belong together and can be meant: with a mouse, or by a number in the linear
 * mode. */
enum spot_kind {
	SPOT_ROW, /* of a list: index among those shown */
	SPOT_LABEL, /* of a form: index of the field; of a list: of the column */
	SPOT_FIELD, /* what is in it */
	SPOT_COMMAND, /* in the hint bar: index in the table of commands */
};
struct spot {
	enum spot_kind kind;
	size_t index;
	int y, x, rows, columns;
};

struct grid {
	int rows, columns;
	struct cell *cells;
	int cursor_row, cursor_column; /* where the real cursor belongs */
	bool ascii; /* lines and marks in ASCII */
	struct spot *spots; /* in the order in which they were painted */
	size_t spot_count, spot_cap;
};

/* Any size from 1x1; everything blank. */
void grid_init(struct grid *g, int rows, int columns, bool ascii);
void grid_fini(struct grid *g);
/* Another size; everything blank afterwards. */
void grid_resize(struct grid *g, int rows, int columns);
void grid_clear(struct grid *g);

/* Puts text into at most `width` columns from (y, x); clipped text ends in "…".  The columns
 * used. */
int grid_put(struct grid *g, int y, int x, int width, struct span text, unsigned attr);
/* Sets how `width` cells look, whatever stands in them. */
void grid_dress(struct grid *g, int y, int x, int width, unsigned attr);
/* A rule across the whole row. */
void grid_rule(struct grid *g, int y);
/* Kept inside the grid. */
void grid_set_cursor(struct grid *g, int y, int x);

/* Until the grid is cleared. */
void grid_add_spot(struct grid *g, struct spot spot);
/* The last one added that has the cell; NULL: none has.  Valid until the next is added. */
const struct spot *grid_spot_at(const struct grid *g, int y, int x);

/* NULL outside. */
const struct cell *grid_cell(const struct grid *g, int y, int x);
/* Appends a row as text, without the blanks at its end. */
void grid_row_text(const struct grid *g, int y, struct buf *out);

#endif

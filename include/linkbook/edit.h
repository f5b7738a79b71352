/* SPDX-License-Identifier: MIT
 *
 * A text being written: one line or many, without a screen.  Positions are bytes.
 *
 * Invariants: the text is UTF-8 without control characters (but newlines where `many`); the
 * cursor stands between two graphemes, never inside one; undoing every step gives the text
 * that edit_set left; all of it is secret, and wiped when it goes.
 */
#ifndef LINKBOOK_EDIT_H
#define LINKBOOK_EDIT_H

#include <stdbool.h>
#include <linkbook/buf.h>
#include <linkbook/wrap.h>

/* What the last key did, so that a run of the same is one step to undo. */
enum edit_run { RUN_NONE, RUN_TYPING, RUN_RUBBING, RUN_DELETING };

struct edit_step {
	size_t at; /* `added` stands where `removed` stood */
	struct buf removed, added;
	size_t before, after; /* the cursor */
};

struct edit {
	struct buf text;
	size_t cursor;
	bool many;
	enum edit_run run;
	int column; /* kept by up and down, -1: the cursor's own */
	struct edit_step *steps;
	size_t count, cap, done; /* steps[0..done) are in the text */
};

void edit_init(struct edit *e, bool many);
void edit_fini(struct edit *e);
/* Another text, cursor at its end, nothing to undo. */
void edit_set(struct edit *e, struct span text);

/* What is typed or pasted into one line: no more than has room.  edit_set takes all. */
enum { EDIT_LINE_BYTES = 1000 };
/* Typing; joins the step before until a blank or a move.  False: not all had room. */
bool edit_type(struct edit *e, struct span text);
/* As one step.  Controls go; newlines stay where `many`, else turn into blanks. */
bool edit_paste(struct edit *e, struct span text);
void edit_rub_out(struct edit *e); /* backspace */
void edit_delete(struct edit *e);
/* False when there is nothing to undo or redo. */
bool edit_undo(struct edit *e);
bool edit_redo(struct edit *e);

void edit_left(struct edit *e);
void edit_right(struct edit *e);
void edit_word_left(struct edit *e);
void edit_word_right(struct edit *e);
/* Over rows as they are wrapped at `width`. */
void edit_home(struct edit *e, int width);
void edit_end(struct edit *e, int width);
/* Down, or up when rows < 0; false when the cursor was in the last (first) row already. */
bool edit_move_rows(struct edit *e, int rows, int width);
/* Brings a byte position inside the text and between two graphemes. */
void edit_set_cursor(struct edit *e, size_t at);

/* Rows for painting, and where in them the cursor is.  Finish with wrap_fini.  The cursor's
 * column may be `width` itself: paint in one column more. */
void edit_layout(const struct edit *e, int width, struct wrap *rows, size_t *row, int *column);
/* Of one line in `width` columns, the part with the cursor: where it begins, and the cursor's
 * column in it. */
size_t edit_layout_line(const struct edit *e, int width, int *column);
/* The cursor to a row and column of what either laid out, or the nearest place; under the last
 * row it is the end. */
void edit_point(struct edit *e, int width, long row, int column);
void edit_point_line(struct edit *e, int width, int column);

#endif

/* SPDX-License-Identifier: MIT
 *
 * One field of a form while it is being filled in: what was typed or picked, what it means,
 * and what is to be put right.  A field with rows has an entry for each cell of each row, and
 * one at their end that adds a row.
 */
#ifndef ENTRY_H
#define ENTRY_H

#include "options.h"
#include <linkbook/edit.h>

enum entry_way {
	ENTRY_LINE, /* one line typed */
	ENTRY_NOTE, /* a text */
	ENTRY_PICK, /* one of some, or several */
	ENTRY_ADD, /* "another row" */
};

struct entry {
	const struct def_entry *def;
	const struct field *field; /* the cell, where the field has rows */
	enum entry_way way;
	struct id row; /* of a cell: whose; zero: not of a row, or the one cell that is asked */
	struct edit edit;
	struct picks picks;
	struct buf fault; /* a sentence, or nothing */
	bool altered; /* by hand, since the form began */
	struct buf beside; /* other values that stand against the one shown, in words */
	size_t section; /* of the form */
	bool hidden; /* its section's `when` does not hold */
};

/* As a new record has it: empty, or the default. */
void entry_init(struct entry *e, const struct def_entry *def, struct app *app);
/* The entry that adds a row to a field. */
void entry_init_add(struct entry *e, const struct def_entry *def);
void entry_fini(struct entry *e);
bool entry_is_note(const struct entry *e);
bool entry_is_pick(const struct entry *e);
/* Two or three words in their row, without being opened: by arrows or by a letter. */
bool entry_turns(const struct app *app, const struct entry *e);

/* What the record holds, or (row) one cell of it. */
void entry_fill(struct entry *e, const struct app *app, const struct record *r);
void entry_fill_cell(struct entry *e, const struct app *app, struct span cells);

/* As typed (picked: ids, one a line), for drafts; and back again. */
void entry_typed(const struct entry *e, struct buf *out);
void entry_restore(struct entry *e, struct span typed);
bool entry_is_empty(const struct entry *e);

bool entry_is_dated(const struct entry *e);

/* --- entry_say.c --- */
/* A day or moment that is understood; whether it lies on the side that the field looks at (what
 * was written before may have come to lie on the other since: what is due becomes overdue); and the
 * sentence where it does not. */
bool entry_read_when(const struct entry *e, const struct app *app, struct when *w);
bool entry_is_that_way(const struct entry *e, const struct app *app, struct when w);
void entry_say_wrong_side(const struct entry *e, struct buf *out);
/* What shows while it has not the focus. */
void entry_say(const struct entry *e, struct app *app, struct buf *out);
/* The line beneath while it has: said back, or how to write it; its attributes. */
unsigned entry_say_back(const struct entry *e, struct app *app, struct buf *out);

/* --- entry.c --- */
/* The value; OK, or ERR_INPUT with the sentence in e->fault. */
enum err MUST_USE entry_read(struct entry *e, const struct app *app, struct buf *value);
/* The focus leaves: dates are written out in full (a draft may be read another day), and
 * what was not understood gets its sentence. */
void entry_leave(struct entry *e, const struct app *app);

/* Picks: the next or the one before, round and round; by letter or start of the label. */
void entry_turn(struct entry *e, struct app *app, int by);
bool entry_pick(struct entry *e, struct app *app, struct span letter);

#endif

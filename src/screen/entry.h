/* SPDX-License-Identifier: MIT
 *
 * One field of a form while it is being filled in: what was typed or chosen, what it means,
 * and what is to be put right.
 */
#ifndef ENTRY_H
#define ENTRY_H

#include "room.h"
#include <linkbook/edit.h>

struct entry {
	const struct def_entry *def;
	const struct field *field; /* the cell, where the field has rows */
	struct edit edit;
	const struct term_list *terms; /* a choice; else NULL */
	size_t choice; /* 1 is the first term, 0: none */
	struct buf fault; /* a sentence, or nothing */
	bool altered; /* by hand, since the form began */
};

void entry_init(struct entry *e, const struct def_entry *def, const struct app *app);
void entry_fini(struct entry *e);
bool entry_is_note(const struct entry *e);

/* As typed (a choice: its id), for drafts; and back again. */
void entry_typed(const struct entry *e, struct buf *out);
void entry_restore(struct entry *e, struct span typed);
bool entry_is_empty(const struct entry *e);

/* What shows while it has not the focus. */
void entry_say(const struct entry *e, const struct app *app, struct buf *out);
/* The line beneath while it has: said back, or how to write it; its attributes. */
unsigned entry_say_back(const struct entry *e, const struct app *app, struct buf *out);

/* The value; OK, or ERR_INPUT with the sentence in e->fault. */
enum err MUST_USE entry_read(struct entry *e, const struct app *app, struct buf *value);
/* The focus leaves: dates are written out in full (a draft may be read another day), and
 * what was not understood gets its sentence. */
void entry_leave(struct entry *e, const struct app *app);

/* Choices: the next or the one before, round and round; by letter or start of the label. */
void entry_turn(struct entry *e, int by);
bool entry_pick(struct entry *e, struct span letter);

#endif

/* SPDX-License-Identifier: MIT
 *
 * What is asked of every screen file, whatever stands in it: it opens, paints in any window, leads
 * through its fields, keeps colours to itself, saves and shows what was typed, and loses nothing of
 * it under a monkey's hands.  A screen that somebody adds gets all of this for its name.
 *
 * Each check begins on a stage that is not running and leaves it so; it ends the test with the
 * screen's name and a picture when something is not as it should be.
 */
#ifndef EVERY_H
#define EVERY_H

#include "monkey.h"
#include "room.h"
#include "writing.h"

void every_opens_and_paints(struct stage *s, const char *screen);
/* With NO_COLOR none of them has a colour; without it each has. */
void every_keep_colour_out(struct stage *s, const char *const *screens, size_t count);
/* A record of its type is made in the form by keys, found, read, changed, binned and brought back. */
void every_record_lives(struct stage *s, const char *screen);
/* Random keys from a seed, 2,000 or as many as EVERY_KEYS says: nothing breaks, and what was typed
 * is there afterwards. */
void every_stands_a_walk(struct stage *s, const char *screen, uint64_t seed);

/* --- what the checks have in common -------------------------------------------------------- */

struct every {
	struct stage *stage;
	struct app *app;
	const char *name;
	const struct screen_def *def; /* of that name */
	struct id person; /* Mairi: what is in a file is in hers */
	struct ref made; /* what it shows or changes, once there is one */
};

/* Opens the book, without a terminal; only People is on the stack. */
void every_begin(struct every *e, struct stage *s, const char *screen);
/* In an app that is open. */
void every_take(struct every *e, struct stage *s, const char *screen);
void every_end(struct every *e);
/* As the list of a record type adds one, and so on; a record is made for what shows one. */
void every_push(struct every *e);
/* Back to People. */
void every_clear_stack(struct every *e);
_Noreturn void every_fail(struct every *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

void every_press(struct every *e, int press);
/* A letter a key; a new line is Enter. */
void every_type(struct every *e, const char *text);
/* All that is to be read on the screen at hand, blanks in a row as one. */
void every_read(struct every *e, struct buf *out);
void every_expect(struct every *e, const char *words);
/* Rows of the list at hand. */
size_t every_count_rows(struct every *e);

/* --- every_fill.c: forms and records ------------------------------------------------------- */

/* The form at hand, or NULL. */
struct writing *every_form(const struct every *e);
/* Whether somebody can get to a form to add a record; others only change one. */
bool every_adds(const struct app *app, const struct screen_def *form);
/* The form that adds a record of a type. */
const struct screen_def *every_adding_form(struct every *e, const struct kind *k);
/* A new record's, on the stack. */
struct writing *every_push_form(struct every *e, const struct screen_def *form);
/* Something into each field that is asked, by keys, from the first one to the last. */
void every_fill(struct every *e);
/* Saves the form at hand; it is in the book as it stood there. */
struct ref every_save(struct every *e);
struct ref every_make(struct every *e, const struct kind *k);
/* What is typed into a text of this name. */
void every_words(const struct def_entry *def, struct buf *out);

#endif

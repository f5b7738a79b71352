/* SPDX-License-Identifier: MIT
 *
 * The list of groups, found by what is meant: the line that is typed goes to the finder, hits
 * come first and near misses after them, and what speaks for the selected one is said beneath.
 */
#ifndef SEEKING_H
#define SEEKING_H

#include "room.h"
#include "rows.h"
#include <linkbook/finder.h>

struct seeking;

/* Takes over the finding in rows.  person: for whom, or NULL. */
struct seeking *seeking_new(struct rows *rows, const struct id *person);
void seeking_free(struct seeking *s);
/* Before the rows are ordered: reads what has changed. */
void seeking_refresh(struct app *app, struct seeking *s);
/* Something was typed, or is wanted. */
bool seeking_is_on(const struct seeking *s);
/* Something was understood that may be taken as plain words. */
bool seeking_has_pieces(const struct seeking *s);
/* Asks which. */
void seeking_ask_pieces(struct app *app, struct seeking *s);
/* "Understood: ...", one row; false: nothing to say. */
bool seeking_paint_pieces(const struct seeking *s, struct grid *g, struct box b);
/* The line between hits and near misses. */
void seeking_paint_near(const struct seeking *s, struct grid *g, int y);
/* What speaks for the selected one, and what to mind. */
void seeking_paint_detail(const struct seeking *s, struct grid *g, struct box b);
/* Appends " for NAME" where it is for somebody. */
void seeking_say_whom(const struct seeking *s, struct buf *out);

#endif

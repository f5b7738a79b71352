/* SPDX-License-Identifier: MIT
 *
 * What can be done with a record, and with the last step, from any screen that shows it.
 */
#ifndef DOING_H
#define DOING_H

#include "room.h"

/* The last step taken back, or brought again; said in words, and what is shown read anew. */
void app_undo_step(struct app *app, bool again);
/* Into the bin, with its file where it is a person; the screen on top (the record's) goes. */
void app_bin(struct app *app, struct ref record);
/* A group on a slip to give away: printed, or written as a page.  (sharing.c) */
void app_share(struct app *app, struct ref group);
/* Asks which other group of its list is the same, and makes the two one. */
void app_join(struct app *app, struct ref group);
/* What is in the bin, to be taken out. */
void app_show_bin(struct app *app);

/* Records in which two versions stand against each other, to be settled. */
void app_show_conflicts(struct app *app);
struct screen *settle_new(struct ref record);

#endif

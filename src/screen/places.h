/* SPDX-License-Identifier: MIT
 *
 * Where one can go and what one can do, picked by words.
 */
#ifndef PLACES_H
#define PLACES_H

#include "room.h"

/* A list: back to it where it is open already, else over what is there. */
void app_go(struct app *app, const struct screen_def *list);
void app_go_to_groups(struct app *app);
/* All that can be done on the screen at hand, and all lists, found by plain words. */
void app_palette(struct app *app);
/* All lists, then what can be done here. */
void app_menu(struct app *app);
/* What a person's screen (def) offers to add. */
void app_add_on(struct app *app, const struct screen_def *def, const struct id *person);
/* One more for a list: who it is for is asked first where it belongs to a person. */
void app_add_to(struct app *app, const struct screen_def *list);

#endif

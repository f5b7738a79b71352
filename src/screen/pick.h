/* SPDX-License-Identifier: MIT
 *
 * The picker: one of several, or some of many, found by typing as in any list.
 */
#ifndef PICK_H
#define PICK_H

#include "options.h"

struct pick_request {
	const char *title; /* "What"; borrowed for the call */
	const struct picks *picked; /* what is picked so far */
	bool many;
	bool letters; /* an option's letter picks it while nothing else was typed */
	/* What was picked: of one, when the picker has gone; of many at each tick. */
	void (*took)(struct app *app, void *arg, const struct picks *picks);
	void *arg;
	void (*drop)(void *arg); /* frees arg when the picker has gone, or NULL */
};
/* Takes the options. */
struct screen *pick_new(struct app *app, const struct pick_request *request,
			struct options *options);

#endif

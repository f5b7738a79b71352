/* SPDX-License-Identifier: MIT
 *
 * The linear mode (plain.c).
 */
#ifndef PLAIN_H
#define PLAIN_H

#include "line.h"
#include <linkbook/screen.h>

struct screen;

struct plain {
	struct app *app;
	int in;
	FILE *out;
	int signals[2]; /* as in struct ui; -1: not caught */
	struct grid grid, said; /* as painted now, and as said last */
	const struct screen *top; /* the screen that was said */
	struct line line; /* what came of one that has not ended yet */
};

/* Says the first screen. */
void plain_init(struct plain *p, struct app *app, int in, FILE *out);
void plain_fini(struct plain *p);
/* One line as it was written, without its end; and what came of it is said. */
void plain_line(struct plain *p, const char *line);
/* A key; what was written of a line before it comes before it, but for half a passphrase. */
void plain_press(struct plain *p, int press);
void plain_say(struct plain *p);
void plain_tick(struct plain *p);
/* Waits for lines or what is due.  False when it is over. */
bool plain_step(struct plain *p);
/* The whole program on in and out, until it is left or in ends. */
void plain_run(struct app *app, int in, FILE *out);

#endif

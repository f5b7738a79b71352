/* SPDX-License-Identifier: MIT
 *
 * Every kind of key, in every kind of list, one after the other: what a key costs is noted by
 * who asked (in milliseconds by the bench, in records read by a test).
 */
#ifndef WALK_H
#define WALK_H

#include <linkbook/screen.h>

struct walk {
	struct app *app;
	struct grid grid;
	struct ref contact; /* one that is altered, with the person whose timeline is walked */
	/* After each key and what was painted for it; what: "a letter", "Esc, back"... */
	void (*note)(void *arg, const char *screen, const char *what, double ms);
	void *arg;
};

/* The app is open, at its first screen, and is so again afterwards. */
void walk_init(struct walk *w, struct app *app);
void walk_fini(struct walk *w);
/* Once through all of them. */
void walk_all(struct walk *w);

#endif

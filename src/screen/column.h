/* SPDX-License-Identifier: MIT
 *
 * What stands in a column of a list: a field in words, or something worked out from several.
 */
#ifndef COLUMN_H
#define COLUMN_H

#include "room.h"

/* The latest contact with each person, by id. */
struct seen {
	struct id person;
	struct when when;
};

/* What somebody is called in lists, by id. */
struct called {
	struct id person;
	struct buf name;
};

struct columns {
	struct app *app;
	struct when now;
	struct called *called;
	size_t called_count, called_cap;
	struct seen *seen;
	size_t seen_count, seen_cap;
	bool failed; /* not all could be read, and it was said */
};

/* Reads what the derived columns of def need; one: for that record alone, NULL: for all. */
void columns_init(struct columns *c, struct app *app, const struct screen_def *def,
		  const struct record *one);
void columns_fini(struct columns *c);
/* Appends what is shown. */
void column_say(const struct columns *c, const struct record *r, const char *name, struct buf *out);
/* Appends bytes whose order is the column's. */
void column_key(const struct columns *c, const struct record *r, const char *name, struct buf *out);

/* Which columns fit into `width`, and how wide each is; 0: dropped. */
void columns_fit(const struct screen_def *def, int width, int *widths);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The rows of a list, read from the book: all of them, or just those that were altered since.
 */
#ifndef LISTING_H
#define LISTING_H

#include "room.h"
#include "rows.h"

struct listing {
	struct listing *next; /* of those that the app keeps */
	const struct screen_def *def;
	bool in_use;
	struct rows rows;
	size_t by; /* a column it is sorted by, from 1; 0: as its file says */
	bool backwards; /* by that column */
	struct moment read; /* when the records were */
};

/* One for a list that opens.  It belongs to the app until listings_free: given back, it keeps what
 * it read for the next time, and forgets what was typed and chosen. */
struct listing *listing_take(struct app *app, const struct screen_def *def);
void listing_give_back(struct listing *l);
/* All of them, wiped, and the finder: at lock.  None is in use any more. */
void listings_free(struct app *app);
/* Makes the rows say what the book says now, and selects again what was selected. */
void listing_refresh(struct app *app, struct listing *l);
/* By a column, from 1 (0: as the file says); by the same once more: the other way round. */
void listing_sort(struct listing *l, size_t column);

#ifdef LINKBOOK_SIM
/* For tests: whether the rows are held against all of it read anew, which must say the same; and
 * how often just what was altered was read. */
extern bool listing_rechecks;
extern unsigned listing_parts;
#endif

#endif

/* SPDX-License-Identifier: MIT
 *
 * Opening what a power cut left, with the real code, as the practitioner would the next morning.
 */
#ifndef CRASH_VERIFY_H
#define CRASH_VERIFY_H

#include "facts.h"
#include "image.h"

enum verdict {
	FINE,
	LOST, /* something acknowledged is not so, or half a step is there */
	SHUT, /* the book does not open, or cannot be made anew */
	HARMED, /* it opens, and check (or the banner) tells of damage */
	STUCK, /* nothing more can be saved */
	DIED, /* the program: a signal, a BUG, or more than its time */
	BROKEN, /* the proof itself: the image could not be written */
	VERDICTS,
};
const char *verdict_say(enum verdict v);

/* Removes a folder with all in it; one that is not there is fine. */
bool remove_tree(const char *path);

struct verify_where {
	const char *recorded; /* the folder that held book and state when it was recorded */
	const char *here; /* there, and empty: gets the image, which is opened in it */
	bool alone; /* opened once more without LMDB */
};
/* Runs in a process of its own: it leaks, and may die. */
enum verdict verify_image(const struct image *im, const struct facts *f,
			  const struct verify_where *where, uint64_t seed, struct buf *why);
/* The same of a book that lies in the folder it was driven in. */
enum verdict verify_folder(const char *here, const struct facts *f, uint64_t seed, struct buf *why);

#endif

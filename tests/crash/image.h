/* SPDX-License-Identifier: MIT
 *
 * One disk as a power cut may leave it: chosen from what lasts and what does not yet (disk.h),
 * hashed so that the same one is not looked at twice, and put into a folder to be opened.
 */
#ifndef CRASH_IMAGE_H
#define CRASH_IMAGE_H

#include "disk.h"

/* What of the undone is there.  The first few are the ends; the rest is drawn. */
enum choice_kind {
	CHOOSE_NONE, /* nothing of it */
	CHOOSE_ALL,
	CHOOSE_NAMES, /* every name, no byte and no size: renamed, and empty */
	CHOOSE_SIZES, /* every name and size, and zeros for bytes */
	CHOOSE_GARBAGE, /* the same with garbage for bytes: more than a default mount does */
	CHOOSE_BYTES, /* every byte and size, no name */
	CHOOSE_JOURNAL, /* all up to some moment, as a journal keeps it; then torn sectors */
	CHOOSE_SUBSET, /* anything */
};
struct choice {
	enum choice_kind kind;
	uint64_t seed;
};
/* The n-th choice to look at, drawn from seed. */
struct choice choice_of(unsigned n, uint64_t seed);
const char *choice_say(enum choice_kind kind);

struct image_file {
	char *path; /* below the root */
	bool is_folder;
	const uint8_t *p; /* the disk's, or own's */
	size_t n;
	uint8_t *own;
};
struct image {
	struct image_file *v;
	size_t count, cap;
	uint64_t hash[2], book[2]; /* of everything; of what lies in the book, without LMDB */
};
/* Borrows from the disk until the disk changes. */
void image_choose(struct image *im, struct disk *d, struct choice c);
void image_fini(struct image *im);
/* Writes it below `to`, which is there and empty.  rename_part (may be NULL) gets each path and
 * may give another one (malloc'd). */
bool image_write(const struct image *im, const char *to,
		 char *(*rename_part)(void *arg, const char *path), void *arg);

uint64_t mix(uint64_t a, uint64_t b);

#endif

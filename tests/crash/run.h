/* SPDX-License-Identifier: MIT
 *
 * One run: a scenario recorded, its log replayed, the power cut at every point of it.
 */
#ifndef CRASH_RUN_H
#define CRASH_RUN_H

#include "drive.h"
#include "verify.h"

struct options {
	const char *scenario, *keep, *recorder;
	uint64_t seed;
	unsigned runs, images, jobs, stride;
	long point, image; /* -1: all */
	bool proofs;
	unsigned ignore; /* WITHOUT_... for a control */
};

/* What comes of one scenario, over its runs. */
struct tally {
	size_t points, images, verdicts[VERDICTS];
	size_t failed_points; /* of a control */
	size_t runs, failed_runs;
};
size_t tally_failed(const struct tally *t); /* images */

/* How an image is looked at. */
struct look {
	size_t image; /* number */
	enum choice_kind kind;
	bool alone; /* also from the files alone, without LMDB */
};

/* One image that is being looked at. */
struct job {
	pid_t pid;
	size_t point;
	struct look look;
	char *folder, *why; /* why: shared with the child */
};
struct run {
	const struct options *o;
	const struct scenario *s;
	uint64_t seed;
	const char *base;
	char *root, *keys; /* keys: a file of the facts' keys, for a driver that goes on */
	struct disk disk;
	struct facts facts;
	struct tally *t;
	size_t point;
	bool point_failed;
	uint64_t *seen; /* images looked at already, open addressing */
	size_t seen_count;
};

/* Makes a folder for all this program makes, which goes when it ends. */
const char *jobs_begin(unsigned count);
/* Gives an image to a process of its own, when one is free. */
void jobs_look_at(struct run *r, const struct image *im, struct look look);
void jobs_wait(struct run *r);

/* true: recorded whole, and every image was looked at (whatever came of it). */
bool run_once(const struct options *o, const struct scenario *s, const char *base, uint64_t seed,
	      struct tally *t);

#endif

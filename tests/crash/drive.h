/* SPDX-License-Identifier: MIT
 *
 * The scenarios: what a practitioner's program does with a book while the recorder listens.
 * Everything follows from the seed.
 */
#ifndef CRASH_DRIVE_H
#define CRASH_DRIVE_H

#include <linkbook/book.h>

struct drive;
struct scenario {
	const char *name;
	void (*run)(struct drive *w);
	unsigned heavy; /* a point costs about this many times what a usual one does */
	unsigned map_shift; /* LMDB's map is smaller by so many bits */
	/* Where it begins: what another scenario leaves when it is cut; NULL: nothing there. */
	const struct scenario *(*after)(uint64_t seed);
};
extern const struct scenario scenarios[];
extern const size_t scenario_count;
/* For machines that fail: a power cut has nothing to do with it. */
extern const struct scenario scenario_lmdb_alone;

#define DRIVE_OTHER ".other" /* behind the root's path: where the other copy of the book lies */

/* The book lies in root/book, LMDB below root/state. */
void drive_run(const struct scenario *s, const char *root, uint64_t seed);

/* What becomes of a step that failed, as a practitioner sees it: true, it is done again.  NULL:
 * the driver ends.  b: the book, if it is open. */
typedef bool drive_failed_function(struct book *b, enum err e, const struct diag *d,
				   const char *what);
extern drive_failed_function *drive_failed;
extern bool drive_pretends; /* a control: what is not done again is said to be done */
/* Told when the driver does something on its own account; NULL: nobody minds. */
extern void (*drive_aside)(bool begins);

extern unsigned crash_map_shift; /* of the scenario at hand */

/* What the driver and whoever opens the book after the cut have in common. */
extern const char *const crash_words[]; /* passphrases: the first one makes books; NULL ends */
const struct terms *crash_terms(void); /* read once */
void crash_seam(struct seam *s, uint64_t seed);

#endif

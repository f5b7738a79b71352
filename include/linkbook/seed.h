/* SPDX-License-Identifier: MIT
 *
 * Seed files: a practice and its community resources, written by people in YAML.  Loading is
 * repeatable: the same file changes nothing, a newer version updates what was not altered
 * here, and an alteration made here is kept and shown beside.
 */
#ifndef LINKBOOK_SEED_H
#define LINKBOOK_SEED_H

#include <linkbook/book.h>

struct seed_report {
	size_t made, updated, same;
	size_t conflicts; /* records in which a value of the file stands against one made here */
};

/* Loads one file (a practice file makes its directory store when there is none).  name is
 * what mistakes call it.  ERR_INPUT: every mistake with line and column, nothing loaded.
 * Counts are added to report. */
enum err MUST_USE seed_load(struct book *b, const char *name, struct span yaml,
			    struct seed_report *report, struct diag *d);

#endif

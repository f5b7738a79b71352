/* SPDX-License-Identifier: MIT
 *
 * Seed files: a practice and its community resources, written by people in YAML.  Loading is
 * repeatable: the same file changes nothing, a newer version updates what was not altered
 * here, and an alteration made here is kept and shown beside.  An older version than was
 * loaded before is refused.
 */
#ifndef LINKBOOK_SEED_H
#define LINKBOOK_SEED_H

#include <linkbook/book.h>

/* A field in which a value of a file stands against one that was written here; or (field NULL) a
 * record that was made here by hand, and that no file alters. */
struct seed_stands {
	struct id record;
	char *title; /* what it is called, clean */
	const char *field;
};
/* Zero-initialise; seed_report_fini frees. */
struct seed_report {
	size_t made, updated, same;
	size_t conflicts; /* records in which something of the file stands against something here */
	struct seed_stands *stands;
	size_t stand_count, stand_cap;
};
void seed_report_fini(struct seed_report *r);

struct seed_file {
	const char *name; /* what mistakes call it */
	struct span yaml;
};
/* Loads files as one step, or nothing (a practice file makes its directory store when there is
 * none; its resources may come with it).  ERR_INPUT: every mistake with file, line and column
 * (the first hundred).  Counts are added to report. */
enum err MUST_USE seed_load_files(struct book *b, const struct seed_file *files, size_t count,
				  struct seed_report *report, struct diag *d);
/* The same with one file. */
enum err MUST_USE seed_load(struct book *b, const char *name, struct span yaml,
			    struct seed_report *report, struct diag *d);
/* Reads a seed file from the disk; appends to out.  One that is too large is refused unread, as
 * is what is no file: ERR_INPUT, said at its first line. */
enum err MUST_USE seed_read_file(struct seam *s, const char *path, struct buf *out, struct diag *d);

#endif

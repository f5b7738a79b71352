/* SPDX-License-Identifier: MIT
 *
 * Records out of the book as seed files: what a practice's directory holds, written so that
 * loading it into another book (seed.h) gives the same.  A record that came from a seed keeps its
 * key; one that was made by hand gets one of its name and the first digits of its id.
 */
#ifndef LINKBOOK_EXPORT_H
#define LINKBOOK_EXPORT_H

#include <linkbook/book.h>

/* A practice that is here. */
struct export_practice {
	struct id directory, record;
	char *code; /* what its files call it */
	char *name;
};
enum err MUST_USE export_practices(struct book *b, struct export_practice **out, size_t *count);
void export_practices_free(struct export_practice *v, size_t count);

struct export_report {
	size_t count; /* records in the file */
	size_t conflicts; /* of them, with values that stand against each other */
};
/* Appends the practice itself (kind practice) or all of its groups and services (kind resource)
 * but those in the bin, as a seed file.  The version is the highest that was loaded, and one more
 * when something was written here since.  Of values in conflict the one that is shown is in the
 * file; each such field, and whatever cannot be loaded again as it is, is said in told. */
enum err MUST_USE export_yaml(struct book *b, const struct export_practice *practice,
			      const struct kind *kind, struct buf *out,
			      struct export_report *report, struct diag *told);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Synonyms read from a terms file, for terms.c.
 */
#ifndef SYNONYMS_H
#define SYNONYMS_H

#include <linkbook/terms.h>
#include <linkbook/ydoc.h>

struct synonyms {
	struct synonym *v; /* words: owned; list and id point into the file */
	size_t count, cap;
};
/* Reads the list under `synonyms`; what is wrong is said in d.  Lists and ids are those of t. */
void synonyms_read(const struct ydoc *doc, const struct ynode *list, const struct terms *t,
		   struct synonyms *out, struct diag *d);
void synonyms_fini(struct synonyms *s);

#endif

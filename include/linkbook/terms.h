/* SPDX-License-Identifier: MIT
 *
 * Code lists: ids that are stored, labels that people read, other words they are found by.
 * Read from the files in data/terms (installed, or as compiled in); where a list comes from stands
 * in its file.
 */
#ifndef LINKBOOK_TERMS_H
#define LINKBOOK_TERMS_H

#include <stdbool.h>
#include <stddef.h>
#include <linkbook/buf.h>
#include <linkbook/err.h>

struct term {
	const char *id, *label;
	const char *letter; /* one letter that picks it in short lists, or NULL */
	const char *snomed; /* optional code, or NULL */
	const char *also; /* further words, blank-separated, or NULL */
	const char *parent; /* id of the broader term, or NULL */
};
struct term_list {
	char *name;
	struct term *items;
	size_t count;
};
struct terms;

struct terms *terms_new(void);
void terms_free(struct terms *t);
/* Adds one file's lists, or synonyms (for terms that are here already).  ERR_INPUT: all mistakes said, nothing of the file taken. */
enum err MUST_USE terms_load(struct terms *t, const char *file, struct span yaml, struct diag *d);
/* Borrowed until terms_free; NULL when there is none of that name or id. */
const struct term_list *terms_list(const struct terms *t, const char *name);
const struct term *terms_find(const struct terms *t, const char *list, struct span id);

/* What people say for a term: for finding. */
struct synonym {
	const char *list, *id;
	const char *words; /* one or a few, folded (text_fold) */
};
/* All of them, of all files.  Borrowed until the next terms_load. */
const struct synonym *terms_synonyms(const struct terms *t, size_t *count);

/* The term whose id or label is nearest to what was written, or NULL. */
const struct term *terms_nearest(const struct terms *t, const char *list, const char *written);

#endif

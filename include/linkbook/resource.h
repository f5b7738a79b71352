/* SPDX-License-Identifier: MIT
 *
 * The readable files the program ships (screens, terms, practices, demo): found in a folder
 * the user names, in the user's own, in the installed one, or as compiled in, in this order.
 */
#ifndef LINKBOOK_RESOURCE_H
#define LINKBOOK_RESOURCE_H

#include <stddef.h>
#include <linkbook/buf.h>
#include <linkbook/err.h>
#include <linkbook/seam.h>

struct resource {
	const char *name; /* "screens/people.yaml" */
	const uint8_t *bytes;
	size_t size;
};

/* All that is compiled in, sorted by name; ends with a NULL name. */
extern const struct resource resources_built_in[];

/* A compiled-in file by name, or NULL. */
const struct resource *resource_find(const char *name);

/* Appends the file `name` to out; `found` (may be NULL) gets where it was, for messages; the
 * caller frees it.  `first` is a folder that is asked before all others (it holds files
 * without the leading "screens/"), or NULL. */
enum err MUST_USE resource_read(struct seam *s, const char *first, const char *name,
				struct buf *out, char **found, struct diag *d);

/* The files of a folder ("screens") with an ending (".yaml") in all these places: names without
 * folder and ending, sorted, each once.  The caller frees with resource_names_free. */
struct resource_names {
	char **v;
	size_t count, cap;
};
void resource_list(const char *first, const char *folder, const char *ending,
		   struct resource_names *out);
void resource_names_free(struct resource_names *n);

#endif

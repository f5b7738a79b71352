/* SPDX-License-Identifier: MIT
 *
 * What a practice asks of its groups and services besides the fields that all have: its own
 * names for it, from `extra` of its practice record, and what a group says under them, in the
 * rows of its `extra`.  A name that a practice no longer lists is still shown where something
 * stands under it.
 */
#ifndef LINKBOOK_EXTRA_H
#define LINKBOOK_EXTRA_H

#include <linkbook/book.h>

struct extra {
	char *name; /* "bus_stop" */
	char *label, *hint; /* "Nearest bus stop"; "" when there is none */
};
/* Zero-initialise; extras_fini frees. */
struct extras {
	struct extra *v;
	size_t count, cap;
	char *practice; /* whose they are, in words; NULL: of nobody who is here */
};

/* A name begins with a small letter; small letters, digits and underlines follow, at most 40. */
bool extra_is_name(const char *name);
/* Appends the name that is made of what somebody typed for one: "Bus stop" is bus_stop.  One that
 * is a name stays, unless all groups have a field of that name; "" where nothing can be made. */
void extra_make_name(const char *typed, struct buf *out);
/* The row in which a group has it, on every copy. */
struct id extra_row(const char *name);
/* What a directory's practice asks; directory zero: the only one, or nothing where there are
 * several. */
enum err MUST_USE extras_read(struct book *b, const struct id *directory, struct extras *out);
/* Adds one, unless the name is there. */
void extras_add(struct extras *x, const char *name, const char *label, const char *hint);
/* The same; without a label it is called by its name, as it is read. */
void extras_add_named(struct extras *x, const char *name, const char *label, const char *hint);
/* Adds the names under which a group has something and that nobody asks for. */
void extras_add_of(struct extras *x, const struct record *group);
void extras_fini(struct extras *x);

/* The row of a group under a name, or NULL; borrowed from the record. */
const struct state_row *extra_find(const struct record *group, const char *name);
/* Its text as it stands in a row's cells; no bytes when there is none. */
struct span extra_text(struct span cells);

#endif

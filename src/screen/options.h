/* SPDX-License-Identifier: MIT
 *
 * What can be picked in a field: the terms of a list, yes or no, or other records.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "room.h"

struct option {
	char *id; /* a term's id, "yes", "no", or a record's 32 hex digits */
	char *label;
	char *also; /* other words for it, or NULL */
	const char *letter; /* picks it at once; or NULL.  Borrowed from who adds it */
};
struct options {
	struct option *v;
	size_t count, cap;
};

/* True when a field is picked, not typed. */
bool options_has(const struct field *f);
bool options_many(const struct field *f);
/* Other records are many and are read when they are asked for; terms are there at once. */
bool options_are_records(const struct field *f);
/* person: of records in a file, that person's only (zero: nobody's). */
void options_read(struct app *app, const struct field *f, const struct id *person,
		  struct options *out);
void options_add(struct options *o, const char *id, const char *label, const char *also);
/* By label. */
void options_sort(struct options *o);
void options_fini(struct options *o);
/* What an id that was picked is called: also one that is no longer there. */
void options_say(struct app *app, const struct field *f, const char *id, struct buf *out);

/* As record_say does, but other records by what they are called. */
void options_say_field(struct app *app, const struct record *r, const char *field, struct buf *out);

/* Ids that were picked, in the order in which they were. */
struct picks {
	char **v;
	size_t count;
};
void picks_clear(struct picks *p);
bool picks_has(const struct picks *p, const char *id);
void picks_add(struct picks *p, const char *id);
void picks_remove(struct picks *p, const char *id);
/* To the value the field holds, and back. */
void picks_to_value(const struct picks *p, const struct field *f, struct buf *out);
void picks_from_record(struct picks *p, const struct record *r, const struct field *f);
void picks_from_value(struct picks *p, const struct field *f, struct span value);

#endif

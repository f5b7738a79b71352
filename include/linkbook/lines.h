/* SPDX-License-Identifier: MIT
 *
 * Records as JSON: lines in (one record a line), objects out.  Field names are those of the
 * record tables; dates are ISO 8601; choices are term ids; ids are 32 hex digits; sets are
 * arrays; rows are arrays of objects, in which a member "row" is the row's id.
 */
#ifndef LINKBOOK_LINES_H
#define LINKBOOK_LINES_H

#include <stdio.h>
#include <linkbook/book.h>

enum { LINES_LONGEST = 1 << 20 }; /* bytes of one line */

/* Reads every line of in as
 *   {"type":…, "id"?:…, "person"?:…, "directory"?:…, "heads"?:[…], "bin"?:true|false, field: value…}
 * and writes all as one step, or nothing.  file is what mistakes call the input; all are said
 * (the first hundred), with line and column.  An id that is not here makes a new record under it.  A first line
 * with a member "anchor" (the demo's) moves all dates but birthdays by whole weeks, so that
 * the anchor falls into the last seven days, and planned ones a week on where they would lie
 * in the past.  *ids (count of them, the caller frees) are the records'. */
enum err MUST_USE lines_put(struct book *b, FILE *in, const char *file, struct id **ids,
			    size_t *count, struct diag *d);

/* A record as one flat object on one line, without a newline: type, id, person, directory,
 * heads, the fields that are set, and "conflicts" with all standing values by field. */
void lines_show(const struct record *r, struct buf *out);
/* One event of a history as an object. */
/* One line of the access log as an object. */
void lines_access(const struct access_event *e, struct buf *out);
void lines_event(const struct event *e, struct buf *out);
/* Appends a text as a JSON string. */
void lines_text(const char *text, struct buf *out);
/* The record tables of one kind as an object {name, store, fields: [...]}. */
void lines_schema(const struct kind *k, const struct terms *terms, struct buf *out);

#endif

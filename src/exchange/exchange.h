/* SPDX-License-Identifier: MIT
 *
 * What the files of this room share: values from and to JSON.
 */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include <linkbook/book.h>

#include <jansson.h>

/* What jansson frees is wiped from here on; again is fine. */
void json_start(void);
/* A JSON value as field f's value in CBOR (sets and rows as lists), not yet checked against
 * terms and bounds.  False with a sentence when it is of the wrong kind.  shift_days moves
 * dates and moments (0 for none). */
bool json_to_value(const struct field *f, const json_t *v, long shift_days, struct buf *out,
		   struct diag *d);
/* One standing value as JSON (a new reference). */
json_t *json_from_value(const struct field *f, struct span v);
/* Appends what a practice or a group is called, clean. */
void name_say(const struct record *r, struct buf *out);
/* Appends how the key of a record that was made by hand ends in a file that is exported. */
void key_end(const struct record *r, struct buf *out);
/* Appends a text as it stands in YAML: in_line, inside [ ] or { }. */
void yaml_add_text(struct span text, bool in_line, struct buf *out);
/* One of several lines stands under its key, so far in. */
void yaml_add_note(struct span text, int indent, struct buf *out);
/* Appends compact JSON. */
void json_dump(const json_t *v, struct buf *out);

#endif

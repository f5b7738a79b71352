/* SPDX-License-Identifier: MIT
 *
 * A value is its deterministic CBOR bytes (RFC 8949, 4.2.1): equal values are equal bytes,
 * and a value of a kind this version does not know is carried along untouched.  Texts are
 * text strings, numbers integers, yes/no simple values, ids byte strings of 16, groups and
 * cells maps from text to value, "nothing" is null.
 *
 * Readers never trust: each answers false for bytes that are something else.
 */
#ifndef LINKBOOK_VALUE_H
#define LINKBOOK_VALUE_H

#include <stdbool.h>
#include <stdint.h>
#include <linkbook/buf.h>
#include <linkbook/err.h>
#include <linkbook/id.h>
#include <linkbook/kinds.h>
#include <linkbook/when.h>

struct terms;

/* Writing: each appends one value (or, for lists, the head of one). */
void value_add_text(struct buf *out, struct span text);
void value_add_int(struct buf *out, int64_t v);
void value_add_bool(struct buf *out, bool v);
void value_add_null(struct buf *out);
void value_add_bytes(struct buf *out, const void *p, size_t n);
void value_add_list(struct buf *out, size_t count); /* then count values */

/* A map's entries are written in any order into a map_maker and come out sorted.
 * Zero-initialise. */
struct map_maker {
	struct map_entry {
		struct buf key, value;
	} * entries;
	size_t count, cap;
};
/* Returns the value's buf to be filled; borrowed until the next call. */
struct buf *map_add_text(struct map_maker *m, struct span key);
struct buf *map_add_int(struct map_maker *m, int64_t key);
struct buf *map_add_bytes(struct map_maker *m, const void *p, size_t n);
/* Appends the map to out and empties the maker. */
void map_finish(struct map_maker *m, struct buf *out);

/* Reading: one item off the front of *at; false leaves *at unspecified. */
bool value_take_text(struct span *at, struct span *text);
bool value_take_int(struct span *at, int64_t *v);
bool value_take_bytes(struct span *at, struct span *bytes);
bool value_take_list(struct span *at, size_t *count);
bool value_take_map(struct span *at, size_t *pairs);
/* Any whole item, bytes as they are; false when it is not well-formed, not deterministic,
 * nested deeper than 16, or cut short. */
bool value_take_any(struct span *at, struct span *item);

/* Whole values. */
bool value_is_null(struct span v); /* true for no bytes, too */
bool value_is_text(struct span v, struct span *text);
bool value_is_int(struct span v, int64_t *n);
bool value_is_bool(struct span v, bool *b);
bool value_is_id(struct span v, struct id *id);
/* The value under a text key of a map; false when there is none. */
bool value_in_map(struct span map, const char *key, struct span *v);

/* Checks one value (of a set: one member; of rows: one row's cells) against its field's type,
 * terms and bounds; d says in words what to write.  Null passes (it clears). */
enum err MUST_USE value_check(const struct field *f, struct span v, const struct terms *terms,
			      struct diag *d);
/* False when a CHI number's first six digits are another day than the date of birth.  True where
 * one of the two is not there or cannot be read; the century is not in the number, and the digit
 * for sex is nobody's business here: it is no gender, and never blocks. */
bool value_chi_fits_birth(struct span chi, struct span date_of_birth);
/* Reads what a person typed into field f and appends the value ("" gives null).  Dates are
 * read in direction `way` from `now`.  Not for sets and rows. */
enum err MUST_USE value_read(const struct field *f, const char *typed, const struct terms *terms,
			     struct when now, enum when_way way, struct buf *out, struct diag *d);
/* Appends the value in words for a reader: terms by label ("no longer in the list" said),
 * dates said short, cells joined, "" for null. */
void value_say(const struct field *f, struct span v, const struct terms *terms, struct when now,
	       struct buf *out);
/* Appends the value as it would be typed again. */
void value_type(const struct field *f, struct span v, const struct terms *terms, struct buf *out);

#endif

/* SPDX-License-Identifier: MIT
 *
 * What a record is: record types and their fields as const tables.  Codec, checks, history,
 * merge, search, import and export are driven by these tables; a field is one line in
 * src/model/kinds_*.c and one in the screen that shows it.
 *
 * A field's value is one of three things (fold.h says how each merges):
 *   register  one value; most fields
 *   set       many terms, words, notes or records (V_CHOICES, V_WORDS, V_NOTES, V_RECORDS)
 *   rows      many small maps with an id and a position each (V_ROWS, cells)
 * Fields of one `group` are stored together, as one register with a map value under the
 * group's name, because they make sense only together (address and postcode).
 */
#ifndef LINKBOOK_KINDS_H
#define LINKBOOK_KINDS_H

#include <stdbool.h>
#include <stddef.h>

enum vtype {
	V_TEXT, /* one line */
	V_NOTE, /* many lines */
	V_DATE, /* "2026-11-24" */
	V_TIME, /* "10:00" */
	V_MOMENT, /* "2026-11-24T10:00[Europe/London]" */
	V_CHOICE, /* a term's id */
	V_CHOICES, /* a set of term ids */
	V_WORDS, /* a set of short texts without a term list */
	V_NOTES, /* a set of notes, each with its own author and time: the oldest first */
	V_CHI, /* ten digits as text */
	V_POSTCODE, /* "G51 2RT" */
	V_PHONE, /* as typed */
	V_NUMBER, /* whole number in min..max */
	V_SCALE, /* the same, asked as a scale */
	V_MONEY, /* pence */
	V_YESNO, /* true or false */
	V_RECORD, /* another record's id; `of` says of which type */
	V_RECORDS, /* a set of such ids */
	V_ROWS, /* rows of cells */
};

enum {
	FIELD_MUST = 1, /* asked for before a record is finished */
	FIELD_PRIVATE = 2, /* the practitioner's own: left out of exports unless asked for */
	FIELD_HIDDEN = 4, /* written by the program, not asked in forms */
	FIELD_EITHER = 8, /* one of a record's fields with this flag must be there */
	FIELD_BY_ACT = 16, /* written by the act it belongs to alone: amending, moving, joining */
};

struct field {
	const char *name;
	enum vtype type;
	const char *terms; /* V_CHOICE, V_CHOICES: the list in data/terms */
	const char *of; /* V_RECORD, V_RECORDS: the record type; NULL: any (hidden fields only) */
	const char *group; /* stored inside the map of this name, or NULL */
	unsigned flags;
	int min, max; /* V_NUMBER, V_SCALE, V_MONEY; texts: max is the limit in bytes */
	const struct field *cells; /* V_ROWS: ends with a NULL name */
	/* V_ROWS: the cell that tells rows apart, as fields are told apart by their names: two
	 * copies that fill it with one word write one row.  NULL: every row is its own. */
	const char *told_by;
};

/* In which store records of a kind live, and under which subject. */
enum kind_store {
	STORE_PERSON, /* caseload, under a person */
	STORE_CASELOAD, /* caseload, under the caseload itself (the notebook's owner) */
	STORE_DIRECTORY, /* a practice's directory */
};

struct kind {
	const char *name;
	enum kind_store store;
	bool is_subject; /* a person: its record id is its subject */
	/* Each record has a key of its own, under its subject's: what can be moved to the right
	 * person (or be done with) can then be destroyed where it was. */
	bool own_key;
	/* STORE_PERSON: a record may be for nobody, too; it lies under the caseload then.  One for
	 * a person stays under that person's key, so that it goes with their file and is erased
	 * with it; a mere field that names the person would leave the words behind. */
	bool for_nobody;
	bool is_note; /* can be finished; what comes later is an amendment */
	bool by_program; /* never put by anybody: all its fields are hidden */
	const struct field *fields; /* ends with a NULL name */
};

extern const struct kind kinds[]; /* ends with a NULL name */

/* NULL when there is none of that name. */
const struct kind *kind_find(const char *name);
/* A field by its name, members of groups included; NULL when there is none. */
const struct field *kind_field(const struct kind *k, const char *name);
const struct field *field_cell(const struct field *rows, const char *name);
/* The name under which a field is stored: its group's, or its own. */
const char *field_stored(const struct field *f);
bool field_is_set(const struct field *f);
const char *vtype_name(enum vtype t);
const char *kind_store_name(enum kind_store s);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Screens as data: what a list shows, what a form asks and in which order, read strictly
 * from the screen files (screens/people.yaml and so on).  A file declares meaning, not
 * layout; fields are those of the record tables, actions those of the command table.
 *
 *   list    columns, sort, open (the screen of a row), empty (what an empty list teaches),
 *           form (that adds one), filters (title, when), do (commands offered)
 *   person  timeline (of, when, how, words, open, empty), form (that changes the person),
 *           add (the forms that add to the file), do
 *   form    sections of fields: label, hint, default, way, unit, cell or cells; and when
 *           (field with is, is_not, in, set or unset) a section is asked
 *   text    sections of fields: label
 *
 * A screen that does not pass is listed as broken and the compiled-in one takes its place.
 */
#ifndef LINKBOOK_DEF_H
#define LINKBOOK_DEF_H

#include <stdbool.h>
#include <linkbook/command.h>
#include <linkbook/err.h>
#include <linkbook/kinds.h>
#include <linkbook/resource.h>
#include <linkbook/seam.h>
#include <linkbook/terms.h>
#include <linkbook/when.h>
#include <linkbook/ydoc.h>

enum def_kind { DEF_LIST, DEF_PERSON, DEF_FORM, DEF_TEXT };

/* The narrowest list that all columns must fit into; more is a mistake. */
enum { DEF_COLUMNS = 80, DEF_GAP = 2, DEF_MARKER = 3 };
/* More filters nobody goes through with a key. */
enum { DEF_FILTERS = 63 };

struct def_column {
	const char *name; /* a field, or a derived column (column.h) */
	const char *label;
	int width; /* with `grows`: at least */
	bool grows;
	int drop; /* 1: the first to go when it gets narrow; 0: stays */
};

struct def_entry {
	const struct field *field;
	const struct field *cell; /* of rows: the one cell that is asked, or the one this is */
	const char *label, *hint, *fallback, *unit;
	enum when_way way;
	struct def_entry *cells; /* of rows: those that are asked of each row */
	size_t cell_count;
};

/* All of a section's conditions must hold for it to be asked. */
enum def_test { TEST_IS, TEST_IS_NOT, TEST_IN, TEST_SET, TEST_UNSET };
struct def_when {
	const struct field *field; /* typed or picked in the same form */
	enum def_test test;
	const char **values; /* as a draft keeps them: ids of terms, yes or no, texts */
	size_t count;
};

/* What a list may be narrowed to. */
struct def_filter {
	const char *title;
	struct def_when *when;
	size_t when_count;
};

struct def_section {
	const char *title; /* or NULL */
	struct def_entry *entries;
	size_t count;
	struct def_when *when;
	size_t when_count;
};

struct def_timeline {
	const struct kind *of;
	const char *when, *how, *words, *open, *empty;
};

struct screen_def {
	const char *name;
	enum def_kind kind;
	const struct kind *of;
	const char *title, *empty;
	const char *open; /* list: the screen of a row */
	const char *form; /* list: the one that adds; text: the one that changes; or NULL */
	const struct ynode *open_at, *form_at;
	struct def_column *columns;
	size_t column_count;
	const char **sort; /* names, "-" in front: backwards */
	size_t sort_count;
	struct def_filter *filters;
	size_t filter_count;
	const char **add; /* person: the forms that F4 offers */
	size_t add_count;
	const struct ynode *add_at;
	const struct command **offers;
	size_t offer_count;
	struct def_section *sections;
	size_t section_count;
	struct def_timeline timeline;
	struct ydoc doc; /* lends the texts above */
	bool broken; /* the user's file was; this is the compiled-in one */
};

struct screens {
	struct screen_def *defs; /* by name */
	size_t count;
	struct resource_names names; /* of all files, usable or not */
	size_t broken; /* the user's files that were not right */
};

/* What screen files may refer to besides the tables. */
struct def_world {
	const struct terms *terms;
	const struct resource_names *screens;
};
/* Reads one screen; name and world are borrowed.  ERR_INPUT: every mistake in d, nothing in
 * out. */
enum err MUST_USE def_read(const char *name, const char *file, struct span yaml,
			   const struct def_world *world, struct screen_def *out, struct diag *d);
void def_fini(struct screen_def *def);

/* All screens there are files for, asking `folder` first (may be NULL).  OK with sentences in d:
 * some files were broken; where there is a compiled-in screen of the name it stands in.
 * ERR_INPUT: not even the compiled-in ones are right.  The caller frees with screens_fini whatever
 * the answer. */
enum err MUST_USE screens_load(struct seam *s, const char *folder, const struct terms *terms,
			       struct screens *out, struct diag *d);
void screens_fini(struct screens *s);
/* NULL when there is none. */
const struct screen_def *screens_find(const struct screens *s, const char *name);
/* How many of the user's files were broken. */
size_t screens_broken(const struct screens *s);
/* Whether a record meets a condition (a set or a field with rows: by what is in it). */
struct record;
bool def_holds(const struct def_when *when, const struct record *r);
bool def_offers(const struct screen_def *def, const struct command *c);

/* Columns that no field holds but that are worked out: "name" and "born" of a person...; and
 * "person", whose file it is in, of whatever belongs to one. */
struct derived {
	const char *kind, *name;
};
extern const struct derived derived_columns[]; /* ends with a NULL name */
bool derived_is(const struct kind *k, const char *name);

#endif

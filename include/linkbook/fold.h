/* SPDX-License-Identifier: MIT
 *
 * The fold: from the changes of one record to its state.  Pure: no clock, no file, no record
 * table; the same changes give the same state in whatever order they came.
 *
 *   register  holds every value that no change knowing it has superseded; several different
 *             ones are a conflict, the one with the highest stamp (then change id) first
 *   set       an add, named by (change, value), stays unless a remover had seen it
 *   rows      each row a register for its cells and one for its position
 *   bin       an edit that had not seen it beats it, even when that edit is undone
 *   finish, restrict, strike   hold until undone; a strike holds for what it had seen
 *   undo      takes (change, field) pairs out, the mark under the empty name; a redo is the
 *             undo of an undo
 *   seeds     of one source, only the highest version counts
 * A change whose ancestry is not all here is not folded; it is listed as `beside`.
 */
#ifndef LINKBOOK_FOLD_H
#define LINKBOOK_FOLD_H

#include <stdbool.h>
#include <linkbook/buf.h>
#include <linkbook/change.h>
#include <linkbook/err.h>
#include <linkbook/id.h>

struct fold_input {
	struct hash id;
	const struct change *change;
};

/* One standing value and the change that said it. */
struct said {
	struct hash change;
	int64_t stamp;
	struct span value; /* CBOR */
	bool struck; /* somebody who had seen it struck it through */
};

enum slot_kind { SLOT_REGISTER, SLOT_SET, SLOT_ROWS };

struct state_row {
	struct id id;
	int64_t place;
	struct said *said; /* [0] is shown; several different values: conflict */
	size_t count;
};

struct state_field {
	char *name;
	enum slot_kind kind;
	struct said *said; /* register: [0] is shown; set: the adds that stand, by value */
	size_t count;
	struct state_row *rows; /* those that stand, in order */
	size_t row_count;
	bool conflict;
};

/* A bin that was not undone, of one step, and holds as far as this record alone can say; a
 * person's is for the whole file, or not at all (book.h). */
struct state_bin {
	struct id step;
	bool beaten; /* somebody who had not seen it wrote something: to be looked at */
	bool lifted; /* somebody who had seen it took it out again, or wrote: it holds no more */
};

struct state {
	struct id record;
	char *type;
	struct hash *heads; /* sorted */
	size_t head_count;
	struct hash *beside; /* changes whose ancestry is incomplete, sorted */
	size_t beside_count;
	int64_t stamp; /* of the newest change folded */
	struct state_bin *bins; /* by step; lifted ones too: a person's say so for the file */
	size_t bin_count;
	bool binned; /* one of the bins is neither beaten nor lifted */
	bool finished, restricted;
	bool struck; /* some of it is; a value that is not arrived after the striking */
	bool has_unknown; /* something of a newer version: show with a notice, only read */
	struct state_field *fields; /* by name */
	size_t field_count;
	uint8_t *bytes; /* what values point into */
};

/* Folds count changes of one record.  count may be 0. */
void fold_record(const struct id *record, const struct fold_input *in, size_t count,
		 struct state *out);
void state_fini(struct state *s);
/* True when a live undo among the changes takes out `field` of a change ("" is its mark). */
bool fold_is_undone(const struct fold_input *in, size_t count, const struct hash *change,
		    struct span field);

/* Several records that are about one thing (count at least 1), as one under the first's id: all
 * values of all of them stand, and what differs is a conflict.  In the bin when all are; the
 * bins themselves are the members'.  Stands on its own afterwards. */
void state_join(const struct state *const *v, size_t count, struct state *out);

/* The state as bytes for the view (deterministic), and back. */
void state_encode(const struct state *s, struct buf *out);
enum err MUST_USE state_decode(struct span bytes, struct state *out);

/* True when the values are not all equal: that is what makes a conflict. */
bool said_differ(const struct said *v, size_t n);
const struct state_field *state_field(const struct state *s, const char *name);
/* The shown value of a register; false when nothing stands (or null). */
bool state_value(const struct state *s, const char *name, struct span *v);
size_t state_conflicts(const struct state *s);
/* Something was written by somebody who had not seen the record struck: it stands unstruck. */
bool state_arrived_after_strike(const struct state *s);

#endif

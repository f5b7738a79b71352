/* SPDX-License-Identifier: MIT
 *
 * A change is one thing done to one record, written once and never altered.  Its bytes are
 * deterministic CBOR (docs/format.md); its id is a keyed hash of them, which the store gives.
 */
#ifndef LINKBOOK_CHANGE_H
#define LINKBOOK_CHANGE_H

#include <stdbool.h>
#include <stdint.h>
#include <linkbook/buf.h>
#include <linkbook/err.h>
#include <linkbook/id.h>

enum op_kind {
	OP_SET, /* field := value */
	OP_ADD, /* value joins the set `field` */
	OP_REMOVE, /* the add of `value` made by change `seen` leaves the set */
	OP_ROW, /* row of `field`: its cells := value (null: the row goes) */
	OP_ROW_PLACE, /* row of `field`: its position := value (an integer) */
};

struct op {
	enum op_kind kind;
	struct span field; /* UTF-8 */
	struct span value; /* CBOR, see value.h */
	struct id row; /* OP_ROW, OP_ROW_PLACE */
	struct hash seen; /* OP_REMOVE */
};

/* What a change does besides its ops. */
enum mark {
	MARK_NONE,
	MARK_BIN,
	MARK_UNBIN,
	MARK_FINISH,
	MARK_AMEND,
	MARK_STRIKE,
	MARK_RESTRICT,
	MARK_RETIRE,
	MARK_ERASE,
	MARK_UNKNOWN, /* of a newer version: kept and passed on */
};

struct undone {
	struct hash change;
	struct span field;
};

/* Spans point into the decoded bytes, or to what the maker lent to be encoded. */
struct change {
	struct id record, step, writer;
	struct span type, author; /* UTF-8 */
	uint8_t salt[16];
	int64_t stamp; /* hybrid logical clock, ms since 1970 */
	struct hash *parents;
	size_t parent_count;
	struct op *ops;
	size_t op_count, op_cap;
	enum mark mark;
	struct undone *undoes;
	size_t undo_count;
	bool has_draft;
	struct id draft;
	struct span seed_source; /* empty: not seeded */
	int64_t seed_version;
	bool has_unknown; /* keys or marks of a newer version were met */
};

/* Frees the arrays, not what the spans lend. */
void change_fini(struct change *c);
/* Appends an op; spans are borrowed until the change is encoded.  Fill in row or seen. */
struct op *change_add_op(struct change *c, enum op_kind kind, struct span field, struct span value);
void change_add_parent(struct change *c, const struct hash *parent);

/* Appends the bytes.  Parents are sorted and maps come out in the order the format asks.
 * c->mark must be a mark this version knows. */
void change_encode(struct change *c, struct buf *out);
/* Reads bytes, which must outlive c.  ERR_DAMAGED when they are not a change; change_fini is
 * due only after OK. */
enum err MUST_USE change_decode(struct span bytes, struct change *c);
/* "bin", ...; "" for MARK_NONE and MARK_UNKNOWN. */
const char *mark_name(enum mark m);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Changes to bytes and back.  The layout stands in docs/format.md; a key that this version
 * does not know is not an error but a sign of a newer one (has_unknown).
 */
#include "model.h"

#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>

/* Keys of the outer map; fixed for ever. */
enum {
	KEY_RECORD = 1,
	KEY_TYPE = 2,
	KEY_STEP = 3,
	KEY_SALT = 4,
	KEY_STAMP = 5,
	KEY_WRITER = 6,
	KEY_AUTHOR = 7,
	KEY_PARENTS = 8,
	KEY_SET = 9,
	KEY_ADD = 10,
	KEY_REMOVE = 11,
	KEY_ROW = 12,
	KEY_MARK = 13,
	KEY_UNDOES = 14,
	KEY_DRAFT = 15,
	KEY_SEED = 16,
};

/* Inside a row: what of it is set. */
enum { ROW_CELLS = 0, ROW_PLACE = 1 };

static const char *const marks[] = {
	[MARK_BIN] = "bin",	  [MARK_UNBIN] = "unbin",   [MARK_FINISH] = "finish",
	[MARK_AMEND] = "amend",	  [MARK_STRIKE] = "strike", [MARK_RESTRICT] = "restrict",
	[MARK_RETIRE] = "retire", [MARK_ERASE] = "erase",   [MARK_UNKNOWN] = NULL,
};

const char *mark_name(enum mark m)
{
	return m > MARK_NONE && m < MARK_UNKNOWN ? marks[m] : "";
}

void change_fini(struct change *c)
{
	free(c->parents);
	free(c->ops);
	free(c->undoes);
	*c = (struct change){0};
}

struct op *change_add_op(struct change *c, enum op_kind kind, struct span field, struct span value)
{
	c->ops = mem_room(c->ops, c->op_count, &c->op_cap, sizeof *c->ops);
	struct op *op = &c->ops[c->op_count++];
	*op = (struct op){.kind = kind, .field = field, .value = value};
	return op;
}

void change_add_parent(struct change *c, const struct hash *parent)
{
	c->parents = mem_grow(c->parents, c->parent_count + 1, sizeof *c->parents);
	c->parents[c->parent_count++] = *parent;
}

/* --- encoding --------------------------------------------------------------------------- */

static int hash_sort(const void *a, const void *b)
{
	return hash_order(a, b);
}

/* Ops in the order of the format: by kind of map, field, row, then value and change seen. */
static int op_sort(const void *a, const void *b)
{
	const struct op *x = a, *y = b;
	enum op_kind kx = x->kind == OP_ROW_PLACE ? OP_ROW : x->kind;
	enum op_kind ky = y->kind == OP_ROW_PLACE ? OP_ROW : y->kind;
	if (kx != ky)
		return kx < ky ? -1 : 1;
	int order = span_order(x->field, y->field);
	if (!order)
		order = id_order(&x->row, &y->row);
	if (!order && x->kind != y->kind)
		order = x->kind < y->kind ? -1 : 1;
	if (!order)
		order = span_order(x->value, y->value);
	return order ? order : hash_order(&x->seen, &y->seen);
}

static void encode_set(const struct op *v, size_t n, struct map_maker *outer)
{
	struct map_maker fields = {0};
	for (size_t i = 0; i < n; i++)
		buf_add_span(map_add_text(&fields, v[i].field), v[i].value);
	map_finish(&fields, map_add_int(outer, KEY_SET));
}

static size_t same_field(const struct op *v, size_t n)
{
	size_t k = 1;
	while (k < n && span_equal(v[k].field, v[0].field))
		k++;
	return k;
}

static void encode_members(const struct op *v, size_t n, struct map_maker *outer)
{
	struct map_maker fields = {0};
	for (size_t i = 0, k; i < n; i += k) {
		k = same_field(v + i, n - i);
		struct buf *out = map_add_text(&fields, v[i].field);
		value_add_list(out, k);
		for (size_t j = i; j < i + k; j++) {
			if (v[j].kind == OP_REMOVE) {
				value_add_list(out, 2);
				value_add_bytes(out, v[j].seen.b, sizeof v[j].seen.b);
			}
			buf_add_span(out, v[j].value);
		}
	}
	map_finish(&fields, map_add_int(outer, v->kind == OP_ADD ? KEY_ADD : KEY_REMOVE));
}

static void encode_rows(const struct op *v, size_t n, struct map_maker *outer)
{
	struct map_maker fields = {0};
	for (size_t i = 0, k; i < n; i += k) {
		struct map_maker rows = {0};
		k = same_field(v + i, n - i);
		for (size_t j = i, same; j < i + k; j += same) {
			struct map_maker row = {0};
			for (same = 0; j + same < i + k && id_equal(&v[j].row, &v[j + same].row);
			     same++)
				buf_add_span(map_add_int(&row, v[j + same].kind == OP_ROW
								       ? ROW_CELLS
								       : ROW_PLACE),
					     v[j + same].value);
			map_finish(&row, map_add_bytes(&rows, v[j].row.b, sizeof v[j].row.b));
		}
		map_finish(&rows, map_add_text(&fields, v[i].field));
	}
	map_finish(&fields, map_add_int(outer, KEY_ROW));
}

static void encode_ops(struct change *c, struct map_maker *outer)
{
	if (c->op_count)
		qsort(c->ops, c->op_count, sizeof *c->ops, op_sort);
	for (size_t i = 0, k; i < c->op_count; i += k) {
		bool row = c->ops[i].kind >= OP_ROW;
		for (k = 1; i + k < c->op_count; k++)
			if (row ? c->ops[i + k].kind < OP_ROW
				: c->ops[i + k].kind != c->ops[i].kind)
				break;
		if (row)
			encode_rows(c->ops + i, k, outer);
		else if (c->ops[i].kind == OP_SET)
			encode_set(c->ops + i, k, outer);
		else
			encode_members(c->ops + i, k, outer);
	}
}

static void encode_undoes(const struct change *c, struct buf *out)
{
	value_add_list(out, c->undo_count);
	for (size_t i = 0; i < c->undo_count; i++) {
		value_add_list(out, 2);
		value_add_bytes(out, c->undoes[i].change.b, sizeof c->undoes[i].change.b);
		value_add_text(out, c->undoes[i].field);
	}
}

void change_encode(struct change *c, struct buf *out)
{
	struct map_maker m = {0};
	BUG_IF(c->mark == MARK_UNKNOWN);
	value_add_bytes(map_add_int(&m, KEY_RECORD), c->record.b, sizeof c->record.b);
	value_add_text(map_add_int(&m, KEY_TYPE), c->type);
	value_add_bytes(map_add_int(&m, KEY_STEP), c->step.b, sizeof c->step.b);
	value_add_bytes(map_add_int(&m, KEY_SALT), c->salt, sizeof c->salt);
	value_add_int(map_add_int(&m, KEY_STAMP), c->stamp);
	value_add_bytes(map_add_int(&m, KEY_WRITER), c->writer.b, sizeof c->writer.b);
	value_add_text(map_add_int(&m, KEY_AUTHOR), c->author);
	if (c->parent_count)
		qsort(c->parents, c->parent_count, sizeof *c->parents, hash_sort);
	struct buf *parents = map_add_int(&m, KEY_PARENTS);
	value_add_list(parents, c->parent_count);
	for (size_t i = 0; i < c->parent_count; i++)
		value_add_bytes(parents, c->parents[i].b, sizeof c->parents[i].b);
	encode_ops(c, &m);
	if (c->mark)
		value_add_text(map_add_int(&m, KEY_MARK), span_text(mark_name(c->mark)));
	if (c->undo_count)
		encode_undoes(c, map_add_int(&m, KEY_UNDOES));
	if (c->has_draft)
		value_add_bytes(map_add_int(&m, KEY_DRAFT), c->draft.b, sizeof c->draft.b);
	if (c->seed_source.n) {
		struct buf *seed = map_add_int(&m, KEY_SEED);
		value_add_list(seed, 2);
		value_add_text(seed, c->seed_source);
		value_add_int(seed, c->seed_version);
	}
	map_finish(&m, out);
}

/* --- decoding --------------------------------------------------------------------------- */

static bool read_parents(struct span *v, struct change *c)
{
	size_t count;
	struct hash parent;
	if (!value_take_list(v, &count))
		return false;
	while (count--) {
		if (!value_take_exact(v, parent.b, sizeof parent.b))
			return false;
		change_add_parent(c, &parent);
	}
	return true;
}

static bool read_set(struct span *v, struct change *c)
{
	size_t pairs;
	struct span field, value;
	if (!value_take_map(v, &pairs))
		return false;
	while (pairs--) {
		if (!value_take_text(v, &field) || !value_take_any(v, &value))
			return false;
		change_add_op(c, OP_SET, field, value);
	}
	return true;
}

static bool read_member(struct span *v, struct change *c, enum op_kind kind, struct span field)
{
	size_t two;
	struct hash seen = {{0}};
	struct span value;
	if (kind == OP_REMOVE &&
	    (!value_take_list(v, &two) || two != 2 || !value_take_exact(v, seen.b, sizeof seen.b)))
		return false;
	bool whole = value_take_any(v, &value);
	if (whole)
		change_add_op(c, kind, field, value)->seen = seen;
	return whole;
}

static bool read_members(struct span *v, struct change *c, enum op_kind kind)
{
	size_t pairs, count;
	struct span field;
	if (!value_take_map(v, &pairs))
		return false;
	while (pairs--) {
		if (!value_take_text(v, &field) || !value_take_list(v, &count))
			return false;
		while (count--)
			if (!read_member(v, c, kind, field))
				return false;
	}
	return true;
}

static bool read_add(struct span *v, struct change *c)
{
	return read_members(v, c, OP_ADD);
}

static bool read_remove(struct span *v, struct change *c)
{
	return read_members(v, c, OP_REMOVE);
}

static bool read_one_row(struct span *v, struct change *c, struct span field)
{
	struct id row;
	size_t parts;
	int64_t what;
	struct span value;
	if (!value_take_exact(v, row.b, sizeof row.b) || !value_take_map(v, &parts))
		return false;
	while (parts--) {
		if (!value_take_int(v, &what) || !value_take_any(v, &value))
			return false;
		if (what == ROW_CELLS)
			change_add_op(c, OP_ROW, field, value)->row = row;
		else if (what == ROW_PLACE)
			change_add_op(c, OP_ROW_PLACE, field, value)->row = row;
		else
			c->has_unknown = true;
	}
	return true;
}

static bool read_rows(struct span *v, struct change *c)
{
	size_t pairs, rows;
	struct span field;
	if (!value_take_map(v, &pairs))
		return false;
	while (pairs--) {
		if (!value_take_text(v, &field) || !value_take_map(v, &rows))
			return false;
		while (rows--)
			if (!read_one_row(v, c, field))
				return false;
	}
	return true;
}

static bool read_mark(struct span *v, struct change *c)
{
	struct span name;
	if (!value_take_text(v, &name))
		return false;
	c->mark = MARK_UNKNOWN;
	for (enum mark m = MARK_BIN; m < MARK_UNKNOWN; m++)
		if (span_is(name, marks[m]))
			c->mark = m;
	c->has_unknown |= c->mark == MARK_UNKNOWN;
	return true;
}

static bool read_undoes(struct span *v, struct change *c)
{
	size_t count, two;
	if (!value_take_list(v, &count))
		return false;
	c->undoes = mem_alloc_many(count, sizeof *c->undoes);
	while (count--) {
		struct undone *u = &c->undoes[c->undo_count++];
		if (!value_take_list(v, &two) || two != 2 ||
		    !value_take_exact(v, u->change.b, sizeof u->change.b) ||
		    !value_take_text(v, &u->field))
			return false;
	}
	return true;
}

static bool read_seed(struct span *v, struct change *c)
{
	size_t two;
	return value_take_list(v, &two) && two == 2 && value_take_text(v, &c->seed_source) &&
	       value_take_int(v, &c->seed_version);
}

static bool read_record(struct span *v, struct change *c)
{
	return value_take_exact(v, c->record.b, sizeof c->record.b);
}

static bool read_type(struct span *v, struct change *c)
{
	return value_take_text(v, &c->type) && c->type.n > 0 && c->type.n <= 64;
}

static bool read_step(struct span *v, struct change *c)
{
	return value_take_exact(v, c->step.b, sizeof c->step.b);
}

static bool read_salt(struct span *v, struct change *c)
{
	return value_take_exact(v, c->salt, sizeof c->salt);
}

static bool read_stamp(struct span *v, struct change *c)
{
	return value_take_int(v, &c->stamp);
}

static bool read_writer(struct span *v, struct change *c)
{
	return value_take_exact(v, c->writer.b, sizeof c->writer.b);
}

static bool read_author(struct span *v, struct change *c)
{
	return value_take_text(v, &c->author);
}

static bool read_draft(struct span *v, struct change *c)
{
	c->has_draft = true;
	return value_take_exact(v, c->draft.b, sizeof c->draft.b);
}

static bool (*const readers[])(struct span *, struct change *) = {
	[KEY_RECORD] = read_record, [KEY_TYPE] = read_type,	  [KEY_STEP] = read_step,
	[KEY_SALT] = read_salt,	    [KEY_STAMP] = read_stamp,	  [KEY_WRITER] = read_writer,
	[KEY_AUTHOR] = read_author, [KEY_PARENTS] = read_parents, [KEY_SET] = read_set,
	[KEY_ADD] = read_add,	    [KEY_REMOVE] = read_remove,	  [KEY_ROW] = read_rows,
	[KEY_MARK] = read_mark,	    [KEY_UNDOES] = read_undoes,	  [KEY_DRAFT] = read_draft,
	[KEY_SEED] = read_seed,
};

/* The first eight keys are in every change. */
enum { KEYS_DUE = (1 << (KEY_PARENTS + 1)) - 2 };

static bool read_change(struct span at, struct change *c)
{
	struct span whole = at, item;
	size_t pairs;
	unsigned had = 0;
	if (!value_take_any(&whole, &item) || whole.n || !value_take_map(&at, &pairs))
		return false;
	while (pairs--) {
		int64_t key;
		if (!value_take_int(&at, &key) || !value_take_any(&at, &item))
			return false;
		if (key < KEY_RECORD || key > KEY_SEED) {
			c->has_unknown = true;
			continue;
		}
		had |= 1u << key;
		if (!readers[key](&item, c) || item.n)
			return false;
	}
	return (had & KEYS_DUE) == KEYS_DUE;
}

enum err change_decode(struct span bytes, struct change *c)
{
	*c = (struct change){0};
	if (read_change(bytes, c))
		return OK;
	change_fini(c);
	return ERR_DAMAGED;
}

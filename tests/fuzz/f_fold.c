/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: changes of one record, as any bytes or as decisions taken from them (parents,
 * fields, marks, undos among a few), folded.  The state is the same in whatever order they
 * come and however often, goes through bytes and back, and loses no change.
 */
#include "fuzz.h"

#include <linkbook/fold.h>
#include <linkbook/mem.h>
#include <linkbook/value.h>

enum { CHANGES_MOST = 24, VALUES = 8, VALUES_BYTES = 256 };

struct set {
	struct buf bytes[CHANGES_MOST];
	struct change v[CHANGES_MOST];
	struct hash ids[CHANGES_MOST];
	size_t count;
};

/* The n-th change's name: their order among each other is to be by no means that of making. */
static struct hash name_of(size_t n)
{
	struct hash h = {{(uint8_t)(n * 37 + 11), (uint8_t)n}};
	return h;
}

/* --- changes by decisions --------------------------------------------------------------- */

static const char *const fields[] = {"given_name", "risks", "phone", "note", ""};

static struct span some_value(struct feed *f)
{
	static struct buf values[VALUES];
	static size_t next;
	struct buf *b = &values[next++ % VALUES];
	unsigned what = feed_below(f, 6);
	buf_clear(b);
	if (what == 0)
		value_add_null(b);
	else if (what == 1)
		value_add_int(b, (int8_t)feed_byte(f));
	else
		value_add_text(b, span_text(what == 2 ? "a" : what == 3 ? "b" : "c"));
	return buf_span(b);
}

static struct hash some_change(struct feed *f)
{
	return name_of(feed_below(f, CHANGES_MOST + 1));
}

static void add_ops(struct feed *f, struct buf *values, struct change *c)
{
	for (unsigned ops = feed_below(f, 4); ops; ops--) {
		enum op_kind kind = (enum op_kind)feed_below(f, 5);
		struct span value = some_value(f);
		uint8_t *at = values->p + values->n;
		buf_add_span(values, value);
		struct op *op = change_add_op(c, kind, span_text(fields[feed_below(f, 5)]),
					      span_of(at, value.n));
		if (kind == OP_REMOVE)
			op->seen = some_change(f);
		if (kind >= OP_ROW)
			op->row.b[0] = (uint8_t)feed_below(f, 3);
	}
}

static bool sets_twice(const struct change *c)
{
	for (size_t i = 0; i < c->op_count; i++)
		for (size_t j = 0; j < i; j++)
			if ((c->ops[i].kind == OP_SET || c->ops[i].kind >= OP_ROW) &&
			    c->ops[i].kind == c->ops[j].kind &&
			    span_equal(c->ops[i].field, c->ops[j].field) &&
			    id_equal(&c->ops[i].row, &c->ops[j].row))
				return true;
	return false;
}

/* Among its parents may be one that never comes, or that comes after it. */
static void make_change(struct feed *f, struct buf *out)
{
	struct change c = {.type = span_text(feed_below(f, 5) ? "person" : "other")};
	struct buf values = BUF_INIT;
	struct undone undone;
	buf_reserve(&values, VALUES_BYTES); /* so that they lie still */
	c.stamp = (int8_t)feed_byte(f);
	c.step.b[0] = (uint8_t)feed_below(f, 3);
	c.mark = (enum mark)feed_below(f, MARK_UNKNOWN);
	for (unsigned parents = feed_below(f, 4); parents; parents--) {
		struct hash parent = some_change(f);
		change_add_parent(&c, &parent);
	}
	add_ops(f, &values, &c);
	if (!feed_below(f, 4)) {
		undone = (struct undone){some_change(f), span_text(fields[feed_below(f, 5)])};
		c.undoes = &undone;
		c.undo_count = 1;
	}
	if (!feed_below(f, 5)) {
		c.seed_source = span_text("ashgill");
		c.seed_version = feed_below(f, 3);
	}
	if (!sets_twice(&c))
		change_encode(&c, out);
	c.undoes = NULL;
	change_fini(&c);
	buf_fini(&values);
}

/* Ids are hashes, so that a change can name none that was made after it. */
static void turn_round(struct hash *named, const struct set *s)
{
	for (size_t i = s->count; i < CHANGES_MOST; i++) {
		struct hash later = name_of(i);
		if (hash_equal(named, &later))
			*named = name_of(CHANGES_MOST);
	}
}

static void turn_all_round(struct change *c, const struct set *s)
{
	for (size_t i = 0; i < c->parent_count; i++)
		turn_round(&c->parents[i], s);
	for (size_t i = 0; i < c->undo_count; i++)
		turn_round(&c->undoes[i].change, s);
}

static void take_set(struct feed *f, bool as_bytes, struct set *s)
{
	while (f->rest.n && s->count < CHANGES_MOST) {
		struct buf *bytes = &s->bytes[s->count];
		*bytes = (struct buf)BUF_INIT;
		if (as_bytes)
			buf_add_span(bytes, feed_piece(f));
		else
			make_change(f, bytes);
		s->ids[s->count] = name_of(s->count);
		if (change_decode(buf_span(bytes), &s->v[s->count])) {
			buf_fini(bytes);
			continue;
		}
		turn_all_round(&s->v[s->count], s);
		s->count++;
	}
}

/* --- folded ----------------------------------------------------------------------------- */

enum order { AS_MADE, BACKWARDS, TWICE, ORDERS };

static void fold_in(const struct set *s, enum order order, struct state *out)
{
	struct fold_input in[2 * CHANGES_MOST];
	struct id record = {{7}};
	size_t n = 0;
	for (size_t i = 0; i < s->count; i++) {
		size_t k = order == BACKWARDS ? s->count - 1 - i : i;
		in[n++] = (struct fold_input){s->ids[k], &s->v[k]};
		if (order == TWICE)
			in[n++] = (struct fold_input){s->ids[s->count - 1 - i],
						      &s->v[s->count - 1 - i]};
	}
	fold_record(&record, in, n, out);
}

static void check_state(const struct set *s, const struct state *st)
{
	HOLDS(st->head_count + st->beside_count <= s->count);
	HOLDS(!s->count || st->head_count + st->beside_count);
	for (size_t i = 0; i < st->field_count; i++) {
		const struct state_field *f = &st->fields[i];
		HOLDS(state_field(st, f->name));
		HOLDS(!f->conflict || f->count > 1 || f->row_count);
		for (size_t r = 0; r < f->row_count; r++)
			HOLDS(f->rows[r].count);
	}
	state_conflicts(st);
	state_arrived_after_strike(st);
}

static void check_bytes(const struct buf *bytes)
{
	struct state st;
	struct buf again = BUF_INIT;
	HOLDS(!state_decode(buf_span(bytes), &st));
	state_encode(&st, &again);
	HOLDS(span_equal(buf_span(bytes), buf_span(&again)));
	state_fini(&st);
	buf_fini(&again);
}

/* One record that is told to be two is the same with itself. */
static void check_join(const struct state *st)
{
	const struct state *const pair[] = {st, st};
	struct state joined;
	state_join(pair, 2, &joined);
	HOLDS(id_equal(&joined.record, &st->record) && joined.field_count == st->field_count);
	state_fini(&joined);
}

static void check_folds(const struct set *s)
{
	struct buf first = BUF_INIT, other = BUF_INIT;
	for (enum order o = AS_MADE; o < ORDERS; o++) {
		struct state st;
		fold_in(s, o, &st);
		if (o == AS_MADE && s->count) {
			check_state(s, &st);
			check_join(&st);
		}
		buf_clear(&other);
		if (s->count)
			state_encode(&st, o == AS_MADE ? &first : &other);
		HOLDS(o == AS_MADE || span_equal(buf_span(&first), buf_span(&other)));
		state_fini(&st);
	}
	if (s->count)
		check_bytes(&first);
	buf_fini(&first);
	buf_fini(&other);
}

/* Bytes as a state, as they would come from a view: taken or refused, and stable when taken. */
static void check_raw_state(struct span bytes)
{
	struct state st;
	struct buf once = BUF_INIT;
	if (state_decode(bytes, &st))
		return;
	if (st.type) {
		state_encode(&st, &once);
		check_bytes(&once);
	}
	state_fini(&st);
	buf_fini(&once);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct feed f = {span_of(data, n)};
	struct set s = {.count = 0};
	unsigned way = feed_below(&f, 3);
	if (way == 2) {
		check_raw_state(f.rest);
		return 0;
	}
	take_set(&f, way == 1, &s);
	check_folds(&s);
	for (size_t i = 0; i < s.count; i++) {
		change_fini(&s.v[i]);
		buf_fini(&s.bytes[i]);
	}
	return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: any bytes as a change.  One that is accepted and has nothing of a newer version
 * in it says the same when it is written out and read again, and from then on stays as it is.
 */
#include "fuzz.h"

#include <linkbook/change.h>
#include <linkbook/text.h>
#include <linkbook/value.h>

static bool same_id(const struct id *a, const struct id *b)
{
	return id_equal(a, b);
}

static void check_op(const struct op *a, const struct op *b)
{
	HOLDS(a->kind == b->kind && span_equal(a->field, b->field));
	HOLDS(span_equal(a->value, b->value) && same_id(&a->row, &b->row));
	HOLDS(hash_equal(&a->seen, &b->seen));
}

static void check_same(const struct change *a, const struct change *b)
{
	HOLDS(same_id(&a->record, &b->record) && same_id(&a->step, &b->step));
	HOLDS(same_id(&a->writer, &b->writer) && span_equal(a->type, b->type));
	HOLDS(span_equal(a->author, b->author) && a->stamp == b->stamp && a->mark == b->mark);
	HOLDS(!memcmp(a->salt, b->salt, sizeof a->salt));
	HOLDS(a->parent_count == b->parent_count && a->op_count == b->op_count);
	HOLDS(a->undo_count == b->undo_count && a->has_draft == b->has_draft);
	HOLDS(same_id(&a->draft, &b->draft) && span_equal(a->seed_source, b->seed_source));
	HOLDS(!a->seed_source.n || a->seed_version == b->seed_version);
	for (size_t i = 0; i < a->parent_count; i++)
		HOLDS(hash_equal(&a->parents[i], &b->parents[i]));
	for (size_t i = 0; i < a->op_count; i++)
		check_op(&a->ops[i], &b->ops[i]);
	for (size_t i = 0; i < a->undo_count; i++)
		HOLDS(hash_equal(&a->undoes[i].change, &b->undoes[i].change) &&
		      span_equal(a->undoes[i].field, b->undoes[i].field));
}

static void check_texts(const struct change *c)
{
	HOLDS(text_is_utf8(c->type) && c->type.n && c->type.n <= 64);
	HOLDS(text_is_utf8(c->author) && text_is_utf8(c->seed_source));
	for (size_t i = 0; i < c->op_count; i++) {
		struct span value = c->ops[i].value, item;
		HOLDS(text_is_utf8(c->ops[i].field));
		HOLDS(value_take_any(&value, &item) && !value.n);
	}
}

/* Encoding puts both in order, so that they can be compared one by one. */
static void check_again(struct change *c)
{
	struct buf once = BUF_INIT, twice = BUF_INIT;
	struct change again;
	change_encode(c, &once);
	HOLDS(!change_decode(buf_span(&once), &again));
	HOLDS(!again.has_unknown);
	change_encode(&again, &twice);
	check_same(c, &again);
	HOLDS(span_equal(buf_span(&once), buf_span(&twice)));
	change_fini(&again);
	buf_fini(&twice);
	buf_fini(&once);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct change c;
	struct span bytes = span_of(data, n), at = bytes, item;
	bool is_value = value_take_any(&at, &item) && !at.n;
	enum err e = change_decode(bytes, &c);
	HOLDS(!e || e == ERR_DAMAGED);
	if (e)
		return 0;
	HOLDS(is_value);
	check_texts(&c);
	if (!c.has_unknown)
		check_again(&c);
	change_fini(&c);
	return 0;
}

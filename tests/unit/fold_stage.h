/* SPDX-License-Identifier: MIT
 *
 * Changes made by hand, with few words, and folded; for the tests of the fold.
 */
#ifndef FOLD_STAGE_H
#define FOLD_STAGE_H

#include <linkbook/fold.h>
#include <linkbook/value.h>

#include "unit.h"

#define UNUSED_OK __attribute__((unused))

enum { MOST = 16 };

static struct change made[MOST];
static struct hash ids[MOST];
static struct buf values[64];
static size_t made_count, value_count;
static struct state state;
UNUSED_OK static struct undone named[MOST];
static size_t named_count;

static void setup(void)
{
	memset(made, 0, sizeof made);
	made_count = value_count = named_count = 0;
}

static void unfold(void)
{
	for (size_t i = 0; i < made_count; i++)
		change_fini(&made[i]);
	for (size_t i = 0; i < value_count; i++)
		buf_fini(&values[i]);
}

static struct span text(const char *t)
{
	struct buf *b = &values[value_count++];
	*b = (struct buf)BUF_INIT;
	value_add_text(b, span_text(t));
	return buf_span(b);
}

UNUSED_OK static struct span null(void)
{
	struct buf *b = &values[value_count++];
	*b = (struct buf)BUF_INIT;
	value_add_null(b);
	return buf_span(b);
}

UNUSED_OK static struct span number(int64_t n)
{
	struct buf *b = &values[value_count++];
	*b = (struct buf)BUF_INIT;
	value_add_int(b, n);
	return buf_span(b);
}

/* Change number n (its id starts with n); parents are numbers, ended by 0. */
static struct change *change(size_t n, int64_t stamp, const size_t *parents)
{
	struct change *c = &made[made_count];
	c->type = span_text("person");
	c->stamp = stamp;
	ids[made_count].b[0] = (uint8_t)n;
	for (; *parents; parents++) {
		struct hash p = {{(uint8_t)*parents}};
		change_add_parent(c, &p);
	}
	made_count++;
	return c;
}

#define AFTER(...) ((const size_t[]){__VA_ARGS__, 0})
#define FIRST	   ((const size_t[]){0})

UNUSED_OK static void set(struct change *c, const char *field, const char *value)
{
	change_add_op(c, OP_SET, span_text(field), text(value));
}

/* Folds in three orders with one change twice, through bytes and back: always the same. */
static const struct state *folded(void)
{
	struct fold_input in[MOST + 1];
	struct id record = {{0}};
	struct buf first = BUF_INIT;
	for (int order = 0; order < 3; order++) {
		struct state s;
		struct buf bytes = BUF_INIT;
		for (size_t i = 0; i < made_count; i++) {
			size_t k = order == 0	? i
				   : order == 1 ? made_count - 1 - i
						: (i + 1) % made_count;
			in[i] = (struct fold_input){ids[k], &made[k]};
		}
		in[made_count] = in[0];
		fold_record(&record, in, made_count + (order == 2), &s);
		state_encode(&s, &bytes);
		state_fini(&s);
		if (!order)
			buf_add_span(&first, buf_span(&bytes));
		ck_assert(span_equal(buf_span(&first), buf_span(&bytes)));
		buf_fini(&bytes);
	}
	ck_assert_int_eq(state_decode(buf_span(&first), &state), OK);
	buf_fini(&first);
	return &state;
}

UNUSED_OK static void shows(const struct state *s, const char *field, const char *want)
{
	struct span v, t = {NULL, 0};
	ck_assert_msg(state_value(s, field, &v) && value_is_text(v, &t), "%s is unset", field);
	ck_assert_msg(span_is(t, want), "%s is %.*s", field, (int)t.n, (const char *)t.p);
}

static void teardown(void)
{
	state_fini(&state);
	unfold();
}

#endif

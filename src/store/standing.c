/* SPDX-License-Identifier: MIT
 *
 * Which slots stay: a pure function of the retirements that are known, so that copies which
 * know the same agree, in whatever order it came to them.
 *
 * A retirement names the slot that goes and the keeper, the slot its maker relied on.
 *
 *   void      one that retires the keeper of a later one whose maker knew it: who makes a
 *             retirement says with it that the keeper stays
 *   counts    of the rest, draw an arrow from each slot to its keeper; those that lie on no
 *             circle of arrows count
 *
 * Arrows that count lead out of every circle and never back, so that from any slot they end at
 * one that stays: copies that retired each other's slot, two or in a ring, cannot together
 * leave none.  Somebody who knew all of a ring breaks it by retiring again.
 */
#include "store_impl.h"

#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>

/* --- reading them ----------------------------------------------------------------------- */

struct gathering {
	struct standing *st;
	size_t cap;
	struct buf lengths;
};

static bool gather(void *arg, struct span key, struct span value)
{
	struct gathering *g = arg;
	struct retirement r;
	struct standing *st = g->st;
	if (key.n != sizeof r.id.b || !unpack_retirement(value, &r))
		return true;
	memcpy(r.id.b, key.p, sizeof r.id.b);
	st->v = mem_room(st->v, st->count, &g->cap, sizeof *st->v);
	st->v[st->count++] = (struct standing_one){.r = r};
	buf_add_u32(&g->lengths, (uint32_t)value.n);
	buf_add_span(&st->bytes, value);
	return true;
}

/* The bytes have stopped moving: let the spans point into them. */
static void point_again(struct gathering *g)
{
	struct reader lengths = {buf_span(&g->lengths), false};
	struct reader bytes = {buf_span(&g->st->bytes), false};
	for (size_t i = 0; i < g->st->count; i++) {
		struct retirement *r = &g->st->v[i].r;
		struct hash id = r->id;
		uint32_t n = reader_u32(&lengths);
		BUG_IF(!unpack_retirement(reader_take(&bytes, n), r));
		r->id = id;
	}
}

/* --- who knew whom ---------------------------------------------------------------------- */

static size_t find(const struct standing *st, const uint8_t *id)
{
	size_t low = 0, high = st->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = memcmp(st->v[middle].r.id.b, id, sizeof(struct hash));
		if (!order)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return SIZE_MAX;
}

bool standing_saw(const struct standing *st, size_t i, size_t j)
{
	return st->saw[i * st->count + j];
}

/* Everything that the maker of i knew, as far as it is here. */
static void mark_seen(struct standing *st, size_t i, size_t *stack)
{
	bool *saw = st->saw + i * st->count;
	size_t depth = 0;
	stack[depth++] = i;
	while (depth) {
		struct span seen = st->v[stack[--depth]].r.seen;
		for (size_t at = 0; at < seen.n; at += sizeof(struct hash)) {
			size_t j = find(st, seen.p + at);
			if (j != SIZE_MAX && !saw[j]) {
				saw[j] = true;
				stack[depth++] = j;
			}
		}
	}
}

/* --- by the slot that goes -------------------------------------------------------------- */

struct by_slot {
	const struct hash *slot;
	size_t at;
};

static int slot_sort(const void *a, const void *b)
{
	return hash_order(((const struct by_slot *)a)->slot, ((const struct by_slot *)b)->slot);
}

/* Those that are not void; *count of them. */
static struct by_slot *sort_drawn(const struct standing *st, const bool *drawn, size_t *count)
{
	struct by_slot *v = mem_alloc_many(st->count, sizeof *v);
	*count = 0;
	for (size_t i = 0; i < st->count; i++)
		if (drawn[i])
			v[(*count)++] = (struct by_slot){&st->v[i].r.slot, i};
	if (*count)
		qsort(v, *count, sizeof *v, slot_sort);
	return v;
}

static size_t first_of(const struct by_slot *v, size_t count, const struct hash *slot)
{
	size_t low = 0;
	while (low < count) {
		size_t middle = (low + count) / 2;
		if (hash_order(v[middle].slot, slot) < 0)
			low = middle + 1;
		else
			count = middle;
	}
	return low;
}

/* --- which count ------------------------------------------------------------------------ */

static bool is_void(const struct standing *st, size_t j)
{
	for (size_t i = 0; i < st->count; i++)
		if (i != j && hash_equal(&st->v[i].r.keeper, &st->v[j].r.slot) &&
		    standing_saw(st, i, j))
			return true;
	return false;
}

/* Whether arrows lead from the keeper of i back to its slot. */
static bool is_on_circle(const struct standing *st, const struct by_slot *drawn, size_t count,
			 size_t i, bool *been, size_t *stack)
{
	size_t depth = 0;
	memset(been, 0, st->count * sizeof *been);
	been[i] = true;
	stack[depth++] = i;
	while (depth) {
		const struct hash *at = &st->v[stack[--depth]].r.keeper;
		if (hash_equal(at, &st->v[i].r.slot))
			return true;
		for (size_t k = first_of(drawn, count, at);
		     k < count && hash_equal(drawn[k].slot, at); k++)
			if (!been[drawn[k].at]) {
				been[drawn[k].at] = true;
				stack[depth++] = drawn[k].at;
			}
	}
	return false;
}

static void count_them(struct standing *st, size_t *stack)
{
	bool *drawn = mem_alloc_many(st->count, sizeof *drawn);
	bool *been = mem_alloc_many(st->count, sizeof *been);
	for (size_t i = 0; i < st->count; i++)
		drawn[i] = !is_void(st, i);
	size_t count;
	struct by_slot *sorted = sort_drawn(st, drawn, &count);
	for (size_t i = 0; i < st->count; i++) {
		if (drawn[i]) {
			st->v[i].on_circle = is_on_circle(st, sorted, count, i, been, stack);
			st->v[i].counts = !st->v[i].on_circle;
		}
	}
	free(sorted);
	free(been);
	free(drawn);
}

void standing_find(struct standing *st, struct txn *t)
{
	struct gathering g = {.st = st};
	*st = (struct standing){0};
	txn_scan(t, t->shelf->db[DB_RETIRE], span_of("", 0), gather, &g);
	point_again(&g);
	buf_fini(&g.lengths);
	st->saw = mem_alloc_many(st->count * st->count, sizeof *st->saw);
	size_t *stack = mem_alloc_many(st->count + 1, sizeof *stack);
	for (size_t i = 0; i < st->count; i++)
		mark_seen(st, i, stack);
	count_them(st, stack);
	free(stack);
}

const struct retirement *standing_of(const struct standing *st, const struct hash *slot)
{
	for (size_t i = 0; i < st->count; i++)
		if (st->v[i].counts && hash_equal(&st->v[i].r.slot, slot))
			return &st->v[i].r;
	return NULL;
}

void standing_fini(struct standing *st)
{
	free(st->v);
	free(st->saw);
	buf_fini(&st->bytes);
	*st = (struct standing){0};
}

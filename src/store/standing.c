/* SPDX-License-Identifier: MIT
 *
 * Which slots stay: a pure function of the retirements that are known, so that copies which
 * know the same agree, in whatever order it came to them.
 *
 * A retirement names the slot that goes and its keeper, the slot its maker relied on.
 *
 *   void      one that retires the keeper of a later one whose maker knew it: who makes a
 *             retirement says with it that the keeper stays
 *   counts    of the rest, draw an arrow from each slot to its keeper; those that lie on no
 *             circle of arrows count
 *
 * Arrows that count lead out of every circle and never back, so that from any slot they end at
 * one that stays: copies that retired each other's slot, two or in a ring, cannot together
 * leave none.  Somebody who knew all of a ring breaks it by retiring again.
 *
 * Whoever has a store's key can write any number of retirements, so nothing here takes more than
 * a walk over them for each 64 questions of "did this one know that one?".
 */
#include "store_impl.h"

#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>

enum { NONE = -1, BATCH = 64 };

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

/* --- by the slot that goes --------------------------------------------------------------- */

struct by_slot {
	struct hash slot;
	size_t at;
};

static int slot_sort(const void *a, const void *b)
{
	const struct by_slot *x = a, *y = b;
	int order = hash_order(&x->slot, &y->slot);
	return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* The first of those that retire a slot, in st->sorted. */
static size_t first_of(const struct standing *st, const struct hash *slot)
{
	size_t low = 0, count = st->count;
	while (low < count) {
		size_t middle = (low + count) / 2;
		if (hash_order(&st->sorted[middle].slot, slot) < 0)
			low = middle + 1;
		else
			count = middle;
	}
	return low;
}

/* Each slot that is retired has a number: where its first retirement stands among the sorted. */
static void number_slots(struct standing *st)
{
	st->sorted = mem_alloc_many(st->count, sizeof *st->sorted);
	for (size_t i = 0; i < st->count; i++)
		st->sorted[i] = (struct by_slot){st->v[i].r.slot, i};
	if (st->count)
		qsort(st->sorted, st->count, sizeof *st->sorted, slot_sort);
	for (size_t i = 0; i < st->count; i++) {
		struct standing_one *one = &st->v[i];
		size_t keeper = first_of(st, &one->r.keeper);
		bool goes =
			keeper < st->count && hash_equal(&st->sorted[keeper].slot, &one->r.keeper);
		one->slot = (ptrdiff_t)first_of(st, &one->r.slot);
		one->keeper = goes ? (ptrdiff_t)keeper : NONE;
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

/* What each names as seen and is here: st->seen, from first to the next one's first. */
static void find_seen(struct standing *st)
{
	size_t cap = 0;
	for (size_t i = 0; i < st->count; i++) {
		struct span seen = st->v[i].r.seen;
		st->v[i].first = st->seen_count;
		for (size_t at = 0; at < seen.n; at += sizeof(struct hash)) {
			size_t j = find(st, seen.p + at);
			if (j == SIZE_MAX)
				continue;
			st->seen = mem_room(st->seen, st->seen_count, &cap, sizeof *st->seen);
			st->seen[st->seen_count++] = j;
			st->v[j].named++;
		}
	}
}

static size_t end_of(const struct standing *st, size_t i)
{
	return i + 1 < st->count ? st->v[i + 1].first : st->seen_count;
}

/* Newest first: after all that name it. */
static void find_order(struct standing *st)
{
	size_t *waits = mem_alloc_many(st->count, sizeof *waits);
	st->order = mem_alloc_many(st->count, sizeof *st->order);
	for (size_t i = 0; i < st->count; i++) {
		waits[i] = st->v[i].named;
		if (!waits[i])
			st->order[st->ordered++] = i;
	}
	for (size_t at = 0; at < st->ordered; at++) {
		size_t i = st->order[at];
		st->v[i].age = at;
		for (size_t k = st->v[i].first; k < end_of(st, i); k++)
			if (!--waits[st->seen[k]])
				st->order[st->ordered++] = st->seen[k];
	}
	free(waits);
}

/* Up to 64 questions at once, a bit each: asks[i] holds those that ask of i what it saw; after
 * this hears[j] holds those of them that saw j. */
static void spread(struct standing *st, const uint64_t *asks, uint64_t *hears)
{
	memset(hears, 0, st->count * sizeof *hears);
	for (size_t at = 0; at < st->ordered; at++) {
		size_t i = st->order[at];
		uint64_t tells = asks[i] | hears[i];
		st->work++;
		for (size_t k = st->v[i].first; tells && k < end_of(st, i); k++) {
			hears[st->seen[k]] |= tells;
			st->work++;
		}
	}
}

/* --- which count ------------------------------------------------------------------------ */

/* The question for each slot: did anybody who relied on it know that it was retired? */
static void find_void(struct standing *st)
{
	uint64_t *asks = mem_alloc_many(st->count, sizeof *asks);
	uint64_t *hears = mem_alloc_many(st->count, sizeof *hears);
	ptrdiff_t *question = mem_alloc_many(st->count, sizeof *question); /* by slot number */
	ptrdiff_t questions = 0;
	for (size_t i = 0; i < st->count; i++)
		if (st->v[i].keeper != NONE && !question[st->v[i].keeper])
			question[st->v[i].keeper] = ++questions;
	for (ptrdiff_t from = 0; from < questions; from += BATCH) {
		for (size_t i = 0; i < st->count; i++) {
			ptrdiff_t q =
				st->v[i].keeper == NONE ? NONE : question[st->v[i].keeper] - 1;
			asks[i] = q >= from && q < from + BATCH ? (uint64_t)1 << (q - from) : 0;
		}
		spread(st, asks, hears);
		for (size_t j = 0; j < st->count; j++) {
			ptrdiff_t q = question[st->v[j].slot] - 1;
			if (q >= from && q < from + BATCH)
				st->v[j].is_void |= hears[j] >> (q - from) & 1;
		}
	}
	free(question);
	free(hears);
	free(asks);
}

/* Arrows from slot to keeper, walked depth first: those within one strongly connected part lie
 * on a circle (Tarjan's algorithm, on a stack of its own). */
struct walk {
	struct standing *st;
	size_t *low, *number; /* by slot; number 0: not reached yet */
	bool *open; /* its part is not closed yet */
	size_t *next; /* by slot: where in st->sorted its next arrow is looked for */
	size_t *path, depth, *parts, part_depth, numbered;
	size_t *part; /* by slot: of which part it is, by its first slot's number */
};

static void enter(struct walk *w, size_t slot)
{
	w->number[slot] = w->low[slot] = ++w->numbered;
	w->next[slot] = slot;
	w->open[slot] = true;
	w->path[w->depth++] = slot;
	w->parts[w->part_depth++] = slot;
}

static void leave(struct walk *w, size_t slot)
{
	size_t one = SIZE_MAX;
	w->depth--;
	if (w->depth && w->low[slot] < w->low[w->path[w->depth - 1]])
		w->low[w->path[w->depth - 1]] = w->low[slot];
	if (w->low[slot] != w->number[slot])
		return;
	while (one != slot) {
		one = w->parts[--w->part_depth];
		w->open[one] = false;
		w->part[one] = slot;
	}
}

/* The next slot that an arrow leads to from here; false when all were looked at. */
static bool next_keeper(struct walk *w, size_t slot, size_t *keeper)
{
	struct standing *st = w->st;
	while (w->next[slot] < st->count) {
		const struct standing_one *one = &st->v[st->sorted[w->next[slot]].at];
		if (one->slot != (ptrdiff_t)slot)
			return false;
		w->next[slot]++;
		st->work++;
		if (!one->is_void && one->keeper != NONE) {
			*keeper = (size_t)one->keeper;
			return true;
		}
	}
	return false;
}

static void walk_from(struct walk *w, size_t slot)
{
	size_t to;
	enter(w, slot);
	while (w->depth) {
		size_t at = w->path[w->depth - 1];
		if (!next_keeper(w, at, &to))
			leave(w, at);
		else if (!w->number[to])
			enter(w, to);
		else if (w->open[to] && w->number[to] < w->low[at])
			w->low[at] = w->number[to];
	}
}

static void find_circles(struct standing *st)
{
	size_t n = st->count;
	struct walk w = {st,
			 mem_alloc_many(n, sizeof(size_t)),
			 mem_alloc_many(n, sizeof(size_t)),
			 mem_alloc_many(n, sizeof(bool)),
			 mem_alloc_many(n, sizeof(size_t)),
			 .path = mem_alloc_many(n, sizeof(size_t)),
			 .parts = mem_alloc_many(n, sizeof(size_t)),
			 .part = mem_alloc_many(n, sizeof(size_t))};
	for (size_t i = 0; i < n; i++)
		if (!w.number[st->v[i].slot])
			walk_from(&w, (size_t)st->v[i].slot);
	for (size_t i = 0; i < n; i++) {
		struct standing_one *one = &st->v[i];
		one->on_circle = !one->is_void && one->keeper != NONE &&
				 w.part[one->slot] == w.part[one->keeper];
		one->counts = !one->is_void && !one->on_circle;
	}
	free(w.low);
	free(w.number);
	free(w.open);
	free(w.next);
	free(w.path);
	free(w.parts);
	free(w.part);
}

void standing_find(struct standing *st, struct txn *t)
{
	struct gathering g = {.st = st};
	*st = (struct standing){0};
	txn_scan(t, t->shelf->db[DB_RETIRE], span_of("", 0), gather, &g);
	point_again(&g);
	buf_fini(&g.lengths);
	number_slots(st);
	find_seen(st);
	find_order(st);
	find_void(st);
	find_circles(st);
}

const struct retirement *standing_of(const struct standing *st, const struct hash *slot)
{
	for (size_t k = first_of(st, slot); k < st->count && hash_equal(&st->sorted[k].slot, slot);
	     k++)
		if (st->v[st->sorted[k].at].counts)
			return &st->v[st->sorted[k].at].r;
	return NULL;
}

/* What another names, that one had seen. */
bool standing_is_newest(const struct standing *st, size_t i)
{
	return !st->v[i].named;
}

/* --- two that did not know of each other --------------------------------------------------- */

struct pair {
	size_t newer, older;
};

/* In the order of slots, and of those that retire one the newest first. */
static int age_sort(const void *a, const void *b)
{
	const struct standing_one *x = *(struct standing_one *const *)a,
				  *y = *(struct standing_one *const *)b;
	if (x->slot != y->slot)
		return x->slot < y->slot ? -1 : 1;
	return (x->age > y->age) - (x->age < y->age);
}

static bool any_unseen(struct standing *st, const struct pair *v, size_t n)
{
	uint64_t *asks = mem_alloc_many(st->count, sizeof *asks);
	uint64_t *hears = mem_alloc_many(st->count, sizeof *hears);
	bool unseen = false;
	for (size_t from = 0; !unseen && from < n; from += BATCH) {
		memset(asks, 0, st->count * sizeof *asks);
		for (size_t k = from; k < n && k < from + BATCH; k++)
			asks[v[k].newer] |= (uint64_t)1 << (k - from);
		spread(st, asks, hears);
		for (size_t k = from; k < n && k < from + BATCH; k++)
			unseen |= !(hears[v[k].older] >> (k - from) & 1);
	}
	free(hears);
	free(asks);
	return unseen;
}

/* Where each knew the one before it, each knew all before it: neighbours are enough. */
bool standing_changed_twice(struct standing *st, standing_stays *stays, void *arg)
{
	struct standing_one **v = mem_alloc_many(st->count, sizeof *v);
	struct pair *pairs = mem_alloc_many(st->count, sizeof *pairs);
	size_t n = 0, count = 0;
	for (size_t i = 0; i < st->count; i++)
		if (st->v[i].counts && st->v[i].r.changed && stays(arg, &st->v[i].r.keeper))
			v[n++] = &st->v[i];
	if (n)
		qsort(v, n, sizeof *v, age_sort);
	for (size_t i = 0; i + 1 < n; i++)
		if (v[i]->slot == v[i + 1]->slot &&
		    !hash_equal(&v[i]->r.keeper, &v[i + 1]->r.keeper))
			pairs[count++] =
				(struct pair){(size_t)(v[i] - st->v), (size_t)(v[i + 1] - st->v)};
	bool twice = count && any_unseen(st, pairs, count);
	free(pairs);
	free(v);
	return twice;
}

void standing_fini(struct standing *st)
{
	free(st->v);
	free(st->sorted);
	free(st->seen);
	free(st->order);
	buf_fini(&st->bytes);
	*st = (struct standing){0};
}

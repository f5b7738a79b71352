/* SPDX-License-Identifier: MIT
 *
 * How a schedule ends: the laws of merging on copies of the copies, then two full exchanges
 * among all of them, after which nothing may be missing and all must show the same.
 */
#include "sim.h"

struct hashes {
	struct view_hash *v;
	size_t count;
};

static void hash_copy(struct world *w, struct copy *c, struct hashes *out)
{
	copy_open(w, c);
	if (book_view_hash(c->book, &out->v, &out->count, NULL))
		sim_fail(w, "copy %d: its hashes cannot be had", c->index);
}

static void hash_fini(struct hashes *h)
{
	free(h->v);
	*h = (struct hashes){0};
}

static void compare_hashes(struct world *w, const struct hashes *a, const struct hashes *b,
			   const char *what)
{
	for (size_t i = 0; i < STORES; i++) {
		if (a->count != b->count || !hash_equal(&a->v[i].changes, &b->v[i].changes))
			sim_fail(w, "%s: the changes differ", what);
		if (!hash_equal(&a->v[i].view, &b->v[i].view))
			sim_fail(w, "%s: the views differ", what);
		if (a->v[i].people != b->v[i].people || a->v[i].people_read != b->v[i].people_read)
			sim_fail(w, "%s: the people counted differ", what);
	}
}

/* Everything goes over, and is taken in; where nothing came there is nothing to take in. */
static void pour(struct world *w, struct copy *from, struct copy *to)
{
	struct transfer whole = {.part = 100};
	if (transfer(w, from, to, &whole) || copy_is_behind(w, to))
		copy_close(to);
	copy_open(w, to);
}

/* --- the laws --------------------------------------------------------------------------- */

static void build(struct world *w, struct copy *on, struct copy *const *from, size_t count,
		  struct hashes *out)
{
	copy_forget_state(w, on);
	files_empty(on);
	for (size_t i = 0; i < count; i++) {
		pour(w, from[i], on);
	}
	hash_copy(w, on, out);
}

/* (A u B) u C from one end and from the other, each taken in as it comes, and once more. */
static void check_laws(struct world *w)
{
	struct copy *abc[3], *cba[4];
	struct hashes x, y;
	for (size_t i = 0; i < 3; i++)
		abc[i] = &w->copies[rng_below(&w->rng, w->copy_count)];
	for (size_t i = 0; i < 3; i++)
		cba[i] = abc[2 - i];
	cba[3] = abc[2];
	/* What is torn in a folder is whole in its own LMDB: each is opened before it gives. */
	for (size_t i = 0; i < 3; i++) {
		copy_close(abc[i]);
		copy_open(w, abc[i]);
	}
	build(w, &w->copies[COPIES_MOST], abc, 3, &x);
	build(w, &w->copies[COPIES_MOST + 1], cba, 4, &y);
	compare_hashes(w, &x, &y, "merged in another order");
	verify_copy(w, &w->copies[COPIES_MOST + rng_below(&w->rng, SPARES)]);
	hash_fini(&x);
	hash_fini(&y);
}

/* --- the exchange ----------------------------------------------------------------------- */

static void exchange_all(struct world *w)
{
	struct copy *hub = &w->copies[rng_below(&w->rng, w->copy_count)];
	copy_close(hub);
	copy_open(w, hub);
	for (int there = 1; there >= 0; there--)
		for (size_t i = 0; i < w->copy_count; i++) {
			struct copy *c = &w->copies[i];
			if (c == hub)
				continue;
			pour(w, there ? c : hub, there ? hub : c);
		}
}

/* Everything that any copy has must be on every one. */
static void check_union(struct world *w, const struct bits *all)
{
	for (size_t i = 0; i < w->copy_count; i++)
		for (size_t f = 0; f < w->file_count; f++)
			if (bits_has(all, f) && !bits_has(&w->copies[i].shelf, f) &&
			    !ways_is_retired(w, all, f))
				sim_fail(w, "copy %zu lacks a file after two exchanges", i);
}

static void check_scratch(struct world *w, struct copy *c, const struct hashes *had)
{
	struct hashes now;
	copy_forget_state(w, c);
	hash_copy(w, c, &now);
	compare_hashes(w, had, &now, "folded from scratch");
	hash_fini(&now);
	if (rng_chance(&w->rng, 25))
		verify_check(w, c); /* a child reads LMDB, which takes its time */
}

void ending_run(struct world *w)
{
	struct hashes first, other;
	struct bits all = {{0}};
	if (rng_chance(&w->rng, 20))
		check_laws(w);
	for (size_t i = 0; i < w->copy_count; i++)
		copy_open(w, &w->copies[i]);
	for (size_t i = 0; i < w->copy_count; i++)
		bits_join(&all, &w->copies[i].shelf);
	exchange_all(w);
	exchange_all(w);
	check_union(w, &all);
	hash_copy(w, &w->copies[0], &first);
	for (size_t i = 0; i < w->copy_count; i++) {
		hash_copy(w, &w->copies[i], &other);
		compare_hashes(w, &first, &other, "after two exchanges");
		hash_fini(&other);
		verify_copy(w, &w->copies[i]);
	}
	files_compare(w, &w->copies[0]);
	struct copy *one = &w->copies[rng_below(&w->rng, w->copy_count)];
	verify_history(w, one);
	check_scratch(w, one, &first);
	ways_verify(w, one);
	hash_fini(&first);
}

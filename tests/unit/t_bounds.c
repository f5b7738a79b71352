/* SPDX-License-Identifier: MIT
 *
 * What somebody with a store's key could write to make others wait: undos piled on undos, and
 * retirements by the thousand.  The work is counted, not timed, and what comes out is held
 * against the rules written down in the plainest way.
 */
#include "slots_stage.h"

#include "draw.h"
#include "folding.h"
#include "store_impl.h"

#include <linkbook/change.h>

/* --- undos ------------------------------------------------------------------------------- */

enum { UNDOS_MOST = 400 };

static struct change undos[UNDOS_MOST];
static struct fold_input in[UNDOS_MOST];

static void make_undos(size_t n)
{
	memset(undos, 0, sizeof undos);
	for (size_t i = 0; i < n; i++) {
		in[i] = (struct fold_input){.change = &undos[i]};
		in[i].id.b[0] = (uint8_t)(i >> 8);
		in[i].id.b[1] = (uint8_t)i;
		in[i].id.b[2] = 1;
	}
}

static void undo(size_t i, const struct hash *change, const char *field)
{
	struct change *c = &undos[i];
	c->undoes = mem_grow(c->undoes, c->undo_count + 1, sizeof *c->undoes);
	c->undoes[c->undo_count++] = (struct undone){*change, span_text(field)};
}

static void free_undos(size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(undos[i].undoes);
}

/* The rule as it is said: undone when an undo of it is not undone itself. */
static bool is_undone_plainly(size_t n, const struct hash *change, const char *field)
{
	for (size_t i = 0; i < n; i++)
		for (size_t u = 0; u < undos[i].undo_count; u++)
			if (hash_equal(&undos[i].undoes[u].change, change) &&
			    span_is(undos[i].undoes[u].field, field) &&
			    !is_undone_plainly(n, &in[i].id, field))
				return true;
	return false;
}

START_TEST(undos_of_undos_are_decided_as_the_rule_says)
{
	static const char *const fields[] = {"", "a", "b"};
	for (uint64_t seed = 1; seed <= 300; seed++) {
		chance = seed;
		size_t n = 2 + draw(12);
		make_undos(n);
		for (size_t i = 1; i < n; i++)
			for (size_t k = draw(4); k--;)
				undo(i, &in[draw(i)].id, fields[draw(3)]);
		struct undo_index x;
		undo_index_init(&x, in, n);
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < 3; k++)
				ck_assert_msg(undo_index_has(&x, &in[i].id, span_text(fields[k])) ==
						      is_undone_plainly(n, &in[i].id, fields[k]),
					      "seed %d", (int)seed);
		undo_index_fini(&x);
		free_undos(n);
	}
}
END_TEST

/* Each of a layer undoes all of the layer below: 4^100 ways from the top to the bottom. */
START_TEST(a_lattice_of_undos_costs_what_it_has_of_them)
{
	enum { WIDE = 4, N = UNDOS_MOST };
	size_t links = 0;
	make_undos(N);
	for (size_t i = WIDE; i < N; i++)
		for (size_t k = 0; k < WIDE; k++, links++)
			undo(i, &in[i / WIDE * WIDE - WIDE + k].id, "a");
	struct undo_index x;
	undo_index_init(&x, in, N);
	for (size_t i = 0; i < N; i++) /* the top layer stands, and every second below it */
		ck_assert_int_eq(undo_index_has(&x, &in[i].id, span_text("a")),
				 (N / WIDE - 1 - i / WIDE) % 2);
	ck_assert_uint_le(x.work, 3 * links);
	undo_index_fini(&x);
	struct id record = {{1}};
	struct state s;
	fold_record(&record, in, N, &s); /* as it comes in from a file: it ends */
	state_fini(&s);
	free_undos(N);
}
END_TEST

/* --- retirements -------------------------------------------------------------------------- */

static struct hash id_of(const struct store *s, const struct retirement *r)
{
	struct buf order = BUF_INIT;
	pack_retirement(r, &order);
	struct hash own = store_hash(s, buf_span(&order));
	buf_fini(&order);
	return own;
}

struct writing {
	struct retirement *v;
	struct hash *ids;
	size_t count;
	struct store *s;
};

static enum err write_retirements(void *arg, struct txn *t, struct diag *d)
{
	struct writing *w = arg;
	(void)d;
	for (size_t i = 0; i < w->count; i++) {
		struct buf order = BUF_INIT;
		pack_retirement(&w->v[i], &order);
		w->ids[i] = store_hash(w->s, buf_span(&order));
		txn_put(t, t->shelf->db[DB_RETIRE], span_of(w->ids[i].b, 32), buf_span(&order));
		buf_fini(&order);
	}
	return OK;
}

static struct hash slot_number(size_t n)
{
	return (struct hash){{(uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n, 1}};
}

static struct standing found;

static enum err find_standing(void *arg, struct txn *t, struct diag *d)
{
	(void)arg, (void)d;
	standing_find(&found, t);
	return OK;
}

/* Each changes the passphrase of the one before, and knew it. */
START_TEST(ten_thousand_retirements_are_one_walk)
{
	enum { N = 10000 };
	struct store *s = open_copy("a", "words");
	struct hash *ids = mem_alloc_many(N + 1, sizeof *ids);
	struct retirement *v = mem_alloc_many(N, sizeof *v);
	for (size_t i = 0; i < N; i++) {
		v[i] = (struct retirement){.slot = slot_number(i), .keeper = slot_number(i + 1)};
		v[i].seen = span_of(ids[i ? i - 1 : 0].b, i ? 32 : 0);
		ids[i] = id_of(s, &v[i]);
	}
	struct writing all = {v, ids, N, s};
	ck_assert_int_eq(shelf_write(&s->shelf, write_retirements, &all, NULL), OK);
	ck_assert_int_eq(shelf_read(&s->shelf, find_standing, NULL, NULL), OK);
	ck_assert_uint_eq(found.count, N);
	for (size_t i = 0; i < N; i++)
		ck_assert(standing_of(&found, &v[i].slot) != NULL);
	/* A walk for every 64 of them; the square would be 10^8. */
	ck_assert_uint_le(found.work, (size_t)2 * N * (N / 64 + 3));
	standing_fini(&found);
	free(v);
	free(ids);
	store_close(s);
}
END_TEST

/* --- the rules of retirements in the plainest words ---------------------------------------- */

enum { FEW = 14 };
static struct retirement few[FEW];
static struct hash few_ids[FEW];
static bool few_saw[FEW][FEW], few_void[FEW];
static uint8_t few_seen[FEW][32 * FEW];
static size_t few_count;

static bool leads_back(size_t i, const struct hash *at, int left)
{
	if (hash_equal(at, &few[i].slot))
		return true;
	for (size_t k = 0; left && k < few_count; k++)
		if (!few_void[k] && hash_equal(&few[k].slot, at) &&
		    leads_back(i, &few[k].keeper, left - 1))
			return true;
	return false;
}

static void draw_retirements(struct store *s)
{
	few_count = 2 + draw(6);
	memset(few_saw, 0, sizeof few_saw);
	for (size_t i = 0; i < few_count; i++) {
		size_t slot = draw(5), seen = 0;
		few[i] = (struct retirement){.slot = slot_number(slot), .stamp = (int64_t)i};
		few[i].keeper = slot_number((slot + 1 + draw(4)) % 5);
		few[i].changed = draw(2);
		for (size_t j = 0; j < i; j++) {
			if (draw(3))
				continue;
			memcpy(few_seen[i] + 32 * seen++, few_ids[j].b, 32);
			few_saw[i][j] = true;
			for (size_t k = 0; k < j; k++)
				few_saw[i][k] |= few_saw[j][k];
		}
		few[i].seen = span_of(few_seen[i], 32 * seen);
		few_ids[i] = id_of(s, &few[i]);
	}
}

static bool plainly_void(size_t j)
{
	for (size_t i = 0; i < few_count; i++)
		if (few_saw[i][j] && hash_equal(&few[i].keeper, &few[j].slot))
			return true;
	return false;
}

static bool always(void *arg, const struct hash *slot)
{
	(void)arg, (void)slot;
	return true;
}

static bool plainly_twice(void)
{
	for (size_t i = 0; i < few_count; i++)
		for (size_t j = 0; j < i; j++)
			if (few[i].changed && few[j].changed && !few_void[i] && !few_void[j] &&
			    !leads_back(i, &few[i].keeper, FEW) &&
			    !leads_back(j, &few[j].keeper, FEW) &&
			    hash_equal(&few[i].slot, &few[j].slot) &&
			    !hash_equal(&few[i].keeper, &few[j].keeper) && !few_saw[i][j])
				return true;
	return false;
}

static enum err forget_retirements(void *arg, struct txn *t, struct diag *d)
{
	(void)arg, (void)d;
	for (size_t i = 0; i < few_count; i++)
		txn_delete(t, t->shelf->db[DB_RETIRE], span_of(few_ids[i].b, 32));
	return OK;
}

static void check_drawn(struct store *s, uint64_t seed)
{
	struct writing w = {few, few_ids, few_count, s};
	bool distinct = true;
	ck_assert_int_eq(shelf_write(&s->shelf, write_retirements, &w, NULL), OK);
	ck_assert_int_eq(shelf_read(&s->shelf, find_standing, NULL, NULL), OK);
	ck_assert_uint_eq(found.count, few_count);
	for (size_t j = 0; j < few_count; j++)
		few_void[j] = plainly_void(j);
	for (size_t i = 0; i < few_count; i++) {
		bool seen = false, circle = leads_back(i, &few[i].keeper, FEW);
		size_t at = 0;
		while (!hash_equal(&found.v[at].r.id, &few_ids[i]))
			at++;
		for (size_t k = 0; k < few_count; k++)
			seen |= few_saw[k][i];
		for (size_t k = 0; k < i; k++)
			distinct &= !hash_equal(&few[k].keeper, &few[i].keeper);
		ck_assert_msg(found.v[at].counts == (!few_void[i] && !circle), "seed %d, %zu",
			      (int)seed, i);
		ck_assert_msg(standing_is_newest(&found, at) == !seen, "seed %d", (int)seed);
	}
	if (distinct) /* every new passphrase is a slot of its own */
		ck_assert_msg(standing_changed_twice(&found, always, NULL) == plainly_twice(),
			      "seed %d", (int)seed);
	standing_fini(&found);
	ck_assert_int_eq(shelf_write(&s->shelf, forget_retirements, NULL, NULL), OK);
}

START_TEST(retirements_count_as_the_rules_say)
{
	struct store *s = open_copy("a", "words");
	for (uint64_t seed = 1; seed <= 1500; seed++) {
		chance = seed;
		draw_retirements(s);
		check_drawn(s, seed);
	}
	store_close(s);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup_slots, teardown);
	tcase_add_test(t, undos_of_undos_are_decided_as_the_rule_says);
	tcase_add_test(t, a_lattice_of_undos_costs_what_it_has_of_them);
	tcase_add_test(t, ten_thousand_retirements_are_one_walk);
	tcase_add_test(t, retirements_count_as_the_rules_say);
}

UNIT_MAIN("bounds")

/* SPDX-License-Identifier: MIT
 *
 * From what stands in files to LMDB: a piece of a bulk load waits until all pieces are here; a
 * change whose key is not here waits for it.
 */
#include "store_impl.h"

#include <linkbook/mem.h>
#include <linkbook/mutant.h>

#include <stdlib.h>
#include <string.h>

void takein_file(struct txn *t, const struct hash *h, enum file_kind kind, struct span bytes)
{
	struct buf value = BUF_INIT;
	file_value(kind, bytes, &value);
	txn_put(t, t->shelf->db[DB_FILE], hash_span(h), buf_span(&value));
	buf_fini(&value);
}

/* --- what was touched ------------------------------------------------------------------- */

static void touch(struct taking *k, const struct id *subject, const struct id *record)
{
	k->touched = mem_room(k->touched, k->touched_count, &k->touched_cap, sizeof *k->touched);
	k->touched[k->touched_count++] = (struct touched){*subject, *record};
}

void taking_fini(struct taking *k)
{
	free(k->touched);
	*k = (struct taking){.s = k->s};
}

enum { WAIT_KEY = 16 + 64 };

struct waking {
	struct taking *k;
	struct txn *t;
	struct buf keys; /* of the waiting changes, one after the other */
};

/* --- what waits for a key --------------------------------------------------------------- */

/* Whoever has the store's key can seal rubbish under the id of a change that is here, or is to
 * come: what opens is kept. */
static bool has_good(struct taking *k, struct txn *t, struct span place)
{
	struct span had;
	struct hash id;
	struct buf plain = BUF_SECRET;
	bool good = txn_get(t, k->s->shelf.db[DB_CHANGE], place, &had) &&
		    open_shelf_change(k->s, t, place, had, &id, &plain);
	buf_fini(&plain);
	return good;
}

static bool collect_waiting(void *arg, struct span key, struct span value)
{
	struct waking *w = arg;
	struct id of;
	struct span change;
	(void)value;
	if (key.n != WAIT_KEY)
		return true;
	memcpy(of.b, key.p, sizeof of.b);
	if (txn_get(w->t, w->k->s->shelf.db[DB_CHANGE], span_of(key.p + 16, 64), &change) ||
	    keys_find(w->k->s, w->t, &of))
		buf_add_span(&w->keys, key);
	return true;
}

static void wake_one(struct taking *k, struct txn *t, struct span waiting)
{
	const MDB_dbi *db = k->s->shelf.db;
	struct span change = span_of(waiting.p + 16, 64), value;
	struct id subject, record;
	struct buf copy = BUF_INIT;
	bool needless = has_good(k, t, change);
	if (!needless && txn_get(t, db[DB_WAIT], waiting, &value)) {
		buf_add_span(&copy, value); /* lent only until the next write */
		txn_put(t, db[DB_CHANGE], change, buf_span(&copy));
		memcpy(subject.b, waiting.p + 16, 16);
		memcpy(record.b, waiting.p + 32, 16);
		if (!mutant(MUTANT_WOKEN_NOT_FOLDED))
			touch(k, &subject, &record);
	}
	txn_delete(t, db[DB_WAIT], waiting);
	buf_fini(&copy);
}

/* Moves to the changes what can be opened by now: a record's key is of use only when its
 * subject's has come as well.  A seed that was loaded on two copies is one change sealed under
 * two keys: when it opens with one of them the other does not wait. */
void takein_wake(struct taking *k, struct txn *t)
{
	struct waking w = {k, t, BUF_INIT};
	txn_scan(t, k->s->shelf.db[DB_WAIT], span_of("", 0), collect_waiting, &w);
	for (size_t at = 0; at < w.keys.n; at += WAIT_KEY)
		wake_one(k, t, span_of(w.keys.p + at, WAIT_KEY));
	buf_fini(&w.keys);
}

/* --- keys ------------------------------------------------------------------------------- */

static void take_key(void *arg, const struct key_entry *e)
{
	keys_note(arg, e->entry);
}

void takein_keys(struct taking *k, struct txn *t, const struct hash *h, struct span bytes)
{
	takein_file(t, h, FILE_KEYS, bytes);
	k->s->trouble += unpack_keys(bytes, &k->s->id, take_key, t) != OK; /* recognised before */
}

/* --- segments --------------------------------------------------------------------------- */

static void take_cover(void *arg, const struct id *draft, const struct cover *c)
{
	struct txn *t = arg;
	uint8_t key[32], number[8];
	struct span had;
	memcpy(key, draft->b, 16);
	memcpy(key + 16, c->writer.b, 16);
	for (int i = 0; i < 8; i++)
		number[i] = (uint8_t)(c->number >> (56 - 8 * i));
	MDB_dbi db = t->shelf->db[DB_DRAFT];
	if (!txn_get(t, db, span_of(key, 32), &had) || span_order(had, span_of(number, 8)) < 0)
		txn_put(t, db, span_of(key, 32), span_of(number, 8));
}

static void take_entry(struct taking *k, struct txn *t, const struct seg_entry *e)
{
	uint8_t key[80];
	struct buf value = BUF_INIT;
	const MDB_dbi *db = k->s->shelf.db;
	struct record_key r = record_key(&e->subject, &e->record);
	if (id_is_zero(&e->key)) {
		if (!mutant(MUTANT_ORDER_FORGOTTEN))
			slots_take_order(k->s, t, e);
		return;
	}
	memcpy(key, e->key.b, 16);
	memcpy(key + 16, r.b, 32);
	memcpy(key + 48, e->id.b, 32);
	pack_shelf_change(e, &value);
	if (keys_find(k->s, t, &e->key)) {
		if (!has_good(k, t, span_of(key + 16, 64)))
			txn_put(t, db[DB_CHANGE], span_of(key + 16, 64), buf_span(&value));
		touch(k, &e->subject, &e->record);
	} else if (!mutant(MUTANT_WAIT_FORGOTTEN)) {
		txn_put(t, db[DB_WAIT], span_of(key, 80), buf_span(&value));
	}
	if (e->drafts.n)
		unpack_covers(e->drafts, take_cover, t);
	buf_fini(&value);
}

static void take_entries(struct taking *k, struct txn *t, struct span entries)
{
	struct reader r = {entries, false};
	struct seg_entry e;
	while (!t->failed && unpack_entry(&r, &e))
		take_entry(k, t, &e);
}

/* The other pieces of a load are in LMDB as files; they count from now on. */
static bool take_piece(void *arg, struct span key, struct span value)
{
	struct waking *w = arg;
	struct span file;
	struct buf plain = BUF_SECRET;
	struct seg_head head;
	struct store *s = w->k->s;
	(void)key;
	if (txn_get(w->t, s->shelf.db[DB_FILE], span_of(value.p, 32), &file) && file.n) {
		struct buf copy = BUF_INIT;
		buf_add(&copy, file.p + 1, file.n - 1);
		if (!unpack_segment(buf_span(&copy), &s->id, &s->key_id, s->seal->segment, &head,
				    &plain))
			take_entries(w->k, w->t, buf_span(&plain));
		buf_fini(&copy);
	}
	buf_fini(&plain);
	return !w->t->failed;
}

static bool count_piece(void *arg, struct span key, struct span value)
{
	(void)key, (void)value;
	++*(uint32_t *)arg;
	return true;
}

static void take_load(struct taking *k, struct txn *t, const struct hash *h,
		      const struct seg_head *head)
{
	struct buf key = BUF_INIT, value = BUF_INIT;
	uint32_t pieces = 0;
	MDB_dbi db = k->s->shelf.db[DB_LOAD];
	struct waking w = {k, t, BUF_INIT};
	buf_add(&key, head->load.b, 16);
	buf_add_u32(&key, head->number);
	buf_add_span(&value, hash_span(h));
	buf_add_u32(&value, head->count);
	txn_put(t, db, buf_span(&key), buf_span(&value));
	txn_scan(t, db, span_of(head->load.b, 16), count_piece, &pieces);
	if (pieces == head->count || mutant(MUTANT_LOAD_EARLY)) {
		txn_scan(t, db, span_of(head->load.b, 16), take_piece, &w);
		gaps_end_load(t, &head->load);
	}
	buf_fini(&value);
	buf_fini(&key);
}

void takein_segment(struct taking *k, struct txn *t, const struct hash *h, struct span bytes,
		    const struct seg_head *head, struct span entries)
{
	takein_file(t, h, FILE_SEGMENT, bytes);
	if (head->count > 1)
		take_load(k, t, h, head);
	else
		take_entries(k, t, entries);
}

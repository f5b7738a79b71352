/* SPDX-License-Identifier: MIT
 *
 * Keys of subjects and records: unwrapped when needed, kept in the guarded arena by id.
 */
#include "store_impl.h"

#include <linkbook/mem.h>

#include <string.h>

static size_t cache_place(const struct id *key)
{
	return key->b[0]; /* ids are random, so any byte spreads them */
}

static const uint8_t *cache(struct store *s, const struct id *id, const uint8_t key[KEY_BYTES])
{
	size_t at = cache_place(id);
	s->seal->cache[at].id = *id;
	memcpy(s->seal->cache[at].key, key, KEY_BYTES);
	return s->seal->cache[at].key;
}

static const uint8_t *cached(struct store *s, const struct id *key)
{
	size_t at = cache_place(key);
	return id_equal(&s->seal->cache[at].id, key) && !id_is_zero(key) ? s->seal->cache[at].key
									 : NULL;
}

static struct span id_span(const struct id *id)
{
	return span_of(id->b, sizeof id->b);
}

struct unwrapping {
	struct store *s;
	struct txn *t;
	const struct id *key;
	int depth; /* a record's key is under its subject's, that one under the store's; no further */
	const uint8_t *found;
};

static const uint8_t *find(struct store *s, struct txn *t, const struct id *key, int depth);

/* Any entry that opens is good: one that does not hides none that does. */
static bool unwrap(void *arg, struct span place, struct span entry)
{
	struct unwrapping *w = arg;
	struct store *s = w->s;
	struct key_entry e;
	uint8_t under_key[KEY_BYTES], bytes[KEY_BYTES];
	(void)place;
	if (entry.n != KEY_ENTRY)
		return true;
	unpack_key_entry(entry, &e);
	const uint8_t *under = id_equal(&e.under, &s->key_id)
				       ? s->seal->wrap
				       : find(s, w->t, &e.under, w->depth + 1);
	if (!under)
		return true;
	memcpy(under_key, under, KEY_BYTES); /* the cache may move under our feet */
	if (id_equal(&e.key, w->key) && unpack_key(&s->id, entry, under_key, bytes))
		w->found = cache(s, w->key, bytes);
	mem_wipe(under_key, sizeof under_key);
	mem_wipe(bytes, sizeof bytes);
	return !w->found;
}

static const uint8_t *find(struct store *s, struct txn *t, const struct id *key, int depth)
{
	struct unwrapping w = {s, t, key, depth, cached(s, key)};
	if (!w.found && depth <= 1)
		txn_scan(t, s->shelf.db[DB_KEY], id_span(key), unwrap, &w);
	return w.found;
}

const uint8_t *keys_find(struct store *s, struct txn *t, const struct id *key)
{
	return find(s, t, key, 0);
}

struct choosing {
	struct store *s;
	struct txn *t;
	struct id key;
	bool found;
};

static bool choose(void *arg, struct span key, struct span value)
{
	struct choosing *c = arg;
	(void)value;
	if (key.n != 48)
		return true;
	memcpy(c->key.b, key.p + 32, sizeof c->key.b);
	c->found = keys_find(c->s, c->t, &c->key) != NULL;
	return !c->found;
}

bool keys_of(struct store *s, struct txn *t, const struct id *subject, const struct id *record,
	     struct id *key)
{
	static const struct id none;
	struct choosing c = {.s = s, .t = t};
	struct record_key k = record_key(subject, record ? record : &none);
	txn_scan(t, s->shelf.db[DB_KEYOF], span_of(k.b, sizeof k.b), choose, &c);
	*key = c.key;
	return c.found;
}

struct id keys_make(struct store *s, const struct id *subject, const struct id *record,
		    const struct id *under, const uint8_t *under_key, struct buf *file)
{
	uint8_t bytes[KEY_BYTES], above[KEY_BYTES];
	struct key_entry e = {.key = seam_new_id(s->seam), .subject = *subject, .under = *under};
	if (record)
		e.record = *record;
	memcpy(above, under_key, KEY_BYTES);
	s->seam->random(s->seam, bytes, sizeof bytes);
	if (!file->n)
		pack_keys_start(&s->id, file);
	pack_key(s->seam, &s->id, &e, bytes, above, file);
	cache(s, &e.key, bytes);
	mem_wipe(above, sizeof above);
	mem_wipe(bytes, sizeof bytes);
	return e.key;
}

void keys_place(struct span entry, uint8_t place[32])
{
	struct hash h = seal_hash(entry);
	struct key_entry e;
	unpack_key_entry(entry, &e);
	memcpy(place, e.key.b, 16);
	memcpy(place + 16, h.b, 16);
}

void keys_note(struct txn *t, struct span entry)
{
	struct key_entry e;
	uint8_t of[48], place[32];
	unpack_key_entry(entry, &e);
	keys_place(entry, place);
	struct record_key k = record_key(&e.subject, &e.record);
	memcpy(of, k.b, sizeof k.b);
	memcpy(of + 32, e.key.b, sizeof e.key.b);
	txn_put(t, t->shelf->db[DB_KEY], span_of(place, sizeof place), entry);
	txn_put(t, t->shelf->db[DB_KEYOF], span_of(of, sizeof of), span_of("", 0));
}

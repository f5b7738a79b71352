/* SPDX-License-Identifier: MIT
 *
 * Comparing everything with everything: files with their names, seals with keys, views with a
 * fold from scratch (audit.c); and the two hashes by which copies are compared.
 */
#include "store_impl.h"

#include <linkbook/mem.h>

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void say_shelf(const struct store *s, struct diag *d)
{
	const struct audit *a = &s->audit;
	if (a->unopened)
		diag_say(d, "%zu change%s with no key that is here.", a->unopened,
			 a->unopened == 1 ? " opens" : "s open");
	if (a->views)
		diag_say(d, "%zu record%s what the changes say.", a->views,
			 a->views == 1 ? " did not show" : "s did not show");
	if (s->remade)
		diag_say(d, "The working store did not agree with the files and has been made "
			    "anew from them; run check once more.");
}

/* Looking over and taking in anew makes whole what can be, and counts what cannot. */
enum err store_check(struct store *s, struct diag *d)
{
	s->thorough = true;
	s->remade = false;
	enum err e = store_look_over(s, d);
	s->thorough = false;
	if (e)
		return e;
	say_shelf(s, d);
	gaps_say(&s->gaps, d);
	e = gaps_name(s, d);
	size_t spoilt = 0;
	if (!e)
		e = drafts_check(s, &spoilt, d);
	return e ? e : spoilt || s->audit.unopened || s->remade || s->trouble ? ERR_DAMAGED : OK;
}

/* --- the two hashes --------------------------------------------------------------------- */

struct hashing {
	struct store *s;
	struct txn *t;
	struct store_hashes *out;
	crypto_generichash_state *view; /* wants an alignment of its own */
	const char *type;
	struct buf ids, plain, place; /* ids: of all changes, here or waiting, and of retirements */
	struct id last;
	bool has_last, waiting, damaged;
};

static void count_subject(struct hashing *h, struct span subject)
{
	if (h->has_last && !memcmp(h->last.b, subject.p, 16))
		return;
	memcpy(h->last.b, subject.p, 16);
	h->has_last = true;
	if (id_equal(&h->last, &h->s->id))
		return;
	h->out->subjects++;
	h->out->subjects_read += !h->waiting;
}

static bool hash_change(void *arg, struct span key, struct span value)
{
	struct hashing *h = arg;
	size_t skip = h->waiting ? 16 : 0; /* the key waited for */
	(void)value;
	if (key.n != skip + 64)
		return true;
	buf_add(&h->ids, key.p + skip + 32, 32);
	count_subject(h, span_of(key.p + skip, 16));
	return true;
}

static bool hash_order_id(void *arg, struct span key, struct span value)
{
	(void)value;
	buf_add_span(&((struct hashing *)arg)->ids, key);
	return true;
}

static bool hash_view(void *arg, struct span key, struct span value)
{
	struct hashing *h = arg;
	struct id subject, record;
	memcpy(subject.b, key.p, 16);
	memcpy(record.b, key.p + 16, 16);
	buf_clear(&h->plain);
	buf_clear(&h->place);
	pack_view_place(&h->s->id, h->type, &subject, &record, &h->place);
	if (!seal_open(h->s->seal->shelf, buf_span(&h->place), value, &h->plain)) {
		h->damaged = true;
		return false;
	}
	struct hash one = seal_hash(buf_span(&h->plain));
	crypto_generichash_update(h->view, h->place.p, h->place.n);
	crypto_generichash_update(h->view, one.b, sizeof one.b);
	return true;
}

static bool hash_type(void *arg, const char *type, MDB_dbi db)
{
	struct hashing *h = arg;
	h->type = type;
	txn_scan(h->t, db, span_of("", 0), hash_view, h);
	return true;
}

static int order_32(const void *a, const void *b)
{
	return memcmp(a, b, 32);
}

/* Sorted and each once: a change can wait for either of two keys. */
static void sort_ids(struct buf *ids)
{
	size_t n = 0;
	if (ids->n)
		qsort(ids->p, ids->n / 32, 32, order_32);
	for (size_t at = 0; at < ids->n; at += 32)
		if (!n || memcmp(ids->p + n - 32, ids->p + at, 32) != 0) {
			memmove(ids->p + n, ids->p + at, 32);
			n += 32;
		}
	ids->n = n;
}

static enum err hash_all(void *arg, struct txn *t, struct diag *d)
{
	struct hashing *h = arg;
	const MDB_dbi *db = h->s->shelf.db;
	(void)d;
	h->t = t;
	crypto_generichash_init(h->view, NULL, 0, 32);
	txn_scan(t, db[DB_CHANGE], span_of("", 0), hash_change, h);
	h->waiting = true;
	h->has_last = false;
	txn_scan(t, db[DB_WAIT], span_of("", 0), hash_change, h);
	txn_scan(t, db[DB_RETIRE], span_of("", 0), hash_order_id, h);
	txn_each_type(t, hash_type, h);
	sort_ids(&h->ids);
	h->out->change_count = h->ids.n / 32;
	h->out->changes = seal_hash(buf_span(&h->ids));
	crypto_generichash_final(h->view, h->out->view.b, 32);
	buf_fini(&h->ids);
	buf_fini(&h->plain);
	buf_fini(&h->place);
	return h->damaged ? ERR_DAMAGED : OK;
}

enum err store_view_hash(struct store *s, struct store_hashes *out, struct diag *d)
{
	*out = (struct store_hashes){0};
	struct hashing h = {.s = s, .out = out, .plain = BUF_SECRET};
	h.view = aligned_alloc(64, (sizeof *h.view + 63) / 64 * 64);
	if (!h.view)
		err_out_of_memory();
	enum err e = store_catch_up(s, d);
	if (!e)
		e = shelf_read(&s->shelf, hash_all, &h, d);
	if (h.damaged)
		diag_say(d, "The working store does not agree with itself: run check.");
	free(h.view);
	return e;
}

/* --- sizes ------------------------------------------------------------------------------ */

struct sizing {
	struct store *s;
	struct store_stats *out;
};

static bool size_file(void *arg, struct span key, struct span value)
{
	(void)key;
	((struct sizing *)arg)->out->file_bytes += value.n ? value.n - 1 : 0;
	return true;
}

static enum err size_all(void *arg, struct txn *t, struct diag *d)
{
	struct sizing *z = arg;
	const MDB_dbi *db = z->s->shelf.db;
	(void)d;
	z->out->changes = txn_count(t, db[DB_CHANGE]) + txn_count(t, db[DB_WAIT]);
	z->out->files = txn_count(t, db[DB_FILE]);
	txn_scan(t, db[DB_FILE], span_of("", 0), size_file, z);
	return OK;
}

enum err store_stats(struct store *s, struct store_stats *out)
{
	*out = (struct store_stats){.unlock_ms = s->unlock_ms, .take_in_ms = s->take_in_ms};
	struct sizing z = {s, out};
	enum err e = store_catch_up(s, NULL);
	if (e)
		return e;
	out->shelf_bytes = shelf_size(&s->shelf);
	return shelf_read(&s->shelf, size_all, &z, NULL);
}

/* SPDX-License-Identifier: MIT
 *
 * Whether LMDB says what its files say: every database in order and of the length it claims,
 * every file its hash, every entry of a segment among the changes, every view the fold of its
 * changes.  Done in a child when LMDB may be damaged (suspect.c), so it reads and nothing else.
 */
#include "store_impl.h"

#include <linkbook/mem.h>

#include <string.h>

struct auditing {
	struct store *s;
	struct txn *t;
	struct audit *out;
	txn_each *each; /* of the database that is being walked */
	struct buf last;
	size_t seen, entries;
	const char *type; /* of the views that are being walked */
	struct record_key record; /* the last one among the changes */
	size_t records, views, beside;
	bool unlocked; /* the seals can be tried */
	struct buf view, place;
};

/* --- every database: keys ascending, as many as it says ---------------------------------- */

static bool step(void *arg, struct span key, struct span value)
{
	struct auditing *a = arg;
	/* A tree that leads back into itself has no end: no more than it says are looked at. */
	if (a->seen++ == a->entries || (a->last.n && span_order(buf_span(&a->last), key) >= 0)) {
		a->out->disorder++;
		return false;
	}
	buf_clear(&a->last);
	buf_add_span(&a->last, key);
	return a->each(a, key, value);
}

static void walk(struct auditing *a, MDB_dbi db, txn_each *each)
{
	a->each = each;
	a->seen = 0;
	a->entries = txn_count(a->t, db);
	buf_clear(&a->last);
	txn_scan(a->t, db, span_of("", 0), step, a);
	a->out->disorder += a->seen != a->entries;
}

static bool any(void *arg, struct span key, struct span value)
{
	(void)arg;
	return key.n > 0 && (!value.n || value.p);
}

/* --- files and what they say -------------------------------------------------------------- */

static void audit_key(void *arg, const struct key_entry *e)
{
	struct auditing *a = arg;
	const MDB_dbi *db = a->s->shelf.db;
	struct span had;
	uint8_t of[48], place[32];
	struct record_key k = record_key(&e->subject, &e->record);
	memcpy(of, k.b, sizeof k.b);
	memcpy(of + 32, e->key.b, 16);
	keys_place(e->entry, place);
	bool ok = txn_get(a->t, db[DB_KEY], span_of(place, sizeof place), &had) &&
		  span_equal(had, e->entry) &&
		  txn_get(a->t, db[DB_KEYOF], span_of(of, sizeof of), &had);
	a->out->keys += !ok;
}

static void audit_cover(void *arg, const struct id *draft, const struct cover *c)
{
	struct auditing *a = arg;
	uint8_t key[32];
	struct span had;
	memcpy(key, draft->b, 16);
	memcpy(key + 16, c->writer.b, 16);
	bool ok = txn_get(a->t, a->s->shelf.db[DB_DRAFT], span_of(key, sizeof key), &had);
	struct reader r = {ok ? had : span_of("", 0), false};
	a->out->changes += !ok || reader_u64(&r) < c->number;
}

/* A change that two files bring is sealed twice: then the one that is here must open. */
static bool opens(struct auditing *a, struct span key, struct span value)
{
	struct hash id;
	struct buf plain = BUF_SECRET;
	bool ok = open_shelf_change(a->s, a->t, key, value, &id, &plain);
	buf_fini(&plain);
	return ok;
}

/* What a store says of itself (retired slots) is in clear under the segment's seal. */
static void audit_order(struct auditing *a, const struct seg_entry *e)
{
	struct retirement r;
	struct span had;
	struct hash id = store_hash(a->s, e->sealed);
	if (hash_equal(&id, &e->id) && unpack_retirement(e->sealed, &r))
		a->out->changes +=
			!txn_get(a->t, a->s->shelf.db[DB_RETIRE], span_of(id.b, sizeof id.b), &had);
}

static void audit_entry(struct auditing *a, const struct seg_entry *e)
{
	uint8_t key[80];
	struct buf want = BUF_INIT;
	struct span had;
	const MDB_dbi *db = a->s->shelf.db;
	struct record_key r = record_key(&e->subject, &e->record);
	memcpy(key, e->key.b, 16);
	memcpy(key + 16, r.b, 32);
	memcpy(key + 48, e->id.b, 32);
	struct span place = span_of(key + 16, 64);
	pack_shelf_change(e, &want);
	if (txn_get(a->t, db[DB_CHANGE], place, &had))
		a->out->changes += !span_equal(had, buf_span(&want)) && !opens(a, place, had);
	else
		a->out->changes += !txn_get(a->t, db[DB_WAIT], span_of(key, sizeof key), &had);
	if (e->drafts.n)
		unpack_covers(e->drafts, audit_cover, a);
	buf_fini(&want);
}

static bool count_piece(void *arg, struct span key, struct span value)
{
	(void)key, (void)value;
	++*(uint32_t *)arg;
	return true;
}

/* Pieces of a load that is not whole do not count yet. */
static bool counts(struct auditing *a, const struct hash *h, const struct seg_head *head)
{
	uint8_t key[20];
	struct span had;
	uint32_t pieces = 0;
	MDB_dbi db = a->s->shelf.db[DB_LOAD];
	if (head->count == 1)
		return true;
	memcpy(key, head->load.b, 16);
	for (int i = 0; i < 4; i++)
		key[16 + i] = (uint8_t)(head->number >> (24 - 8 * i));
	a->out->changes += !txn_get(a->t, db, span_of(key, sizeof key), &had) || had.n < 32 ||
			   memcmp(had.p, h->b, 32);
	txn_scan(a->t, db, span_of(head->load.b, 16), count_piece, &pieces);
	return pieces == head->count;
}

static void audit_segment(struct auditing *a, const struct hash *h, struct span bytes)
{
	struct buf plain = BUF_SECRET;
	struct seg_head head;
	struct seg_entry e;
	if (!unpack_segment(bytes, &a->s->id, &a->s->key_id, a->s->seal->segment, &head, &plain) &&
	    counts(a, h, &head)) {
		struct reader r = {buf_span(&plain), false};
		while (unpack_entry(&r, &e))
			if (id_is_zero(&e.key))
				audit_order(a, &e);
			else
				audit_entry(a, &e);
	}
	buf_fini(&plain);
}

static bool audit_file(void *arg, struct span key, struct span value)
{
	struct auditing *a = arg;
	struct hash h;
	struct span bytes = {value.p + 1, value.n - 1};
	if (key.n != sizeof h.b || value.n < 2 || value.p[0] != pack_kind(bytes)) {
		a->out->files++;
		return true;
	}
	h = seal_hash(bytes);
	if (memcmp(h.b, key.p, sizeof h.b))
		a->out->files++;
	else if (!a->unlocked)
		return true;
	else if (value.p[0] == FILE_SEGMENT)
		audit_segment(a, &h, bytes);
	else if (value.p[0] == FILE_KEYS)
		a->out->keys += unpack_keys(bytes, &a->s->id, audit_key, a) != OK;
	return true;
}

/* --- changes and views -------------------------------------------------------------------- */

static bool audit_change(void *arg, struct span key, struct span value)
{
	struct auditing *a = arg;
	if (key.n != 64) {
		a->out->changes++;
		return true;
	}
	if (!a->records || memcmp(a->record.b, key.p, sizeof a->record.b))
		a->records++;
	memcpy(a->record.b, key.p, sizeof a->record.b);
	a->out->unopened += !opens(a, key, value);
	return true;
}

static bool has_place(struct auditing *a, const struct id *subject, const struct id *record)
{
	struct record_key place = record_key(record, subject);
	struct span had;
	return txn_get(a->t, a->s->shelf.db[DB_RECORD], span_of(place.b, sizeof place.b), &had) &&
	       span_is(had, a->type);
}

static bool counts_beside(struct auditing *a, struct span key, size_t want)
{
	struct span had;
	if (!txn_get(a->t, a->s->shelf.db[DB_BESIDE], key, &had))
		return !want;
	struct reader r = {had, false};
	a->beside++;
	return reader_u32(&r) == want && want;
}

static bool audit_view(void *arg, struct span key, struct span value)
{
	struct auditing *a = arg;
	struct id subject, record;
	struct buf fresh = BUF_SECRET;
	char type[65];
	size_t beside = 0;
	a->views++;
	if (key.n != 32) {
		a->out->views++;
		return true;
	}
	memcpy(subject.b, key.p, 16);
	memcpy(record.b, key.p + 16, 16);
	buf_clear(&a->view);
	buf_clear(&a->place);
	pack_view_place(&a->s->id, a->type, &subject, &record, &a->place);
	bool same = seal_open(a->s->seal->shelf, buf_span(&a->place), value, &a->view) &&
		    fold_from_shelf(a->s, a->t, &subject, &record, type, &fresh, &beside) &&
		    span_equal(buf_span(&fresh), buf_span(&a->view)) && !strcmp(type, a->type) &&
		    has_place(a, &subject, &record) && counts_beside(a, key, beside);
	a->out->views += !same;
	buf_fini(&fresh);
	return true;
}

static bool audit_type(void *arg, const char *type, MDB_dbi db)
{
	struct auditing *a = arg;
	a->type = type;
	walk(a, db, a->unlocked ? audit_view : any);
	return true;
}

void audit_shelf(struct store *s, struct txn *t, struct audit *out)
{
	static const enum shelf_db others[] = {DB_META,	 DB_KEY,  DB_KEYOF,  DB_WAIT,  DB_RECORD,
					       DB_DRAFT, DB_LOAD, DB_BESIDE, DB_RETIRE};
	struct auditing a = {.s = s, .t = t, .out = out, .view = BUF_SECRET};
	a.unlocked = !id_is_zero(&s->key_id);
	*out = (struct audit){0};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		walk(&a, s->shelf.db[others[i]], any);
	walk(&a, s->shelf.db[DB_CHANGE], a.unlocked ? audit_change : any);
	walk(&a, s->shelf.db[DB_FILE], audit_file);
	txn_each_type(t, audit_type, &a);
	/* Views that are missing, and counts of views that are not there. */
	out->views += a.views != a.records;
	out->views += a.unlocked && a.beside != txn_count(t, s->shelf.db[DB_BESIDE]);
	out->disorder += t->failed != 0;
	buf_fini(&a.last);
	buf_fini(&a.view);
	buf_fini(&a.place);
}

bool audit_is_well(const struct audit *a)
{
	return !(a->disorder + a->files + a->keys + a->changes + a->views);
}

/* SPDX-License-Identifier: MIT
 *
 * From files to LMDB.  Everything that is listed and not known is read (bounded), hashed,
 * opened and understood before a byte of it is taken; keys go before segments; a piece of a
 * bulk load waits until all pieces are here; a change whose key is not here waits for it.
 * What LMDB knows and the folder has torn or lost is written again.
 */
#include "store_impl.h"

#include <linkbook/mem.h>
#include <linkbook/mutant.h>

#include <stdlib.h>
#include <string.h>

static struct span hash_span(const struct hash *h)
{
	return span_of(h->b, sizeof h->b);
}

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
	if (unpack_keys(bytes, &k->s->id, take_key, t))
		k->s->trouble++; /* checked before; not reached */
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

/* --- one file from disk ----------------------------------------------------------------- */

struct incoming {
	struct taking taking;
	struct found found; /* slots, keys, log, in this order */
	struct hash *seen; /* known files that are here whole; sorted later */
	size_t seen_count, seen_cap;
	size_t at, end; /* of the batch */
	enum err e; /* reading broke off */
	struct righting { /* good files of the batch under wrong names */
		const struct found_file *file;
		enum file_kind kind;
		struct hash hash;
	} * wrong;
	size_t wrong_count, wrong_cap;
	struct counts {
		size_t cut_short, unread, foreign, newer, seen;
		char *torn; /* path of the first that is cut short */
	} now, before; /* before: at the start of the batch */
};

enum { BATCH_FILES = 2000 };

static bool is_known(struct txn *t, const struct found_file *f, struct span *value)
{
	return f->named && txn_get(t, t->shelf->db[DB_FILE], hash_span(&f->name), value);
}

static void note_seen(struct incoming *in, const struct hash *h)
{
	in->seen = mem_room(in->seen, in->seen_count, &in->seen_cap, sizeof *in->seen);
	in->seen[in->seen_count++] = *h;
}

/* The bytes under the right name are what LMDB took in. */
static bool is_there(struct store *s, const char *path, const struct hash *h)
{
	struct buf bytes = BUF_INIT;
	bool read = !file_read_own(s->seam, path, PACK_FILE_MOST, &bytes, NULL);
	struct hash had = seal_hash(buf_span(&bytes));
	buf_fini(&bytes);
	return read && hash_equal(&had, h);
}

/* A good file under a wrong name gets its right one; the wrong one goes.  Only once LMDB has
 * it for good: a batch that runs again must find everything where it was. */
static void put_right(struct store *s, const struct righting *r)
{
	struct buf bytes = BUF_INIT;
	struct hash h;
	char *path = folder_path(s, r->kind, &r->hash);
	bool right = is_there(s, path, &r->hash);
	if (!right && !file_read_own(s->seam, r->file->path, PACK_FILE_MOST, &bytes, NULL)) {
		h = seal_hash(buf_span(&bytes));
		right = hash_equal(&h, &r->hash) &&
			!folder_write(s, r->kind, buf_span(&bytes), &h, NULL);
	}
	/* One that is named like another file stands where that one is missing: it stays until a
	 * copy, or LMDB, brings the other, so that this is said as long as it is so. */
	if (right && !r->file->named)
		s->seam->files.unlink(r->file->path);
	free(path);
	buf_fini(&bytes);
}

static bool is_right(const struct found_file *f, const struct hash *h)
{
	return f->named && hash_equal(&f->name, h);
}

static void note_wrong(struct incoming *in, const struct found_file *f, struct span bytes,
		       const struct hash *h)
{
	in->wrong = mem_room(in->wrong, in->wrong_count, &in->wrong_cap, sizeof *in->wrong);
	in->wrong[in->wrong_count++] = (struct righting){f, (enum file_kind)pack_kind(bytes), *h};
}

static void take_bytes(struct incoming *in, struct txn *t, const struct hash *h, struct span bytes,
		       const struct seg_head *head, struct span entries)
{
	switch (pack_kind(bytes)) {
	case FILE_SLOT:
		takein_file(t, h, FILE_SLOT, bytes);
		break;
	case FILE_KEYS:
		takein_keys(&in->taking, t, h, bytes);
		break;
	default:
		takein_segment(&in->taking, t, h, bytes, head, entries);
	}
}

static void take_file(struct incoming *in, struct txn *t, const struct found_file *f)
{
	struct store *s = in->taking.s;
	struct buf bytes = BUF_INIT, plain = BUF_SECRET;
	struct seg_head head;
	struct span known;
	enum err e = file_read_own(s->seam, f->path, PACK_FILE_MOST, &bytes, NULL);
	if (e == ERR_IO) /* once more: some disks come to themselves */
		e = file_read_own(s->seam, f->path, PACK_FILE_MOST, &bytes, NULL);
	if (e == ERR_IO)
		in->e = folder_is_out_of_reach(s) ? e : in->e;
	struct hash h = seal_hash(buf_span(&bytes));
	if (!e)
		e = recognise_file(s, t, f, buf_span(&bytes), &h, &head, &plain);
	if (!f->named && mutant(MUTANT_NAME_BELIEVED))
		e = ERR_DAMAGED;
	if (!e) {
		if (!txn_get(t, s->shelf.db[DB_FILE], hash_span(&h), &known))
			take_bytes(in, t, &h, buf_span(&bytes), &head, buf_span(&plain));
		if (!is_right(f, &h))
			note_wrong(in, f, buf_span(&bytes), &h);
		note_seen(in, &h);
	}
	bool wrong = e || (f->named && !is_right(f, &h));
	if (wrong && mutant(MUTANT_TORN_ACCEPTED))
		note_seen(in, &f->name);
	if (wrong && !is_known(t, f, &known)) { /* a known one is written again below */
		if (e == ERR_REFUSED)
			in->now.foreign++;
		else if (e == ERR_NEWER)
			in->now.newer++;
		else if (e == ERR_IO)
			in->now.unread++;
		else
			in->now.torn = in->now.cut_short++ ? in->now.torn : f->path;
	}
	buf_fini(&plain);
	buf_fini(&bytes);
}

static enum err take_batch(void *arg, struct txn *t, struct diag *d)
{
	struct incoming *in = arg;
	struct span known;
	/* A batch may run again in a larger map: from the same start. */
	taking_fini(&in->taking);
	in->now = in->before;
	in->seen_count = in->before.seen;
	in->wrong_count = 0;
	in->e = OK;
	for (size_t i = in->at; i < in->end && !t->failed && !in->e; i++) {
		const struct found_file *f = &in->found.v[i];
		if (f->named && folder_is_undecided(in->taking.s, &f->name))
			continue;
		if (!in->taking.s->thorough && is_known(t, f, &known) && known.n == f->size + 1)
			note_seen(in, &f->name);
		else
			take_file(in, t, f);
	}
	if (in->e) {
		diag_say(d, "The files in %s cannot be read just now.", in->taking.s->path);
		return in->e;
	}
	takein_fold(&in->taking, t);
	return OK;
}

static enum err take_found(struct incoming *in, struct diag *d)
{
	enum err e = OK;
	for (in->at = 0; !e && in->at < in->found.count; in->at = in->end) {
		in->end = in->at + BATCH_FILES < in->found.count ? in->at + BATCH_FILES
								 : in->found.count;
		in->before = in->now;
		in->before.seen = in->seen_count;
		e = shelf_write(&in->taking.s->shelf, take_batch, in, d);
		for (size_t i = 0; !e && i < in->wrong_count; i++)
			put_right(in->taking.s, &in->wrong[i]);
	}
	return e;
}

/* --- what LMDB knows and the folder has not --------------------------------------------- */

struct restoring {
	struct incoming *in;
	struct store *s;
	struct diag *d;
	size_t written;
	enum err e;
};

static int hash_sort(const void *a, const void *b)
{
	return hash_order(a, b);
}

static bool restore(void *arg, struct span key, struct span value)
{
	struct restoring *r = arg;
	struct hash h;
	if (key.n != sizeof h.b || value.n < 2)
		return true;
	memcpy(h.b, key.p, sizeof h.b);
	if (r->in->seen_count && bsearch(&h, r->in->seen, r->in->seen_count, sizeof h, hash_sort))
		return true;
	struct hash now;
	r->e = folder_write(r->s, (enum file_kind)value.p[0], span_of(value.p + 1, value.n - 1),
			    &now, r->d);
	r->written += !r->e;
	return !r->e;
}

static enum err restore_all(void *arg, struct txn *t, struct diag *d)
{
	struct restoring *r = arg;
	r->d = d;
	txn_scan(t, r->s->shelf.db[DB_FILE], span_of("", 0), restore, r);
	return r->e;
}

static const char *files(size_t n)
{
	return n == 1 ? "file" : "files";
}

static enum err make_whole(struct incoming *in, struct diag *d)
{
	struct restoring r = {.in = in, .s = in->taking.s};
	if (in->seen_count)
		qsort(in->seen, in->seen_count, sizeof *in->seen, hash_sort);
	enum err e = shelf_read(&in->taking.s->shelf, restore_all, &r, d);
	if (r.written)
		diag_say(d, "%zu %s had been cut short or lost by a copy and %s whole again.",
			 r.written, files(r.written), r.written == 1 ? "is" : "are");
	return e;
}

static void say_trouble(const struct incoming *in, struct diag *d)
{
	const struct counts *c = &in->now;
	if (c->cut_short)
		diag_say(d, "%zu of %zu files %s incomplete: copy again from where %s came. %s %s.",
			 c->cut_short, in->found.count, c->cut_short == 1 ? "is" : "are",
			 c->cut_short == 1 ? "it" : "they",
			 c->cut_short == 1 ? "It is" : "The first is", c->torn);
	if (c->unread)
		diag_say(d,
			 "%zu of %zu files cannot be read from this disk; what is in them is "
			 "not shown. Copy the book from another copy of it.",
			 c->unread, in->found.count);
	if (c->foreign)
		diag_say(d, "%zu %s here belong%s to another book and %s left alone.", c->foreign,
			 files(c->foreign), c->foreign == 1 ? "s" : "",
			 c->foreign == 1 ? "was" : "were");
	if (c->newer)
		diag_say(d, "%zu %s here %s written by a newer version of Linkbook and left alone.",
			 c->newer, files(c->newer), c->newer == 1 ? "was" : "were");
}

enum err takein_all(struct store *s, struct diag *d)
{
	struct incoming in = {.taking = {.s = s}};
	int64_t before = s->seam->boot_ms(s->seam);
	enum err e = folder_list(s, &in.found, d);
	if (!e)
		e = take_found(&in, d);
	if (!e)
		e = slots_settle(s, &in.found, d);
	/* A disk that is full, or only readable, must not keep the book shut: LMDB has the bytes. */
	s->unwritten = !e && make_whole(&in, d);
	if (s->unwritten)
		diag_say(d, "Files that were lost could not be written again.");
	if (!e)
		say_trouble(&in, d);
	if (!e)
		e = gaps_find(s, &s->gaps, d);
	s->trouble = in.now.cut_short + in.now.unread + in.now.foreign + in.now.newer +
		     s->gaps.loads + s->gaps.waiting + s->gaps.beside;
	s->behind = e != OK;
	s->take_in_ms = s->seam->boot_ms(s->seam) - before;
	taking_fini(&in.taking);
	found_free(&in.found);
	free(in.seen);
	free(in.wrong);
	return e;
}

/* SPDX-License-Identifier: MIT
 *
 * The files that came.  Everything that is listed and not known is read (bounded), hashed,
 * opened and understood before a byte of it is taken; keys go before segments.  What LMDB knows
 * and the folder has torn or lost is written again.
 */
#include "store_impl.h"

#include <linkbook/mem.h>
#include <linkbook/mutant.h>

#include <stdlib.h>
#include <string.h>

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
	struct span bytes = span_of(value.p + 1, value.n - 1);
	struct hash now = seal_hash(bytes);
	if (!hash_equal(&now, &h) || pack_kind(bytes) != value.p[0])
		return true; /* LMDB's own page is damaged: its audit says so */
	r->e = folder_write(r->s, (enum file_kind)value.p[0], bytes, &now, r->d);
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

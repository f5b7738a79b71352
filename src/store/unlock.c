/* SPDX-License-Identifier: MIT
 *
 * Whose store a folder is, and which of its slots opens it.  Anything may lie in slots/: slots
 * of another book, torn ones, newer ones, retired ones that an old copy brought back.  Only
 * slots of this store are tried, only within the bounds, each content once, the likely first.
 */
#include "store_impl.h"

#include <linkbook/mem.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- the files in slots/ ---------------------------------------------------------------- */

static bool stop(void *arg, const char *name)
{
	(void)arg, (void)name;
	return false;
}

/* What cannot be looked into may be one. */
bool store_is_there(const char *path)
{
	char *folder = file_join(path, "slots");
	enum err e = file_list(folder, stop, NULL, NULL);
	free(folder);
	return e != ERR_ABSENT;
}

typedef void each_slot(void *arg, struct span bytes, const struct slot *slot, enum err read);

struct slot_scan {
	struct seam *seam;
	const char *folder;
	each_slot *each;
	void *arg;
	enum err e;
};

static bool scan_slot(void *arg, const char *name)
{
	struct slot_scan *w = arg;
	struct buf bytes = BUF_INIT;
	struct slot slot;
	char *file = file_join(w->folder, name);
	enum err e = file_read_own(w->seam, file, PACK_SLOT_MOST, &bytes, NULL);
	if (!e)
		w->each(w->arg, buf_span(&bytes), &slot, unpack_slot(buf_span(&bytes), &slot));
	w->e = e == ERR_IO ? e : w->e;
	free(file);
	buf_fini(&bytes);
	return true;
}

/* ERR_IO: not all of them could be read. */
static enum err scan_slots(struct seam *seam, const char *path, each_slot *each, void *arg)
{
	char *folder = file_join(path, "slots");
	struct slot_scan w = {seam, folder, each, arg, OK};
	enum err e = file_list(folder, scan_slot, &w, NULL);
	free(folder);
	return e ? e : w.e;
}

/* --- whose store it is ------------------------------------------------------------------ */

enum { HEADS_MOST = 2000, HEADS_SAMPLE = 16, VOTES_MOST = 64 };

/* What speaks for a store id: the name of the folder, then files, then slots. */
struct votes {
	struct vote {
		struct id id;
		size_t files, slots;
	} v[VOTES_MOST];
	size_t count, newer, heads;
};

/* This machine has had it open in this place. */
static bool was_open_here(const char *path, const struct vote *v)
{
	struct stat st;
	char *state = folder_state(&v->id, path);
	bool was = !stat(state, &st);
	free(state);
	return was;
}

static struct vote *vote_for(struct votes *w, const uint8_t *id)
{
	for (size_t i = 0; i < w->count; i++)
		if (!memcmp(w->v[i].id.b, id, sizeof w->v[i].id.b))
			return &w->v[i];
	struct vote *v = &w->v[w->count < VOTES_MOST ? w->count++ : VOTES_MOST - 1];
	*v = (struct vote){0};
	memcpy(v->id.b, id, sizeof v->id.b);
	return v;
}

static void vote_slot(void *arg, struct span bytes, const struct slot *slot, enum err read)
{
	struct votes *w = arg;
	(void)bytes;
	w->newer += read == ERR_NEWER;
	if (!read)
		vote_for(w, slot->store.b)->slots++;
}

/* Key files and segments say in their first bytes whose they are. */
static void vote_file(struct seam *seam, const char *file, struct votes *w)
{
	uint8_t head[PACK_MAGIC + 16];
	int fd = seam->files.open(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW, 0);
	if (fd < 0)
		return;
	ssize_t n = seam->files.read(fd, head, sizeof head);
	seam->files.close(fd);
	w->heads++;
	if (n == (ssize_t)sizeof head && pack_kind(span_of(head, sizeof head)))
		vote_for(w, head + PACK_MAGIC)->files++;
}

struct poll {
	struct seam *seam;
	const char *folder;
	size_t most;
	struct votes *w;
};

static bool vote_named(void *arg, const char *name)
{
	struct poll *p = arg;
	char *file = file_join(p->folder, name);
	vote_file(p->seam, file, p->w);
	free(file);
	return p->w->heads < p->most;
}

static void vote_folder(struct seam *seam, const char *folder, size_t most, struct votes *w)
{
	struct poll p = {seam, folder, most, w};
	if (w->heads < most && file_list(folder, vote_named, &p, NULL))
		return; /* a sample: what cannot be read says nothing */
}

static void vote_files(struct seam *seam, const char *path, size_t most, struct votes *w)
{
	static const char *const fans[] = {"keys", "log"};
	for (size_t i = 0; i < w->count; i++)
		w->v[i].files = 0;
	w->heads = 0;
	for (size_t i = 0; i < 32; i++) {
		struct buf folder = BUF_INIT;
		buf_printf(&folder, "%s/%s/%c", path, fans[i % 2], "0123456789abcdef"[i / 2]);
		vote_folder(seam, buf_text(&folder), most, w);
		buf_fini(&folder);
	}
}

static bool is_named(const char *path, const struct id *id)
{
	char hex[ID_HEX];
	const char *slash = strrchr(path, '/');
	return !strcmp(slash ? slash + 1 : path, id_to_hex(id, hex));
}

/* First of all it must be one that can be opened: by a slot, or by what LMDB keeps.  What was
 * open here before is meant, even where more of another book was copied over it. */
static bool is_better(const char *path, const struct vote *a, const struct vote *b)
{
	bool x = was_open_here(path, a), y = was_open_here(path, b);
	if ((x || a->slots) != (y || b->slots))
		return x || a->slots;
	if (is_named(path, &a->id) != is_named(path, &b->id))
		return is_named(path, &a->id);
	if (x != y)
		return x;
	if (a->files != b->files)
		return a->files > b->files;
	if (a->slots != b->slots)
		return a->slots > b->slots;
	return id_order(&a->id, &b->id) < 0;
}

static enum err count_votes(struct seam *seam, const char *path, struct votes *w)
{
	enum err e = scan_slots(seam, path, vote_slot, w);
	size_t said = w->count;
	vote_files(seam, path, HEADS_SAMPLE, w);
	if (w->count != 1 || said != 1)
		vote_files(seam, path, HEADS_MOST, w); /* they do not agree */
	return e;
}

/* Few: an insertion at a time puts them in order. */
static void order_votes(const char *path, struct votes *w)
{
	for (size_t i = 1; i < w->count; i++) {
		struct vote v = w->v[i];
		size_t at = i;
		for (; at && is_better(path, &v, &w->v[at - 1]); at--)
			w->v[at] = w->v[at - 1];
		w->v[at] = v;
	}
}

enum err unlock_find(struct seam *seam, const char *path, struct id ids[UNLOCK_STORES],
		     size_t *count)
{
	struct votes w = {0};
	*count = 0;
	enum err e = count_votes(seam, path, &w);
	if (!w.count)
		return e == ERR_IO ? e : w.newer ? ERR_NEWER : ERR_ABSENT;
	order_votes(path, &w);
	for (size_t i = 0; i < w.count && *count < UNLOCK_STORES; i++)
		if (!i || (w.v[i].slots && w.v[i].files))
			ids[(*count)++] = w.v[i].id;
	return OK;
}

enum err store_read_id(struct seam *seam, const char *path, struct id *id)
{
	struct id ids[UNLOCK_STORES];
	size_t count;
	enum err e = unlock_find(seam, path, ids, &count);
	if (!e)
		*id = ids[0];
	return e;
}

/* --- slots to try ----------------------------------------------------------------------- */

enum { RANK_LAST_OPENED, RANK_KNOWN, RANK_NEW, RANK_RETIRED };

struct candidate {
	struct hash hash;
	struct slot slot;
	struct buf bytes;
	int rank;
};
struct unlocking {
	struct store *s;
	struct seal *fresh; /* what the slot that is tried leads to */
	enum slot_source source; /* 0: any */
	struct candidate *v;
	size_t count, cap, refused, damaged, newer, tried, forged, left, starved;
	bool unread; /* some of the files could not be read just now */
	uint64_t work; /* so far, on slots that nobody here knows */
};

static void add_candidate(void *arg, struct span bytes, const struct slot *slot, enum err read)
{
	struct unlocking *u = arg;
	struct hash h = seal_hash(bytes);
	u->damaged += read == ERR_DAMAGED;
	u->newer += read == ERR_NEWER;
	if (read || !id_equal(&slot->store, &u->s->id) || (u->source && slot->source != u->source))
		return;
	for (size_t i = 0; i < u->count; i++)
		if (hash_equal(&u->v[i].hash, &h))
			return; /* the same under two names, or in LMDB as well */
	if (slot->source == SLOT_PASSPHRASE &&
	    !seal_kdf_allowed(u->s->seam, slot->ops, slot->mem_kib)) {
		u->refused++; /* before any work */
		return;
	}
	u->v = mem_room(u->v, u->count, &u->cap, sizeof *u->v);
	struct candidate *c = &u->v[u->count++];
	*c = (struct candidate){.hash = h, .slot = *slot, .rank = RANK_NEW};
	buf_add_span(&c->bytes, bytes);
}

static bool add_shelved(void *arg, struct span key, struct span value)
{
	struct slot slot;
	(void)key;
	if (value.n && pack_is_slot_size(value.n - 1) && value.p[0] == FILE_SLOT) {
		struct span bytes = span_of(value.p + 1, value.n - 1);
		if (!unpack_slot(bytes, &slot))
			add_candidate(arg, bytes, &slot, OK);
	}
	return true;
}

static enum err rank_all(void *arg, struct txn *t, struct diag *d)
{
	struct unlocking *u = arg;
	struct standing st;
	struct span last = {NULL, 0};
	(void)d;
	txn_scan(t, t->shelf->db[DB_FILE], span_of("", 0), add_shelved, u);
	txn_get(t, t->shelf->db[DB_META], span_text("opened"), &last);
	standing_find(&st, t);
	for (size_t i = 0; i < u->count; i++) {
		struct candidate *c = &u->v[i];
		if (span_equal(last, span_of(c->hash.b, sizeof c->hash.b)))
			c->rank = RANK_LAST_OPENED;
		else if (slots_is_here(t, &c->hash))
			c->rank = RANK_KNOWN;
		else if (standing_of(&st, &c->hash))
			c->rank = RANK_RETIRED;
	}
	standing_fini(&st);
	return OK;
}

/* Each alone is within the bounds; a folder full of them would keep its owner waiting for hours.
 * As much as 64 slots as this program makes them is tried of those that nobody here knows. */
static const uint64_t work_most = (uint64_t)64 * 3 * (256 << 10);

static uint64_t work_of(const struct candidate *c)
{
	return (uint64_t)c->slot.ops * c->slot.mem_kib;
}

/* Of those that are alike in rank, the cheaper first. */
static int candidate_sort(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	if (x->rank != y->rank)
		return x->rank - y->rank;
	if (work_of(x) != work_of(y))
		return work_of(x) < work_of(y) ? -1 : 1;
	return hash_order(&x->hash, &y->hash);
}

static bool is_too_much(struct unlocking *u, const struct candidate *c)
{
	if (c->rank < RANK_NEW)
		return false;
	u->work += work_of(c);
	u->left += u->work > work_most;
	return u->work > work_most;
}

/* Without LMDB there is nothing to rank by. */
static enum err find_candidates(struct unlocking *u, struct diag *d)
{
	u->unread = scan_slots(u->s->seam, u->s->path, add_candidate, u) == ERR_IO;
	enum err e = u->s->shelf.env ? shelf_read(&u->s->shelf, rank_all, u, d) : OK;
	if (u->count)
		qsort(u->v, u->count, sizeof *u->v, candidate_sort);
	return e;
}

static void unlocking_fini(struct unlocking *u)
{
	for (size_t i = 0; i < u->count; i++)
		buf_fini(&u->v[i].bytes);
	free(u->v);
	seal_free(u->fresh);
}

/* --- trying them ------------------------------------------------------------------------ */

/* Without any key a slot can be made that opens: an open one, or one for the practice's public
 * key.  It leads to a store key of its maker's, and what the key gives as the ids of itself and
 * of the store is not what this store is called. */
static bool is_named_by_key(const struct seal *seal, const struct slot *slot)
{
	struct id store = seal_store_id(seal, slot->kind, slot->constant);
	struct id key = seal_key_id(seal);
	return id_equal(&store, &slot->store) && id_equal(&key, &slot->key_id);
}

static bool try_one(struct unlocking *u, const struct candidate *c, const struct slot_key *with)
{
	struct store *s = u->s;
	struct slot_mark mark;
	uint8_t key[KEY_BYTES] = {0};
	u->tried++;
	enum err e = slots_key(&c->slot, with, key);
	u->starved += e == ERR_IO;
	bool opened =
		!e && unpack_slot_key(buf_span(&c->bytes), &c->slot, key, u->fresh->store_key);
	mem_wipe(key, sizeof key);
	if (!opened)
		return false;
	seal_derive(u->fresh);
	if (!is_named_by_key(u->fresh, &c->slot)) {
		u->forged++;
		return false;
	}
	if (!unpack_slot_mark(buf_span(&c->bytes), u->fresh->marks, &mark))
		return false;
	memcpy(s->seal->store_key, u->fresh->store_key, KEY_BYTES);
	seal_derive(s->seal);
	s->key_id = c->slot.key_id;
	s->slot = c->hash;
	s->source = c->slot.source;
	s->kind = c->slot.kind;
	s->open_access = mark.open_access;
	memcpy(s->constant, c->slot.constant, sizeof c->slot.constant);
	return true;
}

void unlock_say_forged(const struct store *s, size_t n, struct diag *d)
{
	if (n)
		diag_say(d,
			 "%zu slot%s here %s made by somebody without a key of this store, and not "
			 "used: look at who can write in %s.",
			 n, n == 1 ? "" : "s", n == 1 ? "was" : "were", s->path);
}

static enum err say_locked(const struct unlocking *u, const struct slot_key *with, struct diag *d)
{
	unlock_say_forged(u->s, u->forged, d);
	if (u->unread) {
		diag_say(d,
			 "Not all slots in %s can be read just now, and none of the others "
			 "opens this book. Nothing is lost; try again.",
			 u->s->path);
		return ERR_IO;
	}
	if (u->left)
		diag_say(d,
			 "%zu slots here ask for so much work together that they were not tried: "
			 "copy the folder slots again from a good copy.",
			 u->left);
	else if (u->starved)
		diag_say(d, "This machine has not enough free memory to try the passphrase. Close "
			    "other programs and try again.");
	else if (u->tried && with->source == SLOT_PASSPHRASE)
		diag_say(d, "That passphrase does not open this book. Nothing is lost; try again.");
	else if (u->tried)
		diag_say(d, "This key does not open this book.");
	else if (u->refused)
		diag_say(d, "The slot of this book asks for more, or less, work than is safe. It "
			    "was not tried: copy the folder slots again from a good copy.");
	else if (u->newer)
		diag_say(d, "This book was made by a newer version of Linkbook.");
	else if (with->source == SLOT_PASSPHRASE)
		diag_say(d, "No slot of this book can be read: copy the folder slots again.");
	else
		diag_say(d, "This book has no slot that this key could open.");
	return ERR_UNLOCK;
}

/* Of several that another store's key opens, one that may do everything is better. */
enum err unlock_store(struct store *s, const struct slot_key *with, bool again, struct diag *d)
{
	struct unlocking u = {.s = s, .source = with->source, .fresh = seal_new()};
	int64_t before = s->seam->boot_ms(s->seam);
	enum err e = find_candidates(&u, d);
	bool opened = false;
	for (size_t i = 0; !e && i < u.count; i++) {
		if ((again && u.v[i].rank == RANK_RETIRED) || is_too_much(&u, &u.v[i]))
			continue;
		opened |= try_one(&u, &u.v[i], with);
		if (opened && (!s->open_access || with->source != SLOT_STORE))
			break;
	}
	s->unlock_ms = s->seam->boot_ms(s->seam) - before;
	if (!e && !opened)
		e = say_locked(&u, with, d);
	s->forged = u.forged;
	unlocking_fini(&u);
	return e;
}

/* --- without opening -------------------------------------------------------------------- */

enum err store_try(struct seam *seam, const char *path, const struct slot_key *with,
		   enum store_kind *kind, struct diag *d)
{
	seal_start();
	struct store s = {.seam = seam, .path = (char *)(uintptr_t)path, .lock = -1};
	enum err e = store_read_id(seam, path, &s.id);
	if (e) {
		diag_say(d, "In %s there is no slot that can be read.", path);
		return e;
	}
	s.seal = seal_new();
	e = unlock_store(&s, with, false, d);
	*kind = s.kind;
	seal_free(s.seal);
	return e;
}

unsigned store_read_sources(struct seam *seam, const char *path)
{
	struct store s = {.seam = seam, .path = (char *)(uintptr_t)path, .lock = -1};
	struct unlocking u = {.s = &s};
	unsigned sources = 0;
	seal_start();
	if (store_read_id(seam, path, &s.id) || find_candidates(&u, NULL))
		return 0;
	for (size_t i = 0; i < u.count; i++)
		sources |= 1U << u.v[i].slot.source;
	unlocking_fini(&u);
	return sources;
}

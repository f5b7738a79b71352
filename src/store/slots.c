/* SPDX-License-Identifier: MIT
 *
 * The slots of an open store: listed, made, retired.  A slot is a file and nothing else; a
 * retirement is an order in a segment.  Which retirements count is decided in standing.c.
 */
#include "store_impl.h"

#include <linkbook/mem.h>
#include <linkbook/when.h>

#include <stdlib.h>
#include <string.h>

/* --- making one ------------------------------------------------------------------------- */

enum err slots_key(const struct slot *slot, const struct slot_key *with, uint8_t key[KEY_BYTES])
{
	if (with->source != slot->source)
		return ERR_UNLOCK;
	if (slot->source == SLOT_PASSPHRASE)
		return seal_stretch(with->secret, slot->salt, slot->ops, slot->mem_kib, key);
	if (slot->source == SLOT_OPEN) { /* hides nothing: all that goes into it lies in clear */
		struct hash h =
			seal_keyed_hash(slot->constant, span_of(slot->salt, sizeof slot->salt));
		memcpy(key, h.b, KEY_BYTES);
		return OK;
	}
	if (with->secret.n != KEY_BYTES)
		return ERR_UNLOCK;
	if (slot->source == SLOT_RECOVERY)
		return seal_box_open(slot->box, with->secret.p, key) ? OK : ERR_UNLOCK;
	memcpy(key, with->secret.p, KEY_BYTES);
	return OK;
}

/* Fills in what a new slot of this source has, and its key. */
static enum err prepare(struct store *s, const struct slot_key *with, struct slot *slot,
			uint8_t key[KEY_BYTES], struct diag *d)
{
	enum err e = OK;
	s->seam->random(s->seam, slot->salt, sizeof slot->salt);
	if (with->source == SLOT_RECOVERY) {
		s->seam->random(s->seam, key, KEY_BYTES);
		if (with->secret.n == KEY_BYTES) {
			memcpy(slot->public_key, with->secret.p, KEY_BYTES);
			if (seal_box(s->seam, slot->public_key, key, slot->box))
				return OK;
		}
		diag_say(d, "This is no public key of a practice.");
		return ERR_INPUT;
	}
	if (with->source == SLOT_PASSPHRASE)
		e = seal_kdf_choose(s->seam, with->kdf, &slot->ops, &slot->mem_kib);
	if (!e)
		e = slots_key(slot, with, key);
	if (e)
		diag_say(d, "This machine has not enough memory to make the passphrase safe.");
	return e;
}

enum err slots_write(struct store *s, const struct slot_key *with, const char *label,
		     struct hash *h, struct buf *bytes, struct diag *d)
{
	uint8_t key[KEY_BYTES] = {0};
	struct slot slot = {.source = with->source,
			    .kind = s->kind,
			    .store = s->id,
			    .other = with->other,
			    .key_id = s->key_id};
	struct slot_mark mark = {.open_access = s->open_access || with->source == SLOT_OPEN,
				 .made = s->seam->now_ms(s->seam)};
	memcpy(slot.constant, s->constant, sizeof slot.constant);
	for (size_t i = 0; i < sizeof mark.label - 1 && label[i]; i++)
		mark.label[i] = label[i];
	enum err e = prepare(s, with, &slot, key, d);
	if (!e) {
		pack_slot(s->seam, &slot, &mark, key, s->seal, bytes);
		e = folder_write(s, FILE_SLOT, buf_span(bytes), h, d);
		/* Nothing is to be told of it, so nothing may be left of it. */
		if (e)
			(void)folder_unwrite(s, FILE_SLOT, h);
	}
	mem_wipe(key, sizeof key);
	return e;
}

struct putting {
	struct store *s;
	const struct hash *hash;
	struct span bytes;
};

static enum err put_slot(void *arg, struct txn *t, struct diag *d)
{
	struct putting *p = arg;
	(void)d;
	takein_file(t, p->hash, FILE_SLOT, p->bytes);
	return OK;
}

/* It lasts once its file does; LMDB follows when it can. */
static enum err add_slot(struct store *s, const struct slot_key *with, const char *label,
			 struct hash *h, struct diag *d)
{
	struct buf bytes = BUF_INIT;
	if (strlen(label) >= SLOT_LABEL) {
		diag_say(d, "A label has at most %d bytes.", SLOT_LABEL - 1);
		return ERR_INPUT;
	}
	enum err e = folder_may_write(s, d);
	if (!e)
		e = store_catch_up(s, d);
	if (!e)
		e = slots_write(s, with, label, h, &bytes, d);
	if (!e) {
		struct putting p = {s, h, buf_span(&bytes)};
		struct diag unheard = {0};
		s->behind = shelf_write(&s->shelf, put_slot, &p, &unheard) != OK;
		diag_fini(&unheard);
	}
	buf_fini(&bytes);
	return e;
}

enum err store_add_slot(struct store *s, const struct slot_key *with, const char *label,
			struct diag *d)
{
	struct hash h;
	return add_slot(s, with, label, &h, d);
}

/* --- listing ---------------------------------------------------------------------------- */

enum err slots_vouch(const struct store *s, struct span bytes)
{
	struct slot slot;
	struct slot_mark mark;
	enum err e = unpack_slot(bytes, &slot);
	if (e)
		return e;
	if (!id_equal(&slot.store, &s->id))
		return ERR_REFUSED;
	return id_equal(&slot.key_id, &s->key_id) && unpack_slot_mark(bytes, s->seal->marks, &mark)
		       ? OK
		       : ERR_DAMAGED;
}

bool slots_is_here(struct txn *t, const struct hash *slot)
{
	struct span value;
	return txn_get(t, t->shelf->db[DB_FILE], hash_span(slot), &value);
}

static bool list_slot(void *arg, struct span key, struct span value)
{
	struct slot_list *l = arg;
	struct slot slot;
	struct slot_mark mark;
	if (!value.n || !pack_is_slot_size(value.n - 1) || value.p[0] != FILE_SLOT)
		return true;
	struct span bytes = span_of(value.p + 1, value.n - 1);
	if (unpack_slot(bytes, &slot) || !unpack_slot_mark(bytes, l->s->seal->marks, &mark))
		return true;
	l->v = mem_room(l->v, l->count, &l->cap, sizeof *l->v);
	struct store_slot *out = &l->v[l->count++];
	*out = (struct store_slot){.source = slot.source,
				   .other = slot.other,
				   .made = mark.made,
				   .open_access = mark.open_access};
	memcpy(out->hash.b, key.p, sizeof out->hash.b);
	memcpy(out->label, mark.label, sizeof out->label);
	out->opened = hash_equal(&out->hash, &l->s->slot);
	out->within_bounds = slot.source != SLOT_PASSPHRASE ||
			     seal_kdf_allowed(l->s->seam, slot.ops, slot.mem_kib);
	return true;
}

static int oldest_first(const void *a, const void *b)
{
	const struct store_slot *x = a, *y = b;
	if (x->made != y->made)
		return x->made < y->made ? -1 : 1;
	return hash_order(&x->hash, &y->hash);
}

enum err slots_list(void *arg, struct txn *t, struct diag *d)
{
	struct slot_list *l = arg;
	(void)d;
	l->count = 0;
	txn_scan(t, t->shelf->db[DB_FILE], span_of("", 0), list_slot, l);
	if (l->count)
		qsort(l->v, l->count, sizeof *l->v, oldest_first);
	return OK;
}

enum err store_scan_slots(struct store *s, store_each_slot *each, void *arg)
{
	struct slot_list l = {.s = s};
	enum err e = store_catch_up(s, NULL);
	if (!e)
		e = shelf_read(&s->shelf, slots_list, &l, NULL);
	for (size_t i = 0; !e && i < l.count; i++)
		each(arg, &l.v[i]);
	free(l.v);
	return e;
}

bool store_is_open_access(const struct store *s)
{
	return s->open_access;
}

enum slot_source store_opened_with(const struct store *s)
{
	return s->source;
}

/* --- retiring --------------------------------------------------------------------------- */

void slots_take_order(struct store *s, struct txn *t, const struct seg_entry *e)
{
	struct retirement r;
	struct buf order = BUF_INIT;
	struct hash id = store_hash(s, e->sealed);
	if (hash_equal(&id, &e->id) && unpack_retirement(e->sealed, &r)) {
		r.author =
			span_of("", 0); /* LMDB has it in clear, to be read before there is a key */
		pack_retirement(&r, &order);
		txn_put(t, s->shelf.db[DB_RETIRE], hash_span(&id), buf_span(&order));
	}
	buf_fini(&order);
}

bool slots_can_keep(const struct store_slot *slot)
{
	return !slot->open_access && slot->within_bounds &&
	       (slot->source == SLOT_PASSPHRASE || slot->source == SLOT_STORE);
}

/* The slot that the retirement of another relies on: the one this session opened with, else a
 * passphrase's, else any that will do; NULL when none would be left. */
static const struct store_slot *find_keeper(const struct slot_list *l, const struct hash *slot)
{
	const struct store_slot *best = NULL;
	for (size_t i = 0; i < l->count; i++) {
		const struct store_slot *k = &l->v[i];
		if (!slots_can_keep(k) || hash_equal(&k->hash, slot))
			continue;
		if (k->opened)
			return k;
		if (!best || (best->source != SLOT_PASSPHRASE && k->source == SLOT_PASSPHRASE))
			best = k;
	}
	return best;
}

enum { SEEN_MOST = 20000 }; /* more than that are nobody's honest work */

/* The newest retirements that are known here: what they had seen goes without saying. */
static void add_newest(const struct standing *st, struct buf *out)
{
	for (size_t j = 0; j < st->count && out->n < SEEN_MOST * sizeof(struct hash); j++)
		if (standing_is_newest(st, j))
			buf_add_span(out, hash_span(&st->v[j].r.id));
}

struct retiring {
	struct store *s;
	struct retirement r;
	struct buf seen, order, content, bytes;
	struct hash file;
	struct seg_head head;
	const struct putting *keeper; /* a new slot, which LMDB does not have yet; or NULL */
};

static enum err see(void *arg, struct txn *t, struct diag *d)
{
	struct retiring *w = arg;
	struct standing st;
	(void)d;
	standing_find(&st, t);
	buf_clear(&w->seen);
	add_newest(&st, &w->seen);
	standing_fini(&st);
	return OK;
}

static enum err take_own(void *arg, struct txn *t, struct diag *d)
{
	struct retiring *w = arg;
	struct taking k = {.s = w->s};
	(void)d;
	if (w->keeper)
		takein_file(t, w->keeper->hash, FILE_SLOT, w->keeper->bytes);
	takein_segment(&k, t, &w->file, buf_span(&w->bytes), &w->head, buf_span(&w->content));
	taking_fini(&k);
	return OK;
}

static enum err write_order(struct retiring *w, struct diag *d)
{
	struct store *s = w->s;
	enum err e = shelf_read(&s->shelf, see, w, d);
	if (e)
		return e;
	w->r.seen = buf_span(&w->seen);
	w->r.stamp = s->seam->now_ms(s->seam);
	w->head.count = 1;
	pack_retirement(&w->r, &w->order);
	struct hash id = store_hash(s, buf_span(&w->order));
	pack_order(&s->id, &id, buf_span(&w->order), &w->content);
	pack_segment(s->seam, &s->id, &s->key_id, s->seal->segment, &w->head, 1,
		     buf_span(&w->content), &w->bytes);
	e = folder_write(s, FILE_SEGMENT, buf_span(&w->bytes), &w->file, d);
	if (e)
		(void)folder_unwrite(s, FILE_SEGMENT, &w->file);
	if (!e) {
		/* It counts from here on, whatever becomes of LMDB and of the slot's file. */
		struct diag unheard = {0};
		s->behind = shelf_write(&s->shelf, take_own, w, &unheard) != OK;
		if (!s->behind && slots_settle(s, NULL, NULL))
			s->behind = true;
		diag_fini(&unheard);
	}
	return e;
}

static struct span short_author(const char *author)
{
	size_t n = strlen(author);
	if (n > AUTHOR_MOST)
		for (n = AUTHOR_MOST; n && ((unsigned char)author[n] & 0xc0) == 0x80;)
			n--; /* not within a letter */
	return span_of(author, n);
}

/* changed: for the sake of the keeper, a new slot that LMDB does not have yet; else NULL. */
static enum err retire(struct store *s, const struct hash *slot, const struct hash *keeper,
		       const struct putting *changed, const char *author, struct diag *d)
{
	struct retiring w = {.s = s, .keeper = changed};
	w.r.slot = *slot;
	w.r.keeper = *keeper;
	w.r.changed = changed != NULL;
	w.r.author = short_author(author);
	/* Should it be the one that this session came in by: the keeper may be a colleague's, and
	 * a change of passphrase later on must not be taken for a change of theirs. */
	enum err e = write_order(&w, d);
	buf_fini(&w.seen);
	buf_fini(&w.order);
	buf_fini(&w.content);
	buf_fini(&w.bytes);
	return e;
}

static bool has_slot(const struct slot_list *l, const struct hash *slot)
{
	for (size_t i = 0; i < l->count; i++)
		if (hash_equal(&l->v[i].hash, slot))
			return true;
	return false;
}

enum err store_retire_slot(struct store *s, const struct hash *slot, const char *author,
			   struct diag *d)
{
	struct slot_list l = {.s = s};
	enum err e = folder_may_write(s, d);
	if (!e)
		e = store_catch_up(s, d);
	if (!e && s->open_access) {
		diag_say(d, "Who comes in by the open slot may read and add; slots are retired "
			    "with the team passphrase.");
		return ERR_REFUSED;
	}
	if (!e)
		e = shelf_read(&s->shelf, slots_list, &l, d);
	const struct store_slot *keeper = e ? NULL : find_keeper(&l, slot);
	if (!e && !has_slot(&l, slot)) {
		diag_say(d, "There is no such slot.");
		e = ERR_ABSENT;
	} else if (!e && !keeper) {
		diag_say(d, "This is the last slot that opens the book with a passphrase: add "
			    "another first.");
		e = ERR_REFUSED;
	}
	if (!e)
		e = retire(s, slot, &keeper->hash, NULL, author, d);
	free(l.v);
	return e;
}

enum err store_change_passphrase(struct store *s, const struct slot_key *with, const char *author,
				 struct diag *d)
{
	struct hash old = s->slot, fresh;
	struct buf bytes = BUF_INIT;
	char hex[HASH_HEX];
	if (s->source != SLOT_PASSPHRASE) {
		diag_say(d,
			 "The book was not opened with a passphrase, so there is none to change: "
			 "add one.");
		return ERR_REFUSED;
	}
	enum err e = folder_may_write(s, d);
	if (!e)
		e = store_catch_up(s, d);
	if (!e)
		e = slots_write(s, with, "", &fresh, &bytes, d);
	bool made = !e;
	struct putting keeper = {s, &fresh, buf_span(&bytes)};
	if (!e)
		e = retire(s, &old, &fresh, &keeper, author, d);
	if (!e)
		s->slot = fresh;
	else if (!made || folder_unwrite(s, FILE_SLOT, &fresh))
		diag_say(d, "The passphrase was not changed.");
	else
		diag_say(d,
			 "The new passphrase opens the book, and the old one may still: "
			 "linkbook slots retire %.8s takes it away.",
			 hash_to_hex(&old, hex));
	buf_fini(&bytes);
	return e;
}

/* SPDX-License-Identifier: MIT
 *
 * A store made, opened, closed.
 */
#include "store_impl.h"

#include <linkbook/mem.h>

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHELF_FORMAT = 3 }; /* of what lies in LMDB, views included */

struct hash store_plain_hash(struct span bytes)
{
	seal_start();
	return seal_hash(bytes);
}

struct hash store_hash(const struct store *s, struct span bytes)
{
	return seal_keyed_hash(s->constant, bytes);
}

const struct id *store_id(const struct store *s)
{
	return &s->id;
}

const char *store_path(const struct store *s)
{
	return s->path;
}

size_t store_trouble(const struct store *s)
{
	return s->trouble;
}

void store_derive(const struct store *s, const struct id *other, uint8_t key[32])
{
	struct hash h = seal_keyed_hash(s->seal->slots, span_of(other->b, sizeof other->b));
	memcpy(key, h.b, sizeof h.b);
	mem_wipe(&h, sizeof h);
}

/* --- slots ------------------------------------------------------------------------------ */

static enum err slot_key(const struct slot *slot, const struct slot_key *with,
			 uint8_t key[KEY_BYTES])
{
	if (slot->source == SLOT_PASSPHRASE)
		return seal_stretch(with->secret, slot->salt, slot->ops, slot->mem_kib, key);
	if (with->secret.n != KEY_BYTES)
		return ERR_UNLOCK;
	memcpy(key, with->secret.p, KEY_BYTES);
	return OK;
}

enum err store_create(struct seam *seam, const char *path, const struct slot_key *with,
		      struct id *id, struct diag *d)
{
	uint8_t store_key[KEY_BYTES], key[KEY_BYTES] = {0};
	struct buf bytes = BUF_INIT;
	seal_start();
	if (!store_is_bare(path)) {
		diag_say(d, "There is a book in %s already.", path);
		return ERR_REFUSED;
	}
	struct slot slot = {.source = with->source,
			    .store = seam_new_id(seam),
			    .other = with->other,
			    .key_id = seam_new_id(seam)};
	seam->random(seam, slot.constant, sizeof slot.constant);
	seam->random(seam, slot.salt, sizeof slot.salt);
	seam->random(seam, store_key, sizeof store_key);
	enum err e = OK;
	if (with->source == SLOT_PASSPHRASE)
		e = seal_kdf_choose(seam, with->kdf, &slot.ops, &slot.mem_kib);
	if (!id_is_zero(id))
		slot.store = *id;
	if (!e)
		e = slot_key(&slot, with, key);
	if (e)
		diag_say(d, "This machine has not enough memory to make the passphrase safe.");
	if (!e)
		e = folder_make(seam, path, d);
	if (!e) {
		struct store s = {.seam = seam, .path = (char *)(uintptr_t)path};
		struct hash h;
		pack_slot(seam, &slot, key, store_key, &bytes);
		e = folder_write(&s, FILE_SLOT, buf_span(&bytes), &h, d);
		*id = slot.store;
	}
	buf_fini(&bytes);
	mem_wipe(store_key, sizeof store_key);
	mem_wipe(key, sizeof key);
	return e;
}

static DIR *open_slots(const char *path)
{
	char *folder = file_join(path, "slots");
	DIR *dir = opendir(folder);
	free(folder);
	return dir;
}

bool store_is_there(const char *path)
{
	DIR *dir = open_slots(path);
	if (dir)
		closedir(dir);
	return dir != NULL;
}

/* Calls each with the bytes of every readable slot; the last answer that is not ERR_ABSENT
 * stops and is given back. */
typedef enum err each_slot(void *arg, struct span bytes, const struct slot *slot, enum err read);

static enum err scan_slots(struct seam *seam, const char *path, each_slot *each, void *arg)
{
	DIR *dir = open_slots(path);
	enum err e = ERR_ABSENT;
	if (!dir)
		return ERR_ABSENT;
	for (struct dirent *entry; e == ERR_ABSENT && (entry = readdir(dir));) {
		struct buf bytes = BUF_INIT;
		struct slot slot = {0};
		char *folder = file_join(path, "slots");
		char *file = file_join(folder, entry->d_name);
		if (entry->d_name[0] != '.' && !file_read(seam, file, PACK_SLOT_MOST, &bytes, NULL))
			e = each(arg, buf_span(&bytes), &slot,
				 unpack_slot(buf_span(&bytes), &slot));
		free(file);
		free(folder);
		buf_fini(&bytes);
	}
	closedir(dir);
	return e;
}

static enum err take_id(void *arg, struct span bytes, const struct slot *slot, enum err read)
{
	(void)bytes;
	if (read)
		return ERR_ABSENT;
	*(struct id *)arg = slot->store;
	return OK;
}

enum err store_read_id(struct seam *seam, const char *path, struct id *id)
{
	return scan_slots(seam, path, take_id, id);
}

struct unlocking {
	struct store *s;
	const struct slot_key *with;
	size_t refused, damaged, newer, tried;
};

static enum err try_slot(void *arg, struct span bytes, const struct slot *slot, enum err read)
{
	struct unlocking *u = arg;
	uint8_t key[KEY_BYTES] = {0};
	u->damaged += read == ERR_DAMAGED;
	u->newer += read == ERR_NEWER;
	if (read || slot->source != u->with->source)
		return ERR_ABSENT;
	if (slot->source == SLOT_PASSPHRASE &&
	    !seal_kdf_allowed(u->s->seam, slot->ops, slot->mem_kib)) {
		u->refused++; /* before any work */
		return ERR_ABSENT;
	}
	u->tried++;
	bool opened =
		!slot_key(slot, u->with, key) && unpack_slot_key(bytes, key, u->s->seal->store_key);
	mem_wipe(key, sizeof key);
	if (!opened)
		return ERR_ABSENT;
	u->s->id = slot->store;
	u->s->key_id = slot->key_id;
	memcpy(u->s->constant, slot->constant, sizeof slot->constant);
	return OK;
}

static enum err unlock(struct store *s, const struct slot_key *with, struct diag *d)
{
	struct unlocking u = {.s = s, .with = with};
	int64_t before = s->seam->boot_ms(s->seam);
	enum err e = scan_slots(s->seam, s->path, try_slot, &u);
	s->unlock_ms = s->seam->boot_ms(s->seam) - before;
	if (!e)
		seal_derive(s->seal);
	if (e != ERR_ABSENT)
		return e;
	if (u.tried)
		diag_say(d, "That passphrase does not open this book. Nothing is lost; try again.");
	else if (u.refused)
		diag_say(d, "The slot of this book asks for more, or less, work than is safe. It "
			    "was not tried: copy the folder slots again from a good copy.");
	else if (u.newer)
		diag_say(d, "This book was made by a newer version of Linkbook.");
	else
		diag_say(d, "No slot of this book can be read: copy the folder slots again.");
	return ERR_UNLOCK;
}

/* --- opening ---------------------------------------------------------------------------- */

struct marking {
	struct store *s;
	bool foreign, fresh;
};

static enum err mark_shelf(void *arg, struct txn *t, struct diag *d)
{
	struct marking *m = arg;
	struct span had;
	struct buf want = BUF_INIT;
	MDB_dbi db = t->shelf->db[DB_META];
	(void)d;
	buf_add_u32(&want, SHELF_FORMAT);
	buf_add(&want, m->s->id.b, sizeof m->s->id.b);
	m->fresh = !txn_get(t, db, span_text("format"), &had);
	if (!m->fresh)
		m->foreign = !span_equal(had, buf_span(&want));
	else
		txn_put(t, db, span_text("format"), buf_span(&want));
	buf_fini(&want);
	return OK;
}

static void remove_shelf(struct store *s)
{
	static const char *const names[] = {"data.mdb", "lock.mdb"};
	for (size_t i = 0; i < 2; i++) {
		char *path = file_join(s->state, names[i]);
		s->seam->files.unlink(path);
		free(path);
	}
}

/* What a copy brought lasts in LMDB, which holds its bytes, before the disk has written the
 * files themselves: so LMDB's own name must last.  Not to be had is no reason to stay shut. */
static void keep_name(struct store *s)
{
	if (file_sync_folder(s->seam, s->state, NULL))
		return;
}

/* One of an older layout, of another store, or one that LMDB cannot read is made anew. */
static enum err open_shelf(struct store *s, struct diag *d)
{
	for (int again = 0;; again++) {
		struct marking m = {.s = s};
		enum err e = shelf_open(&s->shelf, s->state, again ? d : NULL);
		if (!e)
			e = shelf_write(&s->shelf, mark_shelf, &m, again ? d : NULL);
		if (!e && !m.foreign) {
			if (m.fresh)
				keep_name(s);
			return OK;
		}
		shelf_close(&s->shelf);
		/* What cannot be opened just now may hold the only copy of a lost file: it stays. */
		if (again || (e && e != ERR_DAMAGED)) {
			diag_say(d, "The working store in %s cannot be opened.", s->state);
			return e ? e : ERR_DAMAGED;
		}
		remove_shelf(s);
	}
}

/* After a failed commit LMDB is closed and opened anew; what it lacks comes from the files. */
enum err store_catch_up(struct store *s, struct diag *d)
{
	if (!s->behind)
		return OK;
	shelf_close(&s->shelf);
	enum err e = open_shelf(s, d);
	return e ? e : takein_all(s, d);
}

enum err store_open(struct seam *seam, const char *path, const struct slot_key *with,
		    const struct store_folder *folder, struct store **out, struct diag *d)
{
	seal_start();
	*out = NULL;
	if (!store_is_there(path)) {
		diag_say(d, "There is no book in %s.", path);
		return ERR_ABSENT;
	}
	struct store *s = mem_alloc(sizeof *s);
	*s = (struct store){.seam = seam,
			    .folder = folder,
			    .path = mem_text(path),
			    .lock = -1,
			    .state_lock = -1,
			    .seal = seal_new(),
			    .writer = seam_new_id(seam)};
	enum err e = unlock(s, with, d);
	if (!e) {
		s->state = folder_state(&s->id, path);
		e = file_make_folder_durable(seam, s->state, d);
	}
	if (!e)
		e = folder_lock(s, d);
	if (!e)
		e = open_shelf(s, d);
	if (!e)
		e = takein_all(s, d);
	if (e) {
		store_close(s);
		return e;
	}
	*out = s;
	return OK;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	shelf_close(&s->shelf);
	folder_unlock(s);
	drafts_forget(s);
	seal_free(s->seal);
	free(s->state);
	free(s->path);
	free(s);
}

enum err store_rebuild(struct store *s, struct diag *d)
{
	/* What LMDB holds and no whole file does goes to disk first. */
	enum err e = store_catch_up(s, d);
	if (!e)
		e = takein_all(s, d);
	if (e)
		return e;
	s->behind = true; /* until it is whole again */
	shelf_close(&s->shelf);
	remove_shelf(s);
	e = open_shelf(s, d);
	return e ? e : takein_all(s, d);
}

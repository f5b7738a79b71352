/* SPDX-License-Identifier: MIT
 *
 * A store made, opened, closed.  Which slot opens it is found in unlock.c.
 */
#include "store_impl.h"

#include <linkbook/mem.h>
#include <linkbook/mutant.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHELF_FORMAT = 8 }; /* of what lies in LMDB, views included */

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

enum store_kind store_kind(const struct store *s)
{
	return s->kind;
}

uint64_t store_version(const struct store *s)
{
	return s->behind || s->shelf.suspect || s->undecided_count ? 0 : s->shelf.version;
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

/* --- making ----------------------------------------------------------------------------- */

static struct store *store_new(struct seam *seam, const char *path)
{
	seal_start();
	struct store *s = mem_alloc(sizeof *s);
	*s = (struct store){.seam = seam,
			    .path = mem_text(path),
			    .lock = -1,
			    .state_lock = -1,
			    .seal = seal_new(),
			    .writer = seam_new_id(seam)};
	s->drafts_of = s;
	return s;
}

struct store *store_draw(struct seam *seam, enum store_kind kind)
{
	struct store *s = store_new(seam, "");
	s->kind = kind;
	seam->random(seam, s->constant, sizeof s->constant);
	seam->random(seam, s->seal->store_key, sizeof s->seal->store_key);
	seal_derive(s->seal);
	s->id = seal_store_id(s->seal, kind, s->constant);
	s->key_id = seal_key_id(s->seal);
	return s;
}

enum err store_create(struct store *drawn, const char *path, const struct slot_key *with,
		      struct diag *d)
{
	struct buf bytes = BUF_INIT;
	struct hash h;
	if (!store_is_bare(path)) {
		diag_say(d, "There is a book in %s already.", path);
		return ERR_REFUSED;
	}
	free(drawn->path);
	drawn->path = mem_text(path);
	enum err e = folder_make(drawn->seam, path, d);
	if (!e)
		e = slots_write(drawn, with, "", &h, &bytes, d);
	buf_fini(&bytes);
	return e;
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

/* After an unclean end, or when somebody else has written there, a child reads it first. */
static enum err look_over(struct store *s, bool suspect, struct diag *d)
{
	bool sound;
	if (!suspect_take_mark(s) && !suspect)
		return OK;
	s->doubt = id_is_zero(&s->key_id);
	enum err e = suspect_look_over(s, &sound, d);
	if (e || sound)
		return e;
	s->remade = true;
	s->doubt = false;
	return suspect_discard(s, d);
}

/* What a copy brought lasts in LMDB, which holds its bytes, before the disk has written the
 * files themselves: so LMDB's own name must last.  Not to be had is no reason to stay shut. */
static void keep_name(struct store *s)
{
	if (file_sync_folder(s->seam, s->state, NULL))
		return;
}

/* One that is damaged, of an older layout, or of another store is made anew. */
static enum err open_shelf(struct store *s, bool suspect, struct diag *d)
{
	enum err looked = look_over(s, suspect, d);
	if (mutant(MUTANT_ABSENCE_DELETES))
		suspect_remove(s);
	if (looked)
		return looked;
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
		e = suspect_discard(s, d);
		if (e)
			return e;
	}
}

static void close_shelf(struct store *s)
{
	bool sound = s->shelf.env && !s->shelf.suspect && !s->behind && !s->doubt;
	shelf_close(&s->shelf);
	if (sound)
		suspect_leave_mark(s);
}

/* After a failed commit, or an answer that no sound LMDB gives, it is closed and opened anew;
 * what it lacks comes from the files.  Not while somebody is still reading. */
enum err store_catch_up(struct store *s, struct diag *d)
{
	bool suspect = s->shelf.suspect;
	if (s->undecided_count && folder_decide(s))
		s->behind = true;
	if ((!s->behind && !suspect) || s->shelf.reader)
		return OK;
	s->behind = true; /* until it is whole again */
	shelf_close(&s->shelf);
	enum err e = open_shelf(s, suspect, d);
	return e ? e : takein_all(s, d);
}

enum err store_look_over(struct store *s, struct diag *d)
{
	s->behind = s->shelf.suspect = true;
	return store_catch_up(s, d);
}

static enum err note_opened(void *arg, struct txn *t, struct diag *d)
{
	struct store *s = arg;
	struct span had, slot = span_of(s->slot.b, sizeof s->slot.b);
	MDB_dbi db = t->shelf->db[DB_META];
	(void)d;
	if (!txn_get(t, db, span_text("opened"), &had) || !span_equal(had, slot))
		txn_put(t, db, span_text("opened"), slot);
	return OK;
}

struct looking {
	const struct hash *slot;
	bool here;
};

static enum err look(void *arg, struct txn *t, struct diag *d)
{
	struct looking *l = arg;
	(void)d;
	l->here = slots_is_here(t, l->slot);
	return OK;
}

/* The slot may turn out to be retired only now, when what says so was taken in. */
static enum err unlock_with_one_that_stays(struct store *s, const struct slot_key *with,
					   struct diag *d)
{
	struct looking l = {.slot = &s->slot};
	enum err e = shelf_read(&s->shelf, look, &l, d);
	if (e)
		return e;
	if (!l.here && unlock_store(s, with, true, NULL)) {
		diag_say(d,
			 "That %s was changed or taken away; it does not open this book any more.",
			 with->source == SLOT_PASSPHRASE ? "passphrase" : "key");
		return ERR_UNLOCK;
	}
	/* Tried first next time; only a courtesy. */
	if (shelf_write(&s->shelf, note_opened, s, NULL))
		s->behind = true;
	return OK;
}

/* Locked and unlocked, as the store with this id. */
static enum err open_as(struct store *s, const struct id *id, const struct slot_key *with,
			struct diag *d)
{
	s->id = *id;
	s->state = folder_state(id, s->path);
	enum err e = file_make_folder_durable(s->seam, s->state, d);
	if (!e)
		e = folder_lock(s, d);
	if (!e)
		e = open_shelf(s, false, d);
	return e ? e : unlock_store(s, with, false, d);
}

static void close_as(struct store *s)
{
	close_shelf(s);
	folder_unlock(s);
	free(s->state);
	s->state = NULL;
}

/* What is said is of the likeliest store, if none opens. */
static enum err find_and_open(struct store *s, const struct slot_key *with, struct diag *d)
{
	struct id ids[UNLOCK_STORES];
	struct diag first = {0};
	size_t count;
	if (!store_is_there(s->path)) {
		diag_say(d, "There is no book in %s.", s->path);
		return ERR_ABSENT;
	}
	enum err e = unlock_find(s->seam, s->path, ids, &count);
	if (e == ERR_IO) {
		diag_say(d, "The slots in %s cannot be read just now. Nothing is lost; try again.",
			 s->path);
		return e;
	}
	if (e) {
		diag_say(d, "%s",
			 e == ERR_NEWER ? "This book was made by a newer version of Linkbook."
					: "No slot of this book can be read: copy the folder slots "
					  "again.");
		return ERR_UNLOCK;
	}
	e = open_as(s, &ids[0], with, &first);
	for (size_t i = 1; e == ERR_UNLOCK && i < count; i++) {
		close_as(s);
		e = open_as(s, &ids[i], with, NULL);
	}
	diag_move(e ? d : NULL, &first);
	return e;
}

enum err store_open(struct seam *seam, const char *path, const struct slot_key *with,
		    const struct store_folder *folder, struct store **out, struct diag *d)
{
	struct store *s = store_new(seam, path);
	*out = NULL;
	s->folder = folder;
	enum err e = find_and_open(s, with, d);
	/* Now that there are keys, all of one that is suspect. */
	if (!e)
		e = s->doubt ? store_look_over(s, d) : takein_all(s, d);
	if (!e)
		e = unlock_with_one_that_stays(s, with, d);
	if (!e && s->remade)
		diag_say(d, "The working store was damaged and has been made anew.");
	if (!e) {
		unlock_say_forged(s, s->forged, d);
		gaps_say(&s->gaps, d);
	}
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
	drafts_leave(s);
	if (s->undecided_count && !folder_decide(s))
		s->behind = true; /* whoever opens it next finds what there is */
	close_shelf(s);
	folder_unlock(s);
	drafts_forget(s);
	free(s->finishers);
	free(s->undecided);
	seal_free(s->seal);
	free(s->state);
	free(s->path);
	free(s);
}

enum err store_rebuild(struct store *s, struct diag *d)
{
	/* What LMDB holds and no whole file does goes to disk first; whole by its hash, since a
	 * file that is spoilt and as long as before has its only good bytes in LMDB. */
	enum err e = store_catch_up(s, d);
	s->thorough = true;
	if (!e)
		e = takein_all(s, d);
	s->thorough = false;
	if (!e && s->unwritten) {
		diag_say(d, "The working store is left as it is: only it has some of the files.");
		e = ERR_FULL;
	}
	if (e)
		return e;
	s->behind = true; /* until it is whole again */
	shelf_close(&s->shelf);
	suspect_remove(s);
	e = open_shelf(s, false, d);
	return e ? e : takein_all(s, d);
}

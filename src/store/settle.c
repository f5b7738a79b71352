/* SPDX-License-Identifier: MIT
 *
 * What retirements do once they are taken in: the slots that do not stay leave the folder and
 * LMDB, and what people should know of it is said.
 */
#include "store_impl.h"

#include <linkbook/mem.h>

#include <stdlib.h>

struct settling {
	struct store *s;
	const struct found *found;
	struct diag *d;
	struct slot_list slots;
	struct standing st;
	struct hash *gone;
	size_t gone_count;
	size_t unlinked;
};

static bool stays(void *arg, const struct hash *slot)
{
	const struct settling *w = arg;
	for (size_t i = 0; i < w->slots.count; i++)
		if (hash_equal(&w->slots.v[i].hash, slot))
			return !standing_of(&w->st, slot);
	return false;
}

static void say_standing(struct settling *w, bool has_keeper)
{
	bool circle = false;
	for (size_t i = 0; i < w->st.count; i++)
		circle |= w->st.v[i].on_circle && stays(w, &w->st.v[i].r.slot);
	if (standing_changed_twice(&w->st, stays, w))
		diag_say(w->d, "The passphrase was changed in two places; both open this book. "
			       "linkbook slots list shows them, and linkbook slots retire takes "
			       "one away.");
	if (circle)
		diag_say(w->d, "Slots were retired in two places, each by somebody who relied on "
			       "the other: both stay. linkbook slots retire takes one away.");
	if (!has_keeper)
		diag_say(w->d, "The slot that should open this book in place of a retired one is "
			       "not here; the retired one stays until it comes: copy again.");
}

/* What is retired goes, as long as a slot is here that stays and that opens the store. */
static enum err find_gone(void *arg, struct txn *t, struct diag *d)
{
	struct settling *w = arg;
	bool has_keeper = false;
	standing_find(&w->st, t);
	if (!w->st.count)
		return OK;
	enum err e = slots_list(&w->slots, t, d);
	for (size_t i = 0; i < w->slots.count; i++)
		has_keeper |= slots_can_keep(&w->slots.v[i]) && stays(w, &w->slots.v[i].hash);
	w->gone = mem_alloc_many(w->slots.count, sizeof *w->gone);
	for (size_t i = 0; has_keeper && i < w->slots.count; i++)
		if (!stays(w, &w->slots.v[i].hash))
			w->gone[w->gone_count++] = w->slots.v[i].hash;
	say_standing(w, has_keeper);
	if (!has_keeper)
		w->found = NULL;
	return e;
}

static enum err drop_gone(void *arg, struct txn *t, struct diag *d)
{
	struct settling *w = arg;
	(void)d;
	for (size_t i = 0; i < w->gone_count; i++)
		txn_delete(t, t->shelf->db[DB_FILE], span_of(w->gone[i].b, sizeof w->gone[i].b));
	return OK;
}

static void unlink_slot(struct settling *w, const char *path)
{
	w->unlinked += !w->s->seam->files.unlink(path);
}

/* A file that cannot be removed just now is tried again at the next opening. */
static void unlink_gone(struct settling *w)
{
	for (size_t i = 0; i < w->gone_count; i++) {
		char *path = folder_path(w->s, FILE_SLOT, &w->gone[i]);
		unlink_slot(w, path);
		free(path);
	}
	for (size_t i = 0; w->found && i < w->found->count; i++) {
		const struct found_file *f = &w->found->v[i];
		if (f->named && standing_of(&w->st, &f->name))
			unlink_slot(w, f->path); /* torn ones, too */
	}
	if (w->unlinked) {
		char *folder = file_join(w->s->path, "slots");
		if (file_sync_folder(w->s->seam, folder, NULL))
			w->unlinked = 0; /* no harm: what comes back is removed again */
		free(folder);
	}
}

enum err slots_settle(struct store *s, const struct found *found, struct diag *d)
{
	struct settling w = {.s = s, .found = found, .d = d, .slots = {.s = s}};
	enum err e = shelf_read(&s->shelf, find_gone, &w, d);
	if (!e && w.gone_count)
		e = shelf_write(&s->shelf, drop_gone, &w, d);
	if (!e && w.st.count)
		unlink_gone(&w);
	standing_fini(&w.st);
	free(w.slots.v);
	free(w.gone);
	return e;
}

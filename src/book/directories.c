/* SPDX-License-Identifier: MIT
 *
 * The directories of a book: opened with the slot that its caseload has in each, made, joined.
 */
#include "book_impl.h"

#include <linkbook/mem.h>
#include <linkbook/slots.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

const char open_access_refusal[] = "this book came into the directory by its open slot, so it may "
				   "read and add there; linkbook slots join, with the team "
				   "passphrase, lets it do more";

void add_store(struct book *b, struct store *s)
{
	b->stores = mem_grow(b->stores, b->store_count + 1, sizeof *b->stores);
	size_t at = b->store_count++;
	for (; at > 1 && id_order(store_id(b->stores[at - 1]), store_id(s)) > 0; at--)
		b->stores[at] = b->stores[at - 1];
	b->stores[at] = s;
	if (at)
		store_finish_drafts_of(s, b->stores[0]);
}

/* It is of another kind than was wanted. */
static enum err say_kind(const char *path, enum store_kind wanted, struct diag *d)
{
	if (wanted == OF_DIRECTORY)
		diag_say(d, "%s is a caseload, and no directory: people are not shared so.", path);
	else
		diag_say(d, "%s is a directory, and no caseload.", path);
	return ERR_REFUSED;
}

/* The slot of this caseload in another store; key: 32 bytes to be wiped. */
static struct slot_key own_key(struct book *b, const struct id *id, uint8_t key[32])
{
	store_derive(b->stores[0], id, key);
	return (struct slot_key){
		.source = SLOT_STORE, .secret = {key, 32}, .other = *store_id(b->stores[0])};
}

/* A store is opened for what it is: people would be shared with a practice, or a practice's words
 * taken for a caseload, if it were believed by the folder that it lies in. */
enum err open_kind(struct book *b, const char *path, enum store_kind kind,
		   const struct slot_key *with, struct store **s, struct diag *d)
{
	struct diag said = {0};
	enum err e = store_open(b->seam, path, with, &b->folder, s, &said);
	if (e || store_kind(*s) == kind) {
		diag_move(d, &said);
		return e;
	}
	diag_fini(&said);
	store_close(*s);
	*s = NULL;
	return say_kind(path, kind, d);
}

/* Opens with our own slot, else by the open one; which of the two failed is no news. */
static enum err open_with_either(struct book *b, const char *path, const struct id *id,
				 struct store **s, struct diag *d)
{
	uint8_t key[32];
	struct diag first = {0}, second = {0};
	struct slot_key own = own_key(b, id, key), open = {.source = SLOT_OPEN};
	enum err e = open_kind(b, path, OF_DIRECTORY, &own, s, &first);
	mem_wipe(key, sizeof key);
	if (e != ERR_UNLOCK) {
		diag_move(d, &first);
		return e;
	}
	diag_fini(&first);
	e = open_kind(b, path, OF_DIRECTORY, &open, s, &second);
	if (e == ERR_UNLOCK)
		diag_say(d,
			 "The directory in %s stays closed: this book has no slot in it. "
			 "linkbook slots join %s, with the team passphrase, lets it in.",
			 path, path);
	else
		diag_move(d, &second);
	diag_fini(&second);
	return e;
}

static const struct store *find_open(const struct book *b, const struct id *id)
{
	for (size_t i = 1; i < b->store_count; i++)
		if (id_equal(store_id(b->stores[i]), id))
			return b->stores[i];
	return NULL;
}

static enum err open_directory(struct book *b, const char *path, struct diag *d)
{
	struct id id;
	struct store *s;
	enum err e = store_read_id(b->seam, path, &id);
	if (e) {
		diag_say(d, "The directory in %s has no slot that can be read: copy again.", path);
		return e;
	}
	if (find_open(b, &id)) {
		diag_say(d,
			 "The directory in %s is here under another name as well; this one is "
			 "left alone.",
			 path);
		return ERR_REFUSED;
	}
	e = open_with_either(b, path, &id, &s, d);
	if (!e)
		add_store(b, s);
	return e;
}

static bool has_own_name(const char *name)
{
	uint8_t id[sizeof(struct id)];
	return hex_to_bytes(name, strlen(name), id, sizeof id);
}

/* One that does not open is said and left closed; the caseload is worth more than all of them. */
struct opening {
	struct book *b;
	const char *folder;
	bool own_name;
	struct diag *d;
	enum err e;
};

static bool open_one(void *arg, const char *name)
{
	struct opening *w = arg;
	if (has_own_name(name) != w->own_name)
		return true;
	char *path = file_join(w->folder, name);
	/* Its making was interrupted: there never was one. */
	enum err one = store_is_bare(path) ? OK : open_directory(w->b, path, w->d);
	if (one == ERR_BUSY || one == ERR_FULL || one == ERR_IO)
		w->e = one;
	w->b->closed += one != OK;
	free(path);
	return !w->e;
}

static enum err open_some(struct book *b, const char *folder, bool own_name, struct diag *d)
{
	struct opening w = {b, folder, own_name, d, OK};
	struct diag said = {0};
	enum err e = file_list(folder, open_one, &w, &said);
	if (e && e != ERR_ABSENT)
		diag_move(d, &said);
	diag_fini(&said);
	return w.e ? w.e : e == ERR_ABSENT ? OK : e;
}

/* Of two copies of one, that under its own name is meant, whatever lies first. */
enum err open_directories(struct book *b, struct diag *d)
{
	char *folder = file_join(b->dir, "directories");
	enum err e = open_some(b, folder, true, d);
	if (!e)
		e = open_some(b, folder, false, d);
	free(folder);
	return e;
}

static char *path_of(struct book *b, const struct id *id)
{
	char hex[ID_HEX];
	char *folder = file_join(b->dir, "directories");
	char *path = file_join(folder, id_to_hex(id, hex));
	free(folder);
	return path;
}

static enum err keep_name(struct book *b, struct diag *d)
{
	char *folder = file_join(b->dir, "directories");
	enum err e = file_sync_folder(b->seam, folder, d);
	free(folder);
	return e;
}

/* One that was not made after all must not stand beside the one that is made instead. */
static enum err clear_half_made(struct book *b, struct diag *d)
{
	enum err e = b->half_made ? store_clear_unfinished(b->seam, b->half_made, d) : OK;
	if (!e) {
		free(b->half_made);
		b->half_made = NULL;
	}
	return e;
}

enum err book_add_directory(struct book *b, struct id *store, struct diag *d)
{
	uint8_t key[32];
	struct store *drawn = store_draw(b->seam, OF_DIRECTORY);
	*store = *store_id(drawn);
	char *path = path_of(b, store);
	struct slot_key with = own_key(b, store, key);
	enum err e = clear_half_made(b, d);
	bool begun = !e;
	if (!e)
		e = store_create(drawn, path, &with, d);
	mem_wipe(key, sizeof key);
	store_close(drawn);
	if (!e)
		e = keep_name(b, d);
	if (!e)
		e = open_directory(b, path, d);
	if (e && begun && store_clear_unfinished(b->seam, path, NULL)) {
		b->half_made = path;
		return e;
	}
	free(path);
	return e;
}

/* --- joining ---------------------------------------------------------------------------- */

static struct slot_key team_key(struct span words)
{
	if (!words.n)
		return (struct slot_key){.source = SLOT_OPEN};
	return (struct slot_key){.source = SLOT_PASSPHRASE, .secret = words};
}

enum err directory_try(struct seam *seam, const char *path, struct span words, struct diag *d)
{
	struct slot_key with = team_key(words);
	struct diag said = {0};
	enum store_kind kind;
	enum err e = store_try(seam, path, &with, &kind, &said);
	if (!e && kind != OF_DIRECTORY)
		e = say_kind(path, OF_DIRECTORY, d);
	else if (e == ERR_UNLOCK && words.n)
		diag_say(d, "That passphrase does not open the directory in %s.", path);
	else if (e == ERR_UNLOCK)
		diag_say(d, "The directory in %s has no open slot: its team passphrase is needed.",
			 path);
	else
		diag_move(d, &said);
	diag_fini(&said);
	return e;
}

unsigned directory_ways(struct seam *seam, const char *path)
{
	return store_read_sources(seam, path);
}

/* Closes a directory that is open, so that it can be opened in another way. */
static void close_directory(struct book *b, const struct id *id)
{
	size_t kept = 1;
	for (size_t i = 1; i < b->store_count; i++)
		if (id_equal(store_id(b->stores[i]), id))
			store_close(b->stores[i]);
		else
			b->stores[kept++] = b->stores[i];
	b->store_count = kept;
	b->closings += (uint64_t)1 << 32;
	b->trail = (struct trail){0};
}

static bool is_same_folder(const char *a, const char *b)
{
	char x[PATH_MAX], y[PATH_MAX];
	return realpath(a, x) && realpath(b, y) && !strcmp(x, y);
}

/* Opens it as the team does, and gives this caseload its slot. */
static enum err let_in(struct book *b, const char *path, const struct id *id, struct span words,
		       struct diag *d)
{
	uint8_t key[32];
	struct store *s;
	struct slot_key with = team_key(words), own = own_key(b, id, key);
	enum err e = open_kind(b, path, OF_DIRECTORY, &with, &s, d);
	if (!e) {
		e = store_add_slot(s, &own, "", d);
		store_close(s);
	}
	mem_wipe(key, sizeof key);
	return e;
}

enum err book_join(struct book *b, const char *path, struct span words, struct id *store,
		   struct diag *d)
{
	enum err e = directory_try(b->seam, path, words, d);
	if (!e)
		e = store_read_id(b->seam, path, store);
	if (!e && id_equal(store, store_id(b->stores[0]))) {
		diag_say(d, "%s is a copy of this caseload, and no directory.", path);
		e = ERR_REFUSED;
	}
	if (e)
		return e;
	char *here = path_of(b, store);
	const struct store *open = find_open(b, store);
	bool is_in = open && !store_is_open_access(open);
	bool was_open = open != NULL, was_closed = !open && store_is_there(here);
	close_directory(b, store);
	if (!is_same_folder(path, here))
		e = store_copy(b->seam, path, here, d);
	if (!e)
		e = keep_name(b, d);
	if (!e && !is_in)
		e = let_in(b, here, store, words, d);
	if (!e || was_open) { /* whatever failed, it is not to be missed for it */
		enum err again = open_directory(b, here, d);
		e = e ? e : again;
	}
	if (!e && was_closed && b->closed)
		b->closed--;
	free(here);
	return e;
}

/* SPDX-License-Identifier: MIT
 *
 * A store's files brought to another place, without its key: each is read whole, held against
 * its name, and written under its hash.  Slots come last, so that what was cut short is no
 * store yet.  The seals are looked at when the copy is opened.
 */
#include "store_impl.h"

#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct copying {
	struct store from, to; /* just paths */
	struct found found;
	size_t torn, foreign;
	struct diag *d;
};

/* Every file of ours says in its head whose it is; slots a byte later. */
static bool is_of(const struct id *store, struct span bytes)
{
	size_t at = PACK_MAGIC + (pack_kind(bytes) == FILE_SLOT);
	return bytes.n >= at + sizeof store->b && !memcmp(bytes.p + at, store->b, sizeof store->b);
}

static bool is_there(const struct copying *w, enum file_kind kind, const struct hash *h, size_t n)
{
	struct stat st;
	char *path = folder_path(&w->to, kind, h);
	bool there = !stat(path, &st) && S_ISREG(st.st_mode) && (size_t)st.st_size == n;
	free(path);
	return there;
}

static enum err copy_bytes(struct copying *w, const struct found_file *f, struct span bytes)
{
	struct hash h = seal_hash(bytes);
	int kind = pack_kind(bytes);
	if (!kind || (f->named && !hash_equal(&h, &f->name))) {
		w->torn++;
		return OK;
	}
	if (!is_of(&w->from.id, bytes)) {
		w->foreign++;
		return OK;
	}
	if (is_there(w, (enum file_kind)kind, &h, bytes.n))
		return OK;
	return folder_write(&w->to, (enum file_kind)kind, bytes, &h, w->d);
}

static bool is_slot_file(const struct found_file *f)
{
	return f->size <= PACK_SLOT_MOST && strstr(f->path, "/slots/");
}

static enum err copy_some(struct copying *w, bool slots)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < w->found.count; i++) {
		const struct found_file *f = &w->found.v[i];
		struct buf bytes = BUF_INIT;
		if (is_slot_file(f) != slots)
			continue;
		e = file_read_own(w->from.seam, f->path, PACK_FILE_MOST, &bytes, w->d);
		if (!e)
			e = copy_bytes(w, f, buf_span(&bytes));
		buf_fini(&bytes);
	}
	return e;
}

enum err store_copy(struct seam *seam, const char *from, const char *to, struct diag *d)
{
	struct copying w = {.d = d};
	seal_start();
	w.from = (struct store){.seam = seam, .path = (char *)(uintptr_t)from, .lock = -1};
	w.to = (struct store){.seam = seam, .path = (char *)(uintptr_t)to, .lock = -1};
	enum err e = store_read_id(seam, from, &w.from.id);
	if (e)
		diag_say(d, "In %s there is no slot that can be read.", from);
	if (!e)
		e = folder_make(seam, to, d);
	if (!e)
		e = folder_list(&w.from, &w.found, d);
	if (!e)
		e = copy_some(&w, false);
	if (!e)
		e = copy_some(&w, true);
	if (!e && w.torn)
		diag_say(d, "%zu of %zu files in %s are incomplete and were left out: copy again.",
			 w.torn, w.found.count, from);
	if (!e && w.foreign)
		diag_say(d, "%zu of %zu files in %s are another book's and were left out.",
			 w.foreign, w.found.count, from);
	found_free(&w.found);
	return e;
}

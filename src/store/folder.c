/* SPDX-License-Identifier: MIT
 *
 * The files of a store on disk: where they belong, what is there, who holds the lock.
 */
#include "store_impl.h"

#include <linkbook/mem.h>
#include <linkbook/when.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
	const char *folder, *ending;
	bool fanned; /* sixteen folders, by the first hex digit */
} places[] = {
	[FILE_SLOT] = {"slots", ".slot", false},
	[FILE_KEYS] = {"keys", ".keys", true},
	[FILE_SEGMENT] = {"log", ".seg", true},
	[FILE_DRAFT] = {"drafts", ".draft", false},
};

char *folder_path(const struct store *s, enum file_kind kind, const struct hash *h)
{
	char hex[HASH_HEX];
	struct buf b = BUF_INIT;
	hash_to_hex(h, hex);
	buf_printf(&b, "%s/%s/", s->path, places[kind].folder);
	if (places[kind].fanned)
		buf_printf(&b, "%c/", hex[0]);
	buf_printf(&b, "%s%s", hex, places[kind].ending);
	return buf_take_text(&b);
}

enum err folder_write(struct store *s, enum file_kind kind, struct span bytes, struct hash *h,
		      struct diag *d)
{
	*h = seal_hash(bytes);
	char *path = folder_path(s, kind, h);
	enum err e = folder_for(s->seam, path, d);
	if (!e)
		e = file_write_durable(s->seam, path, bytes, d);
	free(path);
	return e;
}

static char *folder_above(const char *path)
{
	return mem_text_n(path, (size_t)(strrchr(path, '/') - path));
}

static bool take_away(struct store *s, const struct undecided *u)
{
	char *path = folder_path(s, u->kind, &u->hash), *folder = folder_above(path);
	bool gone = s->seam->files.unlink(path) == 0 || errno == ENOENT;
	if (gone)
		gone = !file_sync_folder(s->seam, folder, NULL);
	free(folder);
	free(path);
	return gone;
}

bool folder_unwrite(struct store *s, enum file_kind kind, const struct hash *h)
{
	s->undecided =
		mem_room(s->undecided, s->undecided_count, &s->undecided_cap, sizeof *s->undecided);
	s->undecided[s->undecided_count++] = (struct undecided){kind, *h};
	return folder_decide(s);
}

/* In their order: the slot that a retirement relies on goes after the retirement. */
bool folder_decide(struct store *s)
{
	size_t gone = 0;
	while (gone < s->undecided_count && take_away(s, &s->undecided[gone]))
		gone++;
	s->undecided_count -= gone;
	if (gone)
		memmove(s->undecided, s->undecided + gone,
			s->undecided_count * sizeof *s->undecided);
	return !s->undecided_count;
}

bool folder_is_undecided(const struct store *s, const struct hash *h)
{
	for (size_t i = 0; i < s->undecided_count; i++)
		if (hash_equal(&s->undecided[i].hash, h))
			return true;
	return false;
}

enum err folder_may_write(struct store *s, struct diag *d)
{
	if (folder_decide(s))
		return OK;
	diag_say(d, "What could not be saved before cannot be taken away either: the disk does "
		    "nothing that it is told. Nothing is saved until it does.");
	return ERR_IO;
}

/* A file is no safer than the name of the folder that it is in. */
enum err folder_for(struct seam *seam, const char *file, struct diag *d)
{
	char *folder = folder_above(file);
	struct stat st;
	enum err e = stat(folder, &st) ? file_make_folder_durable(seam, folder, d) : OK;
	free(folder);
	return e;
}

/* All folders at once and durable, so that a save has none to make. */
enum err folder_make(struct seam *seam, const char *path, struct diag *d)
{
	enum err e = OK;
	for (size_t k = FILE_SLOT; !e && k <= FILE_DRAFT; k++) {
		char *folder = file_join(path, places[k].folder);
		e = file_make_folder(seam, folder, d);
		for (int i = 0; !e && places[k].fanned && i < 16; i++) {
			char name[2] = {"0123456789abcdef"[i], 0};
			char *sub = file_join(folder, name);
			e = file_make_folder(seam, sub, d);
			free(sub);
		}
		if (!e)
			e = file_sync_folder(seam, folder, d);
		free(folder);
	}
	return e ? e : file_sync_folder(seam, path, d);
}

/* --- listing ---------------------------------------------------------------------------- */

static bool ends_with(const char *name, const char *ending)
{
	size_t n = strlen(name), m = strlen(ending);
	return n >= m && !strcmp(name + n - m, ending);
}

/* "<64 hex digits>.seg", and in the folder of its first digit. */
static bool well_named(const char *name, size_t kind, const char *in, struct hash *h)
{
	size_t hex = HASH_HEX - 1;
	if (strlen(name) != hex + strlen(places[kind].ending) ||
	    strcmp(name + hex, places[kind].ending))
		return false;
	for (size_t i = 0; i < hex; i++)
		if (name[i] >= 'A' && name[i] <= 'F')
			return false;
	return hex_to_bytes(name, hex, h->b, sizeof h->b) &&
	       (!places[kind].fanned || in[strlen(in) - 1] == name[0]);
}

struct listing {
	struct store *s;
	struct found *out;
	const char *folder;
	size_t kind;
	bool unseen; /* something that cannot be looked at just now */
};

static bool list_entry(void *arg, const char *name)
{
	struct listing *l = arg;
	struct store *s = l->s;
	struct found *out = l->out;
	struct stat st;
	char *path = file_join(l->folder, name);
	if (ends_with(name, ".part")) {
		/* We hold the lock, so whoever wrote it is no more; it was never "Saved". */
		if (s->lock >= 0)
			s->seam->files.unlink(path);
	} else if (lstat(path, &st)) {
		l->unseen |= errno != ENOENT;
	} else if (S_ISREG(st.st_mode) || S_ISLNK(st.st_mode)) {
		out->v = mem_room(out->v, out->count, &out->cap, sizeof *out->v);
		struct found_file *f = &out->v[out->count++];
		*f = (struct found_file){.path = path, .size = (uint64_t)st.st_size};
		if (S_ISLNK(st.st_mode))
			f->size = UINT64_MAX; /* no file of ours: what it leads to is not read */
		f->named = well_named(name, l->kind, l->folder, &f->name);
		return true;
	}
	free(path);
	return !l->unseen;
}

static enum err list_folder(struct store *s, struct found *out, const char *folder, size_t kind,
			    struct diag *d)
{
	struct listing l = {s, out, folder, kind, false};
	struct diag said = {0};
	enum err e = file_list(folder, list_entry, &l, &said);
	if (e == ERR_ABSENT)
		e = OK; /* an interrupted copy; what is missing is noticed later */
	else
		diag_move(d, &said);
	diag_fini(&said);
	if (!l.unseen)
		return e;
	diag_say(d, "could not look at the files in %s", folder);
	return ERR_IO;
}

enum err folder_list(struct store *s, struct found *out, struct diag *d)
{
	enum err e = OK;
	for (size_t k = FILE_SLOT; !e && k <= FILE_SEGMENT; k++) {
		char *folder = file_join(s->path, places[k].folder);
		e = list_folder(s, out, folder, k, d);
		for (int i = 0; !e && places[k].fanned && i < 16; i++) {
			char name[2] = {"0123456789abcdef"[i], 0};
			char *sub = file_join(folder, name);
			e = list_folder(s, out, sub, k, d);
			free(sub);
		}
		free(folder);
	}
	return e;
}

void found_free(struct found *f)
{
	for (size_t i = 0; i < f->count; i++)
		free(f->v[i].path);
	free(f->v);
	*f = (struct found){0};
}

static bool stop(void *arg, const char *name)
{
	(void)arg, (void)name;
	return false;
}

bool folder_is_out_of_reach(const struct store *s)
{
	return file_list(s->path, stop, NULL, NULL) != OK;
}

/* --- the state folder and the locks ----------------------------------------------------- */

char *folder_state(const struct id *store, const char *path)
{
	char real[PATH_MAX], id[ID_HEX], hash[HASH_HEX];
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	struct buf b = BUF_INIT;
	if (!realpath(path, real))
		snprintf(real, sizeof real, "%s", path);
	struct hash h = seal_hash(span_text(real));
	if (state && *state == '/')
		buf_printf(&b, "%s", state);
	else
		buf_printf(&b, "%s/.local/state", home && *home ? home : "/tmp");
	buf_printf(&b, "/linkbook/%s-%.16s", id_to_hex(store, id), hash_to_hex(&h, hash));
	return buf_take_text(&b);
}

/* As the session says it.  The system's own list of users may be asked of a server, and the C library
 * that does it dies of a lack of memory. */
static const char *user_name(void)
{
	static const char *const names[] = {"LOGNAME", "USER"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *name = getenv(names[i]);
		if (name && *name)
			return name;
	}
	return "somebody";
}

/* Who has the store, for the one who finds it locked. */
static void write_holder(struct store *s)
{
	struct buf text = BUF_INIT;
	buf_printf(&text, "%s since ", user_name());
	struct when now = when_now(s->seam);
	when_say_short(now, now, &text);
	if (!ftruncate(s->state_lock, 0))
		text.n = (size_t)pwrite(s->state_lock, text.p, text.n, 0); /* only a courtesy */
	buf_fini(&text);
}

static enum err busy(const char *holder, struct diag *d)
{
	struct buf text = BUF_INIT;
	char line[200];
	FILE *f = fopen(holder, "re");
	if (f && fgets(line, sizeof line, f))
		buf_printf(&text, " (%s)", line);
	if (f)
		fclose(f);
	diag_say(d, "This book is open in another window%s. Leave it there first.",
		 buf_text(&text));
	buf_fini(&text);
	return ERR_BUSY;
}

enum err folder_lock(struct store *s, struct diag *d)
{
	char *holder = file_join(s->state, "holder");
	enum err e = OK;
	s->lock = s->seam->files.open(s->path, O_RDONLY | O_DIRECTORY, 0);
	s->state_lock = s->seam->files.open(holder, O_RDWR | O_CREAT, 0600);
	if (s->lock < 0)
		e = file_failed("open", s->path, d);
	else if (s->state_lock < 0)
		e = file_failed("write", holder, d);
	else if ((flock(s->lock, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK) ||
		 (flock(s->state_lock, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK))
		e = busy(holder, d);
	if (!e)
		write_holder(s);
	free(holder);
	return e;
}

void folder_unlock(struct store *s)
{
	if (s->lock >= 0)
		close(s->lock);
	if (s->state_lock >= 0)
		close(s->state_lock);
	s->lock = s->state_lock = -1;
}

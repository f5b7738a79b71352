/* SPDX-License-Identifier: MIT
 *
 * What lies in a copy's folder, and every good file that was ever written anywhere.
 */
#include "sim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- bytes ------------------------------------------------------------------------------ */

bool file_read_whole(const char *path, struct buf *out)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool ok = !fstat(fd, &st);
	if (ok && st.st_size) {
		buf_reserve(out, (size_t)st.st_size);
		ssize_t n = read(fd, out->p + out->n, (size_t)st.st_size);
		ok = n == st.st_size;
		out->n += ok ? (size_t)n : 0;
	}
	close(fd);
	return ok;
}

/* As cp does it: cut to nothing first, then written. */
void file_write_plain(struct world *w, const char *path, struct span bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || (bytes.n && write(fd, bytes.p, bytes.n) != (ssize_t)bytes.n))
		sim_fail(w, "the simulator cannot write %s: %s", path, strerror(errno));
	close(fd);
}

/* --- known files ------------------------------------------------------------------------ */

static size_t index_place(const struct hash *h)
{
	return ((size_t)h->b[0] << 8 | h->b[1]) % 4096;
}

/* Index of a known file, or -1. */
static int find_known(const struct world *w, const struct hash *h)
{
	for (size_t i = index_place(h); w->file_index[i]; i = (i + 1) % 4096)
		if (hash_equal(&w->files[w->file_index[i] - 1].hash, h))
			return w->file_index[i] - 1;
	return -1;
}

static void read_keys(void *arg, const struct key_entry *e)
{
	struct known_file *f = arg;
	f->keys = mem_grow(f->keys, f->key_count + 1, sizeof *f->keys);
	f->keys[f->key_count++] = (struct key_name){e->key, e->under, id_is_zero(&e->record)};
}

static int store_of_rel(const char *rel)
{
	return strncmp(rel, "directories/", 12) == 0;
}

size_t files_add(struct world *w, const struct hash *h, const char *rel, struct span bytes)
{
	if (w->file_count == BITS_MOST)
		sim_fail(w, "more files than the simulator counts");
	struct known_file *f = &w->files[w->file_count];
	*f = (struct known_file){.hash = *h, .bytes = BUF_INIT};
	snprintf(f->rel, sizeof f->rel, "%s", rel);
	f->store = store_of_rel(rel);
	buf_add_span(&f->bytes, bytes);
	f->kind = (enum file_kind)pack_kind(bytes);
	struct id store;
	memcpy(store.b, bytes.p + 8, 16);
	if (f->kind == FILE_KEYS && unpack_keys(bytes, &store, read_keys, f))
		sim_fail(w, "a key file that is none: %s", rel);
	size_t at = index_place(h);
	while (w->file_index[at])
		at = (at + 1) % 4096;
	w->file_index[at] = (uint16_t)(w->file_count + 1);
	return w->file_count++;
}

/* --- listing ---------------------------------------------------------------------------- */

/* The hash that a name holds: "<hash>.seg", "<hash> (1).seg", "<draft>-<hash>.draft". */
static bool hash_in_name(const char *name, struct hash *h)
{
	const char *dash = strchr(name, '-');
	if (dash && dash - name == 32)
		name = dash + 1;
	return strspn(name, "0123456789abcdef") == 64 && hex_to_bytes(name, 64, h->b, 32);
}

static void judge_name(const struct world *w, struct listed *l)
{
	struct hash h;
	l->known = -1;
	if (hash_in_name(strrchr(l->rel, '/') + 1, &h))
		l->known = find_known(w, &h);
	l->right = l->known < 0 || !strcmp(w->files[l->known].rel, l->rel);
}

/* Index of a path, or where it belongs. */
static size_t place_in(const struct listing *l, const char *rel, bool *found)
{
	size_t low = 0, high = l->count;
	*found = false;
	while (low < high && !*found) {
		size_t mid = (low + high) / 2;
		int order = strcmp(l->v[mid].rel, rel);
		*found = !order;
		if (!order)
			return mid;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void files_note(struct world *w, struct copy *c, const char *rel, uint64_t size)
{
	struct listing *l = &c->folder;
	bool found;
	size_t at = place_in(l, rel, &found);
	if (!found) {
		l->v = mem_room(l->v, l->count, &l->cap, sizeof *l->v);
		memmove(l->v + at + 1, l->v + at, (l->count++ - at) * sizeof *l->v);
		snprintf(l->v[at].rel, sizeof l->v[at].rel, "%s", rel);
	}
	l->v[at].size = size;
	judge_name(w, &l->v[at]);
}

static void forget(struct copy *c, const char *rel)
{
	bool found;
	size_t at = place_in(&c->folder, rel, &found);
	if (found)
		memmove(c->folder.v + at, c->folder.v + at + 1,
			(--c->folder.count - at) * sizeof *c->folder.v);
}

void files_list(struct world *w, const struct copy *c, struct listing *out)
{
	*out = (struct listing){.count = c->folder.count};
	out->v = mem_dup(c->folder.v, c->folder.count * sizeof *c->folder.v);
	for (size_t i = 0; i < out->count; i++)
		judge_name(w, &out->v[i]);
}

/* --- what the program writes ------------------------------------------------------------ */

static struct world *watched; /* one a process */

/* "/dev/shm/linkbook-sim-7/2/book/caseload/...": the copy, and the path under its book. */
static struct copy *copy_at(const char *path, const char **rel)
{
	size_t n = strlen(watched->root);
	if (strncmp(path, watched->root, n) || path[n] != '/' || strncmp(path + n + 2, "/book/", 6))
		return NULL;
	*rel = path + n + 8;
	return &watched->copies[path[n + 1] - '0'];
}

static int watched_rename(const char *from, const char *to)
{
	const char *rel;
	struct stat st;
	int rc = rename(from, to);
	struct copy *c = rc ? NULL : copy_at(to, &rel);
	if (c && !stat(to, &st))
		files_note(watched, c, rel, (uint64_t)st.st_size);
	return rc;
}

static int watched_unlink(const char *path)
{
	const char *rel;
	int rc = unlink(path);
	struct copy *c = rc ? NULL : copy_at(path, &rel);
	bool found;
	size_t at = c ? place_in(&c->folder, rel, &found) : 0;
	if (c && found) {
		drafts_removed(watched, c, c->folder.v[at].known);
		forget(c, rel);
	}
	return rc;
}

void files_watch(struct world *w, struct copy *c)
{
	watched = w;
	c->seam.files.rename = watched_rename;
	c->seam.files.unlink = watched_unlink;
}

/* --- what really lies there ------------------------------------------------------------- */

static size_t count_folder(struct world *w, const struct copy *c, const char *folder)
{
	char path[600];
	size_t count = 0;
	snprintf(path, sizeof path, "%s/%s", c->dir, folder);
	DIR *dir = opendir(path);
	for (struct dirent *e; dir && (e = readdir(dir));) {
		size_t n = strlen(e->d_name);
		bool found;
		if (e->d_name[0] == '.' || (n > 5 && !strcmp(e->d_name + n - 5, ".part")))
			continue;
		snprintf(path, sizeof path, "%s%s%s", folder, *folder ? "/" : "", e->d_name);
		if (e->d_type == DT_DIR) {
			count += count_folder(w, c, path);
			continue;
		}
		place_in(&c->folder, path, &found);
		if (!found)
			sim_fail(w, "copy %d: a file came by itself: %s", c->index, path);
		count++;
	}
	if (dir)
		closedir(dir);
	return count;
}

void files_compare(struct world *w, const struct copy *c)
{
	if (count_folder(w, c, "") != c->folder.count)
		sim_fail(w, "copy %d: a file went by itself", c->index);
}

void listing_free(struct listing *l)
{
	free(l->v);
	*l = (struct listing){0};
}

void files_good(const struct world *w, const struct listing *l, struct bits *out)
{
	*out = (struct bits){{0}};
	for (size_t i = 0; i < l->count; i++)
		if (l->v[i].known >= 0 && l->v[i].size == w->files[l->v[i].known].bytes.n)
			bits_add(out, (size_t)l->v[i].known);
}

/* --- whole folders ---------------------------------------------------------------------- */

void files_write(struct world *w, struct copy *c, const char *rel, struct span bytes)
{
	char path[400];
	snprintf(path, sizeof path, "%s/%s", c->dir, rel);
	file_write_plain(w, path, bytes);
	files_note(w, c, rel, bytes.n);
}

void files_read(struct world *w, const struct copy *c, const char *rel, struct buf *out)
{
	char path[400];
	snprintf(path, sizeof path, "%s/%s", c->dir, rel);
	if (!file_read_whole(path, out))
		sim_fail(w, "the simulator cannot read %s", path);
}

void files_empty(struct copy *c)
{
	char path[400];
	for (size_t i = 0; i < c->folder.count; i++) {
		snprintf(path, sizeof path, "%s/%s", c->dir, c->folder.v[i].rel);
		unlink(path);
	}
	c->folder.count = 0;
}

void files_take(struct world *w, struct copy *c, struct snapshot *out)
{
	const struct listing *l = &c->folder;
	out->v = mem_alloc_many(l->count, sizeof *out->v);
	out->count = l->count;
	for (size_t i = 0; i < l->count; i++) {
		strcpy(out->v[i].rel, l->v[i].rel);
		files_read(w, c, l->v[i].rel, &out->v[i].bytes);
	}
}

void files_put_back(struct world *w, struct copy *c, const struct snapshot *s)
{
	files_empty(c);
	for (size_t i = 0; i < s->count; i++)
		files_write(w, c, s->v[i].rel, buf_span(&s->v[i].bytes));
}

void snapshot_free(struct snapshot *s)
{
	for (size_t i = 0; i < s->count; i++)
		buf_fini(&s->v[i].bytes);
	free(s->v);
	*s = (struct snapshot){0};
}

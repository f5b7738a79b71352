/* SPDX-License-Identifier: MIT
 *
 * The disk of disk.h, one entry of the log after the other.
 */
#include "disk.h"

#include <linkbook/mem.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --- names ------------------------------------------------------------------------------ */

void names_set(struct names *names, const char *text, struct node *node)
{
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->v[i].text, text))
			continue;
		names->v[i].node = node;
		if (!node) {
			free(names->v[i].text);
			names->v[i] = names->v[--names->count];
		}
		return;
	}
	if (!node)
		return;
	names->v = mem_room(names->v, names->count, &names->cap, sizeof *names->v);
	names->v[names->count++] = (struct name){mem_text(text), node};
}

static struct node *names_get(const struct names *names, const char *text, size_t n)
{
	for (size_t i = 0; i < names->count; i++)
		if (!strncmp(names->v[i].text, text, n) && !names->v[i].text[n])
			return names->v[i].node;
	return NULL;
}

void names_fini(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->v[i].text);
	free(names->v);
	*names = (struct names){0};
}

void names_copy(struct names *to, const struct names *from)
{
	names_fini(to);
	for (size_t i = 0; i < from->count; i++) {
		to->v = mem_room(to->v, to->count, &to->cap, sizeof *to->v);
		to->v[to->count++] = (struct name){mem_text(from->v[i].text), from->v[i].node};
	}
}

/* --- nodes ------------------------------------------------------------------------------ */

static struct node *add_node(struct disk *d, uint64_t number, bool is_folder, const char *name)
{
	struct node *n = mem_alloc(sizeof *n);
	*n = (struct node){.number = number,
			   .is_folder = is_folder,
			   .has_mapping = !strcmp(name, "lock.mdb"),
			   .mark = d->node_count};
	d->nodes = mem_room(d->nodes, d->node_count, &d->node_cap, sizeof *d->nodes);
	d->nodes[d->node_count++] = n;
	return n;
}

/* The newest of that number: a system may give the number of one that is gone again. */
static struct node *find_node(const struct disk *d, uint64_t number)
{
	for (size_t i = d->node_count; i--;)
		if (d->nodes[i]->number == number)
			return d->nodes[i];
	return NULL;
}

static void fault(struct disk *d, const char *what, const char *about)
{
	struct buf b = BUF_INIT;
	if (d->fault)
		return;
	buf_printf(&b, "%s: %s", what, about);
	d->fault = buf_take_text(&b);
}

/* The folder that a path is in, as a program sees it; last is its last part. */
static struct node *folder_of(struct disk *d, const char *path, const char **last)
{
	struct node *at = d->root;
	const char *slash;
	for (*last = path; at && (slash = strchr(*last, '/')); *last = slash + 1)
		at = names_get(&at->now_names, *last, (size_t)(slash - *last));
	if (!at || !at->is_folder)
		fault(d, "no such folder", path);
	return at;
}

static struct node *find_path(struct disk *d, const char *path)
{
	const char *last;
	struct node *folder = folder_of(d, path, &last);
	return folder ? names_get(&folder->now_names, last, strlen(last)) : NULL;
}

void disk_fini(struct disk *d)
{
	for (size_t i = 0; i < d->node_count; i++) {
		struct node *n = d->nodes[i];
		buf_fini(&n->lasting);
		buf_fini(&n->now);
		free(n->undone);
		names_fini(&n->lasting_names);
		names_fini(&n->now_names);
		names_fini(&n->chosen);
		free(n);
	}
	for (size_t i = 0; i < d->naming_count; i++)
		for (size_t k = 0; k < d->namings[i].count; k++)
			free(d->namings[i].set[k].text);
	free(d->namings);
	free(d->nodes);
	free(d->fault);
	*d = (struct disk){0};
}

/* --- what is there at the beginning ----------------------------------------------------- */

static bool load_bytes(struct node *f, const char *path)
{
	struct buf bytes = BUF_INIT;
	FILE *in = fopen(path, "rb");
	char part[65536];
	for (size_t n; in && (n = fread(part, 1, sizeof part, in));)
		buf_add(&bytes, part, n);
	bool ok = in && !ferror(in);
	if (in)
		fclose(in);
	buf_add_span(&f->now, buf_span(&bytes));
	f->lasting = bytes;
	return ok;
}

static bool load_folder(struct disk *d, struct node *folder, const char *path)
{
	DIR *dir = opendir(path);
	bool ok = dir;
	for (struct dirent *e; ok && (e = readdir(dir));) {
		struct stat st;
		struct buf below = BUF_INIT;
		buf_printf(&below, "%s/%s", path, e->d_name);
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..")) {
			ok = !stat(buf_text(&below), &st);
			struct node *n = add_node(d, st.st_ino, S_ISDIR(st.st_mode), e->d_name);
			names_set(&folder->now_names, e->d_name, n);
			names_set(&folder->lasting_names, e->d_name, n);
			ok = ok && (n->is_folder ? load_folder(d, n, buf_text(&below))
						 : load_bytes(n, buf_text(&below)));
		}
		buf_fini(&below);
	}
	if (dir)
		closedir(dir);
	return ok;
}

bool disk_load(struct disk *d, const char *root, unsigned ignore)
{
	struct stat st;
	*d = (struct disk){.ignore = ignore};
	if (stat(root, &st))
		return false;
	d->root = add_node(d, st.st_ino, true, "");
	return load_folder(d, d->root, root);
}

/* --- names, done and made to last ------------------------------------------------------- */

static void naming_begin(struct disk *d)
{
	d->namings = mem_room(d->namings, d->naming_count, &d->naming_cap, sizeof *d->namings);
	d->namings[d->naming_count++] = (struct naming){.seq = ++d->seq};
}

static void naming_set(struct disk *d, const char *path, struct node *node)
{
	const char *last;
	struct node *folder = folder_of(d, path, &last);
	struct naming *n = &d->namings[d->naming_count - 1];
	if (!folder)
		return;
	n->set[n->count].folder = folder;
	n->set[n->count].node = node;
	n->set[n->count++].text = mem_text(last);
	names_set(&folder->now_names, last, node);
}

static void name_one(struct disk *d, const char *path, struct node *node)
{
	naming_begin(d);
	naming_set(d, path, node);
}

static bool is_in(const struct naming *n, const struct node *folder)
{
	for (size_t k = 0; k < n->count; k++)
		if (n->set[k].folder == folder)
			return true;
	return false;
}

/* folder NULL: all of them. */
static void names_last(struct disk *d, const struct node *folder)
{
	size_t kept = 0;
	for (size_t i = 0; i < d->naming_count; i++) {
		struct naming *n = &d->namings[i];
		if (folder && !is_in(n, folder)) {
			d->namings[kept++] = *n;
			continue;
		}
		for (size_t k = 0; k < n->count; k++) {
			names_set(&n->set[k].folder->lasting_names, n->set[k].text, n->set[k].node);
			free(n->set[k].text);
		}
	}
	d->naming_count = kept;
}

/* --- bytes, done and made to last ------------------------------------------------------- */

static void set_size(struct buf *b, size_t n)
{
	if (n > b->n)
		buf_add_zeros(b, n - b->n);
	b->n = n;
}

static void overwrite(struct buf *b, uint64_t at, const uint8_t *p, size_t n)
{
	if (at + n > b->n)
		set_size(b, at + n);
	if (p)
		memcpy(b->p + at, p, n);
	else
		memset(b->p + at, 0, n);
}

static void add_undone(struct node *f, struct unsaved u)
{
	f->undone = mem_room(f->undone, f->undone_count, &f->undone_cap, sizeof *f->undone);
	f->undone[f->undone_count++] = u;
}

static void do_write(struct disk *d, struct node *f, uint64_t at, const uint8_t *p, size_t n)
{
	overwrite(&f->now, at, p, n);
	add_undone(f, (struct unsaved){++d->seq, at, n, p, f->now.n});
}

static void do_size(struct disk *d, struct node *f, uint64_t size)
{
	uint64_t gone = size < f->now.n ? f->now.n - size : 0;
	set_size(&f->now, size);
	add_undone(f, (struct unsaved){++d->seq, size, gone, NULL, size});
}

static void bytes_last(struct node *f)
{
	for (size_t i = 0; i < f->undone_count; i++) {
		const struct unsaved *u = &f->undone[i];
		if (u->n)
			overwrite(&f->lasting, u->at, u->p, u->n);
		set_size(&f->lasting, u->size);
	}
	f->undone_count = 0;
}

/* What is left of u outside of from..to goes to f's list anew; the size it made stays. */
static void add_outside(struct node *f, const struct unsaved *u, uint64_t from, uint64_t to)
{
	struct unsaved left = *u, right = *u;
	left.n = u->at < from ? (u->at + u->n < from ? u->n : from - u->at) : 0;
	if (u->at < to) {
		uint64_t skip = to - u->at < u->n ? to - u->at : u->n;
		right.at += skip;
		right.n -= skip;
		right.p = u->p ? u->p + skip : NULL;
	}
	if (left.n)
		add_undone(f, left);
	if (right.n || !left.n)
		add_undone(f, right);
}

/* The sectors that hold at..at+n last as they are now, and a size that reaches over them. */
static void range_lasts(struct node *f, uint64_t at, uint64_t n)
{
	uint64_t from = at / SECTOR * SECTOR, to = (at + n + SECTOR - 1) / SECTOR * SECTOR;
	struct unsaved *old = f->undone;
	size_t count = f->undone_count;
	f->undone = NULL;
	f->undone_count = f->undone_cap = 0;
	for (size_t i = 0; i < count; i++)
		add_outside(f, &old[i], from, to);
	free(old);
	if (to > f->now.n)
		to = f->now.n;
	if (from < to)
		overwrite(&f->lasting, from, f->now.p + from, to - from);
}

/* --- the entries ------------------------------------------------------------------------ */

static void do_open(struct disk *d, const struct log_entry *e, const char *path)
{
	struct node *f = find_path(d, path);
	if (!f) {
		const char *last = strrchr(path, '/');
		f = add_node(d, e->node, false, last ? last + 1 : path);
		name_one(d, path, f);
	} else if ((e->flags & O_TRUNC) && f->now.n) {
		do_size(d, f, 0);
	}
}

static void do_sync(struct disk *d, const struct log_entry *e)
{
	struct node *n = find_node(d, e->node);
	if (!n)
		return; /* of something above the root */
	if (d->ignore & (n->is_folder ? WITHOUT_FOLDER_SYNC : WITHOUT_FILE_SYNC))
		return;
	if (n->is_folder)
		names_last(d, n);
	else
		bytes_last(n);
}

static void do_sync_all(struct disk *d)
{
	for (size_t i = 0; !(d->ignore & WITHOUT_FILE_SYNC) && i < d->node_count; i++)
		bytes_last(d->nodes[i]);
	if (!(d->ignore & WITHOUT_FOLDER_SYNC))
		names_last(d, NULL);
}

static void do_two(struct disk *d, enum log_op op, const char *from, const char *to)
{
	struct node *f = find_path(d, from);
	if (!f) {
		fault(d, "renamed or linked from nowhere", from);
		return;
	}
	naming_begin(d);
	if (op == LOG_RENAME)
		naming_set(d, from, NULL);
	naming_set(d, to, f);
}

static void do_bytes(struct disk *d, const struct log_entry *e, const uint8_t *bytes)
{
	struct node *f = find_node(d, e->node);
	if (!f || f->is_folder)
		fault(d, "bytes for a file that nobody made", "");
	else if (e->op == LOG_WRITE)
		do_write(d, f, e->at, bytes, e->size);
	else if (e->op == LOG_SIZE)
		do_size(d, f, e->at);
	else if (!(d->ignore & WITHOUT_FILE_SYNC))
		range_lasts(f, e->at, e->flags);
}

bool disk_apply(struct disk *d, const struct log_entry *e, const uint8_t *bytes)
{
	char *text = mem_text_n((const char *)bytes, e->size);
	size_t first = strlen(text);
	uint64_t before = d->seq;
	switch ((enum log_op)e->op) {
	case LOG_OPEN:
		do_open(d, e, text);
		break;
	case LOG_WRITE:
	case LOG_LASTING:
	case LOG_SIZE:
		do_bytes(d, e, bytes);
		break;
	case LOG_SYNC:
		do_sync(d, e);
		break;
	case LOG_SYNC_ALL:
		do_sync_all(d);
		break;
	case LOG_MKDIR:
		name_one(d, text, add_node(d, e->node, true, ""));
		break;
	case LOG_RENAME:
	case LOG_LINK:
		do_two(d, e->op, text, text + (first < e->size ? first + 1 : first));
		break;
	case LOG_UNLINK:
	case LOG_RMDIR:
		name_one(d, text, NULL);
		break;
	case LOG_NOTE:
		break;
	case LOG_FOREIGN:
		fault(d, "a call that the model does not know", text);
		break;
	}
	free(text);
	return d->seq != before || e->op == LOG_SYNC || e->op == LOG_SYNC_ALL ||
	       e->op == LOG_LASTING;
}

/* --- is it all? ------------------------------------------------------------------------- */

static bool differs(const char *path, const char *how)
{
	printf("# the replayed disk and the real one differ: %s %s\n", path, how);
	return false;
}

static bool same_bytes(const struct node *f, const char *path)
{
	FILE *in = fopen(path, "rb");
	uint8_t *p = malloc(f->now.n + 1);
	size_t n = in && p ? fread(p, 1, f->now.n + 1, in) : 0;
	bool same = in && n == f->now.n && (f->has_mapping || !n || !memcmp(p, f->now.p, n));
	if (in)
		fclose(in);
	free(p);
	return same;
}

static bool compare_folder(const struct node *folder, const char *path)
{
	size_t real = 0;
	bool same = true;
	DIR *dir = opendir(path);
	for (struct dirent *e; dir && (e = readdir(dir));)
		real += strcmp(e->d_name, ".") && strcmp(e->d_name, "..");
	if (dir)
		closedir(dir);
	if (real != folder->now_names.count)
		same = differs(path, "holds another number of names");
	for (size_t i = 0; i < folder->now_names.count; i++) {
		const struct name *n = &folder->now_names.v[i];
		struct buf below = BUF_INIT;
		buf_printf(&below, "%s/%s", path, n->text);
		if (n->node->is_folder)
			same &= compare_folder(n->node, buf_text(&below));
		else if (!same_bytes(n->node, buf_text(&below)))
			same = differs(buf_text(&below), "holds other bytes");
		buf_fini(&below);
	}
	return same;
}

bool disk_compare(const struct disk *d, const char *real)
{
	return compare_folder(d->root, real);
}

/* SPDX-License-Identifier: MIT
 *
 * Choosing what a power cut leaves, and building it.
 */
#include "image.h"

#include <linkbook/mem.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* splitmix64 over two numbers: draws that depend on nothing but what is drawn. */
uint64_t mix(uint64_t a, uint64_t b)
{
	uint64_t z = a + 0x9e3779b97f4a7c15u * (b + 1);
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

struct choice choice_of(unsigned n, uint64_t seed)
{
	static const enum choice_kind first[] = {
		CHOOSE_NONE,  CHOOSE_ALL,     CHOOSE_SUBSET, CHOOSE_JOURNAL,
		CHOOSE_NAMES, CHOOSE_GARBAGE, CHOOSE_SIZES,  CHOOSE_BYTES,
	};
	size_t ends = sizeof first / sizeof *first;
	return (struct choice){n < ends	    ? first[n]
			       : n % 4 == 3 ? CHOOSE_JOURNAL
					    : CHOOSE_SUBSET,
			       mix(seed, n)};
}

const char *choice_say(enum choice_kind kind)
{
	static const char *const says[] = {
		[CHOOSE_NONE] = "nothing of what did not last",
		[CHOOSE_ALL] = "everything",
		[CHOOSE_NAMES] = "names without bytes",
		[CHOOSE_SIZES] = "names and sizes over zeros",
		[CHOOSE_GARBAGE] = "names and sizes over garbage",
		[CHOOSE_BYTES] = "bytes without names",
		[CHOOSE_JOURNAL] = "everything up to a moment",
		[CHOOSE_SUBSET] = "any subset",
	};
	return says[kind];
}

/* --- choosing --------------------------------------------------------------------------- */

struct chooser {
	struct choice c;
	struct image *im;
	uint64_t moment; /* CHOOSE_JOURNAL: what was done later is not there */
	unsigned likely; /* CHOOSE_SUBSET: of 100, that a thing is there */
};

static bool drawn(const struct chooser *c, uint64_t a, uint64_t b)
{
	return mix(mix(c->c.seed, a), b) % 100 < c->likely;
}

static bool has_naming(const struct chooser *c, const struct naming *n)
{
	switch (c->c.kind) {
	case CHOOSE_ALL:
	case CHOOSE_NAMES:
	case CHOOSE_SIZES:
	case CHOOSE_GARBAGE:
		return true;
	case CHOOSE_JOURNAL:
		return n->seq <= c->moment;
	case CHOOSE_SUBSET:
		return drawn(c, n->seq, 0);
	case CHOOSE_NONE:
	case CHOOSE_BYTES:
		break;
	}
	return false;
}

/* How many of the undone things of a file reached its size (sector -1) or a sector. */
static size_t reached(const struct chooser *c, const struct node *f, uint64_t sector)
{
	size_t n = f->undone_count;
	bool size = sector == UINT64_MAX;
	uint64_t draw = mix(mix(c->c.seed, f->mark + 7), sector);
	switch (c->c.kind) {
	case CHOOSE_ALL:
	case CHOOSE_BYTES:
		return n;
	case CHOOSE_SIZES:
	case CHOOSE_GARBAGE:
		return size ? n : 0;
	case CHOOSE_JOURNAL:
		while (n && f->undone[n - 1].seq > c->moment)
			n--;
		/* of the last thing before the moment every other sector is torn off */
		return n && !size && f->undone[n - 1].seq + 2 > c->moment && draw % 2 ? n - 1 : n;
	case CHOOSE_SUBSET:
		if (draw % 100 < c->likely)
			return n;
		return draw % 3 ? 0 : mix(draw, 1) % (n + 1);
	case CHOOSE_NONE:
	case CHOOSE_NAMES:
		break;
	}
	return 0;
}

static void garbage(uint8_t *p, size_t n, uint64_t seed)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(mix(seed, i / 8) >> i % 8 * 8);
}

/* Puts what reached each sector over what lasts. */
static void lay_sectors(const struct chooser *c, const struct node *f, uint8_t *p, size_t size)
{
	for (size_t k = 0; k < f->undone_count; k++) {
		const struct unsaved *u = &f->undone[k];
		for (uint64_t at = u->at; at < u->at + u->n && at < size;) {
			uint64_t sector = at / SECTOR, end = (sector + 1) * SECTOR;
			if (end > u->at + u->n)
				end = u->at + u->n;
			if (end > size)
				end = size;
			if (reached(c, f, sector) > k && u->p)
				memcpy(p + at, u->p + (at - u->at), end - at);
			else if (reached(c, f, sector) > k)
				memset(p + at, 0, end - at);
			at = end;
		}
	}
}

static void choose_bytes(const struct chooser *c, const struct node *f, struct image_file *out)
{
	out->p = f->lasting.p;
	out->n = f->lasting.n;
	if (!f->undone_count)
		return;
	size_t sizes = reached(c, f, UINT64_MAX);
	size_t size = sizes ? f->undone[sizes - 1].size : f->lasting.n;
	size_t base = size < f->lasting.n ? size : f->lasting.n;
	out->own = mem_alloc(size + 1);
	if (base)
		memcpy(out->own, f->lasting.p, base);
	if (c->c.kind == CHOOSE_GARBAGE || (c->c.kind == CHOOSE_SUBSET && c->c.seed % 8 == 0))
		garbage(out->own + base, size - base, c->c.seed);
	lay_sectors(c, f, out->own, size);
	out->p = out->own;
	out->n = size;
}

/* --- walking ---------------------------------------------------------------------------- */

static void hash_bytes(uint64_t hash[2], const void *p, size_t n)
{
	const uint8_t *at = p;
	uint64_t a = hash[0], b = hash[1], word;
	for (; n >= 8; at += 8, n -= 8) {
		memcpy(&word, at, 8);
		a = (a ^ word) * 0x9e3779b97f4a7c15u;
		b = (b + word) * 0xc2b2ae3d27d4eb4fu;
		a ^= a >> 32;
		b ^= b >> 29;
	}
	word = 0;
	if (n)
		memcpy(&word, at, n);
	hash[0] = mix(a, word + n);
	hash[1] = mix(b, word ^ n << 56);
}

static void hash_file(uint64_t hash[2], const struct image_file *f)
{
	hash_bytes(hash, f->path, strlen(f->path));
	hash_bytes(hash, f->p, f->n);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->text, ((const struct name *)b)->text);
}

static void add_folder(const struct chooser *c, struct node *folder, const char *path)
{
	struct image *im = c->im;
	if (folder->chosen.count)
		qsort(folder->chosen.v, folder->chosen.count, sizeof *folder->chosen.v, by_text);
	for (size_t i = 0; i < folder->chosen.count; i++) {
		struct node *n = folder->chosen.v[i].node;
		struct buf full = BUF_INIT;
		buf_printf(&full, "%s%s%s", path, *path ? "/" : "", folder->chosen.v[i].text);
		im->v = mem_room(im->v, im->count, &im->cap, sizeof *im->v);
		struct image_file *f = &im->v[im->count++];
		*f = (struct image_file){.path = buf_take_text(&full), .is_folder = n->is_folder};
		if (!n->is_folder)
			choose_bytes(c, n, f);
		hash_file(im->hash, f);
		if (!strncmp(f->path, "book", 4))
			hash_file(im->book, f);
		if (n->is_folder)
			add_folder(c, n, f->path);
	}
}

static void choose_names(const struct chooser *c, struct disk *d)
{
	for (size_t i = 0; i < d->node_count; i++)
		if (d->nodes[i]->is_folder)
			names_copy(&d->nodes[i]->chosen, &d->nodes[i]->lasting_names);
	for (size_t i = 0; i < d->naming_count; i++) {
		const struct naming *n = &d->namings[i];
		for (size_t k = 0; k < n->count && has_naming(c, n); k++)
			names_set(&n->set[k].folder->chosen, n->set[k].text, n->set[k].node);
	}
}

/* The moment is one of those at which something undone was done. */
static uint64_t choose_moment(const struct disk *d, uint64_t seed)
{
	uint64_t first = d->seq;
	for (size_t i = 0; i < d->node_count; i++)
		if (d->nodes[i]->undone_count && d->nodes[i]->undone[0].seq < first)
			first = d->nodes[i]->undone[0].seq;
	if (d->naming_count && d->namings[0].seq < first)
		first = d->namings[0].seq;
	return first ? first - 1 + mix(seed, 3) % (d->seq - first + 2) : 0;
}

void image_choose(struct image *im, struct disk *d, struct choice choice)
{
	static const unsigned likely[] = {10, 50, 90, 97};
	struct chooser c = {.c = choice, .im = im, .likely = likely[mix(choice.seed, 1) % 4]};
	*im = (struct image){.hash = {1, 2}, .book = {3, 4}};
	c.moment = choose_moment(d, choice.seed);
	choose_names(&c, d);
	add_folder(&c, d->root, "");
}

void image_fini(struct image *im)
{
	for (size_t i = 0; i < im->count; i++) {
		free(im->v[i].path);
		free(im->v[i].own);
	}
	free(im->v);
	*im = (struct image){0};
}

static bool write_file(const char *path, const struct image_file *f)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	size_t done = 0;
	for (ssize_t n; fd >= 0 && done < f->n; done += (size_t)n) {
		n = write(fd, f->p + done, f->n - done);
		if (n <= 0)
			break;
	}
	return fd >= 0 && close(fd) == 0 && done == f->n;
}

bool image_write(const struct image *im, const char *to,
		 char *(*rename_part)(void *arg, const char *path), void *arg)
{
	bool ok = true;
	for (size_t i = 0; ok && i < im->count; i++) {
		struct buf path = BUF_INIT;
		char *other = rename_part ? rename_part(arg, im->v[i].path) : NULL;
		buf_printf(&path, "%s/%s", to, other ? other : im->v[i].path);
		ok = im->v[i].is_folder ? !mkdir(buf_text(&path), 0700)
					: write_file(buf_text(&path), &im->v[i]);
		free(other);
		buf_fini(&path);
	}
	return ok;
}

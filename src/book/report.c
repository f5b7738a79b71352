/* SPDX-License-Identifier: MIT
 *
 * Hashes, checks and sizes over all stores of the book.
 */
#include "book_impl.h"

#include <linkbook/mem.h>

#include <stdlib.h>

enum err book_view_hash(struct book *b, struct view_hash **out, size_t *count, struct diag *d)
{
	*out = mem_alloc_many(b->store_count, sizeof **out);
	*count = 0;
	for (size_t i = 0; i < b->store_count; i++) {
		struct store_hashes h;
		enum err e = store_view_hash(b->stores[i], &h, d);
		if (e)
			return e;
		(*out)[(*count)++] = (struct view_hash){
			.store = *store_id(b->stores[i]),
			.is_directory = i > 0,
			.changes = h.changes,
			.view = h.view,
			.change_count = h.change_count,
			.people = h.subjects,
			.people_read = h.subjects_read,
		};
	}
	return OK;
}

/* Every store is looked at, whatever the others say; the first fault is the answer. */
static enum err over_all(struct book *b, enum err (*job)(struct store *, struct diag *),
			 struct diag *d)
{
	enum err first = OK;
	for (size_t i = 0; i < b->store_count; i++) {
		enum err e = job(b->stores[i], d);
		first = first ? first : e;
	}
	b->judged.known = false; /* files that came meanwhile were taken in */
	return first;
}

/* --- what changes were built on, and is not here ------------------------------------------ */

enum { NAMED_MOST = 5 };

struct lacking {
	struct store *s;
	struct diag *d;
	size_t count;
	enum err e;
};

static void name_parents(struct lacking *l, const struct id *record, const struct changes *c,
			 size_t i)
{
	const struct change *change = &c->changes[i];
	char id[HASH_HEX], of[ID_HEX], parent[HASH_HEX];
	for (size_t p = 0; p < change->parent_count; p++)
		if (changes_find(c, &change->parents[p]) == SIZE_MAX && l->count++ < NAMED_MOST)
			diag_say(l->d,
				 "Change %.8s of %.8s, by %.*s, was built on change %.8s, which is "
				 "not here: the file with it is missing.",
				 hash_to_hex(&c->v[i].id, id), id_to_hex(record, of),
				 (int)change->author.n, (const char *)change->author.p,
				 hash_to_hex(&change->parents[p], parent));
}

static bool name_lacking(void *arg, const struct id *subject, const struct id *record)
{
	struct lacking *l = arg;
	struct changes c;
	l->e = read_changes(l->s, subject, record, &c);
	for (size_t i = 0; !l->e && i < c.count; i++)
		name_parents(l, record, &c, i);
	changes_free(&c);
	return !l->e;
}

static enum err check_store(struct store *s, struct diag *d)
{
	struct lacking l = {.s = s, .d = d};
	enum err e = store_check(s, d);
	enum err named = store_scan_beside(s, name_lacking, &l);
	if (l.count > NAMED_MOST)
		diag_say(d, "And %zu more.", l.count - NAMED_MOST);
	return e ? e : named ? named : l.e;
}

enum err book_check(struct book *b, struct diag *d)
{
	enum err e = over_all(b, check_store, d), log = log_check(b, d);
	e = e ? e : log;
	if (b->closed)
		diag_say(d, "%zu directories do not open.", b->closed);
	return e ? e : b->closed ? ERR_DAMAGED : OK;
}

enum err book_rebuild(struct book *b, struct diag *d)
{
	return over_all(b, store_rebuild, d);
}

enum err book_stats(struct book *b, struct book_stats *out)
{
	*out = (struct book_stats){.directories = b->store_count - 1};
	for (size_t i = 0; i < b->store_count; i++) {
		struct store_stats s;
		enum err e = store_stats(b->stores[i], &s);
		if (e)
			return e;
		out->changes += s.changes;
		out->files += s.files;
		out->file_bytes += s.file_bytes;
		out->shelf_bytes += s.shelf_bytes;
		out->unlock_ms += s.unlock_ms;
		out->take_in_ms += s.take_in_ms;
	}
	return OK;
}

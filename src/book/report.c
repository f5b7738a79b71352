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
	return first;
}

enum err book_check(struct book *b, struct diag *d)
{
	enum err e = over_all(b, store_check, d);
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

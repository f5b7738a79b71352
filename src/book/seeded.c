/* SPDX-License-Identifier: MIT
 *
 * What of a record came from seed files, and what was written here since.
 */
#include "book_impl.h"

#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>

static void note_seed(const struct change *c, struct seeded *out)
{
	if (c->seed_version < out->version && out->source)
		return;
	free(out->source);
	out->source = mem_text_n((const char *)c->seed_source.p, c->seed_source.n);
	out->version = c->seed_version;
}

enum err book_seeded(struct book *b, const struct record *r, struct seeded *out)
{
	struct changes all;
	*out = (struct seeded){0};
	enum err e = read_changes(store_of(b, r), &r->subject, &r->id, &all);
	for (size_t i = 0; !e && i < all.count; i++)
		if (all.changes[i].seed_source.n)
			note_seed(&all.changes[i], out);
		else
			out->altered = true;
	changes_free(&all);
	return e;
}

bool book_is_seeded(struct book *b, const struct record *r, const struct hash *change)
{
	struct changes all;
	bool is = false;
	enum err e = read_changes(store_of(b, r), &r->subject, &r->id, &all);
	size_t at = e ? SIZE_MAX : changes_find(&all, change);
	if (at != SIZE_MAX)
		is = all.changes[at].seed_source.n;
	changes_free(&all);
	return is;
}

/* SPDX-License-Identifier: MIT
 *
 * What this run saved last: a list on the screen reads that again, and not everything.
 */
#include "book_impl.h"

#include <linkbook/mem.h>

#include <string.h>

/* The older half goes, and whoever read before it went reads everything. */
static void make_room(struct trail *t)
{
	size_t gone = t->count / 2;
	t->from = t->v[gone - 1].version;
	while (gone < t->count && t->v[gone].version == t->from)
		gone++;
	t->count -= gone;
	memmove(t->v, t->v + gone, t->count * sizeof *t->v);
}

static void begin(struct trail *t, uint64_t from)
{
	t->count = 0;
	t->from = from;
}

void trail_note(struct book *b, uint64_t before, struct step_change **v, size_t count)
{
	struct trail *t = &b->trail;
	uint64_t after = book_version(b);
	if (!before || !after || count > TRAIL_MOST / 2) {
		begin(t, after);
		t->to = after;
		return;
	}
	if (before != t->to)
		begin(t, before);
	while (t->count + count > TRAIL_MOST)
		make_room(t);
	for (size_t i = 0; i < count; i++)
		if (v[i]->bytes.n)
			t->v[t->count++] = (struct trail_step){
				after, {v[i]->subject, v[i]->record}, v[i]->store, v[i]->id};
	t->to = after;
}

/* Nothing about it reaches beyond itself: a bin and a restriction may be of a whole file, and of
 * records that are one each shows what the others say. */
static bool is_plain(struct book *b, struct ref ref)
{
	struct record r;
	enum err e = book_get_in(b, ref, &r);
	if (e)
		return false;
	bool plain = !r.state.bin_count && !r.state.restricted &&
		     !state_field(&r.state, "same_as") && id_equal(&r.id, &ref.record);
	record_fini(&r);
	return plain;
}

/* The file it is in, too, where it is in one. */
static bool is_plain_there(struct book *b, struct ref ref)
{
	for (size_t i = 0; i < b->store_count; i++)
		if (id_equal(&ref.in, store_id(b->stores[i])))
			return is_plain(b, ref);
	return is_plain(b, ref) && is_plain(b, (struct ref){ref.in, ref.in});
}

static bool has(const struct ref *v, size_t count, const struct ref *one)
{
	for (size_t i = 0; i < count; i++)
		if (!memcmp(&v[i], one, sizeof *one))
			return true;
	return false;
}

bool book_altered_since(struct book *b, uint64_t since, struct ref out[BOOK_ALTERED_MOST],
			size_t *count)
{
	const struct trail *t = &b->trail;
	size_t n = 0;
	*count = 0;
	if (!since || since < t->from || t->to != book_version(b))
		return false;
	for (size_t i = 0; i < t->count; i++) {
		const struct ref *ref = &t->v[i].ref;
		if (t->v[i].version <= since || has(out, n, ref))
			continue;
		if (n == BOOK_ALTERED_MOST || !is_plain_there(b, *ref))
			return false;
		out[n++] = *ref;
	}
	*count = n;
	return true;
}

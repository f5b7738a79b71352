/* SPDX-License-Identifier: MIT
 *
 * The changes of one step on their way to the stores.
 */
#include "book_impl.h"

#include <linkbook/mem.h>

#include <stdlib.h>

void step_stamp(struct book *b, const struct id *step, const char *type, const struct id *record,
		int64_t newest, struct change *c)
{
	int64_t now = b->seam->now_ms(b->seam);
	c->record = *record;
	c->type = span_text(type);
	c->step = *step;
	c->writer = b->writer;
	c->author = span_text(b->author);
	c->stamp = now > newest ? now : newest + 1;
	b->seam->random(b->seam, c->salt, sizeof c->salt);
}

void step_encode(struct store *s, const struct id *subject, const struct kind *k, struct change *c,
		 struct step_change *out)
{
	buf_clear(&out->bytes);
	change_encode(c, &out->bytes);
	out->store = s;
	out->subject = *subject;
	out->record = c->record;
	out->own_key = k->own_key;
	out->id = store_hash(s, buf_span(&out->bytes));
	/* What could not be read again must never be called saved. */
	struct change again;
	BUG_IF(change_decode(buf_span(&out->bytes), &again));
	change_fini(&again);
}

static size_t store_place(const struct book *b, const struct store *s)
{
	size_t i = 0;
	while (b->stores[i] != s)
		i++;
	return i;
}

/* A draft is done when all of its step is saved: by the change that is saved last. */
static bool ends_draft(const struct book *b, struct step_change **v, size_t count, size_t i)
{
	for (size_t k = 0; !id_is_zero(&v[i]->draft) && k < count; k++)
		if (v[k]->bytes.n && id_equal(&v[k]->draft, &v[i]->draft) &&
		    store_place(b, v[k]->store) > store_place(b, v[i]->store))
			return false;
	return true;
}

static enum err save_in(struct book *b, struct store *s, struct step_change **v, size_t count,
			struct diag *d)
{
	struct envelope *sealed = mem_alloc_many(count, sizeof *sealed);
	size_t n = 0;
	for (size_t i = 0; i < count; i++)
		if (v[i]->store == s && v[i]->bytes.n)
			sealed[n++] = (struct envelope){.subject = v[i]->subject,
							.record = v[i]->record,
							.own_key = v[i]->own_key,
							.draft = ends_draft(b, v, count, i)
									 ? v[i]->draft
									 : (struct id){{0}},
							.id = v[i]->id,
							.bytes = buf_span(&v[i]->bytes)};
	enum err e = n ? store_save(s, sealed, n, d) : OK;
	free(sealed);
	return e;
}

static enum err save_all(struct book *b, struct step_change **v, size_t count, struct diag *d)
{
	enum err e = OK;
	uint64_t before = book_version(b);
	b->judged.known = false;
	for (size_t i = 0; !e && i < b->store_count; i++)
		e = save_in(b, b->stores[i], v, count, d);
	trail_note(b, e ? 0 : before, v, count);
	return e;
}

/* A step of nothing is no reason to write; one that was asked for with nothing in it is. */
static bool is_idle(struct step_change **v, size_t count)
{
	bool idle = count > 0;
	for (size_t i = 0; i < count; i++)
		idle &= !v[i]->bytes.n;
	return idle;
}

enum err step_save(struct book *b, struct step_change **v, size_t count, struct diag *d)
{
	size_t waiting, n = 0;
	if (is_idle(v, count))
		return OK;
	struct step_change *log = log_changes(b, &waiting);
	struct step_change **all = mem_alloc_many(count + waiting, sizeof *all);
	while (n < count) {
		all[n] = v[n];
		n++;
	}
	for (size_t i = 0; i < waiting; i++)
		all[n++] = &log[i];
	enum err e = save_all(b, all, n, d);
	if (!e && waiting)
		log_was_saved(b);
	for (size_t i = 0; i < waiting; i++)
		buf_fini(&log[i].bytes);
	free(log);
	free(all);
	return e;
}

/* SPDX-License-Identifier: MIT
 *
 * What was written: the files that an act left behind, the changes in them, and what the writer
 * of each had before them.  That last is the simulator's own knowledge; the parents which a
 * change itself names are never asked.
 */
#include "sim.h"

int changes_known(const struct world *w, const struct hash *id)
{
	for (size_t i = 0; i < w->change_count; i++)
		if (hash_equal(&w->changes[i].id, id))
			return (int)i;
	return -1;
}

void learn_before(struct world *w, struct copy *c, const struct form *form)
{
	w->before = c->shelf;
	w->form = form;
}

/* --- segments --------------------------------------------------------------------------- */

static size_t note_change(struct world *w, int store, const struct seg_entry *e)
{
	int at = changes_known(w, &e->id);
	if (at >= 0)
		return (size_t)at;
	if (w->change_count == BITS_MOST)
		sim_fail(w, "more changes than the simulator counts");
	w->changes[w->change_count] = (struct known_change){.id = e->id,
							    .store = store,
							    .subject = e->subject,
							    .record = e->record,
							    .bytes = BUF_INIT};
	return w->change_count++;
}

static void note_entry(struct world *w, size_t file, const struct seg_entry *e)
{
	struct known_file *f = &w->files[file];
	size_t at = note_change(w, f->store, e);
	struct known_change *k = &w->changes[at];
	k->carriers = mem_grow(k->carriers, k->carrier_count + 1, sizeof *k->carriers);
	k->carriers[k->carrier_count++] = (struct carrier){file, e->key};
	f->changes = mem_grow(f->changes, f->change_count + 1, sizeof *f->changes);
	f->changes[f->change_count++] = at;
}

static void read_segment(struct world *w, struct copy *c, size_t file)
{
	struct known_file *f = &w->files[file];
	struct store *s = c->book->stores[f->store];
	struct seg_head head;
	struct seg_entry e;
	struct buf plain = BUF_SECRET;
	if (unpack_segment(buf_span(&f->bytes), &s->id, &s->key_id, s->seal->segment, &head,
			   &plain))
		sim_fail(w, "copy %d: a segment that cannot be read: %s", c->index, f->rel);
	f->load = head.load;
	f->number = head.number;
	f->count = head.count;
	for (struct reader r = {buf_span(&plain), false}; unpack_entry(&r, &e);)
		if (id_is_zero(&e.key))
			ways_learn_order(w, file);
		else
			note_entry(w, file, &e);
	buf_fini(&plain);
}

static void read_new_file(struct world *w, struct copy *c, const char *rel)
{
	char hex[HASH_HEX];
	struct buf bytes = BUF_INIT;
	files_read(w, c, rel, &bytes);
	struct hash h = store_plain_hash(buf_span(&bytes));
	if (!strstr(rel, hash_to_hex(&h, hex)))
		sim_fail(w, "copy %d: %s is not what its name says", c->index, rel);
	size_t at = files_add(w, &h, rel, buf_span(&bytes));
	files_note(w, c, rel, bytes.n);
	buf_fini(&bytes);
	if (w->files[at].kind == FILE_SEGMENT)
		read_segment(w, c, at);
	if (w->files[at].kind == FILE_SLOT)
		ways_learn_slot(w, at);
	if (w->files[at].kind == FILE_DRAFT)
		drafts_learn(w, c, at);
	else
		bits_add(&c->shelf, at);
}

/* --- changes ---------------------------------------------------------------------------- */

struct finding {
	struct world *w;
	struct copy *c;
	struct known_change *k;
};

static bool find_bytes(void *arg, const struct store_change *change)
{
	struct finding *f = arg;
	if (!hash_equal(&change->id, &f->k->id))
		return true;
	buf_add_span(&f->k->bytes, change->bytes);
	return false;
}

static void note_record(struct world *w, const struct known_change *k)
{
	for (size_t i = 0; i < w->record_count; i++)
		if (id_equal(&w->records[i].id, &k->record))
			return;
	char *type = mem_text_n((const char *)k->change.type.p, k->change.type.n);
	w->records[w->record_count++] =
		(struct known_record){k->record, k->subject, k->store, kind_find(type)};
	free(type);
}

/* What of the seen is about a record; a form of people who are one sees several. */
static bool sees_record(const struct world *w, const struct bits *seen, const struct id *record,
			struct bits *out)
{
	*out = (struct bits){{0}};
	for (size_t i = 0; i < w->change_count; i++)
		if (bits_has(seen, i) && id_equal(&w->changes[i].record, record))
			bits_add(out, i);
	return !bits_within(out, &(struct bits){{0}});
}

/* An undo knows what it undoes and what that knew; a seed knows nothing; everything else, what
 * stood before its writer's eyes. */
static void judge_seen(struct world *w, struct known_change *k)
{
	const struct change *c = &k->change;
	struct bits of_record;
	if (c->seed_source.n)
		return;
	if (c->undo_count && c->mark != MARK_BIN) {
		for (size_t i = 0; i < c->undo_count; i++) {
			int at = changes_known(w, &c->undoes[i].change);
			if (at < 0 || !w->changes[at].decoded ||
			    !id_equal(&w->changes[at].record, &k->record))
				sim_fail(w, "an undo of what is not in the record");
			bits_add(&k->seen, (size_t)at);
			bits_join(&k->seen, &w->changes[at].seen);
		}
		return;
	}
	oracle_whole(w, &w->before, &k->record, &k->seen);
	if (w->form && sees_record(w, &w->form->seen, &k->record, &of_record))
		k->seen = of_record;
}

static void decode(struct world *w, struct copy *c, size_t at)
{
	struct known_change *k = &w->changes[at];
	struct finding f = {w, c, k};
	if (store_scan_changes(c->book->stores[k->store], &k->subject, &k->record, find_bytes, &f))
		sim_fail(w, "copy %d: the changes of a record cannot be read", c->index);
	if (!k->bytes.n)
		sim_fail(w, "copy %d: a change that was written is not there", c->index);
	if (change_decode(buf_span(&k->bytes), &k->change))
		sim_fail(w, "copy %d: a change that cannot be understood", c->index);
	judge_seen(w, k);
	k->decoded = true;
	if (k->change.has_draft)
		k->finishes = w->finishing;
	note_record(w, k);
}

void learn(struct world *w, struct copy *c)
{
	struct listing l;
	files_list(w, c, &l);
	for (size_t i = 0; i < l.count; i++)
		if (l.v[i].known < 0)
			read_new_file(w, c, l.v[i].rel);
	listing_free(&l);
	for (size_t i = 0; i < w->change_count; i++)
		if (!w->changes[i].decoded && oracle_has(w, &c->shelf, i))
			decode(w, c, i);
	w->form = NULL;
	w->before = c->shelf;
}

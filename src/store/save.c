/* SPDX-License-Identifier: MIT
 *
 * Saving: key file, then segments, each durable; that is "Saved".  Only then LMDB; when it
 * cannot follow, the store is behind and catches up from the files before the next reading.
 */
#include "store_impl.h"

#include <linkbook/mem.h>
#include <linkbook/mutant.h>

#include <stdlib.h>
#include <string.h>

enum {
	KEYS_A_FILE = PACK_KEYS_MOST,
	CONTENT_A_SEGMENT = PACK_CONTENT_MOST,
	CHANGE_MOST = 2 << 20, /* what is larger would make a file that no reader takes */
};

struct piece {
	struct buf content;
	uint32_t entries;
	struct buf bytes;
	struct hash hash;
};
struct saving {
	struct store *s;
	const struct envelope *v;
	size_t count;
	struct buf *keys; /* key files in the making */
	struct hash *key_hashes;
	size_t key_files, keys_cap, keys_in_last;
	struct piece *pieces;
	size_t piece_count, piece_cap;
	struct seg_head head;
	struct made { /* subject keys made in this step, by a hash of the subject */
		struct id subject, key;
		size_t file, offset; /* of its entry; file 0 is an empty place */
	} * made;
	size_t made_count, made_size;
};

/* --- keys for what is to be saved ------------------------------------------------------- */

static struct buf *key_file(struct saving *w)
{
	if (!w->key_files || w->keys_in_last == KEYS_A_FILE) {
		w->keys = mem_room(w->keys, w->key_files, &w->keys_cap, sizeof *w->keys);
		w->keys[w->key_files++] = (struct buf)BUF_INIT;
		w->keys_in_last = 0;
	}
	w->keys_in_last++;
	return &w->keys[w->key_files - 1];
}

/* --- keys made in this very step, which no database knows yet --------------------------- */

static struct made *made_place(struct made *table, size_t size, const struct id *subject)
{
	uint64_t h = 14695981039346656037u; /* FNV-1a: ids that a script made up may be in a row */
	for (size_t i = 0; i < sizeof subject->b; i++)
		h = (h ^ subject->b[i]) * 1099511628211u;
	for (size_t i = h % size;; i = (i + 1) % size)
		if (!table[i].file || id_equal(&table[i].subject, subject))
			return &table[i];
}

static void made_grow(struct saving *w)
{
	size_t size = w->made_size ? w->made_size * 2 : 64;
	struct made *table = mem_alloc_many(size, sizeof *table);
	for (size_t i = 0; i < w->made_size; i++)
		if (w->made[i].file)
			*made_place(table, size, &w->made[i].subject) = w->made[i];
	free(w->made);
	w->made = table;
	w->made_size = size;
}

static const struct made *made_find(const struct saving *w, const struct id *subject)
{
	struct made *m = w->made_size ? made_place(w->made, w->made_size, subject) : NULL;
	return m && m->file ? m : NULL;
}

static struct id make_subject_key(struct saving *w, const struct id *subject)
{
	struct buf *file = key_file(w);
	struct id key = keys_make(w->s, subject, NULL, &w->s->key_id, w->s->seal->wrap, file);
	if (w->made_count * 2 >= w->made_size)
		made_grow(w);
	*made_place(w->made, w->made_size, subject) =
		(struct made){*subject, key, w->key_files, file->n - KEY_ENTRY};
	w->made_count++;
	return key;
}

static struct id subject_key(struct saving *w, struct txn *t, const struct id *subject)
{
	struct id key;
	const struct made *m = made_find(w, subject);
	if (m)
		return m->key;
	if (keys_of(w->s, t, subject, NULL, &key))
		return key;
	return make_subject_key(w, subject);
}

/* The cache forgets; what is not in LMDB yet is unwrapped from the file in the making.
 * false only when the keys of the store contradict each other. */
static bool subject_key_bytes(struct saving *w, struct txn *t, const struct id *subject,
			      const struct id *key, uint8_t bytes[KEY_BYTES])
{
	const uint8_t *found = keys_find(w->s, t, key);
	const struct made *m = made_find(w, subject);
	if (found)
		memcpy(bytes, found, KEY_BYTES);
	return found ||
	       (m && unpack_key(&w->s->id, span_of(w->keys[m->file - 1].p + m->offset, KEY_ENTRY),
				w->s->seal->wrap, bytes));
}

/* The key that seals this change, and its bytes. */
static struct id change_key(struct saving *w, struct txn *t, const struct envelope *v,
			    uint8_t bytes[KEY_BYTES])
{
	struct id key, under = subject_key(w, t, &v->subject);
	if (v->own_key && keys_of(w->s, t, &v->subject, &v->record, &key)) {
		memcpy(bytes, keys_find(w->s, t, &key), KEY_BYTES); /* found just now */
		return key;
	}
	BUG_IF(!subject_key_bytes(w, t, &v->subject, &under, bytes));
	if (!v->own_key)
		return under;
	key = keys_make(w->s, &v->subject, &v->record, &under, bytes, key_file(w));
	memcpy(bytes, keys_find(w->s, t, &key), KEY_BYTES); /* made just now */
	return key;
}

/* --- segments in the making ------------------------------------------------------------- */

static size_t piece_most(const struct saving *w)
{
#ifdef LINKBOOK_SIM
	if (w->s->seam->piece_most)
		return w->s->seam->piece_most;
#else
	(void)w;
#endif
	return CONTENT_A_SEGMENT;
}

static struct piece *piece_for(struct saving *w, size_t more)
{
	if (!w->piece_count || w->pieces[w->piece_count - 1].content.n + more > piece_most(w)) {
		w->pieces = mem_room(w->pieces, w->piece_count, &w->piece_cap, sizeof *w->pieces);
		w->pieces[w->piece_count++] = (struct piece){.content = BUF_INIT};
	}
	return &w->pieces[w->piece_count - 1];
}

static void add_change(struct saving *w, struct txn *t, const struct envelope *v)
{
	struct buf drafts = BUF_INIT;
	struct seg_entry e = {.subject = v->subject, .record = v->record, .id = v->id};
	uint8_t key[KEY_BYTES];
	e.key = change_key(w, t, v, key);
	drafts_covers(w->s, &v->draft, &drafts);
	e.drafts = buf_span(&drafts);
	struct piece *p = piece_for(w, v->bytes.n + 256);
	pack_entry(w->s->seam, &w->s->id, &e, key, v->bytes, &p->content);
	p->entries++;
	mem_wipe(key, sizeof key);
	buf_fini(&drafts);
}

static enum err prepare(void *arg, struct txn *t, struct diag *d)
{
	struct saving *w = arg;
	(void)d;
	for (size_t i = 0; i < w->count; i++)
		add_change(w, t, &w->v[i]);
	return OK;
}

static void seal_pieces(struct saving *w)
{
	if (w->piece_count > 1)
		w->head.load = seam_new_id(w->s->seam);
	w->head.count = (uint32_t)w->piece_count;
	for (size_t i = 0; i < w->piece_count; i++) {
		struct piece *p = &w->pieces[i];
		w->head.number = (uint32_t)i;
		pack_segment(w->s->seam, &w->s->id, &w->s->key_id, w->s->seal->segment, &w->head,
			     p->entries, buf_span(&p->content), &p->bytes);
	}
}

/* --- to disk, then to LMDB -------------------------------------------------------------- */

static enum err write_keys(struct saving *w, struct diag *d)
{
	enum err e = OK;
	w->key_hashes = mem_alloc_many(w->key_files, sizeof *w->key_hashes);
	for (size_t i = 0; !e && i < w->key_files; i++)
		e = folder_write(w->s, FILE_KEYS, buf_span(&w->keys[i]), &w->key_hashes[i], d);
	return e;
}

static enum err write_pieces(struct saving *w, struct diag *d)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < w->piece_count; i++)
		e = folder_write(w->s, FILE_SEGMENT, buf_span(&w->pieces[i].bytes),
				 &w->pieces[i].hash, d);
	return e;
}

/* A segment without its key would be of no use to anybody, so the keys lie there first. */
static enum err write_files(struct saving *w, struct diag *d)
{
	bool late = mutant(MUTANT_KEY_AFTER_SEGMENT);
	enum err e = late ? write_pieces(w, d) : write_keys(w, d);
	return e ? e : late ? write_keys(w, d) : write_pieces(w, d);
}

/* What may or may not have reached the disk must not turn up after "not saved": away with it,
 * as far as the disk still does what it is told.  Keys that nothing uses do no harm, and a
 * segment that comes back after all must find its own. */
static void unwrite(struct saving *w)
{
	for (size_t i = 0; i < w->piece_count; i++) {
		struct hash h = seal_hash(buf_span(&w->pieces[i].bytes));
		if (!folder_unwrite(w->s, FILE_SEGMENT, &h))
			continue; /* tried again before anything else is written */
	}
}

static enum err begin_load(void *arg, struct txn *t, struct diag *d)
{
	struct saving *w = arg;
	(void)d;
	gaps_begin_load(t, &w->head.load);
	return OK;
}

static enum err take_own(void *arg, struct txn *t, struct diag *d)
{
	struct saving *w = arg;
	struct taking k = {.s = w->s};
	(void)d;
	for (size_t i = 0; i < w->key_files; i++)
		takein_keys(&k, t, &w->key_hashes[i], buf_span(&w->keys[i]));
	for (size_t i = 0; i < w->piece_count; i++) {
		w->head.number = (uint32_t)i;
		takein_segment(&k, t, &w->pieces[i].hash, buf_span(&w->pieces[i].bytes), &w->head,
			       buf_span(&w->pieces[i].content));
	}
	takein_fold(&k, t);
	taking_fini(&k);
	return OK;
}

static void saving_fini(struct saving *w)
{
	for (size_t i = 0; i < w->key_files; i++)
		buf_fini(&w->keys[i]);
	for (size_t i = 0; i < w->piece_count; i++) {
		buf_fini(&w->pieces[i].content);
		buf_fini(&w->pieces[i].bytes);
	}
	free(w->keys);
	free(w->key_hashes);
	free(w->pieces);
	free(w->made);
}

enum err store_save(struct store *s, const struct envelope *v, size_t count, struct diag *d)
{
	struct saving w = {.s = s, .v = v, .count = count};
	enum err e = folder_may_write(s, d);
	if (!e)
		e = store_catch_up(s, d);
	for (size_t i = 0; !e && i < count; i++)
		if (v[i].bytes.n > CHANGE_MOST) {
			diag_say(d, "This is too much for one record: %zu bytes; %d is the most.",
				 v[i].bytes.n, CHANGE_MOST);
			e = ERR_REFUSED;
		}
	if (!e)
		e = shelf_read(&s->shelf, prepare, &w, d);
	if (!e) {
		for (size_t i = 0; i < w.key_files; i++)
			pack_keys_end(&w.keys[i]);
		seal_pieces(&w);
	}
	if (!e && w.piece_count > 1)
		e = shelf_write(&s->shelf, begin_load, &w, d);
	if (!e) {
		e = write_files(&w, d);
		if (e)
			unwrite(&w);
		/* The folder is read anew before anything else is: what is there counts. */
		s->behind |= e == ERR_IO;
	}
	if (!e) {
		/* It is saved from here on, whatever becomes of LMDB. */
		struct diag unheard = {0};
		s->behind = shelf_write(&s->shelf, take_own, &w, &unheard) != OK;
		diag_fini(&unheard);
		for (size_t i = 0; i < count; i++)
			drafts_finished(s, &v[i].draft);
	}
	saving_fini(&w);
	return e;
}

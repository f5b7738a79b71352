/* SPDX-License-Identifier: MIT
 *
 * Wrapped keys as bytes.
 */
#include "pack.h"

#include <linkbook/mem.h>

#include <string.h>

static void add_id(struct buf *out, const struct id *id)
{
	buf_add(out, id->b, sizeof id->b);
}

/* --- wrapped keys ----------------------------------------------------------------------- */

enum { WRAPS_SUBJECT = 1, WRAPS_RECORD = 2, ENTRY_HEAD = KEY_ENTRY - NONCE_BYTES - SEALED_KEY };

void pack_keys_start(const struct id *store, struct buf *out)
{
	buf_add(out, "LBKKEYS1", PACK_MAGIC);
	add_id(out, store);
}

/* Entries stand each for itself, so that a file cut between two of them would look whole. */
void pack_keys_end(struct buf *out)
{
	struct hash h = seal_hash(buf_span(out));
	buf_add(out, h.b, sizeof h.b);
}

static bool keys_are_whole(struct span bytes)
{
	enum { HEAD = PACK_MAGIC + 16, TAIL = sizeof(struct hash) };
	if (pack_kind(bytes) != FILE_KEYS || bytes.n > PACK_FILE_MOST ||
	    bytes.n < HEAD + KEY_ENTRY + TAIL || (bytes.n - HEAD - TAIL) % KEY_ENTRY)
		return false;
	struct hash h = seal_hash(span_of(bytes.p, bytes.n - TAIL));
	return !memcmp(h.b, bytes.p + bytes.n - TAIL, TAIL);
}

static void key_place(const struct id *store, struct span head, struct buf *out)
{
	add_id(out, store);
	buf_add_text(out, "key");
	buf_add_span(out, head);
}

void pack_key(struct seam *seam, const struct id *store, const struct key_entry *e,
	      const uint8_t key[KEY_BYTES], const uint8_t under[KEY_BYTES], struct buf *out)
{
	struct buf head = BUF_INIT, place = BUF_INIT;
	buf_add_byte(&head, id_is_zero(&e->record) ? WRAPS_SUBJECT : WRAPS_RECORD);
	add_id(&head, &e->key);
	add_id(&head, &e->subject);
	add_id(&head, &e->record);
	add_id(&head, &e->under);
	key_place(store, buf_span(&head), &place);
	buf_add_span(out, buf_span(&head));
	seal_bytes(seam, under, buf_span(&place), span_of(key, KEY_BYTES), out);
	buf_fini(&place);
	buf_fini(&head);
}

void unpack_key_entry(struct span entry, struct key_entry *out)
{
	struct reader r = {entry, false};
	reader_u8(&r);
	reader_copy(&r, out->key.b, 16);
	reader_copy(&r, out->subject.b, 16);
	reader_copy(&r, out->record.b, 16);
	reader_copy(&r, out->under.b, 16);
	out->entry = entry;
}

enum err unpack_keys(struct span bytes, const struct id *store, pack_each_key *each, void *arg)
{
	if (!keys_are_whole(bytes))
		return ERR_DAMAGED;
	if (memcmp(bytes.p + PACK_MAGIC, store->b, 16))
		return ERR_REFUSED; /* of another store */
	for (size_t at = PACK_MAGIC + 16; at + KEY_ENTRY <= bytes.n; at += KEY_ENTRY) {
		struct key_entry e;
		int kind = bytes.p[at];
		unpack_key_entry(span_of(bytes.p + at, KEY_ENTRY), &e);
		if (kind != (id_is_zero(&e.record) ? WRAPS_SUBJECT : WRAPS_RECORD))
			return ERR_DAMAGED;
		if (each)
			each(arg, &e);
	}
	return OK;
}

bool unpack_key(const struct id *store, struct span entry, const uint8_t under[KEY_BYTES],
		uint8_t key[KEY_BYTES])
{
	struct buf place = BUF_INIT, plain = BUF_SECRET;
	key_place(store, span_of(entry.p, ENTRY_HEAD), &place);
	bool ok = seal_open(under, buf_span(&place),
			    span_of(entry.p + ENTRY_HEAD, entry.n - ENTRY_HEAD), &plain) &&
		  plain.n == KEY_BYTES;
	if (ok)
		memcpy(key, plain.p, KEY_BYTES);
	buf_fini(&plain);
	buf_fini(&place);
	return ok;
}

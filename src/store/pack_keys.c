/* SPDX-License-Identifier: MIT
 *
 * Slots and wrapped keys as bytes.
 */
#include "pack.h"

#include <linkbook/mem.h>

#include <sodium.h>
#include <string.h>

static void add_id(struct buf *out, const struct id *id)
{
	buf_add(out, id->b, sizeof id->b);
}

/* --- slots ------------------------------------------------------------------------------ */

enum {
	SLOT_ALG_NONE = 0,
	SLOT_ALG_ARGON2ID = 1,
	SLOT_HEAD = PACK_MAGIC + 1 + 16 + 32 + 16 + 1 + 4 + 4 + 16 + 16,
	SLOT_BYTES = SLOT_HEAD + 32 + NONCE_BYTES + SEALED_KEY,
};

/* An AEAD alone does not say under which key it was made; this does. */
static struct hash commitment(struct span head, const uint8_t slot_key[KEY_BYTES])
{
	return seal_keyed_hash(slot_key, head);
}

void pack_slot(struct seam *seam, const struct slot *slot, const uint8_t slot_key[KEY_BYTES],
	       const uint8_t store_key[KEY_BYTES], struct buf *out)
{
	size_t start = out->n;
	buf_add(out, "LBKSLOT1", PACK_MAGIC);
	buf_add_byte(out, (uint8_t)slot->source);
	add_id(out, &slot->store);
	buf_add(out, slot->constant, sizeof slot->constant);
	add_id(out, &slot->other);
	buf_add_byte(out, slot->source == SLOT_PASSPHRASE ? SLOT_ALG_ARGON2ID : SLOT_ALG_NONE);
	buf_add_u32(out, slot->ops);
	buf_add_u32(out, slot->mem_kib);
	buf_add(out, slot->salt, sizeof slot->salt);
	add_id(out, &slot->key_id);
	struct hash c = commitment(span_of(out->p + start, SLOT_HEAD), slot_key);
	buf_add(out, c.b, sizeof c.b);
	struct buf sealed = BUF_INIT;
	seal_bytes(seam, slot_key, span_of(out->p + start, SLOT_HEAD + 32),
		   span_of(store_key, KEY_BYTES), &sealed);
	buf_add_span(out, buf_span(&sealed));
	buf_fini(&sealed);
}

enum err unpack_slot(struct span bytes, struct slot *out)
{
	struct reader r = {bytes, false};
	struct span magic = reader_take(&r, PACK_MAGIC);
	if (r.bad || memcmp(magic.p, "LBKSLOT", PACK_MAGIC - 1))
		return ERR_DAMAGED;
	if (magic.p[PACK_MAGIC - 1] != '1')
		return ERR_NEWER;
	if (bytes.n != SLOT_BYTES)
		return ERR_DAMAGED;
	out->source = (enum slot_source)reader_u8(&r);
	reader_copy(&r, out->store.b, 16);
	reader_copy(&r, out->constant, 32);
	reader_copy(&r, out->other.b, 16);
	int alg = reader_u8(&r);
	out->ops = reader_u32(&r);
	out->mem_kib = reader_u32(&r);
	reader_copy(&r, out->salt, 16);
	reader_copy(&r, out->key_id.b, 16);
	bool known = (out->source == SLOT_PASSPHRASE && alg == SLOT_ALG_ARGON2ID) ||
		     (out->source == SLOT_STORE && alg == SLOT_ALG_NONE);
	return known ? OK : ERR_NEWER;
}

bool unpack_slot_key(struct span bytes, const uint8_t slot_key[KEY_BYTES],
		     uint8_t store_key[KEY_BYTES])
{
	struct hash c = commitment(span_of(bytes.p, SLOT_HEAD), slot_key);
	if (sodium_memcmp(c.b, bytes.p + SLOT_HEAD, sizeof c.b))
		return false;
	struct buf plain = BUF_SECRET;
	struct span sealed = {bytes.p + SLOT_HEAD + 32, bytes.n - SLOT_HEAD - 32};
	bool ok = seal_open(slot_key, span_of(bytes.p, SLOT_HEAD + 32), sealed, &plain) &&
		  plain.n == KEY_BYTES;
	if (ok)
		memcpy(store_key, plain.p, KEY_BYTES);
	buf_fini(&plain);
	return ok;
}

/* --- wrapped keys ----------------------------------------------------------------------- */

enum { WRAPS_SUBJECT = 1, WRAPS_RECORD = 2, ENTRY_HEAD = KEY_ENTRY - NONCE_BYTES - SEALED_KEY };

void pack_keys_start(const struct id *store, struct buf *out)
{
	buf_add(out, "LBKKEYS1", PACK_MAGIC);
	add_id(out, store);
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
	if (pack_kind(bytes) != FILE_KEYS || bytes.n > PACK_FILE_MOST ||
	    bytes.n < PACK_MAGIC + 16 + KEY_ENTRY || (bytes.n - PACK_MAGIC - 16) % KEY_ENTRY)
		return ERR_DAMAGED;
	if (memcmp(bytes.p + PACK_MAGIC, store->b, 16))
		return ERR_REFUSED; /* of another store */
	for (size_t at = PACK_MAGIC + 16; at < bytes.n; at += KEY_ENTRY) {
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

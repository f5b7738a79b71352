/* SPDX-License-Identifier: MIT
 *
 * Slots, and the orders that retire them, as bytes.
 *
 * A slot has three parts: a clear head, the store key sealed under the slot key, and a mark
 * sealed under a sub-key of the store key.  The mark is what only somebody who had the store
 * open can write, so whoever has it open tells a slot of this store from a forged or torn one
 * without the words that open it.
 */
#include "pack.h"

#include <linkbook/mem.h>

#include <sodium.h>
#include <string.h>

enum {
	SLOT_ALG_NONE = 0,
	SLOT_ALG_ARGON2ID = 1,
	SLOT_ALG_BOX = 2,
	SLOT_HEAD = PACK_MAGIC + 1 + 16 + 32 + 1 + 16 + 1 + 4 + 4 + 16 + 16,
	SLOT_COMMITMENT = 32,
	SLOT_KEY = NONCE_BYTES + SEALED_KEY,
	SLOT_MARK = 1 + 8 + SLOT_LABEL,
	SLOT_MARK_SEALED = NONCE_BYTES + SLOT_MARK + TAG_BYTES,
	SLOT_REST = SLOT_COMMITMENT + SLOT_KEY + SLOT_MARK_SEALED,
};

static const struct {
	uint8_t alg;
	size_t more; /* bytes of the head after what all have */
} sources[] = {
	[SLOT_PASSPHRASE] = {SLOT_ALG_ARGON2ID, 0},
	[SLOT_STORE] = {SLOT_ALG_NONE, 0},
	[SLOT_OPEN] = {SLOT_ALG_NONE, 0},
	[SLOT_RECOVERY] = {SLOT_ALG_BOX, KEY_BYTES + SLOT_BOX},
};

static bool is_source(unsigned source)
{
	return source >= SLOT_PASSPHRASE && source <= SLOT_RECOVERY;
}

static bool is_kind(unsigned kind)
{
	return kind == OF_CASELOAD || kind == OF_DIRECTORY;
}

static size_t head_bytes(enum slot_source source)
{
	return SLOT_HEAD + sources[source].more;
}

static void add_id(struct buf *out, const struct id *id)
{
	buf_add(out, id->b, sizeof id->b);
}

/* An AEAD alone does not say under which key it was made; this does. */
static struct hash commitment(struct span head, const uint8_t slot_key[KEY_BYTES])
{
	return seal_keyed_hash(slot_key, head);
}

static void pack_head(const struct slot *slot, struct buf *out)
{
	buf_add(out, "LBKSLOT1", PACK_MAGIC);
	buf_add_byte(out, (uint8_t)slot->source);
	add_id(out, &slot->store);
	buf_add(out, slot->constant, sizeof slot->constant);
	buf_add_byte(out, (uint8_t)slot->kind);
	add_id(out, &slot->other);
	buf_add_byte(out, sources[slot->source].alg);
	buf_add_u32(out, slot->ops);
	buf_add_u32(out, slot->mem_kib);
	buf_add(out, slot->salt, sizeof slot->salt);
	add_id(out, &slot->key_id);
	if (slot->source == SLOT_RECOVERY) {
		buf_add(out, slot->public_key, sizeof slot->public_key);
		buf_add(out, slot->box, sizeof slot->box);
	}
}

void pack_slot(struct seam *seam, const struct slot *slot, const struct slot_mark *mark,
	       const uint8_t slot_key[KEY_BYTES], const struct seal *seal, struct buf *out)
{
	struct buf b = BUF_INIT, sealed = BUF_INIT, plain = BUF_SECRET;
	pack_head(slot, &b);
	struct hash c = commitment(buf_span(&b), slot_key);
	buf_add(&b, c.b, sizeof c.b);
	seal_bytes(seam, slot_key, buf_span(&b), span_of(seal->store_key, KEY_BYTES), &sealed);
	buf_add_span(&b, buf_span(&sealed));
	buf_clear(&sealed);
	buf_add_byte(&plain, mark->open_access);
	buf_add_u64(&plain, (uint64_t)mark->made);
	buf_add(&plain, mark->label, sizeof mark->label);
	seal_bytes(seam, seal->marks, buf_span(&b), buf_span(&plain), &sealed);
	buf_add_span(&b, buf_span(&sealed));
	buf_add_span(out, buf_span(&b));
	buf_fini(&plain);
	buf_fini(&sealed);
	buf_fini(&b);
}

static void unpack_head(struct reader *r, struct slot *out)
{
	reader_copy(r, out->store.b, 16);
	reader_copy(r, out->constant, 32);
	uint8_t kind = reader_u8(r);
	out->kind = is_kind(kind) ? (enum store_kind)kind : 0;
	reader_copy(r, out->other.b, 16);
	out->alg = reader_u8(r);
	out->ops = reader_u32(r);
	out->mem_kib = reader_u32(r);
	reader_copy(r, out->salt, 16);
	reader_copy(r, out->key_id.b, 16);
	if (out->source == SLOT_RECOVERY) {
		reader_copy(r, out->public_key, sizeof out->public_key);
		reader_copy(r, out->box, sizeof out->box);
	}
}

enum err unpack_slot(struct span bytes, struct slot *out)
{
	struct reader r = {bytes, false};
	struct span magic = reader_take(&r, PACK_MAGIC);
	*out = (struct slot){0};
	if (r.bad || memcmp(magic.p, "LBKSLOT", PACK_MAGIC - 1))
		return ERR_DAMAGED;
	if (magic.p[PACK_MAGIC - 1] > '1' && magic.p[PACK_MAGIC - 1] <= '9')
		return ERR_NEWER;
	if (magic.p[PACK_MAGIC - 1] != '1')
		return ERR_DAMAGED;
	unsigned source = reader_u8(&r);
	if (r.bad || !is_source(source))
		return r.bad ? ERR_DAMAGED : ERR_NEWER;
	out->source = (enum slot_source)source;
	if (bytes.n != head_bytes(out->source) + SLOT_REST)
		return ERR_DAMAGED;
	unpack_head(&r, out);
	return out->kind && out->alg == sources[source].alg ? OK : ERR_NEWER;
}

bool unpack_slot_key(struct span bytes, const struct slot *slot, const uint8_t slot_key[KEY_BYTES],
		     uint8_t store_key[KEY_BYTES])
{
	size_t head = head_bytes(slot->source);
	struct hash c = commitment(span_of(bytes.p, head), slot_key);
	if (sodium_memcmp(c.b, bytes.p + head, sizeof c.b))
		return false;
	struct buf plain = BUF_SECRET;
	struct span ad = span_of(bytes.p, head + SLOT_COMMITMENT);
	bool ok = seal_open(slot_key, ad, span_of(bytes.p + ad.n, SLOT_KEY), &plain) &&
		  plain.n == KEY_BYTES;
	if (ok)
		memcpy(store_key, plain.p, KEY_BYTES);
	buf_fini(&plain);
	return ok;
}

bool unpack_slot_mark(struct span bytes, const uint8_t marks[KEY_BYTES], struct slot_mark *out)
{
	struct buf plain = BUF_INIT;
	struct span ad = span_of(bytes.p, bytes.n - SLOT_MARK_SEALED);
	bool ok = seal_open(marks, ad, span_of(bytes.p + ad.n, SLOT_MARK_SEALED), &plain) &&
		  plain.n == SLOT_MARK;
	struct reader r = {buf_span(&plain), false};
	if (ok) {
		out->open_access = reader_u8(&r) != 0;
		out->made = (int64_t)reader_u64(&r);
		reader_copy(&r, out->label, sizeof out->label);
		out->label[sizeof out->label - 1] = 0;
	}
	buf_fini(&plain);
	return ok;
}

bool pack_is_slot_size(size_t n)
{
	for (size_t s = SLOT_PASSPHRASE; s <= SLOT_RECOVERY; s++)
		if (n == head_bytes((enum slot_source)s) + SLOT_REST)
			return true;
	return false;
}

/* --- orders that retire ----------------------------------------------------------------- */

void pack_retirement(const struct retirement *r, struct buf *out)
{
	buf_add_byte(out, ORDER_RETIRE);
	buf_add_byte(out, r->changed);
	buf_add(out, r->slot.b, sizeof r->slot.b);
	buf_add(out, r->keeper.b, sizeof r->keeper.b);
	buf_add_u64(out, (uint64_t)r->stamp);
	buf_add_byte(out, (uint8_t)r->author.n);
	buf_add_span(out, r->author);
	buf_add_u16(out, (uint16_t)(r->seen.n / sizeof(struct hash)));
	buf_add_span(out, r->seen);
}

bool unpack_retirement(struct span bytes, struct retirement *out)
{
	struct reader r = {bytes, false};
	bool is = reader_u8(&r) == ORDER_RETIRE;
	*out = (struct retirement){0};
	out->changed = reader_u8(&r) != 0;
	reader_copy(&r, out->slot.b, sizeof out->slot.b);
	reader_copy(&r, out->keeper.b, sizeof out->keeper.b);
	out->stamp = (int64_t)reader_u64(&r);
	uint8_t author = reader_u8(&r);
	out->author = reader_take(&r, author);
	size_t seen = reader_u16(&r);
	out->seen = reader_take(&r, seen * sizeof(struct hash));
	return is && !r.bad && !r.rest.n && !hash_equal(&out->slot, &out->keeper);
}

bool pack_order_fits(struct span bytes)
{
	struct retirement r;
	return bytes.n && (bytes.p[0] != ORDER_RETIRE || unpack_retirement(bytes, &r));
}

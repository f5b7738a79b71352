/* SPDX-License-Identifier: MIT
 *
 * Segments, drafts and what lies in LMDB.  Slots are in pack_slots.c, keys in pack_keys.c.
 */
#include "pack.h"

#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>

static const struct {
	char magic[PACK_MAGIC + 1];
	enum file_kind kind;
} magics[] = {
	{"LBKSLOT1", FILE_SLOT},
	{"LBKKEYS1", FILE_KEYS},
	{"LBKSEGM1", FILE_SEGMENT},
	{"LBKDRFT1", FILE_DRAFT},
};

int pack_kind(struct span bytes)
{
	for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
		if (bytes.n >= PACK_MAGIC && !memcmp(bytes.p, magics[i].magic, PACK_MAGIC))
			return (int)magics[i].kind;
	return 0;
}

static void add_id(struct buf *out, const struct id *id)
{
	buf_add(out, id->b, sizeof id->b);
}

/* --- a sealed, padded file: magic, store, store key id, nonce and ciphertext ------------- */

enum { FILE_HEAD = PACK_MAGIC + 16 + 16 };

static void pack_file(struct seam *seam, const char *magic, const struct id *store,
		      const struct id *store_key, const uint8_t key[KEY_BYTES], struct span content,
		      struct buf *out)
{
	struct buf plain = BUF_SECRET, head = BUF_INIT;
	buf_add(&head, magic, PACK_MAGIC);
	add_id(&head, store);
	add_id(&head, store_key);
	buf_reserve(&plain, seal_padded(content.n + 4));
	buf_add_u32(&plain, (uint32_t)content.n);
	buf_add_span(&plain, content);
	buf_add_zeros(&plain, seal_padded(content.n + 4) - plain.n);
	buf_add_span(out, buf_span(&head));
	seal_bytes(seam, key, buf_span(&head), buf_span(&plain), out);
	buf_fini(&head);
	buf_fini(&plain);
}

/* *content points into plain. */
static enum err unpack_file(struct span bytes, enum file_kind kind, const struct id *store,
			    const struct id *store_key, const uint8_t key[KEY_BYTES],
			    struct buf *plain, struct span *content)
{
	if (pack_kind(bytes) != (int)kind || bytes.n < FILE_HEAD || bytes.n > PACK_FILE_MOST)
		return ERR_DAMAGED;
	if (memcmp(bytes.p + PACK_MAGIC, store->b, 16) ||
	    memcmp(bytes.p + PACK_MAGIC + 16, store_key->b, 16))
		return ERR_REFUSED; /* of another store, or of a key we do not hold */
	struct span head = {bytes.p, FILE_HEAD};
	struct span sealed = {bytes.p + FILE_HEAD, bytes.n - FILE_HEAD};
	if (!seal_open(key, head, sealed, plain))
		return ERR_DAMAGED;
	struct reader r = {buf_span(plain), false};
	uint32_t n = reader_u32(&r);
	*content = reader_take(&r, n);
	for (size_t i = 0; i < r.rest.n; i++)
		r.bad |= r.rest.p[i] != 0;
	return r.bad ? ERR_DAMAGED : OK;
}

/* --- segments --------------------------------------------------------------------------- */

static void change_place(const struct id *store, const struct seg_entry *e, struct buf *out)
{
	add_id(out, store);
	buf_add_text(out, "chg");
	add_id(out, &e->subject);
	add_id(out, &e->record);
	buf_add(out, e->id.b, sizeof e->id.b);
	add_id(out, &e->key);
	buf_add_span(out, e->drafts);
}

static void add_entry(const struct seg_entry *e, struct buf *content)
{
	add_id(content, &e->subject);
	add_id(content, &e->record);
	buf_add(content, e->id.b, sizeof e->id.b);
	add_id(content, &e->key);
	buf_add_u16(content, (uint16_t)e->drafts.n);
	buf_add_span(content, e->drafts);
	buf_add_u32(content, (uint32_t)e->sealed.n);
	buf_add_span(content, e->sealed);
}

void pack_entry(struct seam *seam, const struct id *store, struct seg_entry *e,
		const uint8_t key[KEY_BYTES], struct span change, struct buf *content)
{
	struct buf place = BUF_INIT, sealed = BUF_INIT;
	change_place(store, e, &place);
	seal_bytes(seam, key, buf_span(&place), change, &sealed);
	e->sealed = buf_span(&sealed);
	add_entry(e, content);
	e->sealed = span_of(NULL, 0);
	buf_fini(&sealed);
	buf_fini(&place);
}

void pack_order(const struct id *store, const struct hash *id, struct span order,
		struct buf *content)
{
	struct seg_entry e = {.subject = *store, .id = *id, .sealed = order};
	add_entry(&e, content);
}

bool unpack_entry(struct reader *rest, struct seg_entry *e)
{
	if (!rest->rest.n)
		return false;
	reader_copy(rest, e->subject.b, 16);
	reader_copy(rest, e->record.b, 16);
	reader_copy(rest, e->id.b, 32);
	reader_copy(rest, e->key.b, 16);
	uint16_t drafts = reader_u16(rest);
	e->drafts = reader_take(rest, drafts);
	uint32_t sealed = reader_u32(rest);
	e->sealed = reader_take(rest, sealed);
	return !rest->bad;
}

void pack_segment(struct seam *seam, const struct id *store, const struct id *store_key,
		  const uint8_t key[KEY_BYTES], const struct seg_head *head, uint32_t entries,
		  struct span content, struct buf *out)
{
	struct buf whole = BUF_INIT;
	buf_reserve(&whole, content.n + 28);
	add_id(&whole, &head->load);
	buf_add_u32(&whole, head->number);
	buf_add_u32(&whole, head->count);
	buf_add_u32(&whole, entries);
	buf_add_span(&whole, content);
	pack_file(seam, "LBKSEGM1", store, store_key, key, buf_span(&whole), out);
	buf_fini(&whole);
}

static enum err check_entries(struct span entries, uint32_t count)
{
	struct reader r = {entries, false};
	struct seg_entry e;
	uint32_t n = 0;
	while (unpack_entry(&r, &e)) {
		n++;
		if (e.drafts.n && !unpack_covers(e.drafts, NULL, NULL))
			return ERR_DAMAGED;
		if (id_is_zero(&e.key) && !pack_order_fits(e.sealed))
			return ERR_DAMAGED;
	}
	return r.bad || n != count ? ERR_DAMAGED : OK;
}

enum err unpack_segment(struct span bytes, const struct id *store, const struct id *store_key,
			const uint8_t key[KEY_BYTES], struct seg_head *head, struct buf *plain)
{
	struct span content;
	enum err e = unpack_file(bytes, FILE_SEGMENT, store, store_key, key, plain, &content);
	if (e)
		return e;
	struct reader r = {content, false};
	reader_copy(&r, head->load.b, 16);
	head->number = reader_u32(&r);
	head->count = reader_u32(&r);
	uint32_t entries = reader_u32(&r);
	if (r.bad || head->number >= head->count || head->count > 1 << 20)
		return ERR_DAMAGED;
	e = check_entries(r.rest, entries);
	/* Leave just the entries in plain. */
	size_t at = (size_t)(r.rest.p - plain->p), n = r.rest.n;
	buf_splice(plain, at + n, plain->n - at - n, NULL, 0);
	buf_splice(plain, 0, at, NULL, 0);
	return e;
}

/* --- changes in LMDB -------------------------------------------------------------------- */

void pack_shelf_change(const struct seg_entry *e, struct buf *out)
{
	add_id(out, &e->key);
	buf_add_u16(out, (uint16_t)e->drafts.n);
	buf_add_span(out, e->drafts);
	buf_add_span(out, e->sealed);
}

bool unpack_shelf_change(struct span key, struct span value, struct seg_entry *e)
{
	struct reader k = {key, false}, v = {value, false};
	reader_copy(&k, e->subject.b, 16);
	reader_copy(&k, e->record.b, 16);
	reader_copy(&k, e->id.b, 32);
	reader_copy(&v, e->key.b, 16);
	uint16_t drafts = reader_u16(&v);
	e->drafts = reader_take(&v, drafts);
	e->sealed = v.rest;
	return !k.bad && !k.rest.n && !v.bad;
}

bool unpack_change(const struct id *store, const struct seg_entry *e, const uint8_t key[KEY_BYTES],
		   struct buf *change)
{
	struct buf place = BUF_INIT;
	change_place(store, e, &place);
	bool ok = seal_open(key, buf_span(&place), e->sealed, change);
	buf_fini(&place);
	return ok;
}

void pack_view_place(const struct id *store, const char *type, const struct id *subject,
		     const struct id *record, struct buf *out)
{
	add_id(out, store);
	buf_add_text(out, "view");
	add_id(out, subject);
	add_id(out, record);
	buf_add_text(out, type);
}

/* --- drafts ----------------------------------------------------------------------------- */

void pack_covers(const struct id *draft, const struct cover *v, size_t n, struct buf *out)
{
	add_id(out, draft);
	for (size_t i = 0; i < n; i++) {
		add_id(out, &v[i].writer);
		buf_add_u64(out, v[i].number);
	}
}

bool unpack_covers(struct span drafts, pack_each_cover *each, void *arg)
{
	struct reader r = {drafts, false};
	struct id draft;
	reader_copy(&r, draft.b, 16);
	while (!r.bad && r.rest.n) {
		struct cover c;
		reader_copy(&r, c.writer.b, 16);
		c.number = reader_u64(&r);
		if (!r.bad && each)
			each(arg, &draft, &c);
	}
	return !r.bad;
}

void pack_draft(struct seam *seam, const struct id *store, const struct id *store_key,
		const uint8_t key[KEY_BYTES], const struct draft_file *d, struct buf *out)
{
	struct buf content = BUF_SECRET;
	add_id(&content, &d->draft);
	add_id(&content, &d->writer);
	buf_add_u64(&content, d->number);
	buf_add_u64(&content, (uint64_t)d->stamp);
	buf_add_u16(&content, (uint16_t)d->cover_count);
	for (size_t i = 0; i < d->cover_count; i++) {
		add_id(&content, &d->covers[i].writer);
		buf_add_u64(&content, d->covers[i].number);
	}
	buf_add_span(&content, d->content);
	pack_file(seam, "LBKDRFT1", store, store_key, key, buf_span(&content), out);
	buf_fini(&content);
}

enum err unpack_draft(struct span bytes, const struct id *store, const struct id *store_key,
		      const uint8_t key[KEY_BYTES], struct buf *plain, struct draft_file *out)
{
	struct span content;
	*out = (struct draft_file){0};
	enum err e = unpack_file(bytes, FILE_DRAFT, store, store_key, key, plain, &content);
	if (e)
		return e;
	struct reader r = {content, false};
	reader_copy(&r, out->draft.b, 16);
	reader_copy(&r, out->writer.b, 16);
	out->number = reader_u64(&r);
	out->stamp = (int64_t)reader_u64(&r);
	size_t covers = reader_u16(&r);
	if (r.bad || covers * 24 > r.rest.n)
		return ERR_DAMAGED;
	out->covers = mem_alloc_many(covers, sizeof *out->covers);
	for (; out->cover_count < covers; out->cover_count++) {
		reader_copy(&r, out->covers[out->cover_count].writer.b, 16);
		out->covers[out->cover_count].number = reader_u64(&r);
	}
	out->content = r.rest;
	return OK;
}

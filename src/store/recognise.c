/* SPDX-License-Identifier: MIT
 *
 * What a file is: by its name when it is named after its content, else by its seals.
 */
#include "store_impl.h"

#include <linkbook/mem.h>

#include <string.h>

/* A key file under a wrong name has only its own seals to vouch for it: all of them. */
struct vouching {
	struct store *s;
	struct txn *t;
	struct span file;
	bool ok;
};

/* The key that an entry is wrapped under, from the same file; false when it is not in it. */
static bool key_in_file(const struct vouching *v, const struct id *id, uint8_t key[KEY_BYTES])
{
	struct key_entry e;
	for (size_t at = PACK_MAGIC + 16; at + KEY_ENTRY <= v->file.n; at += KEY_ENTRY) {
		unpack_key_entry(span_of(v->file.p + at, KEY_ENTRY), &e);
		if (id_equal(&e.key, id))
			return unpack_key(&v->s->id, e.entry, v->s->seal->wrap, key);
	}
	return false;
}

static void vouch(void *arg, const struct key_entry *e)
{
	struct vouching *v = arg;
	uint8_t under[KEY_BYTES], key[KEY_BYTES];
	const uint8_t *known;
	bool have = true;
	if (id_equal(&e->under, &v->s->key_id))
		memcpy(under, v->s->seal->wrap, sizeof under);
	else if ((known = keys_find(v->s, v->t, &e->under)))
		memcpy(under, known, sizeof under);
	else
		have = key_in_file(v, &e->under, under);
	v->ok &= have && unpack_key(&v->s->id, e->entry, under, key);
	mem_wipe(under, sizeof under);
	mem_wipe(key, sizeof key);
}

static void no_vouching(void *arg, const struct key_entry *e)
{
	(void)arg, (void)e;
}

/* ERR_DAMAGED: torn or foreign bytes.  ERR_REFUSED: whole, and of another store.
 * ERR_NEWER.  With v the seals of a key file are tried as well. */
static enum err understand(struct store *s, struct span bytes, struct vouching *v,
			   struct seg_head *head, struct buf *plain)
{
	enum err e;
	switch (pack_kind(bytes)) {
	case FILE_SLOT:
		return slots_vouch(s, bytes);
	case FILE_KEYS:
		e = unpack_keys(bytes, &s->id, v ? vouch : no_vouching, v);
		return e || !v || v->ok ? e : ERR_DAMAGED;
	case FILE_SEGMENT:
		return unpack_segment(bytes, &s->id, &s->key_id, s->seal->segment, head, plain);
	default:
		return slots_vouch(s, bytes); /* a slot of a newer version has another magic */
	}
}

/* "<its hash> (1).keys" says as well what is in it. */
static bool is_named_after(const struct found_file *f, const struct hash *h)
{
	char hex[HASH_HEX];
	const char *slash = strrchr(f->path, '/');
	return !strncmp(slash ? slash + 1 : f->path, hash_to_hex(h, hex), HASH_HEX - 1);
}

/* By its name, or by its seals when the name says another hash. */
enum err recognise_file(struct store *s, struct txn *t, const struct found_file *f,
			struct span bytes, const struct hash *h, struct seg_head *head,
			struct buf *plain)
{
	struct vouching v = {s, t, bytes, true};
	bool named = is_named_after(f, h);
	return understand(s, bytes, named ? NULL : &v, head, plain);
}

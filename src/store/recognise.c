/* SPDX-License-Identifier: MIT
 *
 * What a file is: by its name when it is named after its content, else by its seals.
 */
#include "store_impl.h"

#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>

/* A key file under a wrong name has only its own seals to vouch for it: all of them.  Under its
 * own name an entry may be under a key that is still to come; one that is under a key that is
 * here, and does not open, was not written by us. */
struct vouching {
	struct store *s;
	struct txn *t;
	struct key_entry *by_key; /* the file's entries, by key id; made when first asked for */
	size_t count, cap;
	struct span file;
	bool named, ok;
};

static void index_entry(void *arg, const struct key_entry *e)
{
	struct vouching *v = arg;
	v->by_key = mem_room(v->by_key, v->count, &v->cap, sizeof *v->by_key);
	v->by_key[v->count++] = *e;
}

static int by_key_id(const void *a, const void *b)
{
	return id_order(&((const struct key_entry *)a)->key, &((const struct key_entry *)b)->key);
}

/* The key that an entry is wrapped under, from the same file; false when it is not in it. */
static bool key_in_file(struct vouching *v, const struct id *id, uint8_t key[KEY_BYTES])
{
	struct key_entry wanted = {.key = *id};
	if (!v->by_key && unpack_keys(v->file, &v->s->id, index_entry, v) == OK)
		qsort(v->by_key, v->count, sizeof *v->by_key, by_key_id);
	const struct key_entry *e =
		bsearch(&wanted, v->by_key, v->count, sizeof *v->by_key, by_key_id);
	return e && unpack_key(&v->s->id, e->entry, v->s->seal->wrap, key);
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
	v->ok &= have ? unpack_key(&v->s->id, e->entry, under, key) : v->named;
	mem_wipe(under, sizeof under);
	mem_wipe(key, sizeof key);
}

/* ERR_DAMAGED: torn or foreign bytes.  ERR_REFUSED: whole, and of another store.  ERR_NEWER. */
static enum err understand(struct store *s, struct span bytes, struct vouching *v,
			   struct seg_head *head, struct buf *plain)
{
	enum err e;
	switch (pack_kind(bytes)) {
	case FILE_SLOT:
		return slots_vouch(s, bytes);
	case FILE_KEYS:
		e = unpack_keys(bytes, &s->id, vouch, v);
		free(v->by_key);
		return e || v->ok ? e : ERR_DAMAGED;
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
	struct vouching v = {
		.s = s, .t = t, .file = bytes, .named = is_named_after(f, h), .ok = true};
	return understand(s, bytes, &v, head, plain);
}

/* SPDX-License-Identifier: MIT
 *
 * Ways into a book: listed, added, taken away.  What a slot is stands in the store room.
 */
#include "book_impl.h"

#include <linkbook/mem.h>
#include <linkbook/slots.h>

#include <stdlib.h>
#include <string.h>

_Static_assert((int)WAY_PASSPHRASE == SLOT_PASSPHRASE && (int)WAY_CASELOAD == SLOT_STORE &&
		       (int)WAY_OPEN == SLOT_OPEN && (int)WAY_RECOVERY == SLOT_RECOVERY &&
		       (int)WAY_LABEL == SLOT_LABEL,
	       "a way in is a slot's source");
_Static_assert((int)KDF_CALIBRATED == STORE_KDF_CALIBRATED &&
		       (int)KDF_INTERACTIVE == STORE_KDF_INTERACTIVE &&
		       (int)KDF_MODERATE == STORE_KDF_MODERATE &&
		       (int)KDF_SENSITIVE == STORE_KDF_SENSITIVE,
	       "a book's costs are its stores'");

const char *way_name(enum way_in way)
{
	static const char *const names[] = {
		[WAY_PASSPHRASE] = "passphrase",
		[WAY_CASELOAD] = "caseload",
		[WAY_OPEN] = "open",
		[WAY_RECOVERY] = "recovery",
	};
	return names[way];
}

/* --- listing ---------------------------------------------------------------------------- */

static const char label_letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

static bool is_label(const char *label)
{
	return strspn(label, label_letters) == strlen(label) && strlen(label) < WAY_LABEL;
}

struct slot_listing {
	struct book *b;
	struct store *s;
	struct book_slot *v;
	size_t count, cap;
};

static void list_slot(void *arg, const struct store_slot *slot)
{
	struct slot_listing *l = arg;
	l->v = mem_room(l->v, l->count, &l->cap, sizeof *l->v);
	struct book_slot *out = &l->v[l->count++];
	*out = (struct book_slot){
		.store = *store_id(l->s),
		.is_directory = l->s != l->b->stores[0],
		.hash = slot->hash,
		.way = (enum way_in)slot->source,
		.made = slot->made,
		.opened = slot->opened,
		.is_own = slot->source == SLOT_STORE &&
			  id_equal(&slot->other, store_id(l->b->stores[0])),
		.open_access = slot->open_access,
		.within_bounds = slot->within_bounds,
	};
	/* Another version may have let more in; a terminal need not see it. */
	for (size_t i = 0; slot->label[i]; i++)
		out->label[i] = strchr(label_letters, slot->label[i]) ? slot->label[i] : '?';
}

enum err book_slots(struct book *b, struct book_slot **out, size_t *count, struct diag *d)
{
	struct slot_listing l = {.b = b};
	enum err e = OK;
	(void)d;
	for (size_t i = 0; !e && i < b->store_count; i++) {
		l.s = b->stores[i];
		e = store_scan_slots(l.s, list_slot, &l);
	}
	*out = l.v;
	*count = l.count;
	return e;
}

/* --- adding, changing, retiring --------------------------------------------------------- */

static struct store *find_store(struct book *b, const struct id *id)
{
	for (size_t i = 1; id && i < b->store_count; i++)
		if (id_equal(store_id(b->stores[i]), id))
			return b->stores[i];
	return !id || id_equal(store_id(b->stores[0]), id) ? b->stores[0] : NULL;
}

enum err book_add_slot(struct book *b, const struct id *store, const struct way_new *n,
		       struct diag *d)
{
	struct slot_key with = {.source = (enum slot_source)n->way,
				.secret = n->secret,
				.kdf = (enum store_kdf)n->kdf};
	struct store *s = find_store(b, store);
	if (!s) {
		diag_say(d, "There is no such directory in this book.");
		return ERR_ABSENT;
	}
	if (!is_label(n->label)) {
		diag_say(d, "A label has small letters, digits and hyphens, %d at most.",
			 WAY_LABEL - 1);
		return ERR_INPUT;
	}
	if (n->way == WAY_OPEN && s == b->stores[0]) {
		diag_say(d, "A caseload is never open: an open slot is for a directory.");
		return ERR_REFUSED;
	}
	return store_add_slot(s, &with, n->label, d);
}

enum err book_change_passphrase(struct book *b, struct span words, enum book_kdf kdf,
				struct diag *d)
{
	struct slot_key with = {
		.source = SLOT_PASSPHRASE, .secret = words, .kdf = (enum store_kdf)kdf};
	return store_change_passphrase(b->stores[0], &with, b->author, d);
}

static enum err find_slot(struct book *b, const char *hex, struct book_slot *out, struct diag *d)
{
	struct book_slot *v;
	size_t count, found = 0;
	char full[HASH_HEX];
	enum err e = book_slots(b, &v, &count, d);
	for (size_t i = 0; !e && i < count; i++)
		if (!strncmp(hash_to_hex(&v[i].hash, full), hex, strlen(hex))) {
			*out = v[i];
			found++;
		}
	free(v);
	if (e)
		return e;
	if (strlen(hex) < 6 || found > 1)
		diag_say(d, "Give enough digits of the slot to tell it from others, 6 at least.");
	else if (!found)
		diag_say(d, "There is no slot that begins with %.64s; slots list shows them.", hex);
	return strlen(hex) < 6 || found > 1 ? ERR_INPUT : found ? OK : ERR_ABSENT;
}

enum err book_retire_slot(struct book *b, const char *hex, struct diag *d)
{
	struct book_slot slot;
	enum err e = find_slot(b, hex, &slot, d);
	return e ? e : store_retire_slot(find_store(b, &slot.store), &slot.hash, b->author, d);
}

/* --- recovery --------------------------------------------------------------------------- */

void recovery_make(struct seam *seam, struct buf *private_text, struct buf *public_text)
{
	uint8_t public_key[RECOVERY_KEY], private_key[RECOVERY_KEY];
	store_make_pair(seam, public_key, private_key);
	store_say_key(private_key, true, private_text);
	store_say_key(public_key, false, public_text);
	mem_wipe(private_key, sizeof private_key);
}

enum err recovery_read(struct span text, bool is_private, uint8_t key[RECOVERY_KEY], struct diag *d)
{
	return store_read_key(text, is_private, key, d);
}

enum err book_open_by_recovery(struct seam *seam, const char *dir, const uint8_t key[RECOVERY_KEY],
			       const struct terms *terms, struct book **out, struct diag *d)
{
	struct slot_key with = {.source = SLOT_RECOVERY, .secret = {key, RECOVERY_KEY}};
	return open_book(seam, dir, &with, terms, out, d);
}

int64_t book_note_drill(struct book *b)
{
	return store_note_drill(b->stores[0]);
}

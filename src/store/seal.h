/* SPDX-License-Identifier: MIT
 *
 * All cryptography, libsodium's.  Keys live in one guarded arena and nowhere else.
 */
#ifndef STORE_SEAL_H
#define STORE_SEAL_H

#include <linkbook/store.h>

enum { KEY_BYTES = 32, NONCE_BYTES = 24, TAG_BYTES = 16, SEALED_KEY = KEY_BYTES + TAG_BYTES };

enum { SEAL_CACHE = 256 };

/* Allocated by seal_new in guarded memory, wiped by seal_free. */
struct seal {
	uint8_t store_key[KEY_BYTES];
	uint8_t wrap[KEY_BYTES]; /* wraps subject keys */
	uint8_t segment[KEY_BYTES]; /* outer seal of segments */
	uint8_t draft[KEY_BYTES];
	uint8_t shelf[KEY_BYTES]; /* views in LMDB */
	uint8_t slots[KEY_BYTES]; /* slot keys of other stores */
	uint8_t marks[KEY_BYTES]; /* what stands in slots for those who have the store open */
	uint8_t names[KEY_BYTES]; /* what the store and its key are called: seal_store_id */
	struct {
		struct id id;
		uint8_t key[KEY_BYTES];
	} cache[SEAL_CACHE]; /* unwrapped subject and record keys, by id */
};

/* Must be called before anything else here; again is fine. */
void seal_start(void);
struct seal *seal_new(void);
/* Derives the sub-keys from store_key. */
void seal_derive(struct seal *k);
void seal_free(struct seal *k);

/* The ids that a store key gives the store and itself: nobody finds another key that gives the
 * same, so whatever opens can be held against them. */
struct id seal_store_id(const struct seal *k, enum store_kind kind,
			const uint8_t constant[KEY_BYTES]);
struct id seal_key_id(const struct seal *k);

struct hash seal_hash(struct span bytes);
struct hash seal_keyed_hash(const uint8_t key[KEY_BYTES], struct span bytes);

/* XChaCha20-Poly1305: appends nonce and ciphertext to out. */
void seal_bytes(struct seam *seam, const uint8_t key[KEY_BYTES], struct span ad, struct span plain,
		struct buf *out);
/* Reads what seal_bytes wrote; appends the plain text.  False: wrong key, place or bytes. */
bool seal_open(const uint8_t key[KEY_BYTES], struct span ad, struct span sealed, struct buf *plain);

/* Argon2id.  mem_kib and ops must be within seal_kdf_allowed. */
enum err MUST_USE seal_stretch(struct span words, const uint8_t salt[16], uint32_t ops,
			       uint32_t mem_kib, uint8_t key[KEY_BYTES]);
#ifdef LINKBOOK_SIM
/* What words were stretched; with pretend they are not, and every key is zero. */
extern struct seal_work {
	size_t calls;
	uint64_t kib_ops;
	bool pretend;
} seal_work;
#endif
bool seal_kdf_allowed(const struct seam *seam, uint32_t ops, uint32_t mem_kib);
/* Finds the cost for a new slot. */
enum err MUST_USE seal_kdf_choose(struct seam *seam, enum store_kdf kdf, uint32_t *ops,
				  uint32_t *mem_kib);

/* A key for somebody who has the private half of a pair, as crypto_box_seal seals it (80 bytes);
 * its random bytes come through the seam. */
void seal_pair(struct seam *seam, uint8_t public_key[KEY_BYTES], uint8_t private_key[KEY_BYTES]);
/* False: no public key. */
bool MUST_USE seal_box(struct seam *seam, const uint8_t public_key[KEY_BYTES],
		       const uint8_t key[KEY_BYTES], uint8_t box[80]);
bool seal_box_open(const uint8_t box[80], const uint8_t private_key[KEY_BYTES],
		   uint8_t key[KEY_BYTES]);
/* The public half. */
void seal_public(const uint8_t private_key[KEY_BYTES], uint8_t public_key[KEY_BYTES]);

/* Grows n to a size that says little about it (docs/format.md, padding). */
size_t seal_padded(size_t n);

#endif

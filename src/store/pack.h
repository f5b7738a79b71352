/* SPDX-License-Identifier: MIT
 *
 * The bytes of the files, written and read; docs/format.md is their description.  Nothing here
 * touches the disk.  Readers check magic, bounds, seal and grammar in this order and take
 * nothing of a file that fails any of them.
 */
#ifndef STORE_PACK_H
#define STORE_PACK_H

#include "seal.h"

enum file_kind { FILE_SLOT = 1, FILE_KEYS = 2, FILE_SEGMENT = 3, FILE_DRAFT = 4 };

enum {
	PACK_MAGIC = 8,
	PACK_SLOT_MOST = 4096,
	PACK_FILE_MOST = 8 << 20, /* keys, segments, drafts */
	PACK_CONTENT_MOST = 4 << 20, /* of a segment, before padding */
	PACK_KEYS_MOST = 20000, /* entries in a key file */
};

/* What the first bytes say a file is; 0 for none of ours. */
int pack_kind(struct span bytes);

/* --- slots --- */
enum { SLOT_BOX = 80 }; /* a key, as crypto_box_seal seals it */
struct slot {
	enum slot_source source;
	enum store_kind kind;
	uint8_t alg; /* unpack_slot: as the file has it */
	struct id store, other, key_id;
	uint8_t constant[KEY_BYTES]; /* keys the change ids of the store */
	uint32_t ops, mem_kib;
	uint8_t salt[16];
	uint8_t public_key[KEY_BYTES], box[SLOT_BOX]; /* SLOT_RECOVERY: to whom the slot key went */
};
/* What only somebody who has the store open can read and write. */
struct slot_mark {
	bool open_access; /* whoever opens with it may read and add only */
	int64_t made; /* ms */
	char label[SLOT_LABEL]; /* padded with zeros */
};
/* Seals the store key under slot_key, and the mark under its sub-key. */
void pack_slot(struct seam *seam, const struct slot *slot, const struct slot_mark *mark,
	       const uint8_t slot_key[KEY_BYTES], const struct seal *seal, struct buf *out);
/* The clear head.  ERR_NEWER for a magic or a source of a later version. */
enum err MUST_USE unpack_slot(struct span bytes, struct slot *out);
/* Checks the commitment and opens.  False: another key.  bytes: as unpack_slot took them. */
bool unpack_slot_key(struct span bytes, const struct slot *slot, const uint8_t slot_key[KEY_BYTES],
		     uint8_t store_key[KEY_BYTES]);
/* False: nobody who had this store open wrote these bytes. */
bool unpack_slot_mark(struct span bytes, const uint8_t marks[KEY_BYTES], struct slot_mark *out);
/* Whether a file of n bytes may be a slot: spares a look at large ones. */
bool pack_is_slot_size(size_t n);

/* --- orders: what a segment says to the store itself (an entry with the zero key) --- */
enum { ORDER_RETIRE = 1, AUTHOR_MOST = 120 };
struct retirement {
	struct hash id; /* store_hash of the bytes; not part of them */
	struct hash slot, keeper; /* what is retired; the slot that its maker relied on */
	bool changed; /* by a change of the passphrase: the keeper is its successor */
	int64_t stamp;
	struct span author;
	struct span seen; /* ids of the newest retirements that its maker knew, one after another */
};
void pack_retirement(const struct retirement *r, struct buf *out);
/* Spans point into bytes. */
bool unpack_retirement(struct span bytes, struct retirement *out);
/* False: an order that this version should understand, and its grammar is wrong. */
bool pack_order_fits(struct span bytes);

/* --- keys --- */
enum { KEY_ENTRY = 1 + 16 + 16 + 16 + 16 + NONCE_BYTES + SEALED_KEY };
struct key_entry {
	struct id key, subject, record, under; /* record zero: the subject's own key */
	struct span entry; /* KEY_ENTRY bytes */
};
void pack_keys_start(const struct id *store, struct buf *out);
/* After the last entry: a hash over all, which says that nothing is missing. */
void pack_keys_end(struct buf *out);
/* Appends an entry that wraps key under another. */
void pack_key(struct seam *seam, const struct id *store, const struct key_entry *e,
	      const uint8_t key[KEY_BYTES], const uint8_t under[KEY_BYTES], struct buf *out);
/* Calls each entry; ERR_DAMAGED when the grammar is wrong. */
typedef void pack_each_key(void *arg, const struct key_entry *e);
enum err MUST_USE unpack_keys(struct span bytes, const struct id *store, pack_each_key *each,
			      void *arg);
void unpack_key_entry(struct span entry, struct key_entry *out);
bool unpack_key(const struct id *store, struct span entry, const uint8_t under[KEY_BYTES],
		uint8_t key[KEY_BYTES]);

/* --- drafts known: which contents of a draft a change finishes --- */
struct cover {
	struct id writer;
	uint64_t number; /* all up to this one */
};

/* --- segments --- */
struct seg_entry {
	struct id subject, record, key;
	struct hash id;
	struct span drafts; /* draft id and covers, or nothing */
	struct span sealed; /* key zero: an order, in clear under the outer seal */
};
struct seg_head {
	struct id load; /* zero: on its own */
	uint32_t number, count;
};
/* Appends an order's entry; its id is id. */
void pack_order(const struct id *store, const struct hash *id, struct span order,
		struct buf *content);
/* Appends one entry's bytes to a segment's content. */
void pack_entry(struct seam *seam, const struct id *store, struct seg_entry *e,
		const uint8_t key[KEY_BYTES], struct span change, struct buf *content);
void pack_segment(struct seam *seam, const struct id *store, const struct id *store_key,
		  const uint8_t key[KEY_BYTES], const struct seg_head *head, uint32_t entries,
		  struct span content, struct buf *out);
/* Opens the outer seal: the head, and in plain (a secret buf) the entries. */
enum err MUST_USE unpack_segment(struct span bytes, const struct id *store,
				 const struct id *store_key, const uint8_t key[KEY_BYTES],
				 struct seg_head *head, struct buf *plain);
/* The next entry off the front; false at the end or when the rest is no entry (rest->n then). */
bool unpack_entry(struct reader *rest, struct seg_entry *out);

/* An entry as it lies in LMDB, and back. */
void pack_shelf_change(const struct seg_entry *e, struct buf *out);
bool unpack_shelf_change(struct span key, struct span value, struct seg_entry *out);
/* Appends the change; false: wrong key, or not where it was written for. */
bool unpack_change(const struct id *store, const struct seg_entry *e, const uint8_t key[KEY_BYTES],
		   struct buf *change);

/* --- drafts --- */
struct draft_file {
	struct id draft, writer;
	uint64_t number;
	int64_t stamp;
	struct cover *covers; /* of earlier writers whose content this one went on from */
	size_t cover_count;
	struct span content;
};
void pack_draft(struct seam *seam, const struct id *store, const struct id *store_key,
		const uint8_t key[KEY_BYTES], const struct draft_file *d, struct buf *out);
/* content points into plain; the caller frees covers. */
enum err MUST_USE unpack_draft(struct span bytes, const struct id *store,
			       const struct id *store_key, const uint8_t key[KEY_BYTES],
			       struct buf *plain, struct draft_file *out);
void pack_covers(const struct id *draft, const struct cover *v, size_t n, struct buf *out);
/* Calls each cover in drafts bytes of an entry; false when they are no covers. */
typedef void pack_each_cover(void *arg, const struct id *draft, const struct cover *c);
bool unpack_covers(struct span drafts, pack_each_cover *each, void *arg);

/* --- places: the associated data of views --- */
void pack_view_place(const struct id *store, const char *type, const struct id *subject,
		     const struct id *record, struct buf *out);

#endif

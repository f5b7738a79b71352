/* SPDX-License-Identifier: MIT
 *
 * What the files of this room share: the open store.
 *
 *   folder.c   the files: listing, reading by content, writing under their hash
 *   shelf.c    LMDB          pack*.c  bytes        seal.c  cryptography
 *   keys.c     subject and record keys, found and made
 *   takein.c   from files to LMDB, folding what was touched
 *   save.c     from envelopes to files, then as takein
 *   drafts.c   unfinished text     scan.c  reading     check.c  comparing everything
 *   unfinished.c  what an interrupted making leaves
 */
#ifndef STORE_IMPL_H
#define STORE_IMPL_H

#include "pack.h"
#include "shelf.h"

/* A draft that this run wrote or resumed. */
struct own_draft {
	struct id draft;
	struct cover *covers; /* what a change that finishes it covers; [0] is this run's */
	size_t cover_count;
	char *file; /* the last one written, path */
};

struct store {
	struct seam *seam;
	const struct store_folder *folder;
	char *path, *state; /* the folder; its LMDB's */
	int lock, state_lock;
	struct id id, key_id, writer;
	uint8_t constant[KEY_BYTES];
	struct seal *seal;
	struct shelf shelf;
	bool behind; /* files hold more than LMDB: catch up before reading */
	size_t trouble;
	struct own_draft *drafts;
	size_t draft_count;
	uint64_t draft_number;
	int64_t unlock_ms, take_in_ms;
};

/* --- folder.c --- */
struct found_file {
	char *path; /* whole path */
	struct hash name; /* what its name says */
	bool named; /* the name is a hash with the right ending, in the right folder */
	uint64_t size;
};
struct found {
	struct found_file *v;
	size_t count, cap;
};
/* Lists slots, keys and log; sweeps away part files of an interrupted run of ours. */
enum err MUST_USE folder_list(struct store *s, struct found *out, struct diag *d);
void found_free(struct found *f);
/* The path under which a file of a kind and hash belongs; the caller frees. */
char *folder_path(const struct store *s, enum file_kind kind, const struct hash *h);
/* Writes a file under its hash, durable; gives out the hash. */
enum err MUST_USE folder_write(struct store *s, enum file_kind kind, struct span bytes,
			       struct hash *h, struct diag *d);
enum err MUST_USE folder_make(struct seam *seam, const char *path, struct diag *d);
/* $XDG_STATE_HOME/linkbook/<store id>-<hash of the real path>; the caller frees. */
char *folder_state(const struct id *store, const char *path);
/* Takes the locks and says who has them otherwise. */
enum err MUST_USE folder_lock(struct store *s, struct diag *d);
void folder_unlock(struct store *s);

/* --- keys.c --- */
/* The bytes of a key by its id, from the cache or unwrapped; false when it is not here.
 * Borrowed until the next call. */
const uint8_t *keys_find(struct store *s, struct txn *t, const struct id *key);
/* A key for a subject (record NULL) or record that is here already; false when none. */
bool keys_of(struct store *s, struct txn *t, const struct id *subject, const struct id *record,
	     struct id *key);
/* Draws a new one and appends its entry to a key file in the making; it is usable at once. */
struct id keys_make(struct store *s, const struct id *subject, const struct id *record,
		    const struct id *under, const uint8_t *under_key, struct buf *file);
void keys_note(struct txn *t, struct span entry);

/* --- takein.c --- */
/* Files to LMDB: takes in what it lacks, makes whole what is torn or gone. */
enum err MUST_USE takein_all(struct store *s, struct diag *d);
/* One file's bytes that are on disk under hash h already. */
struct taking {
	struct store *s;
	struct touched { /* records to fold again */
		struct id subject, record;
	} * touched;
	size_t touched_count, touched_cap;
};
void takein_keys(struct taking *k, struct txn *t, const struct hash *h, struct span bytes);
void takein_segment(struct taking *k, struct txn *t, const struct hash *h, struct span bytes,
		    const struct seg_head *head, struct span entries);
void takein_fold(struct taking *k, struct txn *t);
void taking_fini(struct taking *k);

/* --- store.c --- */
/* Opens LMDB anew and catches up when a save could not reach it. */
enum err MUST_USE store_catch_up(struct store *s, struct diag *d);

/* --- drafts.c --- */
/* The covers with which a change finishes a draft of this run; nothing for the zero id. */
void drafts_covers(struct store *s, const struct id *draft, struct buf *out);
/* Removes the contents that this run finished; failing is no harm (they are known finished). */
void drafts_finished(struct store *s, const struct id *draft);
void drafts_forget(struct store *s);

/* --- shared small things --- */
struct record_key {
	uint8_t b[32];
};
struct record_key record_key(const struct id *subject, const struct id *record);
/* DB_FILE's value: a byte of kind, then the bytes. */
void file_value(enum file_kind kind, struct span bytes, struct buf *out);
/* Folds all changes of a record that are in LMDB; false when there are none. */
bool fold_from_shelf(struct store *s, struct txn *t, const struct id *subject,
		     const struct id *record, char type[65], struct buf *view);
/* Decrypts every change of a record in LMDB and lends it; `bad` counts what did not open. */
void each_shelf_change(struct store *s, struct txn *t, const struct id *subject,
		       const struct id *record, store_each_change *each, void *arg, size_t *bad);

#endif

/* SPDX-License-Identifier: MIT
 *
 * A store: a folder of immutable sealed files, named by their content, that any copying tool
 * may copy, and beside it (in the state folder, never copied) an LMDB that holds the same in a
 * form to work with.  The files are the truth; LMDB can always be made again from them.
 *
 *	<store>/slots/<hash>.slot   keys/<x>/<hash>.keys   log/<x>/<hash>.seg
 *	        drafts/<draft id>-<hash>.draft
 *	$XDG_STATE_HOME/linkbook/<store id>-<hash of its real path>/data.mdb
 *
 * A store knows no record type.  It gets from above an envelope (whose, which record, which
 * draft it finishes) and bytes, and a callback that folds the changes of one record into a
 * view; it gives out change ids (store_hash).  docs/format.md fixes every byte.
 *
 * Bytes lent to a callback die when it returns.  One store, one process: store_open takes a
 * lock on the folder and on the state folder.
 */
#ifndef LINKBOOK_STORE_H
#define LINKBOOK_STORE_H

#include <stdbool.h>
#include <linkbook/buf.h>
#include <linkbook/err.h>
#include <linkbook/id.h>
#include <linkbook/seam.h>

struct store;

/* What a slot is opened with. */
enum slot_source {
	SLOT_PASSPHRASE = 1, /* words, stretched by Argon2id */
	SLOT_STORE = 2, /* a key of 32 bytes that another store derives (store_derive) */
};
enum store_kdf {
	STORE_KDF_CALIBRATED,
	STORE_KDF_INTERACTIVE,
	STORE_KDF_MODERATE,
	STORE_KDF_SENSITIVE
};
struct slot_key {
	enum slot_source source;
	struct span secret; /* borrowed for the call */
	enum store_kdf kdf; /* store_create, SLOT_PASSPHRASE */
	struct id other; /* SLOT_STORE: the store that derives it */
};

/* One change of a record, as the fold sees it. */
struct store_change {
	struct hash id;
	struct span bytes;
};
struct store_folder {
	/* Folds count changes into view and names the record's type (at most 64 bytes). */
	void (*fold)(void *arg, const struct id *subject, const struct id *record,
		     const struct store_change *v, size_t count, char type[65], struct buf *view);
	void *arg;
};

/* One change to be saved. */
struct envelope {
	struct id subject, record;
	bool own_key; /* the record has a key of its own, wrapped under its subject's */
	struct id draft; /* finished by this change; zero: none */
	struct hash id; /* store_hash(bytes) */
	struct span bytes;
};

/* Makes a store in path (made with its parents; must not hold a file yet) with one slot.
 * id zero: one is drawn and given out; else that one is taken (a directory is keyed by it). */
enum err MUST_USE store_create(struct seam *seam, const char *path, const struct slot_key *with,
			       struct id *id, struct diag *d);
/* True when path has a folder of slots. */
bool store_is_there(const char *path);
/* True when no file is in the store's folders, or they are not there: an interrupted making, or
 * nothing. */
bool store_is_bare(const char *path);
/* True when there is no more in them than an interrupted making leaves: no segment and no draft,
 * one slot and one key file at most. */
bool store_is_unfinished(const char *path);
/* Removes those, so that it can be made anew.  ERR_REFUSED when there is more. */
enum err MUST_USE store_clear_unfinished(struct seam *seam, const char *path, struct diag *d);
/* The id in the clear header of a slot file; ERR_ABSENT when no slot can be read. */
enum err MUST_USE store_read_id(struct seam *seam, const char *path, struct id *id);

/* Opens and catches up with the files.  folder is borrowed until store_close.  Errors as
 * book_open; OK with sentences in d: open, and something is to be told. */
enum err MUST_USE store_open(struct seam *seam, const char *path, const struct slot_key *with,
			     const struct store_folder *folder, struct store **out, struct diag *d);
/* Wipes the keys.  NULL is fine. */
void store_close(struct store *s);

const struct id *store_id(const struct store *s);
const char *store_path(const struct store *s);
/* Files that could not be used. */
size_t store_trouble(const struct store *s);
/* The key with which `other` has a slot for this store; 32 bytes, the caller wipes. */
void store_derive(const struct store *s, const struct id *other, uint8_t key[32]);
/* The id of a change: BLAKE2b-256 keyed with the store's constant. */
struct hash store_hash(const struct store *s, struct span bytes);
/* BLAKE2b-256 without a key; for ids from names. */
struct hash store_plain_hash(struct span bytes);

/* Saves count changes as one step: after OK they survive power loss.  ERR_FULL, ERR_IO: not
 * saved, nothing changed. */
enum err MUST_USE store_save(struct store *s, const struct envelope *v, size_t count,
			     struct diag *d);

/* Reading.  A callback answers false to stop. */
typedef bool store_each_view(void *arg, const struct id *subject, const struct id *record,
			     struct span view);
/* All views of a type in key order; subject NULL: of everybody. */
enum err MUST_USE store_scan_views(struct store *s, const char *type, const struct id *subject,
				   store_each_view *each, void *arg);
enum err MUST_USE store_get_view(struct store *s, const char *type, const struct id *subject,
				 const struct id *record, struct buf *view);
typedef bool store_each_change(void *arg, const struct store_change *change);
enum err MUST_USE store_scan_changes(struct store *s, const struct id *subject,
				     const struct id *record, store_each_change *each, void *arg);
/* Finds records whose id starts with n bytes and (if odd) a nibble: calls each until false. */
typedef bool store_each_record(void *arg, const struct id *record, const struct id *subject,
			       const char *type);
enum err MUST_USE store_scan_records(struct store *s, const char *hex_prefix,
				     store_each_record *each, void *arg);

/* Every record under a subject, of whatever type, in id order. */
enum err MUST_USE store_scan_file(struct store *s, const struct id *subject,
				  store_each_record *each, void *arg);

/* Drafts: sealed unfinished text. */
enum err MUST_USE store_keep_draft(struct store *s, const struct id *draft, struct span content,
				   struct diag *d);
enum err MUST_USE store_drop_draft(struct store *s, const struct id *draft, struct diag *d);
typedef void store_each_draft(void *arg, const struct id *draft, int64_t stamp,
			      struct span content);
/* Each unfinished content; several of one draft when two copies went on with it. */
enum err MUST_USE store_scan_drafts(struct store *s, store_each_draft *each, void *arg,
				    struct diag *d);

struct store_hashes {
	struct hash changes, view;
	size_t change_count, subjects, subjects_read; /* the store's own subject not counted */
};
enum err MUST_USE store_view_hash(struct store *s, struct store_hashes *out, struct diag *d);

/* Every file, seal, key, change and view against each other; a sentence a finding. */
enum err MUST_USE store_check(struct store *s, struct diag *d);
/* LMDB made anew from the files. */
enum err MUST_USE store_rebuild(struct store *s, struct diag *d);

struct store_stats {
	size_t changes, files;
	uint64_t file_bytes, shelf_bytes;
	int64_t unlock_ms, take_in_ms;
};
enum err MUST_USE store_stats(struct store *s, struct store_stats *out);

#endif

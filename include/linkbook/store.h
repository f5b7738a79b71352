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

/* What a store is for.  Its id vouches for it: a caseload cannot be passed off as a directory. */
enum store_kind { OF_CASELOAD = 1, OF_DIRECTORY = 2 };

/* What a slot is opened with. */
enum slot_source {
	SLOT_PASSPHRASE = 1, /* words, stretched by Argon2id */
	SLOT_STORE = 2, /* a key of 32 bytes that another store derives (store_derive) */
	SLOT_OPEN = 3, /* no secret: whoever has the files may read and add */
	SLOT_RECOVERY = 4, /* a key pair: made with its public half, opened with the private one */
};
enum { SLOT_LABEL = 32 }; /* bytes, the NUL among them */
enum store_kdf {
	STORE_KDF_CALIBRATED,
	STORE_KDF_INTERACTIVE,
	STORE_KDF_MODERATE,
	STORE_KDF_SENSITIVE
};
struct slot_key {
	enum slot_source source;
	struct span secret; /* words, or 32 bytes; SLOT_OPEN: none.  Borrowed for the call */
	enum store_kdf kdf; /* SLOT_PASSPHRASE, when a slot is made */
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
	/* How many of those folded last were built on changes that are not here; NULL: none. */
	size_t (*beside)(void *arg);
};

/* One change to be saved. */
struct envelope {
	struct id subject, record;
	bool own_key; /* the record has a key of its own, wrapped under its subject's */
	struct id draft; /* finished by this change; zero: none */
	struct hash id; /* store_hash(bytes) */
	struct span bytes;
};

/* A store that is to be made.  Its id follows from its keys, which are drawn here; it is good for
 * store_id, store_create and store_close (which is due) only. */
struct store *store_draw(struct seam *seam, enum store_kind kind);
/* Makes it in path (made with its parents; must not hold a file yet) with one slot. */
enum err MUST_USE store_create(struct store *drawn, const char *path, const struct slot_key *with,
			       struct diag *d);
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
/* Whose store it is, without a key: what its slots say, and where they contradict each other
 * (another book's slot was copied in) what most of its files say.  ERR_ABSENT when nothing says
 * it; ERR_NEWER when only slots of a newer version are there. */
enum err MUST_USE store_read_id(struct seam *seam, const char *path, struct id *id);
/* The sources of the slots that this store has in path, a bit (1 << source) each. */
unsigned store_read_sources(struct seam *seam, const char *path);
/* Whether a slot in path opens with this key, and what the store is; nothing is written.
 * ERR_UNLOCK: none does. */
enum err MUST_USE store_try(struct seam *seam, const char *path, const struct slot_key *with,
			    enum store_kind *kind, struct diag *d);
/* Copies what files of a store are in `from` and not in `to` (made with its parents), each read
 * whole, held against its name and written durable; slots come last.  `from` is left as it is. */
enum err MUST_USE store_copy(struct seam *seam, const char *from, const char *to, struct diag *d);

/* Opens and catches up with the files.  folder is borrowed until store_close.  Errors as
 * book_open; OK with sentences in d: open, and something is to be told. */
enum err MUST_USE store_open(struct seam *seam, const char *path, const struct slot_key *with,
			     const struct store_folder *folder, struct store **out, struct diag *d);
/* Wipes the keys.  NULL is fine. */
void store_close(struct store *s);

/* --- slots: each a file; what opens with any of them is the same --- */
struct store_slot {
	struct hash hash; /* of the file: its name */
	enum slot_source source;
	struct id other; /* SLOT_STORE: the store that derives the key */
	char label[SLOT_LABEL];
	int64_t made; /* ms */
	bool opened; /* this session opened with it */
	bool open_access; /* may read and add, no more */
	bool within_bounds; /* the work it asks for; one beyond is never tried */
};
/* Every slot that opens this store, oldest first. */
typedef void store_each_slot(void *arg, const struct store_slot *slot);
enum err MUST_USE store_scan_slots(struct store *s, store_each_slot *each, void *arg);
/* Adds a slot; after OK it lasts.  label: at most SLOT_LABEL - 1 bytes, or "".  A slot that is
 * added by somebody who may read and add only lets nobody do more. */
enum err MUST_USE store_add_slot(struct store *s, const struct slot_key *with, const char *label,
				 struct diag *d);
/* Takes a slot away, here and wherever a copy brings it back.  author: who says so.
 * ERR_REFUSED when no slot would be left that opens the store with a passphrase (or, of a
 * directory, by another store), or through an open slot.  ERR_ABSENT: there is no such slot. */
enum err MUST_USE store_retire_slot(struct store *s, const struct hash *slot, const char *author,
				    struct diag *d);
/* A new passphrase in place of the one that this session opened with.  When it fails half way
 * both open the store, and d says so. */
enum err MUST_USE store_change_passphrase(struct store *s, const struct slot_key *with,
					  const char *author, struct diag *d);
/* The session came in through an open slot: it may read and add. */
bool store_is_open_access(const struct store *s);
enum slot_source store_opened_with(const struct store *s);
/* Notes that the recovery key opened the store just now; gives out when it last did on this
 * machine (ms), 0 for never. */
int64_t store_note_drill(struct store *s);

/* A key pair for recovery, and its halves as lines that can be printed and typed again. */
void store_make_pair(struct seam *seam, uint8_t public_key[32], uint8_t private_key[32]);
void store_say_key(const uint8_t key[32], bool is_private, struct buf *out);
enum err MUST_USE store_read_key(struct span text, bool is_private, uint8_t key[32],
				 struct diag *d);

const struct id *store_id(const struct store *s);
enum store_kind store_kind(const struct store *s);
/* As long as it stays the same (and is not 0), scans give out the same.  0: something waits to be
 * taken in. */
uint64_t store_version(const struct store *s);
/* Files that could not be used. */
size_t store_trouble(const struct store *s);
/* The key with which `other` has a slot for this store; 32 bytes, the caller wipes. */
void store_derive(const struct store *s, const struct id *other, uint8_t key[32]);
/* The id of a change: BLAKE2b-256 keyed with the store's constant. */
struct hash store_hash(const struct store *s, struct span bytes);
/* BLAKE2b-256 without a key; for ids from names. */
struct hash store_plain_hash(struct span bytes);

/* Saves count changes as one step: after OK they survive power loss.  ERR_FULL, ERR_IO: not
 * saved, nothing changed; should a dying disk bring the step back all the same, it is the step
 * that the writer tries again, with the same ids. */
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
/* begun: it is the content that this run goes on from, or wrote; of several of one draft only that
 * one is finished with it. */
typedef void store_each_draft(void *arg, const struct id *draft, int64_t stamp, struct span content,
			      bool begun);
/* Changes saved in s, until it is closed, finish drafts that lie in `drafts`, which outlives it. */
void store_finish_drafts_of(struct store *s, struct store *drafts);
/* Each unfinished content; several of one draft when two copies went on with it. */
enum err MUST_USE store_scan_drafts(struct store *s, store_each_draft *each, void *arg,
				    struct diag *d);

struct store_hashes {
	struct hash changes, view;
	size_t change_count, subjects, subjects_read; /* the store's own subject not counted */
};
enum err MUST_USE store_view_hash(struct store *s, struct store_hashes *out, struct diag *d);

/* Every record that has changes which were built on some that are not here. */
typedef bool store_each_gap(void *arg, const struct id *subject, const struct id *record);
enum err MUST_USE store_scan_beside(struct store *s, store_each_gap *each, void *arg);

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

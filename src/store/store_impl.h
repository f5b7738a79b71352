/* SPDX-License-Identifier: MIT
 *
 * What the files of this room share: the open store.
 *
 *   folder.c   the files: listing, reading by content, writing under their hash
 *   shelf.c    LMDB          pack*.c  bytes        seal.c  cryptography
 *   keys.c     subject and record keys, found and made
 *   incoming.c the files that came: known, whole, ours; and those to write again
 *   takein.c   from their bytes to LMDB, folding what was touched
 *   save.c     from envelopes to files, then as takein
 *   drafts.c   unfinished text     scan.c  reading     check.c  comparing everything
 *   unfinished.c  what an interrupted making leaves
 *   suspect.c  when LMDB may be damaged (child.c, audit.c: a child reads all of it first)
 *   views.c    views put in place      recognise.c  what a file is      gaps.c  what is missing
 *   unlock.c   whose store it is, and which slot opens it
 *   slots.c    slots listed, made, retired     standing.c  which retirements count
 *   settle.c   retired slots removed, wherever they turn up
 *   recovery.c keys on paper       copy.c  a store's files brought to another place
 */
#ifndef STORE_IMPL_H
#define STORE_IMPL_H

#include "pack.h"
#include "shelf.h"

/* What LMDB is found at odds with; all zero but the last two: it says what its files say. */
struct audit {
	size_t disorder; /* databases out of order */
	size_t files, keys, changes, views; /* not what the files say */
	size_t unopened; /* changes whose seal no key opens: as they came */
};

/* What others have written about and is not here. */
struct gaps {
	size_t loads, pieces_here, pieces; /* bulk loads that lack pieces; of the first */
	size_t waiting; /* changes whose key is not here */
	size_t beside; /* changes that were built on some that are not here */
};

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
	struct hash slot; /* opened with */

	enum slot_source source;
	enum store_kind kind;
	bool open_access;
	uint8_t constant[KEY_BYTES];
	struct seal *seal;
	struct shelf shelf;
	struct undecided { /* files that may be there and should not, in the order they go */
		enum file_kind kind;
		struct hash hash;
	} * undecided;
	size_t undecided_count, undecided_cap;
	bool behind; /* files hold more than LMDB: catch up before reading */
	bool doubt; /* LMDB is suspect, and there were no keys yet to hold it against its files */
	bool thorough; /* taking in hashes files that LMDB knows, too */
	bool unwritten; /* LMDB holds files that could not be written to the folder */
	bool remade; /* LMDB was thrown away and made anew */
	struct audit audit; /* as last looked over */
	struct gaps gaps; /* as of the last taking in */
	size_t trouble;
	size_t forged; /* slots met at unlocking */
	struct store *drafts_of; /* whose drafts its changes finish: its own, or the caseload's */
	struct store **finishers; /* the others whose changes finish drafts of this one */
	size_t finisher_count;
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
/* Lists slots, keys and log; sweeps away part files of an interrupted run of ours, unless the
 * store is not locked by us. */
enum err MUST_USE folder_list(struct store *s, struct found *out, struct diag *d);
void found_free(struct found *f);
/* When a file cannot be read: it is not that one file.  Nothing can be just now, and nothing
 * follows from that. */
bool folder_is_out_of_reach(const struct store *s);
/* The path under which a file of a kind and hash belongs; the caller frees. */
char *folder_path(const struct store *s, enum file_kind kind, const struct hash *h);
/* Writes a file under its hash, durable; gives out the hash. */
enum err MUST_USE folder_write(struct store *s, enum file_kind kind, struct span bytes,
			       struct hash *h, struct diag *d);
/* Takes a file away again that folder_write could not write, or had written.  false: it may still
 * be there, or come back when the power fails.  Then it is undecided: nobody takes it in, and
 * nothing more is written until the disk has let go of it. */
bool folder_unwrite(struct store *s, enum file_kind kind, const struct hash *h);
/* Tries once more; whether all of it is decided. */
bool folder_decide(struct store *s);
bool folder_is_undecided(const struct store *s, const struct hash *h);
/* Before something is written: ERR_IO when something else is undecided. */
enum err MUST_USE folder_may_write(struct store *s, struct diag *d);
/* The folder of a file that is to be written, made if a copying tool left it out. */
enum err MUST_USE folder_for(struct seam *seam, const char *file, struct diag *d);
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
/* Where LMDB has an entry: its key id, then the half of its hash. */
void keys_place(struct span entry, uint8_t place[32]);

/* --- unlock.c --- */
enum { UNLOCK_STORES = 4 };
/* Whose store a folder may be, the likeliest first: others only where slots and files of another
 * book were copied in, so that what opens decides. */
enum err MUST_USE unlock_find(struct seam *seam, const char *path, struct id ids[UNLOCK_STORES],
			      size_t *count);
/* Finds a slot that opens: in the folder or in LMDB (a torn one).  again: leave out those that
 * are retired as far as LMDB knows.  Without LMDB and lock only the folder is looked at. */
enum err MUST_USE unlock_store(struct store *s, const struct slot_key *with, bool again,
			       struct diag *d);

/* Of slots that opened with a key that is not this store's. */
void unlock_say_forged(const struct store *s, size_t n, struct diag *d);

/* --- standing.c --- */
/* Which retirements count: a pure function of the set of them, on every copy the same. */
struct standing {
	struct standing_one {
		struct retirement r; /* spans point into bytes */
		bool counts;
		bool is_void;
		bool on_circle; /* not void, and does not count for that */
		ptrdiff_t slot, keeper; /* numbers of retired slots; keeper -1: it is not retired */
		size_t first; /* in seen, of what its maker knew */
		size_t named; /* by how many */
		size_t age; /* place in order */
	} * v; /* by id */
	size_t count;
	struct by_slot *sorted;
	size_t *seen, seen_count, *order, ordered; /* order: newest first */
	size_t work; /* steps taken */
	struct buf bytes;
};
void standing_find(struct standing *st, struct txn *t);
/* The retirement of a slot that counts; NULL: the slot stays. */
const struct retirement *standing_of(const struct standing *st, const struct hash *slot);
/* Nobody who retired something since knew it. */
bool standing_is_newest(const struct standing *st, size_t i);
/* Two who gave a new passphrase in place of one slot did not know of each other, and both of
 * theirs stay. */
typedef bool standing_stays(void *arg, const struct hash *slot);
bool standing_changed_twice(struct standing *st, standing_stays *stays, void *arg);
void standing_fini(struct standing *st);

/* --- slots.c --- */
struct slot_list {
	struct store *s;
	struct store_slot *v; /* oldest first; the caller frees */
	size_t count, cap;
};
/* Work of a transaction: fills a slot_list with the slots that LMDB holds. */
enum err MUST_USE slots_list(void *arg, struct txn *t, struct diag *d);
/* Somebody can rely on it: it opens the store, and does not only let them add. */
bool slots_can_keep(const struct store_slot *slot);

/* Is a slot of this store, by its mark: ERR_DAMAGED, ERR_NEWER, ERR_REFUSED (another store's). */
enum err MUST_USE slots_vouch(const struct store *s, struct span bytes);
/* Writes the first slot of a store that has s->seal and ids already. */
enum err MUST_USE slots_write(struct store *s, const struct slot_key *with, const char *label,
			      struct hash *h, struct buf *bytes, struct diag *d);
void slots_take_order(struct store *s, struct txn *t, const struct seg_entry *e);
/* The slot key that with makes of a slot; ERR_UNLOCK: with is for another. */
enum err MUST_USE slots_key(const struct slot *slot, const struct slot_key *with,
			    uint8_t key[KEY_BYTES]);
/* Whether LMDB holds a slot: it does as long as the slot stays. */
bool slots_is_here(struct txn *t, const struct hash *slot);

/* --- settle.c --- */
/* Sentences and files after a taking in: what is retired goes from the folder and from LMDB,
 * whatever its name, as long as a slot is here that stays. */
enum err MUST_USE slots_settle(struct store *s, const struct found *found, struct diag *d);

/* --- takein.c --- */
/* LMDB's copy of a file. */
void takein_file(struct txn *t, const struct hash *h, enum file_kind kind, struct span bytes);
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
/* In views.c: folds what was touched. */
/* Moves to the changes what waited for a key and can be opened by now. */
void takein_wake(struct taking *k, struct txn *t);
void takein_fold(struct taking *k, struct txn *t);
void taking_fini(struct taking *k);

/* --- recognise.c --- */
/* Reads a file's bytes, whose hash is h.  ERR_DAMAGED: torn or foreign bytes.  ERR_REFUSED:
 * whole, and of another store.  ERR_NEWER.  Of a segment head and entries (a secret buf). */
enum err MUST_USE recognise_file(struct store *s, struct txn *t, const struct found_file *f,
				 struct span bytes, const struct hash *h, struct seg_head *head,
				 struct buf *plain);

/* --- gaps.c --- */
/* Counts what is missing, and says it. */
enum err MUST_USE gaps_find(struct store *s, struct gaps *out, struct diag *d);
void gaps_say(const struct gaps *g, struct diag *d);
/* A save of several pieces begins; all of them are here.  One that was begun and did not come to
 * that end has no gaps: it was never said to be saved. */
void gaps_begin_load(struct txn *t, const struct id *load);
void gaps_end_load(struct txn *t, const struct id *load);
/* Names the first few. */
enum err MUST_USE gaps_name(struct store *s, struct diag *d);

/* --- audit.c --- */
/* Before the store is unlocked only the order of LMDB and the hashes of the files. */
void audit_shelf(struct store *s, struct txn *t, struct audit *out);
bool audit_is_well(const struct audit *a);

/* --- suspect.c --- */
/* Takes the mark away that the last one to leave in order left; true: LMDB is suspect. */
bool suspect_take_mark(struct store *s);
void suspect_leave_mark(struct store *s);
/* A child reads all of LMDB, which must not be open here; s->audit is what it found. */
enum err MUST_USE suspect_look_over(struct store *s, bool *sound, struct diag *d);
/* Removes LMDB, after writing out the files that only it has.  Not OK: it is still there. */
enum err MUST_USE suspect_discard(struct store *s, struct diag *d);
void suspect_remove(struct store *s);

/* --- store.c --- */
/* Opens LMDB anew and catches up when a save could not reach it. */
enum err MUST_USE store_catch_up(struct store *s, struct diag *d);
/* The same, after a child has read all of LMDB: s->audit, s->remade. */
enum err MUST_USE store_look_over(struct store *s, struct diag *d);

/* --- drafts.c --- */
/* The covers with which a change finishes a draft of this run; nothing for the zero id. */
void drafts_covers(struct store *s, const struct id *draft, struct buf *out);
/* Removes the contents that this run finished; failing is no harm (they are known finished). */
void drafts_finished(struct store *s, const struct id *draft);
void drafts_forget(struct store *s);
/* Changes of s finish nobody's drafts from here on: it is being closed. */
void drafts_leave(struct store *s);
/* Says which files among the drafts cannot be read. */
enum err MUST_USE drafts_check(struct store *s, size_t *spoilt, struct diag *d);

/* --- shared small things --- */
struct record_key {
	uint8_t b[32];
};
struct record_key record_key(const struct id *subject, const struct id *record);
/* DB_FILE's value: a byte of kind, then the bytes. */
void file_value(enum file_kind kind, struct span bytes, struct buf *out);
/* Folds all changes of a record that are in LMDB; false when there are none. */
bool fold_from_shelf(struct store *s, struct txn *t, const struct id *subject,
		     const struct id *record, char type[65], struct buf *view, size_t *beside);
/* Appends the bytes of a change as it lies in LMDB, and gives its id; false: no key that is here
 * opens it, or what it opens to is another change. */
bool open_shelf_change(struct store *s, struct txn *t, struct span key, struct span value,
		       struct hash *id, struct buf *plain);
/* Decrypts every change of a record in LMDB and lends it; `bad` counts what did not open. */
void each_shelf_change(struct store *s, struct txn *t, const struct id *subject,
		       const struct id *record, store_each_change *each, void *arg, size_t *bad);

#endif

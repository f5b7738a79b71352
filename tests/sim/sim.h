/* SPDX-License-Identifier: MIT
 *
 * The merge simulator: a few copies of one book, written to and copied onto each other in every
 * way that a file manager, a cable pulled too early or a clock that is wrong can bring about,
 * and an oracle that asks whether anything was lost or buried.  One schedule follows from one
 * seed, whatever machine it runs on.
 *
 *	merge.c    options, seeds, jobs       mutants.c  rules broken on purpose
 *	world.c    copies: made, opened       files.c    what lies in a folder
 *	learn.c    what was written           exchange.c copying, cutting, rolling back
 *	acts.c     what happens next          writing.c  forms, records, seeds
 *	marking.c  bins, marks, moves, undo
 *	values.c   what is typed              crash.c    the machine dies
 *	oracle.c   what must stand            compare.c  whether it does, in a record
 *	verify.c   whether it does, in a copy drafts.c   unfinished text
 *	ways.c     passphrases                ending.c   all copies exchanged, and compared
 */
#ifndef SIM_H
#define SIM_H

#include <linkbook/book.h>
#include <linkbook/mem.h>
#include <linkbook/mutant.h>

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book_impl.h"
#include "store_impl.h"

enum {
	COPIES_MOST = 4,
	SPARES = 2, /* copies of copies, for the laws of merging */
	FORMS_MOST = 6,
	STORES = 2, /* the caseload and one directory */
	BITS_WORDS = 16, /* of 64 files, or changes */
	BITS_MOST = BITS_WORDS * 64,
	DRAWN_MOST = 8,
	ACKNOWLEDGED = 32,
	TEXTS_MOST = 200,
	WAYS_MOST = 16,
};

/* A set of known files, or of known changes. */
struct bits {
	uint64_t w[BITS_WORDS];
};
static inline bool bits_has(const struct bits *b, size_t i)
{
	return b->w[i / 64] >> (i % 64) & 1;
}
static inline void bits_add(struct bits *b, size_t i)
{
	b->w[i / 64] |= (uint64_t)1 << (i % 64);
}
static inline bool bits_within(const struct bits *b, const struct bits *other)
{
	for (size_t i = 0; i < BITS_WORDS; i++)
		if (b->w[i] & ~other->w[i])
			return false;
	return true;
}
static inline void bits_join(struct bits *b, const struct bits *other)
{
	for (size_t i = 0; i < BITS_WORDS; i++)
		b->w[i] |= other->w[i];
}

/* --- files: what lies in a folder --- */
/* A good file that was ever written, whatever became of it. */
struct known_file {
	struct hash hash;
	char rel[180]; /* its path under the book */
	int store;
	enum file_kind kind;
	struct buf bytes;
	struct id load; /* segments */
	uint32_t number, count;
	size_t *changes; /* segments: what is in it, by index; keys each was sealed with */
	struct id *sealed_with;
	size_t change_count;
	struct key_name { /* key files */
		struct id key, under;
		bool under_store; /* the key above is the store's */
	} * keys;
	size_t key_count;
};
struct listed {
	char rel[180];
	uint64_t size;
	int known; /* index, or -1 */
	bool right; /* its name is its own */
};
struct listing {
	struct listed *v;
	size_t count, cap;
};

/* --- what was written --- */
struct known_change {
	struct hash id;
	int store;
	struct id subject, record;
	bool decoded; /* its bytes were read once */
	struct buf bytes;
	struct change change;
	struct bits seen; /* changes that its writer had before them */
	struct carrier { /* segments it is in */
		size_t file;
		struct id key;
	} * carriers;
	size_t carrier_count;
	struct bits finishes; /* contents of a draft */
};
struct known_record {
	struct id id, subject;
	int store;
	const struct kind *kind;
};

struct snapshot { /* of a folder */
	struct kept_file {
		char rel[180];
		struct buf bytes;
	} * v;
	size_t count;
};
struct kept_state { /* of its LMDB */
	bool is;
	struct buf data[STORES];
	struct bits shelf;
};

struct copy {
	int index;
	char root[100], dir[120]; /* dir: the book */
	struct seam seam;
	int64_t skew_ms;
	struct book *book; /* NULL: closed */
	size_t way; /* the words used here */
	struct listing folder;
	struct bits shelf; /* files that its LMDB has taken in */
	struct snapshot old;
	struct bits mine; /* contents of drafts that this run opened or wrote */
	struct bits removed; /* by the program, and not judged yet */
	struct kept_state old_state;
};

struct form {
	bool is_open;
	struct copy *on;
	struct record r;
	struct bits seen;
};

/* A content of a draft that was ever kept. */
struct known_text {
	struct id draft;
	size_t file;
	char text[32];
	struct bits covers; /* contents that it went on from */
};

/* Words that open the caseload, and the orders by which some were replaced. */
struct way {
	char words[32];
	int file; /* its slot; -1: not seen yet */
};
struct order {
	size_t segment, way;
};

struct rng {
	uint64_t s;
};

struct world {
	uint64_t seed;
	struct rng rng;
	bool verbose;
	char root[64];
	struct terms *terms;
	struct copy copies[COPIES_MOST + SPARES];
	size_t copy_count;
	struct known_file *files;
	size_t file_count;
	uint16_t file_index[4096]; /* by hash; 0: none, else index + 1 */
	struct known_change *changes;
	size_t change_count;
	struct known_record *records;
	size_t record_count;
	struct form forms[FORMS_MOST];
	struct way ways[WAYS_MOST];
	size_t way_count;
	struct order orders[WAYS_MOST];
	size_t order_count, replaced; /* the way that is being replaced */
	struct known_text *texts;
	size_t text_count;
	struct id keeping; /* the draft being kept, and what is written in it */
	char kept_text[32];
	struct bits finishing; /* contents that the change being saved finishes */
	struct bits given_up; /* contents of a draft being dropped */
	int64_t clock_ms;
	unsigned words; /* that were drawn */
	int64_t seed_version;
	/* What is being written just now: a change of `form`'s record has seen form's bits; of
	 * any other record what stands on the copy. */
	const struct form *form;
	struct bits before; /* files known on the copy before the act */
	struct copy *dying; /* the copy whose machine dies in this act */
	struct hash acknowledged[ACKNOWLEDGED]; /* and not looked for yet */
	size_t acknowledged_count;
	size_t favourite; /* of the records, and of the fields */
	size_t meeting; /* two write one field: its number + 1 */
	unsigned acts;
	jmp_buf failed;
	char why[600];
};

/* --- merge.c --- */
_Noreturn void sim_fail(struct world *w, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* One sentence of --verbose. */
void sim_tell(struct world *w, const char *fmt, ...) PRINTF_LIKE(2, 3);
uint64_t rng_next(struct rng *r);
size_t rng_below(struct rng *r, size_t n);
bool rng_chance(struct rng *r, unsigned percent);

/* --- world.c --- */
void world_prepare(struct world *w); /* once a process */
void world_remove(struct world *w);
void world_begin(struct world *w, uint64_t seed);
void world_end(struct world *w);
/* Opens a copy that is closed; says what must hold of any opening. */
struct book *copy_open(struct world *w, struct copy *c);
void copy_close(struct copy *c);
/* Whether files came while it was open. */
bool copy_is_behind(struct world *w, struct copy *c);
/* What LMDB takes in when it looks at the folder again. */
void copy_takes_in(struct world *w, struct copy *c);
void copy_forget_state(struct world *w, struct copy *c);
char *copy_state_file(const struct copy *c, int store);

/* --- files.c --- */
/* The folder of a copy by name, as the simulator and the program's own renames and removals
 * left it; whether that is so is seen by files_compare. */
void files_list(struct world *w, const struct copy *c, struct listing *out);
void files_note(struct world *w, struct copy *c, const char *rel, uint64_t size);
void files_watch(struct world *w, struct copy *c);
void files_compare(struct world *w, const struct copy *c);
void files_read(struct world *w, const struct copy *c, const char *rel, struct buf *out);
void files_write(struct world *w, struct copy *c, const char *rel, struct span bytes);
void files_empty(struct copy *c);
void listing_free(struct listing *l);
size_t files_add(struct world *w, const struct hash *h, const char *rel, struct span bytes);
/* Good files in the folder. */
void files_good(const struct world *w, const struct listing *l, struct bits *out);
bool file_read_whole(const char *path, struct buf *out);
void file_write_plain(struct world *w, const char *path, struct span bytes);
void files_take(struct world *w, struct copy *c, struct snapshot *out);
void files_put_back(struct world *w, struct copy *c, const struct snapshot *s);
void snapshot_free(struct snapshot *s);

/* --- learn.c --- */
/* Before an act that writes: what its writer has.  form may be NULL. */
void learn_before(struct world *w, struct copy *c, const struct form *form);
/* After it, and after every opening: new files and changes. */
void learn(struct world *w, struct copy *c);
int changes_known(const struct world *w, const struct hash *id);

/* --- oracle.c --- */
/* Whether a change is readable where these files are. */
bool oracle_has(const struct world *w, const struct bits *files, size_t change);
/* The changes of a record whose whole ancestry is where these files are. */
void oracle_whole(const struct world *w, const struct bits *files, const struct id *record,
		  struct bits *out);
/* Whether something waits for a key, for the rest of its load, or for what it knew. */
bool oracle_has_gaps(const struct world *w, const struct bits *files);
/* In whole segments and loads, its key or not. */
bool oracle_carried(const struct world *w, const struct bits *files, size_t change);
bool oracle_is_undone(const struct world *w, const struct bits *whole, size_t change,
		      struct span field);
bool oracle_any_mark(const struct world *w, const struct bits *whole, enum mark mark);
bool oracle_is_struck(const struct world *w, const struct bits *whole, size_t change);
bool oracle_bin_holds(const struct world *w, const struct bits *whole, size_t bin);
bool oracle_is_old_seed(const struct world *w, const struct bits *whole, size_t change);
bool oracle_saw(const struct world *w, const struct bits *whole, size_t a, size_t b,
		const struct op *op);

/* Records of people (or resources) who are one where these files are, by the pairs that each
 * name the other; record itself included. */
void oracle_same(const struct world *w, const struct bits *files, size_t record, struct bits *out);
int oracle_record(const struct world *w, const struct id *id); /* index, or -1 */
/* What somebody who gets the record sees: its whole changes, and those of who is one with it. */
void oracle_seen(const struct world *w, const struct copy *c, const struct id *id,
		 struct bits *out);
/* Whether an add stands: nobody who had seen it removed it. */
bool oracle_add_stands(const struct world *w, const struct bits *whole, size_t change,
		       const struct op *add);

/* --- compare.c --- */
/* A record as it must be, and as it is on an open copy. */
void compare_record(struct world *w, struct copy *c, size_t record);

/* --- verify.c --- */
/* Every record, every set of changes, on an open copy. */
void verify_copy(struct world *w, struct copy *c);
void verify_changes(struct world *w, struct copy *c);
void verify_history(struct world *w, struct copy *c);
void verify_check(struct world *w, struct copy *c);

/* --- exchange.c --- */
struct transfer {
	unsigned part; /* percent of the files */
	bool cut, renamed;
};
/* How many files were written: good bytes over the same bytes are not. */
size_t transfer(struct world *w, struct copy *from, struct copy *to, const struct transfer *how);
void act_exchange(struct world *w);
void act_roll_back(struct world *w);
void act_clone(struct world *w);
void act_lose_state(struct world *w);
void act_cut(struct world *w);

/* --- values.c --- */
struct drawn {
	const struct field *field;
	struct buf value;
};
bool values_can(const struct kind *k);
/* A few fields of a form, or all that stand in conflict; at most DRAWN_MOST. */
size_t values_draw(struct world *w, const struct record *r, bool settle, struct drawn *out);

/* --- writing.c --- */
void writing_learn(struct world *w, struct copy *c); /* and all that was acknowledged is there */
void act_open_form(struct world *w);
void act_save_form(struct world *w);
void act_edit(struct world *w);
void act_meet(struct world *w);
void act_settle(struct world *w);
void act_new_record(struct world *w);
void act_load(struct world *w);
void act_seed(struct world *w);
/* The copy that writes in this act, open. */
struct copy *writing_copy(struct world *w);
/* Some record that can be seen on a copy, of a kind or of any; NULL when none was met. */
const struct known_record *writing_record(struct world *w, const struct copy *c, const char *kind);
/* The first digits, until the next call. */
const char *short_id(const struct id *id);

/* --- marking.c --- */
void act_bin(struct world *w);
void act_mark(struct world *w);
void act_amend(struct world *w);
void act_same(struct world *w);
void act_move(struct world *w);
void act_undo(struct world *w);

/* --- crash.c --- */
void act_crash(struct world *w);

/* --- drafts.c --- */
void act_draft(struct world *w);
/* The program removed a file. */
void drafts_removed(struct world *w, struct copy *c, int file);
void drafts_learn(struct world *w, struct copy *c, size_t file);
void drafts_verify(struct world *w, struct copy *c);

/* --- ways.c --- */
void act_passphrase(struct world *w);
void ways_begin(struct world *w);
void ways_learn_slot(struct world *w, size_t file);
void ways_learn_order(struct world *w, size_t segment);
bool ways_is_retired(const struct world *w, const struct bits *files, size_t slot);
/* As book_open, with any words that were ever given. */
enum err ways_open(struct world *w, struct copy *c, struct diag *d);
void ways_verify(struct world *w, struct copy *c);

/* --- acts.c --- */
void acts_run(struct world *w);

/* --- ending.c --- */
void ending_run(struct world *w);

#endif

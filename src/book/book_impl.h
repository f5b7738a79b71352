/* SPDX-License-Identifier: MIT
 *
 * What the files of this room share: the open book.
 *
 *   book.c     made, opened, closed                   put.c      one step of writing
 *   directories.c  opened, made, joined               slots.c    ways into them
 *   act.c      finish, amend, strike, restrict, same    move.c     to the right person
 *   bin.c      into the bin and out of it
 *   diff.c     what a put alters                       read.c     records got and scanned
 *   step.c     changes of one step, saved              undo.c     steps taken back and redone
 *   person.c   the view of a person over their records
 *   seen.c     what the writer of a put had seen
 *   record.c   one record in words                     history.c  what happened to it
 *   title.c    what it is called in one line
 *   settle.c   conflicts settled                      access.c   who looked at whom
 *   access_told.c  the same, told
 *   report.c   hashes, checks, sizes over all stores   trail.c    what was saved last
 */
#ifndef BOOK_IMPL_H
#define BOOK_IMPL_H

#include <linkbook/book.h>
#include <linkbook/store.h>

/* One entry of the access log that no segment has yet. */
struct access {
	struct id id, after, person; /* person: zero when it is about nobody */
	struct id draft; /* in which it waits */
	char at[32], act[32], *who;
	struct id *records;
	size_t record_count, record_cap;
	int64_t count;
};
struct access_log {
	struct access *v; /* oldest first */
	size_t count, cap;
	struct id draft, last; /* last: id of the newest entry of all, or zero */
	bool begun, dirty;
};

/* What this run saved, oldest first: all that was altered after version `from`, up to `to`. */
enum { TRAIL_MOST = 128 };
struct trail {
	uint64_t from, to;
	struct trail_step {
		uint64_t version; /* since it was saved */
		struct ref ref;
		struct store *store;
		struct hash change;
	} v[TRAIL_MOST];
	size_t count;
};

struct book {
	struct seam *seam;
	const struct terms *terms;
	char *dir, *author;
	struct store_folder folder;
	size_t beside; /* changes of the record folded last that were built on others not here */
	struct store **stores; /* [0] the caseload, then the directories by id */
	size_t store_count;
	uint64_t closings; /* of directories, each more than any version */
	struct id writer;
	struct judged { /* whether a step counts in a person's file, as asked last */
		struct id subject, step;
		bool known, counts;
	} judged;
	size_t closed; /* directories that did not open */
	struct access_log log;
	struct trail trail;
	char *half_made; /* path of one whose making failed and that is still there; NULL */
};

/* --- book.c --- */
enum err MUST_USE open_book(struct seam *seam, const char *dir, const struct slot_key *with,
			    const struct terms *terms, struct book **out, struct diag *d);

/* --- directories.c --- */
/* Opens a store that must be of this kind; ERR_REFUSED when it is of the other. */
enum err MUST_USE open_kind(struct book *b, const char *path, enum store_kind kind,
			    const struct slot_key *with, struct store **s, struct diag *d);
void add_store(struct book *b, struct store *s);
enum err MUST_USE open_directories(struct book *b, struct diag *d);

/* What is said to somebody who came in by an open slot and wants to do more than add. */
extern const char open_access_refusal[];

/* --- read.c --- */
/* A record in one store as it is by itself (no view of the person); ERR_ABSENT and ERR_REFUSED
 * as book_get_in. */
enum err MUST_USE read_in(struct store *s, struct ref ref, struct record *out);
/* The same by the id alone. */
enum err MUST_USE read_record(struct store *s, const struct id *id, struct record *out);
/* As book_get_in; one with something of a newer version in it is ERR_REFUSED, and said.  (act.c) */
enum err MUST_USE read_known(struct book *b, struct ref ref, struct record *r, struct diag *d);
/* Every record of a person's file, each by itself, types of newer versions too. */
enum err MUST_USE read_file(struct book *b, const struct id *subject, book_each *each, void *arg);
/* Every record of a kind in all stores, each by itself. */
enum err MUST_USE read_all(struct book *b, const struct kind *kind, book_each *each, void *arg);
/* The changes of a record, decoded, by id; free with changes_free. */
struct changes {
	struct fold_input *v;
	struct change *changes;
	uint8_t **bytes;
	size_t count, cap;
};
enum err MUST_USE read_changes(struct store *s, const struct id *subject, const struct id *record,
			       struct changes *out);
void changes_free(struct changes *c);
/* Index of a change, or SIZE_MAX. */
size_t changes_find(const struct changes *c, const struct hash *id);
/* Marks a change and all it knew; *whole turns false when some of that is not here. */
void changes_mark_ancestry(const struct changes *c, size_t from, bool *seen, bool *whole);
/* True when change a knew change b (or is it). */
bool changes_knows(const struct changes *c, size_t a, size_t b);
/* The store a record was read from. */
struct store *store_of(struct book *b, const struct record *r);

/* --- person.c --- */
/* Records that were found to be about one person or resource, by id. */
struct same {
	struct id *v;
	size_t count, cap;
};
/* Whatever `one` was found to be the same as, `one` included. */
enum err MUST_USE same_find(struct store *s, const struct id *one, struct same *out);
/* Where the i-th of them is, when it was found from a record in the file (or store) `in`: several
 * are in places of their own. */
struct ref same_ref(const struct same *p, size_t i, const struct id *in);
bool same_has(const struct same *p, const struct id *one);
void same_fini(struct same *p);
/* Settles r->state.binned by the whole file. */
enum err MUST_USE person_judge_bin(struct book *b, struct record *r);
/* A record read by itself becomes what is shown: the bin settled, and a person who was found
 * to be the same as others turned into all of them, under the smallest id. */
enum err MUST_USE person_view(struct book *b, struct record *r);

/* --- access.c --- */
extern const char log_kind[];
/* What waits in drafts is taken over, once a run. */
void log_begin(struct book *b);
/* The entries that wait, as changes to be saved with others; NULL when there are none.  They go
 * on waiting until log_was_saved. */
struct step_change *log_changes(struct book *b, size_t *count);
void log_was_saved(struct book *b);
/* True for a draft that holds such entries: nobody is asked to go on with it. */
bool log_is_draft(struct span content);
void log_fini(struct book *b);

/* --- access_told.c --- */
/* Says where the log lacks an entry; ERR_DAMAGED when it does. */
enum err MUST_USE log_check(struct book *b, struct diag *d);

/* --- step.c --- */
/* One change of a step on its way to its store. */
struct step_change {
	struct store *store;
	struct id subject, record, draft;
	bool own_key;
	struct hash id;
	struct buf bytes; /* empty: nothing to save */
};
/* Fills in what every change of this book's writer has; `newest` is the newest stamp known. */
void step_stamp(struct book *b, const struct id *step, const char *type, const struct id *record,
		int64_t newest, struct change *c);
/* Encodes c into out (whose bytes are a buf already). */
void step_encode(struct store *s, const struct id *subject, const struct kind *k, struct change *c,
		 struct step_change *out);
/* Saves those that have bytes, the caseload's first, and what of the access log waits with them;
 * count 0: that alone. */
enum err MUST_USE step_save(struct book *b, struct step_change **v, size_t count, struct diag *d);

/* --- trail.c --- */
/* These were saved, the book's version having been `before`. */
void trail_note(struct book *b, uint64_t before, struct step_change **v, size_t count);

/* --- put.c --- */
/* A hash of words, cut to an id: equal input, equal id, on any machine. */
struct id id_of_words(const char *kind, const char *a, const char *b, int64_t n);

/* --- extra.c --- */
/* The id of a row of a field whose rows are told apart (kinds.h: told_by); false when its cells
 * have no name. */
bool extra_told(const struct field *f, struct span cells, struct id *row);

/* --- seen.c --- */
/* The record that a put alters, as its writer saw it. */
struct member {
	struct id subject, record;
	struct state base;
	bool unseen; /* none of its changes was among what the writer saw */
	struct step_change change; /* without bytes when nothing differs */
};
struct seen {
	struct store *store;
	struct member *v; /* one; of people who are one, those that the writer saw */
	size_t count;
	struct state joined; /* of several */
};
/* For a record that is here, in the file (or store) `in`.  ERR_ABSENT: it is not; ERR_INPUT: heads that are not.  seen_fini
 * is due whatever the answer. */
enum err MUST_USE seen_find(const struct put *p, struct store *store, const struct id *in,
			    struct seen *out);
/* For one that is to be made. */
void seen_new(const struct id *subject, const struct id *record, struct store *store,
	      struct seen *out);
const struct state *seen_base(const struct seen *s);
/* True when an op on people who are one belongs to this one of them: a value is set in all, a
 * new member or row goes to the first, an old one is where it is. */
bool seen_is_for(const struct seen *s, size_t at, const struct op *op);
void seen_fini(struct seen *s);

/* --- diff.c --- */
/* Keeps encoded values until the change that borrows them is encoded. */
struct scratch {
	struct buf **v;
	size_t count, cap;
};
struct buf *scratch_new(struct scratch *s);
void scratch_free(struct scratch *s);
/* Checks the fields of a put and appends the ops that lead from base (what the writer saw) to
 * what is wanted.  Mistakes are said with the put's number. */
enum err MUST_USE diff_put(struct book *b, const struct put *p, size_t number,
			   const struct state *base, struct change *out, struct scratch *keep,
			   struct diag *d);

#endif

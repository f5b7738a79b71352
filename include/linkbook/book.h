/* SPDX-License-Identifier: MIT
 *
 * The book: caseload and directories as one thing.  Everything above (screens, commands,
 * exchange formats) goes through here and knows nothing of stores, seals or files.
 *
 * One process, one thread, one open book at a time.  Whatever is lent by a scan dies when
 * the callback returns; what a get fills belongs to the caller.
 */
#ifndef LINKBOOK_BOOK_H
#define LINKBOOK_BOOK_H

#include <stdbool.h>
#include <linkbook/buf.h>
#include <linkbook/change.h>
#include <linkbook/err.h>
#include <linkbook/fold.h>
#include <linkbook/id.h>
#include <linkbook/kinds.h>
#include <linkbook/seam.h>
#include <linkbook/terms.h>
#include <linkbook/value.h>

struct book;

/* How hard a passphrase is made to guess: memory 64, 256, 1024 MiB. KDF_CALIBRATED starts
 * from moderate and goes down to what this machine does in about a second. */
enum book_kdf { KDF_CALIBRATED, KDF_INTERACTIVE, KDF_MODERATE, KDF_SENSITIVE };

/* Makes a book in dir (absent, empty, or where a making was interrupted).  author: the practitioner's name.
 * ERR_REFUSED when something is there already.  The passphrase is not kept. */
enum err MUST_USE book_create(struct seam *seam, const char *dir, const char *author,
			      struct span passphrase, enum book_kdf kdf, struct diag *d);

/* Opens and catches up with the files.  ERR_ABSENT: there is no book; ERR_UNLOCK: no slot
 * opens with the passphrase; ERR_BUSY: somebody else has it.  OK with sentences in d: open,
 * and something is to be told (made whole again, still missing, cut short).
 * terms are borrowed until book_close. */
enum err MUST_USE book_open(struct seam *seam, const char *dir, struct span passphrase,
			    const struct terms *terms, struct book **out, struct diag *d);
/* Wipes keys; the book is gone afterwards.  NULL is fine. */
void book_close(struct book *b);
/* True when dir looks like a book (has caseload/slots, and is not one whose making was
 * interrupted); no passphrase needed. */
bool book_is_there(const char *dir);

const char *book_dir(const struct book *b);
const char *book_author(const struct book *b);
const struct terms *book_terms(const struct book *b);
struct seam *book_seam(const struct book *b);
/* As long as it stays the same (and is not 0), scans and gets give out the same; drafts and the
 * access log are not among what it counts.  0: nothing can be said just now. */
uint64_t book_version(const struct book *b);
/* Sealed files here that could not be used (torn, missing a key...): a count for banners. */
size_t book_trouble(const struct book *b);

/* One field to write, by the name of the record tables (members of groups included). */
struct put_field {
	const char *name;
	struct span value; /* CBOR (value.h); null clears.  Sets: a list of values, the whole set
			    * wanted.  Rows: a list of maps; a member "row" (id) names a row that
			    * is there already, its absence makes a new one.  Rows that are told
			    * apart (kinds.h: told_by): as fields, those that are not given stay,
			    * and one with nothing in it but its name goes. */
};
/* One record to write. */
struct put {
	const struct kind *kind;
	struct id record; /* zero: a new one; book_put fills it in */
	struct id in; /* one that is here: its ref's; zero: as ref_to says */
	struct id person; /* STORE_PERSON kinds: whose file (the person's id); else zero, as it is
			   * for a task for nobody */
	struct id directory; /* STORE_DIRECTORY kinds: which store; zero: the only one */
	bool by_act; /* fields that belong to an act (FIELD_BY_ACT) may be among them */
	bool by_itself; /* a person who is one with others: this record alone */
	bool is_new; /* record (if not zero) is to be made, not altered */
	bool has_heads; /* heads: the record as the writer saw it (book_get) */
	const struct hash *heads; /* without: as it is now */
	size_t head_count;
	enum mark mark; /* MARK_NONE, MARK_BIN or MARK_UNBIN */
	struct id draft; /* the draft this finishes, or zero */
	const struct put_field *fields;
	size_t field_count;
	/* Seeded records: deterministic id from source and key, version of the source. */
	const char *seed_source, *seed_key;
	int64_t seed_version;
	struct hash change; /* out: the change that was written; zero when nothing changed */
};

/* Checks every put and writes all as one step, or nothing: OK means durable on disk.
 * Only fields that differ from what the writer saw are written.  ERR_INPUT with a sentence a
 * fault (the diag's line number is the put's index + 1); ERR_REFUSED for a field in conflict
 * written without heads, and for a record with something of a newer version in it. */
enum err MUST_USE book_put(struct book *b, struct put *puts, size_t count, struct diag *d);
/* The id a seeded record has. */
struct id book_seed_id(const char *source, const char *key);

/* A record as it stands.  People who were found to be one are one record, under the smallest of
 * their ids: all their values stand in it, and either id gets it. */
struct record {
	const struct kind *kind; /* NULL: of a type this version does not know */
	struct id id;
	struct id subject; /* whose file (one of the people who are one), or the store it is in */
	struct id store; /* id of the store it is in */
	struct state state;
};
void record_fini(struct record *r);

/* Which record.  An id is one record's alone only within a person's file and within a directory:
 * a draft that two copies went on with for two people makes two records of one id, and so do two
 * directories seeded from one file. */
struct ref {
	struct id in; /* whose file, or which store (a record's subject); zero: wherever it is */
	struct id record;
};
struct ref ref_of(const struct record *r);
/* By the id alone: a person is meant before what lies in files, the caseload before the
 * directories, the first directory before the others. */
struct ref ref_to(const struct id *record);
/* As text, "<in>/<record>" in hex; false when it is no such text. */
enum { REF_TEXT = 2 * ID_HEX };
const char *ref_to_text(const struct ref *ref, char text[REF_TEXT]);
bool ref_from_text(const char *text, struct ref *out);

/* ERR_ABSENT: it is not here; ERR_REFUSED: the id alone was given, and two people's files have
 * it. */
enum err MUST_USE book_get_in(struct book *b, struct ref ref, struct record *out);
/* By the id alone. */
enum err MUST_USE book_get(struct book *b, const struct id *id, struct record *out);
/* By a unique prefix of 6 or more hex digits, or of such a prefix of the person's id, "/", and one
 * of the record's; ERR_INPUT when several start so. */
enum err MUST_USE book_get_prefix(struct book *b, const char *hex, struct record *out,
				  struct diag *d);

/* What scans and gets may give out otherwise than when book_version was `since`: those alone, of
 * any kind, each once.  False: that cannot be said (files came, or what was done reaches beyond
 * the records it was done to): read everything. */
enum { BOOK_ALTERED_MOST = 32 };
bool book_altered_since(struct book *b, uint64_t since, struct ref out[BOOK_ALTERED_MOST],
			size_t *count);

/* Calls `each` for every record of a kind, those in the bin and restricted ones left out, by
 * file and id; false stops.  subject NULL: all; else only records of that person. */
typedef bool book_each(void *arg, const struct record *r);
enum err MUST_USE book_scan(struct book *b, const struct kind *kind, const struct id *subject,
			    book_each *each, void *arg);
/* The same with those in the bin and restricted ones. */
enum err MUST_USE book_scan_all(struct book *b, const struct kind *kind, const struct id *subject,
				book_each *each, void *arg);

/* Takes back the last step that this book's author made and that stands, as one step: fields
 * that nothing was built on get the value before, a record that it made goes into the bin.
 * What was left, and why, is said in told.  ERR_ABSENT: there is nothing to take back. */
enum err MUST_USE book_undo(struct book *b, struct buf *told, struct diag *d);
/* The same for a step by its id (history gives it), whoever made it: the way to lift a finish, a
 * strike or a restriction.  ERR_ABSENT: no such step stands. */
enum err MUST_USE book_undo_step(struct book *b, const struct id *step, struct buf *told,
				 struct diag *d);
/* Brings back what the last undo that stands took away.  ERR_ABSENT: there was none. */
enum err MUST_USE book_redo(struct book *b, struct buf *told, struct diag *d);
/* Puts a record into the bin, or takes it out again; a person with the whole file, as one step,
 * and out again just what that step put in.  count: how many records it was. */
enum err MUST_USE book_bin(struct book *b, struct ref ref, bool bin, size_t *count, struct diag *d);

/* Finishes a note (every field said again, so that what was written without seeing it stands
 * beside), strikes a record, or restricts one (a person with the whole file): kept and read by
 * its id, and left out of lists.  Lifted only by undo.  ERR_INPUT: not a note, or a conflict in
 * it is still to be settled; ERR_REFUSED: struck or restricted already. */
enum err MUST_USE book_mark(struct book *b, struct ref ref, enum mark mark, struct diag *d);
/* Adds a text (UTF-8) under a note that is finished or struck.  ERR_REFUSED: it is neither. */
enum err MUST_USE book_amend(struct book *b, struct ref ref, struct span text, struct diag *d);
/* Two people (or resources of one directory) are found to be one, or two after all: one step
 * on both.  ERR_INPUT with a sentence when they cannot be. */
enum err MUST_USE book_same(struct book *b, const struct id *one, const struct id *other, bool same,
			    struct diag *d);
/* Moves a record to the right person's file: made there with all its texts, struck here, one
 * step that undo takes back as a whole.  moved: its id there.  ERR_REFUSED with a sentence. */
enum err MUST_USE book_move(struct book *b, struct ref ref, const struct id *person,
			    struct id *moved, struct diag *d);

/* Keeps the n-th (from 1) of the values that stand in conflict in a field of r, or of one row of
 * it (row NULL: no row), knowing all that r shows.  ERR_INPUT: there is no such value. */
enum err MUST_USE book_settle(struct book *b, const struct record *r, const char *field,
			      const struct id *row, size_t n, struct diag *d);
/* Appends who wrote a change of r; false when it is not here. */
bool record_said_by(struct book *b, const struct record *r, const struct hash *change,
		    struct buf *author);

/* What of a record came from seed files. */
struct seeded {
	char *source; /* the caller frees; NULL: nothing did */
	int64_t version; /* the highest that is here */
	bool altered; /* something was written by somebody, too */
};
enum err MUST_USE book_seeded(struct book *b, const struct record *r, struct seeded *out);
/* True when this change of r came from a seed file. */
bool book_is_seeded(struct book *b, const struct record *r, const struct hash *change);

/* The directories that are open. */
size_t book_directory_count(const struct book *b);
/* Id of the i-th. */
struct id book_directory(const struct book *b, size_t i);
/* The directory that holds the practice with this seed source, or ERR_ABSENT. */
enum err MUST_USE book_directory_of(struct book *b, const char *source, struct id *store);
/* Makes a directory store for a practice. */
enum err MUST_USE book_add_directory(struct book *b, struct id *store, struct diag *d);

/* The shown value of a register by its table name (members of groups too), no bytes when
 * unset.  Borrowed from the record. */
struct span record_value(const struct record *r, const char *field);
/* Any field in words (value_say; sets and rows joined by ", ", notes by a new line). */
void record_say(const struct book *b, const struct record *r, const char *field, struct buf *out);
/* The members of a set, each once: notes the oldest first, all else by value.  The values are
 * borrowed from the record; the caller frees the array. */
size_t record_members(const struct record *r, const struct field *f, struct said **out);
/* True when the field (or the group it is in) stands in conflict. */
bool record_in_conflict(const struct record *r, const char *field);
/* True when something about the record wants to be looked at that is no conflict of values: it
 * was put into the bin, struck, or its person restricted, and somebody who had not seen that
 * wrote in it.  A sentence for it goes to out. */
bool record_raised(struct book *b, const struct record *r, struct buf *out);
/* What a person is called in lists: known-as or given name, and family name. */
void record_person_name(const struct record *person, struct buf *out);
/* What a record is called in one line, clean. */
void record_title(const struct book *b, const struct record *r, struct buf *out);
/* All its words, folded (text_fold), for finding. */
void record_fold_words(const struct book *b, const struct record *r, struct buf *out);

/* What happened to a record, oldest first: one line a change. */
struct event {
	const char *when; /* ISO 8601, minutes; "" for what was seeded */
	const char *author, *sentence;
	struct id step;
};
typedef void book_event(void *arg, const struct event *e);
enum err MUST_USE book_history(struct book *b, struct ref ref, book_event *each, void *arg);

/* --- the access log: who opened the book, and whose file they looked at -------------------
 *
 * Entries wait in memory and in a draft, and ride in the next segment: looking alone writes no
 * file each time.  What was changed is not among them: the changes themselves say it. */

/* Notes what was done now (an id of access-act in the terms); what: the record it was done to,
 * or NULL.  The same act on the same person is one entry until it is written.  What is in no
 * person's file is nobody's business, and noted for no record. */
void book_log(struct book *b, const char *act, const struct record *what);
/* Keeps what waits as a draft, if it is not kept yet. */
enum err MUST_USE book_log_keep(struct book *b, struct diag *d);
/* Writes what waits as a step of its own: at lock, or when much waits (CLI: at the end). */
enum err MUST_USE book_log_write(struct book *b, struct diag *d);
size_t book_log_waiting(const struct book *b);

/* One line of who did what: entries of the log, and changes by the minute, as "changed". */
struct access_event {
	char at[32]; /* ISO 8601, minutes */
	char act[32]; /* id of a term, or "changed" */
	char *who;
	struct id person; /* zero: nobody's file */
	int64_t count; /* times looked at; records changed */
};
/* Oldest first; person: only what is about that person; NULL: all.  The caller frees with
 * book_access_free. */
enum err MUST_USE book_access(struct book *b, const struct id *person, struct access_event **out,
			      size_t *count);
void book_access_free(struct access_event *v, size_t count);

/* Unfinished text.  A draft's content is the screen's own (opaque here), sealed on disk. */
struct draft {
	struct id id;
	int64_t stamp; /* when it was last written, ms */
	bool begun; /* this run goes on from it: of several of one id a save finishes this one */
	struct buf content;
};
struct id book_new_draft(struct book *b);
/* Durable when OK.  Replaces what this program run wrote under the id before. */
enum err MUST_USE book_keep_draft(struct book *b, const struct id *draft, struct span content,
				  struct diag *d);
/* Gives up a draft that this run resumed or wrote (its texts go). */
enum err MUST_USE book_drop_draft(struct book *b, const struct id *draft, struct diag *d);
/* All unfinished drafts, newest first; the caller frees with drafts_free. */
enum err MUST_USE book_drafts(struct book *b, struct draft **out, size_t *count, struct diag *d);
void drafts_free(struct draft *v, size_t count);

/* Two hashes a store (docs/format.md): of the set of changes, and of the readable view, with
 * how many people of how many can be read. */
struct view_hash {
	struct id store;
	bool is_directory;
	struct hash changes, view;
	size_t change_count, people_read, people;
};
enum err MUST_USE book_view_hash(struct book *b, struct view_hash **out, size_t *count,
				 struct diag *d);

/* Compares files, seals, changes and views with each other; each finding a sentence in d.
 * OK when all is well, ERR_DAMAGED when something is not. */
enum err MUST_USE book_check(struct book *b, struct diag *d);
/* Throws the working store away and makes it anew from the files. */
enum err MUST_USE book_rebuild(struct book *b, struct diag *d);

struct book_stats {
	size_t changes, files, directories;
	uint64_t file_bytes, shelf_bytes; /* sealed files; LMDB */
	int64_t unlock_ms, take_in_ms; /* of the last opening */
};
enum err MUST_USE book_stats(struct book *b, struct book_stats *out);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Ways into a book: passphrases, the practice's recovery key, and for a directory the caseloads
 * that belong to it and an open door.  Each is a slot, a file of its own in the store; what is
 * done to slots is done at once and on every copy (docs/format.md, Slots).
 */
#ifndef LINKBOOK_SLOTS_H
#define LINKBOOK_SLOTS_H

#include <linkbook/book.h>

enum way_in { WAY_PASSPHRASE = 1, WAY_CASELOAD, WAY_OPEN, WAY_RECOVERY };
enum { WAY_LABEL = 32, RECOVERY_KEY = 32 }; /* bytes; of a label the NUL among them */

struct book_slot {
	struct id store;
	bool is_directory;
	struct hash hash; /* the name of its file */
	enum way_in way;
	char label[WAY_LABEL];
	int64_t made; /* ms */
	bool opened; /* the store was opened with it now */
	bool is_own; /* WAY_CASELOAD: of this book's caseload */
	bool open_access; /* may read and add; not bin, take back or retire */
	bool within_bounds; /* asks for an allowed amount of work; else it is never tried */
};
/* The slots of all stores that are open, the caseload's first; the caller frees *out. */
enum err MUST_USE book_slots(struct book *b, struct book_slot **out, size_t *count, struct diag *d);
const char *way_name(enum way_in way);

/* What a new slot is to be. */
struct way_new {
	enum way_in way; /* not WAY_CASELOAD: book_join makes those */
	struct span secret; /* words; the public half of a recovery key; nothing */
	enum book_kdf kdf;
	const char *label; /* a-z, 0-9 and -, or "": not for words about people */
};
/* Adds one to the caseload (store NULL) or a directory.  ERR_REFUSED: an open one to a caseload. */
enum err MUST_USE book_add_slot(struct book *b, const struct id *store, const struct way_new *n,
				struct diag *d);
/* Takes one away for good, by the first 6 or more digits of its hash. */
enum err MUST_USE book_retire_slot(struct book *b, const char *hex, struct diag *d);
/* New words for the caseload in place of those the book was opened with. */
enum err MUST_USE book_change_passphrase(struct book *b, struct span words, enum book_kdf kdf,
					 struct diag *d);

/* Whether these words (none: the open slot) open the directory store in a folder. */
enum err MUST_USE directory_try(struct seam *seam, const char *path, struct span words,
				struct diag *d);
/* Which ways lead into it: a bit (1 << way) each; 0: it is no store. */
unsigned directory_ways(struct seam *seam, const char *path);
/* Makes this book one of a practice's: copies the directory store in path (or takes the one that
 * is here already, closed), opens it with the team's words, or with none by its open slot, and
 * gives this caseload a slot of its own in it.  By the open slot it may read and add only. */
enum err MUST_USE book_join(struct book *b, const char *path, struct span words, struct id *store,
			    struct diag *d);

/* A recovery key: two halves, as text that can be printed and typed again. */
void recovery_make(struct seam *seam, struct buf *private_text, struct buf *public_text);
enum err MUST_USE recovery_read(struct span text, bool is_private, uint8_t key[RECOVERY_KEY],
				struct diag *d);
/* As book_open, with the private half. */
enum err MUST_USE book_open_by_recovery(struct seam *seam, const char *dir,
					const uint8_t key[RECOVERY_KEY], const struct terms *terms,
					struct book **out, struct diag *d);
/* Notes that it opened the book now; when it last did on this machine (ms), or 0. */
int64_t book_note_drill(struct book *b);

#endif

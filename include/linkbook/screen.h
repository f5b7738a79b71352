/* SPDX-License-Identifier: MIT
 *
 * The program as a person meets it: a stack of screens over one book, driven by keys, text
 * and ticks, painted into a grid.  No terminal is known here; ui has it.
 *
 * What is promised: no key, resize, lock or hang-up loses a word that was typed (each form
 * keeps a draft at latest a second after each key), nobody's name is on the screen while the
 * book is locked, and after five minutes of nothing, or when the machine has slept, it is.
 */
#ifndef LINKBOOK_SCREEN_H
#define LINKBOOK_SCREEN_H

#include <stdbool.h>
#include <stdio.h>
#include <linkbook/book.h>
#include <linkbook/cells.h>
#include <linkbook/def.h>
#include <linkbook/key.h>

struct screen;

enum {
	APP_ROWS = 15, /* the smallest window that is worked in */
	APP_COLUMNS = 40,
	APP_DEPTH = 16,
	APP_DRAFT_MS = 900, /* after the first key that is not kept yet, however fast one types */
	APP_IDLE_MS = 5 * 60 * 1000,
	APP_LOOK_MS = 2000, /* how often it looks whether the machine has slept ... */
	APP_SLEPT_MS = 1000, /* ... and what counts as sleep */
};

/* All borrowed for as long as the app lives. */
struct app_options {
	struct seam *seam;
	const char *book_dir;
	const struct terms *terms;
	const char *screens_dir; /* asked first for screen files, or NULL */
	const char *passphrase; /* known already (a demo), or NULL: it is asked for */
	const char *demo_words; /* a demo's: everybody may know it, and the lock says it; or NULL */
	bool ascii; /* lines and marks in ASCII */
	bool no_colour, no_mouse;
};

struct app {
	struct app_options o;
	struct screens screens;
	struct book *book; /* NULL while locked */
	struct screen *stack[APP_DEPTH];
	size_t depth;
	struct buf message; /* one line, until the next key */
	unsigned message_attr;
	int rows, columns;
	int64_t last_key; /* boot_ms */
	int64_t typed_at; /* boot_ms of the key or paste at hand */
	int64_t slept; /* asleep_ms when it was looked at last */
	struct id again[APP_DEPTH]; /* drafts that were open when it locked, bottom first */
	size_t again_count;
	struct listing *listings; /* what lists have read, kept until it locks; by listing.c */
	struct finder *finder; /* what groups are found by, until it locks; NULL: not needed yet */
	struct id person; /* last open; zero: none */
	struct id directory; /* chosen last for a new group; zero: none yet */
	struct id saved; /* the record saved just now: a list that has it selects it */
	int64_t log_due; /* boot_ms when the access log is to be kept; 0: it is */
	bool leaving;
	bool warned; /* that leaving now would lose a draft */
};

/* ERR_INPUT or ERR_ABSENT when not even the compiled-in screens can be read.  Sentences in d
 * with OK: screens that were broken.  app_fini is due whatever the answer. */
enum err MUST_USE app_init(struct app *app, const struct app_options *o, struct diag *d);
/* Keeps drafts and closes the book first. */
void app_fini(struct app *app);

void app_key(struct app *app, const struct key *key);
/* A click at row y and column x of what was painted into g last. */
void app_point(struct app *app, const struct grid *g, int y, int x);
/* The wheel: `rows` down, or up when < 0.  Only what is read moves; in a form the cursor stays
 * where the next letter is to go. */
void app_wheel(struct app *app, int rows);
/* Line by line: what is asked now, a sentence a line; false: what is painted is to choose from. */
bool app_asks(struct app *app, struct buf *out);
/* A whole line: the answer to that; the number of a row among those painted into g last, from 1,
 * which opens it; words to find; or nothing, which opens where the cursor is. */
void app_answer(struct app *app, const struct grid *g, struct span line);
/* The next tick, or key, locks first. */
bool app_lock_is_due(const struct app *app);
/* Somebody is there, writing a line that has not come yet. */
void app_stay(struct app *app);
/* A line that was begun and will not be ended: added to what is being written, or written where
 * nothing is; false: there is no such place.  It came before whatever ended it, a lock too. */
bool app_keep_line(struct app *app, struct span line);
void app_paste(struct app *app, struct span text);
/* The same of text whose first byte came at boot_ms `since`. */
void app_paste_since(struct app *app, struct span text, int64_t since);
/* Locks, keeping drafts; false and a message: they could not be kept, and it is still open. */
bool app_lock(struct app *app);
/* Does what is due: drafts, opening the book, locking after idleness. */
void app_tick(struct app *app);
/* Milliseconds until a tick is due; 0: now. */
int64_t app_next_ms(struct app *app);
void app_resize(struct app *app, int rows, int columns);
/* The grid has the app's size. */
void app_paint(struct app *app, struct grid *g);
/* The terminal has gone, or the machine is going: drafts kept, book closed, leaving. */
void app_hang_up(struct app *app);

/* Everybody in the book, one a line, in plain text without any cursor codes. */
enum err MUST_USE screen_print_people(struct app *app, FILE *to);
/* Opens the book with the passphrase of the options, without screens. */
enum err MUST_USE app_open_book(struct app *app, struct span passphrase, struct diag *d);

#endif

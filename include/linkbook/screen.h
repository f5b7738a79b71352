/* SPDX-License-Identifier: MIT
 *
 * The program as a person meets it: a stack of screens over one book, driven by keys, text
 * and ticks, painted into a grid.  No terminal is known here; ui has it.
 *
 * What is promised: no key, resize, lock or hang-up loses a word that was typed (each form
 * keeps a draft at latest a second after the last key), and nobody's name is on the screen
 * while the book is locked.
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
	APP_DRAFT_MS = 900, /* after the last key */
	APP_DRAFT_LATEST_MS = 5000, /* however fast one types */
	APP_IDLE_MS = 5 * 60 * 1000,
};

/* All borrowed for as long as the app lives. */
struct app_options {
	struct seam *seam;
	const char *book_dir;
	const struct terms *terms;
	const char *screens_dir; /* asked first for screen files, or NULL */
	const char *passphrase; /* known already (a demo), or NULL: it is asked for */
	bool ascii; /* lines and marks in ASCII */
	bool no_colour;
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
	struct id person; /* last open; zero: none */
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
void app_paste(struct app *app, struct span text);
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

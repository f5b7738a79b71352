/* SPDX-License-Identifier: MIT
 *
 * The terminal: what the screens paint goes out to it, what is typed on it comes in.  The
 * only room that knows curses.
 *
 * One ui at a time in a process.  Between ui_open and ui_close the terminal is in the
 * program's hands; however the program ends in between (a fault, no memory, a signal), the
 * terminal is given back as it was.
 */
#ifndef LINKBOOK_UI_H
#define LINKBOOK_UI_H

#include <stdbool.h>
#include <stdio.h>
#include <linkbook/cells.h>
#include <linkbook/screen.h>

struct ui {
	struct app *app;
	struct grid grid;
	void *terminal; /* curses' own */
	int in;
	int signals[2]; /* a pipe: signals wake the poll */
	uint8_t letter[4]; /* the bytes so far of one that is arriving */
	size_t letter_bytes;
	int read, unfed; /* keys in one go, and those given while nothing arrived (keys.c) */
	struct buf paste;
	int64_t pasted_at; /* boot_ms of the last byte */
	int64_t paste_began; /* and of the first one that is not handed over */
	bool pasting, colour, hung_up;
	bool showed_book; /* when painted last */
	bool seen; /* grid is what is to be seen: no key has come since */
	char report[24]; /* of the mouse, as it arrives */
	size_t report_bytes; /* 0: none is under way */
};

/* Takes over the terminal on in and out; term: its type (NULL: $TERM).  ERR_INPUT when the
 * type is not known or cannot place a cursor. */
enum err MUST_USE ui_open(struct ui *ui, struct app *app, FILE *in, FILE *out, const char *term,
			  struct diag *d);
/* Waits at most timeout_ms (-1: until something is due) for a key or a tick, does what it
 * asks, paints.  False when it is over. */
bool ui_step(struct ui *ui, int timeout_ms);
/* Steps until it is over. */
void ui_run(struct ui *ui);
void ui_resize(struct ui *ui, int rows, int columns);
void ui_paint(struct ui *ui);
void ui_close(struct ui *ui);

/* Sets the locale.  What is typed is UTF-8 in any; true: what is shown must be ASCII. */
bool ui_choose_locale(void);
/* The whole program on standard input and output: opens, runs, closes.  Where there is no
 * terminal, or one that cannot place a cursor, the people are listed as plain text if the
 * passphrase is known; else ERR_USAGE with a sentence. */
enum err MUST_USE ui_main(const struct app_options *options, struct diag *d);

/* The same line by line, for screen readers and terminals that can only write on. */
enum err MUST_USE ui_plain(const struct app_options *options, struct diag *d);

#endif

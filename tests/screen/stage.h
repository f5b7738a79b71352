/* SPDX-License-Identifier: MIT
 *
 * The program on a stage: a made-up book, a clock that stands, and a terminal in memory.
 * Keys go in through one pipe; what the program sends out through the other is read by a
 * terminal emulator, whose cells the tests look at.
 */
#ifndef STAGE_H
#define STAGE_H

#include <linkbook/ui.h>
#include "plain.h"
#include "watch.h"
#include <vterm.h>

struct stage {
	struct seam seam;
	struct terms *terms;
	char root[64], book[80];
	const char *dir; /* the book that is opened, below root; NULL: "book" */
	struct app app;
	struct ui ui;
	bool running, over, colour_seen, ascii;
	int rows, columns;
	int keys, shown; /* our ends of the pipes */
	FILE *in, *out;
	VTerm *terminal;
	VTermScreen *screen;
	struct watch watch; /* every byte that goes out: a leak fails the test ... */
	bool may_leak; /* ... but where it is provoked */
	bool plain; /* played line by line instead */
	struct plain linear;
	char *said; /* all that was said so far, in linear mode */
	size_t said_bytes;
	struct id remembered;
	struct hash heads[8];
	size_t head_count;
};

extern const char stage_passphrase[];

/* A temporary folder with a book of a dozen people and some groups. */
void stage_init(struct stage *s);
void stage_fini(struct stage *s);
/* people.c: fills the book. */
void stage_fill(struct stage *s, struct book *b);

/* people.c: Mairi's record as it is now, in the open book ... */
void stage_remember(struct stage *s);
/* ... and one of its texts written by somebody who saw it so. */
void stage_meanwhile(struct stage *s, const char *field, const char *text);
/* Two more directories, both seeded with one group of this name. */
/* The practice of the directory asks this of its groups besides. */
void stage_asks(struct stage *s, const char *name, const char *label);
void stage_twins(struct stage *s, const char *name);

void stage_start(struct stage *s);
/* Hands on to the terminal what was sent since. */
void stage_show(struct stage *s);
/* As a power cut would: nothing is kept that is not on disk by now. */
void stage_crash(struct stage *s);
void stage_stop(struct stage *s);
/* "mai Enter ^N": see README in this folder.  due: does what is due, too. */
void stage_keys(struct stage *s, const char *tokens, bool due);
void stage_bytes(struct stage *s, const char *bytes, size_t n, bool due);
void stage_wait(struct stage *s, long ms);
void stage_resize(struct stage *s, int rows, int columns);
void stage_hang_up(struct stage *s);
void stage_signal(struct stage *s, int number);
/* A full disk takes nothing more. */
void stage_disk(struct stage *s, bool full);

/* One row as the terminal shows it; blanks at the end are off. */
void stage_row(struct stage *s, int y, struct buf *out);
void stage_picture(struct stage *s, struct buf *out);
int stage_cursor(struct stage *s, int *column);

#endif

/* SPDX-License-Identifier: MIT
 *
 * How anything says that it could not.  Every function that can fail returns `enum err`;
 * the reason, in a sentence for a person, goes into a `struct diag` handed down by the
 * caller.  "Not there" (ERR_ABSENT) is an answer, never mixed up with "could not look".
 */
#ifndef LINKBOOK_ERR_H
#define LINKBOOK_ERR_H

#include <stddef.h>

#define MUST_USE	  __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))

/* A closed list: each has one meaning and one exit status (docs/format.md, CLI). */
enum err {
	OK = 0,
	ERR_ABSENT, /* it is not there */
	ERR_IO, /* the machine could not read or write */
	ERR_FULL, /* no room left on the disk */
	ERR_USAGE, /* asked for in a way that means nothing */
	ERR_UNLOCK, /* no slot opens: wrong passphrase, or a slot beyond the bounds */
	ERR_INPUT, /* what was given is wrong; diag says where and what to write */
	ERR_DAMAGED, /* bytes are not what was written */
	ERR_BUSY, /* another process has the book open */
	ERR_NEWER, /* written by a newer version in a way this one cannot read */
	ERR_REFUSED, /* understood, and not done; diag says why */
};

/* One sentence, and where it belongs.  file may be NULL; line and column count from 1,
 * 0 means "the whole of it". */
struct diag_line {
	char *file;
	unsigned line, column;
	char *text;
};

/* All that was found, in the order it was found.  Zero-initialise; diag_fini frees. */
struct diag {
	struct diag_line *lines;
	size_t count;
};

void diag_fini(struct diag *d);

/* d may be NULL: then nobody wants to know.  Texts are copied; whatever they quote, a sentence
 * is one line and holds nothing that a terminal obeys. */
void diag_say(struct diag *d, const char *fmt, ...) PRINTF_LIKE(2, 3);
void diag_say_at(struct diag *d, const char *file, unsigned line, unsigned column, const char *fmt,
		 ...) PRINTF_LIKE(5, 6);

/* Says all of from in d (or nowhere) as well; from is empty afterwards. */
void diag_move(struct diag *d, struct diag *from);

/* The first sentence, or "" when there is none.  Borrowed until the diag changes. */
/* Says all of `from` once more in `to` (which may be NULL). */
void diag_add(struct diag *to, const struct diag *from);
const char *diag_first(const struct diag *d);

/* e, after a sentence for it where what failed below had nobody to tell: of the machine's
 * failings and of damage, when nothing is said in d yet. */
enum err err_said(enum err e, struct diag *d);

/* A fault of the program itself: runs the farewell (which restores the terminal), says
 * where, aborts.  Never for input. */
#define BUG_IF(cond)                                                                               \
	do {                                                                                       \
		if (cond)                                                                          \
			err_bug(__FILE__, __LINE__, #cond);                                        \
	} while (0)
_Noreturn void err_bug(const char *file, int line, const char *what);

/* Memory ran out: farewell, a sentence, exit status 1.  See mem.h. */
_Noreturn void err_out_of_memory(void);

/* Called before the program dies by err_bug or err_out_of_memory; one at a time. */
void err_set_farewell(void (*farewell)(void));

#endif

/* SPDX-License-Identifier: MIT
 *
 * One sitting: the program is started, somebody types, something happens to it at a drawn key,
 * and what is left is looked at.
 */
#ifndef TYPING_SITTING_H
#define TYPING_SITTING_H

#include "after.h"
#include "pty.h"

struct sitting {
	struct pty p;
	struct typist t;
	const char *root, *book;
	const char *field; /* that is typed into */
	int64_t clock; /* ms, as the program has been told */
	bool plain; /* words stay on the screen: it can only write on */
	bool to_the_last; /* a control: nothing at all may be lost, whatever it was */
	enum after_saved saved;
	size_t least;
	struct buf why; /* what is not as it must be; empty: all is */
};

/* What may happen. */
struct blow {
	const char *name;
	void (*strike)(struct sitting *s);
	bool with_shell; /* the program can be stopped */
	bool untold; /* no signal tells it that the terminal has gone */
	bool note; /* ends in saving, which needs nothing else in a note */
	bool plain; /* the program shows its screens line by line, and is locked */
};
extern const struct blow blows[];
extern const size_t blow_count;

/* At root/run lies a book, as run.c has made it.  True: nothing is wrong. */
bool sitting_run(struct sitting *s, const char *program, const struct blow *blow, uint64_t seed);

/* --- sitting.c: for the blows --- */
void sitting_fail(struct sitting *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void sitting_type(struct sitting *s, size_t strokes); /* with pauses */
void sitting_stroke(struct sitting *s);
void sitting_word(struct sitting *s); /* a few letters; no paste is under way afterwards */
/* Everything typed is taken. */
bool sitting_sync(struct sitting *s);
/* The clock moves on, step by step.  False: the program stopped or ended. */
bool sitting_advance(struct sitting *s, int64_t ms);
void sitting_unlock(struct sitting *s);
void sitting_want_locked(struct sitting *s);
bool sitting_shows(struct sitting *s, const char *words);
void sitting_form(struct sitting *s, struct buf *out); /* as it is painted, and the cursor */

/* The program was killed: all but the last second is there. */
void sitting_want_killed(struct sitting *s);
/* It ended in order: everything is there, and the terminal as it was. */
void sitting_want_ended(struct sitting *s);
/* Nothing of the book is to be seen, and the terminal is as it was. */
void sitting_want_clean(struct sitting *s);
/* The book, opened by somebody else. */
void sitting_look(struct sitting *s);
/* The same of a copy of it. */
void sitting_look_at(struct sitting *s, const char *book);
/* From now on whatever is older than a second must be there. */
void sitting_keep_what_is_safe(struct sitting *s);

#endif

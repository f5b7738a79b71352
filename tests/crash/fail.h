/* SPDX-License-Identifier: MIT
 *
 * A machine that fails: calls of the C library that are put in front of the real ones, in the
 * program itself and in the libraries that it uses.  Those on files below one folder (and those
 * for memory, wherever) are counted, and the N-th of the kind in question fails.
 */
#ifndef CRASH_FAIL_H
#define CRASH_FAIL_H

#include <stdbool.h>
#include <stddef.h>

/* What a call does. */
enum fail_op {
	FAIL_OPEN = 1, /* for reading; folders too */
	FAIL_MAKE = 2, /* for writing */
	FAIL_READ = 4, /* bytes, and what a folder holds */
	FAIL_WRITE = 8,
	FAIL_SYNC = 16,
	FAIL_SIZE = 32,
	FAIL_NAME = 64, /* rename, unlink, mkdir */
	FAIL_CLOSE = 128,
	FAIL_LOOK = 256, /* stat */
	FAIL_MEMORY = 512, /* the heap, mappings, processes */
};

enum fail_how {
	FAIL_ERROR, /* -1, and errno; nothing was done */
	FAIL_HALF, /* a write does half of it and says so */
	FAIL_KILL, /* kill -9 before the call */
	FAIL_KILL_HALF, /* in the midst of it: after half of a write, after any other */
	FAIL_LIE, /* a write says that all is well, and does nothing: a control */
};
enum fail_times {
	FAIL_ONCE, /* the N-th only */
	FAIL_OFTEN, /* every other one from the N-th on */
	FAIL_EVER, /* all from the N-th on */
};

struct fail_plan {
	unsigned ops;
	enum fail_how how;
	enum fail_times times;
	int error;
};

/* Which files: before any of them is opened.  root: its path and all that begin like it. */
void fail_watch(const char *root);
/* A plan begins to count here, the at-th is struck. */
void fail_begin(const struct fail_plan *plan, size_t at);
/* The machine is well again. */
void fail_end(void);
/* For a while nothing is counted and nothing fails. */
void fail_pause(bool pause);
void fail_reset(void); /* of the counters */
/* How many calls were counted so far, and struck; in child processes, too. */
size_t fail_counted(void);
size_t fail_struck(void);

/* Once, before any fork: the counters are shared with children from then on. */
void fail_share(void);

#endif

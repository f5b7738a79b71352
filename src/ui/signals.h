/* SPDX-License-Identifier: MIT
 *
 * Signals as both fronts of this room take them (signals.c).
 */
#ifndef SIGNALS_H
#define SIGNALS_H

#include <stdbool.h>

enum {
	CAME_RESIZE = 1,
	CAME_HANG_UP = 2, /* the terminal has gone, or somebody ends the program */
	CAME_STOP = 4, /* job control, a shell's Ctrl+Z */
	CAME_CONTINUE = 8,
};

/* From here on signals only make fds[0] readable.  One catcher at a time in a process. */
bool signals_catch(int fds[2]);
/* ending: the program is about to end by itself, in order; what would end it any sooner no longer
 * does. */
void signals_release(int fds[2], bool ending);
/* What came since the last time; fds[0] is no longer readable. */
unsigned signals_take(int fds[2]);
/* Stops the process as SIGTSTP does where nobody catches it; returns when it goes on. */
void signals_stop(void);

#endif

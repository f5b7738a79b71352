/* SPDX-License-Identifier: MIT
 *
 * The program in a terminal of its own; see terminal.c.
 */
#ifndef CANARY_TERMINAL_H
#define CANARY_TERMINAL_H

#include <linkbook/buf.h>

#include <sys/types.h>
#include <vterm.h>

struct terminal {
	pid_t pid;
	int fd;
	struct buf said; /* every byte that it painted */
	VTerm *emulator;
	VTermScreen *screen;
};

/* argv[0] is the program; as_nobody: run as the user who is nobody, which only root can.  False: there are no pseudo terminals here. */
bool terminal_start(struct terminal *t, const char *term, bool as_nobody, const char *const argv[]);
/* Until the words stand on the screen. */
bool terminal_shows(struct terminal *t, const char *words);
void terminal_type(struct terminal *t, const char *keys);
/* Until it waits for a key. */
bool terminal_rests(struct terminal *t);
/* Until it has gone: its exit status. */
int terminal_end(struct terminal *t);
void terminal_fini(struct terminal *t);

#endif

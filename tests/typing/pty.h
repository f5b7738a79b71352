/* SPDX-License-Identifier: MIT
 *
 * The real program in a terminal of its own: a pseudo terminal, whose other end is a terminal
 * emulator, and a socket over which the program's clock is moved (seam_order).  Nothing here
 * waits for time to pass; every wait is for an answer, a stop or an end.
 */
#ifndef TYPING_PTY_H
#define TYPING_PTY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>
#include <linkbook/buf.h>
#include <vterm.h>

struct pty {
	pid_t pid; /* the program */
	pid_t shell; /* a process that stands for the shell it was started from; 0: none */
	int master, orders, statuses; /* -1: closed */
	unsigned sent, answered; /* orders */
	bool stopped, ended, hangs;
	int status; /* as waitpid has it, once stopped or ended */
	int rows, columns;
	VTerm *terminal;
	VTermScreen *screen;
	bool alternate, cursor;
	struct buf scrolled; /* what left the emulator's screen at the top */
	struct termios before;
};

enum pty_place {
	PTY_ALONE, /* the program leads its session */
	PTY_WITH_SHELL, /* it does not, and can be stopped */
	PTY_UNTOLD, /* it is in no session with the terminal: no signal comes when that goes */
};
/* argv is what execv takes; term: $TERM. */
void pty_start(struct pty *p, const char *const *argv, const char *term, enum pty_place place);
/* Kills what is left and closes all. */
void pty_fini(struct pty *p);

void pty_type(struct pty *p, const char *bytes, size_t n);
/* Gives an order and waits until all that came before it is done, or the program stopped or
 * ended.  True: it is done. */
bool pty_order(struct pty *p, int what, int64_t value);
/* A new size, and the signal that the system sends for it. */
void pty_resize(struct pty *p, int rows, int columns);
/* The terminal goes. */
void pty_hang_up(struct pty *p);
void pty_wait_end(struct pty *p);
/* Until the words are on the screen, somewhere in a row; false: they do not come. */
bool pty_wait_shown(struct pty *p, const char *words);
/* Until the program stops. */
void pty_wait_stop(struct pty *p);

void pty_picture(struct pty *p, struct buf *out);
void pty_row(struct pty *p, int y, struct buf *out);
VTermPos pty_cursor(struct pty *p);
/* What is wrong with the terminal for whoever goes on with it; NULL: nothing. */
const char *pty_fault(struct pty *p);

#endif

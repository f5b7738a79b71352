/* SPDX-License-Identifier: MIT
 *
 * What the files of this room share; the only place that includes curses.
 */
#ifndef TERMINAL_H
#define TERMINAL_H

#define NCURSES_WIDECHAR 1
#include <curses.h>
#undef OK /* ours is the same number, as a constant */

#include <linkbook/ui.h>

/* tty.c */
enum err tty_open(struct ui *ui, FILE *in, FILE *out, const char *term, struct diag *d);
void tty_close(struct ui *ui);
void tty_blit(struct ui *ui);
/* The size of the terminal itself, where it has one. */
void tty_size(const struct ui *ui, int *rows, int *columns);
void tty_resize(int rows, int columns);

/* keys.c */
enum { CODE_PASTE = 2000, CODE_PASTE_END, CODE_WORD_LEFT, CODE_WORD_RIGHT };
void keys_define(void);
/* Wipes what was typed from where curses keeps it. */
void keys_forget(void);
/* Reads all that has arrived and hands it to the app.  False: the other end has gone. */
bool keys_read(struct ui *ui);
/* A paste whose end does not arrive ends when nothing has come for this long: milliseconds
 * until then. */
enum { PASTE_MS = 500 };
int64_t keys_paste_due(const struct ui *ui);
/* Hands over what there is of a paste, if one is under way. */
void keys_end_paste(struct ui *ui);

#endif

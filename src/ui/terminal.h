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
/* Gives the terminal back, blank, to whoever goes on while the program is stopped ... */
void tty_pause(struct ui *ui);
/* ... and takes it again, whatever was done with it. */
void tty_resume(struct ui *ui);
/* The size of the terminal itself, where it has one. */
void tty_size(const struct ui *ui, int *rows, int *columns);
void tty_resize(int rows, int columns);

/* mouse.c */
bool mouse_is_there(void);
/* What asks a terminal for the mouse's reports, or ends that. */
const char *mouse_words(bool on);
/* A report has begun; and its next byte.  False: it is no part of one, which is over. */
void mouse_begin(struct ui *ui, int form); /* '<' or 'M' */
bool mouse_take(struct ui *ui, int c);

/* keys.c */
enum { CODE_PASTE = 2000, CODE_PASTE_END, CODE_WORD_LEFT, CODE_WORD_RIGHT };
void keys_define(void);
/* Wipes what was typed from where curses keeps it. */
void keys_forget(void);
/* Reads what has arrived, though not more than a few hundred keys, and hands it to the app.
 * False: the other end has gone. */
bool keys_read(struct ui *ui);
/* False: that was not all, and curses may have read ahead what no poll can see. */
bool keys_are_read(const struct ui *ui);
/* All that has arrived; of a flood without an end, a part. */
bool keys_read_all(struct ui *ui);
/* A paste whose end does not arrive ends when nothing has come for this long; and what there is
 * of one that takes longer is handed over, so that a draft is kept in time. */
enum { PASTE_MS = 500 };
/* Milliseconds until something of it is due; and doing what is. */
int64_t keys_paste_due(const struct ui *ui);
void keys_tend_paste(struct ui *ui);
/* Hands over what there is of a paste, if one is under way. */
void keys_end_paste(struct ui *ui);

#endif

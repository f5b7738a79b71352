/* SPDX-License-Identifier: MIT
 *
 * A slip to give away: what somebody needs to get to a group, in large print.  Nothing of the
 * person it is given to stands on it.
 */
#ifndef LINKBOOK_SLIP_H
#define LINKBOOK_SLIP_H

#include <linkbook/book.h>

/* Appends one group as plain text, no line longer than `width` columns; a short line between
 * several. */
void slip_add_text(struct book *b, const struct record *group, int width, struct buf *out);
/* The same as a page for a browser or a printer, all in one file: begun, groups, ended. */
void slip_begin_html(struct buf *out);
void slip_add_html(struct book *b, const struct record *group, struct buf *out);
void slip_end_html(struct buf *out);

/* True when there is a printer command (lp) in PATH. */
bool slip_can_print(void);
/* Hands a text to it, in large print.  ERR_ABSENT: there is no lp; ERR_IO: it did not take it. */
enum err MUST_USE slip_print(struct span text, struct diag *d);

#endif

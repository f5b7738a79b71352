/* SPDX-License-Identifier: MIT
 *
 * What a draft holds: which form, about whom, every field as typed, and where the cursor
 * was, as one CBOR map.  The book seals it and does not look inside.
 */
#ifndef DRAFT_H
#define DRAFT_H

#include "room.h"

/* Drafts as rows of a list, newest first: about one person, or (NULL) all. */
struct rows;
void drafts_add_rows(struct app *app, const struct id *person, size_t texts, struct rows *rows);
/* Opens the form a draft came from, exactly as it was.  NULL and a message when it cannot. */
struct screen *draft_resume(struct app *app, const struct id *draft);

#endif

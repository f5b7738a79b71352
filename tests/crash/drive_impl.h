/* SPDX-License-Identifier: MIT
 *
 * What drive.c and scenarios.c share: a practitioner at work, and the notes of what she did.
 */
#ifndef CRASH_DRIVE_IMPL_H
#define CRASH_DRIVE_IMPL_H

#include "drive.h"
#include "facts.h"

#include <linkbook/seam.h>

struct drive {
	const char *root;
	char *book;
	struct seam seam;
	const struct terms *terms;
	struct book *b; /* NULL: closed */
	struct id people[64]; /* the first of those that she made */
	size_t person_count;
};

/* A note into the log (facts.h). */
void drive_note(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* Whether to do it again, for that it failed (drive_failed); or the driver ends and says why. */
bool drive_again(struct drive *w, enum err e, struct diag *d, const char *what);
/* What the driver does on its own account begins, or is at its end. */
void drive_step_aside(bool begins);

uint64_t drive_draw(struct drive *w, uint64_t below);
char *drive_text(struct drive *w, size_t n);
/* Time goes by. */
void drive_tick(struct drive *w);
/* beside: "", or DRIVE_OTHER for the other copy's.  The path of its book; the caller frees. */
char *drive_set_state(const char *root, const char *beside);

void drive_make(struct drive *w);
void drive_open(struct drive *w);
void drive_close(struct drive *w);

/* Notes what a key says now, and what it will say. */
void drive_try(struct drive *w, const char *key, const char *value);
/* The same for a key that counts. */
void drive_try_more(struct drive *w, const char *key, unsigned more);

/* A put in the making; each field is noted as tried. */
struct writing {
	struct put put;
	struct buf values[6];
	struct put_field fields[6];
};
struct writing write_begin(const char *kind, const struct id *id, bool is_new);
void write_text(struct drive *w, struct writing *p, const char *field, char *text); /* takes */
void write_read(struct drive *w, struct writing *p, const char *field, const char *text);
void write_person(struct drive *w, struct writing *p, size_t long_text);
/* A contact with somebody. */
void write_note(struct drive *w, struct writing *p);

/* All of them as one step; acknowledged, or not yet. */
void drive_save(struct drive *w, struct writing *v, size_t count);
void drive_save_unsaid(struct drive *w, struct writing *v, size_t count);

void drive_add_person(struct drive *w);
void drive_change_person(struct drive *w);
void drive_add_note(struct drive *w);

#endif

/* SPDX-License-Identifier: MIT
 *
 * A form while it is open: its fields, what it will become, and its draft.  k_form.c does
 * keys and ticks, writing_build.c which fields there are, writing_own.c those of the practice's
 * own among them, writing_paint.c the painting,
 * writing_save.c what leads to the book, draft.c what is kept until then.
 */
#ifndef WRITING_H
#define WRITING_H

#include "entry.h"
#include <linkbook/extra.h>

struct writing {
	struct screen base;
	struct id person; /* zero: about nobody yet */
	struct id record; /* drawn when it began, so that a draft saved twice is one record */
	struct id in; /* of one that was there: its ref's */
	struct id
		directory; /* of a new one in a directory, where there are several; zero: not asked yet */
	struct id draft;
	struct hash *heads; /* of the record as it was when the form began; a new one has none */
	size_t head_count;
	bool is_change; /* of a record that was there */
	struct entry *entries;
	size_t count;
	struct extras extras; /* what the practice asks of its groups besides ... */
	struct def_entry *own; /* ... and as fields, one each */
	size_t focus;
	bool whole; /* the focused date as a whole: typing replaces it */
	int width; /* of the text, as painted last */
	int page;
	size_t note_top; /* one of the rows of the focused text ... */
	int note_y; /* ... and where it was painted */
	size_t top; /* the first row of the text, or line of the fields, painted */
	bool altered; /* since the form began (or its draft did) */
	bool unkept; /* since the draft was last kept */
	int64_t first_key; /* of those not kept: boot_ms */
	size_t kept_focus, kept_cursor; /* in the draft */
	int64_t kept_at; /* now_ms of the draft; 0: none yet */
};

/* Empty; takes what the practice asks besides. */
struct writing *writing_blank(struct app *app, const struct screen_def *def, struct extras *own);

/* --- writing_build.c --- */
/* One entry a field, and for rows the one that adds a row. */
void writing_build(struct app *app, struct writing *w);
/* The cells of one more row, in front of the entry that adds rows (at `at`); the first one's
 * place. */
size_t writing_add_row(struct app *app, struct writing *w, size_t at, const struct id *row);
/* The entry that adds rows to a field; w->count when there is none. */
size_t writing_find_add(const struct writing *w, const char *field);
/* What the record holds. */
void writing_fill(struct app *app, struct writing *w, const struct record *r);
/* Which sections are asked, by what was typed so far. */
void writing_update(struct writing *w);
/* "Phone 2 number" */
void writing_label(const struct writing *w, size_t i, struct buf *out);
/* What a draft calls an entry: "phone/<row>/number", "extra/bus_stop"; "" for the one that adds
 * rows. */
void writing_name(const struct writing *w, const struct entry *e, struct buf *out);

/* --- writing_own.c --- */
/* What a form asks besides, of a group in this directory (zero: the only one). */
void writing_find_own(struct app *app, const struct screen_def *def, const struct id *in,
		      struct extras *out);
/* The entry is one of them. */
bool entry_is_own(const struct entry *e);
const char *writing_own_name(const struct writing *w, const struct entry *e);
/* w->own, from w->extras. */
void writing_make_own(struct writing *w);
void writing_fill_own(struct app *app, struct writing *w, struct entry *e, const struct record *r);
/* Entry i stands for all of them where there is one value for the field they are in. */
bool writing_own_speaks(const struct writing *w, size_t i);
bool writing_own_altered(const struct writing *w);
/* Those to be written, as rows; false where one cannot be kept so. */
bool writing_read_own(struct app *app, struct writing *w, struct buf *out);

/* --- k_form.c --- */
struct entry *writing_focused(const struct writing *w);
void writing_focus(struct app *app, struct writing *w, size_t to);
/* To the next field that is asked, round and round; back when by < 0. */
void writing_go(struct app *app, struct writing *w, long by);
/* The picker over the focused field, finding by what was typed. */
void writing_list_options(struct app *app, struct writing *w, struct span typed);
/* Something was typed: a draft is due. */
void writing_touch(struct app *app, struct writing *w);
/* True when nothing is in it but what it began with. */
bool writing_is_empty(const struct writing *w);

void writing_paint(struct app *app, struct screen *s, struct grid *g, struct box box);
/* The first field that is asked of its section. */
bool writing_begins_section(const struct writing *w, size_t i);
/* --- writing_answer.c --- */
void writing_ask(struct app *app, struct screen *s, struct buf *out);
void writing_answer(struct app *app, struct screen *s, struct span line);
bool writing_takes_words(const struct screen *s);
/* --- writing_point.c --- */
void writing_point(struct app *app, struct screen *s, const struct spot *spot, int y, int x);

/* Of several practices' lists one must be chosen first: asks which, and then saves. */
bool writing_asks_directory(struct app *app, struct writing *w,
			    void saves(struct app *app, struct writing *w));
/* True when it is in the book; else the faults are under their fields. */
bool writing_save(struct app *app, struct writing *w);
/* Keeps the draft, or gives it up when the form was emptied.  False: it could not. */
bool writing_keep(struct app *app, struct writing *w);

#endif

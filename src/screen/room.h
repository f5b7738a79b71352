/* SPDX-License-Identifier: MIT
 *
 * What the files of this room share: the stack of screens and what each kind of screen is.
 */
#ifndef ROOM_H
#define ROOM_H

#include <linkbook/command.h>
#include <linkbook/screen.h>
#include <linkbook/wrap.h>

/* A part of the grid. */
struct box {
	int y, x, rows, columns;
};

/* The lines over the first rule. */
struct heading {
	struct buf left, right;
};

/* Each kind of screen is one const table.  A screen is made by its kind's own function,
 * pushed on the stack, and freed when it leaves it. */
struct screen_kind {
	unsigned place; /* which commands there are (enum place) */
	void (*free)(struct screen *s);
	/* Reads again what it shows; called before it is first shown and whenever the book may
	 * have changed beneath it. */
	void (*refresh)(struct app *app, struct screen *s);
	void (*heading)(struct app *app, struct screen *s, struct heading *h);
	/* Paints into box only, and sets the cursor. */
	void (*paint)(struct app *app, struct screen *s, struct grid *g, struct box box);
	/* True when it dealt with the command; else the app does what is common to all. */
	bool (*act)(struct app *app, struct screen *s, const struct command *c);
	/* Text that was typed or pasted; NULL: it has no use for any. */
	void (*type)(struct app *app, struct screen *s, struct span text, bool pasted);
	/* Puts the cursor on a row by the index of its spot.  True: it stood there already.  NULL:
	 * there are no rows to choose from. */
	bool (*select)(struct screen *s, size_t index);
	/* Finds by these words instead of those typed before.  NULL: nothing is found by typing. */
	void (*find)(struct screen *s, struct span words);
	/* A click at (y, x), into a field or label it painted.  NULL: there are none. */
	void (*point)(struct app *app, struct screen *s, const struct spot *spot, int y, int x);
	/* Line by line: appends what is asked now, a sentence a line; and takes a line written in
	 * answer.  NULL: what is painted is said, and rows are chosen by number. */
	void (*ask)(struct app *app, struct screen *s, struct buf *out);
	void (*answer)(struct app *app, struct screen *s, struct span line);
	/* Whether an answer would be added to what is there; NULL: no. */
	bool (*takes_words)(const struct screen *s);
	/* Whether an offered command makes sense now; NULL: yes. */
	bool (*can)(struct app *app, struct screen *s, const struct command *c);
	/* Keeps what was typed, now; false and a message: it could not.  NULL: nothing to keep. */
	bool (*keep)(struct app *app, struct screen *s);
	/* The draft that brings the screen back after a lock, as kept by now; zero: nothing does. */
	struct id (*again)(struct app *app, struct screen *s);
	/* Does what is due; it may replace the whole stack. */
	void (*tick)(struct app *app, struct screen *s);
	/* Milliseconds until tick has something to do, -1: nothing. */
	int64_t (*due)(struct app *app, struct screen *s);
};

/* When something was read from the book: as long as app_is_unchanged holds, reading it again
 * would show the same, drafts left out. */
struct moment {
	uint64_t version; /* the book's; 0: nothing is known */
	int64_t day; /* dates are said as seen from it */
};

/* The first member of every screen. */
struct screen {
	const struct screen_kind *kind;
	const struct screen_def *def; /* NULL: lock and help */
};

/* --- app.c: the stack ---------------------------------------------------------------------- */
/* Takes s; false: APP_DEPTH are open, s is gone and the message says so. */
bool app_push(struct app *app, struct screen *s);
void app_pop(struct app *app); /* the one beneath is refreshed */
/* A refresh selects what was saved just now rather than what was selected before, once. */
void app_select_saved(struct app *app, struct id *was);
struct screen *app_top(const struct app *app);
/* Notes in the access log that it was shown. */
void app_looked_at(struct app *app, const struct record *r);
/* After the book was opened: People, over it the person last open, and the forms that were open
 * when it locked. */
void app_begin(struct app *app);
void app_say(struct app *app, unsigned attr, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* What went wrong, in the message line: "Not saved: ...". */
void app_say_fault(struct app *app, const char *what, enum err e, const struct diag *d);
int64_t app_boot_ms(const struct app *app);
struct when app_now(const struct app *app);
/* Asked before the reading. */
struct moment app_moment(const struct app *app);
bool app_is_unchanged(const struct app *app, struct moment since);
const struct screen_def *app_def(const struct app *app, const char *name);
/* The groups, read; the app's until it locks. */
struct finder *app_finder(struct app *app);
/* Input has come, begun at boot_ms `since`.  False: it goes nowhere. */
bool app_take_input(struct app *app, int64_t since);
/* The window is too small for any screen. */
bool app_is_too_small(const struct app *app);
/* As when the key is pressed on the screen at hand. */
void app_press(struct app *app, int press);
/* Does what a command says on the screen at hand. */
void app_act(struct app *app, const struct command *c);
/* True when the screen can do what the command says. */
bool app_can(struct app *app, struct screen *s, const struct command *c);
/* frame.c */
void frame_paint(struct app *app, struct screen *s, struct grid *g);
/* A row of a list, `rows` high from y, can be pointed at. */
void frame_add_row_spot(struct grid *g, size_t index, int y, int rows);
/* The selected row of a list: told by a mark and the cursor, not by looks alone. */
void frame_mark_row(struct grid *g, int y);

/* --- the kinds ----------------------------------------------------------------------------- */
struct screen *lock_new(void);
struct screen *list_new(struct app *app, const struct screen_def *def);
/* The list of groups, for a person. */
struct screen *list_for_person(struct app *app, const struct screen_def *def,
			       const struct id *person);
struct screen *person_new(struct app *app, const struct id *person);
bool person_is(const struct screen *s, const struct id *person);
/* A form for a new record of its kind; person NULL: about nobody yet. */
struct screen *writing_new(struct app *app, const struct screen_def *def, const struct id *person);
/* A form for a record that is there; NULL and a message when it cannot be read. */
struct screen *writing_change(struct app *app, const struct screen_def *def, struct ref ref);
/* A record in words, by its screen's sections. */
struct screen *text_of_record(struct app *app, const struct screen_def *def, struct ref ref);
/* What can be done on a screen. */
/* What happened to a record; NULL and a message when it cannot be read. */
struct screen *text_of_history(struct app *app, struct ref ref);
struct screen *text_of_help(struct app *app, struct screen *about);

/* The first form for a record type that asks for all of it (it is what a text leads to); NULL
 * when there is none.  (places.c) */
const struct screen_def *app_form_of(const struct app *app, const struct kind *k);
/* What forms call a field; its own name with blanks where none does. */
void app_field_label(const struct app *app, const struct kind *k, const struct field *f,
		     struct buf *out);

/* --- banner.c ------------------------------------------------------------------------------ */
/* "MAIRI MACLEOD, 1961, Anderston  ! stairs" */
void banner_say(struct app *app, const struct id *person, struct buf *out);
/* As lists call them: "Mairi MacLeod". */
void banner_name(struct app *app, const struct id *person, struct buf *out);
/* A title with {person} filled in; as_banner: by banner_say; NULL or zero: nobody is meant, so that
 * "Note for {person}" is "Note". */
void banner_title(struct app *app, const char *title, const struct id *person, bool as_banner,
		  struct buf *out);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Every kind of key, in every kind of list.
 */
#include "walk.h"
#include "places.h"
#include "room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Found often, seldom, by two words, by a slip of the finger, not at all; in the order in which
 * somebody would try. */
static const char *const sought[] = {"canal", "gas bill",   "mairi macleod", "face",  "oneil w",
				     "caef",  "landlrod b", "xylophone",     "2026-1"};

/* --- one key ---------------------------------------------------------------------------- */

/* Of the processor: what else the machine does is no part of it, and no key waits for a disk. */
static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void note(struct walk *w, const char *screen, const char *what, double since)
{
	app_paint(w->app, &w->grid);
	w->note(w->arg, screen, what, now() - since);
}

static void press(struct walk *w, const char *screen, const char *what, int press)
{
	struct key key = {.press = press};
	double since = now();
	app_key(w->app, &key);
	note(w, screen, what, since);
}

static void type(struct walk *w, const char *screen, char letter)
{
	struct key key = {.press = PRESS_TEXT, .text = {letter}};
	double since = now();
	app_key(w->app, &key);
	note(w, screen, "a letter", since);
}

/* --- what is done in each --------------------------------------------------------------- */

static void seek(struct walk *w, const char *screen)
{
	for (size_t i = 0; i < sizeof sought / sizeof *sought; i++) {
		for (const char *c = sought[i]; *c; c++)
			type(w, screen, *c);
		press(w, screen, "Down", PRESS_DOWN);
		for (size_t n = strlen(sought[i]); n--;)
			press(w, screen, "Backspace", PRESS_BACKSPACE);
	}
}

static void move(struct walk *w, const char *screen)
{
	static const struct {
		const char *what;
		int press;
	} moves[] = {
		{"Down", PRESS_DOWN}, {"PgDn", PRESS_PAGE_DOWN}, {"PgDn", PRESS_PAGE_DOWN},
		{"End", PRESS_END},   {"Up", PRESS_UP},		 {"PgUp", PRESS_PAGE_UP},
		{"Home", PRESS_HOME}, {"PgDn", PRESS_PAGE_DOWN}, {"Down", PRESS_DOWN},
	};
	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
		press(w, screen, moves[i].what, moves[i].press);
}

static void open_and_back(struct walk *w, const char *screen)
{
	for (int i = 0; i < 3; i++) {
		press(w, screen, "Down", PRESS_DOWN);
		press(w, screen, "Enter, a row", PRESS_ENTER);
		press(w, screen, "Esc, back", PRESS_ESC);
	}
}

static void push(struct walk *w, const char *screen, struct screen *s, double since)
{
	app_push(w->app, s);
	note(w, screen, "opened", since);
}

/* Or what follows would be measured somewhere else. */
static void must_be_at(const struct walk *w, const struct screen *s)
{
	if (app_top(w->app) != s) {
		fprintf(stderr, "walk: not where it should be: %s\n", buf_text(&w->app->message));
		abort();
	}
}

/* What alters the book: what a record says, changed, taken back, and brought back. */
static void alter(struct walk *w, const char *screen)
{
	const struct screen *s = app_top(w->app);
	app_push(w->app, writing_change(w->app, app_def(w->app, "note"), w->contact));
	for (int i = 0; i < 4; i++) /* to the words */
		press(w, "note", "Down", PRESS_DOWN);
	type(w, "note", 'x');
	press(w, screen, "^S, back", PRESS_CTRL + 's');
	must_be_at(w, s);
	press(w, screen, "^Z", PRESS_CTRL + 'z');
	press(w, screen, "^Y", PRESS_CTRL + 'y');
	press(w, screen, "^Z", PRESS_CTRL + 'z');
}

/* By a column that is picked, and as it was. */
static void sort(struct walk *w, const char *screen)
{
	const struct command *c = command_find("sort");
	for (int i = 0; i < 2; i++) {
		app_act(w->app, c);
		press(w, screen, i ? "sorted as before" : "sorted", PRESS_ENTER);
	}
}

/* --- the screens ------------------------------------------------------------------------ */

static void walk_list(struct walk *w, const char *name)
{
	const struct screen_def *def = app_def(w->app, name);
	double since = now();
	push(w, name, list_new(w->app, def), since);
	seek(w, name);
	move(w, name);
	open_and_back(w, name);
	for (size_t i = 0; i <= def->filter_count; i++)
		press(w, name, "F2, a filter", PRESS_F1 + 1);
	alter(w, name);
	sort(w, name);
	press(w, "palette", "opened", PRESS_CTRL + 'p');
	seek(w, "palette");
	move(w, "palette");
	press(w, name, "Esc, back", PRESS_ESC);
	app_pop(w->app);
}

static void walk_person(struct walk *w)
{
	double since = now();
	push(w, "person", person_new(w->app, &w->contact.in), since);
	seek(w, "person");
	move(w, "person");
	open_and_back(w, "person");
	app_pop(w->app);
}

static void walk_picker(struct walk *w)
{
	double since = now();
	app_add_to(w->app, app_def(w->app, "contacts"));
	note(w, "picker", "opened", since);
	seek(w, "picker");
	move(w, "picker");
	app_pop(w->app);
}

struct counting {
	struct ref *v;
	size_t count, cap;
};

static bool count_one(void *arg, const struct record *r)
{
	struct counting *c = arg;
	if (c->count == c->cap)
		c->v = realloc(c->v, (c->cap = c->cap ? c->cap * 2 : 64) * sizeof *c->v);
	c->v[c->count++] = ref_of(r);
	return true;
}

static int by_person(const void *a, const void *b)
{
	const struct ref *x = a, *y = b;
	return id_order(&x->in, &y->in);
}

/* A contact with whoever has most. */
static struct ref busiest(struct book *b)
{
	struct counting c = {0};
	struct ref found = {{{0}}, {{0}}};
	size_t most = 0, run = 0;
	if (book_scan(b, kind_find("contact"), NULL, count_one, &c))
		abort();
	if (c.count)
		qsort(c.v, c.count, sizeof *c.v, by_person);
	for (size_t i = 0; i < c.count; i++) {
		run = i && id_equal(&c.v[i].in, &c.v[i - 1].in) ? run + 1 : 1;
		if (run > most) {
			most = run;
			found = c.v[i];
		}
	}
	free(c.v);
	return found;
}

void walk_init(struct walk *w, struct app *app)
{
	*w = (struct walk){.app = app, .contact = busiest(app->book)};
	grid_init(&w->grid, 24, 80, false);
	app_resize(app, 24, 80);
}

void walk_fini(struct walk *w)
{
	grid_fini(&w->grid);
}

void walk_all(struct walk *w)
{
	walk_list(w, "contacts");
	walk_list(w, "people");
	walk_person(w);
	walk_picker(w);
}

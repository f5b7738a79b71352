/* SPDX-License-Identifier: MIT
 *
 * The stack of screens, and what a key does on every one of them.
 */
#include "doing.h"
#include "draft.h"
#include "places.h"
#include "listing.h"
#include "room.h"
#include <linkbook/mem.h>

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int64_t app_boot_ms(const struct app *app)
{
	return app->o.seam->boot_ms(app->o.seam);
}

struct when app_now(const struct app *app)
{
	return when_now(app->o.seam);
}

struct moment app_moment(const struct app *app)
{
	return (struct moment){book_version(app->book), when_to_days(app_now(app))};
}

bool app_is_unchanged(const struct app *app, struct moment since)
{
	struct moment now = app_moment(app);
	return now.version && now.version == since.version && now.day == since.day;
}

const struct screen_def *app_def(const struct app *app, const char *name)
{
	const struct screen_def *def = screens_find(&app->screens, name);
	BUG_IF(!def);
	return def;
}

void app_say(struct app *app, unsigned attr, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;
	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		err_out_of_memory();
	va_end(args);
	buf_clear(&app->message);
	buf_add_text(&app->message, text);
	app->message_attr = attr;
	free(text);
}

void app_say_fault(struct app *app, const char *what, enum err e, const struct diag *d)
{
	const char *why = diag_first(d);
	if (!*why)
		why = e == ERR_FULL ? "the disk is full" : "the machine could not do it";
	app_say(app, ATTR_WRONG, "%s: %s", what, why);
}

struct screen *app_top(const struct app *app)
{
	return app->depth ? app->stack[app->depth - 1] : NULL;
}

bool app_push(struct app *app, struct screen *s)
{
	if (app->depth == APP_DEPTH) {
		s->kind->free(s);
		app_say(app, 0, "Many screens are open. Esc goes back; then it can be opened.");
		return false;
	}
	app->stack[app->depth++] = s;
	if (s->kind->refresh)
		s->kind->refresh(app, s);
	return true;
}

static void drop_top(struct app *app)
{
	struct screen *s = app->stack[--app->depth];
	s->kind->free(s);
}

void app_select_saved(struct app *app, struct id *was)
{
	if (!id_is_zero(&app->saved))
		*was = app->saved;
	app->saved = (struct id){{0}};
}

void app_pop(struct app *app)
{
	drop_top(app);
	struct screen *s = app_top(app);
	if (s && s->kind->refresh)
		s->kind->refresh(app, s);
}

static bool keep_all(struct app *app)
{
	bool kept = true;
	for (size_t i = 0; i < app->depth; i++)
		if (app->stack[i]->kind->keep && !app->stack[i]->kind->keep(app, app->stack[i]))
			kept = false;
	return kept;
}

/* Who looked at whom goes into the book before it is closed; a disk that does not take it is no
 * reason to stay open, and it has been kept as a draft while there was room. */
static void close_log(struct app *app)
{
	if (app->book && book_log_write(app->book, NULL) && book_log_keep(app->book, NULL))
		return;
	app->log_due = 0;
}

static void close_all(struct app *app)
{
	while (app->depth)
		drop_top(app);
	listings_free(app);
	close_log(app);
	book_close(app->book);
	app->book = NULL;
}

static void remember_forms(struct app *app)
{
	app->again_count = 0;
	for (size_t i = 0; i < app->depth; i++) {
		struct screen *s = app->stack[i];
		struct id draft = s->kind->again ? s->kind->again(app, s) : (struct id){{0}};
		if (!id_is_zero(&draft))
			app->again[app->again_count++] = draft;
	}
}

/* Words that cannot be kept on the disk are kept on the screen: better an open book than a
 * lost note. */
bool app_lock(struct app *app)
{
	if (!app->book)
		return true;
	if (!keep_all(app))
		return false;
	remember_forms(app);
	close_all(app);
	app_push(app, lock_new());
	buf_clear(&app->message);
	return true;
}

/* A draft that another copy has finished meanwhile is none any more, and is not missed. */
static void open_forms_again(struct app *app)
{
	for (size_t i = 0; i < app->again_count; i++) {
		struct screen *form = draft_resume(app, &app->again[i]);
		if (form)
			app_push(app, form);
		else
			buf_clear(&app->message);
	}
	app->again_count = 0;
}

void app_begin(struct app *app)
{
	while (app->depth)
		drop_top(app);
	app->last_key = app_boot_ms(app);
	app->slept = app->o.seam->asleep_ms(app->o.seam);
	app_push(app, list_new(app, app_def(app, "people")));
	struct record r = {0};
	if (!id_is_zero(&app->person) && !book_get(app->book, &app->person, &r)) {
		record_fini(&r);
		app_push(app, person_new(app, &app->person));
	}
	open_forms_again(app);
}

/* It is kept within a second, like everything else. */
static void note(struct app *app, const char *act, const struct record *r)
{
	book_log(app->book, act, r);
	app->log_due = app_boot_ms(app) + APP_DRAFT_MS;
}

void app_looked_at(struct app *app, const struct record *r)
{
	note(app, "looked_at", r);
}

static void keep_log(struct app *app)
{
	struct diag d = {0};
	app->log_due = 0;
	enum err e = book_log_keep(app->book, &d);
	if (e && !app->message.n) /* a note that is not kept is the worse news */
		app_say_fault(app, "Who looked at what is not noted", e, &d);
	diag_fini(&d);
}

enum err app_open_book(struct app *app, struct span passphrase, struct diag *d)
{
	enum err e =
		book_open(app->o.seam, app->o.book_dir, passphrase, app->o.terms, &app->book, d);
	if (!e)
		note(app, "opened", NULL);
	return e;
}

/* All of them to who asked, the first one on the screen. */
static void say_mistakes(struct app *app, const struct diag *mistakes, struct diag *d)
{
	const struct diag_line *first = &mistakes->lines[0];
	diag_add(d, mistakes);
	app_say(app, ATTR_WRONG,
		"A screen file has a mistake, so the usual screen is shown. %s:%u: %s",
		first->file ? first->file : "", first->line, first->text);
}

enum err app_init(struct app *app, const struct app_options *o, struct diag *d)
{
	*app = (struct app){.o = *o, .rows = 24, .columns = 80, .message = BUF_SECRET};
	app->last_key = app->typed_at = app_boot_ms(app);
	struct diag told = {0}, mistakes = {0};
	enum err e = screens_load(o->seam, o->screens_dir, o->terms, &app->screens, &mistakes);
	if (!e && o->passphrase && !app_open_book(app, span_text(o->passphrase), &told))
		app_begin(app);
	else if (!e)
		app_push(app, lock_new());
	if (mistakes.count)
		say_mistakes(app, &mistakes, d);
	else if (told.count)
		app_say(app, 0, "%s", diag_first(&told));
	diag_fini(&mistakes);
	diag_fini(&told);
	return e;
}

void app_fini(struct app *app)
{
	keep_all(app);
	close_all(app);
	screens_fini(&app->screens);
	buf_fini(&app->message);
}

void app_hang_up(struct app *app)
{
	keep_all(app);
	close_all(app);
	app->leaving = true;
}

bool app_can(struct app *app, struct screen *s, const struct command *c)
{
	if (c->offered && !(s->def && def_offers(s->def, c)))
		return false;
	bool needs_book = c->action == ACT_GROUPS || c->action == ACT_LOCK ||
			  c->action == ACT_MENU || c->action == ACT_PALETTE ||
			  c->action == ACT_SHOW_BIN || c->action == ACT_CONFLICTS ||
			  c->action == ACT_UNDO || c->action == ACT_REDO;
	if (needs_book && !app->book)
		return false;
	return !s->kind->can || s->kind->can(app, s, c);
}

static void go_back(struct app *app)
{
	if (app->depth > 1)
		app_pop(app);
	else
		app_say(app, 0, "This is the first screen; ^Q leaves.");
}

static void lock(struct app *app)
{
	app_lock(app);
}

static void undo_step(struct app *app)
{
	app_undo_step(app, false);
}

static void redo_step(struct app *app)
{
	app_undo_step(app, true);
}

/* Asked twice, it leaves even words behind that no disk would take. */
static void leave(struct app *app)
{
	if (!keep_all(app) && !app->warned) {
		buf_add_text(&app->message, " ^Q once more leaves without it.");
		app->warned = true;
		return;
	}
	close_all(app);
	app->leaving = true;
}

static void reassure(struct app *app)
{
	app_say(app, 0, "Nothing was lost. ^Q leaves.");
}

static void help(struct app *app)
{
	app_push(app, text_of_help(app, app_top(app)));
}

/* What a command does where the screen has no meaning of its own for it. */
static void act_common(struct app *app, enum action action)
{
	static const struct {
		enum action action;
		void (*act)(struct app *app);
	} common[] = {
		{ACT_BACK, go_back},
		{ACT_GROUPS, app_go_to_groups},
		{ACT_LOCK, lock},
		{ACT_LEAVE, leave},
		{ACT_REASSURE, reassure},
		{ACT_HELP, help},
		{ACT_MENU, app_menu},
		{ACT_PALETTE, app_palette},
		{ACT_SHOW_BIN, app_show_bin},
		{ACT_CONFLICTS, app_show_conflicts},
		{ACT_UNDO, undo_step},
		{ACT_REDO, redo_step},
	};
	for (size_t i = 0; i < sizeof common / sizeof *common; i++)
		if (common[i].action == action) {
			common[i].act(app);
			return;
		}
}

void app_act(struct app *app, const struct command *c)
{
	struct screen *s = app_top(app);
	if (s && (!s->kind->act || !s->kind->act(app, s, c)))
		act_common(app, c->action);
}

bool app_is_too_small(const struct app *app)
{
	return app->rows < APP_ROWS || app->columns < APP_COLUMNS;
}

/* In a window too small to see what one does, only what is safe. */
static bool is_safe_unseen(enum action a)
{
	return a == ACT_LOCK || a == ACT_LEAVE || a == ACT_REASSURE;
}

static int64_t idle_ms(const struct app *app)
{
	return app_boot_ms(app) - app->last_key;
}

static int64_t slept_ms(const struct app *app)
{
	return app->o.seam->asleep_ms(app->o.seam) - app->slept;
}

bool app_lock_is_due(const struct app *app)
{
	return app->book && (idle_ms(app) >= APP_IDLE_MS || slept_ms(app) >= APP_SLEPT_MS);
}

/* Who comes now may be somebody else.  Where it may not lock, it tries again later. */
static bool lock_when_due(struct app *app)
{
	if (!app_lock_is_due(app))
		return false;
	app->last_key = app_boot_ms(app);
	app->slept = app->o.seam->asleep_ms(app->o.seam);
	return app_lock(app);
}

/* False: what was typed goes nowhere.  A key that comes after a long silence was meant for a
 * screen that is to be seen no more, and is not taken for a part of the passphrase. */
bool app_take_input(struct app *app, int64_t since)
{
	if (app->leaving || lock_when_due(app))
		return false;
	app->last_key = app_boot_ms(app);
	app->typed_at = since;
	buf_clear(&app->message);
	return true;
}

void app_stay(struct app *app)
{
	if (!app_lock_is_due(app))
		app->last_key = app_boot_ms(app);
}

void app_press(struct app *app, int press)
{
	struct screen *s = app_top(app);
	const struct command *c = s ? command_for_key(s->kind->place, press) : NULL;
	if (!c || !app_can(app, s, c) || (app_is_too_small(app) && !is_safe_unseen(c->action)))
		return;
	app_act(app, c);
}

void app_key(struct app *app, const struct key *key)
{
	if (!app_take_input(app, app_boot_ms(app)))
		return;
	struct screen *s = app_top(app);
	if (key->press != PRESS_CTRL + 'q')
		app->warned = false;
	if (!s)
		return;
	if (key->press == PRESS_TEXT) {
		if (s->kind->type && !app_is_too_small(app))
			s->kind->type(app, s, span_text(key->text), false);
		return;
	}
	app_press(app, key->press);
}

void app_paste_since(struct app *app, struct span text, int64_t since)
{
	/* What came before a silence was meant for the screen that was open; it locks after it. */
	bool came_before = !app->leaving && app_lock_is_due(app) && since < app_boot_ms(app);
	if (came_before)
		app->typed_at = since;
	else if (!app_take_input(app, since))
		return;
	struct screen *s = app_top(app);
	if (s && s->kind->type)
		s->kind->type(app, s, text, true);
}

void app_paste(struct app *app, struct span text)
{
	app_paste_since(app, text, app_boot_ms(app));
}

void app_tick(struct app *app)
{
	if (app->leaving || lock_when_due(app))
		return;
	/* A tick may open the book, and then the stack is another one. */
	for (size_t i = 0; i < app->depth; i++)
		if (app->stack[i]->kind->tick)
			app->stack[i]->kind->tick(app, app->stack[i]);
	if (app->book && app->log_due && app_boot_ms(app) >= app->log_due)
		keep_log(app);
}

int64_t app_next_ms(struct app *app)
{
	int64_t next = app->book ? APP_LOOK_MS : APP_IDLE_MS, idle = APP_IDLE_MS - idle_ms(app);
	if (app_lock_is_due(app))
		return 0;
	if (app->book && idle < next)
		next = idle;
	if (app->log_due && app->log_due - app_boot_ms(app) < next)
		next = app->log_due - app_boot_ms(app);
	for (size_t i = 0; i < app->depth; i++) {
		struct screen *s = app->stack[i];
		int64_t due = s->kind->due ? s->kind->due(app, s) : -1;
		if (due >= 0 && due < next)
			next = due;
	}
	return next > 0 ? next : 0;
}

void app_resize(struct app *app, int rows, int columns)
{
	app->rows = rows;
	app->columns = columns;
}

void app_paint(struct app *app, struct grid *g)
{
	grid_clear(g);
	if (app_top(app))
		frame_paint(app, app_top(app), g);
}

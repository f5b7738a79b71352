/* SPDX-License-Identifier: MIT
 *
 * The form: what keys do to its fields.  Leaving it half done is always allowed; only saving
 * asks for what must be there.
 */
#include "pick.h"
#include "writing.h"
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>

static void writing_free(struct screen *s)
{
	struct writing *w = (struct writing *)s;
	for (size_t i = 0; i < w->count; i++)
		entry_fini(&w->entries[i]);
	free(w->entries);
	free(w->own);
	extras_fini(&w->extras);
	free(w->heads);
	free(w);
}

struct entry *writing_focused(const struct writing *w)
{
	return &w->entries[w->focus];
}

void writing_focus(struct app *app, struct writing *w, size_t to)
{
	if (to != w->focus)
		entry_leave(writing_focused(w), app);
	w->focus = to;
	enum vtype type = writing_focused(w)->field->type;
	w->whole = (type == V_DATE || type == V_MOMENT) && writing_focused(w)->edit.text.n;
}

/* As one step to undo.  A date is hardly ever put right letter by letter. */
static void clear_whole(struct writing *w)
{
	struct edit *e = &writing_focused(w)->edit;
	if (!w->whole)
		return;
	w->whole = false;
	edit_set_cursor(e, 0);
	while (e->text.n)
		edit_delete(e);
}

void writing_touch(struct app *app, struct writing *w)
{
	struct entry *e = writing_focused(w);
	if (!w->unkept)
		w->first_key = app->typed_at;
	w->whole = false;
	w->altered = w->unkept = e->altered = true;
	buf_clear(&e->fault);
	writing_update(w);
}

/* Choices and dates count only when they were altered by hand: a form that was opened and
 * left alone is no draft. */
bool writing_is_empty(const struct writing *w)
{
	for (size_t i = 0; w->is_change && i < w->count; i++)
		if (w->entries[i].altered)
			return false;
	if (w->is_change)
		return true;
	for (size_t i = 0; i < w->count; i++) {
		const struct entry *e = &w->entries[i];
		bool begins_full = (entry_is_pick(e) && !e->picks.count) || e->def->fallback;
		if (begins_full ? e->altered : !entry_is_empty(e))
			return false;
	}
	return true;
}

static void writing_heading(struct app *app, struct screen *s, struct heading *h)
{
	const struct writing *w = (const struct writing *)s;
	banner_title(app, s->def->title, &w->person, true, &h->left);
	/* Where both do not fit, whose file it is needs the room more than the title does. */
	if (text_width(buf_span(&h->left)) > app->columns - 2 && !id_is_zero(&w->person)) {
		buf_clear(&h->left);
		banner_say(app, &w->person, &h->left);
	}
	if (w->kept_at && !w->unkept) {
		struct when at = when_from_ms(w->kept_at);
		buf_printf(&h->right, "Draft kept %02d:%02d", at.hour, at.minute);
	}
}

void writing_go(struct app *app, struct writing *w, long by)
{
	size_t to = w->focus;
	do
		to = (size_t)((long)to + by + (long)w->count) % w->count;
	while (w->entries[to].hidden && to != w->focus);
	writing_focus(app, w, to);
}

/* --- picking ---------------------------------------------------------------------------- */

static void took(struct app *app, void *arg, const struct picks *picks)
{
	struct writing *w = arg;
	struct entry *e = writing_focused(w);
	picks_clear(&e->picks);
	for (size_t i = 0; i < picks->count; i++)
		picks_add(&e->picks, picks->v[i]);
	writing_touch(app, w);
}

void writing_list_options(struct app *app, struct writing *w, struct span typed)
{
	const struct entry *e = writing_focused(w);
	struct options o;
	struct buf title = BUF_INIT;
	options_read(app, e->field, &w->person, &o);
	writing_label(w, w->focus, &title);
	struct pick_request request = {.title = buf_text(&title),
				       .picked = &e->picks,
				       .many = options_many(e->field),
				       .letters = entry_turns(app, e),
				       .took = took,
				       .arg = w};
	struct screen *s = pick_new(app, &request, &o);
	if (app_push(app, s) && typed.n)
		s->kind->type(app, s, typed, false);
	buf_fini(&title);
}

static void add_row(struct app *app, struct writing *w)
{
	struct id row = seam_new_id(app->o.seam);
	w->focus = writing_add_row(app, w, w->focus, &row);
	writing_update(w);
}

static void back(struct app *app, struct writing *w)
{
	if (w->unkept && !writing_keep(app, w))
		return;
	int64_t kept = w->kept_at;
	bool was_there = w->is_change;
	app_pop(app);
	if (kept) {
		struct when at = when_from_ms(kept);
		app_say(app, ATTR_GOOD, "Draft kept %02d:%02d.", at.hour, at.minute);
	} else {
		app_say(app, 0,
			was_there ? "Nothing was changed."
				  : "Nothing was written, so there is no draft.");
	}
}

static void enter(struct app *app, struct writing *w)
{
	struct entry *e = writing_focused(w);
	switch (e->way) {
	case ENTRY_PICK:
		writing_list_options(app, w, span_of("", 0));
		break;
	case ENTRY_ADD:
		add_row(app, w);
		break;
	case ENTRY_NOTE:
		edit_type(&e->edit, span_text("\n"));
		writing_touch(app, w);
		break;
	case ENTRY_LINE:
	default:
		writing_go(app, w, 1);
	}
}

/* The new record's person is what one wants to see next. */
static void save(struct app *app, struct writing *w)
{
	if (writing_asks_directory(app, w, save))
		return;
	if (!writing_save(app, w))
		return;
	bool was_there = w->is_change;
	struct id person = w->base.def->of->is_subject ? w->record : w->person;
	app_pop(app);
	if (!was_there && !id_is_zero(&person) && !person_is(app_top(app), &person))
		app_push(app, person_new(app, &person));
	app_say(app, ATTR_GOOD, "Saved.");
}

static void undo(struct app *app, struct writing *w, bool again)
{
	struct entry *e = writing_focused(w);
	if (again ? edit_redo(&e->edit) : edit_undo(&e->edit))
		writing_touch(app, w);
	else
		app_say(app, 0,
			again ? "There is nothing to bring back here."
			      : "There is nothing to take back here.");
}

/* Up and down walk through the rows of a text, and on to the fields round it. */
static void move_rows(struct app *app, struct writing *w, int by)
{
	struct entry *e = writing_focused(w);
	bool more = by < 0 ? w->focus > 0 : w->focus + 1 < w->count;
	if (!entry_is_note(e) || (!edit_move_rows(&e->edit, by, w->width) && more))
		writing_go(app, w, by > 0 ? 1 : -1);
}

static void turn(struct app *app, struct writing *w, int by)
{
	if (!entry_turns(app, writing_focused(w)))
		return;
	entry_turn(writing_focused(w), app, by);
	writing_touch(app, w);
}

static bool move_cursor(struct app *app, struct writing *w, enum action action)
{
	struct edit *e = &writing_focused(w)->edit;
	int width = entry_is_note(writing_focused(w)) ? w->width : 1 << 20;
	static const struct {
		enum action action;
		void (*move)(struct edit *e);
	} moves[] = {
		{ACT_LEFT, edit_left},
		{ACT_RIGHT, edit_right},
		{ACT_WORD_LEFT, edit_word_left},
		{ACT_WORD_RIGHT, edit_word_right},
	};
	if (entry_is_pick(writing_focused(w)) && (action == ACT_LEFT || action == ACT_RIGHT)) {
		turn(app, w, action == ACT_LEFT ? -1 : 1);
		return true;
	}
	w->whole = false;
	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
		if (moves[i].action == action) {
			moves[i].move(e);
			return true;
		}
	if (action == ACT_HOME)
		edit_home(e, width);
	else if (action == ACT_END)
		edit_end(e, width);
	return action == ACT_HOME || action == ACT_END;
}

static bool rub(struct app *app, struct writing *w, enum action action)
{
	struct entry *e = writing_focused(w);
	if (action != ACT_RUB_OUT && action != ACT_DELETE)
		return false;
	if (e->way == ENTRY_ADD)
		return true;
	if (entry_is_pick(e))
		picks_clear(&e->picks);
	else if (w->whole)
		clear_whole(w);
	else if (action == ACT_RUB_OUT)
		edit_rub_out(&e->edit);
	else
		edit_delete(&e->edit);
	writing_touch(app, w);
	return true;
}

static void do_next(struct app *app, struct writing *w)
{
	writing_go(app, w, 1);
}

static void do_previous(struct app *app, struct writing *w)
{
	writing_go(app, w, -1);
}

static void do_undo(struct app *app, struct writing *w)
{
	undo(app, w, false);
}

static void do_redo(struct app *app, struct writing *w)
{
	undo(app, w, true);
}

static void do_up(struct app *app, struct writing *w)
{
	move_rows(app, w, -1);
}

static void do_down(struct app *app, struct writing *w)
{
	move_rows(app, w, 1);
}

static void do_page_up(struct app *app, struct writing *w)
{
	move_rows(app, w, -w->page);
}

static void do_page_down(struct app *app, struct writing *w)
{
	move_rows(app, w, w->page);
}

static bool writing_act(struct app *app, struct screen *s, const struct command *c)
{
	static const struct {
		enum action action;
		void (*act)(struct app *app, struct writing *w);
	} acts[] = {
		{ACT_BACK, back},
		{ACT_OPEN, enter},
		{ACT_SAVE, save},
		{ACT_NEXT, do_next},
		{ACT_PREVIOUS, do_previous},
		{ACT_UNDO, do_undo},
		{ACT_REDO, do_redo},
		{ACT_UP, do_up},
		{ACT_DOWN, do_down},
		{ACT_PAGE_UP, do_page_up},
		{ACT_PAGE_DOWN, do_page_down},
	};
	struct writing *w = (struct writing *)s;
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		if (acts[i].action == c->action) {
			acts[i].act(app, w);
			return true;
		}
	return rub(app, w, c->action) || move_cursor(app, w, c->action);
}

static void writing_type(struct app *app, struct screen *s, struct span text, bool pasted)
{
	struct writing *w = (struct writing *)s;
	struct entry *e = writing_focused(w);
	bool whole = true;
	if (e->way == ENTRY_ADD) {
		add_row(app, w);
		writing_type(app, s, text, pasted);
		return;
	}
	if (entry_is_pick(e)) {
		if (pasted || !entry_pick(e, app, text)) {
			writing_list_options(app, w, text);
			return;
		}
	} else {
		clear_whole(w);
		whole = pasted ? edit_paste(&e->edit, text) : edit_type(&e->edit, text);
	}
	if (!whole)
		app_say(app, ATTR_WRONG,
			"There is no room for all of it in %s: the end was not taken.",
			e->def->label);
	writing_touch(app, w);
}

static int64_t writing_due(struct app *app, struct screen *s)
{
	const struct writing *w = (const struct writing *)s;
	if (!w->unkept)
		return -1;
	int64_t due = w->first_key + APP_DRAFT_MS - app_boot_ms(app);
	return due > 0 ? due : 0;
}

static bool keep(struct app *app, struct screen *s)
{
	struct writing *w = (struct writing *)s;
	return !w->unkept || writing_keep(app, w);
}

/* Where the cursor stands comes back too, though moving it alone makes no draft due. */
static struct id again(struct app *app, struct screen *s)
{
	struct writing *w = (struct writing *)s;
	const struct entry *e = writing_focused(w);
	if (w->kept_at && (w->kept_focus != w->focus || w->kept_cursor != e->edit.cursor))
		writing_keep(app, w);
	return w->kept_at ? w->draft : (struct id){{0}};
}

static void writing_tick(struct app *app, struct screen *s)
{
	if (writing_due(app, s) == 0)
		keep(app, s);
}

static const struct screen_kind form_kind = {
	.place = IN_WRITING,
	.free = writing_free,
	.heading = writing_heading,
	.paint = writing_paint,
	.act = writing_act,
	.type = writing_type,
	.point = writing_point,
	.ask = writing_ask,
	.answer = writing_answer,
	.takes_words = writing_takes_words,
	.keep = keep,
	.again = again,
	.tick = writing_tick,
	.due = writing_due,
};

struct writing *writing_blank(struct app *app, const struct screen_def *def, struct extras *own)
{
	struct writing *w = mem_alloc(sizeof *w);
	*w = (struct writing){.base = {&form_kind, def}, .extras = *own, .width = 78, .page = 10};
	writing_make_own(w);
	writing_build(app, w);
	/* A text at the end is what the form is for: begin there. */
	w->focus = entry_is_note(&w->entries[w->count - 1]) ? w->count - 1 : 0;
	return w;
}

struct screen *writing_new(struct app *app, const struct screen_def *def, const struct id *person)
{
	struct extras own;
	writing_find_own(app, def, &(struct id){{0}}, &own);
	struct writing *w = writing_blank(app, def, &own);
	if (person)
		w->person = *person;
	w->record = seam_new_id(app->o.seam);
	w->draft = book_new_draft(app->book);
	return &w->base;
}

struct screen *writing_change(struct app *app, const struct screen_def *def, struct ref ref)
{
	struct record r = {0};
	enum err e = book_get_in(app->book, ref, &r);
	if (e) {
		app_say_fault(app, "It could not be read", e, NULL);
		return NULL;
	}
	app_looked_at(app, &r);
	struct extras own;
	writing_find_own(app, def, &r.store, &own);
	extras_add_of(&own, &r);
	struct writing *w = writing_blank(app, def, &own);
	w->is_change = true;
	w->record = r.id;
	w->in = r.subject;
	if (r.kind->store == STORE_PERSON && !id_equal(&r.subject, &r.store))
		w->person = r.subject;
	w->draft = book_new_draft(app->book);
	w->head_count = r.state.head_count;
	w->heads = mem_alloc_many(w->head_count, sizeof *w->heads);
	for (size_t i = 0; i < w->head_count; i++)
		w->heads[i] = r.state.heads[i];
	writing_fill(app, w, &r);
	record_fini(&r);
	return &w->base;
}

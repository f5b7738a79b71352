/* SPDX-License-Identifier: MIT
 *
 * A monkey on one screen: whenever the power goes, what it typed is there afterwards.
 */
#include "every.h"
#include "draft.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS = 2000, LOOK = 8, CUT = 250, DEEP = 8 };

/* The forms that were open and altered, as they stood. */
struct taken {
	struct {
		struct id draft;
		struct buf typed;
		bool needed; /* something is in it but what it began with */
	} v[APP_DEPTH];
	size_t count;
};

/* A row that was added and in which nothing is yet may come back or not. */
static void take_form(const struct writing *w, struct buf *out)
{
	struct buf typed = BUF_SECRET;
	for (size_t i = 0; i < w->count; i++) {
		buf_clear(&typed);
		entry_typed(&w->entries[i], &typed);
		if (!typed.n)
			continue;
		writing_name(w, &w->entries[i], out);
		buf_printf(out, "=%s\n", buf_text(&typed));
	}
	buf_fini(&typed);
}

static bool is_altered(const struct writing *w)
{
	bool altered = w->altered;
	for (size_t i = 0; i < w->count; i++)
		altered |= w->entries[i].altered;
	return altered;
}

/* Asked of the form, and seen for ourselves. */
static bool is_needed(const struct writing *w)
{
	bool holds = !writing_is_empty(w);
	for (size_t i = 0; i < w->count; i++)
		holds |= w->entries[i].altered && !entry_is_empty(&w->entries[i]);
	return holds;
}

static void take(const struct every *e, struct taken *t)
{
	t->count = 0;
	for (size_t i = 0; i < e->app->depth; i++) {
		const struct writing *w = (const struct writing *)e->app->stack[i];
		if (w->base.kind->place != IN_WRITING || !is_altered(w))
			continue;
		t->v[t->count].draft = w->draft;
		t->v[t->count].needed = is_needed(w);
		buf_clear(&t->v[t->count].typed);
		take_form(w, &t->v[t->count++].typed);
	}
}

static void taken_fini(struct taken *t)
{
	for (size_t i = 0; i < APP_DEPTH; i++)
		buf_fini(&t->v[i].typed);
}

static struct screen *resume(struct every *e, const struct taken *t, size_t i)
{
	struct buf typed = BUF_INIT;
	struct screen *form = draft_resume(e->app, &t->v[i].draft);
	if (!form)
		every_fail(e, "a draft is lost, of\n%s", buf_text(&t->v[i].typed));
	take_form((const struct writing *)form, &typed);
	if (!span_equal(buf_span(&typed), buf_span(&t->v[i].typed)))
		every_fail(e, "a draft is\n%s\nand was\n%s", buf_text(&typed),
			   buf_text(&t->v[i].typed));
	buf_fini(&typed);
	return form;
}

static bool is_on_stack(const struct every *e, const struct id *draft)
{
	for (size_t i = 0; i < e->app->depth; i++) {
		const struct writing *w = (const struct writing *)e->app->stack[i];
		if (w->base.kind->place == IN_WRITING && id_equal(&w->draft, draft))
			return true;
	}
	return false;
}

/* A form that is no longer open was saved, or it is a draft. */
static void check_closed(struct every *e, const struct taken *t)
{
	if (!strcmp(buf_text(&e->app->message), "Saved."))
		return;
	for (size_t i = 0; i < t->count; i++)
		if (t->v[i].needed && !is_on_stack(e, &t->v[i].draft)) {
			struct screen *form = resume(e, t, i);
			form->kind->free(form);
		}
}

/* The terminal goes; somebody comes back.  The screen files are not read again: that would cost
 * more than all else. */
static void cut(struct every *e, const struct taken *t)
{
	struct diag d = {0};
	app_hang_up(e->app);
	e->app->leaving = false;
	e->app->again_count = 0;
	if (app_open_book(e->app, span_text(stage_passphrase), &d))
		every_fail(e, "the book does not open again: %s", diag_first(&d));
	diag_fini(&d);
	app_begin(e->app);
	for (size_t i = 0; i < t->count; i++)
		if (t->v[i].needed)
			app_push(e->app, resume(e, t, i));
	if (e->app->depth > DEEP)
		every_clear_stack(e);
}

static bool is_open(const struct every *e)
{
	for (size_t i = 0; i < e->app->depth; i++)
		if (e->app->stack[i]->def == e->def)
			return true;
	return false;
}

static int keys_of_a_walk(void)
{
	const char *keys = getenv("EVERY_KEYS");
	return keys && *keys ? atoi(keys) : KEYS;
}

void every_stands_a_walk(struct stage *s, const char *screen, uint64_t seed)
{
	int keys = keys_of_a_walk();
	struct every e;
	struct taken taken = {0};
	s->seam.state[0] = seed;
	every_begin(&e, s, screen);
	every_push(&e);
	for (int i = 1; i <= keys; i++) {
		take(&e, &taken);
		monkey_act(s);
		if (s->app.leaving || !s->app.book)
			cut(&e, &taken);
		check_closed(&e, &taken);
		if (i % LOOK == 0)
			monkey_check_picture(s);
		take(&e, &taken);
		if (i % CUT == 0 || i == keys || (!is_open(&e) && taken.count))
			cut(&e, &taken);
		if (!is_open(&e))
			every_push(&e);
	}
	taken_fini(&taken);
	every_end(&e);
}

/* SPDX-License-Identifier: MIT
 *
 * Undo of steps, and the bin.
 */
#include "doing.h"
#include "pick.h"
#include <linkbook/text.h>

void app_undo_step(struct app *app, bool again)
{
	struct buf told = BUF_INIT;
	struct diag d = {0};
	enum err e = again ? book_redo(app->book, &told, &d) : book_undo(app->book, &told, &d);
	struct screen *s = app_top(app);
	if (!e && s->kind->refresh)
		s->kind->refresh(app, s);
	if (e == ERR_ABSENT)
		app_say(app, 0,
			again ? "There is nothing to bring back."
			      : "There is nothing to take back.");
	else if (e)
		app_say_fault(app, "Nothing was changed", e, &d);
	else
		app_say(app, ATTR_GOOD, "%s", buf_text(&told));
	diag_fini(&d);
	buf_fini(&told);
}

void app_bin(struct app *app, struct ref record)
{
	struct diag d = {0};
	size_t count;
	enum err e = book_bin(app->book, record, true, &count, &d);
	if (e) {
		app_say_fault(app, "Nothing was changed", e, &d);
	} else {
		app_pop(app);
		app_say(app, ATTR_GOOD, "In the bin (%zu record%s). ^Z takes that back.", count,
			count == 1 ? "" : "s");
	}
	diag_fini(&d);
}

/* --- out of the bin --------------------------------------------------------------------- */

struct emptying {
	struct app *app;
	struct options *out;
};

/* A file is taken out whole, by its person. */
static bool went_with_person(struct app *app, const struct record *r)
{
	struct record person;
	if (r->kind->is_subject || r->kind->store != STORE_PERSON ||
	    id_equal(&r->subject, &r->store) || book_get(app->book, &r->subject, &person))
		return false;
	bool binned = person.state.binned;
	record_fini(&person);
	return binned;
}

static bool add_binned(void *arg, const struct record *r)
{
	struct emptying *w = arg;
	struct buf label = BUF_SECRET;
	char text[REF_TEXT];
	struct ref ref = ref_of(r);
	if (!r->state.binned || went_with_person(w->app, r))
		return true;
	buf_printf(&label, "%s: ", r->kind->name);
	record_title(w->app->book, r, &label);
	options_add(w->out, ref_to_text(&ref, text), buf_text(&label), NULL);
	buf_fini(&label);
	return true;
}

static void take_out(struct app *app, void *arg, const struct picks *picks)
{
	struct diag d = {0};
	struct ref ref;
	size_t count;
	(void)arg;
	if (!picks->count || !ref_from_text(picks->v[0], &ref))
		return;
	enum err e = book_bin(app->book, ref, false, &count, &d);
	struct screen *s = app_top(app);
	if (!e && s->kind->refresh)
		s->kind->refresh(app, s);
	if (e)
		app_say_fault(app, "Nothing was changed", e, &d);
	else
		app_say(app, ATTR_GOOD, "Out of the bin (%zu record%s).", count,
			count == 1 ? "" : "s");
	diag_fini(&d);
}

void app_show_bin(struct app *app)
{
	static const struct picks none = {0};
	struct options o = {0};
	struct emptying w = {app, &o};
	enum err e = OK;
	for (const struct kind *k = kinds; !e && k->name; k++)
		e = book_scan_all(app->book, k, NULL, add_binned, &w);
	if (e)
		app_say_fault(app, "Not everything could be read", e, NULL);
	struct pick_request request = {
		.title = "The bin: Enter takes something out", .picked = &none, .took = take_out};
	app_push(app, pick_new(app, &request, &o));
}

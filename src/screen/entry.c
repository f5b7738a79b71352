/* SPDX-License-Identifier: MIT
 *
 * Fields being filled in.
 */
#include "entry.h"
#include <linkbook/text.h>
#include <linkbook/value.h>

#include <stdlib.h>
#include <string.h>

static bool is_dated(const struct entry *e)
{
	return e->field->type == V_DATE || e->field->type == V_MOMENT;
}

bool entry_is_note(const struct entry *e)
{
	return e->field->type == V_NOTE;
}

static void set_typed(struct entry *e, struct span value, const struct app *app)
{
	struct buf typed = BUF_SECRET;
	value_type(e->field, value, app->o.terms, &typed);
	edit_set(&e->edit, buf_span(&typed));
	buf_fini(&typed);
}

static void set_now(struct entry *e, const struct app *app)
{
	struct buf iso = BUF_SECRET, value = BUF_SECRET;
	struct when now = app_now(app);
	if (e->field->type == V_DATE)
		now.hour = -1;
	when_to_iso(now, false, &iso);
	value_add_text(&value, buf_span(&iso));
	set_typed(e, buf_span(&value), app);
	buf_fini(&iso);
	buf_fini(&value);
}

void entry_init(struct entry *e, const struct def_entry *def, const struct app *app)
{
	*e = (struct entry){
		.def = def, .field = def->cell ? def->cell : def->field, .fault = BUF_SECRET};
	edit_init(&e->edit, entry_is_note(e));
	if (e->field->type == V_CHOICE)
		e->terms = terms_list(app->o.terms, e->field->terms);
	if (def->fallback && is_dated(e) && !strcmp(def->fallback, "now"))
		set_now(e, app);
	else if (def->fallback)
		entry_restore(e, span_text(def->fallback));
}

void entry_fini(struct entry *e)
{
	edit_fini(&e->edit);
	buf_fini(&e->fault);
}

static const struct term *chosen(const struct entry *e)
{
	return e->terms && e->choice ? &e->terms->items[e->choice - 1] : NULL;
}

void entry_typed(const struct entry *e, struct buf *out)
{
	const struct term *t = chosen(e);
	if (t)
		buf_add_text(out, t->id);
	else if (!e->terms)
		buf_add_span(out, buf_span(&e->edit.text));
}

void entry_restore(struct entry *e, struct span typed)
{
	if (!e->terms) {
		edit_set(&e->edit, typed);
		return;
	}
	e->choice = 0;
	for (size_t i = 0; i < e->terms->count; i++)
		if (span_is(typed, e->terms->items[i].id))
			e->choice = i + 1;
}

bool entry_is_empty(const struct entry *e)
{
	struct span text = buf_span(&e->edit.text);
	while (text.n && strchr(" \n", text.p[text.n - 1]))
		text.n--;
	return e->terms ? !e->choice : !text.n;
}

static bool read_when(const struct entry *e, const struct app *app, struct when *w)
{
	return is_dated(e) &&
	       !when_read(buf_text(&e->edit.text), app_now(app), e->def->way, w, NULL);
}

void entry_say(const struct entry *e, const struct app *app, struct buf *out)
{
	const struct term *t = chosen(e);
	struct when w, now = app_now(app);
	if (t) {
		buf_add_text(out, t->label);
	} else if (read_when(e, app, &w)) {
		if (when_to_days(w) == when_to_days(now) && w.hour >= 0)
			buf_printf(out, "today %02d:%02d", w.hour, w.minute);
		else
			when_say_short(w, now, out);
	} else {
		buf_add_span(out, buf_span(&e->edit.text));
		if (e->def->unit && e->edit.text.n &&
		    strspn(buf_text(&e->edit.text), "0123456789") == e->edit.text.n)
			buf_printf(out, " %s", e->def->unit);
	}
}

static void say_meaning(const struct entry *e, const struct app *app, struct buf *out)
{
	struct when_reading r;
	if (!when_read_reading(buf_text(&e->edit.text), app_now(app), e->def->way, &r, NULL))
		when_say_reading(&r, app_now(app), out);
}

/* Understood, but on the side that the field does not look at, or in no hour of the clocks. */
static bool say_refused(const struct entry *e, const struct app *app, struct buf *out)
{
	struct diag d = {0};
	struct when w;
	bool refused = is_dated(e) && when_read(buf_text(&e->edit.text), app_now(app), e->def->way,
						&w, &d) == ERR_REFUSED;
	if (refused)
		buf_printf(out, "! %s: %s", e->def->label, diag_first(&d));
	diag_fini(&d);
	return refused;
}

/* Whether a moment lies on the side that the field looks at. */
static bool right_side(const struct entry *e, const struct app *app, struct when w)
{
	return when_is_that_way(w, app_now(app), e->def->way);
}

static void say_wrong_side(const struct entry *e, struct buf *out)
{
	buf_printf(out,
		   e->def->way == WHEN_BACK
			   ? "%s: that is still to come. Write when it was, like yesterday 2pm."
			   : "%s: that is over. Write when it will be, like tue 2pm.",
		   e->def->label);
}

unsigned entry_say_back(const struct entry *e, const struct app *app, struct buf *out)
{
	struct when w;
	if (e->fault.n) {
		buf_printf(out, "! %s", buf_text(&e->fault));
		return ATTR_WRONG | ATTR_BOLD;
	}
	if (read_when(e, app, &w)) {
		if (!right_side(e, app, w)) {
			buf_add_text(out, "! ");
			say_wrong_side(e, out);
			return ATTR_WRONG | ATTR_BOLD;
		}
		buf_add_text(out, "= ");
		say_meaning(e, app, out);
		return 0;
	}
	if (say_refused(e, app, out))
		return ATTR_WRONG | ATTR_BOLD;
	if (e->def->hint)
		buf_add_text(out, e->def->hint);
	return 0;
}

/* What value_read says names the field as programs do; people know it by its label. */
static void take_fault(struct entry *e, const struct diag *d)
{
	const char *why = diag_first(d), *name = e->field->name;
	size_t n = strlen(name);
	if (!strncmp(why, name, n) && !strncmp(why + n, ": ", 2))
		why += n + 2;
	buf_clear(&e->fault);
	buf_printf(&e->fault, "%s: %s", e->def->label, *why ? why : "this cannot be kept so.");
	if (e->fault.p[e->fault.n - 1] != '.')
		buf_add_text(&e->fault, ".");
}

static enum err read_typed(struct entry *e, const struct app *app, struct buf *value)
{
	struct diag d = {0};
	struct when w;
	enum err err = value_read(e->field, buf_text(&e->edit.text), app->o.terms, app_now(app),
				  e->def->way, value, &d);
	if (err)
		take_fault(e, &d);
	diag_fini(&d);
	if (!err && read_when(e, app, &w) && !right_side(e, app, w)) {
		buf_clear(&e->fault);
		say_wrong_side(e, &e->fault);
		err = ERR_INPUT;
	}
	return err;
}

enum err entry_read(struct entry *e, const struct app *app, struct buf *value)
{
	const struct term *t = chosen(e);
	buf_clear(&e->fault);
	if (!entry_is_empty(e) && !t)
		return read_typed(e, app, value);
	if (e->def->field->flags & FIELD_MUST && !t) {
		buf_printf(&e->fault, "%s: this is needed before it can be saved.", e->def->label);
		return ERR_INPUT;
	}
	if (t)
		value_add_text(value, span_text(t->id));
	else
		value_add_null(value);
	return OK;
}

void entry_leave(struct entry *e, const struct app *app)
{
	struct buf value = BUF_SECRET;
	if (entry_is_empty(e) || e->terms || entry_is_note(e))
		buf_clear(&e->fault); /* a must-have is asked for on saving only */
	else if (!entry_read(e, app, &value) && is_dated(e))
		set_typed(e, buf_span(&value), app);
	buf_fini(&value);
}

void entry_turn(struct entry *e, int by)
{
	if (!e->terms || !e->terms->count)
		return;
	size_t n = e->terms->count, at = e->choice ? e->choice - 1 : by > 0 ? n - 1 : 0;
	e->choice = (at + (by > 0 ? 1 : n - 1)) % n + 1;
	e->altered = true;
}

static bool starts_with(const char *label, const char *folded)
{
	struct buf words = BUF_SECRET;
	text_fold(span_text(label), &words);
	bool does = !strncmp(buf_text(&words), folded, strlen(folded));
	buf_fini(&words);
	return does;
}

/* Its letter first; then the next term that starts so. */
bool entry_pick(struct entry *e, struct span letter)
{
	struct buf folded = BUF_SECRET;
	size_t n = e->terms ? e->terms->count : 0, found = 0;
	text_fold(letter, &folded);
	for (size_t i = 0; i < n && !found; i++)
		if (e->terms->items[i].letter && folded.n &&
		    !strcmp(e->terms->items[i].letter, buf_text(&folded)))
			found = i + 1;
	for (size_t i = 0; i < n && !found && folded.n; i++) {
		size_t at = (e->choice + i) % n;
		if (starts_with(e->terms->items[at].label, buf_text(&folded)))
			found = at + 1;
	}
	buf_fini(&folded);
	if (found)
		e->choice = found;
	e->altered |= found > 0;
	return found > 0;
}

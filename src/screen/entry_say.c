/* SPDX-License-Identifier: MIT
 *
 * What a field says: its value while the focus is elsewhere, and under it while it is there what
 * was understood, or how to write it.
 */
#include "entry.h"
#include <linkbook/text.h>
#include <linkbook/value.h>

#include <string.h>

bool entry_read_when(const struct entry *e, const struct app *app, struct when *w)
{
	return entry_is_dated(e) &&
	       !when_read(buf_text(&e->edit.text), app_now(app), e->def->way, w, NULL);
}

void entry_say(const struct entry *e, struct app *app, struct buf *out)
{
	struct when w, now = app_now(app);
	if (e->way == ENTRY_ADD) {
		buf_add_text(out, "Enter adds one");
	} else if (e->way == ENTRY_PICK) {
		for (size_t i = 0; i < e->picks.count; i++) {
			buf_add_text(out, i ? ", " : "");
			options_say(app, e->field, e->picks.v[i], out);
		}
	} else if (entry_read_when(e, app, &w)) {
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
	bool refused = entry_is_dated(e) && when_read(buf_text(&e->edit.text), app_now(app),
						      e->def->way, &w, &d) == ERR_REFUSED;
	if (refused)
		buf_printf(out, "! %s: %s", e->def->label, diag_first(&d));
	diag_fini(&d);
	return refused;
}

/* Whether a moment lies on the side that the field looks at.  What was written before may have
 * come to lie on the other since: what is due becomes overdue. */
bool entry_is_that_way(const struct entry *e, const struct app *app, struct when w)
{
	return !e->altered || when_is_that_way(w, app_now(app), e->def->way);
}

void entry_say_wrong_side(const struct entry *e, struct buf *out)
{
	buf_printf(out,
		   e->def->way == WHEN_BACK
			   ? "%s: that is still to come. Write when it was, like yesterday 2pm."
			   : "%s: that is over. Write when it will be, like tue 2pm.",
		   e->def->label);
}

/* "G51 2RT" for g512rt, "2:00pm" for a bare 2: what is kept is not what was typed. */
static bool say_as_kept(const struct entry *e, const struct app *app, struct buf *out)
{
	struct buf value = BUF_SECRET, said = BUF_SECRET;
	struct when w = {0};
	bool is_time = e->field->type == V_TIME, says = false;
	bool changes = is_time || e->field->type == V_MONEY || e->field->type == V_POSTCODE;
	if (!changes || entry_is_empty(e))
		return false;
	if (is_time && !when_read_time(buf_text(&e->edit.text), &w.hour, &w.minute, NULL))
		when_say_clock(w, &said);
	else if (!is_time && !value_read(e->field, buf_text(&e->edit.text), app->o.terms,
					 app_now(app), e->def->way, &value, NULL))
		value_say(e->field, buf_span(&value), app->o.terms, app_now(app), &said);
	if (said.n && !span_equal(buf_span(&said), buf_span(&e->edit.text))) {
		buf_printf(out, "= %s", buf_text(&said));
		says = true;
	}
	buf_fini(&value);
	buf_fini(&said);
	return says;
}

/* What stands against it comes first: saving a value here settles which one holds. */
static bool say_beside(const struct entry *e, struct buf *out)
{
	if (e->beside.n)
		buf_printf(out, "! Also written: %s. What you write here is what counts.",
			   buf_text(&e->beside));
	return e->beside.n > 0;
}

unsigned entry_say_back(const struct entry *e, struct app *app, struct buf *out)
{
	struct when w;
	if (e->fault.n) {
		buf_printf(out, "! %s", buf_text(&e->fault));
		return ATTR_WRONG | ATTR_BOLD;
	}
	if (say_beside(e, out))
		return ATTR_WRONG | ATTR_BOLD;
	if (entry_read_when(e, app, &w)) {
		if (!entry_is_that_way(e, app, w)) {
			buf_add_text(out, "! ");
			entry_say_wrong_side(e, out);
			return ATTR_WRONG | ATTR_BOLD;
		}
		buf_add_text(out, "= ");
		say_meaning(e, app, out);
		return 0;
	}
	if (say_refused(e, app, out))
		return ATTR_WRONG | ATTR_BOLD;
	if (say_as_kept(e, app, out))
		return 0;
	if (e->def->hint)
		buf_add_text(out, e->def->hint);
	else if (entry_turns(app, e))
		buf_add_text(out, "Left and right change it, Enter shows all");
	else if (e->way == ENTRY_PICK)
		buf_add_text(out, "Enter shows all; typing finds");
	else if (e->field->type == V_WORDS)
		buf_add_text(out, "Several with commas between");
	else if (e->field->type == V_SCALE)
		buf_printf(out, "A number from %d to %d", e->field->min, e->field->max);
	return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * A form line by line: its fields as questions, one at a time, and a line as the answer.
 * An empty line keeps what is there and goes on; leaving and saving are the keys they are.
 */
#include "writing.h"

#include <string.h>

/* More than these are too many to be read out at every question. */
enum { OPTIONS_SAID = 24 };

static void say_number(const struct writing *w, struct buf *out)
{
	size_t at = 0, all = 0;
	for (size_t i = 0; i < w->count; i++) {
		all += !w->entries[i].hidden;
		at += !w->entries[i].hidden && i <= w->focus;
	}
	buf_printf(out, "%zu of %zu. ", at, all);
}

static void say_section(const struct writing *w, struct buf *out)
{
	const struct def_section *s = &w->base.def->sections[writing_focused(w)->section];
	if (s->title && writing_begins_section(w, w->focus))
		buf_printf(out, "%s\n", s->title);
}

/* Terms, and yes or no; records are found by typing. */
static bool read_options(struct app *app, const struct entry *e, struct options *out)
{
	*out = (struct options){0};
	if (e->way != ENTRY_PICK || options_are_records(e->field))
		return false;
	options_read(app, e->field, &(struct id){{0}}, out);
	if (out->count <= OPTIONS_SAID)
		return true;
	options_fini(out);
	return false;
}

static void say_options(struct app *app, const struct entry *e, struct buf *out)
{
	struct options o;
	if (!read_options(app, e, &o))
		return;
	for (size_t i = 0; i < o.count; i++)
		buf_printf(out, "%zu. %s%s\n", i + 1, o.v[i].label,
			   picks_has(&e->picks, o.v[i].id) ? ", taken" : "");
	options_fini(&o);
}

static void say_how(struct app *app, const struct entry *e, struct buf *out)
{
	struct options o;
	switch (e->way) {
	case ENTRY_NOTE:
		buf_add_text(out, "Write as many lines as you like; an empty line ends it.");
		break;
	case ENTRY_ADD:
		buf_add_text(out, "Write + to add one.");
		break;
	case ENTRY_PICK:
		if (!read_options(app, e, &o))
			buf_add_text(out, "Write a part of its name to find it.");
		else
			buf_printf(
				out, "Write a number%s",
				options_many(e->field)
					? "; the same again takes it away. An empty line goes on."
					: " or the word.");
		options_fini(&o);
		break;
	case ENTRY_LINE:
	default:
		entry_say_back(e, app, out);
	}
}

/* What is to be put right in fields that were left. */
static void say_faults(const struct writing *w, struct buf *out)
{
	for (size_t i = 0; i < w->count; i++)
		if (i != w->focus && !w->entries[i].hidden && w->entries[i].fault.n)
			buf_printf(out, "! %s\n", buf_text(&w->entries[i].fault));
}

void writing_ask(struct app *app, struct screen *s, struct buf *out)
{
	const struct writing *w = (const struct writing *)s;
	const struct entry *e = writing_focused(w);
	say_faults(w, out);
	say_section(w, out);
	say_number(w, out);
	writing_label(w, w->focus, out);
	buf_add_text(out, ": ");
	if (e->way != ENTRY_ADD)
		entry_say(e, app, out);
	buf_add_byte(out, '\n');
	say_options(app, e, out);
	if (e->fault.n && e->way != ENTRY_LINE)
		buf_printf(out, "! %s\n", buf_text(&e->fault));
	say_how(app, e, out);
}

static bool is_last(const struct writing *w)
{
	for (size_t i = w->focus + 1; i < w->count; i++)
		if (!w->entries[i].hidden)
			return false;
	return true;
}

/* What was answered is said back where that is more than what was written. */
static void go_on(struct app *app, struct writing *w, bool answered)
{
	struct entry *e = writing_focused(w);
	struct buf back = BUF_SECRET;
	if (answered && e->way == ENTRY_LINE)
		entry_say_back(e, app, &back);
	bool is_meaning = back.n && *back.p == '=';
	if (is_last(w))
		app_say(app, 0, "%s%sThat was the last question: ^S saves.",
			is_meaning ? buf_text(&back) : "", is_meaning ? ". " : "");
	else if (is_meaning)
		app_say(app, 0, "%s", buf_text(&back));
	writing_go(app, w, 1);
	buf_fini(&back);
}

/* What cannot be understood is asked again, once; whoever goes on all the same may. */
static void answer_line(struct app *app, struct writing *w, struct span line)
{
	struct entry *e = writing_focused(w);
	w->whole = e->edit.text.n > 0;
	if (span_is(line, "-"))
		app_press(app, PRESS_BACKSPACE);
	else
		w->base.kind->type(app, &w->base, line, true);
	entry_leave(e, app);
	if (!e->fault.n)
		go_on(app, w, true);
}

static void answer_note(struct app *app, struct writing *w, struct span line)
{
	struct edit *e = &writing_focused(w)->edit;
	edit_set_cursor(e, e->text.n);
	if (e->text.n && e->text.p[e->text.n - 1] != '\n')
		edit_type(e, span_text("\n"));
	w->base.kind->type(app, &w->base, line, true);
}

static void take(struct app *app, struct writing *w, const struct option *o)
{
	struct entry *e = writing_focused(w);
	bool many = options_many(e->field), had = picks_has(&e->picks, o->id);
	if (!many)
		picks_clear(&e->picks);
	if (many && had)
		picks_remove(&e->picks, o->id);
	else
		picks_add(&e->picks, o->id);
	writing_touch(app, w);
	if (!many)
		go_on(app, w, true);
}

static bool take_numbered(struct app *app, struct writing *w, struct span line)
{
	struct options o;
	long number;
	bool taken = false;
	if (!span_number(line, &number) || !read_options(app, writing_focused(w), &o))
		return false;
	if (number >= 1 && (size_t)number <= o.count) {
		take(app, w, &o.v[number - 1]);
		taken = true;
	}
	options_fini(&o);
	return taken;
}

static void answer_pick(struct app *app, struct writing *w, struct span line)
{
	if (take_numbered(app, w, line))
		return;
	if (entry_pick(writing_focused(w), app, line)) {
		writing_touch(app, w);
		go_on(app, w, true);
	} else {
		writing_list_options(app, w, line);
	}
}

/* What is written there is the answer to the first question of the new row. */
static void answer_add(struct app *app, struct writing *w, struct span line)
{
	app_press(app, PRESS_ENTER);
	if (!span_is(line, "+"))
		writing_answer(app, &w->base, line);
}

void writing_answer(struct app *app, struct screen *s, struct span line)
{
	static void (*const answers[])(struct app * app, struct writing * w, struct span line) = {
		[ENTRY_LINE] = answer_line,
		[ENTRY_NOTE] = answer_note,
		[ENTRY_PICK] = answer_pick,
		[ENTRY_ADD] = answer_add,
	};
	struct writing *w = (struct writing *)s;
	if (line.n)
		answers[writing_focused(w)->way](app, w, line);
	else
		go_on(app, w, false);
}

bool writing_takes_words(const struct screen *s)
{
	const struct entry *e = writing_focused((const struct writing *)s);
	return e->way == ENTRY_NOTE || (e->way == ENTRY_LINE && !e->edit.text.n);
}

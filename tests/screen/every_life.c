/* SPDX-License-Identifier: MIT
 *
 * The life of a record of any type: made, found, read, changed, told of, binned, brought back.
 */
#include "every.h"

#include <check.h>
#include <string.h>

struct life {
	struct every *e;
	const struct screen_def *list, *form;
	struct ref record;
	size_t rows; /* of the list before it was made */
};

static const struct screen_def *find_list(struct every *e)
{
	for (size_t i = 0; i < e->app->screens.count; i++) {
		const struct screen_def *def = &e->app->screens.defs[i];
		if (def->kind == DEF_LIST && def->of == e->def->of)
			return def;
	}
	every_fail(e, "no list shows records of type %s", e->def->of->name);
}

/* The palette, in somebody's own word. */
static void command(struct every *e, const char *word)
{
	every_press(e, PRESS_CTRL + 'p');
	every_type(e, word);
	every_press(e, PRESS_ENTER);
}

static void expect_rows(struct life *l, size_t rows, const char *when)
{
	size_t n = every_count_rows(l->e);
	if (app_top(l->e->app)->def != l->list)
		every_fail(l->e, "the list is not there %s", when);
	if (n != rows)
		every_fail(l->e, "%zu rows %s, not %zu", n, when, rows);
}

/* --- made and read ------------------------------------------------------------------------- */

/* A record that is there, in the form that only changes one. */
static void change_all(struct life *l)
{
	struct every *e = l->e;
	struct screen *form = writing_change(e->app, e->def, l->record);
	if (!form)
		every_fail(e, "the form does not open: %s", buf_text(&e->app->message));
	app_push(e->app, form);
	every_fill(e);
	struct ref saved = every_save(e);
	ck_assert(id_equal(&saved.record, &l->record.record));
}

static void make(struct life *l)
{
	struct every *e = l->e;
	app_push(e->app, list_new(e->app, l->list));
	l->rows = every_count_rows(e);
	every_push_form(e,
			every_adds(e->app, l->form) ? l->form : every_adding_form(e, l->form->of));
	every_fill(e);
	l->record = every_save(e);
	/* One sees the person it is about; the list is beneath. */
	if (app_top(e->app)->def != l->list)
		every_press(e, PRESS_ESC);
	expect_rows(l, l->rows + 1, "after one was added");
	if (!every_adds(e->app, l->form))
		change_all(l);
	expect_rows(l, l->rows + 1, "after it was saved");
}

static bool is_text(const struct field *f)
{
	return f->type == V_TEXT || f->type == V_NOTE || f->type == V_WORDS;
}

static const struct def_entry *find_entry(const struct screen_def *def, const struct field *f)
{
	for (size_t i = 0; i < def->section_count; i++)
		for (size_t k = 0; k < def->sections[i].count; k++)
			if (def->sections[i].entries[k].field == f)
				return &def->sections[i].entries[k];
	return NULL;
}

/* A record outside of files is headed by its name. */
static bool shows(const struct screen_def *text, const struct field *f)
{
	bool heads = text->of->store != STORE_PERSON && !strcmp(f->name, "name");
	return heads || find_entry(text, f);
}

static void expect_entry(struct life *l, const struct def_entry *entry, const struct record *r)
{
	const struct field *f = entry->cell ? entry->cell : entry->field;
	struct buf words = BUF_INIT, said = BUF_INIT;
	record_say(l->e->app->book, r, entry->field->name, &said);
	every_words(entry, &words);
	if (said.n && is_text(f))
		every_expect(l->e, buf_text(&words));
	for (size_t i = 0; i < entry->cell_count; i++)
		expect_entry(l, &entry->cells[i], r);
	buf_fini(&words);
	buf_fini(&said);
}

/* What can be typed can be read, too. */
static void check_text(struct life *l)
{
	struct record r;
	const struct screen_def *text = app_top(l->e->app)->def;
	ck_assert_int_eq(book_get_in(l->e->app->book, l->record, &r), OK);
	for (size_t i = 0; i < l->form->section_count; i++)
		for (size_t k = 0; k < l->form->sections[i].count; k++) {
			const struct def_entry *entry = &l->form->sections[i].entries[k];
			if (!shows(text, entry->field))
				every_fail(l->e, "%s asks for %s, and %s does not show it",
					   l->form->name, entry->field->name, text->name);
			expect_entry(l, entry, &r);
		}
	record_fini(&r);
}

static void read_texts(struct life *l)
{
	struct every *e = l->e;
	for (size_t i = 0; i < e->app->screens.count; i++) {
		const struct screen_def *def = &e->app->screens.defs[i];
		if (def->kind != DEF_TEXT || def->of != l->form->of)
			continue;
		app_push(e->app, text_of_record(e->app, def, l->record));
		check_text(l);
		every_press(e, PRESS_ESC);
	}
}

static void open(struct life *l)
{
	struct every *e = l->e;
	every_press(e, PRESS_ENTER);
	if (app_top(e->app)->def != screens_find(&e->app->screens, l->list->open))
		every_fail(e, "Enter does not open %s", l->list->open);
	if (l->list->of->is_subject && !person_is(app_top(e->app), &l->record.record))
		every_fail(e, "it is somebody else who is opened");
}

/* --- changed and told of ------------------------------------------------------------------- */

/* The first field that can be altered by one key. */
static void alter(struct every *e)
{
	struct writing *w = every_form(e);
	for (size_t i = 0; i < w->count; i++, every_press(e, PRESS_TAB)) {
		const struct entry *f = writing_focused(w);
		if (is_text(f->field) && f->field->type != V_WORDS) {
			every_press(e, PRESS_END);
			every_type(e, "x");
			return;
		}
		if (entry_turns(e->app, f)) {
			every_press(e, PRESS_RIGHT);
			return;
		}
	}
	every_fail(e, "there is nothing to alter");
}

static size_t read_history(struct every *e)
{
	struct buf told = BUF_INIT;
	command(e, "history");
	every_expect(e, "What happened: oldest first");
	every_read(e, &told);
	size_t n = told.n;
	buf_fini(&told);
	every_press(e, PRESS_ESC);
	return n;
}

static void change(struct life *l)
{
	struct every *e = l->e;
	size_t before = read_history(e);
	if (l->list->of->is_subject)
		command(e, "change-person");
	else
		every_press(e, PRESS_ENTER);
	if (!every_form(e) || !every_form(e)->is_change)
		every_fail(e, "there is no form to change it");
	alter(e);
	every_save(e);
	if (read_history(e) <= before)
		every_fail(e, "the history does not tell of the change");
}

/* --- binned and brought back --------------------------------------------------------------- */

static void bin(struct life *l)
{
	struct every *e = l->e;
	struct record r;
	command(e, "delete");
	if (strncmp(buf_text(&e->app->message), "In the bin (", 12) != 0)
		every_fail(e, "it is not in the bin: %s", buf_text(&e->app->message));
	expect_rows(l, l->rows, "after one was binned");
	ck_assert_int_eq(book_get_in(e->app->book, l->record, &r), OK);
	ck_assert(r.state.binned);
	record_fini(&r);
	every_press(e, PRESS_CTRL + 'z');
	expect_rows(l, l->rows + 1, "after ^Z brought it back");
}

static const struct screen_def *form_of(struct every *e)
{
	if (e->def->kind == DEF_FORM)
		return e->def;
	return every_adding_form(e, e->def->of);
}

void every_record_lives(struct stage *s, const char *screen)
{
	struct every e;
	every_begin(&e, s, screen);
	struct life l = {.e = &e, .form = form_of(&e)};
	l.list = e.def->kind == DEF_LIST ? e.def : find_list(&e);
	make(&l);
	read_texts(&l);
	open(&l);
	change(&l);
	bin(&l);
	every_end(&e);
}

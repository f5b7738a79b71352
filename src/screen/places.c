/* SPDX-License-Identifier: MIT
 *
 * Where one can go and what one can do: the menu, the palette, and what can be added on a
 * person.  All are pickers over the command table and the screens there are.
 */
#include "places.h"
#include "pick.h"
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

/* --- going to a list -------------------------------------------------------------------- */

/* Back to a screen that is open.  The words in the forms above it are drafts first; where they
 * cannot be kept nothing closes, and the message says so. */
static void go_back_to(struct app *app, size_t at)
{
	bool words = false;
	for (size_t i = at + 1; i < app->depth; i++) {
		struct screen *s = app->stack[i];
		if (s->kind->keep && !s->kind->keep(app, s))
			return;
		if (s->kind->again) {
			struct id draft = s->kind->again(app, s);
			words |= !id_is_zero(&draft);
		}
	}
	while (app->depth > at + 1)
		app_pop(app);
	if (words)
		app_say(app, ATTR_GOOD, "What you were writing is kept as a draft.");
}

void app_go(struct app *app, const struct screen_def *list)
{
	for (size_t i = 0; i < app->depth; i++)
		if (app->stack[i]->def == list) {
			go_back_to(app, i);
			return;
		}
	app_push(app, list_new(app, list));
}

/* From a person, what fits them. */
void app_go_to_groups(struct app *app)
{
	const struct screen_def *groups = app_def(app, "groups");
	if (app_top(app)->kind->place == IN_PERSON)
		app_push(app, list_for_person(app, groups, &app->person));
	else
		app_go(app, groups);
}

static const char place_prefix[] = "go:";

static int by_title(const void *a, const void *b)
{
	const struct option *x = a, *y = b;
	return strcmp(x->label, y->label);
}

static void add_places(struct app *app, const char *before, struct options *out)
{
	size_t from = out->count;
	for (size_t i = 0; i < app->screens.count; i++) {
		const struct screen_def *def = &app->screens.defs[i];
		struct buf id = BUF_INIT, label = BUF_INIT;
		if (def->kind != DEF_LIST)
			continue;
		buf_printf(&id, "%s%s", place_prefix, def->name);
		buf_printf(&label, "%s%s", before, def->title);
		options_add(out, buf_text(&id), buf_text(&label), NULL);
		buf_fini(&label);
		buf_fini(&id);
	}
	if (out->count > from)
		qsort(out->v + from, out->count - from, sizeof *out->v, by_title);
}

/* --- what can be done here -------------------------------------------------------------- */

/* Moving about is no news to anybody who found this. */
static bool is_worth_a_line(const struct command *c)
{
	return c->hint || c->also || !c->keys[0];
}

static void add_commands(struct app *app, struct screen *about, struct options *out)
{
	for (const struct command *c = commands; c->name; c++) {
		struct buf label = BUF_INIT, keys = BUF_INIT, also = BUF_INIT;
		if (!command_is_here(c, about->kind->place, NULL, NULL) || !is_worth_a_line(c) ||
		    !app_can(app, about, c) || c->action == ACT_PALETTE || c->action == ACT_MENU)
			continue;
		command_keys(c, &keys);
		buf_add_text(&label, c->words);
		if (keys.n)
			buf_printf(&label, "  (%s)", buf_text(&keys));
		buf_printf(&also, "%s %s", c->name, c->also ? c->also : "");
		options_add(out, c->name, buf_text(&label), buf_text(&also));
		buf_fini(&also);
		buf_fini(&label);
		buf_fini(&keys);
	}
}

static void run(struct app *app, void *arg, const struct picks *picks)
{
	const char *id = picks->count ? picks->v[0] : "";
	size_t n = sizeof place_prefix - 1;
	(void)arg;
	if (!strncmp(id, place_prefix, n)) {
		app_go(app, app_def(app, id + n));
		return;
	}
	const struct command *c = command_find(id);
	if (c)
		app_act(app, c);
}

static void ask(struct app *app, const char *title, struct options *o)
{
	static const struct picks none = {0};
	struct pick_request request = {.title = title, .picked = &none, .took = run};
	app_push(app, pick_new(app, &request, o));
}

void app_palette(struct app *app)
{
	struct options o = {0};
	add_commands(app, app_top(app), &o);
	add_places(app, "Go to: ", &o);
	ask(app, "What do you want to do?", &o);
}

void app_menu(struct app *app)
{
	struct options o = {0};
	add_places(app, "", &o);
	add_commands(app, app_top(app), &o);
	ask(app, "Where to, and what can be done", &o);
}

/* --- adding on a person ----------------------------------------------------------------- */

struct adding {
	struct id person;
	const struct screen_def *form;
};

static struct adding *adding_new(const struct id *person, const struct screen_def *form)
{
	struct adding *a = mem_alloc(sizeof *a);
	*a = (struct adding){.form = form};
	if (person)
		a->person = *person;
	return a;
}

static void take_form(struct app *app, void *arg, const struct picks *picks)
{
	struct adding *a = arg;
	if (picks->count)
		app_push(app, writing_new(app, app_def(app, picks->v[0]), &a->person));
}

static void take_person(struct app *app, void *arg, const struct picks *picks)
{
	struct adding *a = arg;
	struct id person;
	if (picks->count && id_from_hex(picks->v[0], &person))
		app_push(app, writing_new(app, a->form, &person));
}

void app_add_on(struct app *app, const struct screen_def *def, const struct id *person)
{
	static const struct picks none = {0};
	static const char *const digits[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
	struct options o = {0};
	for (size_t i = 0; i < def->add_count; i++) {
		struct buf label = BUF_INIT;
		banner_title(app, app_def(app, def->add[i])->title, NULL, false, &label);
		options_add(&o, def->add[i], buf_text(&label), NULL);
		o.v[o.count - 1].letter = i < 9 ? digits[i] : NULL;
		buf_fini(&label);
	}
	struct pick_request request = {.title = "Add what?",
				       .picked = &none,
				       .letters = true,
				       .took = take_form,
				       .arg = adding_new(person, NULL),
				       .drop = free};
	app_push(app, pick_new(app, &request, &o));
}

void app_add_to(struct app *app, const struct screen_def *list)
{
	static const struct picks none = {0};
	static const struct field person = {"person", V_RECORD, .of = "person"};
	const struct screen_def *form = app_def(app, list->form);
	struct options o;
	if (form->of->store != STORE_PERSON || form->of->is_subject || form->of->for_nobody) {
		app_push(app, writing_new(app, form, NULL));
		return;
	}
	options_read(app, &person, &(struct id){{0}}, &o);
	struct pick_request request = {.title = "Who is it for?",
				       .picked = &none,
				       .took = take_person,
				       .arg = adding_new(NULL, form),
				       .drop = free};
	app_push(app, pick_new(app, &request, &o));
}

/* --- forms by record type --------------------------------------------------------------- */

const struct screen_def *app_form_of(const struct app *app, const struct kind *k)
{
	for (size_t i = 0; i < app->screens.count; i++) {
		const struct screen_def *def = &app->screens.defs[i];
		if (def->of == k && def->form && (def->kind == DEF_TEXT || def->kind == DEF_PERSON))
			return screens_find(&app->screens, def->form);
	}
	return NULL;
}

static const char *find_label(const struct screen_def *def, const struct field *f)
{
	for (size_t i = 0; i < def->section_count; i++)
		for (size_t k = 0; k < def->sections[i].count; k++)
			if (def->sections[i].entries[k].field == f &&
			    !def->sections[i].entries[k].cell)
				return def->sections[i].entries[k].label;
	return NULL;
}

void app_field_label(const struct app *app, const struct kind *k, const struct field *f,
		     struct buf *out)
{
	const char *label = NULL;
	for (size_t i = 0; !label && i < app->screens.count; i++)
		if (app->screens.defs[i].of == k)
			label = find_label(&app->screens.defs[i], f);
	if (label) {
		buf_add_text(out, label);
		return;
	}
	for (const char *c = f->name; *c; c++)
		buf_add_byte(out, *c == '_' ? ' ' : (uint8_t)*c);
}

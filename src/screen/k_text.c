/* SPDX-License-Identifier: MIT
 *
 * Text to be read: a record in full, or the help of a screen.  It is a list of labelled
 * passages, wrapped anew at every width; the cursor walks from line to line, so that a
 * screen reader reads along.
 */
#include "doing.h"
#include "options.h"
#include <linkbook/extra.h>
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

/* A passage without text is a section's title. */
struct passage {
	struct buf label, text;
};

struct text {
	struct screen base;
	struct heading heading;
	struct passage *passages;
	size_t count, cap;
	size_t line, top, lines, page; /* the cursor's, the first shown, all, shown at once */
	bool is_help;
	struct ref record; /* zero: help */
	bool looked; /* the access log has it */
};

static void clear_passages(struct text *t)
{
	for (size_t i = 0; i < t->count; i++) {
		buf_fini(&t->passages[i].label);
		buf_fini(&t->passages[i].text);
	}
	t->count = 0;
}

static void text_free(struct screen *s)
{
	struct text *t = (struct text *)s;
	clear_passages(t);
	free(t->passages);
	buf_fini(&t->heading.left);
	buf_fini(&t->heading.right);
	free(t);
}

static struct passage *add_passage(struct text *t)
{
	t->passages = mem_room(t->passages, t->count, &t->cap, sizeof *t->passages);
	t->passages[t->count] = (struct passage){BUF_SECRET, BUF_SECRET};
	return &t->passages[t->count++];
}

static void text_heading(struct app *app, struct screen *s, struct heading *h)
{
	const struct text *t = (const struct text *)s;
	(void)app;
	buf_add_span(&h->left, buf_span(&t->heading.left));
	buf_add_span(&h->right, buf_span(&t->heading.right));
}

/* Painting walks all lines and shows those in the window; nothing is laid out twice. */
struct painting {
	struct text *text;
	struct grid *g;
	struct box box;
	size_t line;
};

static bool row_of(const struct painting *p, int *y)
{
	*y = p->box.y + (int)(p->line - p->text->top);
	return p->line >= p->text->top && p->line < p->text->top + p->text->page;
}

static void put(struct painting *p, int x, struct span text, unsigned attr)
{
	int y;
	if (row_of(p, &y))
		grid_put(p->g, y, x, p->box.columns - x - 1, text, attr);
}

/* The label in front where there is room for two columns, else over the text. */
static void paint_passage(struct painting *p, const struct passage *at, int indent)
{
	struct wrap rows = {0};
	struct span text = buf_span(&at->text);
	put(p, at->text.n ? 2 : 1, buf_span(&at->label), ATTR_BOLD);
	if (!at->text.n || text_width(buf_span(&at->label)) > indent - 4)
		p->line++;
	wrap_text(text, p->box.columns - indent - 1, &rows);
	for (size_t i = 0; i < rows.count && at->text.n; i++, p->line++)
		put(p, indent, wrap_row_text(&rows, text, i), 0);
	wrap_fini(&rows);
}

static void paint_all(struct painting *p)
{
	int indent = p->text->is_help ? 20 : 17;
	if (p->box.columns < 60)
		indent = 4;
	p->line = 0;
	for (size_t i = 0; i < p->text->count; i++) {
		const struct passage *at = &p->text->passages[i];
		if (!at->text.n && i)
			p->line++;
		paint_passage(p, at, indent);
	}
	p->text->lines = p->line;
}

/* The window shows the cursor's line, and no more empty room than there must be. */
static void scroll(struct text *t)
{
	size_t last = t->lines ? t->lines - 1 : 0;
	size_t most = t->lines > t->page ? t->lines - t->page : 0;
	t->line = t->line < last ? t->line : last;
	if (t->line < t->top)
		t->top = t->line;
	if (t->line >= t->top + t->page)
		t->top = t->line - t->page + 1;
	t->top = t->top < most ? t->top : most;
}

static void text_paint(struct app *app, struct screen *s, struct grid *g, struct box b)
{
	struct text *t = (struct text *)s;
	struct painting p = {t, g, b, 0};
	t->page = 0;
	paint_all(&p); /* counts the lines */
	t->page = (size_t)b.rows;
	scroll(t);
	paint_all(&p);
	if (t->top + t->page < t->lines && !app->message.n)
		grid_put(g, b.y + b.rows, b.columns - 13, 12,
			 span_text(g->ascii ? "v more below" : "↓ more below"), ATTR_DIM);
	grid_set_cursor(g, b.y + (int)(t->line - t->top), 0);
}

static bool change(struct app *app, struct text *t)
{
	struct screen *form = writing_change(app, app_def(app, t->base.def->form), t->record);
	if (form)
		app_push(app, form);
	return true;
}

static bool do_with_record(struct app *app, struct text *t, enum action action)
{
	struct screen *s = action == ACT_HISTORY ? text_of_history(app, t->record) : NULL;
	if (s)
		app_push(app, s);
	else if (action == ACT_BIN)
		app_bin(app, t->record);
	else if (action == ACT_SHARE)
		app_share(app, t->record);
	else if (action == ACT_JOIN)
		app_join(app, t->record);
	return true;
}

static bool text_can(struct app *app, struct screen *s, const struct command *c)
{
	(void)app;
	bool of_record = !id_is_zero(&((struct text *)s)->record.record);
	if (c->action == ACT_HISTORY || c->action == ACT_BIN)
		return of_record;
	if (c->action == ACT_SHARE || c->action == ACT_JOIN)
		return of_record && s->def && !strcmp(s->def->of->name, "resource");
	return c->action != ACT_CHANGE || (s->def && s->def->form);
}

static bool text_act(struct app *app, struct screen *s, const struct command *c)
{
	struct text *t = (struct text *)s;
	size_t page = t->page > 1 ? t->page - 1 : 1;
	if (c->action == ACT_CHANGE)
		return change(app, t);
	if (c->action == ACT_HISTORY || c->action == ACT_BIN || c->action == ACT_SHARE ||
	    c->action == ACT_JOIN)
		return do_with_record(app, t, c->action);
	if (c->action == ACT_DOWN)
		t->line++;
	else if (c->action == ACT_UP)
		t->line -= t->line > 0;
	else if (c->action == ACT_PAGE_DOWN)
		t->line = t->top + page + t->page - 1;
	else if (c->action == ACT_PAGE_UP)
		t->line = t->top > page ? t->top - page : 0;
	else if (c->action == ACT_HOME)
		t->line = 0;
	else if (c->action == ACT_END)
		t->line = t->lines;
	else
		return c->action == ACT_HELP && t->is_help;
	return true;
}

static void text_refresh(struct app *app, struct screen *s);

static const struct screen_kind text_kind = {
	.place = IN_TEXT,
	.free = text_free,
	.refresh = text_refresh,
	.can = text_can,
	.heading = text_heading,
	.paint = text_paint,
	.act = text_act,
};

static struct text *text_new(const struct screen_def *def)
{
	struct text *t = mem_alloc(sizeof *t);
	*t = (struct text){.base = {&text_kind, def}, .heading = {BUF_SECRET, BUF_SECRET}};
	return t;
}

/* Other records by what they are called. */
static void say_others(struct app *app, const struct record *r, const struct field *f,
		       struct buf *out)
{
	struct picks p = {0};
	picks_from_record(&p, r, f);
	for (size_t i = 0; i < p.count; i++) {
		buf_add_text(out, i ? ", " : "");
		options_say(app, f, p.v[i], out);
	}
	picks_clear(&p);
}

static const char other_version[] = "\n! Another version stands beside this one: ^P, two versions.";

/* What the practice asks of its groups besides, each by its label; what it asks no more, too. */
static void add_own(struct app *app, struct text *t, const struct record *r)
{
	struct extras own;
	if (extras_read(app->book, &r->store, &own))
		own = (struct extras){0};
	extras_add_of(&own, r);
	for (size_t i = 0; i < own.count; i++) {
		const struct state_row *row = extra_find(r, own.v[i].name);
		if (!row)
			continue;
		struct passage *p = add_passage(t);
		buf_add_text(&p->label, own.v[i].label);
		buf_add_span(&p->text, extra_text(row->said[0].value));
		if (!p->text.n)
			buf_add_text(&p->text, "(nothing)");
		if (said_differ(row->said, row->count))
			buf_add_text(&p->text, other_version);
	}
	extras_fini(&own);
}

static void add_entry(struct app *app, struct text *t, const struct record *r,
		      const struct def_entry *e)
{
	struct buf said = BUF_SECRET;
	struct span text;
	if (e->field->told_by) {
		add_own(app, t, r);
		return;
	}
	if (options_are_records(e->field))
		say_others(app, r, e->field, &said);
	else if (e->field->type == V_NOTE && value_is_text(record_value(r, e->field->name), &text))
		buf_add_span(&said, text);
	else
		options_say_field(app, r, e->field->name, &said);
	if (said.n) {
		struct passage *p = add_passage(t);
		buf_add_text(&p->label, e->label);
		buf_add_span(&p->text, buf_span(&said));
		if (record_in_conflict(r, e->field->name))
			buf_add_text(&p->text, other_version);
	}
	buf_fini(&said);
}

/* Whose it is, or what it is called. */
static void add_heading(struct app *app, struct text *t, const struct record *r)
{
	struct span name;
	bool for_nobody = id_equal(&r->subject, &r->store);
	if (r->kind->store == STORE_PERSON)
		banner_title(app, t->base.def->title, for_nobody ? NULL : &r->subject, true,
			     &t->heading.left);
	else if (value_is_text(record_value(r, "name"), &name))
		buf_add_span(&t->heading.left, name);
	else
		buf_add_text(&t->heading.left, t->base.def->title);
}

static void add_section(struct app *app, struct text *t, const struct record *r,
			const struct def_section *section)
{
	size_t before = t->count;
	if (section->title)
		buf_add_text(&add_passage(t)->label, section->title);
	size_t titled = t->count;
	for (size_t j = 0; j < section->count; j++)
		add_entry(app, t, r, &section->entries[j]);
	if (t->count == titled && titled > before) /* a title over nothing */
		buf_fini(&t->passages[--t->count].label);
}

static enum err read_text(struct app *app, struct text *t)
{
	struct record r = {0};
	enum err e = book_get_in(app->book, t->record, &r);
	if (e)
		return e;
	if (!t->looked)
		app_looked_at(app, &r);
	t->looked = true;
	clear_passages(t);
	buf_clear(&t->heading.left);
	add_heading(app, t, &r);
	for (size_t i = 0; i < t->base.def->section_count; i++)
		add_section(app, t, &r, &t->base.def->sections[i]);
	record_fini(&r);
	return OK;
}

static void text_refresh(struct app *app, struct screen *s)
{
	struct text *t = (struct text *)s;
	enum err e = id_is_zero(&t->record.record) ? OK : read_text(app, t);
	if (e)
		app_say_fault(app, "It could not be read", e, NULL);
}

struct screen *text_of_record(struct app *app, const struct screen_def *def, struct ref ref)
{
	struct text *t = text_new(def);
	t->record = ref;
	enum err e = read_text(app, t);
	if (!e)
		return &t->base;
	app_say_fault(app, "It could not be read", e, NULL);
	text_free(&t->base);
	return NULL;
}

static void add_help(struct text *t, const char *label, const char *words)
{
	struct passage *p = add_passage(t);
	buf_add_text(&p->label, label);
	buf_add_text(&p->text, words);
}

static const struct {
	unsigned where;
	const char *label, *words;
} hints[] = {
	{IN_LIST | IN_PERSON, "Type to find",
	 "Any words of the record, in any order, accents or not. A word may stop short: "
	 "mai macl. One slip in a longer word is forgiven."},
	{IN_WRITING, "Nothing is lost",
	 "What you type is kept as a draft within a second. Esc goes back and the draft waits in "
	 "the lists. A draft whose words you have rubbed out goes."},
	{IN_WRITING, "Days and times", "today, yesterday 2pm, tue, 12/3, 12 Mar 2026, 3d ago."},
	{IN_LOCK, "Passphrase",
	 "The words that open this book. Without them nobody can read it, and nobody can find "
	 "them out for you."},
};

struct screen *text_of_help(struct app *app, struct screen *about)
{
	struct text *t = text_new(NULL);
	unsigned place = about->kind->place;
	t->is_help = true;
	buf_add_text(&t->heading.left, "Help: what the keys do here");
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (hints[i].where & place)
			add_help(t, hints[i].label, hints[i].words);
	for (const struct command *c = commands; c->name; c++) {
		if (!command_is_here(c, place, NULL, NULL) || !app_can(app, about, c))
			continue;
		struct buf keys = BUF_INIT;
		command_keys(c, &keys);
		add_help(t, buf_text(&keys), c->words);
		buf_fini(&keys);
	}
	return &t->base;
}

/* --- history ---------------------------------------------------------------------------- */

struct telling {
	struct app *app;
	struct text *text;
};

static void tell(void *arg, const struct event *e)
{
	struct telling *t = arg;
	struct when when;
	struct passage *p = add_passage(t->text);
	if (when_from_iso(span_text(e->when), &when))
		when_say_short(when, app_now(t->app), &p->label);
	if (*e->author) {
		text_clean(span_text(e->author), &p->text);
		buf_add_text(&p->text, ": ");
	}
	buf_add_text(&p->text, e->sentence);
}

struct screen *text_of_history(struct app *app, struct ref ref)
{
	struct telling t = {app, text_new(NULL)};
	buf_add_text(&t.text->heading.left, "What happened: oldest first");
	enum err e = book_history(app->book, ref, tell, &t);
	if (!e)
		return &t.text->base;
	app_say_fault(app, "The history could not be read", e, NULL);
	text_free(&t.text->base);
	return NULL;
}

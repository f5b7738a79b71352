/* SPDX-License-Identifier: MIT
 *
 * Fields being filled in.
 */
#include "entry.h"
#include <linkbook/mem.h>
#include <linkbook/text.h>
#include <linkbook/value.h>

#include <stdlib.h>
#include <string.h>

/* Few enough to go round with the arrows. */
enum { TURNS = 24 };

bool entry_is_dated(const struct entry *e)
{
	return e->field->type == V_DATE || e->field->type == V_MOMENT;
}

bool entry_is_note(const struct entry *e)
{
	return e->way == ENTRY_NOTE;
}

bool entry_is_pick(const struct entry *e)
{
	return e->way == ENTRY_PICK;
}

static const struct term_list *terms_of(const struct app *app, const struct entry *e)
{
	return e->field->terms ? terms_list(app->o.terms, e->field->terms) : NULL;
}

bool entry_turns(const struct app *app, const struct entry *e)
{
	const struct term_list *l = terms_of(app, e);
	if (e->way != ENTRY_PICK || options_many(e->field) || options_are_records(e->field))
		return false;
	return !l || l->count <= TURNS;
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

static enum entry_way way_of(const struct field *f)
{
	if (options_has(f))
		return ENTRY_PICK;
	return f->type == V_NOTE ? ENTRY_NOTE : ENTRY_LINE;
}

void entry_init(struct entry *e, const struct def_entry *def, struct app *app)
{
	const struct field *f = def->cell ? def->cell : def->field;
	*e = (struct entry){.def = def,
			    .field = f,
			    .way = way_of(f),
			    .fault = BUF_SECRET,
			    .beside = BUF_SECRET};
	edit_init(&e->edit, entry_is_note(e));
	if (def->fallback && entry_is_dated(e) && !strcmp(def->fallback, "now"))
		set_now(e, app);
	else if (def->fallback)
		entry_restore(e, span_text(def->fallback));
}

void entry_init_add(struct entry *e, const struct def_entry *def)
{
	*e = (struct entry){.def = def,
			    .field = def->field,
			    .way = ENTRY_ADD,
			    .fault = BUF_SECRET,
			    .beside = BUF_SECRET};
	edit_init(&e->edit, false);
}

void entry_fini(struct entry *e)
{
	edit_fini(&e->edit);
	picks_clear(&e->picks);
	buf_fini(&e->fault);
	buf_fini(&e->beside);
}

/* --- from a record ---------------------------------------------------------------------- */

static void fill_value(struct entry *e, const struct app *app, struct span value)
{
	struct span text;
	if (e->way == ENTRY_PICK)
		picks_from_value(&e->picks, e->field, value);
	else if (e->way == ENTRY_NOTE && value_is_text(value, &text))
		edit_set(&e->edit, text);
	else if (!value_is_null(value))
		set_typed(e, value, app);
	else
		edit_set(&e->edit, span_of("", 0));
}

/* Short texts of a set stand in one line, with commas between. */
static void fill_words(struct entry *e, const struct record *r)
{
	struct said *v;
	struct buf line = BUF_SECRET;
	struct span text;
	size_t count = record_members(r, e->field, &v);
	for (size_t i = 0; i < count; i++)
		if (value_is_text(v[i].value, &text)) {
			buf_add_text(&line, i ? ", " : "");
			buf_add_span(&line, text);
		}
	edit_set(&e->edit, buf_span(&line));
	buf_fini(&line);
	free(v);
}

static void fill_beside(struct entry *e, const struct app *app, const struct record *r)
{
	const struct state_field *s = state_field(&r->state, field_stored(e->field));
	for (size_t i = 1; s && s->kind == SLOT_REGISTER && s->conflict && i < s->count; i++) {
		struct span v = s->said[i].value, member;
		if (e->field->group)
			v = !value_is_null(v) && value_in_map(v, e->field->name, &member)
				    ? member
				    : span_of(NULL, 0);
		buf_add_text(&e->beside, e->beside.n ? "; " : "");
		if (value_is_null(v))
			buf_add_text(&e->beside, "nothing");
		else
			value_say(e->field, v, app->o.terms, app_now(app), &e->beside);
	}
}

void entry_fill(struct entry *e, const struct app *app, const struct record *r)
{
	picks_clear(&e->picks);
	if (e->field->type == V_WORDS)
		fill_words(e, r);
	else if (e->way == ENTRY_PICK)
		picks_from_record(&e->picks, r, e->field);
	else
		fill_value(e, app, record_value(r, e->field->name));
	fill_beside(e, app, r);
}

void entry_fill_cell(struct entry *e, const struct app *app, struct span cells)
{
	struct span v;
	picks_clear(&e->picks);
	fill_value(e, app, value_in_map(cells, e->field->name, &v) ? v : span_of(NULL, 0));
}

/* --- as typed --------------------------------------------------------------------------- */

void entry_typed(const struct entry *e, struct buf *out)
{
	for (size_t i = 0; i < e->picks.count; i++)
		buf_printf(out, "%s%s", i ? "\n" : "", e->picks.v[i]);
	if (e->way != ENTRY_PICK)
		buf_add_span(out, buf_span(&e->edit.text));
}

static void restore_picks(struct entry *e, struct span typed)
{
	picks_clear(&e->picks);
	while (typed.n) {
		const uint8_t *end = memchr(typed.p, '\n', typed.n);
		size_t n = end ? (size_t)(end - typed.p) : typed.n;
		char *id = mem_text_n((const char *)typed.p, n);
		picks_add(&e->picks, id);
		free(id);
		n += end != NULL;
		typed = span_of(typed.p + n, typed.n - n);
	}
}

void entry_restore(struct entry *e, struct span typed)
{
	if (e->way == ENTRY_PICK)
		restore_picks(e, typed);
	else
		edit_set(&e->edit, typed);
}

bool entry_is_empty(const struct entry *e)
{
	struct span text = buf_span(&e->edit.text);
	while (text.n && strchr(" \n", text.p[text.n - 1]))
		text.n--;
	return e->way == ENTRY_PICK ? !e->picks.count : !text.n;
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

/* Several short texts with commas between, each checked by itself. */
static enum err read_words(struct entry *e, const struct app *app, struct buf *value)
{
	struct buf items = BUF_SECRET;
	struct diag d = {0};
	enum err err = OK;
	size_t count = 0;
	char *line = mem_text(buf_text(&e->edit.text)), *rest = line;
	for (char *word; !err && (word = strsep(&rest, ","));) {
		struct buf one = BUF_SECRET;
		err = value_read(e->field, word, app->o.terms, app_now(app), e->def->way, &one, &d);
		if (!err && !value_is_null(buf_span(&one))) {
			buf_add_span(&items, buf_span(&one));
			count++;
		}
		buf_fini(&one);
	}
	if (err)
		take_fault(e, &d);
	value_add_list(value, count);
	buf_add_span(value, buf_span(&items));
	mem_free_secret(line);
	buf_fini(&items);
	diag_fini(&d);
	return err;
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
	if (!err && entry_read_when(e, app, &w) && !entry_is_that_way(e, app, w)) {
		buf_clear(&e->fault);
		entry_say_wrong_side(e, &e->fault);
		err = ERR_INPUT;
	}
	return err;
}

enum err entry_read(struct entry *e, const struct app *app, struct buf *value)
{
	buf_clear(&e->fault);
	bool must = e->def->field->flags & FIELD_MUST && id_is_zero(&e->row);
	if (must && entry_is_empty(e)) {
		buf_printf(&e->fault, "%s: this is needed before it can be saved.", e->def->label);
		return ERR_INPUT;
	}
	if (e->way == ENTRY_PICK)
		picks_to_value(&e->picks, e->field, value);
	else if (e->field->type == V_WORDS)
		return read_words(e, app, value);
	else if (!entry_is_empty(e))
		return read_typed(e, app, value);
	else
		value_add_null(value);
	return OK;
}

void entry_leave(struct entry *e, const struct app *app)
{
	struct buf value = BUF_SECRET;
	if (e->way != ENTRY_LINE || entry_is_empty(e))
		buf_clear(&e->fault); /* a must-have is asked for on saving only */
	else if (!entry_read(e, app, &value) && entry_is_dated(e))
		set_typed(e, buf_span(&value), app);
	buf_fini(&value);
}

/* --- picks in their row ----------------------------------------------------------------- */

static void pick_only(struct entry *e, const struct option *o)
{
	picks_clear(&e->picks);
	picks_add(&e->picks, o->id);
	e->altered = true;
}

static size_t index_of(const struct options *o, const struct picks *p)
{
	for (size_t i = 0; p->count && i < o->count; i++)
		if (!strcmp(o->v[i].id, p->v[0]))
			return i;
	return o->count;
}

void entry_turn(struct entry *e, struct app *app, int by)
{
	struct options o;
	if (!entry_turns(app, e))
		return;
	options_read(app, e->field, &(struct id){{0}}, &o);
	size_t n = o.count, at = index_of(&o, &e->picks);
	if (at == n)
		at = by > 0 ? n - 1 : 0;
	if (n)
		pick_only(e, &o.v[(at + (by > 0 ? 1 : n - 1)) % n]);
	options_fini(&o);
}

static bool starts_with(const char *label, const char *folded)
{
	struct buf words = BUF_SECRET;
	text_fold(span_text(label), &words);
	bool does = !strncmp(buf_text(&words), folded, strlen(folded));
	buf_fini(&words);
	return does;
}

static const struct option *find_letter(const struct options *o, const struct picks *p,
					const char *folded)
{
	size_t at = index_of(o, p);
	for (size_t i = 0; i < o->count; i++)
		if (o->v[i].letter && *folded && !strcmp(o->v[i].letter, folded))
			return &o->v[i];
	for (size_t i = 1; i <= o->count && *folded; i++) {
		const struct option *next = &o->v[at == o->count ? i - 1 : (at + i) % o->count];
		if (starts_with(next->label, folded))
			return next;
	}
	return NULL;
}

/* Its letter first; then the next option that starts so. */
bool entry_pick(struct entry *e, struct app *app, struct span letter)
{
	struct options o;
	struct buf folded = BUF_SECRET;
	if (!entry_turns(app, e))
		return false;
	options_read(app, e->field, &(struct id){{0}}, &o);
	text_fold(letter, &folded);
	const struct option *found = find_letter(&o, &e->picks, buf_text(&folded));
	if (found)
		pick_only(e, found);
	options_fini(&o);
	buf_fini(&folded);
	return found != NULL;
}

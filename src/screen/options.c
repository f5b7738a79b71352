/* SPDX-License-Identifier: MIT
 *
 * What can be picked, and what was.
 */
#include "options.h"
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

static const char *const yes_no[][2] = {{"yes", "Yes"}, {"no", "No"}};

bool options_are_records(const struct field *f)
{
	return f->type == V_RECORD || f->type == V_RECORDS;
}

bool options_has(const struct field *f)
{
	return f->type == V_CHOICE || f->type == V_CHOICES || f->type == V_YESNO ||
	       options_are_records(f);
}

bool options_many(const struct field *f)
{
	return f->type == V_CHOICES || f->type == V_RECORDS;
}

void options_add(struct options *o, const char *id, const char *label, const char *also)
{
	o->v = mem_room(o->v, o->count, &o->cap, sizeof *o->v);
	o->v[o->count++] = (struct option){
		.id = mem_text(id), .label = mem_text(label), .also = also ? mem_text(also) : NULL};
}

struct gathering {
	struct app *app;
	struct options *out;
};

/* People need more than a name to be told apart; a resource's name and place do. */
static bool add_record(void *arg, const struct record *r)
{
	struct gathering *w = arg;
	struct buf label = BUF_SECRET;
	char hex[ID_HEX];
	record_title(w->app->book, r, &label);
	options_add(w->out, id_to_hex(&r->id, hex), buf_text(&label), NULL);
	buf_fini(&label);
	return true;
}

static int by_label(const void *a, const void *b)
{
	const struct option *x = a, *y = b;
	int order = strcmp(x->label, y->label);
	return order ? order : strcmp(x->id, y->id);
}

static void read_records(struct app *app, const struct field *f, const struct id *person,
			 struct options *out)
{
	const struct kind *k = f->of ? kind_find(f->of) : NULL;
	struct gathering w = {app, out};
	bool in_file = k && k->store == STORE_PERSON && !k->is_subject;
	if (!k || (in_file && id_is_zero(person)))
		return;
	enum err e = book_scan(app->book, k, in_file ? person : NULL, add_record, &w);
	if (e)
		app_say_fault(app, "Not everything could be read", e, NULL);
	options_sort(out);
}

void options_sort(struct options *o)
{
	if (o->count)
		qsort(o->v, o->count, sizeof *o->v, by_label);
}

void options_read(struct app *app, const struct field *f, const struct id *person,
		  struct options *out)
{
	const struct term_list *l = f->terms ? terms_list(app->o.terms, f->terms) : NULL;
	*out = (struct options){0};
	if (options_are_records(f))
		read_records(app, f, person, out);
	for (size_t i = 0; f->type == V_YESNO && i < 2; i++)
		options_add(out, yes_no[i][0], yes_no[i][1], NULL);
	for (size_t i = 0; l && i < l->count; i++) {
		options_add(out, l->items[i].id, l->items[i].label, NULL);
		out->v[out->count - 1].letter = l->items[i].letter;
	}
}

void options_fini(struct options *o)
{
	for (size_t i = 0; i < o->count; i++) {
		free(o->v[i].id);
		mem_wipe(o->v[i].label, strlen(o->v[i].label));
		free(o->v[i].label);
		free(o->v[i].also);
	}
	free(o->v);
	*o = (struct options){0};
}

static void say_record(struct app *app, const char *id, struct buf *out)
{
	struct id record;
	struct record r;
	if (!id_from_hex(id, &record) || book_get(app->book, &record, &r)) {
		buf_add_text(out, "(no longer here)");
		return;
	}
	struct span name;
	if (r.kind && r.kind->is_subject)
		record_person_name(&r, out);
	else if (r.kind && value_is_text(record_value(&r, "name"), &name))
		text_clean(name, out);
	else
		record_title(app->book, &r, out);
	record_fini(&r);
}

void options_say(struct app *app, const struct field *f, const char *id, struct buf *out)
{
	const struct term *t = f->terms ? terms_find(app->o.terms, f->terms, span_text(id)) : NULL;
	if (options_are_records(f)) {
		say_record(app, id, out);
	} else if (f->type == V_YESNO) {
		buf_add_text(out, yes_no[strcmp(id, "yes") != 0][1]);
	} else if (t) {
		buf_add_text(out, t->label);
	} else {
		buf_printf(out, "%s (no longer in the list)", id);
	}
}

/* --- conditions on records -------------------------------------------------------------- */

static bool has_any(const struct picks *p, const struct def_when *when)
{
	for (size_t i = 0; i < when->count; i++)
		if (picks_has(p, when->values[i]))
			return true;
	return false;
}

static bool is_set(const struct record *r, const struct field *f)
{
	const struct state_field *s = state_field(&r->state, field_stored(f));
	if (s && s->kind != SLOT_REGISTER)
		return s->count || s->row_count;
	return !value_is_null(record_value(r, f->name));
}

bool def_holds(const struct def_when *when, const struct record *r)
{
	struct picks p = {0};
	if (when->test == TEST_SET || when->test == TEST_UNSET)
		return is_set(r, when->field) == (when->test == TEST_SET);
	picks_from_record(&p, r, when->field);
	bool any = has_any(&p, when);
	picks_clear(&p);
	return any == (when->test != TEST_IS_NOT);
}

/* --- what was picked -------------------------------------------------------------------- */

void picks_clear(struct picks *p)
{
	for (size_t i = 0; i < p->count; i++)
		free(p->v[i]);
	free(p->v);
	*p = (struct picks){0};
}

bool picks_has(const struct picks *p, const char *id)
{
	for (size_t i = 0; i < p->count; i++)
		if (!strcmp(p->v[i], id))
			return true;
	return false;
}

void picks_add(struct picks *p, const char *id)
{
	if (picks_has(p, id))
		return;
	p->v = mem_grow(p->v, p->count + 1, sizeof *p->v);
	p->v[p->count++] = mem_text(id);
}

void picks_remove(struct picks *p, const char *id)
{
	size_t kept = 0;
	for (size_t i = 0; i < p->count; i++) {
		if (strcmp(p->v[i], id) != 0)
			p->v[kept++] = p->v[i];
		else
			free(p->v[i]);
	}
	p->count = kept;
}

static void add_value(const struct field *f, const char *id, struct buf *out)
{
	struct id record;
	if (f->type == V_YESNO)
		value_add_bool(out, !strcmp(id, "yes"));
	else if (options_are_records(f) && id_from_hex(id, &record))
		value_add_bytes(out, record.b, sizeof record.b);
	else
		value_add_text(out, span_text(id));
}

void picks_to_value(const struct picks *p, const struct field *f, struct buf *out)
{
	if (!options_many(f)) {
		if (p->count)
			add_value(f, p->v[0], out);
		else
			value_add_null(out);
		return;
	}
	value_add_list(out, p->count);
	for (size_t i = 0; i < p->count; i++)
		add_value(f, p->v[i], out);
}

void picks_from_value(struct picks *p, const struct field *f, struct span value)
{
	struct span text;
	struct id record;
	bool yes;
	char hex[ID_HEX];
	if (f->type == V_YESNO && value_is_bool(value, &yes))
		picks_add(p, yes_no[!yes][0]);
	else if (options_are_records(f) && value_is_id(value, &record))
		picks_add(p, id_to_hex(&record, hex));
	else if (value_is_text(value, &text)) {
		char *id = mem_text_n((const char *)text.p, text.n);
		picks_add(p, id);
		free(id);
	}
}

void picks_from_record(struct picks *p, const struct record *r, const struct field *f)
{
	struct said *members;
	if (!options_many(f)) {
		picks_from_value(p, f, record_value(r, f->name));
		return;
	}
	size_t count = record_members(r, f, &members);
	for (size_t i = 0; i < count; i++)
		picks_from_value(p, f, members[i].value);
	free(members);
}

void options_say_field(struct app *app, const struct record *r, const char *field, struct buf *out)
{
	const struct field *f = r->kind ? kind_field(r->kind, field) : NULL;
	struct picks p = {0};
	if (!f || !options_are_records(f)) {
		record_say(app->book, r, field, out);
		return;
	}
	picks_from_record(&p, r, f);
	for (size_t i = 0; i < p.count; i++) {
		buf_add_text(out, i ? ", " : "");
		options_say(app, f, p.v[i], out);
	}
	picks_clear(&p);
}

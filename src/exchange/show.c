/* SPDX-License-Identifier: MIT
 *
 * Records, events and record tables as JSON.
 */
#include "exchange.h"

#include <linkbook/lines.h>

#include <string.h>

static json_t *id_json(const struct id *id)
{
	char hex[ID_HEX];
	return json_string(id_to_hex(id, hex));
}

static json_t *hashes_json(const struct hash *v, size_t n)
{
	json_t *list = json_array();
	char hex[HASH_HEX];
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(hash_to_hex(&v[i], hex)));
	return list;
}

static json_t *set_json(const struct record *r, const struct field *f)
{
	json_t *list = json_array();
	struct said *members;
	size_t count = record_members(r, f, &members);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_from_value(f, members[i].value));
	free(members);
	return list;
}

static json_t *rows_json(const struct field *f, const struct state_field *s)
{
	json_t *list = json_array();
	for (size_t i = 0; i < s->row_count; i++) {
		json_t *row = json_from_value(f, s->rows[i].said[0].value);
		json_object_set_new(row, "row", id_json(&s->rows[i].id));
		json_array_append_new(list, row);
	}
	return list;
}

static void add_field(const struct record *r, const struct field *f, json_t *out)
{
	const struct state_field *s = state_field(&r->state, field_stored(f));
	struct span v = record_value(r, f->name);
	if (!s)
		return;
	if (s->kind == SLOT_SET && s->count)
		json_object_set_new(out, f->name, set_json(r, f));
	else if (s->kind == SLOT_ROWS && s->row_count)
		json_object_set_new(out, f->name, rows_json(f, s));
	else if (s->kind == SLOT_REGISTER && v.n)
		json_object_set_new(out, f->name, json_from_value(f, v));
}

/* The value a standing one has for member f of its group (or as it is). */
static json_t *said_json(const struct field *f, struct span v)
{
	struct span member;
	if (value_is_null(v))
		return json_null();
	if (f->group && f->type != V_ROWS)
		return value_in_map(v, f->name, &member) ? json_from_value(f, member) : json_null();
	return json_from_value(f, v);
}

static json_t *conflict_json(const struct field *f, const struct state_field *s)
{
	json_t *list = json_array();
	for (size_t i = 0; i < s->count; i++)
		json_array_append_new(list, said_json(f, s->said[i].value));
	for (size_t i = 0; i < s->row_count; i++)
		for (size_t k = 0; s->rows[i].count > 1 && k < s->rows[i].count; k++)
			json_array_append_new(list, said_json(f, s->rows[i].said[k].value));
	return list;
}

static void add_conflicts(const struct record *r, json_t *out)
{
	json_t *all = json_object();
	for (const struct field *f = r->kind->fields; f && f->name; f++) {
		const struct state_field *s = state_field(&r->state, field_stored(f));
		if (s && s->conflict)
			json_object_set_new(all, f->name, conflict_json(f, s));
	}
	if (json_object_size(all))
		json_object_set(out, "conflicts", all);
	json_decref(all);
}

void lines_show(const struct record *r, struct buf *out)
{
	json_start();
	json_t *o = json_object();
	json_object_set_new(o, "type", json_string(r->state.type));
	json_object_set_new(o, "id", id_json(&r->id));
	if (r->kind && r->kind->store == STORE_PERSON && !r->kind->is_subject &&
	    !id_equal(&r->subject, &r->store))
		json_object_set_new(o, "person", id_json(&r->subject));
	if (r->kind && r->kind->store == STORE_DIRECTORY)
		json_object_set_new(o, "directory", id_json(&r->store));
	json_object_set_new(o, "heads", hashes_json(r->state.heads, r->state.head_count));
	if (r->state.binned)
		json_object_set_new(o, "bin", json_true());
	if (r->state.finished)
		json_object_set_new(o, "finished", json_true());
	if (r->state.struck)
		json_object_set_new(o, "struck", json_true());
	if (r->state.restricted)
		json_object_set_new(o, "restricted", json_true());
	if (r->state.has_unknown)
		json_object_set_new(o, "newer", json_true());
	if (r->state.beside_count)
		json_object_set_new(o, "incomplete",
				    json_integer((json_int_t)r->state.beside_count));
	for (const struct field *f = r->kind ? r->kind->fields : NULL; f && f->name; f++)
		add_field(r, f, o);
	if (r->kind)
		add_conflicts(r, o);
	json_dump(o, out);
	json_decref(o);
}

void lines_event(const struct event *e, struct buf *out)
{
	json_t *o = json_object();
	json_object_set_new(o, "when", *e->when ? json_string(e->when) : json_null());
	json_object_set_new(o, "author", json_string(e->author));
	json_object_set_new(o, "what", json_string(e->sentence));
	json_object_set_new(o, "step", id_json(&e->step));
	json_dump(o, out);
	json_decref(o);
}

void lines_access(const struct access_event *e, struct buf *out)
{
	json_t *o = json_object();
	json_object_set_new(o, "at", json_string(e->at));
	json_object_set_new(o, "who", json_string(e->who));
	json_object_set_new(o, "act", json_string(e->act));
	json_object_set_new(o, "person",
			    id_is_zero(&e->person) ? json_null() : id_json(&e->person));
	json_object_set_new(o, "count", json_integer(e->count));
	json_dump(o, out);
	json_decref(o);
}

void lines_text(const char *text, struct buf *out)
{
	json_t *s = json_string(text);
	json_dump(s, out);
	json_decref(s);
}

/* --- the record tables ------------------------------------------------------------------ */

static json_t *fields_json(const struct field *f, const struct terms *terms)
{
	json_t *list = json_array();
	for (; f && f->name; f++) {
		json_t *o = json_object();
		json_object_set_new(o, "name", json_string(f->name));
		json_object_set_new(o, "type", json_string(vtype_name(f->type)));
		json_object_set_new(o, "required", json_boolean(f->flags & FIELD_MUST));
		if (f->flags & FIELD_EITHER)
			json_object_set_new(o, "either", json_true());
		if (f->group)
			json_object_set_new(o, "group", json_string(f->group));
		const struct term_list *l = f->terms ? terms_list(terms, f->terms) : NULL;
		json_t *ids = json_array();
		for (size_t i = 0; l && i < l->count; i++)
			json_array_append_new(ids, json_string(l->items[i].id));
		json_object_set_new(o, "terms", l ? json_incref(ids) : json_null());
		json_decref(ids);
		bool bounded = f->min < f->max;
		json_object_set_new(o, "min", bounded ? json_integer(f->min) : json_null());
		json_object_set_new(o, "max", bounded ? json_integer(f->max) : json_null());
		if (f->of)
			json_object_set_new(o, "of", json_string(f->of));
		if (f->cells)
			json_object_set_new(o, "cells", fields_json(f->cells, terms));
		json_array_append_new(list, o);
	}
	return list;
}

void lines_schema(const struct kind *k, const struct terms *terms, struct buf *out)
{
	json_t *o = json_object();
	json_object_set_new(o, "name", json_string(k->name));
	json_object_set_new(o, "store", json_string(kind_store_name(k->store)));
	json_object_set_new(o, "fields", fields_json(k->fields, terms));
	json_dump(o, out);
	json_decref(o);
}

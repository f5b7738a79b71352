/* SPDX-License-Identifier: MIT
 *
 * Values from and to JSON.
 */
#include "exchange.h"

#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

void json_start(void)
{
	json_set_alloc_funcs(malloc, mem_free_secret);
}

/* --- from JSON -------------------------------------------------------------------------- */

static bool expected(const struct field *f, const char *what, struct diag *d)
{
	diag_say(d, "%s: %s", f->name, what);
	return false;
}

/* A date or moment moved by whole days; anything else stays for value_check to judge. */
static bool shifted(struct span text, long days, struct buf *out)
{
	struct when w;
	if (!days || !when_from_iso(text, &w))
		return false;
	when_to_iso(when_add_days(w, days), false, out);
	return true;
}

static bool text_to_value(const struct field *f, const json_t *v, long shift_days, struct buf *out,
			  struct diag *d)
{
	if (!json_is_string(v))
		return expected(f, "a text in quotes stands here", d);
	struct span text = span_of(json_string_value(v), json_string_length(v));
	struct buf clean = BUF_SECRET;
	bool date = f->type == V_DATE || f->type == V_MOMENT;
	if (!date || !shifted(text, shift_days, &clean))
		text_normalise(text, &clean);
	value_add_text(out, buf_span(&clean));
	buf_fini(&clean);
	return true;
}

static bool id_to_value(const struct field *f, const json_t *v, struct buf *out, struct diag *d)
{
	struct id id;
	if (!json_is_string(v) || !id_from_hex(json_string_value(v), &id))
		return expected(f, "a record's id stands here, 32 hex digits", d);
	value_add_bytes(out, id.b, sizeof id.b);
	return true;
}

static bool one_to_value(const struct field *f, const json_t *v, long shift_days, struct buf *out,
			 struct diag *d)
{
	if (json_is_null(v) && !field_is_set(f)) {
		value_add_null(out);
		return true;
	}
	switch (f->type) {
	case V_NUMBER:
	case V_SCALE:
	case V_MONEY:
		if (!json_is_integer(v))
			return expected(f, "a whole number stands here", d);
		value_add_int(out, json_integer_value(v));
		return true;
	case V_YESNO:
		if (!json_is_boolean(v))
			return expected(f, "true or false stands here", d);
		value_add_bool(out, json_is_true(v));
		return true;
	case V_RECORD:
	case V_RECORDS:
		return id_to_value(f, v, out, d);
	case V_TEXT:
	case V_NOTE:
	case V_DATE:
	case V_TIME:
	case V_MOMENT:
	case V_CHOICE:
	case V_CHOICES:
	case V_WORDS:
	case V_NOTES:
	case V_CHI:
	case V_POSTCODE:
	case V_PHONE:
	case V_ROWS:
	default:
		return text_to_value(f, v, shift_days, out, d);
	}
}

static bool row_to_value(const struct field *f, const json_t *row, long shift_days, struct buf *out,
			 struct diag *d)
{
	static const struct field row_id = {"row", V_RECORD};
	struct map_maker m = {0};
	const char *key;
	json_t *v;
	bool ok = json_is_object(row) || expected(f, "each row is an object", d);
	json_object_foreach((json_t *)(uintptr_t)row, key, v)
	{
		const struct field *c = strcmp(key, "row") ? field_cell(f, key) : &row_id;
		if (c)
			ok &= one_to_value(c, v, shift_days, map_add_text(&m, span_text(key)), d);
		else
			ok = expected(f, "there is no such cell in its rows", d);
	}
	map_finish(&m, out);
	return ok;
}

static bool list_to_value(const struct field *f, const json_t *v, long shift_days, struct buf *out,
			  struct diag *d)
{
	if (!json_is_array(v))
		return expected(f, "several may stand here: a list in [ ]", d);
	value_add_list(out, json_array_size(v));
	bool ok = true;
	for (size_t i = 0; i < json_array_size(v); i++) {
		const json_t *item = json_array_get(v, i);
		ok &= f->type == V_ROWS ? row_to_value(f, item, shift_days, out, d)
					: one_to_value(f, item, 0, out, d);
	}
	return ok;
}

bool json_to_value(const struct field *f, const json_t *v, long shift_days, struct buf *out,
		   struct diag *d)
{
	if (json_is_null(v)) {
		value_add_null(out);
		return true;
	}
	if (!field_is_set(f) && f->type != V_ROWS)
		return one_to_value(f, v, shift_days, out, d);
	return list_to_value(f, v, shift_days, out, d);
}

/* --- to JSON ---------------------------------------------------------------------------- */

static json_t *row_from_value(const struct field *f, struct span map)
{
	json_t *row = json_object();
	for (const struct field *c = f->cells; c && c->name; c++) {
		struct span v;
		if (value_in_map(map, c->name, &v) && !value_is_null(v))
			json_object_set_new(row, c->name, json_from_value(c, v));
	}
	return row;
}

json_t *json_from_value(const struct field *f, struct span v)
{
	struct span text;
	int64_t n;
	bool yes;
	struct id id;
	char hex[ID_HEX];
	if (f->type == V_ROWS)
		return row_from_value(f, v);
	if (value_is_text(v, &text))
		return json_stringn((const char *)text.p, text.n);
	if (value_is_int(v, &n))
		return json_integer(n);
	if (value_is_bool(v, &yes))
		return json_boolean(yes);
	if (value_is_id(v, &id))
		return json_string(id_to_hex(&id, hex));
	return json_null();
}

static int add_bytes(const char *p, size_t n, void *out)
{
	buf_add(out, p, n);
	return 0;
}

/* It may be looked at on a terminal: what that would obey is escaped, and means the same. */
void json_dump(const json_t *v, struct buf *out)
{
	struct buf raw = BUF_SECRET;
	json_dump_callback(v, add_bytes, &raw, JSON_COMPACT | JSON_ENCODE_ANY);
	text_escape(buf_span(&raw), out);
	buf_fini(&raw);
}

/* SPDX-License-Identifier: MIT
 *
 * A folded record as bytes for the view, and back.  The bytes are deterministic, so equal
 * states on two machines are equal bytes; the view hash rests on that.
 */
#include "model.h"

#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>

enum {
	KEY_TYPE = 1,
	KEY_HEADS = 2,
	KEY_BESIDE = 3,
	KEY_STAMP = 4,
	KEY_FLAGS = 5,
	KEY_FIELDS = 6,
	KEY_RECORD = 7,
	KEY_BINS = 8,
};

enum { BINNED = 1, UNKNOWN = 2, FINISHED = 4, RESTRICTED = 8, STRUCK = 16 };

static int64_t flags_of(const struct state *s)
{
	return (s->binned ? BINNED : 0) | (s->has_unknown ? UNKNOWN : 0) |
	       (s->finished ? FINISHED : 0) | (s->restricted ? RESTRICTED : 0) |
	       (s->struck ? STRUCK : 0);
}

static bool take_flags(struct span *at, struct state *s)
{
	int64_t flags;
	if (!value_take_int(at, &flags) || flags < 0 || flags >= (int64_t)2 * STRUCK)
		return false;
	s->binned = flags & BINNED;
	s->has_unknown = flags & UNKNOWN;
	s->finished = flags & FINISHED;
	s->restricted = flags & RESTRICTED;
	s->struck = flags & STRUCK;
	return true;
}

void state_fini(struct state *s)
{
	for (size_t i = 0; i < s->field_count; i++) {
		struct state_field *f = &s->fields[i];
		for (size_t r = 0; r < f->row_count; r++)
			free(f->rows[r].said);
		free(f->rows);
		free(f->said);
		free(f->name);
	}
	free(s->fields);
	free(s->heads);
	free(s->beside);
	free(s->bins);
	free(s->type);
	mem_free_secret(s->bytes);
	*s = (struct state){0};
}

static void encode_hashes(const struct hash *v, size_t n, struct buf *out)
{
	value_add_list(out, n);
	for (size_t i = 0; i < n; i++)
		value_add_bytes(out, v[i].b, sizeof v[i].b);
}

enum { SAID = 4 }; /* items of a standing value */

static void encode_said(const struct said *v, size_t n, struct buf *out)
{
	value_add_list(out, n * SAID);
	for (size_t i = 0; i < n; i++) {
		value_add_bytes(out, v[i].change.b, sizeof v[i].change.b);
		value_add_int(out, v[i].stamp);
		buf_add_span(out, v[i].value);
		value_add_bool(out, v[i].struck);
	}
}

static void encode_field(const struct state_field *f, struct buf *out)
{
	value_add_list(out, 3);
	value_add_int(out, f->kind);
	encode_said(f->said, f->count, out);
	value_add_list(out, f->row_count * 3);
	for (size_t i = 0; i < f->row_count; i++) {
		value_add_bytes(out, f->rows[i].id.b, sizeof f->rows[i].id.b);
		value_add_int(out, f->rows[i].place);
		encode_said(f->rows[i].said, f->rows[i].count, out);
	}
}

static void encode_bins(const struct state *s, struct buf *out)
{
	value_add_list(out, s->bin_count * 3);
	for (size_t i = 0; i < s->bin_count; i++) {
		value_add_bytes(out, s->bins[i].step.b, sizeof s->bins[i].step.b);
		value_add_bool(out, s->bins[i].beaten);
		value_add_bool(out, s->bins[i].lifted);
	}
}

void state_encode(const struct state *s, struct buf *out)
{
	struct map_maker m = {0}, fields = {0};
	value_add_bytes(map_add_int(&m, KEY_RECORD), s->record.b, sizeof s->record.b);
	value_add_text(map_add_int(&m, KEY_TYPE), span_text(s->type));
	encode_hashes(s->heads, s->head_count, map_add_int(&m, KEY_HEADS));
	encode_hashes(s->beside, s->beside_count, map_add_int(&m, KEY_BESIDE));
	value_add_int(map_add_int(&m, KEY_STAMP), s->stamp);
	value_add_int(map_add_int(&m, KEY_FLAGS), flags_of(s));
	for (size_t i = 0; i < s->field_count; i++)
		encode_field(&s->fields[i], map_add_text(&fields, span_text(s->fields[i].name)));
	map_finish(&fields, map_add_int(&m, KEY_FIELDS));
	encode_bins(s, map_add_int(&m, KEY_BINS));
	map_finish(&m, out);
}

static bool take_hashes(struct span *at, struct hash **out, size_t *count)
{
	size_t n;
	if (!value_take_list(at, &n))
		return false;
	*out = mem_alloc_many(n, sizeof **out);
	for (*count = 0; *count < n; ++*count)
		if (!value_take_exact(at, (*out)[*count].b, sizeof(*out)[*count].b))
			return false;
	return true;
}

static bool take_said(struct span *at, struct said **out, size_t *count)
{
	size_t n;
	struct span struck;
	if (!value_take_list(at, &n) || n % SAID)
		return false;
	*out = mem_alloc_many(n / SAID, sizeof **out);
	for (*count = 0; *count < n / SAID; ++*count) {
		struct said *s = &(*out)[*count];
		if (!value_take_exact(at, s->change.b, sizeof s->change.b) ||
		    !value_take_int(at, &s->stamp) || !value_take_any(at, &s->value) ||
		    !value_take_any(at, &struck) || !value_is_bool(struck, &s->struck))
			return false;
	}
	return true;
}

static bool take_row(struct span *at, struct state_field *f)
{
	struct state_row *row = &f->rows[f->row_count++];
	if (!value_take_exact(at, row->id.b, sizeof row->id.b) ||
	    !value_take_int(at, &row->place) || !take_said(at, &row->said, &row->count))
		return false;
	f->conflict |= said_differ(row->said, row->count);
	return true;
}

static bool take_field(struct span *at, struct state_field *f)
{
	size_t three, rows;
	int64_t kind;
	if (!value_take_list(at, &three) || three != 3 || !value_take_int(at, &kind) ||
	    kind < SLOT_REGISTER || kind > SLOT_ROWS || !take_said(at, &f->said, &f->count) ||
	    !value_take_list(at, &rows) || rows % 3)
		return false;
	f->kind = (enum slot_kind)kind;
	f->conflict = f->kind == SLOT_REGISTER && said_differ(f->said, f->count);
	f->rows = mem_alloc_many(rows / 3, sizeof *f->rows);
	while (f->row_count < rows / 3)
		if (!take_row(at, f))
			return false;
	return true;
}

static bool take_fields(struct span *at, struct state *s)
{
	size_t pairs;
	struct span name;
	if (!value_take_map(at, &pairs))
		return false;
	s->fields = mem_alloc_many(pairs, sizeof *s->fields);
	while (pairs--) {
		if (!value_take_text(at, &name))
			return false;
		struct state_field *f = &s->fields[s->field_count++];
		f->name = mem_text_n((const char *)name.p, name.n);
		if (!take_field(at, f))
			return false;
	}
	return true;
}

static bool take_bins(struct span *at, struct state *s)
{
	size_t n;
	struct span beaten, lifted;
	if (!value_take_list(at, &n) || n % 3)
		return false;
	s->bins = mem_alloc_many(n / 3, sizeof *s->bins);
	while (s->bin_count < n / 3) {
		struct state_bin *bin = &s->bins[s->bin_count++];
		if (!value_take_exact(at, bin->step.b, sizeof bin->step.b) ||
		    !value_take_any(at, &beaten) || !value_is_bool(beaten, &bin->beaten) ||
		    !value_take_any(at, &lifted) || !value_is_bool(lifted, &bin->lifted))
			return false;
	}
	return true;
}

static bool take_key(int64_t key, struct span *at, struct state *s)
{
	struct span type;
	switch (key) {
	case KEY_TYPE:
		if (!value_take_text(at, &type))
			return false;
		s->type = mem_text_n((const char *)type.p, type.n);
		return true;
	case KEY_HEADS:
		return take_hashes(at, &s->heads, &s->head_count);
	case KEY_BESIDE:
		return take_hashes(at, &s->beside, &s->beside_count);
	case KEY_STAMP:
		return value_take_int(at, &s->stamp);
	case KEY_FLAGS:
		return take_flags(at, s);
	case KEY_FIELDS:
		return take_fields(at, s);
	case KEY_RECORD:
		return value_take_exact(at, s->record.b, sizeof s->record.b);
	case KEY_BINS:
		return take_bins(at, s);
	default:
		return false;
	}
}

static bool take_state(struct span at, struct state *s)
{
	size_t pairs;
	int64_t key, before = 0;
	if (!value_take_map(&at, &pairs) || pairs != KEY_BINS)
		return false;
	while (pairs--) {
		if (!value_take_int(&at, &key) || key <= before || !take_key(key, &at, s))
			return false;
		before = key;
	}
	return !at.n;
}

enum err state_decode(struct span bytes, struct state *out)
{
	*out = (struct state){.bytes = mem_dup(bytes.p, bytes.n)};
	if (take_state(span_of(out->bytes, bytes.n), out))
		return OK;
	state_fini(out);
	return ERR_DAMAGED;
}

bool said_differ(const struct said *v, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (!span_equal(v[i].value, v[0].value))
			return true;
	return false;
}

int name_order(struct span a, struct span b)
{
	return a.n != b.n ? (a.n > b.n) - (a.n < b.n) : span_order(a, b);
}

const struct state_field *state_field(const struct state *s, const char *name)
{
	size_t low = 0, high = s->field_count;
	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = name_order(span_text(s->fields[mid].name), span_text(name));
		if (!order)
			return &s->fields[mid];
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

bool state_value(const struct state *s, const char *name, struct span *v)
{
	const struct state_field *f = state_field(s, name);
	if (!f || f->kind != SLOT_REGISTER || !f->count || value_is_null(f->said[0].value))
		return false;
	*v = f->said[0].value;
	return true;
}

size_t state_conflicts(const struct state *s)
{
	size_t count = 0;
	for (size_t i = 0; i < s->field_count; i++)
		count += s->fields[i].conflict;
	return count;
}

/* The strike itself is struck too, so what is not came by another way. */
static bool any_unstruck(const struct said *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!v[i].struck && !value_is_null(v[i].value))
			return true;
	return false;
}

bool state_arrived_after_strike(const struct state *s)
{
	bool any = false;
	for (size_t i = 0; s->struck && i < s->field_count; i++) {
		const struct state_field *f = &s->fields[i];
		any |= any_unstruck(f->said, f->count);
		for (size_t r = 0; r < f->row_count; r++)
			any |= any_unstruck(f->rows[r].said, f->rows[r].count);
	}
	return any;
}

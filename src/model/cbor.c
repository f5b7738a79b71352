/* SPDX-License-Identifier: MIT
 *
 * Deterministic CBOR, written and read: the layer under value.h.  Only what values are made
 * of is allowed: integers, byte and text strings, definite lists and maps, true, false and
 * null; shortest heads, map keys ascending and different.  libcbor reads one token at a time;
 * depth, order and shortness are checked here.
 */
#include "model.h"

#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <cbor.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD = 9, DEPTH = 16 };

/* --- writing ---------------------------------------------------------------------------- */

/* The seven kinds of head differ in three bits; libcbor finds the shortest form. */
enum {
	MAJOR_UINT = 0,
	MAJOR_NEGINT = 1,
	MAJOR_BYTES = 2,
	MAJOR_TEXT = 3,
	MAJOR_LIST = 4,
	MAJOR_MAP = 5
};

static void add_head(struct buf *out, unsigned major, uint64_t n)
{
	buf_reserve(out, HEAD);
	size_t at = out->n;
	out->n += cbor_encode_uint(n, out->p + at, HEAD);
	out->p[at] |= (uint8_t)(major << 5);
	out->p[out->n] = 0;
}

void value_add_text(struct buf *out, struct span text)
{
	add_head(out, MAJOR_TEXT, text.n);
	buf_add_span(out, text);
}

void value_add_bytes(struct buf *out, const void *p, size_t n)
{
	add_head(out, MAJOR_BYTES, n);
	buf_add(out, p, n);
}

void value_add_int(struct buf *out, int64_t v)
{
	if (v < 0)
		add_head(out, MAJOR_NEGINT, (uint64_t)(-1 - v));
	else
		add_head(out, MAJOR_UINT, (uint64_t)v);
}

void value_add_bool(struct buf *out, bool v)
{
	buf_add_byte(out, v ? 0xF5 : 0xF4);
}

void value_add_null(struct buf *out)
{
	buf_add_byte(out, 0xF6);
}

void value_add_list(struct buf *out, size_t count)
{
	add_head(out, MAJOR_LIST, count);
}

static struct map_entry *add_entry(struct map_maker *m)
{
	m->entries = mem_room(m->entries, m->count, &m->cap, sizeof *m->entries);
	struct map_entry *e = &m->entries[m->count++];
	*e = (struct map_entry){BUF_INIT, BUF_SECRET};
	return e;
}

struct buf *map_add_text(struct map_maker *m, struct span key)
{
	struct map_entry *e = add_entry(m);
	value_add_text(&e->key, key);
	return &e->value;
}

struct buf *map_add_int(struct map_maker *m, int64_t key)
{
	struct map_entry *e = add_entry(m);
	value_add_int(&e->key, key);
	return &e->value;
}

struct buf *map_add_bytes(struct map_maker *m, const void *p, size_t n)
{
	struct map_entry *e = add_entry(m);
	value_add_bytes(&e->key, p, n);
	return &e->value;
}

static int entry_order(const void *a, const void *b)
{
	const struct map_entry *x = a, *y = b;
	return span_order(buf_span(&x->key), buf_span(&y->key));
}

void map_finish(struct map_maker *m, struct buf *out)
{
	if (m->count)
		qsort(m->entries, m->count, sizeof *m->entries, entry_order);
	add_head(out, MAJOR_MAP, m->count);
	for (size_t i = 0; i < m->count; i++) {
		buf_add_span(out, buf_span(&m->entries[i].key));
		buf_add_span(out, buf_span(&m->entries[i].value));
		buf_fini(&m->entries[i].key);
		buf_fini(&m->entries[i].value);
	}
	free(m->entries);
	*m = (struct map_maker){0};
}

/* --- reading: one token ----------------------------------------------------------------- */

enum token_kind { T_BAD, T_INT, T_BYTES, T_TEXT, T_LIST, T_MAP, T_BOOL, T_NULL };

struct token {
	enum token_kind kind;
	bool negative, yes;
	uint64_t number; /* the integer (-1 - number when negative), or the count */
	struct span bytes;
};

#define CALLBACK_INT(bits, negative_)                                                              \
	static void on_##negative_##bits(void *t, uint##bits##_t v)                                \
	{                                                                                          \
		*(struct token *)t = (struct token){T_INT, .negative = negative_, .number = v};    \
	}
CALLBACK_INT(8, false)
CALLBACK_INT(16, false)
CALLBACK_INT(32, false)
CALLBACK_INT(64, false)
CALLBACK_INT(8, true)
CALLBACK_INT(16, true)
CALLBACK_INT(32, true)
CALLBACK_INT(64, true)

static void on_bytes(void *t, cbor_data p, size_t n)
{
	*(struct token *)t = (struct token){T_BYTES, .number = n, .bytes = {p, n}};
}

static void on_text(void *t, cbor_data p, size_t n)
{
	*(struct token *)t = (struct token){T_TEXT, .number = n, .bytes = {p, n}};
}

static void on_list(void *t, size_t n)
{
	*(struct token *)t = (struct token){T_LIST, .number = n};
}

static void on_map(void *t, size_t n)
{
	*(struct token *)t = (struct token){T_MAP, .number = n};
}

static void on_bool(void *t, bool yes)
{
	*(struct token *)t = (struct token){T_BOOL, .yes = yes};
}

static void on_null(void *t)
{
	*(struct token *)t = (struct token){T_NULL};
}

/* Everything else (floats, tags, undefined, indefinite lengths) leaves the token bad. */
static struct cbor_callbacks callbacks(void)
{
	struct cbor_callbacks c = cbor_empty_callbacks;
	c.uint8 = on_false8;
	c.uint16 = on_false16;
	c.uint32 = on_false32;
	c.uint64 = on_false64;
	c.negint8 = on_true8;
	c.negint16 = on_true16;
	c.negint32 = on_true32;
	c.negint64 = on_true64;
	c.byte_string = on_bytes;
	c.string = on_text;
	c.array_start = on_list;
	c.map_start = on_map;
	c.boolean = on_bool;
	c.null = on_null;
	return c;
}

static size_t shortest_head(uint64_t n)
{
	return n < 24 ? 1 : n <= 0xFF ? 2 : n <= 0xFFFF ? 3 : n <= 0xFFFFFFFF ? 5 : 9;
}

static bool take_token(struct span *at, struct token *t)
{
	static struct cbor_callbacks c;
	if (!c.uint8)
		c = callbacks();
	*t = (struct token){T_BAD};
	if (!at->n)
		return false;
	struct cbor_decoder_result r = cbor_stream_decode(at->p, at->n, &c, t);
	if (r.status != CBOR_DECODER_FINISHED || t->kind == T_BAD || r.read > at->n)
		return false;
	if (r.read - t->bytes.n != shortest_head(t->number))
		return false;
	if (t->kind == T_TEXT && !text_is_utf8(t->bytes))
		return false;
	at->p += r.read;
	at->n -= r.read;
	return true;
}

static bool take_kind(struct span *at, struct token *t, enum token_kind kind)
{
	return take_token(at, t) && t->kind == kind;
}

/* --- reading: items --------------------------------------------------------------------- */

bool value_take_text(struct span *at, struct span *text)
{
	struct token t;
	bool ok = take_kind(at, &t, T_TEXT);
	*text = t.bytes;
	return ok;
}

bool value_take_bytes(struct span *at, struct span *bytes)
{
	struct token t;
	bool ok = take_kind(at, &t, T_BYTES);
	*bytes = t.bytes;
	return ok;
}

bool value_take_int(struct span *at, int64_t *v)
{
	struct token t;
	if (!take_kind(at, &t, T_INT) || t.number > INT64_MAX)
		return false;
	*v = t.negative ? -1 - (int64_t)t.number : (int64_t)t.number;
	return true;
}

/* A list or map cannot have more items than bytes: no count makes a reader allocate more. */
static bool take_count(struct span *at, enum token_kind kind, size_t *count)
{
	struct token t;
	if (!take_kind(at, &t, kind) || t.number > at->n)
		return false;
	*count = (size_t)t.number;
	return true;
}

bool value_take_list(struct span *at, size_t *count)
{
	return take_count(at, T_LIST, count);
}

bool value_take_map(struct span *at, size_t *pairs)
{
	return take_count(at, T_MAP, pairs);
}

static bool skip_item(struct span *at, int depth);

static bool skip_pairs(struct span *at, uint64_t pairs, int depth)
{
	struct span before = {NULL, 0};
	for (uint64_t i = 0; i < pairs; i++) {
		struct span key = *at;
		if (!skip_item(at, depth))
			return false;
		key.n -= at->n;
		if (i && span_order(before, key) >= 0)
			return false;
		before = key;
		if (!skip_item(at, depth))
			return false;
	}
	return true;
}

static bool skip_item(struct span *at, int depth)
{
	struct token t;
	if (depth > DEPTH || !take_token(at, &t))
		return false;
	if (t.kind == T_MAP)
		return skip_pairs(at, t.number, depth + 1);
	for (uint64_t i = 0; t.kind == T_LIST && i < t.number; i++)
		if (!skip_item(at, depth + 1))
			return false;
	return true;
}

bool value_take_any(struct span *at, struct span *item)
{
	*item = *at;
	if (!skip_item(at, 0))
		return false;
	item->n -= at->n;
	return true;
}

bool value_take_exact(struct span *at, void *to, size_t n)
{
	struct span bytes;
	if (!value_take_bytes(at, &bytes) || bytes.n != n)
		return false;
	memcpy(to, bytes.p, n);
	return true;
}

/* --- reading: whole values -------------------------------------------------------------- */

bool value_is_null(struct span v)
{
	return !v.n || (v.n == 1 && v.p[0] == 0xF6);
}

bool value_is_text(struct span v, struct span *text)
{
	return value_take_text(&v, text) && !v.n;
}

bool value_is_int(struct span v, int64_t *n)
{
	return value_take_int(&v, n) && !v.n;
}

bool value_is_bool(struct span v, bool *b)
{
	struct token t;
	if (!take_kind(&v, &t, T_BOOL) || v.n)
		return false;
	*b = t.yes;
	return true;
}

bool value_is_id(struct span v, struct id *id)
{
	struct span bytes;
	if (!value_take_bytes(&v, &bytes) || v.n || bytes.n != sizeof id->b)
		return false;
	memcpy(id->b, bytes.p, sizeof id->b);
	return true;
}

bool value_in_map(struct span map, const char *key, struct span *v)
{
	size_t pairs;
	struct span name, item;
	if (!value_take_map(&map, &pairs))
		return false;
	while (pairs--) {
		if (!value_take_any(&map, &name) || !value_take_any(&map, &item))
			return false;
		struct span text;
		if (value_is_text(name, &text) && span_is(text, key)) {
			*v = item;
			return true;
		}
	}
	return false;
}

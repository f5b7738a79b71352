/* SPDX-License-Identifier: MIT
 *
 * Records got and scanned.
 */
#include "book_impl.h"

#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>

void record_fini(struct record *r)
{
	state_fini(&r->state);
	*r = (struct record){0};
}

/* A field of a newer version: the record can be shown, and must not be written. */
static bool has_unknown_field(const struct record *r)
{
	for (size_t i = 0; i < r->state.field_count; i++) {
		bool known = false;
		for (const struct field *f = r->kind->fields; f->name && !known; f++)
			known = !strcmp(field_stored(f), r->state.fields[i].name);
		if (!known)
			return true;
	}
	return false;
}

static enum err fill(struct store *s, const char *type, const struct id *subject,
		     const struct id *id, struct span view, struct record *out)
{
	*out = (struct record){
		.kind = kind_find(type), .id = *id, .subject = *subject, .store = *store_id(s)};
	enum err e = state_decode(view, &out->state);
	if (!e && out->kind)
		out->state.has_unknown |= has_unknown_field(out);
	return e;
}

/* --- one record ------------------------------------------------------------------------- */

struct place {
	struct id subject, record;
	char type[65];
	size_t count;
};

static bool note_place(void *arg, const struct id *record, const struct id *subject,
		       const char *type)
{
	struct place *p = arg;
	p->record = *record;
	p->subject = *subject;
	memcpy(p->type, type, strlen(type) + 1);
	return ++p->count < 2;
}

static enum err read_place(struct store *s, const struct place *p, struct record *out)
{
	struct buf view = BUF_SECRET;
	enum err e = store_get_view(s, p->type, &p->subject, &p->record, &view);
	if (!e)
		e = fill(s, p->type, &p->subject, &p->record, buf_span(&view), out);
	buf_fini(&view);
	return e;
}

enum err read_record(struct book *b, struct store *s, const struct id *id, struct record *out)
{
	struct place p = {0};
	char hex[ID_HEX];
	(void)b;
	enum err e = store_scan_records(s, id_to_hex(id, hex), note_place, &p);
	if (e || !p.count)
		return e ? e : ERR_ABSENT;
	return read_place(s, &p, out);
}

static enum err settle(struct book *b, struct record *r)
{
	enum err e = person_view(b, r);
	if (e)
		record_fini(r);
	return e;
}

enum err book_get(struct book *b, const struct id *id, struct record *out)
{
	for (size_t i = 0; i < b->store_count; i++) {
		enum err e = read_record(b, b->stores[i], id, out);
		if (e != ERR_ABSENT)
			return e ? e : settle(b, out);
	}
	return ERR_ABSENT;
}

static bool is_prefix(const char *hex)
{
	size_t n = strlen(hex);
	return n >= 6 && n <= 32 && strspn(hex, "0123456789abcdefABCDEF") == n;
}

enum err book_get_prefix(struct book *b, const char *hex, struct record *out, struct diag *d)
{
	struct place p = {0};
	struct store *in = NULL;
	if (!is_prefix(hex)) {
		diag_say(d, "\"%s\" is no id: give the first 6 or more of its hex digits.", hex);
		return ERR_INPUT;
	}
	char *lower = mem_text(hex);
	for (char *c = lower; *c; c++)
		*c = (char)(*c >= 'A' && *c <= 'F' ? *c + 32 : *c);
	enum err e = OK;
	for (size_t i = 0; !e && i < b->store_count && p.count < 2; i++) {
		size_t before = p.count;
		e = store_scan_records(b->stores[i], lower, note_place, &p);
		in = p.count > before ? b->stores[i] : in;
	}
	free(lower);
	if (e)
		return e;
	if (p.count > 1) {
		diag_say(d, "Several ids start with %s: give more digits.", hex);
		return ERR_INPUT;
	}
	if (!p.count) {
		diag_say(d, "No record's id starts with %s.", hex);
		return ERR_ABSENT;
	}
	e = read_place(in, &p, out);
	return e ? e : settle(b, out);
}

struct store *store_of(struct book *b, const struct record *r)
{
	for (size_t i = 0; i < b->store_count; i++)
		if (id_equal(store_id(b->stores[i]), &r->store))
			return b->stores[i];
	return NULL;
}

/* --- many ------------------------------------------------------------------------------- */

/* Which of the records scans leave out. */
enum scan_depth { SCAN_LISTED, SCAN_BINNED_TOO, SCAN_BY_ITSELF };

struct scanning {
	struct book *b;
	struct store *s;
	const struct kind *kind;
	book_each *each;
	void *arg;
	enum scan_depth depth;
	bool stopped;
	enum err e;
};

static bool is_listed(const struct scanning *w, const struct record *r)
{
	return w->depth != SCAN_LISTED || !(r->state.binned || r->state.restricted);
}

static bool scan_one(void *arg, const struct id *subject, const struct id *record, struct span view)
{
	struct scanning *w = arg;
	struct record r;
	w->e = fill(w->s, w->kind->name, subject, record, view, &r);
	if (!w->e && w->depth != SCAN_BY_ITSELF)
		w->e = settle(w->b, &r);
	if (w->e)
		return false;
	/* Of people who are one, the first stands for all. */
	if (is_listed(w, &r) && id_equal(&r.id, record))
		w->stopped = !w->each(w->arg, &r);
	record_fini(&r);
	return !w->stopped;
}

static enum err scan_in(struct scanning *w, struct store *s, const struct id *subject)
{
	w->s = s;
	enum err e = store_scan_views(s, w->kind->name, subject, scan_one, w);
	return e ? e : w->e;
}

static enum err scan(struct scanning *w, const struct id *subject)
{
	bool directory = w->kind->store == STORE_DIRECTORY;
	size_t end = directory ? w->b->store_count : 1;
	enum err e = OK;
	for (size_t i = directory; !e && !w->stopped && i < end; i++)
		e = scan_in(w, w->b->stores[i], subject);
	return e;
}

/* Under a person: under all who were found to be that person. */
static enum err scan_people(struct scanning *w, const struct id *subject)
{
	struct same all;
	if (!subject || w->kind->store != STORE_PERSON)
		return scan(w, subject);
	enum err e = same_find(w->b, w->b->stores[0], subject, &all);
	for (size_t i = 0; !e && !w->stopped && i < all.count; i++)
		e = scan(w, &all.v[i]);
	same_fini(&all);
	return e;
}

enum err book_scan(struct book *b, const struct kind *kind, const struct id *subject,
		   book_each *each, void *arg)
{
	struct scanning w = {.b = b, .kind = kind, .each = each, .arg = arg};
	return scan_people(&w, subject);
}

enum err book_scan_all(struct book *b, const struct kind *kind, const struct id *subject,
		       book_each *each, void *arg)
{
	struct scanning w = {
		.b = b, .kind = kind, .each = each, .arg = arg, .depth = SCAN_BINNED_TOO};
	return scan_people(&w, subject);
}

enum err read_all(struct book *b, const struct kind *kind, book_each *each, void *arg)
{
	struct scanning w = {
		.b = b, .kind = kind, .each = each, .arg = arg, .depth = SCAN_BY_ITSELF};
	return scan(&w, NULL);
}

/* --- a file ----------------------------------------------------------------------------- */

struct filing {
	struct store *s;
	book_each *each;
	void *arg;
	enum err e;
};

static bool file_one(void *arg, const struct id *record, const struct id *subject, const char *type)
{
	struct filing *f = arg;
	struct place p = {*subject, *record, {0}, 1};
	struct record r;
	memcpy(p.type, type, strlen(type) + 1);
	f->e = read_place(f->s, &p, &r);
	if (f->e)
		return false;
	bool more = f->each(f->arg, &r);
	record_fini(&r);
	return more;
}

enum err read_file(struct book *b, const struct id *subject, book_each *each, void *arg)
{
	struct filing f = {b->stores[0], each, arg, OK};
	enum err e = store_scan_file(f.s, subject, file_one, &f);
	return e ? e : f.e;
}

/* --- changes ---------------------------------------------------------------------------- */

static bool decode_one(void *arg, const struct store_change *c)
{
	struct changes *out = arg;
	struct change change;
	uint8_t *bytes = mem_dup(c->bytes.p, c->bytes.n);
	if (change_decode(span_of(bytes, c->bytes.n), &change)) {
		mem_free_secret(bytes);
		return true;
	}
	if (out->count == out->cap) {
		out->cap = out->cap ? out->cap * 2 : 8;
		out->v = mem_grow(out->v, out->cap, sizeof *out->v);
		out->changes = mem_grow(out->changes, out->cap, sizeof *out->changes);
		out->bytes = mem_grow(out->bytes, out->cap, sizeof *out->bytes);
	}
	out->v[out->count].id = c->id;
	out->changes[out->count] = change;
	out->bytes[out->count++] = bytes;
	return true;
}

enum err read_changes(struct store *s, const struct id *subject, const struct id *record,
		      struct changes *out)
{
	*out = (struct changes){0};
	enum err e = store_scan_changes(s, subject, record, decode_one, out);
	for (size_t i = 0; i < out->count; i++)
		out->v[i].change = &out->changes[i]; /* the array stands still from here on */
	return e;
}

size_t changes_find(const struct changes *c, const struct hash *id)
{
	size_t low = 0, high = c->count;
	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = hash_order(&c->v[mid].id, id);
		if (!order)
			return mid;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return SIZE_MAX;
}

void changes_mark_ancestry(const struct changes *c, size_t from, bool *seen, bool *whole)
{
	size_t *todo = mem_alloc_many(c->count, sizeof *todo), n = 0;
	if (!seen[from])
		todo[n++] = from;
	seen[from] = true;
	while (n) {
		const struct change *one = &c->changes[todo[--n]];
		for (size_t p = 0; p < one->parent_count; p++) {
			size_t at = changes_find(c, &one->parents[p]);
			if (at == SIZE_MAX) {
				*whole = false;
			} else if (!seen[at]) {
				seen[at] = true;
				todo[n++] = at;
			}
		}
	}
	free(todo);
}

bool changes_knows(const struct changes *c, size_t a, size_t b)
{
	bool *seen = mem_alloc_many(c->count, sizeof *seen), whole = true;
	changes_mark_ancestry(c, a, seen, &whole);
	bool knows = seen[b];
	free(seen);
	return knows;
}

void changes_free(struct changes *c)
{
	for (size_t i = 0; i < c->count; i++) {
		change_fini(&c->changes[i]);
		mem_free_secret(c->bytes[i]);
	}
	free(c->v);
	free(c->changes);
	free(c->bytes);
	*c = (struct changes){0};
}

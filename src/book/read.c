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

struct ref ref_of(const struct record *r)
{
	return (struct ref){r->subject, r->id};
}

struct ref ref_to(const struct id *record)
{
	return (struct ref){{{0}}, *record};
}

const char *ref_to_text(const struct ref *ref, char text[REF_TEXT])
{
	id_to_hex(&ref->in, text);
	text[ID_HEX - 1] = '/';
	id_to_hex(&ref->record, text + ID_HEX);
	return text;
}

bool ref_from_text(const char *text, struct ref *out)
{
	char in[ID_HEX];
	if (strlen(text) != REF_TEXT - 1 || text[ID_HEX - 1] != '/')
		return false;
	memcpy(in, text, sizeof in);
	in[ID_HEX - 1] = 0;
	return id_from_hex(in, &out->in) && id_from_hex(text + ID_HEX, &out->record);
}

/* Where a record is; while it is looked for, which of those that are met is meant. */
struct place {
	const char *in; /* hex that the subject's id starts with, or NULL */
	struct id subject, record;
	char type[65];
	size_t count; /* of those that were met; a person's own record stands for all of its id */
	size_t before; /* of them, with ids that came before this one */
	bool own;
};

static bool note_place(void *arg, const struct id *record, const struct id *subject,
		       const char *type)
{
	struct place *p = arg;
	char hex[ID_HEX];
	if (p->in && strncmp(id_to_hex(subject, hex), p->in, strlen(p->in)) != 0)
		return true;
	if (!p->count || !id_equal(&p->record, record)) {
		p->before = p->count;
		p->own = false;
	}
	if (p->own)
		return true;
	p->own = id_equal(record, subject);
	p->count = (p->own ? p->before : p->count) + 1;
	p->record = *record;
	p->subject = *subject;
	memcpy(p->type, type, strlen(type) + 1);
	return true;
}

/* Those with this id in one store; its own record stands for all that a person's id meets. */
static enum err find_place(struct store *s, const struct ref *ref, struct place *p)
{
	char hex[ID_HEX], in[ID_HEX];
	*p = (struct place){.in = id_is_zero(&ref->in) ? NULL : id_to_hex(&ref->in, in)};
	enum err e = store_scan_records(s, id_to_hex(&ref->record, hex), note_place, p);
	if (!e && p->count != 1)
		e = p->count ? ERR_REFUSED : ERR_ABSENT;
	p->in = NULL;
	return e;
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

enum err read_in(struct store *s, struct ref ref, struct record *out)
{
	struct place p;
	enum err e = find_place(s, &ref, &p);
	return e ? e : read_place(s, &p, out);
}

enum err read_record(struct store *s, const struct id *id, struct record *out)
{
	return read_in(s, ref_to(id), out);
}

static enum err settle(struct book *b, struct record *r)
{
	enum err e = person_view(b, r);
	if (e)
		record_fini(r);
	return e;
}

enum err book_get_in(struct book *b, struct ref ref, struct record *out)
{
	for (size_t i = 0; i < b->store_count; i++) {
		enum err e = read_in(b->stores[i], ref, out);
		if (e != ERR_ABSENT)
			return e ? e : settle(b, out);
	}
	return ERR_ABSENT;
}

enum err book_get(struct book *b, const struct id *id, struct record *out)
{
	return book_get_in(b, ref_to(id), out);
}

static bool is_prefix(const char *hex)
{
	size_t n = strlen(hex);
	return n >= 6 && n <= 32 && strspn(hex, "0123456789abcdef") == n;
}

static enum err find_prefix(struct book *b, const char *hex, struct place *p, struct store **in)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < b->store_count; i++) {
		size_t before = p->count;
		e = store_scan_records(b->stores[i], hex, note_place, p);
		*in = p->count > before ? b->stores[i] : *in;
	}
	return e;
}

/* "aaaaaa/bbbbbb" falls into two. */
static enum err get_prefix(struct book *b, const char *given, char *lower, struct record *out,
			   struct diag *d)
{
	struct place p = {0};
	struct store *in = NULL;
	char *slash = strchr(lower, '/');
	const char *hex = slash ? slash + 1 : lower;
	if (slash)
		*slash = 0;
	p.in = slash ? lower : NULL;
	if (!is_prefix(hex) || (slash && !is_prefix(lower))) {
		diag_say(d, "\"%s\" is no id: give the first 6 or more of its hex digits.", given);
		return ERR_INPUT;
	}
	enum err e = find_prefix(b, hex, &p, &in);
	if (!e && p.count > 1) {
		diag_say(d,
			 "Several ids start with %s: give more digits, or first the person's (or "
			 "the "
			 "directory's) and a slash.",
			 given);
		e = ERR_INPUT;
	} else if (!e && !p.count) {
		diag_say(d, "No record's id starts with %s.", given);
		e = ERR_ABSENT;
	}
	return e ? e : read_place(in, &p, out);
}

enum err book_get_prefix(struct book *b, const char *hex, struct record *out, struct diag *d)
{
	char *lower = mem_text(hex);
	for (char *c = lower; *c; c++)
		*c = (char)(*c >= 'A' && *c <= 'F' ? *c + 32 : *c);
	enum err e = get_prefix(b, hex, lower, out, d);
	free(lower);
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
	enum err e = same_find(w->b->stores[0], subject, &all);
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
	struct place p = {.subject = *subject, .record = *record};
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

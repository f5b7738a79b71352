/* SPDX-License-Identifier: MIT
 *
 * Reading the store: views, changes, records.
 */
#include "store_impl.h"

#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>

/* --- how things lie in LMDB --------------------------------------------------------------- */

struct record_key record_key(const struct id *subject, const struct id *record)
{
	struct record_key k;
	memcpy(k.b, subject->b, 16);
	memcpy(k.b + 16, record->b, 16);
	return k;
}

void file_value(enum file_kind kind, struct span bytes, struct buf *out)
{
	buf_add_byte(out, (uint8_t)kind);
	buf_add_span(out, bytes);
}

/* --- changes ---------------------------------------------------------------------------- */

struct opening {
	struct store *s;
	struct txn *t;
	store_each_change *each;
	void *arg;
	size_t *bad;
	struct buf plain;
};

bool open_shelf_change(struct store *s, struct txn *t, struct span key, struct span value,
		       struct hash *id, struct buf *plain)
{
	struct seg_entry e;
	const uint8_t *k = unpack_shelf_change(key, value, &e) ? keys_find(s, t, &e.key) : NULL;
	if (!k || !unpack_change(&s->id, &e, k, plain))
		return false;
	*id = store_hash(s, buf_span(plain));
	return hash_equal(id, &e.id);
}

static bool open_change(void *arg, struct span key, struct span value)
{
	struct opening *o = arg;
	struct store_change c;
	buf_clear(&o->plain);
	if (!open_shelf_change(o->s, o->t, key, value, &c.id, &o->plain)) {
		++*o->bad;
		return true;
	}
	c.bytes = buf_span(&o->plain);
	return o->each(o->arg, &c);
}

void each_shelf_change(struct store *s, struct txn *t, const struct id *subject,
		       const struct id *record, store_each_change *each, void *arg, size_t *bad)
{
	struct opening o = {s, t, each, arg, bad, BUF_SECRET};
	struct record_key k = record_key(subject, record);
	txn_scan(t, s->shelf.db[DB_CHANGE], span_of(k.b, sizeof k.b), open_change, &o);
	buf_fini(&o.plain);
}

struct gathering {
	struct store_change *v;
	size_t count, cap;
};

static bool gather(void *arg, const struct store_change *c)
{
	struct gathering *g = arg;
	g->v = mem_room(g->v, g->count, &g->cap, sizeof *g->v);
	g->v[g->count++] =
		(struct store_change){c->id, span_of(mem_dup(c->bytes.p, c->bytes.n), c->bytes.n)};
	return true;
}

bool fold_from_shelf(struct store *s, struct txn *t, const struct id *subject,
		     const struct id *record, char type[65], struct buf *view, size_t *beside)
{
	struct gathering g = {0};
	size_t bad = 0;
	each_shelf_change(s, t, subject, record, gather, &g, &bad);
	*beside = 0;
	if (g.count)
		s->folder->fold(s->folder->arg, subject, record, g.v, g.count, type, view);
	if (g.count && s->folder->beside)
		*beside = s->folder->beside(s->folder->arg);
	for (size_t i = 0; i < g.count; i++)
		mem_free_secret((void *)(uintptr_t)g.v[i].bytes.p);
	free(g.v);
	return g.count > 0;
}

struct reading_changes {
	struct store *s;
	const struct id *subject, *record;
	store_each_change *each;
	void *arg;
};

static enum err read_changes(void *arg, struct txn *t, struct diag *d)
{
	struct reading_changes *r = arg;
	size_t bad = 0;
	(void)d;
	each_shelf_change(r->s, t, r->subject, r->record, r->each, r->arg, &bad);
	return bad ? ERR_DAMAGED : OK;
}

enum err store_scan_changes(struct store *s, const struct id *subject, const struct id *record,
			    store_each_change *each, void *arg)
{
	struct reading_changes r = {s, subject, record, each, arg};
	enum err e = store_catch_up(s, NULL);
	return e ? e : shelf_read(&s->shelf, read_changes, &r, NULL);
}

/* --- views ------------------------------------------------------------------------------ */

struct viewing {
	struct store *s;
	const char *type;
	const struct id *subject, *record;
	store_each_view *each;
	void *arg;
	struct buf plain, place;
	enum err e;
};

static bool open_view(void *arg, struct span key, struct span value)
{
	struct viewing *v = arg;
	struct id subject, record;
	if (key.n != 32)
		return true;
	memcpy(subject.b, key.p, 16);
	memcpy(record.b, key.p + 16, 16);
	buf_clear(&v->plain);
	buf_clear(&v->place);
	pack_view_place(&v->s->id, v->type, &subject, &record, &v->place);
	if (!seal_open(v->s->seal->shelf, buf_span(&v->place), value, &v->plain)) {
		v->e = ERR_DAMAGED;
		return true;
	}
	return v->each(v->arg, &subject, &record, buf_span(&v->plain));
}

static enum err read_views(void *arg, struct txn *t, struct diag *d)
{
	struct viewing *v = arg;
	uint8_t prefix[32];
	size_t n = 0;
	MDB_dbi db;
	(void)d;
	if (!txn_view(t, v->type, false, &db))
		return OK;
	if (v->subject) {
		memcpy(prefix, v->subject->b, 16);
		n = 16;
	}
	if (v->record) {
		memcpy(prefix + 16, v->record->b, 16);
		n = 32;
	}
	txn_scan(t, db, span_of(prefix, n), open_view, v);
	return v->e;
}

static enum err run_views(struct viewing *v)
{
	enum err e = store_catch_up(v->s, NULL);
	v->plain = (struct buf)BUF_SECRET;
	if (!e)
		e = shelf_read(&v->s->shelf, read_views, v, NULL);
	buf_fini(&v->plain);
	buf_fini(&v->place);
	return e;
}

enum err store_scan_views(struct store *s, const char *type, const struct id *subject,
			  store_each_view *each, void *arg)
{
	struct viewing v = {.s = s, .type = type, .subject = subject, .each = each, .arg = arg};
	return run_views(&v);
}

static bool copy_view(void *arg, const struct id *subject, const struct id *record,
		      struct span view)
{
	(void)subject, (void)record;
	buf_add_span(arg, view);
	return false;
}

enum err store_get_view(struct store *s, const char *type, const struct id *subject,
			const struct id *record, struct buf *view)
{
	struct viewing v = {.s = s,
			    .type = type,
			    .subject = subject,
			    .record = record,
			    .each = copy_view,
			    .arg = view};
	size_t before = view->n;
	enum err e = run_views(&v);
	return e || view->n > before ? e : ERR_ABSENT;
}

/* --- records by the start of their id --------------------------------------------------- */

struct seeking {
	struct store *s;
	const char *hex;
	store_each_record *each;
	void *arg;
};

static bool seek_one(void *arg, struct span key, struct span value)
{
	struct seeking *k = arg;
	struct id record, subject;
	char hex[ID_HEX], type[65];
	if (key.n != 32 || value.n > 64)
		return true;
	memcpy(record.b, key.p, 16);
	memcpy(subject.b, key.p + 16, 16);
	memcpy(type, value.p, value.n);
	type[value.n] = 0;
	if (strncmp(id_to_hex(&record, hex), k->hex, strlen(k->hex)))
		return true; /* an odd digit: the byte's other half differs */
	return k->each(k->arg, &record, &subject, type);
}

static enum err seek(void *arg, struct txn *t, struct diag *d)
{
	struct seeking *k = arg;
	uint8_t prefix[16];
	size_t n = strlen(k->hex) / 2;
	(void)d;
	if (n > sizeof prefix || !hex_to_bytes(k->hex, 2 * n, prefix, n))
		return ERR_INPUT;
	txn_scan(t, k->s->shelf.db[DB_RECORD], span_of(prefix, n), seek_one, k);
	return OK;
}

enum err store_scan_records(struct store *s, const char *hex_prefix, store_each_record *each,
			    void *arg)
{
	struct seeking k = {s, hex_prefix, each, arg};
	enum err e = store_catch_up(s, NULL);
	return e ? e : shelf_read(&s->shelf, seek, &k, NULL);
}

/* --- the file of a subject -------------------------------------------------------------- */

struct filing {
	struct store *s;
	struct txn *t;
	struct id subject, last;
	store_each_record *each;
	void *arg;
};

/* Changes come record by record; the first of each will do. */
static bool file_one(void *arg, struct span key, struct span value)
{
	struct filing *f = arg;
	struct id record;
	char type[65];
	(void)value;
	if (key.n != 64)
		return true;
	memcpy(record.b, key.p + 16, 16);
	if (id_equal(&record, &f->last))
		return true;
	f->last = record;
	struct record_key place = record_key(&record, &f->subject);
	if (!txn_get(f->t, f->s->shelf.db[DB_RECORD], span_of(place.b, sizeof place.b), &value) ||
	    value.n > 64)
		return true;
	memcpy(type, value.p, value.n);
	type[value.n] = 0;
	return f->each(f->arg, &record, &f->subject, type);
}

static enum err scan_file(void *arg, struct txn *t, struct diag *d)
{
	struct filing *f = arg;
	(void)d;
	f->t = t;
	txn_scan(t, f->s->shelf.db[DB_CHANGE], span_of(f->subject.b, 16), file_one, f);
	return OK;
}

enum err store_scan_file(struct store *s, const struct id *subject, store_each_record *each,
			 void *arg)
{
	struct filing f = {.s = s, .subject = *subject, .each = each, .arg = arg};
	enum err e = store_catch_up(s, NULL);
	return e ? e : shelf_read(&s->shelf, scan_file, &f, NULL);
}

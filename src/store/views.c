/* SPDX-License-Identifier: MIT
 *
 * Views: the folds of the records that a taking in touched, put in their places.  Pure in what it
 * makes of a set of changes: no order of arrival shows.
 */
#include "store_impl.h"

#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>

static int touched_order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct touched));
}

/* A view under a type that the record had before: its first change was of a newer version, or
 * came after another of another type. */
struct retyping {
	struct txn *t;
	const char *type;
	struct span key;
};

static bool remove_view(void *arg, const char *type, MDB_dbi db)
{
	struct retyping *w = arg;
	if (strcmp(type, w->type) != 0)
		txn_delete(w->t, db, w->key);
	return true;
}

/* Where a record is, by its id; two under one id in the files of two people are two. */
static void put_place(struct store *s, struct txn *t, const struct touched *r, const char *type)
{
	struct record_key k = record_key(&r->subject, &r->record);
	struct record_key place = record_key(&r->record, &r->subject);
	struct retyping w = {t, type, span_of(k.b, sizeof k.b)};
	MDB_dbi db = s->shelf.db[DB_RECORD];
	struct span had;
	bool known = txn_get(t, db, span_of(place.b, sizeof place.b), &had);
	if (known && !span_is(had, type))
		txn_each_type(t, remove_view, &w);
	if (!known || !span_is(had, type))
		txn_put(t, db, span_of(place.b, sizeof place.b), span_text(type));
}

static void put_beside(struct store *s, struct txn *t, const struct touched *r, size_t beside)
{
	struct record_key k = record_key(&r->subject, &r->record);
	struct buf count = BUF_INIT;
	MDB_dbi db = s->shelf.db[DB_BESIDE];
	buf_add_u32(&count, (uint32_t)beside);
	if (beside)
		txn_put(t, db, span_of(k.b, sizeof k.b), buf_span(&count));
	else if (txn_count(t, db))
		txn_delete(t, db, span_of(k.b, sizeof k.b));
	buf_fini(&count);
}

static void put_view(struct store *s, struct txn *t, const struct touched *r, const char *type,
		     struct span view)
{
	struct buf place = BUF_INIT, sealed = BUF_INIT;
	struct record_key k = record_key(&r->subject, &r->record);
	MDB_dbi db;
	put_place(s, t, r, type);
	pack_view_place(&s->id, type, &r->subject, &r->record, &place);
	seal_bytes(s->seam, s->seal->shelf, buf_span(&place), view, &sealed);
	if (txn_view(t, type, true, &db))
		txn_put(t, db, span_of(k.b, sizeof k.b), buf_span(&sealed));
	buf_fini(&sealed);
	buf_fini(&place);
}

void takein_fold(struct taking *k, struct txn *t)
{
	struct buf view = BUF_SECRET;
	takein_wake(k, t);
	if (k->touched_count)
		qsort(k->touched, k->touched_count, sizeof *k->touched, touched_order);
	for (size_t i = 0; i < k->touched_count && !t->failed; i++) {
		char type[65];
		size_t beside;
		if (i && !touched_order(&k->touched[i], &k->touched[i - 1]))
			continue;
		buf_clear(&view);
		if (!fold_from_shelf(k->s, t, &k->touched[i].subject, &k->touched[i].record, type,
				     &view, &beside))
			continue;
		put_view(k->s, t, &k->touched[i], type, buf_span(&view));
		put_beside(k->s, t, &k->touched[i], beside);
	}
	buf_fini(&view);
}

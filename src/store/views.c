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

/* Where a record is.  One id under two subjects is no record of ours; the first of the two
 * has the place, so that no order of arrival shows. */
static void put_place(struct store *s, struct txn *t, const struct touched *r, const char *type)
{
	struct buf where = BUF_INIT;
	struct record_key k = record_key(&r->subject, &r->record);
	struct retyping w = {t, type, span_of(k.b, sizeof k.b)};
	MDB_dbi db = s->shelf.db[DB_RECORD];
	struct span had;
	buf_add(&where, r->subject.b, 16);
	buf_add_text(&where, type);
	bool known = txn_get(t, db, span_of(r->record.b, 16), &had);
	if (!known || !span_equal(had, buf_span(&where))) {
		bool first = !known || had.n < 16 || memcmp(r->subject.b, had.p, 16) <= 0;
		if (known)
			txn_each_type(t, remove_view, &w);
		if (first)
			txn_put(t, db, span_of(r->record.b, 16), buf_span(&where));
	}
	buf_fini(&where);
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

/* SPDX-License-Identifier: MIT
 *
 * Two people, a note with the first, and two copies of the book; for the tests of acts on whole
 * records.
 */
#ifndef ACT_STAGE_H
#define ACT_STAGE_H

#include "book_stage.h"

static struct book *a, *b;
static struct id mairi, rhona, note;

/* Two people, a note with the first, and two copies of it all. */
UNUSED_OK static void begin(void)
{
	const char *pairs[] = {"starts", "today 10:00", "mode", "phone", "note", "rang"};
	struct book *first = open_book(here);
	mairi = add_person(first, "Mairi", "MacLeod");
	rhona = add_person(first, "Rhona", "Mills");
	note = put_fields(first, "contact", (struct put){.person = mairi}, pairs, 3);
	book_close(first);
	split(&a, &b);
}

UNUSED_OK static void tick(void)
{
	seam.clock_ms += 1000;
}

UNUSED_OK static void end(void)
{
	ck_assert_int_eq(book_check(a, NULL), OK);
	ck_assert_int_eq(book_check(b, NULL), OK);
	check_same_hash(a, b);
	book_close(a);
	book_close(b);
}

UNUSED_OK static void write_in(struct book *w, const struct id *id, const char *kind,
			       const char *field, const char *value)
{
	const char *pairs[] = {field, value};
	tick();
	put_fields(w, kind, (struct put){.record = *id}, pairs, 1);
}

UNUSED_OK static void mark(struct book *w, const struct id *id, enum mark m)
{
	struct diag d = {0};
	tick();
	enum err e = book_mark(w, ref_to(id), m, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
}

UNUSED_OK static void undo_last(struct book *w)
{
	struct buf told = BUF_INIT;
	tick();
	ck_assert_int_eq(book_undo(w, &told, NULL), OK);
	buf_fini(&told);
}

/* What a put of one text is answered. */
UNUSED_OK static enum err try_write(struct book *w, const struct id *id, const char *kind,
				    const char *field, const char *text)
{
	struct buf v = BUF_INIT;
	struct diag d = {0};
	value_add_text(&v, span_text(text));
	struct put_field f = {field, buf_span(&v)};
	struct put p = {.kind = kind_find(kind), .record = *id, .fields = &f, .field_count = 1};
	enum err e = book_put(w, &p, 1, &d);
	ck_assert(!e == !d.count);
	diag_fini(&d);
	buf_fini(&v);
	return e;
}

UNUSED_OK static struct record get(struct book *w, const struct id *id)
{
	struct record r;
	ck_assert_int_eq(book_get(w, id, &r), OK);
	return r;
}

UNUSED_OK static bool conflicts(struct book *w, const struct id *id, const char *field)
{
	struct record r = get(w, id);
	bool is = record_in_conflict(&r, field);
	record_fini(&r);
	return is;
}

UNUSED_OK static bool raised(struct book *w, const struct id *id)
{
	struct record r = get(w, id);
	struct buf out = BUF_INIT;
	bool is = record_raised(w, &r, &out);
	ck_assert(is == (out.n > 0));
	buf_fini(&out);
	record_fini(&r);
	return is;
}

UNUSED_OK static bool count_one(void *count, const struct record *r)
{
	(void)r;
	++*(size_t *)count;
	return true;
}

UNUSED_OK static size_t listed(struct book *w, const char *kind, const struct id *person)
{
	size_t count = 0;
	ck_assert_int_eq(book_scan(w, kind_find(kind), person, count_one, &count), OK);
	return count;
}

static struct id last_step;

UNUSED_OK static void note_step(void *arg, const struct event *e)
{
	(void)arg;
	last_step = e->step;
}

UNUSED_OK static struct id step_of(struct book *w, const struct id *id)
{
	ck_assert_int_eq(book_history(w, ref_to(id), note_step, NULL), OK);
	return last_step;
}

#endif

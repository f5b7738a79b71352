/* SPDX-License-Identifier: MIT
 *
 * Acts on a whole record that are more than an edit: finishing a note, adding to a finished
 * one, striking, restricting, and finding two people to be one.
 */
#include "book_impl.h"

#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>

/* --- marks ------------------------------------------------------------------------------ */

static enum err put_mark(struct book *b, const struct record *r, enum mark mark, struct diag *d)
{
	struct put p = {.kind = r->kind, .record = r->id, .in = r->subject, .mark = mark};
	return book_put(b, &p, 1, d);
}

enum err read_known(struct book *b, struct ref ref, struct record *r, struct diag *d)
{
	enum err e = book_get_in(b, ref, r);
	if (e)
		return e;
	if (r->kind && !r->state.has_unknown)
		return OK;
	diag_say(d, "A newer version of Linkbook wrote this; it can only be read here.");
	record_fini(r);
	return ERR_REFUSED;
}

static bool has_mark(const struct state *s, enum mark mark)
{
	return mark == MARK_FINISH ? s->finished : mark == MARK_STRIKE ? s->struck : s->restricted;
}

struct restricting {
	struct put *puts;
	size_t count, cap;
};

static bool restrict_one(void *arg, const struct record *r)
{
	struct restricting *w = arg;
	if (!r->kind || r->state.restricted)
		return true;
	w->puts = mem_room(w->puts, w->count, &w->cap, sizeof *w->puts);
	w->puts[w->count++] = (struct put){.kind = r->kind,
					   .record = r->id,
					   .in = r->subject,
					   .mark = MARK_RESTRICT,
					   .by_itself = true};
	return true;
}

/* A person is restricted with the whole file. */
static enum err restrict_person(struct book *b, const struct id *person, struct diag *d)
{
	struct restricting w = {0};
	struct same all;
	enum err e = same_find(b->stores[0], person, &all);
	for (size_t i = 0; !e && i < all.count; i++)
		e = read_file(b, &all.v[i], restrict_one, &w);
	same_fini(&all);
	if (!e && w.count)
		e = book_put(b, w.puts, w.count, d);
	free(w.puts);
	return e;
}

enum err book_mark(struct book *b, struct ref ref, enum mark mark, struct diag *d)
{
	struct record r;
	BUG_IF(mark != MARK_FINISH && mark != MARK_STRIKE && mark != MARK_RESTRICT);
	enum err e = read_known(b, ref, &r, d);
	if (e)
		return err_said(e, d);
	if (mark == MARK_RESTRICT && r.kind->is_subject)
		e = restrict_person(b, &r.id, d);
	else if (!has_mark(&r.state, mark))
		e = put_mark(b, &r, mark, d);
	record_fini(&r);
	return err_said(e, d);
}

/* --- amending --------------------------------------------------------------------------- */

/* What stands, and one more. */
static void add_amendment(const struct record *r, const struct field *f, struct span text,
			  struct buf *list)
{
	struct said *v;
	size_t count = record_members(r, f, &v);
	value_add_list(list, count + 1);
	for (size_t i = 0; i < count; i++)
		buf_add_span(list, v[i].value);
	value_add_text(list, text);
	free(v);
}

enum err book_amend(struct book *b, struct ref ref, struct span text, struct diag *d)
{
	struct record r;
	struct buf list = BUF_SECRET;
	enum err e = read_known(b, ref, &r, d);
	if (e)
		return err_said(e, d);
	const struct field *f = kind_field(r.kind, "amendments");
	if (!f || !(r.state.finished || r.state.struck)) {
		diag_say(d, f ? "This note is not finished: write in the note itself."
			      : "Only a note can be amended; this can be changed as it is.");
		record_fini(&r);
		return ERR_REFUSED;
	}
	add_amendment(&r, f, text, &list);
	struct put_field field = {f->name, buf_span(&list)};
	struct put p = {.kind = r.kind,
			.record = r.id,
			.in = r.subject,
			.has_heads = true,
			.heads = r.state.heads,
			.head_count = r.state.head_count,
			.mark = MARK_AMEND,
			.by_act = true,
			.fields = &field,
			.field_count = 1};
	e = book_put(b, &p, 1, d);
	buf_fini(&list);
	record_fini(&r);
	return err_said(e, d);
}

/* --- two found to be one ---------------------------------------------------------------- */

/* The others that a record names, with one more or one less. */
static void list_others(const struct record *r, const struct field *f, const struct id *other,
			bool same, struct buf *list)
{
	struct said *v;
	size_t count = record_members(r, f, &v), kept = 0;
	struct buf items = BUF_INIT;
	struct id had;
	for (size_t i = 0; i < count; i++)
		if (value_is_id(v[i].value, &had) && !id_equal(&had, other)) {
			buf_add_span(&items, v[i].value);
			kept++;
		}
	if (same)
		value_add_bytes(&items, other->b, sizeof other->b);
	value_add_list(list, kept + same);
	buf_add_span(list, buf_span(&items));
	buf_fini(&items);
	free(v);
}

struct half {
	struct record r;
	struct buf list;
	struct put_field field;
};

/* Each half as it is by itself, not as one with the other. */
static enum err read_half(struct book *b, const struct record *whole, const struct id *id,
			  const struct id *other, bool same, struct half *h)
{
	enum err e = read_record(store_of(b, whole), id, &h->r);
	if (e)
		return e;
	list_others(&h->r, kind_field(h->r.kind, "same_as"), other, same, &h->list);
	h->field = (struct put_field){"same_as", buf_span(&h->list)};
	return OK;
}

static struct put half_put(const struct half *h)
{
	return (struct put){.kind = h->r.kind,
			    .record = h->r.id,
			    .in = h->r.subject,
			    .has_heads = true,
			    .heads = h->r.state.heads,
			    .head_count = h->r.state.head_count,
			    .by_act = true,
			    .by_itself = true,
			    .fields = &h->field,
			    .field_count = 1};
}

static enum err check_pair(struct book *b, const struct id *one, const struct id *other,
			   struct record *r, struct diag *d)
{
	struct record o;
	const char *why = NULL;
	enum err e = read_known(b, ref_to(one), r, d);
	if (e)
		return e;
	e = read_known(b, ref_to(other), &o, d);
	if (e) {
		record_fini(r);
		return e;
	}
	if (id_equal(one, other))
		why = "These are one record, not two.";
	else if (r->kind != o.kind || !kind_field(r->kind, "same_as"))
		why = "Only two people, or two resources, can be found to be one.";
	else if (!id_equal(&r->store, &o.store))
		why = "These are in two directories; each keeps its own.";
	record_fini(&o);
	if (!why)
		return OK;
	diag_say(d, "%s", why);
	record_fini(r);
	return ERR_INPUT;
}

/* Taken apart, two may still be one by way of a third: nobody must think them separate. */
static enum err say_still_one(struct book *b, const struct record *r, const struct id *one,
			      const struct id *other, bool apart, struct diag *d)
{
	struct same all;
	enum err e = same_find(store_of(b, r), one, &all);
	if (e)
		return e;
	bool still = same_has(&all, other);
	same_fini(&all);
	if (!still)
		return OK;
	diag_say(d,
		 "%s by way of another record that both were found to be one with: take that "
		 "apart as well.",
		 apart ? "They are still one," : "Nothing was taken apart: they are one");
	return apart ? OK : ERR_INPUT;
}

enum err book_same(struct book *b, const struct id *one, const struct id *other, bool same,
		   struct diag *d)
{
	struct record r;
	struct half v[2] = {{.list = BUF_INIT}, {.list = BUF_INIT}};
	enum err e = check_pair(b, one, other, &r, d);
	if (e)
		return e;
	e = read_half(b, &r, one, other, same, &v[0]);
	if (!e)
		e = read_half(b, &r, other, one, same, &v[1]);
	struct put puts[2] = {half_put(&v[0]), half_put(&v[1])};
	if (!e)
		e = book_put(b, puts, 2, d);
	static const struct hash none;
	bool written = !hash_equal(&puts[0].change, &none) || !hash_equal(&puts[1].change, &none);
	if (!e && !same)
		e = say_still_one(b, &r, one, other, written, d);
	for (size_t i = 0; i < 2; i++) {
		record_fini(&v[i].r);
		buf_fini(&v[i].list);
	}
	record_fini(&r);
	return err_said(e, d);
}

/* SPDX-License-Identifier: MIT
 *
 * What happened to a record, in sentences, oldest first.
 */
#include "book_impl.h"

#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>

static int oldest_first(const void *a, const void *b)
{
	const struct fold_input *x = a, *y = b;
	if (x->change->stamp != y->change->stamp)
		return x->change->stamp < y->change->stamp ? -1 : 1;
	return hash_order(&x->id, &y->id);
}

struct telling {
	struct book *b;
	const struct kind *kind;
	const struct changes *all; /* of the record */
	struct buf *out;
	size_t said;
};

static void add_part(struct telling *t)
{
	buf_add_text(t->out, t->said++ ? "; " : "");
}

static void say_value(struct telling *t, const struct field *f, struct span v)
{
	if (value_is_null(v)) {
		buf_add_text(t->out, "nothing");
		return;
	}
	size_t before = t->out->n;
	buf_add_text(t->out, "\"");
	value_say(f, v, t->b->terms, when_now(t->b->seam), t->out);
	buf_add_text(t->out, "\"");
	if (t->out->n == before + 2)
		t->out->n = before;
}

/* A group tells each of its members. */
static void say_set(struct telling *t, const struct op *op)
{
	bool known = false;
	for (const struct field *f = t->kind->fields; f->name; f++) {
		struct span v = op->value;
		if (!span_is(op->field, field_stored(f)))
			continue;
		known = true;
		if (f->group && (value_is_null(op->value) || !value_in_map(op->value, f->name, &v)))
			continue;
		add_part(t);
		buf_printf(t->out, "%s set to ", f->name);
		say_value(t, f, v);
	}
	if (!known) {
		add_part(t);
		buf_add_text(t->out, "a field was set that this version does not know: ");
		buf_add_span(t->out, op->field);
	}
}

static void say_other(struct telling *t, const struct op *op)
{
	static const char *const done[] = {
		[OP_SET] = "set to",	  [OP_ADD] = "now has", [OP_REMOVE] = "no longer has",
		[OP_ROW] = "has the row", [OP_ROW_PLACE] = "",
	};
	char *name = mem_text_n((const char *)op->field.p, op->field.n);
	const struct field *f = kind_field(t->kind, name);
	if (op->kind != OP_ROW_PLACE) {
		add_part(t);
		if (op->kind == OP_ROW && value_is_null(op->value))
			buf_printf(t->out, "a row of %s was removed", name);
		else
			buf_printf(t->out, "%s %s ", name, done[op->kind]);
		if (f && !value_is_null(op->value))
			say_value(t, f, op->value);
	}
	free(name);
}

static void say_undoes(struct telling *t, const struct change *c)
{
	for (size_t i = 0; i < c->undo_count; i++) {
		if (!i)
			add_part(t);
		struct span field = c->undoes[i].field;
		buf_add_text(t->out, i ? ", " : "taken back: ");
		if (field.n)
			buf_add_span(t->out, field);
		else
			buf_add_text(t->out, "what was done to the whole record");
	}
}

/* A finish says every field again; what was said in these words before is no news. */
static bool is_news(const struct telling *t, const struct change *c, const struct op *op)
{
	for (size_t i = 0; c->mark == MARK_FINISH && i < t->all->count; i++) {
		const struct change *other = t->all->v[i].change;
		for (size_t k = 0; other != c && k < other->op_count; k++) {
			const struct op *had = &other->ops[k];
			if (had->kind == op->kind && span_equal(had->field, op->field) &&
			    id_equal(&had->row, &op->row) && span_equal(had->value, op->value))
				return false;
		}
	}
	return true;
}

static void say_ops(struct telling *t, const struct change *c)
{
	for (size_t i = 0; t->kind && i < c->op_count; i++) {
		if (!is_news(t, c, &c->ops[i]))
			continue;
		if (c->ops[i].kind == OP_SET)
			say_set(t, &c->ops[i]);
		else
			say_other(t, &c->ops[i]);
	}
}

static void say_change(struct telling *t, const struct change *c)
{
	static const char *const marks[] = {
		[MARK_NONE] = NULL,
		[MARK_BIN] = "put into the bin",
		[MARK_UNBIN] = "taken out of the bin",
		[MARK_FINISH] = "finished",
		[MARK_AMEND] = "amended",
		[MARK_STRIKE] = "struck",
		[MARK_RESTRICT] = "restricted: left out of lists",
		[MARK_RETIRE] = NULL,
		[MARK_ERASE] = NULL,
		[MARK_UNKNOWN] = NULL,
	};
	if (c->seed_source.n) {
		add_part(t);
		buf_printf(t->out, "loaded from %.*s, version %lld", (int)c->seed_source.n,
			   (const char *)c->seed_source.p, (long long)c->seed_version);
	} else if (!c->parent_count && !c->undo_count) {
		add_part(t);
		buf_add_text(t->out, "made");
	}
	say_undoes(t, c);
	if (marks[c->mark] || c->has_unknown) {
		add_part(t);
		buf_add_text(t->out, c->has_unknown
					     ? "changed in a way that this version does not know"
					     : marks[c->mark]);
	}
	say_ops(t, c);
}

static void tell(struct book *b, const struct kind *kind, const struct changes *all, size_t at,
		 book_event *each, void *arg)
{
	struct buf sentence = BUF_SECRET, when = BUF_INIT;
	const struct change *c = all->v[at].change;
	struct telling t = {b, kind, all, &sentence, 0};
	char *author = mem_text_n((const char *)c->author.p, c->author.n);
	if (!c->seed_source.n)
		when_to_iso(when_from_ms(c->stamp), false, &when);
	say_change(&t, c);
	each(arg, &(struct event){buf_text(&when), author, buf_text(&sentence), c->step});
	free(author);
	buf_fini(&when);
	buf_fini(&sentence);
}

/* People who are one have the histories of all, one after the other. */
static enum err tell_one(struct book *b, const struct record *like, const struct id *id,
			 book_event *each, void *arg)
{
	struct record r;
	struct changes c;
	enum err e = read_record(b, store_of(b, like), id, &r);
	if (e)
		return e;
	e = read_changes(store_of(b, &r), &r.subject, id, &c);
	if (c.count)
		qsort(c.v, c.count, sizeof *c.v, oldest_first);
	for (size_t i = 0; !e && i < c.count; i++)
		tell(b, r.kind, &c, i, each, arg);
	changes_free(&c);
	record_fini(&r);
	return e;
}

enum err book_history(struct book *b, const struct id *id, book_event *each, void *arg)
{
	struct record r;
	struct same all;
	enum err e = book_get(b, id, &r);
	if (e)
		return e;
	e = same_find(b, store_of(b, &r), &r.id, &all);
	for (size_t i = 0; !e && i < all.count; i++)
		e = tell_one(b, &r, &all.v[i], each, arg);
	same_fini(&all);
	record_fini(&r);
	return e;
}

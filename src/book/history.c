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
	const struct changes *all; /* of the record, in the order they are told */
	size_t at; /* which of them */
	struct buf *out;
	size_t said;
};

static void add_part(struct telling *t)
{
	buf_add_text(t->out, t->said++ ? "; " : "");
}

/* Another record is said by what it is called; one that is not here by its id. */
static void say_plainly(struct telling *t, const struct field *f, struct span v)
{
	struct id id;
	struct record r;
	bool other = f->type == V_RECORD || f->type == V_RECORDS;
	if (!other || !value_is_id(v, &id) || book_get(t->b, &id, &r)) {
		value_say(f, v, t->b->terms, when_now(t->b->seam), t->out);
		return;
	}
	if (r.kind && r.kind->is_subject)
		record_person_name(&r, t->out);
	else
		record_title(t->b, &r, t->out);
	record_fini(&r);
}

static void say_value(struct telling *t, const struct field *f, struct span v)
{
	if (value_is_null(v)) {
		buf_add_text(t->out, "nothing");
		return;
	}
	size_t before = t->out->n;
	buf_add_text(t->out, "\"");
	say_plainly(t, f, v);
	buf_add_text(t->out, "\"");
	if (t->out->n == before + 2)
		t->out->n = before;
}

/* What an act wrote says what was done, not that an id was set. */
static const struct said_act {
	enum op_kind kind;
	const char *field, *words;
} acts[] = {
	{OP_SET, "moved_to", "moved to another person's file"},
	{OP_SET, "moved_from", "moved here from another person's file"},
	{OP_ADD, "same_as", "found to be one with another record"},
	{OP_REMOVE, "same_as", "found to be two after all"},
};

static bool say_act(struct telling *t, const struct op *op)
{
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
		if (acts[i].kind == op->kind && span_is(op->field, acts[i].field)) {
			add_part(t);
			buf_add_text(t->out, acts[i].words);
			return true;
		}
	return false;
}

/* The field an op is about by its own name; NULL for a group. */
static const struct field *kind_field_of(const struct telling *t, const struct op *op)
{
	char *name = mem_text_n((const char *)op->field.p, op->field.n);
	const struct field *f = kind_field(t->kind, name);
	free(name);
	return f;
}

/* "visit_note" is "visit note" to read. */
static void add_name(struct telling *t, struct span name)
{
	for (size_t i = 0; i < name.n; i++)
		buf_add_byte(t->out, name.p[i] == '_' ? ' ' : name.p[i]);
}

static void say_name(struct telling *t, const char *before, struct span name, const char *after)
{
	add_part(t);
	buf_add_text(t->out, before);
	add_name(t, name);
	buf_add_text(t->out, after);
}

/* A group tells each of its members. */
static void say_set(struct telling *t, const struct op *op)
{
	bool known = false, is_null = value_is_null(op->value);
	for (const struct field *f = t->kind->fields; f->name; f++) {
		struct span v = op->value;
		if (!span_is(op->field, field_stored(f)))
			continue;
		known = true;
		if (f->group && (is_null || !value_in_map(op->value, f->name, &v)))
			continue;
		say_name(t, "", span_text(f->name), " set to ");
		say_value(t, f, v);
	}
	if (!known)
		say_name(t, "a field was set that this version does not know: ", op->field, "");
	else if (is_null && !kind_field_of(t, op))
		say_name(t, "", op->field, " set to nothing");
}

static void say_member(struct telling *t, const struct op *op)
{
	const struct field *f = kind_field_of(t, op);
	say_name(t, "", op->field, op->kind == OP_ADD ? " now has " : " no longer has ");
	if (f)
		say_value(t, f, op->value);
}

static void say_row(struct telling *t, const struct op *op)
{
	const struct field *f = kind_field_of(t, op);
	if (value_is_null(op->value)) {
		say_name(t, "a row of ", op->field, " was removed");
		return;
	}
	say_name(t, "", op->field, " has the row ");
	if (f)
		say_value(t, f, op->value);
}

/* Where a row stands among others is not worth a sentence. */
static void say_nothing(struct telling *t, const struct op *op)
{
	(void)t, (void)op;
}

static void (*const say_op[])(struct telling *, const struct op *) = {
	[OP_SET] = say_set, [OP_ADD] = say_member,	  [OP_REMOVE] = say_member,
	[OP_ROW] = say_row, [OP_ROW_PLACE] = say_nothing,
};

static void say_undoes(struct telling *t, const struct change *c)
{
	for (size_t i = 0; i < c->undo_count; i++) {
		if (!i)
			add_part(t);
		struct span field = c->undoes[i].field;
		buf_add_text(t->out, i ? ", " : "taken back: ");
		if (field.n)
			add_name(t, field);
		else
			buf_add_text(t->out, "what was done to the whole record");
	}
}

/* A finish says every field again; what was told in these words before is no news.  Two that
 * finish what nobody else said (a note moved twice) would keep silent for each other's sake. */
static bool is_news(const struct telling *t, const struct change *c, const struct op *op)
{
	for (size_t i = 0; c->mark == MARK_FINISH && i < t->at; i++) {
		const struct change *other = t->all->v[i].change;
		for (size_t k = 0; k < other->op_count; k++) {
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
		if (is_news(t, c, &c->ops[i]) && !say_act(t, &c->ops[i]))
			say_op[c->ops[i].kind](t, &c->ops[i]);
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

/* What the writer took the record for: two may have given one id to records of two types, and the
 * words of both are told. */
static const struct kind *kind_of(const struct change *c)
{
	char *type = mem_text_n((const char *)c->type.p, c->type.n);
	const struct kind *kind = kind_find(type);
	free(type);
	return kind;
}

static void tell(struct book *b, const struct changes *all, size_t at, book_event *each, void *arg)
{
	struct buf sentence = BUF_SECRET, when = BUF_INIT;
	const struct change *c = all->v[at].change;
	struct telling t = {b, kind_of(c), all, at, &sentence, 0};
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
static enum err tell_one(struct book *b, struct store *s, struct ref ref, book_event *each,
			 void *arg)
{
	struct record r;
	struct changes c;
	enum err e = read_in(s, ref, &r);
	if (e)
		return e;
	e = read_changes(s, &r.subject, &r.id, &c);
	if (c.count)
		qsort(c.v, c.count, sizeof *c.v, oldest_first);
	for (size_t i = 0; !e && i < c.count; i++)
		tell(b, &c, i, each, arg);
	changes_free(&c);
	record_fini(&r);
	return e;
}

enum err book_history(struct book *b, struct ref ref, book_event *each, void *arg)
{
	struct record r;
	struct same all;
	enum err e = book_get_in(b, ref, &r);
	if (e)
		return e;
	e = same_find(store_of(b, &r), &r.id, &all);
	for (size_t i = 0; !e && i < all.count; i++)
		e = tell_one(b, store_of(b, &r), same_ref(&all, i, &r.subject), each, arg);
	same_fini(&all);
	record_fini(&r);
	return e;
}

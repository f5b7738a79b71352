/* SPDX-License-Identifier: MIT
 *
 * The record that a put alters, as its writer saw it: the changes that its heads knew, folded;
 * of people who are one, each of those the writer saw.
 */
#include "book_impl.h"

#include <linkbook/mem.h>
#include <linkbook/mutant.h>

#include <stdlib.h>

static bool has_head(const struct hash *v, size_t n, const struct hash *head)
{
	for (size_t i = 0; i < n; i++)
		if (hash_equal(&v[i], head))
			return true;
	return false;
}

/* Every head there is was seen: one given twice does not stand for another. */
static bool same_heads(const struct hash *v, size_t n, const struct state *s)
{
	bool same = true;
	for (size_t i = 0; i < s->head_count; i++)
		same &= has_head(v, n, &s->heads[i]);
	for (size_t i = 0; i < n; i++)
		same &= has_head(s->heads, s->head_count, &v[i]);
	return same;
}

/* --- one record ------------------------------------------------------------------------- */

static enum err fold_known(const struct changes *c, const bool *known, struct member *m)
{
	struct fold_input *in = mem_alloc_many(c->count, sizeof *in);
	struct buf bytes = BUF_SECRET;
	struct state folded;
	size_t n = 0;
	for (size_t i = 0; i < c->count; i++)
		if (known[i])
			in[n++] = c->v[i];
	/* Through bytes and back, so that it stands on its own. */
	fold_record(&m->record, in, n, &folded);
	state_encode(&folded, &bytes);
	state_fini(&folded);
	enum err e = state_decode(buf_span(&bytes), &m->base);
	buf_fini(&bytes);
	free(in);
	return e;
}

/* What some of its changes knew.  Heads that are none of its own are other records'. */
static enum err fold_seen(struct store *s, const struct put *p, struct member *m, size_t *found)
{
	struct changes c;
	enum err e = read_changes(s, &m->subject, &m->record, &c);
	bool *known = mem_alloc_many(c.count, sizeof *known), whole = true;
	size_t own = 0;
	for (size_t i = 0; !e && i < p->head_count; i++) {
		size_t head = changes_find(&c, &p->heads[i]);
		if (head == SIZE_MAX)
			continue;
		own++;
		changes_mark_ancestry(&c, head, known, &whole);
	}
	if (!e && !whole)
		e = ERR_INPUT;
	if (!e)
		e = fold_known(&c, known, m);
	*found += own;
	m->unseen = !own && p->head_count;
	free(known);
	changes_free(&c);
	return e;
}

/* --- all of them ------------------------------------------------------------------------ */

static struct member *add_member(struct seen *out, const struct record *r)
{
	out->v = mem_grow(out->v, out->count + 1, sizeof *out->v);
	struct member *m = &out->v[out->count++];
	*m = (struct member){
		.subject = r->subject, .record = r->id, .change = {.bytes = BUF_SECRET}};
	return m;
}

static enum err read_member(const struct put *p, struct ref ref, struct seen *out, size_t *found)
{
	struct record r;
	enum err e = read_in(out->store, ref, &r);
	if (e)
		return e;
	struct member *m = add_member(out, &r);
	if (!p->has_heads || same_heads(p->heads, p->head_count, &r.state) ||
	    mutant(MUTANT_PARENTS_AT_SAVE)) {
		m->base = r.state;
		r.state = (struct state){0};
		*found += p->head_count;
	} else {
		e = fold_seen(out->store, p, m, found);
	}
	record_fini(&r);
	return e;
}

/* One that the writer had not seen yet is not altered: nobody looked at it. */
static void drop_unseen(struct seen *s)
{
	size_t kept = 0;
	for (size_t i = 0; i < s->count; i++) {
		if (s->count > 1 && s->v[i].unseen) {
			state_fini(&s->v[i].base);
			continue;
		}
		s->v[kept++] = s->v[i];
	}
	s->count = kept;
}

static void join(struct seen *s)
{
	const struct state **v = mem_alloc_many(s->count, sizeof *v);
	for (size_t i = 0; i < s->count; i++)
		v[i] = &s->v[i].base;
	state_join(v, s->count, &s->joined);
	free(v);
}

static enum err find_all(struct store *s, const struct put *p, struct same *out)
{
	if (kind_field(p->kind, "same_as") && !p->by_itself)
		return same_find(s, &p->record, out);
	*out = (struct same){.v = mem_alloc(sizeof *out->v), .count = 1};
	out->v[0] = p->record;
	return OK;
}

enum err seen_find(const struct put *p, struct store *store, const struct id *in, struct seen *out)
{
	struct same all;
	size_t found = 0;
	*out = (struct seen){.store = store};
	enum err e = find_all(store, p, &all);
	for (size_t i = 0; !e && i < all.count; i++)
		e = read_member(p, same_ref(&all, i, in), out, &found);
	if (!e && p->has_heads && found < p->head_count)
		e = ERR_INPUT;
	if (!e)
		drop_unseen(out);
	if (!e && out->count > 1)
		join(out);
	same_fini(&all);
	return e;
}

void seen_new(const struct id *subject, const struct id *record, struct store *store,
	      struct seen *out)
{
	struct record r = {.subject = *subject, .id = *record};
	*out = (struct seen){.store = store};
	add_member(out, &r);
}

const struct state *seen_base(const struct seen *s)
{
	return s->count > 1 ? &s->joined : &s->v[0].base;
}

/* --- whose an op is --------------------------------------------------------------------- */

static const struct state_field *field_of(const struct state *s, struct span field)
{
	char *name = mem_text_n((const char *)field.p, field.n);
	const struct state_field *f = state_field(s, name);
	free(name);
	return f;
}

static bool has_add(const struct state *s, const struct op *op)
{
	const struct state_field *f = field_of(s, op->field);
	for (size_t i = 0; f && i < f->count; i++)
		if (hash_equal(&f->said[i].change, &op->seen) &&
		    span_equal(f->said[i].value, op->value))
			return true;
	return false;
}

static bool has_row(const struct state *s, const struct op *op)
{
	const struct state_field *f = field_of(s, op->field);
	for (size_t i = 0; f && i < f->row_count; i++)
		if (id_equal(&f->rows[i].id, &op->row))
			return true;
	return false;
}

bool seen_is_for(const struct seen *s, size_t at, const struct op *op)
{
	bool row = op->kind == OP_ROW || op->kind == OP_ROW_PLACE;
	if (op->kind == OP_SET)
		return true;
	if (op->kind == OP_REMOVE)
		return has_add(&s->v[at].base, op);
	for (size_t i = 0; row && i < s->count; i++)
		if (has_row(&s->v[i].base, op))
			return i == at;
	return at == 0;
}

void seen_fini(struct seen *s)
{
	for (size_t i = 0; i < s->count; i++) {
		state_fini(&s->v[i].base);
		buf_fini(&s->v[i].change.bytes);
	}
	state_fini(&s->joined);
	free(s->v);
	*s = (struct seen){0};
}

/* SPDX-License-Identifier: MIT
 *
 * Several records found to be about one thing, shown as one: every value that stands in any of
 * them stands in the whole, so that what differs is a conflict like any other.
 */
#include "folding.h"

#include <linkbook/mem.h>

#include <stdlib.h>

struct joining {
	const struct state *const *v;
	size_t count;
	struct state out; /* arrays of its own; names and values borrowed from the members */
};

static bool all_null(const struct state_field *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (!value_is_null(f->said[i].value))
			return false;
	return true;
}

/* A value in one and "nothing" in the other is a value: nobody chose between them. */
static bool any_value(const struct state_field *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!all_null(v[i]))
			return true;
	return false;
}

static void join_said(const struct state_field *const *v, size_t n, struct state_field *out)
{
	size_t room = 0;
	bool drop_null = out->kind == SLOT_REGISTER && any_value(v, n);
	for (size_t i = 0; i < n; i++)
		room += v[i]->count;
	out->said = mem_alloc_many(room, sizeof *out->said);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < v[i]->count && !(drop_null && all_null(v[i])); k++)
			out->said[out->count++] = v[i]->said[k];
	if (out->count)
		qsort(out->said, out->count, sizeof *out->said,
		      out->kind == SLOT_SET ? said_member_sort : said_sort);
}

static void join_rows(const struct state_field *const *v, size_t n, struct state_field *out)
{
	size_t room = 0;
	for (size_t i = 0; i < n; i++)
		room += v[i]->row_count;
	out->rows = mem_alloc_many(room, sizeof *out->rows);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < v[i]->row_count; k++)
			out->rows[out->row_count++] = v[i]->rows[k];
	if (out->row_count)
		qsort(out->rows, out->row_count, sizeof *out->rows, state_row_sort);
}

static void join_field(struct joining *j, const struct state_field *like)
{
	const struct state_field **v = mem_alloc_many(j->count, sizeof *v);
	struct state_field *out = &j->out.fields[j->out.field_count++];
	size_t n = 0;
	for (size_t i = 0; i < j->count; i++) {
		const struct state_field *f = state_field(j->v[i], like->name);
		if (f && f->kind == like->kind)
			v[n++] = f;
	}
	*out = (struct state_field){.name = like->name, .kind = like->kind};
	join_said(v, n, out);
	join_rows(v, n, out);
	free(v);
}

static int field_sort(const void *a, const void *b)
{
	const struct state_field *const *x = a, *const *y = b;
	return name_order(span_text((*x)->name), span_text((*y)->name));
}

static void join_fields(struct joining *j)
{
	size_t room = 0, n = 0;
	for (size_t i = 0; i < j->count; i++)
		room += j->v[i]->field_count;
	const struct state_field **all = mem_alloc_many(room, sizeof *all);
	for (size_t i = 0; i < j->count; i++)
		for (size_t k = 0; k < j->v[i]->field_count; k++)
			all[n++] = &j->v[i]->fields[k];
	if (n)
		qsort(all, n, sizeof *all, field_sort);
	j->out.fields = mem_alloc_many(n, sizeof *j->out.fields);
	for (size_t i = 0; i < n; i++)
		if (!i || field_sort(&all[i], &all[i - 1]))
			join_field(j, all[i]);
	free(all);
}

static void add_hashes(struct hash **to, size_t *count, const struct hash *v, size_t n)
{
	*to = mem_grow(*to, *count + n + 1, sizeof **to);
	for (size_t i = 0; i < n; i++)
		(*to)[(*count)++] = v[i];
}

static int hash_sort(const void *a, const void *b)
{
	return hash_order(a, b);
}

static void join_whole(struct joining *j)
{
	struct state *out = &j->out;
	out->binned = true;
	out->finished = true;
	for (size_t i = 0; i < j->count; i++) {
		const struct state *s = j->v[i];
		add_hashes(&out->heads, &out->head_count, s->heads, s->head_count);
		add_hashes(&out->beside, &out->beside_count, s->beside, s->beside_count);
		out->stamp = !i || s->stamp > out->stamp ? s->stamp : out->stamp;
		out->binned &= s->binned;
		out->finished &= s->finished;
		out->restricted |= s->restricted;
		out->struck |= s->struck;
		out->has_unknown |= s->has_unknown;
	}
	if (out->head_count)
		qsort(out->heads, out->head_count, sizeof *out->heads, hash_sort);
	if (out->beside_count)
		qsort(out->beside, out->beside_count, sizeof *out->beside, hash_sort);
}

void state_join(const struct state *const *v, size_t count, struct state *out)
{
	struct joining j = {.v = v, .count = count, .out = {.record = v[0]->record}};
	struct buf bytes = BUF_SECRET;
	j.out.type = v[0]->type;
	join_whole(&j);
	join_fields(&j);
	/* Through bytes and back, so that it stands on its own. */
	state_encode(&j.out, &bytes);
	BUG_IF(state_decode(buf_span(&bytes), out));
	buf_fini(&bytes);
	for (size_t i = 0; i < j.out.field_count; i++) {
		free(j.out.fields[i].said);
		free(j.out.fields[i].rows);
	}
	free(j.out.fields);
	free(j.out.heads);
	free(j.out.beside);
}

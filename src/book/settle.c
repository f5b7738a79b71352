/* SPDX-License-Identifier: MIT
 *
 * Values that stand against each other, settled by keeping one of them.
 */
#include "book_impl.h"

#include <linkbook/mem.h>

#include <string.h>

enum { MEMBERS = 16 };

static enum err put_fields(struct book *b, const struct record *r, const struct put_field *fields,
			   size_t count, struct diag *d)
{
	struct put p = {.kind = r->kind,
			.record = r->id,
			.in = r->subject,
			.has_heads = true,
			.heads = r->state.heads,
			.head_count = r->state.head_count,
			.by_act = true,
			.fields = fields,
			.field_count = count};
	return book_put(b, &p, 1, d);
}

/* Members of a group stand together, so they are settled together. */
static enum err settle_register(struct book *b, const struct record *r, const struct field *f,
				struct span chosen, struct diag *d)
{
	struct put_field fields[MEMBERS];
	size_t count = 0;
	for (const struct field *m = r->kind->fields; m->name && count < MEMBERS; m++) {
		struct span v = chosen;
		if (strcmp(field_stored(m), field_stored(f)) != 0)
			continue;
		if (m->group && (value_is_null(chosen) || !value_in_map(chosen, m->name, &v)))
			v = span_of(NULL, 0);
		fields[count++] = (struct put_field){m->name, v};
	}
	return put_fields(b, r, fields, count, d);
}

/* A row with its name in it, as book_put takes it. */
static void add_row(const struct id *row, struct span cells, struct buf *out)
{
	struct map_maker m = {0};
	struct span name, v;
	size_t pairs = 0;
	value_add_bytes(map_add_text(&m, span_text("row")), row->b, sizeof row->b);
	if (!value_is_null(cells) && value_take_map(&cells, &pairs))
		while (pairs-- && value_take_text(&cells, &name) && value_take_any(&cells, &v))
			buf_add_span(map_add_text(&m, name), v);
	map_finish(&m, out);
}

static enum err settle_row(struct book *b, const struct record *r, const struct state_field *s,
			   const struct id *row, size_t n, struct diag *d)
{
	struct buf items = BUF_SECRET, list = BUF_SECRET;
	size_t count = 0;
	for (size_t i = 0; i < s->row_count; i++) {
		const struct state_row *one = &s->rows[i];
		bool meant = id_equal(&one->id, row);
		struct span cells = one->said[meant ? n : 0].value;
		if (value_is_null(cells))
			continue; /* what was kept is that it goes */
		add_row(&one->id, cells, &items);
		count++;
	}
	value_add_list(&list, count);
	buf_add_span(&list, buf_span(&items));
	struct put_field field = {s->name, buf_span(&list)};
	enum err e = put_fields(b, r, &field, 1, d);
	buf_fini(&items);
	buf_fini(&list);
	return e;
}

static const struct state_row *find_row(const struct state_field *s, const struct id *row)
{
	for (size_t i = 0; row && i < s->row_count; i++)
		if (id_equal(&s->rows[i].id, row))
			return &s->rows[i];
	return NULL;
}

enum err book_settle(struct book *b, const struct record *r, const char *field,
		     const struct id *row, size_t n, struct diag *d)
{
	const struct field *f = r->kind ? kind_field(r->kind, field) : NULL;
	const struct state_field *s = f ? state_field(&r->state, field_stored(f)) : NULL;
	const struct state_row *one = s ? find_row(s, row) : NULL;
	if (s && s->conflict && n && s->kind == SLOT_REGISTER && n <= s->count)
		return settle_register(b, r, f, s->said[n - 1].value, d);
	if (one && n && one->count > 1 && n <= one->count)
		return settle_row(b, r, s, row, n - 1, d);
	diag_say(d, "%s: there is no such value to keep; linkbook conflicts lists them.", field);
	return ERR_INPUT;
}

bool record_said_by(struct book *b, const struct record *r, const struct hash *change,
		    struct buf *author)
{
	struct same all;
	bool found = false;
	if (same_find(store_of(b, r), &r->id, &all))
		return false;
	for (size_t i = 0; !found && i < all.count; i++) {
		struct record one;
		struct changes c = {0};
		if (read_in(store_of(b, r), same_ref(&all, i, &r->subject), &one))
			continue;
		if (!read_changes(store_of(b, r), &one.subject, &one.id, &c)) {
			size_t at = changes_find(&c, change);
			found = at != SIZE_MAX;
			if (found)
				buf_add_span(author, c.changes[at].author);
		}
		changes_free(&c);
		record_fini(&one);
	}
	same_fini(&all);
	return found;
}

/* SPDX-License-Identifier: MIT
 *
 * One record in values and in words.
 */
#include "book_impl.h"

#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

struct span record_value(const struct record *r, const char *field)
{
	const struct field *f = r->kind ? kind_field(r->kind, field) : NULL;
	struct span v = {NULL, 0}, member;
	if (!f || !state_value(&r->state, field_stored(f), &v))
		return span_of(NULL, 0);
	if (!f->group)
		return v;
	return value_in_map(v, field, &member) && !value_is_null(member) ? member
									 : span_of(NULL, 0);
}

static int oldest_first(const void *a, const void *b)
{
	const struct said *x = a, *y = b;
	if (x->stamp != y->stamp)
		return x->stamp < y->stamp ? -1 : 1;
	return hash_order(&x->change, &y->change);
}

size_t record_members(const struct record *r, const struct field *f, struct said **out)
{
	const struct state_field *s = state_field(&r->state, field_stored(f));
	size_t n = 0;
	*out = NULL;
	if (!s || s->kind != SLOT_SET || !s->count)
		return 0;
	*out = mem_alloc_many(s->count, sizeof **out);
	for (size_t i = 0; i < s->count; i++)
		if (!i || !span_equal(s->said[i].value, s->said[i - 1].value))
			(*out)[n++] = s->said[i];
	if (f->type == V_NOTES)
		qsort(*out, n, sizeof **out, oldest_first);
	return n;
}

static void say_part(const struct book *b, const struct field *f, struct span v, size_t i,
		     struct buf *out)
{
	if (i)
		buf_add_text(out, f->type == V_ROWS ? "; " : f->type == V_NOTES ? "\n" : ", ");
	value_say(f, v, b->terms, when_now(b->seam), out);
}

void record_say(const struct book *b, const struct record *r, const char *field, struct buf *out)
{
	const struct field *f = r->kind ? kind_field(r->kind, field) : NULL;
	const struct state_field *s = f ? state_field(&r->state, field_stored(f)) : NULL;
	size_t said = 0;
	if (!s)
		return;
	if (!field_is_set(f) && f->type != V_ROWS) {
		say_part(b, f, record_value(r, field), 0, out);
		return;
	}
	struct said *members;
	size_t count = record_members(r, f, &members);
	for (size_t i = 0; i < count; i++)
		say_part(b, f, members[i].value, i, out);
	free(members);
	for (size_t i = 0; s->kind == SLOT_ROWS && i < s->row_count; i++)
		say_part(b, f, s->rows[i].said[0].value, said++, out);
}

bool record_in_conflict(const struct record *r, const char *field)
{
	const struct field *f = r->kind ? kind_field(r->kind, field) : NULL;
	const struct state_field *s = f ? state_field(&r->state, field_stored(f)) : NULL;
	return s && s->conflict;
}

static bool add_text_of(const struct record *r, const char *field, struct buf *out)
{
	struct span text;
	if (!value_is_text(record_value(r, field), &text) || !text.n)
		return false;
	buf_add_span(out, text);
	return true;
}

void record_person_name(const struct record *person, struct buf *out)
{
	size_t before = out->n;
	if (!add_text_of(person, "called", out))
		add_text_of(person, "given_name", out);
	if (out->n > before &&
	    value_is_text(record_value(person, "family_name"), &(struct span){0}))
		buf_add_byte(out, ' ');
	add_text_of(person, "family_name", out);
}

/* O'Neil is found as oneil, and as neil too: the parts stand once more on their own. */
static void add_parts(struct span said, struct buf *out)
{
	static const char *const apostrophes[] = {"'", "\u2019"};
	struct buf apart = BUF_SECRET;
	buf_add_span(&apart, said);
	for (size_t i = 0; i < 2; i++)
		for (char *at; (at = strstr((char *)apart.p, apostrophes[i]));)
			buf_splice(&apart, (size_t)(at - (char *)apart.p), strlen(apostrophes[i]),
				   " ", 1);
	if (apart.n != said.n || memcmp(apart.p, said.p, said.n))
		buf_add_span(out, buf_span(&apart));
	buf_add_byte(out, ' ');
	buf_fini(&apart);
}

void record_fold_words(const struct book *b, const struct record *r, struct buf *out)
{
	struct buf words = BUF_SECRET;
	for (const struct field *f = r->kind ? r->kind->fields : NULL; f && f->name; f++) {
		size_t before = words.n;
		if (f->type == V_RECORD || f->type == V_RECORDS || f->flags & FIELD_HIDDEN)
			continue; /* "cafe" is no word in an id */
		record_say(b, r, f->name, &words);
		if (words.n == before)
			continue;
		buf_add_byte(&words, ' ');
		if (f->type == V_TEXT) {
			struct buf said = BUF_SECRET;
			buf_add(&said, words.p + before, words.n - before);
			add_parts(buf_span(&said), &words);
			buf_fini(&said);
		}
	}
	text_fold(buf_span(&words), out);
	buf_fini(&words);
}

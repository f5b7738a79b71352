/* SPDX-License-Identifier: MIT
 *
 * A practice's own fields: which there are, and where a group has them.
 */
#include "book_impl.h"

#include <linkbook/extra.h>
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

enum { NAME_MOST = 40 };

bool extra_is_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz", all[] = "0123456789_";
	size_t n = strlen(name);
	for (size_t i = 0; i < n; i++)
		if (!strchr(letters, name[i]) && (!i || !strchr(all, name[i])))
			return false;
	return n && n <= NAME_MOST;
}

void extra_make_name(const char *typed, struct buf *out)
{
	struct buf folded = BUF_INIT;
	if (extra_is_name(typed) && !kind_field(kind_find("resource"), typed)) {
		buf_add_text(out, typed);
		return;
	}
	text_fold(span_text(typed), &folded);
	if (kind_field(kind_find("resource"), buf_text(&folded)))
		buf_add_text(out, "own_");
	for (size_t i = 0; i < folded.n && out->n < NAME_MOST; i++) {
		uint8_t c = folded.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
		if (out->n || (c >= 'a' && c <= 'z'))
			buf_add_byte(out, plain ? c : '_');
	}
	while (out->n && out->p[out->n - 1] == '_')
		out->n--;
	buf_fini(&folded);
}

struct id extra_row(const char *name)
{
	return id_of_words("row", "extra", name, 0);
}

/* --- which there are -------------------------------------------------------------------- */

static char *text_in(struct span map, const char *cell)
{
	struct span v, text;
	if (!value_in_map(map, cell, &v) || !value_is_text(v, &text))
		return mem_text("");
	return mem_text_n((const char *)text.p, text.n);
}

void extras_add(struct extras *x, const char *name, const char *label, const char *hint)
{
	for (size_t i = 0; i < x->count; i++)
		if (!strcmp(x->v[i].name, name))
			return;
	x->v = mem_room(x->v, x->count, &x->cap, sizeof *x->v);
	x->v[x->count++] = (struct extra){mem_text(name), mem_text(label), mem_text(hint)};
}

void extras_add_named(struct extras *x, const char *name, const char *label, const char *hint)
{
	char *read = mem_text(name);
	for (char *p = read; *p; p++)
		*p = *p == '_' ? ' ' : *p;
	*read = *read >= 'a' && *read <= 'z' ? (char)(*read - 'a' + 'A') : *read;
	extras_add(x, name, *label ? label : read, hint);
	free(read);
}

bool extra_told(const struct field *f, struct span cells, struct id *row)
{
	char *name = text_in(cells, f->told_by);
	bool is_name = extra_is_name(name);
	if (is_name)
		*row = id_of_words("row", f->name, name, 0);
	free(name);
	return is_name;
}

static void add_row(struct extras *x, struct span cells)
{
	char *typed = text_in(cells, "field");
	char *label = text_in(cells, "label"), *hint = text_in(cells, "hint");
	struct buf name = BUF_INIT;
	extra_make_name(typed, &name);
	if (extra_is_name(buf_text(&name)))
		extras_add_named(x, buf_text(&name), *label ? label : typed, hint);
	buf_fini(&name);
	free(typed);
	free(label);
	free(hint);
}

static bool add_practice(void *arg, const struct record *r)
{
	struct extras *x = arg;
	const struct state_field *s = state_field(&r->state, "extra");
	struct span name;
	if (!x->practice && value_is_text(record_value(r, "name"), &name))
		x->practice = mem_text_n((const char *)name.p, name.n);
	for (size_t i = 0; s && i < s->row_count; i++)
		add_row(x, s->rows[i].said[0].value);
	return true;
}

enum err extras_read(struct book *b, const struct id *directory, struct extras *out)
{
	struct id one = *directory;
	*out = (struct extras){0};
	if (id_is_zero(&one) && book_directory_count(b) != 1)
		return OK;
	if (id_is_zero(&one))
		one = book_directory(b, 0);
	enum err e = book_scan(b, kind_find("practice"), &one, add_practice, out);
	if (e)
		extras_fini(out);
	return e;
}

void extras_fini(struct extras *x)
{
	for (size_t i = 0; i < x->count; i++) {
		free(x->v[i].name);
		free(x->v[i].label);
		free(x->v[i].hint);
	}
	free(x->v);
	free(x->practice);
	*x = (struct extras){0};
}

/* --- where a group has them ------------------------------------------------------------- */

void extras_add_of(struct extras *x, const struct record *group)
{
	const struct state_field *s = state_field(&group->state, "extra");
	for (size_t i = 0; s && i < s->row_count; i++) {
		char *name = text_in(s->rows[i].said[0].value, "field");
		if (*name)
			extras_add_named(x, name, "", "");
		free(name);
	}
}

const struct state_row *extra_find(const struct record *group, const char *name)
{
	const struct state_field *s = state_field(&group->state, "extra");
	struct id row = extra_row(name);
	for (size_t i = 0; s && i < s->row_count; i++)
		if (id_equal(&s->rows[i].id, &row))
			return &s->rows[i];
	return NULL;
}

struct span extra_text(struct span cells)
{
	struct span v, text;
	return value_in_map(cells, "text", &v) && value_is_text(v, &text) ? text : span_of(NULL, 0);
}

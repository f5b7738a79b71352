/* SPDX-License-Identifier: MIT
 *
 * JSON lines in: every line understood, all mistakes said, then one step.
 */
#include "exchange.h"

#include <linkbook/lines.h>
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* A line on its way to a put. */
struct line {
	unsigned number;
	struct buf *values;
	struct put_field *fields;
	char **names;
	size_t count;
	struct hash *heads;
};
struct lines {
	struct book *b;
	const char *file;
	struct diag *d;
	struct put *puts;
	struct line *v;
	size_t count, put_cap, cap;
	long shift_days;
	size_t mistakes;
};

static void lines_fini(struct lines *l)
{
	for (size_t i = 0; i < l->count; i++) {
		struct line *line = &l->v[i];
		for (size_t k = 0; k < line->count; k++) {
			buf_fini(&line->values[k]);
			free(line->names[k]);
		}
		free(line->values);
		free(line->names);
		free(line->fields);
		free(line->heads);
	}
	free(l->v);
	free(l->puts);
}

/* Nobody reads more of them. */
enum { MISTAKES_MOST = 100 };

static void say(struct lines *l, unsigned number, unsigned column, const char *text)
{
	if (l->mistakes++ < MISTAKES_MOST)
		diag_say_at(l->d, number ? l->file : NULL, number, column, "%s", text);
	else if (l->mistakes == MISTAKES_MOST + 1)
		diag_say_at(l->d, l->file, 0, 0,
			    "%d mistakes or more; put these right first, then look again",
			    MISTAKES_MOST);
}

static void PRINTF_LIKE(4, 5)
	wrong(struct lines *l, unsigned number, unsigned column, const char *fmt, ...)
{
	va_list args;
	char *text = NULL;
	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		err_out_of_memory();
	va_end(args);
	say(l, number, column, text);
	free(text);
}

/* --- members that are no fields --------------------------------------------------------- */

static bool take_id(struct lines *l, const struct line *line, const char *key, const json_t *v,
		    struct id *out)
{
	if (json_is_string(v) && id_from_hex(json_string_value(v), out))
		return true;
	wrong(l, line->number, 1, "%s: write 32 hex digits", key);
	return false;
}

static void take_heads(struct lines *l, struct line *line, struct put *p, const json_t *v)
{
	size_t n = json_array_size(v);
	line->heads = mem_alloc_many(n, sizeof *line->heads);
	p->has_heads = true;
	p->heads = line->heads;
	for (; p->head_count < n; p->head_count++) {
		const char *hex = json_string_value(json_array_get(v, p->head_count));
		if (!hex || !hash_from_hex(hex, &line->heads[p->head_count])) {
			wrong(l, line->number, 1, "heads: write them as show gave them");
			return;
		}
	}
	if (!json_is_array(v) || !n)
		wrong(l, line->number, 1, "heads: write them as show gave them");
}

static bool take_member(struct lines *l, struct line *line, struct put *p, const char *key,
			const json_t *v)
{
	if (!strcmp(key, "type"))
		return true;
	if (!strcmp(key, "id"))
		take_id(l, line, key, v, &p->record);
	else if (!strcmp(key, "person") && p->kind->store == STORE_PERSON)
		take_id(l, line, key, v, &p->person);
	else if (!strcmp(key, "directory") && p->kind->store == STORE_DIRECTORY)
		take_id(l, line, key, v, &p->directory);
	else if (!strcmp(key, "heads"))
		take_heads(l, line, p, v);
	else if (!strcmp(key, "bin"))
		p->mark = json_is_true(v) ? MARK_BIN : MARK_UNBIN;
	else
		return false;
	return true;
}

/* --- fields ----------------------------------------------------------------------------- */

static const char *nearest_field(const struct kind *k, const char *name)
{
	const char *names[128];
	size_t n = 0;
	for (const struct field *f = k->fields; f->name && n < 128; f++)
		names[n++] = f->name;
	return text_nearest(name, names, n);
}

/* When a demo moves into this week, birthdays stay, and what is planned stays ahead. */
static long shift_of(const struct lines *l, const json_t *o, const char *key, const json_t *v)
{
	struct when w;
	const char *text = json_string_value(v), *outcome;
	if (!l->shift_days || !text || !strcmp(key, "date_of_birth"))
		return 0;
	outcome = json_string_value(json_object_get(o, "outcome"));
	bool past = when_from_iso(span_text(text), &w) &&
		    when_to_days(w) + l->shift_days < when_to_days(when_now(book_seam(l->b)));
	return l->shift_days + (past && outcome && !strcmp(outcome, "planned") ? 7 : 0);
}

static void take_field(struct lines *l, struct line *line, const struct put *p, const json_t *o,
		       const char *key, const json_t *v)
{
	const struct field *f = kind_field(p->kind, key);
	struct diag d = {0};
	if (!f) {
		const char *near = nearest_field(p->kind, key);
		wrong(l, line->number, 1, "a %s has no field \"%s\"%s%s%s", p->kind->name, key,
		      near ? "; write \"" : "", near ? near : "", near ? "\"" : "");
		return;
	}
	size_t at = line->count++;
	line->names[at] = mem_text(key);
	line->values[at] = (struct buf)BUF_SECRET;
	json_to_value(f, v, shift_of(l, o, key, v), &line->values[at], &d);
	for (size_t i = 0; i < d.count; i++)
		wrong(l, line->number, 1, "%s", d.lines[i].text);
	line->fields[at] = (struct put_field){line->names[at], buf_span(&line->values[at])};
	diag_fini(&d);
}

/* A record that is not here yet under a given id is made under it. */
static void decide_new(struct lines *l, struct put *p)
{
	struct record r;
	if (id_is_zero(&p->record))
		return;
	enum err e = book_get(l->b, &p->record, &r);
	p->is_new = e == ERR_ABSENT;
	if (!e)
		record_fini(&r);
}

static void take_object(struct lines *l, unsigned number, json_t *o)
{
	const char *type = json_string_value(json_object_get(o, "type")), *key;
	const struct kind *k = type ? kind_find(type) : NULL;
	json_t *v;
	if (!k) {
		wrong(l, number, 1, "type: write one of those that schema lists%s%s",
		      type ? ", not " : "", type ? type : "");
		return;
	}
	if (k->by_program) {
		wrong(l, number, 1, "type: a record of %s is written by the program alone", type);
		return;
	}
	l->puts = mem_room(l->puts, l->count, &l->put_cap, sizeof *l->puts);
	l->v = mem_room(l->v, l->count, &l->cap, sizeof *l->v);
	struct put *p = &l->puts[l->count];
	struct line *line = &l->v[l->count++];
	size_t members = json_object_size(o);
	*p = (struct put){.kind = k};
	*line = (struct line){.number = number,
			      .values = mem_alloc_many(members, sizeof *line->values),
			      .fields = mem_alloc_many(members, sizeof *line->fields),
			      .names = mem_alloc_many(members, sizeof *line->names)};
	json_object_foreach(o, key, v)
	{
		if (!take_member(l, line, p, key, v))
			take_field(l, line, p, o, key, v);
	}
	decide_new(l, p);
	p->fields = line->fields;
	p->field_count = line->count;
}

/* --- lines ------------------------------------------------------------------------------ */

/* Whole weeks, so that weekdays stay, to the last day like the anchor that is not to come. */
static void take_anchor(struct lines *l, unsigned number, const json_t *anchor)
{
	struct when w;
	const char *text = json_string_value(anchor);
	if (!text || !when_from_iso(span_text(text), &w)) {
		wrong(l, number, 1, "anchor: write a date");
		return;
	}
	long days = when_to_days(when_now(book_seam(l->b))) - when_to_days(w);
	l->shift_days = days - (days % 7 + 7) % 7;
}

static void take_line(struct lines *l, unsigned number, const char *text, size_t n)
{
	json_error_t e;
	if (!text_is_utf8(span_of(text, n))) {
		wrong(l, number, 1, "this is not readable text (UTF-8)");
		return;
	}
	json_t *o = json_loadb(text, n, JSON_REJECT_DUPLICATES, &e);
	if (!o)
		wrong(l, number, e.column > 0 ? (unsigned)e.column : 1, "%s", e.text);
	else if (!json_is_object(o))
		wrong(l, number, 1, "a record is an object in { }");
	else if (number == 1 && json_object_get(o, "anchor"))
		take_anchor(l, number, json_object_get(o, "anchor"));
	else
		take_object(l, number, o);
	json_decref(o);
}

/* One line without its end; longer ones are read to their end and said, never kept whole. */
static bool read_line(FILE *in, struct buf *line, bool *too_long)
{
	int c;
	buf_clear(line);
	*too_long = false;
	while ((c = getc_unlocked(in)) != EOF && c != '\n') {
		*too_long |= line->n == LINES_LONGEST;
		if (!*too_long)
			buf_add_byte(line, (uint8_t)c);
	}
	if (line->n && line->p[line->n - 1] == '\r')
		line->n--;
	return c != EOF || line->n || *too_long;
}

static enum err read_lines(struct lines *l, FILE *in)
{
	struct buf line = BUF_SECRET;
	bool too_long;
	errno = 0;
	for (unsigned number = 1; l->mistakes <= MISTAKES_MOST && read_line(in, &line, &too_long);
	     number++) {
		if (too_long)
			wrong(l, number, 1, "this line is longer than %d bytes", LINES_LONGEST);
		else if (line.n)
			take_line(l, number, buf_text(&line), line.n);
	}
	enum err e = ferror(in) ? file_failed("read", l->file, l->d) : OK;
	buf_fini(&line);
	return e;
}

enum err lines_put(struct book *b, FILE *in, const char *file, struct id **ids, size_t *count,
		   struct diag *d)
{
	struct lines l = {.b = b, .file = file, .d = d};
	struct diag faults = {0};
	json_start();
	enum err e = read_lines(&l, in);
	if (!e && l.mistakes)
		e = ERR_INPUT;
	if (!e)
		e = book_put(b, l.puts, l.count, &faults);
	for (size_t i = 0; i < faults.count; i++) {
		const struct diag_line *f = &faults.lines[i];
		unsigned number = f->line && f->line <= l.count ? l.v[f->line - 1].number : 0;
		say(&l, number, number ? 1 : 0, f->text);
	}
	diag_fini(&faults);
	*count = e ? 0 : l.count;
	*ids = mem_alloc_many(*count, sizeof **ids);
	for (size_t i = 0; i < *count; i++)
		(*ids)[i] = l.puts[i].record;
	lines_fini(&l);
	return e;
}

/* SPDX-License-Identifier: MIT
 *
 * list, show, history: records read.
 */
#include "command_line.h"

#include <linkbook/lines.h>
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- list ------------------------------------------------------------------------------- */

struct row {
	struct id id;
	struct buf sort, text;
};
struct listing {
	struct cli *c;
	const struct kind *kind;
	const char *sort;
	unsigned long limit;
	bool down;
	struct row *v;
	size_t count, cap;
};

/* An id or the start of one, as everywhere. */
static bool id_starts(const struct id *id, const char *hex)
{
	char whole[ID_HEX];
	size_t n = strlen(hex);
	return n >= 6 && n < ID_HEX && !strncasecmp(id_to_hex(id, whole), hex, n);
}

/* "field=value": compared with the stored value, or any member of a set. */
static bool value_is(const struct record *r, const char *field, const char *want)
{
	const struct field *f = kind_field(r->kind, field);
	const struct state_field *s = state_field(&r->state, field_stored(f));
	struct span v = record_value(r, field), text;
	struct id id;
	bool yes;
	int64_t n;
	for (size_t i = 0; field_is_set(f) && s && i < s->count; i++)
		if (value_is_text(s->said[i].value, &text) && span_is(text, want))
			return true;
	if (value_is_text(v, &text))
		return span_is(text, want) || (f->type == V_MOMENT && text.n > 10 &&
					       strlen(want) == 10 && !memcmp(text.p, want, 10));
	if (value_is_id(v, &id))
		return id_starts(&id, want);
	if (value_is_bool(v, &yes))
		return !strcmp(want, yes ? "true" : "false");
	return value_is_int(v, &n) && strtoll(want, NULL, 10) == n;
}

static bool is_wanted(const struct listing *l, const struct record *r)
{
	for (size_t i = 0; i < l->c->given_count; i++) {
		const char *where = l->c->given[i].value, *eq = strchr(where, '=');
		if (l->c->given[i].letter != O_WHERE)
			continue;
		char *field = mem_text_n(where, (size_t)(eq - where));
		bool is = !strcmp(field, "person") ? id_starts(&r->subject, eq + 1)
						   : value_is(r, field, eq + 1);
		free(field);
		if (!is)
			return false;
	}
	return true;
}

static void sort_key(const struct listing *l, const struct record *r, struct buf *out)
{
	struct span v, text;
	int64_t n;
	if (!l->sort) {
		if (l->kind->is_subject) {
			struct buf name = BUF_SECRET;
			record_say(l->c->book, r, "family_name", &name);
			buf_add_byte(&name, ' ');
			record_say(l->c->book, r, "given_name", &name);
			text_fold(buf_span(&name), out);
			buf_fini(&name);
		}
		return;
	}
	v = record_value(r, l->sort);
	if (value_is_int(v, &n))
		buf_add_u64(out, (uint64_t)n ^ (uint64_t)1 << 63);
	else if (value_is_text(v, &text))
		text_fold(text, out);
}

static bool take_row(void *arg, const struct record *r)
{
	struct listing *l = arg;
	char hex[ID_HEX];
	if (!is_wanted(l, r))
		return true;
	l->v = mem_room(l->v, l->count, &l->cap, sizeof *l->v);
	struct row *row = &l->v[l->count++];
	*row = (struct row){.id = r->id, .sort = BUF_SECRET, .text = BUF_SECRET};
	sort_key(l, r, &row->sort);
	if (l->c->json) {
		book_log(l->c->book, "looked_at", r);
		lines_show(r, &row->text);
	} else {
		buf_printf(&row->text, "%.8s  ", id_to_hex(&r->id, hex));
		record_title(l->c->book, r, &row->text);
	}
	return true;
}

static int by_key(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int order = span_order(buf_span(&x->sort), buf_span(&y->sort));
	return order ? order : id_order(&x->id, &y->id);
}

/* Term ids, record ids, dates, numbers and yes or no: never words about people. */
static bool can_be(const struct listing *l, const struct field *f, const char *value)
{
	struct when w;
	size_t n = strlen(value);
	switch (f->type) {
	case V_CHOICE:
	case V_CHOICES:
		return terms_find(l->c->terms, f->terms, span_text(value));
	case V_DATE:
	case V_MOMENT:
		return when_from_iso(span_text(value), &w);
	case V_RECORD:
	case V_RECORDS:
		return n >= 6 && n < ID_HEX && strspn(value, "0123456789abcdefABCDEF") == n;
	case V_NUMBER:
	case V_SCALE:
	case V_MONEY:
		return n && strspn(value, "-0123456789") == n;
	case V_YESNO:
		return !strcmp(value, "true") || !strcmp(value, "false");
	case V_TEXT:
	case V_NOTE:
	case V_TIME:
	case V_WORDS:
	case V_NOTES:
	case V_CHI:
	case V_POSTCODE:
	case V_PHONE:
	case V_ROWS:
	default:
		return false;
	}
}

static bool check_where(const struct listing *l, const char *where)
{
	static const struct field person = {"person", V_RECORD};
	const char *eq = strchr(where, '=');
	if (!eq)
		return false;
	char *name = mem_text_n(where, (size_t)(eq - where));
	const struct field *f = strcmp(name, "person") ? kind_field(l->kind, name) : &person;
	free(name);
	return f && can_be(l, f, eq + 1);
}

static bool check_fields(const struct listing *l)
{
	for (size_t i = 0; i < l->c->given_count; i++)
		if (l->c->given[i].letter == O_WHERE && !check_where(l, l->c->given[i].value))
			return false;
	return !l->sort || kind_field(l->kind, l->sort);
}

static void print_rows(struct listing *l)
{
	size_t end = l->limit < l->count ? l->limit : l->count;
	if (l->c->json)
		putchar('[');
	for (size_t i = 0; i < end; i++) {
		struct row *row = &l->v[l->down ? l->count - 1 - i : i];
		if (l->c->json && i)
			putchar(',');
		cli_put(&row->text);
		putchar('\n');
	}
	if (l->c->json)
		puts("]");
}

enum exit_status cmd_list(struct cli *c)
{
	struct listing l = {.c = c, .sort = c->option[O_SORT], .limit = 999999999};
	if (c->argc != 1 || !(l.kind = kind_find(c->argv[0])))
		return cli_usage(c, "list takes the name of one record type");
	l.down = l.sort && *l.sort == '-';
	l.sort += l.down;
	if (!check_fields(&l))
		return cli_usage(c, "--where FIELD=TERM takes ids of terms and records, and dates; "
				    "--sort takes a field");
	if (c->option[O_LIMIT] && !cli_number(c->option[O_LIMIT], 999999999, &l.limit))
		return cli_usage(c, "--limit: write a number");
	enum err e = cli_open(c);
	if (!e)
		e = book_scan(c->book, l.kind, NULL, take_row, &l);
	if (l.count)
		qsort(l.v, l.count, sizeof *l.v, by_key);
	if (!e)
		print_rows(&l);
	for (size_t i = 0; i < l.count; i++) {
		buf_fini(&l.v[i].sort);
		buf_fini(&l.v[i].text);
	}
	free(l.v);
	return e ? cli_status(e) : cli_done(c);
}

/* --- show and history ------------------------------------------------------------------- */

static void show_words(struct cli *c, const struct record *r)
{
	char hex[ID_HEX];
	cli_print("%s  %s", r->state.type, id_to_hex(&r->id, hex));
	if (r->state.has_unknown)
		puts("A newer version of Linkbook wrote this; it can only be read here.");
	if (r->state.binned)
		puts("It is in the bin.");
	if (r->state.struck)
		puts("It was struck.");
	if (r->state.restricted)
		puts("It is restricted: kept, and left out of lists.");
	for (const struct field *f = r->kind ? r->kind->fields : NULL; f && f->name; f++) {
		struct buf said = BUF_SECRET, clean = BUF_SECRET;
		bool is_link = f->type == V_RECORD || f->type == V_RECORDS;
		if (!(is_link && f->flags & FIELD_HIDDEN))
			record_say(c->book, r, f->name, &said);
		text_clean(buf_span(&said), &clean);
		if (said.n)
			printf("  %-18s %s%s\n", f->name, buf_text(&clean),
			       record_in_conflict(r, f->name) ? "  (! another value stands beside)"
							      : "");
		buf_fini(&clean);
		buf_fini(&said);
	}
}

struct telling {
	struct cli *c;
	size_t count;
};

static void tell(void *arg, const struct event *e)
{
	struct telling *t = arg;
	struct buf line = BUF_SECRET;
	if (t->c->json) {
		buf_add_text(&line, t->count++ ? "," : "");
		lines_event(e, &line);
		cli_put(&line);
	} else {
		buf_printf(&line, "%-16s  ", e->when);
		text_clean(span_text(e->author), &line);
		buf_add_text(&line, *e->author ? ": " : "");
		text_clean(span_text(e->sentence), &line);
		buf_add_text(&line, "\n");
		cli_put(&line);
	}
	buf_fini(&line);
}

static enum err print_history(struct cli *c, struct ref ref)
{
	struct telling t = {c, 0};
	if (c->json)
		putchar('[');
	enum err e = book_history(c->book, ref, tell, &t);
	if (c->json)
		puts("]");
	return e;
}

/* One value: the history is a member of the record. */
static enum err show_json(struct cli *c, const struct record *r, bool history)
{
	struct buf out = BUF_SECRET;
	enum err e = OK;
	lines_show(r, &out);
	if (history) {
		buf_splice(&out, out.n - 1, 1, NULL, 0);
		buf_add_text(&out, ",\"history\":");
		cli_put(&out);
		e = print_history(c, ref_of(r));
		putchar('}');
	}
	cli_put(&out);
	putchar('\n');
	buf_fini(&out);
	return e;
}

static enum exit_status with_record(struct cli *c, bool show, bool history)
{
	struct record r;
	if (c->argc != 1)
		return cli_usage(c, "give the id of one record");
	enum err e = cli_open(c);
	if (!e)
		e = book_get_prefix(c->book, c->argv[0], &r, &c->diag);
	if (e)
		return cli_status(e);
	book_log(c->book, "looked_at", &r);
	if (show && c->json)
		e = show_json(c, &r, history);
	else if (show)
		show_words(c, &r);
	if (history && !(show && c->json))
		e = print_history(c, ref_of(&r));
	record_fini(&r);
	return e ? cli_status(e) : cli_done(c);
}

enum exit_status cmd_show(struct cli *c)
{
	return with_record(c, true, c->option[O_HISTORY] != NULL);
}

enum exit_status cmd_history(struct cli *c)
{
	return with_record(c, false, true);
}

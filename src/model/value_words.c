/* SPDX-License-Identifier: MIT
 *
 * Values and words: what a person typed becomes a value, a value is said back.
 */
#include "model.h"

#include <linkbook/mem.h>
#include <linkbook/terms.h>
#include <linkbook/text.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct typed {
	const char *text; /* blanks at both ends off, NFC */
	struct when now;
	enum when_way way;
	const struct terms *terms;
};

/* --- typed to value --------------------------------------------------------------------- */

static enum err read_text(const struct field *f, const struct typed *t, struct buf *out,
			  struct diag *d)
{
	(void)f, (void)d;
	value_add_text(out, span_text(t->text));
	return OK;
}

static enum err read_date(const struct field *f, const struct typed *t, struct buf *out,
			  struct diag *d)
{
	struct when w;
	struct buf iso = BUF_INIT;
	if (when_read(t->text, t->now, t->way, &w, d))
		return ERR_INPUT;
	if (f->type == V_DATE && w.hour >= 0) {
		diag_say(d, "%s: write a day without a time, like 12 Mar 1961", f->name);
		return ERR_INPUT;
	}
	when_to_iso(w, true, &iso);
	value_add_text(out, buf_span(&iso));
	buf_fini(&iso);
	return OK;
}

static enum err read_time(const struct field *f, const struct typed *t, struct buf *out,
			  struct diag *d)
{
	(void)f;
	int hour, minute;
	struct buf text = BUF_INIT;
	enum err e = when_read_time(t->text, &hour, &minute, d);
	if (e)
		return e;
	buf_printf(&text, "%02d:%02d", hour, minute);
	value_add_text(out, buf_span(&text));
	buf_fini(&text);
	return OK;
}

static const struct term *exact_term(const struct term_list *list, const char *text)
{
	for (size_t i = 0; list && i < list->count; i++)
		if (!strcasecmp(list->items[i].id, text) || !strcasecmp(list->items[i].label, text))
			return &list->items[i];
	return NULL;
}

/* A word that is in no list is passed on: value_check has the sentence for it. */
static enum err read_choice(const struct field *f, const struct typed *t, struct buf *out,
			    struct diag *d)
{
	(void)d;
	const struct term *term = exact_term(terms_list(t->terms, f->terms), t->text);
	value_add_text(out, span_text(term ? term->id : t->text));
	return OK;
}

static enum err read_chi(const struct field *f, const struct typed *t, struct buf *out,
			 struct diag *d)
{
	(void)f, (void)d;
	struct buf digits = BUF_INIT;
	for (const char *p = t->text; *p; p++)
		if (*p != ' ')
			buf_add_byte(&digits, (uint8_t)*p);
	value_add_text(out, buf_span(&digits));
	buf_fini(&digits);
	return OK;
}

/* Any case and blanks: "g512rt" is G51 2RT. */
static enum err read_postcode(const struct field *f, const struct typed *t, struct buf *out,
			      struct diag *d)
{
	(void)f, (void)d;
	struct buf code = BUF_INIT;
	for (const char *p = t->text; *p; p++)
		if (*p != ' ')
			buf_add_byte(&code, (uint8_t)toupper((unsigned char)*p));
	if (code.n > 3)
		buf_splice(&code, code.n - 3, 0, " ", 1);
	value_add_text(out, buf_span(&code));
	buf_fini(&code);
	return OK;
}

static enum err read_number(const struct field *f, const struct typed *t, struct buf *out,
			    struct diag *d)
{
	char *end;
	long n = strtol(t->text, &end, 10);
	/* "45 min" is what people write. */
	while (*end == ' ' || isalpha((unsigned char)*end))
		end++;
	if (*end || end == t->text || !isdigit((unsigned char)t->text[t->text[0] == '-'])) {
		diag_say(d, "%s: write a whole number", f->name);
		return ERR_INPUT;
	}
	value_add_int(out, n);
	return OK;
}

/* Pounds and pence: "3.50", "£3", "2". */
static enum err read_money(const struct field *f, const struct typed *t, struct buf *out,
			   struct diag *d)
{
	const char *p = t->text;
	if (!strncmp(p, "£", strlen("£")))
		p += strlen("£");
	char *end;
	long pounds = isdigit((unsigned char)*p) ? strtol(p, &end, 10) : -1, pence = 0;
	if (pounds >= 0 && *end == '.' && isdigit((unsigned char)end[1]) &&
	    isdigit((unsigned char)end[2])) {
		pence = (end[1] - '0') * 10 + end[2] - '0';
		end += 3;
	}
	if (pounds < 0 || pounds > 10000000 || *end) {
		diag_say(d, "%s: write pounds and pence, like 3.50", f->name);
		return ERR_INPUT;
	}
	value_add_int(out, pounds * 100 + pence);
	return OK;
}

static enum err read_yesno(const struct field *f, const struct typed *t, struct buf *out,
			   struct diag *d)
{
	static const char *const words[][4] = {{"no", "n", "false", "off"},
					       {"yes", "y", "true", "on"}};
	for (int yes = 0; yes < 2; yes++)
		for (int i = 0; i < 4; i++)
			if (!strcasecmp(t->text, words[yes][i])) {
				value_add_bool(out, yes);
				return OK;
			}
	diag_say(d, "%s: write yes or no", f->name);
	return ERR_INPUT;
}

static enum err read_record(const struct field *f, const struct typed *t, struct buf *out,
			    struct diag *d)
{
	struct id id;
	if (!id_from_hex(t->text, &id)) {
		diag_say(d, "%s: write a record's id, 32 hex digits", f->name);
		return ERR_INPUT;
	}
	value_add_bytes(out, id.b, sizeof id.b);
	return OK;
}

typedef enum err read_typed(const struct field *, const struct typed *, struct buf *,
			    struct diag *);

static read_typed *const readers[] = {
	[V_TEXT] = read_text,	   [V_NOTE] = read_text,
	[V_DATE] = read_date,	   [V_TIME] = read_time,
	[V_MOMENT] = read_date,	   [V_CHOICE] = read_choice,
	[V_CHOICES] = read_choice, [V_WORDS] = read_text,
	[V_CHI] = read_chi,	   [V_POSTCODE] = read_postcode,
	[V_PHONE] = read_text,	   [V_NUMBER] = read_number,
	[V_SCALE] = read_number,   [V_MONEY] = read_money,
	[V_YESNO] = read_yesno,	   [V_NOTES] = read_text,
	[V_RECORD] = read_record,  [V_RECORDS] = read_record,
	[V_ROWS] = NULL,
};

/* Blanks and newlines at the end carry nothing; in front of a note they may. */
static char *trimmed(const char *typed, bool keep_front)
{
	struct buf b = BUF_INIT;
	size_t n = strlen(typed);
	while (n && strchr(" \t\n", typed[n - 1]))
		n--;
	while (n && !keep_front && strchr(" \t\n", *typed)) {
		typed++;
		n--;
	}
	text_normalise(span_of(typed, n), &b);
	return buf_take_text(&b);
}

enum err value_read(const struct field *f, const char *typed, const struct terms *terms,
		    struct when now, enum when_way way, struct buf *out, struct diag *d)
{
	BUG_IF(!readers[f->type]);
	if (!text_is_utf8(span_text(typed))) {
		diag_say(d, "%s: this is not readable text (UTF-8)", f->name);
		return ERR_INPUT;
	}
	char *text = trimmed(typed, f->type == V_NOTE);
	struct typed t = {text, now, way, terms};
	struct buf value = BUF_INIT;
	enum err e = OK;
	if (*text)
		e = readers[f->type](f, &t, &value, d);
	else
		value_add_null(&value);
	if (!e)
		e = value_check(f, buf_span(&value), terms, d);
	if (!e)
		buf_add_span(out, buf_span(&value));
	buf_fini(&value);
	free(text);
	return e;
}

/* --- value to words --------------------------------------------------------------------- */

static void say_term(const struct field *f, struct span id, const struct terms *terms,
		     struct buf *out)
{
	const struct term *t = terms ? terms_find(terms, f->terms, id) : NULL;
	if (t) {
		buf_add_text(out, t->label);
	} else {
		buf_add_span(out, id);
		buf_add_text(out, " (no longer in the list)");
	}
}

static void say_date(struct span text, struct when now, struct buf *out)
{
	struct when w;
	if (when_from_iso(text, &w))
		when_say_short(w, now, out);
	else
		buf_add_span(out, text);
}

/* "bus stop: Saracen Cross" */
static void say_told(const struct field *f, struct span row, struct buf *out)
{
	struct span v, text;
	if (!value_in_map(row, f->told_by, &v) || !value_is_text(v, &text))
		return;
	for (size_t i = 0; i < text.n; i++)
		buf_add_byte(out, text.p[i] == '_' ? ' ' : text.p[i]);
	buf_add_byte(out, ':');
}

static void say_row(const struct field *f, struct span row, const struct terms *terms,
		    struct when now, struct buf *out)
{
	bool first = true, told = f->told_by;
	if (told)
		say_told(f, row, out);
	for (const struct field *c = f->cells; c->name; c++) {
		struct span v;
		if (!value_in_map(row, c->name, &v) || value_is_null(v) ||
		    (told && !strcmp(c->name, f->told_by)))
			continue;
		/* "Tuesday 12:00-14:00" reads better than three words in a row. */
		bool to = !strcmp(c->name, "to");
		if (told && first)
			buf_add_byte(out, ' ');
		else if (!first)
			buf_add_text(out, to ? "-" : c->type == V_TEXT ? ", " : " ");
		first = false;
		value_say(c, v, terms, now, out);
	}
}

void value_say(const struct field *f, struct span v, const struct terms *terms, struct when now,
	       struct buf *out)
{
	struct span text;
	int64_t n;
	bool yes;
	struct id id;
	char hex[ID_HEX];
	if (value_is_null(v))
		return;
	if (f->type == V_ROWS)
		say_row(f, v, terms, now, out);
	else if (value_is_text(v, &text) && (f->type == V_CHOICE || f->type == V_CHOICES))
		say_term(f, text, terms, out);
	else if (value_is_text(v, &text) && (f->type == V_DATE || f->type == V_MOMENT))
		say_date(text, now, out);
	else if (value_is_text(v, &text))
		buf_add_span(out, text);
	else if (value_is_int(v, &n) && f->type == V_MONEY)
		buf_printf(out, "£%lld.%02lld", (long long)n / 100, (long long)n % 100);
	else if (value_is_int(v, &n))
		buf_printf(out, "%lld", (long long)n);
	else if (value_is_bool(v, &yes))
		buf_add_text(out, yes ? "yes" : "no");
	else if (value_is_id(v, &id))
		buf_add_text(out, id_to_hex(&id, hex));
	else
		buf_add_text(out, "(written by a newer version)");
}

void value_type(const struct field *f, struct span v, const struct terms *terms, struct buf *out)
{
	struct span text;
	struct when w;
	int64_t n;
	if (value_is_text(v, &text) && (f->type == V_DATE || f->type == V_MOMENT) &&
	    when_from_iso(text, &w)) {
		buf_printf(out, "%d/%d/%d", w.day, w.month, w.year);
		if (w.hour >= 0)
			buf_printf(out, " %02d:%02d", w.hour, w.minute);
	} else if (value_is_int(v, &n) && f->type == V_MONEY) {
		buf_printf(out, "%lld.%02lld", (long long)n / 100, (long long)n % 100);
	} else {
		value_say(f, v, terms, (struct when){.hour = -1}, out);
	}
}

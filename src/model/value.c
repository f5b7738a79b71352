/* SPDX-License-Identifier: MIT
 *
 * Values against their fields: is it of the right type, in the list, within bounds?  One
 * table has a checker for each type.
 */
#include "model.h"

#include <linkbook/terms.h>
#include <linkbook/text.h>

#include <stdio.h>
#include <string.h>

enum { TEXT_MOST = 1000, NOTE_MOST = 65536, WORDS_MOST = 200 }; /* bytes */
enum { MONEY_MOST = 1000000000 }; /* pence */

static enum err no(struct diag *d, const struct field *f, const char *what)
{
	diag_say(d, "%s: %s", f->name, what);
	return ERR_INPUT;
}

static enum err check_text(const struct field *f, struct span v, const struct terms *terms,
			   struct diag *d)
{
	(void)terms;
	struct span text;
	bool many = f->type == V_NOTE || f->type == V_NOTES;
	size_t usual = many ? NOTE_MOST : f->type == V_WORDS ? WORDS_MOST : TEXT_MOST;
	size_t most = f->max ? (size_t)f->max : usual;
	if (!value_is_text(v, &text))
		return no(d, f, "write a text here");
	if (text.n > most) {
		diag_say(d, "%s: this is %zu bytes long; %zu is the most", f->name, text.n, most);
		return ERR_INPUT;
	}
	if (!text_may_store(text, many))
		return no(d, f, "a control character stands in the text; take it out");
	return OK;
}

/* A member of a set: an empty one would stand there for ever and be seen by nobody. */
static enum err check_words(const struct field *f, struct span v, const struct terms *terms,
			    struct diag *d)
{
	struct span text;
	enum err e = check_text(f, v, terms, d);
	if (!e && value_is_text(v, &text) &&
	    (!text.n || strchr(" \n", text.p[0]) || strchr(" \n", text.p[text.n - 1])))
		return no(d, f, "write words here, without blanks around them");
	return e;
}

static enum err check_date(const struct field *f, struct span v, const struct terms *terms,
			   struct diag *d)
{
	(void)terms;
	struct span text;
	struct when w;
	if (!value_is_text(v, &text) || !when_from_iso(text, &w) || w.hour >= 0)
		return no(d, f, "write a real date as year-month-day, like 2026-11-24");
	return OK;
}

static enum err check_moment(const struct field *f, struct span v, const struct terms *terms,
			     struct diag *d)
{
	(void)terms;
	struct span text;
	struct when w;
	if (!value_is_text(v, &text) || !when_from_iso(text, &w))
		return no(d, f, "write a real day and time, like 2026-11-24T10:00");
	return OK;
}

static enum err check_time(const struct field *f, struct span v, const struct terms *terms,
			   struct diag *d)
{
	(void)terms;
	struct span text;
	int hour, minute;
	if (!value_is_text(v, &text) || !when_time_from_iso(text, &hour, &minute))
		return no(d, f, "write a time of day, like 14:00");
	return OK;
}

static enum err check_term(const struct field *f, struct span v, const struct terms *terms,
			   struct diag *d)
{
	struct span text;
	if (!value_is_text(v, &text) || !text.n)
		return no(d, f, "choose from the list");
	if (terms_find(terms, f->terms, text))
		return OK;
	char written[64];
	snprintf(written, sizeof written, "%.*s", (int)(text.n < 60 ? text.n : 60),
		 (const char *)text.p);
	const struct term *near = terms_nearest(terms, f->terms, written);
	if (near)
		diag_say(d, "%s: \"%s\" is not in the list %s; write %s", f->name, written,
			 f->terms, near->id);
	else
		diag_say(d, "%s: \"%s\" is not in the list %s", f->name, written, f->terms);
	return ERR_INPUT;
}

/* PHS phsmethods, chi_check: order of the checks, and modulus 11. */
static bool chi_modulus_11(const uint8_t *p)
{
	int sum = 0;
	for (int i = 0; i < 9; i++)
		sum += (p[i] - '0') * (10 - i);
	int check = 11 - sum % 11;
	return (check == 11 ? 0 : check) == p[9] - '0'; /* 10 is never issued, and no digit */
}

/* PHS phsmethods, branch mod10: Luhn, for numbers issued from 2026. */
static bool chi_luhn(const uint8_t *p)
{
	int sum = 0;
	for (int i = 0; i < 9; i++) {
		int n = (p[i] - '0') * (i % 2 ? 1 : 2);
		sum += n > 9 ? n - 9 : n;
	}
	return (10 - sum % 10) % 10 == p[9] - '0';
}

/* The century is not in the number: a day that exists in either will do. */
static bool chi_has_birthday(const uint8_t *p)
{
	int day = (p[0] - '0') * 10 + p[1] - '0', month = (p[2] - '0') * 10 + p[3] - '0';
	int year = (p[4] - '0') * 10 + p[5] - '0';
	return when_is_date(1900 + year, month, day) || when_is_date(2000 + year, month, day);
}

/* What is wrong with a CHI number is said in the order of PHS: missing, too few, too many,
 * characters, date, last digit. */
static enum err check_chi(const struct field *f, struct span v, const struct terms *terms,
			  struct diag *d)
{
	(void)terms;
	struct span text;
	size_t letters = 0;
	if (!value_is_text(v, &text) || !text.n)
		return no(d, f, "write ten digits");
	for (size_t i = 0; i < text.n; i++)
		letters += (text.p[i] & 0xc0) != 0x80; /* not the bytes that go on with one */
	if (letters < 10)
		return no(d, f,
			  letters == 9 ? "too few digits; was there a 0 in front?"
				       : "too few digits; a CHI number has ten");
	if (letters > 10)
		return no(d, f, "too many digits; a CHI number has ten");
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return no(d, f, "only digits can stand here");
	if (!chi_has_birthday(text.p))
		return no(d, f, "the first six digits are not a date of birth");
	if (!chi_modulus_11(text.p) && !chi_luhn(text.p))
		return no(d, f, "the last digit does not fit; look for one mistyped or swapped");
	return OK;
}

bool value_chi_fits_birth(struct span chi, struct span date_of_birth)
{
	struct span number, born;
	struct when w;
	char digits[16];
	if (!value_is_text(chi, &number) || number.n < 6 || !value_is_text(date_of_birth, &born) ||
	    !when_from_iso(born, &w))
		return true;
	snprintf(digits, sizeof digits, "%02d%02d%02d", w.day, w.month, w.year % 100);
	return !memcmp(number.p, digits, 6);
}

/* DOMAIN 3.6: the shape only; unknown but well-formed codes pass. */
static bool postcode_shape(struct span s)
{
	size_t i = 0;
#define IS_LETTER (i < s.n && s.p[i] >= 'A' && s.p[i] <= 'Z')
#define IS_DIGIT  (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
	if (!IS_LETTER)
		return false;
	i++;
	if (IS_LETTER)
		i++;
	if (!IS_DIGIT)
		return false;
	i++;
	if (IS_LETTER || IS_DIGIT)
		i++;
	if (i >= s.n || s.p[i++] != ' ' || !IS_DIGIT)
		return false;
	i++;
	if (!IS_LETTER)
		return false;
	i++;
	return IS_LETTER && i + 1 == s.n;
#undef IS_LETTER
#undef IS_DIGIT
}

static enum err check_postcode(const struct field *f, struct span v, const struct terms *terms,
			       struct diag *d)
{
	(void)terms;
	struct span text;
	if (!value_is_text(v, &text) || !postcode_shape(text))
		return no(d, f, "write a postcode, like G51 2RT");
	return OK;
}

static enum err check_phone(const struct field *f, struct span v, const struct terms *terms,
			    struct diag *d)
{
	(void)terms;
	struct span text;
	size_t digits = 0;
	if (!value_is_text(v, &text) || text.n > 60 || !text_may_store(text, false))
		return no(d, f, "write a phone number");
	for (size_t i = 0; i < text.n; i++)
		digits += text.p[i] >= '0' && text.p[i] <= '9';
	return digits >= 3 ? OK : no(d, f, "a phone number has at least three digits");
}

static enum err check_number(const struct field *f, struct span v, const struct terms *terms,
			     struct diag *d)
{
	(void)terms;
	int64_t n;
	bool bounded = f->min < f->max;
	if (value_is_int(v, &n) && (!bounded || (n >= f->min && n <= f->max)))
		return OK;
	if (bounded)
		diag_say(d, "%s: write a whole number from %d to %d", f->name, f->min, f->max);
	else
		diag_say(d, "%s: write a whole number", f->name);
	return ERR_INPUT;
}

static enum err check_money(const struct field *f, struct span v, const struct terms *terms,
			    struct diag *d)
{
	(void)terms;
	int64_t n, most = f->min < f->max ? f->max : MONEY_MOST;
	int64_t least = f->min < f->max ? f->min : 0;
	if (value_is_int(v, &n) && n >= least && n <= most)
		return OK;
	diag_say(d, "%s: write a sum from £%lld.%02lld to £%lld.%02lld", f->name,
		 (long long)least / 100, (long long)least % 100, (long long)most / 100,
		 (long long)most % 100);
	return ERR_INPUT;
}

static enum err check_yesno(const struct field *f, struct span v, const struct terms *terms,
			    struct diag *d)
{
	(void)terms;
	bool yes;
	return value_is_bool(v, &yes) ? OK : no(d, f, "write yes or no");
}

static enum err check_record(const struct field *f, struct span v, const struct terms *terms,
			     struct diag *d)
{
	(void)terms;
	struct id id;
	return value_is_id(v, &id) ? OK : no(d, f, "write a record's id, 32 hex digits");
}

static enum err check_rows(const struct field *f, struct span v, const struct terms *terms,
			   struct diag *d)
{
	size_t pairs;
	struct span name, cell;
	enum err worst = OK;
	if (!value_take_map(&v, &pairs))
		return no(d, f, "a row is a set of named cells");
	while (pairs--) {
		char text[64];
		if (!value_take_text(&v, &name) || !value_take_any(&v, &cell))
			return no(d, f, "a row is a set of named cells");
		snprintf(text, sizeof text, "%.*s", (int)(name.n < 60 ? name.n : 60),
			 (const char *)name.p);
		const struct field *c = field_cell(f, text);
		if (!c) {
			diag_say(d, "%s: there is no cell \"%s\" in its rows", f->name, text);
			worst = ERR_INPUT;
		} else if (value_check(c, cell, terms, d)) {
			worst = ERR_INPUT;
		}
	}
	return worst;
}

typedef enum err check_value(const struct field *, struct span, const struct terms *,
			     struct diag *);

static check_value *const checks[] = {
	[V_TEXT] = check_text,	       [V_NOTE] = check_text,	  [V_DATE] = check_date,
	[V_TIME] = check_time,	       [V_MOMENT] = check_moment, [V_CHOICE] = check_term,
	[V_CHOICES] = check_term,      [V_WORDS] = check_words,	  [V_CHI] = check_chi,
	[V_POSTCODE] = check_postcode, [V_PHONE] = check_phone,	  [V_NUMBER] = check_number,
	[V_SCALE] = check_number,      [V_MONEY] = check_money,	  [V_YESNO] = check_yesno,
	[V_NOTES] = check_words,       [V_RECORD] = check_record, [V_RECORDS] = check_record,
	[V_ROWS] = check_rows,
};

enum err value_check(const struct field *f, struct span v, const struct terms *terms,
		     struct diag *d)
{
	return value_is_null(v) ? OK : checks[f->type](f, v, terms, d);
}

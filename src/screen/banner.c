/* SPDX-License-Identifier: MIT
 *
 * Whose file is it?  Name, year of birth, where they live and what to mind at the door, in
 * one line; frame.c wraps it and says so where it does not fit.
 */
#include "room.h"
#include <linkbook/text.h>

#include <string.h>

static struct span text_of(const struct record *r, const char *name)
{
	struct span v = record_value(r, name), text = {NULL, 0};
	return value_is_text(v, &text) ? text : span_of(NULL, 0);
}

static void add_part(struct buf *out, const char *before, struct span part)
{
	if (!part.n)
		return;
	buf_add_text(out, before);
	text_clean(part, out);
}

static void add_name(const struct record *r, struct buf *out)
{
	struct buf name = BUF_SECRET;
	struct span called = text_of(r, "called"), given = text_of(r, "given_name");
	buf_add_span(&name, given);
	add_part(&name, name.n ? " " : "", text_of(r, "family_name"));
	text_upper(buf_span(&name), out);
	if (called.n && !span_equal(called, given)) {
		add_part(out, " \"", called);
		buf_add_byte(out, '"');
	}
	buf_fini(&name);
}

/* "None known" is an answer, and nothing to warn of. */
static void add_alerts(const struct app *app, const struct record *r, struct buf *out)
{
	struct buf risks = BUF_SECRET;
	record_say(app->book, r, "risks", &risks);
	const struct term *none = terms_find(app->o.terms, "risk", span_text("none_known"));
	if (none && !strcmp(buf_text(&risks), none->label))
		buf_clear(&risks);
	add_part(out, "  ! ", buf_span(&risks));
	add_part(out, risks.n ? "; " : "  ! ", text_of(r, "visit_note"));
	buf_fini(&risks);
}

void banner_say(struct app *app, const struct id *person, struct buf *out)
{
	struct record r = {0};
	if (book_get(app->book, person, &r)) {
		buf_add_text(out, "(no longer here)");
		return;
	}
	add_name(&r, out);
	struct span born = text_of(&r, "date_of_birth");
	add_part(out, ", ", span_of(born.p, born.n < 4 ? born.n : 4));
	add_part(out, ", ", text_of(&r, "locality"));
	add_alerts(app, &r, out);
	record_fini(&r);
}

void banner_name(struct app *app, const struct id *person, struct buf *out)
{
	struct record r = {0};
	if (book_get(app->book, person, &r)) {
		buf_add_text(out, "(no longer here)");
		return;
	}
	record_person_name(&r, out);
	record_fini(&r);
}

/* "Note for {person}" is "Note" where nobody is meant. */
static void add_bare(const char *title, const char *brace, struct buf *out)
{
	static const char *const ends[] = {" for ", " about ", " of ", " with ", " "};
	size_t n = (size_t)(brace - title);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		size_t end = strlen(ends[i]);
		if (n > end && !strncmp(brace - end, ends[i], end)) {
			n -= end;
			break;
		}
	}
	buf_add(out, title, n);
}

void banner_title(struct app *app, const char *title, const struct id *person, bool as_banner,
		  struct buf *out)
{
	const char *brace = strstr(title, "{person}");
	if (!brace) {
		buf_add_text(out, title);
		return;
	}
	if (!person || id_is_zero(person)) {
		add_bare(title, brace, out);
		return;
	}
	buf_add(out, title, (size_t)(brace - title));
	if (as_banner)
		banner_say(app, person, out);
	else
		banner_name(app, person, out);
	buf_add_text(out, brace + strlen("{person}"));
}

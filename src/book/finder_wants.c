/* SPDX-License-Identifier: MIT
 *
 * What one person wants of a group: read from their goals, what they brought, and what stands in
 * their file of access, language, age, money and times.
 *
 * What must not be read over somebody's shoulder is no want: violence at home and thoughts of
 * suicide give no piece here, however often they were talked of.  Whoever looks for help with
 * them types it.
 */
#include "finder_impl.h"

#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What somebody brings, and what may help with it.  Ours, as the lists of issues and categories
 * are. */
static const struct {
	const char *issue, *category;
} helps[] = {
	{"money_poverty", "money-advice"},
	{"benefits", "welfare-rights"},
	{"debt", "debt-advice"},
	{"fuel_energy", "energy-advice"},
	{"food_insecurity", "food-and-nutrition"},
	{"housing", "housing-advice"},
	{"homelessness", "homelessness"},
	{"employment", "employability"},
	{"education_literacy", "adult-literacy-and-numeracy"},
	{"digital_exclusion", "digital"},
	{"low_mood_depression", "depression"},
	{"anxiety_stress", "anxiety"},
	{"bereavement", "bereavement"},
	{"loneliness_isolation", "social-group"},
	{"loneliness_isolation", "befriending"},
	{"relationships_family", "parent-and-family-support"},
	{"parenting", "parent-and-family-support"},
	{"caring_role", "respite"},
	{"alcohol", "alcohol-addiction"},
	{"drugs", "drug-addiction"},
	{"gambling", "gambling-addiction"},
	{"smoking", "smoking-addiction"},
	{"long_term_condition", "self-management"},
	{"chronic_pain", "chronic-pain"},
	{"disability", "disability"},
	{"weight_nutrition", "healthy-eating"},
	{"physical_inactivity", "physical-activity"},
	{"sleep", "sleep-problems"},
	{"asylum_immigration", "citizenship-and-immigration"},
	{"language", "foreign-languages"},
	{"legal_rights", "legal-advice"},
	{"transport", "transport-and-mobility"},
};

/* With these, what costs more than a little is in the way. */
static const char *const short_of_money[] = {"money_poverty", "debt", "fuel_energy",
					     "food_insecurity"};

struct wanting {
	struct finder *f;
	struct find_wants *out;
	bool money;
};

static struct piece *want(struct wanting *w, enum piece_kind kind, size_t term, const char *why)
{
	struct find_answer one = {0};
	static struct piece none;
	struct find_wants *out = w->out;
	if (out->piece_count == PIECES_MOST || (term == SIZE_MAX && kind != PIECE_PRICE))
		return &none;
	for (size_t i = 0; i < out->piece_count; i++)
		if (out->pieces[i].kind == kind && out->pieces[i].term == term &&
		    kind != PIECE_NOT_WHEN)
			return &out->pieces[i];
	line_add(w->f, &one, kind, term, why);
	one.pieces[0].wanted = true;
	out->pieces[out->piece_count] = one.pieces[0];
	return &out->pieces[out->piece_count++];
}

static struct span text_of(const struct record *r, const char *field)
{
	struct span text = {NULL, 0};
	return value_is_text(record_value(r, field), &text) ? text : span_of(NULL, 0);
}

/* What a text names of one kind. */
static void want_named(struct wanting *w, struct span text, enum piece_kind kind, const char *why)
{
	struct find_answer a = {0};
	struct find_request request = {.typed = text};
	line_read(w->f, &request, &a);
	for (size_t i = 0; i < a.piece_count; i++)
		if (a.pieces[i].kind == kind)
			want(w, kind, a.pieces[i].term, why);
}

/* --- what was brought ----------------------------------------------------------------------- */

static void want_help(struct wanting *w, struct span issue)
{
	for (size_t i = 0; i < sizeof helps / sizeof *helps; i++)
		if (span_is(issue, helps[i].issue))
			want(w, PIECE_NEED,
			     term_number(w->f, "category", span_text(helps[i].category)),
			     "talked of");
	for (size_t i = 0; i < sizeof short_of_money / sizeof *short_of_money; i++)
		w->money |= span_is(issue, short_of_money[i]);
}

static void want_helps(struct wanting *w, const struct record *r, const char *field)
{
	struct said *v;
	struct span id;
	size_t n = record_members(r, kind_field(r->kind, field), &v);
	for (size_t i = 0; i < n; i++)
		if (value_is_text(v[i].value, &id))
			want_help(w, id);
	free(v);
}

static bool take_contact(void *arg, const struct record *r)
{
	want_helps(arg, r, "issues");
	return true;
}

static bool take_referral(void *arg, const struct record *r)
{
	want_helps(arg, r, "reasons");
	return true;
}

/* One that was reached, or let go, is none any more. */
static bool take_goal(void *arg, const struct record *r)
{
	static const char *const over[] = {"achieved", "changed", "not_achieved", "stopped"};
	struct span status = text_of(r, "status");
	for (size_t i = 0; i < sizeof over / sizeof *over; i++)
		if (span_is(status, over[i]))
			return true;
	want_named(arg, text_of(r, "words"), PIECE_NEED, "goal");
	return true;
}

/* --- when ----------------------------------------------------------------------------------- */

/* "Tuesdays and Thursday mornings": the part of the day is of all days named before it. */
static void refuse_part(struct wanting *w, struct span part)
{
	struct find_answer a = {0};
	struct find_request request = {.typed = part};
	bool days = false;
	line_read(w->f, &request, &a);
	const struct piece *time = NULL;
	for (size_t i = 0; i < a.piece_count; i++) {
		days |= a.pieces[i].kind == PIECE_DAY;
		time = a.pieces[i].kind == PIECE_TIME ? &a.pieces[i] : time;
	}
	for (size_t i = 0; i < a.piece_count + 1; i++) {
		bool any_day = i == a.piece_count && !days && time;
		if (!any_day && (i == a.piece_count || a.pieces[i].kind != PIECE_DAY))
			continue;
		struct piece *p =
			want(w, PIECE_NOT_WHEN, any_day ? NO_DAY : a.pieces[i].term, "cannot then");
		p->from = time ? time->from : NO_TIME;
		p->to = time ? time->to : NO_TIME;
	}
}

static void refuse_times(struct wanting *w, struct span text)
{
	while (text.n) {
		size_t n = 0;
		while (n < text.n && text.p[n] != ',' && text.p[n] != ';' && text.p[n] != '.')
			n++;
		refuse_part(w, span_of(text.p, n));
		n += n < text.n;
		text = span_of(text.p + n, text.n - n);
	}
}

/* --- the person ----------------------------------------------------------------------------- */

static void want_age(struct wanting *w, const struct record *r)
{
	struct when born, now = when_now(book_seam(w->f->b));
	if (!when_from_iso(text_of(r, "date_of_birth"), &born))
		return;
	int age = now.year - born.year -
		  (now.month < born.month || (now.month == born.month && now.day < born.day));
	if (age >= 0)
		want(w, PIECE_AGE, (size_t)age, "age");
}

static void want_language(struct wanting *w, const struct record *r)
{
	struct buf folded = BUF_SECRET;
	text_fold(text_of(r, "language"), &folded);
	size_t at = folded.n ? names_find(&w->f->languages, buf_text(&folded)) : SIZE_MAX;
	if (at != SIZE_MAX && strcmp(buf_text(&folded), "english") != 0)
		want(w, PIECE_LANGUAGE, at, "speaks it");
	buf_fini(&folded);
}

static void want_place(struct wanting *w, const struct record *r)
{
	struct buf folded = BUF_SECRET;
	struct span locality = text_of(r, "locality"), postcode = text_of(r, "postcode");
	text_fold(locality, &folded);
	size_t at = folded.n ? names_find(&w->f->places, buf_text(&folded)) : SIZE_MAX;
	struct piece *p = want(w, PIECE_PLACE, at, "lives there");
	struct point there;
	if (at != SIZE_MAX && postcode.n &&
	    places_find(w->f->postcodes, postcode, &there) == PLACE_EXACT) {
		p->has_point = true;
		p->at = there;
	}
	buf_add_span(&w->out->postcode, postcode);
	buf_add_span(&w->out->locality, locality);
	buf_fini(&folded);
}

static void want_cheap(struct wanting *w)
{
	size_t cheap = term_number(w->f, "price", span_text("cheap"));
	if (w->money && cheap != SIZE_MAX)
		want(w, PIECE_PRICE, cheap, "money is short");
}

enum err finder_wants(struct finder *f, const struct id *person, struct find_wants *out)
{
	struct wanting w = {.f = f, .out = out};
	struct record r;
	*out = (struct find_wants){
		.postcode = BUF_SECRET, .locality = BUF_SECRET, .name = BUF_SECRET};
	enum err e = book_get(f->b, person, &r);
	if (e)
		return e;
	record_person_name(&r, &out->name);
	e = book_scan(f->b, kind_find("goal"), person, take_goal, &w);
	if (!e)
		e = book_scan(f->b, kind_find("referral"), person, take_referral, &w);
	if (!e)
		e = book_scan(f->b, kind_find("contact"), person, take_contact, &w);
	want_named(&w, text_of(&r, "access_needs"), PIECE_ACCESS, "needs it");
	refuse_times(&w, text_of(&r, "cannot_do_times"));
	want_language(&w, &r);
	want_age(&w, &r);
	want_place(&w, &r);
	want_cheap(&w);
	record_fini(&r);
	return e;
}

void find_wants_fini(struct find_wants *w)
{
	buf_fini(&w->postcode);
	buf_fini(&w->locality);
	buf_fini(&w->name);
	mem_wipe(w, sizeof *w);
}

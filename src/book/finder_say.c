/* SPDX-License-Identifier: MIT
 *
 * What the finder found, in words: what speaks for a group, and what is to be minded.
 */
#include "finder_impl.h"

#include <linkbook/text.h>

#include <stdio.h>
#include <limits.h>
#include <string.h>

static void add(struct buf *out, size_t from, const char *text)
{
	if (!*text)
		return;
	buf_add_text(out, out->n > from ? "; " : "");
	buf_add_text(out, text);
}

/* Two words for one thing ("damp landlord") are one. */
static bool is_said(const struct find_answer *a, size_t i)
{
	const struct piece *p = &a->pieces[i];
	for (size_t k = 0; k < i; k++)
		if (a->pieces[k].kind == p->kind && !a->pieces[k].wanted &&
		    !strcmp(a->pieces[k].label, p->label))
			return true;
	return false;
}

void finder_say_pieces(const struct find_answer *a, struct buf *out)
{
	const struct piece *last = NULL;
	for (size_t i = 0; i < a->piece_count; i++) {
		const struct piece *p = &a->pieces[i];
		if (p->wanted)
			continue;
		if (is_said(a, i))
			continue;
		/* What one word may mean is one thing, or another. */
		bool either = last && !strcmp(last->typed, p->typed) && p->kind != PIECE_WORD;
		buf_add_text(out, either ? " or " : last ? " \xc2\xb7 " : "");
		if (p->kind == PIECE_WORD)
			buf_printf(out, "%s\"%s\"", p->perhaps ? "perhaps " : "", p->label);
		else
			buf_add_text(out, p->label);
		last = p;
	}
}

/* --- when ----------------------------------------------------------------------------------- */

static void say_time(int minutes, const char *before, struct buf *out)
{
	if (minutes != NO_TIME)
		buf_printf(out, "%s%d:%02d", before, minutes / 60, minutes % 60);
}

static void say_session(const struct finder *f, const struct session *s, struct buf *out)
{
	if (s->day != NO_DAY)
		buf_add_text(out, term_label(f, "weekday", (size_t)s->day));
	say_time(s->from, s->day == NO_DAY ? "" : " ", out);
	if (s->some)
		buf_add_text(out, " (not every week)");
}

/* --- where ---------------------------------------------------------------------------------- */

void finder_say_distance(const struct finder *f, const struct find_answer *a, size_t i,
			 struct buf *out)
{
	double km;
	if (!judge_distance(a, &f->v[i], &km))
		return;
	if (f->v[i].known == PLACE_EXACT)
		buf_printf(out, "%.1f km", km);
	else
		buf_printf(out, "about %.0f km", km < 1 ? 1 : km);
}

static void say_where(const struct finder *f, const struct find_answer *a, size_t i,
		      struct buf *out)
{
	const struct held *h = &f->v[i];
	size_t from = out->n;
	if (h->locality != SIZE_MAX)
		buf_add_text(out, f->places.v[h->locality].shown);
	struct buf km = BUF_INIT;
	finder_say_distance(f, a, i, &km);
	if (km.n)
		buf_printf(out, "%s%s", out->n > from ? ", " : "", buf_text(&km));
	buf_fini(&km);
}

/* --- for ------------------------------------------------------------------------------------ */

/* The first of a kind that a group has; what the person wants says where that comes from. */
static void say_met(const struct finder *f, const struct find_answer *a, const struct held *h,
		    enum piece_kind kind, size_t from, struct buf *out)
{
	for (size_t i = 0; i < a->piece_count; i++) {
		const struct piece *p = &a->pieces[i];
		bool has = kind == PIECE_NEED
				   ? p->term < 256 && bits_meet(&h->categories, &f->under[p->term])
			   : kind == PIECE_WHO
				   ? p->term < 64 && bits_meet(&h->who, &f->who_near[p->term])
			   : kind == PIECE_ACCESS ? bits_has(&h->access, p->term)
						  : bits_has(&h->languages, p->term);
		char text[160];
		if (p->kind != kind || !has)
			continue;
		if (p->wanted)
			snprintf(text, sizeof text, "%s (%s)", p->label, p->typed);
		else
			snprintf(text, sizeof text, "%s", p->label);
		if (!strstr(buf_text(out) + from, p->label))
			add(out, from, text);
	}
}

void finder_say_for(const struct finder *f, const struct find_answer *a, const struct found *one,
		    struct buf *out)
{
	const struct held *h = &f->v[one->i];
	size_t from = out->n;
	struct buf part = BUF_INIT;
	say_met(f, a, h, PIECE_NEED, from, out);
	for (size_t i = 0; i < h->session_count; i++)
		if (judge_session(a, &h->sessions[i])) {
			say_session(f, &h->sessions[i], &part);
			break;
		}
	add(out, from, buf_text(&part));
	buf_clear(&part);
	say_where(f, a, one->i, &part);
	add(out, from, buf_text(&part));
	buf_fini(&part);
	add(out, from, h->cost);
	say_met(f, a, h, PIECE_ACCESS, from, out);
	say_met(f, a, h, PIECE_WHO, from, out);
	say_met(f, a, h, PIECE_LANGUAGE, from, out);
}

/* --- to be minded --------------------------------------------------------------------------- */

static void sentence(struct buf *out, size_t from, const char *text)
{
	if (!*text)
		return;
	buf_add_text(out, out->n > from ? " " : "");
	buf_add_text(out, text);
}

static void list_sessions(const struct finder *f, const struct held *h, struct buf *out)
{
	for (size_t i = 0; i < h->session_count; i++) {
		buf_add_text(out, i ? ", " : "");
		say_session(f, &h->sessions[i], out);
	}
}

static void list_terms(const struct finder *f, const char *list, const struct bits *b,
		       struct buf *out)
{
	bool any = false;
	for (size_t i = 0; i < 256; i++)
		if (bits_has(b, i)) {
			buf_printf(out, "%s%s", any ? ", " : "", term_label(f, list, i));
			any = true;
		}
}

static void list_languages(const struct finder *f, const struct held *h, struct buf *out)
{
	bool any = false;
	for (size_t i = 0; i < f->languages.count; i++)
		if (bits_has(&h->languages, i)) {
			buf_printf(out, "%s%s", any ? ", " : "", f->languages.v[i].shown);
			any = true;
		}
}

/* The labels of a kind that the group does not have. */
static void list_missed(const struct finder *f, const struct find_answer *a, const struct held *h,
			enum piece_kind kind, struct buf *out)
{
	bool any = false;
	for (size_t i = 0; i < a->piece_count; i++) {
		const struct piece *p = &a->pieces[i];
		if (p->kind != kind || (kind == PIECE_ACCESS && bits_has(&h->access, p->term)))
			continue;
		buf_printf(out, "%s%s", any ? ", " : "", p->label);
		any = true;
	}
	(void)f;
}

static void say_lacks(const struct finder *f, const struct find_answer *a, const struct found *one,
		      struct buf *out)
{
	const struct held *h = &f->v[one->i];
	switch (one->lacks) {
	case PIECE_PLACE:
		buf_add_text(out, "Elsewhere: ");
		say_where(f, a, one->i, out);
		if (h->locality == SIZE_MAX)
			buf_add_text(out, "it serves another area");
		break;
	case PIECE_DAY:
		buf_add_text(out, "At another time: ");
		list_sessions(f, h, out);
		break;
	case PIECE_PRICE:
		buf_printf(out, "It costs %s", h->cost);
		break;
	case PIECE_ACCESS:
		buf_add_text(out, "Not said to have: ");
		list_missed(f, a, h, PIECE_ACCESS, out);
		break;
	case PIECE_WHO:
		buf_add_text(out, "It is for: ");
		list_terms(f, "who-for", &h->who, out);
		break;
	case PIECE_AGE:
		if (h->min_age)
			buf_printf(out, "From the age of %d", (int)h->min_age);
		if (h->max_age != INT64_MAX)
			buf_printf(out, "%s to %d", h->min_age ? "" : "Up", (int)h->max_age);
		break;
	case PIECE_LANGUAGE:
		buf_add_text(out, "In: ");
		list_languages(f, h, out);
		break;
	default:
		return;
	}
	buf_add_byte(out, '.');
}

static void say_barriers(const struct finder *f, const struct find_answer *a, const struct held *h,
			 size_t from, struct buf *out)
{
	const char *there = h->locality != SIZE_MAX ? f->places.v[h->locality].folded : "";
	for (size_t i = 0; *a->locality && *there && i < f->barrier_count; i++) {
		const struct barrier *b = &f->barriers[i];
		if ((!strcmp(b->from, a->locality) && !strcmp(b->to, there)) ||
		    (!strcmp(b->to, a->locality) && !strcmp(b->from, there)))
			sentence(out, from, b->why);
	}
}

/* Whether that is this person is not for the program to guess. */
static void say_for_whom(const struct finder *f, const struct find_answer *a,
			 const struct found *one, size_t from, struct buf *out)
{
	const struct held *h = &f->v[one->i];
	bool wanted = a->piece_count && a->pieces[a->piece_count - 1].wanted;
	struct buf text = BUF_INIT;
	if (!wanted || !bits_any(&h->who) || one->lacks == PIECE_WHO)
		return;
	buf_add_text(&text, "It is for: ");
	list_terms(f, "who-for", &h->who, &text);
	buf_add_byte(&text, '.');
	sentence(out, from, buf_text(&text));
	buf_fini(&text);
}

static const struct house_rules *rules_of(const struct finder *f, const struct held *h)
{
	for (size_t i = 0; i < f->rules_count; i++)
		if (id_equal(&f->rules[i].directory, &h->practice))
			return &f->rules[i];
	return NULL;
}

static void say_age(const struct finder *f, const struct held *h, size_t from, struct buf *out)
{
	const struct house_rules *rules = rules_of(f, h);
	struct when now = when_now(book_seam(f->b));
	long months = rules ? (long)rules->check_months : 6;
	if (h->checked == LONG_MIN) {
		sentence(out, from, "Nobody has checked it yet: ring first.");
		return;
	}
	if (when_to_days(now) - h->checked <= months * 30)
		return;
	struct buf text = BUF_INIT;
	buf_add_text(&text, "Not checked since ");
	when_say_short(when_from_days(h->checked), now, &text);
	buf_add_text(&text, ": ring first.");
	sentence(out, from, buf_text(&text));
	buf_fini(&text);
}

static const struct {
	enum piece_kind kind;
	const char *says;
} unknowns[] = {
	{PIECE_DAY, "When it is on is not written down."},
	{PIECE_PRICE, "What it costs is not written down."},
	{PIECE_ACCESS, "Nothing is written down about getting in."},
	{PIECE_LANGUAGE, "Which languages are spoken is not written down."},
	{PIECE_PLACE, "Where it is, and for whom, is not written down."},
};

void finder_say_mind(const struct finder *f, const struct find_answer *a, const struct found *one,
		     struct buf *out)
{
	const struct held *h = &f->v[one->i];
	size_t from = out->n;
	int score = 0;
	if (h->status == HELD_CLOSED)
		sentence(out, from, "It has closed.");
	if (h->status == HELD_PAUSED)
		sentence(out, from, "It is on a break.");
	struct buf lacks = BUF_INIT;
	say_lacks(f, a, one, &lacks);
	sentence(out, from, buf_text(&lacks));
	buf_fini(&lacks);
	for (size_t i = 0; i < sizeof unknowns / sizeof *unknowns; i++)
		if (judge_kind(f, a, h, unknowns[i].kind, &score) == VERDICT_UNKNOWN)
			sentence(out, from, unknowns[i].says);
	say_barriers(f, a, h, from, out);
	say_for_whom(f, a, one, from, out);
	say_age(f, h, from, out);
	if (!bits_any(&h->categories))
		sentence(out, from, "Its kind is still to be written down.");
}

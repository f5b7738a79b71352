/* SPDX-License-Identifier: MIT
 *
 * One group judged by every kind of piece: met, not known, or missed; and how well.
 */
#include "finder_impl.h"

#include <math.h>
#include <string.h>

/* What is worth how much: the need before all else, then the very place, then the rest. */
enum {
	SCORE_NEED = 30,
	SCORE_NEED_WIDER = 24, /* something that is under what was meant */
	SCORE_NEED_WORD = 10, /* the word stands in the text only */
	SCORE_NEED_NAME = 14, /* the word stands in the name */
	SCORE_NEED_MORE = 3, /* several things under what was meant: at most so much more */
	SCORE_WORD = 8,
	SCORE_WORD_NAME = 20,
	SCORE_PLACE_THERE = 14,
	SCORE_PLACE_SERVED = 8,
	SCORE_PLACE_NEAR = 6,
	SCORE_PLACE_WIDE = 3,
	SCORE_PLACE_OURS = 2, /* it is the practice of that place that writes it down */
	SCORE_WHEN = 6,
	SCORE_PRICE = 3,
	SCORE_ACCESS = 4,
	SCORE_WHO = 8,
	SCORE_WHO_ONLY = 3, /* for them, and nobody else */
	SCORE_WHO_NAME = 4,
	SCORE_LANGUAGE = 8,
	LESS_UNKNOWN = 3,
	LESS_FOR_SOME = 2, /* for some people only, and nobody asked */
	LESS_BROAD = 2, /* does so much else: for each thing beyond the third */
	LESS_PAUSED = 25,
	LESS_CLOSED = 60,
	LESS_FAR_MOST = 8,
};
/* Kilometres that can be walked there, and that are called far. */
static const double reach = 1.6, far = 12;

/* --- each kind ------------------------------------------------------------------------------ */

static enum verdict judge_word(const struct matches *m, const struct held *h, size_t piece,
			       int *score)
{
	if (m->names[piece][h->words])
		*score += SCORE_WORD_NAME;
	else if (m->texts[piece][h->words])
		*score += SCORE_WORD;
	else
		return VERDICT_MISSED;
	return VERDICT_MET;
}

static int count_bits(const struct bits *a, const struct bits *b)
{
	int n = 0;
	for (size_t i = 0; i < 64 * (size_t)BITS; i++)
		n += bits_has(a, i) && (!b || bits_has(b, i));
	return n;
}

static int score_more(const struct bits *has, const struct bits *under)
{
	int more = count_bits(has, under) - 1;
	return more < SCORE_NEED_MORE ? more : SCORE_NEED_MORE;
}

static int score_need(const struct finder *f, const struct matches *m, const struct piece *p,
		      size_t piece, const struct held *h)
{
	int score = 0;
	if (bits_has(&h->categories, p->term))
		score = SCORE_NEED;
	else if (p->term < 256 && bits_meet(&h->categories, &f->under[p->term]))
		score = SCORE_NEED_WIDER + score_more(&h->categories, &f->under[p->term]);
	if (m->names[piece] && m->names[piece][h->words])
		score += SCORE_NEED_NAME;
	else if (m->texts[piece] && m->texts[piece][h->words])
		score += SCORE_NEED_WORD;
	return score;
}

static bool means_same(const struct piece *a, const struct piece *b)
{
	return a->kind == PIECE_NEED && b->kind == PIECE_NEED && a->wanted == b->wanted &&
	       !a->wanted && !strcmp(a->typed, b->typed);
}

/* A way in without steps is of one make or the other. */
static bool has_access(const struct finder *f, const struct held *h, size_t term)
{
	const struct term_list *l = terms_list(book_terms(f->b), "access-feature");
	if (bits_has(&h->access, term))
		return true;
	return l && term < l->count && !strcmp(l->items[term].id, "accessible-entrance") &&
	       bits_has(&h->access,
			term_number(f, "access-feature", span_text("accessible-building")));
}

static bool is_for(const struct finder *f, const struct held *h, const struct piece *p)
{
	return bits_has(&h->who, p->term) ||
	       (p->term < 64 && bits_meet(&h->who, &f->who_near[p->term]));
}

/* Whether a word that may mean something of another kind as well ("lift": a driver, or one in the
 * building) is met by that. */
static bool is_met_otherwise(const struct finder *f, const struct find_answer *a,
			     const struct held *h, const struct piece *p)
{
	for (size_t i = 0; i < a->piece_count; i++) {
		const struct piece *o = &a->pieces[i];
		if (o->kind == p->kind || o->wanted || p->wanted || strcmp(o->typed, p->typed) != 0)
			continue;
		if ((o->kind == PIECE_NEED && o->term < 256 &&
		     bits_meet(&h->categories, &f->under[o->term])) ||
		    (o->kind == PIECE_ACCESS && has_access(f, h, o->term)) ||
		    (o->kind == PIECE_WHO && is_for(f, h, o)) ||
		    (o->kind == PIECE_LANGUAGE && bits_has(&h->languages, o->term)) ||
		    (o->kind == PIECE_PLACE &&
		     (h->locality == o->term || bits_has(&h->served, o->term))))
			return true;
	}
	return false;
}

/* Of what one word may mean the best counts; of several words each, and one of them is enough.
 * What the person wants must be met where nothing was typed, and else is so much the better. */
static enum verdict judge_need(const struct finder *f, const struct find_answer *a,
			       const struct matches *m, const struct held *h, int *score)
{
	bool met[2] = {false, false}, asked[2] = {false, false};
	for (size_t i = 0; i < a->piece_count; i++) {
		const struct piece *p = &a->pieces[i];
		int best = 0;
		if (p->kind != PIECE_NEED || (i && means_same(p, p - 1)))
			continue;
		for (size_t k = i; k < a->piece_count && (k == i || means_same(p, &a->pieces[k]));
		     k++) {
			int one = score_need(f, m, &a->pieces[k], k, h);
			best = one > best ? one : best;
		}
		asked[p->wanted] = true;
		met[p->wanted] |= best > 0 || is_met_otherwise(f, a, h, p);
		*score += best;
	}
	bool typed = asked[false];
	return met[!typed] || !asked[!typed] ? VERDICT_MET : VERDICT_MISSED;
}

bool judge_wide(const struct finder *f, const struct held *h, size_t place)
{
	int council = place < f->places.count ? f->places.v[place].council : COUNCIL_UNKNOWN;
	return h->wide_all || (h->wide_glasgow && council != COUNCIL_WEST_DUNBARTONSHIRE) ||
	       (h->wide_dunbartonshire && council != COUNCIL_GLASGOW);
}

static bool is_ours(const struct finder *f, const struct held *h, size_t place)
{
	for (size_t i = 0; i < f->rules_count; i++)
		if (id_equal(&f->rules[i].directory, &h->practice))
			return bits_has(&f->rules[i].localities, place);
	return false;
}

static enum verdict judge_place(const struct finder *f, const struct held *h, const struct piece *p,
				int *score)
{
	double km = p->has_point && h->known == PLACE_EXACT ? point_km(p->at, h->at) : INFINITY;
	bool district = p->term == SIZE_MAX && *h->district &&
			!strncmp(p->label, h->district, strlen(h->district));
	if ((p->term != SIZE_MAX && h->locality == p->term) || district)
		*score += SCORE_PLACE_THERE;
	else if (bits_has(&h->served, p->term))
		*score += SCORE_PLACE_SERVED;
	else if (km <= reach)
		*score += SCORE_PLACE_NEAR;
	else if (judge_wide(f, h, p->term))
		*score += SCORE_PLACE_WIDE + (is_ours(f, h, p->term) ? SCORE_PLACE_OURS : 0);
	else if (h->locality == SIZE_MAX && !bits_any(&h->served) && !h->wide_glasgow &&
		 !h->wide_dunbartonshire)
		return VERDICT_UNKNOWN;
	else
		return VERDICT_MISSED;
	return VERDICT_MET;
}

/* One of the places, as of the days, is enough. */
static enum verdict judge_places(const struct finder *f, const struct find_answer *a,
				 const struct held *h, int *score)
{
	enum verdict best = VERDICT_MISSED;
	int most = 0;
	for (size_t i = 0; i < a->piece_count; i++) {
		int one = 0;
		if (a->pieces[i].kind != PIECE_PLACE)
			continue;
		enum verdict v = judge_place(f, h, &a->pieces[i], &one);
		if (v == VERDICT_MISSED && is_met_otherwise(f, a, h, &a->pieces[i]))
			v = VERDICT_MET;
		best = v < best ? v : best;
		most = one > most ? one : most;
	}
	*score += most;
	return best;
}

static bool is_day(const struct find_answer *a, int day)
{
	bool asked = false;
	for (size_t i = 0; i < a->piece_count; i++)
		if (a->pieces[i].kind == PIECE_DAY) {
			asked = true;
			if ((int)a->pieces[i].term == day)
				return true;
		}
	return !asked;
}

static bool is_time(const struct find_answer *a, const struct session *s)
{
	bool asked = false;
	for (size_t i = 0; i < a->piece_count; i++) {
		const struct piece *p = &a->pieces[i];
		if (p->kind != PIECE_TIME)
			continue;
		asked = true;
		/* It begins then, or goes on for an hour of it. */
		if (s->from >= p->from && s->from < p->to)
			return true;
		if (s->from < p->from && s->to != NO_TIME && s->to >= p->from + 60)
			return true;
	}
	return !asked;
}

static bool is_out_of_question(const struct find_answer *a, const struct session *s)
{
	for (size_t i = 0; i < a->piece_count; i++) {
		const struct piece *p = &a->pieces[i];
		if (p->kind == PIECE_NOT_WHEN && (p->term == NO_DAY || (int)p->term == s->day) &&
		    (p->from == NO_TIME || (s->from >= p->from && s->from < p->to)))
			return true;
	}
	return false;
}

bool judge_session(const struct find_answer *a, const struct session *s)
{
	return (s->day == NO_DAY || is_day(a, s->day)) && (s->from == NO_TIME || is_time(a, s)) &&
	       !is_out_of_question(a, s);
}

static enum verdict judge_when(const struct find_answer *a, const struct held *h, int *score)
{
	if (!h->session_count)
		return VERDICT_UNKNOWN;
	for (size_t i = 0; i < h->session_count; i++)
		if (judge_session(a, &h->sessions[i])) {
			*score += SCORE_WHEN - h->sessions[i].some;
			return VERDICT_MET;
		}
	return VERDICT_MISSED;
}

static enum verdict judge_price(const struct held *h, const struct piece *p, int *score)
{
	if (h->pence == NO_PRICE)
		return VERDICT_UNKNOWN;
	*score += h->pence <= p->pence ? SCORE_PRICE : 0;
	return h->pence <= p->pence ? VERDICT_MET : VERDICT_MISSED;
}

static enum verdict judge_access(const struct finder *f, const struct held *h,
				 const struct piece *p, int *score)
{
	if (has_access(f, h, p->term)) {
		*score += SCORE_ACCESS;
		return VERDICT_MET;
	}
	return bits_any(&h->access) ? VERDICT_MISSED : VERDICT_UNKNOWN;
}

static enum verdict judge_who(const struct finder *f, const struct held *h, const struct piece *p,
			      int *score)
{
	if (is_for(f, h, p)) {
		*score += SCORE_WHO + (count_bits(&h->who, NULL) == 1 ? SCORE_WHO_ONLY : 0);
		return VERDICT_MET;
	}
	return bits_any(&h->who) ? VERDICT_MISSED : VERDICT_MET; /* everybody may come */
}

static enum verdict judge_language(const struct held *h, const struct piece *p, int *score)
{
	if (bits_has(&h->languages, p->term)) {
		*score += SCORE_LANGUAGE;
		return VERDICT_MET;
	}
	return bits_any(&h->languages) ? VERDICT_MISSED : VERDICT_UNKNOWN;
}

static bool has_kind(const struct find_answer *a, enum piece_kind kind)
{
	for (size_t i = 0; i < a->piece_count; i++)
		if (a->pieces[i].kind == kind)
			return true;
	return false;
}

/* Of several of these each must be met. */
static enum verdict judge_each(const struct finder *f, const struct find_answer *a,
			       const struct held *h, enum piece_kind kind, int *score)
{
	enum verdict worst = VERDICT_MET;
	for (size_t i = 0; i < a->piece_count; i++) {
		const struct piece *p = &a->pieces[i];
		enum verdict v = VERDICT_MET;
		if (p->kind != kind)
			continue;
		if (kind == PIECE_PRICE)
			v = judge_price(h, p, score);
		else if (kind == PIECE_ACCESS)
			v = judge_access(f, h, p, score);
		else if (kind == PIECE_WHO)
			v = judge_who(f, h, p, score);
		else if ((int64_t)p->term < h->min_age || (int64_t)p->term > h->max_age)
			v = VERDICT_MISSED;
		if (v == VERDICT_MISSED && is_met_otherwise(f, a, h, p))
			v = VERDICT_MET;
		worst = v > worst ? v : worst;
	}
	return worst;
}

static enum verdict judge_languages(const struct finder *f, const struct find_answer *a,
				    const struct held *h, int *score)
{
	enum verdict best = VERDICT_MISSED;
	for (size_t i = 0; i < a->piece_count; i++)
		if (a->pieces[i].kind == PIECE_LANGUAGE) {
			enum verdict v = judge_language(h, &a->pieces[i], score);
			if (v == VERDICT_MISSED && is_met_otherwise(f, a, h, &a->pieces[i]))
				v = VERDICT_MET;
			best = v < best ? v : best;
		}
	return best;
}

enum verdict judge_kind(const struct finder *f, const struct find_answer *a, const struct held *h,
			enum piece_kind kind, int *score)
{
	bool when =
		has_kind(a, PIECE_DAY) || has_kind(a, PIECE_TIME) || has_kind(a, PIECE_NOT_WHEN);
	if (kind == PIECE_DAY)
		return when ? judge_when(a, h, score) : VERDICT_MET;
	if (!has_kind(a, kind))
		return VERDICT_MET;
	if (kind == PIECE_PLACE)
		return judge_places(f, a, h, score);
	if (kind == PIECE_LANGUAGE)
		return judge_languages(f, a, h, score);
	return judge_each(f, a, h, kind, score);
}

bool judge_distance(const struct find_answer *a, const struct held *h, double *km)
{
	if (!a->has_from || h->known == PLACE_UNKNOWN)
		return false;
	*km = point_km(a->from, h->at);
	return true;
}

/* --- one group ------------------------------------------------------------------------------ */

static int less_for(const struct find_answer *a, const struct held *h)
{
	double km;
	int less = h->status == HELD_CLOSED   ? LESS_CLOSED
		   : h->status == HELD_PAUSED ? LESS_PAUSED
					      : 0;
	if (bits_any(&h->who) && !has_kind(a, PIECE_WHO))
		less += LESS_FOR_SOME;
	if (h->breadth > 3)
		less += LESS_BROAD * (h->breadth - 3);
	if (judge_distance(a, h, &km))
		less += km < far ? (int)(km / far * LESS_FAR_MOST) : LESS_FAR_MOST;
	return less;
}

/* The kinds that a near miss may lack, in the order in which they are judged. */
static const enum piece_kind wishes[] = {PIECE_PLACE, PIECE_DAY,      PIECE_PRICE, PIECE_ACCESS,
					 PIECE_WHO,   PIECE_LANGUAGE, PIECE_AGE};

bool judge_group(const struct finder *f, const struct find_answer *a, const struct matches *m,
		 const struct held *h, struct found *out)
{
	out->score = 0;
	out->lacks = -1;
	for (size_t i = 0; i < a->piece_count; i++)
		if (a->pieces[i].kind == PIECE_WORD &&
		    judge_word(m, h, i, &out->score) == VERDICT_MISSED && !a->pieces[i].perhaps)
			return false;
	if (judge_need(f, a, m, h, &out->score) == VERDICT_MISSED)
		return false;
	for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
		enum verdict v = judge_kind(f, a, h, wishes[i], &out->score);
		if (v == VERDICT_MISSED && out->lacks != -1)
			return false;
		if (v == VERDICT_MISSED)
			out->lacks = (int)wishes[i];
		out->score -= v == VERDICT_UNKNOWN ? LESS_UNKNOWN : 0;
	}
	for (size_t i = 0; i < a->piece_count; i++)
		if (a->pieces[i].kind == PIECE_WHO && m->names[i] && m->names[i][h->words])
			out->score += SCORE_WHO_NAME;
	out->score -= less_for(a, h);
	return true;
}

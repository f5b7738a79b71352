/* SPDX-License-Identifier: MIT
 *
 * Every group judged by every kind of piece: met, not known, or missed.  A hit misses nothing; a
 * near miss one kind that is not what is looked for itself (the need, the words).
 */
#include "finder_impl.h"

#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
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
	SCORE_WHEN = 6,
	SCORE_PRICE = 3,
	SCORE_ACCESS = 4,
	SCORE_WHO = 8,
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

/* --- words, found once for all groups ------------------------------------------------------- */

/* What the words of each piece are to each group: WORDS_NOT, _TYPO, _EXACT. */
struct matches {
	uint8_t *names[PIECES_MOST], *texts[PIECES_MOST];
};

static bool is_sought(const struct piece *p)
{
	return (p->kind == PIECE_WORD || p->kind == PIECE_NEED || p->kind == PIECE_WHO) &&
	       !p->wanted;
}

/* Slips are looked for only where nothing has it as it was typed. */
static bool find_words(const struct words *w, const char *typed, bool typos, uint8_t **out)
{
	bool any = false;
	*out = mem_alloc_many(w->text_count + 1, 1);
	if (w->text_count)
		words_find(w, typed, typos, *out);
	for (size_t i = 0; i < w->text_count; i++)
		any |= (*out)[i] != WORDS_NOT;
	return any;
}

static void match_words(const struct finder *f, const struct find_answer *a, struct matches *m)
{
	for (size_t i = 0; i < a->piece_count; i++) {
		const struct piece *p = &a->pieces[i];
		if (!is_sought(p))
			continue;
		bool in_names = find_words(&f->name_words, p->typed, false, &m->names[i]);
		bool any = find_words(&f->text_words, p->typed, false, &m->texts[i]) || in_names;
		if (any || p->kind != PIECE_WORD)
			continue;
		free(m->names[i]);
		free(m->texts[i]);
		find_words(&f->name_words, p->typed, true, &m->names[i]);
		find_words(&f->text_words, p->typed, true, &m->texts[i]);
	}
}

static void matches_fini(struct matches *m)
{
	for (size_t i = 0; i < PIECES_MOST; i++) {
		free(m->names[i]);
		free(m->texts[i]);
	}
}

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
		met[p->wanted] |= best > 0;
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
		*score += SCORE_PLACE_WIDE;
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
	if (bits_has(&h->who, p->term) ||
	    (p->term < 64 && bits_meet(&h->who, &f->who_near[p->term]))) {
		*score += SCORE_WHO;
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
		worst = v > worst ? v : worst;
	}
	return worst;
}

static enum verdict judge_languages(const struct find_answer *a, const struct held *h, int *score)
{
	enum verdict best = VERDICT_MISSED;
	for (size_t i = 0; i < a->piece_count; i++)
		if (a->pieces[i].kind == PIECE_LANGUAGE) {
			enum verdict v = judge_language(h, &a->pieces[i], score);
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
		return judge_languages(a, h, score);
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

/* False: it is neither a hit nor a near miss. */
static bool judge(const struct finder *f, const struct find_answer *a, const struct matches *m,
		  const struct held *h, struct found *out)
{
	out->score = 0;
	out->lacks = -1;
	for (size_t i = 0; i < a->piece_count; i++)
		if (a->pieces[i].kind == PIECE_WORD &&
		    judge_word(m, h, i, &out->score) == VERDICT_MISSED)
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

/* --- all of them ---------------------------------------------------------------------------- */

static const struct finder *ordering;

static int best_first(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	int order = strcmp(ordering->v[x->i].name, ordering->v[y->i].name);
	return order ? order
		     : id_order(&ordering->v[x->i].ref.record, &ordering->v[y->i].ref.record);
}

/* From where: a place that was named, else where the person lives, else the practice. */
static void find_from(const struct finder *f, const struct find_request *r, struct find_answer *a)
{
	struct buf folded = BUF_SECRET;
	for (size_t i = 0; i < a->piece_count && !a->has_from; i++)
		if (a->pieces[i].kind == PIECE_PLACE && a->pieces[i].has_point) {
			a->has_from = true;
			a->from = a->pieces[i].at;
		}
	if (!a->has_from && r->postcode.n)
		a->has_from = places_find(f->postcodes, r->postcode, &a->from) != PLACE_UNKNOWN;
	text_fold(r->locality, &folded);
	snprintf(a->locality, sizeof a->locality, "%s", buf_text(&folded));
	for (size_t i = 0; i < a->piece_count; i++)
		if (a->pieces[i].kind == PIECE_PLACE && a->pieces[i].term < f->places.count)
			snprintf(a->locality, sizeof a->locality, "%s",
				 f->places.v[a->pieces[i].term].folded);
	buf_fini(&folded);
}

static void add_wants(const struct find_wants *wants, struct find_answer *a)
{
	for (size_t i = 0; wants && i < wants->piece_count && a->piece_count < PIECES_MOST; i++)
		a->pieces[a->piece_count++] = wants->pieces[i];
}

/* What does not even do what is meant, but has the word in its text, is no near miss. */
static bool is_worth_a_look(const struct finder *f, const struct find_answer *a,
			    const struct matches *m, const struct held *h)
{
	bool asked = false;
	for (size_t i = 0; i < a->piece_count; i++) {
		const struct piece *p = &a->pieces[i];
		if (p->kind != PIECE_NEED)
			continue;
		asked = true;
		if ((p->term < 256 && bits_meet(&h->categories, &f->under[p->term])) ||
		    (m->names[i] && m->names[i][h->words]))
			return h->status != HELD_CLOSED;
	}
	return !asked && h->status != HELD_CLOSED;
}

void finder_ask(const struct finder *f, const struct find_request *request, struct find_answer *out)
{
	struct matches m = {0};
	*out = (struct find_answer){0};
	line_read(f, request, out);
	add_wants(request->wants, out);
	find_from(f, request, out);
	match_words(f, out, &m);
	out->hits = mem_alloc_many(f->count + 1, sizeof *out->hits);
	out->near = mem_alloc_many(f->count + 1, sizeof *out->near);
	for (size_t i = 0; i < f->count; i++) {
		struct found one = {.i = i};
		if (!judge(f, out, &m, &f->v[i], &one))
			continue;
		if (one.lacks == -1)
			out->hits[out->hit_count++] = one;
		else if (is_worth_a_look(f, out, &m, &f->v[i]))
			out->near[out->near_count++] = one;
	}
	ordering = f;
	if (out->hit_count)
		qsort(out->hits, out->hit_count, sizeof *out->hits, best_first);
	if (out->near_count)
		qsort(out->near, out->near_count, sizeof *out->near, best_first);
	matches_fini(&m);
}

void find_answer_fini(struct find_answer *a)
{
	free(a->hits);
	free(a->near);
	mem_wipe(a, sizeof *a);
}

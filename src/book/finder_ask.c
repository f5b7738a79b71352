/* SPDX-License-Identifier: MIT
 *
 * Every group put to what was asked, the best first.  A hit misses nothing; a near miss one kind
 * that is not what is looked for itself (the need, the words).
 */
#include "finder_impl.h"

#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- words, found once for all groups ------------------------------------------------------- */

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

static void judge_all(const struct finder *f, const struct matches *m, struct find_answer *out)
{
	out->hit_count = out->near_count = 0;
	for (size_t i = 0; i < f->count; i++) {
		struct found one = {.i = i};
		if (!judge_group(f, out, m, &f->v[i], &one))
			continue;
		if (one.lacks == -1)
			out->hits[out->hit_count++] = one;
		else if (is_worth_a_look(f, out, m, &f->v[i]))
			out->near[out->near_count++] = one;
	}
}

static bool is_anywhere(const struct finder *f, const struct matches *m, size_t piece)
{
	for (size_t i = 0; i < f->count; i++)
		if (m->names[piece][f->v[i].words] || m->texts[piece][f->v[i].words])
			return true;
	return false;
}

/* People say more than is written down of a group ("cannot pay the bill"): what was understood
 * besides is enough, where it is something to look for.  First those words go that no group has at
 * all, then (all) the others.  False: there is nothing to let go. */
static bool let_words_go(const struct finder *f, const struct matches *m, struct find_answer *a,
			 bool all)
{
	bool sought = false, any = false, goes[PIECES_MOST] = {false};
	for (size_t i = 0; i < a->piece_count; i++) {
		const struct piece *p = &a->pieces[i];
		goes[i] = p->kind == PIECE_WORD && !p->perhaps && (all || !is_anywhere(f, m, i));
		any |= goes[i];
		sought |= (p->kind == PIECE_NEED && !p->wanted) ||
			  (p->kind == PIECE_WORD && !p->perhaps && !goes[i]);
	}
	for (size_t i = 0; sought && i < a->piece_count; i++)
		a->pieces[i].perhaps |= goes[i];
	return sought && any;
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
	judge_all(f, &m, out);
	for (int all = 0; all < 2 && !out->hit_count; all++)
		if (let_words_go(f, &m, out, all))
			judge_all(f, &m, out);
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

/* SPDX-License-Identifier: MIT
 *
 * What no record can tell by itself: which were found to be about one person (or resource),
 * and whether a person's whole file is in the bin.  Derived at reading, from the
 * views alone; nothing of it is stored.
 */
#include "book_impl.h"

#include <linkbook/mem.h>
#include <linkbook/mutant.h>

#include <stdlib.h>

/* --- two found to be one ---------------------------------------------------------------- */

/* The other that the i-th add of same_as names. */
static bool names_other(const struct record *r, size_t i, struct id *other)
{
	const struct state_field *s = state_field(&r->state, "same_as");
	return s && s->kind == SLOT_SET && i < s->count && value_is_id(s->said[i].value, other);
}

static size_t count_others(const struct record *r)
{
	const struct state_field *s = state_field(&r->state, "same_as");
	return s && s->kind == SLOT_SET ? s->count : 0;
}

/* A pair holds when each names the other. */
static bool names_back(struct store *s, const struct id *other, const struct id *one)
{
	struct record r;
	struct id named;
	bool back = false;
	if (read_record(s, other, &r))
		return false;
	for (size_t i = 0; i < count_others(&r); i++)
		back |= names_other(&r, i, &named) && id_equal(&named, one);
	record_fini(&r);
	return back;
}

struct ref same_ref(const struct same *p, size_t i, const struct id *in)
{
	return p->count > 1 ? ref_to(&p->v[i]) : (struct ref){*in, p->v[i]};
}

bool same_has(const struct same *p, const struct id *one)
{
	for (size_t i = 0; i < p->count; i++)
		if (id_equal(&p->v[i], one))
			return true;
	return false;
}

static void add_one(struct same *p, const struct id *one)
{
	p->v = mem_room(p->v, p->count, &p->cap, sizeof *p->v);
	p->v[p->count++] = *one;
}

static enum err add_others(struct store *s, struct same *p, size_t at)
{
	struct record r;
	struct id one = p->v[at], other;
	enum err e = read_record(s, &one, &r);
	if (e)
		return e == ERR_ABSENT || e == ERR_REFUSED ? OK : e; /* it names nobody */
	for (size_t i = 0; i < count_others(&r); i++)
		if (names_other(&r, i, &other) && !same_has(p, &other) &&
		    names_back(s, &other, &one))
			add_one(p, &other);
	record_fini(&r);
	return OK;
}

static int id_sort(const void *a, const void *b)
{
	return id_order(a, b);
}

enum err same_find(struct store *s, const struct id *one, struct same *out)
{
	enum err e = OK;
	*out = (struct same){0};
	add_one(out, one);
	for (size_t i = 0; !e && i < out->count; i++)
		e = add_others(s, out, i);
	qsort(out->v, out->count, sizeof *out->v, id_sort);
	if (e)
		same_fini(out);
	return e;
}

void same_fini(struct same *p)
{
	free(p->v);
	*p = (struct same){0};
}

/* --- the bin of a file ------------------------------------------------------------------ */

static const struct state_bin *bin_of(const struct state *s, const struct id *step)
{
	for (size_t i = 0; i < s->bin_count; i++)
		if (id_equal(&s->bins[i].step, step))
			return &s->bins[i];
	return NULL;
}

static bool is_in_bin(void *all_are, const struct record *r)
{
	*(bool *)all_are &= r->state.binned;
	return *(bool *)all_are;
}

/* True when the step put this person into the bin and not all of the file is in it: the person's
 * own record, too, when somebody took it out by writing in it. */
static enum err judge_file(struct book *b, const struct id *person, const struct id *step,
			   bool *broken)
{
	struct record r;
	bool all_are = true;
	enum err e = read_record(b->stores[0], person, &r);
	*broken = false;
	if (e)
		return e == ERR_ABSENT || e == ERR_REFUSED ? OK : e; /* it names nobody */
	bool put_in = bin_of(&r.state, step);
	record_fini(&r);
	if (put_in)
		e = read_file(b, person, is_in_bin, &all_are);
	*broken = !all_are;
	return e;
}

/* A step that put a person into the bin counts for the whole file or not at all: somebody who
 * had not seen it may have written into any record, or a new one. */
static enum err judge_step(struct book *b, const struct id *subject, const struct id *step,
			   bool *counts)
{
	struct same all;
	bool broken = false;
	enum err e = same_find(b->stores[0], subject, &all);
	for (size_t i = 0; !e && !broken && i < all.count; i++)
		e = judge_file(b, &all.v[i], step, &broken);
	*counts = !broken;
	same_fini(&all);
	return e;
}

/* Scans meet a person's records one after the other: the last answer is kept. */
static enum err step_counts(struct book *b, const struct id *subject, const struct id *step,
			    bool *counts)
{
	struct judged *last = &b->judged;
	if (last->known && id_equal(&last->subject, subject) && id_equal(&last->step, step)) {
		*counts = last->counts;
		return OK;
	}
	enum err e = judge_step(b, subject, step, counts);
	if (!e)
		*last = (struct judged){*subject, *step, true, *counts};
	return e;
}

enum err person_judge_bin(struct book *b, struct record *r)
{
	bool binned = false;
	enum err e = OK;
	if (id_equal(&r->subject, &r->store) || mutant(MUTANT_HALF_BIN))
		return OK; /* in nobody's file */
	for (size_t i = 0; !e && r->state.binned && !binned && i < r->state.bin_count; i++)
		if (!r->state.bins[i].beaten && !r->state.bins[i].lifted)
			e = step_counts(b, &r->subject, &r->state.bins[i].step, &binned);
	r->state.binned = binned;
	return e;
}

/* --- what wants to be looked at --------------------------------------------------------- */

static bool person_is_restricted(struct book *b, const struct record *r)
{
	struct record person;
	if (r->state.restricted || id_equal(&r->subject, &r->store) ||
	    read_record(b->stores[0], &r->subject, &person))
		return false;
	/* Of people who are one, any: they are left out of lists together. */
	bool restricted = !person_view(b, &person) && person.state.restricted;
	record_fini(&person);
	return restricted;
}

/* Somebody wrote on the person who knew of the bin: the file is out because they wanted it. */
static bool is_lifted(struct book *b, const struct record *r, const struct id *step)
{
	struct record person;
	if (id_equal(&r->subject, &r->store) || id_equal(&r->subject, &r->id) ||
	    read_record(b->stores[0], &r->subject, &person))
		return false;
	const struct state_bin *bin = bin_of(&person.state, step);
	bool lifted = bin && bin->lifted;
	record_fini(&person);
	return lifted;
}

static bool was_binned(struct book *b, const struct record *r)
{
	bool was = false;
	for (size_t i = 0; !was && i < r->state.bin_count; i++) {
		const struct state_bin *bin = &r->state.bins[i];
		was = bin->beaten || (!bin->lifted && !is_lifted(b, r, &bin->step));
	}
	return was;
}

bool record_raised(struct book *b, const struct record *r, struct buf *out)
{
	const char *what = NULL;
	if (!r->state.binned && was_binned(b, r))
		what = "It was put into the bin, and somebody who had not seen that wrote in it "
		       "(or "
		       "in the file): it is out of the bin. Put it in again, or change something.";
	else if (state_arrived_after_strike(&r->state))
		what = "It was struck, and something arrived afterwards that the one who struck it "
		       "had "
		       "not seen: that stands unstruck.";
	else if (person_is_restricted(b, r))
		what = "The person's file was restricted, and this was written by somebody who had "
		       "not "
		       "seen that.";
	if (what)
		buf_add_text(out, what);
	return what != NULL;
}

/* --- as one ----------------------------------------------------------------------------- */

static enum err read_others(struct book *b, struct store *s, const struct same *all,
			    struct record *v)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < all->count; i++) {
		e = read_record(s, &all->v[i], &v[i]);
		if (!e)
			e = person_judge_bin(b, &v[i]);
	}
	return e;
}

static enum err join(struct book *b, const struct same *all, struct record *r)
{
	struct record *v = mem_alloc_many(all->count, sizeof *v);
	const struct state **states = mem_alloc_many(all->count, sizeof *states);
	enum err e = read_others(b, store_of(b, r), all, v);
	if (!e) {
		state_fini(&r->state);
		for (size_t i = 0; i < all->count; i++)
			states[i] = &v[i].state;
		state_join(states, all->count, &r->state);
		r->id = v[0].id;
		r->subject = v[0].subject;
	}
	for (size_t i = 0; i < all->count; i++)
		record_fini(&v[i]);
	free(states);
	free(v);
	return e;
}

enum err person_view(struct book *b, struct record *r)
{
	struct same all;
	enum err e = person_judge_bin(b, r);
	if (e || !count_others(r))
		return e;
	e = same_find(store_of(b, r), &r->id, &all);
	if (!e && all.count > 1)
		e = join(b, &all, r);
	same_fini(&all);
	return e;
}

/* SPDX-License-Identifier: MIT
 *
 * Into the bin and out of it: one record, or a person with the whole file.
 */
#include "book_impl.h"

#include <linkbook/mem.h>

#include <stdlib.h>

struct binning {
	struct book *b;
	struct put *puts;
	size_t count, cap;
	bool bin;
	struct id *steps; /* out of the bin: those that put the person in, ever */
	size_t step_count;
	struct diag *d;
	enum err e;
};

static void add_put(struct binning *w, const struct record *r)
{
	w->puts = mem_room(w->puts, w->count, &w->cap, sizeof *w->puts);
	w->puts[w->count++] = (struct put){.kind = r->kind,
					   .record = r->id,
					   .in = r->subject,
					   .mark = w->bin ? MARK_BIN : MARK_UNBIN,
					   .by_itself = true};
}

static void note_steps(struct binning *w, const struct state *s)
{
	for (size_t i = 0; i < s->bin_count; i++) {
		w->steps = mem_grow(w->steps, w->step_count + 1, sizeof *w->steps);
		w->steps[w->step_count++] = s->bins[i].step;
	}
}

static bool is_of_person(const struct binning *w, const struct id *step)
{
	for (size_t i = 0; i < w->step_count; i++)
		if (id_equal(&w->steps[i], step))
			return true;
	return false;
}

/* Out comes what the person's own bins put in; what was there before them stays. */
static bool came_with_person(const struct binning *w, const struct state *s)
{
	bool with = false, before = false;
	for (size_t i = 0; i < s->bin_count; i++) {
		bool of_person = is_of_person(w, &s->bins[i].step);
		bool holds = !s->bins[i].lifted;
		with |= of_person && holds;
		before |= !of_person && holds && !s->bins[i].beaten;
	}
	return with && !before;
}

static bool is_person(const struct record *r)
{
	return r->kind && r->kind->is_subject;
}

static bool is_in_bin(struct binning *w, const struct record *r)
{
	struct record judged = *r; /* borrows all but the one answer */
	w->e = w->e ? w->e : person_judge_bin(w->b, &judged);
	return judged.state.binned;
}

/* What a newer version wrote can only go into the bin there, and a file goes whole. */
static bool bin_one(void *arg, const struct record *r)
{
	struct binning *w = arg;
	if (!r->kind && w->bin && !is_in_bin(w, r)) {
		diag_say(w->d, "A newer version of Linkbook wrote something in this file; put it "
			       "into the bin there.");
		w->e = ERR_REFUSED;
	}
	if (r->kind && (w->bin ? !is_in_bin(w, r) : came_with_person(w, &r->state)))
		add_put(w, r);
	return !w->e;
}

static bool note_person(void *arg, const struct record *r)
{
	if (is_person(r))
		note_steps(arg, &r->state);
	return true;
}

static enum err bin_file(struct binning *w, const struct id *person)
{
	struct same all;
	enum err e = same_find(w->b->stores[0], person, &all);
	for (size_t i = 0; !e && !w->bin && i < all.count; i++)
		e = read_file(w->b, &all.v[i], note_person, w);
	for (size_t i = 0; !e && i < all.count; i++)
		e = read_file(w->b, &all.v[i], bin_one, w);
	same_fini(&all);
	return e ? e : w->e;
}

/* One record that went in with its person comes out with them, not by itself. */
static bool went_with_person(struct book *b, const struct record *r)
{
	struct record person;
	bool with = false;
	if (id_equal(&r->subject, &r->store) || book_get(b, &r->subject, &person))
		return false;
	with = person.state.binned;
	record_fini(&person);
	return with;
}

static enum err bin_record(struct binning *w, const struct record *r, struct diag *d)
{
	if (!w->bin && r->state.binned && went_with_person(w->b, r)) {
		diag_say(d,
			 "This is in the bin with the person's whole file: take the person out.");
		return ERR_REFUSED;
	}
	if (r->state.binned != w->bin)
		add_put(w, r);
	return OK;
}

enum err book_bin(struct book *b, struct ref ref, bool bin, size_t *count, struct diag *d)
{
	struct record r;
	struct binning w = {.b = b, .bin = bin, .d = d};
	enum err e = book_get_in(b, ref, &r);
	*count = 0;
	if (e)
		return err_said(e, d);
	if (is_person(&r))
		e = r.state.binned == bin ? OK : bin_file(&w, &ref.record);
	else if (r.kind)
		e = bin_record(&w, &r, d);
	if (!e && w.count)
		e = book_put(b, w.puts, w.count, d);
	*count = e ? 0 : w.count;
	free(w.steps);
	free(w.puts);
	record_fini(&r);
	return err_said(e, d);
}

/* SPDX-License-Identifier: MIT
 *
 * Unfinished text.  Every content of a draft that was ever kept is known here with what its
 * writer had opened or written before it.  What the files of a copy hold is offered, unless a
 * later content went on from it or a change finished it; and only such a one is ever removed.
 */
#include "sim.h"

/* --- what is known ---------------------------------------------------------------------- */

static bool is_of(const struct world *w, size_t text, const struct id *draft)
{
	return id_equal(&w->texts[text].draft, draft);
}

/* Of what this run has opened and written, what belongs to a draft. */
static void mine_of(const struct world *w, const struct copy *c, const struct id *draft,
		    struct bits *out)
{
	*out = (struct bits){{0}};
	for (size_t i = 0; i < w->text_count; i++)
		if (bits_has(&c->mine, i) && is_of(w, i, draft))
			bits_add(out, i);
}

void drafts_learn(struct world *w, struct copy *c, size_t file)
{
	if (w->text_count == TEXTS_MOST)
		sim_fail(w, "more texts than the simulator counts");
	struct known_text *t = &w->texts[w->text_count];
	*t = (struct known_text){.draft = w->keeping, .file = file};
	snprintf(t->text, sizeof t->text, "%s", w->kept_text);
	mine_of(w, c, &t->draft, &t->covers);
	bits_add(&c->mine, w->text_count++);
}

static int text_of_file(const struct world *w, int file)
{
	for (size_t i = 0; file >= 0 && i < w->text_count; i++)
		if (w->texts[i].file == (size_t)file)
			return (int)i;
	return -1;
}

/* How often each lies in the folder, whole. */
static void count_here(const struct world *w, const struct copy *c, unsigned here[TEXTS_MOST])
{
	memset(here, 0, TEXTS_MOST * sizeof *here);
	for (size_t i = 0; i < c->folder.count; i++) {
		const struct listed *l = &c->folder.v[i];
		int text = text_of_file(w, l->known);
		if (text >= 0 && l->size == w->files[l->known].bytes.n)
			here[text]++;
	}
}

static bool is_done(const struct world *w, const struct copy *c, const unsigned here[TEXTS_MOST],
		    size_t text)
{
	for (size_t i = 0; i < w->text_count; i++)
		if (here[i] && bits_has(&w->texts[i].covers, text))
			return true;
	for (size_t i = 0; i < w->change_count; i++)
		if (bits_has(&w->changes[i].finishes, text) && oracle_carried(w, &c->shelf, i))
			return true;
	return false;
}

/* --- what was removed ------------------------------------------------------------------- */

void drafts_removed(struct world *w, struct copy *c, int file)
{
	int text = text_of_file(w, file);
	if (text >= 0)
		bits_add(&c->removed, (size_t)text);
}

static void check_removed(struct world *w, struct copy *c)
{
	unsigned here[TEXTS_MOST];
	count_here(w, c, here);
	for (size_t i = 0; i < w->text_count; i++)
		if (bits_has(&c->removed, i) && !here[i] && !is_done(w, c, here, i) &&
		    !bits_has(&w->given_up, i))
			sim_fail(w, "copy %d: \"%s\" was removed, and nobody is done with it",
				 c->index, w->texts[i].text);
	c->removed = w->given_up = (struct bits){{0}};
}

/* --- what is offered -------------------------------------------------------------------- */

static int text_of(const struct world *w, const struct draft *d)
{
	for (size_t i = 0; i < w->text_count; i++)
		if (is_of(w, i, &d->id) && !strcmp(w->texts[i].text, buf_text(&d->content)))
			return (int)i;
	return -1;
}

/* The run goes on from the newest content of each draft that it had not begun yet. */
static void resume(struct world *w, struct copy *c, const struct draft *v, size_t count)
{
	struct bits begun = c->mine;
	for (size_t i = 0; i < count; i++) {
		bool had = false, newer = false;
		int text = text_of(w, &v[i]);
		for (size_t k = 0; k < w->text_count; k++)
			had |= bits_has(&begun, k) && is_of(w, k, &v[i].id);
		for (size_t k = 0; k < count; k++)
			newer |= id_equal(&v[k].id, &v[i].id) && v[k].stamp > v[i].stamp;
		if (had || newer || text < 0)
			continue;
		bits_add(&c->mine, (size_t)text);
		bits_join(&c->mine, &w->texts[text].covers);
	}
}

static void check_offered(struct world *w, struct copy *c, const unsigned here[TEXTS_MOST],
			  const struct draft *v, size_t count)
{
	unsigned offered[TEXTS_MOST] = {0};
	for (size_t i = 0; i < count; i++) {
		int text = text_of(w, &v[i]);
		if (text < 0)
			sim_fail(w, "copy %d: a draft that nobody kept", c->index);
		offered[text]++;
	}
	for (size_t i = 0; i < w->text_count; i++) {
		bool must = here[i] && !is_done(w, c, here, i);
		if (must && !offered[i])
			sim_fail(w, "copy %d: \"%s\" is not offered", c->index, w->texts[i].text);
		if (!must && offered[i])
			sim_fail(w, "copy %d: \"%s\" is offered, and done", c->index,
				 w->texts[i].text);
		if (offered[i] > 1)
			sim_fail(w, "copy %d: \"%s\" is offered twice", c->index, w->texts[i].text);
	}
}

/* Reads the list, as the first screen does; the caller frees it. */
static void read_drafts(struct world *w, struct copy *c, struct draft **v, size_t *count)
{
	unsigned here[TEXTS_MOST];
	count_here(w, c, here);
	if (book_drafts(c->book, v, count, NULL))
		sim_fail(w, "copy %d: its drafts cannot be listed", c->index);
	check_offered(w, c, here, *v, *count);
	check_removed(w, c);
	resume(w, c, *v, *count);
}

void drafts_verify(struct world *w, struct copy *c)
{
	struct draft *v;
	size_t count;
	read_drafts(w, c, &v, &count);
	drafts_free(v, count);
}

/* --- acts ------------------------------------------------------------------------------- */

static void keep(struct world *w, struct copy *c, const struct id *draft)
{
	struct diag d = {0};
	w->clock_ms++;
	c->seam.clock_ms = w->clock_ms + c->skew_ms; /* no two at the same moment */
	w->keeping = *draft;
	snprintf(w->kept_text, sizeof w->kept_text, "text %u", ++w->words);
	if (book_keep_draft(c->book, draft, span_text(w->kept_text), &d))
		sim_fail(w, "copy %d: a draft cannot be kept: %s", c->index, diag_first(&d));
	sim_tell(w, "copy %d keeps \"%s\" in draft %s", c->index, w->kept_text, short_id(draft));
	learn(w, c);
	check_removed(w, c);
}

/* A new person is saved, and the draft is finished with it. */
static void finish(struct world *w, struct copy *c, const struct id *draft)
{
	struct buf name = BUF_INIT;
	struct diag d = {0};
	value_add_text(&name, span_text("Brightwater"));
	struct put_field fields[] = {{"given_name", buf_span(&name)},
				     {"family_name", buf_span(&name)}};
	struct put put = {
		.kind = kind_find("person"), .draft = *draft, .fields = fields, .field_count = 2};
	mine_of(w, c, draft, &w->finishing);
	learn_before(w, c, NULL);
	if (book_put(c->book, &put, 1, &d))
		sim_fail(w, "copy %d: a draft cannot be finished: %s", c->index, diag_first(&d));
	sim_tell(w, "copy %d finishes draft %s", c->index, short_id(draft));
	learn(w, c);
	w->finishing = (struct bits){{0}};
	check_removed(w, c);
	buf_fini(&name);
}

static void drop(struct world *w, struct copy *c, const struct id *draft)
{
	mine_of(w, c, draft, &w->given_up);
	if (book_drop_draft(c->book, draft, NULL))
		sim_fail(w, "copy %d: a draft cannot be given up", c->index);
	sim_tell(w, "copy %d gives up draft %s", c->index, short_id(draft));
	check_removed(w, c);
}

/* Two copies go on with one draft, and one of them gets what the other wrote. */
static void part_ways(struct world *w, struct copy *c, const struct id *draft)
{
	struct copy *other = &w->copies[((size_t)c->index + 1) % w->copy_count];
	struct transfer whole = {.part = 100};
	copy_close(other);
	transfer(w, c, other, &whole);
	copy_open(w, other);
	drafts_verify(w, other);
	keep(w, other, draft);
	keep(w, c, draft);
	transfer(w, other, c, &whole);
	drafts_verify(w, c);
}

void act_draft(struct world *w)
{
	struct copy *c = writing_copy(w);
	struct draft *v;
	size_t count, what = rng_below(&w->rng, 10);
	read_drafts(w, c, &v, &count);
	struct id draft = count ? v[rng_below(&w->rng, count)].id : book_new_draft(c->book);
	if (!count || what < 2)
		draft = book_new_draft(c->book);
	drafts_free(v, count);
	if (w->text_count + 2 > TEXTS_MOST)
		return;
	if (count && what == 2)
		part_ways(w, c, &draft);
	else if (!count || what < 6)
		keep(w, c, &draft);
	else if (what < 9)
		finish(w, c, &draft);
	else
		drop(w, c, &draft);
}

/* SPDX-License-Identifier: MIT
 *
 * What happens to folders when people copy them: whole, in part, in any order, under other
 * names, cut short over good files, put back to what they were, cloned.
 */
#include "sim.h"

static struct copy *some_copy(struct world *w)
{
	return &w->copies[rng_below(&w->rng, w->copy_count)];
}

static struct copy *other_copy(struct world *w, const struct copy *c)
{
	size_t at = ((size_t)c->index + 1 + rng_below(&w->rng, w->copy_count - 1)) % w->copy_count;
	return &w->copies[at];
}

/* --- one file --------------------------------------------------------------------------- */

/* "log/a/<hash>.seg" to "log/a/<hash> (1).seg". */
static void rename_rel(char rel[180])
{
	char *dot = strrchr(rel, '.'), ending[16];
	snprintf(ending, sizeof ending, "%s", dot);
	if (strlen(rel) + 5 < 180)
		sprintf(dot, " (1)%s", ending);
}

static void write_listed(struct world *w, struct copy *to, const struct listed *f, bool renamed,
			 struct span bytes)
{
	char rel[180];
	strcpy(rel, f->rel);
	if (renamed)
		rename_rel(rel);
	files_write(w, to, rel, bytes);
}

static void shuffle(struct world *w, struct listing *l)
{
	for (size_t i = l->count; i > 1; i--) {
		size_t k = rng_below(&w->rng, i);
		struct listed one = l->v[i - 1];
		l->v[i - 1] = l->v[k];
		l->v[k] = one;
	}
}

static bool is_slot(const struct world *w, const struct listed *f)
{
	return f->known >= 0 && w->files[f->known].kind == FILE_SLOT;
}

/* --- many ------------------------------------------------------------------------------- */

/* Good bytes over the same good bytes change nothing. */
static void mark_had(struct world *w, struct copy *to, struct bits *had)
{
	struct listing l;
	*had = (struct bits){{0}};
	files_list(w, to, &l);
	for (size_t i = 0; i < l.count; i++)
		if (l.v[i].known >= 0 && l.v[i].right &&
		    l.v[i].size == w->files[l.v[i].known].bytes.n)
			bits_add(had, (size_t)l.v[i].known);
	listing_free(&l);
}

size_t transfer(struct world *w, struct copy *from, struct copy *to, const struct transfer *how)
{
	size_t written = 0;
	struct listing l;
	struct bits had;
	files_list(w, from, &l);
	mark_had(w, to, &had);
	shuffle(w, &l);
	size_t cut = how->cut ? rng_below(&w->rng, l.count + 1) : l.count;
	for (size_t i = 0; i < l.count && i <= cut; i++) {
		struct listed *f = &l.v[i];
		bool renamed = how->renamed && rng_chance(&w->rng, 30);
		struct buf bytes = BUF_INIT;
		if (how->part < 100 && !rng_chance(&w->rng, how->part))
			continue;
		if (i != cut && !renamed && f->right && f->known >= 0 &&
		    bits_has(&had, (size_t)f->known) && f->size == w->files[f->known].bytes.n)
			continue;
		files_read(w, from, f->rel, &bytes);
		if (i == cut && is_slot(w, f))
			buf_clear(&bytes); /* nothing arrives: see act_cut for slots */
		else if (i == cut)
			bytes.n = bytes.n ? rng_below(&w->rng, bytes.n) : 0;
		if (i != cut || !is_slot(w, f))
			write_listed(w, to, f, renamed, buf_span(&bytes));
		written++;
		buf_fini(&bytes);
	}
	listing_free(&l);
	return written;
}

void act_exchange(struct world *w)
{
	struct copy *from = some_copy(w), *to = other_copy(w, from);
	struct transfer how = {.part = 100};
	how.part = rng_chance(&w->rng, 50) ? 100 : 10 + (unsigned)rng_below(&w->rng, 80);
	how.cut = rng_chance(&w->rng, 25);
	how.renamed = rng_chance(&w->rng, 15);
	if (rng_chance(&w->rng, 70))
		copy_close(from);
	if (rng_chance(&w->rng, 70))
		copy_close(to);
	transfer(w, from, to, &how);
	sim_tell(w, "%u %% of copy %d goes to copy %d%s%s%s", how.part, from->index, to->index,
		 how.cut ? ", cut short" : "", how.renamed ? ", some under other names" : "",
		 to->book ? ", while it is open" : "");
	if (rng_chance(&w->rng, 60)) {
		copy_close(to);
		copy_open(w, to);
	}
}

/* Files already here, torn. */
void act_cut(struct world *w)
{
	struct copy *c = some_copy(w);
	struct listing l;
	files_list(w, c, &l);
	size_t n = 1 + rng_below(&w->rng, 3);
	for (size_t i = 0; i < n && l.count; i++) {
		struct listed *f = &l.v[rng_below(&w->rng, l.count)];
		struct buf bytes = BUF_INIT;
		if (is_slot(w, f))
			continue;
		files_read(w, c, f->rel, &bytes);
		bytes.n = bytes.n ? rng_below(&w->rng, bytes.n) : 0;
		write_listed(w, c, f, false, buf_span(&bytes));
		sim_tell(w, "copy %d: %.20s... is cut to %zu bytes", c->index,
			 strrchr(f->rel, '/') + 1, bytes.n);
		buf_fini(&bytes);
	}
	listing_free(&l);
}

/* The folder as it was earlier; its LMDB stays, or goes. */
void act_roll_back(struct world *w)
{
	struct copy *c = some_copy(w);
	copy_close(c);
	if (!c->old.count) {
		files_take(w, c, &c->old);
		sim_tell(w, "copy %d is kept aside as it is", c->index);
		return;
	}
	files_put_back(w, c, &c->old);
	snapshot_free(&c->old);
	bool forget = rng_chance(&w->rng, 40);
	if (forget)
		copy_forget_state(w, c);
	sim_tell(w, "copy %d is put back to what it was%s", c->index,
		 forget ? ", its working store is gone" : "");
	copy_open(w, c);
}

/* A copy of the folder takes the place of another copy, which may have an LMDB of its own. */
void act_clone(struct world *w)
{
	struct copy *from = some_copy(w), *to = other_copy(w, from);
	struct snapshot s = {0};
	copy_close(from);
	copy_close(to);
	files_take(w, from, &s);
	files_put_back(w, to, &s);
	snapshot_free(&s);
	if (rng_chance(&w->rng, 50))
		copy_forget_state(w, to);
	sim_tell(w, "copy %d is now a clone of copy %d", to->index, from->index);
	copy_open(w, to);
}

/* --- LMDB ------------------------------------------------------------------------------- */

static void keep_state(struct world *w, struct copy *c)
{
	(void)w;
	for (int s = 0; s < STORES; s++) {
		char *path = copy_state_file(c, s);
		buf_clear(&c->old_state.data[s]);
		c->old_state.is = file_read_whole(path, &c->old_state.data[s]);
		free(path);
	}
	c->old_state.shelf = c->shelf;
}

static void restore_state(struct world *w, struct copy *c)
{
	for (int s = 0; s < STORES; s++) {
		char *path = copy_state_file(c, s);
		file_write_plain(w, path, buf_span(&c->old_state.data[s]));
		free(path);
	}
	c->shelf = c->old_state.shelf;
	c->old_state.is = false;
}

/* Thrown away, or behind: a machine that died between the files and the commit. */
void act_lose_state(struct world *w)
{
	struct copy *c = some_copy(w);
	copy_close(c);
	if (c->old_state.is) {
		sim_tell(w, "copy %d: its working store is an older one", c->index);
		restore_state(w, c);
		copy_open(w, c);
	} else if (rng_chance(&w->rng, 50)) {
		copy_open(w, c);
		copy_close(c);
		keep_state(w, c);
	} else {
		copy_forget_state(w, c);
		sim_tell(w, "copy %d: its working store is gone", c->index);
	}
}

/* SPDX-License-Identifier: MIT
 *
 * Passphrases changed, on several copies at once too: no copy is ever locked out, the words
 * that were replaced open nothing any more, and all others do.
 */
#include "sim.h"

#include <linkbook/slots.h>

static const char first_words[] = "four plain words here";

static const char *words_of(const struct world *w, size_t way)
{
	return way ? w->ways[way].words : first_words;
}

void ways_begin(struct world *w)
{
	w->way_count = 1;
	w->ways[0] = (struct way){.file = -1};
	w->order_count = 0;
}

/* The slot that belongs to the words which were given last. */
void ways_learn_slot(struct world *w, size_t file)
{
	if (w->files[file].store == 0 && w->ways[w->way_count - 1].file < 0)
		w->ways[w->way_count - 1].file = (int)file;
}

void ways_learn_order(struct world *w, size_t segment)
{
	if (w->order_count < WAYS_MOST)
		w->orders[w->order_count++] = (struct order){segment, w->replaced};
}

bool ways_is_retired(const struct world *w, const struct bits *files, size_t slot)
{
	for (size_t i = 0; i < w->order_count; i++)
		if (bits_has(files, w->orders[i].segment) &&
		    w->ways[w->orders[i].way].file == (int)slot)
			return true;
	return false;
}

static enum err open_with(struct world *w, struct copy *c, size_t way, struct diag *d)
{
	const char *words = words_of(w, way);
	return book_open(&c->seam, c->dir, span_text(words), w->terms, &c->book, d);
}

/* With the words last used on this copy, else with any others, the newest first. */
enum err ways_open(struct world *w, struct copy *c, struct diag *d)
{
	enum err e = open_with(w, c, c->way, d);
	for (size_t i = w->way_count; e == ERR_UNLOCK && i--;) {
		diag_fini(d);
		e = open_with(w, c, i, d);
		if (!e)
			c->way = i;
	}
	return e;
}

void act_passphrase(struct world *w)
{
	struct copy *c = writing_copy(w);
	struct diag d = {0};
	if (w->way_count == WAYS_MOST)
		return;
	struct way *new = &w->ways[w->way_count++];
	*new = (struct way){.file = -1};
	snprintf(new->words, sizeof new->words, "other plain words %zu", w->way_count);
	w->replaced = c->way;
	learn_before(w, c, NULL);
	if (book_change_passphrase(c->book, span_text(new->words), KDF_CALIBRATED, &d))
		sim_fail(w, "copy %d: its passphrase cannot be changed: %s", c->index,
			 diag_first(&d));
	sim_tell(w, "copy %d has its passphrase changed", c->index);
	learn(w, c);
	if (new->file < 0)
		sim_fail(w, "copy %d: a new passphrase, and no slot for it", c->index);
	c->way = w->way_count - 1;
	diag_fini(&d);
}

void ways_verify(struct world *w, struct copy *c)
{
	size_t stay = 0;
	for (size_t i = 0; i < w->way_count; i++)
		stay += bits_has(&c->shelf, (size_t)w->ways[i].file) &&
			!ways_is_retired(w, &c->shelf, (size_t)w->ways[i].file);
	for (size_t i = 0; stay && w->way_count > 1 && i < w->way_count; i++) {
		struct diag d = {0};
		bool here = bits_has(&c->shelf, (size_t)w->ways[i].file);
		bool must = here && !ways_is_retired(w, &c->shelf, (size_t)w->ways[i].file);
		copy_close(c);
		enum err e = open_with(w, c, i, &d);
		diag_fini(&d);
		if (must && e)
			sim_fail(w, "copy %d: words %zu do not open it", c->index, i);
		if (!must && !e)
			sim_fail(w, "copy %d: words %zu, which were replaced, open it", c->index,
				 i);
	}
	copy_close(c);
}

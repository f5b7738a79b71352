/* SPDX-License-Identifier: MIT
 *
 * Which parts of a record's changes are undone.
 *
 * An undo is undone by a redo, that one by the next undo, and two copies may both have undone
 * what both had redone: whoever asks whether one stands asks for those that name it, each but
 * once, and without a call in a call for each step of a long row of them.
 */
#include "model.h"

#include <linkbook/mem.h>

#include <stdlib.h>

enum answer { UNASKED, ASKED, STANDS, UNDONE };

/* A change that is asked for, and how far those that may undo it have been looked through. */
struct question {
	const struct hash *change;
	size_t from;
	size_t node; /* it is this one; of the first question none */
};

static bool undoes(const struct change *c, const struct hash *change, struct span field)
{
	for (size_t u = 0; u < c->undo_count; u++)
		if (hash_equal(&c->undoes[u].change, change) &&
		    span_equal(c->undoes[u].field, field))
			return true;
	return false;
}

static size_t next_undo(const struct fold_input *in, size_t count, size_t from,
			const struct hash *change, struct span field)
{
	while (from < count && !undoes(in[from].change, change, field))
		from++;
	return from;
}

/* Goes on with a question: what it turns out as, or UNASKED when q->from is to be asked first. */
static enum answer go_on(const struct fold_input *in, size_t count, struct span field,
			 const uint8_t *known, struct question *q)
{
	for (;; q->from++) {
		q->from = next_undo(in, count, q->from, q->change, field);
		if (q->from == count)
			return STANDS;
		if (known[q->from] == STANDS)
			return UNDONE;
		if (known[q->from] == UNASKED)
			return UNASKED;
	}
}

bool fold_is_undone(const struct fold_input *in, size_t count, const struct hash *change,
		    struct span field)
{
	size_t first = next_undo(in, count, 0, change, field), depth = 1;
	if (first == count)
		return false;
	uint8_t *known = mem_alloc_many(count, sizeof *known);
	struct question *asked = mem_alloc_many(count + 1, sizeof *asked);
	enum answer answer = UNASKED;
	asked[0] = (struct question){change, first, count};
	while (depth) {
		struct question *q = &asked[depth - 1];
		answer = go_on(in, count, field, known, q);
		if (answer == UNASKED) {
			known[q->from] = ASKED;
			asked[depth++] = (struct question){&in[q->from].id, 0, q->from};
			continue;
		}
		if (q->node < count)
			known[q->node] = (uint8_t)answer;
		depth--;
	}
	free(known);
	free(asked);
	return answer == UNDONE;
}

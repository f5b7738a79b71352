/* SPDX-License-Identifier: MIT
 *
 * Which parts of a record's changes are undone.
 */
#include "model.h"

/* An undo is undone by a redo, that one by the next undo: each names a change made before it,
 * and ids are hashes, so this ends. */
bool fold_is_undone(const struct fold_input *in, size_t count, const struct hash *change,
		    struct span field)
{
	for (size_t i = 0; i < count; i++) {
		const struct change *c = in[i].change;
		for (size_t u = 0; u < c->undo_count; u++)
			if (hash_equal(&c->undoes[u].change, change) &&
			    span_equal(c->undoes[u].field, field) &&
			    !fold_is_undone(in, count, &in[i].id, field))
				return true;
	}
	return false;
}

/* SPDX-License-Identifier: MIT
 *
 * What must stand.  From a plain list of changes and of what each writer had seen, and from the
 * files that a copy has, it follows which values stand in a record, which conflict and what is
 * in the bin.  None of the program's own fold is used for it.
 */
#include "sim.h"

/* --- what a copy has -------------------------------------------------------------------- */

static bool has_key(const struct world *w, const struct bits *files, const struct id *key,
		    int depth)
{
	for (size_t i = 0; depth < 4 && i < w->file_count; i++) {
		const struct known_file *f = &w->files[i];
		for (size_t k = 0; k < f->key_count; k++)
			if (id_equal(&f->keys[k].key, key) && bits_has(files, i))
				return f->keys[k].under_store ||
				       has_key(w, files, &f->keys[k].under, depth + 1);
	}
	return false;
}

/* All pieces of the load that a segment belongs to. */
static bool has_load(const struct world *w, const struct bits *files, size_t segment)
{
	const struct known_file *s = &w->files[segment];
	uint32_t pieces = 0;
	for (size_t i = 0; s->count > 1 && i < w->file_count; i++)
		pieces += w->files[i].count > 1 && bits_has(files, i) &&
			  id_equal(&w->files[i].load, &s->load);
	return bits_has(files, segment) && (s->count <= 1 || pieces == s->count);
}

bool oracle_carried(const struct world *w, const struct bits *files, size_t change)
{
	const struct known_change *k = &w->changes[change];
	for (size_t i = 0; i < k->carrier_count; i++)
		if (has_load(w, files, k->carriers[i].file))
			return true;
	return false;
}

static bool find_readable(const struct world *w, const struct bits *files, size_t change)
{
	const struct known_change *k = &w->changes[change];
	for (size_t i = 0; i < k->carrier_count; i++)
		if (has_load(w, files, k->carriers[i].file) &&
		    has_key(w, files, &k->carriers[i].key, 0))
			return true;
	return false;
}

/* Asked over and over of the same files: answered once for all changes. */
bool oracle_has(const struct world *w, const struct bits *files, size_t change)
{
	static struct bits of, has;
	static uint64_t seed;
	static size_t file_count, change_count;
	if (seed != w->seed || file_count != w->file_count || change_count != w->change_count ||
	    memcmp(&of, files, sizeof of)) {
		of = *files;
		seed = w->seed;
		file_count = w->file_count;
		change_count = w->change_count;
		has = (struct bits){{0}};
		for (size_t i = 0; i < change_count; i++)
			if (find_readable(w, files, i))
				bits_add(&has, i);
	}
	return bits_has(&has, change);
}

bool oracle_has_gaps(const struct world *w, const struct bits *files)
{
	for (size_t i = 0; i < w->change_count; i++) {
		const struct known_change *k = &w->changes[i];
		struct bits whole;
		bool here = false;
		for (size_t f = 0; f < k->carrier_count; f++)
			here |= bits_has(files, k->carriers[f].file);
		if (!here)
			continue;
		if (!oracle_has(w, files, i))
			return true;
		oracle_whole(w, files, &k->record, &whole);
		if (!bits_has(&whole, i))
			return true;
	}
	return false;
}

void oracle_whole(const struct world *w, const struct bits *files, const struct id *record,
		  struct bits *out)
{
	*out = (struct bits){{0}};
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < w->change_count; i++) {
			const struct known_change *k = &w->changes[i];
			if (!k->decoded || bits_has(out, i) || !id_equal(&k->record, record) ||
			    !bits_within(&k->seen, out) || !oracle_has(w, files, i))
				continue;
			bits_add(out, i);
			more = true;
		}
	}
}

/* --- undo, marks, seeds ----------------------------------------------------------------- */

bool oracle_is_undone(const struct world *w, const struct bits *whole, size_t change,
		      struct span field)
{
	for (size_t i = 0; i < w->change_count; i++) {
		const struct change *c = &w->changes[i].change;
		for (size_t u = 0; bits_has(whole, i) && u < c->undo_count; u++)
			if (hash_equal(&c->undoes[u].change, &w->changes[change].id) &&
			    span_equal(c->undoes[u].field, field) &&
			    !oracle_is_undone(w, whole, i, field))
				return true;
	}
	return false;
}

static bool has_mark(const struct world *w, const struct bits *whole, size_t i, enum mark mark)
{
	return bits_has(whole, i) && w->changes[i].change.mark == mark &&
	       !oracle_is_undone(w, whole, i, span_of("", 0));
}

bool oracle_any_mark(const struct world *w, const struct bits *whole, enum mark mark)
{
	for (size_t i = 0; i < w->change_count; i++)
		if (has_mark(w, whole, i, mark))
			return true;
	return false;
}

bool oracle_is_struck(const struct world *w, const struct bits *whole, size_t change)
{
	for (size_t i = 0; i < w->change_count; i++)
		if (has_mark(w, whole, i, MARK_STRIKE) &&
		    (i == change || bits_has(&w->changes[i].seen, change)))
			return true;
	return false;
}

static bool is_edit(const struct change *c)
{
	return !c->seed_source.n && (c->op_count || c->mark == MARK_UNBIN || c->mark == MARK_AMEND);
}

/* A bin holds unless somebody wrote without having seen it, or took it out. */
bool oracle_bin_holds(const struct world *w, const struct bits *whole, size_t bin)
{
	if (!has_mark(w, whole, bin, MARK_BIN))
		return false;
	for (size_t i = 0; i < w->change_count; i++)
		if (i != bin && bits_has(whole, i) && is_edit(&w->changes[i].change) &&
		    !bits_has(&w->changes[bin].seen, i))
			return false;
	return true;
}

static bool same_source(const struct world *w, size_t a, size_t b)
{
	const struct change *x = &w->changes[a].change, *y = &w->changes[b].change;
	return x->seed_source.n && span_equal(x->seed_source, y->seed_source);
}

/* A seed of which a higher version is here says nothing any more. */
bool oracle_is_old_seed(const struct world *w, const struct bits *whole, size_t i)
{
	for (size_t k = 0; k < w->change_count; k++)
		if (k != i && bits_has(whole, k) && same_source(w, i, k) &&
		    w->changes[k].change.seed_version > w->changes[i].change.seed_version)
			return true;
	return false;
}

static bool says(const struct change *c, const struct op *like)
{
	for (size_t i = 0; i < c->op_count; i++)
		if (c->ops[i].kind == like->kind && span_equal(c->ops[i].field, like->field) &&
		    id_equal(&c->ops[i].row, &like->row) &&
		    span_equal(c->ops[i].value, like->value))
			return true;
	return false;
}

/* Whether the writer of change a had seen what `op` of change b says: b itself, or the same
 * words in another version of that seed. */
bool oracle_saw(const struct world *w, const struct bits *whole, size_t a, size_t b,
		const struct op *op)
{
	if (bits_has(&w->changes[a].seen, b))
		return true;
	for (size_t i = 0; i < w->change_count; i++)
		if (bits_has(whole, i) && (i == a || bits_has(&w->changes[a].seen, i)) &&
		    same_source(w, i, b) && i != b && says(&w->changes[i].change, op))
			return true;
	return false;
}

/* --- who is one with whom --------------------------------------------------------------- */

int oracle_record(const struct world *w, const struct id *id)
{
	for (size_t i = 0; i < w->record_count; i++)
		if (id_equal(&w->records[i].id, id))
			return (int)i;
	return -1;
}

static bool removes(const struct world *w, const struct bits *whole, size_t change,
		    const struct op *op, size_t added, const struct op *add)
{
	if (op->kind != OP_REMOVE || !span_equal(op->field, add->field) ||
	    !span_equal(op->value, add->value) || oracle_is_undone(w, whole, change, op->field))
		return false;
	/* A seed's member stays off when another version says it again. */
	return hash_equal(&op->seen, &w->changes[added].id) ||
	       (w->changes[added].change.seed_source.n && change != added &&
		oracle_saw(w, whole, change, added, add));
}

bool oracle_add_stands(const struct world *w, const struct bits *whole, size_t change,
		       const struct op *add)
{
	if (oracle_is_old_seed(w, whole, change) || oracle_is_undone(w, whole, change, add->field))
		return false;
	for (size_t i = 0; i < w->change_count; i++) {
		const struct change *c = &w->changes[i].change;
		for (size_t k = 0; bits_has(whole, i) && k < c->op_count; k++)
			if (removes(w, whole, i, &c->ops[k], change, add))
				return false;
	}
	return true;
}

static bool names(const struct world *w, const struct bits *files, size_t record,
		  const struct id *other)
{
	struct bits whole;
	struct id named;
	oracle_whole(w, files, &w->records[record].id, &whole);
	for (size_t i = 0; i < w->change_count; i++) {
		const struct change *c = &w->changes[i].change;
		for (size_t k = 0; bits_has(&whole, i) && k < c->op_count; k++)
			if (c->ops[k].kind == OP_ADD && span_is(c->ops[k].field, "same_as") &&
			    value_is_id(c->ops[k].value, &named) && id_equal(&named, other) &&
			    oracle_add_stands(w, &whole, i, &c->ops[k]))
				return true;
	}
	return false;
}

void oracle_same(const struct world *w, const struct bits *files, size_t record, struct bits *out)
{
	*out = (struct bits){{0}};
	bits_add(out, record);
	for (bool more = true; more;) {
		more = false;
		for (size_t a = 0; a < w->record_count; a++)
			for (size_t b = 0; bits_has(out, a) && b < w->record_count; b++) {
				if (bits_has(out, b) || w->records[a].kind != w->records[b].kind ||
				    !names(w, files, a, &w->records[b].id) ||
				    !names(w, files, b, &w->records[a].id))
					continue;
				bits_add(out, b);
				more = true;
			}
	}
}

void oracle_seen(const struct world *w, const struct copy *c, const struct id *id, struct bits *out)
{
	struct bits same, whole;
	int at = oracle_record(w, id);
	*out = (struct bits){{0}};
	if (at < 0)
		return;
	oracle_same(w, &c->shelf, (size_t)at, &same);
	for (size_t i = 0; i < w->record_count; i++)
		if (bits_has(&same, i)) {
			oracle_whole(w, &c->shelf, &w->records[i].id, &whole);
			bits_join(out, &whole);
		}
}

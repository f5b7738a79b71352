/* SPDX-License-Identifier: MIT
 *
 * What is typed into a form: new values for a few fields of a record, from the values that the
 * form showed.
 */
#include "sim.h"

/* The fields that are written; a group by its members. */
static const struct {
	const char *kind, *fields[8];
} written[] = {
	{"person", {"risks", "phone", "visit_note", "language", "email", "address", "postcode"}},
	{"contact", {"issues", "note", "present", "minutes", "their_words"}},
	{"resource", {"who_for", "sessions", "summary", "cost", "next_step"}},
};

static const char *const *fields_of(const struct kind *k, size_t *count)
{
	for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
		if (strcmp(written[i].kind, k->name) != 0)
			continue;
		for (*count = 0; *count < 8 && written[i].fields[*count];)
			++*count;
		return written[i].fields;
	}
	*count = 0;
	return NULL;
}

bool values_can(const struct kind *k)
{
	size_t count;
	return k && fields_of(k, &count);
}

/* Mostly a word that nothing else says; sometimes one that others may say too. */
static void add_word(struct world *w, struct buf *out)
{
	char word[16];
	if (rng_chance(&w->rng, 20))
		snprintf(word, sizeof word, "same%zu", rng_below(&w->rng, 3));
	else
		snprintf(word, sizeof word, "w%04u", ++w->words % 10000);
	value_add_text(out, span_text(word));
}

/* --- sets ------------------------------------------------------------------------------- */

static void add_members(struct world *w, const struct field *f, const struct state_field *s,
			struct buf *out)
{
	const struct term_list *terms = terms_list(w->terms, f->terms);
	struct buf members = BUF_INIT;
	size_t count = 0;
	for (size_t i = 0; s && i < s->count; i++) {
		bool again = i && span_equal(s->said[i].value, s->said[i - 1].value);
		if (again || rng_chance(&w->rng, 35))
			continue;
		buf_add_span(&members, s->said[i].value);
		count++;
	}
	if (rng_chance(&w->rng, 75)) {
		size_t at = rng_below(&w->rng, terms->count < 3 ? terms->count : 3);
		value_add_text(&members, span_text(terms->items[at].id));
		count++;
	}
	value_add_list(out, count);
	buf_add_span(out, buf_span(&members));
	buf_fini(&members);
}

/* --- rows ------------------------------------------------------------------------------- */

static void add_row(struct world *w, const struct field *f, const struct state_row *row,
		    bool edited, struct buf *out)
{
	struct map_maker m = {0};
	const char *cell = f->cells[0].name;
	for (const struct field *c = f->cells; c->name; c++)
		cell = c->type == V_TEXT ? c->name : cell;
	if (row) {
		struct span map = row->said[0].value, name, v;
		size_t pairs = 0;
		value_add_bytes(map_add_text(&m, span_text("row")), row->id.b, sizeof row->id.b);
		if (!value_take_map(&map, &pairs))
			pairs = 0;
		while (pairs-- && value_take_text(&map, &name) && value_take_any(&map, &v))
			if (!edited || !span_is(name, cell))
				buf_add_span(map_add_text(&m, name), v);
	}
	if (edited)
		add_word(w, map_add_text(&m, span_text(cell)));
	map_finish(&m, out);
}

/* Some go, some are written anew, two change places, one comes. */
static void add_rows(struct world *w, const struct field *f, const struct state_field *s,
		     struct buf *out)
{
	const struct state_row *kept[64];
	size_t count = 0;
	for (size_t i = 0; s && i < s->row_count && count < 60; i++)
		if (!rng_chance(&w->rng, 20))
			kept[count++] = &s->rows[i];
	if (count > 1 && rng_chance(&w->rng, 30)) {
		size_t a = rng_below(&w->rng, count), b = rng_below(&w->rng, count);
		const struct state_row *one = kept[a];
		kept[a] = kept[b];
		kept[b] = one;
	}
	bool more = !count || rng_chance(&w->rng, 40);
	value_add_list(out, count + more);
	for (size_t i = 0; i < count; i++)
		add_row(w, f, kept[i], rng_chance(&w->rng, 30), out);
	if (more)
		add_row(w, f, NULL, true, out);
}

/* --- any field -------------------------------------------------------------------------- */

static void add_value(struct world *w, const struct field *f, const struct state *s,
		      struct buf *out)
{
	static const char *const postcodes[] = {"G51 2RT", "G20 7QE", "G4 0BA"};
	const struct state_field *had = s ? state_field(s, f->name) : NULL;
	if (field_is_set(f))
		add_members(w, f, had, out);
	else if (f->type == V_ROWS)
		add_rows(w, f, had, out);
	else if (f->type == V_NUMBER)
		value_add_int(out, (int64_t)rng_below(&w->rng, 100));
	else if (f->type == V_POSTCODE)
		value_add_text(out, span_text(postcodes[rng_below(&w->rng, 3)]));
	else if (rng_chance(&w->rng, 8))
		value_add_null(out);
	else
		add_word(w, out);
}

/* Of a conflict often one of the values shown is chosen. */
static void add_choice(struct world *w, const struct field *f, const struct state *s,
		       struct buf *out)
{
	const struct state_field *had = state_field(s, f->name);
	if (had && had->kind == SLOT_REGISTER && had->count > 1 && rng_chance(&w->rng, 60))
		buf_add_span(out, had->said[rng_below(&w->rng, had->count)].value);
	else
		add_value(w, f, s, out);
}

size_t values_draw(struct world *w, const struct record *r, bool settle, struct drawn *out)
{
	size_t count, n = 0;
	const char *const *names = fields_of(r->kind, &count);
	size_t wanted = 1 + rng_below(&w->rng, 3), start = rng_below(&w->rng, count);
	if (rng_chance(&w->rng, 40))
		start = w->favourite; /* where writers meet */
	start = w->meeting ? w->meeting - 1 : start;
	for (size_t i = 0; i < count && n < (settle ? DRAWN_MOST : wanted); i++) {
		const struct field *f = kind_field(r->kind, names[(start + i) % count]);
		if (settle && !record_in_conflict(r, f->name))
			continue;
		out[n].value = (struct buf)BUF_INIT;
		out[n].field = f;
		if (settle)
			add_choice(w, f, &r->state, &out[n].value);
		else
			add_value(w, f, &r->state, &out[n].value);
		n++;
	}
	return n;
}

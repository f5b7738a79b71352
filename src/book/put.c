/* SPDX-License-Identifier: MIT
 *
 * Writing: every put is checked against the record as its writer saw it, all become changes
 * of one step, and the stores save them, the caseload first.
 */
#include "book_impl.h"

#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>

struct planned {
	struct put *put;
	struct store *store;
	struct id subject;
	struct state base; /* as the writer saw it */
	struct step_change change; /* without bytes when nothing differs */
};
struct planning {
	struct book *b;
	struct planned *v;
	size_t count;
	struct id step;
	struct id *new_people; /* sorted */
	size_t new_count;
	struct diag *d;
	enum err e;
};

/* A hash of words, cut to an id: equal input, equal id, on any machine. */
static struct id id_of_words(const char *kind, const char *a, const char *b, int64_t n)
{
	struct buf words = BUF_INIT;
	struct id id;
	buf_printf(&words, "%s\n%s\n%s\n%lld", kind, a, b, (long long)n);
	struct hash h = store_plain_hash(buf_span(&words));
	memcpy(id.b, h.b, sizeof id.b);
	buf_fini(&words);
	return id;
}

struct id book_seed_id(const char *source, const char *key)
{
	return id_of_words("record", source, key, 0);
}

/* --- where a put belongs ---------------------------------------------------------------- */

static int id_sort(const void *a, const void *b)
{
	return id_order(a, b);
}

static void wrong(struct planning *w, size_t i, enum err e, const char *what)
{
	diag_say_at(w->d, NULL, (unsigned)i + 1, 0, "%s", what);
	w->e = w->e ? w->e : e;
}

static bool person_is_here(struct planning *w, const struct id *person)
{
	struct record r;
	if (w->new_count && bsearch(person, w->new_people, w->new_count, sizeof *person, id_sort))
		return true;
	if (read_record(w->b, w->b->stores[0], person, &r))
		return false;
	bool is_person = r.kind && r.kind->is_subject;
	record_fini(&r);
	return is_person;
}

static struct store *directory_for(struct planning *w, size_t i, const struct id *wanted)
{
	struct book *b = w->b;
	for (size_t k = 1; k < b->store_count; k++)
		if (id_equal(store_id(b->stores[k]), wanted) ||
		    (id_is_zero(wanted) && b->store_count == 2))
			return b->stores[k];
	wrong(w, i, ERR_INPUT,
	      b->store_count == 1 ? "there is no directory of a practice yet: seed one first"
				  : "say which practice's directory this belongs to");
	return NULL;
}

static bool is_for_nobody(const struct put *p)
{
	return p->kind->for_nobody && id_is_zero(&p->person);
}

static bool place_new(struct planning *w, size_t i)
{
	struct planned *p = &w->v[i];
	const struct kind *k = p->put->kind;
	p->store = k->store == STORE_DIRECTORY ? directory_for(w, i, &p->put->directory)
					       : w->b->stores[0];
	if (!p->store)
		return false;
	if (k->is_subject)
		p->subject = p->put->record;
	else if (k->store == STORE_PERSON && !is_for_nobody(p->put))
		p->subject = p->put->person;
	else
		p->subject = *store_id(p->store);
	if (k->store == STORE_PERSON && !k->is_subject && !is_for_nobody(p->put) &&
	    !person_is_here(w, &p->subject)) {
		wrong(w, i, ERR_INPUT, "person: there is nobody with this id here");
		return false;
	}
	return true;
}

/* --- the record as the writer saw it ---------------------------------------------------- */

static bool fold_seen(struct planned *p, const struct changes *c)
{
	bool *seen = mem_alloc_many(c->count, sizeof *seen), ok = true;
	struct fold_input *in = mem_alloc_many(c->count, sizeof *in);
	struct buf bytes = BUF_SECRET;
	struct state folded;
	size_t n = 0;
	for (size_t i = 0; ok && i < p->put->head_count; i++) {
		size_t head = changes_find(c, &p->put->heads[i]);
		ok = head != SIZE_MAX;
		if (ok)
			changes_mark_ancestry(c, head, seen, &ok);
	}
	for (size_t i = 0; i < c->count; i++)
		if (seen[i])
			in[n++] = c->v[i];
	if (ok) {
		/* Through bytes and back, so that it stands on its own. */
		fold_record(&p->put->record, in, n, &folded);
		state_encode(&folded, &bytes);
		state_fini(&folded);
		ok = state_decode(buf_span(&bytes), &p->base) == OK;
	}
	buf_fini(&bytes);
	free(in);
	free(seen);
	return ok;
}

static bool has_head(const struct hash *v, size_t n, const struct hash *head)
{
	for (size_t i = 0; i < n; i++)
		if (hash_equal(&v[i], head))
			return true;
	return false;
}

/* Every head there is was seen: one given twice does not stand for another. */
static bool same_heads(const struct put *p, const struct state *s)
{
	bool same = true;
	for (size_t i = 0; p->has_heads && i < s->head_count; i++)
		same &= has_head(p->heads, p->head_count, &s->heads[i]);
	for (size_t i = 0; p->has_heads && i < p->head_count; i++)
		same &= has_head(s->heads, s->head_count, &p->heads[i]);
	return same;
}

static bool place_known(struct planning *w, size_t i, const struct record *r)
{
	struct planned *p = &w->v[i];
	if (r->kind != p->put->kind) {
		wrong(w, i, ERR_INPUT, "the record with this id is of another type");
		return false;
	}
	if (!id_is_zero(&p->put->person) && !id_equal(&p->put->person, &r->subject)) {
		wrong(w, i, ERR_INPUT, "person: this record is in somebody else's file");
		return false;
	}
	if (r->state.has_unknown) {
		wrong(w, i, ERR_REFUSED,
		      "a newer version of Linkbook wrote this record; it can only be read here");
		return false;
	}
	p->subject = r->subject;
	p->store = store_of(w->b, r);
	return true;
}

static bool find_base(struct planning *w, size_t i)
{
	struct planned *p = &w->v[i];
	struct record r;
	struct changes c;
	enum err e = book_get(w->b, &p->put->record, &r);
	if (e) {
		wrong(w, i, e,
		      e == ERR_ABSENT ? "there is no record with this id"
				      : "the record cannot be read");
		return false;
	}
	bool ok = place_known(w, i, &r);
	if (ok && same_heads(p->put, &r.state)) {
		p->base = r.state;
		r.state = (struct state){0};
	} else if (ok) {
		e = read_changes(p->store, &p->subject, &p->put->record, &c);
		ok = !e && fold_seen(p, &c);
		if (!ok)
			wrong(w, i, ERR_INPUT, "heads: these changes are not in this book");
		changes_free(&c);
	}
	record_fini(&r);
	return ok;
}

/* --- one change ------------------------------------------------------------------------- */

static void stamp_change(struct planning *w, struct planned *p, struct change *c)
{
	step_stamp(w->b, &w->step, p->put->kind->name, &p->put->record, p->base.stamp, c);
	c->mark = p->put->mark;
	c->has_draft = !id_is_zero(&p->put->draft);
	c->draft = p->put->draft;
	for (size_t i = 0; i < p->base.head_count; i++)
		change_add_parent(c, &p->base.heads[i]);
}

/* Everything that would differ from machine to machine follows from the source instead. */
static void stamp_seed(const struct put *put, int64_t version, struct change *c)
{
	const char *source = put->seed_source;
	struct id salt = id_of_words("salt", source, put->seed_key, version);
	c->record = put->record;
	c->type = span_text(put->kind->name);
	c->step = id_of_words("step", source, "", version);
	c->writer = id_of_words("writer", source, "", 0);
	c->author = span_text(source);
	c->stamp = version;
	c->seed_source = span_text(source);
	c->seed_version = version;
	memcpy(c->salt, salt.b, sizeof c->salt);
}

/* What is encoded last is what is saved. */
static struct hash encode_planned(struct planned *p, struct change *c)
{
	step_encode(p->store, &p->subject, p->put->kind, c, &p->change);
	p->change.draft = p->put->draft;
	return p->change.id;
}

/* The highest version of the same source that is here; NULL when there is none. */
static const struct fold_input *latest_seed(const struct changes *here, const char *source)
{
	const struct fold_input *latest = NULL;
	for (size_t i = 0; i < here->count; i++)
		if (span_is(here->v[i].change->seed_source, source) &&
		    (!latest || latest->change->seed_version < here->v[i].change->seed_version))
			latest = &here->v[i];
	return latest;
}

/* A seed that says nothing new writes nothing, nor does an older one; one that says other
 * things under a version that was loaded already is a mistake: copies would disagree. */
static void settle_seed(struct planning *w, size_t i, struct change *c)
{
	struct planned *p = &w->v[i];
	struct changes here;
	enum err e = read_changes(p->store, &p->subject, &p->put->record, &here);
	const struct fold_input *latest = latest_seed(&here, p->put->seed_source);
	if (e)
		wrong(w, i, e, "the record cannot be read");
	if (!e && latest) {
		int64_t had = latest->change->seed_version, version = p->put->seed_version;
		stamp_seed(p->put, had, c);
		struct hash as_before = encode_planned(p, c);
		if (had > version || hash_equal(&as_before, &latest->id)) {
			buf_clear(&p->change.bytes);
		} else if (had == version) {
			wrong(w, i, ERR_INPUT,
			      "this version was loaded before with other words; raise version by "
			      "1");
		} else {
			stamp_seed(p->put, version, c);
			encode_planned(p, c);
		}
	}
	changes_free(&here);
}

static void plan_change(struct planning *w, size_t i)
{
	struct planned *p = &w->v[i];
	struct change c = {0};
	struct scratch keep = {0};
	enum err e = diff_put(w->b, p->put, i + 1, &p->base, &c, &keep, w->d);
	w->e = w->e ? w->e : e;
	if (!e && (c.op_count || p->put->mark || p->put->is_new)) {
		if (p->put->seed_source)
			stamp_seed(p->put, p->put->seed_version, &c);
		else
			stamp_change(w, p, &c);
		encode_planned(p, &c);
		if (p->put->seed_source)
			settle_seed(w, i, &c);
	}
	change_fini(&c);
	scratch_free(&keep);
}

static void plan(struct planning *w, size_t i)
{
	struct planned *p = &w->v[i];
	struct put *put = p->put;
	put->change = (struct hash){{0}};
	if (put->seed_source) {
		put->record = book_seed_id(put->seed_source, put->seed_key);
		put->is_new = true; /* as far as this change goes: no parents, all its fields */
	} else if (id_is_zero(&put->record)) {
		put->record = seam_new_id(w->b->seam);
		put->is_new = true;
	}
	if (put->is_new ? place_new(w, i) : find_base(w, i))
		plan_change(w, i);
}

/* --- all of them ------------------------------------------------------------------------ */

static void collect_people(struct planning *w)
{
	w->new_people = mem_alloc_many(w->count, sizeof *w->new_people);
	for (size_t i = 0; i < w->count; i++) {
		struct put *p = w->v[i].put;
		if (!p->kind->is_subject)
			continue;
		if (id_is_zero(&p->record)) {
			p->record = seam_new_id(w->b->seam);
			p->is_new = true;
		}
		if (p->is_new)
			w->new_people[w->new_count++] = p->record;
	}
	if (w->new_count)
		qsort(w->new_people, w->new_count, sizeof *w->new_people, id_sort);
}

static enum err save(struct planning *w)
{
	struct step_change **v = mem_alloc_many(w->count, sizeof *v);
	for (size_t i = 0; i < w->count; i++)
		v[i] = &w->v[i].change;
	enum err e = step_save(w->b, v, w->count, w->d);
	for (size_t i = 0; !e && i < w->count; i++)
		if (v[i]->bytes.n)
			w->v[i].put->change = v[i]->id;
	free(v);
	return e;
}

enum err book_put(struct book *b, struct put *puts, size_t count, struct diag *d)
{
	struct planning w = {.b = b, .count = count, .d = d, .step = seam_new_id(b->seam)};
	w.v = mem_alloc_many(count, sizeof *w.v);
	for (size_t i = 0; i < count; i++)
		w.v[i] = (struct planned){.put = &puts[i], .change = {.bytes = BUF_SECRET}};
	collect_people(&w);
	for (size_t i = 0; i < count; i++)
		plan(&w, i);
	if (!w.e)
		w.e = save(&w);
	for (size_t i = 0; i < count; i++) {
		state_fini(&w.v[i].base);
		buf_fini(&w.v[i].change.bytes);
	}
	free(w.new_people);
	free(w.v);
	return w.e;
}

/* SPDX-License-Identifier: MIT
 *
 * Writing: every put is checked against the record as its writer saw it, all become changes
 * of one step, and the stores save them, the caseload first.
 */
#include "book_impl.h"

#include <linkbook/mem.h>
#include <linkbook/mutant.h>

#include <stdlib.h>
#include <string.h>

struct planned {
	struct put *put;
	struct seen seen;
	bool restricted; /* new, in the file of a person who is */
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

struct id id_of_words(const char *kind, const char *a, const char *b, int64_t n)
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

static bool person_is_here(struct planning *w, const struct id *person, bool *restricted)
{
	struct record r = {0};
	if (w->new_count && bsearch(person, w->new_people, w->new_count, sizeof *person, id_sort))
		return true;
	if (read_record(w->b->stores[0], person, &r) || person_view(w->b, &r)) {
		record_fini(&r);
		return false;
	}
	bool is_person = r.kind && r.kind->is_subject;
	*restricted = r.state.restricted;
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

static bool is_one_person(struct book *b, const struct id *one, const struct id *other)
{
	struct same all;
	if (id_equal(one, other))
		return true;
	if (same_find(b->stores[0], one, &all))
		return false;
	bool is = same_has(&all, other);
	same_fini(&all);
	return is;
}

/* An id that a form drew when it was begun may have been saved since, from a copy of its draft:
 * in the same file it is the same record; in another it would be one id for two people, and
 * whoever asked for the one would be shown the other. */
static bool is_free(struct planning *w, size_t i, struct store *store, struct id *subject)
{
	struct record r;
	const struct put *p = w->v[i].put;
	enum err e = p->seed_source ? ERR_ABSENT : read_record(store, &p->record, &r);
	if (e == ERR_ABSENT)
		return true;
	if (e) {
		wrong(w, i, e, "the record cannot be read");
		return false;
	}
	bool same = is_one_person(w->b, &r.subject, subject);
	if (same)
		*subject = r.subject;
	else
		wrong(w, i, ERR_REFUSED, "this was saved already, in somebody else's file");
	record_fini(&r);
	return same;
}

static bool place_new(struct planning *w, size_t i)
{
	struct planned *p = &w->v[i];
	const struct kind *k = p->put->kind;
	struct id subject;
	struct store *store = k->store == STORE_DIRECTORY ? directory_for(w, i, &p->put->directory)
							  : w->b->stores[0];
	if (!store)
		return false;
	if (k->is_subject)
		subject = p->put->record;
	else if (k->store == STORE_PERSON && !is_for_nobody(p->put))
		subject = p->put->person;
	else
		subject = *store_id(store);
	if (k->store == STORE_PERSON && !k->is_subject && !is_for_nobody(p->put) &&
	    !person_is_here(w, &subject, &p->restricted)) {
		wrong(w, i, ERR_INPUT, "person: there is nobody with this id here");
		return false;
	}
	if (!is_free(w, i, store, &subject))
		return false;
	seen_new(&subject, &p->put->record, store, &p->seen);
	return true;
}

/* --- a record that is here -------------------------------------------------------------- */

static bool is_in_file_of(struct planning *w, const struct put *p, const struct record *r)
{
	return id_is_zero(&p->person) || is_one_person(w->b, &r->subject, &p->person);
}

static bool may_write(struct planning *w, size_t i, const struct record *r)
{
	const struct put *p = w->v[i].put;
	const char *why = NULL;
	enum err e = ERR_INPUT;
	bool bins = p->mark == MARK_BIN || p->mark == MARK_UNBIN;
	if (r->kind != p->kind)
		why = "the record with this id is of another type";
	else if (!is_in_file_of(w, p, r))
		why = "person: this record is in somebody else's file";
	else if (r->state.has_unknown) {
		why = "a newer version of Linkbook wrote this record; it can only be read here";
		e = ERR_REFUSED;
	} else if (bins && store_is_open_access(store_of(w->b, r))) {
		why = open_access_refusal;
		e = ERR_REFUSED;
	}
	if (why)
		wrong(w, i, e, why);
	return !why;
}

/* What a mark that the writer had seen leaves to be done; bins and undo go by it. */
static bool marks_allow(struct planning *w, size_t i)
{
	const struct put *p = w->v[i].put;
	const struct state *s = seen_base(&w->v[i].seen);
	const char *why = NULL;
	if (p->mark == MARK_BIN || p->mark == MARK_UNBIN || p->mark == MARK_RESTRICT)
		return true;
	if (s->restricted)
		why = "this is restricted: it is kept and may be read, and nothing is changed";
	else if (p->mark == MARK_AMEND || p->mark == MARK_STRIKE)
		return true;
	else if (s->struck)
		why = "this was struck; what is to be added can be written as an amendment";
	else if (s->finished)
		why = "this note is finished; what is to be added or put right can be written as "
		      "an "
		      "amendment";
	if (why)
		wrong(w, i, ERR_REFUSED, why);
	return !why;
}

/* Which is meant: the put may say, or the person or the directory it names does. */
static enum err read_base(struct planning *w, const struct put *p, struct record *out)
{
	bool of_person = p->kind->store == STORE_PERSON && !id_is_zero(&p->person);
	struct same all = {0};
	struct ref ref = {p->in, p->record};
	if (id_is_zero(&ref.in) && p->kind->store == STORE_DIRECTORY)
		ref.in = p->directory;
	enum err e = book_get_in(w->b, ref, out);
	if (e != ERR_REFUSED || !of_person)
		return e;
	if (same_find(w->b->stores[0], &p->person, &all))
		return e;
	for (size_t i = 0; e && i < all.count; i++)
		e = book_get_in(w->b, (struct ref){all.v[i], p->record}, out);
	same_fini(&all);
	return e;
}

static bool find_base(struct planning *w, size_t i)
{
	struct planned *p = &w->v[i];
	struct record r;
	enum err e = read_base(w, p->put, &r);
	if (e) {
		wrong(w, i, e,
		      e == ERR_ABSENT	 ? "there is no record with this id"
		      : e == ERR_REFUSED ? "two people's files have this id: say whose is meant"
					 : "the record cannot be read");
		return false;
	}
	bool ok = may_write(w, i, &r);
	if (ok) {
		/* Of people who are one, r is in the first one's file. */
		const struct id *in = r.kind->is_subject ? &p->put->record : &r.subject;
		e = seen_find(p->put, store_of(w->b, &r), in, &p->seen);
		ok = !e && marks_allow(w, i);
		if (e == ERR_INPUT)
			wrong(w, i, e, "heads: these changes are not in this book");
		else if (e)
			wrong(w, i, e, "the record cannot be read");
	}
	record_fini(&r);
	return ok;
}

/* --- one change ------------------------------------------------------------------------- */

static void stamp_change(struct planning *w, const struct planned *p, const struct member *m,
			 struct change *c)
{
	const struct put *put = p->put;
	step_stamp(w->b, &w->step, put->kind->name, &m->record, m->base.stamp, c);
	c->mark = p->restricted && !put->mark ? MARK_RESTRICT : put->mark;
	c->has_draft = !id_is_zero(&put->draft);
	c->draft = put->draft;
	for (size_t i = 0; i < m->base.head_count; i++)
		change_add_parent(c, &m->base.heads[i]);
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
static struct hash encode_planned(struct planned *p, struct member *m, struct change *c)
{
	step_encode(p->seen.store, &m->subject, p->put->kind, c, &m->change);
	m->change.draft = p->put->draft;
	return m->change.id;
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
	struct member *m = p->seen.v;
	struct changes here;
	enum err e = read_changes(p->seen.store, &m->subject, &m->record, &here);
	const struct fold_input *latest = latest_seed(&here, p->put->seed_source);
	if (e)
		wrong(w, i, e, "the record cannot be read");
	if (!e && latest) {
		int64_t had = latest->change->seed_version, version = p->put->seed_version;
		stamp_seed(p->put, had, c);
		struct hash as_before = encode_planned(p, m, c);
		if (had > version || hash_equal(&as_before, &latest->id)) {
			buf_clear(&m->change.bytes);
		} else if (had == version) {
			wrong(w, i, ERR_INPUT,
			      "this version was loaded before with other words; raise version by "
			      "1");
		} else {
			stamp_seed(p->put, version, c);
			for (size_t k = 0; mutant(MUTANT_SEED_AS_EDIT) && k < here.count; k++)
				change_add_parent(c, &here.v[k].id);
			encode_planned(p, m, c);
		}
	}
	changes_free(&here);
}

static void encode_change(struct planning *w, size_t i, struct member *m, struct change *c)
{
	struct planned *p = &w->v[i];
	if (!c->op_count && !p->put->mark && !p->put->is_new)
		return;
	if (p->put->seed_source)
		stamp_seed(p->put, p->put->seed_version, c);
	else
		stamp_change(w, p, m, c);
	encode_planned(p, m, c);
	if (p->put->seed_source)
		settle_seed(w, i, c);
}

static void share_out(struct planning *w, size_t i, const struct change *all)
{
	const struct seen *s = &w->v[i].seen;
	for (size_t at = 0; at < s->count; at++) {
		struct change c = {0};
		for (size_t k = 0; k < all->op_count; k++) {
			const struct op *op = &all->ops[k];
			if (!seen_is_for(s, at, op))
				continue;
			struct op *own = change_add_op(&c, op->kind, op->field, op->value);
			own->row = op->row;
			own->seen = op->seen;
		}
		encode_change(w, i, &s->v[at], &c);
		change_fini(&c);
	}
}

static void plan_change(struct planning *w, size_t i)
{
	struct planned *p = &w->v[i];
	struct change c = {0};
	struct scratch keep = {0};
	enum err e = diff_put(w->b, p->put, i + 1, seen_base(&p->seen), &c, &keep, w->d);
	w->e = w->e ? w->e : e;
	if (!e && p->seen.count == 1)
		encode_change(w, i, p->seen.v, &c);
	else if (!e)
		share_out(w, i, &c);
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
	struct step_change **v = NULL;
	size_t count = 0, cap = 0;
	for (size_t i = 0; i < w->count; i++)
		for (size_t k = 0; k < w->v[i].seen.count; k++) {
			v = mem_room(v, count, &cap, sizeof *v);
			v[count++] = &w->v[i].seen.v[k].change;
		}
	enum err e = step_save(w->b, v, count, w->d);
	for (size_t i = 0; !e && i < w->count; i++)
		for (size_t k = w->v[i].seen.count; k--;)
			if (w->v[i].seen.v[k].change.bytes.n)
				w->v[i].put->change = w->v[i].seen.v[k].change.id;
	free(v);
	return e;
}

static bool is_finished(const struct put *puts, size_t count, const struct id *draft)
{
	static const struct hash none;
	bool finished = id_is_zero(draft);
	for (size_t i = 0; !finished && i < count; i++)
		finished = id_equal(&puts[i].draft, draft) && !hash_equal(&puts[i].change, &none);
	return finished;
}

/* A form that was opened from its draft and saved with nothing to alter leaves no change that
 * could finish the draft; all that it says stands already. */
static void drop_idle_drafts(struct book *b, const struct put *puts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!is_finished(puts, count, &puts[i].draft) &&
		    store_drop_draft(b->stores[0], &puts[i].draft, NULL))
			return; /* it is offered once more */
}

enum err book_put(struct book *b, struct put *puts, size_t count, struct diag *d)
{
	struct planning w = {.b = b, .count = count, .d = d, .step = seam_new_id(b->seam)};
	w.v = mem_alloc_many(count, sizeof *w.v);
	for (size_t i = 0; i < count; i++)
		w.v[i].put = &puts[i];
	collect_people(&w);
	for (size_t i = 0; i < count; i++)
		plan(&w, i);
	if (!w.e)
		w.e = save(&w);
	if (!w.e)
		drop_idle_drafts(b, puts, count);
	for (size_t i = 0; i < count; i++)
		seen_fini(&w.v[i].seen);
	free(w.new_people);
	free(w.v);
	return w.e;
}

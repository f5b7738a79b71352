/* SPDX-License-Identifier: MIT
 *
 * One open copy as it must be: the set of its changes, every record, and what the histories tell.
 */
#include "sim.h"

/* --- the set of changes ----------------------------------------------------------------- */

struct peeking {
	struct world *w;
	struct copy *c;
	int store;
	size_t skip; /* before the subject in a key */
	struct bits here[2], *into;
	bool unknown, twice;
};

static bool peek_one(void *arg, struct span key, struct span value)
{
	struct peeking *p = arg;
	struct hash id;
	(void)value;
	memcpy(id.b, key.p + p->skip + 32, sizeof id.b);
	int at = changes_known(p->w, &id);
	p->unknown |= at < 0;
	if (at >= 0) {
		p->twice |= bits_has(&p->here[p->into == &p->here[0]], (size_t)at);
		bits_add(p->into, (size_t)at);
	}
	return true;
}

static enum err peek(void *arg, struct txn *t, struct diag *d)
{
	struct peeking *p = arg;
	(void)d;
	p->into = &p->here[0];
	txn_scan(t, t->shelf->db[DB_CHANGE], span_of("", 0), peek_one, p);
	p->skip = 16;
	p->into = &p->here[1];
	txn_scan(t, t->shelf->db[DB_WAIT], span_of("", 0), peek_one, p);
	return OK;
}

static void judge_change(struct world *w, const struct peeking *p, size_t i)
{
	bool readable = oracle_has(w, &p->c->shelf, i);
	bool carried = oracle_carried(w, &p->c->shelf, i);
	bool here = bits_has(&p->here[0], i), waits = bits_has(&p->here[1], i);
	char hex[HASH_HEX];
	hash_to_hex(&w->changes[i].id, hex);
	if (readable && !here)
		sim_fail(w, "copy %d: change %.8s %s", p->c->index, hex,
			 waits ? "waits for a key that is here" : "is lost");
	if (here && !carried)
		sim_fail(w, "copy %d: change %.8s counts before its load is here", p->c->index,
			 hex);
	if (here && !readable)
		sim_fail(w, "copy %d: change %.8s counts without its key", p->c->index, hex);
	if (carried && !readable && !waits)
		sim_fail(w, "copy %d: change %.8s, which waits for a key, is lost", p->c->index,
			 hex);
	if (waits && !w->changes[i].decoded)
		sim_fail(w, "copy %d: change %.8s was written without its key", p->c->index, hex);
}

void verify_changes(struct world *w, struct copy *c)
{
	for (int s = 0; s < STORES; s++) {
		struct peeking p = {.w = w, .c = c, .store = s};
		if (shelf_read(&c->book->stores[s]->shelf, peek, &p, NULL))
			sim_fail(w, "copy %d: its LMDB cannot be read", c->index);
		if (p.unknown)
			sim_fail(w, "copy %d: a change that is in no file", c->index);
		if (p.twice)
			sim_fail(w, "copy %d: a change is there and waits as well", c->index);
		for (size_t i = 0; i < w->change_count; i++)
			if (w->changes[i].store == s)
				judge_change(w, &p, i);
	}
}

/* --- the bin, by files ------------------------------------------------------------------ */

/* A step that put a person into the bin counts for every record of the file, or for none. */
static bool file_all_binned(const struct world *w, const struct copy *c, const struct id *subject)
{
	for (size_t i = 0; i < w->record_count; i++) {
		struct bits whole;
		bool holds = false, here = false;
		if (!id_equal(&w->records[i].subject, subject))
			continue;
		oracle_whole(w, &c->shelf, &w->records[i].id, &whole);
		for (size_t k = 0; k < w->change_count; k++) {
			here |= id_equal(&w->changes[k].record, &w->records[i].id) &&
				oracle_has(w, &c->shelf, k);
			holds |= bits_has(&whole, k) && oracle_bin_holds(w, &whole, k);
		}
		if (here && !holds)
			return false;
	}
	return true;
}

/* Also a bin that somebody lifted by writing in the person's own record: the step then counts
 * for nothing in the file. */
static bool put_person_in(const struct world *w, const struct bits *person, const struct id *step)
{
	for (size_t i = 0; i < w->change_count; i++)
		if (bits_has(person, i) && w->changes[i].change.mark == MARK_BIN &&
		    id_equal(&w->changes[i].change.step, step) &&
		    !oracle_is_undone(w, person, i, span_of("", 0)))
			return true;
	return false;
}

/* A step that put any of the people who are one into the bin counts while all of that file is. */
static bool step_counts(const struct world *w, const struct copy *c, const struct known_record *r,
			const struct id *step)
{
	struct bits same, person;
	int subject = oracle_record(w, &r->subject);
	if (subject < 0)
		return true; /* of nobody's file */
	oracle_same(w, &c->shelf, (size_t)subject, &same);
	for (size_t i = 0; i < w->record_count; i++) {
		if (!bits_has(&same, i))
			continue;
		oracle_whole(w, &c->shelf, &w->records[i].id, &person);
		if (put_person_in(w, &person, step) && !file_all_binned(w, c, &w->records[i].id))
			return false;
	}
	return true;
}

static bool must_be_binned(const struct world *w, const struct copy *c,
			   const struct known_record *r)
{
	struct bits whole;
	oracle_whole(w, &c->shelf, &r->id, &whole);
	for (size_t i = 0; i < w->change_count; i++)
		if (bits_has(&whole, i) && oracle_bin_holds(w, &whole, i) &&
		    step_counts(w, c, r, &w->changes[i].change.step))
			return true;
	return false;
}

/* Who is one with others is in the bin when all are. */
static void verify_bin(struct world *w, struct copy *c, size_t record)
{
	const struct known_record *r = &w->records[record];
	struct record is;
	struct bits same;
	char hex[ID_HEX];
	bool must = true;
	if (book_get(c->book, &r->id, &is))
		return;
	bool binned = is.state.binned;
	record_fini(&is);
	oracle_same(w, &c->shelf, record, &same);
	for (size_t i = 0; i < w->record_count; i++)
		must &= !bits_has(&same, i) || must_be_binned(w, c, &w->records[i]);
	if (binned != must)
		sim_fail(w, "copy %d: %s %.8s is %sin the bin with its file", c->index,
			 r->kind->name, id_to_hex(&r->id, hex), binned ? "" : "not ");
}

void verify_copy(struct world *w, struct copy *c)
{
	verify_changes(w, c);
	for (size_t i = 0; i < w->record_count; i++) {
		compare_record(w, c, i);
		verify_bin(w, c, i);
	}
	drafts_verify(w, c);
}

/* --- history ---------------------------------------------------------------------------- */

struct hearing {
	struct buf all;
	size_t lines;
};

static void hear(void *arg, const struct event *event)
{
	struct hearing *h = arg;
	buf_add_text(&h->all, event->sentence);
	buf_add_text(&h->all, "\n");
	h->lines++;
}

/* The words that the simulator draws are told in history, wherever they stand in a value. */
static void check_words(struct world *w, struct copy *c, const struct hearing *h, struct span value)
{
	for (size_t i = 0; i + 5 <= value.n; i++) {
		char word[6] = {0};
		memcpy(word, value.p + i, 5);
		if (word[0] == 'w' && strspn(word + 1, "0123456789") == 4 &&
		    !strstr(buf_text(&h->all), word))
			sim_fail(w, "copy %d: %s was written, and no history tells it", c->index,
				 word);
	}
}

static void verify_one_history(struct world *w, struct copy *c, const struct known_record *r)
{
	struct hearing h = {.all = BUF_INIT};
	size_t count = 0;
	enum err e = book_history(c->book, ref_to(&r->id), hear, &h);
	if (e && e != ERR_ABSENT)
		sim_fail(w, "copy %d: a history cannot be read", c->index);
	for (size_t i = 0; i < w->change_count; i++) {
		const struct known_change *k = &w->changes[i];
		if (!id_equal(&k->record, &r->id) || !oracle_has(w, &c->shelf, i))
			continue;
		count++;
		for (size_t o = 0; o < k->change.op_count; o++)
			check_words(w, c, &h, k->change.ops[o].value);
	}
	if (count > h.lines)
		sim_fail(w, "copy %d: history tells %zu of %zu changes", c->index, h.lines, count);
	buf_fini(&h.all);
}

void verify_history(struct world *w, struct copy *c)
{
	for (size_t i = 0; i < w->record_count; i++)
		verify_one_history(w, c, &w->records[i]);
}

/* --- check ------------------------------------------------------------------------------ */

void verify_check(struct world *w, struct copy *c)
{
	struct diag d = {0};
	copy_takes_in(w, c);
	enum err e = book_check(c->book, &d);
	bool torn = book_trouble(c->book) > 0;
	for (size_t i = 0; i < c->folder.count; i++) {
		const struct listed *f = &c->folder.v[i];
		torn |= f->known >= 0 && f->size != w->files[f->known].bytes.n;
	}
	for (size_t i = 0; i < w->change_count; i++)
		torn |= oracle_carried(w, &c->shelf, i) && !oracle_has(w, &c->shelf, i);
	if (e && !torn)
		sim_fail(w, "copy %d: check finds: %s", c->index, diag_first(&d));
	for (size_t i = 0; i < d.count; i++)
		if (strstr(d.lines[i].text, "do not show"))
			sim_fail(w, "copy %d: check finds: %s", c->index, d.lines[i].text);
	diag_fini(&d);
}

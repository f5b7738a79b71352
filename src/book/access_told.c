/* SPDX-License-Identifier: MIT
 *
 * The access log told: its entries, what waits, and the changes by the minute; and where it lacks
 * an entry.
 */
#include "book_impl.h"

#include <linkbook/mem.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct gathering {
	struct book *b;
	struct access_event *v;
	size_t count, cap;
	struct same people; /* who is asked about; none: all */
	struct id *ids, *after; /* of the entries, for gaps */
	size_t entries, id_cap, after_cap;
	enum err e;
};

static bool is_asked_for(const struct gathering *g, const struct id *person)
{
	return !g->people.count || same_has(&g->people, person);
}

static void add_event(struct gathering *g, const char *at, const char *act, struct span who,
		      const struct id *person, int64_t count)
{
	g->v = mem_room(g->v, g->count, &g->cap, sizeof *g->v);
	struct access_event *e = &g->v[g->count++];
	*e = (struct access_event){
		.who = mem_text_n((const char *)who.p, who.n), .person = *person, .count = count};
	snprintf(e->at, sizeof e->at, "%s", at);
	snprintf(e->act, sizeof e->act, "%s", act);
}

static void text_of(const struct record *r, const char *field, char out[32])
{
	struct span text;
	*out = 0;
	if (value_is_text(record_value(r, field), &text))
		snprintf(out, 32, "%.*s", (int)text.n, (const char *)text.p);
}

static void note_entry(struct gathering *g, const struct record *r)
{
	struct id after = {{0}};
	if (!value_is_id(record_value(r, "after"), &after))
		after = (struct id){{0}};
	g->ids = mem_room(g->ids, g->entries, &g->id_cap, sizeof *g->ids);
	g->after = mem_room(g->after, g->entries, &g->after_cap, sizeof *g->after);
	g->ids[g->entries] = r->id;
	g->after[g->entries++] = after;
}

static bool gather_entry(void *arg, const struct record *r)
{
	struct gathering *g = arg;
	struct said *people;
	struct id person = {{0}};
	struct span who = {NULL, 0};
	char at[32], act[32];
	int64_t count = 1;
	size_t n = record_members(r, kind_field(r->kind, "people"), &people);
	if (n && !value_is_id(people[0].value, &person))
		person = (struct id){{0}};
	free(people);
	note_entry(g, r);
	text_of(r, "at", at);
	text_of(r, "act", act);
	at[16] = 0; /* the minute; the zone is the machine's */
	if (!value_is_text(record_value(r, "who"), &who) ||
	    !value_is_int(record_value(r, "count"), &count))
		count = 1;
	if (is_asked_for(g, &person))
		add_event(g, at, act, who, &person, count);
	return true;
}

static bool is_same_line(const struct access_event *a, const struct access_event *b)
{
	return !strcmp(a->at, b->at) && !strcmp(a->act, b->act) && !strcmp(a->who, b->who) &&
	       id_equal(&a->person, &b->person);
}

static bool gather_changes(void *arg, const struct record *r)
{
	struct gathering *g = arg;
	struct changes c;
	struct id person = r->subject;
	if (id_equal(&person, &r->store))
		person = (struct id){{0}};
	if (!is_asked_for(g, &person) || r->kind->by_program)
		return true;
	g->e = read_changes(store_of(g->b, r), &r->subject, &r->id, &c);
	for (size_t i = 0; !g->e && i < c.count; i++) {
		struct buf at = BUF_INIT;
		when_to_iso(when_from_ms(c.changes[i].stamp), false, &at);
		if (!c.changes[i].seed_source.n)
			add_event(g, buf_text(&at), "changed", c.changes[i].author, &person, 1);
		buf_fini(&at);
	}
	changes_free(&c);
	return !g->e;
}

static int by_time(const void *a, const void *b)
{
	const struct access_event *x = a, *y = b;
	int order = strcmp(x->at, y->at);
	order = order ? order : strcmp(x->act, y->act);
	order = order ? order : strcmp(x->who, y->who);
	return order ? order : id_order(&x->person, &y->person);
}

/* Several changes of one person's file within a minute are one line. */
static void gather_lines(struct gathering *g)
{
	size_t kept = 0;
	if (g->count)
		qsort(g->v, g->count, sizeof *g->v, by_time);
	for (size_t i = 0; i < g->count; i++) {
		if (kept && !strcmp(g->v[i].act, "changed") &&
		    is_same_line(&g->v[kept - 1], &g->v[i])) {
			g->v[kept - 1].count += g->v[i].count;
			free(g->v[i].who);
		} else {
			g->v[kept++] = g->v[i];
		}
	}
	g->count = kept;
}

/* What waits is told as well. */
static void gather_waiting(struct gathering *g)
{
	log_begin(g->b);
	for (size_t i = 0; i < g->b->log.count; i++) {
		const struct access *a = &g->b->log.v[i];
		char at[32];
		snprintf(at, sizeof at, "%.16s", a->at);
		if (is_asked_for(g, &a->person))
			add_event(g, at, a->act, span_text(a->who), &a->person, a->count);
	}
}

static void gathering_fini(struct gathering *g)
{
	same_fini(&g->people);
	free(g->ids);
	free(g->after);
}

enum err book_access(struct book *b, const struct id *person, struct access_event **out,
		     size_t *count)
{
	struct gathering g = {.b = b};
	enum err e = person ? same_find(b->stores[0], person, &g.people) : OK;
	if (!e)
		e = read_all(b, kind_find(log_kind), gather_entry, &g);
	for (const struct kind *k = kinds; !e && k->name; k++)
		if (k->store != STORE_DIRECTORY)
			e = read_all(b, k, gather_changes, &g);
	e = e ? e : g.e;
	if (!e)
		gather_waiting(&g);
	gather_lines(&g);
	gathering_fini(&g);
	*out = g.v;
	*count = g.count;
	if (e) {
		book_access_free(g.v, g.count);
		*out = NULL;
		*count = 0;
	}
	return e;
}

void book_access_free(struct access_event *v, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(v[i].who);
	free(v);
}

/* --- gaps ---------------------------------------------------------------------------------- */

static int id_sort(const void *a, const void *b)
{
	return id_order(a, b);
}

/* An entry waits until the one before it is written or waits as well, so none lacks it but when
 * a file was taken away, or did not come. */
enum err log_check(struct book *b, struct diag *d)
{
	struct gathering g = {.b = b};
	size_t lacking = 0;
	enum err e = read_all(b, kind_find(log_kind), gather_entry, &g);
	if (g.entries)
		qsort(g.ids, g.entries, sizeof *g.ids, id_sort);
	for (size_t i = 0; !e && i < g.entries; i++)
		lacking += !id_is_zero(&g.after[i]) &&
			   !bsearch(&g.after[i], g.ids, g.entries, sizeof *g.ids, id_sort);
	if (lacking)
		diag_say(d,
			 "The access log lacks %zu entr%s: a file that had %s was taken away, or "
			 "was "
			 "not copied.",
			 lacking, lacking == 1 ? "y" : "ies", lacking == 1 ? "it" : "them");
	book_access_free(g.v, g.count);
	gathering_fini(&g);
	return e ? e : lacking ? ERR_DAMAGED : OK;
}

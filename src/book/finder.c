/* SPDX-License-Identifier: MIT
 *
 * The groups of all open directories, held so that a line can be put to each of them between two
 * letters.
 */
#include "finder_impl.h"

#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* --- names ---------------------------------------------------------------------------------- */

size_t names_find(const struct names *n, const char *folded)
{
	for (size_t i = 0; i < n->count; i++)
		if (!strcmp(n->v[i].folded, folded))
			return i;
	return SIZE_MAX;
}

size_t names_add(struct names *n, struct span shown)
{
	struct buf folded = BUF_INIT;
	text_fold(shown, &folded);
	size_t at = names_find(n, buf_text(&folded));
	if (at == SIZE_MAX && folded.n) {
		at = n->count;
		n->v = mem_room(n->v, n->count, &n->cap, sizeof *n->v);
		n->v[n->count++] =
			(struct name){.shown = mem_text_n((const char *)shown.p, shown.n),
				      .folded = mem_text(buf_text(&folded))};
	}
	buf_fini(&folded);
	return at;
}

static void names_fini(struct names *n)
{
	for (size_t i = 0; i < n->count; i++) {
		free(n->v[i].shown);
		free(n->v[i].folded);
	}
	free(n->v);
	*n = (struct names){0};
}

/* --- terms by number ------------------------------------------------------------------------ */

size_t term_number(const struct finder *f, const char *list, struct span id)
{
	const struct term_list *l = terms_list(book_terms(f->b), list);
	const struct term *t = terms_find(book_terms(f->b), list, id);
	return l && t ? (size_t)(t - l->items) : SIZE_MAX;
}

const char *term_label(const struct finder *f, const char *list, size_t i)
{
	const struct term_list *l = terms_list(book_terms(f->b), list);
	return l && i < l->count ? l->items[i].label : "";
}

/* Whether term `of` is above, or is, term `i`. */
static bool is_under(const struct term_list *l, size_t i, size_t of)
{
	const char *id = l->items[of].id;
	const struct term *t = &l->items[i];
	for (int depth = 0; t && depth < 8; depth++) {
		if (!strcmp(t->id, id))
			return true;
		const struct term *above = NULL;
		for (size_t k = 0; t->parent && k < l->count && !above; k++)
			above = strcmp(l->items[k].id, t->parent) ? NULL : &l->items[k];
		t = above;
	}
	return false;
}

static void relate_terms(struct finder *f)
{
	const struct term_list *what = terms_list(book_terms(f->b), "category");
	const struct term_list *who = terms_list(book_terms(f->b), "who-for");
	for (size_t i = 0; what && i < what->count && i < 256; i++)
		for (size_t k = 0; k < what->count; k++)
			if (is_under(what, k, i))
				bits_add(&f->under[i], k);
	for (size_t i = 0; who && i < who->count && i < 64; i++)
		for (size_t k = 0; k < who->count; k++)
			if (is_under(who, k, i) || is_under(who, i, k))
				bits_add(&f->who_near[i], k);
}

/* --- one group ------------------------------------------------------------------------------ */

static void held_fini(struct held *h)
{
	free(h->name);
	free(h->cost);
	free(h->sessions);
}

static struct span text_of(const struct record *r, const char *field)
{
	struct span text = {NULL, 0};
	return value_is_text(record_value(r, field), &text) ? text : span_of(NULL, 0);
}

/* Calls `each` for every member of a set. */
static void each_member(struct finder *f, struct held *h, const struct record *r, const char *field,
			void each(struct finder *f, struct held *h, struct span text))
{
	struct said *v;
	struct span text;
	size_t n = record_members(r, kind_field(r->kind, field), &v);
	for (size_t i = 0; i < n; i++)
		if (value_is_text(v[i].value, &text))
			each(f, h, text);
	free(v);
}

static void add_category(struct finder *f, struct held *h, struct span id)
{
	bits_add(&h->categories, term_number(f, "category", id));
	h->breadth++;
}

static void add_who(struct finder *f, struct held *h, struct span id)
{
	bits_add(&h->who, term_number(f, "who-for", id));
}

static void add_access(struct finder *f, struct held *h, struct span id)
{
	bits_add(&h->access, term_number(f, "access-feature", id));
}

static void add_language(struct finder *f, struct held *h, struct span text)
{
	bits_add(&h->languages, names_add(&f->languages, text));
}

/* A whole council or country is no place on the way to somewhere. */
static void add_served(struct finder *f, struct held *h, struct span text)
{
	struct buf folded = BUF_INIT;
	text_fold(text, &folded);
	bool glasgow = !strcmp(buf_text(&folded), "glasgow");
	bool dunbartonshire = !strcmp(buf_text(&folded), "west dunbartonshire");
	bool all = !strcmp(buf_text(&folded), "scotland") || !strcmp(buf_text(&folded), "uk");
	h->wide_glasgow |= glasgow;
	h->wide_dunbartonshire |= dunbartonshire;
	h->wide_all |= all;
	if (!glasgow && !dunbartonshire && !all)
		bits_add(&h->served, names_add(&f->places, text));
	buf_fini(&folded);
}

/* "10:30" after midnight; NO_TIME. */
static int cell_minutes(struct span row, const char *cell)
{
	struct span v, t;
	if (!value_in_map(row, cell, &v) || !value_is_text(v, &t) || t.n != 5)
		return NO_TIME;
	return ((t.p[0] - '0') * 10 + t.p[1] - '0') * 60 + (t.p[3] - '0') * 10 + t.p[4] - '0';
}

static void add_session(struct finder *f, struct held *h, struct span row)
{
	struct span v, text;
	struct session *s = &h->sessions[h->session_count++];
	*s = (struct session){NO_DAY, cell_minutes(row, "from"), cell_minutes(row, "to"), false};
	if (value_in_map(row, "weekday", &v) && value_is_text(v, &text)) {
		size_t day = term_number(f, "weekday", text);
		s->day = day < NO_DAY ? (int)day : NO_DAY;
	}
	s->some = value_in_map(row, "rule", &v) && value_is_text(v, &text) && text.n;
}

static void add_sessions(struct finder *f, struct held *h, const struct record *r)
{
	const struct state_field *rows = state_field(&r->state, "sessions");
	h->sessions = mem_alloc_many(rows ? rows->row_count : 0, sizeof *h->sessions);
	for (size_t i = 0; rows && i < rows->row_count; i++)
		if (rows->rows[i].count)
			add_session(f, h, rows->rows[i].said[0].value);
}

static void note_checked(struct held *h, const struct record *r)
{
	const struct state_field *rows = state_field(&r->state, "checked");
	struct span v, text;
	struct when day;
	h->checked = LONG_MIN;
	for (size_t i = 0; rows && i < rows->row_count; i++)
		if (rows->rows[i].count && value_in_map(rows->rows[i].said[0].value, "when", &v) &&
		    value_is_text(v, &text) && when_from_iso(text, &day) &&
		    when_to_days(day) > h->checked)
			h->checked = when_to_days(day);
}

static void note_where(struct finder *f, struct held *h, const struct record *r)
{
	struct span postcode = text_of(r, "postcode"), locality = text_of(r, "locality");
	size_t n = 0;
	while (n < postcode.n && n < sizeof h->district - 1 && postcode.p[n] != ' ')
		n++;
	memcpy(h->district, postcode.p ? (const char *)postcode.p : "", n);
	h->locality = locality.n ? names_add(&f->places, locality) : SIZE_MAX;
	if (degrees_read(text_of(r, "latitude"), &h->at.latitude) &&
	    degrees_read(text_of(r, "longitude"), &h->at.longitude))
		h->known = PLACE_EXACT;
	else if (postcode.n)
		h->known = places_find(f->postcodes, postcode, &h->at);
	if (h->locality == SIZE_MAX)
		return;
	struct name *place = &f->places.v[h->locality];
	if (h->known == PLACE_EXACT) {
		place->sum.latitude += h->at.latitude;
		place->sum.longitude += h->at.longitude;
		place->points++;
	}
	static const char *const west[] = {"G60", "G81", "G82", "G83"};
	bool in_west = false;
	for (size_t i = 0; i < sizeof west / sizeof *west; i++)
		in_west |= !strcmp(h->district, west[i]);
	if (*h->district)
		place->council = in_west ? COUNCIL_WEST_DUNBARTONSHIRE : COUNCIL_GLASGOW;
}

bool place_centre(const struct finder *f, size_t place, struct point *out)
{
	const struct name *p = place < f->places.count ? &f->places.v[place] : NULL;
	if (!p || !p->points)
		return false;
	*out = (struct point){p->sum.latitude / (double)p->points,
			      p->sum.longitude / (double)p->points};
	return true;
}

/* The name twice: in both, so that a word of it is never only in one. */
static void add_words(struct finder *f, struct held *h, const struct record *r)
{
	struct buf words = BUF_INIT;
	words_begin(&f->name_words);
	text_fold(text_of(r, "name"), &words);
	words_add(&f->name_words, buf_span(&words));
	buf_clear(&words);
	text_fold(text_of(r, "organisation"), &words);
	words_add(&f->name_words, buf_span(&words));
	buf_clear(&words);
	h->words = words_begin(&f->text_words);
	record_fold_words(f->b, r, &words);
	words_add(&f->text_words, buf_span(&words));
	f->word_count++;
	buf_fini(&words);
}

static void hold(struct finder *f, const struct record *r)
{
	struct span name = text_of(r, "name"), status = text_of(r, "status");
	struct span cost = text_of(r, "cost");
	f->v = mem_room(f->v, f->count, &f->cap, sizeof *f->v);
	struct held *h = &f->v[f->count++];
	*h = (struct held){.ref = ref_of(r),
			   .name = mem_text_n((const char *)name.p, name.n),
			   .cost = mem_text_n((const char *)cost.p, cost.n),
			   .pence = line_price(cost),
			   .status = span_is(status, "closed")	 ? HELD_CLOSED
				     : span_is(status, "paused") ? HELD_PAUSED
								 : HELD_ACTIVE,
			   .max_age = INT64_MAX,
			   .practice = r->store};
	if (!value_is_int(record_value(r, "min_age"), &h->min_age))
		h->min_age = 0;
	if (!value_is_int(record_value(r, "max_age"), &h->max_age))
		h->max_age = INT64_MAX;
	each_member(f, h, r, "categories", add_category);
	each_member(f, h, r, "who_for", add_who);
	each_member(f, h, r, "access_features", add_access);
	each_member(f, h, r, "languages", add_language);
	each_member(f, h, r, "area_served", add_served);
	add_sessions(f, h, r);
	note_checked(h, r);
	note_where(f, h, r);
	add_words(f, h, r);
}

/* --- practices ------------------------------------------------------------------------------ */

static char *fold_cell(struct span row, const char *cell)
{
	struct buf folded = BUF_INIT;
	struct span v, text;
	if (value_in_map(row, cell, &v) && value_is_text(v, &text))
		text_fold(text, &folded);
	return buf_take_text(&folded);
}

static char *cell_text(struct span row, const char *cell)
{
	struct span v, text = {NULL, 0};
	if (!value_in_map(row, cell, &v) || !value_is_text(v, &text))
		return mem_text("");
	return mem_text_n((const char *)text.p, text.n);
}

/* Of the practice that is read last. */
static void add_locality(struct finder *f, struct held *h, struct span text)
{
	(void)h;
	bits_add(&f->rules[f->rules_count - 1].localities, names_add(&f->places, text));
}

static bool hold_practice(void *arg, const struct record *r)
{
	struct finder *f = arg;
	const struct state_field *rows = state_field(&r->state, "barriers");
	struct span name = text_of(r, "name");
	int64_t months = 0;
	if (!value_is_int(record_value(r, "check_months"), &months))
		months = 6;
	f->rules = mem_room(f->rules, f->rules_count, &f->rules_cap, sizeof *f->rules);
	f->rules[f->rules_count++] =
		(struct house_rules){.directory = r->store,
				     .check_months = months,
				     .name = mem_text_n((const char *)name.p, name.n)};
	for (size_t i = 0; rows && i < rows->row_count; i++) {
		if (!rows->rows[i].count)
			continue;
		struct span row = rows->rows[i].said[0].value;
		f->barriers = mem_room(f->barriers, f->barrier_count, &f->barrier_cap,
				       sizeof *f->barriers);
		f->barriers[f->barrier_count++] = (struct barrier){
			fold_cell(row, "from"), fold_cell(row, "to"), cell_text(row, "why")};
	}
	each_member(f, NULL, r, "localities", add_locality);
	return true;
}

/* --- all of them ---------------------------------------------------------------------------- */

static bool hold_one(void *arg, const struct record *r)
{
	hold(arg, r);
	return true;
}

static void forget(struct finder *f)
{
	for (size_t i = 0; i < f->count; i++)
		held_fini(&f->v[i]);
	for (size_t i = 0; i < f->barrier_count; i++) {
		free(f->barriers[i].from);
		free(f->barriers[i].to);
		free(f->barriers[i].why);
	}
	for (size_t i = 0; i < f->rules_count; i++)
		free(f->rules[i].name);
	f->count = f->barrier_count = f->rules_count = f->word_count = 0;
	words_fini(&f->name_words);
	words_fini(&f->text_words);
	names_fini(&f->places);
	names_fini(&f->languages);
	vocabulary_fini(&f->says);
	places_free(f->postcodes);
	f->postcodes = NULL;
}

struct finder *finder_new(struct book *b)
{
	struct finder *f = mem_alloc(sizeof *f);
	f->b = b;
	relate_terms(f);
	return f;
}

void finder_free(struct finder *f)
{
	if (!f)
		return;
	forget(f);
	free(f->v);
	free(f->barriers);
	free(f->rules);
	free(f);
}

static enum err read_all_groups(struct finder *f, struct diag *d)
{
	forget(f);
	f->postcodes = places_open(book_seam(f->b), book_dir(f->b), d);
	enum err e = book_scan(f->b, kind_find("practice"), NULL, hold_practice, f);
	enum err e2 = book_scan(f->b, kind_find("resource"), NULL, hold_one, f);
	vocabulary_build(f);
	return e ? e : e2;
}

static void leave_place(struct finder *f, const struct held *h)
{
	if (h->known != PLACE_EXACT || h->locality == SIZE_MAX)
		return;
	struct name *place = &f->places.v[h->locality];
	place->sum.latitude -= h->at.latitude;
	place->sum.longitude -= h->at.longitude;
	place->points--;
}

/* What was read before goes, and what is there now comes; its words before stay, with nobody. */
static bool read_one(struct finder *f, struct ref ref)
{
	struct record r;
	for (size_t i = 0; i < f->count; i++)
		if (id_equal(&f->v[i].ref.record, &ref.record) &&
		    id_equal(&f->v[i].ref.in, &ref.in)) {
			leave_place(f, &f->v[i]);
			held_fini(&f->v[i]);
			f->v[i] = f->v[--f->count];
			break;
		}
	if (book_get_in(f->b, ref, &r))
		return false;
	if (!r.state.binned && !strcmp(r.kind ? r.kind->name : "", "resource"))
		hold(f, &r);
	record_fini(&r);
	return true;
}

/* Only groups were altered, and these are read. */
static bool read_altered(struct finder *f)
{
	struct ref refs[BOOK_ALTERED_MOST];
	size_t n;
	if (!f->version || !book_altered_since(f->b, f->version, refs, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct record r;
		if (book_get_in(f->b, refs[i], &r))
			return false;
		bool is_group = r.kind && !strcmp(r.kind->name, "resource");
		bool is_practice = r.kind && !strcmp(r.kind->name, "practice");
		record_fini(&r);
		if (is_practice || (is_group && !read_one(f, refs[i])))
			return false;
	}
	if (n) {
		vocabulary_fini(&f->says);
		vocabulary_build(f);
	}
	return true;
}

enum err finder_refresh(struct finder *f, struct diag *d)
{
	uint64_t now = book_version(f->b);
	enum err e = OK;
	if (now && now == f->version)
		return OK;
	if (!read_altered(f))
		e = read_all_groups(f, d);
	f->version = e ? 0 : now;
	return e;
}

size_t finder_count(const struct finder *f)
{
	return f->count;
}

struct ref finder_ref(const struct finder *f, size_t i)
{
	return f->v[i].ref;
}

const char *finder_name(const struct finder *f, size_t i)
{
	return f->v[i].name;
}

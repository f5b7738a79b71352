/* SPDX-License-Identifier: MIT
 *
 * The rows of a list, read from the book.
 *
 * Of thousands of records a save alters one or two: these are read again, where the book can say
 * which they are and no row says anything of others.  Each row keeps what it is ordered by for
 * every column, so that sorting reads nothing.
 */
#include "listing.h"
#include "column.h"
#include "draft.h"
#include "options.h"
#include <linkbook/finder.h>
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

struct listing *listing_take(struct app *app, const struct screen_def *def)
{
	struct listing *l = app->listings;
	while (l && (l->in_use || l->def != def))
		l = l->next;
	if (!l) {
		l = mem_alloc(sizeof *l);
		*l = (struct listing){.next = app->listings, .def = def};
		app->listings = l;
	}
	l->in_use = true;
	return l;
}

void listing_give_back(struct listing *l)
{
	l->in_use = false;
	rows_forget(&l->rows);
	l->rows.unsorted |= l->by > 0;
	l->by = 0;
	l->backwards = false;
}

struct finder *app_finder(struct app *app)
{
	struct diag d = {0};
	if (!app->finder)
		app->finder = finder_new(app->book);
	enum err e = finder_refresh(app->finder, &d);
	if (e || d.count)
		app_say_fault(app, "Not all groups could be read", e, &d);
	diag_fini(&d);
	return app->finder;
}

void listings_free(struct app *app)
{
	finder_free(app->finder);
	app->finder = NULL;
	while (app->listings) {
		struct listing *l = app->listings;
		app->listings = l->next;
		rows_fini(&l->rows);
		free(l);
	}
}

/* --- what a row says ---------------------------------------------------------------------- */

struct filling {
	struct rows *rows;
	const struct screen_def *def;
	struct columns columns;
	struct buf words; /* of the record at hand */
};

/* What stands in conflict is marked in front of the row. */
static void say_cell(const struct filling *f, const struct record *r, size_t i, struct buf *out)
{
	if (!i && state_conflicts(&r->state))
		buf_add_text(out, "! ");
	column_say(&f->columns, r, f->def->columns[i].name, out);
}

/* What no field of the record holds in words: whose it is, and other records by name. */
static void add_said(const struct screen_def *def, const struct row *row, struct buf *words)
{
	for (size_t i = 0; i < def->column_count; i++) {
		const struct field *f = kind_field(def->of, def->columns[i].name);
		if (f && !options_are_records(f))
			continue;
		buf_add_byte(words, ' ');
		text_fold(buf_span(&row->texts[i]), words);
	}
}

/* Bit n: it is in the n-th filter. */
static uint64_t filters_of(const struct screen_def *def, const struct record *r)
{
	uint64_t sets = 0;
	for (size_t i = 0; i < def->filter_count; i++) {
		const struct def_filter *filter = &def->filters[i];
		bool in = true;
		for (size_t k = 0; in && k < filter->when_count; k++)
			in = def_holds(&filter->when[k], r);
		sets |= (uint64_t)in << (i + 1);
	}
	return sets;
}

/* The keys of a row: one a column, then those of the file's own order. */
static const char *key_name(const struct screen_def *def, size_t i)
{
	if (i < def->column_count)
		return def->columns[i].name;
	const char *name = def->sort[i - def->column_count];
	return name + (*name == '-');
}

static bool add_record(void *arg, const struct record *r)
{
	struct filling *f = arg;
	const struct screen_def *def = f->def;
	size_t keys = def->column_count + def->sort_count;
	struct row *row = rows_add(f->rows, &r->id, def->column_count, keys);
	row->in = r->subject;
	row->sets = filters_of(def, r);
	for (size_t i = 0; i < def->column_count; i++)
		say_cell(f, r, i, &row->texts[i]);
	for (size_t i = 0; i < keys; i++)
		column_key(&f->columns, r, key_name(def, i), &row->keys[i]);
	record_fold_words(f->columns.app->book, r, &f->words);
	add_said(def, row, &f->words);
	rows_add_words(f->rows, buf_span(&f->words));
	buf_clear(&f->words);
	return true;
}

/* --- everything --------------------------------------------------------------------------- */

static void read_all(struct app *app, struct listing *l)
{
	struct filling f = {.rows = &l->rows, .def = l->def, .words = BUF_SECRET};
	struct moment now = app_moment(app);
	columns_init(&f.columns, app, l->def, NULL);
	enum err e = book_scan(app->book, l->def->of, NULL, add_record, &f);
	if (e)
		app_say_fault(app, "Not everything could be read", e, NULL);
	l->read = now;
	if (e || f.columns.failed)
		l->read = (struct moment){0};
	columns_fini(&f.columns);
	buf_fini(&f.words);
}

/* --- what was altered --------------------------------------------------------------------- */

/* A row names records of other kinds, and these may be named after others still. */
static bool names_others(const struct screen_def *def)
{
	for (size_t i = 0; i < def->column_count; i++) {
		const struct field *f = kind_field(def->of, def->columns[i].name);
		if (f && options_are_records(f))
			return true;
	}
	return false;
}

enum concern { CONCERN_NONE, CONCERN_ROW, CONCERN_ALL };

/* How the list is concerned by a record that was altered, and in which row: what is told of a
 * person has to do with all of their file, and all of their file with what is told of them. */
static enum concern concern_of(const struct screen_def *def, const struct record *r,
			       struct ref *row)
{
	bool in_file = !id_equal(&r->subject, &r->store);
	*row = ref_of(r);
	if (names_others(def))
		return CONCERN_ALL;
	if (def->of->is_subject) {
		row->record = r->subject;
		return in_file ? CONCERN_ROW : CONCERN_NONE;
	}
	if (r->kind == def->of)
		return CONCERN_ROW;
	return r->kind && r->kind->is_subject ? CONCERN_ALL : CONCERN_NONE;
}

/* The rows of what was altered, each once; false: it is better to read everything. */
static bool find_altered(struct app *app, const struct screen_def *def, uint64_t since,
			 struct ref rows[BOOK_ALTERED_MOST], size_t *count)
{
	struct ref altered[BOOK_ALTERED_MOST];
	size_t n;
	*count = 0;
	if (!book_altered_since(app->book, since, altered, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct record r;
		struct ref row;
		if (book_get_in(app->book, altered[i], &r))
			return false;
		enum concern c = concern_of(def, &r, &row);
		record_fini(&r);
		if (c == CONCERN_ALL)
			return false;
		bool twice = false;
		for (size_t k = 0; k < *count; k++)
			twice |= !memcmp(&rows[k], &row, sizeof row);
		if (c == CONCERN_ROW && !twice)
			rows[(*count)++] = row;
	}
	return true;
}

static bool read_row(struct app *app, struct filling *f, struct ref ref)
{
	struct record r;
	rows_remove(f->rows, ref);
	if (book_get_in(app->book, ref, &r))
		return false;
	if (!r.state.binned && !r.state.restricted) {
		columns_init(&f->columns, app, f->def, &r);
		add_record(f, &r);
		columns_fini(&f->columns);
	}
	record_fini(&r);
	return !f->columns.failed;
}

#ifdef LINKBOOK_SIM
bool listing_rechecks;
unsigned listing_parts;
#endif

static bool read_altered(struct app *app, struct listing *l)
{
	struct filling f = {.rows = &l->rows, .def = l->def, .words = BUF_SECRET};
	struct moment now = app_moment(app);
	struct ref rows[BOOK_ALTERED_MOST];
	size_t count;
	if (now.day != l->read.day || !find_altered(app, l->def, l->read.version, rows, &count))
		return false;
	bool done = true;
	for (size_t i = 0; done && i < count; i++)
		done = read_row(app, &f, rows[i]);
	buf_fini(&f.words);
	l->read = now;
#ifdef LINKBOOK_SIM
	listing_parts += done;
#endif
	return done;
}

#ifdef LINKBOOK_SIM
static bool same_bufs(const struct buf *a, const struct buf *b, size_t count)
{
	bool same = true;
	for (size_t i = 0; i < count; i++)
		same &= span_equal(buf_span(&a[i]), buf_span(&b[i]));
	return same;
}

static bool same_row(const struct row *a, const struct row *b)
{
	return id_equal(&a->in, &b->in) && a->sets == b->sets &&
	       same_bufs(a->texts, b->texts, a->text_count) &&
	       same_bufs(a->keys, b->keys, a->key_count);
}

/* Both by id, as nothing else has ordered them. */
static void recheck(struct app *app, struct listing *l)
{
	struct listing all = {.def = l->def};
	struct id none = {{0}};
	read_all(app, &all);
	rows_finish(&all.rows, NULL, 0, &none);
	l->rows.unsorted = true;
	rows_finish(&l->rows, NULL, 0, &none);
	l->rows.unsorted = true;
	BUG_IF(l->rows.count != all.rows.count);
	for (size_t i = 0; i < all.rows.count; i++)
		BUG_IF(!same_row(&l->rows.all[i], &all.rows.all[i]));
	rows_fini(&all.rows);
}
#endif

/* --- the whole --------------------------------------------------------------------------- */

/* The column that was chosen comes first, then the file's. */
static void finish(struct listing *l, const struct id *was)
{
	const struct screen_def *def = l->def;
	size_t n = 0;
	struct row_order *order = mem_alloc_many(def->sort_count + 1, sizeof *order);
	if (l->by)
		order[n++] = (struct row_order){l->by - 1, l->backwards};
	for (size_t i = 0; i < def->sort_count; i++)
		order[n++] = (struct row_order){def->column_count + i, *def->sort[i] == '-'};
	rows_finish(&l->rows, order, n, was);
	free(order);
}

void listing_refresh(struct app *app, struct listing *l)
{
	struct id was;
	rows_keep(&l->rows, &was);
	if (!app_is_unchanged(app, l->read) && !read_altered(app, l)) {
		rows_start(&l->rows);
		read_all(app, l);
	}
#ifdef LINKBOOK_SIM
	if (listing_rechecks && l->read.version)
		recheck(app, l);
#endif
	app_select_saved(app, &was);
	if (l->def->of->is_subject)
		drafts_add_rows(app, NULL, l->def->column_count, &l->rows);
	finish(l, &was);
}

void listing_sort(struct listing *l, size_t column)
{
	l->backwards = column && l->by == column && !l->backwards;
	l->by = column;
	l->rows.unsorted = true;
}

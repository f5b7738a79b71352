/* SPDX-License-Identifier: MIT
 *
 * Rows to choose from.
 */
#include "rows.h"
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

static void free_bufs(struct buf *bufs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_fini(&bufs[i]);
	free(bufs);
}

static void free_row(struct row *row)
{
	free_bufs(row->texts, row->text_count);
	free_bufs(row->keys, row->key_count);
	buf_fini(&row->words);
	buf_fini(&row->name);
}

static void free_rows(struct rows *r)
{
	for (size_t i = 0; i < r->count; i++)
		free_row(&r->all[i]);
	words_fini(&r->words);
	r->count = r->shown_count = 0;
}

void rows_fini(struct rows *r)
{
	free_rows(r);
	free(r->all);
	free(r->shown);
	buf_fini(&r->find);
	*r = (struct rows){0};
}

static struct id selected_id(const struct rows *r)
{
	const struct row *row = rows_selected(r);
	return row ? row->id : (struct id){{0}};
}

void rows_start(struct rows *r)
{
	free_rows(r);
	r->find.secret = true;
}

void rows_forget(struct rows *r)
{
	buf_fini(&r->find);
	r->find.secret = true;
	r->set = r->selected = r->top = r->shown_count = 0;
	r->seek = NULL;
}

static bool is_draft(const struct row *row, const void *arg)
{
	(void)arg;
	return row->is_draft;
}

static bool is_of(const struct row *row, const void *arg)
{
	const struct ref *ref = arg;
	return !row->is_draft && id_equal(&row->id, &ref->record) && id_equal(&row->in, &ref->in);
}

static void remove_rows(struct rows *r, bool goes(const struct row *row, const void *arg),
			const void *arg)
{
	size_t kept = 0;
	for (size_t i = 0; i < r->count; i++) {
		if (goes(&r->all[i], arg))
			free_row(&r->all[i]);
		else if (i != kept++)
			r->all[kept - 1] = r->all[i];
	}
	r->count = kept;
	r->shown_count = 0;
}

void rows_remove(struct rows *r, struct ref ref)
{
	remove_rows(r, is_of, &ref);
}

void rows_keep(struct rows *r, struct id *was)
{
	*was = selected_id(r);
	remove_rows(r, is_draft, NULL);
}

static struct buf *new_bufs(size_t count)
{
	struct buf *bufs = mem_alloc_many(count, sizeof *bufs);
	for (size_t i = 0; i < count; i++)
		bufs[i] = (struct buf)BUF_SECRET;
	return bufs;
}

struct row *rows_add(struct rows *r, const struct id *id, size_t texts, size_t keys)
{
	r->all = mem_room(r->all, r->count, &r->cap, sizeof *r->all);
	struct row *row = &r->all[r->count++];
	*row = (struct row){
		.id = *id,
		.texts = new_bufs(texts),
		.text_count = texts,
		.keys = new_bufs(keys),
		.key_count = keys,
		.number = SIZE_MAX,
		.words = BUF_SECRET,
		.name = BUF_SECRET,
	};
	r->unsorted = true;
	return row;
}

void rows_add_words(struct rows *r, struct span folded)
{
	struct row *row = &r->all[r->count - 1];
	if (row->is_draft) {
		buf_add_text(&row->words, row->words.n ? " " : "");
		buf_add_span(&row->words, folded);
		return;
	}
	if (row->number == SIZE_MAX)
		row->number = words_begin(&r->words);
	words_add(&r->words, folded);
}

static const struct row_order *order_by;
static size_t order_count;

static int compare(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	if (x->is_draft != y->is_draft)
		return x->is_draft ? -1 : 1;
	int order = 0;
	if (x->is_draft)
		order = span_order(buf_span(&x->keys[0]), buf_span(&y->keys[0]));
	for (size_t i = 0; !x->is_draft && !order && i < order_count; i++) {
		const struct row_order *by = &order_by[i];
		order = span_order(buf_span(&x->keys[by->key]), buf_span(&y->keys[by->key]));
		order = by->backwards ? -order : order;
	}
	if (!order)
		order = id_order(&x->id, &y->id);
	return order ? order : id_order(&x->in, &y->in);
}

/* The nearer the higher.  In the first column a slip of the finger counts less than the
 * words as typed anywhere, but more than a slip anywhere; least wrong is a letter left out
 * (mari for Mairi rather than for Mary). */
enum match {
	MATCH_NOT,
	MATCH_TYPO,
	MATCH_NAME_TYPO,
	MATCH_NAME_GAP,
	MATCH_SOMEWHERE,
	MATCH_NAME,
};

static bool has_in_order(const char *name, const char *letters)
{
	for (; *name && *letters; name++)
		letters += *name == *letters;
	return !*letters;
}

static bool is_there(const struct rows *r, const struct row *row)
{
	return !r->set || row->is_draft || row->sets >> r->set & 1;
}

/* WORDS_NOT, WORDS_TYPO or WORDS_EXACT; found: of the records. */
static enum words_match match_words(const struct row *row, const char *query, const uint8_t *found)
{
	if (!row->is_draft)
		return row->number == SIZE_MAX ? WORDS_NOT : (enum words_match)found[row->number];
	int score = text_match(query, buf_text(&row->words));
	return score > 1 ? WORDS_EXACT : score ? WORDS_TYPO : WORDS_NOT;
}

static enum match match_exactly(const struct row *row, const char *query, const uint8_t *found)
{
	if (match_words(row, query, found) != WORDS_EXACT)
		return MATCH_NOT;
	return text_has(query, buf_text(&row->name)) ? MATCH_NAME : MATCH_SOMEWHERE;
}

static enum match match_with_typo(const struct row *row, const char *query, const uint8_t *found)
{
	if (match_words(row, query, found) == WORDS_NOT)
		return MATCH_NOT;
	if (!text_match(query, buf_text(&row->name)))
		return MATCH_TYPO;
	return has_in_order(buf_text(&row->name), query) ? MATCH_NAME_GAP : MATCH_NAME_TYPO;
}

static void show_matching(struct rows *r, const uint8_t *matches, enum match as, bool drafts)
{
	for (size_t i = 0; i < r->count; i++)
		if (matches[i] == as && r->all[i].is_draft == drafts)
			r->shown[r->shown_count++] = i;
}

/* From and down to: best first, but whoever types a name looks for the person, and finds what
 * was left unfinished beneath. */
static void show_from(struct rows *r, const uint8_t *matches, enum match from, enum match to)
{
	for (int drafts = 0; drafts < 2; drafts++)
		for (int as = from; as >= (int)to; as--)
			show_matching(r, matches, (enum match)as, drafts);
}

static void show_all(struct rows *r)
{
	for (size_t i = 0; i < r->count; i++)
		if (is_there(r, &r->all[i]))
			r->shown[r->shown_count++] = i;
}

/* Most that is typed is found as it was typed; only where nothing is are slips looked for. */
static void show_found(struct rows *r, const char *query)
{
	uint8_t *matches = mem_alloc_many(r->count, 1);
	uint8_t *found = mem_alloc_many(r->words.text_count, 1);
	for (int typos = 0; typos < 2 && !r->shown_count; typos++) {
		words_find(&r->words, query, typos, found);
		for (size_t i = 0; i < r->count; i++) {
			const struct row *row = &r->all[i];
			matches[i] = (uint8_t)(!is_there(r, row) ? MATCH_NOT
					       : typos ? match_with_typo(row, query, found)
						       : match_exactly(row, query, found));
		}
		if (typos)
			show_from(r, matches, MATCH_NAME_GAP, MATCH_TYPO);
		else
			show_from(r, matches, MATCH_NAME, MATCH_SOMEWHERE);
	}
	free(found);
	free(matches);
}

static void match(struct rows *r)
{
	struct buf query = BUF_SECRET;
	text_fold(buf_span(&r->find), &query);
	r->shown_count = 0;
	bool sought = r->seek && r->seek(r->seek_arg, r);
	if (!sought && query.n)
		show_found(r, buf_text(&query));
	else if (!sought)
		show_all(r);
	r->near_from = sought ? r->near_from : r->shown_count;
	buf_fini(&query);
	r->selected = r->top = r->matching = r->total = 0;
	for (size_t i = 0; i < r->near_from; i++)
		r->matching += !r->all[r->shown[i]].is_draft;
	for (size_t i = 0; i < r->count; i++)
		r->total += !r->all[i].is_draft && is_there(r, &r->all[i]);
}

static void select_id(struct rows *r, const struct id *id)
{
	for (size_t i = 0; i < r->shown_count && !id_is_zero(id); i++)
		if (id_equal(&r->all[r->shown[i]].id, id))
			r->selected = i;
}

void rows_finish(struct rows *r, const struct row_order *order, size_t count, const struct id *was)
{
	size_t top = r->top;
	order_by = order;
	order_count = count;
	if (r->count && r->unsorted)
		qsort(r->all, r->count, sizeof *r->all, compare);
	r->unsorted = false;
	r->finished++;
	r->shown = mem_grow(r->shown, r->count, sizeof *r->shown);
	for (size_t i = 0; i < r->count; i++)
		if (r->all[i].text_count && !r->all[i].name.n)
			text_fold(buf_span(&r->all[i].texts[0]), &r->all[i].name);
	match(r);
	select_id(r, was);
	r->top = top < r->shown_count ? top : 0;
}

const struct row *rows_shown(const struct rows *r, size_t i)
{
	return i < r->shown_count ? &r->all[r->shown[i]] : NULL;
}

const struct row *rows_selected(const struct rows *r)
{
	return rows_shown(r, r->selected);
}

size_t rows_matching(const struct rows *r)
{
	return r->matching;
}

size_t rows_total(const struct rows *r)
{
	return r->total;
}

void rows_type(struct rows *r, struct span text)
{
	/* A blank at the start finds nothing and only puzzles. */
	if (!r->find.n && text.n == 1 && *text.p == ' ')
		return;
	text_clean(text, &r->find);
	match(r);
}

void rows_find(struct rows *r, struct span words)
{
	buf_clear(&r->find);
	text_clean(words, &r->find);
	match(r);
}

void rows_find_again(struct rows *r)
{
	match(r);
}

static bool rub_out(struct rows *r)
{
	if (!r->find.n)
		return false;
	r->find.n -= text_grapheme_back(buf_span(&r->find));
	r->find.p[r->find.n] = 0;
	match(r);
	return true;
}

static bool clear(struct rows *r)
{
	if (!r->find.n)
		return false;
	const struct row *row = rows_selected(r);
	struct id was = row ? row->id : (struct id){0};
	buf_clear(&r->find);
	match(r);
	select_id(r, &was);
	return true;
}

static void move(struct rows *r, long by)
{
	long to = (long)r->selected + by, last = (long)r->shown_count - 1;
	to = to > last ? last : to;
	r->selected = to < 0 ? 0 : (size_t)to;
}

bool rows_act(struct rows *r, enum action action, size_t page)
{
	static const struct {
		enum action action;
		int by; /* 2: a page; 3: all */
	} moves[] = {
		{ACT_UP, -1},	   {ACT_PREVIOUS, -1}, {ACT_DOWN, 1},  {ACT_NEXT, 1},
		{ACT_PAGE_UP, -2}, {ACT_PAGE_DOWN, 2}, {ACT_HOME, -3}, {ACT_END, 3},
	};
	if (action == ACT_RUB_OUT)
		return rub_out(r);
	if (action == ACT_BACK)
		return clear(r);
	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
		if (moves[i].action == action) {
			long far = (long)r->count, by = moves[i].by;
			long steps[] = {0, 1, (long)page, far};
			move(r, by < 0 ? -steps[-by] : steps[by]);
			return true;
		}
	return false;
}

bool rows_select(struct rows *r, size_t i)
{
	bool was = r->selected == i;
	if (i < r->shown_count)
		r->selected = i;
	return was && i < r->shown_count;
}

void rows_scroll(struct rows *r, size_t visible)
{
	visible = visible ? visible : 1;
	if (r->selected < r->top)
		r->top = r->selected;
	if (r->selected >= r->top + visible)
		r->top = r->selected - visible + 1;
	size_t most = r->shown_count > visible ? r->shown_count - visible : 0;
	if (r->top > most)
		r->top = most;
}

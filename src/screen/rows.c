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

static void free_rows(struct rows *r)
{
	for (size_t i = 0; i < r->count; i++) {
		free_bufs(r->all[i].texts, r->all[i].text_count);
		free_bufs(r->all[i].keys, r->all[i].key_count);
		buf_fini(&r->all[i].words);
		buf_fini(&r->all[i].name);
	}
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

void rows_start(struct rows *r, struct id *was)
{
	const struct row *row = rows_selected(r);
	*was = row ? row->id : (struct id){0};
	free_rows(r);
	r->find.secret = true;
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
		.words = BUF_SECRET,
		.name = BUF_SECRET,
	};
	return row;
}

static const int *order_signs;

static int compare(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	if (x->is_draft != y->is_draft)
		return x->is_draft ? -1 : 1;
	for (size_t i = 0; i < x->key_count && i < y->key_count; i++) {
		int order = span_order(buf_span(&x->keys[i]), buf_span(&y->keys[i]));
		if (order)
			return x->is_draft ? order : order * order_signs[i];
	}
	return id_order(&x->id, &y->id);
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

static enum match match_row(const struct row *row, const char *query)
{
	int anywhere = text_match(query, buf_text(&row->words));
	int name = text_match(query, buf_text(&row->name));
	if (anywhere > 1)
		return name > 1 ? MATCH_NAME : MATCH_SOMEWHERE;
	if (!anywhere || !name)
		return anywhere ? MATCH_TYPO : MATCH_NOT;
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
		r->shown[r->shown_count++] = i;
}

static void match(struct rows *r)
{
	struct buf query = BUF_SECRET;
	uint8_t *matches = mem_alloc_many(r->count, 1);
	text_fold(buf_span(&r->find), &query);
	for (size_t i = 0; i < r->count; i++)
		matches[i] = (uint8_t)match_row(&r->all[i], buf_text(&query));
	r->shown_count = 0;
	if (query.n)
		show_from(r, matches, MATCH_NAME, MATCH_SOMEWHERE);
	else
		show_all(r);
	if (!r->shown_count)
		show_from(r, matches, MATCH_NAME_GAP, MATCH_TYPO);
	free(matches);
	buf_fini(&query);
	r->selected = r->top = 0;
}

static void select_id(struct rows *r, const struct id *id)
{
	for (size_t i = 0; i < r->shown_count && !id_is_zero(id); i++)
		if (id_equal(&r->all[r->shown[i]].id, id))
			r->selected = i;
}

void rows_finish(struct rows *r, const int *signs, const struct id *was)
{
	size_t top = r->top;
	order_signs = signs;
	if (r->count)
		qsort(r->all, r->count, sizeof *r->all, compare);
	r->shown = mem_grow(r->shown, r->count, sizeof *r->shown);
	for (size_t i = 0; i < r->count; i++)
		if (r->all[i].text_count)
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
	size_t n = 0;
	for (size_t i = 0; i < r->shown_count; i++)
		n += !r->all[r->shown[i]].is_draft;
	return n;
}

size_t rows_total(const struct rows *r)
{
	size_t n = 0;
	for (size_t i = 0; i < r->count; i++)
		n += !r->all[i].is_draft;
	return n;
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

/* SPDX-License-Identifier: MIT
 *
 * The list of groups, found by what is meant.
 */
#include "seeking.h"
#include "pick.h"
#include <linkbook/mem.h>
#include <linkbook/text.h>
#include <linkbook/wrap.h>

#include <stdlib.h>
#include <string.h>

enum { NEAR_SHOWN = 8 };

struct seeking {
	struct rows *rows;
	const struct finder *finder; /* the app's */
	bool for_person;
	struct id person;
	struct find_wants wants;
	struct find_answer answer;
	size_t *row_of; /* of each group of the finder; SIZE_MAX: it has none */
	bool moved; /* groups did, since row_of was filled in */
	size_t finished; /* of the rows, when it was */
	char *plain[PLAIN_MOST]; /* words that are to be taken as they stand, folded */
	size_t plain_count;
};

/* --- rows and groups ---------------------------------------------------------------------- */

struct located {
	struct ref ref;
	size_t row;
};

static int by_ref(const void *a, const void *b)
{
	const struct located *x = a, *y = b;
	int order = id_order(&x->ref.record, &y->ref.record);
	return order ? order : id_order(&x->ref.in, &y->ref.in);
}

static void locate(struct seeking *s)
{
	size_t groups = finder_count(s->finder), rows = s->rows->count;
	struct located *v = mem_alloc_many(rows + 1, sizeof *v);
	for (size_t i = 0; i < rows; i++)
		v[i] = (struct located){{s->rows->all[i].in, s->rows->all[i].id}, i};
	qsort(v, rows, sizeof *v, by_ref);
	free(s->row_of);
	s->row_of = mem_alloc_many(groups + 1, sizeof *s->row_of);
	for (size_t i = 0; i < groups; i++) {
		struct located key = {finder_ref(s->finder, i), 0};
		const struct located *found = bsearch(&key, v, rows, sizeof key, by_ref);
		s->row_of[i] = found ? found->row : SIZE_MAX;
	}
	free(v);
	s->moved = false;
	s->finished = s->rows->finished;
}

/* --- asking ------------------------------------------------------------------------------- */

static void ask(struct seeking *s)
{
	struct find_request request = {.typed = buf_span(&s->rows->find),
				       .plain_count = s->plain_count};
	for (size_t i = 0; i < s->plain_count; i++)
		request.plain[i] = s->plain[i];
	if (s->for_person) {
		request.wants = &s->wants;
		request.postcode = buf_span(&s->wants.postcode);
		request.locality = buf_span(&s->wants.locality);
	}
	find_answer_fini(&s->answer);
	finder_ask(s->finder, &request, &s->answer);
}

static void show(struct seeking *s, const struct found *v, size_t count)
{
	struct rows *r = s->rows;
	for (size_t i = 0; i < count; i++)
		if (s->row_of[v[i].i] != SIZE_MAX && r->shown_count < r->count)
			r->shown[r->shown_count++] = s->row_of[v[i].i];
}

/* In place of the finding by words: false where nothing is asked. */
static bool seek(void *arg, struct rows *r)
{
	struct seeking *s = arg;
	if (!s->finder || !seeking_is_on(s))
		return false;
	if (s->moved || s->finished != r->finished)
		locate(s);
	ask(s);
	show(s, s->answer.hits, s->answer.hit_count);
	r->near_from = r->shown_count;
	size_t near = s->answer.near_count;
	show(s, s->answer.near, near < NEAR_SHOWN ? near : NEAR_SHOWN);
	return true;
}

struct seeking *seeking_new(struct rows *rows, const struct id *person)
{
	struct seeking *s = mem_alloc(sizeof *s);
	*s = (struct seeking){.rows = rows, .for_person = person != NULL};
	if (person)
		s->person = *person;
	rows->seek = seek;
	rows->seek_arg = s;
	return s;
}

static void forget_plain(struct seeking *s)
{
	for (size_t i = 0; i < s->plain_count; i++)
		free(s->plain[i]);
	s->plain_count = 0;
}

void seeking_free(struct seeking *s)
{
	if (!s)
		return;
	forget_plain(s);
	find_answer_fini(&s->answer);
	find_wants_fini(&s->wants);
	free(s->row_of);
	free(s);
}

bool seeking_is_on(const struct seeking *s)
{
	return s && (s->rows->find.n || s->for_person);
}

/* --- reading ------------------------------------------------------------------------------ */

void seeking_refresh(struct app *app, struct seeking *s)
{
	struct finder *f = app_finder(app);
	s->finder = f;
	find_wants_fini(&s->wants);
	if (s->for_person && finder_wants(f, &s->person, &s->wants))
		s->for_person = false;
	s->moved = true;
}

/* --- what was understood ------------------------------------------------------------------ */

bool seeking_has_pieces(const struct seeking *s)
{
	bool has = false;
	for (size_t i = 0; s && i < s->answer.piece_count; i++)
		has |= !s->answer.pieces[i].wanted && s->answer.pieces[i].kind != PIECE_WORD;
	return s && (has || s->plain_count) && s->rows->find.n;
}

/* What is ticked keeps its meaning; the rest is taken as it stands. */
static void take_pieces(struct app *app, void *arg, const struct picks *picks)
{
	struct seeking *s = arg;
	struct find_answer all;
	struct find_request request = {.typed = buf_span(&s->rows->find)};
	(void)app;
	forget_plain(s);
	finder_ask(s->finder, &request, &all);
	for (size_t i = 0; i < all.piece_count && s->plain_count < PLAIN_MOST; i++)
		if (all.pieces[i].kind != PIECE_WORD && !picks_has(picks, all.pieces[i].typed))
			s->plain[s->plain_count++] = mem_text(all.pieces[i].typed);
	find_answer_fini(&all);
	rows_find_again(s->rows);
}

static bool is_plain(const struct seeking *s, const char *typed)
{
	for (size_t i = 0; i < s->plain_count; i++)
		if (!strcmp(s->plain[i], typed))
			return true;
	return false;
}

/* One line a word: "possil: Possilpark", all that it may mean. */
static void add_meanings(const struct find_answer *a, struct options *o)
{
	for (size_t i = 0; i < a->piece_count; i++) {
		const struct piece *p = &a->pieces[i];
		struct buf label = BUF_SECRET;
		bool twice = i && !strcmp(a->pieces[i - 1].typed, p->typed);
		if (p->kind == PIECE_WORD || twice)
			continue;
		buf_printf(&label, "%s: %s", p->typed, p->label);
		for (size_t k = i + 1; k < a->piece_count && !strcmp(a->pieces[k].typed, p->typed);
		     k++)
			buf_printf(&label, " or %s", a->pieces[k].label);
		options_add(o, p->typed, buf_text(&label), NULL);
		buf_fini(&label);
	}
}

void seeking_ask_pieces(struct app *app, struct seeking *s)
{
	struct find_answer all;
	struct find_request request = {.typed = buf_span(&s->rows->find)};
	struct options o = {0};
	struct picks picked = {0};
	finder_ask(s->finder, &request, &all);
	add_meanings(&all, &o);
	for (size_t i = 0; i < o.count; i++)
		if (!is_plain(s, o.v[i].id))
			picks_add(&picked, o.v[i].id);
	find_answer_fini(&all);
	struct pick_request pick = {.title = "What your words were taken for",
				    .picked = &picked,
				    .many = true,
				    .took = take_pieces,
				    .arg = s};
	app_push(app, pick_new(app, &pick, &o));
	picks_clear(&picked);
}

/* --- painting ----------------------------------------------------------------------------- */

bool seeking_paint_pieces(const struct seeking *s, struct grid *g, struct box b)
{
	struct buf words = BUF_SECRET, line = BUF_SECRET;
	if (!s->rows->find.n)
		return false;
	finder_say_pieces(&s->answer, &words);
	buf_printf(&line, "As: %s", buf_text(&words));
	grid_put(g, b.y, 1, b.columns - 1, buf_span(&line), ATTR_DIM);
	buf_fini(&words);
	buf_fini(&line);
	return true;
}

void seeking_paint_near(const struct seeking *s, struct grid *g, int y)
{
	const char *words = s->rows->near_from
				    ? "Nothing right? Each of these lacks one thing:"
				    : "Nothing has all of that. Each of these lacks one thing:";
	grid_put(g, y, 1, g->columns - 1, span_text(words), ATTR_DIM);
}

/* Which of the answer a row that is shown is. */
static const struct found *found_at(const struct seeking *s, size_t shown)
{
	const struct rows *r = s->rows;
	const struct found *v = shown < r->near_from ? s->answer.hits : s->answer.near;
	size_t count = shown < r->near_from ? s->answer.hit_count : s->answer.near_count;
	for (size_t i = 0; shown < r->shown_count && i < count; i++)
		if (s->row_of[v[i].i] == r->shown[shown])
			return &v[i];
	return NULL;
}

/* Rows from y on, at most `rows`; how many it took. */
static int paint_words(struct grid *g, struct box b, int rows, struct span words, unsigned attr)
{
	struct wrap w = {0};
	wrap_text(words, b.columns - 2, &w);
	int n = (int)w.count < rows ? (int)w.count : rows;
	for (int i = 0; i < n; i++) {
		struct span row = wrap_row_text(&w, words, (size_t)i);
		if (i == n - 1 && (int)w.count > n) /* the rest, cut where the row ends */
			row = span_of(words.p + w.rows[i].from, words.n - w.rows[i].from);
		grid_put(g, b.y + i, 1, b.columns - 2, row, attr);
	}
	wrap_fini(&w);
	return n;
}

void seeking_paint_detail(const struct seeking *s, struct grid *g, struct box b)
{
	const struct found *one = found_at(s, s->rows->selected);
	struct buf speaks = BUF_SECRET, mind = BUF_SECRET;
	if (!one || b.rows < 2)
		return;
	finder_say_for(s->finder, &s->answer, one, &speaks);
	finder_say_mind(s->finder, &s->answer, one, &mind);
	int rows = mind.n ? (b.rows + 1) / 2 : b.rows;
	int used = speaks.n ? paint_words(g, b, rows, buf_span(&speaks), 0) : 0;
	b.y += used;
	if (mind.n)
		paint_words(g, b, b.rows - used, buf_span(&mind), ATTR_BOLD);
	buf_fini(&speaks);
	buf_fini(&mind);
}

void seeking_say_whom(const struct seeking *s, struct buf *out)
{
	if (s && s->for_person)
		buf_printf(out, " for %s", buf_text(&s->wants.name));
}

/* SPDX-License-Identifier: MIT
 *
 * Which words mean what: the terms as they are called, what people say for them, and the
 * localities and languages that the groups themselves name.
 */
#include "finder_impl.h"

#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

/* The lists whose terms a line may name, and what kind of piece each gives. */
static const struct {
	const char *list;
	enum piece_kind kind;
	bool by_label; /* what its terms are called is said, too */
} lists[] = {
	{"category", PIECE_NEED, true},		{"who-for", PIECE_WHO, true},
	{"access-feature", PIECE_ACCESS, true}, {"weekday", PIECE_DAY, true},
	{"part-of-day", PIECE_TIME, false},	{"price", PIECE_PRICE, false},
};

static void add(struct vocabulary *v, const char *words, enum piece_kind kind, size_t term,
		bool small)
{
	if (!*words || term == SIZE_MAX)
		return;
	v->v = mem_room(v->v, v->count, &v->cap, sizeof *v->v);
	v->v[v->count++] = (struct meaning){mem_text(words), kind, term, small};
}

static void add_folded(struct vocabulary *v, const char *text, enum piece_kind kind, size_t term)
{
	struct buf folded = BUF_INIT;
	text_fold(span_text(text), &folded);
	add(v, buf_text(&folded), kind, term, false);
	buf_fini(&folded);
}

static void add_labels(struct finder *f)
{
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		const struct term_list *l = terms_list(book_terms(f->b), lists[i].list);
		for (size_t k = 0; l && lists[i].by_label && k < l->count; k++) {
			add_folded(&f->says, l->items[k].label, lists[i].kind, k);
			add_folded(&f->says, l->items[k].id, lists[i].kind, k);
		}
	}
}

static void add_synonyms(struct finder *f)
{
	size_t count;
	const struct synonym *v = terms_synonyms(book_terms(f->b), &count);
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(v[i].list, "small-word"))
			add(&f->says, v[i].words, PIECE_WORD, 0, true);
		for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
			if (!strcmp(v[i].list, lists[k].list))
				add(&f->says, v[i].words, lists[k].kind,
				    term_number(f, v[i].list, span_text(v[i].id)), false);
	}
}

static int by_words(const void *a, const void *b)
{
	const struct meaning *x = a, *y = b;
	int order = strcmp(x->words, y->words);
	if (!order)
		order = (int)x->kind - (int)y->kind;
	return order ? order : (x->term > y->term) - (x->term < y->term);
}

/* A word that means a thing in two ways (by its label and as a synonym) means it once. */
static void drop_doubles(struct vocabulary *v)
{
	size_t kept = 0;
	for (size_t i = 0; i < v->count; i++)
		if (kept && !by_words(&v->v[kept - 1], &v->v[i]))
			free(v->v[i].words);
		else
			v->v[kept++] = v->v[i];
	v->count = kept;
}

bool vocabulary_is_small(const struct vocabulary *v, const char *word)
{
	size_t count;
	const struct meaning *m = vocabulary_find(v, word, &count);
	return m && count == 1 && m->small;
}

/* Without its small words ("lift to hospital": lift hospital); false: it has none, or has no two
 * others. */
static bool leave_small_out(const struct vocabulary *v, const char *phrase, struct buf *out)
{
	size_t words = 0, left = 0;
	buf_clear(out);
	for (const char *p = phrase; *p; p += strspn(p, " "), words++) {
		struct buf one = BUF_INIT;
		size_t n = strcspn(p, " ");
		buf_add(&one, p, n);
		if (!vocabulary_is_small(v, buf_text(&one))) {
			buf_printf(out, "%s%s", left ? " " : "", buf_text(&one));
			left++;
		}
		buf_fini(&one);
		p += n;
	}
	return left > 1 && left < words;
}

/* People put other small words between: lift to the hospital, a lift for hospital. */
static void add_without_small(struct vocabulary *v)
{
	struct buf less = BUF_INIT;
	struct vocabulary more = {0};
	for (size_t i = 0; i < v->count; i++)
		if (!v->v[i].small && leave_small_out(v, v->v[i].words, &less))
			add(&more, buf_text(&less), v->v[i].kind, v->v[i].term, false);
	for (size_t i = 0; i < more.count; i++)
		add(v, more.v[i].words, more.v[i].kind, more.v[i].term, false);
	vocabulary_fini(&more);
	buf_fini(&less);
	if (v->count)
		qsort(v->v, v->count, sizeof *v->v, by_words);
	drop_doubles(v);
}

void vocabulary_build(struct finder *f)
{
	add_labels(f);
	add_synonyms(f);
	for (size_t i = 0; i < f->places.count; i++)
		add(&f->says, f->places.v[i].folded, PIECE_PLACE, i, false);
	for (size_t i = 0; i < f->languages.count; i++)
		add(&f->says, f->languages.v[i].folded, PIECE_LANGUAGE, i, false);
	if (f->says.count)
		qsort(f->says.v, f->says.count, sizeof *f->says.v, by_words);
	drop_doubles(&f->says);
	add_without_small(&f->says);
}

void vocabulary_fini(struct vocabulary *v)
{
	for (size_t i = 0; i < v->count; i++)
		free(v->v[i].words);
	free(v->v);
	*v = (struct vocabulary){0};
}

/* The first that is not before these words. */
static size_t lower(const struct vocabulary *v, const char *words)
{
	size_t low = 0, high = v->count;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (strcmp(v->v[mid].words, words) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static const struct meaning *all_like(const struct vocabulary *v, size_t at, size_t *count)
{
	size_t end = at;
	while (end < v->count && !strcmp(v->v[end].words, v->v[at].words))
		end++;
	*count = end - at;
	return *count ? &v->v[at] : NULL;
}

const struct meaning *vocabulary_find(const struct vocabulary *v, const char *words, size_t *count)
{
	size_t at = lower(v, words);
	*count = 0;
	return at < v->count && !strcmp(v->v[at].words, words) ? all_like(v, at, count) : NULL;
}

enum { BEGUN_LEAST = 4, SLIP_LEAST = 5 };

/* A place that has only begun is meant when four letters of it are there. */
static const struct meaning *find_begun(const struct vocabulary *v, const char *word, size_t *count)
{
	size_t n = strlen(word);
	for (size_t i = lower(v, word); n >= BEGUN_LEAST && i < v->count; i++) {
		if (strncmp(v->v[i].words, word, n) != 0)
			break;
		if (v->v[i].kind == PIECE_PLACE) {
			*count = 1;
			return &v->v[i];
		}
	}
	return NULL;
}

const struct meaning *vocabulary_near(const struct vocabulary *v, const char *word, bool begun,
				      size_t *count)
{
	size_t n = strlen(word);
	const struct meaning *place = begun ? find_begun(v, word, count) : NULL;
	*count = place ? 1 : 0;
	if (place || n < SLIP_LEAST)
		return place;
	for (size_t i = 0; i < v->count; i++) {
		size_t m = strlen(v->v[i].words);
		if (v->v[i].small || strchr(v->v[i].words, ' ') || m + 1 < n || n + 1 < m ||
		    text_distance(word, v->v[i].words, 1) > 1)
			continue;
		return all_like(v, lower(v, v->v[i].words), count);
	}
	return NULL;
}

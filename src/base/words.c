/* SPDX-License-Identifier: MIT
 *
 * The words of many texts, each kept once.
 */
#include <linkbook/words.h>

#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

void words_fini(struct words *w)
{
	buf_fini(&w->text);
	mem_free_secret(w->v);
	mem_free_secret(w->slots);
	mem_free_secret(w->had);
	mem_free_secret(w->ends);
	*w = (struct words){0};
}

/* --- taking in -------------------------------------------------------------------------- */

size_t words_begin(struct words *w)
{
	w->text.secret = true;
	w->ends = mem_room(w->ends, w->text_count, &w->text_cap, sizeof *w->ends);
	w->ends[w->text_count] = w->had_count;
	return w->text_count++;
}

static size_t hash_of(struct span word)
{
	uint64_t h = 0xcbf29ce484222325u;
	for (size_t i = 0; i < word.n; i++)
		h = (h ^ word.p[i]) * 0x100000001b3u;
	return (size_t)(h ^ h >> 29);
}

static struct span word_text(const struct words *w, const struct word *word)
{
	return span_of(w->text.p + word->at, word->n);
}

/* Where it is, or may be put. */
static uint32_t *find_slot(const struct words *w, struct span word)
{
	size_t at = hash_of(word);
	for (;; at++) {
		uint32_t *slot = &w->slots[at & (w->slot_count - 1)];
		if (!*slot || span_equal(word_text(w, &w->v[*slot - 1]), word))
			return slot;
	}
}

/* At most half of the slots are taken. */
static void make_room(struct words *w)
{
	if (w->count * 2 < w->slot_count)
		return;
	mem_free_secret(w->slots);
	w->slot_count = w->slot_count ? w->slot_count * 2 : 256;
	w->slots = mem_alloc_many(w->slot_count, sizeof *w->slots);
	for (size_t i = 0; i < w->count; i++)
		*find_slot(w, word_text(w, &w->v[i])) = (uint32_t)i + 1;
}

static struct word *find_word(struct words *w, struct span word)
{
	make_room(w);
	uint32_t *slot = find_slot(w, word);
	if (*slot)
		return &w->v[*slot - 1];
	w->v = mem_room(w->v, w->count, &w->cap, sizeof *w->v);
	w->v[w->count] = (struct word){.at = w->text.n, .n = word.n};
	buf_add_span(&w->text, word);
	*slot = (uint32_t)++w->count;
	return &w->v[w->count - 1];
}

static void add_word(struct words *w, struct span text)
{
	struct word *word = find_word(w, text);
	if (word->last == w->text_count)
		return;
	word->last = (uint32_t)w->text_count;
	w->had = mem_room(w->had, w->had_count, &w->had_cap, sizeof *w->had);
	w->had[w->had_count++] = (uint32_t)(word - w->v);
	w->ends[w->text_count - 1] = w->had_count;
}

void words_add(struct words *w, struct span folded)
{
	const uint8_t *p = folded.p, *end = folded.p + folded.n;
	while (p < end) {
		const uint8_t *from = p;
		while (p < end && *p != ' ')
			p++;
		if (p > from)
			add_word(w, span_of(from, (size_t)(p - from)));
		p++;
	}
}

/* --- finding ---------------------------------------------------------------------------- */

/* What the query's word is to each word there is; whether it is anything to any. */
static bool judge_words(const struct words *w, struct span wanted, bool typos, uint8_t *is)
{
	bool any = false;
	for (size_t i = 0; i < w->count; i++) {
		is[i] = (uint8_t)text_match_word(wanted, word_text(w, &w->v[i]), typos);
		any |= is[i];
	}
	return any;
}

/* Every word of the query must be had: the worst of them is what the text is. */
static void judge_texts(const struct words *w, const uint8_t *is, uint8_t *out)
{
	const uint32_t *had = w->had, *from = had;
	for (size_t i = 0; i < w->text_count; i++) {
		const uint32_t *end = had + w->ends[i];
		uint8_t best = WORDS_NOT;
		for (; out[i] > best && from < end; from++)
			best = is[*from] > best ? is[*from] : best;
		out[i] = best < out[i] ? best : out[i];
		from = end;
	}
}

void words_find(const struct words *w, const char *query, bool typos, uint8_t *out)
{
	uint8_t *is = mem_alloc_many(w->count, 1);
	bool any = true;
	memset(out, WORDS_EXACT, w->text_count);
	for (const char *p = query + strspn(query, " "); any && *p; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");
		any = judge_words(w, span_of(p, n), typos, is);
		if (any)
			judge_texts(w, is, out);
		p += n;
	}
	if (!any)
		memset(out, WORDS_NOT, w->text_count);
	mem_free_secret(is);
}

bool words_has(const struct words *w, const char *word)
{
	bool has = false;
	for (size_t i = 0; !has && i < w->count; i++)
		has = text_match_word(span_text(word), word_text(w, &w->v[i]), false) > 0;
	return has;
}

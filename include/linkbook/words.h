/* SPDX-License-Identifier: MIT
 *
 * The words of many texts, each kept once, and which texts have it: a word that is typed is held
 * against each word there is, not against all the texts.  Answers as text_match does for each
 * text by itself.
 *
 * What it keeps is secret, and wiped when it goes.
 */
#ifndef LINKBOOK_WORDS_H
#define LINKBOOK_WORDS_H

#include <linkbook/buf.h>

struct words {
	struct buf text; /* the different words, one after the other */
	struct word {
		size_t at, n; /* in text */
		uint32_t last; /* the text that had it last, from 1 */
	} * v;
	size_t count, cap;
	uint32_t *slots; /* by hash: numbers of words, from 1 */
	size_t slot_count;
	uint32_t *had; /* the words of each text, each once, one text after the other */
	size_t had_count, had_cap;
	size_t *ends; /* of each text, in had */
	size_t text_count, text_cap;
};

void words_fini(struct words *w);
/* Begins a text; its number. */
size_t words_begin(struct words *w);
/* Adds words (text_fold's) to the text begun last. */
void words_add(struct words *w, struct span folded);

enum words_match { WORDS_NOT, WORDS_TYPO, WORDS_EXACT };
/* Of each text whether it has all words of the query (folded, not empty), into text_count bytes.
 * typos: those that are a slip away, too. */
void words_find(const struct words *w, const char *query, bool typos, uint8_t *out);
/* True when a word of some text starts with this one (folded). */
bool words_has(const struct words *w, const char *word);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Synonyms: what people say for a term of a list, for finding only.  They are never shown in
 * place of the term and never stored.
 */
#include "synonyms.h"

#include <stdlib.h>
#include <string.h>
#include <linkbook/mem.h>
#include <linkbook/text.h>

enum { SYNONYMS_MOST = 5000, WORDS_MOST = 80 };

static const struct ykey keys[] = {
	{"list", YNODE_TEXT, true},
	{"id", YNODE_TEXT, true},
	{"words", YNODE_LIST, true},
	{0},
};

void synonyms_fini(struct synonyms *s)
{
	for (size_t i = 0; i < s->count; i++)
		free((char *)(uintptr_t)s->v[i].words);
	free(s->v);
	*s = (struct synonyms){0};
}

/* Of a word that can only be a slip the nearest term is named. */
static bool is_known(const struct ydoc *doc, const struct ynode *node, const struct terms *t,
		     struct diag *d)
{
	const struct ynode *list = ynode_get(node, "list"), *id = ynode_get(node, "id");
	if (!terms_list(t, list->text)) {
		ynode_say(doc, list, d, "there is no list \"%s\"; write the name of one",
			  list->text);
		return false;
	}
	if (terms_find(t, list->text, span_text(id->text)))
		return true;
	const struct term *near = terms_nearest(t, list->text, id->text);
	if (near)
		ynode_say(doc, id, d, "\"%s\" is not in the list %s; write %s", id->text,
			  list->text, near->id);
	else
		ynode_say(doc, id, d, "\"%s\" is not in the list %s; write the id of a term",
			  id->text, list->text);
	return false;
}

static void read_words(const struct ydoc *doc, const struct ynode *node, struct synonyms *out,
		       struct diag *d)
{
	const struct ynode *words = ynode_get(node, "words");
	for (size_t i = 0; i < words->count; i++) {
		const struct ynode *one = words->items[i];
		struct buf folded = BUF_INIT;
		if (one->kind == YNODE_TEXT)
			text_fold(span_text(one->text), &folded);
		if (!folded.n || folded.n > WORDS_MOST) {
			ynode_say(doc, one, d, "a word or a few stand here; write what people say");
			buf_fini(&folded);
			continue;
		}
		out->v = mem_room(out->v, out->count, &out->cap, sizeof *out->v);
		out->v[out->count++] = (struct synonym){
			ynode_text(node, "list"), ynode_text(node, "id"), buf_take_text(&folded)};
	}
}

void synonyms_read(const struct ydoc *doc, const struct ynode *list, const struct terms *t,
		   struct synonyms *out, struct diag *d)
{
	if (list->count > SYNONYMS_MOST) {
		ynode_say(doc, list, d, "more than %d synonyms; split the file", SYNONYMS_MOST);
		return;
	}
	for (size_t i = 0; i < list->count; i++)
		if (ynode_check(doc, list->items[i], keys, d) &&
		    is_known(doc, list->items[i], t, d))
			read_words(doc, list->items[i], out, d);
}

/* SPDX-License-Identifier: MIT
 *
 * Code lists read from data/terms.  A list loaded later shadows one of the same name loaded
 * earlier, so a practice can change words; the earlier one stays, because terms are borrowed
 * until terms_free.  No list is known to this file by name.
 */
#include "synonyms.h"

#include <stdlib.h>
#include <string.h>
#include <linkbook/mem.h>
#include <linkbook/text.h>
#include <linkbook/ydoc.h>

/* Bounds that keep a made-up file from costing quadratic time. */
enum { LISTS_MOST = 500, TERMS_MOST = 2000, PARENTS_MOST = 8 };

struct terms {
	struct ydoc *docs; /* what all texts point into */
	size_t doc_count;
	struct term_list **lists;
	size_t count, cap;
	struct synonyms says;
};

/* What one file gives; it is taken when nothing was found. */
struct loading {
	const struct ydoc *doc;
	const struct terms *terms; /* that are here already */
	struct synonyms says;
	struct diag found;
	struct term_list **lists;
	size_t count;
	struct buf shown; /* a piece of the file, fit to stand in a sentence */
};

static const struct ykey file_keys[] = {
	{"format", YNODE_TEXT, true},
	{"lists", YNODE_LIST, true},
	{0},
};
static const struct ykey synonym_keys[] = {
	{"format", YNODE_TEXT, true},
	{"synonyms", YNODE_LIST, true},
	{0},
};
static const struct ykey list_keys[] = {
	{"list", YNODE_TEXT, true},
	{"source", YNODE_TEXT, false},
	{"terms", YNODE_LIST, true},
	{0},
};
static const struct ykey term_keys[] = {
	{"id", YNODE_TEXT, true},
	{"label", YNODE_TEXT, true},
	{"letter", YNODE_TEXT, false},
	{"also", YNODE_TEXT, false},
	{"snomed", YNODE_TEXT, false},
	{"parent", YNODE_TEXT, false},
	{0},
};

struct terms *terms_new(void)
{
	return mem_alloc(sizeof(struct terms));
}

static void free_list(struct term_list *list)
{
	free(list->name);
	free(list->items);
	free(list);
}

void terms_free(struct terms *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->count; i++)
		free_list(t->lists[i]);
	for (size_t i = 0; i < t->doc_count; i++)
		ydoc_fini(&t->docs[i]);
	synonyms_fini(&t->says);
	free(t->lists);
	free(t->docs);
	free(t);
}

/* --- looking up ---------------------------------------------------------------------------- */

const struct term_list *terms_list(const struct terms *t, const char *name)
{
	for (size_t i = t->count; i-- > 0;)
		if (!strcmp(t->lists[i]->name, name))
			return t->lists[i];
	return NULL;
}

static const struct term *find_in(const struct term_list *list, size_t count, struct span id)
{
	for (size_t i = 0; i < count; i++)
		if (span_is(id, list->items[i].id))
			return &list->items[i];
	return NULL;
}

const struct term *terms_find(const struct terms *t, const char *name, struct span id)
{
	const struct term_list *list = terms_list(t, name);
	return list ? find_in(list, list->count, id) : NULL;
}

const struct synonym *terms_synonyms(const struct terms *t, size_t *count)
{
	*count = t->says.count;
	return t->says.v;
}

/* How far `written` (folded) is from a text: 0 the same, 1 and 2 so many edits, 3 its start,
 * 4 something else.  Two edits in a word of three letters make any word of any other. */
static int rank(const char *written, const char *text, struct buf *folded)
{
	buf_clear(folded);
	text_fold(span_text(text), folded);
	int edits = text_distance(written, buf_text(folded), 2);
	size_t n = strlen(written);
	if (!edits || (edits <= 2 && (size_t)edits * 2 < n))
		return edits;
	return n && !strncmp(buf_text(folded), written, n) ? 3 : 4;
}

const struct term *terms_nearest(const struct terms *t, const char *name, const char *written)
{
	const struct term_list *list = terms_list(t, name);
	struct buf word = BUF_INIT, folded = BUF_INIT;
	text_fold(span_text(written), &word);
	const struct term *best = NULL;
	int least = 4;
	for (size_t i = 0; list && word.n && i < list->count; i++) {
		const struct term *term = &list->items[i];
		int by_label = rank(buf_text(&word), term->label, &folded);
		int by_id = rank(buf_text(&word), term->id, &folded);
		int r = by_label < by_id ? by_label : by_id;
		if (r < least) {
			least = r;
			best = term;
		}
	}
	buf_fini(&word);
	buf_fini(&folded);
	return best;
}

/* --- reading ------------------------------------------------------------------------------- */

static const char *show(struct loading *l, const char *text)
{
	buf_clear(&l->shown);
	text_clip(span_text(text), 40, false, &l->shown);
	return buf_text(&l->shown);
}

static bool has_only(const char *text, const char *characters)
{
	return *text && !text[strspn(text, characters)];
}

static void check_name(struct loading *l, const struct ynode *node)
{
	if (!has_only(node->text, "abcdefghijklmnopqrstuvwxyz0123456789_-"))
		ynode_say(l->doc, node, &l->found,
			  "\"%s\" cannot be a name; write lowercase letters, digits, _ and - only",
			  show(l, node->text));
}

static void check_id(struct loading *l, const struct term_list *list, const struct ynode *node)
{
	check_name(l, node);
	if (find_in(list, list->count, span_text(node->text)))
		ynode_say(l->doc, node, &l->found,
			  "the id \"%s\" is in this list already; choose another",
			  show(l, node->text));
}

static void check_letter(struct loading *l, const struct term_list *list, const struct ynode *node)
{
	if (node &&
	    !(has_only(node->text, "abcdefghijklmnopqrstuvwxyz0123456789") && !node->text[1])) {
		ynode_say(l->doc, node, &l->found,
			  "\"%s\" is not one lowercase letter or digit; write one",
			  show(l, node->text));
		return;
	}
	for (size_t i = 0; node && i < list->count; i++) {
		const struct term *other = &list->items[i];
		if (other->letter && !strcmp(other->letter, node->text))
			ynode_say(l->doc, node, &l->found,
				  "the letter \"%s\" picks \"%s\" already; choose another",
				  node->text, show(l, other->id));
	}
}

static void check_snomed(struct loading *l, const struct ynode *node)
{
	if (node && !has_only(node->text, "0123456789"))
		ynode_say(l->doc, node, &l->found,
			  "\"%s\" is not a SNOMED code; write its digits only",
			  show(l, node->text));
}

static void read_term(struct loading *l, struct term_list *list, const struct ynode *node)
{
	check_id(l, list, ynode_get(node, "id"));
	check_letter(l, list, ynode_get(node, "letter"));
	check_snomed(l, ynode_get(node, "snomed"));
	list->items[list->count++] = (struct term){
		.id = ynode_text(node, "id"),
		.label = ynode_text(node, "label"),
		.letter = ynode_text(node, "letter"),
		.snomed = ynode_text(node, "snomed"),
		.also = ynode_text(node, "also"),
		.parent = ynode_text(node, "parent"),
	};
}

/* True when the terms above this one come to an end. */
static bool parents_end(const struct term_list *list, const struct term *term)
{
	for (int i = 0; term && i <= PARENTS_MOST; i++) {
		if (!term->parent)
			return true;
		term = find_in(list, list->count, span_text(term->parent));
	}
	return !term;
}

/* After all terms are read, because a parent may stand below its children. */
static void check_parent(struct loading *l, const struct term_list *list, const struct term *term,
			 const struct ynode *node)
{
	if (!find_in(list, list->count, span_text(term->parent)))
		ynode_say(l->doc, node, &l->found,
			  "the parent \"%s\" is not in this list; write the id of a term that is",
			  show(l, term->parent));
	else if (!parents_end(list, term))
		ynode_say(l->doc, node, &l->found,
			  "the terms above \"%s\" go in a circle, or are more than %d; take a "
			  "parent out",
			  show(l, term->id), PARENTS_MOST);
}

static void read_terms(struct loading *l, struct term_list *list, const struct ynode *terms)
{
	if (terms->count > TERMS_MOST) {
		ynode_say(l->doc, terms, &l->found, "more than %d terms in one list; split it",
			  TERMS_MOST);
		return;
	}
	list->items = mem_alloc_many(terms->count, sizeof *list->items);
	for (size_t i = 0; i < terms->count; i++)
		if (ynode_check(l->doc, terms->items[i], term_keys, &l->found))
			read_term(l, list, terms->items[i]);
	/* A parent that could not be read is no reason to complain about its children. */
	for (size_t i = 0; list->count == terms->count && i < list->count; i++)
		if (list->items[i].parent)
			check_parent(l, list, &list->items[i],
				     ynode_get(terms->items[i], "parent"));
}

static void read_list(struct loading *l, const struct ynode *node)
{
	if (!ynode_check(l->doc, node, list_keys, &l->found))
		return;
	const struct ynode *name = ynode_get(node, "list");
	check_name(l, name);
	for (size_t i = 0; i < l->count; i++)
		if (!strcmp(l->lists[i]->name, name->text))
			ynode_say(l->doc, name, &l->found,
				  "the list \"%s\" is in this file already; put the two together",
				  show(l, name->text));
	struct term_list *list = mem_alloc(sizeof *list);
	list->name = mem_text(name->text);
	l->lists[l->count++] = list;
	read_terms(l, list, ynode_get(node, "terms"));
}

static void read_file(struct loading *l)
{
	const struct ynode *root = l->doc->root;
	const struct ynode *says = root->kind == YNODE_MAP ? ynode_get(root, "synonyms") : NULL;
	if (!ynode_check(l->doc, root, says ? synonym_keys : file_keys, &l->found))
		return;
	const struct ynode *format = ynode_get(root, "format"), *lists = ynode_get(root, "lists");
	if (strcmp(format->text, "1"))
		ynode_say(l->doc, format, &l->found,
			  "format \"%s\" is not known here; write \"format: 1\"",
			  show(l, format->text));
	if (says) {
		synonyms_read(l->doc, says, l->terms, &l->says, &l->found);
		return;
	}
	if (lists->count > LISTS_MOST) {
		ynode_say(l->doc, lists, &l->found, "more than %d lists in one file; split it",
			  LISTS_MOST);
		return;
	}
	l->lists = mem_alloc_many(lists->count, sizeof(struct term_list *));
	for (size_t i = 0; i < lists->count; i++)
		read_list(l, lists->items[i]);
}

static void take_all(struct terms *t, struct loading *l, struct ydoc doc)
{
	t->docs = mem_grow(t->docs, t->doc_count + 1, sizeof *t->docs);
	t->docs[t->doc_count++] = doc;
	for (size_t i = 0; i < l->count; i++) {
		t->lists = mem_room(t->lists, t->count, &t->cap, sizeof(struct term_list *));
		t->lists[t->count++] = l->lists[i];
	}
	struct synonyms *says = &t->says;
	for (size_t i = 0; i < l->says.count; i++) {
		says->v = mem_room(says->v, says->count, &says->cap, sizeof *says->v);
		says->v[says->count++] = l->says.v[i];
	}
	free(l->says.v);
}

static void drop_all(struct loading *l, struct ydoc *doc, struct diag *d)
{
	for (size_t i = 0; i < l->found.count; i++) {
		const struct diag_line *at = &l->found.lines[i];
		diag_say_at(d, at->file, at->line, at->column, "%s", at->text);
	}
	for (size_t i = 0; i < l->count; i++)
		free_list(l->lists[i]);
	synonyms_fini(&l->says);
	ydoc_fini(doc);
}

enum err terms_load(struct terms *t, const char *file, struct span yaml, struct diag *d)
{
	struct ydoc doc;
	struct loading l = {.doc = &doc, .terms = t};
	if (ydoc_read(file, yaml, &doc, &l.found) == OK)
		read_file(&l);
	bool good = !l.found.count;
	if (good)
		take_all(t, &l, doc);
	else
		drop_all(&l, &doc, d);
	free(l.lists);
	buf_fini(&l.shown);
	diag_fini(&l.found);
	return good ? OK : ERR_INPUT;
}

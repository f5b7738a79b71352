/* SPDX-License-Identifier: MIT
 *
 * The tree while it grows, and the arena it lives in.  Here is refused what the bytes may say
 * but a notebook's files may not: two keys of one name, keys that are no words, depth.
 */
#include "yroom.h"

#include <stdlib.h>
#include <string.h>
#include <linkbook/mem.h>
#include <linkbook/text.h>

/* --- the arena: everything goes at once, with the document --------------------------------- */

enum { CHUNK_BYTES = 32 << 10 };

struct chunk {
	struct chunk *next;
	size_t used, size;
	max_align_t bytes[];
};

static void *arena_take(struct ydoc *doc, size_t n)
{
	n = (n + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	struct chunk *c = doc->arena;
	if (!c || c->size - c->used < n) {
		size_t size = n > CHUNK_BYTES ? n : CHUNK_BYTES;
		c = mem_alloc(sizeof *c + size);
		c->size = size;
		c->next = doc->arena;
		doc->arena = c;
	}
	void *p = (char *)c->bytes + c->used;
	c->used += n;
	return p;
}

static void *arena_dup(struct ydoc *doc, const void *p, size_t n)
{
	void *copy = arena_take(doc, n);
	if (n)
		memcpy(copy, p, n);
	return copy;
}

void ydoc_fini(struct ydoc *doc)
{
	for (struct chunk *c = doc->arena, *next; c; c = next) {
		next = c->next;
		free(c);
	}
	free(doc->name);
	*doc = (struct ydoc){0};
}

/* --- nodes --------------------------------------------------------------------------------- */

static struct ynode *add_node(struct tree *t, enum ynode_kind kind, struct place at)
{
	struct ynode *node = arena_take(t->doc, sizeof *node);
	*node = (struct ynode){.kind = kind, .line = at.line, .column = at.column, .text = ""};
	if (++t->nodes == YDOC_NODES + 1) {
		mistake_add(t->mistakes, at.line, at.column,
			    "more than %d entries in one file; split it", YDOC_NODES);
		t->full = true;
	}
	return node;
}

/* The text of a node whose mistake is told already; as a key it is not told a second time. */
static const char no_words[] = "";

/* A mistaken key stays in the tree as a text without words. */
static void check_key(struct tree *t, struct ynode *key)
{
	const char *found = NULL;
	if (key->kind != YNODE_TEXT)
		found = "a list or a map stands where a key should; write a word, then a colon";
	else if (!*key->text && key->text != no_words)
		found = "a key is missing; write a word before the colon";
	else if (!key->quoted && !strcmp(key->text, "<<"))
		found = "a merge key (<<) stands here; write the keys out";
	if (found)
		mistake_add(t->mistakes, key->line, key->column, "%s", found);
	key->kind = YNODE_TEXT;
}

static void attach(struct tree *t, struct ynode *node)
{
	if (!t->depth) {
		t->doc->root = node;
		return;
	}
	struct frame *f = &t->frames[t->depth - 1];
	bool is_map = f->node->kind == YNODE_MAP;
	if (is_map && !f->key) {
		check_key(t, node);
		f->key = node;
		return;
	}
	if (is_map) {
		f->keys = mem_room(f->keys, f->node->count, &f->key_cap, sizeof *f->keys);
		f->keys[f->node->count] = f->key;
		f->key = NULL;
	}
	f->items = mem_room(f->items, f->node->count, &f->item_cap, sizeof *f->items);
	f->items[f->node->count++] = node;
}

static const char *keep_text(struct tree *t, struct place at, struct span raw)
{
	uint32_t cp;
	if (sieve_finds_bad(raw, &cp)) {
		mistake_add(t->mistakes, at.line, at.column,
			    "this text has an escape for a control character (U+%04X); take it out",
			    cp);
		return no_words;
	}
	struct buf normal = BUF_INIT;
	text_normalise(raw, &normal);
	const char *kept = arena_dup(t->doc, buf_text(&normal), normal.n + 1);
	buf_fini(&normal);
	return kept;
}

void tree_add_text(struct tree *t, struct place at, struct span raw, bool quoted)
{
	struct ynode *node = add_node(t, YNODE_TEXT, at);
	node->quoted = quoted;
	node->text = keep_text(t, at, raw);
	attach(t, node);
}

void tree_add_dummy(struct tree *t, struct place at)
{
	struct ynode *node = add_node(t, YNODE_TEXT, at);
	node->text = no_words;
	attach(t, node);
}

/* --- lists and maps ------------------------------------------------------------------------ */

void tree_open(struct tree *t, enum ynode_kind kind, struct place at)
{
	if (t->depth < YDOC_DEPTH) {
		struct ynode *node = add_node(t, kind, at);
		t->frames[t->depth++] = (struct frame){.node = node};
		return;
	}
	mistake_add(t->mistakes, at.line, at.column,
		    "lists and maps are nested more than %d deep; write it flatter", YDOC_DEPTH);
	t->full = true;
}

static int order_keys(const void *a, const void *b)
{
	const struct ynode *x = *(struct ynode *const *)a, *y = *(struct ynode *const *)b;
	int order = strcmp(x->text, y->text);
	if (order)
		return order;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->column < y->column ? -1 : x->column > y->column;
}

/* Sorted, because a file may have a hundred thousand keys in one map. */
static void say_twins(struct tree *t, const struct frame *f)
{
	size_t count = f->node->kind == YNODE_MAP ? f->node->count : 0;
	if (count < 2)
		return;
	struct ynode **keys = mem_dup(f->keys, count * sizeof *keys);
	qsort(keys, count, sizeof *keys, order_keys);
	struct buf shown = BUF_INIT;
	for (size_t i = 1; i < count; i++)
		if (*keys[i]->text && !strcmp(keys[i]->text, keys[i - 1]->text))
			mistake_add(t->mistakes, keys[i]->line, keys[i]->column,
				    "the key \"%s\" stands here a second time; keep one of the two",
				    text_show(keys[i]->text, &shown));
	buf_fini(&shown);
	free(keys);
}

static void frame_fini(struct tree *t, struct frame *f)
{
	say_twins(t, f);
	free(f->items);
	free(f->keys);
}

void tree_close(struct tree *t)
{
	struct frame *f = &t->frames[--t->depth];
	struct ynode *node = f->node;
	size_t bytes = node->count * sizeof *f->items;
	node->items = arena_dup(t->doc, f->items, bytes);
	if (node->kind == YNODE_MAP)
		node->keys = arena_dup(t->doc, f->keys, bytes);
	frame_fini(t, f);
	attach(t, node);
}

void tree_fini(struct tree *t)
{
	while (t->depth)
		frame_fini(t, &t->frames[--t->depth]);
}

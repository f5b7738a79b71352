/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: any bytes as a YAML file.  What is refused says where; what is accepted holds
 * plain texts only, within the bounds, and written out again reads the same.
 */
#include "fuzz.h"

#include <linkbook/text.h>
#include <linkbook/ydoc.h>

struct walk {
	size_t nodes, depth;
};

static void check_text(const struct ynode *n)
{
	struct buf normal = BUF_INIT;
	struct span text = span_text(n->text);
	HOLDS(text_may_store(text, true));
	text_normalise(text, &normal);
	HOLDS(span_equal(text, buf_span(&normal)));
	buf_fini(&normal);
}

static void check_node(const struct ynode *n, struct walk *w, size_t depth)
{
	HOLDS(++w->nodes <= YDOC_NODES && depth <= YDOC_DEPTH);
	HOLDS(n->line && n->column);
	if (n->kind == YNODE_TEXT)
		check_text(n);
	for (size_t i = 0; i < n->count; i++) {
		check_node(n->items[i], w, depth + (n->kind != YNODE_TEXT));
		if (n->kind != YNODE_MAP)
			continue;
		HOLDS(n->keys[i]->kind == YNODE_TEXT && *n->keys[i]->text);
		check_node(n->keys[i], w, depth);
		HOLDS(ynode_get(n, n->keys[i]->text) == n->items[i]);
	}
}

/* --- written out again ------------------------------------------------------------------ */

static void write_text(const char *text, struct buf *out)
{
	buf_add_byte(out, '"');
	for (; *text; text++)
		if (*text == '\n')
			buf_add_text(out, "\\n");
		else if (*text == '\t')
			buf_add_text(out, "\\t");
		else
			buf_printf(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
	buf_add_byte(out, '"');
}

/* In braces; "? " because a key before a colon may be no longer than 1,024 characters. */
static void write_node(const struct ynode *n, struct buf *out)
{
	if (n->kind == YNODE_TEXT) {
		write_text(n->text, out);
		return;
	}
	buf_add_text(out, n->kind == YNODE_MAP ? "{" : "[");
	for (size_t i = 0; i < n->count; i++) {
		buf_add_text(out, i ? ",\n " : "");
		if (n->kind == YNODE_MAP) {
			buf_add_text(out, "? ");
			write_text(n->keys[i]->text, out);
			buf_add_text(out, "\n : ");
		}
		write_node(n->items[i], out);
	}
	buf_add_text(out, n->kind == YNODE_MAP ? "}" : "]");
}

static void check_same(const struct ynode *a, const struct ynode *b)
{
	HOLDS(a->kind == b->kind && a->count == b->count);
	if (a->kind == YNODE_TEXT)
		HOLDS(!strcmp(a->text, b->text));
	for (size_t i = 0; i < a->count; i++) {
		check_same(a->items[i], b->items[i]);
		if (a->kind == YNODE_MAP)
			HOLDS(!strcmp(a->keys[i]->text, b->keys[i]->text));
	}
}

static void check_again(const struct ydoc *doc)
{
	struct buf out = BUF_INIT;
	struct ydoc again;
	struct diag d = {0};
	write_node(doc->root, &out);
	enum err e = ydoc_read("again.yaml", buf_span(&out), &again, &d);
	if (e)
		fprintf(stderr, "%s\n", diag_first(&d));
	HOLDS(!e);
	check_same(doc->root, again.root);
	ydoc_fini(&again);
	diag_fini(&d);
	buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct ydoc doc;
	struct diag d = {0};
	struct walk w = {0};
	fuzz_start();
	enum err e = ydoc_read("x.yaml", span_of(data, n), &doc, &d);
	HOLDS(!e == !d.count && !e == !!doc.root);
	if (e) {
		HOLDS(e == ERR_INPUT);
		fuzz_check_refusal(&d, "x.yaml", span_of(data, n));
	} else {
		check_node(doc.root, &w, 0);
		check_again(&doc);
	}
	ydoc_fini(&doc);
	diag_fini(&d);
	return 0;
}

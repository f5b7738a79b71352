/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: any bytes as a file of code lists.  What is refused says where, and nothing of
 * it is taken; what is accepted can be looked up.
 */
#include "fuzz.h"

#include <linkbook/terms.h>
#include <linkbook/text.h>
#include <linkbook/ydoc.h>

static void check_list(const struct terms *t, const char *name)
{
	const struct term_list *list = terms_list(t, name);
	HOLDS(list && !strcmp(list->name, name));
	for (size_t i = 0; i < list->count; i++) {
		const struct term *term = &list->items[i];
		HOLDS(term->id && *term->id && term->label);
		HOLDS(terms_find(t, name, span_text(term->id)) == term);
		HOLDS(!term->letter || strlen(term->letter) == 1);
		HOLDS(!term->parent || terms_find(t, name, span_text(term->parent)));
		if (i < 8)
			terms_nearest(t, name, term->label);
	}
}

/* Which lists there are is read from the file once more. */
static void check_lists(const struct terms *t, struct span bytes)
{
	struct ydoc doc;
	HOLDS(!ydoc_read("again", bytes, &doc, NULL));
	const struct ynode *lists = ynode_get(doc.root, "lists");
	for (size_t i = 0; i < lists->count; i++)
		check_list(t, ynode_text(lists->items[i], "list"));
	ydoc_fini(&doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct span bytes = span_of(data, n);
	struct diag d = {0};
	struct terms *t = terms_new();
	fuzz_start();
	enum err e = terms_load(t, "x.yaml", bytes, &d);
	HOLDS(!e == !d.count);
	if (e)
		fuzz_check_refusal(&d, "x.yaml", bytes);
	else
		check_lists(t, bytes);
	terms_free(t);
	diag_fini(&d);
	return 0;
}

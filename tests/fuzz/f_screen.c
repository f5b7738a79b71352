/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: any bytes as a screen file.  The screen it is read as is the one it says it is,
 * so that all of them are reached.  What is refused says where; what is accepted names fields,
 * code lists and screens that there are, and the program starts with it in its place.
 */
#include "fuzz.h"

#include <linkbook/def.h>
#include <linkbook/text.h>

#include <sys/stat.h>

static struct resource_names names;

static const char *name_in(struct span bytes)
{
	static char name[64];
	struct ydoc doc;
	strcpy(name, "people");
	if (!ydoc_read("x.yaml", bytes, &doc, NULL)) {
		const char *said = ynode_text(doc.root, "screen");
		for (size_t i = 0; said && i < names.count; i++)
			if (!strcmp(said, names.v[i]))
				snprintf(name, sizeof name, "%s", names.v[i]);
	}
	ydoc_fini(&doc);
	return name;
}

static void check_columns(const struct screen_def *def)
{
	int width = DEF_MARKER;
	for (size_t i = 0; i < def->column_count; i++) {
		const struct def_column *c = &def->columns[i];
		HOLDS(kind_field(def->of, c->name) || derived_is(def->of, c->name));
		HOLDS(c->label && c->width > 0);
		width += c->width + (i ? DEF_GAP : 0);
	}
	HOLDS(width <= DEF_COLUMNS);
}

static void check_sections(const struct screen_def *def)
{
	for (size_t i = 0; i < def->section_count; i++) {
		const struct def_section *s = &def->sections[i];
		for (size_t k = 0; k < s->count; k++)
			HOLDS(s->entries[k].field && s->entries[k].label);
		for (size_t k = 0; k < s->when_count; k++)
			HOLDS(s->when[k].field);
	}
	for (size_t i = 0; i < def->filter_count; i++)
		HOLDS(def->filters[i].title);
}

/* The file in the user's folder: the program starts, with it or with what stands in. */
static void check_start(const char *name, struct span bytes)
{
	struct seam seam;
	struct screens all;
	struct diag d = {0};
	struct buf path = BUF_INIT;
	fuzz_seam(&seam);
	buf_printf(&path, "%s/screens", fuzz_folder());
	mkdir(buf_text(&path), 0700);
	char *folder = buf_take_text(&path);
	buf_printf(&path, "%s/%s.yaml", folder, name);
	FILE *f = fopen(buf_text(&path), "w");
	HOLDS(f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n);
	fclose(f);
	HOLDS(!screens_load(&seam, folder, fuzz_terms(), &all, &d));
	HOLDS(screens_find(&all, name) && !screens_broken(&all) == !d.count);
	remove(buf_text(&path));
	screens_fini(&all);
	diag_fini(&d);
	buf_fini(&path);
	free(folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct span bytes = span_of(data, n);
	struct screen_def def;
	struct diag d = {0};
	fuzz_start();
	if (!names.count)
		resource_list(NULL, "screens", ".yaml", &names);
	const char *name = name_in(bytes);
	const struct def_world world = {fuzz_terms(), &names};
	enum err e = def_read(name, "x.yaml", bytes, &world, &def, &d);
	HOLDS(!e == !d.count);
	if (e) {
		fuzz_check_refusal(&d, "x.yaml", bytes);
	} else {
		HOLDS(def.kind == DEF_PERSON || def.of);
		check_columns(&def);
		check_sections(&def);
		def_fini(&def);
		check_start(name, bytes);
	}
	diag_fini(&d);
	return 0;
}

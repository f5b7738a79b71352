/* SPDX-License-Identifier: MIT
 *
 * All screens of the program, the user's own before the compiled-in ones.
 */
#include "def_check.h"
#include <linkbook/mem.h>
#include <linkbook/resource.h>

#include <stdlib.h>
#include <string.h>

static enum err read_built_in(const char *name, const char *path, const struct terms *terms,
			      struct screen_def *out, struct diag *d)
{
	const struct resource *r = resource_find(path);
	if (!r) {
		diag_say(d, "there is no file %s", path);
		return ERR_ABSENT;
	}
	return def_read(name, path, span_of(r->bytes, r->size), terms, out, d);
}

static enum err load_one(struct seam *s, const char *folder, const char *name,
			 const struct terms *terms, struct screen_def *out, struct diag *d)
{
	struct buf path = BUF_INIT, yaml = BUF_INIT;
	char *found = NULL;
	buf_printf(&path, "screens/%s.yaml", name);
	enum err e = resource_read(s, folder, buf_text(&path), &yaml, &found, d);
	if (!e)
		e = def_read(name, found, buf_span(&yaml), terms, out, d);
	if (e) {
		e = read_built_in(name, buf_text(&path), terms, out, d);
		out->broken = true;
	}
	free(found);
	buf_fini(&yaml);
	buf_fini(&path);
	return e;
}

enum err screens_load(struct seam *s, const char *folder, const struct terms *terms,
		      struct screens *out, struct diag *d)
{
	size_t n = 0;
	while (def_shapes[n].name)
		n++;
	*out = (struct screens){.defs = mem_alloc_many(n, sizeof *out->defs)};
	enum err e = OK;
	for (size_t i = 0; i < n && !e; i++) {
		e = load_one(s, folder, def_shapes[i].name, terms, &out->defs[i], d);
		out->count += !e;
	}
	return e;
}

void screens_fini(struct screens *s)
{
	for (size_t i = 0; i < s->count; i++)
		def_fini(&s->defs[i]);
	free(s->defs);
	*s = (struct screens){0};
}

const struct screen_def *screens_find(const struct screens *s, const char *name)
{
	for (size_t i = 0; name && i < s->count; i++)
		if (!strcmp(s->defs[i].name, name))
			return &s->defs[i];
	return NULL;
}

size_t screens_broken(const struct screens *s)
{
	size_t n = 0;
	for (size_t i = 0; i < s->count; i++)
		n += s->defs[i].broken;
	return n;
}

bool def_offers(const struct screen_def *def, const struct command *c)
{
	for (size_t i = 0; i < def->offer_count; i++)
		if (def->offers[i] == c)
			return true;
	return false;
}

bool derived_is(const struct kind *k, const char *name)
{
	for (const struct derived *c = derived_columns; c->name; c++)
		if (!strcmp(c->kind, k->name) && !strcmp(c->name, name))
			return true;
	return false;
}

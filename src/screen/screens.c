/* SPDX-License-Identifier: MIT
 *
 * All screens of the program: whatever files there are, the user's own before the compiled-in
 * ones.  Each is read by itself; what leads from one to another is checked when all are there,
 * and a file of the user's that fails gives way to the compiled-in one of its name.
 */
#include "def_check.h"
#include <linkbook/mem.h>

#include <stdlib.h>
#include <string.h>

struct loading {
	struct seam *seam;
	const char *folder;
	struct def_world world;
	struct screens *all;
	struct diag *d;
};

static enum err read_built_in(const struct loading *l, const char *name, struct screen_def *out,
			      struct diag *d)
{
	struct buf path = BUF_INIT;
	buf_printf(&path, "screens/%s.yaml", name);
	const struct resource *r = resource_find(buf_text(&path));
	enum err e = ERR_ABSENT;
	if (r)
		e = def_read(name, r->name, span_of(r->bytes, r->size), &l->world, out, d);
	buf_fini(&path);
	return e;
}

static enum err read_first(const struct loading *l, const char *name, struct screen_def *out)
{
	struct buf path = BUF_INIT, yaml = BUF_INIT;
	char *found = NULL;
	buf_printf(&path, "screens/%s.yaml", name);
	enum err e = resource_read(l->seam, l->folder, buf_text(&path), &yaml, &found, l->d);
	if (!e)
		e = def_read(name, found, buf_span(&yaml), &l->world, out, l->d);
	free(found);
	buf_fini(&yaml);
	buf_fini(&path);
	return e;
}

/* ERR_ABSENT: a broken file without a compiled-in screen to stand in; it is left out. */
static enum err load_one(const struct loading *l, const char *name, struct screen_def *out)
{
	if (!read_first(l, name, out))
		return OK;
	l->all->broken++;
	enum err e = read_built_in(l, name, out, l->d);
	out->broken = true;
	return e;
}

static enum err load_all(const struct loading *l)
{
	struct screens *all = l->all;
	for (size_t i = 0; i < all->names.count; i++) {
		enum err e = load_one(l, all->names.v[i], &all->defs[all->count]);
		if (e && e != ERR_ABSENT)
			return e;
		all->count += !e;
	}
	return OK;
}

/* A screen whose links fail gives way to the compiled-in one; false when that is what failed. */
static bool mend_links(const struct loading *l, struct screen_def *def)
{
	struct diag found = {0};
	check_links(l->all, def, &found);
	if (!found.count)
		return true;
	struct screen_def built_in;
	diag_add(l->d, &found);
	diag_fini(&found);
	bool was = def->broken;
	l->all->broken += !was;
	if (was || read_built_in(l, def->name, &built_in, l->d))
		return false;
	built_in.broken = true;
	def_fini(def);
	*def = built_in;
	return true;
}

static enum err check_needed(const struct loading *l)
{
	for (const struct def_shape *s = def_shapes; s->name; s++)
		if (!screens_find(l->all, s->name)) {
			diag_say(l->d, "there is no screen %s", s->name);
			return ERR_ABSENT;
		}
	return OK;
}

/* Leaves out what nothing stands in for, unless the program opens it by name. */
static void drop(struct screens *all, size_t at)
{
	def_fini(&all->defs[at]);
	memmove(&all->defs[at], &all->defs[at + 1], (all->count - at - 1) * sizeof *all->defs);
	all->count--;
}

enum err screens_load(struct seam *s, const char *folder, const struct terms *terms,
		      struct screens *out, struct diag *d)
{
	*out = (struct screens){0};
	resource_list(folder, "screens", ".yaml", &out->names);
	out->defs = mem_alloc_many(out->names.count, sizeof *out->defs);
	struct loading l = {s, folder, {terms, &out->names}, out, d};
	enum err e = load_all(&l);
	/* One that goes may have been what another leads to: again until all hold. */
	for (size_t i = 0; !e && i < out->count;) {
		if (mend_links(&l, &out->defs[i])) {
			i++;
		} else {
			drop(out, i);
			i = 0;
		}
	}
	return e ? e : check_needed(&l);
}

void screens_fini(struct screens *s)
{
	for (size_t i = 0; i < s->count; i++)
		def_fini(&s->defs[i]);
	free(s->defs);
	resource_names_free(&s->names);
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
	return s->broken;
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
	if (!strcmp(name, "person") && k->store == STORE_PERSON && !k->is_subject)
		return true;
	for (const struct derived *c = derived_columns; c->name; c++)
		if (!strcmp(c->kind, k->name) && !strcmp(c->name, name))
			return true;
	return false;
}

/* SPDX-License-Identifier: MIT
 *
 * Seed files understood: what a file is about, and its records, every mistake told.
 */
#include "seed_impl.h"

#include "exchange.h"

#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MOST = 100, NAMES = 128 };

void seed_close(struct sowing *w)
{
	for (size_t i = 0; i < w->count; i++) {
		for (size_t k = 0; k < w->v[i].count; k++)
			buf_fini(&w->v[i].values[k]);
		free(w->v[i].values);
		free(w->v[i].fields);
		free(w->v[i].key);
	}
	free(w->v);
	free(w->puts);
	extras_fini(&w->extras);
	ydoc_fini(&w->doc);
}

/* --- what it is about ------------------------------------------------------------------- */

static const struct ynode *must_have(struct sowing *w, const char *key, const char *what)
{
	const struct ynode *n = ynode_get(w->doc.root, key);
	if (!n)
		seed_wrong(w, w->doc.root, "the key \"%s\" is missing; write %s", key, what);
	return n;
}

static void take_source(struct sowing *w)
{
	const struct ynode *n = must_have(w, "practice", "practice: and a short name for it");
	if (!n)
		return;
	if (n->kind == YNODE_TEXT && *n->text && strlen(n->text) <= KEY_MOST)
		w->source = n->text;
	else
		seed_wrong(w, n, "this is no short name of a practice; write one, like ashgill");
}

static void take_number(struct sowing *w, const char *key, long most, long *out)
{
	char like[32];
	snprintf(like, sizeof like, "%s: 1", key);
	const struct ynode *n = must_have(w, key, like);
	if (n && !ynode_number(&w->doc, n, 1, most, out, w->all->d))
		w->all->mistakes++;
}

void seed_open(struct sowing *w, const struct seed_file *file)
{
	long format = 1;
	if (ydoc_read(file->name, file->yaml, &w->doc, w->all->d)) {
		w->all->mistakes++;
		return;
	}
	if (w->doc.root->kind != YNODE_MAP) {
		seed_wrong(w, w->doc.root, "this file is no map of keys; begin with format: 1");
		return;
	}
	take_number(w, "format", 1, &format);
	take_source(w);
	take_number(w, "version", 1000000000, &w->version);
	w->resources = ynode_get(w->doc.root, "resources");
}

/* --- where it goes ---------------------------------------------------------------------- */

static const struct sowing *practice_beside(const struct sowing *w)
{
	const struct seeding *s = w->all;
	for (size_t i = 0; i < s->count; i++)
		if (s->files[i].source && !s->files[i].resources &&
		    !strcmp(s->files[i].source, w->source))
			return &s->files[i];
	return NULL;
}

/* What is asked besides: as the practice's own file among these says, or as it stands here. */
static void take_extras(struct sowing *w, const struct sowing *practice)
{
	const struct ynode *list = practice ? ynode_get(practice->doc.root, "extra") : NULL;
	if (!practice && extras_read(w->all->b, &w->directory, &w->extras))
		w->extras = (struct extras){0};
	for (size_t i = 0; list && list->kind == YNODE_LIST && i < list->count; i++) {
		const char *name = ynode_text(list->items[i], "field");
		if (name && extra_is_name(name))
			extras_add(&w->extras, name, name, "");
	}
}

/* A practice that was made by hand is known by the code that a file exported from here has. */
static bool take_by_hand(void *arg, const struct record *r)
{
	struct sowing *w = arg;
	struct buf end = BUF_INIT;
	struct seeded from;
	size_t n = strlen(w->source);
	key_end(r, &end);
	if (n > end.n && !memcmp(w->source + n - end.n, end.p, end.n) &&
	    !book_seeded(w->all->b, r, &from)) {
		if (!from.source) {
			w->directory = r->store;
			w->by_hand = r->id;
		}
		free(from.source);
	}
	buf_fini(&end);
	return id_is_zero(&w->by_hand);
}

static enum err find_practice(struct sowing *w)
{
	enum err e = book_directory_of(w->all->b, w->source, &w->directory);
	if (e != ERR_ABSENT)
		return e;
	w->directory = (struct id){{0}};
	e = book_scan_all(w->all->b, kind_find("practice"), NULL, take_by_hand, w);
	if (!e && id_is_zero(&w->directory))
		e = ERR_ABSENT;
	return e;
}

static void find_directory(struct sowing *w)
{
	if (!w->source)
		return;
	const struct sowing *practice = practice_beside(w);
	enum err e = find_practice(w);
	if (e)
		w->directory = (struct id){{0}};
	if (!w->resources)
		return;
	if (e && !practice)
		seed_wrong(w, ynode_get(w->doc.root, "practice"),
			   "the practice \"%.40s\" is not in this book; seed its practice.yaml "
			   "first",
			   w->source);
	if (!e || practice)
		take_extras(w, practice);
}

/* --- records ---------------------------------------------------------------------------- */

/* Keys of the file itself, which are no fields. */
static bool is_frame(const char *key, const char *const *frame)
{
	for (; *frame; frame++)
		if (!strcmp(*frame, key))
			return true;
	return false;
}

static void add_value(struct sowing *w, struct sown *s, const struct field *f,
		      const struct ynode *n)
{
	struct buf *out = &s->values[s->count];
	*out = (struct buf)BUF_INIT;
	seed_value(w, f, n, out);
	s->fields[s->count++] = (struct put_field){f->name, buf_span(out)};
}

static void check_musts(struct sowing *w, const struct kind *k, const struct ynode *map)
{
	for (const struct field *f = k->fields; f->name; f++) {
		const struct ynode *n = ynode_get(map, f->name);
		if (!(f->flags & FIELD_MUST))
			continue;
		if (!n)
			seed_wrong(w, map, "the key \"%s\" is missing; add it", f->name);
		else if (n->kind == YNODE_TEXT && !n->text[strspn(n->text, " \n\t")])
			seed_wrong(w, n, "%s: nothing stands here; write a text after the colon",
				   f->name);
	}
}

static void unknown_field(struct sowing *w, const struct kind *k, const struct ynode *key,
			  const char *const *frame)
{
	const char *names[NAMES];
	size_t n = 0;
	for (const struct field *f = k->fields; f->name && n < NAMES; f++)
		if (!(f->flags & FIELD_HIDDEN))
			names[n++] = f->name;
	for (; *frame && n < NAMES; frame++)
		names[n++] = *frame;
	seed_unknown(w, key, names, n);
}

static struct sown *sow(struct sowing *w, const struct kind *k, const struct ynode *map,
			const char *key, const char *const *frame)
{
	struct sown *s = &w->v[w->count];
	*s = (struct sown){.at = map,
			   .key = mem_text(key),
			   .fields = mem_alloc_many(map->count + 1, sizeof *s->fields),
			   .values = mem_alloc_many(map->count + 1, sizeof *s->values)};
	w->puts[w->count++] = (struct put){.kind = k};
	for (size_t i = 0; i < map->count; i++) {
		const char *name = map->keys[i]->text;
		const struct field *f = kind_field(k, name);
		if (is_frame(name, frame))
			continue;
		if (f && !(f->flags & FIELD_HIDDEN))
			add_value(w, s, f, map->items[i]);
		else
			unknown_field(w, k, map->keys[i], frame);
	}
	check_musts(w, k, map);
	return s;
}

static void make_room(struct sowing *w, size_t count)
{
	w->v = mem_alloc_many(count, sizeof *w->v);
	w->puts = mem_alloc_many(count, sizeof *w->puts);
}

/* No own name stands in the list twice. */
static void check_owns(struct sowing *w)
{
	const struct ynode *list = ynode_get(w->doc.root, "extra");
	size_t count = list && list->kind == YNODE_LIST ? list->count : 0;
	for (size_t i = 0; i < count && i < NAMES; i++)
		for (size_t k = 0; k < i; k++) {
			const char *one = ynode_text(list->items[i], "field");
			const char *other = ynode_text(list->items[k], "field");
			if (one && other && !strcmp(one, other))
				seed_wrong(w, ynode_get(list->items[i], "field"),
					   "\"%.40s\" stands here a second time; take one of the "
					   "two out",
					   one);
		}
	if (count >= NAMES)
		seed_wrong(w, list, "more than %d fields stand here; leave some out", NAMES);
}

static void sow_practice(struct sowing *w)
{
	static const char *const frame[] = {"format", "practice", "version", NULL};
	make_room(w, 1);
	sow(w, kind_find("practice"), w->doc.root, "practice", frame);
	check_owns(w);
}

static void sow_resource(struct sowing *w, const struct ynode *map)
{
	static const char *const frame[] = {"key", NULL};
	char key[KEY_MOST + 16];
	const struct ynode *at = ynode_get(map, "key");
	const char *written = ynode_text(map, "key");
	if (map->kind != YNODE_MAP || !written || !*written || strlen(written) > KEY_MOST ||
	    !text_may_store(span_text(written), false)) {
		seed_wrong(w, at ? at : map,
			   "this resource has no short key of its own; write one first, like key: "
			   "tuesday-lunch");
		written = "";
	}
	if (map->kind != YNODE_MAP)
		return;
	snprintf(key, sizeof key, "resource/%s", written);
	struct sown *s = sow(w, kind_find("resource"), map, key, frame);
	struct buf *out = &s->values[s->count];
	*out = (struct buf)BUF_INIT;
	value_add_text(out, span_text(written));
	s->fields[s->count++] = (struct put_field){"key", buf_span(out)};
}

static void sow_resources(struct sowing *w)
{
	static const char *const known[] = {"format", "practice", "version", "resources"};
	const struct ynode *root = w->doc.root, *list = w->resources;
	for (size_t i = 0; i < root->count; i++) {
		bool is_known = false;
		for (size_t k = 0; k < 4; k++)
			is_known |= !strcmp(root->keys[i]->text, known[k]);
		if (!is_known)
			seed_unknown(w, root->keys[i], known, 4);
	}
	if (list->kind != YNODE_LIST) {
		seed_wrong(w, list,
			   "no list stands here; begin each resource under it with \"- key: \"");
		return;
	}
	make_room(w, list->count);
	for (size_t i = 0; i < list->count; i++)
		sow_resource(w, list->items[i]);
}

void seed_sow(struct sowing *w)
{
	if (!w->doc.root || w->doc.root->kind != YNODE_MAP)
		return;
	find_directory(w);
	if (w->resources)
		sow_resources(w);
	else
		sow_practice(w);
}

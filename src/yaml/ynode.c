/* SPDX-License-Identifier: MIT
 *
 * Looking things up in a tree that was read, and saying what is wrong with what was found.
 * Knows maps, lists and texts; which keys a file has is in its reader's tables.
 */
#include <linkbook/ydoc.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include "yroom.h"

static const char *const kind_wanted[] = {
	[YNODE_TEXT] = "a text; write it on the same line",
	[YNODE_LIST] = "a list; begin each line under it with \"- \"",
	[YNODE_MAP] = "a map; write \"key: value\" lines under it, indented",
};

struct ynode *ynode_get(const struct ynode *map, const char *key)
{
	for (size_t i = 0; map && map->kind == YNODE_MAP && i < map->count; i++)
		if (!strcmp(map->keys[i]->text, key))
			return map->items[i];
	return NULL;
}

void ynode_say(const struct ydoc *doc, const struct ynode *at, struct diag *d, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	char *text = NULL;
	if (vasprintf(&text, fmt, args) < 0)
		err_out_of_memory();
	va_end(args);
	diag_say_at(d, doc->name, at ? at->line : 0, at ? at->column : 0, "%s", text);
	free(text);
}

static size_t count_known(const struct ykey *known)
{
	size_t n = 0;
	while (known[n].name)
		n++;
	return n;
}

static void say_unknown(const struct ydoc *doc, const struct ynode *key, const struct ykey *known,
			struct diag *d)
{
	size_t n = count_known(known);
	const char **names = mem_alloc_many(n, sizeof *names);
	struct buf all = BUF_INIT, shown = BUF_INIT;
	for (size_t i = 0; i < n; i++) {
		names[i] = known[i].name;
		buf_printf(&all, "%s%s", i ? ", " : "", names[i]);
	}
	const char *near = text_nearest(key->text, names, n);
	text_show(key->text, &shown);
	if (near)
		ynode_say(doc, key, d, "the key \"%s\" is not known here; did you mean \"%s\"?",
			  buf_text(&shown), near);
	else
		ynode_say(doc, key, d, "the key \"%s\" is not known here; known are: %s",
			  buf_text(&shown), buf_text(&all));
	buf_fini(&all);
	buf_fini(&shown);
	free(names);
}

static bool check_known(const struct ydoc *doc, const struct ynode *map, size_t i,
			const struct ykey *known, struct diag *d)
{
	const struct ynode *key = map->keys[i], *value = map->items[i];
	const struct ykey *k = known;
	while (k->name && strcmp(k->name, key->text))
		k++;
	if (!k->name) {
		say_unknown(doc, key, known, d);
		return false;
	}
	if (value->kind != k->kind) {
		ynode_say(doc, value, d, "\"%s\" wants %s", k->name, kind_wanted[k->kind]);
		return false;
	}
	if (k->must && k->kind == YNODE_TEXT && !*value->text) {
		ynode_say(doc, value, d, "\"%s\" is empty; write a text after the colon", k->name);
		return false;
	}
	return true;
}

bool ynode_check(const struct ydoc *doc, const struct ynode *map, const struct ykey *known,
		 struct diag *d)
{
	if (!map || map->kind != YNODE_MAP) {
		ynode_say(doc, map, d, "here belongs %s", kind_wanted[YNODE_MAP]);
		return false;
	}
	bool good = true;
	for (size_t i = 0; i < map->count; i++)
		good = check_known(doc, map, i, known, d) && good;
	for (const struct ykey *k = known; k->name; k++) {
		if (!k->must || ynode_get(map, k->name))
			continue;
		ynode_say(doc, map, d, "the key \"%s\" is missing; add it", k->name);
		good = false;
	}
	return good;
}

const char *ynode_text(const struct ynode *map, const char *key)
{
	const struct ynode *node = ynode_get(map, key);
	return node && node->kind == YNODE_TEXT ? node->text : NULL;
}

static bool is_number(const char *text)
{
	text += *text == '-';
	return *text && text[strspn(text, "0123456789")] == '\0';
}

bool ynode_number(const struct ydoc *doc, const struct ynode *node, long lo, long hi, long *out,
		  struct diag *d)
{
	if (node && node->kind == YNODE_TEXT && is_number(node->text)) {
		errno = 0;
		long n = strtol(node->text, NULL, 10);
		if (!errno && n >= lo && n <= hi) {
			*out = n;
			return true;
		}
	}
	ynode_say(doc, node, d, "this is not a whole number from %ld to %ld; write one", lo, hi);
	return false;
}

bool ynode_yesno(const struct ydoc *doc, const struct ynode *node, bool *out, struct diag *d)
{
	static const struct {
		const char *word;
		bool is;
	} words[] = {{"yes", true}, {"no", false}, {"true", true}, {"false", false}};
	bool is_text = node && node->kind == YNODE_TEXT;
	for (size_t i = 0; is_text && i < sizeof words / sizeof *words; i++) {
		if (strcasecmp(node->text, words[i].word))
			continue;
		*out = words[i].is;
		return true;
	}
	ynode_say(doc, node, d, "this is neither yes nor no; write one of the two");
	return false;
}

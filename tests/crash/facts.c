/* SPDX-License-Identifier: MIT
 *
 * Notes heard, and a book asked whether they hold.
 */
#include "facts.h"
#include "drive.h"

#include <linkbook/mem.h>
#include <linkbook/store.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char none[] = "(none)";

static void fact_fini(struct fact *f)
{
	free(f->key);
	free(f->is);
	free(f->tried);
}

void facts_fini(struct facts *f)
{
	for (size_t i = 0; i < f->count; i++)
		fact_fini(&f->v[i]);
	free(f->v);
	free(f->broken);
	*f = (struct facts){0};
}

/* --- hearing ---------------------------------------------------------------------------- */

static const struct fact *find(const struct facts *f, const char *key)
{
	for (size_t i = 0; i < f->count; i++)
		if (!strcmp(f->v[i].key, key))
			return &f->v[i];
	return NULL;
}

static void hear_value(struct facts *f, const char *text, bool tried)
{
	const char *equals = strchr(text, '=');
	BUG_IF(!equals);
	char *key = mem_text_n(text, (size_t)(equals - text));
	struct fact *one = (struct fact *)(uintptr_t)find(f, key);
	if (!one) {
		f->v = mem_room(f->v, f->count, &f->cap, sizeof *f->v);
		one = &f->v[f->count++];
		*one = (struct fact){.key = mem_text(key)};
	}
	char **to = tried ? &one->tried : &one->is;
	free(*to);
	*to = mem_text(equals + 1);
	free(key);
}

/* True when value is one of "a|b|c". */
static bool is_one_of(const char *value, const char *tried)
{
	size_t n = strlen(value);
	for (const char *at = tried; at; at = strchr(at, '|'), at = at ? at + 1 : NULL)
		if (!strncmp(at, value, n) && (!at[n] || at[n] == '|'))
			return true;
	return false;
}

static void hear_found(struct facts *f, const char *text)
{
	const char *equals = strchr(text, '=');
	BUG_IF(!equals);
	char *key = mem_text_n(text, (size_t)(equals - text));
	const struct fact *one = find(f, key);
	struct buf why = BUF_INIT;
	BUG_IF(!one);
	if (one->is && strcmp(one->is, equals + 1) &&
	    (!one->tried || !is_one_of(equals + 1, one->tried)) && !f->broken) {
		buf_printf(&why, "after a cut %s should be %s, and is %s", key, one->is,
			   equals + 1);
		f->broken = buf_take_text(&why);
	}
	hear_value(f, text, false);
	struct fact *mine = (struct fact *)(uintptr_t)one;
	free(mine->tried);
	mine->tried = NULL;
	free(key);
}

bool facts_write(const struct facts *f, const char *path)
{
	FILE *out = fopen(path, "w");
	for (size_t i = 0; out && i < f->count; i++)
		fprintf(out, "%s\n", f->v[i].key);
	return out && !fclose(out);
}

/* The last of what may be on the way is what it comes to. */
static void hear_done(struct facts *f)
{
	f->acknowledged++;
	f->copying = false;
	for (size_t i = 0; i < f->count; i++)
		if (f->v[i].tried) {
			const char *last = strrchr(f->v[i].tried, '|');
			free(f->v[i].is);
			f->v[i].is = mem_text(last ? last + 1 : f->v[i].tried);
			free(f->v[i].tried);
			f->v[i].tried = NULL;
		}
}

void facts_hear(struct facts *f, struct span note)
{
	char *text = mem_text_n((const char *)note.p, note.n);
	f->version++;
	if (!strcmp(text, "begin"))
		f->begun = true;
	else if (!strcmp(text, "done"))
		hear_done(f);
	else if (!strcmp(text, "copying"))
		f->copying = f->copied = true;
	else if (!strncmp(text, "try ", 4))
		hear_value(f, text + 4, true);
	else if (!strncmp(text, "found ", 6))
		hear_found(f, text + 6);
	else if (!strncmp(text, "is ", 3))
		hear_value(f, text + 3, false);
	else
		BUG_IF("a note that nobody understands");
	free(text);
}

bool facts_made(const struct facts *f)
{
	const struct fact *made = find(f, "made");
	return made && made->is;
}

bool facts_trying(const struct facts *f)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->v[i].tried)
			return true;
	return false;
}

/* --- asking ----------------------------------------------------------------------------- */

char *fact_value(struct span value)
{
	struct buf b = BUF_INIT;
	char hex[HASH_HEX];
	if (!value.n || (value.n <= 200 && !memchr(value.p, '\n', value.n))) {
		buf_add_span(&b, value);
	} else {
		struct hash h = store_plain_hash(value);
		buf_printf(&b, "#%s", hash_to_hex(&h, hex));
	}
	return buf_take_text(&b);
}

static char *take_value(struct buf *b)
{
	char *value = fact_value(buf_span(b));
	buf_fini(b);
	return value;
}

/* f/ID/FIELD and bin/ID */
static char *ask_record(struct book *b, const char *hex, const char *field)
{
	struct record r;
	struct id id;
	struct buf out = BUF_INIT;
	char digits[ID_HEX] = {0};
	memcpy(digits, hex, strnlen(hex, ID_HEX - 1));
	BUG_IF(!id_from_hex(digits, &id));
	enum err e = book_get(b, &id, &r);
	if (e)
		return e == ERR_ABSENT ? mem_text(none) : NULL;
	if (field)
		record_say(b, &r, field, &out);
	else
		buf_add_text(&out, r.state.binned ? "yes" : "no");
	record_fini(&r);
	return take_value(&out);
}

static bool count_record(void *arg, const struct record *r)
{
	(void)r;
	++*(size_t *)arg;
	return true;
}

static void count_event(void *arg, const struct event *e)
{
	(void)e;
	++*(size_t *)arg;
}

static char *say_count(size_t n)
{
	struct buf b = BUF_INIT;
	buf_printf(&b, "%zu", n);
	return buf_take_text(&b);
}

static char *ask_history(struct book *b, const char *hex)
{
	struct id id;
	size_t n = 0;
	BUG_IF(!id_from_hex(hex, &id));
	enum err e = book_history(b, ref_to(&id), count_event, &n);
	return e && e != ERR_ABSENT ? NULL : say_count(n);
}

static char *ask_draft(struct book *b, const char *hex)
{
	struct draft *v;
	size_t n;
	struct id id;
	struct buf text = BUF_INIT;
	BUG_IF(!id_from_hex(hex, &id));
	if (book_drafts(b, &v, &n, NULL))
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (id_equal(&v[i].id, &id))
			buf_add_span(&text, buf_span(&v[i].content));
	drafts_free(v, n);
	if (!text.n)
		buf_add_text(&text, none);
	return take_value(&text);
}

/* Which of the words that are used in scenarios open it, by number. */
static char *ask_ways(struct book *b)
{
	struct buf ways = BUF_INIT;
	char *path = file_join(book_dir(b), "caseload");
	for (size_t i = 0; crash_words[i]; i++) {
		struct slot_key with = {.source = SLOT_PASSPHRASE,
					.secret = span_text(crash_words[i])};
		enum store_kind kind;
		if (!store_try(book_seam(b), path, &with, &kind, NULL))
			buf_printf(&ways, "%zu", i);
	}
	free(path);
	return buf_take_text(&ways);
}

char *fact_ask(struct book *b, const char *key)
{
	size_t n = 0;
	if (!strcmp(key, "made"))
		return mem_text("yes");
	if (!strcmp(key, "author"))
		return mem_text(book_author(b));
	if (!strcmp(key, "ways"))
		return ask_ways(b);
	if (!strcmp(key, "dirs"))
		return say_count(book_directory_count(b));
	if (!strncmp(key, "f/", 2))
		return ask_record(b, key + 2, key + 2 + ID_HEX);
	if (!strncmp(key, "bin/", 4))
		return ask_record(b, key + 4, NULL);
	if (!strncmp(key, "e/", 2))
		return ask_history(b, key + 2);
	if (!strncmp(key, "d/", 2))
		return ask_draft(b, key + 2);
	BUG_IF(strncmp(key, "n/", 2) != 0);
	enum err e = book_scan(b, kind_find(key + 2), NULL, count_record, &n);
	return e ? NULL : say_count(n);
}

/* --- judging ---------------------------------------------------------------------------- */

bool facts_hold(const struct facts *f, struct book *b, struct buf *why)
{
	const struct fact *before = NULL, *after = NULL; /* a witness for each */
	for (size_t i = 0; i < f->count; i++) {
		const struct fact *one = &f->v[i];
		char *is = fact_ask(b, one->key);
		bool old = is && one->is && !strcmp(is, one->is);
		bool new = is && one->tried &&is_one_of(is, one->tried);
		if (old && !new && one->tried)
			before = one;
		else if (new && !old && one->is)
			after = one;
		else if (!old && !new && (one->is || !is))
			buf_printf(why, "%s should be %s%s%s, and is %s", one->key,
				   one->is ? one->is : "?", one->tried ? " or " : "",
				   one->tried ? one->tried : "", is ? is : "unreadable");
		free(is);
		if (why->n)
			return false;
	}
	if (before && after)
		buf_printf(why, "half a step: %s is there, and %s is not", after->key, before->key);
	return !why->n;
}

/* SPDX-License-Identifier: MIT
 *
 * check, view-hash, stats: whether all is well, and how much of it there is.
 */
#include "command_line.h"

#include <linkbook/mem.h>

#include <stdlib.h>

static bool count_conflicts(void *arg, const struct record *r)
{
	*(size_t *)arg += state_conflicts(&r->state);
	return true;
}

static enum err conflicts(struct cli *c, size_t *count)
{
	enum err e = OK;
	*count = 0;
	for (const struct kind *k = kinds; !e && k->name; k++)
		e = book_scan(c->book, k, NULL, count_conflicts, count);
	return e;
}

enum exit_status cmd_check(struct cli *c)
{
	size_t waiting = 0;
	if (c->argc)
		return cli_usage(c, "check takes no names");
	enum err e = cli_open(c);
	if (!e && c->option[O_REBUILD])
		e = book_rebuild(c->book, &c->diag);
	if (!e)
		e = book_check(c->book, &c->diag);
	if (!e)
		e = conflicts(c, &waiting);
	if (c->json)
		printf("{\"well\":%s,\"conflicts\":%zu}\n", e ? "false" : "true", waiting);
	else if (!e)
		printf("Everything fits together. Conflicts to settle: %zu.\n", waiting);
	if (e)
		return cli_status(e);
	return cli_done(c) ? cli_done(c) : waiting ? EXIT_CONFLICTS : EXIT_DONE;
}

static void say_hash(const struct cli *c, const struct view_hash *h, bool first)
{
	char store[ID_HEX], changes[HASH_HEX], view[HASH_HEX];
	id_to_hex(&h->store, store);
	hash_to_hex(&h->changes, changes);
	hash_to_hex(&h->view, view);
	const char *what = h->is_directory ? "directory" : "caseload";
	if (c->json)
		printf("%s{\"store\":\"%s\",\"kind\":\"%s\",\"changes\":\"%s\",\"view\":\"%s\","
		       "\"change_count\":%zu,\"people_read\":%zu,\"people\":%zu}",
		       first ? "" : ",", store, what, changes, view, h->change_count,
		       h->people_read, h->people);
	else
		printf("%s %.8s\n  changes %s (%zu)\n  view    %s (%zu of %zu people)\n", what,
		       store, changes, h->change_count, view, h->people_read, h->people);
}

enum exit_status cmd_view_hash(struct cli *c)
{
	struct view_hash *v = NULL;
	size_t count = 0;
	if (c->argc)
		return cli_usage(c, "view-hash takes no names");
	enum err e = cli_open(c);
	if (!e)
		e = book_view_hash(c->book, &v, &count, &c->diag);
	if (!e && c->json)
		putchar('[');
	for (size_t i = 0; !e && i < count; i++)
		say_hash(c, &v[i], !i);
	if (!e && c->json)
		puts("]");
	free(v);
	return e ? cli_status(e) : cli_done(c);
}

static bool count_one(void *arg, const struct record *r)
{
	(void)r;
	++*(size_t *)arg;
	return true;
}

static void say_stats_json(const struct book_stats *s)
{
	printf("\"changes\":%zu,\"files\":%zu,\"directories\":%zu,\"file_bytes\":%llu,"
	       "\"shelf_bytes\":%llu,\"unlock_ms\":%lld,\"take_in_ms\":%lld}\n",
	       s->changes, s->files, s->directories, (unsigned long long)s->file_bytes,
	       (unsigned long long)s->shelf_bytes, (long long)s->unlock_ms,
	       (long long)s->take_in_ms);
}

static void say_stats(const struct book_stats *s)
{
	printf("changes        %zu\nsealed files   %zu\ndirectories    %zu\n"
	       "bytes in files %llu\nbytes in LMDB  %llu\nunlocking      %lld ms\n"
	       "taking in      %lld ms\n",
	       s->changes, s->files, s->directories, (unsigned long long)s->file_bytes,
	       (unsigned long long)s->shelf_bytes, (long long)s->unlock_ms,
	       (long long)s->take_in_ms);
}

enum exit_status cmd_stats(struct cli *c)
{
	struct book_stats s;
	if (c->argc)
		return cli_usage(c, "stats takes no names");
	enum err e = cli_open(c);
	if (!e)
		e = book_stats(c->book, &s);
	if (e)
		return cli_status(e);
	if (c->json)
		putchar('{');
	for (const struct kind *k = kinds; !e && k->name; k++) {
		size_t n = 0;
		e = book_scan(c->book, k, NULL, count_one, &n);
		if (c->json)
			printf("\"%s\":%zu,", k->name, n);
		else
			printf("%-14s %zu\n", k->name, n);
	}
	if (c->json)
		say_stats_json(&s);
	else
		say_stats(&s);
	return e ? cli_status(e) : cli_done(c);
}

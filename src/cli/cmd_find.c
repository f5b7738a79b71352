/* SPDX-License-Identifier: MIT
 *
 * find: records by their words.  Words on the command line search the directory only; they
 * stand in the shell's history.  Groups and services are found by what is meant (cmd_groups.c).
 */
#include "command_line.h"

#include <linkbook/lines.h>
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

struct hit {
	struct id id;
	int score;
	struct buf text;
};
struct finding {
	struct cli *c;
	const char *query; /* folded */
	struct hit *v;
	size_t count, cap;
};

static bool try_record(void *arg, const struct record *r)
{
	struct finding *f = arg;
	struct buf words = BUF_SECRET;
	char hex[ID_HEX];
	record_fold_words(f->c->book, r, &words);
	int score = text_match(f->query, buf_text(&words));
	buf_fini(&words);
	if (!score)
		return true;
	f->v = mem_room(f->v, f->count, &f->cap, sizeof *f->v);
	struct hit *h = &f->v[f->count++];
	*h = (struct hit){r->id, score, BUF_SECRET};
	if (f->c->json) {
		book_log(f->c->book, "looked_at", r);
		lines_show(r, &h->text);
	} else {
		buf_printf(&h->text, "%.8s  %-8s  ", id_to_hex(&r->id, hex), r->state.type);
		record_title(f->c->book, r, &h->text);
	}
	return true;
}

static int best_first(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;
	return x->score != y->score ? y->score - x->score : id_order(&x->id, &y->id);
}

static enum err find_one(struct cli *c, const char *query, bool caseload)
{
	struct buf folded = BUF_SECRET;
	const char *type = c->option[O_TYPE];
	enum err e = OK;
	text_fold(span_text(query), &folded);
	struct finding f = {.c = c, .query = buf_text(&folded)};
	for (const struct kind *k = kinds; !e && folded.n && k->name; k++)
		if ((caseload || k->store == STORE_DIRECTORY) && (!type || !strcmp(type, k->name)))
			e = book_scan(c->book, k, NULL, try_record, &f);
	if (f.count)
		qsort(f.v, f.count, sizeof *f.v, best_first);
	if (c->json)
		putchar('[');
	for (size_t i = 0; i < f.count; i++) {
		if (c->json && i)
			putchar(',');
		cli_put(&f.v[i].text);
		putchar('\n');
		buf_fini(&f.v[i].text);
	}
	if (c->json)
		puts("]");
	free(f.v);
	buf_fini(&folded);
	return e;
}

static enum err find_lines(struct cli *c)
{
	char *line = NULL;
	size_t size = 0;
	enum err e = OK;
	/* One value for all lines: an array with an array of hits for each. */
	if (c->json)
		putchar('[');
	for (size_t number = 1; !e && getline(&line, &size, stdin) >= 0; number++) {
		line[strcspn(line, "\r\n")] = 0;
		if (c->json && number > 1)
			putchar(',');
		if (text_is_utf8(span_text(line))) {
			e = find_one(c, line, true);
		} else {
			diag_say_at(&c->diag, "stdin", (unsigned)number, 1,
				    "this is not readable text (UTF-8)");
			e = ERR_INPUT;
		}
	}
	if (c->json)
		puts("]");
	if (line)
		mem_wipe(line, size);
	free(line);
	return e;
}

enum exit_status cmd_find(struct cli *c)
{
	struct buf query = BUF_INIT;
	const char *type = c->option[O_TYPE];
	if (!c->option[O_STDIN] == !c->argc)
		return cli_usage(c, "give words, or --stdin");
	if (type && !kind_find(type))
		return cli_usage(c, "--type takes the name of a record type");
	for (int i = 0; i < c->argc; i++)
		buf_printf(&query, "%s ", c->argv[i]);
	enum err e = cli_open(c);
	if (!e)
		e = c->argc && (!type || !strcmp(type, "resource"))
			    ? find_groups(c, buf_text(&query))
		    : c->argc ? find_one(c, buf_text(&query), false)
			      : find_lines(c);
	buf_fini(&query);
	return e ? cli_status(e) : cli_done(c);
}

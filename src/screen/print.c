/* SPDX-License-Identifier: MIT
 *
 * The people as plain text: for pipes, and for terminals that can only write on.
 */
#include "room.h"
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>

struct line {
	struct buf key, text;
};
struct printing {
	struct app *app;
	struct line *lines;
	size_t count, cap;
};

/* In the order of the screen: by family name, then given, accents aside. */
static void add_key(const struct book *b, const struct record *r, struct buf *out)
{
	struct buf name = BUF_SECRET;
	record_say(b, r, "family_name", &name);
	buf_add_byte(&name, ' ');
	record_say(b, r, "given_name", &name);
	text_fold(buf_span(&name), out);
	buf_fini(&name);
}

static bool add_line(void *arg, const struct record *r)
{
	struct printing *p = arg;
	p->lines = mem_room(p->lines, p->count, &p->cap, sizeof *p->lines);
	struct line *line = &p->lines[p->count++];
	*line = (struct line){BUF_SECRET, BUF_SECRET};
	add_key(p->app->book, r, &line->key);
	record_person_name(r, &line->text);
	static const char *const fields[] = {"date_of_birth", "locality", "status"};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		struct buf said = BUF_SECRET;
		record_say(p->app->book, r, fields[i], &said);
		if (said.n)
			buf_printf(&line->text, ", %s", buf_text(&said));
		buf_fini(&said);
	}
	return true;
}

static int by_key(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int order = span_order(buf_span(&x->key), buf_span(&y->key));
	return order ? order : span_order(buf_span(&x->text), buf_span(&y->text));
}

enum err screen_print_people(struct app *app, FILE *to)
{
	struct printing p = {.app = app};
	enum err e = book_scan(app->book, kind_find("person"), NULL, add_line, &p);
	if (p.count)
		qsort(p.lines, p.count, sizeof *p.lines, by_key);
	for (size_t i = 0; i < p.count; i++) {
		struct buf clean = BUF_SECRET;
		text_clean(buf_span(&p.lines[i].text), &clean);
		fprintf(to, "%s\n", buf_text(&clean));
		buf_fini(&clean);
		buf_fini(&p.lines[i].key);
		buf_fini(&p.lines[i].text);
	}
	free(p.lines);
	return e;
}

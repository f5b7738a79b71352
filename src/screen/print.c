/* SPDX-License-Identifier: MIT
 *
 * The people as plain text: for pipes, and for terminals that can only write on.
 */
#include "room.h"
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

struct printing {
	struct app *app;
	struct buf *lines;
	size_t count, cap;
};

static bool add_line(void *arg, const struct record *r)
{
	struct printing *p = arg;
	p->lines = mem_room(p->lines, p->count, &p->cap, sizeof *p->lines);
	struct buf *line = &p->lines[p->count++];
	*line = (struct buf)BUF_INIT;
	record_person_name(r, line);
	static const char *const fields[] = {"date_of_birth", "locality", "status"};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		struct buf said = BUF_INIT;
		record_say(p->app->book, r, fields[i], &said);
		if (said.n)
			buf_printf(line, ", %s", buf_text(&said));
		buf_fini(&said);
	}
	return true;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(buf_text(a), buf_text(b));
}

enum err screen_print_people(struct app *app, FILE *to)
{
	struct printing p = {.app = app};
	enum err e = book_scan(app->book, kind_find("person"), NULL, add_line, &p);
	if (p.count)
		qsort(p.lines, p.count, sizeof *p.lines, by_text);
	for (size_t i = 0; i < p.count; i++) {
		struct buf clean = BUF_INIT;
		text_clean(buf_span(&p.lines[i]), &clean);
		fprintf(to, "%s\n", buf_text(&clean));
		buf_fini(&clean);
		buf_fini(&p.lines[i]);
	}
	free(p.lines);
	return e;
}

/* SPDX-License-Identifier: MIT
 *
 * Mistakes in words.  They are found in whatever order the bytes are gone over, and told in
 * the order in which somebody mending the file meets them.
 */
#include "yroom.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linkbook/text.h>

enum { SHOWN_COLUMNS = 40 };

void mistake_add(struct mistakes *m, unsigned line, unsigned column, const char *fmt, ...)
{
	if (m->found.count == MISTAKES_MOST) {
		m->more = true;
		return;
	}
	va_list args;
	va_start(args, fmt);
	char *text = NULL;
	if (vasprintf(&text, fmt, args) < 0)
		err_out_of_memory();
	va_end(args);
	diag_say_at(&m->found, m->file, line, column, "%s", text);
	free(text);
}

static int order_by_place(const void *a, const void *b)
{
	const struct diag_line *x = a, *y = b;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return strcmp(x->text, y->text);
}

size_t mistakes_tell(struct mistakes *m, struct diag *d)
{
	size_t count = m->found.count;
	/* The last one gives up its place, so that nobody is told more than MISTAKES_MOST. */
	size_t told = m->more ? count - 1 : count;
	if (count)
		qsort(m->found.lines, count, sizeof *m->found.lines, order_by_place);
	for (size_t i = 0; i < told; i++) {
		const struct diag_line *l = &m->found.lines[i];
		diag_say_at(d, m->file, l->line, l->column, "%s", l->text);
	}
	if (m->more)
		diag_say_at(d, m->file, 0, 0,
			    "%d mistakes or more; put these right first, then look again",
			    MISTAKES_MOST);
	diag_fini(&m->found);
	m->more = false;
	return count;
}

/* libyaml's reasons are for programmers; `piece` is enough of one to know it by. */
static const struct {
	const char *piece, *advice;
} syntax[] = {
	{"mapping values are not allowed",
	 "a colon stands where none can; indent the line like its neighbours, or put the text in "
	 "quotes"},
	{"find expected ':'",
	 "a line without a colon; write \"key: value\", or put the text in quotes"},
	{"expected key",
	 "this line does not line up; indent it exactly like the lines it belongs to"},
	{"expected '-'",
	 "this line does not belong to the list above; begin it with \"- \" or indent it"},
	{"block sequence entries", "a list cannot begin here; begin it on a line of its own"},
	{"end of stream", "quotes are opened and never closed; close them"},
	{"document indicator", "quotes are opened and not closed before this line; close them"},
	{"',' or ']'",
	 "a list in [ ] goes wrong here; put commas between its parts and ] at the end"},
	{"',' or '}'",
	 "a map in { } goes wrong here; put commas between its parts and } at the end"},
	{"cannot start any token",
	 "a text cannot begin with this character; put the text in quotes"},
	{"unknown escape",
	 "a backslash stands in double quotes; write it twice, or use single quotes"},
	{"hexdecimal", "an escape is cut short; give it all its digits, or use single quotes"},
	{"escape code", "an escape names no character; take it out"},
	{"alphabetic or numeric", "a text cannot begin with * or &; put it in quotes"},
	{"tag", "a text cannot begin with an exclamation mark; put it in quotes"},
	{"expected '!'", "a text cannot begin with an exclamation mark; put it in quotes"},
	{"URI", "a text cannot begin with an exclamation mark; put it in quotes"},
	{"mapping keys are not allowed", "a text cannot begin with \"? \"; put it in quotes"},
	{"node content", "something is missing here; write a text, or take the sign out"},
	{"indentation indicator", "a digit after | or > is not right; leave it out"},
	{"leading empty lines", "an empty line is indented too far; take its blanks out"},
	{"comment or line break", "something stands after | or >; begin the text on the next line"},
	{"document start",
	 "a text stands after the end of the document; indent it, or take it out"},
};

const char *syntax_advice(const char *problem)
{
	for (size_t i = 0; problem && i < sizeof syntax / sizeof *syntax; i++)
		if (strstr(problem, syntax[i].piece))
			return syntax[i].advice;
	return "this cannot be read; look at the indentation, and put texts with signs in quotes";
}

const char *text_show(const char *text, struct buf *out)
{
	buf_clear(out);
	text_clip(span_text(text), SHOWN_COLUMNS, false, out);
	return buf_text(out);
}

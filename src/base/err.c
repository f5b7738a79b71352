/* SPDX-License-Identifier: MIT
 *
 * Sentences about what went wrong, and the two orderly deaths.
 */
#include <linkbook/err.h>
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void (*farewell_hook)(void);

/* A sentence may quote whatever was in a file or a copy: it stays one plain line. */
enum { SENTENCE_COLUMNS = 1000 };

static char *plain_sentence(char *said)
{
	struct buf clean = BUF_SECRET;
	text_clip(span_text(said), SENTENCE_COLUMNS, false, &clean);
	char *text = mem_text(buf_text(&clean));
	buf_fini(&clean);
	mem_free_secret(said);
	return text;
}

static void add_line(struct diag *d, const char *file, unsigned line, unsigned column,
		     const char *fmt, va_list args)
{
	if (!d)
		return;
	char *text = NULL;
	if (vasprintf(&text, fmt, args) < 0)
		err_out_of_memory();
	d->lines = mem_grow(d->lines, d->count + 1, sizeof *d->lines);
	d->lines[d->count++] = (struct diag_line){
		.file = file ? mem_text(file) : NULL,
		.line = line,
		.column = column,
		.text = plain_sentence(text),
	};
}

void diag_say(struct diag *d, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	add_line(d, NULL, 0, 0, fmt, args);
	va_end(args);
}

void diag_say_at(struct diag *d, const char *file, unsigned line, unsigned column, const char *fmt,
		 ...)
{
	va_list args;
	va_start(args, fmt);
	add_line(d, file, line, column, fmt, args);
	va_end(args);
}

void diag_add(struct diag *to, const struct diag *from)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct diag_line *l = &from->lines[i];
		diag_say_at(to, l->file, l->line, l->column, "%s", l->text);
	}
}

const char *diag_first(const struct diag *d)
{
	return d && d->count ? d->lines[0].text : "";
}

void diag_move(struct diag *d, struct diag *from)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct diag_line *l = &from->lines[i];
		diag_say_at(d, l->file, l->line, l->column, "%s", l->text);
	}
	diag_fini(from);
}

void diag_fini(struct diag *d)
{
	for (size_t i = 0; i < d->count; i++) {
		free(d->lines[i].file);
		free(d->lines[i].text);
	}
	free(d->lines);
	*d = (struct diag){0};
}

enum err err_said(enum err e, struct diag *d)
{
	static const char *const says[] = {
		[ERR_IO] = "The machine could not read or write just now; try again.",
		[ERR_FULL] = "The disk is full: make room and try again.",
		[ERR_DAMAGED] = "The book is damaged here; linkbook check says more.",
	};
	if (d && !d->count && (size_t)e < sizeof says / sizeof *says && says[e])
		diag_say(d, "%s", says[e]);
	return e;
}

void err_set_farewell(void (*farewell)(void))
{
	farewell_hook = farewell;
}

static void say_farewell(void)
{
	void (*hook)(void) = farewell_hook;
	farewell_hook = NULL; /* a fault inside it must not come back here */
	if (hook)
		hook();
}

void err_bug(const char *file, int line, const char *what)
{
	say_farewell();
	fprintf(stderr,
		"linkbook: a fault in the program (%s:%d: %s). What was typed is kept as a "
		"draft.\n",
		file, line, what);
	abort();
}

void err_out_of_memory(void)
{
	say_farewell();
	fputs("linkbook: the machine has no memory left. What was typed is kept as a draft.\n",
	      stderr);
	exit(1);
}

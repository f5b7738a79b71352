/* SPDX-License-Identifier: MIT
 *
 * Writing: what goes in and out, and the steps back.  Moving is in edit_move.c.
 */
#include <linkbook/edit.h>
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

void edit_init(struct edit *e, bool many)
{
	*e = (struct edit){.text = BUF_SECRET, .many = many, .column = -1};
}

static void step_fini(struct edit_step *s)
{
	buf_fini(&s->removed);
	buf_fini(&s->added);
}

static void forget_from(struct edit *e, size_t first)
{
	for (size_t i = first; i < e->count; i++)
		step_fini(&e->steps[i]);
	e->count = first;
	e->done = e->done < first ? e->done : first;
}

void edit_fini(struct edit *e)
{
	forget_from(e, 0);
	free(e->steps);
	buf_fini(&e->text);
	*e = (struct edit){0};
}

/* Pasted text comes with what its source used for line ends, and sometimes with worse. */
static void clean(const struct edit *e, struct span s, struct buf *out)
{
	struct buf plain = BUF_SECRET, seen = BUF_SECRET;
	for (size_t i = 0; i < s.n; i++) {
		bool crlf = s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n';
		uint8_t c = s.p[i] == '\r' ? '\n' : s.p[i];
		if (!crlf && (c >= 0x20 || c == '\n' || c == '\t') && c != 0x7F)
			buf_add_byte(&plain, c);
	}
	text_strip(buf_span(&plain), &seen);
	for (struct span rest = buf_span(&seen); rest.n;) {
		size_t line = 0;
		while (line < rest.n && rest.p[line] != '\n')
			line++;
		text_clean(span_of(rest.p, line), out);
		bool ends = line < rest.n;
		if (ends)
			buf_add_byte(out, e->many ? '\n' : ' ');
		rest = span_of(rest.p + line + ends, rest.n - line - ends);
	}
	buf_fini(&seen);
	buf_fini(&plain);
}

void edit_set(struct edit *e, struct span text)
{
	struct buf fresh = BUF_SECRET;
	clean(e, text, &fresh);
	forget_from(e, 0);
	buf_fini(&e->text);
	e->text = fresh;
	e->run = RUN_NONE;
	e->column = -1;
	e->cursor = e->text.n;
}

static void apply(struct edit *e, size_t at, size_t removed, struct span added)
{
	buf_splice(&e->text, at, removed, added.p, added.n);
}

static struct edit_step *add_step(struct edit *e)
{
	forget_from(e, e->done);
	e->steps = mem_room(e->steps, e->count, &e->cap, sizeof *e->steps);
	struct edit_step *s = &e->steps[e->count++];
	*s = (struct edit_step){.removed = BUF_SECRET, .added = BUF_SECRET, .before = e->cursor};
	e->done = e->count;
	return s;
}

/* The last step, when what comes now goes on from it in the same way. */
static struct edit_step *running_step(struct edit *e, enum edit_run run, size_t at, size_t removed)
{
	if (run == RUN_NONE || e->run != run || !e->done || e->done != e->count)
		return NULL;
	struct edit_step *s = &e->steps[e->done - 1];
	bool follows = run == RUN_TYPING    ? at == s->at + s->added.n
		       : run == RUN_RUBBING ? at + removed == s->at
					    : at == s->at;
	return follows ? s : NULL;
}

static void change(struct edit *e, enum edit_run run, size_t at, size_t removed, struct span added)
{
	if (!removed && !added.n)
		return;
	struct edit_step *s = running_step(e, run, at, removed);
	if (!s) {
		s = add_step(e);
		s->at = at;
	}
	size_t join = run == RUN_RUBBING ? 0 : s->removed.n;
	buf_splice(&s->removed, join, 0, e->text.p ? e->text.p + at : NULL, removed);
	if (run == RUN_RUBBING)
		s->at = at;
	buf_add_span(&s->added, added);
	apply(e, at, removed, added);
	edit_set_cursor(e, at + added.n);
	s->after = e->cursor;
	e->run = run;
}

static bool ends_in_blank(struct span s)
{
	return s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\n');
}

/* Leaves of a text what one line still has room for, in whole letters. */
static bool fit(const struct edit *e, struct buf *fresh)
{
	size_t room = e->text.n < EDIT_LINE_BYTES ? EDIT_LINE_BYTES - e->text.n : 0, fitted = 0;
	if (e->many || fresh->n <= room)
		return true;
	for (size_t n = 0; fitted + n <= room;) {
		fitted += n;
		n = text_grapheme(span_of(fresh->p + fitted, fresh->n - fitted), NULL);
	}
	buf_splice(fresh, fitted, fresh->n - fitted, NULL, 0);
	return false;
}

bool edit_type(struct edit *e, struct span text)
{
	struct buf fresh = BUF_SECRET;
	clean(e, text, &fresh);
	bool whole = fit(e, &fresh);
	change(e, RUN_TYPING, e->cursor, 0, buf_span(&fresh));
	if (ends_in_blank(buf_span(&fresh)))
		e->run = RUN_NONE;
	buf_fini(&fresh);
	return whole;
}

bool edit_paste(struct edit *e, struct span text)
{
	struct buf fresh = BUF_SECRET;
	clean(e, text, &fresh);
	bool whole = fit(e, &fresh);
	change(e, RUN_NONE, e->cursor, 0, buf_span(&fresh));
	buf_fini(&fresh);
	return whole;
}

void edit_rub_out(struct edit *e)
{
	size_t n = text_grapheme_back(span_of(e->text.p, e->cursor));
	change(e, RUN_RUBBING, e->cursor - n, n, span_of(NULL, 0));
}

void edit_delete(struct edit *e)
{
	size_t n = text_grapheme(
		span_of((const uint8_t *)buf_text(&e->text) + e->cursor, e->text.n - e->cursor),
		NULL);
	change(e, RUN_DELETING, e->cursor, n, span_of(NULL, 0));
}

bool edit_undo(struct edit *e)
{
	if (!e->done)
		return false;
	struct edit_step *s = &e->steps[--e->done];
	apply(e, s->at, s->added.n, buf_span(&s->removed));
	edit_set_cursor(e, s->before);
	return true;
}

bool edit_redo(struct edit *e)
{
	if (e->done == e->count)
		return false;
	struct edit_step *s = &e->steps[e->done++];
	apply(e, s->at, s->removed.n, buf_span(&s->added));
	edit_set_cursor(e, s->after);
	return true;
}

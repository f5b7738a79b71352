/* SPDX-License-Identifier: MIT
 *
 * The program started, unlocked, typed into; and what is wanted afterwards.
 */
#include "sitting.h"

#include <linkbook/mem.h>
#include <linkbook/seam.h>

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { STEP_MS = 50, SAFE_MS = 1000, STARTS_WITH = 60 };

void sitting_fail(struct sitting *s, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;
	if (s->why.n)
		return; /* the first one tells most */
	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		err_out_of_memory();
	va_end(args);
	buf_add_text(&s->why, text);
	free(text);
}

/* --- typing ------------------------------------------------------------------------------ */

bool sitting_advance(struct sitting *s, int64_t ms)
{
	bool goes_on = true;
	do {
		int64_t step = ms < STEP_MS ? ms : STEP_MS;
		s->clock += step;
		ms -= step;
		goes_on = pty_order(&s->p, ORDER_CLOCK, step);
	} while (goes_on && ms);
	if (s->p.hangs)
		sitting_fail(s, "it hangs");
	return goes_on;
}

bool sitting_sync(struct sitting *s)
{
	bool goes_on = sitting_advance(s, 0);
	if (s->p.ended)
		sitting_fail(s, "it ended by itself, with status %x", (unsigned)s->p.status);
	return goes_on;
}

void sitting_stroke(struct sitting *s)
{
	struct buf bytes = BUF_INIT;
	typist_stroke(&s->t, s->clock, &bytes);
	pty_type(&s->p, (const char *)bytes.p, bytes.n);
	buf_fini(&bytes);
}

void sitting_type(struct sitting *s, size_t strokes)
{
	while (strokes--) {
		sitting_stroke(s);
		unsigned pause = typist_draw(&s->t, 100);
		if (pause < 60)
			sitting_advance(s, typist_draw(&s->t, 400));
		else if (pause < 65)
			sitting_advance(s, 900 + typist_draw(&s->t, 2000));
	}
}

void sitting_word(struct sitting *s)
{
	while (s->t.pasting)
		sitting_stroke(s);
	for (int i = 0; i < 3; i++) {
		s->t.rest = "won";
		sitting_stroke(s);
	}
}

/* --- what is seen ------------------------------------------------------------------------ */

static void see(struct sitting *s, struct buf *picture)
{
	pty_picture(&s->p, picture);
}

bool sitting_shows(struct sitting *s, const char *words)
{
	struct buf picture = BUF_INIT;
	see(s, &picture);
	bool shows = strstr(buf_text(&picture), words) != NULL;
	buf_fini(&picture);
	return shows;
}

static void want_shown(struct sitting *s, const char *words)
{
	struct buf picture = BUF_INIT;
	see(s, &picture);
	if (!strstr(buf_text(&picture), words))
		sitting_fail(s, "\"%s\" is not on the screen:\n%s", words, buf_text(&picture));
	buf_fini(&picture);
}

/* Without the heading, the message and what keys do: they speak of times. */
void sitting_form(struct sitting *s, struct buf *out)
{
	VTermPos at = pty_cursor(&s->p);
	for (int y = 1; y < s->p.rows - 3; y++)
		pty_row(&s->p, y, out);
	buf_printf(out, "cursor %d,%d", at.row, at.col);
}

static void want_no_words(struct sitting *s)
{
	struct buf picture = BUF_INIT;
	see(s, &picture);
	if (after_has_words(buf_span(&picture)))
		sitting_fail(s, "words are on the screen still:\n%s", buf_text(&picture));
	if (after_has_words(buf_span(&s->p.scrolled)))
		sitting_fail(s, "words are in what can be scrolled back to");
	buf_fini(&picture);
}

void sitting_want_locked(struct sitting *s)
{
	want_shown(s, "Passphrase:");
	want_no_words(s);
}

void sitting_want_clean(struct sitting *s)
{
	const char *fault = pty_fault(&s->p);
	if (fault)
		sitting_fail(s, "the terminal: %s", fault);
	if (s->p.master >= 0 && !s->plain)
		want_no_words(s);
}

void sitting_unlock(struct sitting *s)
{
	pty_type(&s->p, after_passphrase, strlen(after_passphrase));
	pty_type(&s->p, "\r", 1);
	sitting_sync(s);
}

/* --- what is wanted ---------------------------------------------------------------------- */

/* The last stroke that is a second old. */
static size_t safe_stroke(const struct sitting *s)
{
	size_t i = s->t.strokes;
	while (i && s->t.at[i] > s->clock - SAFE_MS)
		i--;
	return i;
}

void sitting_keep_what_is_safe(struct sitting *s)
{
	s->least = s->to_the_last ? s->t.strokes : safe_stroke(s);
}

void sitting_want_killed(struct sitting *s)
{
	kill(s->p.pid, SIGKILL);
	pty_wait_end(&s->p);
	if (!WIFSIGNALED(s->p.status) || WTERMSIG(s->p.status) != SIGKILL)
		sitting_fail(s, "it was not killed but ended with %x", (unsigned)s->p.status);
	sitting_keep_what_is_safe(s);
}

void sitting_want_ended(struct sitting *s)
{
	pty_wait_end(&s->p);
	/* Where the terminal has gone it says that it could not write there (1). */
	int most = s->p.master < 0;
	if (s->p.hangs || !WIFEXITED(s->p.status) || WEXITSTATUS(s->p.status) > most)
		sitting_fail(s, "it did not end in order: %s%x", s->p.hangs ? "hangs " : "",
			     (unsigned)s->p.status);
	s->least = s->t.strokes;
	sitting_want_clean(s);
}

void sitting_look(struct sitting *s)
{
	sitting_look_at(s, s->book);
}

void sitting_look_at(struct sitting *s, const char *book)
{
	struct buf why = BUF_INIT, where = BUF_INIT;
	struct after a = {.root = s->root,
			  .book = book,
			  .field = s->field,
			  .typist = &s->t,
			  .least = s->least,
			  .saved = s->saved};
	if (after_leaks(s->root, &where))
		sitting_fail(s, "words can be read in %s", buf_text(&where));
	if (!after_look(&a, &why))
		sitting_fail(s, "%s", buf_text(&why));
	buf_fini(&where);
	buf_fini(&why);
}

/* --- a sitting --------------------------------------------------------------------------- */

static const char *const terminals[] = {"screen-256color", "xterm-256color", "linux"};

static void open_form(struct sitting *s, bool note)
{
	s->t.lines = note;
	s->field = note ? "note" : "given_name";
	if (note)
		pty_type(&s->p, "mairi\r\016", 7);
	else
		pty_type(&s->p, "\0334", 2); /* Alt and 4: F4 */
	sitting_sync(s);
	want_shown(s, note ? "How it went" : "Family name");
}

static void start(struct sitting *s, const char *program, const struct blow *blow)
{
	const char *plain = blow->plain ? "--plain" : NULL;
	const char *const argv[] = {program,	"--book", s->book, "--now", "2026-11-24T10:47",
				    "--orders", "9",	  plain,   NULL};
	const char *term = terminals[typist_draw(&s->t, 3)];
	s->t.application = strcmp(term, "linux") != 0;
	bool with_shell = blow->with_shell || typist_draw(&s->t, 3) == 0;
	pty_start(&s->p, argv, term,
		  blow->untold ? PTY_UNTOLD
		  : with_shell ? PTY_WITH_SHELL
			       : PTY_ALONE);
	if (blow->plain) { /* which takes no orders */
		if (!pty_wait_shown(&s->p, "Enter Unlock"))
			sitting_fail(s, "the lock does not come up");
		return;
	}
	sitting_sync(s);
	sitting_want_locked(s);
	sitting_unlock(s);
	want_shown(s, "People");
	open_form(s, blow->note || typist_draw(&s->t, 4));
	if (!s->why.n)
		sitting_type(s, 1 + typist_draw(&s->t, STARTS_WITH));
}

bool sitting_run(struct sitting *s, const char *program, const struct blow *blow, uint64_t seed)
{
	s->saved = SAVED_NOT;
	s->plain = blow->plain;
	s->field = "note";
	s->least = s->clock = 0;
	s->why = (struct buf)BUF_INIT;
	typist_init(&s->t, seed);
	start(s, program, blow);
	if (!s->why.n)
		blow->strike(s);
	if (!s->why.n)
		sitting_look(s);
	pty_fini(&s->p);
	typist_fini(&s->t);
	return !s->why.n;
}

/* SPDX-License-Identifier: MIT
 *
 * What happens to whoever types: each blow in a few lines, and the table of them.
 */
#include "sitting.h"

#include <linkbook/seam.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* As anybody would. */
static int shell_copy(const char *from, const char *to)
{
	struct buf command = BUF_INIT;
	buf_printf(&command, "cp -r \"%s\" \"%s\"", from, to);
	int status = system(buf_text(&command));
	buf_fini(&command);
	return status;
}

static const int endings[] = {SIGTERM, SIGHUP, SIGINT};

static int any_ending(struct sitting *s)
{
	return endings[typist_draw(&s->t, 3)];
}

static void give(struct sitting *s, int number)
{
	kill(s->p.pid, number);
}

/* The program stops in the midst of keeping a draft, or not at all. */
static void stop_keeping(struct sitting *s)
{
	sitting_stroke(s);
	pty_order(&s->p, ORDER_STOP, 1 + typist_draw(&s->t, 8));
	for (int i = 0; i < 3 && sitting_advance(s, 350); i++)
		sitting_stroke(s);
}

static void press_save(struct sitting *s)
{
	pty_type(&s->p, "\023", 1);
	sitting_sync(s);
}

/* The same of saving. */
static void stop_saving(struct sitting *s)
{
	sitting_word(s);
	sitting_sync(s);
	pty_order(&s->p, ORDER_STOP, 1 + typist_draw(&s->t, 24));
	press_save(s);
}

/* --- killed ------------------------------------------------------------------------------ */

static void killed(struct sitting *s)
{
	sitting_advance(s, typist_draw(&s->t, 1050));
	sitting_want_killed(s);
}

static void killed_with_keys_unread(struct sitting *s)
{
	for (unsigned n = typist_draw(&s->t, 12); n; n--)
		sitting_stroke(s);
	sitting_want_killed(s);
}

static void killed_keeping(struct sitting *s)
{
	stop_keeping(s);
	sitting_want_killed(s);
}

static void killed_saving(struct sitting *s)
{
	stop_saving(s);
	s->saved = s->p.stopped ? SAVED_PERHAPS : SAVED_SURELY;
	sitting_want_killed(s);
	s->least = s->saved == SAVED_SURELY ? s->t.strokes : s->least;
}

static void killed_after_saved(struct sitting *s)
{
	sitting_word(s);
	press_save(s);
	if (!sitting_shows(s, "Saved."))
		sitting_fail(s, "it does not say that it saved");
	s->saved = SAVED_SURELY;
	sitting_want_killed(s);
}

/* --- ended ------------------------------------------------------------------------------- */

static void ended(struct sitting *s)
{
	sitting_sync(s);
	give(s, any_ending(s));
	sitting_want_ended(s);
}

static void ended_with_keys_unread(struct sitting *s)
{
	for (unsigned n = 1 + typist_draw(&s->t, 12); n; n--)
		sitting_stroke(s);
	give(s, any_ending(s));
	sitting_want_ended(s);
}

static void ended_more_than_once(struct sitting *s)
{
	static const int volley[] = {SIGTERM, SIGCONT, SIGHUP, SIGWINCH, SIGTERM, SIGINT};
	sitting_stroke(s);
	for (unsigned n = 2 + typist_draw(&s->t, 6); n; n--)
		give(s, volley[typist_draw(&s->t, 6)]);
	give(s, any_ending(s));
	sitting_want_ended(s);
}

static void go_on_to_the_end(struct sitting *s)
{
	give(s, any_ending(s));
	give(s, SIGCONT);
	sitting_want_ended(s);
}

static void ended_keeping(struct sitting *s)
{
	stop_keeping(s);
	go_on_to_the_end(s);
}

static void ended_saving(struct sitting *s)
{
	stop_saving(s);
	s->saved = SAVED_SURELY;
	go_on_to_the_end(s);
}

/* --- the terminal goes ------------------------------------------------------------------- */

static void gone(struct sitting *s)
{
	sitting_sync(s);
	pty_hang_up(&s->p);
	sitting_want_ended(s);
}

/* Only reading tells.  A draft may be under way, or a paste. */
static void gone_untold(struct sitting *s)
{
	if (typist_draw(&s->t, 2))
		stop_keeping(s);
	if (!s->p.stopped)
		sitting_sync(s);
	pty_hang_up(&s->p);
	give(s, SIGCONT);
	sitting_want_ended(s);
}

static void gone_keeping(struct sitting *s)
{
	stop_keeping(s);
	if (!s->p.stopped)
		sitting_sync(s); /* keys that nobody read go with it */
	pty_hang_up(&s->p);
	give(s, SIGCONT);
	sitting_want_ended(s);
}

static void gone_saving(struct sitting *s)
{
	stop_saving(s);
	s->saved = SAVED_SURELY;
	pty_hang_up(&s->p);
	give(s, SIGCONT);
	sitting_want_ended(s);
}

/* --- and then it goes on ----------------------------------------------------------------- */

static void go_on(struct sitting *s)
{
	static void (*const ends[])(struct sitting *) = {killed, killed_with_keys_unread, ended,
							 ended_with_keys_unread, gone};
	sitting_type(s, 1 + typist_draw(&s->t, 20));
	ends[typist_draw(&s->t, 5)](s);
}

static void want_form(struct sitting *s, const struct buf *before)
{
	struct buf now = BUF_INIT;
	sitting_form(s, &now);
	if (!span_equal(buf_span(before), buf_span(&now)))
		sitting_fail(s, "the form is not as it was. Before:\n%s\nnow:\n%s",
			     buf_text(before), buf_text(&now));
	buf_fini(&now);
}

static void storm(struct sitting *s)
{
	struct buf before = BUF_INIT;
	while (s->t.pasting)
		sitting_stroke(s);
	sitting_sync(s);
	sitting_form(s, &before);
	for (unsigned n = 20 + typist_draw(&s->t, 20); n; n--) {
		bool small = typist_draw(&s->t, 3) == 0;
		pty_resize(&s->p, 1 + (int)typist_draw(&s->t, small ? 20 : 100),
			   1 + (int)typist_draw(&s->t, small ? 50 : 300));
		for (unsigned more = typist_draw(&s->t, 4); more; more--)
			give(s, SIGWINCH);
		if (typist_draw(&s->t, 3) == 0)
			sitting_sync(s);
	}
	pty_resize(&s->p, 1, 1);
	sitting_sync(s);
	pty_resize(&s->p, 100, 300);
	sitting_sync(s);
	pty_resize(&s->p, 24, 80);
	sitting_sync(s);
	want_form(s, &before);
	buf_fini(&before);
	/* Without an alternate screen a terminal itself puts away what a smaller window cuts. */
	if (!s->p.alternate)
		buf_clear(&s->p.scrolled);
	go_on(s);
}

static void come_back(struct sitting *s)
{
	s->p.stopped = false;
	give(s, SIGCONT);
	sitting_sync(s);
	sitting_want_locked(s);
	sitting_unlock(s);
}

/* Whoever copies the book while somebody writes in it has all but the last second as well, and
 * goes their own way with it. */
static void copied(struct sitting *s)
{
	struct buf copy = BUF_INIT;
	bool midst = typist_draw(&s->t, 3) > 0;
	if (midst)
		stop_keeping(s);
	buf_printf(&copy, "%s/copy", s->root);
	if (shell_copy(s->book, buf_text(&copy)))
		sitting_fail(s, "it could not be copied");
	sitting_keep_what_is_safe(s);
	sitting_look_at(s, buf_text(&copy));
	buf_fini(&copy);
	if (s->p.stopped)
		come_back(s);
	else
		pty_order(&s->p, ORDER_STOP, 0); /* it did not come to that */
	go_on(s);
}

/* Locks, shows nothing, and is as it was after the passphrase. */
static void locks(struct sitting *s, void (*happen)(struct sitting *s))
{
	struct buf before = BUF_INIT;
	sitting_word(s); /* of an empty form no draft is kept */
	sitting_sync(s);
	sitting_form(s, &before);
	happen(s);
	sitting_want_locked(s);
	sitting_unlock(s);
	want_form(s, &before);
	buf_fini(&before);
	go_on(s);
}

static void sleeps(struct sitting *s)
{
	int64_t ms = 1000 + typist_draw(&s->t, 2) * 7200000 + typist_draw(&s->t, 60000);
	s->clock += ms;
	pty_order(&s->p, ORDER_SLEEP, ms);
}

static void nobody_types(struct sitting *s)
{
	s->clock += 300000;
	pty_order(&s->p, ORDER_CLOCK, 300000);
}

static void is_suspended(struct sitting *s)
{
	give(s, SIGTSTP);
	pty_wait_stop(&s->p);
	if (!s->p.stopped || WSTOPSIG(s->p.status) != SIGTSTP)
		sitting_fail(s, "it did not stop");
	sitting_want_clean(s);
	s->least = s->t.strokes;
	sitting_look(s); /* a book that is open cannot be opened by another */
	s->p.stopped = false;
	give(s, SIGCONT);
	sitting_sync(s);
}

/* A stop that no program can do anything about. */
static void is_stopped(struct sitting *s)
{
	give(s, SIGSTOP);
	pty_wait_stop(&s->p);
	s->p.stopped = false;
	give(s, SIGCONT);
	sitting_sync(s);
}

static void lid(struct sitting *s)
{
	locks(s, sleeps);
}

/* What had come of a paste is in the form afterwards. */
static void lid_in_a_paste(struct sitting *s)
{
	sitting_word(s);
	s->t.paste_next = true;
	sitting_stroke(s);
	sitting_sync(s);
	sleeps(s);
	sitting_want_locked(s);
	s->least = s->t.strokes;
	give(s, SIGKILL);
	pty_wait_end(&s->p);
}

static void idle(struct sitting *s)
{
	locks(s, nobody_types);
}

static void suspended(struct sitting *s)
{
	locks(s, is_suspended);
}

static void stopped(struct sitting *s)
{
	locks(s, is_stopped);
}

/* --- line by line ------------------------------------------------------------------------ */

static void plain_ended_locked(struct sitting *s)
{
	give(s, any_ending(s));
	sitting_want_ended(s);
}

/* Half of the lines are not ended when it happens. */
static void plain_write(struct sitting *s)
{
	static const char keys[] = "\nmairi\n\n^N\n";
	pty_type(&s->p, after_passphrase, strlen(after_passphrase));
	pty_type(&s->p, keys, strlen(keys));
	if (!pty_wait_shown(&s->p, "an empty line ends it"))
		sitting_fail(s, "the form does not come up");
	sitting_word(s);
	if (typist_draw(&s->t, 2))
		pty_type(&s->p, "\n", 1);
}

static void plain_ended(struct sitting *s)
{
	plain_write(s);
	give(s, any_ending(s));
	sitting_want_ended(s);
}

static void plain_suspended(struct sitting *s)
{
	plain_write(s);
	give(s, SIGTSTP);
	pty_wait_stop(&s->p);
	if (!s->p.stopped)
		sitting_fail(s, "it did not stop");
	sitting_want_clean(s);
	s->least = s->t.strokes;
	sitting_look(s);
	give(s, SIGCONT);
	give(s, any_ending(s));
	sitting_want_ended(s);
}

const struct blow blows[] = {
	{"kill -9", killed},
	{"kill -9 with keys unread", killed_with_keys_unread},
	{"kill -9 in the midst of keeping a draft", killed_keeping},
	{"kill -9 in the midst of saving", killed_saving, .note = true},
	{"kill -9 after \"Saved\"", killed_after_saved, .note = true},
	{"a signal to end", ended},
	{"a signal to end with keys unread", ended_with_keys_unread},
	{"signals in a volley", ended_more_than_once},
	{"a signal in the midst of keeping a draft", ended_keeping},
	{"a signal in the midst of saving", ended_saving, .note = true},
	{"the terminal gone", gone},
	{"the terminal gone in the midst of keeping a draft", gone_keeping},
	{"the terminal gone in the midst of saving", gone_saving, .note = true},
	{"the terminal gone, and no signal tells", gone_untold, .untold = true},
	{"a copy taken in the midst of keeping a draft", copied},
	{"a storm of resizings", storm},
	{"the lid closed", lid},
	{"the lid closed in the midst of a paste", lid_in_a_paste},
	{"nobody there for five minutes", idle},
	{"SIGTSTP and SIGCONT", suspended, .with_shell = true},
	{"SIGSTOP and SIGCONT", stopped, .with_shell = true},
	{"line by line, locked: a signal to end", plain_ended_locked, .plain = true},
	{"line by line: a signal to end", plain_ended, .plain = true},
	{"line by line: SIGTSTP and SIGCONT", plain_suspended, .with_shell = true, .plain = true},
};
const size_t blow_count = sizeof blows / sizeof *blows;

/* SPDX-License-Identifier: MIT
 *
 * The other end goes away, or goes mad: in the midst of a sequence, of a letter or of a paste;
 * with a flood that has no end; with a curses that gives for ever what nobody sent.  However
 * it is, the program ends by itself, and what was typed is there afterwards.
 */
#include "stage.h"
#include "unit.h"
#include <linkbook/text.h>

#include <curses.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *forever; /* what curses gives over and over; NULL: what it has */
static size_t given;

int __real_wgetch(WINDOW *w);
int __wrap_wgetch(WINDOW *w);
int __wrap_wgetch(WINDOW *w)
{
	if (!forever)
		return __real_wgetch(w);
	return (uint8_t)forever[given++ % strlen(forever)];
}

static struct stage stage;

static void type(const char *bytes)
{
	stage_bytes(&stage, bytes, strlen(bytes), true);
}

static void unlock(void)
{
	type(stage_passphrase);
	type("\r");
}

static void begin(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	stage_init(&stage);
	stage_start(&stage);
	unlock();
	type("mai\016half a sent");
}

/* Nobody looks at the bytes before the other end has gone. */
static void send_unread(const char *bytes)
{
	ck_assert_int_eq(write(stage.keys, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
}

static void want_kept(const char *words)
{
	struct buf picture = BUF_INIT;
	ck_assert_msg(stage.over, "it goes on");
	forever = NULL;
	stage_stop(&stage);
	stage_start(&stage);
	unlock();
	type("\r");
	stage_picture(&stage, &picture);
	ck_assert_msg(strstr(buf_text(&picture), words) != NULL, "not \"%s\" but:\n%s", words,
		      buf_text(&picture));
	buf_fini(&picture);
	stage_fini(&stage);
}

static const struct {
	const char *unread, *kept;
} midsts[] = {
	{"", "half a sent"},
	{"ence", "half a sentence"},
	{"ence\033", "half a sentence"},
	{"ence\033[", "half a sentence"},
	{"ence\033[1;", "half a sentence"},
	{"ence\033[20", "half a sentence"},
	{"ence\033O", "half a sentence"},
	{"enc\xC3", "half a sentenc"},
	{"\033[200~", "half a sent"},
	{"\033[200~ence", "half a sentence"},
	{"\033[200~enc\xE2\x80", "half a sentenc\uFFFD"},
	{"\033[200~ence\033[20", "half a sentence"},
	{"\033[200~ence\033[201~, and", "half a sentence, and"},
};

START_TEST(gone_in_the_midst)
{
	begin();
	send_unread(midsts[_i].unread);
	stage_hang_up(&stage);
	want_kept(midsts[_i].kept);
}
END_TEST

START_TEST(signal_in_the_midst)
{
	begin();
	send_unread(midsts[_i].unread);
	stage_signal(&stage, SIGTERM);
	want_kept(midsts[_i].kept);
}
END_TEST

static const char *const endless[] = {"z", "\033[1;1;1;1;1", "\033", "\xC3", "\033["};

/* It has lost count, and the terminal has gone ... */
START_TEST(gives_for_ever_what_nobody_sent)
{
	begin();
	forever = endless[_i];
	stage_hang_up(&stage);
	want_kept("half a");
}
END_TEST

/* ... or a signal is all that tells of an end ... */
START_TEST(gives_for_ever_and_a_signal)
{
	begin();
	forever = endless[_i];
	stage_signal(&stage, SIGHUP);
	want_kept("half a");
}
END_TEST

/* ... or it pastes. */
START_TEST(gives_for_ever_in_a_paste)
{
	begin();
	type("\033[200~ence");
	forever = endless[_i];
	stage_hang_up(&stage);
	want_kept("half a");
}
END_TEST

static pid_t begin_flood(void)
{
	char bytes[512];
	memset(bytes, 'z', sizeof bytes);
	pid_t pid = fork();
	if (!pid)
		while (write(stage.keys, bytes, sizeof bytes) > 0)
			;
	if (!pid)
		_exit(0);
	return pid;
}

static void end_flood(pid_t pid)
{
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

/* Keys come without an end: whoever wants to end the program has their turn, and drafts too. */
START_TEST(flood)
{
	begin();
	pid_t pid = begin_flood();
	for (int i = 0; i < 3; i++)
		ck_assert(ui_step(&stage.ui, -1));
	stage_signal(&stage, SIGTERM);
	end_flood(pid);
	want_kept("zzzzzzzzzz"); /* the beginning has been scrolled away */
}
END_TEST

START_TEST(draft_in_a_flood)
{
	begin();
	pid_t pid = begin_flood();
	ck_assert(ui_step(&stage.ui, -1));
	stage.seam.clock_ms += 1000;
	ck_assert(ui_step(&stage.ui, -1));
	end_flood(pid);
	stage_crash(&stage);
	stage.over = true;
	want_kept("zzzzzzzzzz"); /* the beginning has been scrolled away */
}
END_TEST

/* Somebody drags the window's edge about for a while, and types on. */
START_TEST(many_sizes)
{
	begin();
	for (int i = 0; i < 1000; i++)
		stage_resize(&stage, 20 + i % 7, 80 + i % 11);
	stage_resize(&stage, 24, 80);
	type("ence");
	stage_hang_up(&stage);
	want_kept("half a sentence");
}
END_TEST

static void add_tests(TCase *t)
{
	int midst_count = sizeof midsts / sizeof *midsts, endless_count = 5;
	tcase_set_timeout(t, 20);
	tcase_add_loop_test(t, gone_in_the_midst, 0, midst_count);
	tcase_add_loop_test(t, signal_in_the_midst, 0, midst_count);
	tcase_add_loop_test(t, gives_for_ever_what_nobody_sent, 0, endless_count);
	tcase_add_loop_test(t, gives_for_ever_and_a_signal, 0, endless_count);
	tcase_add_loop_test(t, gives_for_ever_in_a_paste, 0, endless_count);
	tcase_add_test(t, flood);
	tcase_add_test(t, draft_in_a_flood);
	tcase_add_test(t, many_sizes);
}

UNIT_MAIN("gone")

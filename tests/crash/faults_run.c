/* SPDX-License-Identifier: MIT
 *
 * A driver on a machine that fails.  What the program says that it did not do is done again, as
 * a practitioner would; on a machine that fails for ever once more in vain, and then it is well.
 * In between the open book is asked: it shows each step whole or not at all, and what was
 * acknowledged.  Afterwards a book opened by another process must have the same.
 */
#include "faults.h"

#include <linkbook/mem.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRIES_MOST = 4, TIME_MOST = 60, STATUS_STUCK = 3 };

enum {
	FILES = FAIL_OPEN | FAIL_MAKE | FAIL_READ | FAIL_WRITE | FAIL_SYNC | FAIL_SIZE | FAIL_NAME |
		FAIL_CLOSE | FAIL_LOOK,
	GROWS = FAIL_MAKE | FAIL_WRITE | FAIL_SYNC | FAIL_SIZE | FAIL_NAME,
	WRITES = FAIL_MAKE | FAIL_WRITE | FAIL_SIZE | FAIL_NAME,
	WAITS = FAIL_OPEN | FAIL_MAKE | FAIL_READ | FAIL_WRITE | FAIL_SYNC | FAIL_CLOSE,
};

/* clang-format off */
const struct fault_kind fault_kinds[] = {
	{"kill -9", {GROWS, FAIL_KILL, FAIL_ONCE, 0}, true, false},
	{"kill -9 half way", {GROWS | FAIL_CLOSE, FAIL_KILL_HALF, FAIL_ONCE, 0}, true, false},
	{"short write", {FAIL_WRITE, FAIL_HALF, FAIL_ONCE, 0}, false, false},
	{"EIO once", {FILES, FAIL_ERROR, FAIL_ONCE, EIO}, false, false},
	{"EIO for ever", {FILES, FAIL_ERROR, FAIL_EVER, EIO}, false, false},
	{"ENOSPC once", {GROWS, FAIL_ERROR, FAIL_ONCE, ENOSPC}, false, false},
	{"ENOSPC for ever", {GROWS, FAIL_ERROR, FAIL_EVER, ENOSPC}, false, false},
	{"EROFS once", {WRITES, FAIL_ERROR, FAIL_ONCE, EROFS}, false, false},
	{"EROFS for ever", {WRITES, FAIL_ERROR, FAIL_EVER, EROFS}, false, false},
	{"EINTR", {WAITS, FAIL_ERROR, FAIL_ONCE, EINTR}, false, true},
	{"fsync once", {FAIL_SYNC, FAIL_ERROR, FAIL_ONCE, EIO}, false, false},
	{"fsync for ever", {FAIL_SYNC, FAIL_ERROR, FAIL_EVER, EIO}, false, false},
	{"EMFILE for ever", {FAIL_OPEN | FAIL_MAKE, FAIL_ERROR, FAIL_EVER, EMFILE}, false, false},
#ifndef __SANITIZE_ADDRESS__
	{"no memory once", {FAIL_MEMORY, FAIL_ERROR, FAIL_ONCE, ENOMEM}, true, false},
	{"no memory for ever", {FAIL_MEMORY, FAIL_ERROR, FAIL_EVER, ENOMEM}, true, false},
#endif
};
/* clang-format on */
const struct fault_kind fault_lie = {
	"writes that only say so", {FAIL_WRITE, FAIL_LIE, FAIL_EVER, 0}, true, false};
const struct fault_kind fault_pretence = {
	"refusals taken for saved", {GROWS, FAIL_ERROR, FAIL_EVER, ENOSPC}, true, false};
const size_t fault_kind_count = sizeof fault_kinds / sizeof *fault_kinds;

/* --- the driver's process ---------------------------------------------------------------- */

static struct fault_run *now;
static struct facts facts; /* as the driver has it */
static unsigned tries;
static bool healed;

/* Its own memory does not fail. */
static void step_aside(bool begins)
{
	static unsigned deep;
	deep = begins ? deep + 1 : deep - 1;
	fail_pause(deep != 0);
}

void crash_note(const char *text);
void crash_note(const char *text)
{
	struct drive_log *log = now->log;
	size_t n = strlen(text) + 1;
	step_aside(true);
	BUG_IF(log->size + n > sizeof log->notes);
	memcpy(log->notes + log->size, text, n);
	log->size += n;
	facts_hear(&facts, span_text(text));
	step_aside(false);
	if (!strcmp(text, "begin"))
		fail_begin(&now->kind->plan, now->at);
	if (!strcmp(text, "done"))
		tries = 0;
}

_Noreturn static void end_wrong(const char *what, const char *why)
{
	snprintf(now->log->said, sizeof now->log->said, "%s: %s", what, why);
	now->log->wrong = true;
	_exit(STATUS_STUCK);
}

/* The open book shows what was acknowledged, and the step that failed whole or not at all. */
static void ask_open_book(struct book *b, const char *what)
{
	struct buf why = BUF_INIT;
	char doing[60];
	snprintf(doing, sizeof doing, "right after it could not %s", what);
	if (b && !facts_hold(&facts, b, &why))
		end_wrong(doing, buf_text(&why));
	buf_fini(&why);
}

static bool failed(struct book *b, enum err e, const struct diag *d, const char *what)
{
	struct drive_log *log = now->log;
	if (now->pretend) {
		log->refused++;
		return false;
	}
	bool ever = now->kind->plan.times == FAIL_EVER;
	step_aside(true);
	log->refused++;
	if (!d->count)
		end_wrong(what, "it failed without a word");
	snprintf(log->said, sizeof log->said, "%s: %s", what, diag_first(d));
	if (!fail_struck())
		end_wrong(what, diag_first(d));
	if (now->kind->must_go_on)
		end_wrong("it did not simply go on", log->said);
	if (++tries == TRIES_MOST)
		end_wrong("it stays so", log->said);
	if (ever && tries == 2 && !healed) {
		healed = true;
		fail_end();
	}
	if (!ever || healed)
		ask_open_book(b, what);
	step_aside(false);
	(void)e;
	return true;
}

_Noreturn static void be_driver(struct fault_run *r)
{
	int nothing = open("/dev/null", O_RDWR);
	now = r;
	alarm(TIME_MOST);
	dup2(nothing, STDERR_FILENO);
	fail_watch(r->root);
	drive_failed = failed;
	drive_pretends = r->pretend;
	drive_aside = step_aside;
	drive_run(r->s, r->root, r->seed);
	_exit(0);
}

/* --- the morning after -------------------------------------------------------------------- */

static void hear_all(const struct drive_log *log, struct facts *f)
{
	for (size_t at = 0; at < log->size; at += strlen(log->notes + at) + 1)
		facts_hear(f, span_text(log->notes + at));
}

_Noreturn static void be_morning(struct fault_run *r)
{
	struct facts f = {0};
	struct buf why = BUF_INIT;
	hear_all(r->log, &f);
	alarm(TIME_MOST);
	enum verdict v = verify_folder(r->root, &f, r->seed, &why);
	snprintf(r->log->said, sizeof r->log->said, "%s", buf_text(&why));
	_exit((int)v);
}

typedef void be_function(struct fault_run *r);

static int run_process(struct fault_run *r, be_function *be)
{
	int status = -1;
	fflush(stdout);
	pid_t pid = fork();
	if (!pid)
		be(r);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* How the driver may end: at its end, killed by us, or with a farewell for want of memory. */
static enum verdict judge_driver(const struct fault_run *r, int status)
{
	if (r->log->wrong)
		return STUCK;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return FINE;
	if (!r->kind->kills)
		return DIED;
	if (r->kind->plan.ops & FAIL_MEMORY)
		return WIFEXITED(status) && WEXITSTATUS(status) == 1 ? FINE : DIED;
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL ? FINE : DIED;
}

bool fault_run_clear(const struct fault_run *r)
{
	struct buf other = BUF_INIT;
	buf_printf(&other, "%s%s", r->root, DRIVE_OTHER);
	bool gone = remove_tree(r->root) && remove_tree(buf_text(&other));
	buf_fini(&other);
	return gone;
}

enum verdict fault_run_once(struct fault_run *r)
{
	struct drive_log *log = r->log;
	log->size = log->refused = 0;
	log->wrong = false;
	log->said[0] = 0;
	if (!fault_run_clear(r) || mkdir(r->root, 0700))
		return BROKEN;
	fail_reset();
	int status = run_process(r, be_driver);
	r->counted = fail_counted();
	r->struck = fail_struck();
	r->refused = log->refused;
	enum verdict v = judge_driver(r, status);
	snprintf(r->why, sizeof r->why, "%s (status %#x)", log->said, (unsigned)status);
	if (v)
		return v;
	log->said[0] = 0;
	status = run_process(r, be_morning);
	v = WIFEXITED(status) ? (enum verdict)WEXITSTATUS(status) : DIED;
	v = v < VERDICTS ? v : DIED;
	snprintf(r->why, sizeof r->why, "%s (status %#x)", log->said, (unsigned)status);
	return v;
}

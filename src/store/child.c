/* SPDX-License-Identifier: MIT
 *
 * A child process for work that may die.
 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

enum {
	FILES_MOST = 1024,
	STATUS_GIVEN_UP = 2,
	STATUS_FAILED = 3, /* not 1, by which whoever finds no memory leaves */
};

/* Locks go with their descriptors: a child that outlived its parent must not hold any. */
static void let_go_of_files(int but)
{
	int nothing = open("/dev/null", O_RDWR);
	for (int fd = STDIN_FILENO; nothing >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(nothing, fd);
	for (int fd = STDERR_FILENO + 1; fd < FILES_MOST; fd++)
		if (fd != but)
			close(fd);
}

/* Of what it does it dies; a key pressed at the terminal is meant for the parent. */
static void set_signals(void)
{
	static const int not_for_us[] = {SIGINT, SIGQUIT, SIGHUP, SIGTERM, SIGTSTP};
	sigset_t none;
	for (int n = 1; n < NSIG; n++)
		signal(n, SIG_DFL);
	for (size_t i = 0; i < sizeof not_for_us / sizeof *not_for_us; i++)
		signal(not_for_us[i], SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void be_child(pid_t parent, int to, unsigned seconds)
{
	/* At the hard limit the kernel kills, as somebody else may: the softer one comes first and is
	 * known as time run out. */
	struct rlimit no_core = {0, 0}, time = {seconds, seconds + 1};
	set_signals();
	let_go_of_files(to);
	setrlimit(RLIMIT_CORE, &no_core);
	setrlimit(RLIMIT_CPU, &time);
	alarm(seconds);
#ifdef __linux__
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
#endif
	if (getppid() != parent)
		_exit(1);
}

bool child_start(struct child *c, child_work *work, void *arg, unsigned seconds)
{
	int ends[2];
	pid_t parent = getpid();
	if (pipe(ends))
		return false;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	c->pid = fork();
	if (c->pid == 0) {
		be_child(parent, ends[1], seconds);
		bool done = work(arg, ends[1]);
		/* Nothing is flushed, nothing put in order: that is the parent's. */
		_exit(done ? 0 : STATUS_FAILED);
	}
	close(ends[1]);
	c->from = ends[0];
	if (c->pid < 0)
		close(ends[0]);
	return c->pid > 0;
}

void child_give_up(void)
{
	_exit(STATUS_GIVEN_UP);
}

bool child_read(struct child *c, void *p, size_t n)
{
	uint8_t *at = p;
	while (n) {
		ssize_t got = read(c->from, at, n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		at += got;
		n -= (size_t)got;
	}
	return true;
}

void child_write(int to, const void *p, size_t n)
{
	const uint8_t *at = p;
	while (n) {
		ssize_t put = write(to, at, n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			_exit(1);
		at += put;
		n -= (size_t)put;
	}
}

enum child_end child_end(struct child *c)
{
	int status;
	pid_t got;
	close(c->from);
	do
		got = waitpid(c->pid, &status, 0);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return CHILD_STOPPED;
	if (WIFEXITED(status) && WEXITSTATUS(status))
		return WEXITSTATUS(status) == STATUS_FAILED ? CHILD_FAILED : CHILD_STOPPED;
	if (WIFEXITED(status))
		return CHILD_DONE;
	switch (WTERMSIG(status)) {
	case SIGKILL:
	case SIGPIPE:
	case SIGUSR1:
	case SIGUSR2:
		return CHILD_STOPPED;
	default:
		return CHILD_FAILED;
	}
}

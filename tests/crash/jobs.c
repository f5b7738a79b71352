/* SPDX-License-Identifier: MIT
 *
 * Images in the hands of children: each is opened by a process of its own, which may die.
 */
#include "run.h"

#include <linkbook/mem.h>

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { JOBS_MOST = 32, WHY = 400, TIME_MOST = 60, FAILURES_SHOWN = 12 };

static volatile sig_atomic_t stopped;
static char *base;
static struct job jobs[JOBS_MOST];
static unsigned job_count;
static size_t shown;

/* --- small things ----------------------------------------------------------------------- */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

bool remove_tree(const char *path)
{
	return nftw(path, remove_one, 32, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT;
}

static void *shared(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	BUG_IF(p == MAP_FAILED);
	return p;
}

static void clean_up(void)
{
	static pid_t owner;
	if (!owner)
		owner = getpid();
	else if (owner == getpid() && base)
		remove_tree(base);
}

static void note_stop(int signal)
{
	stopped = signal;
}

const char *jobs_begin(unsigned count)
{
	const struct sigaction stop = {.sa_handler = note_stop};
	const char *tmp = getenv("TMPDIR");
	struct stat st;
	struct buf b = BUF_INIT;
	char real[PATH_MAX];
	buf_printf(&b, "%s/linkbook-power-XXXXXX",
		   tmp							 ? tmp
		   : !stat("/dev/shm", &st) && !access("/dev/shm", W_OK) ? "/dev/shm"
									 : "/tmp");
	base = buf_take_text(&b);
	BUG_IF(!mkdtemp(base) || !realpath(base, real));
	free(base);
	base = mem_text(real);
	clean_up(); /* names the owner */
	atexit(clean_up);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	crash_terms(); /* before any fork */
	job_count = count < JOBS_MOST ? count : JOBS_MOST;
	for (unsigned i = 0; i < job_count; i++) {
		char name[24];
		snprintf(name, sizeof name, "image%u", i);
		jobs[i] = (struct job){.folder = file_join(base, name), .why = shared(WHY)};
	}
	return base;
}

/* --- images in the hands of children ---------------------------------------------------- */

static void fail(struct run *r, const struct job *j, enum verdict v)
{
	if (!r->o->ignore && shown++ < FAILURES_SHOWN)
		printf("# %s --seed %llu --point %zu --image %zu (%s): %s: %s\n", r->s->name,
		       (unsigned long long)r->seed, j->point, j->look.image,
		       choice_say(j->look.kind), verdict_say(v), j->why);
	r->point_failed |= j->point == r->point;
}

static void end_job(struct run *r, struct job *j, int status)
{
	enum verdict v = WIFEXITED(status) ? (enum verdict)WEXITSTATUS(status) : DIED;
	if (v >= VERDICTS)
		v = DIED;
	if (WIFSIGNALED(status))
		snprintf(j->why + strlen(j->why), WHY - strlen(j->why), " (signal %d)",
			 WTERMSIG(status));
	r->t->verdicts[v]++;
	if (v != FINE)
		fail(r, j, v);
	remove_tree(j->folder);
	j->pid = 0;
}

/* With everybody, so that nothing is left behind. */
_Noreturn static void leave(void)
{
	for (unsigned i = 0; i < job_count; i++)
		if (jobs[i].pid && !kill(jobs[i].pid, SIGKILL))
			waitpid(jobs[i].pid, NULL, 0);
	exit(EXIT_FAILURE);
}

static void wait_for_one(struct run *r)
{
	int status;
	pid_t pid;
	do {
		pid = waitpid(-1, &status, 0);
		if (stopped)
			leave();
	} while (pid < 0 && errno == EINTR);
	for (unsigned i = 0; i < job_count; i++)
		if (jobs[i].pid == pid && pid > 0)
			end_job(r, &jobs[i], status);
}

static struct job *free_job(struct run *r)
{
	for (;;) {
		for (unsigned i = 0; i < job_count; i++)
			if (!jobs[i].pid)
				return &jobs[i];
		wait_for_one(r);
	}
}

void jobs_wait(struct run *r)
{
	for (unsigned i = 0; i < job_count; i++)
		while (jobs[i].pid)
			wait_for_one(r);
}

_Noreturn static void be_child(struct run *r, struct job *j, const struct image *im)
{
	struct buf why = BUF_INIT;
	struct verify_where where = {r->root, j->folder, j->look.alone};
	alarm(TIME_MOST);
	enum verdict v = mkdir(j->folder, 0700)
				 ? BROKEN
				 : verify_image(im, &r->facts, &where, r->seed, &why);
	snprintf(j->why, WHY, "%s", buf_text(&why));
	remove_tree(j->folder);
	_exit((int)v);
}

void jobs_look_at(struct run *r, const struct image *im, struct look look)
{
	struct job *j = free_job(r);
	j->point = r->point;
	j->look = look;
	j->why[0] = 0;
	fflush(stdout);
	j->pid = fork();
	BUG_IF(j->pid < 0);
	if (!j->pid)
		be_child(r, j, im);
	r->t->images++;
}

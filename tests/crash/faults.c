/* SPDX-License-Identifier: MIT
 *
 * The fault loops.  Each scenario (scenarios.c) is played on a machine whose N-th call fails, for
 * every kind of failing and every N until a run is clean; what was acknowledged must be there,
 * while the program goes on and when the book is opened afterwards.
 *
 *	t_faults			for every day: some of the N, drawn
 *	t_faults --proofs		all of them: the figures of docs/proofs.md
 *	t_faults --scenario save --kind "EIO once" --at 17	one again
 */
#include "faults.h"
#include "run.h"

#include <linkbook/mem.h>

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LOOPS_MOST = 1024, SHOWN_MOST = 400 };

static struct asked {
	const char *scenario, *kind;
	uint64_t seed;
	size_t at; /* 0: all */
	unsigned points; /* of a loop; 0: every one */
	unsigned jobs;
} asked = {.seed = 1, .points = 2, .jobs = 2};

/* One scenario with one kind of failing; shared with the process that plays it. */
struct loop {
	const struct scenario *s;
	const struct fault_kind *kind;
	bool pretend;
	pid_t pid;
	size_t calls, runs, refusals, verdicts[VERDICTS], failures;
	char shown[SHOWN_MOST * 3];
};
static struct loop *loops;
static size_t loop_count;
static const char *base;

static void *shared(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	BUG_IF(p == MAP_FAILED);
	return p;
}

/* --- one loop, in a process of its own --------------------------------------------------- */

static void run_at(struct loop *l, struct fault_run *r, size_t at)
{
	r->at = at;
	enum verdict v = fault_run_once(r);
	l->runs++;
	l->verdicts[v]++;
	l->refusals += r->refused != 0;
	if (!v)
		return;
	size_t n = strlen(l->shown);
	if (l->failures++ < 3 || asked.at)
		snprintf(l->shown + n, sizeof l->shown - n,
			 "# --scenario %s --kind '%s' --at %zu: %s: %s\n", l->s->name,
			 l->kind->name, at, verdict_say(v), r->why);
}

/* Every N, until none is struck. */
static void run_every(struct loop *l, struct fault_run *r)
{
	r->struck = 1;
	for (size_t at = 1; r->struck; at++)
		run_at(l, r, at);
	l->calls = l->runs - 1;
}

/* Drawn, one from each of as many parts. */
static void run_some(struct loop *l, struct fault_run *r)
{
	run_at(l, r, SIZE_MAX);
	l->calls = r->counted;
	size_t parts = l->calls < asked.points ? l->calls : asked.points;
	for (size_t i = 0; i < parts; i++) {
		size_t from = l->calls * i / parts, to = l->calls * (i + 1) / parts;
		run_at(l, r, 1 + from + mix(asked.seed + i, (uint64_t)(l - loops)) % (to - from));
	}
}

_Noreturn static void be_loop(struct loop *l)
{
	char name[24];
	snprintf(name, sizeof name, "loop%zu", (size_t)(l - loops));
	char *root = file_join(base, name);
	struct fault_run r = {.s = l->s,
			      .kind = l->kind,
			      .root = root,
			      .seed = asked.seed,
			      .pretend = l->pretend,
			      .log = shared(sizeof *r.log)};
	fail_share();
	if (asked.at)
		run_at(l, &r, asked.at);
	else if (asked.points)
		run_some(l, &r);
	else
		run_every(l, &r);
	fault_run_clear(&r);
	_exit(0);
}

/* --- all of them ------------------------------------------------------------------------- */

static void wait_for_one(void)
{
	int status;
	pid_t pid = wait(&status);
	for (size_t i = 0; i < loop_count; i++)
		if (loops[i].pid == pid && status) {
			loops[i].failures++;
			loops[i].verdicts[BROKEN]++;
		}
}

static void run_loops(size_t from)
{
	unsigned busy = 0;
	for (size_t i = from; i < loop_count; i++) {
		if (busy == asked.jobs) {
			wait_for_one();
			busy--;
		}
		fflush(stdout);
		loops[i].pid = fork();
		BUG_IF(loops[i].pid < 0);
		if (!loops[i].pid)
			be_loop(&loops[i]);
		busy++;
	}
	while (busy--)
		wait_for_one();
}

static void add_loop(const struct scenario *s, const struct fault_kind *kind, bool pretend)
{
	BUG_IF(loop_count == LOOPS_MOST);
	loops[loop_count++] = (struct loop){.s = s, .kind = kind, .pretend = pretend};
}

static bool is_asked(const char *wanted, const char *name)
{
	return !wanted || !strcmp(wanted, name);
}

static void add_kinds(const struct scenario *s)
{
	for (size_t k = 0; k < fault_kind_count; k++)
		if (is_asked(asked.scenario, s->name) && is_asked(asked.kind, fault_kinds[k].name))
			add_loop(s, &fault_kinds[k], false);
}

static void add_loops(void)
{
	for (size_t i = 0; i < scenario_count; i++)
		if (!scenarios[i].after && scenarios[i].heavy <= 1)
			add_kinds(&scenarios[i]);
	add_kinds(&scenario_lmdb_alone);
}

static bool tell(int number, const struct fault_kind *k)
{
	size_t calls = 0, runs = 0, refusals = 0, failures = 0, count = 0;
	for (size_t i = 0; i < loop_count; i++)
		if (loops[i].kind == k && !loops[i].pretend) {
			calls += loops[i].calls;
			runs += loops[i].runs;
			refusals += loops[i].refusals;
			failures += loops[i].failures;
			fputs(loops[i].shown, stdout);
			count++;
		}
	printf("%s %d - faults: %s: %zu scenarios, %zu calls, %zu runs, %zu refused, %zu wrong\n",
	       failures || !runs ? "not ok" : "ok", number, k->name, count, calls, runs, refusals,
	       failures);
	return !failures && runs;
}

/* Something must be wrong in most runs: all but those in which LMDB alone was struck, or the last
 * call of all. */
static bool tell_control(int number, const struct fault_kind *k, size_t from)
{
	size_t runs = 0, failures = 0;
	for (size_t i = from; i < loop_count; i++)
		if (loops[i].kind == k) {
			runs += loops[i].runs - 1; /* one was left alone */
			failures += loops[i].failures;
		}
	bool ok = runs && failures * 2 >= runs;
	printf("%s %d - faults: control: %s: found in %zu of %zu runs\n", ok ? "ok" : "not ok",
	       number, k->name, failures, runs);
	return ok;
}

/* A save, and nothing else: what it says is there. */
static bool run_controls(int number)
{
	size_t from = loop_count;
	if (asked.scenario || (asked.kind && strcmp(asked.kind, "control")))
		return true;
	asked.points = asked.points ? 8 : 0;
	for (size_t i = 0; i < scenario_count; i++)
		if (is_asked("save", scenarios[i].name) ||
		    is_asked("new-person", scenarios[i].name)) {
			add_loop(&scenarios[i], &fault_lie, false);
			add_loop(&scenarios[i], &fault_pretence, true);
		}
	run_loops(from);
	return tell_control(number + 1, &fault_lie, from) &
	       tell_control(number + 2, &fault_pretence, from);
}

static bool prove(void)
{
	time_t begun = time(NULL);
	bool ok = true;
	int number = 0;
	add_loops();
	run_loops(0);
	for (size_t k = 0; k < fault_kind_count; k++)
		if (is_asked(asked.kind, fault_kinds[k].name))
			ok &= tell(++number, &fault_kinds[k]);
	ok &= run_controls(number);
	printf("# seed %llu, %u jobs, %ld s\n", (unsigned long long)asked.seed, asked.jobs,
	       (long)(time(NULL) - begun));
	return ok && loop_count;
}

/* --- the command line -------------------------------------------------------------------- */

static bool read_options(int argc, char **argv)
{
	static const struct option names[] = {
		{"proofs", 0, NULL, 'P'}, {"scenario", 1, NULL, 's'}, {"kind", 1, NULL, 'k'},
		{"seed", 1, NULL, 'e'},	  {"at", 1, NULL, 'a'},	      {"points", 1, NULL, 'n'},
		{"jobs", 1, NULL, 'j'},	  {NULL, 0, NULL, 0},
	};
	for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;)
		switch (c) {
		case 'P':
			asked.points = 0;
			break;
		case 's':
			asked.scenario = optarg;
			break;
		case 'k':
			asked.kind = optarg;
			break;
		case 'e':
			asked.seed = strtoull(optarg, NULL, 10);
			break;
		case 'a':
			asked.at = strtoul(optarg, NULL, 10);
			break;
		case 'n':
			asked.points = (unsigned)atoi(optarg);
			break;
		case 'j':
			asked.jobs = (unsigned)atoi(optarg);
			break;
		default:
			return false;
		}
	return asked.jobs != 0;
}

int main(int argc, char **argv)
{
	setenv("TZ", "Europe/London", 1);
	if (!read_options(argc, argv)) {
		fprintf(stderr, "usage: t_faults [--proofs] [--scenario NAME] [--kind NAME] "
				"[--seed N] [--at N] [--points N] [--jobs N]\n");
		return 2;
	}
	base = jobs_begin(1);
	loops = shared(LOOPS_MOST * sizeof *loops);
	return prove() ? 0 : 1;
}

/* SPDX-License-Identifier: MIT
 *
 * The merge simulator: its options, its seeds and its jobs.
 *
 *	merge [--seed N] [--schedules M] [--jobs J] [--mutant K|all] [--verbose]
 *
 * A schedule follows from its seed; M schedules have the seeds N to N + M - 1.  One that fails
 * is named with the command that plays it again.
 */
#include "sim.h"
#include "mutants.h"

#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct options {
	uint64_t seed, schedules;
	unsigned jobs;
	bool verbose, all_mutants;
	enum mutant mutant;
};

/* What a job tells the one that started it; in shared memory, so that a crash says its seed. */
struct report {
	uint64_t done, at;
	bool failed;
	char why[600];
};

/* --- small things ----------------------------------------------------------------------- */

void sim_fail(struct world *w, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vsnprintf(w->why, sizeof w->why, fmt, args);
	va_end(args);
	longjmp(w->failed, 1);
}

void sim_tell(struct world *w, const char *fmt, ...)
{
	va_list args;
	if (!w->verbose)
		return;
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

/* splitmix64 */
uint64_t rng_next(struct rng *r)
{
	uint64_t z = r->s += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

size_t rng_below(struct rng *r, size_t n)
{
	return (size_t)(rng_next(r) % n);
}

bool rng_chance(struct rng *r, unsigned percent)
{
	return rng_below(r, 100) < percent;
}

/* --- schedules -------------------------------------------------------------------------- */

static bool run_schedule(struct world *w, uint64_t seed)
{
	bool good = false;
	if (!setjmp(w->failed)) {
		world_begin(w, seed);
		acts_run(w);
		ending_run(w);
		good = true;
	}
	return good;
}

/* What comes after a failure that another job met need not be run. */
static bool is_needless(const struct report *all, unsigned jobs, uint64_t seed)
{
	for (unsigned j = 0; j < jobs; j++)
		if (all[j].failed && all[j].at < seed)
			return true;
	return false;
}

static void run_job(const struct options *o, unsigned job, struct report *all)
{
	struct report *out = &all[job];
	static struct world w;
	w.verbose = o->verbose;
	const char *tmp = access("/dev/shm", W_OK) ? getenv("TMPDIR") : "/dev/shm";
	snprintf(w.root, sizeof w.root, "%s/linkbook-sim-%ld", tmp ? tmp : "/tmp", (long)getpid());
	if (setjmp(w.failed)) {
		out->failed = true;
		snprintf(out->why, sizeof out->why, "%s", w.why);
		return;
	}
	world_prepare(&w);
	mutant_on = o->mutant;
	for (uint64_t i = job; !out->failed && i < o->schedules; i += o->jobs) {
		if (is_needless(all, o->jobs, o->seed + i))
			break;
		out->at = o->seed + i;
		if (!run_schedule(&w, out->at)) {
			out->failed = true;
			snprintf(out->why, sizeof out->why, "%s", w.why);
		}
		world_end(&w);
		out->done++;
	}
	world_remove(&w);
}

/* --- jobs ------------------------------------------------------------------------------- */

static void remove_left(pid_t pid)
{
	char command[200];
	snprintf(command, sizeof command, "rm -rf /dev/shm/linkbook-sim-%ld", (long)pid);
	if (system(command))
		fprintf(stderr, "%s did not work\n", command);
}

/* Runs all schedules in o->jobs processes; the one that failed at the lowest seed is told. */
static struct report run_all(const struct options *o)
{
	struct report all = {0}, *v = mmap(NULL, o->jobs * sizeof *v, PROT_READ | PROT_WRITE,
					   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t *pids = mem_alloc_many(o->jobs, sizeof *pids);
	if (v == MAP_FAILED)
		err_out_of_memory();
	for (unsigned j = 0; j < o->jobs; j++) {
		fflush(stdout);
		pids[j] = fork();
		if (pids[j] == 0) {
			run_job(o, j, v);
			_exit(0);
		}
	}
	for (unsigned j = 0; j < o->jobs; j++) {
		int status;
		waitpid(pids[j], &status, 0);
		if (status) {
			v[j].failed = true;
			snprintf(v[j].why, sizeof v[j].why, "the program died (status %d)", status);
			remove_left(pids[j]);
		}
		if (v[j].failed && (!all.failed || v[j].at < all.at)) {
			uint64_t done = all.done;
			all = v[j];
			all.done = done + v[j].done;
		} else {
			all.done += v[j].done;
		}
	}
	munmap(v, o->jobs * sizeof *v);
	free(pids);
	return all;
}

static void say_replay(const struct options *o, uint64_t seed)
{
	printf("  replay: merge --seed %llu", (unsigned long long)seed);
	if (o->mutant)
		printf(" --mutant %d", o->mutant);
	printf(" --verbose\n");
}

static bool run_mutants(const struct options *o)
{
	bool all = true;
	for (int m = 1; m < MUTANT_COUNT; m++) {
		struct options one = *o;
		one.mutant = (enum mutant)m;
		struct report r = run_all(&one);
		all &= r.failed;
		printf("%s %d - mutant %d (%s) %s\n", r.failed ? "ok" : "not ok", m + 1, m,
		       mutants_name(one.mutant), r.failed ? "is caught" : "is not caught");
		if (r.failed)
			printf("  after %llu schedules: %s\n",
			       (unsigned long long)(r.at - o->seed + 1), r.why);
		if (r.failed && o->verbose)
			say_replay(&one, r.at);
		fflush(stdout);
	}
	return all;
}

static bool run_good(const struct options *o)
{
	struct timespec before, after;
	clock_gettime(CLOCK_MONOTONIC, &before);
	struct report r = run_all(o);
	clock_gettime(CLOCK_MONOTONIC, &after);
	double took = (double)(after.tv_sec - before.tv_sec) +
		      (double)(after.tv_nsec - before.tv_nsec) / 1e9;
	printf("%s 1 - %llu schedules from seed %llu: ", r.failed ? "not ok" : "ok",
	       (unsigned long long)r.done, (unsigned long long)o->seed);
	if (!r.failed) {
		printf("nothing lost, nothing buried, all copies equal (%.0f s)\n", took);
		return true;
	}
	printf("%s\n", r.why);
	say_replay(o, r.at);
	return false;
}

/* --- options ---------------------------------------------------------------------------- */

static bool read_mutant(const char *text, struct options *o)
{
	o->all_mutants = !strcmp(text, "all");
	for (int m = 1; m < MUTANT_COUNT; m++)
		if (atoi(text) == m || !strcmp(text, mutants_name((enum mutant)m)))
			o->mutant = (enum mutant)m;
	return o->mutant || o->all_mutants;
}

static bool read_options(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{"seed", required_argument, NULL, 's'}, {"schedules", required_argument, NULL, 'n'},
		{"jobs", required_argument, NULL, 'j'}, {"mutant", required_argument, NULL, 'm'},
		{"verbose", no_argument, NULL, 'v'},	{0},
	};
	for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
		if (c == 's')
			o->seed = strtoull(optarg, NULL, 10);
		else if (c == 'n')
			o->schedules = strtoull(optarg, NULL, 10);
		else if (c == 'j')
			o->jobs = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 'v')
			o->verbose = true;
		else if (c != 'm' || !read_mutant(optarg, o))
			return false;
	}
	return optind == argc && o->jobs && o->jobs <= 64;
}

int main(int argc, char **argv)
{
	struct options o = {.seed = 1, .schedules = 1, .jobs = 1};
	if (!read_options(argc, argv, &o)) {
		fprintf(stderr, "usage: merge [--seed N] [--schedules M] [--jobs J] "
				"[--mutant K|NAME|all] [--verbose]\n");
		return 2;
	}
	return (o.all_mutants ? run_mutants(&o) : run_good(&o)) ? 0 : 1;
}

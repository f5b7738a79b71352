/* SPDX-License-Identifier: MIT
 *
 * The proof of typing: the real program in a terminal of its own, random keys, and at a drawn
 * key something happens to it.  Nothing older than one second by the program's clock may be
 * missing afterwards, and nothing may be readable in any file.  Each position follows from the
 * seed and its number.
 *
 *	t_typing				for every day
 *	t_typing --proofs			the figures of docs/proofs.md
 *	t_typing --seed 7 --position 217	one again
 *
 * LINKBOOK names the program.
 */
#include "sitting.h"

#include <linkbook/mem.h>

#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { JOBS_MOST = 16, BLOWS_MOST = 32 };
#ifdef __SANITIZE_ADDRESS__
enum { POSITIONS = 72 }; /* slow, and it looks for other things */
#else
enum { POSITIONS = 312 };
#endif
enum { POSITIONS_IN_PROOFS = 1008, CONTROLS = 20 };

static struct options {
	uint64_t seed;
	long positions, position; /* -1: all */
	unsigned jobs;
} options = {.seed = 1, .positions = POSITIONS, .position = -1};

struct tally {
	unsigned done[BLOWS_MOST], failed[BLOWS_MOST];
	unsigned strokes, controls, noticed;
	bool leak_noticed;
	long now; /* the position at hand */
};

static char *base, *program;
static struct tally *tallies; /* one a job, shared */

static uint64_t mix(uint64_t a, uint64_t b)
{
	uint64_t z = a * 0x9e3779b97f4a7c15u + (b + 1) * 0xd1342543de82ef95u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static void shell(const char *command)
{
	if (system(command)) {
		printf("not ok 1 - typing: could not be set up: %s\n", command);
		exit(1);
	}
}

/* --- one job ----------------------------------------------------------------------------- */

/* Where all that the program knows of lies below $ROOT; a book with one person, kept aside. */
static void set_up(unsigned job, char **root)
{
	struct buf b = BUF_INIT;
	buf_printf(&b, "%s/%u", base, job);
	*root = buf_take_text(&b);
	setenv("ROOT", *root, 1);
	setenv("WORDS", after_passphrase, 1);
	setenv("LINKBOOK", program, 1);
	shell("mkdir -p \"$ROOT/run/home\" \"$ROOT/run/tmp\"; printf '%s\\n' \"$WORDS\" "
	      ">\"$ROOT/words\"");
	static const char *const folders[][2] = {{"HOME", "/run/home"},
						 {"TMPDIR", "/run/tmp"},
						 {"XDG_STATE_HOME", "/run/state"},
						 {"XDG_DATA_HOME", "/run/data"},
						 {"XDG_CONFIG_HOME", "/run/config"}};
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		char path[PATH_MAX];
		snprintf(path, sizeof path, "%s%s", *root, folders[i][1]);
		setenv(folders[i][0], path, 1);
	}
	shell("cd \"$ROOT\" && book() { \"$LINKBOOK\" --book \"$ROOT/run/book\" --passphrase-file "
	      "words --now 2026-11-24T10:40 \"$@\"; } && book init --name Ailsa >/dev/null && "
	      "printf '%s\\n' "
	      "'{\"type\":\"person\",\"given_name\":\"Mairi\",\"family_name\":\"MacLe\u00f2d\","
	      "\"status\":\"active\"}' | book put >/dev/null && cp -a run kept");
}

static void take_position(struct tally *t, const char *book, long n, const struct blow *blow,
			  bool control)
{
	struct sitting s = {.root = getenv("RUN"), .book = book, .to_the_last = control};
	shell("rm -rf \"$RUN\" && cp -a \"$ROOT/kept\" \"$RUN\"");
	t->now = n;
	bool ok = sitting_run(&s, program, blow, mix(options.seed, (uint64_t)n));
	t->strokes += (unsigned)s.t.strokes;
	if (control) {
		t->controls++;
		t->noticed += !ok;
	} else {
		t->done[blow - blows]++;
		t->failed[blow - blows] += !ok;
	}
	if (!ok && !control)
		printf("# --seed %llu --position %ld: %s: %s\n", (unsigned long long)options.seed,
		       n, blow->name, buf_text(&s.why));
	fflush(stdout);
	buf_fini(&s.why);
}

/* The looking has to find what is there. */
static bool notices_a_leak(void)
{
	struct buf where = BUF_INIT;
	shell("printf 'x%sy' \"$WORDS\" >\"$RUN/tmp/leak\"");
	bool noticed = after_leaks(getenv("RUN"), &where);
	buf_fini(&where);
	return noticed;
}

static void be_job(unsigned job)
{
	char *root, path[PATH_MAX], book[PATH_MAX];
	struct tally *t = &tallies[job];
	set_up(job, &root);
	snprintf(path, sizeof path, "%s/run", root);
	snprintf(book, sizeof book, "%s/run/book", root);
	setenv("RUN", path, 1);
	for (long i = job; i < options.positions; i += options.jobs)
		if (options.position < 0 || options.position == i)
			take_position(t, book, i, &blows[(size_t)i % blow_count], false);
	for (long i = job; options.position < 0 && i < CONTROLS; i += options.jobs)
		take_position(t, book, i, &blows[1], true);
	t->leak_noticed = notices_a_leak();
	free(root);
}

/* --- all --------------------------------------------------------------------------------- */

static void add_up(struct tally *to)
{
	to->leak_noticed = true;
	for (unsigned j = 0; j < options.jobs; j++) {
		const struct tally *t = &tallies[j];
		for (size_t i = 0; i < blow_count; i++) {
			to->done[i] += t->done[i];
			to->failed[i] += t->failed[i];
		}
		to->strokes += t->strokes;
		to->controls += t->controls;
		to->noticed += t->noticed;
		to->leak_noticed &= t->leak_noticed;
	}
}

static bool tell(const struct tally *t, bool all_ended)
{
	unsigned said = 0, done = 0, failed = 0;
	for (size_t i = 0; i < blow_count; i++) {
		done += t->done[i];
		failed += t->failed[i];
		if (t->done[i])
			printf("%s %u - typing: %s: %u positions, %u wrong\n",
			       t->failed[i] ? "not ok" : "ok", ++said, blows[i].name, t->done[i],
			       t->failed[i]);
	}
	bool ok = all_ended && !failed && done;
	printf("%s %u - typing: all: %u positions, %u keys, %u wrong\n", ok ? "ok" : "not ok",
	       ++said, done, t->strokes, failed);
	if (options.position >= 0)
		return ok;
	bool control = t->noticed * 2 >= t->controls && t->controls && t->leak_noticed;
	printf("%s %u - typing: control: that the last keys are missing after kill -9 is noticed "
	       "at %u of %u positions%s\n",
	       control ? "ok" : "not ok", ++said, t->noticed, t->controls,
	       t->leak_noticed ? "; words in a file, too" : "; words in a file are not");
	return ok && control;
}

static bool run_jobs(void)
{
	bool ok = true;
	pid_t pids[JOBS_MOST];
	fflush(stdout);
	for (unsigned j = 0; j < options.jobs; j++) {
		pids[j] = fork();
		if (pids[j])
			continue;
		be_job(j);
		fflush(stdout);
		_exit(0);
	}
	for (unsigned j = 0; j < options.jobs; j++) {
		int status = 0;
		if (waitpid(pids[j], &status, 0) == pids[j] && !status)
			continue;
		ok = false;
		printf("# job %u ended with status %x in position %ld\n", j, (unsigned)status,
		       tallies[j].now);
	}
	return ok;
}

static bool read_options(int argc, char **argv)
{
	static const struct option names[] = {
		{"proofs", 0, NULL, 'P'},   {"seed", 1, NULL, 'e'}, {"positions", 1, NULL, 'n'},
		{"position", 1, NULL, 'p'}, {"jobs", 1, NULL, 'j'}, {NULL, 0, NULL, 0}};
	options.jobs = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
	for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;)
		if (c == 'P')
			options.positions = POSITIONS_IN_PROOFS;
		else if (c == 'e')
			options.seed = strtoull(optarg, NULL, 10);
		else if (c == 'n')
			options.positions = atol(optarg);
		else if (c == 'p')
			options.position = atol(optarg);
		else if (c == 'j')
			options.jobs = (unsigned)atoi(optarg);
		else
			return false;
	if (options.positions <= options.position)
		options.positions = options.position + 1;
	if (options.jobs > JOBS_MOST)
		options.jobs = JOBS_MOST;
	return options.jobs > 0;
}

int main(int argc, char **argv)
{
	struct tally all = {0};
	time_t begun = time(NULL);
	program = getenv("LINKBOOK");
	if (!read_options(argc, argv) || !program) {
		fprintf(stderr,
			"usage: LINKBOOK=program %s [--proofs] [--seed N] [--positions N] "
			"[--position N] [--jobs N]\n",
			argv[0]);
		return 2;
	}
	base = mem_text(access("/dev/shm", W_OK) ? "/tmp/linkbook-typing-XXXXXX"
						 : "/dev/shm/linkbook-typing-XXXXXX");
	BUG_IF(!mkdtemp(base));
	setenv("BASE", base, 1);
	setenv("TZ", "Europe/London", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	signal(SIGPIPE, SIG_IGN);
	tallies = mmap(NULL, JOBS_MOST * sizeof *tallies, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	BUG_IF(tallies == MAP_FAILED);
	after_init();
	bool ended = run_jobs();
	add_up(&all);
	bool ok = tell(&all, ended);
	printf("# seed %llu, %u jobs, %ld s\n", (unsigned long long)options.seed, options.jobs,
	       (long)(time(NULL) - begun));
	shell("rm -rf \"$BASE\"");
	return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

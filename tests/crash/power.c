/* SPDX-License-Identifier: MIT
 *
 * The power-loss proof.  Each run records a scenario, replays the log one entry at a time onto
 * a disk of its own making, and at every entry cuts the power: builds several of the disks that
 * the cut may leave, and has each opened by a process of its own.
 *
 *	t_power				for every day, a minute
 *	t_power --proofs		the figures of docs/proofs.md
 *	t_power --scenario save --seed 3 --point 217 --image 5 --keep DIR	one again
 */
#include "run.h"

#include <linkbook/mem.h>

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* --- what is said ----------------------------------------------------------------------- */

/* A sanitized build is slow, and looks for other things. */
#ifdef __SANITIZE_ADDRESS__
enum { ENOUGH = 100, STRIDE = 9 };
#else
enum { ENOUGH = 1000, STRIDE = 1 };
#endif

static const char *base; /* where images and recordings lie */
static int said;

static bool tell(bool ok, const char *what, const struct tally *t)
{
	printf("%s %d - power loss: %s: %zu points, %zu images, %zu changes lost, %zu books shut",
	       ok ? "ok" : "not ok", ++said, what, t->points, t->images, t->verdicts[LOST],
	       t->verdicts[SHUT]);
	for (int v = HARMED; v < VERDICTS; v++)
		if (t->verdicts[v])
			printf(", %zu times %s", t->verdicts[v], verdict_say((enum verdict)v));
	printf("\n");
	fflush(stdout);
	return ok;
}

static bool tell_control(const char *what, const struct tally *t)
{
	size_t share = t->points ? t->failed_points * 1000 / t->points : 0;
	bool ok = share >= 900;
	printf("%s %d - power loss: control %s: found at %zu of %zu points with something "
	       "acknowledged (%zu.%zu %%), in %zu of %zu runs; %zu of %zu images\n",
	       ok ? "ok" : "not ok", ++said, what, t->failed_points, t->points, share / 10,
	       share % 10, t->failed_runs, t->runs, tally_failed(t), t->images);
	fflush(stdout);
	return ok;
}

static void add_up(struct tally *to, const struct tally *t)
{
	to->points += t->points;
	to->images += t->images;
	to->failed_points += t->failed_points;
	to->runs += t->runs;
	to->failed_runs += t->failed_runs;
	for (int v = 0; v < VERDICTS; v++)
		to->verdicts[v] += t->verdicts[v];
}

static bool run_scenario(const struct options *o, const struct scenario *s, struct tally *all)
{
	struct tally t = {0};
	bool ok = true;
	unsigned runs = s->heavy > 1 ? 1 : o->runs;
	for (unsigned i = 0; ok && i < runs; i++)
		ok = run_once(o, s, base, o->seed + i, &t);
	add_up(all, &t);
	if (o->ignore)
		return ok;
	return tell(ok && t.points && !tally_failed(&t), s->name, &t) && ok;
}

static bool run_all(const struct options *o, struct tally *all)
{
	bool ok = true, any = false;
	*all = (struct tally){0};
	for (size_t i = 0; i < scenario_count; i++) {
		const struct scenario *s = &scenarios[i];
		if (o->scenario ? strcmp(o->scenario, s->name)
				: o->ignore && (s->heavy > 1 || s->after))
			continue;
		any = true;
		ok &= run_scenario(o, s, all);
	}
	if (!any)
		printf("# there is no scenario %s\n", o->scenario);
	return ok && any;
}

static bool run_control(struct options o, const char *what, unsigned ignore)
{
	struct tally t;
	o.ignore = ignore;
	o.runs = 1;
	o.images = 5;
	o.stride = o.proofs ? 1 : o.stride * 8;
	return run_all(&o, &t) & tell_control(what, &t);
}

static bool prove(const struct options *o)
{
	struct tally t;
	time_t begun = time(NULL);
	size_t points = o->proofs ? 10000 : ENOUGH, images = o->proofs ? 80000 : ENOUGH;
	bool ok = run_all(o, &t);
	if (o->scenario)
		return ok;
	ok &= tell(ok && t.points >= points && t.images >= images, "all", &t);
	ok &= run_control(*o, "without fsync", WITHOUT_SYNC);
	ok &= run_control(*o, "without fsync of files", WITHOUT_FILE_SYNC);
	ok &= run_control(*o, "without fsync of folders", WITHOUT_FOLDER_SYNC);
	printf("# seed %llu, %u jobs, %ld s\n", (unsigned long long)o->seed, o->jobs,
	       (long)(time(NULL) - begun));
	return ok;
}

/* --- the command line ------------------------------------------------------------------- */

static int drive(char **argv)
{
	for (size_t i = 0; i < scenario_count; i++)
		if (!strcmp(scenarios[i].name, argv[0])) {
			drive_run(&scenarios[i], argv[1], strtoull(argv[2], NULL, 10));
			return 0;
		}
	return 2;
}

/* record.so lies beside this program. */
static char *find_recorder(void)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	self[n < 0 ? 0 : n] = 0;
	char *slash = strrchr(self, '/');
	if (slash)
		*slash = 0;
	return file_join(self, "record.so");
}

static bool read_options(struct options *o, int argc, char **argv)
{
	static const struct option names[] = {
		{"proofs", 0, NULL, 'P'}, {"scenario", 1, NULL, 's'}, {"seed", 1, NULL, 'e'},
		{"runs", 1, NULL, 'r'},	  {"images", 1, NULL, 'i'},   {"jobs", 1, NULL, 'j'},
		{"point", 1, NULL, 'p'},  {"image", 1, NULL, 'm'},    {"keep", 1, NULL, 'k'},
		{"stride", 1, NULL, 't'}, {NULL, 0, NULL, 0},
	};
	for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;)
		switch (c) {
		case 'P':
			o->proofs = true;
			o->runs = 16;
			o->images = 20;
			break;
		case 's':
			o->scenario = optarg;
			break;
		case 'e':
			o->seed = strtoull(optarg, NULL, 10);
			break;
		case 'r':
			o->runs = (unsigned)atoi(optarg);
			break;
		case 'i':
			o->images = (unsigned)atoi(optarg);
			break;
		case 'j':
			o->jobs = (unsigned)atoi(optarg);
			break;
		case 'p':
			o->point = atol(optarg);
			break;
		case 'm':
			o->image = atol(optarg);
			break;
		case 'k':
			o->keep = optarg;
			break;
		case 't':
			o->stride = (unsigned)atoi(optarg);
			break;
		default:
			return false;
		}
	return o->stride && o->jobs && o->jobs <= 32;
}

int main(int argc, char **argv)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	struct options o = {.seed = 1,
			    .runs = 2,
			    .images = 5,
			    .jobs = cores > 0 && cores < 32 ? (unsigned)cores : 2,
			    .stride = STRIDE,
			    .point = -1,
			    .image = -1};
	if (argc == 5 && !strcmp(argv[1], "--drive"))
		return drive(argv + 2);
	setenv("TZ", "Europe/London", 1);
	if (!read_options(&o, argc, argv)) {
		fprintf(stderr, "usage: t_power [--proofs] [--scenario NAME] [--seed N] [--runs N] "
				"[--images N] [--jobs N] [--stride N] [--point N] [--image N] "
				"[--keep DIR]\n");
		return 2;
	}
	char *recorder = find_recorder();
	o.recorder = recorder;
	base = jobs_begin(o.jobs);
	bool ok = prove(&o);
	free(recorder);
	return ok ? 0 : 1;
}

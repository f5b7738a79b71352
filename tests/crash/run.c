/* SPDX-License-Identifier: MIT
 *
 * Recording, replaying, and cutting the power at every point.
 */
#include "run.h"

#include <linkbook/mem.h>

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SEEN = 1 << 16 };

size_t tally_failed(const struct tally *t)
{
	return t->images - t->verdicts[FINE];
}

/* True when this hash was not seen yet with these facts. */
static bool is_new(struct run *r, const uint64_t hash[2])
{
	uint64_t h = mix(hash[0] ^ r->facts.version, hash[1]) | 1;
	for (size_t i = h % SEEN;; i = (i + 1) % SEEN) {
		if (r->seen[i] == h)
			return false;
		if (r->seen[i])
			continue;
		r->seen[i] = h;
		BUG_IF(++r->seen_count > SEEN / 2);
		return true;
	}
}

static void keep(struct run *r, const struct image *im)
{
	mkdir(r->o->keep, 0700);
	if (!image_write(im, r->o->keep, NULL, NULL))
		printf("# %s is not empty\n", r->o->keep);
}

static void look_at(struct run *r, size_t n)
{
	struct image im;
	struct choice c = choice_of((unsigned)n, mix(r->seed, r->point));
	image_choose(&im, &r->disk, c);
	if (r->o->keep)
		keep(r, &im);
	/* A control asks of every point whether it can be seen there. */
	if (r->o->ignore || is_new(r, im.hash)) {
		/* Many disks differ in LMDB only; what a copy brought may be there alone. */
		bool alone = r->o->ignore || r->facts.copied || is_new(r, im.book);
		jobs_look_at(r, &im, (struct look){n, c.kind, alone});
	}
	image_fini(&im);
}

/* --- points ----------------------------------------------------------------------------- */

static void cut_here(struct run *r)
{
	const struct options *o = r->o;
	unsigned stride = o->proofs || r->s->heavy < o->stride ? o->stride : r->s->heavy;
	r->point++;
	if (o->point >= 0 ? (size_t)o->point != r->point : r->point % stride)
		return;
	r->point_failed = false;
	if (o->ignore && !r->facts.acknowledged)
		return; /* nothing to lose: a control says nothing here */
	r->t->points++;
	unsigned images = o->images / (r->s->heavy > 1 ? 3 : 1);
	for (size_t n = 0; n < images; n++)
		if (o->image < 0 || (size_t)o->image == n)
			look_at(r, n);
	if (o->ignore) {
		jobs_wait(r);
		r->t->failed_points += r->point_failed;
	}
}

struct log {
	const uint8_t *p;
	size_t size;
};

/* Entry after entry, up to the stop-th; with cuts, or without. */
static bool replay(struct run *r, const struct log *log, size_t stop, bool cuts)
{
	const struct log_entry *e;
	for (size_t at = 0; stop-- && at + sizeof *e <= log->size && !r->disk.fault;
	     at += sizeof *e + (e->size + 7) / 8 * 8) {
		e = (const void *)(log->p + at);
		const uint8_t *bytes = log->p + at + sizeof *e;
		size_t said = r->facts.acknowledged;
		bool changed = disk_apply(&r->disk, e, bytes);
		if (e->op == LOG_NOTE)
			facts_hear(&r->facts, span_of(bytes, e->size));
		/* Of the notes only an acknowledgement is something to cut after. */
		if (cuts && r->facts.begun && (changed || r->facts.acknowledged != said))
			cut_here(r);
	}
	jobs_wait(r);
	if (r->disk.fault)
		printf("# the log cannot be replayed: %s\n", r->disk.fault);
	return !r->disk.fault;
}

/* A number of entries that lies after "begin". */
static size_t draw_stop(const struct run *r, const struct log *log)
{
	const struct log_entry *e;
	size_t count = 0, begun = 0;
	for (size_t at = 0; at + sizeof *e <= log->size; at += sizeof *e + (e->size + 7) / 8 * 8) {
		e = (const void *)(log->p + at);
		count++;
		if (e->op == LOG_NOTE && e->size == 5 && !memcmp(e + 1, "begin", 5))
			begun = count;
	}
	return begun + mix(r->seed, 11) % (count - begun + 1);
}

/* --- recording -------------------------------------------------------------------------- */

_Noreturn static void be_driver(const struct run *r, const char *log)
{
	char self[PATH_MAX], seed[24];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	self[n < 0 ? 0 : n] = 0;
	snprintf(seed, sizeof seed, "%llu", (unsigned long long)r->seed);
	setenv("CRASH_ROOT", r->root, 1);
	setenv("CRASH_LOG", log, 1);
	setenv("CRASH_KEYS", r->keys, 1);
	/* The recorder has no part in the sanitizers, and comes before them. */
	setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
	setenv("LD_PRELOAD", r->o->recorder, 1);
	execl(self, self, "--drive", r->s->name, r->root, seed, (char *)NULL);
	_exit(127);
}

/* Runs the scenario by itself, in a process that the recorder listens to. */
static bool start_driver(const struct run *r, const char *log)
{
	int status, fd = open(log, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || close(fd))
		return false;
	fflush(stdout);
	pid_t pid = fork();
	if (!pid)
		be_driver(r, log);
	return pid > 0 && waitpid(pid, &status, 0) == pid && !status;
}

static bool map_log(const char *path, struct log *log)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) || !st.st_size)
		return false;
	log->size = (size_t)st.st_size;
	log->p = mmap(NULL, log->size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	return log->p != MAP_FAILED;
}

/* Whatever is in the root already lasts. */
static bool record(struct run *r, struct log *log)
{
	char *path = file_join(r->base, "log");
	*log = (struct log){0};
	bool ok = disk_load(&r->disk, r->root, r->o->ignore) && start_driver(r, path) &&
		  map_log(path, log);
	if (!ok)
		printf("# %s --seed %llu could not be recorded\n", r->s->name,
		       (unsigned long long)r->seed);
	unlink(path);
	free(path);
	return ok;
}

/* What another scenario left when the power was cut in the midst of it is where this one begins. */
static bool cut_before(struct run *r)
{
	struct log log;
	struct image im;
	const struct scenario *this = r->s;
	r->s = this->after(r->seed);
	bool ok = record(r, &log) && replay(r, &log, draw_stop(r, &log), false);
	r->s = this;
	if (ok) {
		struct choice c = {mix(r->seed, 12) % 3 ? CHOOSE_SUBSET : CHOOSE_JOURNAL,
				   mix(r->seed, 13)};
		image_choose(&im, &r->disk, c);
		ok = remove_tree(r->root) && !mkdir(r->root, 0700) &&
		     image_write(&im, r->root, NULL, NULL) && facts_write(&r->facts, r->keys);
		image_fini(&im);
	}
	if (log.p)
		munmap((void *)(uintptr_t)log.p, log.size);
	disk_fini(&r->disk);
	r->facts.begun = true;
	return ok;
}

static bool run_all(struct run *r)
{
	struct log log = {0};
	bool ok = !mkdir(r->root, 0700) && (!r->s->after || cut_before(r)) && record(r, &log) &&
		  replay(r, &log, SIZE_MAX, true) && disk_compare(&r->disk, r->root);
	if (log.p)
		munmap((void *)(uintptr_t)log.p, log.size);
	return ok;
}

bool run_once(const struct options *o, const struct scenario *s, const char *base, uint64_t seed,
	      struct tally *t)
{
	struct run r = {.o = o, .s = s, .base = base, .seed = seed, .t = t};
	size_t failed = tally_failed(t);
	char *other = file_join(base, "run" DRIVE_OTHER);
	r.root = file_join(base, "run");
	r.keys = file_join(base, "keys");
	r.seen = mem_alloc_many(SEEN, sizeof *r.seen);
	crash_map_shift = s->map_shift; /* on the morning after as well */
	bool ok = run_all(&r);
	if (r.facts.broken) {
		printf("# %s --seed %llu: %s\n", s->name, (unsigned long long)seed, r.facts.broken);
		t->images++;
		t->verdicts[LOST]++;
	}
	t->runs++;
	t->failed_runs += tally_failed(t) != failed;
	remove_tree(other);
	remove_tree(r.root);
	unlink(r.keys);
	disk_fini(&r.disk);
	facts_fini(&r.facts);
	free(r.seen);
	free(r.keys);
	free(r.root);
	free(other);
	return ok;
}

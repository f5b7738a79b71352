/* SPDX-License-Identifier: MIT
 *
 * The seam as the system gives it, and the seeded one of sim builds.
 */
#include <linkbook/seam.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int64_t read_clock(clockid_t clock)
{
	struct timespec t = {0};
	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t system_now(struct seam *s)
{
	(void)s;
	return read_clock(CLOCK_REALTIME);
}

static int64_t system_boot(struct seam *s)
{
	(void)s;
#ifdef CLOCK_BOOTTIME
	return read_clock(CLOCK_BOOTTIME);
#else
	return read_clock(CLOCK_MONOTONIC);
#endif
}

static int64_t system_asleep(struct seam *s)
{
	(void)s;
#if defined CLOCK_BOOTTIME && defined __linux__
	return read_clock(CLOCK_BOOTTIME) - read_clock(CLOCK_MONOTONIC);
#else
	return 0;
#endif
}

static void system_random(struct seam *s, void *p, size_t n)
{
	(void)s;
	uint8_t *at = p;
	while (n) {
		size_t part = n < 256 ? n : 256; /* getentropy gives no more at once */
		BUG_IF(getentropy(at, part) != 0);
		at += part;
		n -= part;
	}
}

/* A call that a signal broke off is no failure: it is made again, here and once for all. */
static int system_open(const char *path, int flags, mode_t mode)
{
	int fd;
	do
		fd = open(path, flags | O_CLOEXEC, mode);
	while (fd < 0 && errno == EINTR);
	return fd;
}

static ssize_t system_read(int fd, void *p, size_t n)
{
	ssize_t got;
	do
		got = read(fd, p, n);
	while (got < 0 && errno == EINTR);
	return got;
}

static ssize_t system_write(int fd, const void *p, size_t n)
{
	ssize_t put;
	do
		put = write(fd, p, n);
	while (put < 0 && errno == EINTR);
	return put;
}

static int system_fsync(int fd)
{
	int rc;
	do
		rc = fsync(fd);
	while (rc && errno == EINTR);
	return rc;
}

/* But for this one: the descriptor is gone, and may be somebody else's by now. */
static int system_close(int fd)
{
	int rc = close(fd);
	return rc && errno == EINTR ? 0 : rc;
}

void seam_init_system(struct seam *s)
{
	*s = (struct seam){
		.now_ms = system_now,
		.boot_ms = system_boot,
		.asleep_ms = system_asleep,
		.random = system_random,
		.files = {system_open, system_read, system_write, system_fsync, system_close,
			  rename, unlink, mkdir},
	};
}

#ifdef LINKBOOK_SIM
static int64_t sim_now(struct seam *s)
{
	return s->clock_ms;
}

static int64_t sim_asleep(struct seam *s)
{
	return s->slept_ms;
}

/* splitmix64: small, seeded, and nobody's secret. */
static uint64_t sim_next(struct seam *s)
{
	uint64_t z = s->state[0] += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static void sim_random(struct seam *s, void *p, size_t n)
{
	uint8_t *at = p;
	while (n) {
		uint64_t v = sim_next(s);
		size_t part = n < sizeof v ? n : sizeof v;
		memcpy(at, &v, part);
		at += part;
		n -= part;
	}
}

static int64_t moved_now(struct seam *s)
{
	return read_clock(CLOCK_REALTIME) + s->clock_ms;
}

void seam_move_clock(struct seam *s, int64_t now_ms)
{
	s->clock_ms = now_ms - read_clock(CLOCK_REALTIME);
	s->now_ms = moved_now;
}

void seam_seed_random(struct seam *s, uint64_t seed)
{
	s->random = sim_random;
	s->state[0] = seed;
}

void seam_init_sim(struct seam *s, uint64_t seed, int64_t now_ms)
{
	seam_init_system(s);
	s->now_ms = sim_now;
	s->boot_ms = sim_now;
	s->asleep_ms = sim_asleep;
	s->cheap_kdf = true;
	seam_seed_random(s, seed);
	s->clock_ms = now_ms;
}

/* --- orders ------------------------------------------------------------------------------ */

static int orders, stop_in;

/* In front of what alters the disk. */
static void count_down(void)
{
	if (stop_in && !--stop_in && write(orders, "!", 1) == 1)
		raise(SIGSTOP);
}

static int counted_open(const char *path, int flags, mode_t mode)
{
	if (flags & O_CREAT)
		count_down();
	return system_open(path, flags, mode);
}

static ssize_t counted_write(int fd, const void *p, size_t n)
{
	count_down();
	return write(fd, p, n);
}

static int counted_fsync(int fd)
{
	count_down();
	return fsync(fd);
}

static int counted_rename(const char *from, const char *to)
{
	count_down();
	return rename(from, to);
}

static int counted_unlink(const char *path)
{
	count_down();
	return unlink(path);
}

void seam_obey(struct seam *s, int fd)
{
	s->clock_ms = s->now_ms(s);
	s->now_ms = s->boot_ms = sim_now;
	s->asleep_ms = sim_asleep;
	s->orders = orders = fd;
	s->files.open = counted_open;
	s->files.write = counted_write;
	s->files.fsync = counted_fsync;
	s->files.rename = counted_rename;
	s->files.unlink = counted_unlink;
}

bool seam_take_order(struct seam *s)
{
	struct seam_order o;
	if (read(s->orders, &o, sizeof o) != sizeof o)
		return false;
	if (o.what == ORDER_STOP)
		stop_in = (int)o.value;
	else
		s->clock_ms += o.value;
	if (o.what == ORDER_SLEEP)
		s->slept_ms += o.value;
	s->unanswered++;
	return true;
}

void seam_answer(struct seam *s)
{
	for (; s->unanswered; s->unanswered--)
		if (write(s->orders, ".", 1) != 1)
			break; /* who gave them has gone, and the next order will say so */
}
#endif

struct id seam_new_id(struct seam *s)
{
	struct id id;
	s->random(s, id.b, sizeof id.b);
	return id;
}

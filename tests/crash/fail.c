/* SPDX-License-Identifier: MIT
 *
 * The calls in front of the real ones.  The linker gives a program's own functions to the
 * libraries as well, so LMDB and libsodium fail with it; what the C library calls within itself
 * (fopen, getpwuid) does not pass here.  The real ones are asked for directly from the kernel.
 */
#include "fail.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FDS = 1024 };

static struct fail_plan plan;
static const char *root;
static size_t root_length, strike_at;
static bool begun, on; /* on: and not paused */
static bool watched[FDS];
static struct counters {
	size_t counted, struck;
} alone, *counters = &alone;

void fail_share(void)
{
	counters = mmap(NULL, sizeof *counters, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	if (counters == MAP_FAILED)
		abort();
}

void fail_watch(const char *below)
{
	root = below;
	root_length = strlen(below);
}

void fail_begin(const struct fail_plan *p, size_t at)
{
	plan = *p;
	strike_at = at;
	begun = on = true;
}

void fail_end(void)
{
	begun = on = false;
}

void fail_pause(bool pause)
{
	on = begun && !pause;
}

void fail_reset(void)
{
	*counters = (struct counters){0};
}

size_t fail_counted(void)
{
	return counters->counted;
}

size_t fail_struck(void)
{
	return counters->struck;
}

/* --- whether it fails -------------------------------------------------------------------- */

_Noreturn static void die(void)
{
	syscall(SYS_kill, getpid(), SIGKILL);
	abort();
}

static bool is_struck(unsigned op)
{
	if (!on || !(plan.ops & op))
		return false;
	size_t n = ++counters->counted;
	if (n < strike_at || (n > strike_at && plan.times == FAIL_ONCE) ||
	    (plan.times == FAIL_OFTEN && (n - strike_at) % 2))
		return false;
	counters->struck++;
	return true;
}

/* Of a call that does its work or does not.  Killed in the midst of it is killed after it. */
#define RETURN_IF_STRUCK(op, failed, call)                                                         \
	do {                                                                                       \
		if (!is_struck(op))                                                                \
			break;                                                                     \
		if (plan.how == FAIL_KILL_HALF)                                                    \
			(void)!(call);                                                             \
		if (plan.how == FAIL_KILL || plan.how == FAIL_KILL_HALF)                           \
			die();                                                                     \
		if (plan.how == FAIL_ERROR) {                                                      \
			errno = plan.error;                                                        \
			return failed;                                                             \
		}                                                                                  \
	} while (0)

static bool is_ours(int fd)
{
	return on && fd >= 0 && fd < FDS && watched[fd];
}

static bool is_below(const char *path)
{
	return root && path && !strncmp(path, root, root_length);
}

/* --- opening ----------------------------------------------------------------------------- */

/* A full disk does not keep anybody from opening what is there. */
static bool takes_room(const char *path, int flags)
{
	return plan.error != ENOSPC ||
	       (flags & O_CREAT && syscall(SYS_faccessat, AT_FDCWD, path, F_OK) < 0);
}

static int open_any(int at, const char *path, int flags, mode_t mode)
{
	unsigned op = flags & (O_WRONLY | O_RDWR | O_CREAT) ? FAIL_MAKE : FAIL_OPEN;
	if (is_below(path) && takes_room(path, flags))
		RETURN_IF_STRUCK(op, -1, syscall(SYS_openat, at, path, flags, mode));
	int fd = (int)syscall(SYS_openat, at, path, flags, mode);
	if (fd >= 0 && fd < FDS)
		watched[fd] = is_below(path);
	return fd;
}

#define MODE_OF(flags)                                                                             \
	mode_t mode = 0;                                                                           \
	if ((flags) & (O_CREAT | O_TMPFILE)) {                                                     \
		va_list args;                                                                      \
		va_start(args, flags);                                                             \
		mode = va_arg(args, mode_t);                                                       \
		va_end(args);                                                                      \
	}

int open(const char *path, int flags, ...)
{
	MODE_OF(flags)
	return open_any(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	MODE_OF(flags)
	return open_any(AT_FDCWD, path, flags, mode);
}

int close(int fd)
{
	bool ours = is_ours(fd);
	if (fd >= 0 && fd < FDS)
		watched[fd] = false;
	if (ours && is_struck(FAIL_CLOSE)) {
		if (plan.how == FAIL_KILL)
			die();
		syscall(SYS_close, fd); /* Linux lets go of it whatever it says */
		if (plan.how == FAIL_KILL_HALF)
			die();
		errno = plan.error;
		return -1;
	}
	return (int)syscall(SYS_close, fd);
}

/* --- bytes ------------------------------------------------------------------------------- */

ssize_t read(int fd, void *p, size_t n)
{
	if (is_ours(fd))
		RETURN_IF_STRUCK(FAIL_READ, -1, true);
	return syscall(SYS_read, fd, p, n);
}

ssize_t pread(int fd, void *p, size_t n, off_t at)
{
	if (is_ours(fd))
		RETURN_IF_STRUCK(FAIL_READ, -1, true);
	return syscall(SYS_pread64, fd, p, n, at);
}

ssize_t pread64(int fd, void *p, size_t n, off_t at)
{
	return pread(fd, p, n, at);
}

/* How much of n bytes is to be written; killed: none or half, and then no more. */
static bool write_is_struck(size_t *n)
{
	if (!is_struck(FAIL_WRITE))
		return false;
	if (plan.how == FAIL_KILL)
		die();
	if (plan.how == FAIL_HALF || plan.how == FAIL_KILL_HALF)
		*n = *n > 1 ? *n / 2 : *n;
	errno = plan.error;
	return true;
}

/* The answer of a write that was struck, of n bytes; put(...) writes as many as are left. */
#define STRUCK_WRITE(all, put)                                                                     \
	do {                                                                                       \
		if (plan.how == FAIL_ERROR)                                                        \
			return -1;                                                                 \
		if (plan.how == FAIL_LIE)                                                          \
			return (ssize_t)(all);                                                     \
		ssize_t done = put;                                                                \
		if (plan.how == FAIL_KILL_HALF)                                                    \
			die();                                                                     \
		return done;                                                                       \
	} while (0)

ssize_t write(int fd, const void *p, size_t n)
{
	size_t part = n;
	if (is_ours(fd) && write_is_struck(&part))
		STRUCK_WRITE(n, syscall(SYS_write, fd, p, part));
	return syscall(SYS_write, fd, p, n);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	size_t part = n;
	if (is_ours(fd) && write_is_struck(&part))
		STRUCK_WRITE(n, syscall(SYS_pwrite64, fd, p, part, at));
	return syscall(SYS_pwrite64, fd, p, n, at);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off_t at)
{
	return pwrite(fd, p, n, at);
}

static size_t size_of(const struct iovec *v, int count)
{
	size_t n = 0;
	for (int i = 0; i < count; i++)
		n += v[i].iov_len;
	return n;
}

/* Half of many pieces is half of the first of them. */
ssize_t writev(int fd, const struct iovec *v, int count)
{
	size_t part = v[0].iov_len;
	if (is_ours(fd) && write_is_struck(&part))
		STRUCK_WRITE(size_of(v, count), syscall(SYS_write, fd, v[0].iov_base, part));
	return syscall(SYS_writev, fd, v, count);
}

int ftruncate(int fd, off_t size)
{
	if (is_ours(fd))
		RETURN_IF_STRUCK(FAIL_SIZE, -1, syscall(SYS_ftruncate, fd, size));
	return (int)syscall(SYS_ftruncate, fd, size);
}

int ftruncate64(int fd, off_t size)
{
	return ftruncate(fd, size);
}

int fsync(int fd)
{
	if (is_ours(fd))
		RETURN_IF_STRUCK(FAIL_SYNC, -1, syscall(SYS_fsync, fd));
	return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	if (is_ours(fd))
		RETURN_IF_STRUCK(FAIL_SYNC, -1, syscall(SYS_fdatasync, fd));
	return (int)syscall(SYS_fdatasync, fd);
}

/* --- names ------------------------------------------------------------------------------- */

static int rename_any(const char *from, const char *to)
{
	return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int rename(const char *from, const char *to)
{
	if (is_below(to))
		RETURN_IF_STRUCK(FAIL_NAME, -1, rename_any(from, to));
	return rename_any(from, to);
}

int unlink(const char *path)
{
	if (is_below(path))
		RETURN_IF_STRUCK(FAIL_NAME, -1, syscall(SYS_unlinkat, AT_FDCWD, path, 0));
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int mkdir(const char *path, mode_t mode)
{
	if (is_below(path))
		RETURN_IF_STRUCK(FAIL_NAME, -1, syscall(SYS_mkdirat, AT_FDCWD, path, mode));
	return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

/* --- looking ----------------------------------------------------------------------------- */

static void *next(const char *name)
{
	void *f = dlsym(RTLD_NEXT, name);
	if (!f)
		abort();
	return f;
}

/* What the real ones are, once and before memory fails. */
static DIR *(*next_opendir)(const char *);
static struct dirent *(*next_readdir)(DIR *);
static int (*next_closedir)(DIR *);
static int (*next_stat)(const char *, struct stat *);
static int (*next_lstat)(const char *, struct stat *);
static int (*next_fstat)(int, struct stat *);
static void *(*next_mmap)(void *, size_t, int, int, int, off_t);
static pid_t (*next_fork)(void);

__attribute__((constructor)) static void find_next(void)
{
	*(void **)&next_opendir = next("opendir");
	*(void **)&next_readdir = next("readdir");
	*(void **)&next_closedir = next("closedir");
	*(void **)&next_stat = next("stat");
	*(void **)&next_lstat = next("lstat");
	*(void **)&next_fstat = next("fstat");
	*(void **)&next_mmap = next("mmap");
	*(void **)&next_fork = next("fork");
}

/* What it opens is known by its descriptor, as any folder is. */
DIR *opendir(const char *path)
{
	if (is_below(path))
		RETURN_IF_STRUCK(FAIL_OPEN, NULL, true);
	DIR *dir = next_opendir(path);
	int fd = dir ? dirfd(dir) : -1;
	if (fd >= 0 && fd < FDS)
		watched[fd] = is_below(path);
	return dir;
}

struct dirent *readdir(DIR *dir)
{
	if (is_ours(dirfd(dir)))
		RETURN_IF_STRUCK(FAIL_READ, NULL, true);
	return next_readdir(dir);
}

struct dirent64 *readdir64(DIR *dir)
{
	return (struct dirent64 *)readdir(dir);
}

int closedir(DIR *dir)
{
	int fd = dirfd(dir);
	if (fd >= 0 && fd < FDS)
		watched[fd] = false;
	return next_closedir(dir);
}

int stat(const char *path, struct stat *st)
{
	if (is_below(path))
		RETURN_IF_STRUCK(FAIL_LOOK, -1, true);
	return next_stat(path, st);
}

int lstat(const char *path, struct stat *st)
{
	if (is_below(path))
		RETURN_IF_STRUCK(FAIL_LOOK, -1, true);
	return next_lstat(path, st);
}

int fstat(int fd, struct stat *st)
{
	if (is_ours(fd))
		RETURN_IF_STRUCK(FAIL_LOOK, -1, true);
	return next_fstat(fd, st);
}

/* --- memory ------------------------------------------------------------------------------ */

/* Calls of the program: before it begins there is nothing to fail. */
void *mmap(void *p, size_t n, int protection, int flags, int fd, off_t at)
{
	RETURN_IF_STRUCK(FAIL_MEMORY, MAP_FAILED, true);
	return next_mmap ? next_mmap(p, n, protection, flags, fd, at)
			 : (void *)syscall(SYS_mmap, p, n, protection, flags, fd, at);
}

pid_t fork(void)
{
	RETURN_IF_STRUCK(FAIL_MEMORY, -1, true);
	return next_fork();
}

/* A sanitizer has a heap of its own. */
#ifndef __SANITIZE_ADDRESS__
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t count, size_t n);
void *__libc_memalign(size_t align, size_t n);

void *malloc(size_t n)
{
	RETURN_IF_STRUCK(FAIL_MEMORY, NULL, true);
	return __libc_malloc(n);
}

void *calloc(size_t count, size_t n)
{
	RETURN_IF_STRUCK(FAIL_MEMORY, NULL, true);
	return __libc_calloc(count, n);
}

void *aligned_alloc(size_t align, size_t n)
{
	RETURN_IF_STRUCK(FAIL_MEMORY, NULL, true);
	return __libc_memalign(align, n);
}

int posix_memalign(void **p, size_t align, size_t n)
{
	*p = aligned_alloc(align, n);
	return *p ? 0 : ENOMEM;
}
#endif

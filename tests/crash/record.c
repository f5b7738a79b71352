/* SPDX-License-Identifier: MIT
 *
 * The recorder: a shared object that is loaded before a program (LD_PRELOAD) and writes down
 * everything that the program does to the disk below one folder, with the bytes, in order.
 * The program itself is not changed by it and does not know.
 *
 *	CRASH_ROOT  the folder, a real path        CRASH_LOG  the log, made anew by the caller
 *
 * It sees calls through the C library only.  What it cannot see (a mapping that is written to,
 * a call it does not know) would make the replayed disk differ from the real one at the end of
 * the run, and the replayer compares the two.
 */
#include "log.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FDS = 1024, LOG_FD = 900 };

static char root[PATH_MAX];
static size_t root_length;
static bool recording;
static struct {
	bool watched, lasting;
} fds[FDS];

__attribute__((constructor)) static void begin(void)
{
	const char *r = getenv("CRASH_ROOT"), *log = getenv("CRASH_LOG");
	if (!r || !log)
		return;
	snprintf(root, sizeof root, "%s", r);
	root_length = strlen(root);
	int fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CLOEXEC, 0);
	if (fd < 0 || fcntl(fd, F_DUPFD_CLOEXEC, LOG_FD) != LOG_FD)
		abort();
	syscall(SYS_close, fd);
	recording = true;
}

static void *next(const char *name)
{
	void *f = dlsym(RTLD_NEXT, name);
	if (!f)
		abort();
	return f;
}

/* --- the log ---------------------------------------------------------------------------- */

static void put(struct log_entry e, const void *p, size_t n)
{
	static const char zeros[8];
	size_t all = sizeof e + (n + 7) / 8 * 8;
	e.size = (uint32_t)n;
	struct iovec v[] = {{&e, sizeof e}, {(void *)(uintptr_t)p, n}, {(void *)zeros, -n & 7}};
	int before = errno;
	if (syscall(SYS_writev, LOG_FD, v, 3) != (long)all)
		abort(); /* a log with a hole proves nothing */
	errno = before;
}

void crash_note(const char *text);
void crash_note(const char *text)
{
	if (recording)
		put((struct log_entry){.op = LOG_NOTE}, text, strlen(text));
}

static uint64_t node_of(int fd)
{
	struct stat st;
	return fstat(fd, &st) ? 0 : st.st_ino;
}

static bool is_watched(int fd)
{
	return recording && fd >= 0 && fd < FDS && fds[fd].watched;
}

/* The path below the root ("" for the root), or NULL when it is none of ours. */
static const char *below(int at, const char *path, char out[PATH_MAX])
{
	char from[PATH_MAX] = "", link[64];
	if (!recording)
		return NULL;
	if (path[0] != '/' && at == AT_FDCWD) {
		if (!getcwd(from, sizeof from))
			return NULL;
	} else if (path[0] != '/') {
		snprintf(link, sizeof link, "/proc/self/fd/%d", at);
		ssize_t n = readlink(link, from, sizeof from - 1);
		from[n < 0 ? 0 : n] = 0;
	}
	if (snprintf(out, PATH_MAX, "%s%s%s", from, *from ? "/" : "", path) >= PATH_MAX ||
	    strncmp(out, root, root_length) || (out[root_length] && out[root_length] != '/'))
		return NULL;
	return out + root_length + (out[root_length] == '/');
}

static void put_path(enum log_op op, uint64_t node, uint64_t flags, const char *path)
{
	put((struct log_entry){.op = op, .node = node, .flags = flags}, path, strlen(path));
}

static void put_paths(enum log_op op, const char *from, const char *to)
{
	char both[2 * PATH_MAX];
	int n = snprintf(both, sizeof both, "%s%c%s", from, 0, to);
	put((struct log_entry){.op = op}, both, (size_t)n);
}

static void foreign(const char *what)
{
	put((struct log_entry){.op = LOG_FOREIGN}, what, strlen(what));
}

/* --- opening ---------------------------------------------------------------------------- */

static int opened(int fd, int at, const char *path, int flags)
{
	char full[PATH_MAX];
	const char *name = fd < 0 ? NULL : below(at, path, full);
	if (fd >= 0 && fd < FDS)
		fds[fd].watched = name != NULL;
	if (!name)
		return fd;
	if (fd >= FDS)
		abort();
	fds[fd].lasting = flags & O_DSYNC; /* O_SYNC holds this bit, too */
	if (flags & (O_CREAT | O_TRUNC))
		put_path(LOG_OPEN, node_of(fd), (uint64_t)flags, name);
	return fd;
}

typedef int open_call(const char *, int, ...);
typedef int openat_call(int, const char *, int, ...);

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
	return opened(((open_call *)next("open"))(path, flags, mode), AT_FDCWD, path, flags);
}

int open64(const char *path, int flags, ...)
{
	MODE_OF(flags)
	return opened(((open_call *)next("open64"))(path, flags, mode), AT_FDCWD, path, flags);
}

int openat(int at, const char *path, int flags, ...)
{
	MODE_OF(flags)
	return opened(((openat_call *)next("openat"))(at, path, flags, mode), at, path, flags);
}

int openat64(int at, const char *path, int flags, ...)
{
	MODE_OF(flags)
	return opened(((openat_call *)next("openat64"))(at, path, flags, mode), at, path, flags);
}

int creat(const char *path, mode_t mode)
{
	return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

int close(int fd)
{
	if (fd == LOG_FD && recording) { /* somebody closes all there is */
		errno = EBADF;
		return -1;
	}
	if (fd >= 0 && fd < FDS)
		fds[fd].watched = false;
	return ((int (*)(int))next("close"))(fd);
}

/* --- bytes ------------------------------------------------------------------------------ */

static void wrote(int fd, const void *p, size_t n, off_t at)
{
	put((struct log_entry){.op = LOG_WRITE, .node = node_of(fd), .at = (uint64_t)at}, p, n);
	if (fds[fd].lasting)
		put((struct log_entry){.node = node_of(fd),
				       .at = (uint64_t)at,
				       .flags = n,
				       .op = LOG_LASTING},
		    "", 0);
}

/* Many pieces, of which `got` bytes went: one write of the replayed disk. */
static void wrote_many(int fd, const struct iovec *v, int count, ssize_t got, off_t at)
{
	char *all = malloc((size_t)got);
	size_t n = 0;
	for (int i = 0; i < count && n < (size_t)got; i++) {
		size_t part = v[i].iov_len;
		if (part > (size_t)got - n)
			part = (size_t)got - n;
		memcpy(all + n, v[i].iov_base, part);
		n += part;
	}
	wrote(fd, all, n, at);
	free(all);
}

ssize_t write(int fd, const void *p, size_t n)
{
	ssize_t got = ((ssize_t(*)(int, const void *, size_t))next("write"))(fd, p, n);
	if (got > 0 && is_watched(fd))
		wrote(fd, p, (size_t)got, lseek(fd, 0, SEEK_CUR) - got);
	return got;
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	ssize_t got = ((ssize_t(*)(int, const void *, size_t, off_t))next("pwrite"))(fd, p, n, at);
	if (got > 0 && is_watched(fd))
		wrote(fd, p, (size_t)got, at);
	return got;
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	return pwrite(fd, p, n, at);
}

ssize_t writev(int fd, const struct iovec *v, int count)
{
	ssize_t got = ((ssize_t(*)(int, const struct iovec *, int))next("writev"))(fd, v, count);
	if (got > 0 && is_watched(fd))
		wrote_many(fd, v, count, got, lseek(fd, 0, SEEK_CUR) - got);
	return got;
}

ssize_t pwritev(int fd, const struct iovec *v, int count, off_t at)
{
	ssize_t got = ((ssize_t(*)(int, const struct iovec *, int, off_t))next("pwritev"))(
		fd, v, count, at);
	if (got > 0 && is_watched(fd))
		wrote_many(fd, v, count, got, at);
	return got;
}

ssize_t pwritev64(int fd, const struct iovec *v, int count, off64_t at)
{
	return pwritev(fd, v, count, at);
}

int ftruncate(int fd, off_t size)
{
	int rc = ((int (*)(int, off_t))next("ftruncate"))(fd, size);
	if (!rc && is_watched(fd))
		put((struct log_entry){.op = LOG_SIZE, .node = node_of(fd), .at = (uint64_t)size},
		    "", 0);
	return rc;
}

int ftruncate64(int fd, off64_t size)
{
	return ftruncate(fd, size);
}

int truncate(const char *path, off_t size)
{
	char full[PATH_MAX];
	struct stat st;
	int rc = ((int (*)(const char *, off_t))next("truncate"))(path, size);
	if (!rc && below(AT_FDCWD, path, full) && !stat(path, &st))
		put((struct log_entry){.op = LOG_SIZE, .node = st.st_ino, .at = (uint64_t)size}, "",
		    0);
	return rc;
}

/* Room that was only reserved changes the size as a truncation upwards does. */
static void reserved(int fd, off_t end)
{
	struct stat st;
	if (is_watched(fd) && !fstat(fd, &st) && st.st_size == end)
		put((struct log_entry){.op = LOG_SIZE, .node = st.st_ino, .at = (uint64_t)end}, "",
		    0);
}

int posix_fallocate(int fd, off_t at, off_t n)
{
	int rc = ((int (*)(int, off_t, off_t))next("posix_fallocate"))(fd, at, n);
	if (!rc)
		reserved(fd, at + n);
	return rc;
}

int fallocate(int fd, int mode, off_t at, off_t n)
{
	int rc = ((int (*)(int, int, off_t, off_t))next("fallocate"))(fd, mode, at, n);
	if (!rc && mode && is_watched(fd))
		foreign("fallocate with a mode");
	else if (!rc)
		reserved(fd, at + n);
	return rc;
}

/* --- making it last --------------------------------------------------------------------- */

static int lasts(int rc, int fd)
{
	if (!rc && is_watched(fd))
		put((struct log_entry){.op = LOG_SYNC, .node = node_of(fd)}, "", 0);
	return rc;
}

int fsync(int fd)
{
	return lasts(((int (*)(int))next("fsync"))(fd), fd);
}

int fdatasync(int fd)
{
	return lasts(((int (*)(int))next("fdatasync"))(fd), fd);
}

int syncfs(int fd)
{
	int rc = ((int (*)(int))next("syncfs"))(fd);
	if (!rc && is_watched(fd))
		put((struct log_entry){.op = LOG_SYNC_ALL}, "", 0);
	return rc;
}

void sync(void)
{
	((void (*)(void))next("sync"))();
	if (recording)
		put((struct log_entry){.op = LOG_SYNC_ALL}, "", 0);
}

/* sync_file_range promises nothing that outlives a power cut (its manual says so), and so it
 * is no event here. */

/* --- names ------------------------------------------------------------------------------ */

int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags)
{
	char a[PATH_MAX], b[PATH_MAX];
	const char *x = below(from_at, from, a), *y = below(to_at, to, b);
	int rc = ((int (*)(int, const char *, int, const char *, unsigned))next("renameat2"))(
		from_at, from, to_at, to, flags);
	if (rc || (!x && !y))
		return rc;
	if (!x || !y || (flags & ~1u)) /* 1: not over what is there */
		foreign("a rename from or to elsewhere");
	else
		put_paths(LOG_RENAME, x, y);
	return rc;
}

int renameat(int from_at, const char *from, int to_at, const char *to)
{
	return renameat2(from_at, from, to_at, to, 0);
}

int rename(const char *from, const char *to)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlinkat(int at, const char *path, int flags)
{
	char full[PATH_MAX];
	const char *name = below(at, path, full);
	int rc = ((int (*)(int, const char *, int))next("unlinkat"))(at, path, flags);
	if (!rc && name)
		put_path(flags & AT_REMOVEDIR ? LOG_RMDIR : LOG_UNLINK, 0, 0, name);
	return rc;
}

int unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
	return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int remove(const char *path)
{
	int rc = unlink(path);
	return rc && (errno == EISDIR || errno == EPERM) ? rmdir(path) : rc;
}

int mkdirat(int at, const char *path, mode_t mode)
{
	char full[PATH_MAX];
	const char *name = below(at, path, full);
	struct stat st;
	int rc = ((int (*)(int, const char *, mode_t))next("mkdirat"))(at, path, mode);
	if (!rc && name && !fstatat(at, path, &st, 0))
		put_path(LOG_MKDIR, st.st_ino, 0, name);
	return rc;
}

int mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}

int linkat(int from_at, const char *from, int to_at, const char *to, int flags)
{
	char a[PATH_MAX], b[PATH_MAX];
	const char *x = below(from_at, from, a), *y = below(to_at, to, b);
	int rc = ((int (*)(int, const char *, int, const char *, int))next("linkat"))(
		from_at, from, to_at, to, flags);
	if (!rc && x && y)
		put_paths(LOG_LINK, x, y);
	else if (!rc && (x || y))
		foreign("a link from or to elsewhere");
	return rc;
}

int link(const char *from, const char *to)
{
	return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int symlinkat(const char *target, int at, const char *path)
{
	char full[PATH_MAX];
	if (below(at, path, full))
		foreign("a symbolic link");
	return ((int (*)(const char *, int, const char *))next("symlinkat"))(target, at, path);
}

int symlink(const char *target, const char *path)
{
	return symlinkat(target, AT_FDCWD, path);
}

/* SPDX-License-Identifier: MIT
 *
 * Whole files in, whole files out, through the seam.
 */
#include <linkbook/seam.h>
#include <linkbook/mem.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum err file_failed(const char *doing, const char *path, struct diag *d)
{
	int why = errno;
	diag_say(d, "could not %s %s: %s", doing, path, strerror(why));
	return why == ENOSPC || why == EDQUOT ? ERR_FULL : ERR_IO;
}

char *file_join(const char *folder, const char *name)
{
	struct buf b = BUF_INIT;
	buf_printf(&b, "%s/%s", folder, name);
	return buf_take_text(&b);
}

static enum err too_large(const char *path, size_t max, struct diag *d)
{
	diag_say(d, "%s is larger than %zu bytes, so it was not read", path, max);
	return ERR_INPUT;
}

static enum err read_all(struct seam *s, int fd, const char *path, size_t max, struct buf *out,
			 struct diag *d)
{
	for (size_t got = 0; got <= max;) {
		buf_reserve(out, 65536);
		ssize_t n = s->files.read(fd, out->p + out->n, 65536);
		if (n < 0)
			return file_failed("read", path, d);
		if (n == 0)
			return OK;
		out->n += (size_t)n;
		out->p[out->n] = 0;
		got += (size_t)n;
	}
	return too_large(path, max, d);
}

static enum err read_file(struct seam *s, const char *path, int flags, size_t max, struct buf *out,
			  struct diag *d)
{
	/* O_NONBLOCK: a pipe somebody put in the way must not make us wait for ever. */
	int fd = s->files.open(path, O_RDONLY | O_NONBLOCK | flags, 0);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
		diag_say(d, "there is no file %s", path);
		return ERR_ABSENT;
	}
	if (fd < 0 && errno == ELOOP && flags & O_NOFOLLOW) {
		diag_say(d, "%s is a link to another file, and was not followed", path);
		return ERR_INPUT;
	}
	if (fd < 0)
		return file_failed("open", path, d);
	size_t before = out->n;
	struct stat st;
	enum err e;
	if (fstat(fd, &st) != 0) {
		e = file_failed("look at", path, d);
	} else if (!S_ISREG(st.st_mode)) {
		diag_say(d, "%s is not a plain file", path);
		e = ERR_INPUT;
	} else if ((uintmax_t)st.st_size > max) {
		e = too_large(path, max, d);
	} else {
		e = read_all(s, fd, path, max, out, d);
	}
	s->files.close(fd);
	if (e)
		out->n = before;
	return e;
}

enum err file_read(struct seam *s, const char *path, size_t max, struct buf *out, struct diag *d)
{
	return read_file(s, path, 0, max, out, d);
}

enum err file_read_own(struct seam *s, const char *path, size_t max, struct buf *out,
		       struct diag *d)
{
	return read_file(s, path, O_NOFOLLOW, max, out, d);
}

static enum err write_all(struct seam *s, int fd, const char *path, struct span bytes,
			  struct diag *d)
{
	while (bytes.n) {
		ssize_t n = s->files.write(fd, bytes.p, bytes.n);
		if (n == 0)
			errno = ENOSPC; /* it would go on for ever */
		if (n <= 0)
			return file_failed("write", path, d);
		bytes.p += n;
		bytes.n -= (size_t)n;
	}
	return OK;
}

static enum err write_part(struct seam *s, const char *part, struct span bytes, struct diag *d)
{
	/* A file of our own: not through a link that somebody laid to another one, and not in one
	 * whose fsync failed before, which may then be believed. */
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
	int fd = s->files.open(part, flags, 0600);
	if (fd < 0 && errno == EEXIST && s->files.unlink(part) == 0)
		fd = s->files.open(part, flags, 0600);
	if (fd < 0)
		return file_failed("write", part, d);
	enum err e = write_all(s, fd, part, bytes, d);
	if (!e && s->files.fsync(fd) != 0)
		e = file_failed("keep", part, d);
	if (s->files.close(fd) != 0 && !e)
		e = file_failed("close", part, d);
	return e;
}

enum err file_sync_folder(struct seam *s, const char *path, struct diag *d)
{
	int fd = s->files.open(path, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0)
		return file_failed("open", path, d);
	enum err e = OK;
	/* Some file systems (FAT) have no fsync for folders, and say EINVAL. */
	if (s->files.fsync(fd) != 0 && errno != EINVAL)
		e = file_failed("keep", path, d);
	s->files.close(fd);
	return e;
}

/* "a/b/c" to "a/b", "/c" to "/", "c" to ".": the caller frees. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return mem_text(".");
	return mem_text_n(path, slash == path ? 1 : (size_t)(slash - path));
}

enum err file_write_durable(struct seam *s, const char *path, struct span bytes, struct diag *d)
{
	struct buf part = BUF_INIT;
	char *folder = folder_of(path);
	buf_printf(&part, "%s.part", path);
	enum err e = write_part(s, buf_text(&part), bytes, d);
	if (!e && s->files.rename(buf_text(&part), path) != 0)
		e = file_failed("rename", buf_text(&part), d);
	if (e)
		s->files.unlink(buf_text(&part));
	else
		e = file_sync_folder(s, folder, d);
	free(folder);
	buf_fini(&part);
	return e;
}

enum err file_list(const char *folder, file_each_name *each, void *arg, struct diag *d)
{
	DIR *dir;
	struct dirent *entry;
	bool on = true;
	do
		dir = opendir(folder);
	while (!dir && errno == EINTR);
	if (!dir && (errno == ENOENT || errno == ENOTDIR)) {
		diag_say(d, "there is no folder %s", folder);
		return ERR_ABSENT;
	}
	if (!dir)
		return file_failed("list", folder, d);
	do {
		errno = 0;
		entry = readdir(dir);
		if (entry && entry->d_name[0] != '.')
			on = each(arg, entry->d_name);
	} while (on && (entry || errno == EINTR));
	enum err e = on && errno ? file_failed("list", folder, d) : OK;
	closedir(dir);
	return e;
}

/* made: it was not there before. */
static enum err make_one(struct seam *s, const char *path, bool *made, struct diag *d)
{
	*made = s->files.mkdir(path, 0700) == 0;
	if (*made)
		return OK;
	int why = errno;
	struct stat st;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return OK;
	errno = why;
	return file_failed("make the folder", path, d);
}

static enum err make_lasting(struct seam *s, const char *path, bool lasting, struct diag *d)
{
	bool made;
	enum err e = make_one(s, path, &made, d);
	if (e || !made || !lasting)
		return e;
	char *above = folder_of(path);
	e = file_sync_folder(s, above, d);
	free(above);
	return e;
}

static enum err make_all(struct seam *s, const char *path, bool lasting, struct diag *d)
{
	char *work = mem_text(path);
	enum err e = OK;
	for (char *at = work + 1; !e && *work && *at; at++) {
		if (*at != '/')
			continue;
		*at = 0;
		e = make_lasting(s, work, lasting, d);
		*at = '/';
	}
	if (!e)
		e = make_lasting(s, work, lasting, d);
	free(work);
	return e;
}

enum err file_make_folder(struct seam *s, const char *path, struct diag *d)
{
	return make_all(s, path, false, d);
}

enum err file_make_folder_durable(struct seam *s, const char *path, struct diag *d)
{
	return make_all(s, path, true, d);
}

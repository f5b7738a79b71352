/* SPDX-License-Identifier: MIT
 *
 * Looking for canaries.  In pieces, because an allocator writes over the beginning of what was
 * freed, and a cell of a screen holds one letter.
 */
#include "find.h"

#include <linkbook/cells.h>
#include <linkbook/mem.h>

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

/* A cchar_t of curses: attributes, five wide characters, a colour. */
static const size_t apart[] = {1, sizeof(wchar_t), sizeof(struct cell), 28, 8};
enum { APART = sizeof apart / sizeof *apart };

static bool is_piece(const uint8_t *at, const uint8_t *end, const char *piece, size_t step)
{
	if ((size_t)(end - at) <= (PIECE - 1) * step)
		return false;
	for (size_t i = 1; i < PIECE; i++)
		if (tolower(at[i * step]) != piece[i])
			return false;
	return true;
}

static size_t find_letter(const char *piece, int first, struct span in, const char *where)
{
	size_t found = 0;
	const uint8_t *end = in.p + in.n;
	for (const uint8_t *at = in.p; (at = memchr(at, first, (size_t)(end - at))); at++)
		for (size_t s = 0; s < APART; s++)
			if (is_piece(at, end, piece, apart[s])) {
				found++;
				fprintf(stderr, "# %.*s, %zu apart, in %s\n", PIECE, piece,
					apart[s], where);
			}
	return found;
}

size_t canary_in_bytes(const char *const words[], size_t count, const void *bytes, size_t n,
		       const char *where)
{
	size_t found = 0;
	struct span in = {bytes, n};
	for (size_t i = 0; i < count; i++)
		for (size_t at = 0; at + PIECE <= CANARY; at += PIECE) {
			found += find_letter(words[i] + at, words[i][at], in, where);
			found += find_letter(words[i] + at, toupper(words[i][at]), in, where);
		}
	return found;
}

/* --- files ------------------------------------------------------------------------------------ */

static size_t in_file(const char *const words[], size_t count, const char *path)
{
	struct buf bytes = BUF_INIT;
	FILE *f = fopen(path, "re");
	int c;
	while (f && (c = getc(f)) != EOF)
		buf_add_byte(&bytes, (uint8_t)c);
	if (f)
		fclose(f);
	size_t found = canary_in_bytes(words, count, bytes.p, bytes.n, path);
	buf_fini(&bytes);
	return found;
}

static size_t in_link(const char *const words[], size_t count, const char *path)
{
	char to[4096];
	ssize_t n = readlink(path, to, sizeof to);
	return n > 0 ? canary_in_bytes(words, count, to, (size_t)n, path) : 0;
}

size_t canary_in_files(const char *const words[], size_t count, const char *folder)
{
	size_t found = 0;
	DIR *dir = opendir(folder);
	for (struct dirent *e; dir && (e = readdir(dir));) {
		struct stat st;
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		char *path = NULL;
		if (asprintf(&path, "%s/%s", folder, e->d_name) < 0 || lstat(path, &st))
			continue;
		found += canary_in_bytes(words, count, e->d_name, strlen(e->d_name), path);
		if (S_ISDIR(st.st_mode))
			found += canary_in_files(words, count, path);
		else if (S_ISREG(st.st_mode))
			found += in_file(words, count, path);
		else if (S_ISLNK(st.st_mode))
			found += in_link(words, count, path);
		free(path);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* --- a process -------------------------------------------------------------------------------- */

/* Pages that are not there (behind the end of LMDB's file) cannot be read, and hold nothing. */
static size_t in_range(const char *const words[], size_t count, int mem, uint64_t from, uint64_t to,
		       const char *line)
{
	enum { PAGE = 4096 };
	struct buf run = BUF_INIT;
	size_t found = 0;
	for (uint64_t at = from; at < to; at += PAGE) {
		buf_reserve(&run, PAGE);
		if (pread(mem, run.p + run.n, PAGE, (off_t)at) == PAGE) {
			run.n += PAGE;
			continue;
		}
		found += canary_in_bytes(words, count, run.p, run.n, line);
		run.n = 0;
	}
	found += canary_in_bytes(words, count, run.p, run.n, line);
	buf_fini(&run);
	return found;
}

size_t canary_in_process(const char *const words[], size_t count, pid_t pid)
{
	char path[64], line[512];
	size_t found = 0;
	snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
	int mem = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
	FILE *maps = mem < 0 ? NULL : fopen(path, "re");
	if (!maps) {
		if (mem >= 0)
			close(mem);
		return SIZE_MAX;
	}
	while (fgets(line, sizeof line, maps)) {
		unsigned long long from, to;
		line[strcspn(line, "\n")] = 0;
		if (sscanf(line, "%llx-%llx", &from, &to) == 2 && !strstr(line, "[v"))
			found += in_range(words, count, mem, from, to, line);
	}
	fclose(maps);
	close(mem);
	return found;
}

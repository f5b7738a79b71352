/* SPDX-License-Identifier: MIT
 *
 * What an interrupted making leaves: folders, and in them hardly a file.  Without keys, because
 * who made it may not even know its passphrase.
 */
#include "store_impl.h"

#include <linkbook/mem.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const places[] = {"slots", "keys", "log", "drafts"};

/* Called with each file that stands in a store; hidden ones are none. */
typedef void each_file(void *arg, size_t place, const char *path);

static bool is_part(const char *path)
{
	size_t n = strlen(path);
	return n > 5 && !strcmp(path + n - 5, ".part");
}

static void walk(const char *folder, size_t place, int deeper, each_file *each, void *arg)
{
	DIR *dir = opendir(folder);
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		struct stat st;
		if (entry->d_name[0] == '.')
			continue;
		char *path = file_join(folder, entry->d_name);
		if (deeper && !stat(path, &st) && S_ISDIR(st.st_mode))
			walk(path, place, deeper - 1, each, arg);
		else
			each(arg, place, path);
		free(path);
	}
	if (dir)
		closedir(dir);
}

static void walk_all(const char *path, each_file *each, void *arg)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		char *folder = file_join(path, places[i]);
		walk(folder, i, 1, each, arg);
		free(folder);
	}
}

static void count_file(void *arg, size_t place, const char *path)
{
	((size_t *)arg)[place] += !is_part(path);
}

bool store_is_bare(const char *path)
{
	size_t count[sizeof places / sizeof *places] = {0};
	walk_all(path, count_file, count);
	return !(count[0] + count[1] + count[2] + count[3]);
}

bool store_is_unfinished(const char *path)
{
	size_t count[sizeof places / sizeof *places] = {0};
	walk_all(path, count_file, count);
	return count[0] <= 1 && count[1] <= 1 && !count[2] && !count[3];
}

static void remove_file(void *arg, size_t place, const char *path)
{
	struct seam *seam = arg;
	(void)place;
	seam->files.unlink(path);
}

enum err store_clear_unfinished(struct seam *seam, const char *path, struct diag *d)
{
	if (!store_is_unfinished(path)) {
		diag_say(d, "There is a book in %s already.", path);
		return ERR_REFUSED;
	}
	walk_all(path, remove_file, seam);
	return OK;
}

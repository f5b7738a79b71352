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

static const struct {
	const char *folder;
	size_t most; /* whole files that an interrupted making leaves */
} places[] = {{"slots", 1}, {"keys", 1}, {"log", 0}, {"drafts", 0}};
enum { PLACES = sizeof places / sizeof *places };

/* Called with each file that stands in a store, until false; hidden ones are none. */
typedef bool each_file(void *arg, size_t place, const char *path);

static bool is_part(const char *path)
{
	size_t n = strlen(path);
	return n > 5 && !strcmp(path + n - 5, ".part");
}

static bool walk(const char *folder, size_t place, int deeper, each_file *each, void *arg)
{
	DIR *dir = opendir(folder);
	bool on = true;
	for (struct dirent *entry; on && dir && (entry = readdir(dir));) {
		struct stat st;
		if (entry->d_name[0] == '.')
			continue;
		char *path = file_join(folder, entry->d_name);
		if (deeper && !stat(path, &st) && S_ISDIR(st.st_mode))
			on = walk(path, place, deeper - 1, each, arg);
		else
			on = each(arg, place, path);
		free(path);
	}
	if (dir)
		closedir(dir);
	return on;
}

static void walk_all(const char *path, each_file *each, void *arg)
{
	bool on = true;
	for (size_t i = 0; on && i < PLACES; i++) {
		char *folder = file_join(path, places[i].folder);
		on = walk(folder, i, 1, each, arg);
		free(folder);
	}
}

static bool find_file(void *arg, size_t place, const char *path)
{
	(void)place;
	*(bool *)arg = !is_part(path);
	return is_part(path);
}

bool store_is_bare(const char *path)
{
	bool found = false;
	walk_all(path, find_file, &found);
	return !found;
}

/* Goes on until there is too much. */
static bool count_file(void *arg, size_t place, const char *path)
{
	size_t *count = arg;
	count[place] += !is_part(path);
	return count[place] <= places[place].most;
}

bool store_is_unfinished(const char *path)
{
	size_t count[PLACES] = {0};
	walk_all(path, count_file, count);
	for (size_t i = 0; i < PLACES; i++)
		if (count[i] > places[i].most)
			return false;
	return true;
}

static bool remove_file(void *arg, size_t place, const char *path)
{
	struct seam *seam = arg;
	(void)place;
	seam->files.unlink(path);
	return true;
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

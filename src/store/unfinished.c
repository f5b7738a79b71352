/* SPDX-License-Identifier: MIT
 *
 * What an interrupted making leaves: folders, and in them hardly a file.  Without keys, because
 * who made it may not even know its passphrase.
 */
#include "store_impl.h"

#include <linkbook/mem.h>

#include <errno.h>
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

struct walking {
	const char *folder;
	size_t place;
	int deeper;
	each_file *each;
	void *arg;
	bool on;
	enum err e;
};

static enum err walk(const char *folder, const struct walking *as, bool *on);

static bool walk_one(void *arg, const char *name)
{
	struct walking *w = arg, in = *w;
	struct stat st;
	char *path = file_join(w->folder, name);
	in.deeper--;
	if (w->deeper && !stat(path, &st) && S_ISDIR(st.st_mode))
		w->e = walk(path, &in, &w->on);
	else
		w->on = w->each(w->arg, w->place, path);
	free(path);
	return w->on && !w->e;
}

/* ERR_IO: not all of them were met; *on: nobody said to stop. */
static enum err walk(const char *folder, const struct walking *as, bool *on)
{
	struct walking w = *as;
	w.folder = folder;
	enum err e = file_list(folder, walk_one, &w, NULL);
	*on = w.on;
	return w.e ? w.e : e == ERR_ABSENT ? OK : e;
}

static enum err walk_all(const char *path, each_file *each, void *arg)
{
	struct walking w = {.deeper = 1, .each = each, .arg = arg, .on = true};
	enum err e = OK;
	bool on = true;
	for (w.place = 0; on && !e && w.place < PLACES; w.place++) {
		char *folder = file_join(path, places[w.place].folder);
		e = walk(folder, &w, &on);
		free(folder);
	}
	return e;
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
	return !walk_all(path, find_file, &found) && !found;
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
	/* What cannot be looked into may hold anything, and is nobody's to clear away. */
	if (walk_all(path, count_file, count))
		return false;
	for (size_t i = 0; i < PLACES; i++)
		if (count[i] > places[i].most)
			return false;
	return true;
}

static bool remove_file(void *arg, size_t place, const char *path)
{
	struct seam *seam = arg;
	(void)place;
	return seam->files.unlink(path) == 0 || errno == ENOENT;
}

enum err store_clear_unfinished(struct seam *seam, const char *path, struct diag *d)
{
	if (!store_is_unfinished(path)) {
		diag_say(d, "There is a book in %s already.", path);
		return ERR_REFUSED;
	}
	enum err e = walk_all(path, remove_file, seam);
	if (e || !store_is_bare(path)) {
		diag_say(d, "What an interrupted making left in %s could not be cleared away.",
			 path);
		return e ? e : ERR_IO;
	}
	return OK;
}

/* SPDX-License-Identifier: MIT
 *
 * Where shipped files are looked for.
 */
#include <linkbook/resource.h>
#include <linkbook/mem.h>

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum { RESOURCE_LARGEST = 8 << 20 };

const struct resource *resource_find(const char *name)
{
	for (const struct resource *r = resources_built_in; r->name; r++)
		if (!strcmp(r->name, name))
			return r;
	return NULL;
}

/* ERR_ABSENT moves on to the next place; anything else is an answer. */
static enum err try_place(struct seam *s, const char *folder, const char *name, struct buf *out,
			  char **found, struct diag *d)
{
	if (!folder)
		return ERR_ABSENT;
	struct diag why = {0};
	char *path = file_join(folder, name);
	enum err e = file_read(s, path, RESOURCE_LARGEST, out, &why);
	if (e && e != ERR_ABSENT)
		diag_say(d, "%s", diag_first(&why));
	diag_fini(&why);
	if (e || !found)
		free(path);
	else
		*found = path;
	return e;
}

static char *user_folder(void)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	if (config && *config == '/')
		return file_join(config, "linkbook");
	return home && *home ? file_join(home, ".config/linkbook") : NULL;
}

enum err resource_read(struct seam *s, const char *first, const char *name, struct buf *out,
		       char **found, struct diag *d)
{
	const char *slash = strrchr(name, '/');
	enum err e = try_place(s, first, slash ? slash + 1 : name, out, found, d);
	if (e == ERR_ABSENT) {
		char *user = user_folder();
		e = try_place(s, user, name, out, found, d);
		free(user);
	}
	if (e == ERR_ABSENT)
		e = try_place(s, PKGDATADIR, name, out, found, d);
	if (e != ERR_ABSENT)
		return e;
	const struct resource *r = resource_find(name);
	if (!r) {
		diag_say(d, "there is no file %s", name);
		return ERR_ABSENT;
	}
	buf_add(out, r->bytes, r->size);
	if (found)
		*found = mem_text(name);
	return OK;
}

/* --- which there are -------------------------------------------------------------------- */

static void add_name(struct resource_names *n, const char *file, const char *ending)
{
	size_t length = strlen(file), end = strlen(ending);
	if (*file == '.' || length <= end || strcmp(file + length - end, ending) != 0)
		return;
	n->v = mem_room(n->v, n->count, &n->cap, sizeof *n->v);
	n->v[n->count++] = mem_text_n(file, length - end);
}

static void list_folder(const char *path, const char *ending, struct resource_names *out)
{
	DIR *dir = path ? opendir(path) : NULL;
	for (struct dirent *entry; dir && (entry = readdir(dir));)
		add_name(out, entry->d_name, ending);
	if (dir)
		closedir(dir);
}

static int name_sort(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void resource_list(const char *first, const char *folder, const char *ending,
		   struct resource_names *out)
{
	char *user = user_folder();
	char *users = user ? file_join(user, folder) : NULL,
	     *shared = file_join(PKGDATADIR, folder);
	size_t n = strlen(folder), kept = 0;
	*out = (struct resource_names){0};
	list_folder(first, ending, out);
	list_folder(users, ending, out);
	list_folder(shared, ending, out);
	for (const struct resource *r = resources_built_in; r->name; r++)
		if (!strncmp(r->name, folder, n) && r->name[n] == '/')
			add_name(out, r->name + n + 1, ending);
	if (out->count)
		qsort(out->v, out->count, sizeof *out->v, name_sort);
	for (size_t i = 0; i < out->count; i++) {
		if (kept && !strcmp(out->v[i], out->v[kept - 1]))
			free(out->v[i]);
		else
			out->v[kept++] = out->v[i];
	}
	out->count = kept;
	free(shared);
	free(users);
	free(user);
}

void resource_names_free(struct resource_names *n)
{
	for (size_t i = 0; i < n->count; i++)
		free(n->v[i]);
	free(n->v);
	*n = (struct resource_names){0};
}

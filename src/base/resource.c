/* SPDX-License-Identifier: MIT
 *
 * Where shipped files are looked for.
 */
#include <linkbook/resource.h>
#include <linkbook/mem.h>

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

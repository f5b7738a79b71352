/* SPDX-License-Identifier: MIT
 *
 * export: what the book holds, as files for other books, programs and people.
 */
#include "command_line.h"

#include <linkbook/export.h>

#include <stdlib.h>
#include <string.h>

/* The practice that --practice names, or the only one. */
static const struct export_practice *choose(struct cli *c, const struct export_practice *v,
					    size_t count)
{
	const char *code = c->option[O_PRACTICE];
	struct buf codes = BUF_INIT;
	const struct export_practice *found = !code && count == 1 ? v : NULL;
	for (size_t i = 0; i < count; i++) {
		buf_printf(&codes, "%s%s", i ? ", " : "", v[i].code);
		if (code && !strcmp(v[i].code, code))
			found = &v[i];
	}
	if (!found && !count)
		cli_say("There is no practice in this book yet; linkbook seed practice.yaml makes "
			"one.");
	else if (!found)
		cli_say("Say which practice, with --practice: %s.", buf_text(&codes));
	buf_fini(&codes);
	return found;
}

static enum err give_out(struct cli *c, struct buf *file, const struct export_report *r)
{
	const char *to = c->option[O_TO];
	enum err e = to ? file_write_durable(&c->seam, to, buf_span(file), &c->diag) : OK;
	if (!to)
		fwrite(file->p, 1, file->n, stdout);
	else if (!e && c->json)
		printf("{\"records\":%zu,\"conflicts\":%zu}\n", r->count, r->conflicts);
	else if (!e)
		cli_print("%zu record%s written to %s.", r->count, r->count == 1 ? "" : "s", to);
	return e;
}

static enum exit_status export_kind(struct cli *c, const struct kind *k)
{
	struct export_practice *v = NULL;
	struct export_report r = {0};
	struct buf file = BUF_INIT;
	size_t count = 0;
	enum exit_status status = EXIT_USAGE;
	enum err e = cli_open(c);
	if (!e)
		e = export_practices(c->book, &v, &count);
	if (e)
		return cli_status(e);
	const struct export_practice *p = choose(c, v, count);
	if (p) {
		e = export_yaml(c->book, p, k, &file, &r, &c->diag);
		if (!e)
			e = give_out(c, &file, &r);
		status = e ? cli_status(e) : cli_done(c);
		if (!status && r.conflicts)
			status = EXIT_CONFLICTS;
	}
	export_practices_free(v, count);
	buf_fini(&file);
	return status;
}

enum exit_status cmd_export(struct cli *c)
{
	if (c->argc != 2 || strcmp(c->argv[0], "yaml") != 0)
		return cli_usage(c, "export takes yaml, and resource or practice");
	if (strcmp(c->argv[1], "resource") != 0 && strcmp(c->argv[1], "practice") != 0)
		return cli_usage(c, "export yaml takes resource or practice: what seed reads");
	return export_kind(c, kind_find(c->argv[1]));
}

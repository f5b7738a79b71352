/* SPDX-License-Identifier: MIT
 *
 * put and schema: what a script writes.
 */
#include "command_line.h"

#include <linkbook/lines.h>

#include <stdlib.h>
#include <string.h>

static void say_ids(const struct cli *c, const struct id *ids, size_t count)
{
	char hex[ID_HEX];
	if (c->json)
		putchar('[');
	for (size_t i = 0; i < count; i++) {
		if (c->json)
			printf("%s\"%s\"", i ? "," : "", id_to_hex(&ids[i], hex));
		else
			puts(id_to_hex(&ids[i], hex));
	}
	if (c->json)
		puts("]");
}

enum exit_status cmd_put(struct cli *c)
{
	struct id *ids = NULL;
	size_t count;
	FILE *in = stdin;
	if (c->argc > 1)
		return cli_usage(c, "put takes one file, or standard input");
	bool file = c->argc && strcmp(c->argv[0], "-");
	if (file && !(in = fopen(c->argv[0], "re")))
		return cli_status(file_failed("open", c->argv[0], &c->diag));
	enum err e = cli_open(c);
	if (!e)
		e = lines_put(c->book, in, file ? c->argv[0] : "stdin", &ids, &count, &c->diag);
	if (!e)
		say_ids(c, ids, count);
	if (file)
		fclose(in);
	free(ids);
	return e ? cli_status(e) : cli_done(c);
}

static void schema_words(const struct kind *k)
{
	printf("%s (%s)\n", k->name, kind_store_name(k->store));
	for (const struct field *f = k->fields; f->name; f++) {
		printf("  %-20s %-9s", f->name, vtype_name(f->type));
		if (f->flags & FIELD_MUST)
			fputs(" must be there", stdout);
		if (f->flags & FIELD_EITHER)
			fputs(" or the other must be there", stdout);
		if (f->terms)
			printf(" list %s", f->terms);
		if (f->group)
			printf(" with the others of %s", f->group);
		putchar('\n');
	}
}

enum exit_status cmd_schema(struct cli *c)
{
	struct buf out = BUF_INIT;
	const struct kind *only = c->argc ? kind_find(c->argv[0]) : NULL;
	size_t said = 0;
	if (c->argc > 1 || (c->argc && !only))
		return cli_usage(c, "schema takes the name of one record type");
	if (c->json)
		buf_add_text(&out, "[");
	for (const struct kind *k = kinds; k->name; k++) {
		if (only && k != only)
			continue;
		if (c->json) {
			buf_add_text(&out, said++ ? "," : "");
			lines_schema(k, c->terms, &out);
		} else {
			schema_words(k);
		}
	}
	if (c->json)
		buf_add_text(&out, "]\n");
	cli_put(&out);
	buf_fini(&out);
	return EXIT_DONE;
}

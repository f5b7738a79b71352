/* SPDX-License-Identifier: MIT
 *
 * access: who opened the book, looked at whom, and changed what.
 */
#include "command_line.h"

#include <linkbook/lines.h>
#include <linkbook/text.h>

#include <string.h>

static void say_act(const struct cli *c, const char *act, struct buf *out)
{
	const struct term *t = terms_find(c->terms, "access-act", span_text(act));
	if (t)
		buf_add_text(out, t->label);
	else /* by a newer version, or no entry of the log but a change */
		text_clean(span_text(strcmp(act, "changed") ? act : "Changed"), out);
}

static void say_person(const struct cli *c, const struct id *person, struct buf *out)
{
	struct record r;
	struct buf name = BUF_SECRET;
	char hex[ID_HEX];
	if (id_is_zero(person))
		return;
	buf_printf(out, "  %.8s  ", id_to_hex(person, hex));
	if (!book_get(c->book, person, &r)) {
		record_person_name(&r, &name);
		text_clean(buf_span(&name), out);
		record_fini(&r);
	}
	buf_fini(&name);
}

static void say_event(const struct cli *c, const struct access_event *e)
{
	struct buf line = BUF_SECRET, who = BUF_INIT;
	text_clean(span_text(e->who), &who);
	buf_printf(&line, "%-16s  %s: ", e->at, buf_text(&who));
	say_act(c, e->act, &line);
	say_person(c, &e->person, &line);
	if (e->count > 1)
		buf_printf(&line, "  (%lld times)", (long long)e->count);
	buf_add_text(&line, "\n");
	cli_put(&line);
	buf_fini(&line);
	buf_fini(&who);
}

static void say_all(const struct cli *c, const struct access_event *v, size_t count)
{
	struct buf line = BUF_SECRET;
	if (c->json)
		putchar('[');
	for (size_t i = 0; i < count; i++) {
		if (!c->json) {
			say_event(c, &v[i]);
			continue;
		}
		buf_add_text(&line, i ? "," : "");
		lines_access(&v[i], &line);
		cli_put(&line);
		putchar('\n');
	}
	if (c->json)
		puts("]");
	else if (!count)
		puts("Nothing is noted.");
	buf_fini(&line);
}

enum exit_status cmd_access(struct cli *c)
{
	struct record r = {0};
	struct access_event *v = NULL;
	size_t count = 0;
	bool one = c->argc == 1;
	if (c->argc > 1)
		return cli_usage(c, "access takes nothing, or the id of one person");
	enum err e = cli_open(c);
	if (!e && one)
		e = book_get_prefix(c->book, c->argv[0], &r, &c->diag);
	if (!e && one && (!r.kind || !r.kind->is_subject)) {
		diag_say(&c->diag, "%s is no person: the log is by person.", c->argv[0]);
		e = ERR_INPUT;
	}
	if (!e)
		e = book_access(c->book, one ? &r.id : NULL, &v, &count);
	if (!e)
		say_all(c, v, count);
	book_access_free(v, count);
	record_fini(&r);
	return e ? cli_status(e) : cli_done(c);
}

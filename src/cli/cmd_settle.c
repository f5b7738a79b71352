/* SPDX-License-Identifier: MIT
 *
 * undo, redo, bin, unbin, conflicts: what was written, put right.
 */
#include "command_line.h"

#include <linkbook/lines.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

/* --- undo and redo ---------------------------------------------------------------------- */

typedef enum err last_job(struct book *, struct buf *, struct diag *);

static enum exit_status take_back(struct cli *c, last_job *job, const struct id *step,
				  const char *nothing)
{
	struct buf told = BUF_INIT;
	enum err e = cli_open(c);
	if (!e) {
		e = step ? book_undo_step(c->book, step, &told, &c->diag)
			 : job(c->book, &told, &c->diag);
		if (e == ERR_ABSENT)
			cli_say("%s", nothing);
	}
	if (!e && c->json)
		puts("{\"done\":true}");
	else if (!e)
		cli_print("%s", buf_text(&told));
	buf_fini(&told);
	return e ? cli_status(e) : cli_done(c);
}

enum exit_status cmd_undo(struct cli *c)
{
	struct id step;
	if (c->argc > 1 || (c->argc && !id_from_hex(c->argv[0], &step)))
		return cli_usage(c, "undo takes nothing, or a step as history --json gives it");
	return take_back(c, book_undo, c->argc ? &step : NULL, "There is nothing to take back.");
}

enum exit_status cmd_redo(struct cli *c)
{
	if (c->argc)
		return cli_usage(c, "redo takes no names: the last undo is meant");
	return take_back(c, book_redo, NULL, "There is nothing to bring back.");
}

/* --- the bin ---------------------------------------------------------------------------- */

static enum exit_status move_bin(struct cli *c, bool bin)
{
	struct record r;
	size_t count;
	if (c->argc != 1)
		return cli_usage(c, "give the id of one record");
	enum err e = cli_open(c);
	if (!e)
		e = book_get_prefix(c->book, c->argv[0], &r, &c->diag);
	if (e)
		return cli_status(e);
	e = book_bin(c->book, ref_of(&r), bin, &count, &c->diag);
	record_fini(&r);
	if (!e && c->json)
		printf("{\"records\":%zu}\n", count);
	else if (!e)
		printf("%zu record%s %s the bin.\n", count, count == 1 ? "" : "s",
		       bin ? "put into" : "taken out of");
	return e ? cli_status(e) : cli_done(c);
}

enum exit_status cmd_bin(struct cli *c)
{
	return move_bin(c, true);
}

enum exit_status cmd_unbin(struct cli *c)
{
	return move_bin(c, false);
}

/* --- conflicts -------------------------------------------------------------------------- */

struct conflicts {
	struct cli *c;
	size_t count;
};

static void say_conflict(struct conflicts *w, const struct record *r, const struct field *f)
{
	const struct state_field *s = state_field(&r->state, field_stored(f));
	char hex[ID_HEX];
	printf("%s  %s  %s\n", id_to_hex(&r->id, hex), r->state.type, f->name);
	for (size_t i = 0; i < s->count; i++) {
		struct span v = s->said[i].value;
		struct buf said = BUF_SECRET, clean = BUF_SECRET, when = BUF_INIT;
		if (!f->group || value_in_map(s->said[i].value, f->name, &v))
			value_say(f, v, w->c->terms, when_now(&w->c->seam), &said);
		text_clean(buf_span(&said), &clean);
		when_to_iso(when_from_ms(s->said[i].stamp), false, &when);
		printf("  %zu  %s  %s\n", i + 1, buf_text(&when),
		       clean.n ? buf_text(&clean) : "(nothing)");
		buf_fini(&when);
		buf_fini(&clean);
		buf_fini(&said);
	}
}

static void add_raised(const struct buf *raised, struct buf *out)
{
	buf_splice(out, out->n - 1, 1, NULL, 0);
	buf_add_text(out, ",\"raised\":");
	lines_text((const char *)raised->p, out);
	buf_add_text(out, "}");
}

static void say_raised(struct conflicts *w, const struct record *r, struct buf *raised)
{
	char hex[ID_HEX];
	w->count++;
	cli_print("%s  %s", id_to_hex(&r->id, hex), r->state.type);
	cli_print("  %s", buf_text(raised));
}

static bool list_conflicts(void *arg, const struct record *r)
{
	struct conflicts *w = arg;
	struct buf raised = BUF_INIT;
	bool is_raised = record_raised(w->c->book, r, &raised);
	if (!is_raised && !state_conflicts(&r->state))
		return true;
	if (w->c->json) {
		struct buf out = BUF_SECRET;
		buf_add_text(&out, w->count++ ? "," : "");
		lines_show(r, &out);
		if (is_raised)
			add_raised(&raised, &out);
		cli_put(&out);
		putchar('\n');
		buf_fini(&out);
		buf_fini(&raised);
		return true;
	}
	if (is_raised)
		say_raised(w, r, &raised);
	for (const struct field *f = r->kind->fields; f->name; f++) {
		w->count += record_in_conflict(r, f->name);
		if (record_in_conflict(r, f->name))
			say_conflict(w, r, f);
	}
	buf_fini(&raised);
	return true;
}

static enum exit_status resolve_one(struct cli *c)
{
	struct record r;
	if (c->argc != 3)
		return cli_usage(c, "--resolve takes an id, a field and the number of a value");
	enum err e = cli_open(c);
	if (!e)
		e = book_get_prefix(c->book, c->argv[0], &r, &c->diag);
	if (e)
		return cli_status(e);
	e = book_settle(c->book, &r, c->argv[1], NULL, strtoul(c->argv[2], NULL, 10), &c->diag);
	record_fini(&r);
	return e ? cli_status(e) : cli_done(c);
}

enum exit_status cmd_conflicts(struct cli *c)
{
	struct conflicts w = {c, 0};
	if (c->option[O_RESOLVE])
		return resolve_one(c);
	if (c->argc)
		return cli_usage(c, "conflicts takes no names without --resolve");
	enum err e = cli_open(c);
	if (!e && c->json)
		putchar('[');
	for (const struct kind *k = kinds; !e && k->name; k++)
		e = book_scan(c->book, k, NULL, list_conflicts, &w);
	if (!e && c->json)
		puts("]");
	if (e)
		return cli_status(e);
	if (!w.count && !c->json)
		puts("No conflicts.");
	return cli_done(c) ? cli_done(c) : w.count ? EXIT_CONFLICTS : EXIT_DONE;
}

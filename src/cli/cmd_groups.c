/* SPDX-License-Identifier: MIT
 *
 * Groups and services: found by a line (find WORDS), for one person (fit), and where postcodes
 * are (import places).
 */
#include "command_line.h"

#include <linkbook/finder.h>
#include <linkbook/lines.h>
#include <linkbook/places.h>
#include <linkbook/slip.h>

#include <stdlib.h>
#include <string.h>

enum { NEAR_MOST = 5 };

static void print_one(struct cli *c, const struct finder *f, const struct find_answer *a,
		      const struct found *one)
{
	struct buf line = BUF_SECRET, mind = BUF_SECRET;
	struct ref ref = finder_ref(f, one->i);
	char hex[ID_HEX];
	(void)c;
	buf_printf(&line, "%.8s  %s: ", id_to_hex(&ref.record, hex), finder_name(f, one->i));
	finder_say_for(f, a, one, &line);
	cli_print("%s", buf_text(&line));
	finder_say_mind(f, a, one, &mind);
	if (mind.n)
		cli_print("          %s", buf_text(&mind));
	buf_fini(&line);
	buf_fini(&mind);
}

static void print_answer(struct cli *c, const struct finder *f, const struct find_answer *a)
{
	struct buf pieces = BUF_SECRET;
	finder_say_pieces(a, &pieces);
	if (pieces.n)
		cli_print("Understood: %s", buf_text(&pieces));
	buf_fini(&pieces);
	cli_print("%zu of %zu", a->hit_count, finder_count(f));
	for (size_t i = 0; i < a->hit_count; i++)
		print_one(c, f, a, &a->hits[i]);
	if (a->near_count)
		cli_print("Nothing right? Each of these lacks one thing:");
	for (size_t i = 0; i < a->near_count && i < NEAR_MOST; i++)
		print_one(c, f, a, &a->near[i]);
}

/* As list --json does: the records, the best first. */
static enum err print_json(struct cli *c, const struct finder *f, const struct find_answer *a)
{
	enum err e = OK;
	putchar('[');
	for (size_t i = 0; !e && i < a->hit_count; i++) {
		struct buf text = BUF_SECRET;
		struct record r;
		e = book_get_in(c->book, finder_ref(f, a->hits[i].i), &r);
		if (e)
			break;
		if (i)
			putchar(',');
		lines_show(&r, &text);
		cli_put(&text);
		putchar('\n');
		record_fini(&r);
		buf_fini(&text);
	}
	puts("]");
	return e;
}

static enum err answer(struct cli *c, const struct find_request *request, struct finder *f)
{
	struct find_answer a;
	enum err e = OK;
	finder_ask(f, request, &a);
	if (c->json)
		e = print_json(c, f, &a);
	else
		print_answer(c, f, &a);
	find_answer_fini(&a);
	return e;
}

enum err find_groups(struct cli *c, const char *query)
{
	struct finder *f = finder_new(c->book);
	struct find_request request = {.typed = span_text(query)};
	enum err e = finder_refresh(f, &c->diag);
	if (!e)
		e = answer(c, &request, f);
	finder_free(f);
	return e;
}

static enum err fit_person(struct cli *c, const struct id *person, const char *need)
{
	struct finder *f = finder_new(c->book);
	struct find_wants wants = {0};
	struct buf typed = BUF_INIT;
	enum err e = finder_refresh(f, &c->diag);
	if (!e)
		e = finder_wants(f, person, &wants);
	if (!e) {
		buf_add_text(&typed, need ? need : "");
		struct find_request request = {.typed = buf_span(&typed),
					       .wants = &wants,
					       .postcode = buf_span(&wants.postcode),
					       .locality = buf_span(&wants.locality)};
		e = answer(c, &request, f);
	}
	find_wants_fini(&wants);
	buf_fini(&typed);
	finder_free(f);
	return e;
}

/* A category is named by its id: words about people are not taken from the command line. */
static bool is_category(const struct cli *c, const char *need)
{
	return terms_find(c->terms, "category", span_text(need)) != NULL;
}

enum exit_status cmd_fit(struct cli *c)
{
	const char *need = c->option[O_NEED];
	struct record r;
	if (c->argc != 1)
		return cli_usage(c, "give the id of a person");
	if (need && !is_category(c, need))
		return cli_usage(c, "--need takes the id of a category (linkbook schema resource)");
	enum err e = cli_open(c);
	if (!e)
		e = book_get_prefix(c->book, c->argv[0], &r, &c->diag);
	if (e)
		return cli_status(e);
	if (!r.kind || !r.kind->is_subject) {
		diag_say(&c->diag, "This is no person.");
		e = ERR_INPUT;
	} else {
		book_log(c->book, "looked_at", &r);
		e = fit_person(c, &r.id, need);
	}
	record_fini(&r);
	return e ? cli_status(e) : cli_done(c);
}

/* --- a slip --------------------------------------------------------------------------------- */

enum { SLIP_WIDTH = 60 };

static enum err add_to_slip(struct cli *c, const char *hex, struct buf *out)
{
	struct record r;
	enum err e = book_get_prefix(c->book, hex, &r, &c->diag);
	if (e)
		return e;
	if (!r.kind || strcmp(r.kind->name, "resource") != 0) {
		diag_say(&c->diag, "%s is no group or service.", hex);
		e = ERR_INPUT;
	} else if (c->option[O_HTML]) {
		slip_add_html(c->book, &r, out);
	} else {
		slip_add_text(c->book, &r, SLIP_WIDTH, out);
	}
	record_fini(&r);
	return e;
}

enum exit_status cmd_slip(struct cli *c)
{
	struct buf out = BUF_INIT;
	if (!c->argc)
		return cli_usage(c, "give the id of a group");
	enum err e = cli_open(c);
	if (!e && c->option[O_HTML])
		slip_begin_html(&out);
	for (int i = 0; !e && i < c->argc; i++)
		e = add_to_slip(c, c->argv[i], &out);
	if (!e && c->option[O_HTML])
		slip_end_html(&out);
	if (!e && c->option[O_TO])
		e = file_write_durable(&c->seam, c->option[O_TO], buf_span(&out), &c->diag);
	else if (!e)
		fwrite(out.p, 1, out.n, stdout);
	buf_fini(&out);
	return e ? cli_status(e) : cli_done(c);
}

/* --- import --------------------------------------------------------------------------------- */

static enum err import_places(struct cli *c, const char *file)
{
	struct buf csv = BUF_INIT;
	struct places_report report;
	enum err e = file_read(&c->seam, file, PLACES_MOST, &csv, &c->diag);
	if (!e)
		e = places_import(&c->seam, book_dir(c->book), file, buf_span(&csv), &report,
				  &c->diag);
	if (!e && c->json)
		printf("{\"rows\":%zu,\"postcodes\":%zu}\n", report.rows, report.postcodes);
	else if (!e)
		cli_print("%zu postcodes%s%s.", report.postcodes,
			  report.has_zone ? ", with data zones" : "",
			  report.has_rank ? ", with SIMD ranks" : "");
	buf_fini(&csv);
	return e;
}

enum exit_status cmd_import(struct cli *c)
{
	if (c->argc != 2 || strcmp(c->argv[0], "places") != 0)
		return cli_usage(c, "say what, and name the file: import places FILE");
	enum err e = cli_open(c);
	if (!e)
		e = import_places(c, c->argv[1]);
	return e ? cli_status(e) : cli_done(c);
}

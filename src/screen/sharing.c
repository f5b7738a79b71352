/* SPDX-License-Identifier: MIT
 *
 * What is done with a group: a slip of it given away, and two of it found to be one.
 */
#include "doing.h"
#include "pick.h"
#include <linkbook/mem.h>
#include <linkbook/slip.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

enum { PRINT_WIDTH = 44 };

struct sharing {
	struct ref group;
};

static struct sharing *sharing_new(struct ref group)
{
	struct sharing *s = mem_alloc(sizeof *s);
	s->group = group;
	return s;
}

static bool read_group(struct app *app, struct ref ref, struct record *r)
{
	enum err e = book_get_in(app->book, ref, r);
	if (e)
		app_say_fault(app, "It cannot be read", e, NULL);
	return !e;
}

/* --- a slip --------------------------------------------------------------------------------- */

static void print(struct app *app, const struct record *r)
{
	struct buf text = BUF_INIT;
	struct diag d = {0};
	slip_add_text(app->book, r, PRINT_WIDTH, &text);
	enum err e = slip_print(buf_span(&text), &d);
	if (e)
		app_say_fault(app, "Not printed", e, &d);
	else
		app_say(app, ATTR_GOOD, "Sent to the printer.");
	buf_fini(&text);
	diag_fini(&d);
}

/* "possil-walking-group.html" in the home folder: it holds nothing of anybody. */
static char *page_path(const struct record *r)
{
	const char *home = getenv("HOME");
	struct buf folded = BUF_INIT, name = BUF_INIT;
	struct span text;
	if (value_is_text(record_value(r, "name"), &text))
		text_fold(text, &folded);
	for (size_t i = 0; i < folded.n && i < 60; i++) {
		uint8_t c = folded.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		buf_add_byte(&name, plain ? c : '-');
	}
	buf_add_text(&name, name.n ? ".html" : "slip.html");
	char *path = file_join(home && *home ? home : "/tmp", buf_text(&name));
	buf_fini(&folded);
	buf_fini(&name);
	return path;
}

static void write_page(struct app *app, const struct record *r)
{
	struct buf page = BUF_INIT;
	struct diag d = {0};
	char *path = page_path(r);
	slip_begin_html(&page);
	slip_add_html(app->book, r, &page);
	slip_end_html(&page);
	enum err e = file_write_durable(app->o.seam, path, buf_span(&page), &d);
	if (e)
		app_say_fault(app, "Not written", e, &d);
	else
		app_say(app, ATTR_GOOD, "Written: %s", path);
	free(path);
	buf_fini(&page);
	diag_fini(&d);
}

static void take_way(struct app *app, void *arg, const struct picks *picks)
{
	const struct sharing *s = arg;
	struct record r;
	if (!picks->count || !read_group(app, s->group, &r))
		return;
	if (!strcmp(picks->v[0], "print"))
		print(app, &r);
	else
		write_page(app, &r);
	record_fini(&r);
}

void app_share(struct app *app, struct ref group)
{
	static const struct picks none = {0};
	struct options o = {0};
	if (slip_can_print())
		options_add(&o, "print", "Print it, in large letters", "paper printer");
	options_add(&o, "page", "Write a page for a browser, in large letters", "html file");
	struct pick_request request = {.title = "A slip to give away",
				       .picked = &none,
				       .took = take_way,
				       .arg = sharing_new(group),
				       .drop = free};
	app_push(app, pick_new(app, &request, &o));
}

/* --- two that are one ----------------------------------------------------------------------- */

static void take_other(struct app *app, void *arg, const struct picks *picks)
{
	const struct sharing *s = arg;
	struct diag d = {0};
	struct id other;
	if (!picks->count || !id_from_hex(picks->v[0], &other))
		return;
	enum err e = book_same(app->book, &s->group.record, &other, true, &d);
	struct screen *top = app_top(app);
	if (!e && top->kind->refresh)
		top->kind->refresh(app, top);
	if (e)
		app_say_fault(app, "Nothing was changed", e, &d);
	else
		app_say(app, ATTR_GOOD,
			"They are one now, with what was said of either. ^Z parts "
			"them again.");
	diag_fini(&d);
}

struct gathering {
	struct app *app;
	struct ref group;
	struct options *out;
};

/* What stands with it helps to tell one from the other. */
static bool add_other(void *arg, const struct record *r)
{
	struct gathering *w = arg;
	struct buf label = BUF_INIT, phone = BUF_INIT;
	char hex[ID_HEX];
	if (id_equal(&r->id, &w->group.record) || !id_equal(&r->subject, &w->group.in))
		return true;
	record_say(w->app->book, r, "name", &label);
	record_say(w->app->book, r, "phone", &phone);
	if (phone.n)
		buf_printf(&label, ", %s", buf_text(&phone));
	options_add(w->out, id_to_hex(&r->id, hex), buf_text(&label), NULL);
	buf_fini(&label);
	buf_fini(&phone);
	return true;
}

void app_join(struct app *app, struct ref group)
{
	static const struct picks none = {0};
	struct options o = {0};
	struct gathering w = {app, group, &o};
	enum err e = book_scan(app->book, kind_find("resource"), NULL, add_other, &w);
	if (e)
		app_say_fault(app, "Not everything could be read", e, NULL);
	options_sort(&o);
	struct pick_request request = {.title = "Which one is the same as this?",
				       .picked = &none,
				       .took = take_other,
				       .arg = sharing_new(group),
				       .drop = free};
	app_push(app, pick_new(app, &request, &o));
}

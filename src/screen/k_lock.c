/* SPDX-License-Identifier: MIT
 *
 * The lock: whose book, and the passphrase.  Nothing of the book shows here.
 */
#include "room.h"
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>

struct lock {
	struct screen base;
	struct buf typed; /* secret */
	bool opening; /* the words saying so are to be painted first */
};

static void lock_free(struct screen *s)
{
	struct lock *l = (struct lock *)s;
	buf_fini(&l->typed);
	free(l);
}

static void lock_heading(struct app *app, struct screen *s, struct heading *h)
{
	(void)app;
	(void)s;
	buf_add_text(&h->left, "Linkbook");
	buf_add_text(&h->right, "locked");
}

static int paint_wrapped(struct grid *g, struct box b, int y, const char *text)
{
	struct wrap rows = {0};
	wrap_text(span_text(text), b.columns - 6, &rows);
	for (size_t i = 0; i < rows.count && y < b.y + b.rows; i++)
		grid_put(g, y++, 3, b.columns - 6, wrap_row_text(&rows, span_text(text), i), 0);
	wrap_fini(&rows);
	return y;
}

/* A mark a letter: the length of a passphrase is seen by who watches it typed anyway, and
 * one can tell that keys arrive.  Only the last ones where they do not all fit. */
static void paint_field(const struct lock *l, struct grid *g, struct box b, int y)
{
	static const char label[] = "Passphrase: ";
	int x = 3 + grid_put(g, y, 3, b.columns - 4, span_text(label), ATTR_BOLD), w;
	for (struct span s = buf_span(&l->typed); s.n && x < b.columns - 2;) {
		size_t n = text_grapheme(s, &w);
		x += grid_put(g, y, x, 1, span_text(g->ascii ? "*" : "•"), 0);
		s = span_of(s.p + n, s.n - n);
	}
	grid_set_cursor(g, y, x);
}

static void lock_paint(struct app *app, struct screen *s, struct grid *g, struct box b)
{
	const struct lock *l = (const struct lock *)s;
	struct buf words = BUF_INIT;
	bool there = book_is_there(app->o.book_dir);
	buf_printf(&words, there ? "The book in %s is locked." : "There is no book in %s yet.",
		   app->o.book_dir);
	int y = paint_wrapped(g, b, b.y + 1, buf_text(&words)) + 1;
	paint_field(l, g, b, y);
	y = paint_wrapped(
		g, b, y + 2,
		l->opening ? "Unlocking takes a second ..."
		: there	   ? "Type your passphrase, then Enter. Whatever you were writing is "
			     "kept."
			   : "Whoever set up Linkbook makes one with: linkbook init");
	if (app->o.demo_words) {
		buf_clear(&words);
		buf_printf(&words, "These people are made up. Their passphrase: %s",
			   app->o.demo_words);
		paint_wrapped(g, b, y + 1, buf_text(&words));
	}
	buf_fini(&words);
}

static void lock_tick(struct app *app, struct screen *s)
{
	struct lock *l = (struct lock *)s;
	struct diag d = {0};
	if (!l->opening)
		return;
	l->opening = false;
	enum err e = app_open_book(app, buf_span(&l->typed), &d);
	buf_clear(&l->typed);
	app->last_key = app_boot_ms(app);
	if (!e)
		app_begin(app); /* s is gone from here on */
	/* The last sentence is why; others tell what else was found. */
	if (e == ERR_UNLOCK)
		app_say(app, ATTR_WRONG, "%s", d.count ? d.lines[d.count - 1].text : "");
	else if (e)
		app_say_fault(app, "The book could not be opened", e, &d);
	else if (d.count)
		app_say(app, 0, "%s", diag_first(&d));
	diag_fini(&d);
}

static int64_t lock_due(struct app *app, struct screen *s)
{
	(void)app;
	return ((struct lock *)s)->opening ? 0 : -1;
}

static void rub_out(struct lock *l)
{
	size_t keep = l->typed.n - text_grapheme_back(buf_span(&l->typed));
	mem_wipe(l->typed.p ? l->typed.p + keep : NULL, l->typed.n - keep);
	l->typed.n = keep;
}

static bool lock_act(struct app *app, struct screen *s, const struct command *c)
{
	struct lock *l = (struct lock *)s;
	(void)app;
	if (c->action == ACT_OPEN)
		l->opening = l->typed.n > 0;
	else if (c->action == ACT_RUB_OUT)
		rub_out(l);
	else if (c->action == ACT_BACK)
		buf_clear(&l->typed);
	else
		return false;
	return true;
}

static void lock_type(struct app *app, struct screen *s, struct span text, bool pasted)
{
	struct lock *l = (struct lock *)s;
	(void)app;
	while (pasted && text.n && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r'))
		text.n--;
	if (!l->opening && text_is_utf8(text))
		buf_add_span(&l->typed, text);
}

/* The whole passphrase in a line. */
static void lock_answer(struct app *app, struct screen *s, struct span line)
{
	struct lock *l = (struct lock *)s;
	lock_type(app, s, line, false);
	l->opening = l->typed.n > 0;
}

static const struct screen_kind lock_kind = {
	.place = IN_LOCK,
	.free = lock_free,
	.heading = lock_heading,
	.paint = lock_paint,
	.act = lock_act,
	.type = lock_type,
	.answer = lock_answer,
	.tick = lock_tick,
	.due = lock_due,
};

struct screen *lock_new(void)
{
	struct lock *l = mem_alloc(sizeof *l);
	l->base = (struct screen){&lock_kind, NULL};
	l->typed = (struct buf)BUF_SECRET;
	return &l->base;
}

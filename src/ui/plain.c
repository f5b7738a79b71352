/* SPDX-License-Identifier: MIT
 *
 * The linear mode: the same screens, said line by line, for screen readers, braille and
 * terminals that can only write on.  A new screen is said whole; after that only the rows
 * that changed, and the one the cursor is on; what can be chosen has a number.  A form is
 * asked field by field.  What is typed comes a line at a time.
 */
#include "plain.h"
#include "signals.h"
#include <linkbook/text.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { ROWS = 24, COLUMNS = 80 };

static const struct {
	const char *name;
	int press;
	bool always; /* also where words are asked for: nobody's whole answer */
} names[] = {
	{"esc", PRESS_ESC, true},	{"tab", PRESS_TAB, true}, {"backtab", PRESS_BACKTAB, true},
	{"enter", PRESS_ENTER, true},	{"up", PRESS_UP},	  {"down", PRESS_DOWN},
	{"left", PRESS_LEFT},		{"right", PRESS_RIGHT},	  {"pgup", PRESS_PAGE_UP},
	{"pgdn", PRESS_PAGE_DOWN},	{"home", PRESS_HOME},	  {"end", PRESS_END},
	{"backspace", PRESS_BACKSPACE}, {"delete", PRESS_DELETE},
};

/* "^N", "F3", "tab": a key; PRESS_TEXT: words. */
static int press_of(const char *line, bool asked)
{
	char *end;
	if (*line == '^' && strlen(line) == 2 && (line[1] | 32) >= 'a' && (line[1] | 32) <= 'z')
		return PRESS_CTRL + (line[1] | 32);
	if ((*line | 32) == 'f' && line[1] >= '1' && line[1] <= '9') {
		long n = strtol(line + 1, &end, 10);
		if (!*end && n <= 12)
			return PRESS_F1 + (int)n - 1;
	}
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if ((names[i].always || !asked) && !strcasecmp(line, names[i].name))
			return names[i].press;
	return PRESS_TEXT;
}

/* A letter at a time, as they are typed elsewhere: a choice takes the first one. */
static void type(struct app *app, struct span text)
{
	while (text.n) {
		struct key key = {.press = PRESS_TEXT};
		int width;
		size_t n = text_grapheme(text, &width);
		if (n < sizeof key.text) {
			memcpy(key.text, text.p, n);
			app_key(app, &key);
		} else {
			app_paste(app, span_of(text.p, n));
		}
		text = span_of(text.p + n, text.n - n);
	}
}

static bool is_asked(struct plain *p)
{
	struct buf question = BUF_SECRET;
	bool asked = app_asks(p->app, &question);
	buf_fini(&question);
	return asked;
}

void plain_line(struct plain *p, const char *line)
{
	struct key key = {.press = press_of(line, is_asked(p))};
	if (!strcmp(line, "?"))
		p->top = NULL; /* as if it were new */
	else if (*line == '"')
		type(p->app, span_text(line + 1));
	else if (key.press == PRESS_TEXT)
		app_answer(p->app, &p->said, span_text(line));
	else
		app_key(p->app, &key);
	plain_say(p);
}

/* --- saying ----------------------------------------------------------------------------- */

static bool is_rule(const struct grid *g, int y)
{
	const struct cell *c = grid_cell(g, y, g->columns - 1);
	return !strcmp(c->text, "─") || !strcmp(c->text, "-");
}

/* A part of a row, without the blanks round it; a gap between columns is a comma to the ear. */
static void part_text(const struct grid *g, int y, int x, int columns, struct buf *out)
{
	size_t blanks = 0, start = out->n;
	for (int i = x; i < x + columns && i < g->columns; i++) {
		const struct cell *c = grid_cell(g, y, i);
		bool blank = c->width && !strcmp(c->text, " ");
		if (c->width && !blank && out->n > start)
			buf_add_text(out, blanks > 1 ? ", " : blanks ? " " : "");
		blanks = blank ? blanks + 1 : c->width ? 0 : blanks;
		if (!blank)
			buf_add_text(out, c->text);
	}
}

static void say(struct plain *p, const struct buf *lines)
{
	size_t n = lines->n;
	while (n && lines->p[n - 1] == '\n')
		n--;
	if (n)
		fprintf(p->out, "%.*s\n", (int)n, buf_text(lines));
}

static void row_text(const struct grid *g, int y, struct buf *out)
{
	buf_clear(out);
	if (!is_rule(g, y))
		part_text(g, y, 0, g->columns, out);
}

static const struct screen *on_top(const struct app *app)
{
	return app->depth ? app->stack[app->depth - 1] : NULL;
}

static bool differs(const struct plain *p, int y)
{
	struct buf now = BUF_SECRET, before = BUF_SECRET;
	row_text(&p->grid, y, &now);
	row_text(&p->said, y, &before);
	bool does = !span_equal(buf_span(&now), buf_span(&before));
	buf_fini(&before);
	buf_fini(&now);
	return does;
}

/* What can be chosen is said with its number, all of its rows together. */
static void say_spot(struct plain *p, const struct spot *s, long number)
{
	struct buf row = BUF_SECRET;
	bool here = p->grid.cursor_row == s->y && p->grid.cursor_column == s->x;
	fprintf(p->out, "%s%ld. ", here ? "> " : "", number);
	for (int i = 0; i < s->rows; i++) {
		int mark = i == 0 && here; /* the row's own, ">" */
		buf_clear(&row);
		part_text(&p->grid, s->y + i, s->x + mark, s->columns - mark, &row);
		say(p, &row);
	}
	buf_fini(&row);
}

/* The spots that begin in a row, each with its number; false: none does or goes through it. */
static bool say_spots(struct plain *p, int y, bool anew)
{
	bool any = false;
	long number = 0;
	for (size_t i = 0; i < p->grid.spot_count; i++) {
		const struct spot *s = &p->grid.spots[i];
		bool changed = anew;
		if (s->kind != SPOT_ROW)
			continue;
		number++;
		any |= y >= s->y && y < s->y + s->rows;
		for (int k = 0; s->y == y && k < s->rows; k++)
			changed |= differs(p, y + k);
		if (s->y == y && (changed || p->grid.cursor_row == y))
			say_spot(p, s, number);
	}
	return any;
}

static void say_row(struct plain *p, int y, bool anew)
{
	struct buf row = BUF_SECRET;
	if (anew || differs(p, y) || y == p->grid.cursor_row) {
		row_text(&p->grid, y, &row);
		say(p, &row);
	}
	buf_fini(&row);
}

/* The heading and the keys where the screen is new, and what there is to say. */
static void say_frame(struct plain *p, bool anew)
{
	for (int y = 0; anew && y < ROWS && !is_rule(&p->grid, y); y++)
		say_row(p, y, true);
	if (p->app->message.n)
		say(p, &p->app->message);
	if (anew)
		say_row(p, ROWS - 1, true);
}

static void say_rows(struct plain *p, bool anew)
{
	for (int y = 0; y < ROWS; y++)
		if (!say_spots(p, y, anew))
			say_row(p, y, anew);
}

void plain_say(struct plain *p)
{
	struct buf question = BUF_SECRET;
	bool anew = on_top(p->app) != p->top;
	if (p->app->leaving)
		return;
	app_paint(p->app, &p->grid);
	if (app_asks(p->app, &question)) {
		say_frame(p, anew);
		say(p, &question);
	} else {
		say_rows(p, anew);
	}
	fputc('\n', p->out);
	fflush(p->out);
	p->top = on_top(p->app);
	app_paint(p->app, &p->said);
	buf_fini(&question);
}

/* --- the loop --------------------------------------------------------------------------- */

void plain_init(struct plain *p, struct app *app, int in, FILE *out)
{
	*p = (struct plain){
		.app = app, .in = in, .out = out, .signals = {-1, -1}, .line = {.in = -1}};
	line_clear(&p->line);
	grid_init(&p->grid, ROWS, COLUMNS, app->o.ascii);
	grid_init(&p->said, ROWS, COLUMNS, app->o.ascii);
	app_resize(app, ROWS, COLUMNS);
	plain_say(p);
}

void plain_fini(struct plain *p)
{
	grid_fini(&p->grid);
	grid_fini(&p->said);
	line_close(&p->line);
}

/* A line that was begun is words, where there is a place for them. */
static void keep_line(struct plain *p)
{
	if (p->line.text.n)
		app_keep_line(p->app, buf_span(&p->line.text));
	line_clear(&p->line);
}

/* What is due; said when there is another screen or something to say.  That a draft is kept is
 * as it should be, and nobody is interrupted with it. */
void plain_tick(struct plain *p)
{
	while (!p->app->leaving && app_next_ms(p->app) == 0) {
		bool had_message = p->app->message.n > 0;
		if (app_lock_is_due(p->app))
			keep_line(p);
		app_tick(p->app);
		if (on_top(p->app) != p->top || (p->app->message.n && !had_message))
			plain_say(p);
	}
}

static void end_line(struct plain *p)
{
	struct buf line = p->line.text;
	p->line.text = (struct buf)BUF_SECRET;
	plain_line(p, buf_text(&line));
	plain_tick(p);
	buf_fini(&line);
}

void plain_press(struct plain *p, int press)
{
	struct key key = {.press = press};
	if (!p->app->book)
		line_clear(&p->line);
	if (p->line.text.n) {
		fputc('\n', p->out);
		end_line(p);
	}
	app_key(p->app, &key);
	plain_say(p);
	plain_tick(p);
}

/* False: the other end has gone. */
static bool take(struct plain *p, enum line_came came, int key)
{
	if (came == LINE_ENDED)
		end_line(p);
	else if (came == LINE_KEY)
		plain_press(p, key);
	return came != LINE_GONE;
}

/* A file or a pipe has lines and no keys. */
static bool take_byte(struct plain *p, uint8_t byte)
{
	int key = PRESS_NONE;
	enum line_came came = LINE_GOES_ON;
	if (p->line.in >= 0)
		came = line_take(&p->line, byte, &key);
	else if (byte == '\n')
		came = LINE_ENDED;
	else
		buf_add_byte(&p->line.text, byte);
	return take(p, came, key);
}

static bool has_bytes(const struct plain *p)
{
	struct pollfd in = {.fd = p->in, .events = POLLIN};
	return poll(&in, 1, 0) > 0;
}

/* One read of what is there.  False: the other end has gone. */
static bool read_lines(struct plain *p)
{
	uint8_t bytes[1024];
	int key;
	ssize_t n = read(p->in, bytes, sizeof bytes);
	if (n <= 0)
		return n < 0 && errno == EINTR;
	bool here = true;
	app_stay(p->app);
	for (ssize_t i = 0; here && i < n && !p->app->leaving; i++)
		here = take_byte(p, bytes[i]);
	explicit_bzero(bytes, sizeof bytes);
	if (here && !p->app->leaving && !has_bytes(p))
		take(p, line_rest(&p->line, &key), key);
	return here;
}

/* Before a signal: the lines that were ended before it. */
static void take_pending(struct plain *p)
{
	while (!p->app->leaving && has_bytes(p) && read_lines(p))
		;
}

static void hang_up(struct plain *p)
{
	take_pending(p);
	if (!p->app->leaving)
		keep_line(p);
	app_hang_up(p->app);
}

static void suspend(struct plain *p)
{
	take_pending(p);
	if (p->app->leaving)
		return;
	keep_line(p);
	if (!app_lock(p->app))
		return;
	line_close(&p->line);
	signals_stop();
	line_open(&p->line, p->in, p->out);
}

static void take_signals(struct plain *p)
{
	unsigned came = signals_take(p->signals);
	if (came & CAME_HANG_UP) {
		hang_up(p);
		return;
	}
	if (came & CAME_STOP)
		suspend(p);
	if (came & (CAME_STOP | CAME_CONTINUE) && !p->app->leaving) {
		app_lock(p->app);
		plain_say(p);
	}
}

bool plain_step(struct plain *p)
{
	struct pollfd polled[] = {
		{.fd = p->in, .events = POLLIN},
		{.fd = p->signals[0], .events = POLLIN},
	};
	plain_tick(p);
	if (p->app->leaving)
		return false;
	if (poll(polled, 2, (int)app_next_ms(p->app)) <= 0)
		return true;
	if (polled[1].revents)
		take_signals(p);
	/* Asked anew: a signal may have taken what was there, and a read would wait for ever. */
	if (!p->app->leaving && has_bytes(p) && !read_lines(p))
		hang_up(p);
	return !p->app->leaving;
}

void plain_run(struct app *app, int in, FILE *out)
{
	struct plain p;
	int signals[2] = {-1, -1};
	fputs("Linkbook, line by line. A number takes what has it; words find, or answer what is "
	      "asked; an empty line opens what is marked, or goes on. Keys are keys, or their "
	      "names "
	      "on a line: esc, tab, down, ^N, F3. ? says the whole screen again; what begins with "
	      "\" is words.\n\n",
	      out);
	signals_catch(signals); /* before anybody sees that there is something to end */
	plain_init(&p, app, in, out);
	memcpy(p.signals, signals, sizeof signals);
	line_open(&p.line, in, out);
	do
		p.line.echo = app->book != NULL;
	while (plain_step(&p));
	line_close(&p.line);
	signals_release(p.signals, app->leaving);
	plain_fini(&p);
}

/* SPDX-License-Identifier: MIT
 *
 * The terminal taken over and given back, and the grid put on it.  Curses sees to sending
 * no more than what changed.
 */
#include "terminal.h"
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

enum { ESCAPE_MS = 25 };

static FILE *tty_out; /* for the farewell, which knows no ui */

static void write_raw(const char *bytes)
{
	fputs(bytes, tty_out);
	fflush(tty_out);
}

static bool mouse_asked;

/* Asks for pasted text to come in brackets, so that a newline in it is no Enter; and for the
 * mouse. */
static void ask_for_reports(bool on)
{
	write_raw(on ? "\033[?2004h" : "\033[?2004l");
	if (mouse_asked)
		write_raw(mouse_words(on));
}

static bool wants_colour(const struct app *app, const char *term)
{
	const char *no = getenv("NO_COLOR");
	return !app->o.no_colour && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

static void start_colours(struct ui *ui)
{
	static const short inks[] = {COLOR_CYAN, COLOR_YELLOW, COLOR_RED, COLOR_GREEN};
	ui->colour = ui->colour && has_colors();
	if (!ui->colour)
		return;
	start_color();
	use_default_colors();
	for (short i = 0; i < 4; i++)
		init_pair((short)(i + 1), inks[i], -1);
}

static bool has_cursor(void)
{
	const char *cup = tigetstr("cup");
	return cup && cup != (const char *)-1;
}

static void farewell(void)
{
	if (stdscr) {
		ask_for_reports(false);
		endwin();
	}
}

enum err tty_open(struct ui *ui, FILE *in, FILE *out, const char *term, struct diag *d)
{
	term = term ? term : getenv("TERM");
	ui->in = fileno(in);
	tty_out = out;
	ui->colour = wants_colour(ui->app, term);
	ui->terminal = term && *term ? newterm(term, out, in) : NULL;
	if (ui->terminal && !has_cursor()) {
		endwin();
		delscreen(ui->terminal);
		ui->terminal = NULL;
	}
	if (!ui->terminal) {
		diag_say(d, "this terminal (%s) cannot show screens; set TERM to its type",
			 term && *term ? term : "no TERM");
		return ERR_INPUT;
	}
	raw(); /* ^C, ^Z and ^S are keys here */
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	meta(stdscr, TRUE);
	set_escdelay(ESCAPE_MS);
	keys_define();
	mouse_asked = !ui->app->o.no_mouse && mouse_is_there();
	start_colours(ui);
	ask_for_reports(true);
	err_set_farewell(farewell);
	return OK;
}

/* Where the terminal has no screen apart for programs, lines of ours may have scrolled away above
 * it: they go too, if it can do that.  Elsewhere what is above was there before us. */
static void clear_scrollback(void)
{
	const char *apart = tigetstr("smcup"), *clear = tigetstr("E3");
	bool has_apart = apart && apart != (const char *)-1;
	if (!has_apart && clear && clear != (const char *)-1)
		write_raw(clear);
}

void tty_pause(struct ui *ui)
{
	(void)ui;
	ask_for_reports(false);
	erase();
	refresh();
	clear_scrollback();
	endwin();
}

void tty_resume(struct ui *ui)
{
	(void)ui;
	if (!isendwin())
		endwin(); /* somebody else's modes and screen: leave them, and enter anew */
	reset_prog_mode();
	ask_for_reports(true);
	clearok(stdscr, TRUE);
}

void tty_close(struct ui *ui)
{
	if (!ui->terminal)
		return;
	err_set_farewell(NULL);
	tty_pause(ui);
	delscreen(ui->terminal);
	ui->terminal = NULL;
}

void tty_size(const struct ui *ui, int *rows, int *columns)
{
	struct winsize size;
	getmaxyx(stdscr, *rows, *columns);
	if (!ioctl(ui->in, TIOCGWINSZ, &size) && size.ws_row && size.ws_col) {
		*rows = size.ws_row;
		*columns = size.ws_col;
	}
}

void tty_resize(int rows, int columns)
{
	/* Not resizeterm: it queues a key for each, and the queue is short. */
	resize_term(rows, columns);
	clearok(curscr, TRUE);
}

static attr_t attributes(const struct ui *ui, unsigned attr)
{
	static const struct {
		unsigned ours;
		attr_t theirs;
	} table[] = {
		{ATTR_BOLD, A_BOLD},
		{ATTR_REVERSE, A_REVERSE},
		{ATTR_DIM, A_DIM},
		{ATTR_UNDERLINE, A_UNDERLINE},
	};
	attr_t theirs = A_NORMAL;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (attr & table[i].ours && (ui->colour || table[i].ours != ATTR_DIM))
			theirs |= table[i].theirs;
	return theirs;
}

/* Joiners, selectors and tags reach out of their cell: terminals differ in what they make of
 * them, and in how many columns.  Only what parts two letters of Arabic or Indic writing stays in
 * a cell as it was, for terminals that join them. */
static bool stays_in_cell(wchar_t first, wchar_t mark)
{
	if (mark == 0x200C)
		return first >= 0x0600 && first < 0x0E00;
	return mark != 0x200D && !(mark >= 0x180B && mark <= 0x180F) &&
	       !(mark >= 0xFE00 && mark <= 0xFE0F) && mark < 0xE0000;
}

/* The first character that takes columns, and the marks on it: what one cell of curses can
 * hold.  Of joined signs (a family) the first is shown. */
static size_t cell_characters(const struct cell *c, wchar_t *out)
{
	mbstate_t state = {0};
	size_t n = 0, at = 0;
	wchar_t wide;
	while (c->text[at] && n < CCHARW_MAX - 1) {
		size_t bytes = mbrtowc(&wide, c->text + at, strlen(c->text + at), &state);
		if (!bytes || bytes > CELL_BYTES || (n && wcwidth(wide) != 0))
			break;
		if (!n || stays_in_cell(out[0], wide))
			out[n++] = wide;
		at += bytes;
	}
	out[n] = 0;
	return n;
}

/* What stands for a letter that this terminal cannot show, or measures otherwise (one column
 * off would shift the rest of the row): the plain one, L for Ł, else a question mark. */
static wchar_t plain_letter(const struct cell *c)
{
	struct buf folded = BUF_SECRET, upper = BUF_SECRET;
	wchar_t plain = L'?';
	text_fold(span_text(c->text), &folded);
	text_upper(span_text(c->text), &upper);
	if (folded.n == 1 && c->width == 1) {
		bool is_upper = !strcmp(buf_text(&upper), c->text);
		plain = is_upper ? toupper(folded.p[0]) : folded.p[0];
	}
	buf_fini(&folded);
	buf_fini(&upper);
	return plain;
}

static void put_cell(const struct ui *ui, int y, int x, const struct cell *c)
{
	wchar_t text[CCHARW_MAX + 1];
	cchar_t cc;
	short pair = ui->colour ? (short)((c->attr & ATTR_COLOURS) >> 4) : 0;
	attr_t attr = attributes(ui, c->attr);
	bool shows = !ui->grid.ascii || (!c->text[1] && (unsigned char)*c->text < 0x80);
	bool fits = cell_characters(c, text) && shows && wcwidth(text[0]) == c->width;
	if (!fits) {
		text[0] = plain_letter(c);
		text[1] = 0;
	}
	if (setcchar(&cc, text, attr, pair, NULL) == OK)
		mvadd_wch(y, x, &cc);
	if (!fits && c->width == 2)
		mvaddch(y, x + 1, ' ' | attr);
}

/* Once the book is locked, neither curses nor the terminal keeps a letter of it. */
static void forget(void)
{
	clearok(stdscr, TRUE);
	keys_forget();
	clear_scrollback();
	mem_wipe_stack();
}

void tty_blit(struct ui *ui)
{
	const struct grid *g = &ui->grid;
	erase();
	if (ui->showed_book && !ui->app->book)
		forget();
	ui->showed_book = ui->app->book != NULL;
	for (int y = 0; y < g->rows; y++)
		for (int x = 0; x < g->columns; x++) {
			const struct cell *c = grid_cell(g, y, x);
			if (c->width && (c->attr || strcmp(c->text, " ") != 0))
				put_cell(ui, y, x, c);
		}
	move(g->cursor_row, g->cursor_column);
	refresh();
}

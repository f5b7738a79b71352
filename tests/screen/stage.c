/* SPDX-License-Identifier: MIT
 *
 * Pipes, a terminal emulator, and a book in a temporary folder.
 */
#include "stage.h"
#include "listing.h"
#include "room.h"
#include <linkbook/resource.h>
#include <linkbook/text.h>

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char stage_passphrase[] = "four plain words here";

/* Tuesday 24 November 2026, 10:47 in London. */
static const int64_t now_ms = 1795517220000;

static void load_terms(struct stage *s)
{
	s->terms = terms_new();
	for (const struct resource *r = resources_built_in; r->name; r++) {
		struct diag d = {0};
		if (strncmp(r->name, "data/terms/", 11) != 0)
			continue;
		enum err e = terms_load(s->terms, r->name, span_of(r->bytes, r->size), &d);
		ck_assert_msg(!e, "%s", diag_first(&d));
	}
}

void stage_init(struct stage *s)
{
	struct diag d = {0};
	struct book *b;
	*s = (struct stage){.rows = 24, .columns = 80};
	listing_rechecks = true;
	snprintf(s->root, sizeof s->root, "%s/linkbook-screen-XXXXXX",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	ck_assert_ptr_nonnull(mkdtemp(s->root));
	snprintf(s->book, sizeof s->book, "%s/book", s->root);
	setenv("XDG_STATE_HOME", s->root, 1);
	setenv("HOME", s->root, 1);
	setenv("XDG_CONFIG_HOME", s->root, 1);
	seam_init_sim(&s->seam, 1, now_ms);
	load_terms(s);
	enum err e = book_create(&s->seam, s->book, "Ailsa", span_text(stage_passphrase),
				 KDF_CALIBRATED, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
	e = book_open(&s->seam, s->book, span_text(stage_passphrase), s->terms, &b, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
	stage_fill(s, b);
	book_close(b);
	diag_fini(&d);
	/* The folder's name differs from run to run; what is seen of it may not. */
	ck_assert_int_eq(chdir(s->root), 0);
}

static void open_terminal(struct stage *s)
{
	int in[2], out[2];
	char size[16];
	ck_assert_int_eq(pipe(in), 0);
	ck_assert_int_eq(pipe(out), 0);
	fcntl(out[1], F_SETPIPE_SZ, 1 << 20);
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	s->keys = in[1];
	s->shown = out[0];
	s->in = fdopen(in[0], "r");
	s->out = fdopen(out[1], "w");
	snprintf(size, sizeof size, "%d", s->rows);
	setenv("LINES", size, 1);
	snprintf(size, sizeof size, "%d", s->columns);
	setenv("COLUMNS", size, 1);
	s->terminal = vterm_new(s->rows, s->columns);
	vterm_set_utf8(s->terminal, 1);
	s->screen = vterm_obtain_screen(s->terminal);
	vterm_screen_reset(s->screen, 1);
	watch_start(&s->watch, WATCH_SCREEN);
}

/* A colour is one of 31 to 36 in a sequence that ends in m. */
static bool has_colour(const char *bytes, size_t n)
{
	for (size_t i = 0; i + 4 < n; i++) {
		size_t end = i + 2;
		if (bytes[i] != '\033' || bytes[i + 1] != '[')
			continue;
		while (end < n && strchr("0123456789;", bytes[end]))
			end++;
		for (size_t k = i + 1; k + 2 < end && bytes[end] == 'm'; k++)
			if (strchr("[;", bytes[k]) && bytes[k + 1] == '3' && bytes[k + 2] >= '1' &&
			    bytes[k + 2] <= '6')
				return true;
	}
	return false;
}

/* What the program sent goes to the terminal; whether a colour was among it is noted. */
void stage_show(struct stage *s)
{
	char bytes[4096];
	ssize_t n;
	while ((n = read(s->shown, bytes, sizeof bytes - 1)) > 0) {
		bytes[n] = 0;
		s->colour_seen |= has_colour(bytes, (size_t)n);
		watch_bytes(&s->watch, bytes, (size_t)n);
		if (s->watch.leaks && !s->may_leak)
			ck_abort_msg("%s", s->watch.first);
		vterm_input_write(s->terminal, bytes, (size_t)n);
	}
}

static void start_plain(struct stage *s)
{
	s->out = open_memstream(&s->said, &s->said_bytes);
	ck_assert_ptr_nonnull(s->out);
	plain_init(&s->linear, &s->app, -1, s->out);
	s->running = true;
	s->over = false;
}

static void stop_plain(struct stage *s)
{
	plain_fini(&s->linear);
	fclose(s->out);
	free(s->said);
	s->said = NULL;
	s->running = false;
}

void stage_start(struct stage *s)
{
	struct diag d = {0};
	struct app_options o = {.seam = &s->seam,
				.book_dir = s->dir ? s->dir : "book",
				.terms = s->terms,
				.ascii = s->ascii};
	if (!s->plain)
		open_terminal(s);
	enum err e = app_init(&s->app, &o, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
	diag_fini(&d);
	if (s->plain) {
		start_plain(s);
		return;
	}
	/* The emulator's REP ends a column early, and curses uses it for runs of ASCII; this
	 * other terminal has none. */
	const char *term = s->ascii ? "screen-256color" : "xterm-256color";
	e = ui_open(&s->ui, &s->app, s->in, s->out, term, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
	s->running = true;
	s->over = false;
	stage_show(s);
}

static void close_terminal(struct stage *s)
{
	ui_close(&s->ui);
	stage_show(s);
	fclose(s->in);
	fclose(s->out);
	if (s->keys >= 0)
		close(s->keys);
	close(s->shown);
	vterm_free(s->terminal);
	s->running = false;
}

void stage_stop(struct stage *s)
{
	if (!s->running)
		return;
	if (s->plain)
		stop_plain(s);
	else
		close_terminal(s);
	app_fini(&s->app);
}

void stage_crash(struct stage *s)
{
	close_terminal(s);
	while (s->app.depth) {
		struct screen *top = s->app.stack[--s->app.depth];
		top->kind->free(top);
	}
	app_fini(&s->app);
}

void stage_fini(struct stage *s)
{
	char command[128];
	stage_stop(s);
	terms_free(s->terms);
	snprintf(command, sizeof command, "rm -rf \"%s\"", s->root);
	ck_assert_int_eq(system(command), 0);
}

static bool has_input(struct stage *s)
{
	struct pollfd p = {.fd = s->ui.in, .events = POLLIN};
	return poll(&p, 1, 0) > 0;
}

static void step(struct stage *s)
{
	if (!s->over && !ui_step(&s->ui, 0))
		s->over = true;
	stage_show(s);
}

void stage_bytes(struct stage *s, const char *bytes, size_t n, bool due)
{
	ck_assert_int_eq(write(s->keys, bytes, n), (ssize_t)n);
	while (!s->over && has_input(s))
		step(s);
	if (due)
		step(s);
}

void stage_wait(struct stage *s, long ms)
{
	s->seam.clock_ms += ms;
	if (s->plain) {
		plain_tick(&s->linear);
		return;
	}
	step(s);
}

void stage_resize(struct stage *s, int rows, int columns)
{
	s->rows = rows;
	s->columns = columns;
	if (!s->running)
		return;
	vterm_set_size(s->terminal, rows, columns);
	ui_resize(&s->ui, rows, columns);
	ui_paint(&s->ui);
	stage_show(s);
}

void stage_hang_up(struct stage *s)
{
	close(s->keys);
	s->keys = -1;
	step(s);
}

void stage_signal(struct stage *s, int number)
{
	raise(number);
	step(s);
}

static ssize_t no_room(int fd, const void *p, size_t n)
{
	(void)fd, (void)p, (void)n;
	errno = ENOSPC;
	return -1;
}

void stage_disk(struct stage *s, bool full)
{
	s->seam.files.write = full ? no_room : write;
}

/* --- keys by name -------------------------------------------------------------------------- */

static const struct {
	const char *name, *bytes;
} names[] = {
	{"Enter", "\r"},
	{"Esc", "\033"},
	{"Tab", "\t"},
	{"BackTab", "\033[Z"},
	{"Up", "\033OA"},
	{"Down", "\033OB"},
	{"Right", "\033OC"},
	{"Left", "\033OD"},
	{"Home", "\033OH"},
	{"End", "\033OF"},
	{"PgUp", "\033[5~"},
	{"PgDn", "\033[6~"},
	{"Delete", "\033[3~"},
	{"Backspace", "\177"},
	{"Space", " "},
	{"F1", "\033OP"},
	{"F3", "\033OR"},
	{"F4", "\033OS"},
	{"F2", "\033OQ"},
	{"F6", "\033[17~"},
	{"F9", "\033[20~"},
	{"Alt+3", "\0333"},
	{"Alt+4", "\0334"},
	{"Ctrl+Left", "\033[1;5D"},
	{"Unknown", "\033[99;9~"},
	{"WheelUp", "\033[<64;5;5M"},
	{"WheelDown", "\033[<65;5;5M"},
};

static const struct {
	const char *name;
	int press;
} linear_keys[] = {
	{"Enter", PRESS_ENTER},
	{"Esc", PRESS_ESC},
	{"Tab", PRESS_TAB},
	{"BackTab", PRESS_BACKTAB},
	{"Up", PRESS_UP},
	{"Down", PRESS_DOWN},
	{"Left", PRESS_LEFT},
	{"Right", PRESS_RIGHT},
	{"Home", PRESS_HOME},
	{"End", PRESS_END},
	{"PgUp", PRESS_PAGE_UP},
	{"PgDn", PRESS_PAGE_DOWN},
	{"Delete", PRESS_DELETE},
	{"Backspace", PRESS_BACKSPACE},
	{"Ctrl+Left", PRESS_WORD_LEFT},
};

/* A key as from a terminal; F3 and ^N as they may be written, too; else words. */
static void press_plain(struct stage *s, const char *token, size_t n)
{
	struct buf line = BUF_INIT;
	buf_add(&line, token, n);
	const char *word = buf_text(&line);
	int press = PRESS_NONE;
	for (size_t i = 0; i < sizeof linear_keys / sizeof *linear_keys; i++)
		if (!strcmp(linear_keys[i].name, word))
			press = linear_keys[i].press;
	bool named = (n == 2 && *word == '^') || (n == 2 && *word == 'F' && word[1] <= '9');
	if (!strncmp(word, "Alt+", 4))
		buf_splice(&line, 0, 4, "F", 1);
	else if (!strcmp(word, "Space"))
		buf_splice(&line, 0, 5, "\" ", 2);
	else if (!named)
		buf_splice(&line, 0, 0, "\"", 1);
	if (press)
		plain_press(&s->linear, press);
	else
		plain_line(&s->linear, buf_text(&line));
	plain_tick(&s->linear);
	buf_fini(&line);
}

/* A click on the first cell that a text is seen in, or a turn of the wheel there. */
static void click(struct stage *s, const char *text, size_t n, bool due)
{
	struct buf words = BUF_INIT, bytes = BUF_INIT;
	int y, x = 0;
	buf_add(&words, text, n);
	for (y = 0; y < s->rows; y++) {
		struct buf row = BUF_INIT;
		stage_row(s, y, &row);
		const char *at = strstr(buf_text(&row), buf_text(&words));
		x = at ? 1 + text_width(span_of(row.p, (size_t)(at - buf_text(&row)))) : 0;
		buf_fini(&row);
		if (x)
			break;
	}
	ck_assert_msg(x, "\"%s\" is not to be seen, so not to be clicked on", buf_text(&words));
	buf_printf(&bytes, "\033[<0;%d;%dM\033[<0;%d;%dm", x, y + 1, x, y + 1);
	stage_bytes(s, buf_text(&bytes), bytes.n, due);
	buf_fini(&words);
	buf_fini(&bytes);
}

static void press(struct stage *s, const char *token, size_t n, bool due)
{
	if (s->plain) {
		press_plain(s, token, n);
		return;
	}
	char control;
	if (n == 2 && *token == '^') {
		control = (char)(token[1] & 0x1F);
		stage_bytes(s, &control, 1, due);
		return;
	}
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i].name) == n && !strncmp(names[i].name, token, n)) {
			stage_bytes(s, names[i].bytes, strlen(names[i].bytes), due);
			return;
		}
	stage_bytes(s, token, n, due);
}

void stage_keys(struct stage *s, const char *tokens, bool due)
{
	while (*tokens) {
		bool clicked = tokens[0] == '@' && tokens[1] == '"';
		tokens += clicked;
		bool quoted = *tokens == '"';
		tokens += quoted;
		size_t n = strcspn(tokens, quoted ? "\"" : " ");
		if (clicked)
			click(s, tokens, n, due);
		else if (quoted && !s->plain)
			stage_bytes(s, tokens, n, due);
		else
			press(s, tokens, n, due);
		tokens += n + (quoted && tokens[n]);
		tokens += strspn(tokens, " ");
	}
}

/* --- what is seen -------------------------------------------------------------------------- */

void stage_row(struct stage *s, int y, struct buf *out)
{
	if (s->plain) {
		grid_row_text(&s->linear.said, y, out);
		return;
	}
	size_t end = out->n;
	for (int x = 0; x < s->columns; x++) {
		VTermScreenCell cell;
		vterm_screen_get_cell(s->screen, (VTermPos){y, x}, &cell);
		if (cell.chars[0] == (uint32_t)-1)
			continue; /* the right half of a wide letter */
		if (!cell.chars[0] || cell.chars[0] == ' ') {
			buf_add_byte(out, ' ');
			continue;
		}
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
			text_add_codepoint(out, cell.chars[i]);
		end = out->n;
	}
	if (out->p)
		out->p[end] = 0;
	out->n = end;
}

int stage_cursor(struct stage *s, int *column)
{
	VTermPos at;
	if (s->plain) {
		*column = s->linear.said.cursor_column;
		return s->linear.said.cursor_row;
	}
	vterm_state_get_cursorpos(vterm_obtain_state(s->terminal), &at);
	*column = at.col;
	return at.row;
}

void stage_picture(struct stage *s, struct buf *out)
{
	int column, row = stage_cursor(s, &column);
	for (int y = 0; y < s->rows; y++) {
		stage_row(s, y, out);
		buf_add_byte(out, '\n');
	}
	buf_printf(out, "(cursor: row %d, column %d)\n", row + 1, column + 1);
}

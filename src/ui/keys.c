/* SPDX-License-Identifier: MIT
 *
 * From what a terminal sends to keys: function keys by curses, Alt+digit and pasted text
 * here.  What no table knows is dropped, never typed into a note.
 */
#include "terminal.h"
#include <linkbook/text.h>

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <wchar.h>

static void define(const char *capability, int code)
{
	const char *bytes = tigetstr(capability);
	if (bytes && bytes != (const char *)-1)
		define_key(bytes, code);
}

void keys_define(void)
{
	define_key("\033[200~", CODE_PASTE);
	define_key("\033[201~", CODE_PASTE_END);
	define("kLFT5", CODE_WORD_LEFT);
	define("kRIT5", CODE_WORD_RIGHT);
}

static const struct {
	int code;
	int press;
} codes[] = {
	{KEY_ENTER, PRESS_ENTER},
	{KEY_BTAB, PRESS_BACKTAB},
	{KEY_UP, PRESS_UP},
	{KEY_DOWN, PRESS_DOWN},
	{KEY_LEFT, PRESS_LEFT},
	{KEY_RIGHT, PRESS_RIGHT},
	{KEY_PPAGE, PRESS_PAGE_UP},
	{KEY_NPAGE, PRESS_PAGE_DOWN},
	{KEY_HOME, PRESS_HOME},
	{KEY_END, PRESS_END},
	{KEY_BACKSPACE, PRESS_BACKSPACE},
	{KEY_DC, PRESS_DELETE},
	{CODE_WORD_LEFT, PRESS_WORD_LEFT},
	{CODE_WORD_RIGHT, PRESS_WORD_RIGHT},
};

static int press_of_code(wint_t code)
{
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if ((wint_t)codes[i].code == code)
			return codes[i].press;
	if (code >= (wint_t)KEY_F(1) && code <= (wint_t)KEY_F(12))
		return PRESS_F1 + (int)(code - (wint_t)KEY_F(1));
	return PRESS_NONE;
}

static int press_of_control(wint_t c)
{
	switch (c) {
	case '\r':
	case '\n':
		return PRESS_ENTER;
	case '\t':
		return PRESS_TAB;
	case '\b':
	case 0x7F:
		return PRESS_BACKSPACE;
	default:
		return c >= 1 && c <= 26 ? PRESS_CTRL + 'a' + (int)c - 1 : PRESS_NONE;
	}
}

static void press(struct ui *ui, int code)
{
	struct key key = {.press = code};
	if (code != PRESS_NONE)
		app_key(ui->app, &key);
}

static void type(struct ui *ui, wint_t c)
{
	struct key key = {.press = PRESS_TEXT};
	struct buf text = BUF_INIT;
	text_add_codepoint(&text, (uint32_t)c);
	if (text.n < sizeof key.text) {
		memcpy(key.text, text.p, text.n);
		app_key(ui->app, &key);
	}
	buf_fini(&text);
}

static void end_paste(struct ui *ui)
{
	ui->pasting = false;
	app_paste(ui->app, buf_span(&ui->paste));
	buf_fini(&ui->paste);
	ui->paste.secret = true; /* it may be a passphrase */
}

static void take_paste(struct ui *ui, int kind, wint_t c)
{
	if (kind == KEY_CODE_YES && c == CODE_PASTE_END)
		end_paste(ui);
	else if (kind != KEY_CODE_YES && c)
		text_add_codepoint(&ui->paste, (uint32_t)c);
}

/* Without waiting: what came together with an Esc is in curses' hands already. */
static int read_more(wint_t *c)
{
	timeout(0);
	int kind = get_wch(c);
	return kind;
}

/* Esc alone, Alt+digit, or the start of a sequence that no table knows, which ends in a
 * letter or a tilde and is swallowed. */
static void take_escape(struct ui *ui)
{
	wint_t c;
	int kind = read_more(&c);
	if (kind == ERR) {
		press(ui, PRESS_ESC);
	} else if (kind == OK && c >= '1' && c <= '9') {
		press(ui, PRESS_F1 + (int)(c - '1'));
	} else if (kind == OK && (c == '[' || c == 'O')) {
		while (read_more(&c) == OK && !(c >= '@' && c <= '~'))
			;
	} else if (kind == OK && c == '\033') {
		press(ui, PRESS_ESC);
		press(ui, PRESS_ESC);
	}
}

static void take(struct ui *ui, int kind, wint_t c)
{
	if (ui->pasting)
		take_paste(ui, kind, c);
	else if (kind == KEY_CODE_YES && c == CODE_PASTE)
		ui->pasting = true;
	else if (kind == KEY_CODE_YES)
		press(ui, press_of_code(c));
	else if (c == '\033')
		take_escape(ui);
	else if (c < 0x20 || c == 0x7F)
		press(ui, press_of_control(c));
	else
		type(ui, c);
}

static bool is_waiting(const struct ui *ui)
{
	struct pollfd p = {.fd = ui->in, .events = POLLIN};
	return poll(&p, 1, 0) > 0;
}

/* Readable, and yet nothing to read: the terminal has gone. */
static bool has_gone(const struct ui *ui)
{
	int bytes = 0;
	return is_waiting(ui) && (ioctl(ui->in, FIONREAD, &bytes) || bytes == 0);
}

bool keys_read(struct ui *ui)
{
	while (is_waiting(ui) && !ui->app->leaving) {
		wint_t c = 0;
		/* A letter of several bytes may arrive in parts; a letter is worth the wait. */
		timeout(50);
		int kind = get_wch(&c);
		if (kind == ERR && has_gone(ui))
			return false;
		if (kind != ERR)
			take(ui, kind, c);
	}
	return true;
}

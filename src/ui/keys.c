/* SPDX-License-Identifier: MIT
 *
 * From what a terminal sends to keys: function keys by curses; letters (always UTF-8),
 * Alt+digit and pasted text here.  A sequence that no table knows is dropped, never typed
 * into a note.
 */
#include "terminal.h"
#include <linkbook/text.h>

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

/* What curses may have read ahead (its queue is shorter); what one call takes, so that drafts
 * and signals have their turn when a flood comes; and how many calls are "all". */
enum { AHEAD_MOST = 256, READ_MOST = 256, READS_MOST = 16 };

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
	define_key(NULL, KEY_MOUSE); /* mouse.c reads those */
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

static int press_of_code(int code)
{
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (codes[i].code == code)
			return codes[i].press;
	if (code >= KEY_F(1) && code <= KEY_F(12))
		return PRESS_F1 + (code - KEY_F(1));
	return PRESS_NONE;
}

static int press_of_control(int c)
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
		return c >= 1 && c <= 26 ? PRESS_CTRL + 'a' + c - 1 : PRESS_NONE;
	}
}

static void press(struct ui *ui, int code)
{
	struct key key = {.press = code};
	ui->seen = false;
	if (code != PRESS_NONE)
		app_key(ui->app, &key);
}

static void type(struct ui *ui, struct span text)
{
	struct key key = {.press = PRESS_TEXT};
	ui->seen = false;
	if (ui->pasting) {
		if (!ui->paste.n)
			ui->paste_began = ui->pasted_at;
		buf_add_span(&ui->paste, text);
	} else if (text.n < sizeof key.text) {
		memcpy(key.text, text.p, text.n);
		app_key(ui->app, &key);
	}
}

/* --- letters ------------------------------------------------------------------------------- */

/* Bytes of a letter by its first one; what cannot be a first one stands alone. */
static size_t letter_bytes(uint8_t first)
{
	if (first < 0xC2 || first > 0xF4)
		return 1;
	return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/* What is there of a letter is all that comes: a sign for it rather than nothing. */
static void end_letter(struct ui *ui)
{
	struct span letter = span_of(ui->letter, ui->letter_bytes);
	if (letter.n)
		type(ui, text_is_utf8(letter) ? letter : span_text("\uFFFD"));
	ui->letter_bytes = 0;
}

/* A letter may arrive in parts, even in two reads. */
static void take_byte(struct ui *ui, uint8_t byte)
{
	ui->letter[ui->letter_bytes++] = byte;
	if (ui->letter_bytes == letter_bytes(ui->letter[0]))
		end_letter(ui);
}

/* --- pasted text --------------------------------------------------------------------------- */

int64_t keys_paste_due(const struct ui *ui)
{
	struct seam *seam = ui->app->o.seam;
	int64_t since = ui->paste.n ? ui->paste_began : ui->pasted_at;
	return ui->pasting ? since + PASTE_MS - seam->boot_ms(seam) : INT64_MAX;
}

/* The first n bytes of what is there. */
static void hand_over(struct ui *ui, size_t n)
{
	struct seam *seam = ui->app->o.seam;
	if (n)
		app_paste_since(ui->app, span_of(ui->paste.p, n), ui->paste_began);
	buf_splice(&ui->paste, 0, n, NULL, 0);
	ui->paste_began = seam->boot_ms(seam);
}

void keys_end_paste(struct ui *ui)
{
	if (!ui->pasting)
		return;
	end_letter(ui);
	ui->pasting = false;
	hand_over(ui, ui->paste.n);
	buf_fini(&ui->paste);
	ui->paste.secret = true; /* it may be a passphrase */
}

void keys_tend_paste(struct ui *ui)
{
	struct seam *seam = ui->app->o.seam;
	size_t n = ui->paste.n;
	if (keys_paste_due(ui) > 0)
		return;
	if (seam->boot_ms(seam) - ui->pasted_at >= PASTE_MS)
		keys_end_paste(ui);
	else /* a line feed may follow, and is one line's end with it */
		hand_over(ui, n - (n && ui->paste.p[n - 1] == '\r'));
}

static void take_pasted(struct ui *ui, int c)
{
	struct seam *seam = ui->app->o.seam;
	ui->pasted_at = seam->boot_ms(seam);
	if (c == CODE_PASTE_END)
		keys_end_paste(ui);
	else if (c && c <= UINT8_MAX)
		take_byte(ui, (uint8_t)c);
}

static void begin_paste(struct ui *ui)
{
	ui->pasting = true;
	take_pasted(ui, 0);
}

/* --- keys ---------------------------------------------------------------------------------- */

/* Bytes that nobody has read yet; -1: none will ever come, the terminal has gone. */
static int waiting(const struct ui *ui)
{
	struct pollfd p = {.fd = ui->in, .events = POLLIN};
	int bytes = 0;
	if (poll(&p, 1, 0) <= 0)
		return 0;
	return ioctl(ui->in, FIONREAD, &bytes) || bytes == 0 ? -1 : bytes;
}

/* Without waiting.  Bytes and codes, no wide characters: curses loses what comes after a byte
 * that is no letter in the locale.  What it has read ahead is little: when it gives more than
 * that and nothing arrives, it has lost count and would give the same for ever. */
static bool next(struct ui *ui, int *c)
{
	bool fed = waiting(ui) > 0;
	*c = ERR;
	if (ui->unfed > AHEAD_MOST)
		return false;
	timeout(0);
	*c = getch();
	ui->unfed = fed || *c == ERR ? 0 : ui->unfed + 1;
	return *c != ERR;
}

/* What is left of a sequence that no table knows: it ends in a letter or a tilde, and is
 * dropped, or is the mouse's.  True: *c is no part of it. */
static bool take_sequence(struct ui *ui, int *c)
{
	if (next(ui, c) && (*c == '<' || *c == 'M')) {
		mouse_begin(ui, *c);
		return false;
	}
	while (*c != ERR && *c >= ' ' && *c < '@')
		next(ui, c);
	return *c != ERR && !(*c >= '@' && *c <= '~');
}

/* Esc alone, Alt+digit, or the start of a sequence.  True: *c came after it and is yet to be
 * taken. */
static bool take_escape(struct ui *ui, int *c)
{
	if (!next(ui, c)) {
		press(ui, PRESS_ESC);
		return false;
	}
	if (*c >= '1' && *c <= '9') {
		press(ui, PRESS_F1 + (*c - '1'));
		return false;
	}
	if (*c == '[' || *c == 'O')
		return take_sequence(ui, c);
	press(ui, PRESS_ESC);
	return true;
}

static void take(struct ui *ui, int c)
{
	if (ui->report_bytes && mouse_take(ui, c))
		return;
	for (bool more = true; more && !ui->app->leaving;) {
		more = false;
		if (c > UINT8_MAX || (c & 0xC0) != 0x80)
			end_letter(ui);
		if (ui->pasting)
			take_pasted(ui, c);
		else if (c == CODE_PASTE)
			begin_paste(ui);
		else if (c > UINT8_MAX)
			press(ui, press_of_code(c));
		else if (c == '\033')
			more = take_escape(ui, &c);
		else if (c < ' ' || c == 0x7F)
			press(ui, press_of_control(c));
		else
			take_byte(ui, (uint8_t)c);
	}
}

/* Curses has what was typed last in a ring of its own, of 137 keys.  It is filled with blanks and
 * emptied of them again; quite full it would take no key any more. */
void keys_forget(void)
{
	enum { NEARLY_FULL = 135 };
	for (size_t i = 0; i < NEARLY_FULL; i++)
		if (ungetch(' ') == ERR) {
			flushinp(); /* a smaller ring than we know of */
			return;
		}
	timeout(0);
	for (size_t i = 0; i < NEARLY_FULL; i++)
		if (getch() == ERR)
			return;
}

bool keys_read(struct ui *ui)
{
	int c = ERR;
	for (ui->read = 0; ui->read < READ_MOST && !ui->app->leaving && next(ui, &c); ui->read++)
		take(ui, c);
	return ui->app->leaving || (waiting(ui) >= 0 && ui->unfed <= AHEAD_MOST);
}

bool keys_are_read(const struct ui *ui)
{
	return ui->read < READ_MOST;
}

bool keys_read_all(struct ui *ui)
{
	bool here = true;
	for (int i = 0; here && i < READS_MOST && !(i && keys_are_read(ui)); i++)
		here = keys_read(ui);
	return here;
}

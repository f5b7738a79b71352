/* SPDX-License-Identifier: MIT
 *
 * Editing a line: letters, rubbing out, and keys that act at once.  A terminal would do it by
 * itself, but say nothing of it before the end: the book would lock while somebody writes a long
 * line, and a line that was begun would be gone with the terminal.
 */
#include "line.h"
#include <linkbook/err.h>
#include <linkbook/key.h>
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <termios.h>
#include <unistd.h>

static struct termios before;
static int taken = -1; /* the terminal, for the farewell too */

static void give_back(void)
{
	if (taken >= 0)
		tcsetattr(taken, TCSANOW, &before);
	taken = -1;
}

void line_open(struct line *l, int in, FILE *out)
{
	struct termios t;
	l->in = -1;
	l->out = out;
	if (taken >= 0 || !isatty(in) || tcgetattr(in, &before))
		return;
	t = before;
	t.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
	t.c_iflag &= ~(tcflag_t)(IXON | INLCR);
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	if (tcsetattr(in, TCSANOW, &t))
		return;
	l->in = taken = in;
	err_set_farewell(give_back);
}

void line_close(struct line *l)
{
	if (l->in >= 0) {
		err_set_farewell(NULL);
		give_back();
	}
	l->in = -1;
	line_clear(l);
}

void line_clear(struct line *l)
{
	buf_fini(&l->text);
	l->text = (struct buf)BUF_SECRET;
}

static void show(struct line *l, const char *bytes)
{
	if (l->echo) {
		fputs(bytes, l->out);
		fflush(l->out);
	}
}

static void rub_out(struct line *l)
{
	struct span text = buf_span(&l->text);
	size_t n = text_grapheme_back(text);
	for (int w = text_width(span_of(text.p + text.n - n, n)); w > 0; w--)
		show(l, "\b \b");
	buf_splice(&l->text, text.n - n, n, NULL, 0);
}

static enum line_came take_letter(struct line *l, uint8_t byte)
{
	char letter[2] = {(char)byte, 0};
	buf_add_byte(&l->text, byte);
	show(l, letter);
	return LINE_GOES_ON;
}

static enum line_came take_control(struct line *l, uint8_t byte, int *key)
{
	enum { END = 4, ALL = 21, DELETE = 127 };
	if (byte == '\n' || byte == '\r') {
		fputc('\n', l->out);
		return LINE_ENDED;
	}
	if (byte == END && !l->text.n)
		return LINE_GONE;
	if (byte == '\b' || byte == DELETE)
		rub_out(l);
	while (byte == ALL && l->text.n)
		rub_out(l);
	if (byte == '\b' || byte == DELETE || byte == ALL)
		return LINE_GOES_ON;
	*key = byte == '\t' ? PRESS_TAB : byte >= 1 && byte <= 26 ? PRESS_CTRL + 'a' + byte - 1 : 0;
	return *key ? LINE_KEY : LINE_GOES_ON;
}

/* What ends in one letter, whatever stands in between; others are dropped. */
static enum line_came take_sequence(struct line *l, uint8_t byte, int *key)
{
	static const struct {
		uint8_t letter;
		int press;
	} arrows[] = {{'A', PRESS_UP},	 {'B', PRESS_DOWN}, {'C', PRESS_RIGHT},	 {'D', PRESS_LEFT},
		      {'H', PRESS_HOME}, {'F', PRESS_END},  {'Z', PRESS_BACKTAB}};
	if (l->sequence == '\033' && (byte == '[' || byte == 'O')) {
		l->sequence = byte;
		return LINE_GOES_ON;
	}
	if (l->sequence != '\033' && byte >= ' ' && byte < '@')
		return LINE_GOES_ON;
	l->sequence = 0;
	for (size_t i = 0; i < sizeof arrows / sizeof *arrows; i++)
		if (byte == arrows[i].letter) {
			*key = arrows[i].press;
			return LINE_KEY;
		}
	return LINE_GOES_ON;
}

enum line_came line_take(struct line *l, uint8_t byte, int *key)
{
	if (l->sequence)
		return take_sequence(l, byte, key);
	if (byte == '\033')
		l->sequence = byte;
	else if (byte < ' ' || byte == 0x7F)
		return take_control(l, byte, key);
	else
		return take_letter(l, byte);
	return LINE_GOES_ON;
}

enum line_came line_rest(struct line *l, int *key)
{
	bool alone = l->sequence == '\033';
	l->sequence = 0;
	*key = PRESS_ESC;
	return alone ? LINE_KEY : LINE_GOES_ON;
}

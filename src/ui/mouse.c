/* SPDX-License-Identifier: MIT
 *
 * The mouse.  Terminals are asked for reports of clicks (xterm's mode 1000) in the form that
 * any window size fits (1006: "<0;12;5M"); old ones know the other only ("M" and three bytes).
 * They are read here: curses waits for the rest of one in the middle of everything else.
 */
#include "terminal.h"

#include <stdlib.h>
#include <string.h>

enum { WHEEL_ROWS = 3 };

bool mouse_is_there(void)
{
	const char *reports = tigetstr("kmous");
	return reports && reports != (const char *)-1;
}

const char *mouse_words(bool on)
{
	return on ? "\033[?1000h\033[?1006h" : "\033[?1006l\033[?1000l";
}

void mouse_begin(struct ui *ui, int form)
{
	ui->report_bytes = 1;
	ui->report[0] = (char)form;
}

/* A click is meant for what was to be seen, so for nothing when more has happened since. */
static void point(struct ui *ui, int x, int y)
{
	if (ui->seen)
		app_point(ui->app, &ui->grid, y - 1, x - 1);
	ui->seen = false;
}

/* Buttons with a modifier, other buttons and letting go mean nothing here. */
static void act(struct ui *ui, int button, int x, int y, char end)
{
	enum { LEFT = 0, WHEEL_UP = 64, WHEEL_DOWN = 65 };
	if (end != 'M')
		return;
	if (button == LEFT)
		point(ui, x, y);
	else if (button == WHEEL_UP || button == WHEEL_DOWN)
		app_wheel(ui->app, button == WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS);
}

/* "M", then button, column and row as bytes, each 32 more than it is. */
static bool take_old(struct ui *ui, int c)
{
	enum { BYTES = 4, MORE = 32 };
	if (c < MORE || c > UINT8_MAX) {
		ui->report_bytes = 0;
		return false;
	}
	ui->report[ui->report_bytes++] = (char)c;
	if (ui->report_bytes < BYTES)
		return true;
	const uint8_t *r = (const uint8_t *)ui->report;
	ui->report_bytes = 0;
	act(ui, r[1] - MORE, r[2] - MORE, r[3] - MORE, 'M');
	return true;
}

bool mouse_take(struct ui *ui, int c)
{
	int button, x, y, used = 0;
	char end;
	if (*ui->report == 'M')
		return take_old(ui, c);
	bool goes_on = c > 0 && c < 0x80 && strchr("0123456789;Mm", c) &&
		       ui->report_bytes + 1 < sizeof ui->report;
	if (!goes_on) {
		ui->report_bytes = 0;
		return false;
	}
	ui->report[ui->report_bytes++] = (char)c;
	if (c != 'M' && c != 'm')
		return true;
	ui->report[ui->report_bytes] = 0;
	ui->report_bytes = 0;
	if (sscanf(ui->report, "<%4d;%4d;%4d%c%n", &button, &x, &y, &end, &used) == 4 && used)
		act(ui, button, x, y, end);
	return true;
}

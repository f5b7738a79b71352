/* SPDX-License-Identifier: MIT
 *
 * The loop: waits for keys, signals and what is due, and lets the app do the rest.
 */
#include "plain.h"
#include "signals.h"
#include "terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum err ui_open(struct ui *ui, struct app *app, FILE *in, FILE *out, const char *term,
		 struct diag *d)
{
	*ui = (struct ui){.app = app, .paste = BUF_SECRET};
	/* First: a signal must not find the terminal taken over and nobody to give it back.  Curses
	 * leaves alone what is caught. */
	if (!signals_catch(ui->signals))
		return file_failed("making a pipe for", "signals", d);
	enum err e = tty_open(ui, in, out, term, d);
	if (e) {
		signals_release(ui->signals, false);
		return e;
	}
	int rows, columns;
	tty_size(ui, &rows, &columns);
	grid_init(&ui->grid, rows, columns, app->o.ascii);
	app_resize(app, rows, columns);
	ui_paint(ui);
	return OK;
}

void ui_close(struct ui *ui)
{
	keys_end_paste(ui);
	/* A second signal must not find the terminal half given back. */
	tty_close(ui);
	signals_release(ui->signals, ui->app->leaving);
	grid_fini(&ui->grid);
	buf_fini(&ui->paste);
}

void ui_paint(struct ui *ui)
{
	app_paint(ui->app, &ui->grid);
	tty_blit(ui);
	ui->seen = true;
}

void ui_resize(struct ui *ui, int rows, int columns)
{
	tty_resize(rows, columns);
	grid_resize(&ui->grid, rows, columns);
	app_resize(ui->app, rows, columns);
}

/* Keys that came before it are taken first. */
static void hang_up(struct ui *ui)
{
	ui->hung_up = true;
	keys_read_all(ui);
	keys_end_paste(ui);
	app_hang_up(ui->app);
}

static void take_size(struct ui *ui)
{
	int rows, columns;
	tty_size(ui, &rows, &columns);
	ui_resize(ui, rows, columns);
}

/* Other programs may have had the terminal, and other people. */
static void come_back(struct ui *ui)
{
	keys_end_paste(ui); /* what had come of one was meant for the form that now closes */
	app_lock(ui->app);
	tty_resume(ui);
	take_size(ui);
}

/* With words that no disk would take it does not stop: who has stopped may be killed. */
static void suspend(struct ui *ui)
{
	keys_read_all(ui);
	keys_end_paste(ui);
	if (ui->app->leaving || !app_lock(ui->app))
		return;
	tty_pause(ui);
	signals_stop();
	come_back(ui);
}

static void take_signals(struct ui *ui)
{
	unsigned came = signals_take(ui->signals);
	if (came & CAME_HANG_UP) {
		hang_up(ui);
		return;
	}
	if (came & CAME_STOP)
		suspend(ui);
	if (came & CAME_CONTINUE)
		come_back(ui);
	if (came & CAME_RESIZE)
		take_size(ui);
}

static int wait_ms(struct ui *ui, int timeout_ms)
{
	int64_t due = app_next_ms(ui->app), paste = keys_paste_due(ui);
	due = paste < 0 ? 0 : paste < due ? paste : due;
	if (!keys_are_read(ui))
		return 0;
	if (ui->app->o.seam->orders)
		return due ? -1 : 0; /* the clock stands until it is told to move */
	return timeout_ms >= 0 && timeout_ms < due ? timeout_ms : (int)due;
}

#ifdef LINKBOOK_SIM
/* What came before the order comes before it here. */
static void take_order(struct ui *ui)
{
	take_signals(ui);
	if (!ui->hung_up && (!keys_read_all(ui) || !seam_take_order(ui->app->o.seam)))
		hang_up(ui);
}

static void answer_orders(struct ui *ui)
{
	seam_answer(ui->app->o.seam);
}
#else
static void take_order(struct ui *ui)
{
	(void)ui;
}

static void answer_orders(struct ui *ui)
{
	(void)ui;
}
#endif

static void wait_for_something(struct ui *ui, int timeout_ms)
{
	int orders = ui->app->o.seam->orders;
	struct pollfd p[] = {
		{.fd = ui->in, .events = POLLIN},
		{.fd = ui->signals[0], .events = POLLIN},
		{.fd = orders ? orders : -1, .events = POLLIN},
	};
	int came = poll(p, 3, wait_ms(ui, timeout_ms));
	if (came > 0 && p[1].revents)
		take_signals(ui);
	bool keys = !keys_are_read(ui) || (came > 0 && p[0].revents);
	if (keys && !ui->hung_up && !keys_read(ui))
		hang_up(ui);
	if (came > 0 && p[2].revents && !ui->hung_up)
		take_order(ui);
	keys_tend_paste(ui);
}

/* What is due comes first and is painted at once; what a key makes due waits for the next
 * step, so that "unlocking takes a second" is on the screen before it does. */
bool ui_step(struct ui *ui, int timeout_ms)
{
	if (!ui->app->leaving && app_next_ms(ui->app) == 0) {
		keys_tend_paste(ui); /* before it locks */
		app_tick(ui->app);
		ui_paint(ui);
	}
	if (ui->app->leaving)
		return false;
	answer_orders(ui);
	wait_for_something(ui, timeout_ms);
	if (ui->app->leaving)
		return false;
	ui_paint(ui);
	return true;
}

void ui_run(struct ui *ui)
{
	while (ui_step(ui, -1))
		;
}

/* Without a terminal there is still the list. */
static enum err run_plain(struct app *app, struct diag *d)
{
	if (app->book)
		return screen_print_people(app, stdout);
	diag_say(d, "There is no terminal here to ask for the passphrase on, or it cannot place a "
		    "cursor. Start linkbook in a terminal window.");
	return ERR_USAGE;
}

static bool is_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

/* A machine where nobody chose a locale shows UTF-8 all the same; one that chose another, or
 * one that is not installed, shows ASCII. */
bool ui_choose_locale(void)
{
	static const char *const chosen[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	bool any = false;
	for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++) {
		const char *locale = getenv(chosen[i]);
		any |= locale && *locale;
	}
	if (!setlocale(LC_ALL, ""))
		setlocale(LC_ALL, "C");
	bool as_chosen = is_utf8();
	if (!as_chosen)
		setlocale(LC_CTYPE, "C.UTF-8");
	return !is_utf8() || (any && !as_chosen);
}

enum err ui_main(const struct app_options *options, struct diag *d)
{
	struct app app;
	struct ui ui;
	struct app_options o = *options;
	o.ascii |= ui_choose_locale();
	enum err e = app_init(&app, &o, d);
	if (!e && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))) {
		e = run_plain(&app, d);
	} else if (!e) {
		struct diag why = {0};
		e = ui_open(&ui, &app, stdin, stdout, NULL, &why);
		if (!e) {
			ui_run(&ui);
			ui_close(&ui);
		} else {
			e = run_plain(&app, d);
		}
		diag_fini(&why);
	}
	app_fini(&app);
	return e;
}

enum err ui_plain(const struct app_options *options, struct diag *d)
{
	struct app app;
	struct app_options o = *options;
	o.ascii |= ui_choose_locale();
	enum err e = app_init(&app, &o, d);
	if (!e && o.passphrase && !app.book) {
		diag_say(d, "%s", buf_text(&app.message));
		e = ERR_UNLOCK;
	}
	if (!e)
		plain_run(&app, STDIN_FILENO, stdout);
	app_fini(&app);
	return e;
}

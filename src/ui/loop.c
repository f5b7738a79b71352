/* SPDX-License-Identifier: MIT
 *
 * The loop: waits for keys, signals and what is due, and lets the app do the rest.  Signals
 * only leave a byte in a pipe; everything else happens between two keys.
 */
#include "plain.h"
#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int wake_fd = -1;
static const int caught[] = {SIGWINCH, SIGHUP, SIGTERM, SIGINT};
enum { CAUGHT = sizeof caught / sizeof *caught };
static struct sigaction before[CAUGHT];

static void on_signal(int number)
{
	int saved = errno;
	uint8_t byte = (uint8_t)number;
	if (write(wake_fd, &byte, 1) < 0) {
		/* The pipe is full: a wake-up is under way already. */
	}
	errno = saved;
}

static bool catch_signals(struct ui *ui)
{
	struct sigaction how = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	if (pipe2(ui->signals, O_CLOEXEC | O_NONBLOCK))
		return false;
	wake_fd = ui->signals[1];
	sigemptyset(&how.sa_mask);
	for (size_t i = 0; i < CAUGHT; i++)
		sigaction(caught[i], &how, &before[i]);
	return true;
}

static void release_signals(struct ui *ui)
{
	if (wake_fd < 0)
		return;
	for (size_t i = 0; i < CAUGHT; i++)
		sigaction(caught[i], &before[i], NULL);
	wake_fd = -1;
	close(ui->signals[0]);
	close(ui->signals[1]);
}

enum err ui_open(struct ui *ui, struct app *app, FILE *in, FILE *out, const char *term,
		 struct diag *d)
{
	*ui = (struct ui){.app = app, .paste = BUF_SECRET};
	enum err e = tty_open(ui, in, out, term, d);
	if (e)
		return e;
	int rows, columns;
	tty_size(ui, &rows, &columns);
	grid_init(&ui->grid, rows, columns, app->o.ascii);
	app_resize(app, rows, columns);
	if (!catch_signals(ui)) {
		tty_close(ui);
		return file_failed("making a pipe for", "signals", d);
	}
	ui_paint(ui);
	return OK;
}

void ui_close(struct ui *ui)
{
	keys_end_paste(ui);
	release_signals(ui);
	tty_close(ui);
	grid_fini(&ui->grid);
	buf_fini(&ui->paste);
}

void ui_paint(struct ui *ui)
{
	app_paint(ui->app, &ui->grid);
	tty_blit(ui);
}

void ui_resize(struct ui *ui, int rows, int columns)
{
	tty_resize(rows, columns);
	grid_resize(&ui->grid, rows, columns);
	app_resize(ui->app, rows, columns);
}

static void hang_up(struct ui *ui)
{
	ui->hung_up = true;
	keys_end_paste(ui);
	app_hang_up(ui->app);
}

static void take_signals(struct ui *ui)
{
	uint8_t number;
	while (read(ui->signals[0], &number, 1) == 1) {
		if (number == SIGWINCH) {
			int rows, columns;
			tty_size(ui, &rows, &columns);
			ui_resize(ui, rows, columns);
		} else {
			hang_up(ui);
		}
	}
}

static int wait_ms(struct ui *ui, int timeout_ms)
{
	int64_t due = app_next_ms(ui->app), paste = keys_paste_due(ui);
	due = paste < 0 ? 0 : paste < due ? paste : due;
	return timeout_ms >= 0 && timeout_ms < due ? timeout_ms : (int)due;
}

/* What is due comes first and is painted at once; what a key makes due waits for the next
 * step, so that "unlocking takes a second" is on the screen before it does. */
bool ui_step(struct ui *ui, int timeout_ms)
{
	struct pollfd p[] = {
		{.fd = ui->in, .events = POLLIN},
		{.fd = ui->signals[0], .events = POLLIN},
	};
	if (!ui->app->leaving && app_next_ms(ui->app) == 0) {
		app_tick(ui->app);
		ui_paint(ui);
	}
	if (ui->app->leaving)
		return false;
	if (poll(p, 2, wait_ms(ui, timeout_ms)) > 0) {
		if (p[1].revents)
			take_signals(ui);
		if (p[0].revents && !ui->hung_up && !keys_read(ui))
			hang_up(ui);
	} else if (keys_paste_due(ui) <= 0) {
		keys_end_paste(ui);
	}
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
	for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++)
		any |= getenv(chosen[i]) && *getenv(chosen[i]);
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

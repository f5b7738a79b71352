/* SPDX-License-Identifier: MIT
 *
 * A pseudo terminal, a terminal emulator, and a socket for orders.
 */
#include "pty.h"

#include <linkbook/err.h>
#include <linkbook/seam.h>
#include <linkbook/text.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* What takes longer hangs. */
enum { HANGS_MS = 30000, ORDERS_FD = 9 };

/* --- the emulator ------------------------------------------------------------------------ */

static int note_property(VTermProp property, VTermValue *value, void *user)
{
	struct pty *p = user;
	if (property == VTERM_PROP_ALTSCREEN)
		p->alternate = value->boolean;
	else if (property == VTERM_PROP_CURSORVISIBLE)
		p->cursor = value->boolean;
	return 1;
}

static void add_cell(const VTermScreenCell *cell, struct buf *out)
{
	if (cell->chars[0] == (uint32_t)-1)
		return; /* the right half of a wide letter */
	for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++)
		text_add_codepoint(out, cell->chars[i]);
	if (!cell->chars[0])
		buf_add_byte(out, ' ');
}

static int note_scrolled(int columns, const VTermScreenCell *cells, void *user)
{
	struct pty *p = user;
	for (int x = 0; x < columns; x++)
		add_cell(&cells[x], &p->scrolled);
	buf_add_byte(&p->scrolled, '\n');
	return 1;
}

static void open_emulator(struct pty *p)
{
	static const VTermScreenCallbacks callbacks = {.settermprop = note_property,
						       .sb_pushline = note_scrolled};
	p->terminal = vterm_new(p->rows, p->columns);
	vterm_set_utf8(p->terminal, 1);
	p->screen = vterm_obtain_screen(p->terminal);
	vterm_screen_set_callbacks(p->screen, &callbacks, p);
	vterm_screen_enable_altscreen(p->screen, 1);
	vterm_screen_reset(p->screen, 1);
}

void pty_row(struct pty *p, int y, struct buf *out)
{
	for (int x = 0; x < p->columns; x++) {
		VTermScreenCell cell;
		vterm_screen_get_cell(p->screen, (VTermPos){y, x}, &cell);
		add_cell(&cell, out);
	}
	while (out->n && out->p[out->n - 1] == ' ')
		out->n--;
	buf_add_byte(out, '\n');
}

void pty_picture(struct pty *p, struct buf *out)
{
	for (int y = 0; y < p->rows; y++)
		pty_row(p, y, out);
}

VTermPos pty_cursor(struct pty *p)
{
	VTermPos at;
	vterm_state_get_cursorpos(vterm_obtain_state(p->terminal), &at);
	return at;
}

/* --- starting ---------------------------------------------------------------------------- */

static void set_size(struct pty *p)
{
	struct winsize size = {.ws_row = (unsigned short)p->rows,
			       .ws_col = (unsigned short)p->columns};
	if (p->master >= 0)
		ioctl(p->master, TIOCSWINSZ, &size);
}

_Noreturn static void be_program(const char *const *argv, const char *term, bool in_front)
{
	if (in_front) {
		signal(SIGTTOU, SIG_IGN);
		setpgid(0, 0);
		tcsetpgrp(STDIN_FILENO, getpid());
		signal(SIGTTOU, SIG_DFL);
	}
	setenv("TERM", term, 1);
	execv(argv[0], (char **)(uintptr_t)argv);
	_exit(127);
}

/* Does nothing but tell what became of the program. */
_Noreturn static void be_shell(const char *const *argv, const char *term, int statuses)
{
	int status = 0;
	pid_t pid = fork();
	if (!pid)
		be_program(argv, term, true);
	close(ORDERS_FD);
	signal(SIGHUP, SIG_IGN);
	if (write(statuses, &pid, sizeof pid) != sizeof pid)
		_exit(1);
	do {
		if (waitpid(pid, &status, WUNTRACED) != pid ||
		    write(statuses, &status, sizeof status) != sizeof status)
			_exit(1);
	} while (WIFSTOPPED(status));
	_exit(0);
}

static void take_terminal(const char *slave, int orders, bool untold)
{
	setsid();
	int fd = open(slave, O_RDWR | O_NOCTTY);
	if (fd < 0 || (!untold && ioctl(fd, TIOCSCTTY, 0)) || dup2(orders, ORDERS_FD) < 0)
		_exit(126);
	for (int i = 0; i <= STDERR_FILENO; i++)
		dup2(fd, i);
	close(fd);
}

void pty_start(struct pty *p, const char *const *argv, const char *term, enum pty_place place)
{
	bool with_shell = place == PTY_WITH_SHELL;
	int orders[2], statuses[2];
	char slave[64];
	*p = (struct pty){.rows = 24, .columns = 80, .cursor = true};
	p->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	BUG_IF(p->master < 0 || grantpt(p->master) || unlockpt(p->master) ||
	       ptsname_r(p->master, slave, sizeof slave));
	BUG_IF(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, orders));
	BUG_IF(pipe2(statuses, O_CLOEXEC));
	open_emulator(p);
	set_size(p);
	tcgetattr(p->master, &p->before);
	pid_t pid = fork();
	BUG_IF(pid < 0);
	if (!pid) {
		/* Where nobody else has them, closing them is noticed. */
		close(p->master);
		close(orders[0]);
		close(statuses[0]);
		take_terminal(slave, orders[1], place == PTY_UNTOLD);
		if (with_shell)
			be_shell(argv, term, statuses[1]);
		be_program(argv, term, false);
	}
	close(orders[1]);
	close(statuses[1]);
	p->orders = orders[0];
	p->statuses = statuses[0];
	p->pid = pid;
	p->shell = with_shell ? pid : 0;
	if (with_shell)
		BUG_IF(read(p->statuses, &p->pid, sizeof p->pid) != sizeof p->pid);
}

/* --- waiting ----------------------------------------------------------------------------- */

/* What the program sent goes to the emulator.  False: nothing more comes. */
static bool show(struct pty *p)
{
	char bytes[4096];
	ssize_t n = read(p->master, bytes, sizeof bytes);
	if (n > 0)
		vterm_input_write(p->terminal, bytes, (size_t)n);
	return n > 0 || (n < 0 && errno == EINTR);
}

/* The end of the program, or a stop. */
static void take_status(struct pty *p)
{
	bool got = p->shell ? read(p->statuses, &p->status, sizeof p->status) == sizeof p->status
			    : waitpid(p->pid, &p->status, WUNTRACED) == p->pid;
	p->stopped = got && WIFSTOPPED(p->status);
	p->ended = !p->stopped;
}

static void take_answers(struct pty *p)
{
	char answer;
	bool ended = read(p->orders, &answer, 1) != 1;
	if (!ended && answer == '.')
		p->answered++;
	else if (ended || !p->shell) /* the shell tells of stops by itself */
		take_status(p);
}

/* One thing that happens. */
static void await(struct pty *p)
{
	struct pollfd polled[] = {
		{.fd = p->master, .events = POLLIN},
		{.fd = p->orders, .events = POLLIN},
		{.fd = p->shell ? p->statuses : -1, .events = POLLIN},
	};
	int n = poll(polled, 3, HANGS_MS);
	p->hangs |= !n;
	if (n <= 0)
		return;
	if (polled[0].revents && !show(p))
		pty_hang_up(p);
	else if (polled[2].revents)
		take_status(p);
	else if (polled[1].revents)
		take_answers(p);
}

static void drain(struct pty *p)
{
	struct pollfd polled = {.fd = p->master, .events = POLLIN};
	while (p->master >= 0 && poll(&polled, 1, 0) > 0 && polled.revents & POLLIN && show(p))
		;
}

void pty_type(struct pty *p, const char *bytes, size_t n)
{
	if (p->master >= 0)
		BUG_IF(write(p->master, bytes, n) != (ssize_t)n);
}

bool pty_order(struct pty *p, int what, int64_t value)
{
	struct seam_order o = {.value = value};
	memcpy(&o.what, &what, sizeof o.what);
	if (send(p->orders, &o, sizeof o, MSG_NOSIGNAL) == sizeof o)
		p->sent++;
	while (p->answered < p->sent && !p->stopped && !p->ended && !p->hangs)
		await(p);
	drain(p);
	return p->answered == p->sent && !p->ended;
}

void pty_wait_end(struct pty *p)
{
	while (!p->ended && !p->hangs) {
		if (p->stopped)
			kill(p->pid, SIGCONT); /* an order to stop that was still open */
		p->stopped = false;
		await(p);
	}
	drain(p);
}

void pty_wait_stop(struct pty *p)
{
	while (!p->ended && !p->stopped && !p->hangs)
		await(p);
	drain(p);
}

static bool is_shown(struct pty *p, const char *words)
{
	struct buf picture = BUF_INIT;
	pty_picture(p, &picture);
	bool shown = strstr(buf_text(&picture), words) != NULL;
	buf_fini(&picture);
	return shown;
}

bool pty_wait_shown(struct pty *p, const char *words)
{
	bool shown;
	while (!(shown = is_shown(p, words)) && !p->ended && !p->hangs)
		await(p);
	return shown;
}

void pty_resize(struct pty *p, int rows, int columns)
{
	p->rows = rows;
	p->columns = columns;
	/* In one column the emulator writes a wide letter past its row. */
	vterm_set_size(p->terminal, rows, columns < 2 ? 2 : columns);
	set_size(p);
}

void pty_hang_up(struct pty *p)
{
	if (p->master >= 0)
		close(p->master);
	p->master = -1;
}

void pty_fini(struct pty *p)
{
	if (!p->ended) {
		kill(p->pid, SIGKILL);
		if (!p->shell)
			waitpid(p->pid, NULL, 0);
	}
	if (p->shell)
		waitpid(p->shell, NULL, 0);
	pty_hang_up(p);
	close(p->orders);
	close(p->statuses);
	vterm_free(p->terminal);
	buf_fini(&p->scrolled);
}

/* --- what is left ------------------------------------------------------------------------ */

/* What the emulator would send for a key or a paste tells the modes that it was left in. */
static bool sends(struct pty *p, const char *bytes)
{
	char got[32];
	size_t n = vterm_output_read(p->terminal, got, sizeof got);
	return n == strlen(bytes) && !memcmp(got, bytes, n);
}

static const char *fault_of_modes(struct pty *p)
{
	char rest[64];
	vterm_output_read(p->terminal, rest, sizeof rest);
	vterm_keyboard_start_paste(p->terminal);
	if (!sends(p, ""))
		return "pasted text comes in brackets still";
	vterm_keyboard_key(p->terminal, VTERM_KEY_UP, VTERM_MOD_NONE);
	return sends(p, "\033[A") ? NULL : "arrow keys are still as programs have them";
}

static const char *fault_of_looks(struct pty *p)
{
	static const VTermAttr flags[] = {VTERM_ATTR_BOLD, VTERM_ATTR_UNDERLINE,
					  VTERM_ATTR_REVERSE};
	VTermState *state = vterm_obtain_state(p->terminal);
	VTermValue v;
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		if (vterm_state_get_penattr(state, flags[i], &v) && v.number)
			return "letters are bold, underlined or reversed";
	if (vterm_state_get_penattr(state, VTERM_ATTR_FOREGROUND, &v) &&
	    !VTERM_COLOR_IS_DEFAULT_FG(&v.color))
		return "letters have a colour";
	return NULL;
}

const char *pty_fault(struct pty *p)
{
	struct termios now;
	if (p->master < 0)
		return NULL;
	if (tcgetattr(p->master, &now) || now.c_lflag != p->before.c_lflag ||
	    now.c_iflag != p->before.c_iflag || now.c_oflag != p->before.c_oflag ||
	    now.c_cflag != p->before.c_cflag || memcmp(now.c_cc, p->before.c_cc, sizeof now.c_cc))
		return "the line's modes (echo, signals, line ends) are not as they were";
	if (p->alternate)
		return "the alternate screen is still on";
	if (!p->cursor)
		return "the cursor cannot be seen";
	const char *fault = fault_of_looks(p);
	return fault ? fault : fault_of_modes(p);
}

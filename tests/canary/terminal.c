/* SPDX-License-Identifier: MIT
 *
 * The program in a terminal of its own: started on a pseudo terminal, typed at, and its screen
 * read back through an emulator.  Nothing waits by the clock but until something stands there.
 */
#include "terminal.h"

#include <linkbook/mem.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROWS = 24, COLUMNS = 80, PATIENCE_MS = 4000 };

static void become(const char *terminal, const char *term, bool as_nobody, const char *const argv[])
{
	struct winsize size = {.ws_row = ROWS, .ws_col = COLUMNS};
	setsid();
	int fd = open(terminal, O_RDWR);
	if (fd < 0 || ioctl(fd, TIOCSCTTY, 0) || ioctl(fd, TIOCSWINSZ, &size))
		_exit(126);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	for (fd = 3; fd < 256; fd++) /* what a test has open is not its */
		close(fd);
	if (as_nobody && (setgid(65534) || setuid(65534)))
		_exit(125);
	setenv("TERM", term, 1);
	unsetenv("NO_COLOR");
	execv(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

bool terminal_start(struct terminal *t, const char *term, bool as_nobody, const char *const argv[])
{
	*t = (struct terminal){.fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
	if (t->fd < 0 || grantpt(t->fd) || unlockpt(t->fd))
		return false;
	t->pid = fork();
	if (!t->pid)
		become(ptsname(t->fd), term, as_nobody, argv);
	t->emulator = vterm_new(ROWS, COLUMNS);
	vterm_set_utf8(t->emulator, 1);
	t->screen = vterm_obtain_screen(t->emulator);
	vterm_screen_enable_altscreen(t->screen, 1);
	vterm_screen_reset(t->screen, 1);
	return t->pid > 0;
}

/* False: the other end has gone. */
static bool take(struct terminal *t, int ms)
{
	char bytes[4096];
	struct pollfd p = {.fd = t->fd, .events = POLLIN};
	if (poll(&p, 1, ms) <= 0)
		return true;
	ssize_t n = read(t->fd, bytes, sizeof bytes);
	if (n <= 0)
		return n < 0 && errno == EINTR;
	buf_add(&t->said, bytes, (size_t)n);
	vterm_input_write(t->emulator, bytes, (size_t)n);
	return true;
}

static void picture(struct terminal *t, struct buf *out)
{
	for (int row = 0; row < ROWS; row++) {
		char text[COLUMNS * 8];
		VTermRect line = {row, row + 1, 0, COLUMNS};
		size_t n = vterm_screen_get_text(t->screen, text, sizeof text, line);
		buf_add(out, text, n);
		buf_add_byte(out, '\n');
	}
}

bool terminal_shows(struct terminal *t, const char *words)
{
	for (int waited = 0; waited < PATIENCE_MS; waited += 20) {
		struct buf now = BUF_INIT;
		picture(t, &now);
		bool shows = strstr(buf_text(&now), words) != NULL;
		buf_fini(&now);
		if (shows)
			return true;
		if (!take(t, 20))
			break;
	}
	struct buf now = BUF_INIT;
	picture(t, &now);
	fprintf(stderr, "# not \"%s\" but:\n%s", words, buf_text(&now));
	buf_fini(&now);
	return false;
}

void terminal_type(struct terminal *t, const char *keys)
{
	size_t n = strlen(keys);
	while (n) {
		ssize_t wrote = write(t->fd, keys, n);
		if (wrote < 0 && errno != EINTR)
			return;
		keys += wrote > 0 ? wrote : 0;
		n -= wrote > 0 ? (size_t)wrote : 0;
	}
}

/* Sleeping in its poll: S in the third word of stat, after the name in brackets. */
bool terminal_rests(struct terminal *t)
{
	char path[64], line[256];
	snprintf(path, sizeof path, "/proc/%d/stat", (int)t->pid);
	for (int waited = 0; waited < PATIENCE_MS; waited += 20) {
		if (!take(t, 20))
			return false;
		FILE *f = fopen(path, "re");
		char *end = f && fgets(line, sizeof line, f) ? strrchr(line, ')') : NULL;
		if (f)
			fclose(f);
		if (end && end[2] == 'S')
			return true;
	}
	return false;
}

int terminal_end(struct terminal *t)
{
	int status = -1;
	for (int waited = 0; waited < PATIENCE_MS && take(t, 20); waited += 20)
		;
	if (waitpid(t->pid, &status, 0) != t->pid)
		status = -1;
	close(t->fd);
	vterm_free(t->emulator);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void terminal_fini(struct terminal *t)
{
	buf_fini(&t->said);
}

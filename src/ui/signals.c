/* SPDX-License-Identifier: MIT
 *
 * Signals leave a mark and a byte in a pipe, which wakes whoever waits; everything else happens
 * between two keys.  Marks and not the bytes say what came: a pipe that is full of resizings must
 * not lose the one that ends the program.
 */
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <unistd.h>

static const struct {
	int number;
	unsigned means;
} caught[] = {
	{SIGWINCH, CAME_RESIZE}, {SIGHUP, CAME_HANG_UP}, {SIGTERM, CAME_HANG_UP},
	{SIGINT, CAME_HANG_UP},	 {SIGTSTP, CAME_STOP},	 {SIGCONT, CAME_CONTINUE},
};
enum { CAUGHT = sizeof caught / sizeof *caught };
static struct sigaction before[CAUGHT];
static volatile sig_atomic_t marks[CAUGHT];
static int wake_fd = -1;

static void on_signal(int number)
{
	int saved = errno;
	uint8_t byte = 0;
	for (size_t i = 0; i < CAUGHT; i++)
		if (caught[i].number == number)
			marks[i] = 1;
	if (write(wake_fd, &byte, 1) < 0) {
		/* The pipe is full: a wake-up is under way already. */
	}
	errno = saved;
}

bool signals_catch(int fds[2])
{
	struct sigaction how = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK))
		return false;
	wake_fd = fds[1];
	sigemptyset(&how.sa_mask);
	for (size_t i = 0; i < CAUGHT; i++) {
		marks[i] = 0;
		sigaction(caught[i].number, &how, &before[i]);
	}
	return true;
}

void signals_release(int fds[2], bool ending)
{
	static const struct sigaction passed_over = {.sa_handler = SIG_IGN};
	if (wake_fd < 0)
		return;
	for (size_t i = 0; i < CAUGHT; i++)
		sigaction(caught[i].number,
			  ending && caught[i].means == CAME_HANG_UP ? &passed_over : &before[i],
			  NULL);
	wake_fd = -1;
	close(fds[0]);
	close(fds[1]);
}

unsigned signals_take(int fds[2])
{
	uint8_t bytes[256];
	unsigned came = 0;
	while (read(fds[0], bytes, sizeof bytes) > 0)
		;
	for (size_t i = 0; i < CAUGHT; i++)
		if (marks[i]) {
			marks[i] = 0;
			came |= caught[i].means;
		}
	return came;
}

void signals_stop(void)
{
	struct sigaction ours, standard = {.sa_handler = SIG_DFL};
	sigaction(SIGTSTP, &standard, &ours);
	kill(getpid(), SIGTSTP);
	sigaction(SIGTSTP, &ours, NULL);
}

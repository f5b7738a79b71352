/* SPDX-License-Identifier: MIT
 *
 * The process: what must hold before a word is read.  No core dumps, nobody else's debugger,
 * files for their owner only.
 */
#include <linkbook/cli.h>

#include <fcntl.h>
#include <locale.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

/* A descriptor that is closed at the start would be the next file we open, and what is meant
 * for the terminal would be written into it. */
static void fill_descriptors(void)
{
	int fd;
	while ((fd = open("/dev/null", O_RDWR)) >= 0 && fd <= STDERR_FILENO)
		;
	if (fd > STDERR_FILENO)
		close(fd);
}

static void harden(void)
{
	fill_descriptors();
	struct rlimit none = {0, 0};
	setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
	umask(077);
}

int main(int argc, char **argv)
{
	harden();
	setlocale(LC_ALL, "");
	return cli_main(argc, argv);
}

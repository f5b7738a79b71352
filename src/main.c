/* SPDX-License-Identifier: MIT
 *
 * The process: what must hold before a word is read.  No core dumps, nobody else's debugger,
 * files for their owner only.
 */
#include <linkbook/cli.h>

#include <locale.h>
#include <sys/resource.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

static void harden(void)
{
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

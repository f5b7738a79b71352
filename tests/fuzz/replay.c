/* SPDX-License-Identifier: MIT
 *
 * A fuzz target without a fuzzer: replays files, or all files of folders, given on the command
 * line; without any, those kept beside the target.  Each must be quick, and memory stays
 * bounded.
 */
#include "fuzz.h"

#ifndef LINKBOOK_FUZZ /* libFuzzer has a main of its own */
#include <dirent.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

/* Generous: what these bounds are for costs minutes and gigabytes. */
enum { FILE_MOST = 1 << 20, SECONDS_MOST = 10, MEMORY_MOST_KIB = 1 << 20 };

static size_t replay(const char *path);

static size_t replay_folder(const char *path)
{
	struct dirent **names;
	size_t replayed = 0;
	int n = scandir(path, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		char inside[4096];
		snprintf(inside, sizeof inside, "%s/%s", path, names[i]->d_name);
		replayed += *names[i]->d_name == '.' ? 0 : replay(inside);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return replayed;
}

static void check_cost(const char *path, clock_t began)
{
	struct rusage use;
	long seconds = (long)((clock() - began) / CLOCKS_PER_SEC);
	getrusage(RUSAGE_SELF, &use);
	if (seconds < SECONDS_MOST && use.ru_maxrss < MEMORY_MOST_KIB)
		return;
	fprintf(stderr, "%s: %ld seconds, %ld KiB\n", path, seconds, use.ru_maxrss);
	abort();
}

static size_t replay(const char *path)
{
	struct stat st;
	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		return replay_folder(path);
	FILE *f = fopen(path, "r");
	if (!f)
		return 0;
	/* As long as what it holds, so that a read beyond its end is found. */
	uint8_t *bytes = malloc(FILE_MOST);
	size_t n = bytes ? fread(bytes, 1, FILE_MOST, f) : 0;
	uint8_t *exact = bytes ? realloc(bytes, n ? n : 1) : NULL;
	fclose(f);
	if (!exact) {
		free(bytes);
		return 0;
	}
	clock_t began = clock();
	/* Told on a line of its own before it dies, so that it is known which. */
	fprintf(stderr, "# %s\n", path);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	check_cost(path, began);
	return 1;
}

/* "…/f_ydoc" or "…/lt-f_ydoc": the seeds are in tests/fuzz/ydoc. */
static size_t replay_seeds(const char *program)
{
	const char *source = getenv("SOURCE"), *slash = strrchr(program, '/');
	const char *name = strstr(slash ? slash : program, "f_");
	char seeds[4096];
	snprintf(seeds, sizeof seeds, "%s/tests/fuzz/%s", source ? source : ".",
		 name ? name + 2 : "");
	return name ? replay(seeds) : 0;
}

int main(int argc, char **argv)
{
	size_t replayed = 0;
	for (int i = 1; i < argc; i++)
		replayed += replay(argv[i]);
	if (argc < 2)
		replayed = replay_seeds(argv[0]);
	printf("%sok 1 - %zu files replayed\n", replayed ? "" : "not ", replayed);
	return !replayed;
}
#endif

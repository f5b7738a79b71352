/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: any bytes typed for a day or time.  As it is built here it replays files, or
 * all files of folders, given on the command line; without any, the seeds in
 * tests/fuzz/when.  With libFuzzer (clang), from the top of the tree:
 *   clang -g -fsanitize=fuzzer,address,undefined -DLINKBOOK_FUZZER -D_GNU_SOURCE -Iinclude \
 *     tests/fuzz/f_when.c src/base/{when,when_day,when_hour,when_read,text,match,buf,err,mem}.c \
 *     -lutf8proc -o f_when && ./f_when -dict=tests/fuzz/when.dict NEW tests/fuzz/when
 */
#include "when_holds.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct when nows[] = {
	{2026, 11, 24, 10, 47}, {2026, 10, 25, 23, 30}, {2026, 3, 28, 23, 30},
	{2026, 12, 31, 8, 5},	{2028, 2, 29, 12, 0},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *typed = strndup((const char *)data, n);
	dates_set_zone();
	for (size_t i = 0; i < 2 * sizeof nows / sizeof *nows; i++) {
		struct typing t = {typed, nows[i / 2], i % 2 ? WHEN_AHEAD : WHEN_BACK};
		const char *broken = when_breaks(&t);
		if (broken) {
			printf("\"%s\": %s\n", typed, broken);
			abort();
		}
	}
	free(typed);
	return 0;
}

#ifndef LINKBOOK_FUZZER
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

static size_t replay(const char *path)
{
	struct stat st;
	uint8_t bytes[4096];
	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		return replay_folder(path);
	FILE *f = fopen(path, "r");
	if (!f)
		return 0;
	size_t n = fread(bytes, 1, sizeof bytes, f);
	fclose(f);
	LLVMFuzzerTestOneInput(bytes, n);
	return 1;
}

int main(int argc, char **argv)
{
	const char *source = getenv("SOURCE");
	char seeds[4096];
	size_t replayed = 0;
	snprintf(seeds, sizeof seeds, "%s/tests/fuzz/when", source ? source : ".");
	for (int i = 1; i < argc; i++)
		replayed += replay(argv[i]);
	if (argc < 2)
		replayed = replay(seeds);
	printf("%sok 1 - %zu files replayed\n", replayed ? "" : "not ", replayed);
	return !replayed;
}
#endif

/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: any bytes typed for a day or time; what must hold of every reading stands in
 * when_holds.h.
 */
#include <linkbook/mem.h>
#include "when_holds.h"

#include "fuzz.h"

static const struct when nows[] = {
	{2026, 11, 24, 10, 47}, {2026, 10, 25, 23, 30}, {2026, 3, 28, 23, 30},
	{2026, 12, 31, 8, 5},	{2028, 2, 29, 12, 0},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *typed = mem_text_n((const char *)data, n);
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

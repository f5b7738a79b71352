/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: any bytes as a seed file, loaded into a book.  What is refused says where and
 * changes nothing; what is accepted, loaded again, changes nothing more.
 */
#include "book_ground.h"

#include <linkbook/seed.h>

static void check_again(struct ground *g, struct span bytes, const struct seed_report *first)
{
	struct seed_report again = {0};
	struct hash mark = ground_mark(g), after;
	enum err e = seed_load(g->book, "x.yaml", bytes, &again, NULL);
	HOLDS(!e && !again.made && !again.updated);
	HOLDS(again.same == first->made + first->updated + first->same);
	seed_report_fini(&again);
	after = ground_mark(g);
	HOLDS(hash_equal(&mark, &after));
	ground_read_all(g);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct span bytes = span_of(data, n);
	struct ground *g = ground_open();
	struct seed_report report = {0};
	struct diag d = {0};
	enum err e = seed_load(g->book, "x.yaml", bytes, &report, &d);
	if (e) {
		struct hash mark = ground_mark(g);
		HOLDS(e == ERR_INPUT || e == ERR_REFUSED);
		HOLDS(hash_equal(&mark, &g->mark));
		fuzz_check_refusal(&d, "x.yaml", bytes);
	} else {
		ground_spoil();
		check_again(g, bytes, &report);
	}
	seed_report_fini(&report);
	diag_fini(&d);
	return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * What every unit test program starts with: one suite of Check, its lines printed.
 */
#ifndef UNIT_H
#define UNIT_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* static void add_tests(TCase *t) comes from the file that includes this. */
#define UNIT_MAIN(name)                                                                            \
	int main(void)                                                                             \
	{                                                                                          \
		Suite *s = suite_create(name);                                                     \
		TCase *t = tcase_create(name);                                                     \
		tcase_set_timeout(t, 60);                                                          \
		add_tests(t);                                                                      \
		suite_add_tcase(s, t);                                                             \
		SRunner *r = srunner_create(s);                                                    \
		srunner_run_all(r, CK_ENV);                                                        \
		int failed = srunner_ntests_failed(r);                                             \
		srunner_free(r);                                                                   \
		return failed ? EXIT_FAILURE : EXIT_SUCCESS;                                       \
	}

#endif

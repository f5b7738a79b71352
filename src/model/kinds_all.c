/* SPDX-License-Identifier: MIT
 *
 * The table of record types, in a file of its own so that a test may link another.
 */
#include "kinds_tables.h"

/* clang-format off */
const struct kind kinds[] = {
#include "kinds_all.h"
	{0},
};

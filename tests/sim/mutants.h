/* SPDX-License-Identifier: MIT
 *
 * The mutants by name.
 */
#ifndef MUTANTS_H
#define MUTANTS_H

#include <linkbook/mutant.h>

const char *mutants_name(enum mutant m);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Which mutant is on; in builds for simulators only.
 */
#include <linkbook/mutant.h>

#ifdef LINKBOOK_SIM
enum mutant mutant_on;
bool mutant_side;
#endif

/* SPDX-License-Identifier: MIT
 *
 * What stands in the terminal against what was painted into the grid, cell by cell.
 */
#ifndef PICTURE_H
#define PICTURE_H

#include "stage.h"

/* Whether the emulator measures every letter of a text, as it is shown, as we do. */
bool picture_knows(struct span text);
/* Whether a cell of the terminal shows a cell of the grid. */
bool picture_shows(const struct cell *c, const VTermScreenCell *there);
/* Ends the test, with what was painted and where, when a cell differs. */
void picture_compare(const struct stage *s, const char *what);

#endif

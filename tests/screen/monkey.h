/* SPDX-License-Identifier: MIT
 *
 * Random keys, texts, clicks, sizes and moments, as the stage's seam draws them, and whether the
 * picture that is painted then is a sound one.
 */
#ifndef MONKEY_H
#define MONKEY_H

#include "stage.h"

/* Below `below`, at most 65,536. */
unsigned monkey_number(struct stage *s, unsigned below);
/* One event; it may lock the book, or leave. */
void monkey_act(struct stage *s);
/* Paints into g, which it makes of the app's size: the caller frees.  Ends the test when the cursor
 * is outside or a wide letter stands there by halves. */
void monkey_paint(struct stage *s, struct grid *g);
/* The same, and nobody looks at it. */
void monkey_check_picture(struct stage *s);

#endif

/* SPDX-License-Identifier: MIT
 *
 * What somebody might put where words belong: every byte, the sequences that terminals obey, and
 * one or more of every class of characters that shows nothing, turns words round, reaches over
 * its place or is none at all; and names and signs that must stay legible.
 */
#ifndef PAYLOADS_H
#define PAYLOADS_H

#include <linkbook/buf.h>

#include <stdbool.h>

/* Of what is harmful, a terminal must see nothing as it is: watch.h notices it. */
enum harm { HARMLESS, HARMFUL, HARMFUL_ON_SCREENS };

struct payload {
	const char *what;
	enum harm harm;
	struct buf text; /* any bytes, NUL among them */
};

size_t payload_count(void);
/* The i-th; the caller frees text. */
struct payload payload_make(size_t i);

/* As UTF-8 writes it, also where it may not: surrogates, and what is beyond the last. */
void payload_letter(uint32_t code, struct buf *out);

#endif

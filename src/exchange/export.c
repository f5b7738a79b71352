/* SPDX-License-Identifier: MIT
 *
 * Records out of the book, into files that other programs and people read.
 */
#include "exchange.h"

void key_end(const struct record *r, struct buf *out)
{
	char hex[ID_HEX];
	buf_printf(out, "-%.8s", id_to_hex(&r->id, hex));
}

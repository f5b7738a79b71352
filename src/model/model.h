/* SPDX-License-Identifier: MIT
 *
 * What the files of this room share and nobody else needs.
 */
#ifndef MODEL_H
#define MODEL_H

#include <linkbook/fold.h>
#include <linkbook/value.h>

/* Takes a byte string of exactly n bytes. */
bool value_take_exact(struct span *at, void *to, size_t n);
/* Standing values: the one to show first; members of a set: by value; rows: by place. */
int said_sort(const void *a, const void *b);
int said_member_sort(const void *a, const void *b);
int state_row_sort(const void *a, const void *b);
/* Field names in the order of CBOR map keys: the shorter first, then by bytes. */
int name_order(struct span a, struct span b);

#endif

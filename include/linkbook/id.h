/* SPDX-License-Identifier: MIT
 *
 * The two names everything has: a random 128-bit id (a person, a record, a row, a step, a
 * store, a key, a draft, a writer) and a 256-bit hash (a change, a file).
 */
#ifndef LINKBOOK_ID_H
#define LINKBOOK_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linkbook/buf.h>

struct id {
	uint8_t b[16];
};
struct hash {
	uint8_t b[32];
};

enum { ID_HEX = 33, HASH_HEX = 65 }; /* room for hex digits and the NUL */

bool id_equal(const struct id *a, const struct id *b);
int id_order(const struct id *a, const struct id *b);
bool id_is_zero(const struct id *a);
bool hash_equal(const struct hash *a, const struct hash *b);
/* Its bytes; borrowed from h. */
struct span hash_span(const struct hash *h);
int hash_order(const struct hash *a, const struct hash *b);

/* Lowercase hex.  The buffers are the caller's. */
const char *id_to_hex(const struct id *a, char out[ID_HEX]);
const char *hash_to_hex(const struct hash *a, char out[HASH_HEX]);
void hex_from_bytes(const uint8_t *p, size_t n, char *out);

/* Exactly 2·n hex digits, either case; false for anything else, and nothing is written. */
bool hex_to_bytes(const char *hex, size_t digits, uint8_t *out, size_t n);
bool id_from_hex(const char *hex, struct id *out);
bool hash_from_hex(const char *hex, struct hash *out);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Ids and hashes, compared and written as hex.
 */
#include <linkbook/id.h>

#include <string.h>

bool id_equal(const struct id *a, const struct id *b)
{
	return !memcmp(a->b, b->b, sizeof a->b);
}

int id_order(const struct id *a, const struct id *b)
{
	return memcmp(a->b, b->b, sizeof a->b);
}

bool id_is_zero(const struct id *a)
{
	static const struct id zero;
	return id_equal(a, &zero);
}

bool hash_equal(const struct hash *a, const struct hash *b)
{
	return !memcmp(a->b, b->b, sizeof a->b);
}

struct span hash_span(const struct hash *h)
{
	return span_of(h->b, sizeof h->b);
}

int hash_order(const struct hash *a, const struct hash *b)
{
	return memcmp(a->b, b->b, sizeof a->b);
}

void hex_from_bytes(const uint8_t *p, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[p[i] >> 4];
		out[2 * i + 1] = digits[p[i] & 15];
	}
	out[2 * n] = 0;
}

const char *id_to_hex(const struct id *a, char out[ID_HEX])
{
	hex_from_bytes(a->b, sizeof a->b, out);
	return out;
}

const char *hash_to_hex(const struct hash *a, char out[HASH_HEX])
{
	hex_from_bytes(a->b, sizeof a->b, out);
	return out;
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool hex_to_bytes(const char *hex, size_t digits, uint8_t *out, size_t n)
{
	if (digits != 2 * n)
		return false;
	for (size_t i = 0; i < digits; i++)
		if (nibble(hex[i]) < 0)
			return false;
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
	return true;
}

bool id_from_hex(const char *hex, struct id *out)
{
	return hex_to_bytes(hex, strlen(hex), out->b, sizeof out->b);
}

bool hash_from_hex(const char *hex, struct hash *out)
{
	return hex_to_bytes(hex, strlen(hex), out->b, sizeof out->b);
}

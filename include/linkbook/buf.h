/* SPDX-License-Identifier: MIT
 *
 * Bytes that grow, and bytes that are read.  `struct buf` owns; `struct span` borrows.
 * Invariant: p[n] is always a NUL that does not count, so text in a buf is a C string.
 * A buf marked secret is wiped whenever its bytes move or go.
 */
#ifndef LINKBOOK_BUF_H
#define LINKBOOK_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linkbook/err.h>

struct buf {
	uint8_t *p;
	size_t n, cap;
	bool secret;
};

/* Borrowed bytes; who lends them says until when. */
struct span {
	const uint8_t *p;
	size_t n;
};

#define BUF_INIT                                                                                   \
	{                                                                                          \
		NULL, 0, 0, false                                                                  \
	}
#define BUF_SECRET                                                                                 \
	{                                                                                          \
		NULL, 0, 0, true                                                                   \
	}

void buf_fini(struct buf *b);
void buf_clear(struct buf *b);
void buf_reserve(struct buf *b, size_t more);
void buf_add(struct buf *b, const void *p, size_t n);
void buf_add_text(struct buf *b, const char *text);
void buf_add_span(struct buf *b, struct span s);
void buf_add_byte(struct buf *b, uint8_t byte);
void buf_add_zeros(struct buf *b, size_t n);
void buf_add_u16(struct buf *b, uint16_t v); /* numbers are big-endian, as in every file */
void buf_add_u32(struct buf *b, uint32_t v);
void buf_add_u64(struct buf *b, uint64_t v);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Replaces n bytes at pos by m others. */
void buf_splice(struct buf *b, size_t pos, size_t n, const void *with, size_t m);

/* The text, never NULL; borrowed until the buf changes. */
const char *buf_text(const struct buf *b);
/* Hands the bytes (NUL-terminated) to the caller, who frees; the buf is empty afterwards. */
char *buf_take_text(struct buf *b);
/* All bytes; p is never NULL. */
struct span buf_span(const struct buf *b);

struct span span_of(const void *p, size_t n);
struct span span_text(const char *text);
bool span_equal(struct span a, struct span b);
bool span_is(struct span a, const char *text);
/* One to four digits and nothing else. */
bool span_number(struct span a, long *number);
/* memcmp over the common length, then the shorter first. */
int span_order(struct span a, struct span b);

/* A reader over a span: each take moves on; the first take beyond the end sets `bad` and
 * every later one gives zeros, so a caller checks once at the end. */
struct reader {
	struct span rest;
	bool bad;
};
struct span reader_take(struct reader *r, size_t n);
void reader_copy(struct reader *r, void *to, size_t n);
uint8_t reader_u8(struct reader *r);
uint16_t reader_u16(struct reader *r);
uint32_t reader_u32(struct reader *r);
uint64_t reader_u64(struct reader *r);

#endif

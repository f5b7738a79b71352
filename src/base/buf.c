/* SPDX-License-Identifier: MIT
 *
 * Bytes that grow, and a reader that cannot run over the end.
 */
#include <linkbook/buf.h>
#include <linkbook/mem.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_fini(struct buf *b)
{
	if (b->secret && b->p)
		mem_wipe(b->p, b->cap);
	free(b->p);
	*b = (struct buf){.secret = b->secret};
}

void buf_clear(struct buf *b)
{
	if (b->secret && b->p)
		mem_wipe(b->p, b->cap);
	b->n = 0;
	if (b->p)
		b->p[0] = 0;
}

/* realloc may leave the old bytes behind, so a secret one moves by hand. */
static void move_secret(struct buf *b, size_t cap)
{
	uint8_t *p = mem_alloc(cap);
	if (b->p) {
		memcpy(p, b->p, b->n);
		mem_wipe(b->p, b->cap);
		free(b->p);
	}
	b->p = p;
}

void buf_reserve(struct buf *b, size_t more)
{
	if (more > SIZE_MAX / 4 || b->n > SIZE_MAX / 4)
		err_out_of_memory();
	size_t need = b->n + more + 1;
	if (need <= b->cap)
		return;
	size_t cap = b->cap ? b->cap : 32;
	while (cap < need)
		cap *= 2;
	if (b->secret)
		move_secret(b, cap);
	else
		b->p = mem_grow(b->p, cap, 1);
	b->cap = cap;
	b->p[b->n] = 0;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	buf_reserve(b, n);
	if (n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = 0;
}

void buf_add_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void buf_add_span(struct buf *b, struct span s)
{
	buf_add(b, s.p, s.n);
}

void buf_add_byte(struct buf *b, uint8_t byte)
{
	buf_add(b, &byte, 1);
}

void buf_add_zeros(struct buf *b, size_t n)
{
	buf_reserve(b, n);
	memset(b->p + b->n, 0, n + 1);
	b->n += n;
}

static void add_number(struct buf *b, uint64_t v, size_t bytes)
{
	while (bytes--)
		buf_add_byte(b, (uint8_t)(v >> (8 * bytes)));
}

void buf_add_u16(struct buf *b, uint16_t v)
{
	add_number(b, v, 2);
}

void buf_add_u32(struct buf *b, uint32_t v)
{
	add_number(b, v, 4);
}

void buf_add_u64(struct buf *b, uint64_t v)
{
	add_number(b, v, 8);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, args);
	BUG_IF(n < 0);
	buf_reserve(b, (size_t)n);
	vsnprintf((char *)b->p + b->n, (size_t)n + 1, fmt, again);
	b->n += (size_t)n;
	va_end(again);
	va_end(args);
}

void buf_splice(struct buf *b, size_t pos, size_t n, const void *with, size_t m)
{
	BUG_IF(pos > b->n || n > b->n - pos);
	if (m > n)
		buf_reserve(b, m - n);
	if (!b->p)
		return; /* nothing there, and nothing to put there */
	memmove(b->p + pos + m, b->p + pos + n, b->n - pos - n + 1);
	if (m)
		memcpy(b->p + pos, with, m);
	b->n = b->n - n + m;
}

const char *buf_text(const struct buf *b)
{
	return b->p ? (const char *)b->p : "";
}

char *buf_take_text(struct buf *b)
{
	buf_reserve(b, 0);
	char *text = (char *)b->p;
	*b = (struct buf){.secret = b->secret};
	return text;
}

struct span buf_span(const struct buf *b)
{
	return (struct span){(const uint8_t *)buf_text(b), b->n};
}

struct span span_of(const void *p, size_t n)
{
	return (struct span){p, n};
}

struct span span_text(const char *text)
{
	return (struct span){(const uint8_t *)text, strlen(text)};
}

bool span_equal(struct span a, struct span b)
{
	return a.n == b.n && (!a.n || !memcmp(a.p, b.p, a.n));
}

bool span_is(struct span a, const char *text)
{
	return span_equal(a, span_text(text));
}

bool span_number(struct span a, long *number)
{
	enum { DIGITS = 4 };
	*number = 0;
	for (size_t i = 0; i < a.n && i < DIGITS; i++) {
		if (a.p[i] < '0' || a.p[i] > '9')
			return false;
		*number = *number * 10 + a.p[i] - '0';
	}
	return a.n > 0 && a.n <= DIGITS;
}

int span_order(struct span a, struct span b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.p, b.p, n) : 0;
	return order ? order : (a.n > b.n) - (a.n < b.n);
}

struct span reader_take(struct reader *r, size_t n)
{
	if (r->bad || n > r->rest.n) {
		r->bad = true;
		return (struct span){NULL, 0};
	}
	struct span taken = {r->rest.p, n};
	r->rest.p += n;
	r->rest.n -= n;
	return taken;
}

void reader_copy(struct reader *r, void *to, size_t n)
{
	struct span s = reader_take(r, n);
	if (r->bad)
		memset(to, 0, n);
	else
		memcpy(to, s.p, n);
}

static uint64_t take_number(struct reader *r, size_t bytes)
{
	struct span s = reader_take(r, bytes);
	uint64_t v = 0;
	for (size_t i = 0; i < s.n; i++)
		v = v << 8 | s.p[i];
	return v;
}

uint8_t reader_u8(struct reader *r)
{
	return (uint8_t)take_number(r, 1);
}

uint16_t reader_u16(struct reader *r)
{
	return (uint16_t)take_number(r, 2);
}

uint32_t reader_u32(struct reader *r)
{
	return (uint32_t)take_number(r, 4);
}

uint64_t reader_u64(struct reader *r)
{
	return take_number(r, 8);
}

/* SPDX-License-Identifier: MIT
 *
 * Allocation that cannot fail.
 */
#include <linkbook/mem.h>
#include <linkbook/err.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __APPLE__
#include <malloc/malloc.h>
#define malloc_usable_size malloc_size
#else
#include <malloc.h>
#endif

void *mem_alloc_many(size_t count, size_t size)
{
	void *p = calloc(count ? count : 1, size ? size : 1);
	if (!p)
		err_out_of_memory();
	return p;
}

void *mem_alloc(size_t size)
{
	return mem_alloc_many(1, size);
}

void *mem_grow(void *p, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		err_out_of_memory();
	size_t bytes = count * size;
	void *grown = realloc(p, bytes ? bytes : 1);
	if (!grown)
		err_out_of_memory();
	return grown;
}

void *mem_dup(const void *p, size_t n)
{
	void *copy = mem_alloc(n);
	if (n)
		memcpy(copy, p, n);
	return copy;
}

char *mem_text_n(const char *text, size_t n)
{
	char *copy = mem_alloc(n + 1);
	if (n)
		memcpy(copy, text, n);
	return copy;
}

char *mem_text(const char *text)
{
	return mem_text_n(text, strlen(text));
}

void mem_wipe(void *p, size_t n)
{
	if (n)
		explicit_bzero(p, n);
}

/* Deeper than anything of ours goes; noinline, or it would be the caller's own. */
__attribute__((noinline)) void mem_wipe_stack(void)
{
	uint8_t deep[256 << 10];
	mem_wipe(deep, sizeof deep);
}

void mem_free_secret(void *p)
{
	if (p)
		mem_wipe(p, malloc_usable_size(p));
	free(p);
}

void *mem_room(void *v, size_t count, size_t *cap, size_t size)
{
	if (count < *cap)
		return v;
	*cap = *cap ? *cap * 2 : 8;
	return mem_grow(v, *cap, size);
}

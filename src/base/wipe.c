/* SPDX-License-Identifier: MIT
 *
 * free() and realloc() for the whole process, the libraries in it too: what is given back is
 * wiped first, so that once the book is locked no copy of a name waits in the heap for somebody
 * to read it.  What is secret is wiped by its owner all the same (buf.h, mem.h); this is for what
 * curses, CBOR and JSON readers and the C library copy on the way.
 *
 * With the GNU C library only, which keeps its own under another name; a sanitizer has its own.
 */
#include "config.h"

#include <linkbook/mem.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define WIPES 0
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define WIPES 0
#endif
#endif
#ifndef WIPES
#ifdef HAVE___LIBC_FREE
#define WIPES 1
#else
#define WIPES 0
#endif
#endif

#if WIPES

#include <malloc.h>

extern void __libc_free(void *p);

void free(void *p)
{
	int kept = errno;
	if (p)
		explicit_bzero(p, malloc_usable_size(p));
	__libc_free(p);
	errno = kept;
}

/* Never in place when it grows beyond what it has, and never by moving pages: the old bytes go
 * through free. */
void *realloc(void *p, size_t n)
{
	if (!p)
		return malloc(n);
	if (!n) {
		free(p);
		return NULL;
	}
	size_t had = malloc_usable_size(p);
	if (n <= had && n > had / 2) {
		explicit_bzero((char *)p + n, had - n);
		return p;
	}
	void *fresh = malloc(n);
	if (!fresh)
		return NULL;
	memcpy(fresh, p, n < had ? n : had);
	free(p);
	return fresh;
}

#endif

bool mem_wipes_all(void)
{
	return WIPES;
}

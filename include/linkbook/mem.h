/* SPDX-License-Identifier: MIT
 *
 * Allocation that cannot fail: without memory the program dies in order (err.h), because
 * drafts are on disk already and a half-made record is worse than none.
 */
#ifndef LINKBOOK_MEM_H
#define LINKBOOK_MEM_H

#include <stdbool.h>
#include <stddef.h>

#define NEVER_NULL __attribute__((returns_nonnull))

/* All return memory the caller frees with free().  mem_alloc zeroes. */
NEVER_NULL void *mem_alloc(size_t size);
NEVER_NULL void *mem_alloc_many(size_t count, size_t size);
NEVER_NULL void *mem_grow(void *p, size_t count, size_t size);
NEVER_NULL void *mem_dup(const void *p, size_t n);
NEVER_NULL char *mem_text(const char *text);
NEVER_NULL char *mem_text_n(const char *text, size_t n);

/* Wipes n bytes in a way the compiler keeps. */
void mem_wipe(void *p, size_t n);
/* free(), with all that the allocator gave for p wiped first.  NULL is fine. */
void mem_free_secret(void *p);

/* Whether free() itself wipes in this build, whoever calls it (wipe.c). */
bool mem_wipes_all(void);
/* Wipes what functions that have returned left on the stack. */
void mem_wipe_stack(void);

/* Makes room for one more in an array that doubles: `v = mem_room(v, count, &cap, sizeof *v)`. */
NEVER_NULL void *mem_room(void *v, size_t count, size_t *cap, size_t size);

#endif

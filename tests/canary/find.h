/* SPDX-License-Identifier: MIT
 *
 * Canaries: words that nobody else writes, and looking for them in bytes, files and processes.
 */
#ifndef CANARY_FIND_H
#define CANARY_FIND_H

#include <linkbook/buf.h>

#include <sys/types.h>

enum { CANARY = 24, PIECE = 8 };

/* Looks for pieces of the words (CANARY letters each, small) as they are, in capitals, and with
 * their letters apart, as cells of a screen and wide characters have them.  What it finds is
 * said on stderr with `where`; returns how much. */
size_t canary_in_bytes(const char *const words[], size_t count, const void *bytes, size_t n,
		       const char *where);
/* In every file below a folder: in its bytes, its name, and where a link leads. */
size_t canary_in_files(const char *const words[], size_t count, const char *folder);
/* In all the memory of a process; SIZE_MAX: it may not be read. */
size_t canary_in_process(const char *const words[], size_t count, pid_t pid);

#endif

/* SPDX-License-Identifier: MIT
 *
 * What the fuzz targets share.  A target is one file f_*.c with one function that takes any
 * bytes and asserts more than "it does not crash".  With gcc it is linked with replay.c, and
 * `make check` replays the files kept in the folder of its name; with clang (make fuzz) it is
 * linked with libFuzzer, which makes up more.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <linkbook/buf.h>
#include <linkbook/err.h>
#include <linkbook/seam.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* What must hold whatever came in. */
#define HOLDS(what)                                                                                \
	do {                                                                                       \
		if (!(what))                                                                       \
			fuzz_broken(__FILE__, __LINE__, #what);                                    \
	} while (0)
_Noreturn void fuzz_broken(const char *file, int line, const char *what);

/* The input as a row of decisions; beyond its end all are 0. */
struct feed {
	struct span rest;
};
uint8_t feed_byte(struct feed *f);
/* 0 to below - 1. */
unsigned feed_below(struct feed *f, unsigned below);
/* A length (two bytes), and so many bytes. */
struct span feed_piece(struct feed *f);

/* Tuesday 24 November 2026, 10:47 in London. */
enum { FUZZ_SEED = 1 };
extern const int64_t fuzz_now_ms;

/* A folder of this process in memory, made once and removed at its end. */
const char *fuzz_folder(void);
/* The locale and the zone that targets run in; once. */
void fuzz_start(void);
/* All terms that are compiled in; read once. */
const struct terms *fuzz_terms(void);
/* A seeded seam whose fsync costs nothing. */
void fuzz_seam(struct seam *s);
/* Every sentence: of this file (NULL: any or none), plain, one line, of bearable length, with a
 * place in it that the file has. */
void fuzz_check_diag(const struct diag *d, const char *file, struct span bytes);
/* The same, and the first one says line and column. */
void fuzz_check_refusal(const struct diag *d, const char *file, struct span bytes);

#endif

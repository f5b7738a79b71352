/* SPDX-License-Identifier: MIT
 *
 * Seed files on their way into the book: seed_read.c understands them, seed_value.c their
 * values, seed.c writes them.
 */
#ifndef SEED_IMPL_H
#define SEED_IMPL_H

#include <linkbook/extra.h>
#include <linkbook/seed.h>
#include <linkbook/ydoc.h>

/* One record in the making. */
struct sown {
	const struct ynode *at;
	char *key;
	struct put_field *fields;
	struct buf *values;
	size_t count;
	bool kept; /* made here by hand: nothing is written */
};
/* One file. */
struct sowing {
	struct seeding *all;
	struct ydoc doc;
	const char *source; /* the practice's code, or NULL */
	long version;
	const struct ynode *resources; /* NULL: this is the practice itself */
	struct extras extras; /* what the practice asks of its groups besides */
	struct id directory; /* zero: to be made */
	struct id by_hand; /* the practice's record, where it was made here by hand; else zero */
	struct sown *v;
	struct put *puts;
	size_t count;
};
struct seeding {
	struct book *b;
	struct diag *d;
	struct sowing *files;
	size_t count;
	size_t mistakes;
};

/* --- seed_value.c --- */
/* Says a mistake: what was found; what to write. */
void seed_wrong(struct sowing *w, const struct ynode *at, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* A key that is none of n names. */
void seed_unknown(struct sowing *w, const struct ynode *key, const char *const *names, size_t n);
/* The value of a field, as its node says it. */
void seed_value(struct sowing *w, const struct field *f, const struct ynode *n, struct buf *out);

/* --- seed_read.c --- */
/* Reads the file and what it is about. */
void seed_open(struct sowing *w, const struct seed_file *file);
/* Its records; after all files were opened. */
void seed_sow(struct sowing *w);
void seed_close(struct sowing *w);

#endif

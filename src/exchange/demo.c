/* SPDX-License-Identifier: MIT
 *
 * A book of made-up people, from the files that ship.
 */
#include <linkbook/demo.h>

#include <linkbook/lines.h>
#include <linkbook/resource.h>
#include <linkbook/seed.h>

#include <stdio.h>
#include <stdlib.h>

const char demo_passphrase[] = "made up people only";

static enum err load_people(struct book *b, struct diag *d)
{
	struct buf bytes = BUF_INIT;
	struct id *ids = NULL;
	size_t count;
	enum err e = resource_read(book_seam(b), NULL, "data/demo/book.jsonl", &bytes, NULL, d);
	FILE *in = e ? NULL : fmemopen(bytes.p, bytes.n, "r");
	if (in) {
		e = lines_put(b, in, "book.jsonl", &ids, &count, d);
		fclose(in);
	}
	free(ids);
	buf_fini(&bytes);
	return e;
}

static enum err load_practice(struct book *b, const char *name, struct diag *d)
{
	struct buf bytes = BUF_INIT;
	struct seed_report report = {0};
	enum err e = resource_read(book_seam(b), NULL, name, &bytes, NULL, d);
	if (!e)
		e = seed_load(b, name, buf_span(&bytes), &report, d);
	seed_report_fini(&report);
	buf_fini(&bytes);
	return e;
}

enum err demo_make(struct seam *seam, const char *dir, const struct terms *terms, struct diag *d)
{
	struct span words = span_text(demo_passphrase);
	struct book *b = NULL;
	enum err e = book_create(seam, dir, "Demo practitioner", words, KDF_INTERACTIVE, d);
	if (!e)
		e = book_open(seam, dir, words, terms, &b, d);
	if (!e)
		e = load_practice(b, "data/practices/ashgill/practice.yaml", d);
	if (!e)
		e = load_practice(b, "data/practices/ashgill/resources.yaml", d);
	if (!e)
		e = load_people(b, d);
	book_close(b);
	return e;
}

/* SPDX-License-Identifier: MIT
 *
 * A book on real files in a temporary folder, and few words to write and read it with; for the
 * tests of the book room.
 */
#ifndef BOOK_STAGE_H
#define BOOK_STAGE_H

#include <linkbook/book.h>
#include <linkbook/mem.h>
#include <linkbook/resource.h>

#include <stdio.h>
#include <unistd.h>

#include "unit.h"

#define UNUSED_OK __attribute__((unused))

static struct seam seam;
static struct terms *terms;
static char root[40], here[80], there[80];
static const char words[] = "four plain words here";

/* Tuesday 24 November 2026, 10:47 in London. */
static const int64_t now_ms = 1795517220000;

/* Commands find the folders in $HERE, $THERE and $ROOT. */
static void shell(const char *command)
{
	ck_assert_msg(system(command) == 0, "%s", command);
}

static void load_terms(void)
{
	static const char *const files[] = {"data/terms/people.yaml", "data/terms/contacts.yaml",
					    "data/terms/resources.yaml", "data/terms/work.yaml"};
	terms = terms_new();
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const struct resource *r = resource_find(files[i]);
		struct diag d = {0};
		enum err e = terms_load(terms, r->name, span_of(r->bytes, r->size), &d);
		ck_assert_msg(!e, "%s", diag_first(&d));
	}
}

static void setup(void)
{
	/* In memory where there is such a place: these tests are of what is there, not of disks. */
	strcpy(root, access("/dev/shm", W_OK) ? "/tmp/linkbook-test-XXXXXX"
					      : "/dev/shm/linkbook-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	setenv("XDG_STATE_HOME", root, 1);
	setenv("TZ", "Europe/London", 1);
	snprintf(here, sizeof here, "%s/book", root);
	snprintf(there, sizeof there, "%s/copy", root);
	setenv("ROOT", root, 1);
	setenv("HERE", here, 1);
	setenv("THERE", there, 1);
	seam_init_sim(&seam, 1, now_ms);
	load_terms();
	struct diag d = {0};
	enum err e = book_create(&seam, here, "Ailsa", span_text(words), KDF_CALIBRATED, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
}

static void teardown(void)
{
	terms_free(terms);
	shell("rm -rf \"$ROOT\"");
}

static struct book *open_book(const char *dir)
{
	struct book *b;
	struct diag d = {0};
	enum err e = book_open(&seam, dir, span_text(words), terms, &b, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
	diag_fini(&d);
	return b;
}

/* --- writing and reading with few words ------------------------------------------------- */

UNUSED_OK static struct id put_fields(struct book *b, const char *kind, struct put put,
				      const char *pairs[], size_t n)
{
	struct buf values[8];
	struct put_field fields[8];
	struct diag d = {0};
	put.kind = kind_find(kind);
	for (size_t i = 0; i < n; i++) {
		const struct field *f = kind_field(put.kind, pairs[2 * i]);
		values[i] = (struct buf)BUF_INIT;
		if (field_is_set(f))
			value_add_list(&values[i], 1);
		enum err e = value_read(f, pairs[2 * i + 1], terms, when_now(&seam), WHEN_BACK,
					&values[i], &d);
		ck_assert_msg(!e, "%s", diag_first(&d));
		fields[i] = (struct put_field){pairs[2 * i], buf_span(&values[i])};
	}
	put.fields = fields;
	put.field_count = n;
	enum err e = book_put(b, &put, 1, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
	for (size_t i = 0; i < n; i++)
		buf_fini(&values[i]);
	diag_fini(&d);
	return put.record;
}

UNUSED_OK static struct id add_person(struct book *b, const char *given, const char *family)
{
	const char *pairs[] = {"given_name", given, "family_name", family};
	return put_fields(b, "person", (struct put){0}, pairs, 2);
}

UNUSED_OK static void check_said(struct book *b, const struct id *id, const char *field,
				 const char *want)
{
	struct record r;
	struct buf said = BUF_INIT;
	ck_assert_int_eq(book_get(b, id, &r), OK);
	record_say(b, &r, field, &said);
	ck_assert_str_eq(buf_text(&said), want);
	buf_fini(&said);
	record_fini(&r);
}

UNUSED_OK static void check_same_hash(struct book *a, struct book *b)
{
	struct view_hash *x, *y;
	size_t n, m;
	ck_assert_int_eq(book_view_hash(a, &x, &n, NULL), OK);
	ck_assert_int_eq(book_view_hash(b, &y, &m, NULL), OK);
	ck_assert_uint_eq(n, m);
	for (size_t i = 0; i < n; i++) {
		ck_assert(hash_equal(&x[i].changes, &y[i].changes));
		ck_assert(hash_equal(&x[i].view, &y[i].view));
		ck_assert_uint_eq(x[i].people, y[i].people);
	}
	free(x);
	free(y);
}

/* Two copies of one book, both open. */
UNUSED_OK static void split(struct book **a, struct book **b)
{
	shell("cp -r \"$HERE\" \"$THERE\"");
	*a = open_book(here);
	*b = open_book(there);
}

UNUSED_OK static void exchange(struct book **a, struct book **b)
{
	book_close(*a);
	book_close(*b);
	shell("cp -rn \"$HERE/.\" \"$THERE/\"");
	shell("cp -rn \"$THERE/.\" \"$HERE/\"");
	*a = open_book(here);
	*b = open_book(there);
}

#endif

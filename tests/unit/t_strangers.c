/* SPDX-License-Identifier: MIT
 *
 * Books of other people, and what they may be taken for.
 */
#include "book_stage.h"

#include <linkbook/slots.h>

/* With its passphrase, and whatever its folder is called: people are not shared so. */
START_TEST(anothers_caseload_is_no_directory)
{
	static const char *const names[] = {"backup", "caseload", "directories"};
	struct id store;
	struct book *b = open_book(here);
	char *theirs = file_join(root, "theirs");
	ck_assert_int_eq(
		book_create(&seam, theirs, "Eve", span_text("other words"), KDF_CALIBRATED, NULL),
		OK);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct diag d = {0};
		char *where = file_join(root, names[i]);
		shell("rm -rf \"$ROOT/now\" && cp -r \"$ROOT/theirs/caseload\" \"$ROOT/now\"");
		char *now = file_join(root, "now");
		ck_assert_int_eq(rename(now, where), 0);
		ck_assert_int_eq(directory_try(&seam, where, span_text("other words"), NULL),
				 ERR_REFUSED);
		ck_assert_int_eq(book_join(b, where, span_text("other words"), &store, &d),
				 ERR_REFUSED);
		ck_assert_ptr_nonnull(strstr(diag_first(&d), "is a caseload, and no directory"));
		ck_assert_uint_eq(book_directory_count(b), 0);
		diag_fini(&d);
		free(now);
		free(where);
	}
	book_close(b);
	free(theirs);
}
END_TEST

/* Nor does a directory stand for the caseload, whose words are not the team's. */
START_TEST(a_directory_is_no_caseload)
{
	struct id store;
	struct diag d = {0};
	struct book *b = open_book(here), *other;
	struct way_new team = {
		.way = WAY_PASSPHRASE, .secret = span_text("team words"), .label = ""};
	ck_assert_int_eq(book_add_directory(b, &store, NULL), OK);
	ck_assert_int_eq(book_add_slot(b, &store, &team, NULL), OK);
	book_close(b);
	shell("mkdir \"$THERE\" && cp -r \"$HERE\"/directories/* \"$THERE\"/caseload");
	ck_assert_int_eq(book_open(&seam, there, span_text("team words"), terms, &other, &d),
			 ERR_REFUSED);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "is a directory, and no caseload"));
	diag_fini(&d);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, anothers_caseload_is_no_directory);
	tcase_add_test(t, a_directory_is_no_caseload);
}

UNIT_MAIN("strangers")

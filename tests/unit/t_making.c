/* SPDX-License-Identifier: MIT
 *
 * The making of a book, or of a directory in it, that was interrupted.
 */
#include "book_stage.h"

static enum err make_again(const char *author)
{
	return book_create(&seam, here, author, span_text("other words this time"), KDF_CALIBRATED,
			   NULL);
}

/* What may be left, from less to more; the owner's segment is the last thing to be written. */
static const char *const left_overs[] = {
	"find \"$HERE\" -type f -delete",
	"find \"$HERE\" -type f -delete; : >\"$HERE/caseload/slots/00.slot.part\"",
	"find \"$HERE\" -type f -delete; rm -r \"$HERE/caseload/slots\" \"$HERE/directories\"",
	"find \"$HERE\" -name '*.seg' -delete; find \"$HERE\" -name '*.keys' -delete",
	"find \"$HERE\" -name '*.seg' -delete",
};

START_TEST(a_book_that_was_being_made_is_made_anew)
{
	struct book *b;
	shell(left_overs[_i]);
	ck_assert(!book_is_there(here));
	ck_assert_int_eq(make_again("Ishbel"), OK);
	ck_assert(book_is_there(here));
	ck_assert_int_eq(book_open(&seam, here, span_text(words), terms, &b, NULL), ERR_UNLOCK);
	struct diag d = {0};
	ck_assert_int_eq(book_open(&seam, here, span_text("other words this time"), terms, &b, &d),
			 OK);
	ck_assert_uint_eq(d.count, 0);
	ck_assert_str_eq(book_author(b), "Ishbel");
	ck_assert_uint_eq(book_trouble(b), 0);
	ck_assert_int_eq(book_check(b, NULL), OK);
	book_close(b);
}
END_TEST

/* Anything that holds a word of somebody's, or is not ours, is left alone. */
static const char *const more_than_that[] = {
	"true",
	"find \"$HERE\" -name '*.keys' -delete",
	"find \"$HERE\" -name '*.seg' -delete; : >\"$HERE/caseload/drafts/00.draft\"",
	"find \"$HERE\" -name '*.seg' -delete; : >\"$HERE/caseload/slots/00.slot\"",
	"find \"$HERE\" -name '*.seg' -delete; mkdir \"$HERE/directories/00\"",
	"find \"$HERE\" -name '*.seg' -delete; : >\"$HERE/letter.txt\"",
};

START_TEST(a_book_is_not_made_over_another)
{
	shell(more_than_that[_i]);
	shell("find \"$HERE\" | sort >\"$ROOT/before\"");
	ck_assert_int_eq(make_again("Ishbel"), ERR_REFUSED);
	shell("find \"$HERE\" | sort | cmp - \"$ROOT/before\"");
}
END_TEST

START_TEST(a_directory_that_was_being_made_is_none)
{
	struct id store;
	struct book *b = open_book(here);
	ck_assert_int_eq(book_add_directory(b, &store, NULL), OK);
	book_close(b);
	shell("find \"$HERE/directories\" -type f -delete");
	b = open_book(here);
	ck_assert_uint_eq(book_directory_count(b), 0);
	ck_assert_uint_eq(book_trouble(b), 0);
	ck_assert_int_eq(book_check(b, NULL), OK);
	ck_assert_int_eq(book_add_directory(b, &store, NULL), OK);
	ck_assert_uint_eq(book_directory_count(b), 1);
	book_close(b);
}
END_TEST

#define COUNT(v) ((int)(sizeof(v) / sizeof *(v)))

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_book_that_was_being_made_is_made_anew, 0, COUNT(left_overs));
	tcase_add_loop_test(t, a_book_is_not_made_over_another, 0, COUNT(more_than_that));
	tcase_add_test(t, a_directory_that_was_being_made_is_none);
}

UNIT_MAIN("making")

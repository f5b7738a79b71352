/* SPDX-License-Identifier: MIT
 *
 * Books of other people, and what they may be taken for; and what somebody with the keys could
 * write over what is there.
 */
#include "book_impl.h"
#define open_book open_on_stage /* the room has one of its own */
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

/* A change without parents, of another type, under the id of a note. */
static void write_other_type(struct book *b, const struct id *person, const struct id *note,
			     uint8_t salt)
{
	struct change c = {.record = *note, .type = span_text("link"), .stamp = now_ms + salt};
	struct envelope v = {.subject = *person, .record = *note};
	struct buf bytes = BUF_INIT;
	c.salt[0] = salt;
	change_encode(&c, &bytes);
	v.bytes = buf_span(&bytes);
	v.id = store_hash(b->stores[0], v.bytes);
	ck_assert_int_eq(store_save(b->stores[0], &v, 1, NULL), OK);
	change_fini(&c);
	buf_fini(&bytes);
}

static void find_words(void *arg, const struct event *e)
{
	*(bool *)arg |= strstr(e->sentence, "note set to \"Good form.\"") != NULL;
}

/* By one in two of them, whichever id comes first, the record is taken for the other type. */
START_TEST(another_type_under_the_same_id_hides_no_words)
{
	static const char *const visit[] = {"starts", "2 Nov 2026 14:00", "mode", "phone",
					    "note",   "Good form."};
	struct book *b = open_book(here);
	struct id mairi = add_person(b, "Mairi", "MacLeod");
	struct put put = {.person = mairi};
	struct id note = put_fields(b, "contact", put, (const char **)(uintptr_t)visit, 3);
	for (uint8_t salt = 1; salt < 8; salt++) {
		bool told = false;
		write_other_type(b, &mairi, &note, salt);
		ck_assert_int_eq(book_history(b, (struct ref){mairi, note}, find_words, &told), OK);
		ck_assert(told);
	}
	book_close(b);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, anothers_caseload_is_no_directory);
	tcase_add_test(t, a_directory_is_no_caseload);
	tcase_add_test(t, another_type_under_the_same_id_hides_no_words);
}

UNIT_MAIN("strangers")

/* SPDX-License-Identifier: MIT
 *
 * What the merge simulator found, each in the fewest steps, so that it stays found whatever
 * the simulator draws.
 */
#include "book_stage.h"

static void load_seed(struct book *b)
{
	const char *pairs[] = {"name", "Walk", "summary", "Every Tuesday"};
	struct put put = {.seed_source = "ashgill", .seed_key = "resource/walk", .seed_version = 1};
	put_fields(b, "resource", put, pairs, 2);
}

/* One change, sealed on each copy under a key of its own: whichever key comes, it is there once
 * and waits for nothing. */
START_TEST(a_seed_loaded_on_two_copies_needs_one_key)
{
	struct diag d = {0};
	struct id directory;
	struct view_hash *before, *after;
	size_t n;
	struct book *a = open_book(here), *b;
	ck_assert_int_eq(book_add_directory(a, &directory, &d), OK);
	book_close(a);
	split(&a, &b);
	load_seed(a);
	load_seed(b);
	ck_assert_int_eq(book_view_hash(a, &before, &n, NULL), OK);
	book_close(a);
	book_close(b);
	shell("for d in \"$THERE\"/directories/*; do"
	      " cp -rn \"$d/log/.\" \"$HERE/directories/${d##*/}/log/\"; done");
	a = open_book(here);
	ck_assert_int_eq(book_check(a, &d), OK);
	ck_assert_int_eq(book_view_hash(a, &after, &n, NULL), OK);
	for (size_t i = 0; i < n; i++) {
		ck_assert_uint_eq(before[i].change_count, after[i].change_count);
		ck_assert(hash_equal(&before[i].changes, &after[i].changes));
	}
	free(before);
	free(after);
	diag_fini(&d);
	book_close(a);
}
END_TEST

/* The other way about: it waits for the key of the one, and opens with that of the other. */
START_TEST(a_seed_that_waits_is_opened_by_its_twin)
{
	struct diag d = {0};
	struct id directory, walk = book_seed_id("ashgill", "resource/walk");
	struct book *a = open_book(here), *b;
	ck_assert_int_eq(book_add_directory(a, &directory, &d), OK);
	book_close(a);
	split(&a, &b);
	load_seed(b);
	book_close(a);
	book_close(b);
	shell("for d in \"$THERE\"/directories/*; do"
	      " cp -rn \"$d/log/.\" \"$HERE/directories/${d##*/}/log/\"; done");
	a = open_book(here);
	ck_assert_int_eq(book_check(a, NULL), ERR_DAMAGED);
	load_seed(a);
	check_said(a, &walk, "name", "Walk");
	ck_assert_int_eq(book_check(a, &d), OK);
	diag_fini(&d);
	book_close(a);
}
END_TEST

/* A contact's key is sealed under its person's: which of the two files comes first is all one. */
START_TEST(a_persons_key_may_come_after_a_contacts)
{
	struct diag d = {0};
	struct book *a, *b;
	split(&a, &b);
	book_close(b);
	struct id person = add_person(a, "Mairi", "MacLeod");
	shell("cp -r \"$HERE/caseload/keys\" \"$ROOT/first\"");
	const char *pairs[] = {"starts", "today 10:00", "mode", "face_home", "note", "Met."};
	struct id note = put_fields(a, "contact", (struct put){.person = person}, pairs, 3);
	book_close(a);
	shell("cp -rn \"$HERE/caseload/log\" \"$HERE/caseload/keys\" \"$THERE/caseload/\";"
	      "cd \"$ROOT/first\"; find . -type f | while read -r f; do"
	      " rm \"$THERE/caseload/keys/$f\"; done");
	b = open_book(there);
	ck_assert_int_eq(book_check(b, NULL), ERR_DAMAGED); /* waits, and says so */
	book_close(b);
	shell("cp -rn \"$ROOT/first/.\" \"$THERE/caseload/keys/\"");
	b = open_book(there);
	check_said(b, &note, "note", "Met.");
	ck_assert_int_eq(book_check(b, &d), OK);
	diag_fini(&d);
	book_close(b);
}
END_TEST

/* Two people in one step: a key file of two entries. */
static void add_two_people(struct book *b)
{
	struct buf name = BUF_INIT;
	struct diag d = {0};
	value_add_text(&name, span_text("Mairi"));
	struct put_field fields[] = {{"given_name", buf_span(&name)},
				     {"family_name", buf_span(&name)}};
	struct put puts[2];
	for (size_t i = 0; i < 2; i++)
		puts[i] = (struct put){
			.kind = kind_find("person"), .fields = fields, .field_count = 2};
	enum err e = book_put(b, puts, 2, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
	buf_fini(&name);
}

/* Entries of a key file stand each for itself: cut between two it looked like a whole one where
 * its name could not tell. */
START_TEST(a_key_file_cut_between_entries_is_torn)
{
	enum { HEAD = 8 + 16, ENTRY = 137, TAIL = 32 };
	struct diag d = {0};
	char command[300];
	struct book *a, *b;
	split(&a, &b);
	book_close(b);
	add_two_people(a);
	book_close(a);
	shell("cp -rn \"$HERE/caseload\" \"$THERE/\"");
	snprintf(command, sizeof command,
		 "f=$(find \"$THERE/caseload/keys\" -size %dc); test -f \"$f\" &&"
		 " truncate -s %d \"$f\" && mv \"$f\" \"${f%%.keys} (1).keys\"",
		 HEAD + 2 * ENTRY + TAIL, HEAD + ENTRY);
	shell(command);
	ck_assert_int_eq(book_open(&seam, there, span_text(words), terms, &b, &d), OK);
	ck_assert_uint_ge(book_trouble(b), 1);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "incomplete: copy again"));
	diag_fini(&d);
	book_close(b);
	shell("find \"$THERE\" -name '* (1).keys' -delete; cp -r \"$HERE/caseload\" \"$THERE/\"");
	b = open_book(there);
	ck_assert_int_eq(book_check(b, NULL), OK);
	book_close(b);
}
END_TEST

START_TEST(a_draft_under_two_names_is_offered_once)
{
	struct draft *v;
	size_t n;
	struct book *b = open_book(here);
	struct id draft = book_new_draft(b);
	ck_assert_int_eq(book_keep_draft(b, &draft, span_text("half a note"), NULL), OK);
	shell("cd \"$HERE/caseload/drafts\"; for f in *.draft; do"
	      " cp \"$f\" \"${f%.draft} (1).draft\"; done");
	ck_assert_int_eq(book_drafts(b, &v, &n, NULL), OK);
	ck_assert_uint_eq(n, 1);
	drafts_free(v, n);
	ck_assert_int_eq(book_drafts(b, &v, &n, NULL), OK);
	ck_assert_uint_eq(n, 1); /* and the one that stays is the text */
	ck_assert_str_eq(buf_text(&v[0].content), "half a note");
	drafts_free(v, n);
	book_close(b);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_seed_loaded_on_two_copies_needs_one_key);
	tcase_add_test(t, a_seed_that_waits_is_opened_by_its_twin);
	tcase_add_test(t, a_persons_key_may_come_after_a_contacts);
	tcase_add_test(t, a_key_file_cut_between_entries_is_torn);
	tcase_add_test(t, a_draft_under_two_names_is_offered_once);
}

UNIT_MAIN("merge")

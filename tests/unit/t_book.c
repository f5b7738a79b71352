/* SPDX-License-Identifier: MIT
 *
 * A book on real files in a temporary folder: written, closed, copied, read elsewhere.
 */
#include <linkbook/text.h>

#include "book_stage.h"

/* --- the thread ------------------------------------------------------------------------- */

START_TEST(a_note_is_read_again)
{
	struct book *b = open_book(here);
	ck_assert_str_eq(book_author(b), "Ailsa");
	struct id person = add_person(b, "Mairi", "MacLeòd");
	const char *pairs[] = {"starts", "today 10:00",
			       "mode",	 "face_home",
			       "note",	 "Met Łukasz and 张伟.\nGood form today."};
	struct id note = put_fields(b, "contact", (struct put){.person = person}, pairs, 3);
	book_close(b);
	b = open_book(here);
	check_said(b, &note, "note", "Met Łukasz and 张伟.\nGood form today.");
	check_said(b, &note, "mode", "Home visit");
	check_said(b, &note, "starts", "Tue 24 Nov 10:00");
	check_said(b, &person, "family_name", "MacLeòd");
	ck_assert_int_eq(book_check(b, NULL), OK);
	book_close(b);
}
END_TEST

START_TEST(a_copy_reads_the_same)
{
	struct book *a = open_book(here), *b;
	struct id person = add_person(a, "Mairi", "MacLeod");
	book_close(a);
	split(&a, &b);
	check_said(b, &person, "given_name", "Mairi");
	check_same_hash(a, b);
	book_close(a);
	book_close(b);
}
END_TEST

START_TEST(two_copies_meet_without_loss)
{
	struct book *a = open_book(here), *b;
	struct id person = add_person(a, "Mairi", "MacLeod");
	book_close(a);
	split(&a, &b);
	const char *stairs[] = {"visit_note", "stairs"}, *dog[] = {"visit_note", "dog"};
	const char *lang[] = {"language", "Gaelic"};
	struct put p = {.record = person};
	seam.clock_ms++;
	put_fields(a, "person", p, stairs, 1);
	seam.clock_ms++;
	put_fields(b, "person", p, dog, 1);
	put_fields(b, "person", p, lang, 1);
	add_person(b, "John", "O'Neil");
	exchange(&a, &b);
	check_same_hash(a, b);
	check_said(a, &person, "language", "Gaelic");
	check_said(a, &person, "visit_note", "dog"); /* the later one first, marked */
	struct record r;
	ck_assert_int_eq(book_get(a, &person, &r), OK);
	ck_assert(record_in_conflict(&r, "visit_note"));
	ck_assert_uint_eq(state_conflicts(&r.state), 1);

	/* Settled by one who saw both. */
	const char *both[] = {"visit_note", "stairs and a dog"};
	p.has_heads = true;
	p.heads = r.state.heads;
	p.head_count = r.state.head_count;
	put_fields(a, "person", p, both, 1);
	exchange(&a, &b);
	check_same_hash(a, b);
	check_said(b, &person, "visit_note", "stairs and a dog");
	record_fini(&r);
	book_close(a);
	book_close(b);
}
END_TEST

START_TEST(what_the_writer_had_not_seen_stays)
{
	struct book *a = open_book(here);
	struct id person = add_person(a, "Mairi", "MacLeod");
	struct record opened;
	ck_assert_int_eq(book_get(a, &person, &opened), OK);
	const char *one[] = {"visit_note", "stairs"}, *two[] = {"visit_note", "dog"};
	put_fields(a, "person", (struct put){.record = person}, one, 1);
	struct put late = {.record = person,
			   .has_heads = true,
			   .heads = opened.state.heads,
			   .head_count = opened.state.head_count};
	put_fields(a, "person", late, two, 1);
	struct record r;
	ck_assert_int_eq(book_get(a, &person, &r), OK);
	ck_assert(record_in_conflict(&r, "visit_note"));
	record_fini(&r);
	record_fini(&opened);
	book_close(a);
}
END_TEST

START_TEST(absence_never_deletes)
{
	struct book *a = open_book(here);
	struct id person = add_person(a, "Mairi", "MacLeod");
	book_close(a);
	shell("cd \"$HERE\"; find . -name '*.seg' -delete;"
	      "find . -name '*.keys' -exec truncate -s 10 {} +");
	struct diag d = {0};
	ck_assert_int_eq(book_open(&seam, here, span_text(words), terms, &a, &d), OK);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "whole again"));
	diag_fini(&d);
	book_close(a);
	/* Whole again on disk, too: an LMDB made anew finds everything. */
	shell("rm -rf \"$ROOT/linkbook\"");
	a = open_book(here);
	check_said(a, &person, "given_name", "Mairi");
	ck_assert_int_eq(book_check(a, NULL), OK);
	book_close(a);
}
END_TEST

START_TEST(a_renamed_file_is_known_by_its_content)
{
	struct book *a = open_book(here), *b;
	struct id person = add_person(a, "Mairi", "MacLeod");
	book_close(a);
	shell("cp -r \"$HERE\" \"$THERE\"");
	shell("find \"$THERE\" -name '*.seg' | while read -r f; do"
	      " mv \"$f\" \"${f%.seg} (1).seg\"; done");
	b = open_book(there);
	check_said(b, &person, "given_name", "Mairi");
	ck_assert_int_eq(book_check(b, NULL), OK);
	book_close(b);
}
END_TEST

START_TEST(a_torn_copy_is_said)
{
	struct book *a = open_book(here), *b;
	add_person(a, "Mairi", "MacLeod");
	book_close(a);
	shell("cp -r \"$HERE\" \"$THERE\"");
	shell("find \"$THERE\" -name '*.seg' | head -1 | xargs truncate -s 700");
	struct diag d = {0};
	ck_assert_int_eq(book_open(&seam, there, span_text(words), terms, &b, &d), OK);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "incomplete: copy again"));
	ck_assert_uint_eq(book_trouble(b), 1);
	ck_assert_int_eq(book_check(b, NULL), ERR_DAMAGED);
	diag_fini(&d);
	/* Copied again, it is whole. */
	book_close(b);
	shell("cp -r \"$HERE/.\" \"$THERE/\"");
	b = open_book(there);
	ck_assert_int_eq(book_check(b, NULL), OK);
	book_close(b);
}
END_TEST

START_TEST(locked_and_refused)
{
	struct book *a = open_book(here), *b;
	struct diag d = {0};
	ck_assert_int_eq(book_open(&seam, here, span_text(words), terms, &b, &d), ERR_BUSY);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "since Tue 24 Nov 10:47)"));
	book_close(a);
	ck_assert_int_eq(book_open(&seam, here, span_text("wrong"), terms, &b, NULL), ERR_UNLOCK);
	ck_assert_int_eq(book_open(&seam, root, span_text(words), terms, &b, NULL), ERR_ABSENT);
	ck_assert_int_eq(book_create(&seam, here, "A", span_text(words), KDF_CALIBRATED, NULL),
			 ERR_REFUSED);
	diag_fini(&d);
}
END_TEST

/* A slot that asks for a gigantic effort is refused before any of it is spent. */
START_TEST(a_huge_kdf_is_refused_unspent)
{
	struct book *b;
	struct diag d = {0};
	/* mem_kib stands behind magic, source, store, constant, other, alg and ops:
	 * 8 + 1 + 16 + 32 + 16 + 1 + 4. */
	shell("printf '\\177\\377\\377\\377' | dd of=$(ls \"$HERE\"/caseload/slots/*.slot) bs=1"
	      " seek=78 conv=notrunc status=none");
	shell("rm -rf \"$ROOT/linkbook\""); /* LMDB, which has the good one */
	ck_assert_int_eq(book_open(&seam, here, span_text(words), terms, &b, &d), ERR_UNLOCK);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "was not tried"));
	diag_fini(&d);
}
END_TEST

/* --- drafts ----------------------------------------------------------------------------- */

static size_t count_drafts(struct book *b)
{
	struct draft *v;
	size_t n;
	ck_assert_int_eq(book_drafts(b, &v, &n, NULL), OK);
	drafts_free(v, n);
	return n;
}

START_TEST(a_draft_outlives_the_program)
{
	struct book *b = open_book(here);
	struct id draft = book_new_draft(b);
	ck_assert_int_eq(book_keep_draft(b, &draft, span_text("half a"), NULL), OK);
	ck_assert_int_eq(book_keep_draft(b, &draft, span_text("half a note"), NULL), OK);
	book_close(b);
	b = open_book(here);
	struct draft *v;
	size_t n;
	ck_assert_int_eq(book_drafts(b, &v, &n, NULL), OK);
	ck_assert_uint_eq(n, 1);
	ck_assert(id_equal(&v[0].id, &draft));
	ck_assert_str_eq(buf_text(&v[0].content), "half a note");
	drafts_free(v, n);
	ck_assert_int_eq(book_drop_draft(b, &draft, NULL), OK);
	ck_assert_uint_eq(count_drafts(b), 0);
	book_close(b);
}
END_TEST

START_TEST(a_saved_draft_does_not_come_back)
{
	struct book *b = open_book(here);
	struct id person = add_person(b, "Mairi", "MacLeod"), draft = book_new_draft(b);
	ck_assert_int_eq(book_keep_draft(b, &draft, span_text("text"), NULL), OK);
	shell("cp -r \"$HERE\" \"$THERE\"");
	const char *pairs[] = {"visit_note", "stairs"};
	put_fields(b, "person", (struct put){.record = person, .draft = draft}, pairs, 1);
	ck_assert_uint_eq(count_drafts(b), 0);
	book_close(b);
	/* An old copy brings the file back: the change says that it is done. */
	shell("cp -r \"$THERE/.\" \"$HERE/\"");
	b = open_book(here);
	ck_assert_uint_eq(count_drafts(b), 0);
	book_close(b);
}
END_TEST

START_TEST(what_a_clone_went_on_with_is_offered)
{
	struct book *a = open_book(here), *b;
	struct id person = add_person(a, "Mairi", "MacLeod"), draft = book_new_draft(a);
	ck_assert_int_eq(book_keep_draft(a, &draft, span_text("begun"), NULL), OK);
	book_close(a);
	split(&a, &b);
	ck_assert_uint_eq(count_drafts(a), 1);
	ck_assert_uint_eq(count_drafts(b), 1);
	ck_assert_int_eq(book_keep_draft(a, &draft, span_text("begun, here"), NULL), OK);
	ck_assert_int_eq(book_keep_draft(b, &draft, span_text("begun, there"), NULL), OK);
	const char *pairs[] = {"visit_note", "stairs"};
	put_fields(a, "person", (struct put){.record = person, .draft = draft}, pairs, 1);
	exchange(&a, &b);
	struct draft *v;
	size_t n;
	ck_assert_int_eq(book_drafts(a, &v, &n, NULL), OK);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(buf_text(&v[0].content), "begun, there");
	drafts_free(v, n);
	book_close(a);
	book_close(b);
}
END_TEST

/* --- putting ---------------------------------------------------------------------------- */

START_TEST(all_or_nothing)
{
	struct book *b = open_book(here);
	struct buf good = BUF_INIT, bad = BUF_INIT;
	struct diag d = {0};
	value_add_text(&good, span_text("Name"));
	value_add_int(&bad, 5);
	struct put_field ok[] = {{"given_name", buf_span(&good)}, {"family_name", buf_span(&good)}};
	struct put_field no[] = {{"given_name", buf_span(&good)},
				 {"family_name", buf_span(&bad)},
				 {"elephant", buf_span(&good)}};
	struct put puts[] = {
		{.kind = kind_find("person"), .fields = ok, .field_count = 2},
		{.kind = kind_find("person"), .fields = no, .field_count = 3},
		{.kind = kind_find("contact"), .person = seam_new_id(&seam)},
	};
	ck_assert_int_eq(book_put(b, puts, 3, &d), ERR_INPUT);
	ck_assert_uint_eq(d.count, 3);
	ck_assert_uint_eq(d.lines[0].line, 2);
	struct record r;
	ck_assert_int_eq(book_get(b, &puts[0].record, &r), ERR_ABSENT);
	diag_fini(&d);
	buf_fini(&good);
	buf_fini(&bad);
	book_close(b);
}
END_TEST

START_TEST(an_equal_value_writes_nothing)
{
	struct book *b = open_book(here);
	struct id person = add_person(b, "Mairi", "MacLeod");
	struct book_stats before, after;
	ck_assert_int_eq(book_stats(b, &before), OK);
	const char *pairs[] = {"given_name", "Mairi"};
	put_fields(b, "person", (struct put){.record = person}, pairs, 1);
	ck_assert_int_eq(book_stats(b, &after), OK);
	ck_assert_uint_eq(before.changes, after.changes);
	book_close(b);
}
END_TEST

START_TEST(a_group_keeps_its_other_members)
{
	struct book *b = open_book(here);
	struct id person = add_person(b, "Mairi", "MacLeod");
	struct put p = {.record = person};
	const char *address[] = {"address", "1 Made Up Row", "postcode", "g51 2rt"};
	const char *locality[] = {"locality", "Anderston"};
	put_fields(b, "person", p, address, 2);
	put_fields(b, "person", p, locality, 1);
	check_said(b, &person, "address", "1 Made Up Row");
	check_said(b, &person, "postcode", "G51 2RT");
	check_said(b, &person, "locality", "Anderston");
	book_close(b);
}
END_TEST

START_TEST(a_name_is_found_by_its_parts)
{
	struct book *b = open_book(here);
	struct id person = add_person(b, "John", "O’Neil");
	struct record r;
	struct buf folded = BUF_INIT;
	ck_assert_int_eq(book_get(b, &person, &r), OK);
	record_fold_words(b, &r, &folded);
	ck_assert_int_gt(text_match("oneil", buf_text(&folded)), 0);
	ck_assert_int_gt(text_match("neil", buf_text(&folded)), 0);
	ck_assert_int_gt(text_match("o neil", buf_text(&folded)), 0);
	buf_fini(&folded);
	record_fini(&r);
	book_close(b);
}
END_TEST

START_TEST(binned_records_leave_the_lists)
{
	struct book *b = open_book(here);
	struct id person = add_person(b, "Mairi", "MacLeod");
	put_fields(b, "person", (struct put){.record = person, .mark = MARK_BIN}, NULL, 0);
	struct record r;
	ck_assert_int_eq(book_get(b, &person, &r), OK);
	ck_assert(r.state.binned);
	record_fini(&r);
	put_fields(b, "person", (struct put){.record = person, .mark = MARK_UNBIN}, NULL, 0);
	ck_assert_int_eq(book_get(b, &person, &r), OK);
	ck_assert(!r.state.binned);
	record_fini(&r);
	book_close(b);
}
END_TEST

/* --- nothing readable on disk ----------------------------------------------------------- */

START_TEST(no_word_stands_in_any_file)
{
	struct book *b = open_book(here);
	struct id person = add_person(b, "Canaryanna", "Canarysson"), draft = book_new_draft(b);
	const char *pairs[] = {"starts", "today 10:00", "mode", "phone", "note", "Canarynote"};
	put_fields(b, "contact", (struct put){.person = person}, pairs, 3);
	ck_assert_int_eq(book_keep_draft(b, &draft, span_text("Canarydraft"), NULL), OK);
	shell("! grep -r -a -i -q canary \"$ROOT\"");
	book_close(b);
	shell("! grep -r -a -i -q canary \"$ROOT\"");
}
END_TEST

START_TEST(a_rebuilt_shelf_shows_the_same)
{
	struct book *b = open_book(here);
	struct view_hash *x, *y;
	size_t n;
	add_person(b, "Mairi", "MacLeod");
	ck_assert_int_eq(book_view_hash(b, &x, &n, NULL), OK);
	ck_assert_int_eq(book_rebuild(b, NULL), OK);
	ck_assert_int_eq(book_view_hash(b, &y, &n, NULL), OK);
	ck_assert(hash_equal(&x[0].changes, &y[0].changes));
	ck_assert(hash_equal(&x[0].view, &y[0].view));
	free(x);
	free(y);
	book_close(b);
}
END_TEST

START_TEST(a_head_given_twice_does_not_stand_for_another)
{
	struct book *a = open_book(here), *b;
	struct id person = add_person(a, "Mairi", "MacLeod");
	book_close(a);
	split(&a, &b);
	const char *one[] = {"visit_note", "stairs"}, *two[] = {"visit_note", "dog"};
	const char *three[] = {"visit_note", "late"};
	put_fields(a, "person", (struct put){.record = person}, one, 1);
	put_fields(b, "person", (struct put){.record = person}, two, 1);
	exchange(&a, &b);
	struct record r;
	ck_assert_int_eq(book_get(a, &person, &r), OK);
	ck_assert_uint_eq(r.state.head_count, 2);
	struct hash twice[] = {r.state.heads[0], r.state.heads[0]};
	put_fields(
		a, "person",
		(struct put){.record = person, .has_heads = true, .heads = twice, .head_count = 2},
		three, 1);
	record_fini(&r);
	ck_assert_int_eq(book_get(a, &person, &r), OK);
	ck_assert(record_in_conflict(&r, "visit_note"));
	record_fini(&r);
	book_close(a);
	book_close(b);
}
END_TEST

START_TEST(a_draft_is_kept_without_its_folder)
{
	struct book *b = open_book(here);
	struct id draft = book_new_draft(b);
	shell("rmdir \"$HERE/caseload/drafts\"");
	ck_assert_int_eq(book_keep_draft(b, &draft, span_text("kept"), NULL), OK);
	ck_assert_uint_eq(count_drafts(b), 1);
	book_close(b);
}
END_TEST

static bool offers(struct book *b, const char *text)
{
	struct draft *v;
	size_t n;
	bool found = false;
	ck_assert_int_eq(book_drafts(b, &v, &n, NULL), OK);
	for (size_t i = 0; i < n; i++)
		found |= !strcmp(buf_text(&v[i].content), text);
	drafts_free(v, n);
	return found;
}

/* Two copies went on with one draft; going on with one of the two leaves the other. */
START_TEST(going_on_with_one_content_leaves_the_other)
{
	struct book *a = open_book(here), *b;
	struct id person = add_person(a, "Mairi", "MacLeod"), draft = book_new_draft(a);
	ck_assert_int_eq(book_keep_draft(a, &draft, span_text("start"), NULL), OK);
	book_close(a);
	split(&a, &b);
	ck_assert(offers(a, "start") && offers(b, "start"));
	ck_assert_int_eq(book_keep_draft(a, &draft, span_text("start, Monday"), NULL), OK);
	seam.clock_ms += 1000;
	ck_assert_int_eq(book_keep_draft(b, &draft, span_text("start, Tuesday"), NULL), OK);
	exchange(&a, &b);
	ck_assert(offers(a, "start, Monday") && offers(a, "start, Tuesday"));
	ck_assert_int_eq(book_keep_draft(a, &draft, span_text("Tuesday and more"), NULL), OK);
	ck_assert(offers(a, "start, Monday") && offers(a, "Tuesday and more"));
	const char *pairs[] = {"visit_note", "stairs"};
	put_fields(a, "person", (struct put){.record = person, .draft = draft}, pairs, 1);
	ck_assert(offers(a, "start, Monday") && !offers(a, "Tuesday and more"));
	book_close(a);
	book_close(b);
}
END_TEST

/* LMDB cut at any length, or gone, or somebody else's bytes: made anew from the files. */
START_TEST(a_torn_shelf_is_made_anew)
{
	static const char *const harms[] = {
		"truncate -s 0",     "truncate -s 100",	  "truncate -s 4096",
		"truncate -s 8192",  "truncate -s 40000", "rm",
		"cp /proc/self/exe",
	};
	struct book *b = open_book(here);
	struct id person = add_person(b, "Mairi", "MacLeod");
	book_close(b);
	setenv("HARM", harms[_i], 1);
	shell("for f in \"$ROOT\"/linkbook/*/data.mdb; do $HARM \"$f\"; done");
	b = open_book(here);
	check_said(b, &person, "given_name", "Mairi");
	ck_assert_int_eq(book_check(b, NULL), OK);
	book_close(b);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_note_is_read_again);
	tcase_add_test(t, a_copy_reads_the_same);
	tcase_add_test(t, two_copies_meet_without_loss);
	tcase_add_test(t, what_the_writer_had_not_seen_stays);
	tcase_add_test(t, absence_never_deletes);
	tcase_add_test(t, a_renamed_file_is_known_by_its_content);
	tcase_add_test(t, a_torn_copy_is_said);
	tcase_add_test(t, locked_and_refused);
	tcase_add_test(t, a_huge_kdf_is_refused_unspent);
	tcase_add_test(t, a_draft_outlives_the_program);
	tcase_add_test(t, a_saved_draft_does_not_come_back);
	tcase_add_test(t, what_a_clone_went_on_with_is_offered);
	tcase_add_test(t, all_or_nothing);
	tcase_add_test(t, an_equal_value_writes_nothing);
	tcase_add_test(t, a_group_keeps_its_other_members);
	tcase_add_test(t, a_name_is_found_by_its_parts);
	tcase_add_test(t, binned_records_leave_the_lists);
	tcase_add_test(t, no_word_stands_in_any_file);
	tcase_add_test(t, a_rebuilt_shelf_shows_the_same);
	tcase_add_test(t, a_head_given_twice_does_not_stand_for_another);
	tcase_add_test(t, a_draft_is_kept_without_its_folder);
	tcase_add_test(t, going_on_with_one_content_leaves_the_other);
	tcase_add_loop_test(t, a_torn_shelf_is_made_anew, 0, 7);
}

UNIT_MAIN("book")

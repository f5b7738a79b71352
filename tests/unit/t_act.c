/* SPDX-License-Identifier: MIT
 *
 * Finish, amend, strike, restrict, and two found to be one; alone, against what somebody wrote
 * elsewhere, and taken back.
 */
#include "act_stage.h"

/* --- finish and amend ------------------------------------------------------------------- */

START_TEST(a_finished_note_is_only_amended)
{
	begin();
	mark(a, &note, MARK_FINISH);
	ck_assert_int_eq(try_write(a, &note, "contact", "note", "rang twice"), ERR_REFUSED);
	check_said(a, &note, "note", "rang");
	ck_assert_int_eq(book_amend(a, ref_to(&note), span_text("it was a Tuesday"), NULL), OK);
	tick();
	ck_assert_int_eq(book_amend(a, ref_to(&note), span_text("and it rained"), NULL), OK);
	check_said(a, &note, "amendments", "it was a Tuesday\nand it rained");
	ck_assert_int_eq(book_amend(a, ref_to(&mairi), span_text("x"), NULL), ERR_REFUSED);
	exchange(&a, &b);
	end();
}
END_TEST

START_TEST(a_text_written_without_seeing_the_finish_stands_beside_it)
{
	begin();
	mark(a, &note, MARK_FINISH);
	write_in(b, &note, "contact", "note", "rang twice");
	exchange(&a, &b);
	ck_assert(conflicts(a, &note, "note") && conflicts(b, &note, "note"));
	struct record r = get(a, &note);
	ck_assert_uint_eq(state_field(&r.state, "note")->count, 2);
	ck_assert(r.state.finished);
	record_fini(&r);
	end();
}
END_TEST

START_TEST(amendments_of_two_stand_one_under_the_other)
{
	begin();
	mark(a, &note, MARK_FINISH);
	exchange(&a, &b);
	ck_assert_int_eq(book_amend(a, ref_to(&note), span_text("by Ailsa"), NULL), OK);
	tick();
	ck_assert_int_eq(book_amend(b, ref_to(&note), span_text("by another"), NULL), OK);
	exchange(&a, &b);
	check_said(a, &note, "amendments", "by Ailsa\nby another");
	end();
}
END_TEST

START_TEST(a_finish_with_a_conflict_waits_for_it_to_be_settled)
{
	begin();
	write_in(a, &note, "contact", "note", "one");
	write_in(b, &note, "contact", "note", "two");
	exchange(&a, &b);
	struct diag d = {0};
	ck_assert_int_eq(book_mark(a, ref_to(&note), MARK_FINISH, &d), ERR_INPUT);
	ck_assert_uint_eq(d.count, 1);
	ck_assert_int_eq(book_mark(a, ref_to(&mairi), MARK_FINISH, &d), ERR_INPUT);
	diag_fini(&d);
	end();
}
END_TEST

START_TEST(a_finish_is_undone_unless_something_was_built_on_it)
{
	begin();
	mark(a, &note, MARK_FINISH);
	undo_last(a);
	write_in(a, &note, "contact", "note", "rang twice");
	mark(a, &note, MARK_FINISH);
	exchange(&a, &b);
	ck_assert_int_eq(book_amend(b, ref_to(&note), span_text("and more"), NULL), OK);
	exchange(&a, &b);
	undo_last(a); /* the amendment: both have one author */
	struct record r = get(a, &note);
	ck_assert(r.state.finished);
	record_fini(&r);
	undo_last(a);
	r = get(a, &note);
	ck_assert(!r.state.finished);
	record_fini(&r);
	exchange(&a, &b);
	end();
}
END_TEST

START_TEST(an_amended_finish_stays)
{
	begin();
	mark(a, &note, MARK_FINISH);
	struct id step = step_of(a, &note);
	tick();
	ck_assert_int_eq(book_amend(a, ref_to(&note), span_text("and more"), NULL), OK);
	struct buf told = BUF_INIT;
	ck_assert_int_eq(book_undo_step(a, &step, &told, NULL), OK);
	ck_assert(strstr(buf_text(&told), "1 record was left") != NULL);
	buf_fini(&told);
	struct record r = get(a, &note);
	ck_assert(r.state.finished);
	record_fini(&r);
	exchange(&a, &b);
	end();
}
END_TEST

/* --- strike and restrict ---------------------------------------------------------------- */

START_TEST(what_arrives_after_a_strike_stands_unstruck_and_is_raised)
{
	begin();
	mark(a, &note, MARK_STRIKE);
	ck_assert(!raised(a, &note));
	ck_assert_int_eq(try_write(a, &note, "contact", "note", "x"), ERR_REFUSED);
	write_in(b, &note, "contact", "present", "her sister");
	exchange(&a, &b);
	ck_assert(raised(a, &note) && raised(b, &note));
	check_said(a, &note, "present", "her sister");
	end();
}
END_TEST

START_TEST(a_restricted_record_is_kept_and_leaves_the_lists)
{
	begin();
	mark(a, &note, MARK_RESTRICT);
	ck_assert_uint_eq(listed(a, "contact", &mairi), 0);
	check_said(a, &note, "note", "rang");
	ck_assert_int_eq(try_write(a, &note, "contact", "note", "x"), ERR_REFUSED);
	write_in(b, &note, "contact", "present", "her sister");
	exchange(&a, &b);
	ck_assert_uint_eq(listed(b, "contact", &mairi), 0);
	check_said(a, &note, "present", "her sister");
	undo_last(a);
	exchange(&a, &b);
	end();
}
END_TEST

START_TEST(a_restricted_person_takes_the_file_and_what_comes_later_along)
{
	const char *pairs[] = {"starts", "today 10:00", "mode", "phone", "note", "late"};
	begin();
	mark(a, &mairi, MARK_RESTRICT);
	ck_assert_uint_eq(listed(a, "person", NULL), 1);
	ck_assert_uint_eq(listed(a, "contact", NULL), 0);
	struct id late = put_fields(a, "contact", (struct put){.person = mairi}, pairs, 3);
	ck_assert_uint_eq(listed(a, "contact", NULL), 0);
	check_said(a, &late, "note", "late");
	struct id unseen = put_fields(b, "contact", (struct put){.person = mairi}, pairs, 3);
	exchange(&a, &b);
	ck_assert(raised(a, &unseen) && !raised(a, &late));
	end();
}
END_TEST

START_TEST(any_step_can_be_taken_back_by_its_id)
{
	begin();
	mark(a, &note, MARK_RESTRICT);
	struct id step = step_of(a, &note);
	write_in(a, &rhona, "person", "visit_note", "dog");
	struct buf told = BUF_INIT;
	ck_assert_int_eq(book_undo_step(a, &step, &told, NULL), OK);
	buf_fini(&told);
	ck_assert_uint_eq(listed(a, "contact", &mairi), 1);
	check_said(a, &rhona, "visit_note", "dog");
	ck_assert_int_eq(book_undo_step(a, &step, &told, NULL), ERR_ABSENT);
	exchange(&a, &b);
	end();
}
END_TEST

/* Two took back the same, neither knowing of the other: redo brings it back all the same. */
START_TEST(a_redo_undoes_every_undo_that_is_here)
{
	begin();
	struct buf told = BUF_INIT;
	tick();
	struct id made = add_person(a, "Una", "Ward");
	exchange(&a, &b);
	undo_last(a);
	undo_last(b);
	exchange(&a, &b);
	ck_assert_uint_eq(listed(a, "person", NULL), 2);
	tick();
	ck_assert_int_eq(book_redo(a, &told, NULL), OK);
	ck_assert_uint_eq(listed(a, "person", NULL), 3);
	check_said(a, &made, "given_name", "Una");
	write_in(a, &note, "contact", "present", "her sister");
	exchange(&a, &b);
	undo_last(a);
	undo_last(b);
	exchange(&a, &b);
	check_said(a, &note, "present", "");
	tick();
	ck_assert_int_eq(book_redo(a, &told, NULL), OK);
	check_said(a, &note, "present", "her sister");
	undo_last(a);
	check_said(a, &note, "present", "");
	buf_fini(&told);
	exchange(&a, &b);
	end();
}
END_TEST

/* --- two found to be one ---------------------------------------------------------------- */

static const struct id *smaller(void)
{
	return id_order(&mairi, &rhona) < 0 ? &mairi : &rhona;
}

START_TEST(two_found_to_be_one_are_shown_as_one)
{
	begin();
	write_in(b, &rhona, "person", "visit_note", "dog");
	exchange(&a, &b);
	ck_assert_int_eq(book_same(a, &mairi, &rhona, true, NULL), OK);
	ck_assert_uint_eq(listed(a, "person", NULL), 1);
	ck_assert_uint_eq(listed(a, "contact", &rhona), 1);
	struct record r = get(a, &rhona);
	ck_assert(id_equal(&r.id, smaller()));
	ck_assert(record_in_conflict(&r, "given_name") && !record_in_conflict(&r, "visit_note"));
	record_fini(&r);
	check_said(a, &mairi, "visit_note", "dog");
	exchange(&a, &b);
	ck_assert_uint_eq(listed(b, "person", NULL), 1);
	ck_assert_int_eq(book_same(a, &mairi, &mairi, true, NULL), ERR_INPUT);
	ck_assert_int_eq(book_same(a, &mairi, &note, true, NULL), ERR_INPUT);
	end();
}
END_TEST

START_TEST(differences_are_settled_on_both_in_one_step)
{
	begin();
	ck_assert_int_eq(book_same(a, &mairi, &rhona, true, NULL), OK);
	struct record r = get(a, &mairi);
	struct buf v = BUF_INIT;
	value_add_text(&v, span_text("Mairi"));
	struct put_field f = {"given_name", buf_span(&v)};
	struct put p = {.kind = r.kind,
			.record = r.id,
			.has_heads = true,
			.heads = r.state.heads,
			.head_count = r.state.head_count,
			.fields = &f,
			.field_count = 1};
	tick();
	ck_assert_int_eq(book_put(a, &p, 1, NULL), OK);
	record_fini(&r);
	buf_fini(&v);
	ck_assert(!conflicts(a, &mairi, "given_name"));
	ck_assert(conflicts(a, &mairi, "family_name"));
	exchange(&a, &b);
	/* Apart again, both keep what was settled. */
	ck_assert_int_eq(book_same(b, &mairi, &rhona, false, NULL), OK);
	check_said(b, &rhona, "given_name", "Mairi");
	check_said(b, &rhona, "family_name", "Mills");
	ck_assert_uint_eq(listed(b, "person", NULL), 2);
	exchange(&a, &b);
	end();
}
END_TEST

START_TEST(being_one_is_undone_as_a_step)
{
	begin();
	tick();
	ck_assert_int_eq(book_same(a, &mairi, &rhona, true, NULL), OK);
	undo_last(a);
	ck_assert_uint_eq(listed(a, "person", NULL), 2);
	exchange(&a, &b);
	end();
}
END_TEST

START_TEST(a_form_opened_before_they_were_one_writes_to_the_one_it_saw)
{
	begin();
	struct record r = get(a, &rhona);
	ck_assert_int_eq(book_same(a, &mairi, &rhona, true, NULL), OK);
	struct buf v = BUF_INIT;
	value_add_text(&v, span_text("she/her"));
	struct put_field f = {"pronouns", buf_span(&v)};
	struct put p = {.kind = r.kind,
			.record = rhona,
			.has_heads = true,
			.heads = r.state.heads,
			.head_count = r.state.head_count,
			.fields = &f,
			.field_count = 1};
	tick();
	ck_assert_int_eq(book_put(a, &p, 1, NULL), OK);
	record_fini(&r);
	buf_fini(&v);
	ck_assert_int_eq(book_same(a, &mairi, &rhona, false, NULL), OK);
	check_said(a, &rhona, "pronouns", "she/her");
	check_said(a, &mairi, "pronouns", "");
	exchange(&a, &b);
	end();
}
END_TEST

START_TEST(three_are_one_through_the_middle_one)
{
	begin();
	struct id una = add_person(a, "Una", "Ward");
	ck_assert_int_eq(book_same(a, &mairi, &rhona, true, NULL), OK);
	ck_assert_int_eq(book_same(a, &rhona, &una, true, NULL), OK);
	ck_assert_uint_eq(listed(a, "person", NULL), 1);
	ck_assert_uint_eq(listed(a, "contact", &una), 1);
	size_t count;
	ck_assert_int_eq(book_bin(a, ref_to(&una), true, &count, NULL), OK);
	ck_assert_uint_eq(count, 4);
	ck_assert_uint_eq(listed(a, "person", NULL), 0);
	ck_assert_int_eq(book_bin(a, ref_to(&mairi), false, &count, NULL), OK);
	ck_assert_uint_eq(count, 4);
	exchange(&a, &b);
	end();
}
END_TEST

START_TEST(two_of_three_stay_one_through_the_third)
{
	begin();
	struct diag d = {0};
	struct id una = add_person(a, "Una", "Ward");
	ck_assert_int_eq(book_same(a, &mairi, &una, true, NULL), OK);
	ck_assert_int_eq(book_same(a, &una, &rhona, true, NULL), OK);
	ck_assert_int_eq(book_same(a, &mairi, &rhona, false, &d), ERR_INPUT);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "Nothing was taken apart"));
	diag_fini(&d);
	ck_assert_int_eq(book_same(a, &mairi, &rhona, true, NULL), OK);
	ck_assert_int_eq(book_same(a, &mairi, &rhona, false, &d), OK);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "They are still one"));
	diag_fini(&d);
	ck_assert_int_eq(book_same(a, &mairi, &una, false, &d), OK);
	ck_assert_uint_eq(d.count, 0);
	ck_assert_uint_eq(listed(a, "person", NULL), 2);
	exchange(&a, &b);
	end();
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_finished_note_is_only_amended);
	tcase_add_test(t, a_text_written_without_seeing_the_finish_stands_beside_it);
	tcase_add_test(t, amendments_of_two_stand_one_under_the_other);
	tcase_add_test(t, a_finish_with_a_conflict_waits_for_it_to_be_settled);
	tcase_add_test(t, a_finish_is_undone_unless_something_was_built_on_it);
	tcase_add_test(t, an_amended_finish_stays);
	tcase_add_test(t, what_arrives_after_a_strike_stands_unstruck_and_is_raised);
	tcase_add_test(t, a_restricted_record_is_kept_and_leaves_the_lists);
	tcase_add_test(t, a_restricted_person_takes_the_file_and_what_comes_later_along);
	tcase_add_test(t, a_redo_undoes_every_undo_that_is_here);
	tcase_add_test(t, any_step_can_be_taken_back_by_its_id);
	tcase_add_test(t, two_found_to_be_one_are_shown_as_one);
	tcase_add_test(t, differences_are_settled_on_both_in_one_step);
	tcase_add_test(t, being_one_is_undone_as_a_step);
	tcase_add_test(t, a_form_opened_before_they_were_one_writes_to_the_one_it_saw);
	tcase_add_test(t, three_are_one_through_the_middle_one);
	tcase_add_test(t, two_of_three_stay_one_through_the_third);
}

UNIT_MAIN("act")

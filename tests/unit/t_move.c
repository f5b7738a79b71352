/* SPDX-License-Identifier: MIT
 *
 * A note in the wrong file, moved to the right one; alone, against what somebody wrote
 * elsewhere, and taken back.
 */
#include "act_stage.h"

/* --- moving ----------------------------------------------------------------------------- */

static struct id move(struct book *w, const struct id *id, const struct id *to)
{
	struct id moved;
	struct diag d = {0};
	tick();
	enum err e = book_move(w, ref_to(id), to, &moved, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
	return moved;
}

START_TEST(a_moved_note_is_in_the_right_file_and_struck_here)
{
	begin();
	write_in(a, &note, "contact", "issues", "housing");
	struct id moved = move(a, &note, &rhona);
	check_said(a, &moved, "note", "rang");
	check_said(a, &moved, "issues", "Housing");
	struct record r = get(a, &moved);
	ck_assert(id_equal(&r.subject, &rhona));
	record_fini(&r);
	r = get(a, &note);
	ck_assert(r.state.struck && !raised(a, &note));
	record_fini(&r);
	ck_assert_int_eq(book_move(a, ref_to(&note), &rhona, &moved, NULL), ERR_REFUSED);
	ck_assert_int_eq(book_move(a, ref_to(&mairi), &rhona, &moved, NULL), ERR_REFUSED);
	exchange(&a, &b);
	check_said(b, &moved, "note", "rang");
	end();
}
END_TEST

START_TEST(a_note_is_not_moved_to_nobody_nor_to_where_it_is)
{
	begin();
	struct id moved;
	struct diag d = {0};
	ck_assert_int_eq(book_move(a, ref_to(&note), &mairi, &moved, &d), ERR_INPUT);
	ck_assert_int_eq(book_move(a, ref_to(&note), &note, &moved, &d), ERR_INPUT);
	ck_assert_uint_eq(d.count, 2);
	diag_fini(&d);
	end();
}
END_TEST

START_TEST(two_who_move_a_note_to_the_same_person_make_one)
{
	begin();
	struct id one = move(a, &note, &rhona), two = move(b, &note, &rhona);
	ck_assert(id_equal(&one, &two));
	exchange(&a, &b);
	ck_assert_uint_eq(listed(a, "contact", &rhona), 1);
	ck_assert(!conflicts(a, &note, "moved_to") && !conflicts(a, &one, "note"));
	end();
}
END_TEST

START_TEST(two_destinations_are_a_conflict)
{
	begin();
	struct id third = add_person(a, "Una", "Ward");
	exchange(&a, &b);
	move(a, &note, &rhona);
	move(b, &note, &third);
	exchange(&a, &b);
	ck_assert(conflicts(a, &note, "moved_to"));
	ck_assert_uint_eq(listed(a, "contact", &rhona), 1);
	ck_assert_uint_eq(listed(b, "contact", &third), 1);
	end();
}
END_TEST

START_TEST(texts_in_conflict_are_so_where_they_are_moved_to)
{
	begin();
	write_in(a, &note, "contact", "note", "one");
	write_in(b, &note, "contact", "note", "two");
	exchange(&a, &b);
	struct id moved = move(a, &note, &rhona);
	struct record r = get(a, &moved);
	ck_assert(record_in_conflict(&r, "note"));
	ck_assert_uint_eq(state_field(&r.state, "note")->count, 2);
	record_fini(&r);
	exchange(&a, &b);
	end();
}
END_TEST

START_TEST(a_text_that_had_not_seen_the_move_is_raised_where_it_was)
{
	begin();
	move(a, &note, &rhona);
	write_in(b, &note, "contact", "present", "her sister");
	exchange(&a, &b);
	ck_assert(raised(a, &note));
	end();
}
END_TEST

START_TEST(a_move_is_taken_back_as_a_whole)
{
	begin();
	struct id moved = move(a, &note, &rhona);
	undo_last(a);
	struct record r = get(a, &note);
	ck_assert(!r.state.struck);
	record_fini(&r);
	r = get(a, &moved);
	ck_assert(r.state.binned);
	record_fini(&r);
	/* Moved there again, it is the same record, out of the bin. */
	struct id again = move(a, &note, &rhona);
	ck_assert(id_equal(&again, &moved));
	ck_assert_uint_eq(listed(a, "contact", &rhona), 1);
	check_said(a, &again, "note", "rang");
	exchange(&a, &b);
	write_in(b, &moved, "contact", "present", "her sister");
	exchange(&a, &b);
	/* Not once somebody went on in the right file. */
	undo_last(b);
	undo_last(b);
	exchange(&a, &b);
	ck_assert_uint_eq(listed(a, "contact", &rhona), 0);
	end();
}
END_TEST

START_TEST(a_move_that_was_written_on_is_not_taken_back)
{
	begin();
	struct id moved = move(a, &note, &rhona);
	struct id step = step_of(a, &note);
	write_in(a, &moved, "contact", "present", "her sister");
	struct buf told = BUF_INIT;
	struct diag d = {0};
	ck_assert_int_eq(book_undo_step(a, &step, &told, &d), ERR_REFUSED);
	ck_assert_uint_eq(d.count, 1);
	ck_assert_uint_eq(listed(a, "contact", &rhona), 1);
	diag_fini(&d);
	buf_fini(&told);
	exchange(&a, &b);
	end();
}
END_TEST

/* Taken back, altered, and moved again: what was taken out of it in between stays out. */
START_TEST(moved_again_it_is_as_it_is_now)
{
	begin();
	struct buf none = BUF_INIT;
	write_in(a, &note, "contact", "issues", "housing");
	write_in(a, &note, "contact", "present", "her sister");
	move(a, &note, &rhona);
	undo_last(a);
	undo_last(a);
	value_add_list(&none, 0);
	struct put_field f = {"issues", buf_span(&none)};
	struct put p = {
		.kind = kind_find("contact"), .record = note, .fields = &f, .field_count = 1};
	tick();
	ck_assert_int_eq(book_put(a, &p, 1, NULL), OK);
	struct id moved = move(a, &note, &rhona);
	check_said(a, &moved, "note", "rang");
	check_said(a, &moved, "issues", "");
	check_said(a, &moved, "present", "");
	ck_assert(!conflicts(a, &moved, "note"));
	buf_fini(&none);
	exchange(&a, &b);
	end();
}
END_TEST

/* What somebody wrote there, not knowing that the move was taken back, is not written over by
 * moving it again: nobody has looked at it here. */
START_TEST(a_move_again_buries_nothing)
{
	begin();
	struct id moved = move(a, &note, &rhona);
	exchange(&a, &b);
	undo_last(a);
	write_in(b, &moved, "contact", "note", "rang twice");
	write_in(b, &moved, "contact", "present", "her sister");
	exchange(&a, &b);
	move(a, &note, &rhona);
	ck_assert(conflicts(a, &moved, "note"));
	check_said(a, &moved, "present", "her sister");
	exchange(&a, &b);
	end();
}
END_TEST

static void count_words(void *arg, const struct event *e)
{
	size_t *told = arg;
	*told += strstr(e->sentence, "rang") != NULL;
}

/* A finish says all texts again, and history tells them once: two finishes kept silent for each
 * other's sake. */
START_TEST(moved_again_when_finished_its_texts_are_told)
{
	begin();
	size_t told = 0;
	ck_assert_int_eq(book_mark(a, ref_to(&note), MARK_FINISH, NULL), OK);
	struct id moved = move(a, &note, &rhona);
	undo_last(a);
	moved = move(a, &note, &rhona);
	ck_assert_int_eq(book_history(a, ref_to(&moved), count_words, &told), OK);
	ck_assert_uint_eq(told, 1);
	exchange(&a, &b);
	end();
}
END_TEST

START_TEST(what_is_moved_to_somebody_restricted_is_restricted)
{
	begin();
	mark(a, &rhona, MARK_RESTRICT);
	mark(a, &note, MARK_FINISH);
	struct id moved = move(a, &note, &rhona);
	ck_assert_uint_eq(listed(a, "contact", &rhona), 0);
	struct record r = get(a, &moved);
	ck_assert(r.state.restricted && r.state.finished && !raised(a, &moved));
	record_fini(&r);
	undo_last(a);
	r = get(a, &moved);
	ck_assert(r.state.binned);
	record_fini(&r);
	exchange(&a, &b);
	end();
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_moved_note_is_in_the_right_file_and_struck_here);
	tcase_add_test(t, a_note_is_not_moved_to_nobody_nor_to_where_it_is);
	tcase_add_test(t, two_who_move_a_note_to_the_same_person_make_one);
	tcase_add_test(t, two_destinations_are_a_conflict);
	tcase_add_test(t, texts_in_conflict_are_so_where_they_are_moved_to);
	tcase_add_test(t, a_text_that_had_not_seen_the_move_is_raised_where_it_was);
	tcase_add_test(t, a_move_is_taken_back_as_a_whole);
	tcase_add_test(t, a_move_that_was_written_on_is_not_taken_back);
	tcase_add_test(t, moved_again_it_is_as_it_is_now);
	tcase_add_test(t, a_move_again_buries_nothing);
	tcase_add_test(t, moved_again_when_finished_its_texts_are_told);
	tcase_add_test(t, what_is_moved_to_somebody_restricted_is_restricted);
}

UNIT_MAIN("move")

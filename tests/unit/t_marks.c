/* SPDX-License-Identifier: MIT
 *
 * The rules of the fold for the bin, undo, and the marks that hold, one test each.
 */
#include "fold_stage.h"

START_TEST(a_bin_holds_against_what_it_had_seen)
{
	set(change(1, 10, FIRST), "name", "Mairi");
	change(2, 20, AFTER(1))->mark = MARK_BIN;
	ck_assert(folded()->binned);
}
END_TEST

START_TEST(a_concurrent_edit_beats_the_bin)
{
	set(change(1, 10, FIRST), "name", "Mairi");
	change(2, 20, AFTER(1))->mark = MARK_BIN;
	set(change(3, 15, AFTER(1)), "phone", "1");
	ck_assert(!folded()->binned);
}
END_TEST

START_TEST(unbin_takes_it_out)
{
	set(change(1, 10, FIRST), "name", "Mairi");
	change(2, 20, AFTER(1))->mark = MARK_BIN;
	change(3, 30, AFTER(2))->mark = MARK_UNBIN;
	ck_assert(!folded()->binned);
}
END_TEST

/* --- undo, and marks that hold ----------------------------------------------------------- */

/* Change n undoes a field (or the mark, "") of change `of`. */
static void undo(size_t n, size_t of, const char *field)
{
	struct change *c = change(n, 900 + (int64_t)n, AFTER(of));
	named[named_count] = (struct undone){{{(uint8_t)of}}, span_text(field)};
	c->undoes = malloc(sizeof *c->undoes);
	*c->undoes = named[named_count++];
	c->undo_count = 1;
}

START_TEST(undo_brings_the_value_before_back)
{
	set(change(1, 10, FIRST), "name", "old");
	set(change(2, 20, AFTER(1)), "name", "new");
	undo(3, 2, "name");
	shows(folded(), "name", "old");
}
END_TEST

START_TEST(redo_brings_the_new_value_again)
{
	set(change(1, 10, FIRST), "name", "old");
	set(change(2, 20, AFTER(1)), "name", "new");
	undo(3, 2, "name");
	undo(4, 3, "name");
	shows(folded(), "name", "new");
}
END_TEST

START_TEST(two_undos_need_two_redos)
{
	set(change(1, 10, FIRST), "name", "old");
	set(change(2, 20, AFTER(1)), "name", "new");
	undo(3, 2, "name");
	undo(4, 2, "name");
	undo(5, 3, "name");
	shows(folded(), "name", "old");
}
END_TEST

START_TEST(undoing_a_settlement_brings_both_back)
{
	set(change(1, 10, FIRST), "name", "here");
	set(change(2, 10, FIRST), "name", "there");
	set(change(3, 15, AFTER(1, 2)), "name", "settled");
	undo(4, 3, "name");
	ck_assert_uint_eq(state_conflicts(folded()), 1);
}
END_TEST

START_TEST(undo_of_one_field_leaves_the_others)
{
	struct change *c = change(1, 10, FIRST);
	set(c, "name", "a");
	set(c, "email", "b");
	undo(2, 1, "name");
	const struct state *s = folded();
	shows(s, "email", "b");
	ck_assert_ptr_null(state_field(s, "name"));
}
END_TEST

START_TEST(undoing_a_removal_puts_the_flag_back)
{
	struct span risk = text("self_harm");
	change_add_op(change(1, 10, FIRST), OP_ADD, span_text("risks"), risk);
	change_add_op(change(2, 20, AFTER(1)), OP_REMOVE, span_text("risks"), risk)->seen = ids[0];
	undo(3, 2, "risks");
	ck_assert_uint_eq(state_field(folded(), "risks")->count, 1);
}
END_TEST

START_TEST(a_bin_undone_is_no_bin)
{
	set(change(1, 10, FIRST), "name", "Mairi");
	change(2, 20, AFTER(1))->mark = MARK_BIN;
	undo(3, 2, "");
	ck_assert(!folded()->binned);
}
END_TEST

START_TEST(an_edit_that_beat_the_bin_beats_it_undone)
{
	set(change(1, 10, FIRST), "name", "Mairi");
	change(2, 20, AFTER(1))->mark = MARK_BIN;
	set(change(3, 15, AFTER(1)), "phone", "1");
	undo(4, 3, "phone");
	ck_assert(!folded()->binned);
}
END_TEST

START_TEST(a_text_that_finish_had_not_seen_stands_beside)
{
	set(change(1, 10, FIRST), "note", "draft");
	struct change *c = change(2, 20, AFTER(1));
	set(c, "note", "draft");
	c->mark = MARK_FINISH;
	set(change(3, 30, AFTER(1)), "note", "another text");
	const struct state *s = folded();
	ck_assert(s->finished);
	ck_assert_uint_eq(state_conflicts(s), 1);
}
END_TEST

START_TEST(finish_restrict_and_strike_are_lifted_by_undo)
{
	set(change(1, 10, FIRST), "note", "text");
	change(2, 20, AFTER(1))->mark = MARK_FINISH;
	change(3, 30, AFTER(2))->mark = MARK_RESTRICT;
	change(4, 40, AFTER(3))->mark = MARK_STRIKE;
	const struct state *s = folded();
	ck_assert(s->finished && s->restricted && s->struck);
	ck_assert(state_field(s, "note")->said[0].struck);
	state_fini(&state);
	undo(5, 2, "");
	undo(6, 3, "");
	undo(7, 4, "");
	s = folded();
	ck_assert(!s->finished && !s->restricted && !s->struck);
	ck_assert(!state_field(s, "note")->said[0].struck);
}
END_TEST

START_TEST(what_a_striker_had_not_seen_stays_unstruck)
{
	set(change(1, 10, FIRST), "note", "text");
	change(2, 20, AFTER(1))->mark = MARK_STRIKE;
	set(change(3, 30, AFTER(1)), "note", "arrived later");
	const struct state *s = folded();
	ck_assert(s->struck);
	ck_assert(!state_field(s, "note")->said[0].struck);
	shows(s, "note", "arrived later");
}
END_TEST

START_TEST(restrict_wins_over_concurrent_edits)
{
	set(change(1, 10, FIRST), "note", "text");
	change(2, 20, AFTER(1))->mark = MARK_RESTRICT;
	set(change(3, 30, AFTER(1)), "note", "other");
	const struct state *s = folded();
	ck_assert(s->restricted);
	shows(s, "note", "other");
}
END_TEST

START_TEST(amendments_all_stand)
{
	set(change(1, 10, FIRST), "note", "text");
	struct change *a = change(2, 20, AFTER(1)), *b = change(3, 30, AFTER(1));
	a->mark = b->mark = MARK_AMEND;
	change_add_op(a, OP_ADD, span_text("amendments"), text("one"));
	change_add_op(b, OP_ADD, span_text("amendments"), text("two"));
	const struct state *s = folded();
	ck_assert_uint_eq(state_field(s, "amendments")->count, 2);
	ck_assert_uint_eq(state_conflicts(s), 0);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_bin_holds_against_what_it_had_seen);
	tcase_add_test(t, a_concurrent_edit_beats_the_bin);
	tcase_add_test(t, unbin_takes_it_out);
	tcase_add_test(t, undo_brings_the_value_before_back);
	tcase_add_test(t, redo_brings_the_new_value_again);
	tcase_add_test(t, two_undos_need_two_redos);
	tcase_add_test(t, undoing_a_settlement_brings_both_back);
	tcase_add_test(t, undo_of_one_field_leaves_the_others);
	tcase_add_test(t, undoing_a_removal_puts_the_flag_back);
	tcase_add_test(t, a_bin_undone_is_no_bin);
	tcase_add_test(t, an_edit_that_beat_the_bin_beats_it_undone);
	tcase_add_test(t, a_text_that_finish_had_not_seen_stands_beside);
	tcase_add_test(t, finish_restrict_and_strike_are_lifted_by_undo);
	tcase_add_test(t, what_a_striker_had_not_seen_stays_unstruck);
	tcase_add_test(t, restrict_wins_over_concurrent_edits);
	tcase_add_test(t, amendments_all_stand);
}

UNIT_MAIN("marks")

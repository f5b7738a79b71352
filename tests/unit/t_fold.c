/* SPDX-License-Identifier: MIT
 *
 * The rules of the fold for fields, sets, rows and seeds, one test each.
 */
#include "fold_stage.h"

START_TEST(a_later_value_supersedes_what_it_knew)
{
	set(change(1, 10, FIRST), "name", "old");
	set(change(2, 5, AFTER(1)), "name", "new"); /* whatever the clock said */
	const struct state *s = folded();
	shows(s, "name", "new");
	ck_assert_uint_eq(state_conflicts(s), 0);
	ck_assert_uint_eq(s->head_count, 1);
}
END_TEST

START_TEST(concurrent_values_stand_both)
{
	set(change(1, 10, FIRST), "name", "old");
	set(change(2, 20, AFTER(1)), "name", "here");
	set(change(3, 30, AFTER(1)), "name", "there");
	const struct state *s = folded();
	shows(s, "name", "there");
	ck_assert_uint_eq(state_conflicts(s), 1);
	ck_assert_uint_eq(state_field(s, "name")->count, 2);
	ck_assert_uint_eq(s->head_count, 2);
}
END_TEST

START_TEST(equal_stamps_are_ordered_by_id)
{
	set(change(2, 20, FIRST), "name", "two");
	set(change(3, 20, FIRST), "name", "three");
	shows(folded(), "name", "three");
}
END_TEST

START_TEST(equal_concurrent_values_are_no_conflict)
{
	set(change(1, 10, FIRST), "name", "old");
	set(change(2, 20, AFTER(1)), "name", "same");
	set(change(3, 30, AFTER(1)), "name", "same");
	ck_assert_uint_eq(state_conflicts(folded()), 0);
}
END_TEST

START_TEST(settling_knows_both)
{
	set(change(1, 10, FIRST), "name", "here");
	set(change(2, 10, FIRST), "name", "there");
	set(change(3, 5, AFTER(1, 2)), "name", "here");
	const struct state *s = folded();
	shows(s, "name", "here");
	ck_assert_uint_eq(state_conflicts(s), 0);
}
END_TEST

START_TEST(other_fields_are_not_touched)
{
	set(change(1, 10, FIRST), "name", "Mairi");
	set(change(2, 20, AFTER(1)), "phone", "1");
	set(change(3, 30, AFTER(1)), "email", "2");
	const struct state *s = folded();
	shows(s, "name", "Mairi");
	shows(s, "phone", "1");
	shows(s, "email", "2");
	ck_assert_uint_eq(state_conflicts(s), 0);
}
END_TEST

START_TEST(incomplete_ancestry_stands_beside)
{
	set(change(1, 10, FIRST), "name", "here");
	set(change(3, 30, AFTER(2)), "name", "without its past"); /* 2 is not here */
	set(change(4, 40, AFTER(3)), "name", "nor this");
	const struct state *s = folded();
	shows(s, "name", "here");
	ck_assert_uint_eq(s->head_count, 1);
	ck_assert_uint_eq(s->beside_count, 2);
}
END_TEST

START_TEST(an_add_outlives_a_removal_that_had_not_seen_it)
{
	struct span risk = text("self_harm");
	change_add_op(change(1, 10, FIRST), OP_ADD, span_text("risks"), risk);
	change_add_op(change(2, 20, AFTER(1)), OP_REMOVE, span_text("risks"), risk)->seen = ids[0];
	change_add_op(change(3, 30, AFTER(1)), OP_ADD, span_text("risks"), risk);
	const struct state *s = folded();
	ck_assert_uint_eq(state_field(s, "risks")->count, 1);
}
END_TEST

START_TEST(a_seen_add_can_be_taken_off)
{
	struct span risk = text("self_harm");
	change_add_op(change(1, 10, FIRST), OP_ADD, span_text("risks"), risk);
	change_add_op(change(2, 20, AFTER(1)), OP_REMOVE, span_text("risks"), risk)->seen = ids[0];
	ck_assert_uint_eq(state_field(folded(), "risks")->count, 0);
}
END_TEST

static void row(struct change *c, uint8_t id, const char *cells, int64_t place)
{
	struct id r = {{id}};
	if (cells)
		change_add_op(c, OP_ROW, span_text("phone"), *cells ? text(cells) : null())->row =
			r;
	if (place)
		change_add_op(c, OP_ROW_PLACE, span_text("phone"), number(place))->row = r;
}

START_TEST(rows_are_ordered_by_place_then_id)
{
	struct change *c = change(1, 10, FIRST);
	row(c, 2, "second", 20);
	row(c, 3, "third", 20);
	row(c, 1, "first", 10);
	const struct state_field *f = state_field(folded(), "phone");
	ck_assert_uint_eq(f->row_count, 3);
	for (uint8_t i = 0; i < 3; i++)
		ck_assert_uint_eq(f->rows[i].id.b[0], i + 1);
}
END_TEST

START_TEST(a_new_place_does_not_beat_removal)
{
	row(change(1, 10, FIRST), 1, "number", 10);
	row(change(2, 20, AFTER(1)), 1, "", 0);
	row(change(3, 30, AFTER(1)), 1, NULL, 50);
	ck_assert_uint_eq(state_field(folded(), "phone")->row_count, 0);
}
END_TEST

START_TEST(a_concurrent_edit_beats_removal_and_is_marked)
{
	row(change(1, 10, FIRST), 1, "number", 10);
	row(change(2, 40, AFTER(1)), 1, "", 0);
	row(change(3, 30, AFTER(1)), 1, "edited", 0);
	const struct state_field *f = state_field(folded(), "phone");
	ck_assert_uint_eq(f->row_count, 1);
	ck_assert(f->conflict);
	struct span t;
	ck_assert(value_is_text(f->rows[0].said[0].value, &t) && span_is(t, "edited"));
}
END_TEST

static struct change *seed(size_t n, int64_t version)
{
	struct change *c = change(n, version, FIRST);
	c->seed_source = span_text("ashgill");
	c->seed_version = version;
	return c;
}

START_TEST(the_highest_seed_of_a_source_counts)
{
	set(seed(2, 2), "cost", "free");
	set(seed(1, 1), "cost", "2 pounds");
	set(seed(3, 1), "when", "gone in version 2");
	const struct state *s = folded();
	struct span v;
	shows(s, "cost", "free");
	ck_assert(!state_value(s, "when", &v));
	ck_assert_uint_eq(state_conflicts(s), 0);
}
END_TEST

START_TEST(a_seed_that_says_nothing_new_keeps_the_edit)
{
	set(seed(1, 1), "cost", "free");
	set(change(2, 500, AFTER(1)), "cost", "50p for tea");
	set(seed(3, 2), "cost", "free");
	const struct state *s = folded();
	shows(s, "cost", "50p for tea");
	ck_assert_uint_eq(state_conflicts(s), 0);
}
END_TEST

START_TEST(a_seed_with_news_stands_beside_the_edit)
{
	set(seed(1, 1), "cost", "free");
	set(change(2, 500, AFTER(1)), "cost", "50p for tea");
	set(seed(3, 2), "cost", "1 pound");
	const struct state *s = folded();
	shows(s, "cost", "50p for tea");
	ck_assert_uint_eq(state_conflicts(s), 1);
}
END_TEST

START_TEST(what_was_taken_off_a_seed_stays_off)
{
	struct span walk = text("walk");
	change_add_op(seed(1, 1), OP_ADD, span_text("categories"), walk);
	change_add_op(change(2, 500, AFTER(1)), OP_REMOVE, span_text("categories"), walk)->seen =
		ids[0];
	change_add_op(seed(3, 2), OP_ADD, span_text("categories"), walk);
	ck_assert_uint_eq(state_field(folded(), "categories")->count, 0);
}
END_TEST

START_TEST(an_unknown_mark_makes_it_read_only)
{
	set(change(1, 10, FIRST), "name", "Mairi");
	struct change *c = change(2, 20, AFTER(1));
	c->mark = MARK_UNKNOWN;
	c->has_unknown = true;
	const struct state *s = folded();
	ck_assert(s->has_unknown);
	shows(s, "name", "Mairi");
}
END_TEST

/* Two records that are about one thing: all values, members, rows and what came early of both. */
START_TEST(joined_records_keep_what_each_has)
{
	struct state first, both;
	struct change *c = change(1, 10, FIRST);
	set(c, "name", "one");
	change_add_op(c, OP_SET, span_text("born"), null());
	change_add_op(c, OP_SET, span_text("both"), null());
	change_add_op(c, OP_ADD, span_text("risks"), text("a"));
	row(c, 2, "second", 20);
	set(change(2, 20, AFTER(9)), "name", "early");
	struct buf bytes = BUF_INIT;
	state_encode(folded(), &bytes);
	ck_assert_int_eq(state_decode(buf_span(&bytes), &first), OK);
	teardown();
	setup();
	c = change(3, 30, FIRST);
	set(c, "name", "two");
	set(c, "born", "1961");
	change_add_op(c, OP_SET, span_text("both"), null());
	change_add_op(c, OP_ADD, span_text("risks"), text("b"));
	row(c, 1, "first", 10);
	const struct state *members[] = {&first, folded()};
	state_join(members, 2, &both);
	ck_assert_uint_eq(state_field(&both, "name")->count, 2);
	ck_assert(state_field(&both, "name")->conflict);
	shows(&both, "born", "1961");
	ck_assert(!state_field(&both, "both")->conflict);
	ck_assert_uint_eq(state_field(&both, "risks")->count, 2);
	ck_assert_uint_eq(state_field(&both, "phone")->row_count, 2);
	ck_assert_int_eq(state_field(&both, "phone")->rows[0].place, 10);
	ck_assert_uint_eq(both.beside_count, 1);
	state_fini(&first);
	state_fini(&both);
	buf_fini(&bytes);
}
END_TEST

START_TEST(a_change_survives_its_bytes)
{
	struct change *c = change(1, 1795517220000, AFTER(7, 8)), read;
	struct buf bytes = BUF_INIT, again = BUF_INIT;
	set(c, "name", "MacLeòd");
	row(c, 1, "number", 10);
	row(c, 2, "", 0);
	change_add_op(c, OP_ADD, span_text("risks"), text("a"));
	change_add_op(c, OP_ADD, span_text("risks"), text("b"));
	change_add_op(c, OP_REMOVE, span_text("risks"), text("c"))->seen = ids[0];
	c->author = span_text("Ailsa");
	c->mark = MARK_FINISH;
	c->has_draft = true;
	c->seed_source = span_text("source");
	c->seed_version = 3;
	change_encode(c, &bytes);
	ck_assert_int_eq(change_decode(buf_span(&bytes), &read), OK);
	ck_assert_uint_eq(read.op_count, c->op_count);
	ck_assert_uint_eq(read.parent_count, 2);
	ck_assert_int_eq(read.mark, MARK_FINISH);
	ck_assert(!read.has_unknown);
	change_encode(&read, &again);
	ck_assert(span_equal(buf_span(&bytes), buf_span(&again)));
	change_fini(&read);
	/* Cut anywhere, it is no change and nothing breaks. */
	for (size_t n = 0; n < bytes.n; n++)
		ck_assert_int_eq(change_decode(span_of(bytes.p, n), &read), ERR_DAMAGED);
	buf_fini(&bytes);
	buf_fini(&again);
	change_fini(c);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_later_value_supersedes_what_it_knew);
	tcase_add_test(t, concurrent_values_stand_both);
	tcase_add_test(t, equal_stamps_are_ordered_by_id);
	tcase_add_test(t, equal_concurrent_values_are_no_conflict);
	tcase_add_test(t, settling_knows_both);
	tcase_add_test(t, other_fields_are_not_touched);
	tcase_add_test(t, incomplete_ancestry_stands_beside);
	tcase_add_test(t, an_add_outlives_a_removal_that_had_not_seen_it);
	tcase_add_test(t, a_seen_add_can_be_taken_off);
	tcase_add_test(t, rows_are_ordered_by_place_then_id);
	tcase_add_test(t, a_new_place_does_not_beat_removal);
	tcase_add_test(t, a_concurrent_edit_beats_removal_and_is_marked);
	tcase_add_test(t, the_highest_seed_of_a_source_counts);
	tcase_add_test(t, a_seed_that_says_nothing_new_keeps_the_edit);
	tcase_add_test(t, a_seed_with_news_stands_beside_the_edit);
	tcase_add_test(t, what_was_taken_off_a_seed_stays_off);
	tcase_add_test(t, an_unknown_mark_makes_it_read_only);
	tcase_add_test(t, joined_records_keep_what_each_has);
	tcase_add_test(t, a_change_survives_its_bytes);
}

UNIT_MAIN("fold")

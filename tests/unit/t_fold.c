/* SPDX-License-Identifier: MIT
 *
 * The rules of the fold, one test each, on changes made by hand.
 */
#include <linkbook/fold.h>
#include <linkbook/value.h>

#include "unit.h"

enum { MOST = 16 };

static struct change made[MOST];
static struct hash ids[MOST];
static struct buf values[64];
static size_t made_count, value_count;
static struct state state;
static struct undone named[MOST];
static size_t named_count;

static void setup(void)
{
	memset(made, 0, sizeof made);
	made_count = value_count = named_count = 0;
}

static void teardown(void)
{
	for (size_t i = 0; i < made_count; i++)
		change_fini(&made[i]);
	for (size_t i = 0; i < value_count; i++)
		buf_fini(&values[i]);
}

static struct span text(const char *t)
{
	struct buf *b = &values[value_count++];
	*b = (struct buf)BUF_INIT;
	value_add_text(b, span_text(t));
	return buf_span(b);
}

static struct span null(void)
{
	struct buf *b = &values[value_count++];
	*b = (struct buf)BUF_INIT;
	value_add_null(b);
	return buf_span(b);
}

static struct span number(int64_t n)
{
	struct buf *b = &values[value_count++];
	*b = (struct buf)BUF_INIT;
	value_add_int(b, n);
	return buf_span(b);
}

/* Change number n (its id starts with n); parents are numbers, ended by 0. */
static struct change *change(size_t n, int64_t stamp, const size_t *parents)
{
	struct change *c = &made[made_count];
	c->type = span_text("person");
	c->stamp = stamp;
	ids[made_count].b[0] = (uint8_t)n;
	for (; *parents; parents++) {
		struct hash p = {{(uint8_t)*parents}};
		change_add_parent(c, &p);
	}
	made_count++;
	return c;
}
#define AFTER(...) ((const size_t[]){__VA_ARGS__, 0})
#define FIRST	   ((const size_t[]){0})

static void set(struct change *c, const char *field, const char *value)
{
	change_add_op(c, OP_SET, span_text(field), text(value));
}

/* Folds in three orders with one change twice, through bytes and back: always the same. */
static const struct state *folded(void)
{
	struct fold_input in[MOST + 1];
	struct id record = {{0}};
	struct buf first = BUF_INIT;
	for (int order = 0; order < 3; order++) {
		struct state s;
		struct buf bytes = BUF_INIT;
		for (size_t i = 0; i < made_count; i++) {
			size_t k = order == 0	? i
				   : order == 1 ? made_count - 1 - i
						: (i + 1) % made_count;
			in[i] = (struct fold_input){ids[k], &made[k]};
		}
		in[made_count] = in[0];
		fold_record(&record, in, made_count + (order == 2), &s);
		state_encode(&s, &bytes);
		state_fini(&s);
		if (!order)
			buf_add_span(&first, buf_span(&bytes));
		ck_assert(span_equal(buf_span(&first), buf_span(&bytes)));
		buf_fini(&bytes);
	}
	ck_assert_int_eq(state_decode(buf_span(&first), &state), OK);
	buf_fini(&first);
	return &state;
}

static void shows(const struct state *s, const char *field, const char *want)
{
	struct span v, t = {NULL, 0};
	ck_assert_msg(state_value(s, field, &v) && value_is_text(v, &t), "%s is unset", field);
	ck_assert_msg(span_is(t, want), "%s is %.*s", field, (int)t.n, (const char *)t.p);
}

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

static void unload(void)
{
	state_fini(&state);
	teardown();
}

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, unload);
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
	tcase_add_test(t, the_highest_seed_of_a_source_counts);
	tcase_add_test(t, a_seed_that_says_nothing_new_keeps_the_edit);
	tcase_add_test(t, a_seed_with_news_stands_beside_the_edit);
	tcase_add_test(t, what_was_taken_off_a_seed_stays_off);
	tcase_add_test(t, an_unknown_mark_makes_it_read_only);
	tcase_add_test(t, a_change_survives_its_bytes);
}

UNIT_MAIN("fold")

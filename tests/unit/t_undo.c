/* SPDX-License-Identifier: MIT
 *
 * Steps taken back, redone, and the bin, on a real book.
 */
#include "book_stage.h"

static void undone(struct book *b, const char *words_said)
{
	struct buf told = BUF_INIT;
	ck_assert_int_eq(book_undo(b, &told, NULL), OK);
	ck_assert_msg(strstr(buf_text(&told), words_said) != NULL, "%s", buf_text(&told));
	buf_fini(&told);
	seam.clock_ms += 1000;
}

static void redone(struct book *b)
{
	struct buf told = BUF_INIT;
	ck_assert_int_eq(book_redo(b, &told, NULL), OK);
	buf_fini(&told);
	seam.clock_ms += 1000;
}

static void write_one(struct book *b, const struct id *person, const char *field, const char *value)
{
	const char *pairs[] = {field, value};
	put_fields(b, "person", (struct put){.record = *person}, pairs, 1);
	seam.clock_ms += 1000;
}

static struct id begin(struct book **b)
{
	*b = open_book(here);
	struct id person = add_person(*b, "Mairi", "MacLeod");
	seam.clock_ms += 1000;
	return person;
}

static bool in_bin(struct book *b, const struct id *id)
{
	struct record r;
	ck_assert_int_eq(book_get(b, id, &r), OK);
	bool binned = r.state.binned;
	record_fini(&r);
	return binned;
}

START_TEST(undo_goes_back_step_by_step_and_redo_forth)
{
	struct book *b;
	struct id person = begin(&b);
	write_one(b, &person, "visit_note", "stairs");
	write_one(b, &person, "visit_note", "dog");
	undone(b, "1 record)");
	check_said(b, &person, "visit_note", "stairs");
	undone(b, "1 record)");
	check_said(b, &person, "visit_note", "");
	redone(b);
	check_said(b, &person, "visit_note", "stairs");
	redone(b);
	check_said(b, &person, "visit_note", "dog");
	ck_assert_int_eq(book_redo(b, &(struct buf){0}, NULL), ERR_ABSENT);
	ck_assert_int_eq(book_check(b, NULL), OK);
	book_close(b);
}
END_TEST

/* What was done last here comes first, and then what an earlier run did. */
START_TEST(undo_goes_on_into_the_run_before)
{
	struct book *b;
	struct id person = begin(&b);
	write_one(b, &person, "visit_note", "stairs");
	book_close(b);
	b = open_book(here);
	seam.clock_ms -= 60000; /* a clock that was set back */
	write_one(b, &person, "locality", "Milton");
	undone(b, "1 record)");
	check_said(b, &person, "locality", "");
	check_said(b, &person, "visit_note", "stairs");
	undone(b, "1 record)");
	check_said(b, &person, "visit_note", "");
	redone(b);
	redone(b);
	check_said(b, &person, "visit_note", "stairs");
	check_said(b, &person, "locality", "Milton");
	book_close(b);
}
END_TEST

START_TEST(undoing_the_making_is_a_bin)
{
	struct book *b;
	struct id person = begin(&b);
	undone(b, "Taken back");
	ck_assert(in_bin(b, &person));
	ck_assert_int_eq(book_undo(b, &(struct buf){0}, NULL), ERR_ABSENT);
	redone(b);
	ck_assert(!in_bin(b, &person));
	check_said(b, &person, "given_name", "Mairi");
	book_close(b);
}
END_TEST

/* The same book in other hands. */
static void hand_over(struct book **b, const char *name)
{
	const char *pairs[] = {"name", name};
	struct put p = {.record = book_seed_id("linkbook", "practitioner")};
	put_fields(*b, "practitioner", p, pairs, 1);
	book_close(*b);
	seam.clock_ms += 1000;
	*b = open_book(here);
	ck_assert_str_eq(book_author(*b), name);
}

START_TEST(what_was_built_on_is_left_and_said)
{
	struct book *b;
	struct id person = begin(&b);
	const char *two[] = {"visit_note", "stairs", "pronouns", "she/her"};
	put_fields(b, "person", (struct put){.record = person}, two, 2);
	hand_over(&b, "Morag");
	write_one(b, &person, "visit_note", "stairs and dog");
	hand_over(&b, "Ailsa");
	undone(b, "1 field was left as it is");
	check_said(b, &person, "visit_note", "stairs and dog");
	check_said(b, &person, "pronouns", "");
	book_close(b);
}
END_TEST

START_TEST(undo_is_the_same_on_a_copy)
{
	struct book *a, *b;
	struct id person = begin(&a);
	write_one(a, &person, "visit_note", "stairs");
	book_close(a);
	split(&a, &b);
	undone(a, "1 record)");
	write_one(b, &person, "pronouns", "she/her");
	exchange(&a, &b);
	check_same_hash(a, b);
	check_said(b, &person, "visit_note", "");
	check_said(a, &person, "pronouns", "she/her");
	book_close(a);
	book_close(b);
}
END_TEST

START_TEST(a_person_is_binned_with_the_file_and_comes_back_with_it)
{
	struct book *b;
	struct id person = begin(&b);
	const char *pairs[] = {"starts", "today 10:00", "mode", "phone", "note", "rang"};
	struct put p = {.person = person};
	struct id early = put_fields(b, "contact", p, pairs, 3);
	struct id note = put_fields(b, "contact", p, pairs, 3);
	size_t count;
	ck_assert_int_eq(book_bin(b, ref_to(&early), true, &count, NULL), OK);
	ck_assert_uint_eq(count, 1);
	ck_assert_int_eq(book_bin(b, ref_to(&person), true, &count, NULL), OK);
	ck_assert_uint_eq(count, 2);
	ck_assert(in_bin(b, &person) && in_bin(b, &note));
	ck_assert_int_eq(book_bin(b, ref_to(&person), false, &count, NULL), OK);
	ck_assert_uint_eq(count, 2);
	ck_assert(!in_bin(b, &person) && !in_bin(b, &note) && in_bin(b, &early));
	book_close(b);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, undo_goes_back_step_by_step_and_redo_forth);
	tcase_add_test(t, undo_goes_on_into_the_run_before);
	tcase_add_test(t, undoing_the_making_is_a_bin);
	tcase_add_test(t, what_was_built_on_is_left_and_said);
	tcase_add_test(t, undo_is_the_same_on_a_copy);
	tcase_add_test(t, a_person_is_binned_with_the_file_and_comes_back_with_it);
}

UNIT_MAIN("undo")

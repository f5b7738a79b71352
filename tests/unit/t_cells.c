/* SPDX-License-Identifier: MIT */
#include <linkbook/cells.h>

#include "unit.h"

static int say(struct grid *g, int y, int x, const char *text, unsigned attr)
{
	return grid_put(g, y, x, g->columns, span_text(text), attr);
}

static void expect_row(const struct grid *g, int y, const char *text)
{
	struct buf row = BUF_INIT;
	grid_row_text(g, y, &row);
	ck_assert_str_eq(buf_text(&row), text);
	buf_fini(&row);
}

START_TEST(text_is_clipped_and_cleaned)
{
	struct grid g;
	grid_init(&g, 2, 8, false);
	ck_assert_int_eq(say(&g, 0, 0, "MacLeòd of Skye", ATTR_BOLD), 8);
	expect_row(&g, 0, "MacLeòd…");
	ck_assert_int_eq(grid_cell(&g, 0, 3)->attr, ATTR_BOLD);
	say(&g, 1, 0, "a\033[2J\nb", 0);
	expect_row(&g, 1, "a\uFFFD[2J b");
	grid_fini(&g);
}
END_TEST

START_TEST(nothing_is_written_outside)
{
	struct grid g;
	grid_init(&g, 3, 5, true);
	static const int places[][2] = {{-1, 0}, {0, -1}, {3, 0}, {0, 5}, {1000, 1000}};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		ck_assert_int_eq(say(&g, places[i][0], places[i][1], "text", 0), 0);
	ck_assert_int_eq(grid_put(&g, 2, 3, 100, span_text("longer"), 0), 2);
	expect_row(&g, 2, "   l>");
	grid_dress(&g, 2, -3, 100, ATTR_BOLD);
	grid_dress(&g, 9, 0, 100, ATTR_BOLD);
	grid_set_cursor(&g, 99, -4);
	ck_assert_int_eq(g.cursor_row, 2);
	ck_assert_int_eq(g.cursor_column, 0);
	ck_assert_ptr_null(grid_cell(&g, 3, 0));
	grid_fini(&g);
}
END_TEST

START_TEST(wide_letters_are_whole_or_not_there)
{
	struct grid g;
	grid_init(&g, 1, 6, false);
	say(&g, 0, 0, "张伟张伟", 0);
	expect_row(&g, 0, "张伟…");
	say(&g, 0, 1, "x", 0); /* on the right half of the first */
	expect_row(&g, 0, " x伟…");
	say(&g, 0, 2, "y", 0); /* on the left half of the second */
	expect_row(&g, 0, " xy …");
	grid_resize(&g, 1, 1);
	ck_assert_int_eq(say(&g, 0, 0, "张", 0), 1);
	expect_row(&g, 0, "…");
	grid_fini(&g);
}
END_TEST

START_TEST(a_grapheme_longer_than_a_cell_is_cut_between_characters)
{
	struct grid g;
	struct buf text = BUF_INIT;
	grid_init(&g, 1, 4, false);
	buf_add_text(&text, "e");
	for (int i = 0; i < 40; i++)
		buf_add_text(&text, "\u20D0");
	buf_add_text(&text, "f");
	grid_put(&g, 0, 0, 4, buf_span(&text), 0);
	ck_assert_uint_eq(strlen(grid_cell(&g, 0, 0)->text), 31);
	ck_assert_str_eq(grid_cell(&g, 0, 1)->text, "f");
	buf_fini(&text);
	grid_fini(&g);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, text_is_clipped_and_cleaned);
	tcase_add_test(t, nothing_is_written_outside);
	tcase_add_test(t, wide_letters_are_whole_or_not_there);
	tcase_add_test(t, a_grapheme_longer_than_a_cell_is_cut_between_characters);
}

UNIT_MAIN("cells")

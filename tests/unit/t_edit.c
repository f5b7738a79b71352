/* SPDX-License-Identifier: MIT
 *
 * Writing.  Besides the plain cases, random edits on awkward names check what edit.h
 * promises after every key.
 */
#include <linkbook/edit.h>
#include <linkbook/seam.h>
#include <linkbook/text.h>

#include "unit.h"

static void type(struct edit *e, const char *text)
{
	for (struct span s = span_text(text); s.n;) {
		size_t n = text_grapheme(s, NULL);
		edit_type(e, span_of(s.p, n));
		s = span_of(s.p + n, s.n - n);
	}
}

#define EXPECT(e, text_, cursor_)                                                                  \
	do {                                                                                       \
		ck_assert_str_eq(buf_text(&(e)->text), text_);                                     \
		ck_assert_uint_eq((e)->cursor, cursor_);                                           \
	} while (0)

START_TEST(undo_goes_back_word_by_word)
{
	struct edit e;
	edit_init(&e, true);
	type(&e, "good form today");
	ck_assert(edit_undo(&e));
	EXPECT(&e, "good form ", 10);
	ck_assert(edit_undo(&e));
	EXPECT(&e, "good ", 5);
	ck_assert(edit_redo(&e));
	EXPECT(&e, "good form ", 10);
	edit_paste(&e, span_text("two\r\nlines\x1b[31m\tand \x07"));
	EXPECT(&e, "good form two\nlines[31m and ", 28);
	ck_assert(edit_undo(&e));
	EXPECT(&e, "good form ", 10);
	edit_rub_out(&e);
	edit_rub_out(&e);
	EXPECT(&e, "good for", 8);
	ck_assert(edit_undo(&e));
	EXPECT(&e, "good form ", 10);
	type(&e, "x");
	ck_assert(!edit_redo(&e)); /* another way was taken */
	edit_fini(&e);
}
END_TEST

/* As a phone copies a name and a number: in isolates and embeddings. */
START_TEST(pasted_text_leaves_behind_what_shows_nothing)
{
	struct edit e;
	edit_init(&e, false);
	edit_paste(&e, span_text("\u2068محمد\u2069, \u202A07700\u200B 900123\u202C"));
	ck_assert_str_eq(buf_text(&e.text), "محمد, 07700 900123");
	edit_paste(&e, span_text(" می\u200Cآید"));
	ck_assert_str_eq(buf_text(&e.text), "محمد, 07700 900123 می\u200Cآید");
	edit_fini(&e);
}
END_TEST

START_TEST(a_move_ends_a_step)
{
	struct edit e;
	edit_init(&e, false);
	type(&e, "ac");
	edit_left(&e);
	type(&e, "b");
	EXPECT(&e, "abc", 2);
	edit_undo(&e);
	EXPECT(&e, "ac", 1);
	edit_undo(&e);
	EXPECT(&e, "", 0);
	ck_assert(!edit_undo(&e));
	edit_paste(&e, span_text("one\nline"));
	EXPECT(&e, "one line", 8);
	edit_fini(&e);
}
END_TEST

START_TEST(rows_wrap_at_blanks_and_the_cursor_follows)
{
	struct edit e;
	edit_init(&e, true);
	edit_set(&e, span_text("used to walk with her sister\nend"));
	struct wrap rows = {0};
	size_t row;
	int column;
	edit_layout(&e, 12, &rows, &row, &column);
	ck_assert_uint_eq(rows.count, 4); /* used to walk / with her / sister / end */
	ck_assert_uint_eq(row, 3);
	ck_assert_int_eq(column, 3);
	wrap_fini(&rows);
	edit_set_cursor(&e, 10); /* wa|lk */
	ck_assert(edit_move_rows(&e, 1, 12));
	ck_assert_uint_eq(e.cursor, 21); /* "with her": shorter, so before its hanging blank */
	ck_assert(edit_move_rows(&e, 1, 12));
	ck_assert_uint_eq(e.cursor, 28);
	ck_assert(edit_move_rows(&e, -2, 12));
	ck_assert_uint_eq(e.cursor, 10); /* the column was kept */
	edit_end(&e, 12);
	ck_assert_uint_eq(e.cursor, 12);
	edit_home(&e, 12);
	ck_assert_uint_eq(e.cursor, 0);
	ck_assert(!edit_move_rows(&e, -1, 12));
	edit_word_right(&e);
	ck_assert_uint_eq(e.cursor, 5);
	edit_word_left(&e);
	ck_assert_uint_eq(e.cursor, 0);
	edit_fini(&e);
}
END_TEST

static const char *const pieces[] = {
	"MacLeòd",
	"Łukasz",
	"张伟",
	"e\u0301",
	"\u0301",
	"👩‍👩‍👧",
	"\u200d",
	" ",
	"\n",
	"🇫🇷",
	"a",
	"b ",
	"  ",
	"supercalifragilistic",
	"x\u0323\u0307",
};

static void random_key(struct edit *e, struct seam *s)
{
	uint8_t r[3];
	s->random(s, r, sizeof r);
	struct span piece = span_text(pieces[r[1] % (sizeof pieces / sizeof *pieces)]);
	int width = 1 + r[2] % 80;
	switch (r[0] % 16) {
	case 0:
	case 1:
	case 2:
	case 3:
		edit_type(e, piece);
		break;
	case 4:
		edit_paste(e, piece);
		break;
	case 5:
	case 6:
		edit_rub_out(e);
		break;
	case 7:
		edit_delete(e);
		break;
	case 8:
		edit_left(e);
		break;
	case 9:
		edit_right(e);
		break;
	case 10:
		edit_word_left(e);
		break;
	case 11:
		edit_word_right(e);
		break;
	case 12:
		edit_home(e, width);
		break;
	case 13:
		edit_end(e, width);
		break;
	case 14:
		edit_move_rows(e, r[1] % 2 ? 1 : -1, width);
		break;
	default:
		r[1] % 2 ? edit_undo(e) : edit_redo(e);
		break;
	}
}

static void cursor_is_between_graphemes(const struct edit *e)
{
	size_t line = e->cursor;
	while (line && e->text.p[line - 1] != '\n')
		line--;
	while (line < e->cursor)
		line += text_grapheme(span_of(e->text.p + line, e->text.n - line), NULL);
	ck_assert_uint_eq(line, e->cursor);
}

static void rows_cover_the_text(const struct edit *e, int width)
{
	struct wrap rows = {0};
	size_t row, at = 0;
	int column;
	edit_layout(e, width, &rows, &row, &column);
	for (size_t i = 0; i < rows.count; i++) {
		ck_assert_uint_eq(rows.rows[i].from, at);
		at = rows.rows[i].to;
		struct span shown = wrap_row_text(&rows, buf_span(&e->text), i);
		ck_assert(text_width(shown) <= width || text_grapheme(shown, NULL) == shown.n);
		if (i + 1 < rows.count && e->text.p[at] == '\n')
			at++;
	}
	ck_assert_uint_eq(at, e->text.n);
	ck_assert(row < rows.count && column >= 0 && column <= width);
	wrap_fini(&rows);
}

START_TEST(random_edits_keep_what_is_promised)
{
	struct seam s;
	seam_init_sim(&s, (uint64_t)_i, 0);
	struct edit e;
	edit_init(&e, _i % 4 != 0);
	edit_set(&e, span_text("Mairi MacLeòd"));
	for (int i = 0; i < 400; i++) {
		random_key(&e, &s);
		ck_assert(text_is_utf8(buf_span(&e.text)));
		cursor_is_between_graphemes(&e);
		rows_cover_the_text(&e, 1 + i % 80);
	}
	struct buf end = BUF_INIT;
	while (edit_redo(&e))
		;
	buf_add_span(&end, buf_span(&e.text));
	while (edit_undo(&e))
		cursor_is_between_graphemes(&e);
	ck_assert_str_eq(buf_text(&e.text), "Mairi MacLeòd");
	while (edit_redo(&e))
		;
	ck_assert(span_equal(buf_span(&end), buf_span(&e.text)));
	buf_fini(&end);
	edit_fini(&e);
}
END_TEST

START_TEST(one_line_has_an_end)
{
	struct edit e;
	struct buf much = BUF_INIT;
	for (int i = 0; i < 100000; i++)
		buf_add_text(&much, i % 3 ? "ò" : "x\n");
	edit_init(&e, false);
	ck_assert(!edit_paste(&e, buf_span(&much)));
	ck_assert(e.text.n <= EDIT_LINE_BYTES && e.text.n > EDIT_LINE_BYTES - 2);
	ck_assert(text_is_utf8(buf_span(&e.text)));
	ck_assert(!edit_type(&e, span_text("张")));
	ck_assert(edit_undo(&e));
	ck_assert(edit_type(&e, span_text("张")));
	edit_fini(&e);
	edit_init(&e, true);
	ck_assert(edit_paste(&e, buf_span(&much)));
	ck_assert_uint_eq(e.text.n, much.n);
	edit_fini(&e);
	buf_fini(&much);
}
END_TEST

START_TEST(what_is_written_is_wiped_when_it_goes)
{
	struct edit e;
	edit_init(&e, true);
	edit_set(&e, span_text("Mairi"));
	edit_type(&e, span_text("x"));
	edit_rub_out(&e);
	ck_assert(e.text.secret && e.count == 2);
	for (size_t i = 0; i < e.count; i++)
		ck_assert(e.steps[i].removed.secret && e.steps[i].added.secret);
	edit_fini(&e);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, undo_goes_back_word_by_word);
	tcase_add_test(t, pasted_text_leaves_behind_what_shows_nothing);
	tcase_add_test(t, a_move_ends_a_step);
	tcase_add_test(t, rows_wrap_at_blanks_and_the_cursor_follows);
	tcase_add_test(t, what_is_written_is_wiped_when_it_goes);
	tcase_add_test(t, one_line_has_an_end);
	tcase_add_loop_test(t, random_edits_keep_what_is_promised, 0, 50);
}

UNIT_MAIN("edit")

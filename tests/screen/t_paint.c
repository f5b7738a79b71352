/* SPDX-License-Identifier: MIT
 *
 * Every byte and every class of characters, in every place of a screen where words stand: what
 * goes out is watched byte by byte (stage.c), and what stands in the terminal afterwards is
 * compared with the grid, cell by cell, so that nothing is shifted, hidden or painted elsewhere.
 * What came in another way than through our own forms, by another version or somebody who holds
 * the key, is meant too: here the book takes texts unseen.  With the cleaning off it is noticed.
 */
#include "payloads.h"
#include "picture.h"
#include "room.h"
#include "stage.h"
#include "terminal.h"
#include <linkbook/text.h>

#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static struct stage stage;
static struct id visit; /* the first is made, then it is altered */

/* --- what is switched off ----------------------------------------------------------------- */

static bool stores_anything, cleaning_off;

/* Linked in place of the real ones (--wrap). */
bool __real_text_may_store(struct span s, bool multiline);
bool __wrap_text_may_store(struct span s, bool multiline);
void __real_text_clip(struct span s, int columns, bool ascii, struct buf *out);
void __wrap_text_clip(struct span s, int columns, bool ascii, struct buf *out);

bool __wrap_text_may_store(struct span s, bool multiline)
{
	return stores_anything || __real_text_may_store(s, multiline);
}

void __wrap_text_clip(struct span s, int columns, bool ascii, struct buf *out)
{
	if (cleaning_off)
		buf_add(out, s.p, text_fit(s, columns));
	else
		__real_text_clip(s, columns, ascii, out);
}

/* --- payloads ------------------------------------------------------------------------------- */

/* The next payload that the emulator knows, from *i on; the others are few. */
enum { UNKNOWN_MOST = 4 };
static bool next_payload(size_t *i, struct payload *p)
{
	static int unknown;
	for (; *i < payload_count(); ++*i) {
		*p = payload_make(*i);
		if (picture_knows(buf_span(&p->text)))
			return ++*i;
		ck_assert_int_lt(unknown++, UNKNOWN_MOST);
		buf_fini(&p->text);
	}
	return false;
}

/* --- a grid full of fields ---------------------------------------------------------------- */

enum { FIELD = 5, SLOT = FIELD + 3, SLOTS_IN_ROW = 80 / SLOT };

/* "[field] ": what stands beside it stays. */
static void put_slot(int number, struct span text)
{
	int y = number / SLOTS_IN_ROW, x = number % SLOTS_IN_ROW * SLOT;
	struct grid *g = &stage.ui.grid;
	grid_put(g, y, x, 1, span_text("["), 0);
	grid_put(g, y, x + 1, FIELD, text, 0);
	grid_put(g, y, x + 1 + FIELD, 1, span_text("]"), 0);
}

static void check_brackets(int slots, const char *what)
{
	VTermScreenCell left, right;
	for (int i = 0; i < slots; i++) {
		int y = i / SLOTS_IN_ROW, x = i % SLOTS_IN_ROW * SLOT;
		vterm_screen_get_cell(stage.screen, (VTermPos){y, x}, &left);
		vterm_screen_get_cell(stage.screen, (VTermPos){y, x + 1 + FIELD}, &right);
		if (left.chars[0] != '[' || right.chars[0] != ']')
			ck_abort_msg("%s: row %d", what, y);
	}
}

static int filled;

static void show_slots(const char *what)
{
	tty_blit(&stage.ui);
	stage_show(&stage);
	if (!cleaning_off) {
		check_brackets(filled, what);
		picture_compare(&stage, what);
	}
	grid_clear(&stage.ui.grid);
	filled = 0;
}

static void fill_slot(struct span text, const char *what)
{
	put_slot(filled++, text);
	if (filled == SLOTS_IN_ROW * stage.ui.grid.rows)
		show_slots(what);
}

/* Between letters, so that a mark has something to stand on. */
static void fill_letter(uint32_t code)
{
	struct buf b = BUF_INIT;
	char what[32];
	snprintf(what, sizeof what, "about %04X", code);
	buf_add_byte(&b, 'a');
	payload_letter(code, &b);
	buf_add_byte(&b, 'b');
	if (picture_knows(buf_span(&b)))
		fill_slot(buf_span(&b), what);
	buf_fini(&b);
}

/* All of the first plane, and some of the others; all where there is something to hide. */
START_TEST(every_letter_stays_in_its_field)
{
	for (uint32_t code = 0; code <= 0x110400; code++)
		if (code < 0x10000 || (code < 0x20000 && code % 3 == 0) || code >= 0x10FF00 ||
		    (code & 0xFFFF) >= 0xFFF0 || (code >= 0xE0000 && code < 0xE1000) ||
		    code % 97 == 0)
			fill_letter(code);
	show_slots("the last");
}
END_TEST

START_TEST(every_payload_stays_in_its_field)
{
	struct payload p;
	for (size_t i = 0; next_payload(&i, &p);) {
		struct span s = buf_span(&p.text);
		/* Cut at every byte, too: a field begins where the text that fills it is cut. */
		for (size_t from = 0; from <= s.n && from < 24; from++)
			fill_slot(span_of(s.p + from, s.n - from), p.what);
		buf_fini(&p.text);
	}
	show_slots("the last");
}
END_TEST

/* What a reader sees of it: the first letters of row 0, with what stands on them. */
static void expect_shown(const char *text, const char *shown)
{
	struct buf row = BUF_INIT;
	grid_put(&stage.ui.grid, 0, 0, 40, span_text(text), 0);
	tty_blit(&stage.ui);
	stage_show(&stage);
	stage_row(&stage, 0, &row);
	ck_assert_str_eq(buf_text(&row), shown);
	grid_clear(&stage.ui.grid);
	buf_fini(&row);
}

START_TEST(names_and_signs_stay_legible)
{
	grid_clear(&stage.ui.grid);
	expect_shown("محمد عبدالله", "محمد عبدالله");
	expect_shown("می\u200Cآید", "می\u200Cآید");
	expect_shown("हिन्दी", "हिन्दी");
	expect_shown("張伟 Łukasz MacLeòd", "張伟 Łukasz MacLeòd");
	expect_shown("a👩\u200D👩\u200D👧b", "a👩b"); /* of a family the first */
	expect_shown("a❤\uFE0Fb", "a❤b"); /* in one column, as without its selector */
	expect_shown("\u2068Ada\u2069 Br\u200Book", "\uFFFDAda\uFFFD Br\uFFFDook");
}
END_TEST

/* --- the screens -------------------------------------------------------------------------- */

static int no_fsync(int fd)
{
	(void)fd;
	return 0;
}

static void begin(void)
{
	stage_init(&stage);
	stage.seam.files.fsync = no_fsync;
	stage_start(&stage);
	set_escdelay(0); /* no waiting after Esc */
	stage_keys(&stage, "\"four plain words here\" Enter", true);
	stage_remember(&stage);
}

static void end(void)
{
	stage_fini(&stage);
}

static void write_text(struct put *p, struct put_field *fields, size_t n, const char *what)
{
	struct diag d = {0};
	p->fields = fields;
	p->field_count = n;
	stores_anything = true;
	enum err e = book_put(stage.app.book, p, 1, &d);
	stores_anything = false;
	ck_assert_msg(!e, "%s: %s", what, diag_first(&d));
	diag_fini(&d);
}

/* The family name, the area and what to know at the door, and the words of a visit. */
static void write_records(const struct payload *p)
{
	struct buf text = BUF_INIT, mode = BUF_INIT, starts = BUF_INIT;
	value_add_text(&text, buf_span(&p->text));
	value_add_text(&mode, span_text("face_home"));
	value_add_text(&starts, span_text("2026-11-24T10:00"));
	struct put_field of_person[] = {{"family_name", buf_span(&text)},
					{"locality", buf_span(&text)},
					{"visit_note", buf_span(&text)}};
	struct put_field of_visit[] = {{"starts", buf_span(&starts)},
				       {"mode", buf_span(&mode)},
				       {"note", buf_span(&text)}};
	struct put person = {.kind = kind_find("person"), .record = stage.remembered};
	struct put contact = {
		.kind = kind_find("contact"), .record = visit, .person = stage.remembered};
	write_text(&person, of_person, 3, p->what);
	write_text(&contact, of_visit, 3, p->what);
	visit = contact.record;
	buf_fini(&starts);
	buf_fini(&mode);
	buf_fini(&text);
}

static void press(const char *keys, const char *what)
{
	stage_keys(&stage, keys, false);
	picture_compare(&stage, what);
}

/* A record with hundreds of versions takes longer and longer to fold: another one now and then. */
static void begin_anew(void)
{
	end();
	begin();
	visit = (struct id){{0}};
}

/* List, title and timeline, the note itself, the form that changes it. */
enum { AT_ONCE = 60 };
START_TEST(in_what_is_read_from_the_book)
{
	struct payload p;
	for (size_t i = 0, n = 0; next_payload(&i, &p); n++) {
		if (n % AT_ONCE == AT_ONCE - 1)
			begin_anew();
		if (text_is_utf8(buf_span(&p.text))) /* other bytes no record can hold */
			write_records(&p);
		press("mai", p.what);
		press("Enter", p.what);
		press("Enter", p.what);
		press("Enter", p.what);
		press("Esc Esc Esc Esc", p.what);
		buf_fini(&p.text);
	}
}
END_TEST

static void paste(const struct payload *p)
{
	stage_bytes(&stage, "\033[200~", 6, false);
	stage_bytes(&stage, (const char *)p->text.p, p->text.n, false);
	stage_bytes(&stage, "\033[201~", 6, false);
	picture_compare(&stage, p->what);
}

/* What is searched for, and a note that is being written; both are taken back. */
START_TEST(in_what_is_pasted)
{
	struct payload p;
	for (size_t i = 0, n = 0; next_payload(&i, &p); n++) {
		if (n % AT_ONCE == AT_ONCE - 1)
			begin_anew();
		paste(&p);
		press("Esc Esc mai Enter ^N", p.what);
		paste(&p);
		press("Up Home x Right y Down End z", p.what);
		press("^Z ^Z ^Z ^Z ^Z ^Z Esc Esc Esc Esc", p.what);
		buf_fini(&p.text);
	}
}
END_TEST

static void say_fault(const char *text)
{
	struct diag d = {0};
	diag_say_at(&d, text, 1, 1, "the key \"%s\" is not known", text);
	app_say_fault(&stage.app, "Nothing was changed", ERR_INPUT, &d);
	diag_fini(&d);
}

START_TEST(in_messages_and_the_names_of_files)
{
	struct payload p;
	for (size_t i = 0; next_payload(&i, &p);) {
		app_say(&stage.app, 0, "%s", buf_text(&p.text));
		ui_paint(&stage.ui);
		stage_show(&stage);
		picture_compare(&stage, p.what);
		say_fault(buf_text(&p.text));
		ui_paint(&stage.ui);
		stage_show(&stage);
		picture_compare(&stage, p.what);
		buf_fini(&p.text);
	}
}
END_TEST

/* --- line by line ------------------------------------------------------------------------- */

/* What the linear mode said about a message: watched, and thrown away. */
static size_t leaks_in_lines(const struct payload *p)
{
	struct watch w;
	watch_start(&w, WATCH_LINES);
	/* The same twice would be said once. */
	app_say(&stage.app, 0, "nothing");
	plain_say(&stage.linear);
	size_t before = stage.said_bytes;
	app_say(&stage.app, 0, "%s", buf_text(&p->text));
	plain_say(&stage.linear);
	watch_bytes(&w, stage.said + before, stage.said_bytes - before);
	watch_end(&w);
	if (w.leaks && !cleaning_off)
		fprintf(stderr, "%s: %s\n", p->what, w.first);
	return w.leaks;
}

static void begin_plain(void)
{
	stage_init(&stage);
	stage.plain = true;
	stage_start(&stage);
}

START_TEST(line_by_line)
{
	begin_plain();
	for (size_t i = 0; i < payload_count(); i++) {
		struct payload p = payload_make(i);
		ck_assert_uint_eq(leaks_in_lines(&p), 0);
		buf_fini(&p.text);
	}
	end();
}
END_TEST

/* --- the proof proved --------------------------------------------------------------------- */

/* Each harmful payload on its own where nothing cleans it.  Beyond a NUL a sentence does not go,
 * and a cell has no room for a flood. */
enum { FLOODED = 100 };
START_TEST(without_cleaning_it_is_noticed_line_by_line)
{
	begin_plain();
	cleaning_off = true;
	for (size_t i = 0; i < payload_count(); i++) {
		struct payload p = payload_make(i);
		bool is_cut = memchr(p.text.p, 0, p.text.n) || p.text.n > FLOODED;
		if (p.harm == HARMFUL && !is_cut)
			ck_assert_msg(leaks_in_lines(&p), "%s goes unnoticed", p.what);
		buf_fini(&p.text);
	}
	cleaning_off = false;
	end();
}
END_TEST

START_TEST(without_cleaning_it_is_noticed_on_a_screen)
{
	size_t before;
	stage.may_leak = cleaning_off = true;
	before = stage.watch.leaks;
	fill_letter(0xAD);
	fill_letter(0xE0);
	show_slots("not cleaned");
	cleaning_off = false;
	ck_assert_uint_eq(stage.watch.leaks - before, 1);
}
END_TEST

/* A cell that is not where it should be is found. */
START_TEST(a_picture_that_differs_is_noticed)
{
	VTermScreenCell there;
	struct cell c = *grid_cell(&stage.ui.grid, 0, 1);
	vterm_input_write(stage.terminal, "\033[H\033[@", 6);
	vterm_screen_get_cell(stage.screen, (VTermPos){0, 1}, &there);
	ck_assert(!picture_shows(&c, &there));
}
END_TEST

int main(void)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "Europe/London", 1);
	unsetenv("NO_COLOR");
	setlocale(LC_ALL, "");
	Suite *s = suite_create("paint");
	TCase *t = tcase_create("screen"), *lines = tcase_create("lines");
	tcase_set_timeout(t, 300);
	tcase_set_timeout(lines, 60);
	tcase_add_checked_fixture(t, begin, end);
	tcase_add_test(t, every_letter_stays_in_its_field);
	tcase_add_test(t, every_payload_stays_in_its_field);
	tcase_add_test(t, names_and_signs_stay_legible);
	tcase_add_test(t, in_what_is_read_from_the_book);
	tcase_add_test(t, in_what_is_pasted);
	tcase_add_test(t, in_messages_and_the_names_of_files);
	tcase_add_test(t, without_cleaning_it_is_noticed_on_a_screen);
	tcase_add_test(t, a_picture_that_differs_is_noticed);
	tcase_add_test(lines, line_by_line);
	tcase_add_test(lines, without_cleaning_it_is_noticed_line_by_line);
	suite_add_tcase(s, t);
	suite_add_tcase(s, lines);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* SPDX-License-Identifier: MIT
 *
 * Random keys in windows of random sizes: the screens stand it, the cursor stays in the
 * window, no wide letter is cut, and whenever the program ends, what was being written is
 * there afterwards.
 */
#include "stage.h"
#include "room.h"
#include "rows.h"
#include "writing.h"
#include <linkbook/text.h>

#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { KEYS = 1500, RUNS = 8 };

static const int presses[] = {
	PRESS_ENTER,	  PRESS_ENTER,	    PRESS_ESC,	      PRESS_TAB,	PRESS_BACKTAB,
	PRESS_UP,	  PRESS_DOWN,	    PRESS_LEFT,	      PRESS_RIGHT,	PRESS_WORD_LEFT,
	PRESS_WORD_RIGHT, PRESS_PAGE_UP,    PRESS_PAGE_DOWN,  PRESS_HOME,	PRESS_END,
	PRESS_BACKSPACE,  PRESS_DELETE,	    PRESS_F1 + 2,     PRESS_F1 + 3,	PRESS_F1,
	PRESS_CTRL + 'n', PRESS_CTRL + 's', PRESS_CTRL + 'z', PRESS_CTRL + 'y', PRESS_CTRL + 'g',
	PRESS_CTRL + 'c', PRESS_NONE,	    PRESS_F1 + 11,    PRESS_F1 + 8,	PRESS_CTRL + 'p',
};
static const char *const letters[] = {"a",	"m", "i", " ", "ò",	"张",
				      "\u0301", "1", "/", "!", "\u200d"};
static const char *const pasted[] = {"two\nlines", "\x1b[2J", "yesterday 2pm",
				     "👩‍👩‍👧 e\u0301\t"};

static unsigned random_number(struct stage *s, unsigned below)
{
	uint16_t r;
	s->seam.random(&s->seam, &r, sizeof r);
	return r % below;
}

static void random_event(struct stage *s)
{
	struct app *app = &s->app;
	struct key key = {0};
	unsigned what = random_number(s, 100);
	if (what < 50) {
		key.press = presses[random_number(s, sizeof presses / sizeof *presses)];
		app_key(app, &key);
	} else if (what < 90) {
		key.press = PRESS_TEXT;
		strcpy(key.text, letters[random_number(s, sizeof letters / sizeof *letters)]);
		app_key(app, &key);
	} else if (what < 93) {
		app_paste(app, span_text(pasted[random_number(s, 4)]));
	} else if (what < 96) {
		app_resize(app, 1 + (int)random_number(s, 40), 1 + (int)random_number(s, 120));
	} else if (what < 98) {
		app_resize(app, 15 + (int)random_number(s, 10), 40 + (int)random_number(s, 41));
	} else {
		s->seam.clock_ms += random_number(s, 3000);
		app_tick(app);
	}
}

static void check_picture(struct stage *s)
{
	struct grid g;
	grid_init(&g, s->app.rows, s->app.columns, false);
	app_paint(&s->app, &g);
	ck_assert(g.cursor_row >= 0 && g.cursor_row < g.rows);
	ck_assert(g.cursor_column >= 0 && g.cursor_column < g.columns);
	for (int y = 0; y < g.rows; y++)
		for (int x = 0; x < g.columns; x++) {
			const struct cell *c = grid_cell(&g, y, x);
			if (c->width == 2)
				ck_assert(x + 1 < g.columns && !grid_cell(&g, y, x + 1)->width);
			ck_assert(c->width || (x && grid_cell(&g, y, x - 1)->width == 2));
		}
	grid_fini(&g);
}

static size_t count_drafts(struct stage *s, const struct id *of)
{
	struct draft *drafts;
	size_t count, found = 0;
	ck_assert_int_eq(book_drafts(s->app.book, &drafts, &count, NULL), OK);
	for (size_t i = 0; i < count; i++)
		found += id_equal(&drafts[i].id, of);
	drafts_free(drafts, count);
	return found;
}

START_TEST(screens_stand_a_monkey)
{
	struct stage s;
	struct diag d = {0};
	stage_init(&s);
	struct app_options o = {.seam = &s.seam,
				.book_dir = "book",
				.terms = s.terms,
				.passphrase = stage_passphrase};
	s.seam.state[0] = (uint64_t)_i + 100;
	ck_assert_int_eq(app_init(&s.app, &o, &d), OK);
	for (int i = 0; i < KEYS; i++) {
		random_event(&s);
		ck_assert(s.app.leaving || s.app.depth);
		if (s.app.leaving || !s.app.book) { /* it found Lock or Leave in the menu */
			app_fini(&s.app);
			ck_assert_int_eq(app_init(&s.app, &o, &d), OK);
		}
		if (i % 4 == 0)
			check_picture(&s);
	}
	/* A note at the end, thrown away in the middle of a word: its draft is there. */
	app_resize(&s.app, 24, 80);
	while (s.app.depth > 1)
		app_pop(&s.app);
	struct id nobody = {{0}};
	app_push(&s.app, writing_new(&s.app, app_def(&s.app, "note"), &nobody));
	app_paste(&s.app, span_text("the last words"));
	app_fini(&s.app);
	ck_assert_int_eq(app_init(&s.app, &o, &d), OK);
	struct draft *drafts;
	size_t count;
	ck_assert_int_eq(book_drafts(s.app.book, &drafts, &count, NULL), OK);
	ck_assert_uint_ge(count, 1);
	ck_assert_uint_eq(count_drafts(&s, &drafts[0].id), 1);
	drafts_free(drafts, count);
	app_fini(&s.app);
	diag_fini(&d);
	stage_fini(&s);
}
END_TEST

/* A draft may hold more than can be typed into one line. */
START_TEST(a_very_long_line_is_painted_at_once)
{
	struct stage s;
	struct buf much = BUF_INIT;
	stage_init(&s);
	struct app_options o = {.seam = &s.seam,
				.book_dir = "book",
				.terms = s.terms,
				.passphrase = stage_passphrase};
	ck_assert_int_eq(app_init(&s.app, &o, NULL), OK);
	struct screen *form = writing_new(&s.app, app_def(&s.app, "person-form"), NULL);
	app_push(&s.app, form);
	for (int i = 0; i < 100000; i++)
		buf_add_text(&much, "ò");
	edit_set(&((struct writing *)form)->entries[0].edit, buf_span(&much));
	clock_t before = clock();
	check_picture(&s);
	/* Some hundredths of a second, more where checks are built in; once it was hours. */
	ck_assert(clock() - before < CLOCKS_PER_SEC);
	buf_fini(&much);
	app_fini(&s.app);
	stage_fini(&s);
}
END_TEST

START_TEST(rows_are_wiped_when_they_go)
{
	struct rows r = {0};
	struct id id = {{1}}, was;
	static const int signs[] = {1};
	rows_start(&r, &was);
	const struct row *row = rows_add(&r, &id, 2, 1);
	ck_assert(row->texts[0].secret && row->texts[1].secret && row->keys[0].secret);
	ck_assert(row->words.secret && row->name.secret);
	rows_finish(&r, signs, &was);
	rows_type(&r, span_text("mai"));
	ck_assert(r.find.secret);
	rows_fini(&r);
}
END_TEST

int main(void)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "Europe/London", 1);
	setlocale(LC_ALL, "");
	Suite *s = suite_create("monkey");
	TCase *t = tcase_create("monkey");
	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, screens_stand_a_monkey, 0, RUNS);
	tcase_add_test(t, rows_are_wiped_when_they_go);
	tcase_add_test(t, a_very_long_line_is_painted_at_once);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* SPDX-License-Identifier: MIT
 *
 * Random keys in windows of random sizes: the screens stand it, the cursor stays in the
 * window, no wide letter is cut, and whenever the program ends, what was being written is
 * there afterwards.
 */
#include "monkey.h"
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
		monkey_act(&s);
		ck_assert(s.app.leaving || s.app.depth);
		if (s.app.leaving || !s.app.book) { /* it found Lock or Leave in the menu */
			app_fini(&s.app);
			ck_assert_int_eq(app_init(&s.app, &o, &d), OK);
		}
		if (i % 4 == 0)
			monkey_check_picture(&s);
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
	monkey_check_picture(&s);
	/* Some hundredths of a second, more where checks are built in; once it was hours. */
	ck_assert(clock() - before < CLOCKS_PER_SEC);
	buf_fini(&much);
	app_fini(&s.app);
	stage_fini(&s);
}
END_TEST

/* A letter in a choice opens its list and goes there, if the list has any room to open. */
START_TEST(a_choice_stays_shut_over_many_screens)
{
	struct stage s;
	stage_init(&s);
	struct app_options o = {.seam = &s.seam,
				.book_dir = "book",
				.terms = s.terms,
				.passphrase = stage_passphrase};
	ck_assert_int_eq(app_init(&s.app, &o, NULL), OK);
	while (s.app.depth + 1 < APP_DEPTH)
		ck_assert(app_push(&s.app, text_of_help(&s.app, app_top(&s.app))));
	struct screen *form = writing_new(&s.app, app_def(&s.app, "relation-form"), NULL);
	ck_assert(app_push(&s.app, form));
	ck_assert(entry_is_pick(writing_focused((struct writing *)form)));
	app_key(&s.app, &(struct key){PRESS_TEXT, "m"});
	ck_assert_ptr_eq(app_top(&s.app), form);
	ck_assert_str_eq(buf_text(&s.app.message),
			 "Many screens are open. Esc goes back; then it can be opened.");
	app_fini(&s.app);
	stage_fini(&s);
}
END_TEST

START_TEST(rows_are_wiped_when_they_go)
{
	struct rows r = {0};
	struct id id = {{1}}, was;
	static const struct row_order up = {0, false};
	rows_keep(&r, &was);
	rows_start(&r);
	const struct row *row = rows_add(&r, &id, 2, 1);
	ck_assert(row->texts[0].secret && row->texts[1].secret && row->keys[0].secret);
	ck_assert(row->words.secret && row->name.secret);
	rows_finish(&r, &up, 1, &was);
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
	tcase_add_test(t, a_choice_stays_shut_over_many_screens);
	tcase_add_test(t, rows_are_wiped_when_they_go);
	tcase_add_test(t, a_very_long_line_is_painted_at_once);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

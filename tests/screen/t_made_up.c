/* SPDX-License-Identifier: MIT
 *
 * A record type that nobody has: its line in the table and its screen files are all it takes
 * to be listed, added, changed, told the history of, binned and brought back.
 */
#include "every.h"
#include "kinds_tables.h"

#include <check.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static const struct field tail_cells[] = {
	{"colour", V_TEXT},
	{"knots", V_NUMBER, .min = 0, .max = 99},
	{0},
};
static const struct field kite_fields[] = {
	{"name", V_TEXT, MUST}, {"flown_on", V_DATE},
	{"broken", V_YESNO},	{"seen_by", V_RECORDS, .of = "person"},
	{"words", V_WORDS},	{"tails", V_ROWS, .cells = tail_cells},
	{"note", V_NOTE},	{0},
};

/* clang-format off */
const struct kind kinds[] = {
#include "kinds_all.h"
	{"kite", STORE_CASELOAD, .own_key = true, .fields = kite_fields},
	{0},
};
/* clang-format on */

static const struct {
	const char *file, *yaml;
} screens[] = {
	{"kites.yaml", "format: 1\nscreen: kites\nkind: list\nof: kite\ntitle: Kites\n"
		       "columns: [{field: name, label: Name, min: 20}, {field: flown_on, label: "
		       "Flown, width: 16, drop: first}]\n"
		       "sort: [name]\nopen: kite\nform: kite-form\nempty: F4 adds a kite.\n"},
	{"kite.yaml",
	 "format: 1\nscreen: kite\nkind: text\nof: kite\ntitle: Kite\nform: "
	 "kite-form\nsections:\n  - fields:\n"
	 "      - {field: name, label: Name}\n      - {field: flown_on, label: Flown}\n"
	 "      - {field: broken, label: Broken}\n      - {field: seen_by, label: Seen by}\n"
	 "      - {field: words, label: Words}\n      - {field: tails, label: Tails}\n"},
	{"kite-form.yaml",
	 "format: 1\nscreen: kite-form\nkind: form\nof: kite\ntitle: Kite\nsections:\n"
	 "  - fields:\n      - {field: name, label: Name}\n"
	 "      - {field: broken, label: Broken}\n"
	 "      - {field: words, label: Words}\n"
	 "      - {field: tails, label: Tail, cells: [{cell: colour, label: Colour}, {cell: knots, "
	 "label: Knots}]}\n"
	 "      - {field: seen_by, label: Seen by}\n"
	 "  - title: When it flew\n    when: [{field: broken, is: no}]\n    fields:\n"
	 "      - {field: flown_on, label: Flown, way: back}\n"},
};

static struct stage stage;

static void write_screens(void)
{
	char path[200];
	snprintf(path, sizeof path, "%s/linkbook/screens", stage.root);
	ck_assert_int_eq(file_make_folder(&stage.seam, path, NULL), OK);
	for (size_t i = 0; i < sizeof screens / sizeof *screens; i++) {
		snprintf(path, sizeof path, "%s/linkbook/screens/%s", stage.root, screens[i].file);
		ck_assert_int_eq(
			file_write_durable(&stage.seam, path, span_text(screens[i].yaml), NULL),
			OK);
	}
}

static void begin_closed(void)
{
	stage_init(&stage);
	write_screens();
}

static void begin(void)
{
	char words[80];
	begin_closed();
	stage_start(&stage);
	snprintf(words, sizeof words, "\"%s\" Enter", stage_passphrase);
	stage_keys(&stage, words, true);
}

static void end(void)
{
	stage_fini(&stage);
}

static void keys(const char *tokens)
{
	stage_keys(&stage, tokens, true);
}

static bool is_seen(const char *text)
{
	struct buf picture = BUF_INIT;
	stage_picture(&stage, &picture);
	bool seen = strstr(buf_text(&picture), text) != NULL;
	buf_fini(&picture);
	return seen;
}

static void expect(const char *text)
{
	struct buf picture = BUF_INIT;
	stage_picture(&stage, &picture);
	ck_assert_msg(is_seen(text), "\"%s\" is not to be seen in\n%s", text, buf_text(&picture));
	buf_fini(&picture);
}

static void expect_not(const char *text)
{
	ck_assert_msg(!is_seen(text), "\"%s\" is to be seen", text);
}

/* A kite with a value in every field, by keys alone. */
static void add_kite(void)
{
	keys("^P kites Enter");
	expect("F4 adds a kite.");
	keys("F4 Kestrel Tab n Tab \"red, long\" Tab Enter");
	expect("Tail 1 colour");
	keys("blue Tab 7 Tab Enter green Tab 3 Tab Tab Enter mai Enter ada Enter Esc");
	expect("Mairi MacLe");
	expect("When it flew");
	keys("Tab yesterday ^S");
	expect("Saved.");
	expect("Kestrel");
	expect("Mon 23 Nov");
}

START_TEST(what_was_filled_in_is_shown_and_can_be_changed)
{
	add_kite();
	keys("Enter");
	expect("red, long");
	expect("blue 7; green 3");
	expect("Mairi MacLe");
	keys("Enter End \" II\" Tab y");
	expect_not("When it flew");
	/* A row is taken away by rubbing out what is in it. */
	keys("Tab Tab Backspace Backspace Backspace Backspace Tab Backspace ^S");
	expect("Saved.");
	expect("Kestrel II");
	expect("green 3");
	expect_not("blue");
	keys("^P history Enter");
	expect("tails was removed");
	expect("name set to \"Kestrel II\"");
	keys("Esc ^P delete Enter");
	expect("In the bin (1 record)");
	expect("F4 adds a kite.");
	keys("^Z");
	expect("Kestrel II");
	/* The change before that is taken back too. */
	keys("^Z");
	expect("Kestrel");
	expect_not("Kestrel II");
	keys("Enter");
	expect("blue 7; green 3");
}
END_TEST

START_TEST(an_unfinished_change_is_a_draft_and_goes_on)
{
	add_kite();
	keys("Enter Enter End \" of Partick\" Tab Tab Tab Tab 8");
	stage_wait(&stage, 2000);
	stage_crash(&stage);
	stage_start(&stage);
	keys("\"four plain words here\" Enter");
	expect("Unfinished kite, Kestrel of Partick");
	keys("Enter");
	expect("Kestrel of Partick");
	expect("78");
	keys("^S ^P kites Enter Enter");
	expect("Kestrel of Partick");
	expect("blue 78; green 3");
	expect("Mon 23 Nov");
}
END_TEST

static const char *const names[] = {"kites", "kite", "kite-form"};
enum { NAMES = sizeof names / sizeof *names };

START_TEST(each_opens_and_paints)
{
	every_opens_and_paints(&stage, names[_i]);
}
END_TEST

START_TEST(they_keep_colour_out)
{
	every_keep_colour_out(&stage, names, NAMES);
}
END_TEST

START_TEST(a_record_lives)
{
	every_record_lives(&stage, names[_i]);
}
END_TEST

START_TEST(each_stands_a_walk)
{
	every_stands_a_walk(&stage, names[_i], (uint64_t)_i + 1);
}
END_TEST

/* What t_every asks of the screens there are. */
static void add_every(Suite *s)
{
	TCase *t = tcase_create("every");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, begin_closed, end);
	tcase_add_loop_test(t, each_opens_and_paints, 0, NAMES);
	tcase_add_test(t, they_keep_colour_out);
	tcase_add_loop_test(t, a_record_lives, 0, NAMES);
	tcase_add_loop_test(t, each_stands_a_walk, 0, NAMES);
	suite_add_tcase(s, t);
}

int main(void)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "Europe/London", 1);
	unsetenv("NO_COLOR");
	setlocale(LC_ALL, "");
	Suite *s = suite_create("made_up");
	TCase *t = tcase_create("made_up");
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, begin, end);
	tcase_add_test(t, what_was_filled_in_is_shown_and_can_be_changed);
	tcase_add_test(t, an_unfinished_change_is_a_draft_and_goes_on);
	suite_add_tcase(s, t);
	add_every(s);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

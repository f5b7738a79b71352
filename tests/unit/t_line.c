/* SPDX-License-Identifier: MIT
 *
 * A line that is written on a terminal: letters, rubbing out, keys, and any bytes at all.
 */
#include "unit.h"

#include "line.h"

#include <linkbook/key.h>
#include <linkbook/seam.h>

#include <stdlib.h>
#include <string.h>

static struct line line;
static char *shown;
static size_t shown_bytes;

static void stage(void)
{
	line = (struct line){.in = -1, .echo = true, .out = open_memstream(&shown, &shown_bytes)};
	line_clear(&line);
}

static void unstage(void)
{
	line_close(&line);
	fclose(line.out);
	free(shown);
}

/* What came of the last byte. */
static enum line_came type(const char *bytes, int *key)
{
	enum line_came came = LINE_GOES_ON;
	*key = PRESS_NONE;
	for (; *bytes; bytes++)
		came = line_take(&line, (uint8_t)*bytes, key);
	return came;
}

static void expect(const char *text)
{
	ck_assert_str_eq(buf_text(&line.text), text);
}

START_TEST(letters_are_rubbed_out_whole)
{
	int key;
	ck_assert_int_eq(type("Zoë 张", &key), LINE_GOES_ON);
	expect("Zoë 张");
	type("\177", &key);
	expect("Zoë ");
	type("\b\b", &key);
	expect("Zo");
	fflush(line.out);
	ck_assert_str_eq(shown, "Zoë 张\b \b\b \b\b \b\b \b");
	type("\025", &key);
	expect("");
	type("\177\177", &key);
	expect("");
	ck_assert_int_eq(type("mai\r", &key), LINE_ENDED);
	expect("mai");
}
END_TEST

START_TEST(a_passphrase_is_not_shown)
{
	int key;
	line.echo = false;
	type("four plain words\177", &key);
	expect("four plain word");
	fflush(line.out);
	ck_assert_str_eq(shown, "");
}
END_TEST

static const struct {
	const char *bytes;
	int key;
} keys[] = {
	{"\016", PRESS_CTRL + 'n'}, {"\023", PRESS_CTRL + 's'}, {"\003", PRESS_CTRL + 'c'},
	{"\t", PRESS_TAB},	    {"\033[A", PRESS_UP},	{"\033OB", PRESS_DOWN},
	{"\033[Z", PRESS_BACKTAB},  {"\033[1;5D", PRESS_LEFT},
};

START_TEST(keys_act_and_leave_the_line)
{
	int key;
	type("half", &key);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		ck_assert_int_eq(type(keys[i].bytes, &key), LINE_KEY);
		ck_assert_int_eq(key, keys[i].key);
		expect("half");
	}
	/* What no table knows is no text either. */
	ck_assert_int_eq(type("\033[99;9~", &key), LINE_GOES_ON);
	expect("half");
	type("\033", &key);
	ck_assert_int_eq(line_rest(&line, &key), LINE_KEY);
	ck_assert_int_eq(key, PRESS_ESC);
	ck_assert_int_eq(line_rest(&line, &key), LINE_GOES_ON);
	ck_assert_int_eq(type("\004", &key), LINE_KEY);
	line_clear(&line);
	ck_assert_int_eq(type("\004", &key), LINE_GONE);
}
END_TEST

/* Letters in halves among them: nothing below a blank gets into the text. */
START_TEST(any_bytes)
{
	struct seam s;
	uint8_t bytes[64];
	int key;
	seam_init_sim(&s, (uint64_t)_i + 1, 0);
	for (int round = 0; round < 300; round++) {
		s.random(&s, bytes, sizeof bytes);
		for (size_t i = 0; i < sizeof bytes; i++) {
			enum line_came came = line_take(&line, bytes[i], &key);
			ck_assert(came != LINE_KEY || key != PRESS_NONE);
			if (came == LINE_ENDED)
				line_clear(&line);
		}
		line_rest(&line, &key);
		for (size_t i = 0; i < line.text.n; i++)
			ck_assert_uint_ge(line.text.p[i], ' ');
	}
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, stage, unstage);
	tcase_add_test(t, letters_are_rubbed_out_whole);
	tcase_add_test(t, a_passphrase_is_not_shown);
	tcase_add_test(t, keys_act_and_leave_the_line);
	tcase_add_loop_test(t, any_bytes, 0, 20);
}

UNIT_MAIN("line")

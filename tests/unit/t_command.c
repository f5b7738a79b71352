/* SPDX-License-Identifier: MIT */
#include <linkbook/command.h>
#include <linkbook/seam.h>
#include <linkbook/text.h>

#include "unit.h"

#include <stdio.h>

static const unsigned places[] = {IN_LOCK, IN_LIST, IN_PERSON, IN_WRITING,
				  IN_TEXT, IN_PICK, IN_TICK,   IN_SETTLE};

static void expect_apart(const struct command *a, const struct command *b)
{
	for (size_t i = 0; i < 3; i++)
		for (size_t j = 0; j < 3 && a->keys[i]; j++)
			ck_assert_msg(a->keys[i] != b->keys[j], "%s and %s share a key", a->name,
				      b->name);
}

START_TEST(no_key_means_two_things_in_one_place)
{
	for (const struct command *a = commands; a->name; a++)
		for (const struct command *b = a + 1; b->name; b++) {
			ck_assert_str_ne(a->name, b->name);
			if (a->where & b->where)
				expect_apart(a, b);
		}
}
END_TEST

START_TEST(keys_that_terminals_turn_into_others_are_not_bound)
{
	for (const struct command *c = commands; c->name; c++)
		for (size_t i = 0; i < 3; i++)
			ck_assert(!c->keys[i] || !strchr("hijm", c->keys[i] - PRESS_CTRL) ||
				  c->keys[i] < PRESS_CTRL);
}
END_TEST

/* As it is painted. */
static void say_bar(unsigned place, int columns, struct buf *out)
{
	struct hint hints[HINTS_MOST];
	size_t n = command_hints(place, columns, NULL, NULL, hints);
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s%s", i ? "  " : "", hints[i].words);
}

START_TEST(help_back_and_leave_stay_at_forty_columns)
{
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		struct buf bar = BUF_INIT;
		say_bar(places[i], 39, &bar);
		ck_assert_int_le(text_width(buf_span(&bar)), 39);
		ck_assert_ptr_nonnull(strstr(buf_text(&bar), "^G Help"));
		ck_assert_ptr_nonnull(strstr(buf_text(&bar), "^Q Leave"));
		if (places[i] != IN_LOCK)
			ck_assert_ptr_nonnull(strstr(buf_text(&bar), "Esc "));
		buf_fini(&bar);
	}
}
END_TEST

START_TEST(the_bar_grows_with_the_room)
{
	struct buf bar = BUF_INIT;
	say_bar(IN_WRITING, 39, &bar);
	ck_assert_str_eq(buf_text(&bar), "^S Save  ^G Help  Esc Back  ^Q Leave");
	buf_clear(&bar);
	say_bar(IN_WRITING, 79, &bar);
	ck_assert_str_eq(buf_text(&bar), "^S Save  ^Z Undo  F9 Menu  ^L Lock  ^G Help  "
					 "Esc Back (draft is kept)  ^Q Leave");
	buf_fini(&bar);
}
END_TEST

START_TEST(every_command_says_what_it_does)
{
	struct buf keys = BUF_INIT;
	command_keys(command_find("help"), &keys);
	ck_assert_str_eq(buf_text(&keys), "^G, F1, Alt+1");
	buf_fini(&keys);
	ck_assert(command_is_here(command_find("save"), IN_WRITING, NULL, NULL));
	ck_assert(!command_is_here(command_find("save"), IN_LIST, NULL, NULL));
	for (const struct command *c = commands; c->name; c++)
		ck_assert(c->words && c->where && (!c->hint || (c->priority && c->keys[0])));
	ck_assert_int_eq(command_for_key(IN_PERSON, PRESS_F1 + 3)->action, ACT_ADD);
	ck_assert_int_eq(command_for_key(IN_LIST, PRESS_F1 + 3)->action, ACT_ADD);
	ck_assert_ptr_null(command_for_key(IN_LIST, PRESS_TEXT));
	ck_assert_ptr_null(command_find("close_case"));
}
END_TEST

/* LINKBOOK_KEYS=1 writes it anew. */
START_TEST(the_key_card_is_as_documented)
{
	struct buf card = BUF_INIT, had = BUF_INIT;
	struct seam s;
	char path[600];
	const char *source = getenv("SOURCE");
	seam_init_sim(&s, 1, 0);
	snprintf(path, sizeof path, "%s/docs/keys.md", source ? source : ".");
	command_card(&card);
	if (getenv("LINKBOOK_KEYS"))
		ck_assert_int_eq(file_write_durable(&s, path, buf_span(&card), NULL), OK);
	ck_assert_int_eq(file_read(&s, path, 1 << 20, &had, NULL), OK);
	ck_assert_msg(span_equal(buf_span(&card), buf_span(&had)),
		      "docs/keys.md is not what the commands say; LINKBOOK_KEYS=1 writes it anew");
	buf_fini(&card);
	buf_fini(&had);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, the_key_card_is_as_documented);
	tcase_add_test(t, no_key_means_two_things_in_one_place);
	tcase_add_test(t, keys_that_terminals_turn_into_others_are_not_bound);
	tcase_add_test(t, help_back_and_leave_stay_at_forty_columns);
	tcase_add_test(t, the_bar_grows_with_the_room);
	tcase_add_test(t, every_command_says_what_it_does);
}

UNIT_MAIN("command")

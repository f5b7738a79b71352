/* SPDX-License-Identifier: MIT
 *
 * Slots: every kind opens the store, and whatever else lies among them is said and left alone.
 */
#include "slots_stage.h"

/* --- every kind opens ------------------------------------------------------------------- */

START_TEST(every_kind_of_slot_opens_the_same_store)
{
	uint8_t public_key[32], private_key[32], derived[32] = {7};
	struct store *s = open_copy("a", "words");
	ck_assert_int_eq(save(s, 1, "one"), OK);
	struct id was = *store_id(s);
	struct hash hash = store_hash(s, span_text("x"));
	store_make_pair(&seam, public_key, private_key);
	add(s, passphrase("team"), "team");
	add(s, (struct slot_key){SLOT_STORE, {derived, 32}, 0, {{1}}}, "");
	add(s, (struct slot_key){.source = SLOT_OPEN}, "");
	add(s, (struct slot_key){.source = SLOT_RECOVERY, .secret = {public_key, 32}}, "practice");
	ck_assert_uint_eq(list(s).count, 5);
	store_close(s);
	struct slot_key keys[] = {passphrase("team"),
				  {SLOT_STORE, {derived, 32}, 0, {{0}}},
				  {.source = SLOT_OPEN},
				  {.source = SLOT_RECOVERY, .secret = {private_key, 32}}};
	for (size_t i = 0; i < 4; i++) {
		ck_assert_int_eq(open_by("a", keys[i], &s, NULL), OK);
		ck_assert(has(s, 1, "one") && id_equal(store_id(s), &was));
		struct hash now = store_hash(s, span_text("x"));
		ck_assert(hash_equal(&now, &hash)); /* the constant went with it */
		ck_assert_int_eq(store_is_open_access(s), keys[i].source == SLOT_OPEN);
		ck_assert_int_eq(store_opened_with(s), keys[i].source);
		ck_assert_int_eq(store_check(s, NULL), OK);
		store_close(s);
	}
	private_key[5] ^= 1;
	derived[5] ^= 1;
	ck_assert_int_eq(open_by("a", keys[1], &s, NULL), ERR_UNLOCK);
	ck_assert_int_eq(open_by("a", keys[3], &s, NULL), ERR_UNLOCK);
	ck_assert(!opens("a", "tram"));
}
END_TEST

START_TEST(a_slot_says_its_label_and_kind)
{
	struct store *s = open_copy("a", "words");
	char longer[SLOT_LABEL + 1];
	struct slot_key with = passphrase("team");
	memset(longer, 'x', SLOT_LABEL);
	longer[SLOT_LABEL] = 0;
	seam.clock_ms += 1000;
	add(s, with, "team");
	ck_assert_int_eq(store_add_slot(s, &with, longer, NULL), ERR_INPUT);
	struct listing l = list(s);
	ck_assert_uint_eq(l.count, 2);
	ck_assert(l.v[0].opened && !l.v[1].opened);
	ck_assert_str_eq(l.v[1].label, "team");
	ck_assert_int_eq(l.v[1].made, now_ms + 1000);
	ck_assert(l.v[1].within_bounds && l.v[1].source == SLOT_PASSPHRASE);
	store_close(s);
	/* Not for those who have only the files. */
	ck_assert_int_ne(system("grep -q team \"$ROOT\"/a/slots/*"), 0);
}
END_TEST

START_TEST(who_may_only_add_lets_nobody_do_more)
{
	uint8_t derived[32] = {7};
	struct slot_key other = {SLOT_STORE, {derived, 32}, 0, {{1}}};
	struct store *s = open_copy("a", "words");
	add(s, (struct slot_key){.source = SLOT_OPEN}, "");
	struct hash first = list(s).v[0].hash;
	store_close(s);
	ck_assert_int_eq(open_by("a", (struct slot_key){.source = SLOT_OPEN}, &s, NULL), OK);
	ck_assert_int_eq(save(s, 1, "one"), OK);
	ck_assert_int_eq(retire(s, &first), ERR_REFUSED);
	add(s, other, "");
	store_close(s);
	ck_assert_int_eq(open_by("a", other, &s, NULL), OK);
	ck_assert(store_is_open_access(s));
	ck_assert_int_eq(retire(s, &first), ERR_REFUSED);
	store_close(s);
	/* With the team's passphrase it is let in for good; then the better one is used. */
	s = open_copy("a", "words");
	add(s, other, "");
	store_close(s);
	ck_assert_int_eq(open_by("a", other, &s, NULL), OK);
	ck_assert(!store_is_open_access(s));
	store_close(s);
}
END_TEST

/* --- what lies in slots/ ---------------------------------------------------------------- */

static void make_other(const char *text)
{
	struct slot_key with = passphrase(text);
	make_store(copy_path("other"), OF_CASELOAD, &with);
}

START_TEST(a_foreign_slot_does_not_say_whose_store_it_is)
{
	struct id found;
	struct store *s = open_copy("a", "words");
	ck_assert_int_eq(save(s, 1, "one"), OK);
	store_close(s);
	for (int i = 0; i < 8; i++) { /* some of them lie first, whatever the order is */
		make_other("words");
		shell("cd \"$ROOT\" && cp other/slots/* a/slots/ && rm -rf other");
		ck_assert_int_eq(store_read_id(&seam, path, &found), OK);
		ck_assert(id_equal(&found, &id));
	}
	ck_assert(says("a", "words", "another book"));
	s = open_copy("a", "words"); /* the same words open the others, too */
	ck_assert(has(s, 1, "one"));
	ck_assert_uint_eq(list(s).count, 1);
	store_close(s);
	ck_assert_uint_eq(slot_files("a"), 9); /* left alone */
	make_other("theirs");
	shell("cd \"$ROOT\" && cp other/slots/* a/slots/");
	ck_assert(!opens("a", "theirs"));
}
END_TEST

/* The whole of a larger book copied over a small one: the words decide. */
START_TEST(a_foreign_book_copied_in_locks_nobody_out)
{
	struct store *s = open_copy("a", "words");
	ck_assert_int_eq(save(s, 1, "one"), OK);
	store_close(s);
	make_other("theirs");
	s = open_copy("other", "theirs");
	for (uint8_t i = 0; i < 5; i++)
		ck_assert_int_eq(save(s, i, "other"), OK);
	store_close(s);
	shell("cd \"$ROOT\" && cp -rn other/. a/");
	for (int i = 0; i < 2; i++) {
		s = open_copy("a", "words");
		ck_assert(has(s, 1, "one") && id_equal(store_id(s), &id));
		store_close(s);
		ck_assert(!opens("a", "neither"));
		shell("rm -rf \"$ROOT/linkbook\"");
	}
}
END_TEST

START_TEST(torn_newer_and_many_slots_do_not_confuse)
{
	struct store *s = open_copy("a", "words");
	ck_assert_int_eq(save(s, 1, "one"), OK);
	for (int i = 0; i < 30; i++) {
		char text[20];
		snprintf(text, sizeof text, "words %d", i);
		add(s, passphrase(text), "");
	}
	store_close(s);
	shell("cd \"$ROOT/a/slots\" && f=$(ls | head -1) &&"
	      "printf LBKSLOT2something >newer.slot && : >empty.slot && mkdir folder.slot &&"
	      "head -c 99 $f >torn.slot && cp $f 'again (1).slot' &&"
	      "printf rubbish >rubbish.slot");
	ck_assert(says("a", "words 17", "newer version"));
	ck_assert(says("a", "words 29", "incomplete"));
	s = open_copy("a", "words");
	ck_assert_uint_eq(list(s).count, 31);
	ck_assert(has(s, 1, "one"));
	store_close(s);
	ck_assert(!opens("a", "words 30"));
	shell("rm -r \"$ROOT\"/a/slots/[!n]* \"$ROOT/linkbook\"");
	struct diag d = {0};
	ck_assert_int_eq(open_by("a", passphrase("words"), &s, &d), ERR_UNLOCK);
	diag_fini(&d);
}
END_TEST

START_TEST(a_torn_slot_comes_back_from_lmdb)
{
	static const char *const ways[] = {
		"f=$(ls a/slots/*) && head -c 50 $f >x && cat x >$f",
		": >$(ls a/slots/*)",
		"rm a/slots/*",
		"rm -r a/slots && mkdir a/slots",
	};
	struct store *s = open_copy("a", "words");
	ck_assert_int_eq(save(s, 1, "one"), OK);
	store_close(s);
	for (int i = 0; i < 4; i++) {
		char command[200];
		snprintf(command, sizeof command, "cd \"$ROOT\" && %s", ways[i]);
		shell(command);
		ck_assert_msg(says("a", "words", "whole again"), "way %d", i);
		shell("rm -rf \"$ROOT/linkbook\"");
		ck_assert(opens("a", "words"));
	}
}
END_TEST

/* With its name made to fit, only the mark tells it from a good one. */
START_TEST(no_flipped_bit_makes_another_slot)
{
	struct store *s = open_copy("a", "words");
	ck_assert_int_eq(save(s, 1, "one"), OK);
	store_close(s);
	shell("cp -r \"$ROOT/a\" \"$ROOT/good\"");
	for (int at = 8; at < 300; at += 7) {
		char command[400];
		snprintf(command, sizeof command,
			 "cd \"$ROOT\" && rm -rf a && cp -r good a && f=$(ls a/slots/*) &&"
			 "n=$(wc -c <$f) && [ %d -ge $n ] || {"
			 " cp $f 'a/slots/copy (1).slot' && b=$(od -An -tu1 -j %d -N 1 $f) &&"
			 " printf \"\\\\$(printf %%o $((b ^ 4)))\" |"
			 " dd of='a/slots/copy (1).slot' bs=1 seek=%d conv=notrunc status=none; }",
			 at, at, at);
		shell(command);
		s = open_copy("a", "words");
		ck_assert_msg(list(s).count == 1, "byte %d", at);
		store_close(s);
	}
}
END_TEST

/* --- keys on paper, copies -------------------------------------------------------------- */

START_TEST(a_key_on_paper_is_read_again)
{
	uint8_t public_key[32], private_key[32], again[32];
	struct buf text = BUF_INIT, other = BUF_INIT;
	store_make_pair(&seam, public_key, private_key);
	store_say_key(private_key, true, &text);
	store_say_key(public_key, false, &other);
	ck_assert_int_eq(store_read_key(buf_span(&text), true, again, NULL), OK);
	ck_assert_int_eq(memcmp(again, private_key, 32), 0);
	/* Typed from paper: without the first line, in one row, in capitals. */
	char *line = strchr(buf_text(&text), '\n') + 1;
	for (char *at = line; *at; at++)
		*at = *at == '\n' ? ' ' : *at >= 'a' ? (char)(*at - 32) : *at;
	ck_assert_int_eq(store_read_key(span_text(line), true, again, NULL), OK);
	ck_assert_int_eq(memcmp(again, private_key, 32), 0);
	line[7] = line[7] == '0' ? '1' : '0';
	ck_assert_int_eq(store_read_key(span_text(line), true, again, NULL), ERR_INPUT);
	struct diag d = {0};
	ck_assert_int_eq(store_read_key(buf_span(&other), true, again, &d), ERR_INPUT);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "public half"));
	ck_assert_int_eq(store_read_key(span_text(""), true, again, NULL), ERR_INPUT);
	diag_fini(&d);
	buf_fini(&text);
	buf_fini(&other);
}
END_TEST

START_TEST(a_store_is_copied_file_by_file)
{
	struct store *s = open_copy("a", "words");
	ck_assert_int_eq(save(s, 1, "one"), OK);
	ck_assert_int_eq(save(s, 2, "two"), OK);
	store_close(s);
	shell("cd \"$ROOT\" && touch a/log/0/left.part && printf x >a/slots/odd &&"
	      "f=$(ls a/log/*/*.seg | head -1) && cp $f keep && head -c 100 keep >$f &&"
	      "find a -type f | sort | xargs sha256sum >before");
	struct diag d = {0};
	ck_assert_int_eq(store_copy(&seam, path, copy_path("b"), &d), OK);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "2 of 6 files"));
	diag_fini(&d);
	shell("cd \"$ROOT\" && find a -type f | sort | xargs sha256sum | cmp - before");
	shell("cd \"$ROOT\" && cp keep a/log/0/good.seg");
	ck_assert_int_eq(store_copy(&seam, path, copy_path("b"), NULL), OK);
	s = open_copy("b", "words");
	ck_assert(has(s, 1, "one") && has(s, 2, "two"));
	store_close(s);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup_slots, teardown);
	tcase_add_test(t, every_kind_of_slot_opens_the_same_store);
	tcase_add_test(t, a_slot_says_its_label_and_kind);
	tcase_add_test(t, who_may_only_add_lets_nobody_do_more);
	tcase_add_test(t, a_foreign_slot_does_not_say_whose_store_it_is);
	tcase_add_test(t, a_foreign_book_copied_in_locks_nobody_out);
	tcase_add_test(t, torn_newer_and_many_slots_do_not_confuse);
	tcase_add_test(t, a_torn_slot_comes_back_from_lmdb);
	tcase_add_test(t, no_flipped_bit_makes_another_slot);
	tcase_add_test(t, a_key_on_paper_is_read_again);
	tcase_add_test(t, a_store_is_copied_file_by_file);
}

UNIT_MAIN("slots")

/* SPDX-License-Identifier: MIT
 *
 * A store on its own: what it saves it has, what is not its own it refuses, and a file system
 * that fails at any point never makes it say "saved" of something that is not.
 */
#include <signal.h>
#include <sys/resource.h>

#include "store_stage.h"

START_TEST(what_is_saved_is_there)
{
	struct store *s = open_store();
	ck_assert_int_eq(save(s, 1, "one"), OK);
	ck_assert_int_eq(save(s, 2, "two"), OK);
	ck_assert(has(s, 1, "one"));
	store_close(s);
	s = open_store();
	ck_assert(has(s, 1, "one") && has(s, 2, "two") && !has(s, 3, ""));
	ck_assert_int_eq(store_check(s, NULL), OK);
	store_close(s);
}
END_TEST

/* Every call of a save fails in turn, with a full disk and with a broken one. */
START_TEST(no_false_saved_whatever_fails)
{
	static const int errors[] = {ENOSPC, EIO};
	fail_with = errors[_i];
	bool saved = false;
	for (fail_at = 1; !saved; fail_at++) {
		struct store *s = open_store();
		uint8_t record = (uint8_t)(10 + fail_at);
		fail_from_now();
		enum err e = save(s, record, "text");
		heal();
		ck_assert_msg(!e || e == ERR_FULL || e == ERR_IO, "call %d: %d", fail_at, e);
		ck_assert(!e || !has(s, record, "text"));
		store_close(s);
		/* Opened again, all that was saved is there, and it goes on. */
		s = open_store();
		ck_assert_msg(e || has(s, record, "text"), "lost at call %d", fail_at);
		ck_assert_int_eq(store_check(s, NULL), OK);
		ck_assert_int_eq(save(s, 1, "after"), OK);
		store_close(s);
		saved = !e && calls < fail_at;
		ck_assert_int_lt(fail_at, 200);
	}
	ck_assert_int_gt(fail_at, 10);
}
END_TEST

static void limit_files(rlim_t bytes)
{
	struct rlimit l = {bytes, RLIM_INFINITY};
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &l), 0);
}

/* LMDB cannot grow, the segment can be written: saved, and read once there is room again. */
START_TEST(saved_though_lmdb_could_not_follow)
{
	enum { LONG = 300000 };
	struct store *s = open_store();
	char *text = mem_alloc(LONG + 1);
	memset(text, 'x', LONG);
	ck_assert_int_eq(save(s, 1, "one"), OK);
	signal(SIGXFSZ, SIG_IGN);
	limit_files(LONG + 50000); /* room for one segment, not for LMDB's copies of it */
	ck_assert_int_eq(save(s, 2, text), OK);
	ck_assert(!has(s, 2, text));
	limit_files(RLIM_INFINITY);
	ck_assert(has(s, 2, text) && has(s, 1, "one"));
	ck_assert_int_eq(store_check(s, NULL), OK);
	store_close(s);
	free(text);
}
END_TEST

/* Loads of several segments count when the last is here, not before. */
START_TEST(a_load_counts_whole_or_not_at_all)
{
	enum { MANY = 900 };
	struct envelope v[MANY];
	struct store *s = open_store();
	uint8_t *texts = mem_alloc_many(MANY, 10000);
	for (int i = 0; i < MANY; i++) {
		uint8_t *text = texts + i * 10000;
		text[0] = (uint8_t)i;
		text[1] = (uint8_t)(i / 256);
		v[i] = (struct envelope){.subject = some_id(9), .bytes = span_of(text, 10000)};
		v[i].record = (struct id){{text[0], text[1], 1}};
		v[i].id = store_hash(s, v[i].bytes);
	}
	ck_assert_int_eq(store_save(s, v, MANY, NULL), OK);
	store_close(s);
	free(texts);
	ck_assert_int_eq(system("cd \"$ROOT\" && rm -rf linkbook &&"
				"mv $(find store -name '*.seg' | head -1) hidden"),
			 0);
	struct store_stats stats;
	s = open_store();
	ck_assert_int_eq(store_stats(s, &stats), OK);
	ck_assert_uint_eq(stats.changes, 0);
	store_close(s);
	ck_assert_int_eq(system("cd \"$ROOT\" && mv hidden store/log/0/again.seg"), 0);
	s = open_store();
	ck_assert_int_eq(store_stats(s, &stats), OK);
	ck_assert_uint_eq(stats.changes, MANY);
	ck_assert_int_eq(store_check(s, NULL), OK);
	store_close(s);
}
END_TEST

/* One bit of any sealed file flipped: it is refused, said, and nothing else suffers. */
START_TEST(no_flipped_bit_is_taken_in)
{
	struct store *s = open_store();
	ck_assert_int_eq(save(s, 1, "one"), OK);
	store_close(s);
	ck_assert_int_eq(system("cp -r \"$ROOT/store\" \"$ROOT/good\""), 0);
	for (int place = 0; place < 60; place++) {
		char command[300];
		int bit = 1 << place % 8;
		snprintf(command, sizeof command,
			 "cd \"$ROOT\" && rm -rf linkbook store && cp -r good store &&"
			 "f=$(find store -name '*.seg' -o -name '*.keys' | sort | sed -n %dp) &&"
			 "n=$(wc -c <$f) && at=$((n * %d / 60)) &&"
			 "b=$(od -An -tu1 -j $at -N 1 $f) &&"
			 "printf \"\\\\$(printf %%o $((b ^ %d)))\" |"
			 "dd of=$f bs=1 seek=$at conv=notrunc status=none",
			 1 + place % 2, place, bit);
		ck_assert_int_eq(system(command), 0);
		s = open_store();
		ck_assert_msg(store_trouble(s) > 0 || !has(s, 1, "one"), "place %d", place);
		ck_assert_int_eq(store_check(s, NULL), ERR_DAMAGED);
		store_close(s);
	}
}
END_TEST

START_TEST(another_stores_files_are_left_alone)
{
	struct store *s = open_store();
	ck_assert_int_eq(save(s, 1, "one"), OK);
	store_close(s);
	char other[60];
	snprintf(other, sizeof other, "%s/other", root);
	make_store(other, OF_CASELOAD, &words);
	ck_assert_int_eq(system("cp -r \"$ROOT\"/store/log \"$ROOT\"/store/keys \"$ROOT\"/other/"),
			 0);
	strcpy(path, other);
	struct diag d = {0};
	ck_assert_int_eq(store_open(&seam, path, &words, &folder, &s, &d), OK);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "another book"));
	ck_assert(!has(s, 1, "one"));
	ck_assert_int_eq(system("ls \"$ROOT\"/other/log/*/*.seg >/dev/null"), 0);
	diag_fini(&d);
	store_close(s);
}
END_TEST

START_TEST(ids_are_of_the_store)
{
	struct store *s = open_store();
	struct hash plain = store_plain_hash(span_text("x")), keyed = store_hash(s, span_text("x"));
	uint8_t a[32], b[32];
	struct id other = some_id(3);
	ck_assert(!hash_equal(&plain, &keyed));
	store_derive(s, &other, a);
	other.b[5] ^= 1;
	store_derive(s, &other, b);
	ck_assert_int_ne(memcmp(a, b, sizeof a), 0);
	store_close(s);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, what_is_saved_is_there);
	tcase_add_loop_test(t, no_false_saved_whatever_fails, 0, 2);
	tcase_add_test(t, saved_though_lmdb_could_not_follow);
	tcase_add_test(t, a_load_counts_whole_or_not_at_all);
	tcase_add_test(t, no_flipped_bit_is_taken_in);
	tcase_add_test(t, another_stores_files_are_left_alone);
	tcase_add_test(t, ids_are_of_the_store);
}

UNIT_MAIN("store")

/* SPDX-License-Identifier: MIT
 *
 * Slots taken away: what is retired opens the store nowhere any more, and whatever is copied,
 * retired in two places at once, or fails half way, some passphrase opens it.
 */
#include "slots_stage.h"

#include "store_impl.h"

/* --- changing and retiring -------------------------------------------------------------- */

START_TEST(a_changed_passphrase_opens_no_more)
{
	change("a", "words", "new");
	ck_assert(opens("a", "new") && !opens("a", "words"));
	ck_assert_uint_eq(slot_files("a"), 1);
	change("a", "new", "words"); /* the same words again are another slot */
	ck_assert(opens("a", "words") && !opens("a", "new"));
	ck_assert_uint_eq(slot_files("a"), 1);
}
END_TEST

/* Who takes the own slot away and then gives the book new words changes nobody else's. */
START_TEST(a_change_after_retiring_the_own_slot_leaves_others)
{
	struct store *s = open_copy("a", "words");
	struct slot_key with = passphrase("new");
	add(s, passphrase("colleague"), "");
	store_close(s);
	struct hash own = slot_of("a", "words");
	s = open_copy("a", "words");
	ck_assert_int_eq(retire(s, &own), OK);
	ck_assert_int_eq(store_change_passphrase(s, &with, "Ailsa", NULL), OK);
	store_close(s);
	ck_assert(opens("a", "new") && opens("a", "colleague") && !opens("a", "words"));
}
END_TEST

START_TEST(an_old_copy_brings_no_slot_back)
{
	shell("cp -r \"$ROOT/a/slots\" \"$ROOT/old\"");
	change("a", "words", "new");
	for (int how = 0; how < 4; how++) {
		static const char *const ways[] = {
			"cp old/* a/slots/",
			"for f in old/*; do cp $f 'a/slots/copy (1).slot'; done",
			"for f in old/*; do cp $f a/log/0/x.seg; done",
			"cp old/* a/slots/ && for f in old/*; do head -c 99 $f >a/slots/${f#old/};"
			" done",
		};
		char command[300];
		snprintf(command, sizeof command, "cd \"$ROOT\" && %s", ways[how]);
		shell(command);
		ck_assert(opens("a", "new"));
		ck_assert_msg(slot_files("a") == 1, "way %d", how);
		shell(command);
		ck_assert_msg(!opens("a", "words"), "way %d", how);
		ck_assert(opens("a", "new"));
		ck_assert_msg(slot_files("a") == 1, "way %d", how);
	}
	shell("! ls \"$ROOT\"/a/log/0/x.seg 2>/dev/null");
	/* Nor into a copy whose LMDB knows nothing yet, under the same words as a later slot. */
	shell("cd \"$ROOT\" && cp -r a b && cp old/* b/slots/");
	change("b", "new", "words");
	shell("cd \"$ROOT\" && cp old/* b/slots/");
	ck_assert(opens("b", "words") && !opens("b", "new"));
	ck_assert_uint_eq(slot_files("b"), 1);
}
END_TEST

START_TEST(the_last_passphrase_stays)
{
	uint8_t public_key[32], private_key[32];
	struct hash first = slot_of("a", "words");
	struct store *s = open_copy("a", "words");
	store_make_pair(&seam, public_key, private_key);
	add(s, (struct slot_key){.source = SLOT_RECOVERY, .secret = {public_key, 32}}, "");
	add(s, (struct slot_key){.source = SLOT_OPEN}, "");
	ck_assert_int_eq(retire(s, &first), ERR_REFUSED);
	struct hash none = {{1}};
	ck_assert_int_eq(retire(s, &none), ERR_ABSENT);
	add(s, passphrase("second"), "");
	ck_assert_int_eq(retire(s, &first), OK); /* the one it was opened with */
	struct listing l = list(s);
	ck_assert_uint_eq(l.count, 3);
	for (size_t i = 0; i < l.count; i++)
		if (l.v[i].source == SLOT_PASSPHRASE)
			ck_assert_int_eq(retire(s, &l.v[i].hash), ERR_REFUSED);
		else
			ck_assert_int_eq(retire(s, &l.v[i].hash), OK);
	ck_assert_int_eq(save(s, 1, "one"), OK);
	ck_assert_int_eq(store_check(s, NULL), OK);
	store_close(s);
	ck_assert(opens("a", "second") && !opens("a", "words"));
	ck_assert_int_eq(open_by("a", (struct slot_key){.source = SLOT_OPEN}, &s, NULL),
			 ERR_UNLOCK);
}
END_TEST

START_TEST(retirements_outlive_lmdb)
{
	shell("cp -r \"$ROOT/a/slots\" \"$ROOT/old\"");
	change("a", "words", "new");
	shell("cd \"$ROOT\" && rm -rf linkbook && cp old/* a/slots/");
	ck_assert(!opens("a", "words") && opens("a", "new"));
	struct store *s = open_copy("a", "new");
	shell("cp \"$ROOT\"/old/* \"$ROOT\"/a/slots/");
	ck_assert_int_eq(store_rebuild(s, NULL), OK);
	ck_assert_uint_eq(slot_files("a"), 1);
	store_close(s);
}
END_TEST

/* --- in two places at once -------------------------------------------------------------- */

static void split(void)
{
	shell("cd \"$ROOT\" && cp -r a b && cp -r a c");
}

static void merge(void)
{
	shell("cd \"$ROOT\" && for x in a b c; do for y in a b c; do"
	      " [ $x = $y ] || cp -rn $x/. $y/; done; done");
}

START_TEST(two_changes_both_open)
{
	split();
	change("a", "words", "one");
	change("b", "words", "two");
	merge();
	for (char c = 'a'; c <= 'c'; c++) {
		char name[2] = {c, 0};
		ck_assert(says(name, "one", "changed in two places; both open this book"));
		ck_assert(opens(name, "two") && !opens(name, "words"));
		ck_assert_uint_eq(slot_files(name), 2);
	}
	struct hash one = slot_of("a", "one");
	retire_in("b", "two", &one);
	ck_assert(!says("b", "two", "two places"));
	merge();
	ck_assert(!opens("a", "one") && opens("a", "two"));
}
END_TEST

START_TEST(two_that_retire_each_other_both_stay)
{
	struct store *s = open_copy("a", "words");
	add(s, passphrase("second"), "");
	store_close(s);
	struct hash one = slot_of("a", "words"), two = slot_of("a", "second");
	split();
	retire_in("a", "words", &two);
	retire_in("b", "second", &one);
	ck_assert(!opens("a", "second") && !opens("b", "words"));
	merge();
	for (char c = 'a'; c <= 'c'; c++) {
		char name[2] = {c, 0};
		ck_assert(says(name, "words", "both stay"));
		ck_assert(opens(name, "second"));
	}
	/* Somebody who knows of both can still do it. */
	retire_in("c", "second", &one);
	ck_assert(!opens("c", "words") && !says("c", "second", "both stay"));
	merge();
	ck_assert(!opens("a", "words") && opens("a", "second") && opens("b", "second"));
	ck_assert_uint_eq(slot_files("a"), 1);
}
END_TEST

START_TEST(a_ring_of_three_stays)
{
	static const char *const by[] = {"words", "second", "third"};
	static const char *const copies[] = {"a", "b", "c"};
	struct hash slots[3];
	struct store *s = open_copy("a", "words");
	add(s, passphrase("second"), "");
	add(s, passphrase("third"), "");
	store_close(s);
	for (int i = 0; i < 3; i++)
		slots[i] = slot_of("a", by[i]);
	split();
	for (int i = 0; i < 3; i++)
		retire_in(copies[i], by[i], &slots[(i + 1) % 3]);
	merge();
	for (int i = 0; i < 3; i++)
		for (int k = 0; k < 3; k++)
			ck_assert(opens(copies[i], by[k]));
}
END_TEST

/* Only a ring is held back: one that goes for good goes, whatever its keeper's keeper did. */
START_TEST(a_change_elsewhere_brings_nothing_back)
{
	struct store *s = open_copy("a", "words");
	add(s, passphrase("colleague"), "");
	store_close(s);
	struct hash gone = slot_of("a", "colleague");
	split();
	retire_in("a", "words", &gone);
	change("b", "words", "new");
	merge();
	ck_assert(opens("a", "new") && opens("b", "new"));
	ck_assert(!opens("a", "colleague") && !opens("b", "colleague") && !opens("a", "words"));
}
END_TEST

START_TEST(no_slot_goes_before_the_one_that_stays_is_here)
{
	split();
	change("a", "words", "new");
	shell("cp -rn \"$ROOT\"/a/log/. \"$ROOT\"/b/log/");
	ck_assert(says("b", "words", "stays until it comes"));
	ck_assert(opens("b", "words"));
	shell("cp -rn \"$ROOT\"/a/slots/. \"$ROOT\"/b/slots/");
	ck_assert(opens("b", "new") && !opens("b", "words"));
}
END_TEST

/* --- failing half way ------------------------------------------------------------------- */

enum { ADD, CHANGE, RETIRE, JOBS };

static enum err do_job(int job, struct store *s, const char *text)
{
	struct slot_key with = passphrase(text);
	struct listing l = list(s);
	if (job == ADD)
		return store_add_slot(s, &with, "", NULL);
	if (job == CHANGE)
		return store_change_passphrase(s, &with, "Ailsa", NULL);
	return retire(s, &l.v[l.v[0].opened].hash);
}

/* Every call fails in turn; the words known before, or the new ones, open it, and what was said
 * to be done is done. */
START_TEST(some_passphrase_opens_whatever_fails)
{
	static const int errors[] = {ENOSPC, EIO};
	int job = _i / 2;
	char now[30] = "words", next[30];
	bool done = false;
	fail_with = errors[_i % 2];
	for (fail_at = 1; !done; fail_at++) {
		snprintf(next, sizeof next, "next %d", fail_at);
		struct store *s = open_copy("a", now);
		seam.clock_ms++;
		if (job == RETIRE) {
			add(s, passphrase("to go"), "");
			ck_assert_int_eq(save(s, 2, "two"), OK);
		}
		fail_from_now();
		enum err e = do_job(job, s, next);
		heal();
		ck_assert_msg(!e || e == ERR_FULL || e == ERR_IO, "call %d: %d", fail_at, e);
		store_close(s);
		if (job == ADD) {
			ck_assert_msg(opens("a", now), "call %d", fail_at);
			ck_assert_int_eq(opens("a", next), !e);
		} else if (job == CHANGE) {
			bool before = opens("a", now), after = opens("a", next);
			ck_assert_msg(before || after, "call %d: locked out", fail_at);
			ck_assert_msg(e || (after && !before), "call %d", fail_at);
			if (after)
				strcpy(now, next);
		} else {
			ck_assert_msg(opens("a", now), "call %d", fail_at);
			ck_assert_msg(e || !opens("a", "to go"), "call %d", fail_at);
			s = open_copy("a", now);
			struct listing l = list(s);
			for (size_t i = 0; i < l.count; i++)
				ck_assert(l.v[i].opened || !retire(s, &l.v[i].hash));
			store_close(s);
		}
		done = !e && calls < fail_at;
		ck_assert_int_lt(fail_at, 100);
	}
	ck_assert_int_gt(fail_at, 6);
}
END_TEST

/* --- any order -------------------------------------------------------------------------- */

enum { COPIES = 3, STEPS = 16, WORDS_MOST = 40 };

/* What the three know together: which words open which slot. */
static struct known {
	char text[20];
	struct hash slot;
} known[WORDS_MOST];
static int known_count;
static const char *const copy_names[COPIES] = {"a", "b", "c"};

static uint32_t draw(uint32_t n)
{
	uint32_t v;
	seam.random(&seam, &v, sizeof v);
	return v % n;
}

/* Opens with any words that do, beginning at a random place. */
static struct store *open_somehow(const char *name)
{
	int start = (int)draw((uint32_t)known_count);
	for (int i = 0; i < known_count; i++) {
		struct store *s;
		const char *text = known[(start + i) % known_count].text;
		enum err e = open_by(name, passphrase(text), &s, NULL);
		if (!e)
			return s;
		ck_assert_int_eq(e, ERR_UNLOCK);
	}
	ck_abort_msg("locked out of %s", name);
	return NULL;
}

static void note_new(struct store *s, const char *text)
{
	struct listing l = list(s);
	for (size_t i = 0; i < l.count; i++) {
		bool is_new = true;
		for (int k = 0; k < known_count; k++)
			is_new &= !hash_equal(&known[k].slot, &l.v[i].hash);
		if (is_new) {
			known[known_count].slot = l.v[i].hash;
			strcpy(known[known_count++].text, text);
		}
	}
}

static void random_step(int step)
{
	char text[20], command[200];
	static const char *const parts[] = {"", "", "/slots", "/log", "/log"};
	const char *name = copy_names[draw(COPIES)], *from = copy_names[draw(COPIES)];
	uint32_t what = draw(10);
	struct slot_key with;
	seam.clock_ms += (int64_t)draw(2000) - 1000; /* clocks are not to be relied on */
	if (what < 4) {
		const char *part = parts[draw(5)];
		snprintf(command, sizeof command, "cd \"$ROOT\" && cp -rn %s%s/. %s%s/ 2>&1", from,
			 part, name, part);
		if (from != name)
			shell(command);
		return;
	}
	struct store *s = open_somehow(name);
	struct listing l = list(s);
	snprintf(text, sizeof text, "step %d", step);
	with = passphrase(text);
	if (what < 6) {
		add(s, with, "");
		note_new(s, text);
	} else if (what < 7) {
		ck_assert_int_eq(store_change_passphrase(s, &with, "Ailsa", NULL), OK);
		note_new(s, text);
	} else {
		enum err e = retire(s, &l.v[draw((uint32_t)l.count)].hash);
		ck_assert(!e || (e == ERR_REFUSED && l.count == 1));
	}
	store_close(s);
}

static void same_slots(const struct listing *a, const struct listing *b)
{
	ck_assert_uint_eq(a->count, b->count);
	for (size_t i = 0; i < a->count; i++)
		ck_assert(hash_equal(&a->v[i].hash, &b->v[i].hash));
}

START_TEST(copies_agree_and_are_never_locked_out)
{
	seam_init_sim(&seam, (uint64_t)(1000 + _i), now_ms);
	real = seam;
	known_count = 1;
	strcpy(known[0].text, "words");
	known[0].slot = slot_of("a", "words");
	split();
	for (int step = 0; step < STEPS; step++)
		random_step(step);
	for (int round = 0; round < 2; round++) {
		merge();
		for (int i = 0; i < COPIES; i++)
			store_close(open_somehow(copy_names[i]));
	}
	struct listing live[COPIES];
	for (int i = 0; i < COPIES; i++) {
		struct store *s = open_somehow(copy_names[i]);
		live[i] = list(s);
		ck_assert_int_eq(store_check(s, NULL), OK);
		store_close(s);
		ck_assert_uint_eq(slot_files(copy_names[i]), live[i].count);
		same_slots(&live[0], &live[i]);
	}
	ck_assert_uint_gt(live[0].count, 0);
	for (int k = 0; k < known_count; k++) {
		bool is_live = false;
		for (size_t i = 0; i < live[0].count; i++)
			is_live |= hash_equal(&live[0].v[i].hash, &known[k].slot);
		ck_assert_msg(opens(copy_names[k % COPIES], known[k].text) == is_live,
			      "seed %d: %s", 1000 + _i, known[k].text);
	}
}
END_TEST

/* One segment that changes a passphrase over and over, from a slot that was never here. */
static void write_changes(struct store *s, uint32_t n)
{
	struct buf content = BUF_INIT, bytes = BUF_INIT, order = BUF_INIT;
	struct hash goes, stays, last, file;
	struct seg_head head = {.count = 1};
	seam.random(&seam, goes.b, sizeof goes.b);
	for (uint32_t i = 0; i < n; i++, goes = stays) {
		seam.random(&seam, stays.b, sizeof stays.b);
		struct retirement r = {.slot = goes, .keeper = stays, .changed = true};
		r.author = span_text("Ailsa");
		r.seen = span_of(last.b, i ? sizeof last.b : 0);
		buf_clear(&order);
		pack_retirement(&r, &order);
		last = store_hash(s, buf_span(&order));
		pack_order(&s->id, &last, buf_span(&order), &content);
	}
	pack_segment(&seam, &s->id, &s->key_id, s->seal->segment, &head, n, buf_span(&content),
		     &bytes);
	ck_assert_int_eq(folder_write(s, FILE_SEGMENT, buf_span(&bytes), &file, NULL), OK);
	buf_fini(&order);
	buf_fini(&content);
	buf_fini(&bytes);
}

/* More than anybody makes; they must not keep the book shut (each test has a time). */
START_TEST(three_thousand_changes_are_sorted_out_in_time)
{
	struct store *s = open_copy("a", "words");
	write_changes(s, 3000);
	store_close(s);
	ck_assert(opens("a", "words"));
	ck_assert_uint_eq(slot_files("a"), 1);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup_slots, teardown);
	tcase_add_test(t, a_changed_passphrase_opens_no_more);
	tcase_add_test(t, a_change_after_retiring_the_own_slot_leaves_others);
	tcase_add_test(t, an_old_copy_brings_no_slot_back);
	tcase_add_test(t, the_last_passphrase_stays);
	tcase_add_test(t, retirements_outlive_lmdb);
	tcase_add_test(t, two_changes_both_open);
	tcase_add_test(t, two_that_retire_each_other_both_stay);
	tcase_add_test(t, a_ring_of_three_stays);
	tcase_add_test(t, a_change_elsewhere_brings_nothing_back);
	tcase_add_test(t, no_slot_goes_before_the_one_that_stays_is_here);
	tcase_add_test(t, three_thousand_changes_are_sorted_out_in_time);
	tcase_add_loop_test(t, some_passphrase_opens_whatever_fails, 0, 2 * JOBS);
	tcase_add_loop_test(t, copies_agree_and_are_never_locked_out, 0, 40);
}

UNIT_MAIN("retire")

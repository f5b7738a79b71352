/* SPDX-License-Identifier: MIT
 *
 * Slots: every kind opens the store, what is retired opens it nowhere any more, and whatever is
 * copied, retired in two places at once, or fails half way, some passphrase opens it.
 */
#include "store_stage.h"

/* --- few words to say it with ----------------------------------------------------------- */

static void shell(const char *command)
{
	ck_assert_msg(system(command) == 0, "%s", command);
}

static void setup_slots(void)
{
	setup();
	shell("cd \"$ROOT\" && mv store a");
	snprintf(path, sizeof path, "%s/a", root);
}

/* A copy of the store: "a", "b", "c". */
static const char *copy_path(const char *name)
{
	static char v[4][60];
	static int turn;
	char *out = v[turn++ % 4];
	snprintf(out, 60, "%s/%s", root, name);
	return out;
}

static struct slot_key passphrase(const char *text)
{
	return (struct slot_key){.source = SLOT_PASSPHRASE, .secret = span_text(text)};
}

static enum err open_by(const char *name, struct slot_key with, struct store **s, struct diag *d)
{
	return store_open(&seam, copy_path(name), &with, &folder, s, d);
}

static struct store *open_copy(const char *name, const char *text)
{
	struct store *s;
	struct diag d = {0};
	enum err e = open_by(name, passphrase(text), &s, &d);
	ck_assert_msg(!e, "%s with %s: %s", name, text, diag_first(&d));
	diag_fini(&d);
	return s;
}

static bool opens(const char *name, const char *text)
{
	struct store *s;
	enum err e = open_by(name, passphrase(text), &s, NULL);
	ck_assert_msg(!e || e == ERR_UNLOCK, "%s with %s: %d", name, text, e);
	store_close(s);
	return !e;
}

static bool says(const char *name, const char *text, const char *words_said)
{
	struct store *s;
	struct diag d = {0};
	bool said = false;
	ck_assert_int_eq(open_by(name, passphrase(text), &s, &d), OK);
	for (size_t i = 0; i < d.count; i++)
		said |= strstr(d.lines[i].text, words_said) != NULL;
	diag_fini(&d);
	store_close(s);
	return said;
}

static void add(struct store *s, struct slot_key with, const char *label)
{
	struct diag d = {0};
	enum err e = store_add_slot(s, &with, label, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
}

struct listing {
	struct store_slot v[64];
	size_t count;
};

static void list_one(void *arg, const struct store_slot *slot)
{
	struct listing *l = arg;
	ck_assert_uint_lt(l->count, 64);
	l->v[l->count++] = *slot;
}

static struct listing list(struct store *s)
{
	struct listing l = {.count = 0};
	ck_assert_int_eq(store_scan_slots(s, list_one, &l), OK);
	return l;
}

/* The slot that these words open, seen by opening with them. */
static struct hash slot_of(const char *name, const char *text)
{
	struct store *s = open_copy(name, text);
	struct listing l = list(s);
	struct hash h = {{0}};
	for (size_t i = 0; i < l.count; i++)
		if (l.v[i].opened)
			h = l.v[i].hash;
	store_close(s);
	return h;
}

static enum err retire(struct store *s, const struct hash *slot)
{
	return store_retire_slot(s, slot, "Ailsa", NULL);
}

static void change(const char *name, const char *from, const char *to)
{
	struct store *s = open_copy(name, from);
	struct slot_key with = passphrase(to);
	ck_assert_int_eq(store_change_passphrase(s, &with, "Ailsa", NULL), OK);
	store_close(s);
}

static void retire_in(const char *name, const char *by, const struct hash *slot)
{
	struct store *s = open_copy(name, by);
	ck_assert_int_eq(retire(s, slot), OK);
	store_close(s);
}

static size_t slot_files(const char *name)
{
	char command[200];
	size_t n = 0;
	snprintf(command, sizeof command, "ls '%s/slots' | wc -l", copy_path(name));
	FILE *f = popen(command, "r");
	ck_assert_int_eq(fscanf(f, "%zu", &n), 1);
	pclose(f);
	return n;
}

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

/* --- what lies in slots/ ---------------------------------------------------------------- */

static void make_other(const char *text)
{
	struct id other = {{0}};
	struct slot_key with = passphrase(text);
	ck_assert_int_eq(store_create(&seam, copy_path("other"), &with, &other, NULL), OK);
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
	tcase_add_test(t, a_changed_passphrase_opens_no_more);
	tcase_add_test(t, an_old_copy_brings_no_slot_back);
	tcase_add_test(t, the_last_passphrase_stays);
	tcase_add_test(t, retirements_outlive_lmdb);
	tcase_add_test(t, two_changes_both_open);
	tcase_add_test(t, two_that_retire_each_other_both_stay);
	tcase_add_test(t, a_ring_of_three_stays);
	tcase_add_test(t, a_change_elsewhere_brings_nothing_back);
	tcase_add_test(t, no_slot_goes_before_the_one_that_stays_is_here);
	tcase_add_test(t, a_foreign_slot_does_not_say_whose_store_it_is);
	tcase_add_test(t, torn_newer_and_many_slots_do_not_confuse);
	tcase_add_test(t, a_torn_slot_comes_back_from_lmdb);
	tcase_add_test(t, no_flipped_bit_makes_another_slot);
	tcase_add_loop_test(t, some_passphrase_opens_whatever_fails, 0, 2 * JOBS);
	tcase_add_loop_test(t, copies_agree_and_are_never_locked_out, 0, 40);
	tcase_add_test(t, a_key_on_paper_is_read_again);
	tcase_add_test(t, a_store_is_copied_file_by_file);
}

UNIT_MAIN("slots")

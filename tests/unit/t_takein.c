/* SPDX-License-Identifier: MIT
 *
 * From files to LMDB: whatever the order, the names and the disk do, nothing is lost or counted
 * wrongly, and what is not here is said.
 */
#include "hear_stage.h"

#include "child.h"
#include "store_impl.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* --- types ------------------------------------------------------------------------------- */

/* Bytes that begin with ? are of a version to come; alone they are of no type. */
static void typed_fold(void *arg, const struct id *subject, const struct id *record,
		       const struct store_change *v, size_t count, char type[65], struct buf *view)
{
	fold(arg, subject, record, v, count, type, view);
	strcpy(type, "unknown");
	for (size_t i = 0; i < count; i++)
		if (*v[i].bytes.p != '?')
			strcpy(type, "thing");
}

static const struct store_folder typed = {.fold = typed_fold};

static struct store *open_typed(void)
{
	struct store *s;
	ck_assert_int_eq(store_open(&seam, path, &words, &typed, &s, NULL), OK);
	return s;
}

/* A record whose type is known only later leaves no view behind under the earlier one. */
START_TEST(a_type_that_comes_later)
{
	struct store *s = open_typed();
	struct id subject = some_id(9), record = some_id(1);
	struct buf view = BUF_INIT;
	ck_assert_int_eq(save(s, 1, "?new"), OK);
	ck_assert_int_eq(store_get_view(s, "unknown", &subject, &record, &view), OK);
	ck_assert_int_eq(save(s, 1, "known"), OK);
	buf_clear(&view);
	ck_assert_int_eq(store_get_view(s, "unknown", &subject, &record, &view), ERR_ABSENT);
	ck_assert_int_eq(store_get_view(s, "thing", &subject, &record, &view), OK);
	ck_assert_int_eq(store_check(s, NULL), OK);
	struct hash came = view_hash(s);
	ck_assert_int_eq(store_rebuild(s, NULL), OK);
	struct hash at_once = view_hash(s);
	ck_assert(hash_equal(&came, &at_once));
	buf_fini(&view);
	store_close(s);
}
END_TEST

/* One id under two people is two records; no order of arrival shows in the view. */
START_TEST(one_id_under_two_people)
{
	for (int order = 0; order < 2; order++) {
		struct store *s = open_typed();
		for (int i = 0; i < 2; i++) {
			struct envelope v = {.subject = some_id((uint8_t)(20 + (i ^ order))),
					     .record = some_id((uint8_t)(5 + order)),
					     .bytes = span_text("both")};
			v.id = store_hash(s, v.bytes);
			ck_assert_int_eq(store_save(s, &v, 1, NULL), OK);
		}
		struct hash came = view_hash(s);
		ck_assert_int_eq(store_check(s, NULL), OK);
		ck_assert_int_eq(store_rebuild(s, NULL), OK);
		struct hash at_once = view_hash(s);
		ck_assert(hash_equal(&came, &at_once));
		store_close(s);
	}
}
END_TEST

/* --- the disk ---------------------------------------------------------------------------- */

static char synced[40][200];
static int synced_count, deaf; /* deaf: the log's folders cannot be made durable */

static bool is_folder(int fd)
{
	struct stat st;
	return !fstat(fd, &st) && S_ISDIR(st.st_mode);
}

static int noting_fsync(int fd)
{
	char link[40], name[200];
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, name, sizeof name - 1);
	name[n > 0 ? n : 0] = 0;
	if (deaf && is_folder(fd) && strstr(name, "/log/")) {
		errno = EIO;
		return -1;
	}
	if (synced_count < 40)
		strcpy(synced[synced_count++], name);
	return real.files.fsync(fd);
}

static bool was_synced(const char *end)
{
	bool was = false;
	for (int i = 0; i < synced_count; i++) {
		size_t n = strlen(synced[i]), m = strlen(end);
		was |= n >= m && !strcmp(synced[i] + n - m, end);
	}
	return was;
}

START_TEST(a_folder_that_is_made_lasts)
{
	struct store *s = open_store();
	shell("rm -r \"$ROOT\"/store/log \"$ROOT\"/store/drafts");
	struct id draft = some_id(3);
	seam.files.fsync = noting_fsync;
	ck_assert_int_eq(save(s, 1, "one"), OK);
	ck_assert(was_synced("/store/log") && was_synced("/store"));
	synced_count = 0;
	ck_assert_int_eq(store_keep_draft(s, &draft, span_text("half"), NULL), OK);
	ck_assert(was_synced("/store/drafts") && was_synced("/store"));
	store_close(s);
}
END_TEST

/* The name of the file may be on the disk or not: "not saved" it is, and it is not there. */
START_TEST(a_name_that_may_not_last_is_not_saved)
{
	struct store *s = open_store();
	ck_assert_int_eq(save(s, 1, "one"), OK);
	shell("cp -r \"$ROOT/store\" \"$ROOT/before\"");
	seam.files.fsync = noting_fsync;
	deaf = 1;
	ck_assert_int_eq(save(s, 2, "two"), ERR_IO);
	deaf = 0;
	ck_assert(!has(s, 2, "two") && has(s, 1, "one"));
	/* Pressing save again is the same change again: one note. */
	ck_assert_int_eq(save(s, 2, "two"), OK);
	ck_assert(has(s, 2, "two"));
	ck_assert_int_eq(store_check(s, NULL), OK);
	store_close(s);
	s = open_store();
	ck_assert(has(s, 2, "two") && has(s, 1, "one"));
	store_close(s);
}
END_TEST

/* It came back from the dying disk after all: the same change twice is one. */
START_TEST(what_comes_back_is_what_was_tried_again)
{
	struct store *s = open_store();
	struct store_stats stats;
	ck_assert_int_eq(save(s, 1, "one"), OK);
	shell("cp -r \"$ROOT/store\" \"$ROOT/ghost\" && rm -r \"$ROOT\"/store/log/*/*.seg");
	store_close(s);
	shell("rm -rf \"$ROOT\"/linkbook");
	s = open_store();
	ck_assert(!has(s, 1, "one"));
	ck_assert_int_eq(save(s, 1, "one"), OK);
	store_close(s);
	shell("cp -rn \"$ROOT\"/ghost/. \"$ROOT\"/store/");
	s = open_store();
	ck_assert_int_eq(store_stats(s, &stats), OK);
	ck_assert_uint_eq(stats.changes, 1);
	ck_assert(has(s, 1, "one"));
	ck_assert_int_eq(store_check(s, NULL), OK);
	store_close(s);
}
END_TEST

static int no_room_open(const char *name, int flags, mode_t mode)
{
	if ((flags & O_CREAT) && strstr(name, "/store/")) {
		errno = ENOSPC;
		return -1;
	}
	return real.files.open(name, flags, mode);
}

/* On a full disk a file that only LMDB has stays there: rebuilding would lose it. */
START_TEST(no_rebuilding_what_only_lmdb_has)
{
	struct store *s = open_store();
	ck_assert_int_eq(save(s, 1, "one"), OK);
	store_close(s);
	shell("rm -r \"$ROOT\"/store/log \"$ROOT\"/store/keys");
	seam.files.open = no_room_open;
	ck_assert_int_eq(open_and_hear(&s), OK);
	HEARD("could not be written again");
	ck_assert_int_eq(store_rebuild(s, NULL), ERR_FULL);
	ck_assert(has(s, 1, "one"));
	store_close(s);
	heal();
	s = open_store();
	ck_assert(has(s, 1, "one"));
	ck_assert_int_eq(store_rebuild(s, NULL), OK);
	ck_assert(has(s, 1, "one"));
	store_close(s);
}
END_TEST

static void limit_files(rlim_t bytes)
{
	struct rlimit l = {bytes, RLIM_INFINITY};
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &l), 0);
}

static bool stop_at_once(void *arg, const struct id *subject, const struct id *record,
			 struct span view)
{
	(void)subject, (void)record, (void)view;
	++*(size_t *)arg;
	return true;
}

/* LMDB is gone and there is no room for another: every reading says that it could not, none
 * says that there is nothing; with room again everything is there. */
START_TEST(a_rebuild_that_fails_half_way)
{
	static const rlim_t rooms[] = {0, 5000, 20000, 60000, 150000, 400000, 700000};
	enum { LONG = 100000, MANY = 5 };
	struct store *s = open_store();
	struct diag d = {0};
	struct buf view = BUF_INIT;
	struct id subject = some_id(9), record = some_id(1);
	char *text = mem_alloc(LONG + 1);
	memset(text, 'x', LONG);
	for (uint8_t i = 0; i < MANY; i++) {
		text[0] = (char)('a' + i);
		ck_assert_int_eq(save(s, i, text), OK);
	}
	text[0] = 'b';
	signal(SIGXFSZ, SIG_IGN);
	limit_files(rooms[_i]);
	ck_assert_int_ne(store_rebuild(s, &d), OK);
	ck_assert_str_ne(diag_first(&d), "");
	for (int i = 0; i < 2; i++) {
		size_t n = 0;
		enum err got = store_get_view(s, "thing", &subject, &record, &view);
		enum err scanned = store_scan_views(s, "thing", NULL, stop_at_once, &n);
		ck_assert_msg(got && got != ERR_ABSENT, "got %d", got);
		ck_assert_msg(scanned && !n, "scanned %d", scanned);
		ck_assert_int_ne(save(s, 40, "no room"), OK);
	}
	if (_i % 2) { /* closed and opened again, it is no better, and no worse */
		struct store *again;
		store_close(s);
		ck_assert_int_ne(store_open(&seam, path, &words, &folder, &again, &d), OK);
		limit_files(RLIM_INFINITY);
		s = open_store();
	}
	limit_files(RLIM_INFINITY);
	ck_assert(has(s, 1, text));
	ck_assert_int_eq(store_check(s, NULL), OK);
	store_close(s);
	diag_fini(&d);
	buf_fini(&view);
	free(text);
}
END_TEST

/* --- names ------------------------------------------------------------------------------- */

/* More than LMDB's first map holds, all under wrong names: the batch runs again in a larger
 * one, and finds what it found before. */
START_TEST(wrong_names_in_a_map_that_is_too_small)
{
	enum { LONG = 1900000, MANY = 20 };
	struct envelope v[MANY];
	struct store *s = open_store();
	struct store_stats stats;
	uint8_t *texts = mem_alloc_many(MANY, LONG);
	for (int i = 0; i < MANY; i++) {
		memset(texts + i * LONG, 'a' + i, LONG);
		v[i] = (struct envelope){.subject = some_id(9),
					 .record = some_id((uint8_t)(30 + i)),
					 .bytes = span_of(texts + i * LONG, LONG)};
		v[i].id = store_hash(s, v[i].bytes);
		ck_assert_int_eq(store_save(s, &v[i], 1, NULL), OK);
	}
	free(texts);
	store_close(s);
	shell("rm -rf \"$ROOT\"/linkbook; find \"$ROOT\"/store -name '*.seg' -o -name '*.keys' |"
	      " while read -r f; do mv \"$f\" \"${f%.*} (1).${f##*.}\"; done");
	ck_assert_int_eq(open_and_hear(&s), OK);
	ck_assert_str_eq(buf_text(&said), "");
	ck_assert_uint_eq(store_trouble(s), 0);
	ck_assert_int_eq(store_stats(s, &stats), OK);
	ck_assert_uint_eq(stats.changes, MANY);
	shell("! find \"$ROOT\"/store | grep -F '('");
	ck_assert_int_eq(store_check(s, NULL), OK);
	store_close(s);
}
END_TEST

static void flip(const char *find, long at)
{
	char command[300];
	snprintf(command, sizeof command,
		 "f=$(find \"$ROOT\"/store -name '%s' | head -1) && b=$(od -An -tu1 -j %ld -N 1 $f)"
		 " && printf \"\\\\$(printf %%o $((b ^ 4)))\" |"
		 " dd of=$f bs=1 seek=%ld conv=notrunc status=none",
		 find, at, at);
	shell(command);
}

/* A key file or a slot with a bit flipped is not another one under a wrong name. */
START_TEST(a_spoilt_file_is_no_other_file)
{
	static const struct {
		const char *name;
		long at;
	} places[] = {{"*.keys", 24 + 137 + 100}, {"*.keys", 24 + 30}, {"*.slot", 130}};
	struct store *s = open_store();
	ck_assert_int_eq(save(s, 1, "one"), OK);
	store_close(s);
	shell("ls \"$ROOT\"/store/*/ >\"$ROOT\"/names");
	if (_i < 2)
		shell("rm -r \"$ROOT\"/linkbook");
	else
		s = open_store(); /* its only slot: an open store goes on */
	flip(places[_i].name, places[_i].at);
	if (_i < 2) {
		ck_assert_int_eq(open_and_hear(&s), OK);
		HEARD("1 of 3 files is incomplete");
		ck_assert_uint_eq(store_trouble(s), 2);
		HEARD("key is not here");
	} else {
		ck_assert_int_eq(check_and_hear(s), OK);
		HEARD("whole again");
	}
	shell("ls \"$ROOT\"/store/*/ | cmp - \"$ROOT\"/names");
	store_close(s);
}
END_TEST

/* Opening trusts the size of a file that LMDB knows; check does not, and mends it. */
START_TEST(check_mends_a_flipped_bit)
{
	struct store *s = open_store();
	ck_assert_int_eq(save(s, 1, "one"), OK);
	flip("*.seg", 500);
	ck_assert_int_eq(check_and_hear(s), OK);
	HEARD("1 file had been cut short or lost by a copy and is whole again");
	store_close(s);
	shell("rm -r \"$ROOT\"/linkbook");
	s = open_store();
	ck_assert(has(s, 1, "one"));
	store_close(s);
}
END_TEST

/* So does a rebuild, before it throws away the only good bytes of that file. */
START_TEST(a_rebuild_mends_a_flipped_bit_first)
{
	struct store *s = open_store();
	ck_assert_int_eq(save(s, 1, "one"), OK);
	flip("*.seg", 500);
	ck_assert_int_eq(store_rebuild(s, NULL), OK);
	ck_assert(has(s, 1, "one"));
	store_close(s);
	shell("rm -r \"$ROOT\"/linkbook");
	s = open_store();
	ck_assert(has(s, 1, "one"));
	store_close(s);
}
END_TEST

/* --- drafts ------------------------------------------------------------------------------ */

static void count_draft(void *arg, const struct id *draft, int64_t stamp, struct span content,
			bool begun)
{
	(void)draft, (void)stamp, (void)content, (void)begun;
	++*(size_t *)arg;
}

static size_t count_drafts(struct store *s)
{
	size_t n = 0;
	ck_assert_int_eq(store_scan_drafts(s, count_draft, &n, NULL), OK);
	return n;
}

/* A draft that three thousand runs went on with; the change that finishes it can be read. */
START_TEST(a_draft_of_three_thousand_runs)
{
	enum { RUNS = 3000 };
	struct store *s = open_store();
	struct draft_file f = {.draft = some_id(4),
			       .writer = some_id(77),
			       .number = 1,
			       .stamp = now_ms,
			       .content = span_text("long in the making")};
	struct buf bytes = BUF_INIT, name = BUF_INIT;
	char hex[ID_HEX];
	f.covers = mem_alloc_many(RUNS, sizeof *f.covers);
	for (f.cover_count = 0; f.cover_count < RUNS; f.cover_count++)
		f.covers[f.cover_count] = (struct cover){seam_new_id(&seam), 5};
	pack_draft(&seam, &s->id, &s->key_id, s->seal->draft, &f, &bytes);
	buf_printf(&name, "%s/drafts/%s-any.draft", path, id_to_hex(&f.draft, hex));
	ck_assert_int_eq(file_write_durable(&seam, buf_text(&name), buf_span(&bytes), NULL), OK);
	ck_assert_uint_eq(count_drafts(s), 1);
	ck_assert_int_eq(store_keep_draft(s, &f.draft, span_text("and on"), NULL), OK);
	ck_assert_uint_eq(count_drafts(s), 1);
	struct envelope v = {.subject = some_id(9),
			     .record = some_id(1),
			     .draft = f.draft,
			     .bytes = span_text("done")};
	v.id = store_hash(s, v.bytes);
	ck_assert_int_eq(store_save(s, &v, 1, NULL), OK);
	ck_assert_uint_eq(count_drafts(s), 0);
	store_close(s);
	/* The old content comes back by a copy, and is known to be done. */
	ck_assert_int_eq(file_write_durable(&seam, buf_text(&name), buf_span(&bytes), NULL), OK);
	shell("rm -r \"$ROOT\"/linkbook");
	s = open_store();
	ck_assert(has(s, 1, "done"));
	ck_assert_uint_eq(count_drafts(s), 0);
	ck_assert_int_eq(store_check(s, NULL), OK);
	store_close(s);
	free(f.covers);
	buf_fini(&bytes);
	buf_fini(&name);
}
END_TEST

/* --- work that may die ------------------------------------------------------------------- */

static bool do_work(void *arg, int to)
{
	static const uint8_t much[300000];
	child_write(to, "ready", 5);
	switch (*(int *)arg) {
	case 1:
		return false;
	case 2:
		raise(SIGBUS);
		break;
	case 3:
		raise(SIGKILL);
		break;
	case 4:
		for (;;)
			;
	case 5:
		child_write(to, much, sizeof much);
		break;
	case 6: /* a key pressed at the terminal is not for it */
		raise(SIGINT);
		raise(SIGHUP);
		break;
	}
	return true;
}

START_TEST(a_child_may_die)
{
	static const enum child_end ends[] = {CHILD_DONE,    CHILD_FAILED, CHILD_FAILED,
					      CHILD_STOPPED, CHILD_FAILED, CHILD_STOPPED,
					      CHILD_DONE};
	struct child c;
	char word[6] = "";
	ck_assert(child_start(&c, do_work, &_i, 1));
	ck_assert(child_read(&c, word, 5));
	ck_assert_str_eq(word, "ready");
	ck_assert(_i == 5 || !child_read(&c, word, 1));
	ck_assert_int_eq(child_end(&c), ends[_i]);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, stage, unstage);
	tcase_add_test(t, a_type_that_comes_later);
	tcase_add_test(t, one_id_under_two_people);
	tcase_add_test(t, a_folder_that_is_made_lasts);
	tcase_add_test(t, a_name_that_may_not_last_is_not_saved);
	tcase_add_test(t, what_comes_back_is_what_was_tried_again);
	tcase_add_test(t, no_rebuilding_what_only_lmdb_has);
	tcase_add_loop_test(t, a_rebuild_that_fails_half_way, 0, 7);
	tcase_add_test(t, wrong_names_in_a_map_that_is_too_small);
	tcase_add_loop_test(t, a_spoilt_file_is_no_other_file, 0, 3);
	tcase_add_test(t, check_mends_a_flipped_bit);
	tcase_add_test(t, a_rebuild_mends_a_flipped_bit_first);
	tcase_add_loop_test(t, a_child_may_die, 0, 7);
	tcase_add_test(t, a_draft_of_three_thousand_runs);
}

UNIT_MAIN("takein")

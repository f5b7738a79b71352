/* SPDX-License-Identifier: MIT
 *
 * What is not here although something speaks of it, and what does not belong where it is: both
 * are said, when a store is opened or checked.
 */
#include "hear_stage.h"

#include "store_impl.h"

#include <sys/wait.h>

/* --- what is not here is said ------------------------------------------------------------ */

enum { LONG = 1500000, MANY = 6 };

/* Six records that make three segments. */
static enum err save_load(struct store *s)
{
	struct envelope v[MANY];
	uint8_t *texts = mem_alloc_many(MANY, LONG);
	for (int i = 0; i < MANY; i++) {
		texts[i * LONG] = (uint8_t)i;
		v[i] = (struct envelope){.subject = some_id(9),
					 .record = some_id((uint8_t)(30 + i)),
					 .bytes = span_of(texts + i * LONG, LONG)};
		v[i].id = store_hash(s, v[i].bytes);
	}
	enum err e = store_save(s, v, MANY, NULL);
	free(texts);
	return e;
}

START_TEST(a_part_of_a_load_is_said)
{
	struct store *s = open_store();
	ck_assert_int_eq(save_load(s), OK);
	store_close(s);
	shell("cd \"$ROOT\" && rm -rf linkbook && mv $(find store -name '*.seg' | head -1) hidden");
	ck_assert_int_eq(open_and_hear(&s), OK);
	HEARD("2 of 3 pieces of a load are here");
	ck_assert_uint_gt(store_trouble(s), 0);
	ck_assert_int_eq(check_and_hear(s), ERR_DAMAGED);
	HEARD("lacks piece");
	HEARD("of 3.");
	store_close(s);
	shell("cd \"$ROOT\" && mv hidden store/log/0/again.seg");
	ck_assert_int_eq(open_and_hear(&s), OK);
	ck_assert_str_eq(buf_text(&said), "");
	ck_assert_int_eq(check_and_hear(s), OK);
	store_close(s);
}
END_TEST

static int segments_opened;

/* The power goes at the second segment. */
static int open_until_dark(const char *name, int flags, mode_t mode)
{
	if (strstr(name, ".seg.part") && ++segments_opened == 2)
		_exit(0);
	return real.files.open(name, flags, mode);
}

START_TEST(a_load_that_was_broken_off_is_no_gap)
{
	int status;
	struct store *s;
	pid_t pid = fork();
	if (!pid) {
		s = open_store();
		seam.files.open = open_until_dark;
		_exit(save_load(s) ? 1 : 2);
	}
	ck_assert(waitpid(pid, &status, 0) == pid && status == 0);
	ck_assert_int_eq(open_and_hear(&s), OK);
	ck_assert_str_eq(buf_text(&said), "");
	ck_assert_uint_eq(store_trouble(s), 0);
	ck_assert_int_eq(check_and_hear(s), OK);
	seam.random(&seam, &status, sizeof status); /* not the same ids again */
	ck_assert_int_eq(save_load(s), OK);
	ck_assert_int_eq(check_and_hear(s), OK);
	store_close(s);
}
END_TEST

START_TEST(a_key_that_is_not_here_is_said)
{
	struct store *s = open_store();
	ck_assert_int_eq(save(s, 1, "one"), OK);
	ck_assert_int_eq(save(s, 2, "two"), OK);
	store_close(s);
	shell("rm -r \"$ROOT\"/linkbook; mv \"$ROOT\"/store/keys \"$ROOT\"/hidden");
	ck_assert_int_eq(open_and_hear(&s), OK);
	HEARD("2 changes are for a person whose key is not here: copy again.");
	ck_assert_int_eq(check_and_hear(s), ERR_DAMAGED);
	HEARD("wait for key");
	store_close(s);
	shell("cp -r \"$ROOT\"/hidden/. \"$ROOT\"/store/keys/");
	ck_assert_int_eq(open_and_hear(&s), OK);
	ck_assert_str_eq(buf_text(&said), "");
	ck_assert(has(s, 1, "one") && has(s, 2, "two"));
	ck_assert_int_eq(store_check(s, NULL), OK);
	store_close(s);
}
END_TEST

/* --- check finds what does not belong ----------------------------------------------------- */

struct moving {
	struct store *s;
	uint8_t from, to;
	struct buf value;
};

static enum err take_view(void *arg, struct txn *t, struct diag *d)
{
	struct moving *m = arg;
	struct id subject = some_id(9), record = some_id(m->from);
	struct record_key k = record_key(&subject, &record);
	struct span v;
	MDB_dbi db;
	(void)d;
	ck_assert(txn_view(t, "thing", false, &db));
	ck_assert(txn_get(t, db, span_of(k.b, sizeof k.b), &v));
	buf_clear(&m->value);
	buf_add_span(&m->value, v);
	return OK;
}

static enum err put_view(void *arg, struct txn *t, struct diag *d)
{
	struct moving *m = arg;
	struct id subject = some_id(9), record = some_id(m->to);
	struct record_key k = record_key(&subject, &record);
	MDB_dbi db;
	(void)d;
	ck_assert(txn_view(t, "thing", true, &db));
	txn_put(t, db, span_of(k.b, sizeof k.b), buf_span(&m->value));
	return OK;
}

/* A view of another record, and an older one of the same, put in its place: sealed both. */
START_TEST(a_view_in_the_wrong_place)
{
	struct store *s = open_store();
	struct moving m = {s, 1, _i ? 1 : 2, BUF_INIT};
	ck_assert_int_eq(save(s, 1, "one"), OK);
	ck_assert_int_eq(save(s, 2, "two"), OK);
	ck_assert_int_eq(shelf_read(&s->shelf, take_view, &m, NULL), OK);
	ck_assert_int_eq(save(s, 1, "and more"), OK);
	struct hash good = view_hash(s);
	ck_assert_int_eq(shelf_write(&s->shelf, put_view, &m, NULL), OK);
	ck_assert_int_eq(check_and_hear(s), ERR_DAMAGED);
	HEARD("1 record did not show what the changes say.");
	HEARD("made anew");
	ck_assert_int_eq(check_and_hear(s), OK);
	struct hash now = view_hash(s);
	ck_assert(hash_equal(&good, &now));
	buf_fini(&m.value);
	store_close(s);
}
END_TEST

/* --- what LMDB keeps of a file ------------------------------------------------------------ */

struct spoiling {
	struct store *s;
	size_t at; /* the byte of the value */
	struct hash file;
};

static bool first_segment(void *arg, struct span key, struct span value)
{
	struct spoiling *w = arg;
	if (value.p[0] != FILE_SEGMENT)
		return true;
	memcpy(w->file.b, key.p, sizeof w->file.b);
	return false;
}

static enum err spoil_file(void *arg, struct txn *t, struct diag *d)
{
	struct spoiling *w = arg;
	MDB_dbi db = w->s->shelf.db[DB_FILE];
	struct buf bytes = BUF_INIT;
	struct span value;
	(void)d;
	txn_scan(t, db, span_of("", 0), first_segment, w);
	ck_assert(txn_get(t, db, hash_span(&w->file), &value));
	buf_add_span(&bytes, value);
	bytes.p[w->at] ^= 0x41;
	txn_put(t, db, hash_span(&w->file), buf_span(&bytes));
	buf_fini(&bytes);
	return OK;
}

/* Its kind or a byte of it is not what it was: a file that is gone is not written again so, under
 * whatever name that would give. */
START_TEST(a_spoilt_copy_is_not_written_out)
{
	struct store *s = open_store();
	struct spoiling w = {.s = s, .at = _i ? 200 : 0};
	struct found before = {0}, after = {0};
	ck_assert_int_eq(save(s, 1, "one"), OK);
	ck_assert_int_eq(shelf_write(&s->shelf, spoil_file, &w, NULL), OK);
	char *file = folder_path(s, FILE_SEGMENT, &w.file);
	ck_assert_int_eq(unlink(file), 0);
	ck_assert_int_eq(folder_list(s, &before, NULL), OK);
	store_close(s);
	s = open_store();
	ck_assert_int_eq(folder_list(s, &after, NULL), OK);
	ck_assert_uint_eq(after.count, before.count);
	ck_assert_int_eq(check_and_hear(s), ERR_DAMAGED);
	store_close(s);
	found_free(&before);
	found_free(&after);
	free(file);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, stage, unstage);
	tcase_add_test(t, a_part_of_a_load_is_said);
	tcase_add_test(t, a_load_that_was_broken_off_is_no_gap);
	tcase_add_test(t, a_key_that_is_not_here_is_said);
	tcase_add_loop_test(t, a_view_in_the_wrong_place, 0, 2);
	tcase_add_loop_test(t, a_spoilt_copy_is_not_written_out, 0, 2);
}

UNIT_MAIN("missing")

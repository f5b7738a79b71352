/* SPDX-License-Identifier: MIT
 *
 * Everything that can be asked of a store, on a machine whose N-th call fails: of the files, or of
 * LMDB; for each N until a run meets none.  Whatever fails, the answer is the whole one or an
 * error with a sentence, never half of one that passes for whole; what was acknowledged is there
 * afterwards, and the store opens.
 *
 *   t_nth              every seventh N, others with each kind of fault; what make check runs
 *   NTH_EVERY=1 t_nth  every N; what make proofs runs (NTH_ONLY="save": of one act)
 */
#include <sys/mman.h>

#include "asks_stage.h"
#include "lmdb_faults.h"

/* --- how it fails ---------------------------------------------------------------------------- */

static const struct fault {
	const char *name;
	int files, lmdb;
} faults[] = {
	{"a disk that fails", EIO, 0},	    {"a full disk", ENOSPC, 0},
	{"no permission", EACCES, 0},	    {"LMDB on a disk that fails", 0, EIO},
	{"LMDB on a full disk", 0, ENOSPC}, {"LMDB damaged", 0, MDB_CORRUPTED},
	{"LMDB interrupted", 0, EINTR},	    {"LMDB's map full", 0, MDB_MAP_FULL},
};
enum { FAULTS = sizeof faults / sizeof *faults };

static ssize_t failing_read(int fd, void *p, size_t n)
{
	return fails() ? -1 : real.files.read(fd, p, n);
}

static void arm(const struct fault *f, int at)
{
	fail_at = at;
	fail_with = f->files;
	lmdb_with = f->lmdb;
	if (f->files) {
		fail_from_now();
		seam.files.read = failing_read;
	}
	lmdb_armed = f->lmdb != 0;
	*lmdb_failed = false;
	calls = 0;
}

static void disarm(void)
{
	heal();
	lmdb_armed = false;
}

/* --- one run --------------------------------------------------------------------------------- */

static void want_all_there(const struct ask *ask, enum err e, const char *what)
{
	struct diag d = {0};
	struct store *s = open_with("words");
	if (!s)
		s = open_with("others");
	ck_assert_msg(s, "%s: shut", what);
	ck_assert_msg(has(s, 1, "one") && has(s, 2, "two"), "%s: lost what was there", what);
	struct id subject = some_id(8), record = some_id(3);
	struct buf view = BUF_INIT;
	enum err got = store_get_view(s, "thing", &subject, &record, &view);
	ck_assert_msg(e || !ask->saves || (!got && !strcmp(buf_text(&view), "three")),
		      "%s: lost what was saved", what);
	ck_assert_msg(!store_check(s, &d), "%s: %s", what, diag_first(&d));
	ck_assert_int_eq(save(s, 6, "after"), OK);
	buf_fini(&view);
	diag_fini(&d);
	store_close(s);
}

/* False when no call was left to fail.  clean: what a run without a fault tells. */
static bool run(const struct ask *ask, const struct fault *f, int at, struct buf *clean)
{
	struct diag d = {0};
	struct buf told = BUF_INIT;
	char what[120];
	snprintf(what, sizeof what, "%s, %s, call %d", ask->name, f ? f->name : "no fault", at);
	set_out(ask);
	struct act a = {ask->shut ? NULL : open_store(), &told, &d};
	if (f)
		arm(f, at);
	enum err e = ask->run(&a);
	bool met = f && (calls >= at || *lmdb_failed);
	disarm();
	store_close(a.s);
	ck_assert_msg(met || !e, "%s: %s", what, diag_first(&d));
	ck_assert_msg(!e || ask->silent || d.count, "%s: %d without a word", what, e);
	if (!f)
		buf_add_span(clean, buf_span(&told));
	else if (!e && ask->tells_all && !d.count)
		ck_assert_msg(span_equal(buf_span(&told), buf_span(clean)),
			      "%s: half an answer passes for a whole one", what);
	want_all_there(ask, e, what);
	diag_fini(&d);
	buf_fini(&told);
	return met;
}

START_TEST(the_nth_call_fails)
{
	const struct ask *ask = &asks[_i / FAULTS];
	const struct fault *f = &faults[_i % FAULTS];
	const char *only = getenv("NTH_ONLY"), *every = getenv("NTH_EVERY");
	struct buf clean = BUF_INIT;
	if (only && strcmp(only, ask->name) != 0)
		return;
	lmdb_failed = mmap(NULL, sizeof *lmdb_failed, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert(lmdb_failed != MAP_FAILED);
	stock();
	run(ask, NULL, 0, &clean);
	int by = every ? atoi(every) : 7, at = 1 + _i % by;
	while (run(ask, f, at, &clean))
		ck_assert_msg((at += by) < 2000, "%s never ends", ask->name);
	printf("# %s, %s: %d calls\n", ask->name, f->name, at - 1);
	buf_fini(&clean);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, the_nth_call_fails, 0, ASKS * FAULTS);
}

UNIT_MAIN("nth")

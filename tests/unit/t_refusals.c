/* SPDX-License-Identifier: MIT
 *
 * What a store refuses, and the sentence it does so with: where there is something already, where
 * there is nothing, what is too large, what is no key, and a machine without the memory or the
 * processes that it takes.
 */
#include <sodium.h>
#include <sys/types.h>

#include "slots_stage.h"

/* --- a machine that has nothing left ------------------------------------------------------- */

static bool no_memory, no_processes, no_pipes;
static int processes_left = -1; /* -1: as many as one likes */

int __real_crypto_pwhash(unsigned char *out, unsigned long long n, const char *words_in,
			 unsigned long long length, const unsigned char *salt,
			 unsigned long long ops, size_t memory, int algorithm);
int __wrap_crypto_pwhash(unsigned char *out, unsigned long long n, const char *words_in,
			 unsigned long long length, const unsigned char *salt,
			 unsigned long long ops, size_t memory, int algorithm);
int __wrap_crypto_pwhash(unsigned char *out, unsigned long long n, const char *words_in,
			 unsigned long long length, const unsigned char *salt,
			 unsigned long long ops, size_t memory, int algorithm)
{
	if (no_memory)
		return -1;
	return __real_crypto_pwhash(out, n, words_in, length, salt, ops, memory, algorithm);
}

pid_t __real_fork(void);
pid_t __wrap_fork(void);
pid_t __wrap_fork(void)
{
	errno = EAGAIN;
	if (no_processes || !processes_left)
		return -1;
	processes_left -= processes_left > 0;
	return __real_fork();
}

int __real_pipe(int ends[2]);
int __wrap_pipe(int ends[2]);
int __wrap_pipe(int ends[2])
{
	errno = EMFILE;
	return no_pipes ? -1 : __real_pipe(ends);
}

/* --- asking --------------------------------------------------------------------------------- */

#define WANT(d, e, wanted, sentence) want(&(d), e, wanted, sentence, __LINE__)

static void want(struct diag *d, enum err e, enum err wanted, const char *sentence, int line)
{
	ck_assert_msg(e == wanted, "line %d: %d, wanted %d: %s", line, e, wanted, diag_first(d));
	ck_assert_msg(d->count && strstr(diag_first(d), sentence), "line %d: said \"%s\"", line,
		      diag_first(d));
	diag_fini(d);
	*d = (struct diag){0};
}

START_TEST(where_something_is_or_nothing)
{
	struct diag d = {0};
	struct store *drawn = store_draw(&seam, OF_CASELOAD), *s;
	enum store_kind kind;
	char at[80], to[80];
	snprintf(at, sizeof at, "%s/elsewhere", root);
	snprintf(to, sizeof to, "%s/copied", root);
	WANT(d, store_create(drawn, path, &words, &d), ERR_REFUSED, "There is a book in");
	store_close(drawn);
	s = open_store();
	ck_assert_int_eq(save(s, 1, "one"), OK);
	store_close(s);
	WANT(d, store_clear_unfinished(&seam, path, &d), ERR_REFUSED, "There is a book in");
	WANT(d, store_open(&seam, at, &words, &folder, &s, &d), ERR_ABSENT, "There is no book in");
	WANT(d, store_try(&seam, at, &words, &kind, &d), ERR_ABSENT, "no slot that can be read");
	WANT(d, store_copy(&seam, at, to, &d), ERR_ABSENT, "no slot that can be read");
	/* Alone: LMDB would write it again. */
	shell("cd \"$ROOT\" && rm -r linkbook && cd store/slots && for f in *; do echo rubbish "
	      ">\"$f\"; done");
	WANT(d, store_open(&seam, path, &words, &folder, &s, &d), ERR_UNLOCK,
	     "No slot of this book can be read");
}
END_TEST

START_TEST(anothers_files_are_not_copied)
{
	struct diag d = {0};
	struct store *s = open_store();
	char at[80];
	ck_assert_int_eq(save(s, 1, "one"), OK);
	store_close(s);
	snprintf(at, sizeof at, "%s/other", root);
	make_store(at, OF_CASELOAD, &words);
	shell("cp -r \"$ROOT\"/store/log \"$ROOT\"/store/keys \"$ROOT\"/other/");
	snprintf(path, sizeof path, "%s/copied", root);
	WANT(d, store_copy(&seam, at, path, &d), OK, "are another book's and were left out");
}
END_TEST

START_TEST(what_is_too_much_for_one_record)
{
	enum { TOO_MUCH = (2 << 20) + 1 };
	struct diag d = {0};
	struct store *s = open_store();
	struct envelope v = {.subject = some_id(9), .record = some_id(1)};
	uint8_t *bytes = mem_alloc(TOO_MUCH);
	v.bytes = span_of(bytes, TOO_MUCH);
	v.id = store_hash(s, v.bytes);
	WANT(d, store_save(s, &v, 1, &d), ERR_REFUSED, "This is too much for one record");
	v.bytes.n--;
	v.id = store_hash(s, v.bytes);
	ck_assert_int_eq(store_save(s, &v, 1, NULL), OK);
	store_close(s);
	free(bytes);
}
END_TEST

static bool never(void *arg, const struct id *record, const struct id *subject, const char *type)
{
	(void)arg, (void)record, (void)subject, (void)type;
	ck_abort_msg("found something");
	return false;
}

static bool count_one(void *arg, const struct id *record, const struct id *subject,
		      const char *type)
{
	(void)record, (void)subject, (void)type;
	++*(size_t *)arg;
	return true;
}

START_TEST(prefixes_that_are_none)
{
	struct store *s = open_store();
	size_t n = 0;
	ck_assert_int_eq(save(s, 0x1a, "one"), OK);
	ck_assert_int_eq(store_scan_records(s, "1x2y", never, NULL), ERR_INPUT);
	ck_assert_int_eq(
		store_scan_records(s, "00000000000000000000000000000000000000", never, NULL),
		ERR_INPUT);
	ck_assert_int_eq(store_scan_records(s, "1b", never, NULL), OK);
	ck_assert_int_eq(store_scan_records(s, "2", never, NULL), OK);
	ck_assert_int_eq(store_scan_records(s, "1", count_one, &n), OK);
	ck_assert_int_eq(store_scan_records(s, "1a0", count_one, &n), OK);
	ck_assert_uint_eq(n, 2);
	store_close(s);
}
END_TEST

START_TEST(what_is_no_key)
{
	struct diag d = {0};
	struct store *s = open_store();
	static const uint8_t nothing[32];
	struct slot_key with = {.source = SLOT_RECOVERY, .secret = {nothing, 32}};
	/* A point that everybody can agree on with everybody. */
	WANT(d, store_add_slot(s, &with, "", &d), ERR_INPUT, "This is no public key");
	with.secret.n = 31;
	WANT(d, store_add_slot(s, &with, "", &d), ERR_INPUT, "This is no public key");
	struct slot_key open = {.source = SLOT_OPEN};
	add(s, open, "open");
	store_close(s);
	ck_assert_int_eq(store_open(&seam, path, &open, &folder, &s, NULL), OK);
	WANT(d, store_change_passphrase(s, &words, "Ailsa", &d), ERR_REFUSED,
	     "was not opened with a passphrase");
	store_close(s);
	uint8_t key[32];
	WANT(d, store_read_key(span_text("0g1h"), false, key, &d), ERR_INPUT, "");
}
END_TEST

/* An author's name is kept as far as there is room for it, and no letter is parted. */
START_TEST(a_very_long_name)
{
	struct store *s = open_store();
	char name[300];
	for (size_t i = 0; i < sizeof name - 2; i += 2)
		memcpy(name + i, "\xc3\xb2", 3);
	name[0] = 'x';
	memmove(name + 1, name + 2, strlen(name + 2) + 1);
	struct slot_key more = passphrase("more");
	ck_assert_int_eq(store_change_passphrase(s, &more, name, NULL), OK);
	store_close(s);
	ck_assert_int_eq(store_open(&seam, path, &more, &folder, &s, NULL), OK);
	ck_assert_int_eq(store_check(s, NULL), OK);
	store_close(s);
}
END_TEST

/* A right passphrase must not be told to be wrong for want of memory. */
START_TEST(a_machine_without_memory_says_so)
{
	struct diag d = {0};
	struct store *s;
	struct slot_key more = passphrase("more");
	no_memory = true;
	WANT(d, store_open(&seam, path, &words, &folder, &s, &d), ERR_UNLOCK,
	     "not enough free memory");
	no_memory = false;
	s = open_store();
	no_memory = true;
	WANT(d, store_add_slot(s, &more, "", &d), ERR_IO, "not enough memory");
	no_memory = false;
	store_close(s);
}
END_TEST

/* As people's own are: calibrated, and of the cost that is asked for. */
START_TEST(passphrases_cost_what_they_should)
{
	static const enum store_kdf costs[] = {STORE_KDF_CALIBRATED, STORE_KDF_INTERACTIVE};
	struct slot_key with = words;
	char at[80];
	struct store *s;
	snprintf(at, sizeof at, "%s/dear", root);
	seam.cheap_kdf = false;
	with.kdf = costs[_i];
	make_store(at, OF_CASELOAD, &with);
	ck_assert_int_eq(store_open(&seam, at, &with, &folder, &s, NULL), OK);
	struct listing l = list(s);
	ck_assert(l.count == 1 && l.v[0].within_bounds);
	store_close(s);
}
END_TEST

static void spoil_mark(void)
{
	shell("find \"$ROOT\"/linkbook -name clean -exec rm {} +");
}

START_TEST(a_machine_without_processes_says_so)
{
	struct diag d = {0};
	struct store *s = open_store();
	ck_assert_int_eq(save(s, 1, "one"), OK);
	store_close(s);
	for (int i = 0; i < 2; i++) {
		spoil_mark();
		no_processes = i == 0;
		no_pipes = i == 1;
		WANT(d, store_open(&seam, path, &words, &folder, &s, &d), ERR_IO,
		     "no room for another process");
		no_processes = no_pipes = false;
	}
	s = open_store();
	ck_assert(has(s, 1, "one"));
	store_close(s);
}
END_TEST

/* Another store's LMDB lies in place of ours: it is not thrown away before all in it was read. */
START_TEST(anothers_working_store_is_not_thrown_away_unread)
{
	struct diag d = {0};
	struct store *s = open_store();
	char other[80];
	ck_assert_int_eq(save(s, 1, "one"), OK);
	store_close(s);
	snprintf(other, sizeof other, "%s/other", root);
	shell("mkdir -p \"$ROOT\"/elsewhere");
	char state[80];
	snprintf(state, sizeof state, "%s/elsewhere", root);
	setenv("XDG_STATE_HOME", state, 1);
	make_store(other, OF_CASELOAD, &words);
	ck_assert_int_eq(store_open(&seam, other, &words, &folder, &s, &d), OK);
	store_close(s);
	setenv("XDG_STATE_HOME", root, 1);
	shell("cd \"$ROOT\" && cp elsewhere/linkbook/*/data.mdb linkbook/*/data.mdb");
	processes_left = 1;
	WANT(d, store_open(&seam, path, &words, &folder, &s, &d), ERR_IO,
	     "no room for another process");
	processes_left = -1;
	s = open_store();
	ck_assert(has(s, 1, "one"));
	store_close(s);
}
END_TEST

/* Where the state goes when nobody says where. */
START_TEST(the_state_goes_home)
{
	static const char *const set[][2] = {{"", "home"}, {"relative", "home"}, {NULL, "home"}};
	char home[80], command[300];
	snprintf(home, sizeof home, "%s/home", root);
	for (size_t i = 0; i < 3; i++) {
		if (set[i][0])
			setenv("XDG_STATE_HOME", set[i][0], 1);
		else
			unsetenv("XDG_STATE_HOME");
		setenv("HOME", home, 1);
		store_close(open_store());
		snprintf(command, sizeof command,
			 "test -n \"$(find '%s/.local/state/linkbook' -name data.mdb)\" && rm -r "
			 "'%s'",
			 home, home);
		shell(command);
	}
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, where_something_is_or_nothing);
	tcase_add_test(t, anothers_files_are_not_copied);
	tcase_add_test(t, what_is_too_much_for_one_record);
	tcase_add_test(t, prefixes_that_are_none);
	tcase_add_test(t, what_is_no_key);
	tcase_add_test(t, a_very_long_name);
	tcase_add_test(t, a_machine_without_memory_says_so);
	tcase_add_loop_test(t, passphrases_cost_what_they_should, 0, 2);
	tcase_add_test(t, a_machine_without_processes_says_so);
	tcase_add_test(t, anothers_working_store_is_not_thrown_away_unread);
	tcase_add_test(t, the_state_goes_home);
}

UNIT_MAIN("refusals")

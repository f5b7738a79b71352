/* SPDX-License-Identifier: MIT
 *
 * A working store that LMDB finds sound and that says nonsense: another program wrote it, or a bit
 * fell over where no checksum is.  In every database every kind of entry is altered while the store
 * is open: whatever is asked then gets an answer or an error, check finds it out, and all is there
 * again, for the files have it.
 */
#include <lmdb.h>
#include <sys/wait.h>

#include "asks_stage.h"

/* --- writing nonsense -------------------------------------------------------------------------- */

/* What is done to an entry; k and v are its own bytes, with room for one more. */
typedef void spoil(MDB_txn *txn, MDB_dbi db, MDB_val *k, MDB_val *v);

static void put(MDB_txn *txn, MDB_dbi db, MDB_val k, MDB_val v)
{
	mdb_put(txn, db, &k, &v, 0);
}

static void empty(MDB_txn *txn, MDB_dbi db, MDB_val *k, MDB_val *v)
{
	(void)v;
	put(txn, db, *k, (MDB_val){0, k->mv_data});
}

static void cut(MDB_txn *txn, MDB_dbi db, MDB_val *k, MDB_val *v)
{
	put(txn, db, *k, (MDB_val){v->mv_size ? v->mv_size - 1 : 0, v->mv_data});
}

static void lengthen(MDB_txn *txn, MDB_dbi db, MDB_val *k, MDB_val *v)
{
	put(txn, db, *k, (MDB_val){v->mv_size + 1, v->mv_data});
}

static void flip_first(MDB_txn *txn, MDB_dbi db, MDB_val *k, MDB_val *v)
{
	if (v->mv_size)
		*(uint8_t *)v->mv_data ^= 1;
	put(txn, db, *k, *v);
}

static void flip_last(MDB_txn *txn, MDB_dbi db, MDB_val *k, MDB_val *v)
{
	if (v->mv_size)
		((uint8_t *)v->mv_data)[v->mv_size - 1] ^= 0x80;
	put(txn, db, *k, *v);
}

static void fill(MDB_txn *txn, MDB_dbi db, MDB_val *k, MDB_val *v)
{
	memset(v->mv_data, 0xff, v->mv_size);
	put(txn, db, *k, *v);
}

static void take_away(MDB_txn *txn, MDB_dbi db, MDB_val *k, MDB_val *v)
{
	(void)v;
	mdb_del(txn, db, k, NULL);
}

static void cut_key(MDB_txn *txn, MDB_dbi db, MDB_val *k, MDB_val *v)
{
	put(txn, db, (MDB_val){k->mv_size > 1 ? k->mv_size - 1 : 1, k->mv_data}, *v);
}

static void lengthen_key(MDB_txn *txn, MDB_dbi db, MDB_val *k, MDB_val *v)
{
	put(txn, db, (MDB_val){k->mv_size + 1, k->mv_data}, *v);
}

static void flip_key(MDB_txn *txn, MDB_dbi db, MDB_val *k, MDB_val *v)
{
	((uint8_t *)k->mv_data)[k->mv_size - 1] ^= 0x80;
	put(txn, db, *k, *v);
}

static void flip_key_first(MDB_txn *txn, MDB_dbi db, MDB_val *k, MDB_val *v)
{
	*(uint8_t *)k->mv_data ^= 0x80;
	put(txn, db, *k, *v);
}

static spoil *const spoils[] = {empty,	   cut,	    lengthen, flip_first,   flip_last,	   fill,
				take_away, cut_key, flip_key, lengthen_key, flip_key_first};
enum { SPOILS = sizeof spoils / sizeof *spoils, DATABASES_MOST = 16, ENTRIES_MOST = 64 };

struct entry {
	MDB_val k, v;
};

static MDB_val own(MDB_val v)
{
	uint8_t *p = mem_alloc(v.mv_size + 1);
	memcpy(p, v.mv_data, v.mv_size);
	return (MDB_val){v.mv_size, p};
}

static size_t read_entries(MDB_txn *txn, MDB_dbi db, struct entry *out)
{
	MDB_cursor *c;
	MDB_val k, v;
	size_t n = 0;
	ck_assert(!mdb_cursor_open(txn, db, &c));
	while (n < ENTRIES_MOST && !mdb_cursor_get(c, &k, &v, MDB_NEXT))
		out[n++] = (struct entry){own(k), own(v)};
	mdb_cursor_close(c);
	return n;
}

static MDB_env *open_env(void)
{
	char where[200];
	MDB_env *env;
	FILE *f = popen("find \"$ROOT/linkbook\" -name data.mdb", "r");
	ck_assert(f && fgets(where, sizeof where, f));
	pclose(f);
	*strrchr(where, '/') = 0;
	ck_assert(!mdb_env_create(&env) && !mdb_env_set_maxdbs(env, 32) &&
		  !mdb_env_open(env, where, 0, 0600));
	return env;
}

/* The names of the databases, in order; how many. */
static size_t find_databases(char names[DATABASES_MOST][32])
{
	struct entry found[ENTRIES_MOST];
	MDB_txn *txn;
	MDB_dbi db;
	MDB_env *env = open_env();
	ck_assert(!mdb_txn_begin(env, NULL, MDB_RDONLY, &txn) && !mdb_dbi_open(txn, NULL, 0, &db));
	size_t n = read_entries(txn, db, found);
	ck_assert_uint_le(n, DATABASES_MOST);
	for (size_t i = 0; i < n; i++) {
		snprintf(names[i], 32, "%.*s", (int)found[i].k.mv_size,
			 (const char *)found[i].k.mv_data);
		free(found[i].k.mv_data);
		free(found[i].v.mv_data);
	}
	mdb_txn_abort(txn);
	mdb_env_close(env);
	return n;
}

/* Another process: LMDB is not opened twice in one. */
static void write_nonsense(const char *name, spoil *how)
{
	int status;
	pid_t pid = fork();
	if (!pid) {
		struct entry found[ENTRIES_MOST];
		MDB_txn *txn;
		MDB_dbi db;
		MDB_env *env = open_env();
		if (mdb_txn_begin(env, NULL, 0, &txn) || mdb_dbi_open(txn, name, 0, &db))
			_exit(1);
		for (size_t n = read_entries(txn, db, found); n--;)
			how(txn, db, &found[n].k, &found[n].v);
		_exit(mdb_txn_commit(txn) ? 1 : 0);
	}
	ck_assert(waitpid(pid, &status, 0) == pid && !status);
}

/* --- asking ---------------------------------------------------------------------------------- */

static void ask_all(struct store *s, const char *what)
{
	for (size_t i = 0; i < ASKS; i++) {
		struct diag d = {0};
		struct buf told = BUF_INIT;
		struct act a = {s, &told, &d};
		if (asks[i].shut || asks[i].run == ask_check || asks[i].run == ask_rebuild ||
		    asks[i].run == ask_change || asks[i].run == ask_retire)
			continue;
		enum err e = asks[i].run(&a);
		ck_assert_msg(!e || asks[i].silent || d.count, "%s: %s: %d without a word", what,
			      asks[i].name, e);
		buf_fini(&told);
		diag_fini(&d);
	}
}

/* Made anew where it has to be, all that was saved is there, and nothing is the matter.  A change
 * that no file has is told by check as one that no key opens, and goes when all is made anew. */
static void want_mended(struct store *s, const char *what)
{
	struct diag d = {0};
	(void)!store_check(s, NULL); /* finds it, if the asking has not mended it by now */
	if (store_check(s, NULL))
		ck_assert_int_eq(store_rebuild(s, NULL), OK);
	ck_assert_msg(!store_check(s, &d), "%s: still amiss: %s", what, diag_first(&d));
	ck_assert_msg(has(s, 1, "one") && has(s, 2, "two"), "%s: lost", what);
	diag_fini(&d);
}

START_TEST(nonsense_in_a_sound_working_store)
{
	char names[DATABASES_MOST][32], what[64];
	stock();
	set_out(&asks[0]);
	size_t databases = find_databases(names);
	ck_assert_uint_gt(databases, 8);
	for (size_t i = 0; i < databases; i++) {
		snprintf(what, sizeof what, "%.32s, way %d", names[i], _i);
		set_out(&asks[0]);
		struct store *s = open_store();
		write_nonsense(names[i], spoils[_i]);
		ask_all(s, what);
		want_mended(s, what);
		store_close(s);
		/* And where it comes to light at the next opening. */
		set_out(&asks[0]);
		s = open_store();
		store_close(s);
		write_nonsense(names[i], spoils[_i]);
		s = open_store();
		want_mended(s, what);
		store_close(s);
	}
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, nonsense_in_a_sound_working_store, 0, SPOILS);
}

UNIT_MAIN("nonsense")

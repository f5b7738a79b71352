/* SPDX-License-Identifier: MIT
 *
 * LMDB that fails at its N-th call: the linker puts these in the place of its functions (-Wl,--wrap).
 * They share the count of store_stage.h, so that files and LMDB can fail in one run.
 */
#ifndef LMDB_FAULTS_H
#define LMDB_FAULTS_H

#include <lmdb.h>

#include "store_stage.h"

static bool lmdb_armed;
static int lmdb_with; /* what LMDB answers */
static bool *lmdb_failed; /* in memory that children share, for some of the work is theirs */

static bool lmdb_fails(void)
{
	if (!lmdb_armed || ++calls != fail_at)
		return false;
	*lmdb_failed = true;
	return true;
}

/* WRAP(name, (parameters), (arguments)): fails, or does as LMDB does. */
#define WRAP(name, parameters, arguments)                                                          \
	int __real_##name parameters;                                                              \
	int __wrap_##name parameters;                                                              \
	int __wrap_##name parameters                                                               \
	{                                                                                          \
		return lmdb_fails() ? lmdb_with : __real_##name arguments;                         \
	}

WRAP(mdb_env_create, (MDB_env * *env), (env))
WRAP(mdb_env_open, (MDB_env * env, const char *name, unsigned flags, mdb_mode_t mode),
     (env, name, flags, mode))
WRAP(mdb_env_info, (MDB_env * env, MDB_envinfo *info), (env, info))
WRAP(mdb_env_stat, (MDB_env * env, MDB_stat *st), (env, st))
WRAP(mdb_env_get_fd, (MDB_env * env, mdb_filehandle_t *fd), (env, fd))
WRAP(mdb_txn_begin, (MDB_env * env, MDB_txn *parent, unsigned flags, MDB_txn **txn),
     (env, parent, flags, txn))
WRAP(mdb_dbi_open, (MDB_txn * txn, const char *name, unsigned flags, MDB_dbi *db),
     (txn, name, flags, db))
WRAP(mdb_get, (MDB_txn * txn, MDB_dbi db, MDB_val *k, MDB_val *v), (txn, db, k, v))
WRAP(mdb_put, (MDB_txn * txn, MDB_dbi db, MDB_val *k, MDB_val *v, unsigned flags),
     (txn, db, k, v, flags))
WRAP(mdb_del, (MDB_txn * txn, MDB_dbi db, MDB_val *k, MDB_val *v), (txn, db, k, v))
WRAP(mdb_stat, (MDB_txn * txn, MDB_dbi db, MDB_stat *st), (txn, db, st))
WRAP(mdb_cursor_open, (MDB_txn * txn, MDB_dbi db, MDB_cursor **c), (txn, db, c))
WRAP(mdb_cursor_get, (MDB_cursor * c, MDB_val *k, MDB_val *v, MDB_cursor_op op), (c, k, v, op))

/* A commit that fails leaves nothing of the transaction, as LMDB's own does. */
int __real_mdb_txn_commit(MDB_txn *txn);
int __wrap_mdb_txn_commit(MDB_txn *txn);
int __wrap_mdb_txn_commit(MDB_txn *txn)
{
	if (!lmdb_fails())
		return __real_mdb_txn_commit(txn);
	mdb_txn_abort(txn);
	return lmdb_with;
}

#endif

/* SPDX-License-Identifier: MIT
 *
 * LMDB, wrapped once: named databases, transactions that grow the map by themselves, errors
 * translated in one place.  Key layouts stand in docs/format.md.
 */
#ifndef STORE_SHELF_H
#define STORE_SHELF_H

#include <linkbook/buf.h>
#include <linkbook/err.h>
#include <linkbook/id.h>

#include <lmdb.h>

enum shelf_db {
	DB_META, /* name -> value */
	DB_FILE, /* hash -> kind, bytes */
	DB_KEY, /* key id, hash of the entry -> an entry of a key file */
	DB_KEYOF, /* subject, record, key id -> nothing */
	DB_CHANGE, /* subject, record, id -> the sealed change */
	DB_WAIT, /* key id, subject, record, id -> the same, while the key is not here */
	DB_RECORD, /* record, subject -> type */
	DB_DRAFT, /* draft, writer -> the last number finished */
	DB_LOAD, /* load, number -> hash of the segment, how many there are */
	DB_BESIDE, /* subject, record -> how many of its changes lack what they were built on */
	DB_RETIRE, /* id of a retirement -> its bytes, without the author */
	DB_COUNT,
};

enum { SHELF_VIEWS = 64 };

struct txn;
struct shelf {
	MDB_env *env;
	MDB_dbi db[DB_COUNT];
	struct shelf_view {
		char type[65];
		MDB_dbi db;
	} views[SHELF_VIEWS];
	size_t view_count, view_kept; /* kept: opened by a committed transaction */
	size_t map; /* bytes */
	struct txn *reader; /* the one that is open: reading within reading goes on in it */
	bool suspect; /* it gave an answer that no sound LMDB gives */
	uint64_t version; /* another one after anything in it may have changed */
};

/* Opens or makes the LMDB in folder.  ERR_DAMAGED: something is there that cannot be used. */
enum err MUST_USE shelf_open(struct shelf *s, const char *folder, struct diag *d);
/* Opens the one that is there for reading only, without a lock: for a child that looks it over.
 * ERR_IO: the machine cannot just now; ERR_DAMAGED: it cannot be read as it is. */
enum err MUST_USE shelf_look_into(struct shelf *s, const char *folder);
void shelf_close(struct shelf *s);

struct txn {
	struct shelf *shelf;
	MDB_txn *txn;
	int failed; /* LMDB's code of the first failure; everything after does nothing */
};

/* Runs work in a transaction.  A full map grows and work runs again, so it must not mind.
 * Nothing is kept unless the answer is OK.  Never within a shelf_read: the map could not grow. */
typedef enum err shelf_work(void *arg, struct txn *t, struct diag *d);
enum err MUST_USE shelf_write(struct shelf *s, shelf_work *work, void *arg, struct diag *d);
/* Within another shelf_read: in the same transaction, which the outer one ends. */
enum err MUST_USE shelf_read(struct shelf *s, shelf_work *work, void *arg, struct diag *d);

/* In a transaction.  Spans lent live until the next write or its end. */
void txn_put(struct txn *t, MDB_dbi db, struct span key, struct span value);
void txn_delete(struct txn *t, MDB_dbi db, struct span key);
bool txn_get(struct txn *t, MDB_dbi db, struct span key, struct span *value);
/* Every pair whose key starts with prefix, in key order, until each answers false. */
typedef bool txn_each(void *arg, struct span key, struct span value);
void txn_scan(struct txn *t, MDB_dbi db, struct span prefix, txn_each *each, void *arg);
/* From the first key that is not below `from` to the last. */
void txn_scan_from(struct txn *t, MDB_dbi db, struct span from, txn_each *each, void *arg);
size_t txn_count(struct txn *t, MDB_dbi db);
/* The database of a type's views; false when there is none and make is false, which a reader
 * never may say. */
bool txn_view(struct txn *t, const char *type, bool make, MDB_dbi *db);
/* The types that have views, in name order. */
typedef bool shelf_each_type(void *arg, const char *type, MDB_dbi db);
void txn_each_type(struct txn *t, shelf_each_type *each, void *arg);

/* Bytes of the pages in use. */
uint64_t shelf_size(const struct shelf *s);

#endif

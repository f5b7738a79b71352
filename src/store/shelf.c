/* SPDX-License-Identifier: MIT
 *
 * The shelf on LMDB.  No nested transactions, no DUPSORT, no WRITEMAP; a reader never
 * outlives the call it was opened for.
 */
#include "shelf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { MAP_START = 64 << 20, NAMES = 96 };

static const char *const names[DB_COUNT] = {
	[DB_META] = "meta",	[DB_FILE] = "file",	[DB_KEY] = "key",
	[DB_KEYOF] = "keyof",	[DB_CHANGE] = "change", [DB_WAIT] = "wait",
	[DB_RECORD] = "record", [DB_DRAFT] = "draft",	[DB_LOAD] = "load",
	[DB_RETIRE] = "retire",
};

/* LMDB's codes, translated; a full disk shows as EIO as well as ENOSPC. */
static enum err failed(int rc, const char *doing, struct diag *d)
{
	diag_say(d, "could not %s the working store: %s", doing, mdb_strerror(rc));
	switch (rc) {
	case ENOSPC:
	case EDQUOT:
	case MDB_MAP_FULL:
		return ERR_FULL;
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
	case MDB_PANIC:
	case MDB_VERSION_MISMATCH:
	case MDB_INVALID:
	case MDB_INCOMPATIBLE:
		return ERR_DAMAGED;
	default:
		return ERR_IO;
	}
}

static int open_databases(struct shelf *s)
{
	MDB_txn *txn;
	int rc = mdb_txn_begin(s->env, NULL, 0, &txn);
	if (rc)
		return rc;
	for (int i = 0; !rc && i < DB_COUNT; i++)
		rc = mdb_dbi_open(txn, names[i], MDB_CREATE, &s->db[i]);
	if (!rc)
		return mdb_txn_commit(txn);
	mdb_txn_abort(txn);
	return rc;
}

/* A file cut short would kill the reader of a page that is not there (SIGBUS), so its length is
 * held against what its head says before any page is read. */
static int check_length(struct shelf *s, const MDB_envinfo *info)
{
	MDB_stat st;
	struct stat file;
	mdb_filehandle_t fd;
	int rc = mdb_env_stat(s->env, &st);
	if (!rc)
		rc = mdb_env_get_fd(s->env, &fd);
	if (!rc && fstat(fd, &file))
		rc = errno;
	if (!rc && (uint64_t)file.st_size < (uint64_t)(info->me_last_pgno + 1) * st.ms_psize)
		rc = MDB_CORRUPTED;
	return rc;
}

enum err shelf_open(struct shelf *s, const char *folder, struct diag *d)
{
	*s = (struct shelf){.map = MAP_START};
	int rc = mdb_env_create(&s->env);
	if (rc)
		return failed(rc, "make", d);
	mdb_env_set_maxdbs(s->env, NAMES);
	mdb_env_set_mapsize(s->env, s->map);
	/* The flock of the store keeps other processes out, and there is one thread. */
	rc = mdb_env_open(s->env, folder, MDB_NOTLS, 0600);
	MDB_envinfo info = {0};
	if (!rc)
		rc = mdb_env_info(s->env, &info);
	if (!rc && info.me_mapsize > s->map)
		s->map = info.me_mapsize;
	if (!rc)
		rc = check_length(s, &info);
	if (!rc)
		rc = open_databases(s);
	if (!rc)
		return OK;
	enum err e = failed(rc, "open", d);
	shelf_close(s);
	return e;
}

void shelf_close(struct shelf *s)
{
	if (s->env)
		mdb_env_close(s->env);
	*s = (struct shelf){0};
}

static int grow(struct shelf *s)
{
	s->map *= 2;
	return mdb_env_set_mapsize(s->env, s->map);
}

static enum err run(struct shelf *s, unsigned flags, shelf_work *work, void *arg, int *rc,
		    struct diag *d)
{
	struct txn t = {.shelf = s};
	enum err e = OK;
	*rc = mdb_txn_begin(s->env, NULL, flags, &t.txn);
	if (*rc)
		return failed(*rc, "work on", d);
	e = work(arg, &t, d);
	*rc = t.failed;
	if (!e && !*rc) {
		*rc = mdb_txn_commit(t.txn); /* of a reader: keeps the databases it opened */
		if (!*rc)
			s->view_kept = s->view_count;
	} else {
		mdb_txn_abort(t.txn);
	}
	s->view_count = s->view_kept;
	if (*rc && *rc != MDB_MAP_FULL)
		return failed(*rc, "work on", d);
	return e;
}

enum err shelf_write(struct shelf *s, shelf_work *work, void *arg, struct diag *d)
{
	int rc;
	for (;;) {
		enum err e = run(s, 0, work, arg, &rc, d);
		if (rc != MDB_MAP_FULL)
			return e;
		rc = grow(s);
		if (rc)
			return failed(rc, "enlarge", d);
	}
}

struct reading {
	shelf_work *work;
	void *arg;
};

static enum err read_in(void *arg, struct txn *t, struct diag *d)
{
	struct reading *r = arg;
	t->shelf->reader = t;
	enum err e = r->work(r->arg, t, d);
	t->shelf->reader = NULL;
	return e;
}

enum err shelf_read(struct shelf *s, shelf_work *work, void *arg, struct diag *d)
{
	int rc;
	struct reading r = {work, arg};
	/* A database that the outer one has opened is not known to any other until it ends. */
	return s->reader ? work(arg, s->reader, d) : run(s, MDB_RDONLY, read_in, &r, &rc, d);
}

static MDB_val val(struct span s)
{
	return (MDB_val){s.n, (void *)(uintptr_t)s.p};
}

static struct span span(MDB_val v)
{
	return span_of(v.mv_data, v.mv_size);
}

static bool note(struct txn *t, int rc)
{
	if (rc && rc != MDB_NOTFOUND && !t->failed)
		t->failed = rc;
	return rc == 0;
}

void txn_put(struct txn *t, MDB_dbi db, struct span key, struct span value)
{
	MDB_val k = val(key), v = val(value);
	if (!t->failed)
		note(t, mdb_put(t->txn, db, &k, &v, 0));
}

void txn_delete(struct txn *t, MDB_dbi db, struct span key)
{
	MDB_val k = val(key);
	if (!t->failed)
		note(t, mdb_del(t->txn, db, &k, NULL));
}

bool txn_get(struct txn *t, MDB_dbi db, struct span key, struct span *value)
{
	MDB_val k = val(key), v;
	if (t->failed || !note(t, mdb_get(t->txn, db, &k, &v)))
		return false;
	*value = span(v);
	return true;
}

static bool starts_with(struct span s, struct span prefix)
{
	return s.n >= prefix.n && (!prefix.n || !memcmp(s.p, prefix.p, prefix.n));
}

void txn_scan(struct txn *t, MDB_dbi db, struct span prefix, txn_each *each, void *arg)
{
	MDB_cursor *c;
	MDB_val k = val(prefix), v;
	if (t->failed || !note(t, mdb_cursor_open(t->txn, db, &c)))
		return;
	int rc = mdb_cursor_get(c, &k, &v, prefix.n ? MDB_SET_RANGE : MDB_FIRST);
	while (!rc && starts_with(span(k), prefix) && each(arg, span(k), span(v)))
		rc = mdb_cursor_get(c, &k, &v, MDB_NEXT);
	note(t, rc);
	mdb_cursor_close(c);
}

size_t txn_count(struct txn *t, MDB_dbi db)
{
	MDB_stat st;
	return !t->failed && note(t, mdb_stat(t->txn, db, &st)) ? st.ms_entries : 0;
}

bool txn_view(struct txn *t, const char *type, bool make, MDB_dbi *db)
{
	struct shelf *s = t->shelf;
	for (size_t i = 0; i < s->view_count; i++)
		if (!strcmp(s->views[i].type, type)) {
			*db = s->views[i].db;
			return true;
		}
	char name[80];
	snprintf(name, sizeof name, "view:%s", type);
	if (s->view_count == SHELF_VIEWS)
		note(t, MDB_DBS_FULL);
	if (t->failed || !note(t, mdb_dbi_open(t->txn, name, make ? MDB_CREATE : 0, db)))
		return false;
	struct shelf_view *v = &s->views[s->view_count++];
	snprintf(v->type, sizeof v->type, "%s", type);
	v->db = *db;
	return true;
}

struct typing {
	struct txn *t;
	shelf_each_type *each;
	void *arg;
};

static bool each_name(void *arg, struct span key, struct span value)
{
	struct typing *w = arg;
	char type[65];
	MDB_dbi db;
	(void)value;
	snprintf(type, sizeof type, "%.*s", (int)(key.n - strlen("view:")),
		 (const char *)key.p + strlen("view:"));
	return !txn_view(w->t, type, false, &db) || w->each(w->arg, type, db);
}

void txn_each_type(struct txn *t, shelf_each_type *each, void *arg)
{
	MDB_dbi main;
	struct typing w = {t, each, arg};
	if (!t->failed && note(t, mdb_dbi_open(t->txn, NULL, 0, &main)))
		txn_scan(t, main, span_text("view:"), each_name, &w);
}

uint64_t shelf_size(const struct shelf *s)
{
	MDB_envinfo info;
	MDB_stat st;
	if (mdb_env_info(s->env, &info) || mdb_env_stat(s->env, &st))
		return 0;
	return (uint64_t)(info.me_last_pgno + 1) * st.ms_psize;
}

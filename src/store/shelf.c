/* SPDX-License-Identifier: MIT
 *
 * The shelf on LMDB.  No nested transactions, no DUPSORT, no WRITEMAP; a reader never
 * outlives the call it was opened for.
 */
#include "shelf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAP_START = 64 << 20, NAMES = 96, NAME_MOST = 80 };

static const char view_prefix[] = "view:";

static const char *const names[DB_COUNT] = {
	[DB_META] = "meta",	[DB_FILE] = "file",	[DB_KEY] = "key",
	[DB_KEYOF] = "keyof",	[DB_CHANGE] = "change", [DB_WAIT] = "wait",
	[DB_RECORD] = "record", [DB_DRAFT] = "draft",	[DB_LOAD] = "load",
	[DB_BESIDE] = "beside", [DB_RETIRE] = "retire",
};

/* LMDB's codes, translated; a full disk shows as EIO as well as ENOSPC. */
static enum err translated(int rc)
{
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
	case MDB_CURSOR_FULL:
	case MDB_PAGE_FULL:
	case MDB_BAD_DBI:
	case MDB_BAD_VALSIZE:
		return ERR_DAMAGED;
	default:
		return ERR_IO;
	}
}

/* Says nothing of what lies in LMDB.  Whatever else keeps it from being read does: of an empty
 * file, for one, it says that it is no file that it could write to. */
static bool is_of_machine(int rc)
{
	static const int codes[] = {ENOMEM, EMFILE, ENFILE, EAGAIN, EINTR, EIO, EACCES, EPERM};
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (rc == codes[i])
			return true;
	return false;
}

static enum err failed(struct shelf *s, int rc, const char *doing, struct diag *d)
{
	enum err e = translated(rc);
	diag_say(d, "could not %s the working store: %s", doing, mdb_strerror(rc));
	s->suspect |= e == ERR_DAMAGED;
	return e;
}

static int open_view(struct shelf *s, MDB_txn *txn, const char *name, unsigned flags)
{
	struct shelf_view *v = &s->views[s->view_count];
	if (s->view_count == SHELF_VIEWS)
		return MDB_DBS_FULL;
	int rc = mdb_dbi_open(txn, name, flags, &v->db);
	if (!rc) {
		snprintf(v->type, sizeof v->type, "%.64s", name + strlen(view_prefix));
		s->view_count++;
	}
	return rc;
}

/* All views that there are: LMDB minds a database opened in a transaction beside another. */
static int open_views(struct shelf *s, MDB_txn *txn)
{
	MDB_dbi main;
	MDB_cursor *c;
	MDB_val k = {strlen(view_prefix), (void *)(uintptr_t)view_prefix}, v;
	int rc = mdb_dbi_open(txn, NULL, 0, &main);
	if (!rc)
		rc = mdb_cursor_open(txn, main, &c);
	if (rc)
		return rc;
	rc = mdb_cursor_get(c, &k, &v, MDB_SET_RANGE);
	while (!rc && k.mv_size > strlen(view_prefix) &&
	       !memcmp(k.mv_data, view_prefix, strlen(view_prefix))) {
		char name[NAME_MOST];
		snprintf(name, sizeof name, "%.*s", (int)k.mv_size, (const char *)k.mv_data);
		rc = open_view(s, txn, name, 0);
		if (!rc)
			rc = mdb_cursor_get(c, &k, &v, MDB_NEXT);
	}
	mdb_cursor_close(c);
	return rc == MDB_NOTFOUND ? 0 : rc;
}

static int open_databases(struct shelf *s, bool make)
{
	MDB_txn *txn;
	int rc = mdb_txn_begin(s->env, NULL, make ? 0 : MDB_RDONLY, &txn);
	if (rc)
		return rc;
	for (int i = 0; !rc && i < DB_COUNT; i++) {
		rc = mdb_dbi_open(txn, names[i], make ? MDB_CREATE : 0, &s->db[i]);
		if (rc == MDB_NOTFOUND)
			rc = 0; /* of another layout: reading it says that it cannot */
	}
	if (!rc)
		rc = open_views(s, txn);
	if (!rc)
		rc = mdb_txn_commit(txn);
	else
		mdb_txn_abort(txn);
	s->view_kept = s->view_count;
	return rc;
}

/* A file cut short would kill the reader of a page that is not there (SIGBUS), so its length is
 * held against what its head says before any page is read. */
static int check_length(struct shelf *s, const MDB_envinfo *info)
{
	MDB_stat st;
	struct stat file = {0};
	mdb_filehandle_t fd;
	int rc = mdb_env_stat(s->env, &st);
	if (!rc)
		rc = mdb_env_get_fd(s->env, &fd);
	/* LMDB 0.9 forgets it for one of its three. */
	if (!rc && (fcntl(fd, F_SETFD, FD_CLOEXEC) || fstat(fd, &file)))
		rc = errno;
	if (!rc && (uint64_t)file.st_size < (uint64_t)(info->me_last_pgno + 1) * st.ms_psize)
		rc = MDB_CORRUPTED;
	return rc;
}

static enum err open_env(struct shelf *s, const char *folder, unsigned flags, struct diag *d)
{
	*s = (struct shelf){.map = MAP_START, .version = s->version + 1};
	int rc = mdb_env_create(&s->env);
	if (rc)
		return failed(s, rc, "make", d);
	mdb_env_set_maxdbs(s->env, NAMES);
	mdb_env_set_mapsize(s->env, s->map);
	rc = mdb_env_open(s->env, folder, MDB_NOTLS | flags, 0600);
	MDB_envinfo info = {0};
	if (!rc)
		rc = mdb_env_info(s->env, &info);
	if (!rc && info.me_mapsize > s->map)
		s->map = info.me_mapsize;
	if (!rc)
		rc = check_length(s, &info);
	if (!rc)
		rc = open_databases(s, !(flags & MDB_RDONLY));
	if (!rc)
		return OK;
	if (rc == EINTR) {
		shelf_close(s);
		return open_env(s, folder, flags, d);
	}
	enum err e = failed(s, rc, "open", d);
	shelf_close(s);
	return flags & MDB_RDONLY && !is_of_machine(rc) ? ERR_DAMAGED : e;
}

/* The flock of the store keeps other processes out, and there is one thread. */
enum err shelf_open(struct shelf *s, const char *folder, struct diag *d)
{
	return open_env(s, folder, 0, d);
}

enum err shelf_look_into(struct shelf *s, const char *folder)
{
	return open_env(s, folder, MDB_RDONLY | MDB_NOLOCK, NULL);
}

void shelf_close(struct shelf *s)
{
	if (s->env)
		mdb_env_close(s->env);
	*s = (struct shelf){.version = s->version + 1};
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
		return failed(s, *rc, "work on", d);
	if (flags & MDB_RDONLY)
		s->reader = &t;
	e = work(arg, &t, d);
	s->reader = NULL;
	*rc = t.failed;
	if (!e && !*rc && !(flags & MDB_RDONLY)) {
		*rc = mdb_txn_commit(t.txn);
		if (!*rc)
			s->view_kept = s->view_count;
	} else {
		mdb_txn_abort(t.txn);
	}
	s->view_count = s->view_kept;
	/* What was read may have been handed on, and is not handed on twice. */
	bool again = !(flags & MDB_RDONLY) && (*rc == EINTR || *rc == MDB_MAP_FULL);
	if (*rc && !again)
		return failed(s, *rc, "work on", d);
	return e;
}

enum err shelf_write(struct shelf *s, shelf_work *work, void *arg, struct diag *d)
{
	int rc;
	BUG_IF(s->reader);
	s->version++;
	for (;;) {
		enum err e = run(s, 0, work, arg, &rc, d);
		if (rc == EINTR)
			continue; /* nothing of it was kept */
		if (rc != MDB_MAP_FULL)
			return e;
		rc = grow(s);
		if (rc)
			return failed(s, rc, "enlarge", d);
	}
}

enum err shelf_read(struct shelf *s, shelf_work *work, void *arg, struct diag *d)
{
	int rc;
	if (!s->reader)
		return run(s, MDB_RDONLY, work, arg, &rc, d);
	enum err e = work(arg, s->reader, d);
	return !e && s->reader->failed ? translated(s->reader->failed) : e;
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

static void scan(struct txn *t, MDB_dbi db, struct span from, struct span prefix, txn_each *each,
		 void *arg)
{
	MDB_cursor *c;
	MDB_val k = val(from), v;
	if (t->failed || !note(t, mdb_cursor_open(t->txn, db, &c)))
		return;
	int rc = mdb_cursor_get(c, &k, &v, from.n ? MDB_SET_RANGE : MDB_FIRST);
	while (!rc && starts_with(span(k), prefix) && each(arg, span(k), span(v)))
		rc = mdb_cursor_get(c, &k, &v, MDB_NEXT);
	note(t, rc);
	mdb_cursor_close(c);
}

void txn_scan(struct txn *t, MDB_dbi db, struct span prefix, txn_each *each, void *arg)
{
	scan(t, db, prefix, prefix, each, arg);
}

void txn_scan_from(struct txn *t, MDB_dbi db, struct span from, txn_each *each, void *arg)
{
	scan(t, db, from, span_of("", 0), each, arg);
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
	char name[NAME_MOST];
	snprintf(name, sizeof name, "%s%s", view_prefix, type);
	if (!make || t->failed || !note(t, open_view(s, t->txn, name, MDB_CREATE)))
		return false;
	*db = s->views[s->view_count - 1].db;
	return true;
}

static int type_order(const void *a, const void *b)
{
	return strcmp(((const struct shelf_view *)a)->type, ((const struct shelf_view *)b)->type);
}

void txn_each_type(struct txn *t, shelf_each_type *each, void *arg)
{
	struct shelf_view sorted[SHELF_VIEWS];
	size_t count = t->shelf->view_count;
	memcpy(sorted, t->shelf->views, count * sizeof *sorted);
	qsort(sorted, count, sizeof *sorted, type_order);
	for (size_t i = 0; !t->failed && i < count; i++)
		if (!each(arg, sorted[i].type, sorted[i].db))
			return;
}

uint64_t shelf_size(const struct shelf *s)
{
	MDB_envinfo info;
	MDB_stat st;
	if (mdb_env_info(s->env, &info) || mdb_env_stat(s->env, &st))
		return 0;
	return (uint64_t)(info.me_last_pgno + 1) * st.ms_psize;
}

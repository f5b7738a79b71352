/* SPDX-License-Identifier: MIT
 *
 * When LMDB may not be what was written, and what is done then.  A truncated LMDB file kills
 * its reader, a damaged page may do anything: so a child reads all of it first (audit.c).  When
 * the child does not come to a good end, LMDB is thrown away and made anew from the files;
 * before that, other children read out of it which files only it still has.
 *
 * Who left in order left a mark, `clean`, that says how data.mdb looked then.  No mark, or
 * another look: suspect.  The mark goes at each opening, so a program that died leaves none.
 */
#include "store_impl.h"

#include "child.h"

#include <linkbook/mem.h>

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- the mark ----------------------------------------------------------------------------- */

#ifdef __APPLE__
#define st_mtim st_mtimespec
#define st_ctim st_ctimespec
#endif

/* How data.mdb looks from outside; false: there is none. */
static bool look(const struct store *s, struct buf *out)
{
	struct stat st;
	char *path = file_join(s->state, "data.mdb");
	bool there = !stat(path, &st);
	free(path);
	if (there)
		buf_printf(out, "%jd bytes, file %ju, %jd.%09ld, %jd.%09ld\n", (intmax_t)st.st_size,
			   (uintmax_t)st.st_ino, (intmax_t)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
			   (intmax_t)st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
	return there;
}

bool suspect_take_mark(struct store *s)
{
	struct buf now = BUF_INIT, then = BUF_INIT;
	char *path = file_join(s->state, "clean");
	bool there = look(s, &now);
	bool same = !file_read_own(s->seam, path, 4096, &then, NULL) &&
		    span_equal(buf_span(&now), buf_span(&then));
	s->seam->files.unlink(path);
	free(path);
	buf_fini(&now);
	buf_fini(&then);
	return there && !same;
}

/* Not durable, and need not be: without it LMDB is looked over once more. */
void suspect_leave_mark(struct store *s)
{
	struct buf now = BUF_INIT;
	char *path = file_join(s->state, "clean");
	int fd = look(s, &now) ? s->seam->files.open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
	if (fd >= 0) {
		if (s->seam->files.write(fd, now.p, now.n) != (ssize_t)now.n)
			s->seam->files.unlink(path);
		s->seam->files.close(fd);
	}
	free(path);
	buf_fini(&now);
}

/* --- looking over ------------------------------------------------------------------------- */

static enum err do_audit(void *arg, struct txn *t, struct diag *d)
{
	struct store *s = arg;
	(void)d;
	audit_shelf(s, t, &s->audit);
	return OK;
}

/* In a child: false when LMDB is damaged; what else goes wrong is no reason to throw it away. */
static bool read_shelf(struct store *s, shelf_work *work, void *arg)
{
	enum err e = shelf_look_into(&s->shelf, s->state);
	if (!e)
		e = shelf_read(&s->shelf, work, arg, NULL);
	if (e && e != ERR_DAMAGED)
		child_give_up();
	return !e;
}

static bool look_over(void *arg, int to)
{
	struct store *s = arg;
	/* A child's memory is not locked as its parent's is. */
	(void)!mlock(s->seal, sizeof *s->seal);
	if (!read_shelf(s, do_audit, s))
		return false;
	child_write(to, &s->audit, sizeof s->audit);
	return audit_is_well(&s->audit);
}

/* Generous: a year of the whole programme takes about a second. */
static unsigned patience(const struct store *s)
{
	struct stat st;
	char *path = file_join(s->state, "data.mdb");
	off_t size = stat(path, &st) ? 0 : st.st_size;
	free(path);
	return 30 + (unsigned)(size >> 20);
}

static enum err no_child(struct diag *d)
{
	diag_say(d, "This machine has no room for another process, and the working store has to "
		    "be looked over before it is used. Close other programs and try again.");
	return ERR_IO;
}

static enum err broken_off(struct diag *d)
{
	diag_say(d, "Looking over the working store was broken off: open the book again.");
	return ERR_IO;
}

enum err suspect_look_over(struct store *s, bool *sound, struct diag *d)
{
	struct child c;
	struct audit audit;
	*sound = false;
	s->audit = (struct audit){0};
	if (!child_start(&c, look_over, s, patience(s)))
		return no_child(d);
	bool whole = child_read(&c, &audit, sizeof audit);
	enum child_end how = child_end(&c);
	if (how == CHILD_STOPPED)
		return broken_off(d);
	*sound = how == CHILD_DONE && whole;
	if (whole)
		s->audit = audit;
	else
		s->audit.disorder++;
	return OK;
}

/* --- saving out of it what only it has ---------------------------------------------------- */

struct salvaging {
	struct store *s;
	uint8_t from[32]; /* file hashes are read on from here */
	int to;
	size_t written;
	struct diag *d;
};

struct found_record {
	uint8_t hash[32];
	uint32_t size; /* the kind, then the bytes */
};

static bool send_file(void *arg, struct span key, struct span value)
{
	struct salvaging *w = arg;
	struct found_record head = {.size = (uint32_t)value.n};
	if (key.n != sizeof head.hash || memcmp(key.p, w->from, key.n) < 0)
		return true;
	if (value.n < 2 || value.n > PACK_FILE_MOST + 1)
		return true;
	memcpy(head.hash, key.p, sizeof head.hash);
	child_write(w->to, &head, sizeof head);
	child_write(w->to, value.p, value.n);
	return true;
}

static enum err send_all(void *arg, struct txn *t, struct diag *d)
{
	struct salvaging *w = arg;
	(void)d;
	txn_scan_from(t, w->s->shelf.db[DB_FILE], span_of(w->from, sizeof w->from), send_file, w);
	return OK;
}

static bool send_files(void *arg, int to)
{
	struct salvaging *w = arg;
	w->to = to;
	return read_shelf(w->s, send_all, w);
}

/* A slot has its source before the store's id. */
static bool is_ours(const struct store *s, struct span bytes)
{
	size_t at = PACK_MAGIC + (pack_kind(bytes) == FILE_SLOT);
	return bytes.n > at + 16 && !memcmp(bytes.p + at, s->id.b, 16);
}

/* What is whole, of this store, and not on disk is written there.  Its hash is known, so no key
 * is needed to tell. */
static enum err keep_file(struct salvaging *w, const struct hash *h, struct span value)
{
	struct span bytes = {value.p + 1, value.n - 1};
	struct hash now = seal_hash(bytes);
	struct buf there = BUF_INIT;
	enum err e = OK;
	if (!hash_equal(&now, h) || pack_kind(bytes) != value.p[0] || !is_ours(w->s, bytes))
		return OK;
	char *path = folder_path(w->s, (enum file_kind)value.p[0], h);
	bool had = !file_read_own(w->s->seam, path, PACK_FILE_MOST, &there, NULL) &&
		   span_equal(bytes, buf_span(&there));
	if (!had) {
		e = folder_write(w->s, (enum file_kind)value.p[0], bytes, &now, w->d);
		w->written += !e;
	}
	free(path);
	buf_fini(&there);
	return e;
}

/* All that one child can read; *end: it came to the end.  from moves on. */
static enum err salvage_some(struct salvaging *w, bool *end)
{
	struct child c;
	struct found_record head;
	struct buf value = BUF_INIT;
	enum err e = OK;
	if (!child_start(&c, send_files, w, patience(w->s)))
		return no_child(w->d);
	while (!e && child_read(&c, &head, sizeof head)) {
		struct hash h;
		buf_clear(&value);
		if (head.size < 2 || head.size > PACK_FILE_MOST + 1)
			break;
		buf_reserve(&value, head.size);
		if (!child_read(&c, value.p, head.size))
			break;
		value.n = head.size;
		memcpy(h.b, head.hash, sizeof h.b);
		memcpy(w->from, head.hash, sizeof w->from);
		e = keep_file(w, &h, buf_span(&value));
	}
	enum child_end how = child_end(&c);
	*end = how == CHILD_DONE;
	if (!e && how == CHILD_STOPPED)
		e = broken_off(w->d);
	buf_fini(&value);
	return e;
}

/* Past a page that cannot be read, further each time.  False: beyond the last. */
static bool move_on(struct salvaging *w, unsigned by)
{
	unsigned at = (unsigned)w->from[0] << 8 | w->from[1];
	at += by;
	memset(w->from, 0, sizeof w->from);
	w->from[0] = (uint8_t)(at >> 8);
	w->from[1] = (uint8_t)at;
	return at <= 0xffff;
}

static enum err salvage(struct store *s, struct diag *d)
{
	struct salvaging w = {.s = s, .d = d};
	bool end = false;
	enum err e = OK;
	unsigned by = 1;
	do
		e = salvage_some(&w, &end);
	while (!e && !end && move_on(&w, by *= 2));
	if (w.written)
		diag_say(d, "%zu file%s that only the damaged working store had %s whole again.",
			 w.written, w.written == 1 ? "" : "s", w.written == 1 ? "is" : "are");
	return e;
}

/* --- away with it ------------------------------------------------------------------------- */

void suspect_remove(struct store *s)
{
	static const char *const names[] = {"data.mdb", "lock.mdb", "clean"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *path = file_join(s->state, names[i]);
		s->seam->files.unlink(path);
		free(path);
	}
}

enum err suspect_discard(struct store *s, struct diag *d)
{
	enum err e = salvage(s, d);
	if (!e)
		suspect_remove(s);
	return e;
}

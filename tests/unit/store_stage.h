/* SPDX-License-Identifier: MIT
 *
 * A store of records that are just bytes, on real files in a temporary folder, and a file
 * system that fails at the N-th call; for the tests of the store room.
 */
#ifndef STORE_STAGE_H
#define STORE_STAGE_H

#include <linkbook/mem.h>
#include <linkbook/store.h>

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "unit.h"

#define UNUSED_OK __attribute__((unused))

static struct seam seam, real;
static char root[40], path[60];
static struct id id;
static const int64_t now_ms = 1795517220000;

/* --- a file system that fails at the N-th call ------------------------------------------ */

static int calls, fail_at, fail_with;

static bool fails(void)
{
	if (++calls != fail_at)
		return false;
	errno = fail_with;
	return true;
}

static int failing_open(const char *name, int flags, mode_t mode)
{
	return fails() ? -1 : real.files.open(name, flags, mode);
}

static ssize_t failing_write(int fd, const void *p, size_t n)
{
	/* A short write is no failure. */
	return fails() ? -1 : real.files.write(fd, p, n > 100 ? n / 2 : n);
}

static int failing_fsync(int fd)
{
	return fails() ? -1 : real.files.fsync(fd);
}

static int failing_rename(const char *from, const char *to)
{
	return fails() ? -1 : real.files.rename(from, to);
}

static int failing_unlink(const char *name)
{
	return fails() ? -1 : real.files.unlink(name);
}

static int failing_mkdir(const char *name, mode_t mode)
{
	return fails() ? -1 : real.files.mkdir(name, mode);
}

/* --- a store of records that are just bytes --------------------------------------------- */

static void fold(void *arg, const struct id *subject, const struct id *record,
		 const struct store_change *v, size_t count, char type[65], struct buf *view)
{
	(void)arg, (void)subject, (void)record;
	strcpy(type, "thing");
	for (size_t i = 0; i < count; i++)
		buf_add_span(view, v[i].bytes);
}

static const struct store_folder folder = {fold, NULL};
static const struct slot_key words = {
	SLOT_PASSPHRASE, {(const uint8_t *)"words", 5}, STORE_KDF_CALIBRATED, {{0}}};

UNUSED_OK static struct id make_store(const char *where, enum store_kind kind,
				      const struct slot_key *with)
{
	struct store *s = store_draw(&seam, kind);
	struct id made = *store_id(s);
	ck_assert_int_eq(store_create(s, where, with, NULL), OK);
	store_close(s);
	return made;
}

static void setup(void)
{
	/* In memory where there is such a place: these tests are of what is there, not of disks. */
	strcpy(root, access("/dev/shm", W_OK) ? "/tmp/linkbook-test-XXXXXX"
					      : "/dev/shm/linkbook-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	snprintf(path, sizeof path, "%s/store", root);
	setenv("XDG_STATE_HOME", root, 1);
	setenv("ROOT", root, 1);
	seam_init_sim(&seam, 7, now_ms);
	real = seam;
	id = make_store(path, OF_CASELOAD, &words);
}

static void teardown(void)
{
	ck_assert_int_eq(system("rm -rf \"$ROOT\""), 0);
}

UNUSED_OK static struct store *open_store(void)
{
	struct store *s;
	struct diag d = {0};
	enum err e = store_open(&seam, path, &words, &folder, &s, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
	diag_fini(&d);
	return s;
}

UNUSED_OK static struct id some_id(uint8_t n)
{
	return (struct id){{n, 1}};
}

UNUSED_OK static enum err save(struct store *s, uint8_t record, const char *text)
{
	struct envelope v = {.subject = some_id(9),
			     .record = some_id(record),
			     .own_key = true,
			     .bytes = span_text(text)};
	v.id = store_hash(s, v.bytes);
	return store_save(s, &v, 1, NULL);
}

UNUSED_OK static bool has(struct store *s, uint8_t record, const char *text)
{
	struct buf view = BUF_INIT;
	struct id subject = some_id(9), r = some_id(record);
	enum err e = store_get_view(s, "thing", &subject, &r, &view);
	bool is = !e && !strcmp(buf_text(&view), text);
	buf_fini(&view);
	return is;
}

/* From now on the fail_at-th call fails with fail_with; heal makes them all work again. */
UNUSED_OK static void fail_from_now(void)
{
	seam.files.open = failing_open;
	seam.files.write = failing_write;
	seam.files.fsync = failing_fsync;
	seam.files.rename = failing_rename;
	seam.files.mkdir = failing_mkdir;
	seam.files.unlink = failing_unlink;
	calls = 0;
}

UNUSED_OK static void heal(void)
{
	seam.files = real.files;
}

#endif

/* SPDX-License-Identifier: MIT
 *
 * Bytes, ids and files.
 */
#include <linkbook/buf.h>
#include <linkbook/id.h>
#include <linkbook/resource.h>
#include <linkbook/seam.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

START_TEST(a_buf_is_always_text)
{
	struct buf b = BUF_INIT;
	ck_assert_str_eq(buf_text(&b), "");
	ck_assert_ptr_nonnull(buf_span(&b).p);
	buf_add(&b, "abc", 3);
	ck_assert_str_eq(buf_text(&b), "abc");
	buf_printf(&b, "%d", 42);
	ck_assert_str_eq(buf_text(&b), "abc42");
	buf_splice(&b, 1, 2, "XYZ", 3);
	ck_assert_str_eq(buf_text(&b), "aXYZ42");
	buf_splice(&b, 0, 6, NULL, 0);
	ck_assert_str_eq(buf_text(&b), "");
	buf_fini(&b);
}
END_TEST

START_TEST(numbers_survive_their_bytes)
{
	struct buf b = BUF_INIT;
	buf_add_u16(&b, 0xABCD);
	buf_add_u32(&b, 0xDEADBEEF);
	buf_add_u64(&b, 0x0123456789ABCDEF);
	struct reader r = {buf_span(&b), false};
	ck_assert_uint_eq(reader_u16(&r), 0xABCD);
	ck_assert_uint_eq(reader_u32(&r), 0xDEADBEEF);
	ck_assert_uint_eq(reader_u64(&r), 0x0123456789ABCDEF);
	ck_assert(!r.bad);
	ck_assert_uint_eq(reader_u8(&r), 0);
	ck_assert(r.bad);
	buf_fini(&b);
}
END_TEST

START_TEST(a_secret_stays_when_it_grows)
{
	struct buf b = BUF_SECRET;
	for (int i = 0; i < 1000; i++)
		buf_add_byte(&b, (uint8_t)i);
	for (size_t i = 0; i < 1000; i++)
		ck_assert_uint_eq(b.p[i], (uint8_t)i);
	buf_fini(&b);
	ck_assert(b.secret);
}
END_TEST

START_TEST(hex_is_strict)
{
	struct id id, same;
	char hex[ID_HEX];
	ck_assert(id_from_hex("00112233445566778899aabbccddeeFF", &id));
	ck_assert_str_eq(id_to_hex(&id, hex), "00112233445566778899aabbccddeeff");
	ck_assert(id_from_hex(hex, &same) && id_equal(&id, &same));
	ck_assert(!id_from_hex("0011", &id));
	ck_assert(!id_from_hex("zz112233445566778899aabbccddeeff", &id));
	ck_assert(id_equal(&id, &same)); /* nothing written by the failures */
}
END_TEST

START_TEST(files_are_read_within_bounds)
{
	struct seam s;
	struct buf b = BUF_INIT;
	char folder[] = "/tmp/linkbook-test-XXXXXX", path[60];
	seam_init_system(&s);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/file", folder);
	ck_assert_int_eq(file_read(&s, path, 10, &b, NULL), ERR_ABSENT);
	ck_assert_int_eq(file_write_durable(&s, path, span_text("0123456789"), NULL), OK);
	ck_assert_int_eq(file_read(&s, path, 10, &b, NULL), OK);
	ck_assert_str_eq(buf_text(&b), "0123456789");
	ck_assert_int_eq(file_read(&s, path, 9, &b, NULL), ERR_INPUT);
	ck_assert_uint_eq(b.n, 10);
	ck_assert_int_eq(file_read(&s, folder, 10, &b, NULL), ERR_INPUT);
	unlink(path);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_int_eq(file_read(&s, path, 10, &b, NULL), ERR_INPUT); /* and does not wait */
	unlink(path);
	rmdir(folder);
	buf_fini(&b);
}
END_TEST

static ino_t synced[8];
static size_t synced_count;

static int note_sync(int fd)
{
	struct stat st;
	ck_assert_uint_lt(synced_count, 8);
	ck_assert_int_eq(fstat(fd, &st), 0);
	synced[synced_count++] = st.st_ino;
	return 0;
}

/* A folder lasts when the one above it was made to last after the making. */
START_TEST(made_folders_last)
{
	struct seam s;
	struct stat top, one;
	char folder[] = "/tmp/linkbook-test-XXXXXX", deep[80], upper[60];
	seam_init_system(&s);
	s.files.fsync = note_sync;
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(upper, sizeof upper, "%s/one", folder);
	snprintf(deep, sizeof deep, "%s/two", upper);
	ck_assert_int_eq(file_make_folder_durable(&s, deep, NULL), OK);
	ck_assert_int_eq(stat(folder, &top) | stat(upper, &one), 0);
	ck_assert_uint_eq(synced_count, 2);
	ck_assert(synced[0] == top.st_ino && synced[1] == one.st_ino);
	ck_assert_int_eq(file_make_folder_durable(&s, deep, NULL), OK);
	ck_assert_uint_eq(synced_count, 2);
	ck_assert_int_eq(rmdir(deep) | rmdir(upper) | rmdir(folder), 0);
}
END_TEST

/* --- a disk that does not do what it is told --------------------------------------------- */

static int no_fsync(int fd)
{
	(void)fd;
	errno = EIO;
	return -1;
}

static int no_unlink(const char *path)
{
	(void)path;
	errno = EIO;
	return -1;
}

static ssize_t write_nothing(int fd, const void *p, size_t n)
{
	(void)fd, (void)p, (void)n;
	return 0;
}

/* The kernel says once that pages did not reach the disk, and then takes them for written. */
START_TEST(a_part_whose_fsync_failed_is_not_gone_on_with)
{
	char path[] = "/tmp/linkbook-test-XXXXXX", part[40];
	struct seam s, well;
	struct stat before, after;
	int fd = mkstemp(path);
	close(fd);
	snprintf(part, sizeof part, "%s.part", path);
	seam_init_system(&s);
	well = s;
	s.files.fsync = no_fsync;
	s.files.unlink = no_unlink;
	ck_assert_int_eq(file_write_durable(&s, path, span_text("words"), NULL), ERR_IO);
	fd = open(part, O_RDONLY); /* holds the number of the file: no other can have it */
	ck_assert_int_eq(fstat(fd, &before), 0);
	ck_assert_int_eq(file_write_durable(&well, path, span_text("words"), NULL), OK);
	ck_assert_int_eq(stat(path, &after), 0);
	ck_assert(before.st_ino != after.st_ino);
	ck_assert_int_eq(access(part, F_OK), -1);
	close(fd);
	unlink(path);
}
END_TEST

START_TEST(a_write_that_does_nothing_comes_to_an_end)
{
	char path[] = "/tmp/linkbook-test-XXXXXX";
	struct seam s;
	close(mkstemp(path));
	seam_init_system(&s);
	s.files.write = write_nothing;
	ck_assert_int_eq(file_write_durable(&s, path, span_text("words"), NULL), ERR_FULL);
	unlink(path);
}
END_TEST

static bool count_name(void *arg, const char *name)
{
	(void)name;
	++*(size_t *)arg;
	return true;
}

START_TEST(a_folder_that_cannot_be_listed_is_not_an_empty_one)
{
	struct rlimit few = {0, 0}, as_it_was;
	size_t count = 0;
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &as_it_was), 0);
	few.rlim_max = as_it_was.rlim_max;
	ck_assert_int_eq(file_list("/", count_name, &count, NULL), OK);
	ck_assert_uint_gt(count, 0);
	ck_assert_int_eq(file_list("/no such folder", count_name, &count, NULL), ERR_ABSENT);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	enum err e = file_list("/", count_name, &count, NULL);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &as_it_was), 0);
	ck_assert_int_eq(e, ERR_IO);
}
END_TEST

START_TEST(all_that_ships_is_compiled_in)
{
	ck_assert_ptr_nonnull(resource_find("screens/people.yaml"));
	ck_assert_ptr_nonnull(resource_find("data/terms/contacts.yaml"));
	ck_assert_ptr_null(resource_find("data/elephant"));
	for (const struct resource *r = resources_built_in; r->name; r++)
		ck_assert_uint_gt(r->size, 0);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, a_buf_is_always_text);
	tcase_add_test(t, numbers_survive_their_bytes);
	tcase_add_test(t, a_secret_stays_when_it_grows);
	tcase_add_test(t, hex_is_strict);
	tcase_add_test(t, files_are_read_within_bounds);
	tcase_add_test(t, made_folders_last);
	tcase_add_test(t, a_part_whose_fsync_failed_is_not_gone_on_with);
	tcase_add_test(t, a_write_that_does_nothing_comes_to_an_end);
	tcase_add_test(t, a_folder_that_cannot_be_listed_is_not_an_empty_one);
	tcase_add_test(t, all_that_ships_is_compiled_in);
}

UNIT_MAIN("base")

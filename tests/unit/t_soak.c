/* SPDX-License-Identifier: MIT
 *
 * Long days: one book open for many saves, and a book opened, looked at and locked many times.
 * What the program holds in memory must not grow with either, and the disk only by what a save
 * is known to take.
 *
 *   t_soak                                        what make check runs
 *   SOAK_SAVES=100000 SOAK_OPENINGS=1000 t_soak   what make proofs runs
 */
#include "book_stage.h"

#include <fcntl.h>
#include <inttypes.h>
#include <malloc.h>
#include <string.h>

static size_t saves = 2000, openings = 40;

/* Bytes that are allocated, by us and by the libraries; sanitizers keep their own books. */
static size_t held(void)
{
#ifdef __SANITIZE_ADDRESS__
	return 0;
#endif
	struct mallinfo2 m = mallinfo2();
	return m.uordblks + m.hblkhd;
}

static uint64_t number_from(const char *command)
{
	char line[40] = {0};
	FILE *p = popen(command, "r");
	ck_assert(p && fgets(line, sizeof line, p));
	pclose(p);
	return strtoull(line, NULL, 10);
}

static size_t descriptors(void)
{
	size_t n = 0;
	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void save_note(struct book *w, const struct id *person, size_t i)
{
	char text[80];
	snprintf(text, sizeof text, "number %zu: rang about the gas, will ring again", i);
	const char *pairs[] = {"starts", "today 10:00", "mode", "phone", "note", text};
	seam.clock_ms += 10;
	put_fields(w, "contact", (struct put){.person = *person}, pairs, 3);
}

START_TEST(many_saves)
{
	enum { PEOPLE = 50 };
	struct id people[PEOPLE];
	struct book *w = open_book(here);
	size_t early = 0;
	for (size_t i = 0; i < PEOPLE; i++)
		people[i] = add_person(w, "Mairi", "MacLeod");
	uint64_t files = number_from("find \"$HERE\" -type f | wc -l");
	for (size_t i = 0; i < saves; i++) {
		save_note(w, &people[i % PEOPLE], i);
		if (i == saves / 10)
			early = held();
	}
	size_t late = held();
	uint64_t more = number_from("find \"$HERE\" -type f | wc -l") - files;
	struct book_stats s;
	ck_assert_int_eq(book_stats(w, &s), OK);
	printf("# %zu saves: %zu KiB held after a tenth, %zu KiB at the end; %" PRIu64
	       " files more, %" PRIu64 " bytes of files and %" PRIu64 " of LMDB a save\n",
	       saves, early / 1024, late / 1024, more, s.file_bytes / saves, s.shelf_bytes / saves);
	ck_assert_msg(late < early + 64 * 1024, "%zu bytes held, %zu before", late, early);
	/* A note has a key of its own: a key file and a segment, and nothing else. */
	ck_assert_uint_eq(more, 2 * saves);
	ck_assert_uint_lt(s.file_bytes / saves, 4096);
	ck_assert_uint_lt(s.shelf_bytes / saves, 8192);
	book_close(w);
	ck_assert_msg(held() <= early, "closed, it holds more than when it was open");
	w = open_book(here);
	ck_assert_int_eq(book_stats(w, &s), OK);
	ck_assert_uint_ge(s.changes, saves + PEOPLE);
	book_close(w);
}
END_TEST

START_TEST(many_openings)
{
	struct book *w = open_book(here);
	struct id person = add_person(w, "Mairi", "MacLeod");
	for (size_t i = 0; i < 200; i++)
		save_note(w, &person, i);
	book_close(w);
	size_t early = 0;
	uint64_t files = number_from("find \"$ROOT\" -type f | wc -l"), after;
	size_t open_files = descriptors();
	for (size_t i = 0; i < openings; i++) {
		struct record r;
		w = open_book(here);
		ck_assert_int_eq(book_get(w, &person, &r), OK);
		record_fini(&r);
		book_close(w);
		if (i == openings / 10)
			early = held();
	}
	after = number_from("find \"$ROOT\" -type f | wc -l");
	printf("# %zu openings: %zu KiB held after a tenth, %zu KiB at the end\n", openings,
	       early / 1024, held() / 1024);
	ck_assert_msg(held() < early + 16 * 1024, "%zu bytes held, %zu before", held(), early);
	ck_assert_uint_eq(after, files);
	ck_assert_uint_eq(descriptors(), open_files);
	ck_assert_uint_eq(descriptors(), open_files);
}
END_TEST

static void take_number(const char *name, size_t *out)
{
	const char *text = getenv(name);
	if (text && atol(text) > 100)
		*out = (size_t)atol(text);
}

static void add_tests(TCase *t)
{
	take_number("SOAK_SAVES", &saves);
	take_number("SOAK_OPENINGS", &openings);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 3600);
	tcase_add_test(t, many_saves);
	tcase_add_test(t, many_openings);
}

UNIT_MAIN("soak")

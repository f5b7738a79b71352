/* SPDX-License-Identifier: MIT
 *
 * The access log: entries ride with what is saved, wait in a draft until then, are taken over by
 * the next run, and one that is taken away is missed.
 */
#include "act_stage.h"

#include <string.h>

static void look_at(struct book *w, const struct id *id)
{
	struct record r = get(w, id);
	tick();
	book_log(w, "looked_at", &r);
	record_fini(&r);
}

static size_t count_events(struct book *w, const struct id *person, const char *act)
{
	struct access_event *v;
	size_t count, n = 0;
	ck_assert_int_eq(book_access(w, person, &v, &count), OK);
	for (size_t i = 0; i < count; i++) {
		ck_assert(!i || strcmp(v[i - 1].at, v[i].at) <= 0);
		n += !strcmp(v[i].act, act);
	}
	book_access_free(v, count);
	return n;
}

/* Files in the log folder of the caseload, or among its drafts. */
static int count_files(const char *folder)
{
	char command[200], line[20] = {0};
	snprintf(command, sizeof command, "find \"%s/caseload/%s\" -type f | wc -l", here, folder);
	FILE *p = popen(command, "r");
	ck_assert(p && fgets(line, sizeof line, p));
	pclose(p);
	return atoi(line);
}

START_TEST(looking_rides_with_the_next_save)
{
	begin();
	int segments = count_files("log");
	tick();
	book_log(a, "opened", NULL);
	look_at(a, &mairi);
	look_at(a, &note);
	look_at(a, &note);
	ck_assert_uint_eq(book_log_waiting(a), 2);
	ck_assert_uint_eq(count_events(a, &mairi, "looked_at"), 1);
	ck_assert_int_eq(count_files("log"), segments);
	write_in(a, &note, "contact", "note", "rang twice");
	ck_assert_int_eq(count_files("log"), segments + 1);
	ck_assert_uint_eq(book_log_waiting(a), 0);
	ck_assert_uint_eq(count_events(a, NULL, "opened"), 1);
	ck_assert_uint_eq(count_events(a, &mairi, "looked_at"), 1);
	ck_assert_uint_eq(count_events(a, &rhona, "looked_at"), 0);
	/* Made, and changed later: by the minute. */
	ck_assert_uint_eq(count_events(a, &mairi, "changed"), 1);
	ck_assert_uint_eq(count_events(a, &rhona, "changed"), 1);
	exchange(&a, &b);
	ck_assert_uint_eq(count_events(b, &mairi, "looked_at"), 1);
	end();
}
END_TEST

START_TEST(times_and_records_are_counted)
{
	begin();
	struct access_event *v;
	size_t count;
	look_at(a, &mairi);
	look_at(a, &note);
	look_at(a, &note);
	ck_assert_int_eq(book_log_write(a, NULL), OK);
	ck_assert_int_eq(book_access(a, &mairi, &v, &count), OK);
	ck_assert_str_eq(v[count - 1].act, "looked_at");
	ck_assert_str_eq(v[count - 1].who, "Ailsa");
	ck_assert_int_eq(v[count - 1].count, 3);
	book_access_free(v, count);
	exchange(&a, &b);
	end();
}
END_TEST

START_TEST(an_undo_leaves_the_log_alone)
{
	begin();
	write_in(a, &note, "contact", "note", "rang twice");
	look_at(a, &rhona);
	ck_assert_int_eq(book_log_write(a, NULL), OK);
	undo_last(a);
	check_said(a, &note, "note", "rang");
	ck_assert_uint_eq(count_events(a, &rhona, "looked_at"), 1);
	exchange(&a, &b);
	end();
}
END_TEST

START_TEST(what_was_kept_is_written_by_the_next_run)
{
	begin();
	struct draft *drafts;
	size_t count;
	look_at(a, &rhona);
	ck_assert_int_eq(book_log_keep(a, NULL), OK);
	ck_assert_int_eq(count_files("drafts"), 1);
	ck_assert_int_eq(book_drafts(a, &drafts, &count, NULL), OK);
	ck_assert_uint_eq(count, 0); /* nobody is asked to go on with it */
	drafts_free(drafts, count);
	book_close(a);
	a = open_book(here);
	ck_assert_uint_eq(count_events(a, &rhona, "looked_at"), 1);
	look_at(a, &mairi);
	ck_assert_int_eq(book_log_keep(a, NULL), OK);
	ck_assert_int_eq(count_files("drafts"), 2); /* the first goes at the next listing */
	write_in(a, &note, "contact", "note", "rang twice");
	ck_assert_int_eq(count_files("drafts"), 0);
	book_close(a);
	a = open_book(here);
	ck_assert_uint_eq(count_events(a, &rhona, "looked_at"), 1);
	ck_assert_uint_eq(count_events(a, &mairi, "looked_at"), 1);
	exchange(&a, &b);
	end();
}
END_TEST

/* A copy that took the draft along writes the same entries, and they are one. */
START_TEST(two_copies_write_what_waited_once)
{
	begin();
	look_at(a, &rhona);
	ck_assert_int_eq(book_log_keep(a, NULL), OK);
	exchange(&a, &b);
	ck_assert_uint_eq(count_events(b, &rhona, "looked_at"), 1);
	ck_assert_int_eq(book_log_write(b, NULL), OK);
	write_in(a, &note, "contact", "note", "rang twice");
	exchange(&a, &b);
	exchange(&a, &b);
	ck_assert_uint_eq(count_events(a, &rhona, "looked_at"), 1);
	ck_assert_uint_eq(count_events(b, &rhona, "looked_at"), 1);
	end();
}
END_TEST

START_TEST(a_directory_is_nobodys_business)
{
	begin();
	struct id directory;
	tick();
	ck_assert_int_eq(book_add_directory(a, &directory, NULL), OK);
	const char *pairs[] = {"name", "Monday walk"};
	struct id walk = put_fields(a, "resource", (struct put){0}, pairs, 1);
	look_at(a, &walk);
	ck_assert_uint_eq(book_log_waiting(a), 0);
	book_close(a);
	book_close(b);
}
END_TEST

/* Three entries in three segments; the one in the middle goes, here and from LMDB. */
START_TEST(an_entry_that_was_taken_away_is_missed)
{
	begin();
	char command[300];
	struct diag d = {0};
	book_close(b);
	for (int i = 0; i < 3; i++) {
		look_at(a, i % 2 ? &rhona : &mairi);
		ck_assert_int_eq(book_log_write(a, NULL), OK);
		snprintf(command, sizeof command,
			 "ls \"%s\"/caseload/log/*/* | sort > \"$ROOT/list%d\"", here, i);
		shell(command);
	}
	ck_assert_int_eq(book_check(a, &d), OK);
	book_close(a);
	shell("comm -13 \"$ROOT/list0\" \"$ROOT/list1\" | xargs rm");
	shell("rm -rf \"$ROOT\"/linkbook");
	a = open_book(here);
	ck_assert_int_eq(book_check(a, &d), ERR_DAMAGED);
	ck_assert_ptr_nonnull(strstr(d.lines[d.count - 1].text, "access log lacks 1 entry"));
	diag_fini(&d);
	book_close(a);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, looking_rides_with_the_next_save);
	tcase_add_test(t, times_and_records_are_counted);
	tcase_add_test(t, an_undo_leaves_the_log_alone);
	tcase_add_test(t, what_was_kept_is_written_by_the_next_run);
	tcase_add_test(t, two_copies_write_what_waited_once);
	tcase_add_test(t, a_directory_is_nobodys_business);
	tcase_add_test(t, an_entry_that_was_taken_away_is_missed);
}

UNIT_MAIN("access")

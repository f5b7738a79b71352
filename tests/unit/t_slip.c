/* SPDX-License-Identifier: MIT
 *
 * Slips: what stands on them, that no markup comes through, and a printer that is there, is not,
 * or does not want.
 */
#include "book_stage.h"
#include <linkbook/slip.h>
#include <linkbook/text.h>

#include <string.h>
#include <sys/stat.h>

enum { WIDTH = 40 };

static struct book *b;
static struct record group;

static void begin(void)
{
	const char *pairs[] = {
		"name",	 "Tea & <b>Talk</b>", "summary",   "A \"quiet\" hour",
		"phone", "0141 496 0000",     "next_step", "Ring first; ask for Jean"};
	struct diag d = {0};
	struct id directory;
	setup();
	b = open_book(here);
	ck_assert_int_eq(book_add_directory(b, &directory, &d), OK);
	const char *practice[] = {"name", "Ashgill Row", "phone", "0141 496 0123"};
	put_fields(b, "practice", (struct put){0}, practice, 2);
	struct id id = put_fields(b, "resource", (struct put){0}, pairs, 4);
	ck_assert_int_eq(book_get(b, &id, &group), OK);
}

static void end(void)
{
	record_fini(&group);
	book_close(b);
	teardown();
}

static void check_has(const struct buf *out, const char *words_there, bool has)
{
	ck_assert_msg((strstr(out->n ? (const char *)out->p : "", words_there) != NULL) == has,
		      "\"%s\" in:\n%.*s", words_there, (int)out->n, (const char *)out->p);
}

START_TEST(a_slip_says_how_to_get_there)
{
	struct buf out = BUF_INIT;
	slip_add_text(b, &group, WIDTH, &out);
	check_has(&out, "TEA & <B>TALK</B>\n", true);
	check_has(&out, "What to do first: Ring first; ask for\nJean\n", true);
	check_has(&out, "Ashgill Row, 0141 496 0123. 24 Nov 2026\n", true);
	check_has(&out, "Where", false); /* what is not known has no line */
	for (const char *p = buf_text(&out); *p; p += strcspn(p, "\n") + (p[strcspn(p, "\n")] != 0))
		ck_assert_int_le(text_width(span_of(p, strcspn(p, "\n"))), WIDTH);
	buf_fini(&out);
}
END_TEST

START_TEST(no_markup_comes_through)
{
	struct buf out = BUF_INIT;
	slip_begin_html(&out);
	slip_add_html(b, &group, &out);
	slip_end_html(&out);
	check_has(&out, "<h1>Tea &amp; &lt;b&gt;Talk&lt;/b&gt;</h1>", true);
	check_has(&out, "<p>A &quot;quiet&quot; hour</p>", true);
	check_has(&out, "<b>", false);
	check_has(&out, "http", false); /* nothing is fetched from anywhere */
	buf_fini(&out);
}
END_TEST

/* A printer command of our own, which does what `does` says. */
static void set_up_lp(const char *does)
{
	char path[200];
	snprintf(path, sizeof path, "%s/lp", root);
	FILE *f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	fprintf(f, "#!/bin/sh\n%s\n", does);
	fclose(f);
	ck_assert_int_eq(chmod(path, 0700), 0);
}

START_TEST(a_printer_is_there_or_not)
{
	struct diag d = {0};
	struct buf got = BUF_INIT;
	char path[200], search[300];
	const char *before = getenv("PATH");
	char *kept = mem_text(before ? before : "");
	snprintf(search, sizeof search, "%s:/bin:/usr/bin", root);
	setenv("PATH", root, 1);
	ck_assert(!slip_can_print());
	ck_assert_int_eq(slip_print(span_text("words"), &d), ERR_ABSENT);
	setenv("PATH", search, 1);
	set_up_lp("cat > \"$ROOT/printed\"");
	ck_assert(slip_can_print());
	ck_assert_int_eq(slip_print(span_text("where to go\n"), &d), OK);
	snprintf(path, sizeof path, "%s/printed", root);
	ck_assert_int_eq(file_read(&seam, path, 1000, &got, &d), OK);
	ck_assert_str_eq(buf_text(&got), "where to go\n");
	set_up_lp("exit 1");
	ck_assert_int_eq(slip_print(span_text("words"), &d), ERR_IO);
	/* One that ends before it has read kills nobody. */
	struct buf much = BUF_INIT;
	for (int i = 0; i < 200000; i++)
		buf_add_text(&much, "many words ");
	ck_assert_int_eq(slip_print(buf_span(&much), &d), ERR_IO);
	setenv("PATH", kept, 1);
	free(kept);
	buf_fini(&much);
	buf_fini(&got);
	diag_fini(&d);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, begin, end);
	tcase_add_test(t, a_slip_says_how_to_get_there);
	tcase_add_test(t, no_markup_comes_through);
	tcase_add_test(t, a_printer_is_there_or_not);
}

UNIT_MAIN("slip")

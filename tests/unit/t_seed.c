/* SPDX-License-Identifier: MIT
 *
 * Seed files: every mistake is told at its place with what to write, soon, and nothing of the
 * file is loaded; what is loaded is loaded once, and what was altered here stands.
 */
#include <linkbook/seed.h>
#include <linkbook/ydoc.h>

#include <time.h>

#include "book_stage.h"

#define BYTES(s) s, sizeof s - 1
#define GROUPS	 "format: 1\npractice: wren\nversion: 5\nresources:\n"
#define GROUP	 GROUPS "  - key: a\n    name: Tea\n" /* what follows is line 7 */
#define PRACTICE "format: 1\npractice: wren\nversion: 3\nname: Wren Surgery\n"
#define OWN                                                                                        \
	"extra:\n  - {field: bus_stop, label: Nearest bus stop}\n  - {field: pram, label: "        \
	"Prams}\n"

/* A mistake each: where it is said, what was found, what to write. */
static const struct {
	const char *yaml;
	size_t n;
	unsigned line, column;
	const char *found, *write;
} mistakes[] = {
	/* more than plain data */
	{BYTES(GROUP "\tcost: Free\n"), 7, 1, "a tab", "indent with blanks"},
	{BYTES(GROUP "    name: Ten\n"), 7, 5, "\"name\" stands here a second time", "; "},
	{BYTES(GROUP "    cost: &c Free\n"), 7, 11, "an anchor (&c)", "; "},
	{BYTES(GROUP "    cost: *c\n"), 7, 11, "an alias (*c)", "; "},
	{BYTES(GROUP "    cost: !!str Free\n"), 7, 11, "a tag", "; "},
	{BYTES(GROUP "---\nformat: 1\n"), 7, 1, "a second document", "; "},
	{BYTES(GROUP "    cost: \xFF\n"), 7, 11, "0xFF is not UTF-8", "; "},
	{BYTES(GROUP "    cost: \"\\x1b[2J\"\n"), 7, 11, "a control character (U+001B)", "; "},
	{BYTES(GROUP "    cost: a \x1B[2J\n"), 7, 13, "(U+001B)", "; "},
	{BYTES(GROUP "    cost: \xE2\x80\xAE\x65\n"), 7, 11, "(U+202E)", "; "},
	{BYTES(GROUP "    cost: \"\\u2066\"\n"), 7, 11, "(U+2066)", "; "},
	{BYTES(GROUP "    cost: [[[[[[[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]]]]]]\n"), 7, 24,
	 "nested more than 16 deep", "; "},
	{BYTES(""), 1, 1, "there is nothing in this file", "; "},
	{BYTES("# a remark\n"), 1, 1, "there is nothing in this file", "; "},
	/* what it is about */
	{BYTES("[a]\n"), 1, 1, "no map of keys", "begin with format: 1"},
	{BYTES("practice: wren\nversion: 3\nname: A\n"), 1, 1, "\"format\" is missing",
	 "write format: 1"},
	{BYTES("format: 2\npractice: wren\nversion: 3\nname: A\n"), 1, 9, "not a whole number",
	 "write"},
	{BYTES("format: 1\nversion: 3\nname: A\n"), 1, 1, "\"practice\" is missing",
	 "write practice:"},
	{BYTES("format: 1\npractice: [wren]\nversion: 3\nname: A\n"), 2, 11, "no short name",
	 "write one"},
	{BYTES("format: 1\npractice: wren\nname: A\n"), 1, 1, "\"version\" is missing",
	 "write version: 1"},
	{BYTES("format: 1\npractice: wren\nversion: one\nname: A\n"), 3, 10, "not a whole number",
	 "write"},
	{BYTES("format: 1\npractice: gull\nversion: 1\nresources: []\n"), 2, 11,
	 "\"gull\" is not in this book", "seed its practice.yaml first"},
	{BYTES("format: 1\npractice: wren\nversion: 1\nname: Wren\n"), 3, 10,
	 "version 1 is older than version 2", "write a higher version"},
	{BYTES("format: 1\npractice: wren\nversion: 4\nresources:\n  - {key: there, name: "
	       "There}\n"),
	 3, 10, "version 4 is older than version 5", "write a higher version"},
	{BYTES("format: 1\npractice: wren\nversion: 2\nname: Other\n"), 1, 1,
	 "loaded before with other words", "raise version by 1"},
	{BYTES(GROUPS "  - {key: there, name: Other}\n"), 5, 5, "loaded before with other words",
	 "raise version by 1"},
	{BYTES("format: 1\npractice: wren\nversion: 5\nresources: none\n"), 4, 12, "no list",
	 "begin each resource"},
	{BYTES("format: 1\npractice: wren\nversion: 5\nresources: []\nresource: []\n"), 5, 1,
	 "\"resource\" is not known here", "write resources"},
	/* records */
	{BYTES(GROUPS "  - name: Tea\n"), 5, 5, "no short key", "like key: tuesday-lunch"},
	{BYTES(GROUPS "  - {key: \"a\\tb\", name: Tea}\n"), 5, 11, "no short key",
	 "like key: tuesday-lunch"},
	{BYTES(GROUPS "  - Tea\n"), 5, 5, "no short key", "like key: tuesday-lunch"},
	{BYTES(GROUP "  - key: b\n    name: Two\n  - key: a\n    name: Three\n"), 9, 10,
	 "\"a\" stands in line 5 already", "choose another"},
	{BYTES(GROUPS "  - key: a\n    cost: Free\n"), 5, 5, "\"name\" is missing", "add it"},
	{BYTES(GROUPS "  - key: a\n    name: \"\"\n"), 6, 11, "nothing stands here",
	 "write a text"},
	{BYTES(PRACTICE "nmae: B\n"), 5, 1, "\"nmae\" is not known here", "write name"},
	{BYTES(GROUP "    cots: Free\n"), 7, 5, "\"cots\" is not known here", "write cost"},
	{BYTES(GROUP "    wheelbarrows: 3\n"), 7, 5, "\"wheelbarrows\" is not known here",
	 "take it out"},
	{BYTES(GROUP "    same_as: [a]\n"), 7, 5, "\"same_as\" is not known here", "take it out"},
	/* values */
	{BYTES(GROUP "    categories: [lunch-clb]\n"), 7, 18, "\"lunch-clb\" is not in the list",
	 "write lunch-club"},
	{BYTES(GROUP "    categories: [social-group, wheelbarrows]\n"), 7, 32,
	 "\"wheelbarrows\" is not in the list", "write one that is"},
	{BYTES(GROUP "    status: actve\n"), 7, 13, "\"actve\" is not in the list", "write active"},
	{BYTES(GROUP "    cost: [Free]\n"), 7, 11, "a list stands here", "write a text"},
	{BYTES(GROUP "    cost: {a: b}\n"), 7, 11, "a map stands here", "write a text"},
	{BYTES(GROUP "    min_age: old\n"), 7, 14, "\"old\" cannot stand here",
	 "write a whole number"},
	{BYTES(GROUP "    min_age: 300\n"), 7, 14, "\"300\" cannot stand here",
	 "write a whole number from 0 to 120"},
	{BYTES(GROUP "    postcode: G5\n"), 7, 15, "\"G5\" cannot stand here", "write a postcode"},
	{BYTES(GROUP "    phone: ring\n"), 7, 12, "\"ring\" cannot stand here", "three digits"},
	{BYTES(GROUP "    sessions: often\n"), 7, 15, "a row is missing", "write {name: value"},
	{BYTES(GROUP "    sessions:\n      - {weekday: tue, from: \"25:99\"}\n"), 8, 30, "25:99",
	 "; "},
	{BYTES(GROUP "    sessions:\n      - {weekday: tue, from: \"11:00\", to: \"10:00\"}\n"), 8,
	 43, "10:00 is not after 11:00", "write when it ends"},
	{BYTES(GROUP "    sessions:\n      - {weekday: tue, form: \"11:00\"}\n"), 8, 24,
	 "\"form\" is not known here", "write from"},
	{BYTES(GROUP "    sessions:\n      - {weekday: teu}\n"), 8, 19,
	 "\"teu\" is not in the list", "write tue"},
	{BYTES(GROUP "    checked:\n      - {fact: hours, when: \"2026-02-30\"}\n"), 8, 29,
	 "\"2026-02-30\" cannot stand here", "write a real date"},
	{BYTES(GROUP "    checked:\n      - {fact: hours, when: tue}\n"), 8, 29,
	 "\"tue\" cannot stand here", "write a real date"},
	/* a practice's own fields */
	{BYTES(PRACTICE "extra: [{field: Bus stop, label: A}]\n"), 5, 17, "cannot be the name",
	 "like bus_stop"},
	{BYTES(PRACTICE "extra: [{field: 1st, label: A}]\n"), 5, 17, "cannot be the name",
	 "like bus_stop"},
	{BYTES(PRACTICE "extra: [{label: A}]\n"), 5, 9, "this row has no name", "like bus_stop"},
	{BYTES(PRACTICE "extra: [{field: bus_stop}]\n"), 5, 9, "this row has no label",
	 "write label:"},
	{BYTES(PRACTICE "extra: [{field: cost, label: A}]\n"), 5, 17, "a field \"cost\" already",
	 "write another name"},
	{BYTES(PRACTICE "extra:\n  - {field: a, label: A}\n  - {field: a, label: B}\n"), 7, 13,
	 "\"a\" stands here a second time", "take one of the two out"},
	{BYTES(GROUP "    extra: {bus_stpo: Cross}\n"), 7, 13, "\"bus_stpo\" is not known here",
	 "write bus_stop"},
	{BYTES(GROUP "    extra: {wheelbarrows: two}\n"), 7, 13,
	 "this practice asks for no \"wheelbarrows\"", "list it under extra"},
	{BYTES(GROUP "    extra: Cross\n"), 7, 12, "its names are missing", "write {name: text"},
	{BYTES(GROUP "    extra: {bus_stop: [Cross]}\n"), 7, 23, "a list stands here",
	 "write a text"},
};

static double cpu_seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static enum err load(struct book *b, const char *yaml, struct seed_report *r)
{
	struct diag d = {0};
	enum err e = seed_load(b, "x.yaml", span_text(yaml), r, &d);
	ck_assert_msg(e == OK || e == ERR_INPUT, "%s", diag_first(&d));
	diag_fini(&d);
	return e;
}

/* Loads what must be right. */
static void load_good(struct book *b, const char *yaml)
{
	struct seed_report r = {0};
	struct diag d = {0};
	enum err e = seed_load(b, "good.yaml", span_text(yaml), &r, &d);
	ck_assert_msg(!e, "%u: %s", d.count ? d.lines[0].line : 0, diag_first(&d));
	seed_report_fini(&r);
	diag_fini(&d);
}

static struct book *book_with_practice(void)
{
	struct book *b = open_book(here);
	load_good(b, "format: 1\npractice: wren\nversion: 2\nname: Wren Surgery\n" OWN);
	load_good(b, GROUPS "  - {key: there, name: There, cost: Free}\n");
	return b;
}

static void check_nothing_written(struct book *b, const struct view_hash *before, size_t n)
{
	struct view_hash *after;
	size_t m;
	ck_assert_int_eq(book_view_hash(b, &after, &m, NULL), OK);
	ck_assert_uint_eq(n, m);
	for (size_t i = 0; i < n; i++)
		ck_assert(hash_equal(&before[i].changes, &after[i].changes));
	free(after);
}

START_TEST(a_mistake_is_told_at_its_place_and_nothing_is_loaded)
{
	struct book *b = book_with_practice();
	struct diag d = {0};
	struct seed_report r = {0};
	struct view_hash *before;
	size_t n;
	ck_assert_int_eq(book_view_hash(b, &before, &n, NULL), OK);
	double start = cpu_seconds();
	enum err e = seed_load(b, "x.yaml", span_of(mistakes[_i].yaml, mistakes[_i].n), &r, &d);
	ck_assert_double_lt(cpu_seconds() - start, 2);
	ck_assert_int_eq(e, ERR_INPUT);
	for (size_t i = 1; i < d.count; i++)
		printf("# mistake %d, one too many: %u: %s\n", _i, d.lines[i].line,
		       d.lines[i].text);
	ck_assert_uint_eq(d.count, 1);
	ck_assert_str_eq(d.lines[0].file, "x.yaml");
	ck_assert_msg(d.lines[0].line == mistakes[_i].line &&
			      d.lines[0].column == mistakes[_i].column,
		      "said at %u:%u: %s", d.lines[0].line, d.lines[0].column, d.lines[0].text);
	const char *found = strstr(d.lines[0].text, mistakes[_i].found);
	const char *then = strstr(d.lines[0].text, "; ");
	ck_assert_msg(found && then, "said: %s", d.lines[0].text);
	ck_assert_msg(strstr(then, mistakes[_i].write) != NULL, "said: %s", d.lines[0].text);
	check_nothing_written(b, before, n);
	free(before);
	diag_fini(&d);
	book_close(b);
}
END_TEST

START_TEST(all_mistakes_come_at_once)
{
	static const char yaml[] = "format: 2\npractice: wren\nversion: 0\nnote: x\nresources:\n"
				   "  - key: a\n    cots: Free\n    categories: [lunch-clb]\n"
				   "    sessions: [{from: \"25:99\"}]\n    postcode: G5\n"
				   "  - name: B\n";
	static const unsigned lines[] = {1, 3, 4, 6, 7, 8, 9, 10, 11};
	struct book *b = book_with_practice();
	struct diag d = {0};
	struct seed_report r = {0};
	ck_assert_int_eq(seed_load(b, "x.yaml", span_text(yaml), &r, &d), ERR_INPUT);
	ck_assert_uint_eq(d.count, sizeof lines / sizeof *lines);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		bool said = false;
		for (size_t k = 0; k < d.count; k++)
			said |= d.lines[k].line == lines[i];
		ck_assert_msg(said, "nothing about line %u", lines[i]);
	}
	diag_fini(&d);
	book_close(b);
}
END_TEST

START_TEST(no_more_than_a_hundred_are_told)
{
	struct book *b = book_with_practice();
	struct buf yaml = BUF_INIT;
	struct diag d = {0};
	struct seed_report r = {0};
	buf_add_text(&yaml, GROUPS);
	for (int i = 0; i < 20000; i++)
		buf_printf(&yaml, "  - {key: k%d, nmae: x}\n", i % 10000);
	double start = cpu_seconds();
	ck_assert_int_eq(seed_load(b, "x.yaml", buf_span(&yaml), &r, &d), ERR_INPUT);
	ck_assert_double_lt(cpu_seconds() - start, 2);
	ck_assert_uint_le(d.count, 102);
	diag_fini(&d);
	buf_fini(&yaml);
	book_close(b);
}
END_TEST

/* --- files ------------------------------------------------------------------------------ */

static unsigned reads;

static ssize_t counting_read(int fd, void *p, size_t n)
{
	reads++;
	return read(fd, p, n);
}

START_TEST(a_file_that_is_too_large_is_refused_unread)
{
	struct buf out = BUF_INIT;
	struct diag d = {0};
	char path[100];
	snprintf(path, sizeof path, "%s/large.yaml", root);
	shell("truncate -s 8388609 \"$ROOT/large.yaml\"");
	seam.files.read = counting_read;
	reads = 0;
	double start = cpu_seconds();
	ck_assert_int_eq(seed_read_file(&seam, path, &out, &d), ERR_INPUT);
	ck_assert_double_lt(cpu_seconds() - start, 2);
	ck_assert_uint_eq(reads, 0);
	ck_assert_uint_eq(d.count, 1);
	ck_assert_str_eq(d.lines[0].file, path);
	ck_assert_uint_eq(d.lines[0].line, 1);
	ck_assert_str_eq(d.lines[0].text,
			 "this file is larger than 8 MiB; leave some out, or make two of it");
	diag_fini(&d);
	buf_fini(&out);
	/* One of just that size is read (and counted, or the above would prove nothing). */
	shell("truncate -s 8388608 \"$ROOT/large.yaml\"");
	ck_assert_int_eq(seed_read_file(&seam, path, &out, &d), OK);
	ck_assert_uint_gt(reads, 0);
	ck_assert_uint_eq(out.n, YDOC_BYTES);
	buf_fini(&out);
}
END_TEST

START_TEST(a_folder_is_no_file)
{
	struct buf out = BUF_INIT;
	struct diag d = {0};
	ck_assert_int_eq(seed_read_file(&seam, root, &out, &d), ERR_INPUT);
	ck_assert_uint_eq(d.lines[0].line, 1);
	ck_assert_ptr_nonnull(strstr(d.lines[0].text, "this is a folder"));
	diag_fini(&d);
	buf_fini(&out);
}
END_TEST

/* --- several at once -------------------------------------------------------------------- */

START_TEST(files_are_loaded_together_or_not_at_all)
{
	struct book *b = open_book(here);
	struct seed_report r = {0};
	struct diag d = {0};
	struct seed_file files[] = {
		{"r.yaml", span_text(GROUP "    extra: {bus_stop: Cross}\n    cots: Free\n")},
		{"p.yaml", span_text(PRACTICE OWN)},
	};
	ck_assert_int_eq(seed_load_files(b, files, 2, &r, &d), ERR_INPUT);
	ck_assert_uint_eq(d.count, 1);
	ck_assert_str_eq(d.lines[0].file, "r.yaml");
	ck_assert_uint_eq(book_directory_count(b), 0);
	diag_fini(&d);
	/* In either order: a practice's file says what its groups may be asked. */
	files[0].yaml = span_text(GROUP "    extra: {bus_stop: Cross}\n");
	ck_assert_int_eq(seed_load_files(b, files, 2, &r, &d), OK);
	ck_assert_uint_eq(r.made, 2);
	ck_assert_uint_eq(book_directory_count(b), 1);
	struct seed_file twice[] = {files[0], {"s.yaml", files[0].yaml}};
	ck_assert_int_eq(seed_load_files(b, twice, 2, &r, &d), ERR_INPUT);
	ck_assert_str_eq(d.lines[0].text,
			 "the key \"a\" stands in line 5 of r.yaml already; choose another");
	diag_fini(&d);
	book_close(b);
}
END_TEST

/* --- again ------------------------------------------------------------------------------ */

static struct ref find_group(struct book *b, const char *key)
{
	struct ref ref = {{{0}}, {{0}}};
	ck_assert_int_eq(book_directory_of(b, "wren", &ref.in), OK);
	ref.record = book_seed_id("wren", key);
	return ref;
}

static void set_field(struct book *b, struct ref ref, const char *field, const char *text)
{
	const char *pairs[] = {field, text};
	put_fields(b, "resource", (struct put){.record = ref.record, .in = ref.in}, pairs, 1);
}

START_TEST(a_newer_file_updates_what_was_not_touched_and_lists_what_was)
{
	struct book *b = book_with_practice();
	struct seed_report r = {0};
	const char *newer = "format: 1\npractice: wren\nversion: 6\nresources:\n"
			    "  - {key: there, name: There, cost: \"2\", summary: New}\n"
			    "  - {key: fresh, name: Fresh}\n";
	struct ref there_ref = find_group(b, "resource/there");
	load_good(b, "format: 1\npractice: wren\nversion: 5\nresources:\n"
		     "  - {key: absent, name: Absent}\n");
	set_field(b, there_ref, "cost", "1");
	ck_assert_int_eq(load(b, GROUPS "  - {key: there, name: There, cost: Free}\n", &r), OK);
	ck_assert_uint_eq(r.same, 1);
	ck_assert_uint_eq(r.stand_count, 0); /* an edit of what the file says as before */
	seed_report_fini(&r);
	ck_assert_int_eq(load(b, newer, &r), OK);
	ck_assert_uint_eq(r.made, 1);
	ck_assert_uint_eq(r.updated, 1);
	ck_assert_uint_eq(r.conflicts, 1);
	ck_assert_uint_eq(r.stand_count, 1);
	ck_assert_str_eq(r.stands[0].field, "cost");
	ck_assert_str_eq(r.stands[0].title, "There");
	ck_assert(id_equal(&r.stands[0].record, &there_ref.record));
	check_said(b, &there_ref.record, "summary", "New");
	struct id absent = book_seed_id("wren", "resource/absent");
	check_said(b, &absent, "name", "Absent");
	seed_report_fini(&r);
	book_close(b);
}
END_TEST

START_TEST(what_two_people_wrote_is_not_said_of_a_file)
{
	struct book *a = book_with_practice(), *b;
	struct seed_report r = {0};
	book_close(a);
	split(&a, &b);
	struct ref ref = find_group(a, "resource/there");
	set_field(a, ref, "summary", "One");
	set_field(b, ref, "summary", "Other");
	exchange(&a, &b);
	ck_assert_int_eq(load(a, GROUPS "  - {key: there, name: There, cost: Free}\n", &r), OK);
	ck_assert_uint_eq(r.stand_count, 0);
	ck_assert_uint_eq(r.conflicts, 0);
	seed_report_fini(&r);
	book_close(a);
	book_close(b);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_mistake_is_told_at_its_place_and_nothing_is_loaded, 0,
			    sizeof mistakes / sizeof *mistakes);
	tcase_add_test(t, all_mistakes_come_at_once);
	tcase_add_test(t, no_more_than_a_hundred_are_told);
	tcase_add_test(t, a_file_that_is_too_large_is_refused_unread);
	tcase_add_test(t, a_folder_is_no_file);
	tcase_add_test(t, files_are_loaded_together_or_not_at_all);
	tcase_add_test(t, a_newer_file_updates_what_was_not_touched_and_lists_what_was);
	tcase_add_test(t, what_two_people_wrote_is_not_said_of_a_file);
}

UNIT_MAIN("seed")

/* SPDX-License-Identifier: MIT
 *
 * Where postcodes are: distances held to a table that was worked out elsewhere, and every way in
 * which a table of postcodes can be wrong.
 */
#include <linkbook/places.h>
#include <linkbook/resource.h>

#include <math.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "unit.h"

enum { PAIRS = 20, METRES_OFF = 100, ROWS = 17925 };

static struct seam seam;
static char root[60], file[80];

static void setup(void)
{
	strcpy(root, access("/dev/shm", W_OK) ? "/tmp/linkbook-test-XXXXXX"
					      : "/dev/shm/linkbook-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	snprintf(file, sizeof file, "%s/places.csv", root);
	seam_init_sim(&seam, 1, 1795517220000);
}

static void teardown(void)
{
	char command[100];
	snprintf(command, sizeof command, "rm -rf \"%s\"", root);
	ck_assert_int_eq(system(command), 0);
}

/* --- few words ------------------------------------------------------------------------------ */

static enum err import(struct span csv, struct places_report *report, struct diag *d)
{
	return places_import(&seam, root, "postcodes.csv", csv, report, d);
}

static void take(const char *csv)
{
	struct diag d = {0};
	struct places_report report;
	enum err e = import(span_text(csv), &report, &d);
	ck_assert_msg(!e, "%s: %s", csv, diag_first(&d));
	diag_fini(&d);
}

static struct places *open_places(void)
{
	struct diag d = {0};
	struct places *p = places_open(&seam, root, &d);
	ck_assert_msg(!d.count, "%s", diag_first(&d));
	return p;
}

static void check_at(const char *postcode, enum place_known known, double latitude,
		     double longitude)
{
	struct places *p = open_places();
	struct point at = {0, 0};
	ck_assert_msg(places_find(p, span_text(postcode), &at) == known, "%s", postcode);
	if (known != PLACE_UNKNOWN) {
		ck_assert_double_eq_tol(at.latitude, latitude, 0.000005);
		ck_assert_double_eq_tol(at.longitude, longitude, 0.000005);
	}
	places_free(p);
}

/* --- distances ------------------------------------------------------------------------------ */

struct pair {
	char code[2][10];
	struct point at[2];
	double metres;
};

static size_t read_pairs(struct pair *v)
{
	char path[300], line[300];
	const char *source = getenv("SOURCE");
	size_t n = 0;
	snprintf(path, sizeof path, "%s/tests/unit/distances.table", source ? source : ".");
	FILE *in = fopen(path, "r");
	ck_assert_msg(in != NULL, "%s", path);
	while (fgets(line, sizeof line, in)) {
		struct pair *p = &v[n];
		if (*line == '#')
			continue;
		ck_assert_uint_lt(n, PAIRS);
		ck_assert_msg(sscanf(line, "%9[^,], %lf %lf, %9[^,], %lf %lf, %lf", p->code[0],
				     &p->at[0].latitude, &p->at[0].longitude, p->code[1],
				     &p->at[1].latitude, &p->at[1].longitude, &p->metres) == 7,
			      "%s", line);
		n++;
	}
	fclose(in);
	return n;
}

static void check_distance(const struct pair *p, struct point a, struct point b)
{
	double metres = point_km(a, b) * 1000, off = fabs(metres - p->metres);
	ck_assert_msg(off <= METRES_OFF, "%s to %s: %.0f and not %.0f", p->code[0], p->code[1],
		      metres, p->metres);
	/* It is said with a tenth of a kilometre: an error that shows is one of a formula. */
	ck_assert_msg(off <= 1 + p->metres / 1000, "%s to %s: %.0f and not %.0f", p->code[0],
		      p->code[1], metres, p->metres);
}

START_TEST(known_distances)
{
	struct pair v[PAIRS];
	double least = 1e9, most = 0;
	ck_assert_uint_eq(read_pairs(v), PAIRS);
	for (size_t i = 0; i < PAIRS; i++) {
		check_distance(&v[i], v[i].at[0], v[i].at[1]);
		check_distance(&v[i], v[i].at[1], v[i].at[0]);
		least = fmin(least, v[i].metres);
		most = fmax(most, v[i].metres);
	}
	ck_assert(least < 250 && most > 30000);
	ck_assert_double_eq(point_km(v[0].at[0], v[0].at[0]), 0);
}
END_TEST

static bool read_shared(struct buf *csv)
{
	const char *shared = getenv("LINKBOOK_SHARED"), *source = getenv("SOURCE");
	char path[300];
	struct diag d = {0};
	if (shared)
		snprintf(path, sizeof path, "%s", shared);
	else
		snprintf(path, sizeof path, "%s/../shared", source ? source : "..");
	/* A source tree that lies beside the main one is a folder deeper. */
	if (!shared && access(path, R_OK) != 0)
		snprintf(path, sizeof path, "%s/../../shared", source ? source : "..");
	strcat(path, "/data/places/glasgow-west-dunbartonshire.csv");
	bool has = !file_read(&seam, path, PLACES_MOST, csv, &d);
	diag_fini(&d);
	if (!has)
		puts("SKIP all postcodes of Glasgow: the shared files are not here");
	return has;
}

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

START_TEST(all_of_glasgow_is_taken)
{
	struct buf csv = BUF_INIT;
	struct places_report report;
	struct diag d = {0};
	struct pair v[PAIRS];
	if (!read_shared(&csv))
		return;
	double from = seconds();
	ck_assert_int_eq(import(buf_span(&csv), &report, &d), OK);
	double took = seconds() - from;
	printf("%zu rows are taken in %.0f ms\n", report.rows, took * 1000);
	ck_assert_double_lt(took, 2);
	ck_assert_uint_eq(report.rows, ROWS);
	ck_assert(report.has_zone && report.has_rank);
	struct places *p = open_places();
	ck_assert_uint_eq(places_count(p), report.postcodes);
	ck_assert_uint_eq(read_pairs(v), PAIRS);
	for (size_t i = 0; i < PAIRS; i++) {
		struct point at[2];
		for (size_t k = 0; k < 2; k++)
			ck_assert_int_eq(places_find(p, span_text(v[i].code[k]), &at[k]),
					 PLACE_EXACT);
		check_distance(&v[i], at[0], at[1]);
	}
	places_free(p);
	buf_fini(&csv);
	diag_fini(&d);
}
END_TEST

/* --- without a table ------------------------------------------------------------------------ */

START_TEST(without_a_table_the_district_is_known)
{
	check_at("G22", PLACE_DISTRICT, 55.89, -4.25);
	check_at("G22 5AA", PLACE_DISTRICT, 55.89, -4.25);
	check_at("g225aa", PLACE_DISTRICT, 55.89, -4.25);
	check_at("G2 2AA", PLACE_DISTRICT, 55.86, -4.25);
	check_at("G83 8NJ", PLACE_DISTRICT, 55.99, -4.57);
	static const char *const none[] = {"", " ", "EH1 1AA", "22", "G", "G225AAG225AA", "5AA"};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		check_at(none[i], PLACE_UNKNOWN, 0, 0);
}
END_TEST

/* Each district's middle is where its postcodes are.  A few that lie outside but for a street, and
 * those of boxes and large firms, have none. */
START_TEST(districts_are_where_they_are)
{
	struct buf csv = BUF_INIT;
	struct diag d = {0};
	char code[10];
	double latitude, longitude;
	if (!read_shared(&csv))
		return;
	struct places *p = places_open(&seam, root, &d);
	size_t far = 0, unknown = 0, n = 0;
	for (const char *line = strchr(buf_text(&csv), '\n'); line; line = strchr(line + 1, '\n')) {
		struct point middle, at;
		if (sscanf(line + 1, "%9[^,],%lf,%lf", code, &latitude, &longitude) != 3)
			continue;
		at = (struct point){latitude, longitude};
		*strchr(code, ' ') = 0;
		n++;
		if (places_find(p, span_text(code), &middle) == PLACE_DISTRICT)
			far += point_km(at, middle) > 10;
		else
			unknown++;
	}
	ck_assert_uint_eq(n, ROWS);
	ck_assert_uint_lt(far, n / 1000);
	ck_assert_uint_lt(unknown, n / 50);
	places_free(p);
	buf_fini(&csv);
}
END_TEST

/* --- tables of other makes ------------------------------------------------------------------ */

#define AT_HOME "G22 5AA,55.8800,-4.2500\n"

START_TEST(tables_of_other_makes_are_read)
{
	static const char *const same[] = {
		"postcode,latitude,longitude\nG22 5AA,55.88,-4.25\n",
		"longitude,postcode,latitude\n-4.25,G22 5AA,55.88\n",
		"\"pcds\",\"lat\",\"long\"\n\"G22 5AA\",\"55.88\",\"-4.25\"\n",
		"name,pcds,oa11,lat,long\n\"Hall, the old\",G22 5AA,S0,55.88,-4.25\n",
		"\xef\xbb\xbfPostcode,Latitude,Longitude\r\nG22 5AA,55.88,-4.25\r\n",
		"postcode,latitude,longitude\n\n\nG22 5AA,55.88,-4.25",
		"postcode,latitude,longitude\ng225aa,55.88,-4.25,more,and more\n",
		"postcode,latitude,longitude\nG22  5AA,055.8800000,-04.25\n",
		"postcode,latitude,longitude,datazone2011,simd2020v2_rank\n"
		"G22 5AA,55.88,-4.25,S01010260,6976\n",
		"postcode,latitude,longitude,dz,rank\nG22 5AA,55.88,-4.25,,\n",
	};
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		take(same[i]);
		check_at("G22 5AA", PLACE_EXACT, 55.88, -4.25);
	}
}
END_TEST

START_TEST(split_postcodes_are_one)
{
	take("postcode,latitude,longitude\nG22 5AAA,55.88,-4.25\nG22 5AAB,55.89,-4.26\n"
	     "G33 1AB,55.85,-4.15\n");
	check_at("G22 5AA", PLACE_EXACT, 55.89, -4.26);
	check_at("G33 1AB", PLACE_EXACT, 55.85, -4.15); /* not a half of G33 1A */
	struct places *p = open_places();
	ck_assert_uint_eq(places_count(p), 2);
	places_free(p);
}
END_TEST

START_TEST(a_later_table_takes_the_place_of_the_first)
{
	take("postcode,latitude,longitude\nG22 5AA,55.88,-4.25\n");
	take("postcode,latitude,longitude\nG22 5AB,55.88,-4.25\n");
	check_at("G22 5AA", PLACE_DISTRICT, 55.89, -4.25);
	check_at("G22 5AB", PLACE_EXACT, 55.88, -4.25);
}
END_TEST

/* --- mistakes ------------------------------------------------------------------------------- */

#define HEAD "postcode,latitude,longitude\n"
#define LINE_OF(s)                                                                                 \
	{                                                                                          \
		s, sizeof s - 1                                                                    \
	}

static const struct wrong {
	const char *csv;
	size_t n;
} wrongs[] = {
	LINE_OF(""),
	LINE_OF("\n"),
	LINE_OF(HEAD), /* nothing in it */
	LINE_OF("G22 5AA,55.88,-4.25\n"), /* no names */
	LINE_OF("postcode,latitude\nG22 5AA,55.88\n"),
	LINE_OF("latitude,longitude\n55.88,-4.25\n"),
	LINE_OF(HEAD ",55.88,-4.25\n"),
	LINE_OF(HEAD "G22,55.88,-4.25\n"),
	LINE_OF(HEAD "G22 5A,55.88,-4.25\n"),
	LINE_OF(HEAD "22 5AA,55.88,-4.25\n"),
	LINE_OF(HEAD "G22 5AAG22 5AA,55.88,-4.25\n"),
	LINE_OF(HEAD "G22\xe9"
		     "5AA,55.88,-4.25\n"),
	LINE_OF(HEAD "G22 5AA\0,55.88,-4.25\n"),
	LINE_OF(HEAD "G22 5AA,55.88\0,-4.25\n"),
	LINE_OF(HEAD "\0\n"),
	LINE_OF(HEAD "G22 5AA\n"),
	LINE_OF(HEAD "G22 5AA,55.88\n"),
	LINE_OF(HEAD "G22 5AA,,-4.25\n"),
	LINE_OF(HEAD "G22 5AA,55.88,\n"),
	LINE_OF(HEAD "G22 5AA,-4.25,55.88\n"), /* the wrong way round */
	LINE_OF(HEAD "G22 5AA,55.88,-40.25\n"),
	LINE_OF(HEAD "G22 5AA,99.999999,0\n"), /* the directory's sign for unknown */
	LINE_OF(HEAD "G22 5AA,55.88,.\n"),
	LINE_OF(HEAD "G22 5AA,55.88,-\n"),
	LINE_OF(HEAD "G22 5AA,55.88,-.\n"),
	LINE_OF(HEAD "G22 5AA,55.88,-4.2.5\n"),
	LINE_OF(HEAD "G22 5AA,55.88,--4\n"),
	LINE_OF(HEAD "G22 5AA,55.88,1e0\n"),
	LINE_OF(HEAD "G22 5AA,55.88,nan\n"),
	LINE_OF(HEAD "G22 5AA,5588E-2,-4.25\n"),
	LINE_OF(HEAD "G22 5AA,\"55,88\",\"-4,25\"\n"), /* as others write numbers */
	LINE_OF(HEAD "G22 5AA,000000000000000000000055.88,-4.25\n"),
	LINE_OF("postcode,latitude,longitude,datazone\nG22 5AA,55.88,-4.25,\"S01,=1\"\n"),
	LINE_OF("postcode,latitude,longitude,rank\nG22 5AA,55.88,-4.25,12345678\n"),
};

static void check_nothing_taken(void)
{
	struct stat st;
	ck_assert_int_ne(stat(file, &st), 0);
}

START_TEST(a_mistake_is_said_and_nothing_taken)
{
	struct diag d = {0};
	struct places_report report;
	const struct wrong *w = &wrongs[_i];
	enum err e = import(span_of((const uint8_t *)w->csv, w->n), &report, &d);
	ck_assert_msg(e == ERR_INPUT, "%s", w->csv);
	ck_assert_uint_eq(d.count, 1);
	ck_assert_str_eq(d.lines[0].file, "postcodes.csv");
	ck_assert_uint_eq(
		d.lines[0].line,
		!strncmp(w->csv, "postcode,latitude,longitude", 27) && w->n > sizeof HEAD ? 2 : 1);
	ck_assert_uint_gt(strlen(diag_first(&d)), 20);
	check_nothing_taken();
	diag_fini(&d);
}
END_TEST

START_TEST(all_mistakes_are_said_at_once)
{
	struct buf csv = BUF_INIT;
	struct diag d = {0};
	struct places_report report;
	buf_add_text(&csv, HEAD AT_HOME);
	for (int i = 0; i < 30; i++)
		buf_add_text(&csv, i % 2 ? AT_HOME : "G22,55.88,-4.25\n");
	ck_assert_int_eq(import(buf_span(&csv), &report, &d), ERR_INPUT);
	ck_assert_uint_eq(d.count, 15);
	for (size_t i = 0; i < d.count; i++)
		ck_assert_uint_eq(d.lines[i].line, 3 + 2 * i);
	check_nothing_taken();
	diag_fini(&d);
	d = (struct diag){0};
	for (int i = 0; i < 20; i++)
		buf_add_text(&csv, "G22 5AA,4,55\n");
	ck_assert_int_eq(import(buf_span(&csv), &report, &d), ERR_INPUT);
	ck_assert_uint_eq(d.count, 21);
	ck_assert_ptr_nonnull(strstr(d.lines[20].text, "15 more"));
	diag_fini(&d);
	buf_fini(&csv);
}
END_TEST

START_TEST(a_table_with_a_mistake_leaves_the_one_before)
{
	struct diag d = {0};
	struct places_report report;
	take(HEAD AT_HOME);
	ck_assert_int_eq(import(span_text(HEAD "G22 5AB,55.88,-4.25\nG22 5A,1,1\n"), &report, &d),
			 ERR_INPUT);
	check_at("G22 5AA", PLACE_EXACT, 55.88, -4.25);
	check_at("G22 5AB", PLACE_DISTRICT, 55.89, -4.25);
	diag_fini(&d);
}
END_TEST

START_TEST(long_lines_and_many_columns_do_no_harm)
{
	struct buf csv = BUF_INIT;
	struct diag d = {0};
	struct places_report report;
	buf_add_text(&csv, "postcode");
	for (int i = 0; i < 5000; i++)
		buf_printf(&csv, ",\"column %d\"", i);
	buf_add_text(&csv, ",latitude,longitude\n" AT_HOME);
	ck_assert_int_eq(import(buf_span(&csv), &report, &d), ERR_INPUT);
	buf_clear(&csv);
	buf_add_text(&csv, HEAD AT_HOME);
	for (int i = 0; i < 1000000; i++)
		buf_add_byte(&csv, i % 3 ? 'G' : '"');
	ck_assert_int_eq(import(buf_span(&csv), &report, &d), ERR_INPUT);
	buf_clear(&csv);
	buf_add_text(&csv, HEAD "G22 5AA,55.88,-4.25,");
	for (int i = 0; i < 1000000; i++)
		buf_add_byte(&csv, 'x');
	ck_assert_int_eq(import(buf_span(&csv), &report, &d), OK);
	check_at("G22 5AA", PLACE_EXACT, 55.88, -4.25);
	diag_fini(&d);
	buf_fini(&csv);
}
END_TEST

/* --- a table in the book that somebody was at ------------------------------------------------ */

static void write_file(struct span bytes)
{
	FILE *out = fopen(file, "w");
	ck_assert_ptr_nonnull(out);
	ck_assert_uint_eq(fwrite(bytes.p, 1, bytes.n, out), bytes.n);
	fclose(out);
}

/* What is wrong is said, and districts are known all the same. */
static void check_spoilt(void)
{
	struct diag d = {0};
	struct point at;
	struct places *p = places_open(&seam, root, &d);
	ck_assert_uint_gt(d.count, 0);
	ck_assert_uint_eq(places_count(p), 0);
	ck_assert_int_eq(places_find(p, span_text("G22 5AA"), &at), PLACE_DISTRICT);
	places_free(p);
	diag_fini(&d);
}

START_TEST(a_spoilt_table_is_said_and_does_no_harm)
{
	uint8_t garbage[4096];
	take(HEAD AT_HOME "G22 5AB,55.88,-4.25\n");
	struct buf good = BUF_INIT;
	struct diag d = {0};
	ck_assert_int_eq(file_read(&seam, file, PLACES_MOST, &good, &d), OK);
	write_file(span_of(good.p, good.n - 12)); /* cut in a row */
	check_spoilt();
	write_file(span_of(good.p, 20)); /* cut in its head */
	check_spoilt();
	write_file(span_of(good.p, 0));
	check_spoilt();
	for (int round = 0; round < 20; round++) {
		seam.random(&seam, garbage, sizeof garbage);
		write_file(span_of(garbage, sizeof garbage));
		check_spoilt();
	}
	unlink(file);
	ck_assert_int_eq(symlink("/etc/passwd", file), 0);
	check_spoilt();
	unlink(file);
	ck_assert_int_eq(mkdir(file, 0700), 0);
	check_spoilt();
	rmdir(file);
	ck_assert_int_eq(mkfifo(file, 0600), 0); /* nobody ever writes into it */
	check_spoilt();
	buf_fini(&good);
}
END_TEST

/* Any one byte altered: it is said, or a table is there; never a crash, and a place is always in
 * these islands. */
START_TEST(any_byte_may_be_another)
{
	take(HEAD AT_HOME "G22 5AB,55.88,-4.25\n");
	struct buf good = BUF_INIT;
	struct diag d = {0};
	ck_assert_int_eq(file_read(&seam, file, PLACES_MOST, &good, &d), OK);
	static const uint8_t bytes[] = {0, '\n', ',', '"', '-', '.', '9', 'A', 0xff};
	for (size_t i = 0; i < good.n; i++)
		for (size_t k = 0; k < sizeof bytes; k++) {
			struct point at;
			uint8_t was = good.p[i];
			good.p[i] = bytes[k];
			write_file(buf_span(&good));
			struct places *p = places_open(&seam, root, &d);
			ck_assert_int_ne(places_find(p, span_text("G22 5AA"), &at), PLACE_UNKNOWN);
			ck_assert(at.latitude >= 49 && at.latitude <= 61 && at.longitude >= -9 &&
				  at.longitude <= 2);
			places_free(p);
			good.p[i] = was;
		}
	buf_fini(&good);
	diag_fini(&d);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, known_distances);
	tcase_add_test(t, all_of_glasgow_is_taken);
	tcase_add_test(t, without_a_table_the_district_is_known);
	tcase_add_test(t, districts_are_where_they_are);
	tcase_add_test(t, tables_of_other_makes_are_read);
	tcase_add_test(t, split_postcodes_are_one);
	tcase_add_test(t, a_later_table_takes_the_place_of_the_first);
	tcase_add_loop_test(t, a_mistake_is_said_and_nothing_taken, 0,
			    sizeof wrongs / sizeof *wrongs);
	tcase_add_test(t, all_mistakes_are_said_at_once);
	tcase_add_test(t, a_table_with_a_mistake_leaves_the_one_before);
	tcase_add_test(t, long_lines_and_many_columns_do_no_harm);
	tcase_add_test(t, a_spoilt_table_is_said_and_does_no_harm);
	tcase_add_test(t, any_byte_may_be_another);
}

UNIT_MAIN("places")

/* SPDX-License-Identifier: MIT
 *
 * Finding groups: the lines of two tables over the three practices that come along, each with the
 * group that is meant and what is to be understood.
 */
#include "book_stage.h"
#include <linkbook/finder.h>
#include <linkbook/seed.h>

#include <string.h>

enum { RIGHT_LEAST = 57, ANSWERS = 3 };

static void seed(struct book *b, const char *file)
{
	const struct resource *r = resource_find(file);
	struct seed_report report = {0};
	struct diag d = {0};
	ck_assert_ptr_nonnull(r);
	enum err e = seed_load(b, r->name, span_of(r->bytes, r->size), &report, &d);
	ck_assert_msg(!e, "%s: %s", file, diag_first(&d));
	diag_fini(&d);
}

static void load_more_terms(void)
{
	static const char *const files[] = {"data/terms/practice.yaml", "data/terms/synonyms.yaml"};
	for (size_t i = 0; i < 2; i++) {
		const struct resource *r = resource_find(files[i]);
		struct diag d = {0};
		enum err e = terms_load(terms, r->name, span_of(r->bytes, r->size), &d);
		ck_assert_msg(!e, "%s", diag_first(&d));
	}
}

static struct book *open_seeded(void)
{
	static const char *const practices[] = {"ashgill", "sallowbank", "dunnock"};
	load_more_terms();
	struct book *b = open_book(here);
	for (size_t i = 0; i < 3; i++) {
		char file[80];
		snprintf(file, sizeof file, "data/practices/%s/practice.yaml", practices[i]);
		seed(b, file);
		snprintf(file, sizeof file, "data/practices/%s/resources.yaml", practices[i]);
		seed(b, file);
	}
	return b;
}

static struct finder *open_finder(struct book *b)
{
	struct finder *f = finder_new(b);
	struct diag d = {0};
	ck_assert_int_eq(finder_refresh(f, &d), OK);
	ck_assert_msg(!d.count, "%s", diag_first(&d));
	return f;
}

/* --- the table ------------------------------------------------------------------------------ */

static bool is_of_key(const struct finder *f, size_t i, const char *key)
{
	static const char *const practices[] = {"ashgill", "sallowbank", "dunnock"};
	char seed_key[120];
	bool is = false;
	snprintf(seed_key, sizeof seed_key, "resource/%s", key);
	for (size_t k = 0; k < 3; k++) {
		struct id id = book_seed_id(practices[k], seed_key);
		struct ref ref = finder_ref(f, i);
		is |= id_equal(&ref.record, &id);
	}
	return is;
}

static void trim(char *text)
{
	size_t n = strlen(text);
	while (n && (text[n - 1] == ' ' || text[n - 1] == '\n'))
		text[--n] = 0;
}

/* "query = key = what is understood"; false: no line of the table. */
static bool take_apart(char *line, char **query, char **key, char **understood)
{
	if (*line == '#' || *line == '\n')
		return false;
	*query = line;
	*key = strstr(line, " = ");
	ck_assert_msg(*key != NULL, "%s", line);
	**key = 0;
	*key += 3;
	*understood = strstr(*key, " = ");
	ck_assert_msg(*understood != NULL, "%s", line);
	**understood = 0;
	*understood += 3;
	trim(*query);
	trim(*key);
	trim(*understood);
	return true;
}

static void complain(const struct finder *f, const struct find_answer *a, const char *query,
		     const char *key, const char *said)
{
	printf("%s: not %s first, but", query, key);
	for (size_t i = 0; i < ANSWERS && i < a->hit_count; i++)
		printf(" [%s %d]", finder_name(f, a->hits[i].i), a->hits[i].score);
	for (size_t i = 0; !a->hit_count && i < ANSWERS && i < a->near_count; i++)
		printf(" near [%s %d]", finder_name(f, a->near[i].i), a->near[i].score);
	printf(" (understood: %s)\n", said);
}

struct tally {
	size_t all, right, unclear;
};

static void ask_line(const struct finder *f, char *line, struct tally *n)
{
	char *query, *key, *understood;
	struct find_answer a;
	struct buf said = BUF_INIT;
	if (!take_apart(line, &query, &key, &understood))
		return;
	struct find_request request = {.typed = span_text(query)};
	finder_ask(f, &request, &a);
	finder_say_pieces(&a, &said);
	bool is_right = a.hit_count && is_of_key(f, a.hits[0].i, key);
	if (!is_right)
		complain(f, &a, query, key, buf_text(&said));
	if (strcmp(buf_text(&said), understood) != 0) {
		printf("%s = %s = %s\n", query, key, buf_text(&said));
		n->unclear++;
	}
	n->right += is_right;
	n->all++;
	find_answer_fini(&a);
	buf_fini(&said);
}

static const char *const tables[] = {"find.table", "find-second.table"};
enum { TABLES = sizeof tables / sizeof *tables };

START_TEST(the_group_that_is_meant_comes_first)
{
	struct book *b = open_seeded();
	struct finder *f = open_finder(b);
	struct tally n = {0};
	char path[300], line[300];
	const char *source = getenv("SOURCE");
	snprintf(path, sizeof path, "%s/tests/unit/%s", source ? source : ".", tables[_i]);
	FILE *table = fopen(path, "r");
	ck_assert_msg(table != NULL, "%s", path);
	while (fgets(line, sizeof line, table))
		ask_line(f, line, &n);
	fclose(table);
	printf("%s: %zu of %zu lines find what is meant first\n", tables[_i], n.right, n.all);
	fflush(stdout); /* Check ends a child that failed without it */
	ck_assert_uint_ge(n.all, 60);
	ck_assert_uint_ge(n.right * 60, (size_t)RIGHT_LEAST * n.all);
	ck_assert_uint_eq(n.unclear, 0);
	finder_free(f);
	book_close(b);
}
END_TEST

/* --- how a line is taken -------------------------------------------------------------------- */

static const struct {
	const char *line, *first, *understood;
} takes[] = {
	/* What no group has is let go, where there is something else to look for. */
	{"soup xylophonist milton", "milton-soup",
	 "Free meals or Lunch club \xc2\xb7 perhaps \"xylophonist\" \xc2\xb7 Milton"},
	{"boccia xylophonist", "wheels-and-all", "\"boccia\" \xc2\xb7 perhaps \"xylophonist\""},
	{"xylophonist milton", NULL, "\"xylophonist\" \xc2\xb7 Milton"},
	/* A word of two meanings is met by either. */
	{"lift lambhill", "hop-in-drivers", "Volunteer drivers or Lift \xc2\xb7 Lambhill"},
	{"lift lunch gorbals", "gorbals-big-plate",
	 "Volunteer drivers or Lift \xc2\xb7 Lunch club \xc2\xb7 Gorbals"},
	/* Small words between are no matter. */
	{"lift to her hospital milton", "hop-in-drivers", "Lifts to appointments \xc2\xb7 Milton"},
	/* A word that groups use is no place that has only begun (Bowling). */
	{"bowl soup", "milton-soup", "\"bowl\" \xc2\xb7 Free meals or Lunch club"},
	{"walk possil ", "possilpark-walkers", "Outdoors \xc2\xb7 Possilpark"},
	/* At most, in other words; and one thing said twice is one. */
	{"lunch gorbals no more than £4", "gorbals-big-plate",
	 "Lunch club \xc2\xb7 Gorbals \xc2\xb7 up to \xc2\xa3"
	 "4.00"},
	{"landlord damp rent maryhill", "dry-roof", "Housing advice \xc2\xb7 Maryhill"},
};

START_TEST(a_line_is_taken_as_it_is_meant)
{
	struct book *b = open_seeded();
	struct finder *f = open_finder(b);
	for (size_t i = 0; i < sizeof takes / sizeof *takes; i++) {
		struct find_answer a;
		struct buf said = BUF_INIT;
		struct find_request request = {.typed = span_text(takes[i].line)};
		finder_ask(f, &request, &a);
		finder_say_pieces(&a, &said);
		ck_assert_str_eq(buf_text(&said), takes[i].understood);
		ck_assert_msg((a.hit_count > 0) == (takes[i].first != NULL), "%s", takes[i].line);
		ck_assert_msg(!takes[i].first || is_of_key(f, a.hits[0].i, takes[i].first),
			      "%s: %s", takes[i].line, finder_name(f, a.hits[0].i));
		find_answer_fini(&a);
		buf_fini(&said);
	}
	finder_free(f);
	book_close(b);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, the_group_that_is_meant_comes_first, 0, TABLES);
	tcase_add_test(t, a_line_is_taken_as_it_is_meant);
}

UNIT_MAIN("find")

/* SPDX-License-Identifier: MIT */
#include <linkbook/resource.h>
#include <linkbook/terms.h>
#include <linkbook/value.h>

#include <stdio.h>

#include "unit.h"

static const struct when today = {2026, 11, 24, 10, 47};

static enum err typed(const struct field *f, const char *text, struct buf *out, struct diag *d)
{
	return value_read(f, text, NULL, today, WHEN_BACK, out, d);
}

static const struct {
	enum vtype type;
	const char *typed, *said; /* said NULL: refused */
} readings[] = {
	{V_TEXT, " two words ", "two words"},
	{V_TEXT, "a\nb", NULL},
	{V_NOTE, "a\nb\n", "a\nb"},
	{V_DATE, "12/3/1961", "12 Mar 1961"},
	{V_DATE, "31/2/1961", NULL},
	{V_DATE, "today 10am", NULL},
	{V_CHI, "010120 1234", "0101201234"},
	{V_CHI, "0101201233", NULL},
	{V_TEXT, "no \xff letter", NULL},
	{V_NUMBER, "-3", "-3"},
	{V_NUMBER, "-", NULL},
	{V_MONEY, "3.5x", NULL},
	{V_MOMENT, "today 10am", "Tue 24 Nov 10:00"},
	{V_TIME, "half 2", "14:30"},
	{V_TIME, "25:00", NULL},
	{V_POSTCODE, "g51 2rt", "G51 2RT"},
	{V_POSTCODE, "NF1 1NF", "NF1 1NF"},
	{V_POSTCODE, "51 2RT", NULL},
	{V_PHONE, "0141 496 0123 ext 4", "0141 496 0123 ext 4"},
	{V_PHONE, "none", NULL},
	{V_NUMBER, "45 min", "45"},
	{V_NUMBER, "many", NULL},
	{V_MONEY, "£3.50", "£3.50"},
	{V_MONEY, "2", "£2.00"},
	{V_MONEY, "3.5", NULL},
	{V_MONEY, "-3.50", NULL},
	{V_MONEY, "10000000", "£10000000.00"},
	{V_MONEY, "10000000.01", NULL},
	{V_WORDS, " lower ward ", "lower ward"},
	{V_WORDS, "a\nb", NULL},
	{V_RECORDS, "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"},
	{V_RECORDS, "0123", NULL},
	{V_YESNO, "Yes", "yes"},
	{V_YESNO, "maybe", NULL},
	{V_TEXT,
	 "Macleo\xcc\x80"
	 "d",
	 "MacLe\xc3\xb2"
	 "d"},
};

START_TEST(typed_becomes_a_value_and_is_said)
{
	struct field f = {"field", readings[_i].type};
	struct buf v = BUF_INIT, said = BUF_INIT;
	struct diag d = {0};
	enum err e = typed(&f, readings[_i].typed, &v, &d);
	if (!readings[_i].said) {
		ck_assert_int_eq(e, ERR_INPUT);
		ck_assert_uint_eq(d.count, 1);
		ck_assert_uint_eq(v.n, 0);
	} else {
		ck_assert_msg(!e, "%s", diag_first(&d));
		value_say(&f, buf_span(&v), NULL, today, &said);
		ck_assert_int_eq(strcasecmp(buf_text(&said), readings[_i].said), 0);
	}
	buf_fini(&v);
	buf_fini(&said);
	diag_fini(&d);
}
END_TEST

/* What stands there is said as well as it can be, whatever it is, and typed again as it was. */
static const struct {
	enum vtype type;
	const char *bytes, *said, *typed; /* CBOR of less than 24 bytes, so without a 0 in it */
} sayings[] = {
	{V_CHOICE,
	 "\x64"
	 "gone",
	 "gone (no longer in the list)", "gone (no longer in the list)"},
	{V_DATE,
	 "\x6a"
	 "1961-03-12",
	 "12 Mar 1961", "12/3/1961"},
	{V_DATE,
	 "\x66"
	 "spring",
	 "spring", "spring"},
	{V_MOMENT,
	 "\x70"
	 "2026-11-24T10:00",
	 "Tue 24 Nov 10:00", "24/11/2026 10:00"},
	{V_MONEY, "\x19\x01\x5e", "£3.50", "3.50"},
	{V_NUMBER, "\x18\x2d", "45", "45"},
	{V_YESNO, "\xf5", "yes", "yes"},
	{V_YESNO, "\xf4", "no", "no"},
	{V_TEXT, "\xf6", "", ""},
	{V_TEXT, "\x81\x01", "(written by a newer version)", "(written by a newer version)"},
	{V_ROWS,
	 "\xa2\x63"
	 "day\x63"
	 "tue\x64"
	 "gone\x61"
	 "x",
	 "tue", "tue"},
};

START_TEST(a_value_is_said_and_typed_again)
{
	static const struct field cells[] = {{"day", V_TEXT}, {"to", V_TIME}, {NULL}};
	struct field f = {"field", sayings[_i].type, .terms = "none", .cells = cells};
	struct buf said = BUF_INIT, again = BUF_INIT;
	struct terms *terms = terms_new();
	value_say(&f, span_text(sayings[_i].bytes), terms, today, &said);
	value_type(&f, span_text(sayings[_i].bytes), terms, &again);
	ck_assert_str_eq(buf_text(&said), sayings[_i].said);
	ck_assert_str_eq(buf_text(&again), sayings[_i].typed);
	terms_free(terms);
	buf_fini(&said);
	buf_fini(&again);
}
END_TEST

START_TEST(a_row_has_only_its_cells)
{
	static const struct field cells[] = {{"day", V_TEXT}, {"to", V_TIME}, {NULL}};
	struct field f = {"hours", V_ROWS, .cells = cells};
	struct diag d = {0};
	struct span other = span_text("\xa1\x64"
				      "else\x61"
				      "x"),
		    bad = span_text("\xa1\x62"
				    "to\x61"
				    "x");
	ck_assert_int_eq(value_check(&f, other, NULL, &d), ERR_INPUT);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "there is no cell \"else\""));
	ck_assert_int_eq(value_check(&f, bad, NULL, NULL), ERR_INPUT);
	diag_fini(&d);
}
END_TEST

START_TEST(nothing_typed_clears)
{
	struct field f = {"field", V_DATE};
	struct buf v = BUF_INIT;
	ck_assert_int_eq(typed(&f, "  ", &v, NULL), OK);
	ck_assert(value_is_null(buf_span(&v)));
	buf_fini(&v);
}
END_TEST

/* One text as the value of a field: the first sentence about it, "" when there is none. */
static const char *fault_of(const struct field *f, const char *text, char *to, size_t size)
{
	struct buf v = BUF_INIT;
	struct diag d = {0};
	value_add_text(&v, span_text(text));
	enum err e = value_check(f, buf_span(&v), NULL, &d);
	ck_assert_int_eq(e, d.count ? ERR_INPUT : OK);
	snprintf(to, size, "%s", d.count ? d.lines[0].text : "");
	buf_fini(&v);
	diag_fini(&d);
	return to;
}

static const struct {
	enum vtype type;
	const char *stored;
	bool good;
} stored[] = {
	{V_MOMENT, "2026-11-24T10:00[Europe/London]", true},
	{V_MOMENT, "2026-11-24T10:00:30[America/Argentina/Buenos_Aires]", true},
	{V_MOMENT, "2026-11-24T10:00", true},
	{V_MOMENT, "2026-11-24T24:00[Europe/London]", false},
	{V_MOMENT, "2026-02-29T10:00[Europe/London]", false},
	{V_MOMENT, "2026-11-24T10:00[]", false},
	{V_MOMENT, "2026-11-24T10:00[Europe/London", false},
	{V_MOMENT, "2026-11-24T10:00Europe/London", false},
	{V_MOMENT, "2026-11-24T10:00[Europe/London] ", false},
	{V_MOMENT, "2026-11-24[Europe/London]", false},
	{V_MOMENT, "2026-11-24T10:00+01:00", false},
	{V_DATE, "2026-11-24T10:00[Europe/London]", false},
	{V_TIME, "10:00", true},
	{V_TIME, "10:00[Europe/London]", false},
	{V_WORDS, "lower ward", true},
	{V_WORDS, "", false},
	{V_WORDS, " ward", false},
	{V_WORDS, "ward ", false},
	{V_POSTCODE, "G51 2RT", true},
	{V_POSTCODE, "G512RT", false},
	{V_POSTCODE, "EHH1 1AA", false},
	{V_POSTCODE, "SW1A 1AA", true},
};

START_TEST(a_stored_text_is_of_its_type)
{
	struct field f = {"field", stored[_i].type};
	char said[300];
	fault_of(&f, stored[_i].stored, said, sizeof said);
	ck_assert_msg(!*said == stored[_i].good, "\"%s\": %s", stored[_i].stored, said);
}
END_TEST

START_TEST(words_of_a_set_are_short)
{
	struct field f = {"field", V_WORDS};
	char text[300] = {0}, said[300];
	memset(text, 'a', 200);
	ck_assert_str_eq(fault_of(&f, text, said, sizeof said), "");
	text[200] = 'a';
	ck_assert_str_ne(fault_of(&f, text, said, sizeof said), "");
}
END_TEST

START_TEST(money_keeps_to_its_bounds)
{
	static const struct {
		int min, max;
		int64_t pence;
		bool good;
	} cases[] = {
		{0, 0, 0, true},	   {0, 0, -1, false},	  {0, 0, 1000000000, true},
		{0, 0, 1000000001, false}, {100, 500, 100, true}, {100, 500, 99, false},
		{100, 500, 501, false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct field f = {"cost", V_MONEY, .min = cases[i].min, .max = cases[i].max};
		struct buf v = BUF_INIT;
		struct diag d = {0};
		value_add_int(&v, cases[i].pence);
		ck_assert_msg((value_check(&f, buf_span(&v), NULL, &d) == OK) == cases[i].good,
			      "case %zu", i);
		ck_assert(cases[i].good || strstr(d.lines[0].text, "write a sum from £"));
		buf_fini(&v);
		diag_fini(&d);
	}
}
END_TEST

/* What is wrong first, in the order of Public Health Scotland. */
static const struct {
	const char *chi, *said;
} chi_faults[] = {
	{"", "write ten digits"},
	{"a", "too few"},
	{"123456789", "was there a 0 in front"},
	{"12345678\xc3\xa9", "was there a 0 in front"},
	{"a1234567890", "too many"},
	{"a133119999", "only digits"},
	{"010120123\xc3\xa9", "only digits"},
	{"3213209999", "not a date of birth"},
	{"2902191230", "not a date of birth"},
	{"0101201233", "last digit"},
	{"2902201230", ""},
	{"0101201234", ""},
};

START_TEST(chi_faults_come_in_order)
{
	struct field f = {"chi", V_CHI};
	char said[300];
	fault_of(&f, chi_faults[_i].chi, said, sizeof said);
	ck_assert_msg(*chi_faults[_i].said ? strstr(said, chi_faults[_i].said) != NULL : !*said,
		      "%s: %s", chi_faults[_i].chi, said);
}
END_TEST

static const struct {
	const char *chi, *born; /* NULL: nothing stands there */
	bool fits;
} births[] = {
	{"1904851231", "1985-04-19", true},  {"1904851231", "1985-04-18", false},
	{"1904851231", "1985-05-19", false}, {"1904851231", "1958-04-19", false},
	{"0101011237", "1901-01-01", true},  {"0101011237", "2001-01-01", true},
	{"0101011237", "2101-01-01", true},  {"0101011237", NULL, true},
	{NULL, "1985-04-19", true},	     {NULL, NULL, true},
	{"1904", "1985-04-19", true},	     {"1904851231", "one spring", true},
};

START_TEST(a_chi_number_tells_the_day_of_birth)
{
	struct buf chi = BUF_INIT, born = BUF_INIT;
	if (births[_i].chi)
		value_add_text(&chi, span_text(births[_i].chi));
	if (births[_i].born)
		value_add_text(&born, span_text(births[_i].born));
	ck_assert_int_eq(value_chi_fits_birth(buf_span(&chi), buf_span(&born)), births[_i].fits);
	buf_fini(&chi);
	buf_fini(&born);
}
END_TEST

/* Their message, and the piece of ours that says the same. */
static const char *our_words(const char *theirs)
{
	static const char *const same[][2] = {
		{"Valid CHI", ""},
		{"Missing", "write ten digits"},
		{"Too few", "too few"},
		{"Too many", "too many"},
		{"Invalid character", "only digits"},
		{"Invalid date", "not a date of birth"},
		{"Invalid checksum", "last digit"},
	};
	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		if (!strncmp(theirs, same[i][0], strlen(same[i][0])))
			return same[i][1];
	ck_abort_msg("%s", theirs);
}

/* The vectors come from the maintainers of the check; see DOMAIN 3.5 for their source. */
START_TEST(chi_numbers_as_public_health_scotland_checks_them)
{
	const char *shared = getenv("LINKBOOK_SHARED");
	char path[300], line[300];
	snprintf(path, sizeof path, "%s/data/vectors/chi_test_vectors.csv",
		 shared ? shared : "../../shared");
	FILE *in = fopen(path, "r");
	if (!in) {
		puts("SKIP chi vectors: the shared files are not here");
		return;
	}
	const struct field f = {"chi", V_CHI};
	int seen = 0;
	ck_assert_ptr_nonnull(fgets(line, sizeof line, in));
	while (fgets(line, sizeof line, in)) {
		char *chi = line, *comma = strchr(line, ','), said[300];
		*comma = 0;
		const char *want = our_words(comma + 1);
		fault_of(&f, chi, said, sizeof said);
		ck_assert_msg(*want ? strstr(said, want) != NULL : !*said, "%s: %s", chi, said);
		seen++;
	}
	fclose(in);
	ck_assert_int_ge(seen, 31);
}
END_TEST

START_TEST(only_deterministic_bytes_are_read)
{
	static const struct {
		const char *bytes;
		size_t n;
		bool ok;
	} cases[] = {
		{"\x01", 1, true},
		{"\x18\x01", 2, false}, /* longer than needed */
		{"\x61"
		 "a",
		 2, true},
		{"\x62"
		 "a",
		 2, false}, /* cut short */
		{"\x61\xff", 2, false}, /* no UTF-8 */
		{"\xa2\x01\x01\x02\x02", 5, true},
		{"\xa2\x02\x02\x01\x01", 5, false}, /* keys out of order */
		{"\xa2\x01\x01\x01\x01", 5, false}, /* the same key twice */
		{"\x9f\xff", 2, false}, /* indefinite */
		{"\xfb\x3f\xf0\x00\x00\x00\x00\x00\x00", 9, false}, /* float */
		{"\xc0\x61"
		 "a",
		 3, false}, /* tag */
		{"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff", 9, false}, /* more items than bytes */
		{"\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x81\x01", 19,
		 false}, /* too deep */
		{"\xf6", 1, true},
		{"", 0, false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct span at = span_of(cases[i].bytes, cases[i].n), item;
		ck_assert_msg((value_take_any(&at, &item) && !at.n) == cases[i].ok, "case %zu", i);
	}
}
END_TEST

START_TEST(random_bytes_never_crash_the_reader)
{
	uint32_t seed = 20261124;
	for (int round = 0; round < 200000; round++) {
		uint8_t bytes[40];
		size_t n = (seed >> 8) % sizeof bytes;
		for (size_t i = 0; i < n; i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[i] = (uint8_t)(seed >> 24);
		}
		seed = seed * 1664525 + 1013904223;
		struct span at = span_of(bytes, n), item;
		if (value_take_any(&at, &item))
			ck_assert_uint_eq(item.n + at.n, n);
	}
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

static void add_tests(TCase *t)
{
	tcase_add_loop_test(t, typed_becomes_a_value_and_is_said, 0,
			    sizeof readings / sizeof *readings);
	tcase_add_loop_test(t, a_value_is_said_and_typed_again, 0,
			    sizeof sayings / sizeof *sayings);
	tcase_add_test(t, a_row_has_only_its_cells);
	tcase_add_test(t, nothing_typed_clears);
	tcase_add_loop_test(t, a_stored_text_is_of_its_type, 0, COUNT(stored));
	tcase_add_test(t, words_of_a_set_are_short);
	tcase_add_test(t, money_keeps_to_its_bounds);
	tcase_add_loop_test(t, chi_faults_come_in_order, 0, COUNT(chi_faults));
	tcase_add_loop_test(t, a_chi_number_tells_the_day_of_birth, 0, COUNT(births));
	tcase_add_test(t, chi_numbers_as_public_health_scotland_checks_them);
	tcase_add_test(t, only_deterministic_bytes_are_read);
	tcase_add_test(t, random_bytes_never_crash_the_reader);
}

UNIT_MAIN("value")

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
	{V_MOMENT, "today 2pm", "Tue 24 Nov 14:00"},
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

START_TEST(nothing_typed_clears)
{
	struct field f = {"field", V_DATE};
	struct buf v = BUF_INIT;
	ck_assert_int_eq(typed(&f, "  ", &v, NULL), OK);
	ck_assert(value_is_null(buf_span(&v)));
	buf_fini(&v);
}
END_TEST

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
		char *chi = line, *comma = strchr(line, ',');
		*comma = 0;
		if (!*chi)
			continue; /* missing: no value at all */
		bool valid = !strncmp(comma + 1, "Valid", 5);
		struct buf v = BUF_INIT;
		value_add_text(&v, span_text(chi));
		ck_assert_msg((value_check(&f, buf_span(&v), NULL, NULL) == OK) == valid, "%s",
			      chi);
		buf_fini(&v);
		seen++;
	}
	fclose(in);
	ck_assert_int_ge(seen, 25);
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

static void add_tests(TCase *t)
{
	tcase_add_loop_test(t, typed_becomes_a_value_and_is_said, 0,
			    sizeof readings / sizeof *readings);
	tcase_add_test(t, nothing_typed_clears);
	tcase_add_test(t, chi_numbers_as_public_health_scotland_checks_them);
	tcase_add_test(t, only_deterministic_bytes_are_read);
	tcase_add_test(t, random_bytes_never_crash_the_reader);
}

UNIT_MAIN("value")

/* SPDX-License-Identifier: MIT
 *
 * Seed files out of a book and into a fresh one: every field is the same, and the files that come
 * out of that one are, byte for byte, those that went in.
 */
#include <linkbook/export.h>
#include <linkbook/extra.h>
#include <linkbook/seed.h>

#include "awkward.h"
#include "book_stage.h"
#include "draw.h"

enum { RECORDS = 40, ROUNDS = 12 };

static void load(struct book *b, const char *name, struct span yaml)
{
	struct seed_report r = {0};
	struct diag d = {0};
	enum err e = seed_load(b, name, yaml, &r, &d);
	ck_assert_msg(!e, "%s:%u:%u: %s", name, d.count ? d.lines[0].line : 0,
		      d.count ? d.lines[0].column : 0, diag_first(&d));
	seed_report_fini(&r);
}

/* Both files of one practice. */
struct files {
	struct buf practice, resources;
	size_t conflicts;
	struct diag told;
};

static void files_fini(struct files *f)
{
	buf_fini(&f->practice);
	buf_fini(&f->resources);
	diag_fini(&f->told);
}

static void write_out(struct book *b, const struct export_practice *p, struct files *f)
{
	struct export_report r = {0};
	*f = (struct files){BUF_INIT, BUF_INIT, 0, {0}};
	ck_assert_int_eq(export_yaml(b, p, kind_find("practice"), &f->practice, &r, &f->told), OK);
	ck_assert_uint_eq(r.count, 1);
	ck_assert_int_eq(export_yaml(b, p, kind_find("resource"), &f->resources, &r, &f->told), OK);
	f->conflicts = r.conflicts;
}

static struct book *fresh_book(void)
{
	struct diag d = {0};
	shell("rm -rf \"$THERE\"");
	enum err e = book_create(&seam, there, "Ailsa", span_text(words), KDF_CALIBRATED, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
	return open_book(there);
}

/* --- every field the same --------------------------------------------------------------- */

static bool set_equal(const struct record *a, const struct record *b, const struct field *f)
{
	struct said *x, *y;
	size_t n = record_members(a, f, &x), m = record_members(b, f, &y);
	bool equal = n == m;
	for (size_t i = 0; equal && i < n; i++)
		equal = span_equal(x[i].value, y[i].value);
	free(x);
	free(y);
	return equal;
}

static bool rows_equal(const struct record *a, const struct record *b, const struct field *f)
{
	const struct state_field *x = state_field(&a->state, f->name);
	const struct state_field *y = state_field(&b->state, f->name);
	size_t n = x ? x->row_count : 0, m = y ? y->row_count : 0;
	bool equal = n == m;
	for (size_t i = 0; equal && i < n; i++)
		equal = span_equal(x->rows[i].said[0].value, y->rows[i].said[0].value);
	return equal;
}

static void check_equal(struct book *b, const struct record *r, const struct record *other)
{
	for (const struct field *f = r->kind->fields; f->name; f++) {
		struct buf said = BUF_INIT, there_said = BUF_INIT;
		bool equal = f->type == V_ROWS ? rows_equal(r, other, f)
			     : field_is_set(f) ? set_equal(r, other, f)
					       : span_equal(record_value(r, f->name),
							    record_value(other, f->name));
		if (f->flags & FIELD_HIDDEN)
			continue;
		record_say(b, r, f->name, &said);
		record_say(b, other, f->name, &there_said);
		ck_assert_msg(equal, "%s is not the same: \"%s\" and \"%s\"", f->name,
			      buf_text(&said), buf_text(&there_said));
		buf_fini(&said);
		buf_fini(&there_said);
	}
}

/* Its like in the other book has the same name (made up, so that no two are alike). */
struct looking {
	struct book *there;
	const struct record *like;
	size_t found, all;
};

static bool look(void *arg, const struct record *r)
{
	struct looking *w = arg;
	if (span_equal(record_value(r, "name"), record_value(w->like, "name"))) {
		w->found++;
		check_equal(w->there, w->like, r);
	}
	return true;
}

static bool look_for(void *arg, const struct record *r)
{
	struct looking *w = arg;
	w->like = r;
	w->found = 0;
	w->all++;
	ck_assert_int_eq(book_scan(w->there, r->kind, NULL, look, w), OK);
	ck_assert_uint_eq(w->found, 1);
	return true;
}

static bool count_one(void *arg, const struct record *r)
{
	(void)r;
	++*(size_t *)arg;
	return true;
}

static size_t count_records(struct book *b, const char *kind)
{
	size_t n = 0;
	ck_assert_int_eq(book_scan(b, kind_find(kind), NULL, count_one, &n), OK);
	return n;
}

/* Out of here, into a fresh book, out of that one: for each practice. */
static void check_round(struct book *b, const struct export_practice *p, bool alone)
{
	struct files first, second;
	struct export_practice *v;
	size_t count;
	write_out(b, p, &first);
	struct book *c = fresh_book();
	load(c, "practice.yaml", buf_span(&first.practice));
	load(c, "resources.yaml", buf_span(&first.resources));
	ck_assert_int_eq(export_practices(c, &v, &count), OK);
	ck_assert_uint_eq(count, 1);
	ck_assert_str_eq(v->code, p->code);
	write_out(c, v, &second);
	ck_assert_str_eq(buf_text(&second.practice), buf_text(&first.practice));
	ck_assert_str_eq(buf_text(&second.resources), buf_text(&first.resources));
	ck_assert_uint_eq(second.told.count, 0);
	struct looking w = {.there = c};
	ck_assert_int_eq(book_scan(b, kind_find("resource"), &p->directory, look_for, &w), OK);
	ck_assert_uint_eq(w.all, count_records(c, "resource"));
	w.all = 0;
	if (alone)
		ck_assert_int_eq(book_scan(b, kind_find("practice"), &p->directory, look_for, &w),
				 OK);
	export_practices_free(v, count);
	files_fini(&first);
	files_fini(&second);
	book_close(c);
}

/* --- the practices that ship ------------------------------------------------------------ */

static const char *const shipped[] = {"ashgill", "dunnock", "sallowbank"};

static void load_shipped(struct book *b, const char *code, const char *file)
{
	char name[100];
	snprintf(name, sizeof name, "data/practices/%s/%s.yaml", code, file);
	const struct resource *r = resource_find(name);
	load(b, name, span_of(r->bytes, r->size));
}

START_TEST(the_practices_that_ship_come_back)
{
	struct book *b = open_book(here);
	struct export_practice *v;
	size_t count;
	for (size_t i = 0; i < 3; i++) {
		load_shipped(b, shipped[i], "practice");
		load_shipped(b, shipped[i], "resources");
	}
	ck_assert_int_eq(export_practices(b, &v, &count), OK);
	ck_assert_uint_eq(count, 3);
	for (size_t i = 0; i < count; i++)
		check_round(b, &v[i], true);
	export_practices_free(v, count);
	book_close(b);
}
END_TEST

/* A seeded record keeps its key, and loading what was written changes nothing here. */
START_TEST(loading_an_export_where_it_came_from_changes_nothing)
{
	struct book *b = open_book(here);
	struct export_practice *v;
	struct files f;
	struct seed_report r = {0};
	size_t count;
	load_shipped(b, "dunnock", "practice");
	load_shipped(b, "dunnock", "resources");
	const char *pairs[] = {"name", "By hand: a \"tea\""};
	put_fields(b, "resource", (struct put){0}, pairs, 1);
	ck_assert_int_eq(export_practices(b, &v, &count), OK);
	write_out(b, v, &f);
	ck_assert_ptr_nonnull(strstr(buf_text(&f.resources), "key: stairheid-tea\n"));
	ck_assert_ptr_nonnull(strstr(buf_text(&f.resources), "key: by-hand-a-tea-"));
	size_t before = count_records(b, "resource");
	ck_assert_int_eq(seed_load(b, "r.yaml", buf_span(&f.resources), &r, NULL), OK);
	ck_assert_int_eq(seed_load(b, "p.yaml", buf_span(&f.practice), &r, NULL), OK);
	ck_assert_uint_eq(r.made + r.updated, 0);
	ck_assert_uint_eq(r.stand_count, 1);
	ck_assert_ptr_null(r.stands[0].field);
	ck_assert_uint_eq(count_records(b, "resource"), before);
	ck_assert_uint_eq(book_directory_count(b), 1);
	seed_report_fini(&r);
	files_fini(&f);
	export_practices_free(v, count);
	book_close(b);
}
END_TEST

/* --- made up ---------------------------------------------------------------------------- */

static const char *any_text(void)
{
	return awkward[draw(sizeof awkward / sizeof *awkward)];
}

static void any_note(struct buf *out)
{
	for (uint64_t n = 1 + draw(5); n; n--)
		buf_printf(out, "%s\n", lines[draw(sizeof lines / sizeof *lines)]);
}

static void add_text(const struct field *f, struct buf *out)
{
	struct buf text = BUF_INIT;
	if (f->type == V_NOTE)
		any_note(&text);
	else
		buf_printf(&text, "%s", any_text());
	enum err e = value_read(f, buf_text(&text), terms, when_now(&seam), WHEN_BACK, out, NULL);
	ck_assert_msg(!e, "%s: %s", f->name, buf_text(&text));
	buf_fini(&text);
}

static void add_one(const struct field *f, struct buf *out)
{
	static const char *const fixed[] = {
		[V_DATE] = "2026-11-17",     [V_TIME] = "10:00", [V_POSTCODE] = "G51 2RT",
		[V_PHONE] = "0141 496 0000", [V_NUMBER] = "12",	 [V_MONEY] = "3.50",
		[V_YESNO] = "yes",
	};
	const struct term_list *l = f->terms ? terms_list(terms, f->terms) : NULL;
	if (l)
		value_add_text(out, span_text(l->items[draw(l->count)].id));
	else if (f->type == V_DATE)
		value_add_text(out, span_text(fixed[V_DATE]));
	else if (f->type == V_TEXT || f->type == V_NOTE || f->type == V_WORDS)
		add_text(f, out);
	else
		ck_assert_int_eq(
			value_read(f, fixed[f->type], terms, when_now(&seam), WHEN_BACK, out, NULL),
			OK);
}

static void add_cells(const struct field *f, struct buf *out)
{
	struct map_maker m = {0};
	size_t n = 0;
	for (const struct field *c = f->cells; c->name; c++)
		if (strcmp(c->name, "to") != 0 && (draw(2) || (!n && !c[1].name))) {
			add_one(c, map_add_text(&m, span_text(c->name)));
			n++;
		}
	map_finish(&m, out);
}

static void add_extra(struct buf *out)
{
	static const char *const names[] = {"bus_stop", "pram_parking", "door"};
	size_t count = draw(4);
	value_add_list(out, count);
	for (size_t i = 0; i < count; i++) {
		struct map_maker m = {0};
		value_add_text(map_add_text(&m, span_text("field")), span_text(names[i]));
		value_add_text(map_add_text(&m, span_text("text")), span_text(any_text()));
		map_finish(&m, out);
	}
}

static void add_value(const struct field *f, struct buf *out)
{
	if (f->told_by) {
		add_extra(out);
	} else if (f->type == V_ROWS || field_is_set(f)) {
		size_t count = draw(4);
		value_add_list(out, count);
		for (size_t i = 0; i < count; i++)
			if (f->type == V_ROWS)
				add_cells(f, out);
			else
				add_one(f, out);
	} else {
		add_one(f, out);
	}
}

/* Made by hand; the name alone is unlike any other. */
static void put_made_up(struct book *b, const struct kind *k, unsigned number,
			const struct id *directory)
{
	struct buf values[64];
	struct put_field fields[64];
	struct put put = {.kind = k, .directory = *directory, .fields = fields};
	struct diag d = {0};
	for (const struct field *f = k->fields; f->name; f++) {
		bool is_name = !strcmp(f->name, "name");
		if (f->flags & FIELD_HIDDEN || (!is_name && draw(2)))
			continue;
		struct buf *out = &values[put.field_count];
		*out = (struct buf)BUF_INIT;
		if (is_name) {
			struct buf name = BUF_INIT;
			buf_printf(&name, "%s %u", any_text(), number);
			value_add_text(out, buf_span(&name));
			buf_fini(&name);
		} else {
			add_value(f, out);
		}
		fields[put.field_count++] = (struct put_field){f->name, buf_span(out)};
	}
	enum err e = book_put(b, &put, 1, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
	for (size_t i = 0; i < put.field_count; i++)
		buf_fini(&values[i]);
}

static struct span practice_yaml(void)
{
	return span_text("format: 1\npractice: wren\nversion: 1\nname: Wren\nextra:\n"
			 "  - {field: pram_parking, label: \"Prams: where?\", hint: \"yes\"}\n"
			 "  - {field: bus_stop, label: Nearest bus stop}\n"
			 "  - {field: door, label: \"[Door]\"}\n");
}

START_TEST(awkward_words_come_back)
{
	chance = (uint64_t)_i + 1;
	struct book *b = open_book(here);
	struct export_practice *v;
	size_t count;
	load(b, "practice.yaml", practice_yaml());
	struct id directory = book_directory(b, 0);
	for (unsigned i = 0; i < RECORDS; i++)
		put_made_up(b, kind_find("resource"), i, &directory);
	ck_assert_int_eq(export_practices(b, &v, &count), OK);
	check_round(b, v, true);
	export_practices_free(v, count);
	book_close(b);
}
END_TEST

/* No file made it: what the practice asks is written as the names that are made of it. */
START_TEST(a_practice_made_by_hand_comes_back)
{
	chance = (uint64_t)_i + 100;
	struct book *b = open_book(here);
	struct export_practice *v;
	struct files f;
	struct seed_report r = {0};
	struct id directory;
	size_t count;
	ck_assert_int_eq(book_add_directory(b, &directory, NULL), OK);
	put_made_up(b, kind_find("practice"), 1, &directory);
	put_made_up(b, kind_find("resource"), 1, &directory);
	ck_assert_int_eq(export_practices(b, &v, &count), OK);
	ck_assert_uint_eq(count, 1);
	write_out(b, v, &f);
	/* Here the practice is known by the code that the file has. */
	ck_assert_int_eq(seed_load(b, "p.yaml", buf_span(&f.practice), &r, NULL), OK);
	ck_assert_uint_eq(r.made + r.updated, 0);
	ck_assert_uint_eq(book_directory_count(b), 1);
	seed_report_fini(&r);
	struct book *c = fresh_book();
	load(c, "practice.yaml", buf_span(&f.practice));
	book_close(c);
	files_fini(&f);
	export_practices_free(v, count);
	book_close(b);
}
END_TEST

/* --- what is not as it was -------------------------------------------------------------- */

START_TEST(what_is_in_the_bin_is_left_out)
{
	struct book *b = open_book(here);
	struct export_practice *v;
	struct files f;
	size_t count;
	load(b, "practice.yaml", practice_yaml());
	const char *stays[] = {"name", "Stays"}, *goes[] = {"name", "Goes"};
	put_fields(b, "resource", (struct put){0}, stays, 1);
	struct id gone = put_fields(b, "resource", (struct put){0}, goes, 1);
	ck_assert_int_eq(book_bin(b, ref_to(&gone), true, &count, NULL), OK);
	ck_assert_int_eq(export_practices(b, &v, &count), OK);
	write_out(b, v, &f);
	ck_assert_ptr_nonnull(strstr(buf_text(&f.resources), "name: Stays\n"));
	ck_assert_ptr_null(strstr(buf_text(&f.resources), "Goes"));
	files_fini(&f);
	export_practices_free(v, count);
	book_close(b);
}
END_TEST

START_TEST(of_two_versions_the_shown_one_is_written_and_said)
{
	struct book *a = open_book(here), *b;
	struct export_practice *v;
	struct files f;
	size_t count;
	load(a, "practice.yaml", practice_yaml());
	const char *name[] = {"name", "Tea"}, *one[] = {"cost", "One"},
		   *other[] = {"cost", "Other"};
	struct id id = put_fields(a, "resource", (struct put){0}, name, 1);
	book_close(a);
	split(&a, &b);
	put_fields(a, "resource", (struct put){.record = id}, one, 1);
	seam.clock_ms += 1000;
	put_fields(b, "resource", (struct put){.record = id}, other, 1);
	exchange(&a, &b);
	ck_assert_int_eq(export_practices(a, &v, &count), OK);
	write_out(a, v, &f);
	ck_assert_uint_eq(f.conflicts, 1);
	ck_assert_uint_eq(f.told.count, 1);
	ck_assert_ptr_nonnull(strstr(diag_first(&f.told), "cost: stands in conflict"));
	ck_assert_ptr_nonnull(strstr(buf_text(&f.resources), "cost: Other\n"));
	ck_assert_ptr_null(strstr(buf_text(&f.resources), "One"));
	files_fini(&f);
	export_practices_free(v, count);
	book_close(a);
	book_close(b);
}
END_TEST

START_TEST(the_version_rises_with_what_was_written_here)
{
	struct book *b = open_book(here);
	struct export_practice *v;
	struct files f;
	size_t count;
	load(b, "practice.yaml", practice_yaml());
	load(b, "r.yaml",
	     span_text(
		     "format: 1\npractice: wren\nversion: 7\nresources:\n  - {key: a, name: A}\n"));
	ck_assert_int_eq(export_practices(b, &v, &count), OK);
	write_out(b, v, &f);
	ck_assert_ptr_nonnull(strstr(buf_text(&f.resources), "\nversion: 7\n"));
	files_fini(&f);
	const char *cost[] = {"cost", "1"};
	put_fields(b, "resource", (struct put){.record = book_seed_id("wren", "resource/a")}, cost,
		   1);
	write_out(b, v, &f);
	ck_assert_ptr_nonnull(strstr(buf_text(&f.resources), "\nversion: 8\n"));
	ck_assert_ptr_nonnull(strstr(buf_text(&f.practice), "\nversion: 1\n"));
	/* And may be loaded here: it says what stands already. */
	load(b, "r.yaml", buf_span(&f.resources));
	files_fini(&f);
	export_practices_free(v, count);
	book_close(b);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, the_practices_that_ship_come_back);
	tcase_add_test(t, loading_an_export_where_it_came_from_changes_nothing);
	tcase_add_loop_test(t, awkward_words_come_back, 0, ROUNDS);
	tcase_add_loop_test(t, a_practice_made_by_hand_comes_back, 0, ROUNDS);
	tcase_add_test(t, what_is_in_the_bin_is_left_out);
	tcase_add_test(t, of_two_versions_the_shown_one_is_written_and_said);
	tcase_add_test(t, the_version_rises_with_what_was_written_here);
}

UNIT_MAIN("export")

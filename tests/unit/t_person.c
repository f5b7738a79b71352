/* SPDX-License-Identifier: MIT
 *
 * The view of a person over their records: the bin of a whole file, and two people who were
 * found to be one.
 */
#include "book_stage.h"

static struct id add_contact(struct book *b, const struct id *person, const char *note)
{
	const char *pairs[] = {"starts", "today 10:00", "mode", "phone", "note", note};
	seam.clock_ms += 1000;
	return put_fields(b, "contact", (struct put){.person = *person}, pairs, 3);
}

static bool in_bin(struct book *b, const struct id *id)
{
	struct record r;
	ck_assert_int_eq(book_get(b, id, &r), OK);
	bool binned = r.state.binned;
	record_fini(&r);
	return binned;
}

static size_t bin(struct book *b, const struct id *id, bool into)
{
	size_t count;
	seam.clock_ms += 1000;
	ck_assert_int_eq(book_bin(b, ref_to(id), into, &count, NULL), OK);
	return count;
}

struct counting {
	struct book *b;
	size_t count;
	bool read_more;
};

static bool count_one(void *arg, const struct record *r)
{
	struct counting *c = arg;
	struct record person;
	c->count++;
	if (c->read_more) {
		ck_assert_int_eq(book_get(c->b, &r->subject, &person), OK);
		ck_assert_str_eq(person.state.type, "person");
		record_fini(&person);
	}
	return true;
}

static size_t count_records(struct book *b, const char *kind, const struct id *subject)
{
	struct counting c = {b, 0, false};
	ck_assert_int_eq(book_scan(b, kind_find(kind), subject, count_one, &c), OK);
	return c.count;
}

static bool is_raised(struct book *b, const struct id *id)
{
	struct record r;
	struct buf said = BUF_INIT;
	ck_assert_int_eq(book_get(b, id, &r), OK);
	bool is = record_raised(b, &r, &said);
	buf_fini(&said);
	record_fini(&r);
	return is;
}

/* Twice: the first reading of a type opens its database, within the reading of another. */
START_TEST(a_scan_may_read_other_records)
{
	struct book *b = open_book(here);
	struct id person = add_person(b, "Mairi", "MacLeod");
	add_contact(b, &person, "rang");
	book_close(b);
	b = open_book(here);
	for (size_t i = 0; i < 2; i++) {
		struct counting c = {b, 0, true};
		ck_assert_int_eq(book_scan(b, kind_find("contact"), NULL, count_one, &c), OK);
		ck_assert_uint_eq(c.count, 1);
	}
	book_close(b);
}
END_TEST

/* --- the bin of a file ------------------------------------------------------------------ */

START_TEST(a_note_written_elsewhere_keeps_the_whole_file_out_of_the_bin)
{
	struct book *a, *b;
	struct book *first = open_book(here);
	struct id person = add_person(first, "Mairi", "MacLeod");
	struct id old = add_contact(first, &person, "rang");
	book_close(first);
	split(&a, &b);
	ck_assert_uint_eq(bin(a, &person, true), 2);
	struct id unseen = add_contact(b, &person, "came along");
	ck_assert(in_bin(a, &person) && in_bin(a, &old));
	exchange(&a, &b);
	check_same_hash(a, b);
	ck_assert(!in_bin(a, &person) && !in_bin(a, &old) && !in_bin(a, &unseen));
	ck_assert(!in_bin(b, &person) && !in_bin(b, &old) && !in_bin(b, &unseen));
	ck_assert_uint_eq(count_records(b, "contact", &person), 2);
	/* Put in again knowingly, it stays. */
	ck_assert_uint_eq(bin(a, &person, true), 3);
	ck_assert(in_bin(a, &person) && in_bin(a, &old) && in_bin(a, &unseen));
	ck_assert_uint_eq(count_records(a, "person", NULL), 0);
	book_close(a);
	book_close(b);
}
END_TEST

/* What was judged of a file counts no more once other files were taken in. */
START_TEST(a_note_that_comes_while_the_book_is_open_takes_the_file_out)
{
	struct book *a, *b;
	struct book *first = open_book(here);
	struct id person = add_person(first, "Mairi", "MacLeod");
	struct id old = add_contact(first, &person, "rang");
	book_close(first);
	split(&a, &b);
	ck_assert_uint_eq(bin(a, &person, true), 2);
	add_contact(b, &person, "came along");
	ck_assert(in_bin(a, &person) && in_bin(a, &old));
	shell("cp -rn \"$THERE/.\" \"$HERE/\"");
	ck_assert_int_eq(book_check(a, NULL), OK);
	ck_assert(!in_bin(a, &person) && !in_bin(a, &old));
	book_close(a);
	book_close(b);
}
END_TEST

START_TEST(an_edit_of_one_note_keeps_the_whole_file_out_of_the_bin)
{
	struct book *a, *b;
	struct book *first = open_book(here);
	struct id person = add_person(first, "Mairi", "MacLeod");
	struct id note = add_contact(first, &person, "rang");
	book_close(first);
	split(&a, &b);
	bin(a, &person, true);
	const char *pairs[] = {"note", "rang twice"};
	put_fields(b, "contact", (struct put){.record = note}, pairs, 1);
	exchange(&a, &b);
	ck_assert(!in_bin(a, &person) && !in_bin(b, &person) && !in_bin(a, &note));
	check_same_hash(a, b);
	book_close(a);
	book_close(b);
}
END_TEST

/* Nor does half a file stay in the bin when somebody writes in the other half. */
START_TEST(writing_on_a_person_in_the_bin_takes_the_whole_file_out)
{
	struct book *a, *b;
	struct book *first = open_book(here);
	struct id person = add_person(first, "Mairi", "MacLeod");
	struct id note = add_contact(first, &person, "rang");
	book_close(first);
	split(&a, &b);
	bin(a, &person, true);
	const char *pairs[] = {"pronouns", "she"};
	put_fields(a, "person", (struct put){.record = person}, pairs, 1);
	ck_assert(!in_bin(a, &person) && !in_bin(a, &note));
	ck_assert(!is_raised(a, &person) && !is_raised(a, &note));
	ck_assert_uint_eq(count_records(a, "contact", NULL), 1);
	ck_assert_uint_eq(bin(a, &person, true), 2);
	ck_assert_uint_eq(bin(a, &person, false), 2);
	ck_assert(!in_bin(a, &person) && !in_bin(a, &note));
	/* By itself it goes in and out as any other. */
	ck_assert_uint_eq(bin(a, &note, true), 1);
	ck_assert(in_bin(a, &note) && !in_bin(a, &person));
	ck_assert_uint_eq(bin(a, &person, true), 1);
	ck_assert_uint_eq(bin(a, &person, false), 1);
	ck_assert(in_bin(a, &note) && !in_bin(a, &person));
	exchange(&a, &b);
	check_same_hash(a, b);
	ck_assert_int_eq(book_check(a, NULL), OK);
	book_close(a);
	book_close(b);
}
END_TEST

START_TEST(a_note_binned_before_the_person_stays_when_the_person_comes_out)
{
	struct book *b = open_book(here);
	struct id person = add_person(b, "Mairi", "MacLeod");
	struct id early = add_contact(b, &person, "rang");
	struct id late = add_contact(b, &person, "rang again");
	ck_assert_uint_eq(bin(b, &early, true), 1);
	ck_assert_uint_eq(bin(b, &person, true), 2);
	ck_assert_uint_eq(bin(b, &person, false), 2);
	ck_assert(in_bin(b, &early) && !in_bin(b, &late) && !in_bin(b, &person));
	book_close(b);
}
END_TEST

START_TEST(two_who_bin_a_person_at_once_do_it_once)
{
	struct book *a, *b;
	struct book *first = open_book(here);
	struct id person = add_person(first, "Mairi", "MacLeod");
	struct id note = add_contact(first, &person, "rang");
	book_close(first);
	split(&a, &b);
	bin(a, &person, true);
	bin(b, &person, true);
	exchange(&a, &b);
	ck_assert(in_bin(a, &person) && in_bin(b, &note));
	ck_assert_uint_eq(bin(a, &person, false), 2);
	ck_assert(!in_bin(a, &person) && !in_bin(a, &note));
	book_close(a);
	book_close(b);
}
END_TEST

/* --- new records ------------------------------------------------------------------------ */

static enum err try_new(struct book *b, const struct id *record, const struct id *person)
{
	struct buf v[3] = {BUF_INIT, BUF_INIT, BUF_INIT};
	const char *names[] = {"starts", "mode", "note"}, *said[] = {"today", "phone", "rang"};
	struct put_field fields[3];
	for (size_t i = 0; i < 3; i++) {
		const struct field *f = kind_field(kind_find("contact"), names[i]);
		ck_assert_int_eq(
			value_read(f, said[i], terms, when_now(&seam), WHEN_BACK, &v[i], NULL), OK);
		fields[i] = (struct put_field){names[i], buf_span(&v[i])};
	}
	struct put p = {.kind = kind_find("contact"),
			.record = *record,
			.person = *person,
			.is_new = true,
			.fields = fields,
			.field_count = 3};
	enum err e = book_put(b, &p, 1, NULL);
	for (size_t i = 0; i < 3; i++)
		buf_fini(&v[i]);
	return e;
}

static struct id file_of(struct book *b, const struct id *record)
{
	struct record r;
	ck_assert_int_eq(book_get(b, record, &r), OK);
	struct id subject = r.subject;
	record_fini(&r);
	return subject;
}

/* The id is drawn when the form is begun; its draft may be saved in two places, and for two. */
START_TEST(one_form_is_not_saved_in_two_files)
{
	struct book *b = open_book(here);
	struct id mairi = add_person(b, "Mairi", "MacLeod"),
		  rhona = add_person(b, "Rhona", "Mills");
	struct id note = seam_new_id(&seam), later = seam_new_id(&seam);
	ck_assert_int_eq(try_new(b, &note, &mairi), OK);
	ck_assert_int_eq(try_new(b, &note, &rhona), ERR_REFUSED);
	ck_assert_int_eq(try_new(b, &note, &mairi), OK);
	ck_assert_uint_eq(count_records(b, "contact", &rhona), 0);
	ck_assert_uint_eq(count_records(b, "contact", &mairi), 1);
	/* People who are one have one file. */
	ck_assert_int_eq(book_same(b, &mairi, &rhona, true, NULL), OK);
	ck_assert_int_eq(try_new(b, &note, &rhona), OK);
	ck_assert_int_eq(try_new(b, &later, &rhona), OK);
	struct id of_note = file_of(b, &note), of_later = file_of(b, &later);
	ck_assert(id_equal(&of_note, &mairi) && id_equal(&of_later, &rhona));
	ck_assert_uint_eq(count_records(b, "contact", &mairi), 2);
	ck_assert_int_eq(book_check(b, NULL), OK);
	book_close(b);
}
END_TEST

/* One of two was restricted where nobody knew yet that they are one. */
START_TEST(who_is_one_with_somebody_restricted_is_restricted)
{
	struct book *a, *b;
	struct book *first = open_book(here);
	struct id mairi = add_person(first, "Mairi", "MacLeod");
	struct id rhona = add_person(first, "Rhona", "Mills");
	struct id old = add_contact(first, &rhona, "rang");
	book_close(first);
	split(&a, &b);
	ck_assert_int_eq(book_mark(a, ref_to(&mairi), MARK_RESTRICT, NULL), OK);
	ck_assert_int_eq(book_same(b, &mairi, &rhona, true, NULL), OK);
	ck_assert(!is_raised(b, &old));
	exchange(&a, &b);
	ck_assert_uint_eq(count_records(a, "person", NULL), 0);
	ck_assert(is_raised(a, &old) && is_raised(b, &old));
	struct id fresh = add_contact(a, &rhona, "rang again");
	ck_assert_uint_eq(count_records(a, "contact", NULL), 1);
	ck_assert(!is_raised(a, &fresh));
	/* Restricting them once more takes the rest along. */
	ck_assert_int_eq(book_mark(a, ref_to(&mairi), MARK_RESTRICT, NULL), OK);
	ck_assert_uint_eq(count_records(a, "contact", NULL), 0);
	ck_assert(!is_raised(a, &old));
	book_close(a);
	book_close(b);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_scan_may_read_other_records);
	tcase_add_test(t, a_note_written_elsewhere_keeps_the_whole_file_out_of_the_bin);
	tcase_add_test(t, a_note_that_comes_while_the_book_is_open_takes_the_file_out);
	tcase_add_test(t, an_edit_of_one_note_keeps_the_whole_file_out_of_the_bin);
	tcase_add_test(t, writing_on_a_person_in_the_bin_takes_the_whole_file_out);
	tcase_add_test(t, a_note_binned_before_the_person_stays_when_the_person_comes_out);
	tcase_add_test(t, two_who_bin_a_person_at_once_do_it_once);
	tcase_add_test(t, one_form_is_not_saved_in_two_files);
	tcase_add_test(t, who_is_one_with_somebody_restricted_is_restricted);
}

UNIT_MAIN("person")

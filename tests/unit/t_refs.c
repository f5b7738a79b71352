/* SPDX-License-Identifier: MIT
 *
 * One id in two places: two people's files (a draft that two copies went on with), and two
 * directories (seeded from one file).  Nobody is ever shown the one for the other.
 */
#include "act_stage.h"

#include <string.h>

static struct id shared; /* in Mairi's file and in Rhona's */

static void make_note(struct book *w, const struct id *person, const char *text)
{
	const char *pairs[] = {"starts", "today 10:00", "mode", "phone", "note", text};
	put_fields(w, "contact", (struct put){.person = *person, .record = shared, .is_new = true},
		   pairs, 3);
}

static struct ref in_file_of(const struct id *person)
{
	return (struct ref){*person, shared};
}

static void begin_shared(void)
{
	begin();
	shared = seam_new_id(&seam);
	make_note(a, &mairi, "Mairi's gas");
	make_note(b, &rhona, "Rhona's lunch");
	exchange(&a, &b);
}

static void check_note(struct book *w, const struct id *person, const char *want)
{
	struct record r;
	struct buf said = BUF_INIT;
	ck_assert_int_eq(book_get_in(w, in_file_of(person), &r), OK);
	ck_assert(id_equal(&r.subject, person));
	record_say(w, &r, "note", &said);
	ck_assert_str_eq(buf_text(&said), want);
	buf_fini(&said);
	record_fini(&r);
}

static void check_both(struct book *w, const char *mairis, const char *rhonas)
{
	check_note(w, &mairi, mairis);
	check_note(w, &rhona, rhonas);
}

START_TEST(each_is_got_from_its_own_file)
{
	begin_shared();
	struct record r;
	ck_assert_int_eq(book_get(a, &shared, &r), ERR_REFUSED);
	check_both(a, "Mairi's gas", "Rhona's lunch");
	check_both(b, "Mairi's gas", "Rhona's lunch");
	ck_assert_uint_eq(listed(a, "contact", &mairi), 2);
	ck_assert_uint_eq(listed(a, "contact", &rhona), 1);
	ck_assert_int_eq(book_rebuild(a, NULL), OK);
	check_both(a, "Mairi's gas", "Rhona's lunch");
	end();
}
END_TEST

START_TEST(an_edit_goes_into_the_file_that_was_meant)
{
	begin_shared();
	const char *pairs[] = {"note", "Rhona's tea"};
	tick();
	ck_assert_int_eq(try_write(a, &shared, "contact", "note", "whose?"), ERR_REFUSED);
	put_fields(a, "contact", (struct put){.record = shared, .in = rhona}, pairs, 1);
	check_both(a, "Mairi's gas", "Rhona's tea");
	/* Whose file it is tells it as well. */
	pairs[1] = "Rhona's soup";
	tick();
	put_fields(a, "contact", (struct put){.record = shared, .person = rhona}, pairs, 1);
	check_both(a, "Mairi's gas", "Rhona's soup");
	exchange(&a, &b);
	check_both(b, "Mairi's gas", "Rhona's soup");
	end();
}
END_TEST

static void hear(void *arg, const struct event *e)
{
	buf_add_text(arg, e->sentence);
}

START_TEST(an_act_is_on_the_one_that_was_meant)
{
	begin_shared();
	size_t count;
	struct buf told = BUF_INIT;
	ck_assert_int_eq(book_history(a, in_file_of(&rhona), hear, &told), OK);
	ck_assert(strstr(buf_text(&told), "lunch") && !strstr(buf_text(&told), "gas"));
	buf_fini(&told);
	tick();
	ck_assert_int_eq(book_bin(a, in_file_of(&mairi), true, &count, NULL), OK);
	ck_assert_uint_eq(count, 1);
	ck_assert_uint_eq(listed(a, "contact", &mairi), 1);
	ck_assert_uint_eq(listed(a, "contact", &rhona), 1);
	undo_last(a);
	ck_assert_uint_eq(listed(a, "contact", &mairi), 2);
	tick();
	ck_assert_int_eq(book_mark(a, in_file_of(&rhona), MARK_FINISH, NULL), OK);
	tick();
	ck_assert_int_eq(book_amend(a, in_file_of(&rhona), span_text("and pudding"), NULL), OK);
	ck_assert_int_eq(book_amend(a, in_file_of(&mairi), span_text("no"), NULL), ERR_REFUSED);
	exchange(&a, &b);
	check_both(b, "Mairi's gas", "Rhona's lunch");
	end();
}
END_TEST

/* Moved to where the other one is, it has an id of its own there. */
START_TEST(one_is_moved_to_the_others_file)
{
	begin_shared();
	struct id moved;
	tick();
	ck_assert_int_eq(book_move(a, in_file_of(&mairi), &rhona, &moved, NULL), OK);
	check_said(a, &moved, "note", "Mairi's gas");
	check_note(a, &rhona, "Rhona's lunch");
	ck_assert_uint_eq(listed(a, "contact", &rhona), 2);
	undo_last(a);
	ck_assert_uint_eq(listed(a, "contact", &rhona), 1);
	check_both(a, "Mairi's gas", "Rhona's lunch");
	exchange(&a, &b);
	end();
}
END_TEST

START_TEST(a_person_is_meant_before_a_note_of_that_id)
{
	begin();
	shared = rhona;
	const char *pairs[] = {"starts", "today 10:00", "note", "a trick"};
	struct put put = {.person = mairi, .record = shared, .is_new = true};
	struct diag d = {0};
	(void)pairs;
	put.kind = kind_find("contact");
	ck_assert_int_eq(book_put(a, &put, 1, &d), ERR_REFUSED); /* it is somebody's already */
	diag_fini(&d);
	exchange(&a, &b);
	check_said(a, &rhona, "given_name", "Rhona");
	end();
}
END_TEST

START_TEST(prefixes_say_whose)
{
	begin_shared();
	struct record r;
	struct diag d = {0};
	char hex[ID_HEX], person[ID_HEX], both[2 * ID_HEX], text[REF_TEXT];
	struct ref ref = in_file_of(&mairi), back;
	ck_assert(ref_from_text(ref_to_text(&ref, text), &back));
	ck_assert(id_equal(&back.in, &mairi) && id_equal(&back.record, &shared));
	ck_assert(!ref_from_text(text + 1, &back));
	id_to_hex(&shared, hex);
	ck_assert_int_eq(book_get_prefix(a, hex, &r, &d), ERR_INPUT);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "slash"));
	snprintf(both, sizeof both, "%.8s/%.8s", id_to_hex(&rhona, person), hex);
	ck_assert_int_eq(book_get_prefix(a, both, &r, &d), OK);
	ck_assert(id_equal(&r.subject, &rhona));
	record_fini(&r);
	ck_assert_int_eq(book_get_prefix(a, text, &r, &d), OK);
	ck_assert(id_equal(&r.subject, &mairi));
	record_fini(&r);
	ck_assert_int_eq(book_get_prefix(a, "aaaaa/aaaaaa", &r, &d), ERR_INPUT);
	diag_fini(&d);
	end();
}
END_TEST

/* --- two directories ---------------------------------------------------------------------- */

static struct id first, second, walk;

static void seed_into(struct book *w, const struct id *directory)
{
	const char *practice[] = {"name", "Ashgill Practice"}, *group[] = {"name", "Monday walk"};
	struct put p = {.directory = *directory, .seed_source = "ashgill", .seed_version = 1};
	p.seed_key = "practice";
	put_fields(w, "practice", p, practice, 1);
	p.seed_key = "resource/walk";
	walk = put_fields(w, "resource", p, group, 1);
}

static void check_walk(struct book *w, const struct id *directory, const char *want)
{
	struct record r;
	struct span name;
	ck_assert_int_eq(book_get_in(w, (struct ref){*directory, walk}, &r), OK);
	ck_assert(id_equal(&r.store, directory));
	ck_assert(value_is_text(record_value(&r, "name"), &name) && span_is(name, want));
	record_fini(&r);
}

START_TEST(an_edit_goes_into_the_directory_that_was_meant)
{
	struct book *w = open_book(here);
	ck_assert_int_eq(book_add_directory(w, &first, NULL), OK);
	seed_into(w, &first);
	ck_assert_int_eq(book_add_directory(w, &second, NULL), OK);
	seed_into(w, &second);
	const char *pairs[] = {"name", "Tuesday walk"};
	for (int i = 0; i < 2; i++) {
		const struct id *in = i ? &first : &second;
		tick();
		put_fields(w, "resource",
			   i ? (struct put){.record = walk, .in = *in}
			     : (struct put){.record = walk, .directory = *in},
			   pairs, 1);
		check_walk(w, &second, i ? "Tuesday walk" : "Tuesday walk");
		check_walk(w, &first, i ? "Tuesday walk" : "Monday walk");
	}
	struct id store = book_directory(w, 0);
	struct record r;
	ck_assert_int_eq(book_get(w, &walk, &r), OK); /* by the id alone: of the first */
	ck_assert(id_equal(&r.store, &store));
	record_fini(&r);
	ck_assert_int_eq(book_check(w, NULL), OK);
	book_close(w);
}
END_TEST

/* A step that has both is taken back in both. */
START_TEST(a_step_in_two_directories_is_taken_back_in_both)
{
	struct book *w = open_book(here);
	struct buf name = BUF_INIT;
	value_add_text(&name, span_text("Friday walk"));
	ck_assert_int_eq(book_add_directory(w, &first, NULL), OK);
	ck_assert_int_eq(book_add_directory(w, &second, NULL), OK);
	seed_into(w, &first);
	seed_into(w, &second);
	struct put_field f = {"name", buf_span(&name)};
	struct put both[2];
	for (int i = 0; i < 2; i++)
		both[i] = (struct put){.kind = kind_find("resource"),
				       .record = walk,
				       .in = i ? second : first,
				       .fields = &f,
				       .field_count = 1};
	tick();
	ck_assert_int_eq(book_put(w, both, 2, NULL), OK);
	check_walk(w, &first, "Friday walk");
	check_walk(w, &second, "Friday walk");
	undo_last(w);
	check_walk(w, &first, "Monday walk");
	check_walk(w, &second, "Monday walk");
	buf_fini(&name);
	book_close(w);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, each_is_got_from_its_own_file);
	tcase_add_test(t, an_edit_goes_into_the_file_that_was_meant);
	tcase_add_test(t, an_act_is_on_the_one_that_was_meant);
	tcase_add_test(t, one_is_moved_to_the_others_file);
	tcase_add_test(t, a_person_is_meant_before_a_note_of_that_id);
	tcase_add_test(t, prefixes_say_whose);
	tcase_add_test(t, an_edit_goes_into_the_directory_that_was_meant);
	tcase_add_test(t, a_step_in_two_directories_is_taken_back_in_both);
}

UNIT_MAIN("refs")

/* SPDX-License-Identifier: MIT
 *
 * The record tables against themselves and the code lists: a slip in one of their lines would
 * show only where somebody happens to write that field.
 */
#include <linkbook/kinds.h>
#include <linkbook/resource.h>
#include <linkbook/terms.h>
#include <linkbook/text.h>

#include <stdio.h>

#include "unit.h"

static struct terms *terms;

static void setup(void)
{
	terms = terms_new();
	for (const struct resource *r = resources_built_in; r->name; r++) {
		struct diag d = {0};
		if (strncmp(r->name, "data/terms/", 11) != 0)
			continue;
		enum err e = terms_load(terms, r->name, span_of(r->bytes, r->size), &d);
		ck_assert_msg(!e, "%s: %s", r->name, diag_first(&d));
		diag_fini(&d);
	}
}

static void teardown(void)
{
	terms_free(terms);
}

/* Calls for every field of every kind, cells included; of names the kind, and the rows. */
typedef void check_field(const char *of, const struct kind *k, const struct field *f, bool is_cell);

static void each_of(const char *of, const struct kind *k, const struct field *f, bool is_cell,
		    check_field *check)
{
	char inside[100];
	for (; f && f->name; f++) {
		check(of, k, f, is_cell);
		snprintf(inside, sizeof inside, "%s.%s", of, f->name);
		each_of(inside, k, f->cells, true, check);
	}
}

static void each_field(check_field *check)
{
	for (const struct kind *k = kinds; k->name; k++)
		each_of(k->name, k, k->fields, false, check);
}

START_TEST(all_record_types_are_there)
{
	static const char *const names[] = {
		"person",   "referral", "contact",  "involved",	    "concern",	"goal",
		"link",	    "promise",	"task",	    "measure",	    "relation", "owed",
		"jot",	    "worklist", "access",   "practitioner", "resource", "check",
		"outreach", "gap",	"series",   "session",	    "practice", "action",
		"event",    "signpost", "learning", "story",
	};
	size_t count = 0;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		ck_assert_msg(kind_find(names[i]) != NULL, "%s", names[i]);
	for (const struct kind *k = kinds; k->name; k++, count++)
		ck_assert_ptr_eq(kind_find(k->name), k); /* no name twice */
	ck_assert_uint_eq(count, sizeof names / sizeof *names);
}
END_TEST

static void check_name(const char *of, const struct kind *k, const struct field *f, bool is_cell)
{
	/* What stands beside the fields in JSON (exchange/show.c). */
	static const char *const taken[] = {"type", "id",    "person",	   "directory", "heads",
					    "bin",  "newer", "incomplete", "conflicts", "row"};
	(void)k, (void)is_cell;
	for (const char *p = f->name; *p; p++)
		ck_assert_msg((*p >= 'a' && *p <= 'z') || *p == '_', "%s.%s", of, f->name);
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		ck_assert_msg(strcmp(f->name, taken[i]) != 0, "%s.%s", of, f->name);
	for (const struct field *next = f + 1; next->name; next++)
		ck_assert_msg(strcmp(f->name, next->name) != 0, "%s.%s twice", of, f->name);
}

START_TEST(names_are_plain_and_stand_once)
{
	each_field(check_name);
}
END_TEST

static void check_group(const char *of, const struct kind *k, const struct field *f, bool is_cell)
{
	if (!f->group)
		return;
	ck_assert_msg(!kind_field(k, f->group), "%s.%s: the group is named as a field", of,
		      f->name);
	ck_assert_msg(!is_cell && !field_is_set(f) && f->type != V_ROWS,
		      "%s.%s cannot be in a group", of, f->name);
	size_t members = 0;
	for (const struct field *other = k->fields; other->name; other++)
		members += other->group && !strcmp(other->group, f->group);
	ck_assert_msg(members > 1, "%s.%s is alone in its group", of, f->name);
}

START_TEST(groups_hold_together)
{
	each_field(check_group);
}
END_TEST

static void check_terms(const char *of, const struct kind *k, const struct field *f, bool is_cell)
{
	bool choice = f->type == V_CHOICE || f->type == V_CHOICES;
	(void)k, (void)is_cell;
	ck_assert_msg(choice == (f->terms != NULL), "%s.%s", of, f->name);
	if (!choice)
		return;
	const struct term_list *list = terms_list(terms, f->terms);
	ck_assert_msg(list && list->count > 1, "%s.%s: no list %s", of, f->name, f->terms);
}

START_TEST(every_choice_has_its_list)
{
	each_field(check_terms);
}
END_TEST

static void check_of(const char *of, const struct kind *k, const struct field *f, bool is_cell)
{
	bool record = f->type == V_RECORD || f->type == V_RECORDS;
	(void)is_cell;
	ck_assert_msg(record || !f->of, "%s.%s", of, f->name);
	if (!record || (!f->of && f->flags & FIELD_HIDDEN))
		return;
	const struct kind *other = f->of ? kind_find(f->of) : NULL;
	ck_assert_msg(other != NULL, "%s.%s: of what?", of, f->name);
	/* A directory is shared with a team; nothing in it leads to a person. */
	ck_assert_msg(k->store != STORE_DIRECTORY || other->store == STORE_DIRECTORY,
		      "%s.%s leads out of the directory", of, f->name);
}

START_TEST(records_lead_to_records)
{
	each_field(check_of);
}
END_TEST

static void check_shape(const char *of, const struct kind *k, const struct field *f, bool is_cell)
{
	bool number = f->type == V_NUMBER || f->type == V_SCALE || f->type == V_MONEY;
	(void)k;
	ck_assert_msg((f->type == V_ROWS) == (f->cells != NULL), "%s.%s", of, f->name);
	ck_assert_msg(!is_cell || (f->type != V_ROWS && !field_is_set(f) && !f->flags),
		      "%s.%s cannot be a cell", of, f->name);
	ck_assert_msg(number ? f->min < f->max : !f->min, "%s.%s: bounds", of, f->name);
	ck_assert_msg(!(f->flags & FIELD_HIDDEN) || (f->flags & ~FIELD_BY_ACT) == FIELD_HIDDEN, "%s.%s", of, f->name);
}

START_TEST(types_have_what_they_need)
{
	each_field(check_shape);
}
END_TEST

START_TEST(no_form_asks_too_much)
{
	for (const struct kind *k = kinds; k->name; k++) {
		size_t musts = 0, either = 0, hidden = 0, count = 0;
		for (const struct field *f = k->fields; f->name; f++, count++) {
			musts += (f->flags & FIELD_MUST) != 0;
			either += (f->flags & FIELD_EITHER) != 0;
			hidden += (f->flags & FIELD_HIDDEN) != 0;
		}
		ck_assert_msg(musts + (either > 0) <= 3, "%s asks for %zu", k->name, musts);
		ck_assert_msg(either != 1, "%s has nothing to choose from", k->name);
		ck_assert_msg(k->by_program ? hidden == count : musts > 0, "%s", k->name);
		ck_assert_uint_lt(count, 128); /* what tables of names hold */
	}
}
END_TEST

START_TEST(what_can_be_moved_has_a_key_of_its_own)
{
	for (const struct kind *k = kinds; k->name; k++) {
		const struct field *from = kind_field(k, "moved_from");
		const struct field *to = kind_field(k, "moved_to");
		ck_assert_msg(!to || k->own_key, "%s", k->name);
		ck_assert_msg(!from || (to && !strcmp(from->of, k->name)), "%s", k->name);
		ck_assert_msg(!to || to->flags == (FIELD_HIDDEN | FIELD_BY_ACT), "%s", k->name);
		ck_assert_msg(!k->for_nobody || k->store == STORE_PERSON, "%s", k->name);
		ck_assert_msg(!k->is_subject || k->store == STORE_PERSON, "%s", k->name);
	}
	ck_assert_str_eq(kind_field(kind_find("person"), "same_as")->of, "person");
	ck_assert_str_eq(kind_field(kind_find("resource"), "same_as")->of, "resource");
}
END_TEST

static void check_labels(const char *of, const struct kind *k, const struct field *f, bool is_cell)
{
	(void)of, (void)k, (void)is_cell;
	const struct term_list *list = f->terms ? terms_list(terms, f->terms) : NULL;
	for (size_t i = 0; list && i < list->count; i++)
		ck_assert_msg(text_width(span_text(list->items[i].label)) <= 24, "%s: \"%s\"",
			      list->name, list->items[i].label);
}

START_TEST(labels_fit_into_a_column)
{
	each_field(check_labels);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, all_record_types_are_there);
	tcase_add_test(t, names_are_plain_and_stand_once);
	tcase_add_test(t, groups_hold_together);
	tcase_add_test(t, every_choice_has_its_list);
	tcase_add_test(t, records_lead_to_records);
	tcase_add_test(t, types_have_what_they_need);
	tcase_add_test(t, no_form_asks_too_much);
	tcase_add_test(t, what_can_be_moved_has_a_key_of_its_own);
	tcase_add_test(t, labels_fit_into_a_column);
}

UNIT_MAIN("kinds")

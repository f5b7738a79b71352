/* SPDX-License-Identifier: MIT
 *
 * Screen files: the shipped ones are right, and each way to be wrong has its sentence.
 */
#include <linkbook/def.h>
#include <linkbook/resource.h>

#include "unit.h"
#include <stdio.h>

static struct terms *terms;

static struct resource_names names;
static struct def_world world;

static void setup(void)
{
	resource_list(NULL, "screens", ".yaml", &names);
	terms = terms_new();
	for (const struct resource *r = resources_built_in; r->name; r++)
		if (!strncmp(r->name, "data/terms/", 11))
			ck_assert_int_eq(
				terms_load(terms, r->name, span_of(r->bytes, r->size), NULL), OK);
	world = (struct def_world){terms, &names};
}

static void teardown(void)
{
	resource_names_free(&names);
	terms_free(terms);
}

START_TEST(shipped_screens_are_right)
{
	struct seam s;
	struct screens all;
	struct diag d = {0};
	seam_init_sim(&s, 1, 0);
	setenv("XDG_CONFIG_HOME", "/nowhere", 1);
	ck_assert_int_eq(screens_load(&s, NULL, terms, &all, &d), OK);
	ck_assert_msg(!d.count, "%s:%u: %s", d.count ? d.lines[0].file : "",
		      d.count ? d.lines[0].line : 0, diag_first(&d));
	ck_assert_uint_eq(screens_broken(&all), 0);
	const struct screen_def *people = screens_find(&all, "people");
	ck_assert_ptr_nonnull(people);
	ck_assert(def_offers(people, command_find("new-note")));
	ck_assert(!def_offers(screens_find(&all, "groups"), command_find("new-note")));
	screens_fini(&all);
}
END_TEST

#define LIST "format: 1\nscreen: people\nkind: list\nof: person\ntitle: T\nopen: person\nempty: E\n"
#define FORM "format: 1\nscreen: note\nkind: form\nof: contact\ntitle: T\n"

static const struct {
	const char *name, *yaml, *said;
} wrong[] = {
	{"people", LIST "columns: [{field: localty, label: L, width: 9}]\n",
	 "x.yaml:8:19: there is no field of a person called \"localty\"; did you mean "
	 "\"locality\"?"},
	{"note",
	 FORM "sections: [{fields: [{field: note, label: Everything that was said there}]}]\n",
	 "x.yaml:6:43: a label is at most 24 columns wide; a hint may say the rest"},
	{"people", LIST "columns: [{field: name, label: L}]\n",
	 "x.yaml:8:11: a column has either a width or a min; write, for example, width: 12"},
	{"people",
	 LIST "columns: [{field: name, label: L, min: 50}, {field: born, label: B, width: 40}]\n",
	 "x.yaml:8:10: the columns need 95 places and 80 is what a small terminal has; make some "
	 "narrower or leave one out"},
	{"people", LIST "columns: [{field: name, label: L, min: 5, drop: soon}]\n",
	 "x.yaml:8:49: drop is one of first, second, third, fourth or fifth"},
	{"people", LIST "columns: [{field: name, label: L, min: 5}]\ndo: [new-not]\n",
	 "x.yaml:9:6: there is no command to offer called \"new-not\"; did you mean \"new-note\"?"},
	{"people", "format: 1\nscreen: poeple\nkind: lst\nof: person\n",
	 "x.yaml:2:9: in this file it is screen: people"},
	{"note", FORM "sections: [{fields: [{field: amendments, label: L}]}]\n",
	 "x.yaml:6:22: \"amendments\" is written by the program, no form asks for it"},
	{"note", FORM "sections: [{fields: [{field: mode, label: L, default: hme}]}]\n",
	 "x.yaml:6:55: \"hme\" is not in the code list \"contact-mode\""},
	{"note", FORM "sections: [{fields: [{field: note, label: L, way: up}]}]\n",
	 "x.yaml:6:51: way is back (it happened) or ahead (it is due)"},
	{"note",
	 "format: 1\nscreen: note\nkind: form\nof: contact\ntitle: \"For {name}\"\n"
	 "sections: []\n",
	 "x.yaml:5:8: only {person} stands for something in a title; write it so, or leave the "
	 "braces out"},
	{"note", FORM "sections: []\n", "x.yaml:6:11: a screen shows at least one field"},
	{"people", LIST "columns: []\n", "x.yaml:8:10: a list shows at least one column"},
	{"note", "format: 1\nscreen: note\nkind: list\nof: contact\n",
	 "x.yaml:3:7: in this file it is kind: form"},
	{"note", "nothing", "x.yaml:1:1: a screen file starts with format: 1 and screen: note"},
};

START_TEST(a_mistake_is_said_with_its_place)
{
	struct screen_def def;
	struct diag d = {0};
	struct buf said = BUF_INIT;
	enum err e =
		def_read(wrong[_i].name, "x.yaml", span_text(wrong[_i].yaml), &world, &def, &d);
	ck_assert_int_eq(e, ERR_INPUT);
	ck_assert_uint_ge(d.count, 1);
	buf_printf(&said, "%s:%u:%u: %s", d.lines[0].file, d.lines[0].line, d.lines[0].column,
		   d.lines[0].text);
	ck_assert_str_eq(buf_text(&said), wrong[_i].said);
	buf_fini(&said);
	diag_fini(&d);
}
END_TEST

START_TEST(all_mistakes_are_said_at_once)
{
	struct screen_def def;
	struct diag d = {0};
	static const char yaml[] = LIST "columns:\n  - {field: nme, label: N, width: 9}\n"
					"  - {field: bron, label: B, width: 4}\nsort: [nam]\n"
					"colour: red\n";
	ck_assert_int_eq(def_read("people", "x.yaml", span_text(yaml), &world, &def, &d),
			 ERR_INPUT);
	/* two columns, the order, and the key nobody knows */
	ck_assert_uint_eq(d.count, 4);
	diag_fini(&d);
}
END_TEST

START_TEST(a_broken_file_gives_way_to_the_shipped_one)
{
	struct seam s;
	struct screens all;
	struct diag d = {0};
	char folder[] = "/tmp/linkbook-def-XXXXXX", path[64];
	seam_init_sim(&s, 1, 0);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/people.yaml", folder);
	ck_assert_int_eq(file_write_durable(&s, path, span_text("kind: list\n"), NULL), OK);
	ck_assert_int_eq(screens_load(&s, folder, terms, &all, &d), OK);
	ck_assert_uint_eq(screens_broken(&all), 1);
	ck_assert(d.count > 0);
	ck_assert_str_eq(screens_find(&all, "people")->title, "People");
	screens_fini(&all);
	diag_fini(&d);
	remove(path);
	remove(folder);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, shipped_screens_are_right);
	tcase_add_loop_test(t, a_mistake_is_said_with_its_place, 0, sizeof wrong / sizeof *wrong);
	tcase_add_test(t, all_mistakes_are_said_at_once);
	tcase_add_test(t, a_broken_file_gives_way_to_the_shipped_one);
}

UNIT_MAIN("def")

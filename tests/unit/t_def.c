/* SPDX-License-Identifier: MIT
 *
 * Screen files: the shipped ones are right, and each way to be wrong has its sentence.
 */
#include <linkbook/def.h>
#include <linkbook/resource.h>

#include "unit.h"
#include <ctype.h>
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

START_TEST(a_list_has_no_more_filters_than_it_can_tell_apart)
{
	struct diag d = {0};
	struct screen_def def;
	struct buf yaml = BUF_INIT;
	buf_add_text(&yaml,
		     LIST "columns: [{field: name, label: L, min: 5}]\nsort: [name]\nfilters:\n");
	for (int more = 0; more < 2; more++) {
		for (int i = more ? DEF_FILTERS : 0; i < DEF_FILTERS + more; i++)
			buf_add_text(&yaml,
				     "  - {title: A, when: [{field: status, is: active}]}\n");
		enum err e = def_read("people", "x.yaml", buf_span(&yaml), &world, &def, &d);
		ck_assert_msg(e == (more ? ERR_INPUT : OK), "%s", diag_first(&d));
		if (!e)
			def_fini(&def);
	}
	ck_assert_str_eq(diag_first(&d), "a list has at most 63 filters, and here are 64");
	buf_fini(&yaml);
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

static void write_titled(struct seam *s, const char *folder, const char *title)
{
	char path[120];
	struct buf yaml = BUF_INIT;
	ck_assert_int_eq(file_make_folder(s, folder, NULL), OK);
	snprintf(path, sizeof path, "%s/people.yaml", folder);
	buf_printf(&yaml, LIST "columns: [{field: name, label: L, min: 5}]\n");
	char *at = strstr(buf_text(&yaml), "title: ");
	ck_assert_ptr_nonnull(at);
	buf_splice(&yaml, (size_t)(at + 7 - buf_text(&yaml)), strcspn(at + 7, "\n"), title,
		   strlen(title));
	ck_assert_int_eq(file_write_durable(s, path, buf_span(&yaml), NULL), OK);
	buf_fini(&yaml);
}

static void expect_title(struct seam *s, const char *folder, const char *title)
{
	struct screens all;
	struct diag d = {0};
	enum err e = screens_load(s, folder, terms, &all, &d);
	ck_assert_msg(!e && !d.count, "%s", diag_first(&d));
	ck_assert_str_eq(screens_find(&all, "people")->title, title);
	screens_fini(&all);
	diag_fini(&d);
}

/* The folder that was named, the user's, and what is built in (or installed, which is the same). */
START_TEST(the_nearer_file_is_taken)
{
	struct seam s;
	char root[] = "/tmp/linkbook-def-XXXXXX", named[64], own[64], command[64];
	seam_init_sim(&s, 1, 0);
	ck_assert_ptr_nonnull(mkdtemp(root));
	snprintf(named, sizeof named, "%s/named", root);
	snprintf(own, sizeof own, "%s/linkbook/screens", root);
	setenv("XDG_CONFIG_HOME", root, 1);
	expect_title(&s, named, "People");
	write_titled(&s, own, "My own");
	expect_title(&s, NULL, "My own");
	expect_title(&s, named, "My own");
	write_titled(&s, named, "Named");
	expect_title(&s, named, "Named");
	expect_title(&s, NULL, "My own");
	snprintf(command, sizeof command, "rm -rf %s", root);
	ck_assert_int_eq(system(command), 0);
}
END_TEST

static const struct {
	const char *name, *yaml, *said;
} whole[] = {
	{"task-form",
	 "format: 1\nscreen: task-form\nkind: form\nof: task\ntitle: Task\nsections:\n"
	 "  - fields: [{field: what, label: What}, {field: due, label: Due}]\n"
	 "  - fields:\n      - {field: due, label: Done}\n",
	 "9:9: \"due\" is asked already; leave one of the two out"},
	{"task-form",
	 "format: 1\nscreen: task-form\nkind: form\nof: task\ntitle: Task\nsections:\n"
	 "  - fields: [{field: what, label: What}, {field: due, label: What}]\n",
	 "7:42: the label \"What\" stands on another field already"},
	{"task-form",
	 "format: 1\nscreen: task-form\nkind: form\nof: task\ntitle: Task\nsections:\n"
	 "  - fields: [{field: due, label: Due}]\n",
	 "1:1: no task is kept without its \"what\", so this form must always ask for it"},
	{"task-form",
	 "format: 1\nscreen: task-form\nkind: form\nof: task\ntitle: Task\nsections:\n"
	 "  - fields: [{field: due, label: Due}]\n"
	 "  - when: [{field: due, set: yes}]\n    fields: [{field: what, label: What}]\n",
	 "1:1: no task is kept without its \"what\", so this form must always ask for it"},
	{"link-form",
	 "format: 1\nscreen: link-form\nkind: form\nof: link\ntitle: Link\nsections:\n"
	 "  - fields: [{field: rung, label: Rung}]\n",
	 "1:1: no link is kept without its \"resource\" or what stands for it, so this form must "
	 "always ask for it"},
};

/* What shows only when all screens are there: the shipped one stands in. */
START_TEST(a_form_asks_once_and_can_be_finished)
{
	struct seam s;
	struct screens all;
	struct diag d = {0};
	struct buf said = BUF_INIT;
	char folder[] = "/tmp/linkbook-def-XXXXXX", path[64];
	seam_init_sim(&s, 1, 0);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/%s.yaml", folder, whole[_i].name);
	ck_assert_int_eq(file_write_durable(&s, path, span_text(whole[_i].yaml), NULL), OK);
	ck_assert_int_eq(screens_load(&s, folder, terms, &all, &d), OK);
	ck_assert_uint_eq(screens_broken(&all), 1);
	ck_assert_uint_ge(d.count, 1);
	buf_printf(&said, "%u:%u: %s", d.lines[0].line, d.lines[0].column, d.lines[0].text);
	ck_assert_str_eq(buf_text(&said), whole[_i].said);
	ck_assert(screens_find(&all, whole[_i].name)->broken);
	screens_fini(&all);
	diag_fini(&d);
	buf_fini(&said);
	remove(path);
	remove(folder);
}
END_TEST

/* --- every record type has its screens ---------------------------------------------------- */

static void load_shipped(struct screens *all)
{
	struct seam s;
	seam_init_sim(&s, 1, 0);
	setenv("XDG_CONFIG_HOME", "/nowhere", 1);
	ck_assert_int_eq(screens_load(&s, NULL, terms, all, NULL), OK);
}

/* Written by the program alone; and the notebook's owner, whom the first run asks. */
static bool has_no_screens(const struct kind *k)
{
	return k->by_program || !strcmp(k->name, "practitioner");
}

static const struct def_entry *find_entry(const struct screen_def *def, const struct field *f)
{
	for (size_t i = 0; i < def->section_count; i++)
		for (size_t j = 0; j < def->sections[i].count; j++)
			if (def->sections[i].entries[j].field == f)
				return &def->sections[i].entries[j];
	return NULL;
}

static bool asks_cell(const struct def_entry *rows, const struct field *cell)
{
	bool asks = rows->cell == cell;
	for (size_t i = 0; i < rows->cell_count; i++)
		asks |= rows->cells[i].cell == cell;
	return asks;
}

/* Of a kind of screen about a record type: whether one has the field, and (cell) the cell. */
static bool is_on(const struct screens *all, const struct kind *k, enum def_kind kind,
		  const struct field *f, const struct field *cell)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct screen_def *def = &all->defs[i];
		const struct def_entry *e = NULL;
		if (def->of == k && def->kind == kind)
			e = find_entry(def, f);
		if (e && (!cell || asks_cell(e, cell)))
			return true;
	}
	return false;
}

/* What a resource or a practice is called stands over it, where whose file it is stands else. */
static bool is_heading(const struct kind *k, const struct field *f)
{
	return k->store == STORE_DIRECTORY && !strcmp(f->name, "name");
}

/* The form knows it already: the practice said so. */
static bool is_told_by(const struct field *f, const struct field *cell)
{
	return f->told_by && !strcmp(f->told_by, cell->name);
}

static void check_fields(const struct screens *all, const struct kind *k)
{
	for (const struct field *f = k->fields; f->name; f++) {
		if (f->type != V_NOTES && !(f->flags & FIELD_HIDDEN))
			ck_assert_msg(is_on(all, k, DEF_FORM, f, NULL), "no form asks %s of a %s",
				      f->name, k->name);
		for (const struct field *c = f->cells; c && c->name; c++)
			ck_assert_msg(is_told_by(f, c) || is_on(all, k, DEF_FORM, f, c),
				      "no form asks %s.%s of a %s", f->name, c->name, k->name);
		if ((f->type == V_NOTES || !(f->flags & FIELD_HIDDEN)) && !is_heading(k, f))
			ck_assert_msg(is_on(all, k, DEF_TEXT, f, NULL), "no text shows %s of a %s",
				      f->name, k->name);
	}
}

/* A list from which one is added, opened, and changed. */
static bool leads_all_the_way(const struct screens *all, const struct screen_def *list)
{
	const struct screen_def *one = screens_find(all, list->open);
	ck_assert_ptr_nonnull(one);
	return list->form && (one->form || one->kind == DEF_PERSON);
}

START_TEST(each_record_type_is_listed_shown_and_asked)
{
	struct screens all;
	load_shipped(&all);
	for (const struct kind *k = kinds; k->name; k++) {
		bool found = has_no_screens(k);
		for (size_t i = 0; i < all.count; i++)
			found |= all.defs[i].of == k && all.defs[i].kind == DEF_LIST &&
				 leads_all_the_way(&all, &all.defs[i]);
		ck_assert_msg(found, "no list of a %s leads to one and to a form", k->name);
		if (!has_no_screens(k))
			check_fields(&all, k);
	}
	screens_fini(&all);
}
END_TEST

/* A draft knows a field by its name and a person by its label: neither may come twice. */
static void check_apart(const struct screen_def *def, const struct def_entry *a,
			const struct def_entry *b)
{
	ck_assert_msg(a == b || strcmp(a->label, b->label) != 0, "%s has two fields \"%s\"",
		      def->name, a->label);
	ck_assert_msg(a == b || a->cell || a->field != b->field, "%s has %s twice", def->name,
		      a->field->name);
}

static void check_labels(const struct screen_def *def)
{
	const struct def_entry *v[128];
	size_t n = 0;
	for (size_t i = 0; i < def->section_count; i++)
		for (size_t j = 0; j < def->sections[i].count; j++)
			v[n++] = &def->sections[i].entries[j];
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < n; j++)
			check_apart(def, v[i], v[j]);
		for (size_t j = 0; j < v[i]->cell_count * v[i]->cell_count; j++)
			check_apart(def, &v[i]->cells[j / v[i]->cell_count],
				    &v[i]->cells[j % v[i]->cell_count]);
	}
	/* The text at the end takes the room that is left, asked or not. */
	const struct def_section *last = &def->sections[def->section_count - 1];
	ck_assert_msg(v[n - 1]->field->type != V_NOTE || !last->when_count,
		      "%s ends with a text that is asked only at times", def->name);
}

START_TEST(no_form_asks_twice)
{
	struct screens all;
	load_shipped(&all);
	for (size_t i = 0; i < all.count; i++)
		if (all.defs[i].kind == DEF_FORM)
			check_labels(&all.defs[i]);
	screens_fini(&all);
}
END_TEST

/* Words that tell people off, or beg of them. */
START_TEST(screens_speak_plainly)
{
	static const char *const never[] = {"invalid",	 "please",  "sorry",
					    "forbidden", "illegal", "required"};
	for (const struct resource *r = resources_built_in; r->name; r++) {
		if (strncmp(r->name, "screens/", 8) != 0)
			continue;
		struct buf folded = BUF_INIT;
		/* Names of fields are not read by people. */
		for (const char *at = (const char *)r->bytes, *end = at + r->size; at < end; at++)
			buf_add_byte(&folded, (uint8_t)(*at == '_' ? 'x' : tolower(*at)));
		for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
			const char *found = strstr(buf_text(&folded), never[i]);
			ck_assert_msg(!found || found[strlen(never[i])] == 'x', "%s says \"%s\"",
				      r->name, never[i]);
		}
		buf_fini(&folded);
	}
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, shipped_screens_are_right);
	tcase_add_loop_test(t, a_mistake_is_said_with_its_place, 0, sizeof wrong / sizeof *wrong);
	tcase_add_test(t, all_mistakes_are_said_at_once);
	tcase_add_test(t, a_list_has_no_more_filters_than_it_can_tell_apart);
	tcase_add_test(t, a_broken_file_gives_way_to_the_shipped_one);
	tcase_add_test(t, the_nearer_file_is_taken);
	tcase_add_loop_test(t, a_form_asks_once_and_can_be_finished, 0,
			    sizeof whole / sizeof *whole);
	tcase_add_test(t, each_record_type_is_listed_shown_and_asked);
	tcase_add_test(t, no_form_asks_twice);
	tcase_add_test(t, screens_speak_plainly);
}

UNIT_MAIN("def")

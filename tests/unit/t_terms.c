/* SPDX-License-Identifier: MIT
 *
 * Code lists: what a good file gives, what is wrong with a bad one, and which term a word
 * that somebody typed is nearest to.
 */
#include <linkbook/terms.h>

#include "unit.h"

#define TERM(rest)                                                                                 \
	"format: 1\nlists:\n- list: mode\n  terms:\n  - {id: home, label: Home visit, letter: "    \
	"v}\n"                                                                                     \
	"  - " rest "\n"

static const struct {
	const char *yaml;
	unsigned line, column;
	const char *piece;
} mistakes[] = {
	{"", 1, 1, "there is nothing in this file"},
	{"a: b: c\n", 1, 5, "a colon"},
	{"lists: []\n", 1, 1, "the key \"format\" is missing"},
	{"format: 1\n", 1, 1, "the key \"lists\" is missing"},
	{"format: 2\nlists: []\n", 1, 9, "format \"2\" is not known"},
	{"format: 1\nlist: []\nlists: []\n", 2, 1, "did you mean \"lists\"?"},
	{"format: 1\nlists: a\n", 2, 8, "\"lists\" wants a list"},
	{"format: 1\nlists: [a]\n", 2, 9, "here belongs a map"},
	{"format: 1\nlists:\n- {list: m, terms: a}\n", 3, 20, "\"terms\" wants a list"},
	{"format: 1\nlists:\n- {terms: []}\n", 3, 3, "the key \"list\" is missing"},
	{"format: 1\nlists:\n- {list: M m, terms: []}\n", 3, 10, "\"M m\" cannot be a name"},
	{"format: 1\nlists:\n- {list: m, terms: []}\n- {list: m, terms: []}\n", 4, 10,
	 "the list \"m\" is in this file already"},
	{TERM("phone"), 6, 5, "here belongs a map"},
	{TERM("{label: Phone}"), 6, 5, "the key \"id\" is missing"},
	{TERM("{id: phone}"), 6, 5, "the key \"label\" is missing"},
	{TERM("{id: phone, label: ''}"), 6, 24, "\"label\" is empty"},
	{TERM("{id: phone, label: Phone, leter: p}"), 6, 31, "did you mean \"letter\"?"},
	{TERM("{id: Phone, label: Phone}"), 6, 10, "\"Phone\" cannot be a name"},
	{TERM("{id: home, label: Phone}"), 6, 10, "the id \"home\" is in this list already"},
	{TERM("{id: phone, label: Phone, letter: v}"), 6, 39, "picks \"home\" already"},
	{TERM("{id: phone, label: Phone, letter: ph}"), 6, 39, "not one lowercase letter"},
	{TERM("{id: phone, label: Phone, letter: }"), 6, 39, "not one lowercase letter"},
	{TERM("{id: phone, label: Phone, letter: P}"), 6, 39, "not one lowercase letter"},
	{TERM("{id: phone, label: Phone, snomed: 12a}"), 6, 39, "not a SNOMED code"},
	{TERM("{id: phone, label: Phone, parent: away}"), 6, 39, "the parent \"away\" is not in"},
	{TERM("{id: phone, label: Phone, parent: phone}"), 6, 39, "go in a circle"},
};

START_TEST(a_mistake_is_said_at_its_place)
{
	struct terms *t = terms_new();
	struct diag d = {0};
	ck_assert_int_eq(terms_load(t, "x.yaml", span_text(mistakes[_i].yaml), &d), ERR_INPUT);
	ck_assert_uint_eq(d.count, 1);
	ck_assert_msg(strstr(d.lines[0].text, mistakes[_i].piece), "said: %s", d.lines[0].text);
	ck_assert_str_eq(d.lines[0].file, "x.yaml");
	ck_assert_msg(d.lines[0].line == mistakes[_i].line &&
			      d.lines[0].column == mistakes[_i].column,
		      "said at %u:%u: %s", d.lines[0].line, d.lines[0].column, d.lines[0].text);
	ck_assert_ptr_null(terms_list(t, "mode")); /* nothing of the file is taken */
	ck_assert_int_eq(terms_load(t, "x.yaml", span_text(mistakes[_i].yaml), NULL), ERR_INPUT);
	diag_fini(&d);
	terms_free(t);
}
END_TEST

/* More terms in a list, or lists in a file, than anybody reads. */
START_TEST(too_many_are_refused)
{
	static const char *const head[] = {"format: 1\nlists:\n- list: mode\n  terms:\n",
					   "format: 1\nlists:\n"};
	static const char *const item[][2] = {{"  - {id: t", "label: T"},
					      {"- {list: l", "terms: []"}};
	static const int most[] = {2000, 500};
	struct terms *t = terms_new();
	for (int more = 0; more <= 1; more++) {
		struct buf yaml = BUF_INIT;
		struct diag d = {0};
		buf_add_text(&yaml, head[_i]);
		for (int i = 0; i < most[_i] + more; i++)
			buf_printf(&yaml, "%s%d, %s}\n", item[_i][0], i, item[_i][1]);
		ck_assert_int_eq(terms_load(t, "x.yaml", buf_span(&yaml), &d),
				 more ? ERR_INPUT : OK);
		ck_assert(!more || strstr(diag_first(&d), "split it"));
		diag_fini(&d);
		buf_fini(&yaml);
	}
	terms_free(t);
}
END_TEST

START_TEST(all_mistakes_come_at_once)
{
	struct terms *t = terms_new();
	struct diag d = {0};
	const char *yaml = TERM("{id: home, label: Phone, letter: v, snomed: x, parent: y}\n"
				"  - {id: B, label: b}");
	ck_assert_int_eq(terms_load(t, "x.yaml", span_text(yaml), &d), ERR_INPUT);
	ck_assert_uint_eq(d.count, 5);
	diag_fini(&d);
	terms_free(t);
}
END_TEST

static const char good[] =
	"format: 1\n"
	"lists:\n"
	"  - list: contact-mode\n"
	"    source: made up\n"
	"    terms:\n"
	"      - {id: doorstep, label: On the doorstep, parent: face_home}\n"
	"      - {id: face_home, label: Home visit, letter: v, also: house sofa, snomed: \"123\"}\n"
	"      - {id: phone, label: Phone call, letter: p}\n"
	"      - {id: phone_text, label: Text message}\n"
	"  - list: empty\n"
	"    terms: []\n";

static void load(struct terms *t, const char *yaml)
{
	struct diag d = {0};
	enum err e = terms_load(t, "good.yaml", span_text(yaml), &d);
	ck_assert_msg(e == OK, "%s", diag_first(&d));
	ck_assert_uint_eq(d.count, 0);
}

START_TEST(a_good_file_is_found_again)
{
	struct terms *t = terms_new();
	load(t, good);
	const struct term_list *list = terms_list(t, "contact-mode");
	ck_assert_uint_eq(list->count, 4);
	ck_assert_str_eq(list->name, "contact-mode");
	ck_assert_str_eq(list->items[0].parent, "face_home");
	ck_assert_ptr_null(list->items[0].letter);
	const struct term *home = terms_find(t, "contact-mode", span_text("face_home"));
	ck_assert_str_eq(home->label, "Home visit");
	ck_assert_str_eq(home->letter, "v");
	ck_assert_str_eq(home->also, "house sofa");
	ck_assert_str_eq(home->snomed, "123");
	ck_assert_uint_eq(terms_list(t, "empty")->count, 0);
	ck_assert_ptr_null(terms_list(t, "none"));
	ck_assert_ptr_null(terms_find(t, "none", span_text("x")));
	ck_assert_ptr_null(terms_find(t, "contact-mode", span_text("x")));
	terms_free(t);
	terms_free(NULL);
}
END_TEST

START_TEST(a_later_file_replaces_a_list)
{
	struct terms *t = terms_new();
	load(t, good);
	const struct term *before = terms_find(t, "contact-mode", span_text("phone"));
	load(t,
	     "format: 1\nlists:\n- list: contact-mode\n  terms:\n  - {id: phone, label: Ring}\n");
	ck_assert_str_eq(terms_find(t, "contact-mode", span_text("phone"))->label, "Ring");
	ck_assert_ptr_null(terms_find(t, "contact-mode", span_text("face_home")));
	ck_assert_ptr_nonnull(terms_list(t, "empty"));
	ck_assert_str_eq(before->label, "Phone call"); /* lent until terms_free */
	terms_free(t);
}
END_TEST

static const struct {
	const char *written, *id; /* NULL: none */
} nearest[] = {
	{"Home visit", "face_home"},
	{"home VISIT", "face_home"},
	{"face_home", "face_home"},
	{"face home", "face_home"},
	{"hom visit", "face_home"},
	{"phnoe", "phone"},
	{"Phone", "phone"},
	{"text", "phone_text"},
	{"home", "face_home"},
	{"on the", "doorstep"},
	{"elephant", NULL},
	{"", NULL},
	{"xy", NULL},
	{"?!", NULL},
};

START_TEST(the_nearest_term_is_found)
{
	struct terms *t = terms_new();
	load(t, good);
	const struct term *term = terms_nearest(t, "contact-mode", nearest[_i].written);
	if (nearest[_i].id)
		ck_assert_str_eq(term ? term->id : "none", nearest[_i].id);
	else
		ck_assert_ptr_null(term);
	ck_assert_ptr_null(terms_nearest(t, "none", nearest[_i].written));
	terms_free(t);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

static void add_tests(TCase *t)
{
	tcase_add_loop_test(t, a_mistake_is_said_at_its_place, 0, COUNT(mistakes));
	tcase_add_loop_test(t, too_many_are_refused, 0, 2);
	tcase_add_test(t, all_mistakes_come_at_once);
	tcase_add_test(t, a_good_file_is_found_again);
	tcase_add_test(t, a_later_file_replaces_a_list);
	tcase_add_loop_test(t, the_nearest_term_is_found, 0, COUNT(nearest));
}

UNIT_MAIN("terms")

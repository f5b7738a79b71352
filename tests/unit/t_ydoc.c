/* SPDX-License-Identifier: MIT
 *
 * Strict YAML: what passes, what is refused and where that is said, and that no bytes
 * whatever make the reader fall over.
 */
#include <linkbook/mem.h>
#include <linkbook/text.h>
#include <linkbook/ydoc.h>

#include <stdio.h>
#include <time.h>

#include "unit.h"

#define BYTES(s) s, sizeof s - 1

/* A mistake each: where it is said, and a piece of what is said. */
static const struct {
	const char *yaml;
	size_t n;
	unsigned line, column;
	const char *piece;
} mistakes[] = {
	/* more than plain data */
	{BYTES("a: 1\nb: 2\na: 3\n"), 3, 1, "the key \"a\" stands here a second time"},
	{BYTES("{a: 1, \"a\": 2}"), 1, 8, "the key \"a\" stands here a second time"},
	{BYTES("\xC3\xA9: 1\ne\xCC\x81: 2\n"), 2, 1, "a second time"}, /* one letter, two ways */
	{BYTES("a: &x 1\n"), 1, 4, "an anchor (&x)"},
	{BYTES("a: &x [1]\n"), 1, 4, "an anchor (&x)"},
	{BYTES("a: &x {b: c}\n"), 1, 4, "an anchor (&x)"},
	{BYTES("a: *x\n"), 1, 4, "an alias (*x)"},
	{BYTES("*x : 1\n"), 1, 1, "an alias (*x)"},
	{BYTES("a: !!int 1\n"), 1, 4, "a tag (tag:yaml.org,2002:int)"},
	{BYTES("a: !b [1]\n"), 1, 4, "a tag (!b)"},
	{BYTES("a: !b {c: d}\n"), 1, 4, "a tag (!b)"},
	{BYTES("a: ! 'b'\n"), 1, 4, "a tag (!)"},
	{BYTES("a: !b!c d\n"), 1, 4, "exclamation mark"},
	{BYTES("%YAML 1.1\n---\na: 1\n"), 1, 1, "a line begins with %"},
	{BYTES("%TAG ! tag:x,2000:\n---\na: 1\n"), 1, 1, "a line begins with %"},
	{BYTES("a: 1\n---\nb: 2\n"), 2, 1, "a second document"},
	{BYTES("a: 1\n...\nb: 2\n"), 3, 1, "after the end of the document"},
	{BYTES("a: {b: 1}\nc:\n  <<: {d: 2}\n"), 3, 3, "a merge key"},
	{BYTES("[a]: 1\n"), 1, 1, "stands where a key should"},
	{BYTES("? {a: b}\n: 1\n"), 1, 3, "stands where a key should"},
	{BYTES("{'': 1}"), 1, 2, "a key is missing"},
	/* nothing */
	{BYTES(""), 1, 1, "there is nothing in this file"},
	{BYTES("# only a remark\n"), 1, 1, "there is nothing in this file"},
	{BYTES("---\n"), 1, 1, "there is nothing in this file"},
	{BYTES("\xEF\xBB\xBF"), 1, 1, "there is nothing in this file"},
	/* characters */
	{BYTES("\xFF\xFE"
	       "a\0:\0"),
	 1, 1, "save it as UTF-8"},
	{BYTES("\xFE\xFF\0a\0:"), 1, 1, "save it as UTF-8"},
	{BYTES("\0\0\xFE\xFF"), 1, 1, "save it as UTF-8"},
	{BYTES("a: b\0c\n"), 1, 5, "a NUL byte"},
	{BYTES("a: b\nc: \xE9t\xC3\xA9\n"), 2, 4, "the byte 0xE9 is not UTF-8"},
	{BYTES("a: \xED\xA0\x80\n"), 1, 4, "0xED is not UTF-8"}, /* a surrogate */
	{BYTES("a: b\x1B[2J\n"), 1, 5, "(U+001B)"},
	{BYTES("a: b\rc\n"), 1, 5, "(U+000D)"},
	{BYTES("\xC3\xA9: \xE2\x80\xAEm\n"), 1, 4, "(U+202E)"},
	{BYTES("a: b # \xE2\x81\xA6\n"), 1, 8, "(U+2066)"},
	{BYTES("a: b\xEF\xBB\xBF\n"), 1, 5, "(U+FEFF)"},
	{BYTES("a: b\xEF\xBF\xBF\n"), 1, 5, "(U+FFFF)"},
	{BYTES("a: b\xC2\x85\n"), 1, 5, "(U+0085)"},
	{BYTES("a: \"\\e\"\n"), 1, 4, "an escape for a control character (U+001B)"},
	{BYTES("a: \"\\0\"\n"), 1, 4, "an escape for a control character (U+0000)"},
	{BYTES("a: \"b\\u202e\"\n"), 1, 4, "an escape for a control character (U+202E)"},
	{BYTES("a: \"b\\r\"\n"), 1, 4, "an escape for a control character (U+000D)"},
	{BYTES("{\"\\a\": 1}"), 1, 2, "an escape for a control character (U+0007)"},
	{BYTES("a: \"\\ud800\"\n"), 1, 7, "an escape names no character"},
	/* tabs */
	{BYTES("a:\n\tb: 1\n"), 2, 1, "a tab stands here; indent with blanks"},
	{BYTES("a:\n  \tb: 1\n"), 2, 3, "a tab stands here"},
	{BYTES("-\ta: 1\n"), 1, 2, "a tab stands here"},
	{BYTES("a: {\n\tb: 1}\n"), 2, 1, "a tab stands here"},
	{BYTES("a: b\n\tc\n"), 2, 1, "a tab stands here"},
	{BYTES("a: |\n\tb\n"), 2, 1, "a tab stands here"},
	/* syntax */
	{BYTES("a: b: c\n"), 1, 5, "a colon stands where none can"},
	{BYTES("a: 1\nb\nc: 2\n"), 3, 1, "a line without a colon"},
	{BYTES("a:\n  b: 1\n c: 2\n"), 3, 2, "does not line up"},
	{BYTES("a:\n  - b\n  c: 1\n"), 3, 3, "does not belong to the list"},
	{BYTES("a: 1\nb: \"c\nd: 2\n"), 2, 4, "quotes are opened and never closed"},
	{BYTES("a: 'b\n"), 1, 4, "quotes are opened and never closed"},
	{BYTES("a: [b\nc: d\n"), 2, 2, "a list in [ ] goes wrong"},
	{BYTES("a: {b: c\n"), 2, 1, "a map in { } goes wrong"},
	{BYTES("a: @b\n"), 1, 4, "cannot begin with this character"},
	{BYTES("a: \"\\d\"\n"), 1, 5, "a backslash"},
	{BYTES("a: **b**\n"), 1, 5, "cannot begin with * or &"},
	{BYTES("a: - b\n"), 1, 4, "a list cannot begin here"},
};

START_TEST(a_mistake_is_said_at_its_place)
{
	struct ydoc doc;
	struct diag d = {0};
	struct span bytes = span_of(mistakes[_i].yaml, mistakes[_i].n);
	ck_assert_int_eq(ydoc_read("x.yaml", bytes, &doc, &d), ERR_INPUT);
	ck_assert_ptr_null(doc.root);
	for (size_t i = 1; i < d.count; i++)
		printf("# mistake %d, one too many: %s\n", _i, d.lines[i].text);
	ck_assert_uint_eq(d.count, 1);
	ck_assert_msg(strstr(d.lines[0].text, mistakes[_i].piece), "said: %s", d.lines[0].text);
	ck_assert_str_eq(d.lines[0].file, "x.yaml");
	ck_assert_msg(d.lines[0].line == mistakes[_i].line &&
			      d.lines[0].column == mistakes[_i].column,
		      "said at %u:%u: %s", d.lines[0].line, d.lines[0].column, d.lines[0].text);
	diag_fini(&d);
	ydoc_fini(&doc);
}
END_TEST

/* Reads what must pass. */
static struct ydoc read_good(const char *yaml)
{
	struct ydoc doc;
	struct diag d = {0};
	enum err e = ydoc_read("good.yaml", span_text(yaml), &doc, &d);
	ck_assert_msg(e == OK, "%s", diag_first(&d));
	ck_assert_uint_eq(d.count, 0);
	return doc;
}

START_TEST(a_tree_knows_texts_and_places)
{
	struct ydoc doc = read_good("\xEF\xBB\xBF# remark\r\n"
				    "name: Caf\x65\xCC\x81\r\n"
				    "list:\n  - one\n  - {k: 'v: w', empty: }\n"
				    "block: |\n  first\n  \tsecond\n"
				    "long: \"a\n\t  b\\tc\"\n");
	const struct ynode *root = doc.root;
	ck_assert_uint_eq(root->count, 4);
	ck_assert_str_eq(ynode_text(root, "name"), "Caf\xC3\xA9");
	const struct ynode *list = ynode_get(root, "list");
	ck_assert_int_eq(list->kind, YNODE_LIST);
	ck_assert_uint_eq(list->count, 2);
	ck_assert_str_eq(list->items[0]->text, "one");
	ck_assert(!list->items[0]->quoted);
	const struct ynode *value = ynode_get(list->items[1], "k");
	ck_assert_str_eq(value->text, "v: w");
	ck_assert(value->quoted);
	ck_assert_uint_eq(value->line, 5);
	ck_assert_uint_eq(value->column, 9);
	ck_assert_str_eq(ynode_text(list->items[1], "empty"), "");
	ck_assert_str_eq(ynode_text(root, "block"), "first\n\tsecond\n");
	ck_assert_str_eq(ynode_text(root, "long"), "a b\tc");
	ck_assert_str_eq(root->keys[1]->text, "list");
	ck_assert_ptr_null(ynode_text(root, "list"));
	ck_assert_ptr_null(ynode_get(root, "nothing"));
	ydoc_fini(&doc);
}
END_TEST

START_TEST(what_looks_like_more_passes_in_quotes)
{
	struct ydoc doc = read_good("---\n\"<<\": '&a'\nb: '*c'\nd: \"!e\"\nf: '%g'\n...\n");
	ck_assert_str_eq(ynode_text(doc.root, "<<"), "&a");
	ck_assert_str_eq(ynode_text(doc.root, "f"), "%g");
	ydoc_fini(&doc);
}
END_TEST

START_TEST(all_mistakes_come_at_once_in_order)
{
	static const struct {
		unsigned line;
		const char *piece;
	} said[] = {
		{1, "an anchor"}, {2, "a tag"},		{3, "a second time"},
		{4, "(U+202E)"},  {5, "a merge key"},	{6, "not UTF-8"},
		{7, "an alias"},  {8, "for a control"}, {9, "goes wrong"},
	};
	const char *yaml = "a: &x 1\nb: !t 2\na: 3\nc: \xE2\x80\xAE\n<<: 4\nd: \xFF\ne: *x\n"
			   "f: \"\\e\"\ng: [1\n";
	struct ydoc doc;
	struct diag d = {0};
	ck_assert_int_eq(ydoc_read("x.yaml", span_text(yaml), &doc, &d), ERR_INPUT);
	ck_assert_uint_le(d.count, sizeof said / sizeof *said);
	for (size_t i = 0; i < d.count; i++)
		ck_assert_msg(strstr(d.lines[i].text, said[i].piece), "%zu: %u: %s", i,
			      d.lines[i].line, d.lines[i].text);
	diag_fini(&d);
	ydoc_fini(&doc);
}
END_TEST

START_TEST(no_more_than_a_hundred_are_told)
{
	struct buf b = BUF_INIT;
	for (int i = 0; i < 300; i++)
		buf_add_text(&b, "- &a b\n");
	struct ydoc doc;
	struct diag d = {0};
	ck_assert_int_eq(ydoc_read("x.yaml", buf_span(&b), &doc, &d), ERR_INPUT);
	ck_assert_uint_eq(d.count, 100);
	ck_assert_ptr_nonnull(strstr(d.lines[99].text, "100 mistakes or more"));
	diag_fini(&d);
	ydoc_fini(&doc);
	buf_fini(&b);
}
END_TEST

/* --- bounds -------------------------------------------------------------------------------- */

static struct buf repeated(const char *piece, size_t bytes, const char *end)
{
	struct buf b = BUF_INIT;
	while (b.n < bytes)
		buf_add_text(&b, piece);
	buf_add_text(&b, end);
	return b;
}

static double cpu_seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

/* What costs a reader without bounds minutes. */
static const struct {
	const char *piece;
	size_t bytes;
	const char *end, *said;
} costly[] = {
	{"[", 100000, "", "nested more than 16 deep"},
	{"{", 100000, "", "nested more than 16 deep"},
	{"- ", 100000, "", "nested more than 16 deep"},
	{"? ", 100000, "", "nested more than 16 deep"},
	{"[{a: ", 100000, "", "nested more than 16 deep"},
	{"%TAG !a! tag:x\n", 1000000, "---\na: b\n", "100 mistakes or more"},
	{"&a ", 100000, "b", "an anchor (&a)"},
	{"a: 1\n", 500000, "", "100 mistakes or more"},
	{"- 1\n", YDOC_NODES * 4 + 4, "", "more than 200000 entries"},
	{"\t\n", 1000000, "", "a tab stands here"},
	{"# x\n", 8 << 20, "a", "longer than 8 MiB"},
	{"\xFF", 4 << 20, "", "the byte 0xFF is not UTF-8"},
};

START_TEST(costly_bytes_are_answered_soon)
{
	struct buf b = repeated(costly[_i].piece, costly[_i].bytes, costly[_i].end);
	struct ydoc doc;
	struct diag d = {0};
	double start = cpu_seconds();
	ck_assert_int_eq(ydoc_read("x.yaml", buf_span(&b), &doc, &d), ERR_INPUT);
	ck_assert_double_lt(cpu_seconds() - start, 2);
	bool said = false;
	for (size_t i = 0; i < d.count && !said; i++)
		said = strstr(d.lines[i].text, costly[_i].said) != NULL;
	ck_assert_msg(said, "said: %s", diag_first(&d));
	diag_fini(&d);
	ydoc_fini(&doc);
	buf_fini(&b);
}
END_TEST

START_TEST(sixteen_deep_and_many_keys_pass)
{
	struct ydoc doc = read_good("[[[[[[[[[[[[[[[[deep]]]]]]]]]]]]]]]]");
	ydoc_fini(&doc);
	struct buf b = BUF_INIT;
	for (int i = 0; i < 90000; i++)
		buf_printf(&b, "key%d: x\n", i);
	double start = cpu_seconds();
	doc = read_good(buf_text(&b));
	ck_assert_double_lt(cpu_seconds() - start, 4);
	ck_assert_uint_eq(doc.root->count, 90000);
	ydoc_fini(&doc);
	buf_fini(&b);
}
END_TEST

/* --- any bytes ----------------------------------------------------------------------------- */

static uint64_t seed;

static unsigned draw(unsigned below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed >> 33) % below;
}

static const char valid[] =
	"format: 1\nlists:\n  - list: contact-mode\n    source: \"a, b\"\n"
	"    terms:\n      - {id: a, label: Home \xC3\xA9, also: 'x'}\n"
	"    note: |\n      one\n      two\n    # remark\n    more: >-\n      folded\n";
static const char odd[] =
	"\t\n\r -:?[]{},&*!|>%@`#'\"\\<\0\x1B\xC3\xA9\xE2\x80\xAE\xFF\xEF\xBB\xBF";

static void random_bytes(struct buf *b)
{
	for (unsigned n = draw(80); n; n--)
		buf_add_byte(b, draw(3) ? (uint8_t)odd[draw(sizeof odd - 1)] : (uint8_t)draw(256));
}

static void mutate(struct buf *b)
{
	buf_add(b, valid, sizeof valid - 1);
	for (unsigned n = draw(4) + 1; n && b->n; n--) {
		size_t at = draw((unsigned)b->n);
		size_t cut = draw(3) ? draw(2) : draw((unsigned)(b->n - at) + 1);
		buf_splice(b, at, cut, odd + draw(sizeof odd - 4), draw(4));
	}
}

static bool tree_is_sound(const struct ynode *node, int depth)
{
	if (depth > YDOC_DEPTH || !node->line || !node->column)
		return false;
	if (!text_may_store(span_text(node->text), true))
		return false;
	for (size_t i = 0; i < node->count; i++) {
		if (!tree_is_sound(node->items[i], depth + 1))
			return false;
		if (node->kind == YNODE_MAP && node->keys[i]->kind != YNODE_TEXT)
			return false;
	}
	return true;
}

static bool answers(struct span bytes)
{
	struct ydoc doc;
	struct diag d = {0};
	enum err e = ydoc_read("any", bytes, &doc, &d);
	bool good = e == OK ? doc.root && !d.count && tree_is_sound(doc.root, 0)
			    : e == ERR_INPUT && d.count && d.count <= 100;
	for (size_t i = 0; i < d.count; i++)
		good = good && *d.lines[i].text && text_is_utf8(span_text(d.lines[i].text));
	diag_fini(&d);
	ydoc_fini(&doc);
	return good;
}

START_TEST(any_bytes_get_an_answer)
{
	seed = 0x9E3779B97F4A7C15u + (unsigned)_i;
	struct buf b = BUF_INIT;
	for (int i = 0; i < 20000; i++) {
		buf_clear(&b);
		if (_i)
			mutate(&b);
		else
			random_bytes(&b);
		ck_assert_msg(answers(buf_span(&b)), "at %d: %s", i, buf_text(&b));
	}
	buf_fini(&b);
}
END_TEST

/* --- checks -------------------------------------------------------------------------------- */

static const struct ykey known[] = {
	{"name", YNODE_TEXT, true},
	{"label", YNODE_TEXT, false},
	{"fields", YNODE_LIST, true},
	{"sub", YNODE_MAP, false},
	{0},
};

static const struct {
	const char *yaml;
	unsigned line, column;
	const char *piece; /* NULL: passes */
} checks[] = {
	{"name: a\nfields: []\nsub: {}\n", 0, 0, NULL},
	{"name: a\nfields: []\nlabl: b\n", 3, 1, "did you mean \"label\"?"},
	{"name: a\nfields: []\nelephant: b\n", 3, 1, "known are: name, label, fields, sub"},
	{"name: a\n", 1, 1, "the key \"fields\" is missing"},
	{"name:\nfields: []\n", 1, 6, "\"name\" is empty"},
	{"name: a\nfields: b\n", 2, 9, "\"fields\" wants a list"},
	{"name: [a]\nfields: []\n", 1, 7, "\"name\" wants a text"},
	{"name: a\nfields: []\nsub: b\n", 3, 6, "\"sub\" wants a map"},
	{"- a\n", 1, 1, "here belongs a map"},
};

START_TEST(keys_are_checked)
{
	struct ydoc doc = read_good(checks[_i].yaml);
	struct diag d = {0};
	ck_assert(ynode_check(&doc, doc.root, known, &d) == !checks[_i].piece);
	ck_assert_uint_eq(d.count, checks[_i].piece ? 1 : 0);
	if (d.count) {
		ck_assert_msg(strstr(d.lines[0].text, checks[_i].piece), "%s", d.lines[0].text);
		ck_assert_str_eq(d.lines[0].file, "good.yaml");
		ck_assert_uint_eq(d.lines[0].line, checks[_i].line);
		ck_assert_uint_eq(d.lines[0].column, checks[_i].column);
	}
	diag_fini(&d);
	ydoc_fini(&doc);
}
END_TEST

START_TEST(all_wrong_keys_are_said)
{
	struct ydoc doc = read_good("nam: a\nfields: b\nsub: c\n");
	struct diag d = {0};
	ck_assert(!ynode_check(&doc, doc.root, known, &d));
	ck_assert_uint_eq(d.count, 4);
	diag_fini(&d);
	ydoc_fini(&doc);
}
END_TEST

START_TEST(numbers_and_answers_are_read)
{
	struct ydoc doc =
		read_good("[5, -3, 10, 4x, '', [], 99999999999999999999, yes, No, maybe]");
	struct ynode **v = doc.root->items;
	struct diag d = {0};
	long n = 0;
	ck_assert(ynode_number(&doc, v[0], -3, 9, &n, &d) && n == 5);
	ck_assert(ynode_number(&doc, v[1], -3, 9, &n, &d) && n == -3);
	ck_assert_uint_eq(d.count, 0);
	for (int i = 2; i < 7; i++)
		ck_assert(!ynode_number(&doc, v[i], -3, 9, &n, &d));
	ck_assert(!ynode_number(&doc, NULL, -3, 9, &n, &d));
	ck_assert_uint_eq(d.count, 6);
	ck_assert_ptr_nonnull(strstr(d.lines[0].text, "a whole number from -3 to 9"));
	ck_assert_uint_eq(d.lines[0].column, 9);
	bool yes = false, no = true;
	ck_assert(ynode_yesno(&doc, v[7], &yes, &d) && yes);
	ck_assert(ynode_yesno(&doc, v[8], &no, &d) && !no);
	ck_assert(!ynode_yesno(&doc, v[9], &no, &d));
	ck_assert(!ynode_yesno(&doc, NULL, &no, &d));
	ck_assert_ptr_nonnull(strstr(d.lines[6].text, "neither yes nor no"));
	diag_fini(&d);
	ydoc_fini(&doc);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

static void add_tests(TCase *t)
{
	tcase_add_loop_test(t, a_mistake_is_said_at_its_place, 0, COUNT(mistakes));
	tcase_add_test(t, a_tree_knows_texts_and_places);
	tcase_add_test(t, what_looks_like_more_passes_in_quotes);
	tcase_add_test(t, all_mistakes_come_at_once_in_order);
	tcase_add_test(t, no_more_than_a_hundred_are_told);
	tcase_add_loop_test(t, costly_bytes_are_answered_soon, 0, COUNT(costly));
	tcase_add_test(t, sixteen_deep_and_many_keys_pass);
	tcase_add_loop_test(t, any_bytes_get_an_answer, 0, 2);
	tcase_add_loop_test(t, keys_are_checked, 0, COUNT(checks));
	tcase_add_test(t, all_wrong_keys_are_said);
	tcase_add_test(t, numbers_and_answers_are_read);
}

UNIT_MAIN("ydoc")

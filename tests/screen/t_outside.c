/* SPDX-License-Identifier: MIT
 *
 * What is printed outside curses: every byte and every class of characters in a book, in the
 * arguments, in the names of files and in what is read from them, through the commands; what they
 * print on either stream is watched byte by byte.  With the cleaning off it is noticed.
 */
#include "payloads.h"
#include "watch.h"

#include <linkbook/book.h>
#include <linkbook/cli.h>
#include <linkbook/lines.h>
#include <linkbook/resource.h>
#include <linkbook/text.h>

#include <check.h>
#include <fcntl.h>
#include <jansson.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- what is switched off ----------------------------------------------------------------- */

static bool stores_anything, cleaning_off;

/* Linked in place of the real ones (--wrap). */
bool __real_text_may_store(struct span s, bool multiline);
bool __wrap_text_may_store(struct span s, bool multiline);
void __real_text_clean(struct span s, struct buf *out);
void __wrap_text_clean(struct span s, struct buf *out);
void __real_text_clip(struct span s, int columns, bool ascii, struct buf *out);
void __wrap_text_clip(struct span s, int columns, bool ascii, struct buf *out);

bool __wrap_text_may_store(struct span s, bool multiline)
{
	return stores_anything || __real_text_may_store(s, multiline);
}

void __wrap_text_clean(struct span s, struct buf *out)
{
	if (cleaning_off)
		buf_add_span(out, s);
	else
		__real_text_clean(s, out);
}

void __wrap_text_clip(struct span s, int columns, bool ascii, struct buf *out)
{
	if (cleaning_off)
		buf_add_span(out, s);
	else
		__real_text_clip(s, columns, ascii, out);
}

/* --- the program -------------------------------------------------------------------------- */

static char root[64], book[96], words[96], said[96];
static struct seam seam;
static struct terms *terms;
static const char passphrase[] = "four plain words here";
static const int64_t now_ms = 1795517220000;

enum { ARGS_MOST = 12 };

/* Both streams into one file; input from a file, or none. */
static void become(const char *input, int argc, char **argv)
{
	int out = open(said, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	int in = open(input ? input : "/dev/null", O_RDONLY);
	if (out < 0 || in < 0 || dup2(in, 0) || dup2(out, 1) != 1 || dup2(out, 2) != 2)
		_exit(99);
	setvbuf(stdout, NULL, _IOLBF, 0);
	_exit(cli_main(argc, argv));
}

/* Runs it; what it said is in *out.  The exit status. */
static int run(const char *input, struct buf *out, const char *const args[])
{
	char *argv[ARGS_MOST + 6] = {(char *)"linkbook", (char *)"--passphrase-file", words};
	int argc = 3, status;
	struct diag d = {0};
	for (int i = 0; i < ARGS_MOST && args[i]; i++)
		argv[argc++] = (char *)(uintptr_t)args[i];
	fflush(stdout);
	pid_t pid = fork();
	if (!pid)
		become(input, argc, argv);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	if (!WIFEXITED(status))
		ck_abort_msg("%s ended by signal %d", args[0], WTERMSIG(status));
	ck_assert_int_eq(file_read(&seam, said, 64 << 20, out, &d), OK);
	return WEXITSTATUS(status);
}

#define RUN(input, out, ...) run(input, out, (const char *const[]){__VA_ARGS__, NULL})

static size_t leaks(const struct buf *out, char *first, size_t room)
{
	struct watch w;
	watch_start(&w, WATCH_LINES);
	watch_bytes(&w, (const char *)out->p, out->n);
	watch_end(&w);
	snprintf(first, room, "%s", w.first);
	return w.leaks;
}

static void expect_plain(const char *what, const struct buf *out)
{
	char first[64];
	if (leaks(out, first, sizeof first))
		ck_abort_msg("%s: %s in:\n%s", what, first, buf_text(out));
}

/* Runs it with the book; some answer there must be. */
#define PLAIN(...)                                                                                 \
	do {                                                                                       \
		struct buf out_ = BUF_INIT;                                                        \
		RUN(NULL, &out_, "--book", book, __VA_ARGS__);                                     \
		ck_assert_uint_gt(out_.n, 0);                                                      \
		expect_plain(#__VA_ARGS__, &out_);                                                 \
		buf_fini(&out_);                                                                   \
	} while (0)

/* --- a book that was written by somebody else ---------------------------------------------- */

static const char *const fields[] = {
	"family_name", "given_name",  "called",		"pronouns",	   "language",
	"caring_role", "gp",	      "next_of_kin",	"cannot_do_times", "access_needs",
	"visit_note",  "please_do",   "household_note", "please_dont",	   "important_to_me",
	"email",       "programme_id"};
enum { FIELDS = sizeof fields / sizeof *fields };
static struct id people[64];
static size_t person_count;

static void load_terms(void)
{
	terms = terms_new();
	for (const struct resource *r = resources_built_in; r->name; r++)
		if (!strncmp(r->name, "data/terms/", 11))
			ck_assert_int_eq(
				terms_load(terms, r->name, span_of(r->bytes, r->size), NULL), OK);
}

/* The next payload that a text can hold (others no record takes), or "end" and false. */
static bool next_text(size_t *i, struct buf *out)
{
	while (*i < payload_count()) {
		struct payload p = payload_make((*i)++);
		bool is_text = text_is_utf8(buf_span(&p.text));
		if (is_text)
			value_add_text(out, buf_span(&p.text));
		buf_fini(&p.text);
		if (is_text)
			return true;
	}
	value_add_text(out, span_text("end"));
	return false;
}

/* One of them is altered by two who had not seen each other: both stand. */
static void write_twice(struct book *b, struct put *p, struct put_field *put,
			const struct buf *values)
{
	struct hash first = p->change;
	p->fields = put;
	p->field_count = 1;
	p->is_new = false;
	p->has_heads = true;
	p->heads = &first;
	p->head_count = 1;
	for (int i = 1; i < 3; i++) {
		struct diag d = {0};
		put[0].value = buf_span(&values[i]);
		enum err e = book_put(b, p, 1, &d);
		ck_assert_msg(!e, "%s", diag_first(&d));
		diag_fini(&d);
	}
}

static void put_person(struct book *b, size_t *next)
{
	struct buf values[FIELDS];
	struct put_field put[FIELDS];
	struct diag d = {0};
	for (size_t i = 0; i < FIELDS; i++) {
		values[i] = (struct buf)BUF_INIT;
		next_text(next, &values[i]);
		put[i] = (struct put_field){fields[i], buf_span(&values[i])};
	}
	struct put p = {.kind = kind_find("person"), .fields = put, .field_count = FIELDS};
	enum err e = book_put(b, &p, 1, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
	people[person_count++] = p.record;
	write_twice(b, &p, put, values);
	for (size_t i = 0; i < FIELDS; i++)
		buf_fini(&values[i]);
	diag_fini(&d);
}

static void put_group(struct book *b, size_t *next)
{
	struct buf v = BUF_INIT;
	next_text(next, &v);
	struct put_field f[] = {{"name", buf_span(&v)}, {"summary", buf_span(&v)}};
	struct put p = {.kind = kind_find("resource"), .fields = f, .field_count = 2};
	ck_assert_int_eq(book_put(b, &p, 1, NULL), OK);
	buf_fini(&v);
}

static void fill(void)
{
	struct book *b;
	struct diag d = {0};
	struct id directory;
	enum err e = book_create(&seam, book, "Ail\033[2Jsa \u202E\xc2\x9b", span_text(passphrase),
				 KDF_CALIBRATED, &d);
	if (!e)
		e = book_open(&seam, book, span_text(passphrase), terms, &b, &d);
	if (!e)
		e = book_add_directory(b, &directory, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
	for (size_t i = 0; i < payload_count() && person_count < 64;)
		put_person(b, &i);
	for (size_t i = 0; i < payload_count();)
		put_group(b, &i);
	book_close(b);
	diag_fini(&d);
}

static void setup(void)
{
	strcpy(root, access("/dev/shm", W_OK) ? "/tmp/linkbook-outside-XXXXXX"
					      : "/dev/shm/linkbook-outside-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	snprintf(book, sizeof book, "%s/book", root);
	snprintf(words, sizeof words, "%s/words", root);
	snprintf(said, sizeof said, "%s/said", root);
	setenv("XDG_STATE_HOME", root, 1);
	setenv("XDG_CONFIG_HOME", root, 1);
	seam_init_sim(&seam, 1, now_ms);
	load_terms();
	ck_assert_int_eq(file_write_durable(&seam, words, span_text(passphrase), NULL), OK);
	stores_anything = true;
	fill();
	stores_anything = false;
}

static void teardown(void)
{
	char command[96];
	terms_free(terms);
	snprintf(command, sizeof command, "rm -rf '%s'", root);
	ck_assert_int_eq(system(command), 0);
}

/* --- what is in a book --------------------------------------------------------------------- */

static void expect_json(const char *what, const struct buf *out)
{
	json_error_t error;
	json_t *v =
		json_loadb((const char *)out->p, out->n, JSON_ALLOW_NUL | JSON_DECODE_ANY, &error);
	if (!v)
		ck_abort_msg("%s: %s", what, error.text);
	json_decref(v);
}

#define PLAIN_JSON(...)                                                                            \
	do {                                                                                       \
		struct buf out_ = BUF_INIT;                                                        \
		ck_assert_int_eq(RUN(NULL, &out_, "--json", "--book", book, __VA_ARGS__), 0);      \
		expect_plain(#__VA_ARGS__, &out_);                                                 \
		expect_json(#__VA_ARGS__, &out_);                                                  \
		buf_fini(&out_);                                                                   \
	} while (0)

START_TEST(lists_and_records)
{
	PLAIN("list", "person");
	PLAIN("list", "resource");
	PLAIN_JSON("list", "person");
	PLAIN_JSON("list", "resource");
	PLAIN("find", "a");
	PLAIN_JSON("find", "a");
	PLAIN("conflicts");
	PLAIN("check");
	PLAIN("access");
	PLAIN_JSON("access");
	PLAIN("slots");
	PLAIN_JSON("slots");
	PLAIN("undo");
	PLAIN("redo");
	for (size_t i = 0; i < person_count; i++) {
		char id[ID_HEX];
		id_to_hex(&people[i], id);
		PLAIN("show", id, "--history");
		PLAIN_JSON("show", id, "--history");
		PLAIN("bin", id);
		PLAIN("unbin", id);
	}
}
END_TEST

/* --- what comes from outside ---------------------------------------------------------------- */

/* Control bytes and the higher ones; the rest are letters and harmless. */
static bool is_of_interest(const struct payload *p)
{
	return p->text.n && (p->harm != HARMLESS || (uint8_t)*p->text.p >= 0x80);
}

/* Each in one place after the other, or with OUTSIDE_PROOFS in all of them. */
enum { PLACES = 5 };
static bool is_due(size_t i, size_t place)
{
	return i % PLACES == place || getenv("OUTSIDE_PROOFS");
}

static void give_argument(size_t i, const char *text)
{
	struct buf option = BUF_INIT;
	buf_printf(&option, "--%s", text);
	PLAIN(text);
	if (is_due(i, 0))
		PLAIN("list", "person", buf_text(&option));
	if (is_due(i, 1))
		PLAIN("list", text);
	if (is_due(i, 2))
		PLAIN("seed", text);
	if (is_due(i, 3))
		PLAIN("--book", text, "list", "person");
	if (is_due(i, 4))
		PLAIN("--screens", text);
	buf_fini(&option);
}

START_TEST(arguments)
{
	for (size_t i = 0; i < payload_count(); i++) {
		struct payload p = payload_make(i);
		if (is_of_interest(&p) && *buf_text(&p.text))
			give_argument(i, buf_text(&p.text));
		buf_fini(&p.text);
	}
}
END_TEST

/* "<payload>.yaml" in the folder, as far as a file can be called so. */
static bool name_file(const char *folder, const struct payload *p, size_t number, struct buf *path)
{
	const char *text = buf_text(&p->text);
	buf_printf(path, "%s/%zu %s.yaml", folder, number, text);
	return *text && !strchr(text, '/') && strlen(text) < 200;
}

START_TEST(names_of_files_and_what_is_in_them)
{
	char folder[96];
	snprintf(folder, sizeof folder, "%s/screens", root);
	ck_assert_int_eq(file_make_folder(&seam, folder, NULL), OK);
	for (size_t i = 0; i < payload_count(); i++) {
		struct payload p = payload_make(i);
		struct buf path = BUF_INIT, yaml = BUF_INIT;
		buf_add_text(&yaml, "format: 1\npractice: ash\n\"");
		buf_add_span(&yaml, buf_span(&p.text));
		buf_add_text(&yaml, "\": \"");
		buf_add_span(&yaml, buf_span(&p.text));
		buf_add_text(&yaml, "\"\n");
		if (is_of_interest(&p) && name_file(folder, &p, i, &path)) {
			enum err e =
				file_write_durable(&seam, buf_text(&path), buf_span(&yaml), NULL);
			ck_assert_int_eq(e, OK);
			if (is_due(i, 2))
				PLAIN("seed", buf_text(&path));
		}
		buf_fini(&yaml);
		buf_fini(&path);
		buf_fini(&p.text);
	}
	PLAIN("check-screens", folder);
}
END_TEST

static void add_lines(const struct span text, struct buf *out)
{
	static const char *const lines[][2] = {
		{"{\"type\":\"", "\"}\n"},
		{"{\"type\":\"person\",\"", "\":1}\n"},
		{"{\"type\":\"person\",\"status\":\"", "\"}\n"},
		{"{\"type\":\"person\",\"given_name\":\"", "\"}\n"},
		{"{\"type\":\"person\",\"id\":\"", "\"}\n"},
		{"", "\n"},
	};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		buf_add_text(out, lines[i][0]);
		buf_add_span(out, text);
		buf_add_text(out, lines[i][1]);
	}
}

static void read_lines(const char *command, const char *option, struct buf *lines)
{
	char path[96];
	struct buf out = BUF_INIT;
	snprintf(path, sizeof path, "%s/lines", root);
	ck_assert_int_eq(file_write_durable(&seam, path, buf_span(lines), NULL), OK);
	RUN(path, &out, "--book", book, command, option);
	ck_assert_uint_gt(out.n, 0);
	expect_plain(command, &out);
	buf_fini(&out);
	buf_clear(lines);
}

/* As they are, and as JSON writes them in escapes; a few at a time, for only so many mistakes
 * are told. */
START_TEST(lines_that_are_put)
{
	enum { AT_ONCE = 8 };
	struct buf lines = BUF_INIT, sought = BUF_INIT;
	for (size_t i = 0; i < payload_count(); i++) {
		struct payload p = payload_make(i);
		struct buf escaped = BUF_INIT;
		buf_add_span(&sought, buf_span(&p.text));
		buf_add_byte(&sought, '\n');
		add_lines(buf_span(&p.text), &lines);
		if (text_is_utf8(buf_span(&p.text))) {
			lines_text(buf_text(&p.text), &escaped);
			add_lines(span_of(escaped.p + 1, escaped.n - 2), &lines);
		}
		if (i % AT_ONCE == AT_ONCE - 1 || i + 1 == payload_count()) {
			read_lines("put", NULL, &lines);
		}
		buf_fini(&escaped);
		buf_fini(&p.text);
	}
	read_lines("find", "--stdin", &sought);
	buf_fini(&sought);
	buf_fini(&lines);
}
END_TEST

/* --- the proof proved ----------------------------------------------------------------------- */

static size_t leaks_of(const char *const args[])
{
	struct buf out = BUF_INIT;
	char first[64];
	run(NULL, &out, args);
	size_t count = leaks(&out, first, sizeof first);
	buf_fini(&out);
	return count;
}

START_TEST(without_cleaning_it_is_noticed)
{
	char id[ID_HEX];
	id_to_hex(&people[0], id); /* has the control bytes */
	const char *const commands[][5] = {{"--book", book, "list", "person", NULL},
					   {"--book", book, "show", id, NULL},
					   {"--book", book, "history", id, NULL},
					   {"--book", book, "access", NULL}};
	cleaning_off = true;
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		ck_assert_msg(leaks_of(commands[i]), "%s goes unnoticed", commands[i][2]);
	for (size_t i = 0; i < payload_count(); i++) {
		struct payload p = payload_make(i);
		const char *args[] = {buf_text(&p.text), NULL};
		if (p.harm == HARMFUL && **args)
			ck_assert_msg(leaks_of(args), "%s goes unnoticed", p.what);
		buf_fini(&p.text);
	}
	cleaning_off = false;
}
END_TEST

int main(void)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "Europe/London", 1);
	setlocale(LC_ALL, "");
	Suite *s = suite_create("outside");
	TCase *t = tcase_create("outside");
	tcase_set_timeout(t, 300);
	tcase_add_unchecked_fixture(t, setup, teardown);
	tcase_add_test(t, lists_and_records);
	tcase_add_test(t, arguments);
	tcase_add_test(t, names_of_files_and_what_is_in_them);
	tcase_add_test(t, lines_that_are_put);
	tcase_add_test(t, without_cleaning_it_is_noticed);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* SPDX-License-Identifier: MIT
 *
 * Plays the case files of this folder; README says what they may say.  Each case is a test,
 * each with a book of its own.
 */
#include "stage.h"

#include <check.h>
#include <dirent.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static char folder[512];
static char *cases[256];
static size_t case_count;

struct play {
	struct stage stage;
	const char *file;
	int line;
	size_t said_before; /* the last line */
};

#define FAIL(p, ...)                                                                               \
	do {                                                                                       \
		struct buf seen_ = BUF_INIT;                                                       \
		if ((p)->stage.running)                                                            \
			stage_picture(&(p)->stage, &seen_);                                        \
		struct buf why_ = BUF_INIT;                                                        \
		buf_printf(&why_, __VA_ARGS__);                                                    \
		ck_abort_msg("%s:%d: %s. Seen:\n%s", (p)->file, (p)->line, buf_text(&why_),        \
			     buf_text(&seen_));                                                    \
	} while (0)

static bool is_seen(struct play *p, const char *text)
{
	bool seen = false;
	for (int y = 0; y < p->stage.rows && !seen; y++) {
		struct buf row = BUF_INIT;
		stage_row(&p->stage, y, &row);
		seen = strstr(buf_text(&row), text) != NULL;
		buf_fini(&row);
	}
	return seen;
}

/* A row begins without its blanks when it is said, and a gap in it is a comma. */
static bool was_said(struct play *p, const char *text)
{
	struct buf words = BUF_INIT;
	for (text += strspn(text, " "); *text;) {
		size_t blanks = strspn(text, " ");
		buf_add_text(&words, blanks > 1 ? ", " : blanks ? " " : "");
		text += blanks;
		if (*text)
			buf_add_byte(&words, (uint8_t)*text++);
	}
	bool was = strstr(p->stage.said, buf_text(&words)) != NULL;
	buf_fini(&words);
	return was;
}

static void do_size(struct play *p, const char *arg)
{
	int columns, rows;
	if (sscanf(arg, "%dx%d", &columns, &rows) != 2)
		FAIL(p, "a size is 80x24");
	stage_resize(&p->stage, rows, columns);
}

/* A locale without UTF-8, as the program would find it. */
static void do_ascii(struct play *p, const char *arg)
{
	setenv("LC_ALL", *arg ? arg : "C", 1);
	p->stage.ascii = ui_choose_locale();
	ck_assert(p->stage.ascii);
}

static void do_start(struct play *p, const char *arg)
{
	(void)arg;
	stage_start(&p->stage);
}

static void do_screen_file(struct play *p, const char *arg)
{
	char path[200];
	size_t n = strcspn(arg, " ");
	snprintf(path, sizeof path, "%s/linkbook/screens", p->stage.root);
	ck_assert_int_eq(file_make_folder(&p->stage.seam, path, NULL), OK);
	snprintf(path, sizeof path, "%s/linkbook/screens/%.*s", p->stage.root, (int)n, arg);
	ck_assert_int_eq(file_write_durable(&p->stage.seam, path, span_text(arg + n), NULL), OK);
}

static void do_unlock(struct play *p, const char *arg)
{
	(void)arg;
	char words[80];
	snprintf(words, sizeof words, "\"%s\" Enter", stage_passphrase);
	stage_keys(&p->stage, words, true);
}

static void do_keys(struct play *p, const char *arg)
{
	stage_keys(&p->stage, arg, true);
}

static void do_press(struct play *p, const char *arg)
{
	stage_keys(&p->stage, arg, false);
}

/* As a terminal pastes, with \n for a line's end. */
static void do_paste(struct play *p, const char *arg)
{
	struct buf bytes = BUF_INIT;
	buf_add_text(&bytes, "\033[200~");
	for (; *arg; arg++) {
		bool end = arg[0] == '\\' && arg[1] == 'n';
		buf_add_byte(&bytes, end ? '\r' : (uint8_t)*arg);
		arg += end;
	}
	buf_add_text(&bytes, "\033[201~");
	stage_bytes(&p->stage, buf_text(&bytes), bytes.n, true);
	buf_fini(&bytes);
}

/* Bytes in one write, as they are. */
static void do_send(struct play *p, const char *arg)
{
	struct buf bytes = BUF_INIT;
	for (; *arg; arg++) {
		unsigned byte = (unsigned char)*arg;
		if (sscanf(arg, "\\x%2x", &byte) == 1)
			arg += 3;
		buf_add_byte(&bytes, (uint8_t)byte);
	}
	stage_bytes(&p->stage, buf_text(&bytes), bytes.n, true);
	buf_fini(&bytes);
}

static void do_wait(struct play *p, const char *arg)
{
	stage_wait(&p->stage, strtol(arg, NULL, 10) * 1000);
}

static void do_later(struct play *p, const char *arg)
{
	p->stage.seam.clock_ms += (int64_t)(strtod(arg, NULL) * 1000);
}

static void do_sleep(struct play *p, const char *arg)
{
	do_later(p, arg);
	p->stage.seam.slept_ms += (int64_t)(strtod(arg, NULL) * 1000);
}

static void do_remember(struct play *p, const char *arg)
{
	(void)arg;
	stage_remember(&p->stage);
}

static void do_twins(struct play *p, const char *arg)
{
	stage_twins(&p->stage, arg);
}

static void do_asks(struct play *p, const char *arg)
{
	char name[64];
	size_t n = strcspn(arg, " ");
	snprintf(name, sizeof name, "%.*s", (int)n, arg);
	stage_asks(&p->stage, name, arg + n + (arg[n] == ' '));
}

static void do_meanwhile(struct play *p, const char *arg)
{
	char field[64];
	size_t n = strcspn(arg, " ");
	snprintf(field, sizeof field, "%.*s", (int)n, arg);
	stage_meanwhile(&p->stage, field, arg + n + (arg[n] == ' '));
}

static void do_crash(struct play *p, const char *arg)
{
	(void)arg;
	stage_crash(&p->stage);
}

static void do_hang_up(struct play *p, const char *arg)
{
	(void)arg;
	stage_hang_up(&p->stage);
}

static void do_signal(struct play *p, const char *arg)
{
	stage_signal(&p->stage, !strcmp(arg, "TERM")   ? SIGTERM
				: !strcmp(arg, "CONT") ? SIGCONT
						       : SIGHUP);
}

static void do_disk(struct play *p, const char *arg)
{
	stage_disk(&p->stage, !strcmp(arg, "full"));
}

static void do_over(struct play *p, const char *arg)
{
	(void)arg;
	if (!p->stage.over)
		FAIL(p, "it goes on");
	stage_stop(&p->stage);
}

static void do_env(struct play *p, const char *arg)
{
	char name[64];
	const char *equals = strchr(arg, '=');
	if (!equals)
		FAIL(p, "env is NAME=value");
	snprintf(name, sizeof name, "%.*s", (int)(equals - arg), arg);
	setenv(name, equals + 1, 1);
}

static void do_expect(struct play *p, const char *arg)
{
	if (!is_seen(p, arg))
		FAIL(p, "\"%s\" is not to be seen", arg);
	if (p->stage.plain && !was_said(p, arg))
		FAIL(p, "\"%s\" was not said", arg);
}

static void do_expect_not(struct play *p, const char *arg)
{
	if (is_seen(p, arg))
		FAIL(p, "\"%s\" is to be seen", arg);
}

/* --- line by line only ------------------------------------------------------------------- */

static void do_line(struct play *p, const char *arg)
{
	if (!p->stage.plain)
		FAIL(p, "lines are for lines-*.case");
	fflush(p->stage.out);
	p->said_before = p->stage.said_bytes;
	plain_line(&p->stage.linear, arg);
	plain_tick(&p->stage.linear);
	fflush(p->stage.out);
}

/* A part of a line is here, as from a terminal. */
static void do_begun(struct play *p, const char *arg)
{
	buf_add_text(&p->stage.linear.line.text, arg);
	app_stay(&p->stage.app);
}

/* Since the last line. */
static void do_said(struct play *p, const char *arg)
{
	if (!strstr(p->stage.said + p->said_before, arg))
		FAIL(p, "\"%s\" was not said, but:\n%s\n", arg, p->stage.said + p->said_before);
}

static void do_not_said(struct play *p, const char *arg)
{
	if (strstr(p->stage.said + p->said_before, arg))
		FAIL(p, "\"%s\" was said:\n%s\n", arg, p->stage.said + p->said_before);
}

static void do_cursor_on(struct play *p, const char *arg)
{
	struct buf row = BUF_INIT;
	int column;
	stage_row(&p->stage, stage_cursor(&p->stage, &column), &row);
	bool on = strstr(buf_text(&row), arg) != NULL;
	buf_fini(&row);
	if (!on)
		FAIL(p, "the cursor is not on the row with \"%s\"", arg);
}

static void do_cursor_at(struct play *p, const char *arg)
{
	int row, column, x, y;
	if (sscanf(arg, "%d,%d", &row, &column) != 2)
		FAIL(p, "a place is row,column");
	y = stage_cursor(&p->stage, &x);
	if (y + 1 != row || x + 1 != column)
		FAIL(p, "the cursor is at %d,%d", y + 1, x + 1);
}

static void do_colour(struct play *p, const char *arg)
{
	if (p->stage.colour_seen != !strcmp(arg, "some"))
		FAIL(p, "colour: %s", p->stage.colour_seen ? "some" : "none");
}

static void do_golden(struct play *p, const char *arg)
{
	char path[700];
	struct buf seen = BUF_INIT, golden = BUF_INIT;
	snprintf(path, sizeof path, "%s/golden/%s.txt", folder, arg);
	stage_picture(&p->stage, &seen);
	if (getenv("LINKBOOK_GOLDEN")) {
		FILE *f = fopen(path, "w");
		ck_assert_ptr_nonnull(f);
		fwrite(seen.p, 1, seen.n, f);
		fclose(f);
	} else if (file_read(&p->stage.seam, path, 1 << 20, &golden, NULL) ||
		   !span_equal(buf_span(&seen), buf_span(&golden))) {
		FAIL(p, "not as in golden/%s.txt", arg);
	}
	buf_fini(&seen);
	buf_fini(&golden);
}

static const struct {
	const char *name;
	void (*run)(struct play *p, const char *arg);
	bool plain; /* makes sense line by line, too */
} orders[] = {
	{"size", do_size},
	{"start", do_start, true},
	{"unlock", do_unlock, true},
	{"keys", do_keys, true},
	{"press", do_press},
	{"paste", do_paste},
	{"send", do_send},
	{"wait", do_wait, true},
	{"later", do_later, true},
	{"sleep", do_sleep, true},
	{"crash", do_crash},
	{"remember", do_remember, true},
	{"meanwhile", do_meanwhile, true},
	{"twins", do_twins, true},
	{"asks", do_asks, true},
	{"hang up", do_hang_up},
	{"over", do_over},
	{"env", do_env},
	{"expect", do_expect, true},
	{"expect not", do_expect_not, true},
	{"seen", do_expect},
	{"line", do_line, true},
	{"begun", do_begun, true},
	{"said", do_said, true},
	{"not said", do_not_said, true},
	{"cursor on", do_cursor_on},
	{"cursor at", do_cursor_at},
	{"colour", do_colour},
	{"golden", do_golden, true},
	{"signal", do_signal},
	{"ascii", do_ascii},
	{"screen file", do_screen_file, true},
	{"disk", do_disk},
};

static void run_line(struct play *p, char *line)
{
	char *colon = strchr(line, ':');
	const char *arg = "";
	if (colon) {
		*colon = 0;
		arg = colon + 1 + strspn(colon + 1, " ");
	}
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
		if (!strcmp(orders[i].name, line)) {
			if (orders[i].plain || !p->stage.plain)
				orders[i].run(p, arg);
			return;
		}
	FAIL(p, "there is no \"%s\"", line);
}

static FILE *open_case(const char *name)
{
	char path[800];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	return f;
}

/* From where it is about the window, the bytes or the machine, it has no meaning line by line. */
static bool is_of_window(const char *line)
{
	static const char *const of_it[] = {
		"press:", "paste:",  "send:", "crash", "hang up", "over",
		"env:",	  "signal:", "ascii", "disk:", "size:"};
	for (size_t i = 0; i < sizeof of_it / sizeof *of_it; i++)
		if (!strncmp(line, of_it[i], strlen(of_it[i])))
			return strcmp(line, "size: 80x24") != 0;
	return strstr(line, "Unknown") || strstr(line, "^Q") || strstr(line, "@\"") ||
	       strstr(line, "Wheel");
}

static void play(const char *name, bool plain)
{
	struct play p = {.file = name};
	char line[1024];
	FILE *f = open_case(name);
	stage_init(&p.stage);
	p.stage.plain = plain;
	while (fgets(line, sizeof line, f)) {
		p.line++;
		line[strcspn(line, "\n")] = 0;
		if (plain && is_of_window(line))
			break;
		if (*line && *line != '#')
			run_line(&p, line);
	}
	fclose(f);
	stage_fini(&p.stage);
}

START_TEST(a_case)
{
	if (strncmp(cases[_i], "lines-", 6) != 0)
		play(cases[_i], false);
}
END_TEST

START_TEST(a_case_line_by_line)
{
	play(cases[_i], true);
}
END_TEST

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void find_cases(void)
{
	const char *only = getenv("LINKBOOK_CASE"), *top = getenv("srcdir");
	char relative[400];
	snprintf(relative, sizeof relative, "%s/tests/screen", top ? top : ".");
	char *whole = realpath(relative, NULL);
	snprintf(folder, sizeof folder, "%s", whole ? whole : "");
	free(whole);
	DIR *d = opendir(folder);
	for (struct dirent *e; d && (e = readdir(d));) {
		const char *end = strrchr(e->d_name, '.');
		if (end && !strcmp(end, ".case") && case_count < 256 &&
		    (!only || strstr(e->d_name, only)))
			cases[case_count++] = strdup(e->d_name);
	}
	if (d)
		closedir(d);
	qsort(cases, case_count, sizeof *cases, by_name);
}

int main(void)
{
	/* What a test sees depends on nothing but this. */
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "Europe/London", 1);
	unsetenv("NO_COLOR");
	setlocale(LC_ALL, "");
	find_cases();
	if (!case_count) {
		fprintf(stderr, "no cases in %s\n", folder);
		return EXIT_FAILURE;
	}
	Suite *s = suite_create("screens");
	TCase *t = tcase_create("screens");
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, a_case, 0, (int)case_count);
	tcase_add_loop_test(t, a_case_line_by_line, 0, (int)case_count);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

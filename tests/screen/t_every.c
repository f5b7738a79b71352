/* SPDX-License-Identifier: MIT
 *
 * Every file in screens/, each by the same checks (every.h), each on a stage of its own.
 */
#include "every.h"

#include <check.h>
#include <dirent.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 64, SCREENS_MOST = 500 };

/* A compiled-in screen's name; false: the file is no screen. */
static bool name_of(const struct resource *r, char name[NAME])
{
	static const char folder[] = "screens/", ending[] = ".yaml";
	size_t n = strlen(r->name), before = sizeof folder - 1, after = sizeof ending - 1;
	if (strncmp(r->name, folder, before) != 0)
		return false;
	snprintf(name, NAME, "%.*s", (int)(n - before - after), r->name + before);
	return true;
}

static int count_screens(void)
{
	char name[NAME];
	int n = 0;
	for (const struct resource *r = resources_built_in; r->name; r++)
		n += name_of(r, name);
	return n;
}

static const char *screen_name(int at)
{
	static char name[NAME];
	for (const struct resource *r = resources_built_in; r->name; r++)
		if (name_of(r, name) && !at--)
			return name;
	return NULL;
}

static struct stage stage;

static void begin(void)
{
	stage_init(&stage);
}

static void end(void)
{
	stage_fini(&stage);
}

START_TEST(a_screen_opens_and_paints)
{
	every_opens_and_paints(&stage, screen_name(_i));
}
END_TEST

START_TEST(screens_keep_colour_out)
{
	static char names[SCREENS_MOST][NAME];
	const char *v[SCREENS_MOST];
	int n = count_screens();
	ck_assert_int_le(n, SCREENS_MOST);
	for (int i = 0; i < n; i++) {
		strcpy(names[i], screen_name(i));
		v[i] = names[i];
	}
	every_keep_colour_out(&stage, v, (size_t)n);
}
END_TEST

START_TEST(a_record_lives)
{
	every_record_lives(&stage, screen_name(_i));
}
END_TEST

START_TEST(a_screen_stands_a_walk)
{
	every_stands_a_walk(&stage, screen_name(_i), (uint64_t)_i + 1);
}
END_TEST

/* A file that is in the folder and not in the list that is compiled in would be checked by
 * nobody. */
START_TEST(all_files_are_compiled_in)
{
	const char *source = getenv("SOURCE");
	char path[512], name[NAME];
	int files = 0;
	if (!source)
		return;
	snprintf(path, sizeof path, "%s/screens", source);
	DIR *folder = opendir(path);
	ck_assert_ptr_nonnull(folder);
	for (struct dirent *f; (f = readdir(folder));) {
		size_t n = strlen(f->d_name);
		if (n < 5 || strcmp(f->d_name + n - 5, ".yaml") != 0)
			continue;
		snprintf(name, sizeof name, "screens/%.50s", f->d_name);
		ck_assert_msg(resource_find(name) != NULL, "%s is not in Makefile.am", name);
		files++;
	}
	closedir(folder);
	ck_assert_int_eq(files, count_screens());
}
END_TEST

static TCase *add_case(Suite *s, const char *name)
{
	TCase *t = tcase_create(name);
	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, begin, end);
	suite_add_tcase(s, t);
	return t;
}

static int find_screen(const char *name)
{
	int at = 0;
	while (at < count_screens() && strcmp(screen_name(at), name) != 0)
		at++;
	return at;
}

/* CK_RUN_CASE=walk runs the walks alone, EVERY_SCREEN=goal those of one screen. */
static void add_tests(Suite *s)
{
	const char *only = getenv("EVERY_SCREEN");
	int from = only ? find_screen(only) : 0, n = only ? from + 1 : count_screens();
	tcase_add_test(add_case(s, "files"), all_files_are_compiled_in);
	tcase_add_loop_test(add_case(s, "paint"), a_screen_opens_and_paints, from, n);
	tcase_add_test(add_case(s, "colour"), screens_keep_colour_out);
	tcase_add_loop_test(add_case(s, "life"), a_record_lives, from, n);
	tcase_add_loop_test(add_case(s, "walk"), a_screen_stands_a_walk, from, n);
}

int main(void)
{
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "Europe/London", 1);
	unsetenv("NO_COLOR");
	setlocale(LC_ALL, "");
	Suite *s = suite_create("every");
	add_tests(s);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* SPDX-License-Identifier: MIT
 *
 * Names: folded, found, measured, clipped.  What each should give stands in names.table.
 */
#include <linkbook/text.h>

#include <stdio.h>
#include <utf8proc.h>

#include "unit.h"

struct name_line {
	struct buf name, folded;
	int columns;
	char *found, *lost; /* into text */
	char text[1024];
};

/* Writes out \u{...}. */
static void add_plain(const char *written, struct buf *out)
{
	while (*written) {
		unsigned cp;
		int n = 0;
		if (sscanf(written, "\\u{%x}%n", &cp, &n) == 1 && n) {
			text_add_codepoint(out, cp);
			written += n;
		} else {
			buf_add_byte(out, (uint8_t)*written++);
		}
	}
}

/* What stands before the next separator, without the blanks around it. */
static char *next_cell(char **rest, const char *separators)
{
	char *cell = strsep(rest, separators);
	if (!cell)
		return NULL;
	cell += strspn(cell, " ");
	size_t n = strlen(cell);
	while (n && cell[n - 1] == ' ')
		n--;
	cell[n] = 0;
	return cell;
}

static FILE *open_table(void)
{
	const char *source = getenv("SOURCE");
	char path[4096];
	snprintf(path, sizeof path, "%s/tests/unit/names.table", source ? source : ".");
	FILE *f = fopen(path, "r");
	ck_assert_msg(f, "%s cannot be read", path);
	return f;
}

static bool next_line(FILE *f, struct name_line *l)
{
	while (fgets(l->text, sizeof l->text, f)) {
		char *rest = l->text;
		if (!strchr(l->text, '|') || *l->text == '#' || !strncmp(l->text, "name ", 5))
			continue;
		buf_clear(&l->name);
		buf_clear(&l->folded);
		add_plain(next_cell(&rest, "|\n"), &l->name);
		l->columns = atoi(next_cell(&rest, "|\n"));
		add_plain(next_cell(&rest, "|\n"), &l->folded);
		l->found = next_cell(&rest, "|\n");
		l->lost = next_cell(&rest, "|\n");
		ck_assert_msg(l->lost, "%s: five cells", buf_text(&l->name));
		return true;
	}
	return false;
}

typedef void check_line(struct name_line *l);

static void check_lines(check_line *check)
{
	struct name_line l = {.name = BUF_INIT, .folded = BUF_INIT};
	size_t lines = 0;
	FILE *f = open_table();
	for (; next_line(f, &l); lines++)
		check(&l);
	fclose(f);
	buf_fini(&l.name);
	buf_fini(&l.folded);
	ck_assert_uint_ge(lines, 30);
}

/* --- found ------------------------------------------------------------------------------ */

static void check_folded(struct name_line *l)
{
	struct buf folded = BUF_INIT;
	text_fold(buf_span(&l->name), &folded);
	ck_assert_str_eq(buf_text(&folded), buf_text(&l->folded));
	buf_fini(&folded);
}

/* 0: not found; 1: with a typo forgiven; else found. */
static int find(const char *written, const struct buf *name)
{
	struct buf typed = BUF_INIT, query = BUF_INIT, hay = BUF_INIT;
	add_plain(written, &typed);
	text_fold(buf_span(&typed), &query);
	text_fold(buf_span(name), &hay);
	int score = text_match(buf_text(&query), buf_text(&hay));
	buf_fini(&typed);
	buf_fini(&query);
	buf_fini(&hay);
	return score;
}

static void check_found(struct name_line *l)
{
	char *typed;
	while ((typed = next_cell(&l->found, ",")) && *typed) {
		bool typo = *typed == '~';
		int score = find(typed + typo, &l->name);
		ck_assert_msg(typo ? score == 1 : score > 1, "\"%s\" for %s: %d", typed,
			      buf_text(&l->name), score);
	}
	while ((typed = next_cell(&l->lost, ",")) && *typed)
		ck_assert_msg(!find(typed, &l->name), "\"%s\" finds %s", typed, buf_text(&l->name));
}

START_TEST(names_are_folded_as_the_table_says)
{
	check_lines(check_folded);
}
END_TEST

START_TEST(names_are_found_as_the_table_says)
{
	check_lines(check_found);
}
END_TEST

/* --- measured and clipped --------------------------------------------------------------- */

static void check_width(struct name_line *l)
{
	int columns = text_width(buf_span(&l->name));
	ck_assert_msg(columns == l->columns, "%s: %d columns", buf_text(&l->name), columns);
}

/* A character that belongs to the letter before it. */
static bool leans_back(utf8proc_int32_t cp)
{
	utf8proc_category_t c = utf8proc_category(cp);
	return c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_ME || cp == 0x200D ||
	       (cp >= 0x1F3FB && cp <= 0x1F3FF);
}

/* Nothing that leans back is cut off, and nothing that was joined is parted. */
static bool may_cut_at(struct span s, size_t at)
{
	utf8proc_int32_t cp = 'x';
	if (at < s.n)
		utf8proc_iterate(s.p + at, (utf8proc_ssize_t)(s.n - at), &cp);
	bool is_emoji = cp >= 0x1F300 && cp <= 0x1FAFF;
	bool joined = at >= 3 && !memcmp(s.p + at - 3, "\u200D", 3) && is_emoji;
	return !at || (cp >= 0 && !leans_back(cp) && !joined);
}

/* Of the name as it is shown. */
static void check_clip(struct span s, int columns, bool ascii)
{
	struct buf clipped = BUF_INIT;
	const char *mark = ascii ? ">" : "\u2026";
	text_clip(s, columns, ascii, &clipped);
	ck_assert(text_is_utf8(buf_span(&clipped)));
	ck_assert_int_le(text_width(buf_span(&clipped)), columns > 0 ? columns : 0);
	if (text_width(s) <= columns) {
		ck_assert(span_equal(buf_span(&clipped), s));
	} else if (columns > 0) {
		ck_assert_uint_ge(clipped.n, strlen(mark));
		size_t kept = clipped.n - strlen(mark);
		ck_assert_str_eq(buf_text(&clipped) + kept, mark);
		ck_assert(kept <= s.n && !memcmp(clipped.p, s.p, kept));
		ck_assert_msg(may_cut_at(s, kept), "a letter of %.*s cut in two", (int)s.n, s.p);
		/* Not shorter than it must be: two columns at most stay empty. */
		ck_assert_int_ge(text_width(buf_span(&clipped)), columns - 1);
	}
	buf_fini(&clipped);
}

static void check_clips(struct name_line *l)
{
	struct buf shown = BUF_INIT;
	text_clean(buf_span(&l->name), &shown);
	for (int columns = -1; columns <= l->columns + 1; columns++) {
		check_clip(buf_span(&shown), columns, false);
		check_clip(buf_span(&shown), columns, true);
	}
	buf_fini(&shown);
}

START_TEST(names_take_the_columns_that_the_table_says)
{
	check_lines(check_width);
}
END_TEST

START_TEST(clipping_never_parts_a_letter)
{
	check_lines(check_clips);
}
END_TEST

/* --- any text --------------------------------------------------------------------------- */

static uint64_t state = 20261124;

static int below(int n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (int)((state >> 33) % (uint64_t)n);
}

static void type_any_letters(struct buf *out)
{
	static const char *const pieces[] = {
		"a",	      "e",	"B",	  "i",	    " ",      "-",	"\u2019",
		"\u0301",     "\u0323", "\u0142", "\u0130", "\u0131", "\u00DF", "\u5F20",
		"\u4F1F",     "\u0939", "\u093E", "\u0947", "\u200D", "\u200B", "\U0001F469",
		"\U0001F3FD", "\u0627", "\u064F", "\uAE40", "\u1106", "\u1175", "\uFF41",
		"\u00B4",     "\u02BC", "\uFE0F",
	};
	buf_clear(out);
	for (int i = below(12); i; i--)
		if (below(8))
			buf_add_text(out, pieces[below(sizeof pieces / (int)sizeof *pieces)]);
		else
			text_add_codepoint(out, (uint32_t)(0x20 + below(0xD000)));
}

/* Going on by letters arrives where going back by them sets out, and widths add up. */
static void check_letters(struct span s)
{
	size_t at = 0, last = 0;
	int columns = 0, w;
	while (at < s.n) {
		last = text_grapheme(span_of(s.p + at, s.n - at), &w);
		ck_assert_uint_gt(last, 0);
		ck_assert(w >= 0 && w <= 2);
		columns += w;
		at += last;
		ck_assert_uint_eq(text_grapheme_back(span_of(s.p, at)), last);
	}
	ck_assert_uint_eq(at, s.n);
	ck_assert_int_eq(columns, text_width(s));
}

START_TEST(any_text_holds)
{
	struct buf text = BUF_INIT, once = BUF_INIT, twice = BUF_INIT;
	for (int i = 0; i < 20000; i++) {
		type_any_letters(&text);
		struct span s = buf_span(&text);
		buf_clear(&once);
		buf_clear(&twice);
		text_fold(s, &once);
		text_fold(buf_span(&once), &twice);
		ck_assert_str_eq(buf_text(&once), buf_text(&twice));
		ck_assert(!strstr(buf_text(&once), "  "));
		/* In whichever normal form it was typed, a name finds itself. */
		buf_clear(&twice);
		text_normalise(s, &twice);
		ck_assert(find(buf_text(&twice), &text) > 1);
		if (text_may_store(s, false) && !memchr(s.p, '\n', s.n))
			check_letters(s);
	}
	buf_fini(&text);
	buf_fini(&once);
	buf_fini(&twice);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, names_are_folded_as_the_table_says);
	tcase_add_test(t, names_are_found_as_the_table_says);
	tcase_add_test(t, names_take_the_columns_that_the_table_says);
	tcase_add_test(t, clipping_never_parts_a_letter);
	tcase_add_test(t, any_text_holds);
}

UNIT_MAIN("names")

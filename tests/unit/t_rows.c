/* SPDX-License-Identifier: MIT
 *
 * Rows found by typing: whatever is typed, what is shown is what the plain way shows, which holds
 * the whole query against every row.
 */
#include "rows.h"
#include <linkbook/text.h>

#include "draw.h"
#include "unit.h"

enum { ROWS = 60, QUERIES = 400, BOOKS = 60 };

/* A row as it was given, which the rows keep in another form. */
struct given {
	struct id id;
	char words[200], name[80];
	bool is_draft;
	uint64_t sets;
};
static struct given given[ROWS];
static size_t given_count;

/* Few and alike, so that words meet, are the start of one another, and are a slip away. */
static const char *const stock[] = {"canal",  "canals", "cana",	 "canla",     "c",	"ca",
				    "gas",    "gass",	"bill",	 "landlord",  "land",	"mary",
				    "mari",   "mairi",	"oneil", "neil",      "张伟明", "张伟明a",
				    "lanark", "1961",	"lodz",	 "ab",	      "ba",	"abcd",
				    "bacd",   "abcde",	"xyzzy", "canalcanal"};

static const char *word(void)
{
	return stock[draw(sizeof stock / sizeof *stock)];
}

static void draw_words(size_t most, char *out)
{
	strcpy(out, "");
	for (uint64_t n = draw(most + 1); n; n--) {
		strcat(out, word());
		strcat(out, n > 1 ? " " : "");
	}
}

static void fill(struct rows *r)
{
	static const struct row_order up = {0, false};
	struct id was;
	rows_keep(r, &was);
	rows_start(r);
	given_count = draw(ROWS);
	for (size_t i = 0; i < given_count; i++) {
		struct given *g = &given[i];
		*g = (struct given){
			.id = {{(uint8_t)(i + 1)}}, .is_draft = !draw(8), .sets = draw(8)};
		draw_words(2, g->name);
		draw_words(12, g->words);
		struct row *row = rows_add(r, &g->id, 1, 1);
		row->is_draft = g->is_draft;
		row->sets = g->sets;
		buf_add_text(&row->texts[0], g->name);
		/* In two parts, as a list does. */
		size_t half = strcspn(g->words, " ");
		rows_add_words(r, span_of(g->words, half));
		rows_add_words(r, span_text(g->words + half));
		/* Ids are in order: the plain way need not sort. */
	}
	rows_finish(r, &up, 1, &was);
}

/* --- the plain way ---------------------------------------------------------------------- */

static bool has_in_order(const char *name, const char *letters)
{
	for (; *name && *letters; name++)
		letters += *name == *letters;
	return !*letters;
}

/* 5 and 4: as typed, in the name or elsewhere; 3 to 1: with a slip; 0: not. */
static int plain_match(const struct given *g, const char *query)
{
	int anywhere = text_match(query, g->words), name = text_match(query, g->name);
	if (anywhere > 1)
		return name > 1 ? 5 : 4;
	if (!anywhere || !name)
		return anywhere ? 1 : 0;
	return has_in_order(g->name, query) ? 3 : 2;
}

static void plain_show(const char *query, int from, int to, size_t set, struct id *out,
		       size_t *count)
{
	for (int drafts = 0; drafts < 2; drafts++)
		for (int as = from; as >= to; as--)
			for (size_t i = 0; i < given_count; i++) {
				const struct given *g = &given[i];
				bool there = !set || g->is_draft || g->sets >> set & 1;
				if (there && g->is_draft == drafts && plain_match(g, query) == as)
					out[(*count)++] = g->id;
			}
}

static size_t checked, with_slips, with_nothing;

static void check_shown(const struct rows *r, const char *query)
{
	struct id want[ROWS];
	size_t count = 0;
	plain_show(query, 5, 4, r->set, want, &count);
	checked++;
	if (!count) {
		plain_show(query, 3, 1, r->set, want, &count);
		with_slips += count > 0;
		with_nothing += !count;
	}
	ck_assert_msg(r->shown_count == count, "\"%s\": %zu shown, %zu wanted", query,
		      r->shown_count, count);
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(id_equal(&rows_shown(r, i)->id, &want[i]), "\"%s\": %zu", query, i);
}

/* Letters come and go one by one, as they are typed. */
static void type_one(struct rows *r)
{
	struct buf query = BUF_INIT;
	const char *w = word();
	if (draw(4) == 0)
		rows_act(r, ACT_RUB_OUT, 10);
	else if (draw(6) == 0)
		rows_type(r, span_text(" "));
	else if (draw(12) == 0)
		rows_act(r, ACT_BACK, 10);
	else if (draw(3) == 0)
		rows_type(r, span_text(w));
	else
		rows_type(r, span_of(&"abcdlnr1"[draw(8)], 1));
	if (r->find.n > 60)
		rows_act(r, ACT_BACK, 10);
	text_fold(buf_span(&r->find), &query);
	if (query.n)
		check_shown(r, buf_text(&query));
	buf_fini(&query);
}

START_TEST(typing_finds_what_the_plain_way_finds)
{
	chance = 1;
	for (int book = 0; book < BOOKS; book++) {
		struct rows r = {0};
		fill(&r);
		for (int i = 0; i < QUERIES; i++) {
			type_one(&r);
			if (draw(20) == 0) { /* another, or a part of it */
				r.set = draw(3);
				fill(&r);
			}
		}
		rows_fini(&r);
	}
	/* All three ways were gone. */
	ck_assert_uint_gt(with_slips, checked / 50);
	ck_assert_uint_gt(with_nothing, checked / 50);
	ck_assert_uint_gt(checked - with_slips - with_nothing, checked / 50);
}
END_TEST

/* One goes by its id and where it is: another of the same id elsewhere stays, and so do drafts. */
START_TEST(one_row_goes)
{
	static const struct row_order up = {0, false}, down = {1, true};
	struct rows r = {0};
	struct id was = {{0}}, id = {{7}};
	for (uint8_t i = 0; i < 3; i++) {
		struct row *row = rows_add(&r, &id, 1, 2);
		row->in = (struct id){{i}};
		row->is_draft = i == 2;
		buf_add_byte(&row->keys[0], i);
		buf_add_byte(&row->keys[1], i);
		rows_add_words(&r, span_text("same words"));
	}
	rows_finish(&r, &down, 1, &was);
	ck_assert_uint_eq(rows_shown(&r, 1)->in.b[0], 1);
	rows_remove(&r, (struct ref){{{5}}, id});
	ck_assert_uint_eq(r.count, 3);
	rows_remove(&r, (struct ref){{{1}}, id});
	rows_finish(&r, &up, 1, &was);
	ck_assert_uint_eq(r.count, 2);
	ck_assert(rows_shown(&r, 0)->is_draft);
	ck_assert_uint_eq(rows_shown(&r, 1)->in.b[0], 0);
	rows_type(&r, span_text("words"));
	ck_assert_uint_eq(rows_matching(&r), 1);
	rows_fini(&r);
}
END_TEST

/* Drafts that are there no more go, others come, and all else is as it was. */
START_TEST(only_drafts_are_read_again)
{
	static const struct row_order up = {0, false};
	struct rows r = {0};
	struct id was, ids[] = {{{2}}, {{1}}, {{9}}};
	rows_keep(&r, &was);
	rows_start(&r);
	for (size_t i = 0; i < 3; i++) {
		struct row *row = rows_add(&r, &ids[i], 1, 1);
		row->is_draft = i == 2;
		rows_add_words(&r, span_text(i == 2 ? "unfinished"
					     : i    ? "second one"
						    : "first one"));
	}
	rows_finish(&r, &up, 1, &was);
	ck_assert(rows_shown(&r, 0)->is_draft);
	rows_act(&r, ACT_END, 10);
	for (uint8_t more = 0; more < 3; more++) {
		rows_keep(&r, &was);
		ck_assert(id_equal(&was, &ids[0]));
		for (uint8_t i = 0; i < more; i++) {
			rows_add(&r, &(struct id){{20, i}}, 1, 1)->is_draft = true;
			rows_add_words(&r, span_text("another"));
		}
		rows_finish(&r, &up, 1, &was);
		ck_assert_uint_eq(r.count, 2u + more);
		ck_assert_uint_eq(rows_total(&r), 2);
		ck_assert(id_equal(&rows_selected(&r)->id, &ids[0]));
		ck_assert(id_equal(&rows_shown(&r, more)->id, &ids[1]));
		rows_type(&r, span_text("first"));
		ck_assert_uint_eq(r.shown_count, 1);
		ck_assert(id_equal(&rows_selected(&r)->id, &ids[0]));
		rows_act(&r, ACT_BACK, 10);
		rows_type(&r, span_text("another"));
		ck_assert_uint_eq(r.shown_count, more);
		ck_assert_uint_eq(rows_matching(&r), 0);
		rows_act(&r, ACT_BACK, 10);
		rows_act(&r, ACT_END, 10);
	}
	rows_fini(&r);
}
END_TEST

START_TEST(one_word_is_matched_as_text_match_does)
{
	chance = 2;
	for (int i = 0; i < 50000; i++) {
		const char *a = word(), *b = word();
		char query[200], hay[200];
		int score = text_match(a, b);
		int want = score > 1 ? 2 : score;
		ck_assert_int_eq(text_match_word(span_text(a), span_text(b), true), want);
		ck_assert_int_eq(text_match_word(span_text(a), span_text(b), false), want & 2);
		draw_words(3, query);
		draw_words(8, hay);
		ck_assert_msg(text_has(query, hay) == (text_match(query, hay) > 1),
			      "\"%s\" in \"%s\"", query, hay);
	}
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, typing_finds_what_the_plain_way_finds);
	tcase_add_test(t, one_row_goes);
	tcase_add_test(t, only_drafts_are_read_again);
	tcase_add_test(t, one_word_is_matched_as_text_match_does);
}

UNIT_MAIN("rows")

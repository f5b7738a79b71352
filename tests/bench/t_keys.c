/* SPDX-License-Identifier: MIT
 *
 * What a key costs, counted instead of timed: records that are read for it, and bytes of what was
 * read that it looks through.  Both stay the same however many records a list has.
 */
#include "book_stage.h"
#include "places.h"
#include "room.h"
#include "walk.h"
#include <linkbook/text.h>

enum { PEOPLE = 8, CONTACTS = 120, WORDS = 150 };
/* A person's banner is read for each picture of the timeline, with what stands in it by name. */
enum { RECORDS_MOST = 10, BYTES_MOST = 20000 };
/* A save reads what it alters, to see what differs and what else that may concern. */
enum { ALTERED_MOST = 30 };

static size_t records, bytes;

enum err __real_state_decode(struct span in, struct state *out);
enum err __wrap_state_decode(struct span in, struct state *out);
int __real_text_match(const char *query, const char *hay);
int __wrap_text_match(const char *query, const char *hay);
bool __real_text_has(const char *query, const char *hay);
bool __wrap_text_has(const char *query, const char *hay);
int __real_text_match_word(struct span word, struct span of, bool typos);
int __wrap_text_match_word(struct span word, struct span of, bool typos);

enum err __wrap_state_decode(struct span in, struct state *out)
{
	records++;
	return __real_state_decode(in, out);
}

int __wrap_text_match(const char *query, const char *hay)
{
	bytes += strlen(hay);
	return __real_text_match(query, hay);
}

bool __wrap_text_has(const char *query, const char *hay)
{
	bytes += strlen(hay);
	return __real_text_has(query, hay);
}

int __wrap_text_match_word(struct span word, struct span of, bool typos)
{
	bytes += of.n;
	return __real_text_match_word(word, of, typos);
}

static void add_contact(struct book *b, const struct id *person, int i)
{
	static const char *const said[] = {"canal", "gas", "bill", "landlord", "walked", "tea"};
	struct buf note = BUF_INIT, starts = BUF_INIT;
	buf_printf(&starts, "2026-%02d-%02dT10:00", 1 + i % 11, 1 + i % 28);
	for (int w = 0; w < WORDS; w++)
		buf_printf(&note, "%s ", said[(i + w * w) % 6]);
	const char *pairs[] = {"starts", buf_text(&starts), "mode", "phone",
			       "note",	 buf_text(&note)};
	put_fields(b, "contact", (struct put){.person = *person}, pairs, 3);
	buf_fini(&note);
	buf_fini(&starts);
}

static struct id add_people(struct book *b)
{
	struct id person = {{0}};
	for (int i = 0; i < CONTACTS; i++) {
		if (i % (CONTACTS / PEOPLE) == 0)
			person = add_person(b, i % 2 ? "Mairi" : "Tam",
					    i % 3 ? "MacLeod" : "Heather");
		add_contact(b, &person, i);
	}
	return person;
}

static void open_app(struct app *app)
{
	struct diag d = {0};
	const struct resource *more = resource_find("data/terms/practice.yaml");
	ck_assert_int_eq(terms_load(terms, more->name, span_of(more->bytes, more->size), &d), OK);
	struct book *b = open_book(here);
	add_people(b);
	book_close(b);
	struct app_options o = {
		.seam = &seam, .book_dir = here, .terms = terms, .passphrase = words};
	ck_assert_msg(!app_init(app, &o, &d), "%s", diag_first(&d));
	ck_assert_ptr_nonnull(app->book);
	diag_fini(&d);
}

static size_t keys;

/* Opening reads; nothing that comes afterwards does. */
static void check_cost(void *arg, const char *screen, const char *what, double ms)
{
	(void)arg, (void)ms;
	bool reads = !strcmp(what, "opened") || !strcmp(what, "Enter, a row");
	size_t most = *what == '^' ? ALTERED_MOST : RECORDS_MOST;
	ck_assert_msg(reads || records <= most, "%s, %s: %zu records are read", screen, what,
		      records);
	ck_assert_msg(bytes <= BYTES_MOST, "%s, %s: %zu bytes are looked through", screen, what,
		      bytes);
	keys++;
	records = bytes = 0;
}

START_TEST(a_key_costs_the_same_in_a_long_list)
{
	struct app app;
	struct walk w;
	open_app(&app);
	walk_init(&w, &app);
	w.note = check_cost;
	records = bytes = 0;
	walk_all(&w);
	ck_assert_uint_gt(keys, 500);
	walk_fini(&w);
	app_fini(&app);
}
END_TEST

static size_t read_on_return(struct app *app)
{
	app_push(app, text_of_help(app, app_top(app)));
	records = 0;
	app_key(app, &(struct key){.press = PRESS_ESC});
	return records;
}

/* Whatever may have changed what is shown is read anew, once. */
START_TEST(what_has_changed_is_read_again)
{
	struct app app;
	open_app(&app);
	app_push(&app, list_new(&app, app_def(&app, "contacts")));
	ck_assert_uint_eq(read_on_return(&app), 0);
	struct id person = add_people(app.book);
	ck_assert_uint_ge(read_on_return(&app), (size_t)2 * CONTACTS);
	ck_assert_uint_eq(read_on_return(&app), 0);
	struct buf told = BUF_INIT;
	ck_assert_int_eq(book_undo(app.book, &told, NULL), OK);
	ck_assert_uint_ge(read_on_return(&app), (size_t)2 * CONTACTS - 1);
	ck_assert_uint_eq(read_on_return(&app), 0);
	ck_assert_int_eq(book_rebuild(app.book, NULL), OK);
	ck_assert_uint_ge(read_on_return(&app), CONTACTS);
	struct id directory;
	ck_assert_int_eq(book_add_directory(app.book, &directory, NULL), OK);
	ck_assert_uint_ge(read_on_return(&app), CONTACTS);
	seam.clock_ms += (int64_t)24 * 3600 * 1000;
	app.last_key = app_boot_ms(&app); /* nobody was away */
	ck_assert_uint_ge(read_on_return(&app), CONTACTS);
	ck_assert_uint_eq(read_on_return(&app), 0);
	app_push(&app, person_new(&app, &person));
	ck_assert_uint_eq(read_on_return(&app), 0);
	add_contact(app.book, &person, 3);
	ck_assert_uint_ge(read_on_return(&app), CONTACTS / PEOPLE);
	buf_fini(&told);
	app_fini(&app);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_key_costs_the_same_in_a_long_list);
	tcase_add_test(t, what_has_changed_is_read_again);
}

UNIT_MAIN("keys")

/* SPDX-License-Identifier: MIT
 *
 * Lists that read again just what was altered: whatever is done to the book, a list says what
 * it would say read anew.
 */
#include "draw.h"
#include "listing.h"
#include "stage.h"
#include "unit.h"
#include <linkbook/text.h>

#include <locale.h>
#include <string.h>

enum { ACTS = 250, RUNS = 12, LISTS = 4, RECORDS = 600 };

static const char *const lists[LISTS] = {"people", "contacts", "groups", "goals"};
static struct stage stage;
static struct listing *listing[LISTS];

/* --- chance ------------------------------------------------------------------------------- */

static struct ref refs[RECORDS];
static size_t ref_count;

static bool note_ref(void *arg, const struct record *r)
{
	(void)arg;
	refs[ref_count++] = ref_of(r);
	return ref_count < RECORDS;
}

/* One of a kind, in the bin or not. */
static bool some(const char *kind, struct ref *out)
{
	ref_count = 0;
	ck_assert_int_eq(book_scan_all(stage.app.book, kind_find(kind), NULL, note_ref, NULL), OK);
	if (ref_count)
		*out = refs[draw(ref_count)];
	return ref_count > 0;
}

/* --- acts --------------------------------------------------------------------------------- */

static unsigned made;

/* What a new record cannot be without. */
static const struct {
	const char *kind, *field, *text;
} musts[] = {
	{"contact", "starts", "2026-11-02T09:00"}, {"contact", "mode", "phone"},
	{"person", "given_name", "Ailsa"},	   {"person", "family_name", "Stone"},
	{"resource", "name", "Stone Wallers"},	   {"goal", "words", "out more"},
};
enum { MUSTS = sizeof musts / sizeof *musts };

static void put_text(const char *kind, struct put *p, const char *field, const char *text)
{
	struct buf v[MUSTS + 1];
	struct put_field f[MUSTS + 1];
	bool is_new = id_is_zero(&p->record);
	size_t n = 0;
	v[n] = (struct buf)BUF_INIT;
	value_add_text(&v[n], span_text(text));
	f[n++] = (struct put_field){field, buf_span(&v[0])};
	for (size_t i = 0; is_new && i < MUSTS; i++) {
		if (strcmp(musts[i].kind, kind) != 0 || !strcmp(musts[i].field, field))
			continue;
		v[n] = (struct buf)BUF_INIT;
		value_add_text(&v[n], span_text(musts[i].text));
		f[n] = (struct put_field){musts[i].field, buf_span(&v[n])};
		n++;
	}
	p->kind = kind_find(kind);
	p->fields = f;
	p->field_count = n;
	enum err e = book_put(stage.app.book, p, 1, NULL);
	ck_assert(e == OK || (!is_new && (e == ERR_INPUT || e == ERR_REFUSED)));
	made += !e && is_new;
	for (size_t i = 0; i < n; i++)
		buf_fini(&v[i]);
}

static const struct {
	const char *kind, *field;
} texts[] = {{"person", "family_name"}, {"person", "locality"}, {"contact", "note"},
	     {"contact", "starts"},	{"resource", "name"},	{"resource", "cost"},
	     {"goal", "words"}};

static const char *some_text(const char *field)
{
	static const char *const words[] = {"Larkspur", "Brook", "ashes", "the long walk", "Ada"};
	static const char *const days[] = {"2026-11-24T10:00", "2026-11-23T09:00",
					   "2026-11-20T15:30"};
	return strcmp(field, "starts") != 0 ? words[draw(5)] : days[draw(3)];
}

static void write_one(void)
{
	size_t i = draw(sizeof texts / sizeof *texts);
	struct ref to;
	if (!some(texts[i].kind, &to))
		return;
	struct put p = {.record = to.record, .in = to.in};
	put_text(texts[i].kind, &p, texts[i].field, some_text(texts[i].field));
}

static void make_one(void)
{
	size_t i = draw(sizeof texts / sizeof *texts);
	bool in_file = !strcmp(texts[i].kind, "contact") || !strcmp(texts[i].kind, "goal");
	struct put p = {0};
	struct ref person;
	if (in_file && some("person", &person))
		p.person = person.record;
	put_text(texts[i].kind, &p, texts[i].field, some_text(texts[i].field));
}

static void take_back(void)
{
	struct buf told = BUF_INIT;
	enum err e = draw(3) ? book_undo(stage.app.book, &told, NULL)
			     : book_redo(stage.app.book, &told, NULL);
	ck_assert(e == OK || e == ERR_ABSENT || e == ERR_REFUSED);
	buf_fini(&told);
}

static void bin_one(void)
{
	struct ref r;
	size_t count;
	if (some(texts[draw(sizeof texts / sizeof *texts)].kind, &r) &&
	    book_bin(stage.app.book, r, draw(2), &count, NULL))
		return; /* it was refused */
}

static void mark_one(void)
{
	struct ref r;
	if (some(draw(2) ? "person" : "contact", &r) &&
	    book_mark(stage.app.book, r, draw(2) ? MARK_RESTRICT : MARK_STRIKE, NULL))
		return;
}

static void join_two(void)
{
	struct ref a, b;
	if (some("person", &a) && some("person", &b) &&
	    book_same(stage.app.book, &a.record, &b.record, draw(3), NULL))
		return;
}

static void move_one(void)
{
	struct ref contact, person;
	struct id moved;
	if (some("contact", &contact) && some("person", &person) &&
	    book_move(stage.app.book, contact, &person.record, &moved, NULL))
		return;
}

static void wait_a_day(void)
{
	stage.seam.clock_ms += 86400000;
}

/* The more common the more often. */
static void act(void)
{
	static void (*const acts[])(void) = {write_one, make_one, take_back, bin_one,
					     mark_one,	join_two, move_one,  wait_a_day};
	static const unsigned chances[] = {40, 66, 84, 88, 90, 92, 95, 100};
	uint64_t drawn = draw(100);
	size_t i = 0;
	while (drawn >= chances[i])
		i++;
	acts[i]();
}

/* --- the tests ---------------------------------------------------------------------------- */

static void begin(void)
{
	struct diag d = {0};
	stage_init(&stage);
	struct app_options o = {.seam = &stage.seam,
				.book_dir = "book",
				.terms = stage.terms,
				.passphrase = stage_passphrase};
	ck_assert_int_eq(app_init(&stage.app, &o, &d), OK);
	diag_fini(&d);
	listing_parts = made = 0;
	for (size_t i = 0; i < LISTS; i++)
		listing[i] = listing_take(&stage.app, app_def(&stage.app, lists[i]));
}

static void end(void)
{
	app_fini(&stage.app);
	stage_fini(&stage);
}

static void refresh(size_t i)
{
	listing_refresh(&stage.app, listing[i]);
}

START_TEST(a_list_says_what_it_would_say_read_anew)
{
	chance = (uint64_t)_i;
	for (int n = 0; n < ACTS; n++) {
		act();
		if (!draw(50))
			listing_sort(listing[draw(LISTS)], draw(3));
		for (size_t i = 0; i < LISTS; i++)
			if (draw(2))
				refresh(i); /* compared there: listing_rechecks */
	}
	ck_assert_uint_gt(listing_parts, ACTS / 5);
	ck_assert_uint_gt(made, ACTS / 10);
}
END_TEST

/* What came from elsewhere, and what reaches beyond itself, is read whole; a text is not. */
START_TEST(a_text_is_read_by_itself)
{
	struct ref to;
	refresh(0);
	refresh(1);
	ck_assert(some("contact", &to));
	struct put p = {.record = to.record, .in = to.in};
	put_text("contact", &p, "note", "another text");
	refresh(0);
	refresh(1);
	ck_assert_uint_eq(listing_parts, 2);
	size_t count;
	ck_assert_int_eq(book_bin(stage.app.book, to, true, &count, NULL), OK);
	refresh(1);
	ck_assert_uint_eq(listing_parts, 2);
}
END_TEST

/* A list that is opened again has nothing typed, chosen or sorted, and reads nothing anew. */
START_TEST(a_list_that_is_opened_again_begins_anew)
{
	struct listing *l = listing[1];
	refresh(1);
	ck_assert_uint_gt(rows_total(&l->rows), 1);
	struct id first = rows_shown(&l->rows, 0)->id;
	listing_sort(l, 1);
	listing_sort(l, 1);
	rows_type(&l->rows, span_text("nothing has these words"));
	l->rows.set = 1;
	refresh(1);
	ck_assert_uint_eq(rows_matching(&l->rows), 0);
	struct moment read = l->read;
	listing_give_back(l);
	ck_assert_ptr_eq(listing_take(&stage.app, app_def(&stage.app, lists[1])), l);
	ck_assert_ptr_ne(listing_take(&stage.app, app_def(&stage.app, lists[1])), l);
	refresh(1);
	ck_assert(id_equal(&rows_shown(&l->rows, 0)->id, &first));
	ck_assert_uint_eq(rows_matching(&l->rows), rows_total(&l->rows));
	ck_assert_uint_eq(l->rows.selected, 0);
	ck_assert_uint_eq(l->rows.find.n, 0);
	ck_assert_uint_eq(l->read.version, read.version);
}
END_TEST

/* More than the book remembers. */
START_TEST(many_at_once_are_read_whole)
{
	struct ref to;
	refresh(1);
	ck_assert(some("contact", &to));
	for (int n = 0; n < 300; n++) {
		char text[16];
		struct put p = {.person = to.in};
		snprintf(text, sizeof text, "note %d", n);
		put_text("contact", &p, "note", text);
		if (n % 16 == 15 && n < 100)
			refresh(1);
	}
	unsigned before = listing_parts;
	ck_assert_uint_eq(before, 6);
	refresh(1);
	ck_assert_uint_eq(listing_parts, before);
}
END_TEST

static void add_tests(TCase *t)
{
	setlocale(LC_ALL, "C.UTF-8");
	tcase_set_timeout(t, 300);
	tcase_add_checked_fixture(t, begin, end);
	tcase_add_loop_test(t, a_list_says_what_it_would_say_read_anew, 1, 1 + RUNS);
	tcase_add_test(t, a_text_is_read_by_itself);
	tcase_add_test(t, a_list_that_is_opened_again_begins_anew);
	tcase_add_test(t, many_at_once_are_read_whole);
}

UNIT_MAIN("listing")

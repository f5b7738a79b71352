/* SPDX-License-Identifier: MIT
 *
 * A dozen people and some groups, all made up.
 */
#include "stage.h"

#include <check.h>
#include <string.h>

enum { PAIRS = 24 };

static void add(struct stage *s, struct book *b, const char *kind, struct put *put,
		const char *const *pairs)
{
	struct buf values[PAIRS];
	struct put_field fields[PAIRS];
	struct diag d = {0};
	size_t n = 0;
	put->kind = kind_find(kind);
	for (; pairs[2 * n]; n++) {
		const struct field *f = kind_field(put->kind, pairs[2 * n]);
		ck_assert_msg(f != NULL, "%s", pairs[2 * n]);
		values[n] = (struct buf)BUF_INIT;
		if (field_is_set(f))
			value_add_list(&values[n], 1);
		enum err e = value_read(f, pairs[2 * n + 1], s->terms, when_now(&s->seam),
					WHEN_BACK, &values[n], &d);
		ck_assert_msg(!e, "%s", diag_first(&d));
		fields[n] = (struct put_field){pairs[2 * n], buf_span(&values[n])};
	}
	put->fields = fields;
	put->field_count = n;
	enum err e = book_put(b, put, 1, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
	for (size_t i = 0; i < n; i++)
		buf_fini(&values[i]);
	diag_fini(&d);
}

static const struct {
	const char *given, *family, *born, *where, *status;
} people[] = {
	{"Łukasz", "Wójcik", "3/2/1988", "Govanhill", "Received"},
	{"Wei", "张伟", "9/9/1969", "Springburn", "Active"},
	{"John", "O'Neil", "30/11/1957", "Possilpark", "Active"},
	{"Aisha", "Zhang", "17/6/1990", "Maryhill", "On hold"},
	{"Zoë", "Ní Bhriain", "17/3/1999", "Milton", "Active"},
	{"Senga", "Larkspur", "8/1/1972", "Possilpark", "Trying to reach"},
	{"Ada", "Brook", "1/2/1945", "Anderston", "Active"},
	{"Bob", "Carnegie", "2/3/1950", "Partick", "Closed"},
	{"Mary", "MacDonald", "3/4/1955", "Govan", "Active"},
	{"Iain", "MacLean", "4/5/1960", "Ibrox", "Active"},
	{"Grace", "Nkemelu", "5/6/1985", "Sighthill", "Received"},
};

static void add_people(struct stage *s, struct book *b)
{
	for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
		const char *const pairs[] = {
			"given_name",	 people[i].given,  "family_name", people[i].family,
			"date_of_birth", people[i].born,   "locality",	  people[i].where,
			"status",	 people[i].status, NULL};
		struct put put = {0};
		add(s, b, "person", &put, pairs);
	}
}

/* Long enough to wrap at forty columns, and nothing of it may be cut. */
static void add_mairi(struct stage *s, struct book *b)
{
	static const char *const mairi[] = {"given_name",
					    "Mairi",
					    "family_name",
					    "MacLeòd",
					    "date_of_birth",
					    "14/5/1961",
					    "locality",
					    "Anderston",
					    "status",
					    "Active",
					    "risks",
					    "lone_working",
					    "visit_note",
					    "stairs, three flights",
					    NULL};
	static const char *const first[] = {
		"starts",
		"2 Nov 2026 14:00",
		"mode",
		"face_home",
		"outcome",
		"attended",
		"note",
		"Good form today. Worried about the gas bill, has not opened the last 2 letters. "
		"Would like to get out more, used to walk with her sister along the canal every "
		"Sunday before her knee got bad.",
		NULL};
	static const char *const second[] = {"starts",	"9 Nov 2026 10:30", "mode", "phone",
					     "outcome", "no_answer",	    NULL};
	struct put put = {0};
	add(s, b, "person", &put, mairi);
	struct put visit = {.person = put.record}, call = {.person = put.record};
	add(s, b, "contact", &visit, first);
	add(s, b, "contact", &call, second);
}

static const struct {
	const char *name, *day, *from, *where, *cost, *summary;
} groups[] = {
	{"Possil Walking Group", "tue", "10:00", "Possilpark", "Free",
	 "An easy walk along the canal, tea after."},
	{"Possil Chair Yoga", "wed", "11:00", "Possilpark", "£2", "Gentle moving, sitting down."},
	{"Canal Walkers", "tue", "13:30", "Maryhill", "Free", "A longer walk for the fit."},
	{"Sewing Bee", "thu", "14:00", "Maryhill Library", "Free", "Bring what needs mending."},
	{"Money Advice at the Hall", "tue", "09:30", "Possilpark", "Free", "Bills, debts, forms."},
};

/* Sessions are rows, which are not typed. */
static void add_session(const char *day, const char *from, struct buf *out)
{
	struct map_maker row = {0};
	value_add_list(out, 1);
	value_add_text(map_add_text(&row, span_text("weekday")), span_text(day));
	value_add_text(map_add_text(&row, span_text("from")), span_text(from));
	map_finish(&row, out);
}

static void add_group(struct book *b, size_t i)
{
	struct diag d = {0};
	struct buf v[5] = {BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT, BUF_INIT};
	value_add_text(&v[0], span_text(groups[i].name));
	value_add_text(&v[1], span_text(groups[i].where));
	value_add_text(&v[2], span_text(groups[i].cost));
	value_add_text(&v[3], span_text(groups[i].summary));
	add_session(groups[i].day, groups[i].from, &v[4]);
	struct put_field fields[] = {{"name", buf_span(&v[0])},
				     {"locality", buf_span(&v[1])},
				     {"cost", buf_span(&v[2])},
				     {"summary", buf_span(&v[3])},
				     {"sessions", buf_span(&v[4])}};
	struct put put = {.kind = kind_find("resource"), .fields = fields, .field_count = 5};
	enum err e = book_put(b, &put, 1, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
	for (size_t k = 0; k < 5; k++)
		buf_fini(&v[k]);
}

void stage_fill(struct stage *s, struct book *b)
{
	struct id directory;
	struct diag d = {0};
	enum err e = book_add_directory(b, &directory, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
	add_mairi(s, b);
	add_people(s, b);
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		add_group(b, i);
}

static bool is_mairi(void *arg, const struct record *r)
{
	struct stage *s = arg;
	struct span text;
	if (!value_is_text(record_value(r, "given_name"), &text) || !span_is(text, "Mairi"))
		return true;
	s->remembered = r->id;
	s->head_count = r->state.head_count < 8 ? r->state.head_count : 8;
	memcpy(s->heads, r->state.heads, s->head_count * sizeof *s->heads);
	return false;
}

void stage_remember(struct stage *s)
{
	ck_assert_int_eq(book_scan(s->app.book, kind_find("person"), NULL, is_mairi, s), OK);
	ck_assert(!id_is_zero(&s->remembered));
}

void stage_meanwhile(struct stage *s, const char *field, const char *text)
{
	struct buf v = BUF_INIT;
	struct diag d = {0};
	value_add_text(&v, span_text(text));
	struct put_field f = {field, buf_span(&v)};
	struct put p = {.kind = kind_find("person"),
			.record = s->remembered,
			.has_heads = true,
			.heads = s->heads,
			.head_count = s->head_count,
			.fields = &f,
			.field_count = 1};
	enum err e = book_put(s->app.book, &p, 1, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
	buf_fini(&v);
	diag_fini(&d);
}

void stage_asks(struct stage *s, const char *name, const char *label)
{
	struct buf called = BUF_INIT, rows = BUF_INIT;
	struct map_maker row = {0};
	struct diag d = {0};
	value_add_text(&called, span_text("Possil Surgery"));
	value_add_list(&rows, 1);
	value_add_text(map_add_text(&row, span_text("field")), span_text(name));
	value_add_text(map_add_text(&row, span_text("label")), span_text(label));
	value_add_text(map_add_text(&row, span_text("hint")), span_text("For example, the bridge"));
	map_finish(&row, &rows);
	struct put_field fields[] = {{"name", buf_span(&called)}, {"extra", buf_span(&rows)}};
	struct put p = {.kind = kind_find("practice"), .fields = fields, .field_count = 2};
	enum err e = book_put(s->app.book, &p, 1, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
	buf_fini(&called);
	buf_fini(&rows);
	diag_fini(&d);
}

void stage_twins(struct stage *s, const char *name)
{
	struct buf v = BUF_INIT;
	struct diag d = {0};
	value_add_text(&v, span_text(name));
	struct put_field f = {"name", buf_span(&v)};
	for (int i = 0; i < 2; i++) {
		struct put p = {.kind = kind_find("resource"),
				.seed_source = "twins",
				.seed_key = "resource/one",
				.seed_version = 1,
				.fields = &f,
				.field_count = 1};
		enum err e = book_add_directory(s->app.book, &p.directory, &d);
		if (!e)
			e = book_put(s->app.book, &p, 1, &d);
		ck_assert_msg(!e, "%s", diag_first(&d));
	}
	buf_fini(&v);
	diag_fini(&d);
}

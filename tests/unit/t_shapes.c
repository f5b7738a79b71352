/* SPDX-License-Identifier: MIT
 *
 * What is read from bytes is what it should be, or is refused: in a change and in a folded record
 * that hold everything they can, each item in turn becomes something else; each type of field is
 * given each kind of value.
 */
#include <regex.h>
#include <stdio.h>

#include <linkbook/terms.h>

#include "draw.h"
#include "fold_stage.h"

/* --- something else ------------------------------------------------------------------------ */

/* One value of each kind that there is; the letter stands for it in the tables below. */
static const struct sample {
	char letter;
	const char *bytes;
	size_t n;
} samples[] = {
	{'0', "\xf6", 1}, /* nothing */
	{'e', "\x60", 1}, /* no text */
	{'t', "\x61x", 2},
	{'n', "\x00", 1},
	{'N', "\x1a\x7f\xff\xff\xff", 5},
	{'-', "\x20", 1},
	{'H', "\x1b\xff\xff\xff\xff\xff\xff\xff\xff", 9}, /* more than an int64 holds */
	{'y', "\xf5", 1},
	{'b', "\x43\x01\x02\x03", 4},
	{'i', "\x50\1\2\3\4\5\6\7\10\1\2\3\4\5\6\7\10", 17}, /* an id */
	{'l', "\x80", 1}, /* no list */
	{'L', "\x83\x00\x00\x00", 4},
	{'m', "\xa0", 1}, /* no map */
	{'M', "\xa1\x61x\x61x", 5},
	{'K', "\xa1\x00\x00", 3}, /* a map whose keys are numbers */
	{'?', "\xc0\x00", 2}, /* a tag, which nothing here has */
};
enum { SAMPLES = sizeof samples / sizeof *samples };

static struct span sample(size_t i)
{
	return span_of((const uint8_t *)samples[i].bytes, samples[i].n);
}

/* --- every item of a whole ------------------------------------------------------------------ */

enum { ITEMS_MOST = 1000 };
static struct span items[ITEMS_MOST];
static size_t item_count;

/* Notes an item and all that is in it; at moves behind it. */
static void gather(struct span *at)
{
	struct span item, inside = *at;
	size_t n = 0;
	ck_assert(value_take_any(at, &item));
	ck_assert_uint_lt(item_count, ITEMS_MOST);
	items[item_count++] = item;
	if (value_take_map(&inside, &n))
		n *= 2;
	else if (inside = item, !value_take_list(&inside, &n))
		n = 0;
	while (n--)
		gather(&inside);
}

/* Whether bytes are read; again: as they are written then. */
typedef bool reads(struct span bytes, struct buf *again);

static bool reads_change(struct span bytes, struct buf *again)
{
	struct change c;
	if (change_decode(bytes, &c))
		return false;
	if (c.has_unknown) /* kept as it is, and never written by us */
		buf_add_span(again, bytes);
	else
		change_encode(&c, again);
	change_fini(&c);
	return true;
}

static bool reads_state(struct span bytes, struct buf *again)
{
	struct state s;
	if (state_decode(bytes, &s))
		return false;
	state_encode(&s, again);
	state_fini(&s);
	return true;
}

/* What is read is one thing: written again and read it is the same.  (It may be written shorter
 * than somebody else did: without a list that has nothing in it, say.) */
static bool is_read(struct span bytes, reads *read)
{
	struct buf once = BUF_INIT, twice = BUF_INIT;
	bool good = read(bytes, &once);
	if (good)
		ck_assert(read(buf_span(&once), &twice) &&
			  span_equal(buf_span(&once), buf_span(&twice)));
	buf_fini(&once);
	buf_fini(&twice);
	return good;
}

static void put_in_place(struct span whole, struct span item, struct span other, struct buf *out)
{
	size_t from = (size_t)(item.p - whole.p), to = from + item.n;
	buf_add(out, whole.p, from);
	buf_add_span(out, other);
	buf_add(out, whole.p + to, whole.n - to);
}

/* How many of the altered ones were refused. */
static size_t alter_each(struct span whole, reads *read)
{
	struct span at = whole;
	struct buf again = BUF_INIT;
	size_t refused = 0;
	item_count = 0;
	gather(&at);
	ck_assert(read(whole, &again) && span_equal(whole, buf_span(&again)));
	buf_fini(&again);
	for (size_t i = 0; i < item_count; i++)
		for (size_t k = 0; k < SAMPLES; k++) {
			struct buf altered = BUF_INIT;
			put_in_place(whole, items[i], sample(k), &altered);
			refused += !is_read(buf_span(&altered), read);
			buf_fini(&altered);
		}
	return refused;
}

/* A head that counts one more or one less than there are. */
static void miscount_each(struct span whole, reads *read)
{
	for (size_t i = 0; i < item_count; i++) {
		uint8_t kind = items[i].p[0] >> 5;
		if (kind != 4 && kind != 5)
			continue;
		for (int by = -1; by <= 1; by += 2) {
			struct buf altered = BUF_INIT;
			buf_add_span(&altered, whole);
			altered.p[items[i].p - whole.p] =
				(uint8_t)(altered.p[items[i].p - whole.p] + by);
			ck_assert_msg(!is_read(buf_span(&altered), read), "item %zu: %+d", i, by);
			buf_fini(&altered);
		}
	}
}

static void put_row(struct change *c, uint8_t row, struct span cells, int64_t place)
{
	struct op *op = change_add_op(c, OP_ROW, span_text("hours"), cells);
	op->row = (struct id){{row}};
	if (place) {
		op = change_add_op(c, OP_ROW_PLACE, span_text("hours"), number(place));
		op->row = (struct id){{row}};
	}
}

/* A change that has everything a change can have. */
static struct change *full_change(void)
{
	struct change *c = change(1, 1795517220000, AFTER(7, 8));
	struct buf *cells = &values[value_count++];
	struct map_maker m = {0};
	*cells = (struct buf)BUF_INIT;
	value_add_text(map_add_text(&m, span_text("day")), span_text("tue"));
	map_finish(&m, cells);
	set(c, "name", "MacLeòd");
	change_add_op(c, OP_SET, span_text("born"), null());
	put_row(c, 1, buf_span(cells), 10);
	put_row(c, 2, null(), 0);
	change_add_op(c, OP_ADD, span_text("risks"), text("a"));
	change_add_op(c, OP_ADD, span_text("risks"), text("b"));
	change_add_op(c, OP_REMOVE, span_text("risks"), text("c"))->seen = ids[0];
	c->author = span_text("Ailsa");
	c->mark = MARK_FINISH;
	c->has_draft = true;
	c->seed_source = span_text("source");
	c->seed_version = 3;
	named[0] = (struct undone){ids[0], span_text("name")};
	named[1] = (struct undone){ids[0], span_text("")};
	c->undoes = named;
	c->undo_count = 2;
	return c;
}

START_TEST(a_change_is_itself_or_refused)
{
	struct buf bytes = BUF_INIT;
	struct change *c = full_change();
	change_encode(c, &bytes);
	size_t refused = alter_each(buf_span(&bytes), reads_change);
	miscount_each(buf_span(&bytes), reads_change);
	/* Texts and numbers may be others, and most else may not. */
	ck_assert_uint_gt(refused, item_count * SAMPLES * 7 / 10);
	c->undoes = NULL;
	c->undo_count = 0;
	buf_fini(&bytes);
}
END_TEST

/* A record with registers in conflict, a set, rows, a bin, a strike, and a change that came early. */
START_TEST(a_folded_record_is_itself_or_refused)
{
	struct buf bytes = BUF_INIT;
	struct change *c = change(1, 10, FIRST);
	set(c, "name", "one");
	change_add_op(c, OP_ADD, span_text("risks"), text("a"));
	put_row(c, 1, number(1), 10);
	c = change(2, 20, AFTER(1));
	set(c, "name", "two");
	c = change(3, 30, AFTER(1));
	set(c, "name", "three");
	put_row(c, 2, number(2), 20);
	change(4, 40, AFTER(2))->mark = MARK_BIN;
	change(5, 50, AFTER(4))->mark = MARK_UNBIN;
	change(6, 60, AFTER(2))->mark = MARK_STRIKE;
	c = change(7, 70, AFTER(9));
	set(c, "name", "early");
	folded();
	ck_assert(state.bin_count && state.beside_count && state.struck);
	state_encode(&state, &bytes);
	size_t refused = alter_each(buf_span(&bytes), reads_state);
	miscount_each(buf_span(&bytes), reads_state);
	ck_assert_uint_gt(refused, item_count * SAMPLES * 7 / 10);
	buf_fini(&bytes);
}
END_TEST

/* --- values of fields ------------------------------------------------------------------------ */

static const struct field one_cell[] = {{"x", V_TEXT}, {NULL}};

/* Which of the samples a field of the type takes; nothing (0) clears any. */
static const struct {
	enum vtype type;
	const char *takes;
} takers[] = {
	{V_TEXT, "0et"},   {V_NOTE, "0et"},  {V_DATE, "0"},	 {V_TIME, "0"},	    {V_MOMENT, "0"},
	{V_CHOICE, "0"},   {V_CHOICES, "0"}, {V_WORDS, "0t"},	 {V_NOTES, "0t"},   {V_CHI, "0"},
	{V_POSTCODE, "0"}, {V_PHONE, "0"},   {V_NUMBER, "0nN-"}, {V_SCALE, "0nN-"}, {V_MONEY, "0n"},
	{V_YESNO, "0y"},   {V_RECORD, "0i"}, {V_RECORDS, "0i"},	 {V_ROWS, "0mM"},
};

START_TEST(a_field_takes_what_is_of_its_type)
{
	struct field f = {"field", takers[_i].type, .terms = "none", .cells = one_cell};
	struct terms *terms = terms_new();
	for (size_t k = 0; k < SAMPLES; k++) {
		struct diag d = {0};
		enum err e = value_check(&f, sample(k), terms, &d);
		bool takes = strchr(takers[_i].takes, samples[k].letter) != NULL;
		ck_assert_msg(!e == takes, "%s: %c: %s", vtype_name(f.type), samples[k].letter,
			      diag_first(&d));
		ck_assert_msg(takes || (e == ERR_INPUT && d.count), "%c is refused without a word",
			      samples[k].letter);
		diag_fini(&d);
	}
	terms_free(terms);
}
END_TEST

START_TEST(numbers_keep_to_their_bounds)
{
	struct field f = {"score", V_SCALE, .min = 1, .max = 10};
	for (int64_t n = -1; n <= 12; n++) {
		struct buf v = BUF_INIT;
		value_add_int(&v, n);
		ck_assert_msg((value_check(&f, buf_span(&v), NULL, NULL) == OK) ==
				      (n >= 1 && n <= 10),
			      "%d", (int)n);
		buf_fini(&v);
	}
}
END_TEST

/* The shape, as one who knows expressions would write it. */
START_TEST(postcodes_have_the_shape)
{
	enum { DRAWN = 200000 };
	static const char letters[] = "AG19 a";
	const struct field f = {"postcode", V_POSTCODE};
	regex_t shape;
	size_t good = 0;
	ck_assert(!regcomp(&shape, "^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$",
			   REG_EXTENDED | REG_NOSUB));
	chance = 1;
	for (int n = 0; n < DRAWN; n++) {
		/* From nothing, or from a good one that is altered in a place or two. */
		char text[12] = "GA1A 1AA";
		size_t length = n % 2 ? draw(9) : 5 + draw(4);
		for (size_t i = 0; i < (n % 2 ? length : draw(3)); i++)
			text[n % 2 ? i : draw(8)] = letters[draw(sizeof letters - 1)];
		text[length] = 0;
		struct buf v = BUF_INIT;
		value_add_text(&v, span_text(text));
		bool is = !regexec(&shape, text, 0, NULL, 0);
		ck_assert_msg((value_check(&f, buf_span(&v), NULL, NULL) == OK) == is, "\"%s\"",
			      text);
		good += is;
		buf_fini(&v);
	}
	ck_assert_uint_gt(good, 1000);
	regfree(&shape);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_change_is_itself_or_refused);
	tcase_add_test(t, a_folded_record_is_itself_or_refused);
	tcase_add_loop_test(t, a_field_takes_what_is_of_its_type, 0,
			    sizeof takers / sizeof *takers);
	tcase_add_test(t, numbers_keep_to_their_bounds);
	tcase_add_test(t, postcodes_have_the_shape);
}

UNIT_MAIN("shapes")

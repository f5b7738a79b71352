/* SPDX-License-Identifier: MIT
 *
 * Columns: fields, derived ones, and which of them fit.
 */
#include "column.h"
#include "options.h"
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

const struct derived derived_columns[] = {
	{"person", "name"}, {"person", "born"}, {"person", "last_seen"}, {"resource", "when"}, {0},
};

static bool uses(const struct screen_def *def, const char *name)
{
	for (size_t i = 0; i < def->column_count; i++)
		if (!strcmp(def->columns[i].name, name))
			return true;
	return false;
}

/* Planned, missed and unanswered contacts are none at which the person was seen. */
static bool was_seen(const struct record *contact, struct when *when)
{
	struct span text, outcome;
	if (!value_is_text(record_value(contact, "starts"), &text) || !when_from_iso(text, when))
		return false;
	return !value_is_text(record_value(contact, "outcome"), &outcome) ||
	       span_is(outcome, "attended") || span_is(outcome, "late");
}

static bool note_seen(void *arg, const struct record *r)
{
	struct columns *c = arg;
	struct when when;
	if (!was_seen(r, &when))
		return true;
	c->seen = mem_room(c->seen, c->seen_count, &c->seen_cap, sizeof *c->seen);
	c->seen[c->seen_count++] = (struct seen){r->subject, when};
	return true;
}

static int by_person(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;
	int order = id_order(&x->person, &y->person);
	return order ? order : when_order(y->when, x->when);
}

static int by_id(const void *a, const void *b)
{
	return id_order(a, &((const struct seen *)b)->person);
}

/* Only the latest of each stays. */
static void keep_latest(struct columns *c)
{
	size_t kept = 0;
	if (c->seen_count)
		qsort(c->seen, c->seen_count, sizeof *c->seen, by_person);
	for (size_t i = 0; i < c->seen_count; i++)
		if (!i || !id_equal(&c->seen[i].person, &c->seen[kept - 1].person))
			c->seen[kept++] = c->seen[i];
	c->seen_count = kept;
}

/* --- whose it is ------------------------------------------------------------------------ */

static bool note_name(void *arg, const struct record *r)
{
	struct columns *c = arg;
	c->called = mem_room(c->called, c->called_count, &c->called_cap, sizeof *c->called);
	struct called *one = &c->called[c->called_count++];
	*one = (struct called){r->id, BUF_SECRET};
	record_person_name(r, &one->name);
	return true;
}

static int by_called(const void *a, const void *b)
{
	return id_order(&((const struct called *)a)->person, &((const struct called *)b)->person);
}

/* All names once, rather than one person read for each row. */
static void read_names(struct columns *c)
{
	enum err e = book_scan_all(c->app->book, kind_find("person"), NULL, note_name, c);
	c->failed |= e != OK;
	if (e)
		app_say_fault(c->app, "Names could not be read", e, NULL);
	if (c->called_count)
		qsort(c->called, c->called_count, sizeof *c->called, by_called);
}

void columns_init(struct columns *c, struct app *app, const struct screen_def *def,
		  const struct record *one)
{
	*c = (struct columns){.app = app, .now = app_now(app)};
	if (!one && uses(def, "person") && !kind_field(def->of, "person"))
		read_names(c); /* one name is asked for where it is said */
	if (!uses(def, "last_seen"))
		return;
	enum err e =
		book_scan(app->book, kind_find("contact"), one ? &one->id : NULL, note_seen, c);
	c->failed |= e != OK;
	if (e)
		app_say_fault(app, "When people were last seen could not be read", e, NULL);
	keep_latest(c);
}

void columns_fini(struct columns *c)
{
	free(c->seen);
	for (size_t i = 0; i < c->called_count; i++)
		buf_fini(&c->called[i].name);
	free(c->called);
	*c = (struct columns){0};
}

static void say_person(const struct columns *c, const struct record *r, struct buf *out)
{
	struct called key = {.person = r->subject};
	const struct called *found =
		c->called_count ? bsearch(&key, c->called, c->called_count, sizeof key, by_called)
				: NULL;
	if (found)
		buf_add_span(out, buf_span(&found->name));
	else if (!id_equal(&r->subject, &r->store))
		banner_name(c->app, &r->subject, out); /* one with somebody else */
}

static const struct seen *find_seen(const struct columns *c, const struct record *r)
{
	return c->seen_count ? bsearch(&r->id, c->seen, c->seen_count, sizeof *c->seen, by_id)
			     : NULL;
}

static void say_name(const struct columns *c, const struct record *r, struct buf *out)
{
	(void)c;
	record_person_name(r, out);
}

static void say_born(const struct columns *c, const struct record *r, struct buf *out)
{
	struct span text;
	(void)c;
	if (value_is_text(record_value(r, "date_of_birth"), &text) && text.n >= 4)
		buf_add(out, text.p, 4);
}

static void say_last_seen(const struct columns *c, const struct record *r, struct buf *out)
{
	const struct seen *s = find_seen(c, r);
	if (!s)
		return;
	struct when day = s->when;
	day.hour = -1;
	when_say_short(day, c->now, out);
}

static bool cell_text(struct span row, const char *name, struct span *text)
{
	struct span v;
	return value_in_map(row, name, &v) && value_is_text(v, text);
}

/* "Tue 10:00-11:30": three letters of the day do, and the rest is in the detail. */
static void say_session(const struct columns *c, const struct field *sessions, struct span row,
			struct buf *out)
{
	struct span text;
	const char *between = out->n ? ", " : "";
	const struct field *weekday = field_cell(sessions, "weekday");
	const struct term *day = NULL;
	if (cell_text(row, "weekday", &text))
		day = terms_find(c->app->o.terms, weekday->terms, text);
	if (day)
		buf_printf(out, "%s%.3s", between, day->label);
	if (cell_text(row, "from", &text))
		buf_printf(out, "%s%.*s", day ? " " : between, (int)text.n, (const char *)text.p);
	if (cell_text(row, "to", &text))
		buf_printf(out, "-%.*s", (int)text.n, (const char *)text.p);
}

static void say_sessions(const struct columns *c, const struct record *r, struct buf *out)
{
	const struct state_field *s = state_field(&r->state, "sessions");
	for (size_t i = 0; s && i < s->row_count; i++)
		if (s->rows[i].count)
			say_session(c, kind_field(r->kind, "sessions"), s->rows[i].said[0].value,
				    out);
}

static void fold_text(const struct record *r, const char *field, struct buf *out)
{
	struct span text;
	if (value_is_text(record_value(r, field), &text))
		text_fold(text, out);
	buf_add_byte(out, 1); /* so that Ann Lee comes before Anna Lee */
}

static void key_name(const struct columns *c, const struct record *r, struct buf *out)
{
	(void)c;
	fold_text(r, "family_name", out);
	fold_text(r, "given_name", out);
}

static void key_last_seen(const struct columns *c, const struct record *r, struct buf *out)
{
	const struct seen *s = find_seen(c, r);
	if (s)
		when_to_iso(s->when, false, out);
}

static bool has_status(const struct record *r, const char *id)
{
	struct span status;
	return value_is_text(record_value(r, "status"), &status) && span_is(status, id);
}

/* What nobody should be sent to says so first. */
static void say_group(const struct columns *c, const struct record *r, struct buf *out)
{
	(void)c;
	if (has_status(r, "closed"))
		buf_add_text(out, "Closed: ");
	else if (has_status(r, "paused"))
		buf_add_text(out, "On a break: ");
	record_say(c->app->book, r, "name", out);
}

/* What has closed comes last. */
static void key_group(const struct columns *c, const struct record *r, struct buf *out)
{
	(void)c;
	buf_add_byte(out, has_status(r, "closed") ? 2 : 1);
	fold_text(r, "name", out);
}

typedef void column_words(const struct columns *c, const struct record *r, struct buf *out);

static const struct {
	const char *kind, *name;
	column_words *say, *key; /* key NULL: as said, folded */
} ways[] = {
	{"person", "name", say_name, key_name},
	{"person", "born", say_born, NULL},
	{"person", "last_seen", say_last_seen, key_last_seen},
	{"resource", "when", say_sessions, NULL},
	{"resource", "name", say_group, key_group},
	{NULL, "person", say_person, NULL},
};

static bool is_way(size_t i, const struct record *r, const char *name)
{
	return (!ways[i].kind || !strcmp(ways[i].kind, r->kind->name)) &&
	       !strcmp(ways[i].name, name) && (ways[i].kind || !kind_field(r->kind, name));
}

void column_say(const struct columns *c, const struct record *r, const char *name, struct buf *out)
{
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		if (is_way(i, r, name)) {
			ways[i].say(c, r, out);
			return;
		}
	options_say_field(c->app, r, name, out);
}

static bool is_dated(const struct field *f)
{
	return f && (f->type == V_DATE || f->type == V_MOMENT || f->type == V_TIME);
}

static bool is_counted(const struct field *f)
{
	return f && (f->type == V_NUMBER || f->type == V_SCALE || f->type == V_MONEY);
}

/* Bytes that order as the numbers do; nothing comes first. */
static void key_number(struct span value, struct buf *out)
{
	int64_t n;
	if (!value_is_int(value, &n))
		return;
	buf_add_u64(out, (uint64_t)n + ((uint64_t)1 << 63));
}

void column_key(const struct columns *c, const struct record *r, const char *name, struct buf *out)
{
	struct buf said = BUF_SECRET;
	struct span text;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		if (is_way(i, r, name) && ways[i].key) {
			ways[i].key(c, r, out);
			return;
		}
	if (is_counted(kind_field(r->kind, name))) {
		key_number(record_value(r, name), out);
		return;
	}
	if (is_dated(kind_field(r->kind, name)) && value_is_text(record_value(r, name), &text)) {
		buf_add_span(out, text); /* ISO sorts as it stands */
		return;
	}
	column_say(c, r, name, &said);
	text_fold(buf_span(&said), out);
	buf_fini(&said);
}

static int needed(const struct screen_def *def, const int *widths)
{
	int sum = DEF_MARKER - DEF_GAP;
	for (size_t i = 0; i < def->column_count; i++)
		sum += widths[i] ? widths[i] + DEF_GAP : 0;
	return sum;
}

/* The one that says it goes first, of those still there. */
static int *next_to_drop(const struct screen_def *def, int *widths)
{
	int *found = NULL, least = 0;
	for (size_t i = 0; i < def->column_count; i++) {
		int drop = def->columns[i].drop;
		if (widths[i] && drop && (!found || drop < least)) {
			found = &widths[i];
			least = drop;
		}
	}
	return found;
}

static void share(const struct screen_def *def, int spare, int *widths)
{
	int growing = 0;
	for (size_t i = 0; i < def->column_count; i++)
		growing += def->columns[i].grows && widths[i];
	for (size_t i = 0; i < def->column_count && growing; i++)
		if (def->columns[i].grows && widths[i]) {
			widths[i] += spare / growing;
			spare -= spare / growing;
			growing--;
		}
}

void columns_fit(const struct screen_def *def, int width, int *widths)
{
	int *drop;
	for (size_t i = 0; i < def->column_count; i++)
		widths[i] = def->columns[i].width;
	while (needed(def, widths) > width && (drop = next_to_drop(def, widths)))
		*drop = 0;
	if (needed(def, widths) < width)
		share(def, width - needed(def, widths), widths);
}

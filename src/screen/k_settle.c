/* SPDX-License-Identifier: MIT
 *
 * Two versions: every field of a record in which values stand against each other, side by side
 * where there is room.  Enter keeps the one the cursor is on; what was not kept stays in the
 * history.
 */
#include "doing.h"
#include "pick.h"
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

/* One value, and whose it is. */
struct version {
	struct buf by, text;
};
/* One field, or one row of it, in conflict. */
struct clash {
	const char *field; /* by which it is settled */
	struct id row; /* zero: no row */
	struct buf label;
	struct version *v;
	size_t count;
};
struct settle {
	struct screen base;
	struct ref record;
	struct buf heading;
	struct clash *v;
	size_t count, cap;
	size_t at, version; /* the cursor's */
	size_t top; /* the first clash that is painted */
};

static void clash_fini(struct clash *c)
{
	for (size_t i = 0; i < c->count; i++) {
		buf_fini(&c->v[i].by);
		buf_fini(&c->v[i].text);
	}
	free(c->v);
	buf_fini(&c->label);
}

static void forget(struct settle *s)
{
	for (size_t i = 0; i < s->count; i++)
		clash_fini(&s->v[i]);
	s->count = 0;
}

static void settle_free(struct screen *screen)
{
	struct settle *s = (struct settle *)screen;
	forget(s);
	free(s->v);
	buf_fini(&s->heading);
	free(s);
}

/* --- what stands against what ----------------------------------------------------------- */

static void say_by(struct app *app, const struct record *r, const struct said *said,
		   struct buf *out)
{
	when_say_short(when_from_ms(said->stamp), app_now(app), out);
	buf_add_text(out, ", ");
	record_said_by(app->book, r, &said->change, out);
}

/* All members of a group, a line each. */
static void say_group(struct app *app, const struct record *r, const struct field *first,
		      struct span value, struct buf *out)
{
	for (const struct field *f = first; f->name; f++) {
		struct span v = value;
		if (strcmp(field_stored(f), field_stored(first)) != 0)
			continue;
		if (f->group && (value_is_null(value) || !value_in_map(value, f->name, &v)))
			continue;
		buf_add_text(out, out->n ? "\n" : "");
		value_say(f, v, app->o.terms, app_now(app), out);
	}
	(void)r;
	if (!out->n)
		buf_add_text(out, "(nothing)");
}

static struct clash *add_clash(struct settle *s, const char *field, size_t count)
{
	s->v = mem_room(s->v, s->count, &s->cap, sizeof *s->v);
	struct clash *c = &s->v[s->count++];
	*c = (struct clash){.field = field, .label = BUF_INIT, .count = count};
	c->v = mem_alloc_many(count, sizeof *c->v);
	for (size_t i = 0; i < count; i++)
		c->v[i] = (struct version){BUF_SECRET, BUF_SECRET};
	return c;
}

static void add_versions(struct app *app, struct settle *s, const struct record *r,
			 const struct field *f, const struct said *said, size_t count,
			 const struct id *row)
{
	struct clash *c = add_clash(s, f->name, count);
	app_field_label(app, r->kind, f, &c->label);
	if (row)
		c->row = *row;
	for (size_t i = 0; i < count; i++) {
		say_by(app, r, &said[i], &c->v[i].by);
		if (row && value_is_null(said[i].value))
			buf_add_text(&c->v[i].text, "(the line is taken away)");
		else if (row)
			value_say(f, said[i].value, app->o.terms, app_now(app), &c->v[i].text);
		else
			say_group(app, r, f, said[i].value, &c->v[i].text);
	}
}

static bool is_first_of_group(const struct kind *k, const struct field *f)
{
	for (const struct field *other = k->fields; other != f; other++)
		if (!strcmp(field_stored(other), field_stored(f)))
			return false;
	return true;
}

static void read_clashes(struct app *app, struct settle *s, const struct record *r)
{
	for (const struct field *f = r->kind->fields; f->name; f++) {
		const struct state_field *state = state_field(&r->state, field_stored(f));
		if (!state || !state->conflict || !is_first_of_group(r->kind, f))
			continue;
		if (state->kind == SLOT_REGISTER)
			add_versions(app, s, r, f, state->said, state->count, NULL);
		for (size_t i = 0; i < state->row_count; i++)
			if (state->rows[i].count > 1)
				add_versions(app, s, r, f, state->rows[i].said,
					     state->rows[i].count, &state->rows[i].id);
	}
}

static void settle_refresh(struct app *app, struct screen *screen)
{
	struct settle *s = (struct settle *)screen;
	struct record r = {0};
	forget(s);
	buf_clear(&s->heading);
	enum err e = book_get_in(app->book, s->record, &r);
	if (e) {
		app_say_fault(app, "It could not be read", e, NULL);
		return;
	}
	buf_add_text(&s->heading, "Two versions: ");
	record_title(app->book, &r, &s->heading);
	if (r.kind)
		read_clashes(app, s, &r);
	s->at = s->at < s->count ? s->at : s->count ? s->count - 1 : 0;
	s->version = 0;
	record_fini(&r);
}

static void settle_heading(struct app *app, struct screen *screen, struct heading *h)
{
	(void)app;
	buf_add_span(&h->left, buf_span(&((struct settle *)screen)->heading));
}

/* --- painting --------------------------------------------------------------------------- */

struct pen {
	struct grid *g; /* NULL: measured only */
	int y, end;
};

static void put(const struct pen *p, int y, int x, int width, struct span text, unsigned attr)
{
	if (p->g && y < p->end)
		grid_put(p->g, y, x, width, text, attr);
}

/* Lines used. */
static int paint_version(const struct pen *p, const struct version *v, int x, int width, bool on)
{
	struct wrap rows = {0};
	unsigned attr = on ? ATTR_REVERSE : 0;
	wrap_text(buf_span(&v->text), width - 2, &rows);
	put(p, p->y, x, 2, span_text(on ? "> " : "  "), attr);
	put(p, p->y, x + 2, width - 2, buf_span(&v->by), attr | (on ? 0 : ATTR_DIM));
	for (size_t i = 0; i < rows.count; i++)
		put(p, p->y + 1 + (int)i, x + 2, width - 2,
		    wrap_row_text(&rows, buf_span(&v->text), i), 0);
	if (on && p->g && p->y < p->end)
		grid_set_cursor(p->g, p->y, x);
	int used = 1 + (int)rows.count;
	wrap_fini(&rows);
	return used;
}

enum { SIDE_BY_SIDE = 60 };

/* Versions are counted through all fields. */
static size_t number_of(const struct settle *s, size_t at, size_t version)
{
	size_t n = version;
	for (size_t i = 0; i < at; i++)
		n += s->v[i].count;
	return n;
}

static int paint_clash(const struct settle *s, size_t i, struct pen p, int columns)
{
	const struct clash *c = &s->v[i];
	bool beside = columns >= SIDE_BY_SIDE && c->count == 2;
	int width = beside ? (columns - 3) / 2 : columns - 2, used = 0, tallest = 0;
	put(&p, p.y, 1, columns - 2, buf_span(&c->label), ATTR_BOLD);
	p.y++;
	for (size_t k = 0; k < c->count; k++) {
		bool on = i == s->at && k == s->version;
		int x = beside && k ? 2 + width : 1;
		int lines = paint_version(&p, &c->v[k], x, width, on);
		if (p.g && p.y < p.end)
			grid_add_spot(p.g, (struct spot){SPOT_ROW, number_of(s, i, k), p.y, x,
							 p.end - p.y < lines ? p.end - p.y : lines,
							 width});
		tallest = lines > tallest ? lines : tallest;
		used += lines;
		p.y += beside ? 0 : lines;
	}
	return 2 + (beside ? tallest : used);
}

/* The first that is shown moves down until the cursor's fits. */
static void scroll(struct settle *s, struct box b)
{
	if (s->at < s->top)
		s->top = s->at;
	for (; s->top < s->at; s->top++) {
		int needed = 0;
		for (size_t i = s->top; i <= s->at; i++)
			needed += paint_clash(s, i, (struct pen){0}, b.columns);
		if (needed <= b.rows)
			return;
	}
}

static void settle_paint(struct app *app, struct screen *screen, struct grid *g, struct box b)
{
	struct settle *s = (struct settle *)screen;
	struct pen p = {g, b.y, b.y + b.rows};
	(void)app;
	grid_set_cursor(g, b.y, 0);
	if (!s->count)
		grid_put(g, b.y, 2, b.columns - 3, span_text("All is settled here. Esc goes back."),
			 0);
	scroll(s, b);
	for (size_t i = s->top; i < s->count && p.y < p.end; i++)
		p.y += paint_clash(s, i, p, b.columns);
}

/* --- keys ------------------------------------------------------------------------------- */

static void keep_one(struct app *app, struct settle *s)
{
	struct record r = {0};
	struct diag d = {0};
	if (!s->count)
		return;
	const struct clash *c = &s->v[s->at];
	enum err e = book_get_in(app->book, s->record, &r);
	if (!e)
		e = book_settle(app->book, &r, c->field, id_is_zero(&c->row) ? NULL : &c->row,
				s->version + 1, &d);
	if (e)
		app_say_fault(app, "Nothing was changed", e, &d);
	else
		app_say(app, ATTR_GOOD, "Kept. The other stays in the history; ^Z takes it back.");
	record_fini(&r);
	diag_fini(&d);
	settle_refresh(app, &s->base);
}

/* On through the versions of one field, then of the next. */
static void move(struct settle *s, int by)
{
	if (by > 0 && s->version + 1 < s->v[s->at].count) {
		s->version++;
	} else if (by > 0 && s->at + 1 < s->count) {
		s->at++;
		s->version = 0;
	} else if (by < 0 && s->version) {
		s->version--;
	} else if (by < 0 && s->at) {
		s->at--;
		s->version = s->v[s->at].count - 1;
	}
}

static bool settle_select(struct screen *screen, size_t index)
{
	struct settle *s = (struct settle *)screen;
	if (number_of(s, s->at, s->version) == index)
		return true;
	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; k < s->v[i].count; k++)
			if (number_of(s, i, k) == index) {
				s->at = i;
				s->version = k;
			}
	return false;
}

static void change(struct app *app, const struct settle *s)
{
	struct record r = {0};
	if (book_get_in(app->book, s->record, &r))
		return;
	const struct screen_def *form = app_form_of(app, r.kind);
	record_fini(&r);
	struct screen *f = form ? writing_change(app, form, s->record) : NULL;
	if (f)
		app_push(app, f);
}

static bool settle_act(struct app *app, struct screen *screen, const struct command *c)
{
	struct settle *s = (struct settle *)screen;
	static const struct {
		enum action action;
		int by;
	} moves[] = {{ACT_UP, -1},  {ACT_LEFT, -1}, {ACT_PREVIOUS, -1},
		     {ACT_DOWN, 1}, {ACT_RIGHT, 1}, {ACT_NEXT, 1}};
	for (size_t i = 0; s->count && i < sizeof moves / sizeof *moves; i++)
		if (moves[i].action == c->action) {
			move(s, moves[i].by);
			return true;
		}
	if (c->action == ACT_OPEN)
		keep_one(app, s);
	else if (c->action == ACT_CHANGE)
		change(app, s);
	else
		return false;
	return true;
}

static bool settle_can(struct app *app, struct screen *screen, const struct command *c)
{
	(void)app;
	return (c->action != ACT_OPEN && c->action != ACT_CHANGE) ||
	       ((struct settle *)screen)->count;
}

static const struct screen_kind settle_kind = {
	.place = IN_SETTLE,
	.free = settle_free,
	.refresh = settle_refresh,
	.heading = settle_heading,
	.paint = settle_paint,
	.act = settle_act,
	.select = settle_select,
	.can = settle_can,
};

struct screen *settle_new(struct ref record)
{
	struct settle *s = mem_alloc(sizeof *s);
	*s = (struct settle){.base = {&settle_kind, NULL}, .record = record, .heading = BUF_SECRET};
	return &s->base;
}

/* --- all that wants settling ------------------------------------------------------------ */

struct seeking {
	struct app *app;
	struct options *out;
};

static bool add_conflict(void *arg, const struct record *r)
{
	struct seeking *w = arg;
	struct buf label = BUF_SECRET, raised = BUF_INIT;
	char text[REF_TEXT];
	struct ref ref = ref_of(r);
	bool is_raised = record_raised(w->app->book, r, &raised);
	size_t count = state_conflicts(&r->state);
	if (count || is_raised) {
		buf_printf(&label, "%s: ", r->kind->name);
		record_title(w->app->book, r, &label);
		options_add(w->out, ref_to_text(&ref, text), buf_text(&label), NULL);
	}
	buf_fini(&raised);
	buf_fini(&label);
	return true;
}

/* What was only raised is read as it is, with the sentence why. */
static void open_one(struct app *app, void *arg, const struct picks *picks)
{
	struct record r = {0};
	struct ref ref;
	struct buf raised = BUF_INIT;
	(void)arg;
	if (!picks->count || !ref_from_text(picks->v[0], &ref) || book_get_in(app->book, ref, &r))
		return;
	app_push(app, settle_new(ref));
	if (record_raised(app->book, &r, &raised))
		app_say(app, ATTR_WRONG, "%s", buf_text(&raised));
	buf_fini(&raised);
	record_fini(&r);
}

void app_show_conflicts(struct app *app)
{
	static const struct picks none = {0};
	struct options o = {0};
	struct seeking w = {app, &o};
	enum err e = OK;
	for (const struct kind *k = kinds; !e && k->name; k++)
		e = book_scan(app->book, k, NULL, add_conflict, &w);
	if (e)
		app_say_fault(app, "Not everything could be read", e, NULL);
	struct pick_request request = {
		.title = "Two versions: what wants settling", .picked = &none, .took = open_one};
	app_push(app, pick_new(app, &request, &o));
}

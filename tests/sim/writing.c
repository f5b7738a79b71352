/* SPDX-License-Identifier: MIT
 *
 * Forms opened now and saved much later, conflicts settled, records made, seeds loaded.
 */
#include "sim.h"

/* --- one step --------------------------------------------------------------------------- */

/* Saves, and learns what came of it.  While the machine is dying neither is certain. */
static enum err save(struct world *w, struct copy *c, const struct form *form, struct put *puts,
		     size_t count, struct diag *d)
{
	learn_before(w, c, form);
	enum err e = book_put(c->book, puts, count, d);
	for (size_t i = 0; !e && i < count; i++)
		if (memcmp(&puts[i].change, &(struct hash){{0}}, sizeof(struct hash)) != 0)
			w->acknowledged[w->acknowledged_count++ % ACKNOWLEDGED] = puts[i].change;
	if (!w->dying)
		writing_learn(w, c);
	return e;
}

void writing_learn(struct world *w, struct copy *c)
{
	learn(w, c);
	for (size_t i = 0; i < w->acknowledged_count && i < ACKNOWLEDGED; i++) {
		int at = changes_known(w, &w->acknowledged[i]);
		if (at < 0 || !w->changes[at].decoded)
			sim_fail(w, "copy %d: what was said to be saved is in no file", c->index);
	}
	w->acknowledged_count = 0;
}

struct copy *writing_copy(struct world *w)
{
	struct copy *c = &w->copies[rng_below(&w->rng, w->copy_count)];
	if (!w->dying)
		copy_open(w, c);
	return w->dying ? w->dying : c;
}

static bool is_seen(const struct world *w, const struct copy *c, const struct known_record *r)
{
	struct bits whole;
	oracle_whole(w, &c->shelf, &r->id, &whole);
	return !bits_within(&whole, &(struct bits){{0}});
}

/* Some record that can be seen on a copy; NULL when none was met. */
const struct known_record *writing_record(struct world *w, const struct copy *c, const char *kind)
{
	for (int tries = 0; tries < 12 && w->record_count; tries++) {
		/* One of the first is everybody's favourite, so that writers meet. */
		size_t at = rng_below(&w->rng, w->record_count);
		if (rng_chance(&w->rng, 60))
			at = w->favourite % w->record_count;
		const struct known_record *r = &w->records[at];
		if (kind ? !r->kind || strcmp(r->kind->name, kind) != 0 : !values_can(r->kind))
			continue;
		if (is_seen(w, c, r))
			return r;
	}
	return NULL;
}

const char *short_id(const struct id *id)
{
	static char hex[ID_HEX];
	id_to_hex(id, hex);
	hex[8] = 0;
	return hex;
}

/* --- forms ------------------------------------------------------------------------------ */

static void open_form(struct world *w, struct copy *c, const struct known_record *r, struct form *f)
{
	if (book_get(c->book, &r->id, &f->r))
		sim_fail(w, "copy %d: a record that is there cannot be got", c->index);
	f->is_open = true;
	f->on = c;
	oracle_seen(w, c, &r->id, &f->seen);
}

static void close_form(struct form *f)
{
	record_fini(&f->r);
	*f = (struct form){0};
}

/* A form that is open, or one that is not; NULL when there is none. */
static struct form *some_form(struct world *w, bool is_open)
{
	size_t start = rng_below(&w->rng, FORMS_MOST);
	for (size_t i = 0; i < FORMS_MOST; i++) {
		struct form *f = &w->forms[(start + i) % FORMS_MOST];
		if (f->is_open == is_open)
			return f;
	}
	return NULL;
}

void act_open_form(struct world *w)
{
	struct form *f = some_form(w, false);
	if (!f)
		return;
	struct copy *c = writing_copy(w);
	const struct known_record *r = writing_record(w, c, NULL);
	if (!r)
		return;
	open_form(w, c, r, f);
	sim_tell(w, "copy %d opens %s %s in a form", c->index, r->kind->name, short_id(&r->id));
}

/* What the writer saw is here still (the folder may have been put back since). */
static bool may_save(struct world *w, const struct form *f)
{
	struct bits whole;
	const struct state *s = &f->r.state;
	oracle_seen(w, f->on, &f->r.id, &whole);
	return bits_within(&f->seen, &whole) && !s->finished && !s->restricted && !s->struck;
}

/* Every register that was written stands in the change, a conflict's shown value too. */
static void check_written(struct world *w, const struct form *f, const struct put *p,
			  const struct drawn *v, size_t n)
{
	int at = changes_known(w, &p->change);
	for (size_t i = 0; i < n; i++) {
		const struct field *field = v[i].field;
		if (field->group || field_is_set(field) || field->type == V_ROWS)
			continue;
		struct span shown = record_value(&f->r, field->name), v_is = buf_span(&v[i].value);
		bool same =
			span_equal(shown, v_is) || (value_is_null(shown) && value_is_null(v_is));
		bool found = same && !record_in_conflict(&f->r, field->name);
		for (size_t k = 0; at >= 0 && k < w->changes[at].change.op_count; k++) {
			const struct op *op = &w->changes[at].change.ops[k];
			found |= span_is(op->field, field->name) && span_equal(op->value, v_is);
		}
		if (!found)
			sim_fail(w, "copy %d: %s was saved, and its change does not say it",
				 f->on->index, field->name);
	}
}

static void save_form(struct world *w, struct form *f, bool settle)
{
	struct drawn v[DRAWN_MOST];
	struct put_field fields[DRAWN_MOST];
	struct diag d = {0};
	size_t n = values_draw(w, &f->r, settle, v);
	for (size_t i = 0; i < n; i++)
		fields[i] = (struct put_field){v[i].field->name, buf_span(&v[i].value)};
	struct put put = {.kind = f->r.kind,
			  .record = f->r.id,
			  .has_heads = true,
			  .heads = f->r.state.heads,
			  .head_count = f->r.state.head_count,
			  .fields = fields,
			  .field_count = n};
	bool may = may_save(w, f);
	sim_tell(w, "copy %d %s %s %s (%s%s)", f->on->index, settle ? "settles" : "saves",
		 f->r.kind->name, short_id(&f->r.id), n ? v[0].field->name : "nothing",
		 n > 1 ? ", ..." : "");
	enum err e = n ? save(w, f->on, f, &put, 1, &d) : OK;
	if (e && may && !w->dying)
		sim_fail(w, "copy %d: refused without a reason: %s", f->on->index, diag_first(&d));
	if (n && !e && !w->dying)
		check_written(w, f, &put, v, n);
	for (size_t i = 0; i < n; i++)
		buf_fini(&v[i].value);
	diag_fini(&d);
}

void act_save_form(struct world *w)
{
	struct form *f = some_form(w, true);
	if (!f || (w->dying && w->dying != f->on))
		return;
	if (!w->dying)
		copy_open(w, f->on);
	save_form(w, f, false);
	if (!w->dying || w->form != f)
		close_form(f);
}

/* Opened and saved at once.  A dying machine's form is asked for once more when it opens. */
static struct form at_once;

static bool open_at_once(struct world *w, struct copy *c, const struct known_record *r)
{
	if (at_once.is_open)
		close_form(&at_once);
	if (r)
		open_form(w, c, r, &at_once);
	return r != NULL;
}

void act_edit(struct world *w)
{
	struct copy *c = writing_copy(w);
	if (!open_at_once(w, c, writing_record(w, c, NULL)))
		return;
	save_form(w, &at_once, false);
	if (!w->dying)
		close_form(&at_once);
}

void act_settle(struct world *w)
{
	struct copy *c = writing_copy(w);
	for (size_t i = 0; i < w->record_count; i++) {
		const struct known_record *r = &w->records[i];
		if (!values_can(r->kind) || !is_seen(w, c, r))
			continue;
		open_at_once(w, c, r);
		if (!state_conflicts(&at_once.r.state))
			continue;
		save_form(w, &at_once, true);
		break;
	}
	if (at_once.is_open)
		close_form(&at_once);
}

/* Two write the same field without seeing each other, then one gets what the other wrote. */
void act_meet(struct world *w)
{
	struct copy *a = writing_copy(w), *b = writing_copy(w);
	const struct known_record *r = writing_record(w, a, NULL);
	struct transfer whole = {.part = 100};
	if (a == b || !r || !is_seen(w, b, r))
		return;
	w->meeting = 1 + rng_below(&w->rng, 5);
	open_at_once(w, a, r);
	save_form(w, &at_once, false);
	open_at_once(w, b, r);
	save_form(w, &at_once, false);
	close_form(&at_once);
	w->meeting = 0;
	copy_close(a);
	transfer(w, b, a, &whole);
	copy_open(w, a);
}

/* --- records made ----------------------------------------------------------------------- */

static void add_text(struct put_field *f, struct buf *b, const char *name, const char *text)
{
	*b = (struct buf)BUF_INIT;
	value_add_text(b, span_text(text));
	*f = (struct put_field){name, buf_span(b)};
}

enum { NEW_FIELDS = 3 };

/* One put for a new record of one of three kinds; its values live in v. */
static void plan_new(struct world *w, const struct copy *c, struct put *put,
		     struct put_field fields[NEW_FIELDS], struct buf v[NEW_FIELDS])
{
	char word[16];
	const struct known_record *person = writing_record(w, c, "person");
	size_t kind = rng_below(&w->rng, 8);
	snprintf(word, sizeof word, "w%04u", ++w->words % 10000);
	*put = (struct put){.fields = fields, .field_count = NEW_FIELDS};
	if (kind < 4 && person) {
		put->kind = kind_find("contact");
		put->person = person->id;
		add_text(&fields[0], &v[0], "starts", "2026-11-24T10:00");
		add_text(&fields[1], &v[1], "mode", "face_home");
		add_text(&fields[2], &v[2], "note", word);
	} else if (kind < 7) {
		put->kind = kind_find("person");
		add_text(&fields[0], &v[0], "given_name", word);
		add_text(&fields[1], &v[1], "family_name", "Brightwater");
		add_text(&fields[2], &v[2], "visit_note", "stairs");
	} else {
		put->kind = kind_find("resource");
		add_text(&fields[0], &v[0], "name", word);
		add_text(&fields[1], &v[1], "cost", "free");
		add_text(&fields[2], &v[2], "summary", "walks");
	}
}

static void make_records(struct world *w, struct copy *c, size_t count)
{
	enum { MOST = 16 };
	struct put puts[MOST];
	struct put_field fields[MOST][NEW_FIELDS];
	struct buf v[MOST][NEW_FIELDS];
	struct diag d = {0};
	for (size_t i = 0; i < count; i++)
		plan_new(w, c, &puts[i], fields[i], v[i]);
	enum err e = save(w, c, NULL, puts, count, &d);
	if (e && !w->dying)
		sim_fail(w, "copy %d: new records are refused: %s", c->index, diag_first(&d));
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < NEW_FIELDS; k++)
			buf_fini(&v[i][k]);
	diag_fini(&d);
}

void act_new_record(struct world *w)
{
	struct copy *c = writing_copy(w);
	size_t count = 1 + rng_below(&w->rng, 3);
	sim_tell(w, "copy %d makes %zu records", c->index, count);
	make_records(w, c, count);
}

void act_load(struct world *w)
{
	struct copy *c = writing_copy(w);
	size_t count = 4 + rng_below(&w->rng, 8);
	c->seam.piece_most = 600 + rng_below(&w->rng, 2000);
	sim_tell(w, "copy %d loads %zu records in pieces of %zu bytes", c->index, count,
		 c->seam.piece_most);
	make_records(w, c, count);
	c->seam.piece_most = 0;
}

/* --- seeds ------------------------------------------------------------------------------ */

/* What a version of the file says is the same wherever it is loaded. */
static void plan_seed(struct world *w, int64_t version, size_t key, struct put *put,
		      struct put_field fields[4], struct buf v[4])
{
	static const char *const keys[] = {"resource/walk", "resource/choir", "resource/cafe"};
	static const char *const who[] = {"carers", "women", "men"};
	const struct term_list *terms = terms_list(w->terms, "who-for");
	char text[24];
	(void)who;
	*put = (struct put){.kind = kind_find("resource"),
			    .seed_source = "ashgill",
			    .seed_key = keys[key],
			    .seed_version = version,
			    .fields = fields,
			    .field_count = 4};
	add_text(&fields[0], &v[0], "name", keys[key]);
	snprintf(text, sizeof text, "s%lld", (long long)(version + (int64_t)key) / 2);
	add_text(&fields[1], &v[1], "summary", text);
	v[2] = (struct buf)BUF_INIT;
	value_add_list(&v[2], 2);
	for (int64_t i = 0; i < 2; i++)
		value_add_text(&v[2], span_text(terms->items[(size_t)(version / 2 + i) % 4].id));
	fields[2] = (struct put_field){"who_for", buf_span(&v[2])};
	v[3] = (struct buf)BUF_INIT;
	value_add_list(&v[3], 2);
	for (int64_t i = 0; i < 2; i++) {
		struct map_maker m = {0};
		snprintf(text, sizeof text, "row%lld", (long long)((version + i) / 2 % 3 + i * 3));
		value_add_text(map_add_text(&m, span_text("note")), span_text(text));
		map_finish(&m, &v[3]);
	}
	fields[3] = (struct put_field){"sessions", buf_span(&v[3])};
}

void act_seed(struct world *w)
{
	enum { KEYS = 3 };
	struct copy *c = writing_copy(w);
	struct put puts[KEYS];
	struct put_field fields[KEYS][4];
	struct buf v[KEYS][4];
	struct diag d = {0};
	int64_t version = w->seed_version && rng_chance(&w->rng, 40)
				  ? 1 + (int64_t)rng_below(&w->rng, (size_t)w->seed_version)
				  : ++w->seed_version;
	for (size_t i = 0; i < KEYS; i++)
		plan_seed(w, version, i, &puts[i], fields[i], v[i]);
	sim_tell(w, "copy %d is seeded with version %lld", c->index, (long long)version);
	enum err e = save(w, c, NULL, puts, KEYS, &d);
	if (e && !w->dying)
		sim_fail(w, "copy %d: a seed is refused: %s", c->index, diag_first(&d));
	for (size_t i = 0; i < KEYS; i++)
		for (size_t k = 0; k < 4; k++)
			buf_fini(&v[i][k]);
	diag_fini(&d);
}

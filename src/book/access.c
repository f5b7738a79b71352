/* SPDX-License-Identifier: MIT
 *
 * The access log: who opened the book and whose file they looked at.  An entry waits in memory
 * and in a draft, rides in the next segment, and names the entry before it, so that one taken
 * away shows.  Who changed what is not noted here: the changes say it themselves.
 */
#include "book_impl.h"

#include <linkbook/mem.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char log_kind[] = "access";

/* --- ids that follow the clock ------------------------------------------------------------ */

/* Six bytes of time, then chance: the newest of them has the highest id. */
static struct id new_id(struct book *b)
{
	struct id id = seam_new_id(b->seam);
	uint64_t now = (uint64_t)b->seam->now_ms(b->seam);
	for (int i = 0; i < 6; i++)
		id.b[i] = (uint8_t)(now >> (8 * (5 - i)));
	return id;
}

static bool note_newest(void *arg, const struct id *record, const struct id *subject,
			const char *type)
{
	struct id *newest = arg;
	(void)subject;
	if (!strcmp(type, log_kind) && id_order(record, newest) > 0)
		*newest = *record;
	return true;
}

/* --- waiting in a draft ------------------------------------------------------------------- */

static struct buf *member(struct map_maker *m, const char *key)
{
	return map_add_text(m, span_text(key));
}

static void encode_entry(const struct access *a, struct buf *out)
{
	struct map_maker m = {0};
	value_add_bytes(member(&m, "id"), a->id.b, sizeof a->id.b);
	value_add_bytes(member(&m, "after"), a->after.b, sizeof a->after.b);
	value_add_bytes(member(&m, "person"), a->person.b, sizeof a->person.b);
	value_add_text(member(&m, "at"), span_text(a->at));
	value_add_text(member(&m, "act"), span_text(a->act));
	value_add_text(member(&m, "who"), span_text(a->who));
	value_add_int(member(&m, "count"), a->count);
	struct buf *records = member(&m, "records");
	value_add_list(records, a->record_count);
	for (size_t i = 0; i < a->record_count; i++)
		value_add_bytes(records, a->records[i].b, sizeof a->records[i].b);
	map_finish(&m, out);
}

static void free_entry(struct access *a)
{
	free(a->records);
	free(a->who);
}

static void add_record(struct access *a, const struct id *record)
{
	for (size_t i = 0; i < a->record_count; i++)
		if (id_equal(&a->records[i], record))
			return;
	a->records = mem_room(a->records, a->record_count, &a->record_cap, sizeof *a->records);
	a->records[a->record_count++] = *record;
}

static bool read_id(struct span map, const char *key, struct id *out)
{
	struct span v;
	return value_in_map(map, key, &v) && value_is_id(v, out);
}

static bool read_short(struct span map, const char *key, char out[32])
{
	struct span v, text;
	if (!value_in_map(map, key, &v) || !value_is_text(v, &text) || text.n >= 32)
		return false;
	memcpy(out, text.p, text.n);
	out[text.n] = 0;
	return true;
}

static bool decode_entry(struct span map, struct access *a)
{
	struct span v, one;
	size_t n;
	struct id record;
	*a = (struct access){.count = 1};
	if (!read_id(map, "id", &a->id) || !read_id(map, "after", &a->after) ||
	    !read_id(map, "person", &a->person) || !read_short(map, "at", a->at) ||
	    !read_short(map, "act", a->act) || !value_in_map(map, "count", &v) ||
	    !value_is_int(v, &a->count) || !value_in_map(map, "who", &v) || !value_is_text(v, &one))
		return false;
	a->who = mem_text_n((const char *)one.p, one.n);
	if (value_in_map(map, "records", &v) && value_take_list(&v, &n))
		while (n-- && value_take_any(&v, &one))
			if (value_is_id(one, &record))
				add_record(a, &record);
	return true;
}

bool log_is_draft(struct span content)
{
	struct span v;
	return value_in_map(content, "log", &v);
}

/* Of every content: entries that two of them have are known by their ids. */
static void adopt(void *arg, const struct id *draft, int64_t stamp, struct span content, bool begun)
{
	struct access_log *l = arg;
	struct span list, map;
	size_t n;
	(void)stamp, (void)begun;
	if (!value_in_map(content, "log", &list) || !value_take_list(&list, &n))
		return;
	l->draft = *draft;
	while (n-- && value_take_any(&list, &map)) {
		struct access a;
		bool known = !decode_entry(map, &a);
		for (size_t i = 0; !known && i < l->count; i++)
			known = id_equal(&l->v[i].id, &a.id);
		if (known) {
			free_entry(&a);
			continue;
		}
		a.draft = *draft;
		l->v = mem_room(l->v, l->count, &l->cap, sizeof *l->v);
		l->v[l->count++] = a;
	}
}

static int by_id(const void *a, const void *b)
{
	return id_order(&((const struct access *)a)->id, &((const struct access *)b)->id);
}

/* What an earlier run, or one on another machine, did not come to write is written by this one. */
void log_begin(struct book *b)
{
	struct access_log *l = &b->log;
	if (l->begun)
		return;
	l->begun = true;
	if (store_scan_drafts(b->stores[0], adopt, l, NULL))
		l->count = 0; /* they are still there for the next run */
	if (l->count) {
		qsort(l->v, l->count, sizeof *l->v, by_id);
		l->last = l->v[l->count - 1].id;
	} else {
		l->draft = seam_new_id(b->seam);
	}
	if (store_scan_file(b->stores[0], store_id(b->stores[0]), note_newest, &l->last))
		return; /* the chain begins anew */
}

enum err book_log_keep(struct book *b, struct diag *d)
{
	struct access_log *l = &b->log;
	struct buf content = BUF_SECRET, *list;
	struct map_maker m = {0};
	size_t n = 0;
	if (!l->dirty)
		return OK;
	list = member(&m, "log");
	for (size_t i = 0; i < l->count; i++)
		n += id_equal(&l->v[i].draft, &l->draft);
	value_add_list(list, n);
	for (size_t i = 0; i < l->count; i++)
		if (id_equal(&l->v[i].draft, &l->draft))
			encode_entry(&l->v[i], list);
	map_finish(&m, &content);
	enum err e = book_keep_draft(b, &l->draft, buf_span(&content), d);
	l->dirty = e != OK;
	buf_fini(&content);
	return e;
}

/* --- noting ------------------------------------------------------------------------------- */

static struct access *find_entry(struct access_log *l, const char *act, const struct id *person)
{
	for (size_t i = 0; i < l->count; i++)
		if (!strcmp(l->v[i].act, act) && id_equal(&l->v[i].person, person))
			return &l->v[i];
	return NULL;
}

static struct access *add_entry(struct book *b, const char *act, const struct id *person)
{
	struct access_log *l = &b->log;
	struct buf at = BUF_INIT;
	l->v = mem_room(l->v, l->count, &l->cap, sizeof *l->v);
	struct access *a = &l->v[l->count++];
	*a = (struct access){
		.id = new_id(b), .after = l->last, .person = *person, .draft = l->draft};
	when_to_iso(when_now(b->seam), true, &at);
	snprintf(a->at, sizeof a->at, "%s", buf_text(&at));
	snprintf(a->act, sizeof a->act, "%s", act);
	a->who = mem_text(b->author);
	l->last = a->id;
	buf_fini(&at);
	return a;
}

void book_log(struct book *b, const char *act, const struct record *what)
{
	struct id person = {{0}};
	if (what && (what->kind ? what->kind->store != STORE_PERSON
				: id_equal(&what->subject, &what->store)))
		return;
	log_begin(b);
	if (what && !id_equal(&what->subject, &what->store))
		person = what->subject;
	struct access *a = what ? find_entry(&b->log, act, &person) : NULL;
	if (!a)
		a = add_entry(b, act, &person);
	if (what && !id_equal(&what->id, &person))
		add_record(a, &what->id);
	a->count++;
	b->log.dirty = true;
}

size_t book_log_waiting(const struct book *b)
{
	return b->log.count;
}

/* --- riding in a segment ------------------------------------------------------------------ */

static void set_text(struct change *c, struct scratch *keep, const char *field, const char *text)
{
	struct buf *v = scratch_new(keep);
	value_add_text(v, span_text(text));
	change_add_op(c, OP_SET, span_text(field), buf_span(v));
}

static void set_count(struct change *c, struct scratch *keep, int64_t n)
{
	struct buf *v = scratch_new(keep);
	value_add_int(v, n);
	change_add_op(c, OP_SET, span_text("count"), buf_span(v));
}

static void put_id(struct change *c, struct scratch *keep, enum op_kind kind, const char *field,
		   const struct id *id)
{
	struct buf *v = scratch_new(keep);
	value_add_bytes(v, id->b, sizeof id->b);
	change_add_op(c, kind, span_text(field), buf_span(v));
}

static void encode_change(struct book *b, const struct id *step, const struct access *a,
			  struct step_change *out)
{
	struct change c = {0};
	struct scratch keep = {0};
	struct store *caseload = b->stores[0];
	step_stamp(b, step, log_kind, &a->id, 0, &c);
	c.has_draft = true;
	c.draft = a->draft;
	set_text(&c, &keep, "at", a->at);
	set_text(&c, &keep, "who", a->who);
	set_text(&c, &keep, "act", a->act);
	set_count(&c, &keep, a->count);
	if (!id_is_zero(&a->person))
		put_id(&c, &keep, OP_ADD, "people", &a->person);
	for (size_t i = 0; i < a->record_count; i++)
		put_id(&c, &keep, OP_ADD, "records", &a->records[i]);
	if (!id_is_zero(&a->after))
		put_id(&c, &keep, OP_SET, "after", &a->after);
	step_encode(caseload, store_id(caseload), kind_find(log_kind), &c, out);
	out->draft = a->draft;
	change_fini(&c);
	scratch_free(&keep);
}

struct step_change *log_changes(struct book *b, size_t *count)
{
	*count = b->log.count;
	if (!*count)
		return NULL;
	struct id step = seam_new_id(b->seam);
	struct step_change *v = mem_alloc_many(*count, sizeof *v);
	for (size_t i = 0; i < *count; i++) {
		v[i] = (struct step_change){.bytes = BUF_SECRET};
		encode_change(b, &step, &b->log.v[i], &v[i]);
	}
	return v;
}

static void forget(struct access_log *l)
{
	for (size_t i = 0; i < l->count; i++)
		free_entry(&l->v[i]);
	l->count = 0;
	l->dirty = false;
}

void log_was_saved(struct book *b)
{
	forget(&b->log);
	b->log.draft = seam_new_id(b->seam);
}

enum err book_log_write(struct book *b, struct diag *d)
{
	return b->log.count ? step_save(b, NULL, 0, d) : OK;
}

void log_fini(struct book *b)
{
	forget(&b->log);
	free(b->log.v);
	b->log = (struct access_log){0};
}

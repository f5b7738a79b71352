/* SPDX-License-Identifier: MIT
 *
 * All that can be asked of a store, as a table, and a stocked store to ask it of; for tests that
 * ask everything under some misfortune.
 */
#ifndef ASKS_STAGE_H
#define ASKS_STAGE_H

#include "slots_stage.h"

/* What is on the stage for each run. */
struct act {
	struct store *s;
	struct buf *told; /* what the asker heard */
	struct diag *d;
};

struct ask {
	const char *name;
	enum err (*run)(struct act *a);
	const char *before; /* done to the files before the store is opened */
	bool shut; /* it is not open yet */
	bool saves; /* OK promises "three" under record 3 */
	bool tells_all; /* OK without a sentence promises the words of a run without a fault */
	bool silent; /* takes no diag */
};

static enum err shut_again(enum err e, struct store *s)
{
	store_close(s);
	return e;
}

/* --- what is asked ------------------------------------------------------------------------- */

static enum err ask_create(struct act *a)
{
	char at[80];
	struct store *s = store_draw(&seam, OF_DIRECTORY);
	snprintf(at, sizeof at, "%s/parent/made", root);
	return shut_again(store_create(s, at, &words, a->d), s);
}

static enum err ask_open(struct act *a)
{
	struct store *s = NULL;
	enum err e = store_open(&seam, path, &words, &folder, &s, a->d);
	if (e)
		ck_assert_ptr_null(s);
	return shut_again(e, s);
}

static enum err ask_try(struct act *a)
{
	enum store_kind kind;
	return store_try(&seam, path, &words, &kind, a->d);
}

static enum err ask_read_id(struct act *a)
{
	struct id got;
	enum err e = store_read_id(&seam, path, &got);
	buf_add(a->told, got.b, e ? 0 : sizeof got.b);
	return e;
}

static enum err ask_copy(struct act *a)
{
	char to[80];
	snprintf(to, sizeof to, "%s/copied/here", root);
	return store_copy(&seam, path, to, a->d);
}

static enum err ask_clear(struct act *a)
{
	char at[80];
	snprintf(at, sizeof at, "%s/begun", root);
	return store_clear_unfinished(&seam, at, a->d);
}

static enum err ask_save(struct act *a)
{
	struct envelope v = {.subject = some_id(8),
			     .record = some_id(3),
			     .own_key = true,
			     .draft = some_id(5),
			     .bytes = span_text("three")};
	v.id = store_hash(a->s, v.bytes);
	return store_save(a->s, &v, 1, a->d);
}

static enum err ask_save_pieces(struct act *a)
{
	enum { MANY = 12 };
	static uint8_t texts[MANY][900];
	struct envelope v[MANY + 1] = {{.subject = some_id(8), .record = some_id(3)}};
	v[MANY].bytes = span_text("three");
	v[MANY].subject = some_id(8);
	v[MANY].record = some_id(3);
	for (size_t i = 0; i < MANY; i++) {
		texts[i][0] = (uint8_t)i;
		v[i] = (struct envelope){.subject = some_id((uint8_t)(20 + i)),
					 .record = some_id((uint8_t)(40 + i)),
					 .bytes = span_of(texts[i], sizeof texts[i])};
	}
	for (size_t i = 0; i <= MANY; i++)
		v[i].id = store_hash(a->s, v[i].bytes);
	seam.piece_most = 4000;
	enum err e = store_save(a->s, v, MANY + 1, a->d);
	seam.piece_most = 0;
	return e;
}

static enum err ask_keep_draft(struct act *a)
{
	struct id draft = some_id(5);
	return store_keep_draft(a->s, &draft, span_text("going on"), a->d);
}

static enum err ask_drop_draft(struct act *a)
{
	struct id draft = some_id(5);
	return store_drop_draft(a->s, &draft, a->d);
}

static void tell_draft(void *arg, const struct id *draft, int64_t stamp, struct span content,
		       bool begun)
{
	(void)stamp, (void)begun;
	buf_add(arg, draft->b, sizeof draft->b);
	buf_add_span(arg, content);
}

static enum err ask_drafts(struct act *a)
{
	return store_scan_drafts(a->s, tell_draft, a->told, a->d);
}

static enum err ask_add_slot(struct act *a)
{
	struct slot_key more = passphrase("more");
	return store_add_slot(a->s, &more, "spare", a->d);
}

static struct hash second_slot;

static enum err ask_retire(struct act *a)
{
	return store_retire_slot(a->s, &second_slot, "Ailsa", a->d);
}

static enum err ask_change(struct act *a)
{
	struct slot_key other = passphrase("others");
	return store_change_passphrase(a->s, &other, "Ailsa", a->d);
}

static void tell_slot(void *arg, const struct store_slot *slot)
{
	buf_add(arg, slot->hash.b, sizeof slot->hash.b);
	buf_add_text(arg, slot->label);
}

static enum err ask_slots(struct act *a)
{
	return store_scan_slots(a->s, tell_slot, a->told);
}

static enum err ask_drill(struct act *a)
{
	store_note_drill(a->s);
	return OK;
}

static bool tell_view(void *arg, const struct id *subject, const struct id *record,
		      struct span view)
{
	buf_add(arg, subject->b, sizeof subject->b);
	buf_add(arg, record->b, sizeof record->b);
	buf_add_span(arg, view);
	return true;
}

static enum err ask_views(struct act *a)
{
	return store_scan_views(a->s, "thing", NULL, tell_view, a->told);
}

static enum err ask_view(struct act *a)
{
	struct id subject = some_id(9), record = some_id(1);
	return store_get_view(a->s, "thing", &subject, &record, a->told);
}

static bool tell_change(void *arg, const struct store_change *c)
{
	buf_add_span(arg, c->bytes);
	return true;
}

static enum err ask_changes(struct act *a)
{
	struct id subject = some_id(9), record = some_id(1);
	return store_scan_changes(a->s, &subject, &record, tell_change, a->told);
}

static bool tell_record(void *arg, const struct id *record, const struct id *subject,
			const char *type)
{
	buf_add(arg, record->b, sizeof record->b);
	buf_add(arg, subject->b, sizeof subject->b);
	buf_add_text(arg, type);
	return true;
}

static enum err ask_records(struct act *a)
{
	return store_scan_records(a->s, "020", tell_record, a->told);
}

static enum err ask_file(struct act *a)
{
	struct id subject = some_id(9);
	return store_scan_file(a->s, &subject, tell_record, a->told);
}

static bool tell_gap(void *arg, const struct id *subject, const struct id *record)
{
	buf_add(arg, subject->b, sizeof subject->b);
	buf_add(arg, record->b, sizeof record->b);
	return true;
}

static enum err ask_gaps(struct act *a)
{
	return store_scan_beside(a->s, tell_gap, a->told);
}

static enum err ask_hash(struct act *a)
{
	struct store_hashes h = {0};
	enum err e = store_view_hash(a->s, &h, a->d);
	buf_add(a->told, h.changes.b, sizeof h.changes.b);
	buf_add(a->told, h.view.b, sizeof h.view.b);
	buf_printf(a->told, "%zu %zu %zu", h.change_count, h.subjects, h.subjects_read);
	return e;
}

static enum err ask_check(struct act *a)
{
	return store_check(a->s, a->d);
}

static enum err ask_rebuild(struct act *a)
{
	return store_rebuild(a->s, a->d);
}

static enum err ask_stats(struct act *a)
{
	struct store_stats st;
	enum err e = store_stats(a->s, &st);
	buf_printf(a->told, "%zu %zu", st.changes, st.files);
	return e;
}

static const char no_lmdb[] = "cd \"$ROOT\" && rm -rf linkbook";
static const char killed[] = "cd \"$ROOT\" && find linkbook -name clean -exec rm {} +";
static const char from_a_copy[] = "cd \"$ROOT\" && cp -rn other/. store/ && mv \"$(find store/log "
				  "-name '*.seg' | head -1)\" 'store/log/x (1).seg'";
static const char begun[] = "cd \"$ROOT\" && mkdir -p begun && cp -r store/slots store/keys begun/ "
			    "&& find begun/keys -name '*.keys' | sed 1d | xargs -r rm && find "
			    "begun/slots -type f | sed 1d | xargs -r rm";

static const struct ask asks[] = {
	{"create", ask_create, .shut = true},
	{"open", ask_open, .shut = true},
	{"open without LMDB", ask_open, no_lmdb, .shut = true},
	{"open after a kill", ask_open, killed, .shut = true},
	{"open with a copy's files", ask_open, from_a_copy, .shut = true},
	{"try", ask_try, .shut = true},
	{"whose it is", ask_read_id, .shut = true, .tells_all = true, .silent = true},
	{"copy", ask_copy, .shut = true},
	{"clear what was begun", ask_clear, begun, .shut = true},
	{"save", ask_save, .saves = true},
	{"save in pieces", ask_save_pieces, .saves = true},
	{"keep a draft", ask_keep_draft},
	{"drop a draft", ask_drop_draft},
	{"drafts", ask_drafts, .tells_all = true},
	{"add a slot", ask_add_slot},
	{"retire a slot", ask_retire},
	{"change the passphrase", ask_change},
	{"slots", ask_slots, .tells_all = true, .silent = true},
	{"note a drill", ask_drill, .silent = true},
	{"views", ask_views, .tells_all = true, .silent = true},
	{"a view", ask_view, .tells_all = true, .silent = true},
	{"changes", ask_changes, .tells_all = true, .silent = true},
	{"records", ask_records, .tells_all = true, .silent = true},
	{"a file", ask_file, .tells_all = true, .silent = true},
	{"gaps", ask_gaps, .tells_all = true, .silent = true},
	{"hash", ask_hash, .tells_all = true},
	{"check", ask_check},
	{"rebuild", ask_rebuild},
	{"figures", ask_stats, .tells_all = true, .silent = true},
};
enum { ASKS = sizeof asks / sizeof *asks };

/* --- the store that is asked --------------------------------------------------------------- */

/* Two records of one subject, one of another, a draft, two passphrases; and a copy that has more. */
UNUSED_OK static void stock(void)
{
	struct store *s = open_store();
	struct slot_key second = passphrase("second");
	struct id draft = some_id(5);
	ck_assert_int_eq(save(s, 1, "one"), OK);
	ck_assert_int_eq(save(s, 2, "two"), OK);
	add(s, second, "second");
	struct listing l = list(s);
	for (size_t i = 0; i < l.count; i++)
		if (!strcmp(l.v[i].label, "second"))
			second_slot = l.v[i].hash;
	ck_assert_int_eq(store_keep_draft(s, &draft, span_text("begun"), NULL), OK);
	store_close(s);
	shell("cd \"$ROOT\" && mkdir kept && cp -r store linkbook kept/");
	s = open_store();
	ck_assert_int_eq(save(s, 4, "four"), OK);
	store_close(s);
	shell("cd \"$ROOT\" && mv store kept/other");
}

UNUSED_OK static void set_out(const struct ask *ask)
{
	shell("cd \"$ROOT\" && rm -rf store linkbook other parent copied begun && cp -r kept/. .");
	if (ask->before)
		shell(ask->before);
}

UNUSED_OK static struct store *open_with(const char *text)
{
	struct store *s = NULL;
	struct slot_key with = passphrase(text);
	return store_open(&seam, path, &with, &folder, &s, NULL) ? NULL : s;
}

#endif

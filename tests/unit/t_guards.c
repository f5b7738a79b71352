/* SPDX-License-Identifier: MIT
 *
 * The last guards of the store: what is well sealed and ill formed is refused, what lies in LMDB
 * under a key of another length is passed over, and a key is not tried where it cannot fit.
 */
#include "hear_stage.h"
#include "store_impl.h"

#include <string.h>

/* --- well sealed, and ill formed ---------------------------------------------------------- */

static const struct id of_store = {{1, 2, 3}}, of_key = {{4, 5, 6}};
static const uint8_t key[KEY_BYTES] = {7, 8, 9};

static enum err unpack_with(struct seg_entry e)
{
	struct buf content = BUF_INIT, file = BUF_INIT, plain = BUF_SECRET;
	struct seg_head head = {.count = 1};
	if (id_is_zero(&e.key))
		pack_order(&of_store, &e.id, e.sealed, &content);
	else
		pack_entry(&seam, &of_store, &e, key, span_text("a change"), &content);
	pack_segment(&seam, &of_store, &of_key, key, &head, 1, buf_span(&content), &file);
	enum err got = unpack_segment(buf_span(&file), &of_store, &of_key, key, &head, &plain);
	buf_fini(&content);
	buf_fini(&file);
	buf_fini(&plain);
	return got;
}

START_TEST(an_entry_that_is_ill_formed_is_refused)
{
	struct seg_entry e = {.subject = {{1}}, .record = {{2}}, .key = {{3}}};
	struct cover c = {{{9}}, 7};
	struct buf covers = BUF_INIT;
	pack_covers(&(struct id){{8}}, &c, 1, &covers);
	e.drafts = buf_span(&covers);
	ck_assert_int_eq(unpack_with(e), OK);
	e.drafts.n--; /* one byte short of a cover */
	ck_assert_int_eq(unpack_with(e), ERR_DAMAGED);
	struct seg_entry order = {.sealed = {(const uint8_t *)"\1\0", 2}}; /* half a retirement */
	ck_assert_int_eq(unpack_with(order), ERR_DAMAGED);
	order.sealed = span_text("\x7fsomething newer");
	ck_assert_int_eq(unpack_with(order), OK);
	buf_fini(&covers);
}
END_TEST

static void sealed_draft(struct span content, struct buf *out)
{
	struct buf head = BUF_INIT, plain = BUF_SECRET;
	buf_add(&head, "LBKDRFT1", PACK_MAGIC);
	buf_add(&head, of_store.b, sizeof of_store.b);
	buf_add(&head, of_key.b, sizeof of_key.b);
	buf_add_u32(&plain, (uint32_t)content.n);
	buf_add_span(&plain, content);
	buf_add_span(out, buf_span(&head));
	seal_bytes(&seam, key, buf_span(&head), buf_span(&plain), out);
	buf_fini(&head);
	buf_fini(&plain);
}

/* 16 of the draft, 16 of the writer, 8, 8, and two bytes that count covers. */
START_TEST(a_draft_that_is_ill_formed_is_refused)
{
	static const uint8_t zeros[50];
	uint8_t content[50] = {0};
	for (size_t n = 0; n <= sizeof zeros; n++) {
		for (uint8_t covers = 0; covers < 2; covers++) {
			struct buf file = BUF_INIT, plain = BUF_SECRET;
			struct draft_file d;
			content[49] = covers;
			sealed_draft(span_of(content, n), &file);
			enum err e =
				unpack_draft(buf_span(&file), &of_store, &of_key, key, &plain, &d);
			ck_assert_int_eq(e, n == sizeof zeros && !covers ? OK : ERR_DAMAGED);
			free(d.covers);
			buf_fini(&file);
			buf_fini(&plain);
		}
	}
}
END_TEST

/* --- keys that do not fit ------------------------------------------------------------------ */

START_TEST(a_key_of_another_kind_opens_no_slot)
{
	uint8_t got[KEY_BYTES];
	struct slot derived = {.source = SLOT_STORE}, paper = {.source = SLOT_RECOVERY};
	struct slot_key with = {.source = SLOT_PASSPHRASE, .secret = span_text("words")};
	ck_assert_int_eq(slots_key(&derived, &with, got), ERR_UNLOCK);
	with.source = SLOT_STORE;
	ck_assert_int_eq(slots_key(&derived, &with, got), ERR_UNLOCK); /* five bytes are no key */
	with.source = SLOT_RECOVERY;
	ck_assert_int_eq(slots_key(&paper, &with, got), ERR_UNLOCK);
	with = (struct slot_key){.source = SLOT_STORE, .secret = span_of(key, KEY_BYTES)};
	ck_assert_int_eq(slots_key(&derived, &with, got), OK);
	ck_assert(!memcmp(got, key, KEY_BYTES));
}
END_TEST

/* --- what lies in LMDB under keys of no known length --------------------------------------- */

static enum err plant_all(void *arg, struct txn *t, struct diag *d)
{
	struct store *s = arg;
	struct id subject = some_id(9);
	uint8_t of_nobody[33] = {0};
	(void)d;
	memcpy(of_nobody, subject.b, sizeof subject.b);
	txn_put(t, s->shelf.db[DB_KEYOF], span_of(of_nobody, 33), span_text("x"));
	txn_put(t, s->shelf.db[DB_WAIT], span_text("short"), span_text("x"));
	txn_put(t, s->shelf.db[DB_BESIDE], span_text("short"), span_text("x"));
	txn_put(t, s->shelf.db[DB_RETIRE], span_text("short"), span_text("x"));
	txn_put(t, s->shelf.db[DB_LOAD], span_text("short"), span_text("x"));
	return OK;
}

static bool count_gap(void *arg, const struct id *subject, const struct id *record)
{
	(void)subject, (void)record;
	++*(size_t *)arg;
	return true;
}

static void count_slot(void *arg, const struct store_slot *slot)
{
	(void)slot;
	++*(size_t *)arg;
}

START_TEST(keys_of_another_length_are_passed_over)
{
	struct store *s = open_store();
	size_t gaps = 0, slots = 0;
	ck_assert_int_eq(save(s, 1, "one"), OK);
	ck_assert_int_eq(shelf_write(&s->shelf, plant_all, s, NULL), OK);
	ck_assert_int_eq(save(s, 2, "two"), OK);
	ck_assert(has(s, 1, "one") && has(s, 2, "two"));
	ck_assert_int_eq(store_scan_beside(s, count_gap, &gaps), OK);
	ck_assert_uint_eq(gaps, 0);
	ck_assert_int_eq(store_scan_slots(s, count_slot, &slots), OK);
	ck_assert_uint_eq(slots, 1);
	(void)!store_check(s, NULL); /* it finds them, and makes LMDB anew */
	ck_assert_int_eq(store_rebuild(s, NULL), OK);
	ck_assert(has(s, 1, "one") && has(s, 2, "two"));
	store_close(s);
}
END_TEST

/* --- much that is missing ------------------------------------------------------------------ */

enum { MANY = 12 };

/* Each has a segment of its own, and a key; without the key files all wait. */
START_TEST(of_much_that_is_missing_the_first_are_named)
{
	struct store *s = open_store();
	for (uint8_t i = 0; i < MANY; i++) {
		struct envelope v = {.subject = {{100, i}},
				     .record = {{1, i}},
				     .bytes = span_text("words of somebody")};
		v.id = store_hash(s, v.bytes);
		ck_assert_int_eq(store_save(s, &v, 1, NULL), OK);
	}
	store_close(s);
	shell("cd \"$ROOT\" && rm -rf linkbook && find store -name '*.keys' -delete");
	ck_assert_int_eq(open_and_hear(&s), OK);
	HEARD("12 changes are for a person whose key is not here");
	ck_assert_int_eq(check_and_hear(s), ERR_DAMAGED);
	HEARD("And 7 more keys.");
	store_close(s);
}
END_TEST

/* --- whose store a folder is, where two lie in it ------------------------------------------- */

static struct id likeliest(const char *where)
{
	struct id ids[UNLOCK_STORES];
	size_t count;
	ck_assert_int_eq(unlock_find(&seam, where, ids, &count), OK);
	ck_assert_uint_eq(count, 2);
	return ids[0];
}

/* As many files of both, and this machine has had neither open here: the one with more ways in is
 * meant, unless the folder has the name of the other. */
START_TEST(of_two_stores_in_a_folder_the_likelier_is_meant)
{
	char other[80], named[120], hex[ID_HEX], command[400];
	struct slot_key more = {.source = SLOT_PASSPHRASE, .secret = span_text("more words")};
	snprintf(other, sizeof other, "%s/other", root);
	struct id b = make_store(other, OF_CASELOAD, &words);
	struct store *s;
	ck_assert_int_eq(store_open(&seam, other, &words, &folder, &s, NULL), OK);
	ck_assert_int_eq(save(s, 1, "one"), OK);
	ck_assert_int_eq(store_add_slot(s, &more, "more", NULL), OK);
	store_close(s);
	s = open_store();
	ck_assert_int_eq(save(s, 1, "one"), OK);
	store_close(s);
	shell("cd \"$ROOT\" && rm -rf linkbook && cp -r other/. store/");
	struct id found = likeliest(path);
	ck_assert(id_equal(&found, &b));
	snprintf(named, sizeof named, "%s/%s", root, id_to_hex(&id, hex));
	snprintf(command, sizeof command, "mv '%s' '%s'", path, named);
	shell(command);
	found = likeliest(named);
	ck_assert(id_equal(&found, &id));
}
END_TEST

/* --- numbers asked of a store that cannot be read ------------------------------------------ */

START_TEST(sizes_are_not_made_up)
{
	struct store *s = open_store();
	struct store_stats stats;
	ck_assert_int_eq(save(s, 1, "one"), OK);
	s->behind = true;
	shell("cd \"$ROOT\" && mv linkbook away && echo no folder >linkbook");
	ck_assert_int_ne(store_stats(s, &stats), OK);
	shell("cd \"$ROOT\" && rm linkbook && mv away linkbook");
	ck_assert_int_eq(store_stats(s, &stats), OK);
	ck_assert_uint_eq(stats.changes, 1);
	store_close(s);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, stage, unstage);
	tcase_add_test(t, an_entry_that_is_ill_formed_is_refused);
	tcase_add_test(t, a_draft_that_is_ill_formed_is_refused);
	tcase_add_test(t, a_key_of_another_kind_opens_no_slot);
	tcase_add_test(t, keys_of_another_length_are_passed_over);
	tcase_add_test(t, of_much_that_is_missing_the_first_are_named);
	tcase_add_test(t, of_two_stores_in_a_folder_the_likelier_is_meant);
	tcase_add_test(t, sizes_are_not_made_up);
}

UNIT_MAIN("guards")

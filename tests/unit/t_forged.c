/* SPDX-License-Identifier: MIT
 *
 * What somebody puts into a store's folder who has no key of it: slots that open, keys and
 * changes under the ids of those that are here, links to other places, another book's files.
 * Nothing of it is taken for ours, nothing of ours is hidden by it, and it is said.
 */
#include "slots_stage.h"

#include "store_impl.h"

#include <fcntl.h>
#include <sys/stat.h>

static void fresh_machine(void)
{
	shell("rm -rf \"$ROOT/linkbook\"");
}

static void read_bytes(const char *file, struct buf *out)
{
	ck_assert_int_eq(file_read(&seam, file, PACK_FILE_MOST, out, NULL), OK);
}

static char *first_file(const char *pattern)
{
	static char line[200];
	char command[200];
	snprintf(command, sizeof command, "ls %s/%s | head -1", root, pattern);
	FILE *f = popen(command, "r");
	ck_assert_ptr_nonnull(fgets(line, sizeof line, f));
	pclose(f);
	line[strcspn(line, "\n")] = 0;
	return line;
}

/* Under a name of its own hash, as one of ours would be. */
static void plant(const char *folder_of, enum file_kind kind, struct span bytes)
{
	struct store at = {.seam = &seam, .path = (char *)(uintptr_t)copy_path(folder_of)};
	struct hash h;
	ck_assert_int_eq(folder_write(&at, kind, bytes, &h, NULL), OK);
}

/* --- slots ------------------------------------------------------------------------------- */

/* A slot with this store's ids and constant, which stand in clear, and the forger's store key. */
static void forge_slot(const char *where, enum slot_source source, const uint8_t *public_key)
{
	struct buf real_one = BUF_INIT, forged = BUF_INIT;
	struct slot slot;
	struct slot_mark mark = {.open_access = source == SLOT_OPEN};
	struct seal *seal = seal_new();
	uint8_t key[KEY_BYTES];
	read_bytes(first_file("a/slots/*"), &real_one);
	ck_assert_int_eq(unpack_slot(buf_span(&real_one), &slot), OK);
	slot.source = source;
	slot.ops = slot.mem_kib = 0;
	seam.random(&seam, slot.salt, sizeof slot.salt);
	seam.random(&seam, seal->store_key, KEY_BYTES);
	seal_derive(seal);
	if (source == SLOT_OPEN) {
		struct hash h = seal_keyed_hash(slot.constant, span_of(slot.salt, 16));
		memcpy(key, h.b, KEY_BYTES);
	} else {
		seam.random(&seam, key, KEY_BYTES);
		memcpy(slot.public_key, public_key, KEY_BYTES);
		ck_assert(seal_box(&seam, public_key, key, slot.box));
	}
	pack_slot(&seam, &slot, &mark, key, seal, &forged);
	plant(where, FILE_SLOT, buf_span(&forged));
	seal_free(seal);
	buf_fini(&forged);
	buf_fini(&real_one);
}

static void check_forged(struct slot_key with)
{
	for (int machine = 0; machine < 2; machine++) {
		struct store *s;
		struct diag d = {0};
		if (!machine)
			fresh_machine();
		ck_assert_int_eq(open_by("a", with, &s, &d), OK);
		ck_assert(has(s, 1, "one"));
		ck_assert_uint_eq(list(s).count, 2);
		ck_assert_int_eq(save(s, 2, "two"), OK);
		bool said = false;
		for (size_t i = 0; i < d.count; i++)
			said |= strstr(d.lines[i].text, "without a key of this store") != NULL;
		ck_assert(machine || said);
		store_close(s);
		diag_fini(&d);
		s = open_copy("a", "words"); /* what was saved then is ours */
		ck_assert(has(s, 2, "two"));
		store_close(s);
	}
}

START_TEST(a_forged_open_slot_opens_nothing)
{
	struct store *s = open_copy("a", "words");
	ck_assert_int_eq(save(s, 1, "one"), OK);
	struct slot_key with = {.source = SLOT_OPEN};
	add(s, with, "");
	store_close(s);
	for (int i = 0; i < 20; i++) /* some of them lie first */
		forge_slot("a", SLOT_OPEN, NULL);
	check_forged(with);
}
END_TEST

START_TEST(a_forged_recovery_slot_opens_nothing)
{
	uint8_t public_key[32], private_key[32];
	struct store *s = open_copy("a", "words");
	ck_assert_int_eq(save(s, 1, "one"), OK);
	store_make_pair(&seam, public_key, private_key);
	add(s, (struct slot_key){.source = SLOT_RECOVERY, .secret = {public_key, 32}}, "");
	store_close(s);
	for (int i = 0; i < 20; i++)
		forge_slot("a", SLOT_RECOVERY, public_key);
	check_forged((struct slot_key){.source = SLOT_RECOVERY, .secret = {private_key, 32}});
}
END_TEST

START_TEST(where_only_forged_slots_would_open_nothing_does)
{
	struct store *s;
	struct diag d = {0};
	enum store_kind kind;
	struct slot_key with = {.source = SLOT_OPEN};
	forge_slot("a", SLOT_OPEN, NULL);
	ck_assert_int_eq(store_try(&seam, path, &with, &kind, NULL), ERR_UNLOCK);
	ck_assert_int_eq(open_by("a", with, &s, &d), ERR_UNLOCK);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "1 slot here was made by somebody"));
	diag_fini(&d);
}
END_TEST

/* The clear byte that says what the store is, altered in a slot whose secret is known. */
START_TEST(a_caseload_does_not_become_a_directory_by_saying_so)
{
	struct buf bytes = BUF_INIT;
	struct slot slot;
	struct slot_mark mark;
	struct store *s = open_copy("a", "words");
	struct slot_key with = passphrase("words");
	uint8_t key[KEY_BYTES];
	enum store_kind kind;
	read_bytes(first_file("a/slots/*"), &bytes);
	ck_assert_int_eq(store_try(&seam, path, &with, &kind, NULL), OK);
	ck_assert_int_eq(kind, OF_CASELOAD);
	ck_assert_int_eq(unpack_slot(buf_span(&bytes), &slot), OK);
	ck_assert(unpack_slot_mark(buf_span(&bytes), s->seal->marks, &mark));
	slot.kind = OF_DIRECTORY; /* by somebody who has every key there is */
	ck_assert_int_eq(slots_key(&slot, &with, key), OK);
	buf_clear(&bytes);
	pack_slot(&seam, &slot, &mark, key, s->seal, &bytes);
	store_close(s);
	shell("rm \"$ROOT\"/a/slots/*");
	fresh_machine();
	plant("a", FILE_SLOT, buf_span(&bytes));
	ck_assert_int_eq(store_try(&seam, path, &with, &kind, NULL), ERR_UNLOCK);
	ck_assert_int_eq(open_by("a", with, &s, NULL), ERR_UNLOCK);
	buf_fini(&bytes);
}
END_TEST

/* --- keys ---------------------------------------------------------------------------------- */

/* Every entry of a key file again under its own id, and sealed with rubbish; under_known: under
 * the key that it is said to be under, else under one that nobody has. */
static void forge_keys(bool under_known)
{
	struct buf good = BUF_INIT, forged = BUF_INIT;
	read_bytes(first_file("a/keys/*/*"), &good);
	pack_keys_start(&id, &forged);
	for (size_t at = PACK_MAGIC + 16; at + KEY_ENTRY <= good.n; at += KEY_ENTRY) {
		struct key_entry e;
		uint8_t rubbish[KEY_BYTES] = {1};
		unpack_key_entry(span_of(good.p + at, KEY_ENTRY), &e);
		if (!under_known)
			e.under = seam_new_id(&seam);
		pack_key(&seam, &id, &e, rubbish, rubbish, &forged);
	}
	pack_keys_end(&forged);
	plant("a", FILE_KEYS, buf_span(&forged));
	buf_fini(&forged);
	buf_fini(&good);
}

START_TEST(a_forged_key_hides_no_key)
{
	struct store *s = open_copy("a", "words");
	ck_assert_int_eq(save(s, 1, "one"), OK);
	store_close(s);
	for (int i = 0; i < 24; i++) {
		if (i < 12) /* before and after the good one, as the folder has them */
			forge_keys(i % 2);
		if (i % 3)
			fresh_machine();
		s = open_copy("a", "words");
		ck_assert_msg(has(s, 1, "one"), "round %d", i);
		ck_assert_int_eq(store_rebuild(s, NULL), OK);
		ck_assert_msg(has(s, 1, "one"), "round %d", i);
		store_close(s);
	}
	/* One that says whose key it is under, and is not, is no file of ours. */
	ck_assert(says("a", "words", "incomplete"));
}
END_TEST

/* --- changes, by somebody who has the key ---------------------------------------------------- */

static void forge_change(struct store *s, uint8_t record, const char *text, bool rubbish)
{
	struct seg_entry e = {.subject = some_id(9), .record = some_id(record)};
	struct seg_head head = {.count = 1};
	struct buf content = BUF_INIT, bytes = BUF_INIT;
	uint8_t key[KEY_BYTES] = {0};
	const uint8_t *found;
	struct txn *reader = s->shelf.reader;
	e.id = store_hash(s, span_text(text));
	ck_assert(keys_of(s, reader, &e.subject, &e.record, &e.key));
	found = keys_find(s, reader, &e.key);
	memcpy(key, found, KEY_BYTES);
	key[0] ^= rubbish;
	pack_entry(&seam, &s->id, &e, key, span_text(rubbish ? "rubbish" : "other"), &content);
	pack_segment(&seam, &s->id, &s->key_id, s->seal->segment, &head, 1, buf_span(&content),
		     &bytes);
	plant("a", FILE_SEGMENT, buf_span(&bytes));
	buf_fini(&bytes);
	buf_fini(&content);
}

static enum err forge_some(void *arg, struct txn *t, struct diag *d)
{
	(void)t, (void)d;
	forge_change(arg, 1, "one", true);
	forge_change(arg, 1, "one", false); /* another text under its id */
	return OK;
}

START_TEST(rubbish_under_the_id_of_a_change_hides_none)
{
	struct store *s = open_copy("a", "words");
	ck_assert_int_eq(save(s, 1, "one"), OK);
	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(shelf_read(&s->shelf, forge_some, s, NULL), OK);
	store_close(s);
	for (int i = 0; i < 2; i++) {
		s = open_copy("a", "words");
		ck_assert(has(s, 1, "one"));
		store_close(s);
		fresh_machine();
	}
}
END_TEST

/* --- links ------------------------------------------------------------------------------------ */

START_TEST(no_link_is_followed)
{
	struct store *s = open_copy("a", "words");
	ck_assert_int_eq(save(s, 1, "one"), OK);
	store_close(s);
	/* A good file is moved away and a link put in its place; another says it is a draft. */
	shell("cd \"$ROOT\" && f=$(ls a/log/*/*) && mv $f out && ln -s \"$ROOT/out\" $f &&"
	      "echo private >mine && ln -s \"$ROOT/mine\" a/drafts/x.draft &&"
	      "ln -s \"$ROOT/mine\" a/slots/y.slot");
	s = open_copy("a", "words");
	ck_assert(has(s, 1, "one"));
	store_close(s);
	shell("cd \"$ROOT\" && ! find a/log -type l | grep . && cmp out a/log/*/*");
	fresh_machine();
	s = open_copy("a", "words");
	ck_assert(has(s, 1, "one"));
	store_close(s);
	shell("cd \"$ROOT\" && grep -q private mine");
}
END_TEST

/* Where the next file is to be written, its part file is a link to something of the user's. */
static int planting_open(const char *name, int flags, mode_t mode)
{
	char mine[80];
	if (flags & O_CREAT) {
		snprintf(mine, sizeof mine, "%s/mine", root);
		ck_assert_int_eq(symlink(mine, name), 0);
	}
	return real.files.open(name, flags, mode);
}

START_TEST(nothing_is_written_through_a_link)
{
	struct store *s = open_copy("a", "words");
	shell("echo private >\"$ROOT/mine\"");
	seam.files.open = planting_open;
	ck_assert_int_eq(save(s, 1, "one"), ERR_IO);
	heal();
	shell("grep -q private \"$ROOT/mine\"");
	ck_assert_int_eq(save(s, 1, "one"), OK);
	ck_assert(has(s, 1, "one"));
	store_close(s);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup_slots, teardown);
	tcase_add_test(t, a_forged_open_slot_opens_nothing);
	tcase_add_test(t, a_forged_recovery_slot_opens_nothing);
	tcase_add_test(t, where_only_forged_slots_would_open_nothing_does);
	tcase_add_test(t, a_caseload_does_not_become_a_directory_by_saying_so);
	tcase_add_test(t, a_forged_key_hides_no_key);
	tcase_add_test(t, rubbish_under_the_id_of_a_change_hides_none);
	tcase_add_test(t, no_link_is_followed);
	tcase_add_test(t, nothing_is_written_through_a_link);
}

UNIT_MAIN("forged")

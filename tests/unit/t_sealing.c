/* SPDX-License-Identifier: MIT
 *
 * A hundred slots, key files and segments, and what becomes of them when a bit flips, an end is
 * missing, something is added, or one lies in the place of another.  Each is refused with a
 * sentence, shows nothing else than what was written, and hides no other file.
 *
 * What each reader says is asked for every bit; what opening the store says is asked for some,
 * and with SEALING_PROOFS in the environment (make proof-sealing) for all of them.
 */
#include "sealing_stage.h"

#include "draw.h"

#include <dirent.h>
#include <sys/stat.h>

/* --- what the readers say -------------------------------------------------------------------- */

struct asking {
	struct store *s;
	struct txn *t;
	size_t asked;
};

/* Under the name it had, or under that of its new hash, as somebody would who means it. */
static enum err ask(struct asking *a, const struct kept *k, struct span bytes, bool renamed)
{
	static const char *const endings[] = {"", "slot", "keys", "seg"};
	struct hash h = seal_hash(bytes);
	char name[HASH_HEX], new_path[200];
	struct seg_head head;
	struct buf plain = BUF_SECRET;
	struct found_file f = {.path = (char *)(uintptr_t)k->path};
	if (renamed) {
		snprintf(new_path, sizeof new_path, "a/x/%s.%s", hash_to_hex(&h, name),
			 endings[k->kind]);
		f.path = new_path;
	}
	enum err e = recognise_file(a->s, a->t, &f, bytes, &h, &head, &plain);
	buf_fini(&plain);
	a->asked++;
	return e;
}

/* Somebody who repairs the hash at the end of a key file, which has no key: an entry that says
 * another key above it may be waiting for that.  It opens with none. */
static bool waits_for_no_key(const struct kept *k, size_t byte)
{
	enum { UNDER = 1 + 16 + 16 + 16 };
	size_t in_entry = (byte - PACK_MAGIC - 16) % KEY_ENTRY;
	return k->kind == FILE_KEYS && byte >= PACK_MAGIC + 16 && in_entry >= UNDER &&
	       in_entry < UNDER + 16;
}

static void flip_repaired(struct asking *a, const struct kept *k, struct buf *b, size_t bit)
{
	struct hash was;
	if (k->kind != FILE_KEYS || bit / 8 >= b->n - 32)
		return;
	memcpy(was.b, b->p + b->n - 32, 32);
	struct hash h = seal_hash(span_of(b->p, b->n - 32));
	memcpy(b->p + b->n - 32, h.b, 32);
	ck_assert_msg(ask(a, k, buf_span(b), true) || waits_for_no_key(k, bit / 8),
		      "%s, bit %zu, repaired", k->path, bit);
	memcpy(b->p + b->n - 32, was.b, 32);
}

static void flip_each(struct asking *a, const struct kept *k)
{
	struct buf b = BUF_INIT;
	buf_add_span(&b, buf_span(&k->bytes));
	ck_assert_int_eq(ask(a, k, buf_span(&b), false), OK);
	for (size_t bit = 0; bit < 8 * b.n; bit++) {
		b.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		ck_assert_msg(ask(a, k, buf_span(&b), bit % 2) != OK, "%s, bit %zu", k->path, bit);
		flip_repaired(a, k, &b, bit);
		b.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	buf_fini(&b);
}

static enum err flip_all(void *arg, struct txn *t, struct diag *d)
{
	struct asking *a = arg;
	(void)d;
	a->t = t;
	for (size_t i = 0; i < file_count; i++)
		if (files[i].kind)
			flip_each(a, &files[i]);
	return OK;
}

START_TEST(every_bit_of_a_hundred_files_counts)
{
	struct asking a = {.s = open_copy("a", "words")};
	size_t flipped = 0;
	for (size_t i = 0; i < file_count; i++)
		flipped += files[i].kind != 0;
	ck_assert_uint_eq(flipped, FILES);
	ck_assert_int_eq(shelf_read(&a.s->shelf, flip_all, &a, NULL), OK);
	ck_assert_uint_gt(a.asked, 300000);
	store_close(a.s);
}
END_TEST

/* Bytes of their own block, so that a sanitizer sees a reader that goes beyond them. */
static enum err ask_exactly(struct asking *a, const struct kept *k, size_t n)
{
	uint8_t *exact = mem_dup(k->bytes.p, n);
	enum err e = ask(a, k, span_of(exact, n), true);
	free(exact);
	return e;
}

static enum err cut_all(void *arg, struct txn *t, struct diag *d)
{
	struct asking *a = arg;
	(void)d;
	a->t = t;
	for (size_t i = 0; i < file_count; i++) {
		const struct kept *k = &files[i];
		for (size_t n = 0; k->kind && n < k->bytes.n; n++)
			ck_assert_msg(ask_exactly(a, k, n) != OK, "%s, %zu", k->path, n);
	}
	return OK;
}

START_TEST(no_part_of_a_file_is_one)
{
	struct asking a = {.s = open_copy("a", "words")};
	ck_assert_int_eq(shelf_read(&a.s->shelf, cut_all, &a, NULL), OK);
	store_close(a.s);
}
END_TEST

static enum err extend_all(void *arg, struct txn *t, struct diag *d)
{
	struct asking *a = arg;
	(void)d;
	a->t = t;
	for (size_t i = 0; i < file_count; i++) {
		const struct kept *k = &files[i];
		struct buf b = BUF_INIT;
		buf_add_span(&b, buf_span(&k->bytes));
		for (size_t n = 0; k->kind && n < 300; n++) {
			buf_add_byte(&b, i % 3 ? (uint8_t)draw(256) : 0);
			ck_assert_msg(ask(a, k, buf_span(&b), n % 2) != OK, "%s, %zu more", k->path,
				      n + 1);
		}
		if (k->kind) { /* itself once more */
			buf_clear(&b);
			buf_add_span(&b, buf_span(&k->bytes));
			buf_add_span(&b, buf_span(&k->bytes));
			ck_assert_int_ne(ask(a, k, buf_span(&b), true), OK);
		}
		buf_fini(&b);
	}
	return OK;
}

START_TEST(nothing_is_added_to_a_file)
{
	struct asking a = {.s = open_copy("a", "words")};
	chance = 1;
	ck_assert_int_eq(shelf_read(&a.s->shelf, extend_all, &a, NULL), OK);
	store_close(a.s);
}
END_TEST

/* --- what opening says ------------------------------------------------------------------------ */

static void write_kept(const struct kept *k, struct span bytes)
{
	char *whole = file_join(root, k->path);
	FILE *f = fopen(whole, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
	fclose(f);
	free(whole);
}

/* Flips one bit of every file that is as long as that; how many. */
static size_t flip_on_disk(size_t bit)
{
	size_t n = 0;
	for (size_t i = 0; i < file_count; i++) {
		struct kept *k = &files[i];
		if (!k->kind || bit / 8 >= k->bytes.n)
			continue;
		k->bytes.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		write_kept(k, buf_span(&k->bytes));
		k->bytes.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		n++;
	}
	return n;
}

static size_t records_here(struct store *s)
{
	size_t n = 0;
	for (size_t i = 0; i < RECORDS; i++)
		n += is_as_written(s, i);
	ck_assert(is_as_written(s, CONTROL));
	return n;
}

static void restore_good(bool with_state)
{
	for (size_t i = 0; i < file_count; i++)
		write_kept(&files[i], buf_span(&files[i].bytes));
	shell(with_state ? "cd \"$ROOT\" && rm -rf linkbook && cp -r state linkbook"
			 : "rm -rf \"$ROOT/linkbook\"");
}

/* Where nothing is known of the files they are refused; where they are known they are made
 * whole again. */
static void flip_round(size_t bit, bool known)
{
	struct store *s;
	struct diag d = {0};
	restore_good(known);
	size_t flipped = flip_on_disk(bit);
	ck_assert_msg(open_by("a", passphrase("words"), &s, &d) == OK, "bit %zu: %s", bit,
		      diag_first(&d));
	if (known) {
		ck_assert_uint_eq(records_here(s), RECORDS);
		ck_assert_int_eq(store_check(s, &d), OK);
		ck_assert_ptr_nonnull(strstr(diag_first(&d), "whole again"));
		shell("diff -r \"$ROOT/a\" \"$ROOT/good\"");
	} else {
		ck_assert_uint_eq(records_here(s), 0);
		ck_assert_msg(store_trouble(s) == flipped, "bit %zu: %zu of %zu", bit,
			      store_trouble(s), flipped);
		ck_assert_uint_ge(d.count, 1);
	}
	store_close(s);
	diag_fini(&d);
}

static size_t longest(void)
{
	size_t n = 0;
	for (size_t i = 0; i < file_count; i++)
		if (files[i].kind && files[i].bytes.n > n)
			n = files[i].bytes.n;
	return 8 * n;
}

START_TEST(a_flipped_bit_is_said_and_hides_nothing)
{
	size_t bits = longest(), rounds = is_proofs() ? bits : 60;
	chance = 2;
	for (size_t i = 0; i < rounds; i++) {
		/* Half of them where all hundred files have one. */
		size_t bit = is_proofs() ? i : draw(i % 2 ? bits : 8 * 200);
		flip_round(bit, false);
		if (i % 8 == 0)
			flip_round(bit, true);
	}
}
END_TEST

/* --- one in the place of another ---------------------------------------------------------------- */

enum { FEW = 16 };
static struct kept *few[FEW];
static size_t few_count;

static void choose_few(enum file_kind kind, size_t n)
{
	size_t seen = 0;
	for (size_t i = 0; i < file_count && n; i++)
		if (files[i].kind == kind && seen++ % 9 == 0 && few_count < FEW) {
			few[few_count++] = &files[i];
			n--;
		}
}

/* Another book, a directory with the same words; its files lie beside. */
static void add_strangers(void)
{
	struct slot_key with = passphrase("words");
	make_store(copy_path("other"), OF_DIRECTORY, &with);
	struct store *s = open_copy("other", "words");
	save_one(s, 3, "another book's");
	store_close(s);
	size_t before = file_count;
	keep_files("other", false);
	for (size_t i = before; i < file_count; i++)
		few[few_count++] = &files[i];
	file_count = before; /* theirs are only copied from */
}

static bool is_theirs(const struct kept *k)
{
	return !strncmp(k->path, "other/", 6);
}

/* x lies in the place of y: y's own is missing where nothing else has it, and no more than that. */
static void swap_round(const struct kept *x, const struct kept *y, bool known)
{
	struct diag d = {0};
	struct store *s;
	restore_good(known);
	write_kept(y, buf_span(&x->bytes));
	ck_assert_int_eq(open_by("a", passphrase("words"), &s, &d), OK);
	size_t want = RECORDS - (y->kind != FILE_SLOT && !known);
	if (known && x->bytes.n == y->bytes.n)
		ck_assert_int_eq(store_check(s, &d), OK);
	ck_assert_msg(records_here(s) == want, "%s in the place of %s", x->path, y->path);
	ck_assert_uint_ge(d.count, 1);
	if (known)
		shell("diff -r \"$ROOT/a\" \"$ROOT/good\"");
	store_close(s);
	diag_fini(&d);
}

START_TEST(nothing_is_taken_for_what_lies_in_its_place)
{
	few_count = 0;
	choose_few(FILE_SLOT, 3);
	choose_few(FILE_KEYS, 4);
	choose_few(FILE_SEGMENT, 4);
	add_strangers();
	ck_assert_uint_ge(few_count, 14);
	for (size_t i = 0; i < few_count; i++)
		for (size_t j = 0; j < few_count; j++) {
			if (i == j || is_theirs(few[j]))
				continue;
			swap_round(few[i], few[j], false);
			if (is_proofs() || (i + j) % 4 == 0)
				swap_round(few[i], few[j], true);
		}
}
END_TEST

/* And beside all the others, under every name but its own. */
START_TEST(a_copy_under_another_name_changes_nothing)
{
	static const char *const places[] = {"a/slots/x.slot", "a/keys/0/y (1).keys",
					     "a/log/f/z.seg"};
	few_count = 0;
	choose_few(FILE_SLOT, 2);
	choose_few(FILE_KEYS, 2);
	choose_few(FILE_SEGMENT, 2);
	add_strangers();
	for (size_t i = 0; i < few_count; i++)
		for (size_t p = 0; p < 3; p++) {
			struct kept at = {.bytes = BUF_INIT};
			restore_good(false);
			strcpy(at.path, places[p]);
			write_kept(&at, buf_span(&few[i]->bytes));
			struct store *s = open_copy("a", "words");
			ck_assert_uint_eq(records_here(s), RECORDS);
			ck_assert_uint_eq(store_trouble(s), is_theirs(few[i]));
			store_close(s);
			shell("rm -f \"$ROOT\"/a/slots/x.slot \"$ROOT\"/a/keys/0/y* "
			      "\"$ROOT\"/a/log/f/z.seg && diff -r \"$ROOT/a\" \"$ROOT/good\"");
		}
}
END_TEST

/* --- unfinished texts ---------------------------------------------------------------------------- */

START_TEST(every_bit_of_a_draft_counts)
{
	struct store *s = open_copy("a", "words");
	struct id draft = some_id(77);
	struct buf bytes = BUF_INIT, plain = BUF_SECRET;
	struct draft_file out;
	ck_assert_int_eq(store_keep_draft(s, &draft, span_text("half a sentence"), NULL), OK);
	char *folder_of = file_join(copy_path("a"), "drafts");
	DIR *dir = opendir(folder_of);
	for (struct dirent *e; (e = readdir(dir));) {
		char *file = file_join(folder_of, e->d_name);
		if (e->d_name[0] != '.')
			ck_assert_int_eq(file_read(&seam, file, PACK_FILE_MOST, &bytes, NULL), OK);
		free(file);
	}
	closedir(dir);
	free(folder_of);
	for (size_t bit = 0; bit <= 8 * bytes.n; bit++) {
		if (bit < 8 * bytes.n)
			bytes.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		buf_clear(&plain);
		enum err e = unpack_draft(buf_span(&bytes), &s->id, &s->key_id, s->seal->draft,
					  &plain, &out);
		ck_assert_msg((e == OK) == (bit == 8 * bytes.n), "bit %zu", bit);
		free(out.covers);
		if (bit < 8 * bytes.n)
			bytes.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	buf_fini(&plain);
	buf_fini(&bytes);
	store_close(s);
}
END_TEST

static void add_tests(TCase *t)
{
	if (is_proofs())
		tcase_set_timeout(t, 0);
	tcase_add_checked_fixture(t, setup_many, teardown_many);
	tcase_add_test(t, every_bit_of_a_hundred_files_counts);
	tcase_add_test(t, no_part_of_a_file_is_one);
	tcase_add_test(t, nothing_is_added_to_a_file);
	tcase_add_test(t, a_flipped_bit_is_said_and_hides_nothing);
	tcase_add_test(t, nothing_is_taken_for_what_lies_in_its_place);
	tcase_add_test(t, a_copy_under_another_name_changes_nothing);
	tcase_add_test(t, every_bit_of_a_draft_counts);
}

UNIT_MAIN("sealing")

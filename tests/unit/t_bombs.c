/* SPDX-License-Identifier: MIT
 *
 * Files that ask for more than they may: slots beyond the bounds of work or many within them,
 * counts and lengths that the bytes do not have.  The work is counted (calls of Argon2id, bytes
 * asked of the allocator), not timed.
 */
#include "slots_stage.h"

#include "store_impl.h"

#include <linkbook/change.h>
#include <linkbook/fold.h>
#include <linkbook/value.h>

/* --- what is asked of the allocator ---------------------------------------------------------- */

static size_t asked;

void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

void *__wrap_calloc(size_t n, size_t size)
{
	asked += n * size;
	return __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
	asked += n;
	return __real_realloc(p, n);
}

/* --- slots ------------------------------------------------------------------------------------ */

static void plant_slot(uint32_t ops, uint32_t mem_kib)
{
	struct slot slot = {.source = SLOT_PASSPHRASE,
			    .kind = OF_CASELOAD,
			    .store = id,
			    .ops = ops,
			    .mem_kib = mem_kib};
	struct slot_mark mark = {0};
	struct seal *seal = seal_new();
	struct buf bytes = BUF_INIT;
	struct hash h;
	struct store at = {.seam = &seam, .path = path};
	uint8_t key[KEY_BYTES] = {9};
	seam.random(&seam, slot.salt, sizeof slot.salt);
	pack_slot(&seam, &slot, &mark, key, seal, &bytes);
	ck_assert_int_eq(folder_write(&at, FILE_SLOT, buf_span(&bytes), &h, NULL), OK);
	seal_free(seal);
	buf_fini(&bytes);
}

static enum err try_words(struct diag *d)
{
	struct slot_key with = passphrase("words");
	enum store_kind kind;
	return store_try(&seam, path, &with, &kind, d);
}

START_TEST(a_slot_beyond_the_bounds_costs_nothing)
{
	static const uint32_t bad[][2] = {
		{0, 0},
		{0, 64 << 10},
		{1, 64 << 10},
		{11, 64 << 10},
		{UINT32_MAX, 8},
		{2, 0},
		{2, 8},
		{2, (64 << 10) - 1},
		{2, UINT32_MAX},
		{2, (1 << 20) + 1},
		{1, 9},
		{2, 8},
		{0, 8},
		{UINT32_MAX, UINT32_MAX},
		{1 << 31, 1 << 31},
	};
	size_t count = sizeof bad / sizeof *bad;
	struct diag d = {0};
	shell("rm \"$ROOT\"/a/slots/*");
	for (size_t i = 0; i < count; i++)
		plant_slot(bad[i][0], bad[i][1]);
	seal_work = (struct seal_work){0};
	ck_assert_int_eq(try_words(&d), ERR_UNLOCK);
	ck_assert_uint_eq(seal_work.calls, 0);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "It was not tried"));
	diag_fini(&d);
}
END_TEST

/* Cheaper than what is allowed is refused too, but for the one that only these builds take. */
START_TEST(beside_a_good_slot_only_that_one_is_worked_on)
{
	for (uint32_t i = 0; i < 200; i++)
		plant_slot(11 + i, 64 << 10);
	seal_work = (struct seal_work){0};
	ck_assert_int_eq(try_words(NULL), OK);
	ck_assert_uint_eq(seal_work.calls, 1);
}
END_TEST

START_TEST(a_folder_full_of_slots_is_not_worked_through)
{
	struct diag d = {0};
	store_close(open_copy("a", "words")); /* LMDB knows the good one */
	for (uint32_t i = 0; i < 300; i++)
		plant_slot(10, 1 << 20);
	seal_work = (struct seal_work){.pretend = true};
	ck_assert_int_eq(try_words(&d), ERR_UNLOCK);
	ck_assert_uint_le(seal_work.kib_ops, (uint64_t)64 * 3 * (256 << 10));
	ck_assert_uint_le(seal_work.calls, 5);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "296 slots here ask for so much work"));
	diag_fini(&d);
	/* The owner's is the cheapest there, and the one that opened last, so it is tried first. */
	seal_work = (struct seal_work){0};
	store_close(open_copy("a", "words"));
	ck_assert_uint_eq(seal_work.calls, 1);
}
END_TEST

/* --- counts and lengths -------------------------------------------------------------------------- */

static void make_change(struct buf *out)
{
	struct change c = {.type = span_text("person"), .author = span_text("Ailsa"), .stamp = 5};
	struct hash parent = {{3}}, seen = {{4}};
	struct buf value = BUF_INIT;
	value_add_text(&value, span_text("text"));
	change_add_parent(&c, &parent);
	change_add_op(&c, OP_SET, span_text("a"), buf_span(&value));
	change_add_op(&c, OP_ADD, span_text("b"), buf_span(&value));
	change_add_op(&c, OP_REMOVE, span_text("c"), buf_span(&value))->seen = seen;
	change_add_op(&c, OP_ROW, span_text("d"), buf_span(&value))->row = some_id(1);
	c.undoes = mem_alloc(sizeof *c.undoes);
	c.undoes[c.undo_count++] = (struct undone){parent, span_text("a")};
	change_encode(&c, out);
	change_fini(&c);
	buf_fini(&value);
}

static void decode(struct span bytes)
{
	struct change c;
	struct state s;
	asked = 0;
	if (!change_decode(bytes, &c))
		change_fini(&c);
	if (!state_decode(bytes, &s))
		state_fini(&s);
	ck_assert_msg(asked <= 4096 + 200 * bytes.n, "%zu for %zu", asked, bytes.n);
}

/* At every place a head that promises more than there is. */
START_TEST(counts_that_the_bytes_do_not_have_cost_nothing)
{
	static const struct {
		uint8_t bytes[9];
		size_t n;
	} heads[] = {
		{"\x9b\xff\xff\xff\xff\xff\xff\xff\xff", 9},
		{"\xbb\xff\xff\xff\xff\xff\xff\xff\xff", 9},
		{"\x5b\xff\xff\xff\xff\xff\xff\xff\xff", 9},
		{"\x7b\xff\xff\xff\xff\xff\xff\xff\xff", 9},
		{"\x9b\x7f\xff\xff\xff\xff\xff\xff\xff", 9},
		{"\x9a\xff\xff\xff\xff", 5},
		{"\xba\x10\x00\x00\x00", 5},
		{"\x9a\x00\x10\x00\x00", 5},
		{"\x9f", 1},
		{"\xbf", 1},
	};
	struct buf good = BUF_INIT, bad = BUF_INIT;
	make_change(&good);
	for (size_t at = 0; at < good.n; at++)
		for (size_t h = 0; h < sizeof heads / sizeof *heads; h++) {
			buf_clear(&bad);
			buf_add(&bad, good.p, at);
			buf_add(&bad, heads[h].bytes, heads[h].n);
			decode(buf_span(&bad));
			buf_add(&bad, good.p + at, good.n - at);
			decode(buf_span(&bad));
			buf_clear(&bad);
			buf_add(&bad, good.p, at);
			buf_add(&bad, heads[h].bytes, heads[h].n);
			if (at + heads[h].n < good.n)
				buf_add(&bad, good.p + at + heads[h].n, good.n - at - heads[h].n);
			decode(buf_span(&bad));
		}
	buf_fini(&bad);
	buf_fini(&good);
}
END_TEST

START_TEST(nesting_costs_no_stack)
{
	struct buf deep = BUF_INIT;
	for (size_t i = 0; i < 1 << 20; i++)
		buf_add_byte(&deep, i % 2 ? 0x81 : 0xa1);
	decode(buf_span(&deep));
	buf_clear(&deep);
	buf_add(&deep, "\xa1\x09\xa1\x61\x61", 5); /* {9: {"a": [[[... */
	for (size_t i = 0; i < 1 << 20; i++)
		buf_add_byte(&deep, 0x81);
	decode(buf_span(&deep));
	buf_fini(&deep);
}
END_TEST

/* Within a good seal, by somebody who has the store's key. */
static enum err read_segment(struct store *s, const struct seg_head *head, uint32_t entries,
			     struct span content)
{
	struct buf bytes = BUF_INIT, plain = BUF_SECRET;
	struct seg_head read;
	pack_segment(&seam, &s->id, &s->key_id, s->seal->segment, head, entries, content, &bytes);
	asked = 0;
	enum err e = unpack_segment(buf_span(&bytes), &s->id, &s->key_id, s->seal->segment, &read,
				    &plain);
	ck_assert_uint_le(asked, 4096 + 8 * bytes.n);
	buf_fini(&plain);
	buf_fini(&bytes);
	return e;
}

START_TEST(a_segment_has_what_it_says)
{
	struct store *s = open_copy("a", "words");
	struct seg_head one = {.count = 1};
	struct buf entry = BUF_INIT;
	static const struct seg_head bad[] = {
		{.count = 0},
		{.number = 1, .count = 1},
		{.number = 5, .count = (1 << 20) + 1},
		{.number = UINT32_MAX - 1, .count = UINT32_MAX},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_int_eq(read_segment(s, &bad[i], 0, span_of("", 0)), ERR_DAMAGED);
	ck_assert_int_eq(read_segment(s, &one, 0, span_of("", 0)), OK);
	ck_assert_int_eq(read_segment(s, &one, UINT32_MAX, span_of("", 0)), ERR_DAMAGED);
	buf_add_zeros(&entry, 16 + 16 + 32);
	buf_add_byte(&entry, 1); /* the key */
	buf_add_zeros(&entry, 15);
	buf_add_u16(&entry, 0xffff); /* drafts */
	ck_assert_int_eq(read_segment(s, &one, 1, buf_span(&entry)), ERR_DAMAGED);
	entry.n -= 2;
	buf_add_u16(&entry, 0);
	buf_add_u32(&entry, UINT32_MAX); /* the change */
	ck_assert_int_eq(read_segment(s, &one, 1, buf_span(&entry)), ERR_DAMAGED);
	entry.n -= 4;
	buf_add_u32(&entry, 0);
	ck_assert_int_eq(read_segment(s, &one, 1, buf_span(&entry)), OK);
	ck_assert_int_eq(read_segment(s, &one, 2, buf_span(&entry)), ERR_DAMAGED);
	buf_fini(&entry);
	store_close(s);
}
END_TEST

/* More bytes than a file may have are not read at all. */
START_TEST(a_giant_file_is_not_read)
{
	struct store *s;
	store_close(open_copy("a", "words"));
	shell("cd \"$ROOT/a\" && truncate -s 3G log/0/x.seg && truncate -s 3G keys/1/y.keys &&"
	      "truncate -s 3G slots/z.slot && truncate -s 3G drafts/w.draft");
	asked = 0;
	s = open_copy("a", "words");
	ck_assert_uint_eq(store_trouble(s), 3);
	ck_assert_uint_le(asked, 64 << 20);
	store_close(s);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup_slots, teardown);
	tcase_add_test(t, a_slot_beyond_the_bounds_costs_nothing);
	tcase_add_test(t, beside_a_good_slot_only_that_one_is_worked_on);
	tcase_add_test(t, a_folder_full_of_slots_is_not_worked_through);
	tcase_add_test(t, counts_that_the_bytes_do_not_have_cost_nothing);
	tcase_add_test(t, nesting_costs_no_stack);
	tcase_add_test(t, a_segment_has_what_it_says);
	tcase_add_test(t, a_giant_file_is_not_read);
}

UNIT_MAIN("bombs")

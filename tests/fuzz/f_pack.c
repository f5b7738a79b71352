/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: any bytes as a sealed file (slot, keys, segment, draft), and, as somebody who
 * has the keys could write them, as what stands inside one: the first byte says which.  Without
 * the keys nothing is taken; inside, what is taken is written out again as it was.
 */
#include "fuzz.h"

#include <linkbook/mem.h>

#include "pack.h"

static struct seam seam;
static struct seal *seal;
static const struct id store = {{1}}, store_key = {{2}};
static uint8_t slot_key[KEY_BYTES] = {3};

static void start(void)
{
	fuzz_seam(&seam);
	if (seal)
		return;
	seal_start();
	seal = seal_new();
	memset(seal->store_key, 5, sizeof seal->store_key);
	seal_derive(seal);
}

/* A file of any contents under a good outer seal. */
static void sealed_file(const char *magic, const uint8_t *key, struct span inside, struct buf *out)
{
	struct buf head = BUF_INIT;
	buf_add(&head, magic, PACK_MAGIC);
	buf_add(&head, store.b, sizeof store.b);
	buf_add(&head, store_key.b, sizeof store_key.b);
	buf_add_span(out, buf_span(&head));
	seal_bytes(&seam, key, buf_span(&head), inside, out);
	buf_fini(&head);
}

/* --- the raw outer parser --------------------------------------------------------------- */

static void count_keys(void *arg, const struct key_entry *e)
{
	HOLDS(e->entry.n == KEY_ENTRY);
	++*(size_t *)arg;
}

static void try_raw(struct span bytes)
{
	struct seg_head head;
	struct slot slot;
	struct slot_mark mark;
	struct draft_file draft;
	struct buf plain = BUF_SECRET;
	uint8_t key[KEY_BYTES];
	size_t keys = 0;
	pack_kind(bytes);
	HOLDS(unpack_segment(bytes, &store, &store_key, seal->segment, &head, &plain));
	HOLDS(unpack_draft(bytes, &store, &store_key, seal->draft, &plain, &draft));
	HOLDS(plain.n == 0);
	if (!unpack_keys(bytes, &store, count_keys, &keys))
		HOLDS(keys && keys <= bytes.n / KEY_ENTRY);
	if (!unpack_slot(bytes, &slot)) {
		HOLDS(pack_is_slot_size(bytes.n));
		HOLDS(!unpack_slot_key(bytes, &slot, slot_key, key));
		HOLDS(!unpack_slot_mark(bytes, seal->marks, &mark));
		seal_kdf_allowed(&seam, slot.ops, slot.mem_kib);
	}
	buf_fini(&plain);
}

/* --- segments --------------------------------------------------------------------------- */

static void count_cover(void *arg, const struct id *draft, const struct cover *c)
{
	(void)draft, (void)c;
	++*(size_t *)arg;
}

static void check_covers(struct span drafts)
{
	size_t covers = 0;
	HOLDS(unpack_covers(drafts, count_cover, &covers));
	HOLDS(drafts.n == 16 + covers * 24);
}

static void check_order(struct span order)
{
	struct retirement r;
	struct buf again = BUF_INIT;
	if (!unpack_retirement(order, &r))
		return;
	pack_retirement(&r, &again);
	again.p[1] = order.p[1]; /* any byte but 0 is yes */
	HOLDS(span_equal(order, buf_span(&again)));
	buf_fini(&again);
}

/* As it goes to LMDB and comes back. */
static void check_shelf(const struct seg_entry *e)
{
	struct buf key = BUF_INIT, value = BUF_INIT, change = BUF_SECRET;
	struct seg_entry again;
	buf_add(&key, e->subject.b, 16);
	buf_add(&key, e->record.b, 16);
	buf_add(&key, e->id.b, 32);
	pack_shelf_change(e, &value);
	HOLDS(unpack_shelf_change(buf_span(&key), buf_span(&value), &again));
	HOLDS(id_equal(&e->subject, &again.subject) && id_equal(&e->record, &again.record));
	HOLDS(hash_equal(&e->id, &again.id) && id_equal(&e->key, &again.key));
	HOLDS(span_equal(e->drafts, again.drafts) && span_equal(e->sealed, again.sealed));
	HOLDS(!unpack_change(&store, e, slot_key, &change));
	buf_fini(&change);
	buf_fini(&value);
	buf_fini(&key);
}

static void check_entries(struct span entries)
{
	struct reader r = {entries, false};
	struct seg_entry e;
	while (unpack_entry(&r, &e)) {
		HOLDS(e.sealed.n <= entries.n && e.drafts.n <= entries.n);
		if (e.drafts.n)
			check_covers(e.drafts);
		if (id_is_zero(&e.key)) {
			HOLDS(e.sealed.n);
			check_order(e.sealed);
		}
		check_shelf(&e);
	}
	HOLDS(!r.bad && !r.rest.n);
}

static void try_segment(struct span inside)
{
	struct buf file = BUF_INIT, plain = BUF_SECRET, again = BUF_INIT, plain_again = BUF_SECRET;
	struct seg_head head, head_again;
	sealed_file("LBKSEGM1", seal->segment, inside, &file);
	if (!unpack_segment(buf_span(&file), &store, &store_key, seal->segment, &head, &plain)) {
		struct reader r = {inside, false};
		reader_take(&r, 4 + 16 + 4 + 4);
		uint32_t entries = reader_u32(&r);
		HOLDS(head.number < head.count);
		check_entries(buf_span(&plain));
		pack_segment(&seam, &store, &store_key, seal->segment, &head, entries,
			     buf_span(&plain), &again);
		HOLDS(!unpack_segment(buf_span(&again), &store, &store_key, seal->segment,
				      &head_again, &plain_again));
		HOLDS(!memcmp(&head, &head_again, sizeof head));
		HOLDS(span_equal(buf_span(&plain), buf_span(&plain_again)));
	}
	buf_fini(&plain_again);
	buf_fini(&again);
	buf_fini(&plain);
	buf_fini(&file);
}

/* --- drafts ----------------------------------------------------------------------------- */

static void try_draft(struct span inside)
{
	struct buf file = BUF_INIT, plain = BUF_SECRET, again = BUF_INIT, plain_again = BUF_SECRET;
	struct draft_file d, e;
	sealed_file("LBKDRFT1", seal->draft, inside, &file);
	if (!unpack_draft(buf_span(&file), &store, &store_key, seal->draft, &plain, &d)) {
		pack_draft(&seam, &store, &store_key, seal->draft, &d, &again);
		HOLDS(!unpack_draft(buf_span(&again), &store, &store_key, seal->draft, &plain_again,
				    &e));
		HOLDS(id_equal(&d.draft, &e.draft) && id_equal(&d.writer, &e.writer));
		HOLDS(d.number == e.number && d.stamp == e.stamp);
		HOLDS(d.cover_count == e.cover_count && span_equal(d.content, e.content));
		for (size_t i = 0; i < d.cover_count; i++)
			HOLDS(id_equal(&d.covers[i].writer, &e.covers[i].writer) &&
			      d.covers[i].number == e.covers[i].number);
		free(e.covers);
	}
	free(d.covers);
	buf_fini(&plain_again);
	buf_fini(&again);
	buf_fini(&plain);
	buf_fini(&file);
}

/* --- keys and slots --------------------------------------------------------------------- */

static void open_key(void *arg, const struct key_entry *e)
{
	uint8_t key[KEY_BYTES];
	unpack_key(&store, e->entry, seal->wrap, key);
	++*(size_t *)arg;
}

/* Entries of any bytes under a good hash. */
static void try_keys(struct span entries)
{
	struct buf file = BUF_INIT;
	size_t keys = 0;
	pack_keys_start(&store, &file);
	buf_add_span(&file, entries);
	pack_keys_end(&file);
	if (!unpack_keys(buf_span(&file), &store, open_key, &keys))
		HOLDS(keys * KEY_ENTRY == entries.n);
	buf_fini(&file);
}

/* A key that was wrapped for one place: there it opens, with a bit altered it does not. */
static void try_key(struct feed f)
{
	struct buf file = BUF_INIT;
	struct key_entry e = {.key = {{feed_byte(&f)}}, .subject = {{feed_byte(&f)}}};
	uint8_t key[KEY_BYTES] = {9}, opened[KEY_BYTES];
	e.record.b[0] = feed_byte(&f);
	pack_key(&seam, &store, &e, key, seal->wrap, &file);
	HOLDS(unpack_key(&store, buf_span(&file), seal->wrap, opened));
	HOLDS(!memcmp(key, opened, sizeof key));
	uint8_t bit = feed_byte(&f);
	file.p[bit % file.n] ^= (uint8_t)(1 << (feed_byte(&f) % 8));
	HOLDS(!unpack_key(&store, buf_span(&file), seal->wrap, opened));
	buf_fini(&file);
}

/* The head of a slot as the input has it, under a good commitment, key and mark. */
static void try_slot(struct feed f)
{
	struct slot slot = {.source = (enum slot_source)(1 + feed_below(&f, 4)),
			    .kind = OF_CASELOAD,
			    .store = store},
		    s;
	struct slot_mark mark = {.open_access = feed_byte(&f) & 1}, m;
	struct buf file = BUF_INIT;
	struct reader r = {f.rest, false};
	uint8_t key[KEY_BYTES];
	slot.ops = reader_u32(&r);
	slot.mem_kib = reader_u32(&r);
	mark.made = (int64_t)reader_u64(&r);
	reader_copy(&r, mark.label, sizeof mark.label);
	pack_slot(&seam, &slot, &mark, slot_key, seal, &file);
	HOLDS(!unpack_slot(buf_span(&file), &s));
	HOLDS(s.source == slot.source && s.kind == slot.kind);
	HOLDS(s.ops == slot.ops && s.mem_kib == slot.mem_kib);
	HOLDS(unpack_slot_key(buf_span(&file), &s, slot_key, key));
	HOLDS(!memcmp(key, seal->store_key, sizeof key));
	HOLDS(unpack_slot_mark(buf_span(&file), seal->marks, &m));
	HOLDS(m.open_access == mark.open_access && m.made == mark.made);
	HOLDS(!m.label[sizeof m.label - 1]);
	size_t at = ((size_t)reader_u16(&r)) % file.n;
	file.p[at] ^= 1;
	HOLDS(unpack_slot(buf_span(&file), &s) ||
	      !unpack_slot_mark(buf_span(&file), seal->marks, &m));
	buf_fini(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct feed f = {span_of(data, n)};
	start();
	switch (feed_below(&f, 6)) {
	case 0:
		try_raw(f.rest);
		break;
	case 1:
		try_segment(f.rest);
		break;
	case 2:
		try_draft(f.rest);
		break;
	case 3:
		try_keys(f.rest);
		break;
	case 4:
		try_key(f);
		break;
	default:
		try_slot(f);
		break;
	}
	return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: what somebody who has the keys (or has none) could leave in a copy of the book:
 * changes of any bytes and of wild ones, segments of any contents, drafts, files that are
 * nothing.  The book opens, everything in it is read, what was there before is still told, and
 * it can be written in.
 */
#include "book_impl.h"
#include "book_ground.h"

#include "store_impl.h"

enum { ACTS_MOST = 6 };

/* --- wild changes ----------------------------------------------------------------------- */

static void wild_value(struct feed *f, int depth, struct buf *out)
{
	static const char *const texts[] = {"",
					    "a",
					    "2026-11-24",
					    "2026-11-24T10:00[Europe/London]",
					    "\033]0;x\a",
					    "\u202Eabc\u200B",
					    "active",
					    "none_known",
					    "two\nlines\tx",
					    "\U000E0041\xc2\x85"};
	struct span piece;
	struct map_maker m = {0};
	unsigned n;
	switch (feed_below(f, depth < 3 ? 8 : 6)) {
	case 0:
		value_add_null(out);
		break;
	case 1:
		value_add_int(out, (int64_t)feed_byte(f) << feed_below(f, 56));
		break;
	case 2:
		value_add_bool(out, feed_byte(f) & 1);
		break;
	case 3:
		value_add_text(out, span_text(texts[feed_below(f, 10)]));
		break;
	case 4:
		piece = feed_piece(f);
		value_add_bytes(out, piece.p, piece.n);
		break;
	case 5:
		value_add_bytes(out, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0a\x01", 16);
		break;
	case 6:
		value_add_list(out, n = feed_below(f, 4));
		while (n--)
			wild_value(f, depth + 1, out);
		break;
	default:
		for (n = feed_below(f, 2); n; n--)
			wild_value(f, depth + 1, map_add_text(&m, span_text("number")));
		wild_value(f, depth + 1, map_add_text(&m, span_text("day")));
		map_finish(&m, out);
		break;
	}
}

/* Any field of its kind, or one that nobody knows, with any value and in any of the ways. */
static void wild_change(struct feed *f, const struct id *record, const struct hash *head,
			struct buf *out)
{
	static const char *const strange[] = {"", "\033[2J", "newer_field", "note"};
	const struct kind *k = &kinds[feed_below(f, 29)];
	struct change c = {.record = *record, .author = span_text("A\033]2;x\a")};
	struct buf value = BUF_INIT;
	k = k->name ? k : kinds;
	c.type = span_text(feed_below(f, 6) ? k->name : "\033[31mnewer");
	c.stamp = fuzz_now_ms + (int8_t)feed_byte(f) * ((int64_t)1 << feed_below(f, 40));
	c.mark = (enum mark)feed_below(f, MARK_UNKNOWN);
	c.step.b[0] = feed_byte(f);
	c.salt[0] = feed_byte(f);
	if (feed_byte(f) & 1)
		change_add_parent(&c, head);
	size_t fields = 0;
	while (k->fields[fields].name)
		fields++;
	wild_value(f, 0, &value);
	const char *name = feed_below(f, 6) ? k->fields[feed_below(f, (unsigned)fields)].name
					    : strange[feed_below(f, 4)];
	struct op *op = change_add_op(&c, (enum op_kind)feed_below(f, 5), span_text(name),
				      buf_span(&value));
	if (op->kind == OP_REMOVE)
		op->seen = *head;
	change_encode(&c, out);
	change_fini(&c);
	buf_fini(&value);
}

/* --- what is left in the copy ----------------------------------------------------------- */

static struct store *some_store(struct feed *f, struct ground *g)
{
	return g->book->stores[feed_below(f, (unsigned)g->book->store_count)];
}

static struct id some_id(struct feed *f, const struct ground *g, struct store *s)
{
	const struct id *const ids[] = {&g->mairi, &g->ada, &g->note, store_id(s)};
	unsigned n = feed_below(f, 6);
	struct id drawn = {{0xd0, feed_byte(f)}};
	return n < 4 ? *ids[n] : drawn;
}

static void leave_change(struct feed *f, struct ground *g, bool wild)
{
	struct store *s = some_store(f, g);
	struct envelope v = {.subject = some_id(f, g, s), .own_key = feed_byte(f) & 1};
	struct buf bytes = BUF_INIT;
	struct record r;
	struct hash head = {{0}};
	v.record = some_id(f, g, s);
	if (!book_get(g->book, &v.record, &r)) {
		head = r.state.head_count ? r.state.heads[0] : head;
		record_fini(&r);
	}
	if (wild)
		wild_change(f, &v.record, &head, &bytes);
	else
		buf_add_span(&bytes, feed_piece(f));
	v.bytes = buf_span(&bytes);
	v.id = store_hash(s, v.bytes);
	enum err e = store_save(s, &v, 1, NULL);
	HOLDS(!e || e == ERR_REFUSED || e == ERR_INPUT);
	buf_fini(&bytes);
}

static void leave_file(struct store *s, enum file_kind kind, struct span bytes)
{
	struct hash h;
	struct diag d = {0};
	enum err e = folder_write(s, kind, bytes, &h, &d);
	HOLDS(!e);
	diag_fini(&d);
}

static void leave_raw(struct feed *f, struct ground *g)
{
	static const enum file_kind files[] = {FILE_SLOT, FILE_KEYS, FILE_SEGMENT};
	static const char *const magics[] = {"LBKSLOT1", "LBKKEYS1", "LBKSEGM1", "LBKSLOT2", ""};
	struct store *s = some_store(f, g);
	enum file_kind kind = files[feed_below(f, 3)];
	struct buf bytes = BUF_INIT;
	buf_add_text(&bytes, magics[feed_below(f, 5)]);
	if (feed_byte(f) & 1)
		buf_add(&bytes, store_id(s)->b, 16);
	buf_add_span(&bytes, feed_piece(f));
	leave_file(s, kind, buf_span(&bytes));
	buf_fini(&bytes);
}

/* Entries of any bytes under a good outer seal. */
static void leave_segment(struct feed *f, struct ground *g)
{
	struct store *s = some_store(f, g);
	struct seg_head head = {.count = 1 + feed_below(f, 3)};
	struct buf file = BUF_INIT;
	head.number = feed_below(f, 4);
	head.load.b[0] = feed_below(f, 2) ? 7 : 0;
	uint32_t entries = feed_below(f, 4);
	pack_segment(&g->seam, store_id(s), &s->key_id, s->seal->segment, &head, entries,
		     feed_piece(f), &file);
	leave_file(s, FILE_SEGMENT, buf_span(&file));
	buf_fini(&file);
}

/* An order to retire slots, as somebody who has the keys could write it. */
static void leave_order(struct feed *f, struct ground *g)
{
	struct store *s = some_store(f, g);
	struct retirement r = {.slot = s->slot, .stamp = fuzz_now_ms};
	struct buf order = BUF_INIT, content = BUF_INIT, file = BUF_INIT;
	struct seg_head head = {.count = 1};
	if (feed_byte(f) & 1)
		r.slot.b[0] = feed_byte(f);
	r.keeper.b[0] = feed_byte(f);
	r.author = span_of(f->rest.p, f->rest.n < 20 ? f->rest.n : 20);
	pack_retirement(&r, &order);
	struct hash id = store_hash(s, buf_span(&order));
	pack_order(store_id(s), &id, buf_span(&order), &content);
	pack_segment(&g->seam, store_id(s), &s->key_id, s->seal->segment, &head, 1,
		     buf_span(&content), &file);
	leave_file(s, FILE_SEGMENT, buf_span(&file));
	buf_fini(&file);
	buf_fini(&content);
	buf_fini(&order);
}

static void leave_draft(struct feed *f, struct ground *g)
{
	struct id draft = {{feed_byte(f)}};
	HOLDS(!book_keep_draft(g->book, &draft, feed_piece(f), NULL));
}

/* --- what must hold then ---------------------------------------------------------------- */

static void find_words(void *arg, const struct event *e)
{
	if (strstr(e->sentence, "Good form."))
		*(bool *)arg = true;
}

/* The note is under its person still, whatever stands beside it, and a new one can be written. */
static void check_kept(struct ground *g)
{
	bool told = false;
	struct ref note = {g->mairi, g->note};
	struct buf text = BUF_INIT;
	struct put put = {.kind = kind_find("task"), .has_heads = false};
	value_add_text(&text, span_text("Ring back."));
	struct put_field field = {"what", buf_span(&text)};
	HOLDS(!book_history(g->book, note, find_words, &told));
	HOLDS(told);
	put.fields = &field;
	put.field_count = 1;
	struct diag d = {0};
	enum err e = book_put(g->book, &put, 1, &d);
	if (e)
		fprintf(stderr, "%d %s\n", e, diag_first(&d));
	HOLDS(!e);
	diag_fini(&d);
	buf_fini(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct feed f = {span_of(data, n)};
	struct ground *g = ground_open();
	for (size_t acts = 0; f.rest.n && acts < ACTS_MOST; acts++) {
		switch (feed_below(&f, 7)) {
		case 0:
			leave_change(&f, g, false);
			break;
		case 1:
		case 2:
			leave_change(&f, g, true);
			break;
		case 3:
			leave_raw(&f, g);
			break;
		case 4:
			leave_segment(&f, g);
			break;
		case 5:
			leave_order(&f, g);
			break;
		default:
			leave_draft(&f, g);
			break;
		}
	}
	ground_reopen(g);
	ground_read_all(g);
	check_kept(g);
	return 0;
}

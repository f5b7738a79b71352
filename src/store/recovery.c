/* SPDX-License-Identifier: MIT
 *
 * Keys of recovery as people keep them: seventeen groups of four digits that can be printed and
 * typed again, the last group a check; and when a drill last went well.
 */
#include "store_impl.h"

#include <linkbook/mem.h>

#include <ctype.h>
#include <string.h>

enum { CHECK_BYTES = 2, SAID_BYTES = KEY_BYTES + CHECK_BYTES };

void store_make_pair(struct seam *seam, uint8_t public_key[32], uint8_t private_key[32])
{
	seal_start();
	seal_pair(seam, public_key, private_key);
}

/* Differs for the two halves, so that one is not taken for the other. */
static void add_check(const uint8_t key[KEY_BYTES], bool is_private, struct buf *out)
{
	uint8_t bytes[1 + KEY_BYTES];
	bytes[0] = is_private;
	memcpy(bytes + 1, key, KEY_BYTES);
	struct hash h = seal_hash(span_of(bytes, sizeof bytes));
	buf_add(out, h.b, CHECK_BYTES);
	mem_wipe(bytes, sizeof bytes);
}

void store_say_key(const uint8_t key[32], bool is_private, struct buf *out)
{
	struct buf bytes = BUF_SECRET;
	char hex[5];
	seal_start();
	buf_add(&bytes, key, KEY_BYTES);
	add_check(key, is_private, &bytes);
	buf_printf(out, "Linkbook recovery key 1, %s half:\n", is_private ? "private" : "public");
	for (size_t i = 0; i < SAID_BYTES; i += 2) {
		hex_from_bytes(bytes.p + i, 2, hex);
		buf_printf(out, "%.4s%c", hex, (i + 2) % 12 && i + 2 < SAID_BYTES ? ' ' : '\n');
	}
	mem_wipe(hex, sizeof hex);
	buf_fini(&bytes);
}

/* The digits after the first line, without blanks; anything else spoils them. */
static bool read_digits(struct span text, struct buf *digits)
{
	const uint8_t *end = text.n ? memchr(text.p, '\n', text.n) : NULL;
	size_t at = end && !isxdigit(text.p[0]) ? (size_t)(end - text.p) + 1 : 0;
	for (; at < text.n; at++) {
		if (isspace(text.p[at]))
			continue;
		if (!isxdigit(text.p[at]))
			return false;
		buf_add_byte(digits, text.p[at]);
	}
	return digits->n == (size_t)2 * SAID_BYTES;
}

static bool fits(const uint8_t *said, bool is_private)
{
	struct buf check = BUF_INIT;
	add_check(said, is_private, &check);
	bool same = !memcmp(check.p, said + KEY_BYTES, CHECK_BYTES);
	buf_fini(&check);
	return same;
}

enum err store_read_key(struct span text, bool is_private, uint8_t key[32], struct diag *d)
{
	struct buf digits = BUF_SECRET;
	uint8_t said[SAID_BYTES];
	enum err e = OK;
	seal_start();
	bool read = read_digits(text, &digits) &&
		    hex_to_bytes(buf_text(&digits), digits.n, said, sizeof said);
	if (read && fits(said, is_private)) {
		memcpy(key, said, KEY_BYTES);
	} else if (read && fits(said, !is_private)) {
		diag_say(d, is_private ? "This is the public half of a recovery key; the private "
					 "one is asked for."
				       : "This is the private half of a recovery key; keep it "
					 "away, and give the public one.");
		e = ERR_INPUT;
	} else {
		diag_say(d,
			 "This is no recovery key, or one with a slip in it: it has %d groups "
			 "of four, of 0-9 and a-f.",
			 SAID_BYTES / 2);
		e = ERR_INPUT;
	}
	mem_wipe(said, sizeof said);
	buf_fini(&digits);
	return e;
}

/* --- when it last worked ---------------------------------------------------------------- */

struct drilling {
	int64_t now, before;
};

static enum err note(void *arg, struct txn *t, struct diag *d)
{
	struct drilling *w = arg;
	struct buf now = BUF_INIT;
	struct span had;
	(void)d;
	if (txn_get(t, t->shelf->db[DB_META], span_text("drill"), &had)) {
		struct reader r = {had, false};
		w->before = (int64_t)reader_u64(&r);
	}
	buf_add_u64(&now, (uint64_t)w->now);
	txn_put(t, t->shelf->db[DB_META], span_text("drill"), buf_span(&now));
	buf_fini(&now);
	return OK;
}

int64_t store_note_drill(struct store *s)
{
	struct drilling w = {.now = s->seam->now_ms(s->seam)};
	return store_catch_up(s, NULL) || shelf_write(&s->shelf, note, &w, NULL) ? 0 : w.before;
}

/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: any bytes as a text that is shown, folded, wrapped, edited or read as an id.
 * What is shown holds nothing that a terminal obeys, is as wide as it was measured, and is
 * never wider than its room; folding and cleaning twice is the same as once.
 */
#include <linkbook/mem.h>
#include "fuzz.h"

#include <linkbook/edit.h>
#include <linkbook/text.h>
#include <linkbook/wrap.h>

enum { LETTERS_COMPARED = 64 }; /* a longer word is like no other */

static void check_clean(struct span s)
{
	struct buf once = BUF_INIT, twice = BUF_INIT;
	text_clean(s, &once);
	HOLDS(text_may_store(buf_span(&once), false));
	text_clean(buf_span(&once), &twice);
	HOLDS(span_equal(buf_span(&once), buf_span(&twice)));
	HOLDS(text_width(s) == text_width(buf_span(&once)));
	buf_fini(&once);
	buf_fini(&twice);
}

static void check_clip(struct span s, int columns)
{
	struct buf b = BUF_INIT;
	text_clip(s, columns, columns & 1, &b);
	HOLDS(text_may_store(buf_span(&b), false));
	HOLDS(text_width(buf_span(&b)) <= columns);
	HOLDS(text_width(span_of(s.p, text_fit(s, columns))) <= columns);
	buf_fini(&b);
}

static void check_fold(struct span s)
{
	struct buf once = BUF_INIT, twice = BUF_INIT;
	if (text_is_utf8(s)) {
		text_fold(s, &once);
		text_fold(buf_span(&once), &twice);
		HOLDS(span_equal(buf_span(&once), buf_span(&twice)));
		HOLDS(text_may_store(buf_span(&once), false));
		buf_clear(&once);
		buf_clear(&twice);
		text_normalise(s, &once);
		text_normalise(buf_span(&once), &twice);
		HOLDS(span_equal(buf_span(&once), buf_span(&twice)));
		HOLDS(text_may_store(s, true) == text_may_store(buf_span(&once), true));
	}
	buf_fini(&once);
	buf_fini(&twice);
}

/* Graphemes cover the text, and the last of them is the one before the end. */
static void check_graphemes(struct span s)
{
	size_t last = 0, line_last = 0;
	for (struct span rest = s; rest.n;) {
		int width = -1;
		last = text_grapheme(rest, &width);
		HOLDS(last && last <= rest.n && width >= 0 && width <= 2);
		line_last = last;
		rest = span_of(rest.p + last, rest.n - last);
	}
	if (s.n && !memchr(s.p, '\n', s.n))
		HOLDS(text_grapheme_back(s) == line_last);
}

static void check_wrap(struct span s, int width)
{
	struct wrap w = {0};
	size_t at = 0;
	wrap_text(s, width, &w);
	HOLDS(w.count && !w.rows[0].from);
	for (size_t i = 0; i < w.count; i++) {
		const struct wrap_row *r = &w.rows[i];
		HOLDS(r->from == at || (r->from == at + 1 && s.p[at] == '\n'));
		HOLDS(r->to >= r->from && r->to <= s.n);
		HOLDS(text_width(wrap_row_text(&w, s, i)) <= (width < 2 ? 2 : width));
		at = r->to;
	}
	HOLDS(at == s.n);
	wrap_fini(&w);
}

/* Typed in at different places, and taken back. */
static void check_edit(struct span s, bool many)
{
	struct edit e;
	struct wrap rows = {0};
	size_t row;
	int column;
	edit_init(&e, many);
	edit_paste(&e, s);
	HOLDS(text_may_store(buf_span(&e.text), many));
	for (size_t i = 0; i < s.n && i < 12; i++) {
		uint8_t what = s.p[i];
		static void (*const moves[])(struct edit *) = {edit_left,      edit_right,
							       edit_word_left, edit_word_right,
							       edit_rub_out,   edit_delete};
		if (what < 0x80)
			edit_set_cursor(&e, what);
		moves[what % 6](&e);
		edit_type(&e, span_of(s.p, i));
		HOLDS(e.cursor <= e.text.n);
		edit_layout(&e, 20, &rows, &row, &column);
		HOLDS(column >= 0 && column <= 20);
		edit_home(&e, 20);
		edit_move_rows(&e, (int8_t)what, 20);
		edit_end(&e, 20);
	}
	HOLDS(text_may_store(buf_span(&e.text), many));
	while (edit_undo(&e))
		;
	HOLDS(!e.text.n);
	wrap_fini(&rows);
	edit_fini(&e);
}

static void check_ids(const char *text)
{
	struct id id;
	struct hash hash;
	char hex[ID_HEX];
	if (id_from_hex(text, &id))
		HOLDS(!strcasecmp(id_to_hex(&id, hex), text));
	hash_from_hex(text, &hash);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct feed f = {span_of(data, n)};
	int columns = feed_byte(&f);
	struct span s = f.rest;
	fuzz_start();
	char *text = mem_text_n(s.n ? (const char *)s.p : "", s.n);
	check_clean(s);
	check_clip(s, columns);
	check_fold(s);
	check_graphemes(s);
	check_wrap(s, columns);
	check_edit(s, columns & 1);
	check_ids(text);
	text_match(text, "mairi macleod");
	text_match("mairi macloed", text);
	HOLDS(text_distance(text, text, 2) == 0 || strlen(text) > LETTERS_COMPARED);
	free(text);
	return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * Random keys, and what they come to.
 */
#include "typist.h"

#include <linkbook/text.h>

#include <string.h>

const char *const typist_words[] = {"gasbillworry",
				    "sisterjeanie",
				    "threeflights",
				    "blisterpacks",
				    "kneegotworse",
				    "Quietheartily",
				    "\u0142\u00f3\u017ckowisko",
				    NULL};
enum { WORDS = 7 };

static const char *const letters[] = {"a", "e", "i",	  "n",	    "s",      "t",
				      " ", " ", ".",	  "Z",	    "4",      "/",
				      "!", "'", "\u00f2", "\u0142", "\u5f20", "\u2014"};
enum { LETTERS = sizeof letters / sizeof *letters };

unsigned typist_draw(struct typist *t, unsigned below)
{
	uint32_t r;
	t->draw.random(&t->draw, &r, sizeof r);
	return r % below;
}

void typist_init(struct typist *t, uint64_t seed)
{
	*t = (struct typist){.lines = true};
	seam_init_sim(&t->draw, seed, 0);
}

void typist_fini(struct typist *t)
{
	for (size_t i = 0; i <= STROKES_MOST; i++)
		buf_fini(&t->after[i]);
}

/* --- the field --------------------------------------------------------------------------- */

static void insert(struct typist *t, uint32_t c)
{
	memmove(t->text + t->cursor + 1, t->text + t->cursor,
		(t->length - t->cursor) * sizeof *t->text);
	t->text[t->cursor++] = c;
	t->length++;
}

static void take_out(struct typist *t, size_t at)
{
	memmove(t->text + at, t->text + at + 1, (t->length - at - 1) * sizeof *t->text);
	t->length--;
}

/* One letter of UTF-8; how many bytes it has. */
static size_t type_letter(struct typist *t, const char *p, struct buf *bytes)
{
	size_t n = 1;
	uint32_t c = (uint8_t)*p;
	if (c >= 0xC0) {
		n = c >= 0xE0 ? 3 : 2;
		c &= n == 3 ? 0x0F : 0x1F;
		for (size_t i = 1; i < n; i++)
			c = c << 6 | ((uint8_t)p[i] & 0x3F);
	}
	buf_add(bytes, p, n);
	insert(t, c);
	return n;
}

static void type_all(struct typist *t, const char *text, struct buf *bytes)
{
	while (*text)
		text += type_letter(t, text, bytes);
}

/* --- strokes ----------------------------------------------------------------------------- */

static void letter(struct typist *t, struct buf *bytes)
{
	type_letter(t, letters[typist_draw(t, LETTERS)], bytes);
}

static void word(struct typist *t, struct buf *bytes)
{
	t->rest = typist_words[typist_draw(t, WORDS)];
	t->rest += type_letter(t, t->rest, bytes);
}

static void enter(struct typist *t, struct buf *bytes)
{
	if (!t->lines) {
		letter(t, bytes);
		return;
	}
	buf_add_byte(bytes, '\r');
	insert(t, '\n');
}

static void rub_out(struct typist *t, struct buf *bytes)
{
	buf_add_byte(bytes, 0x7F);
	if (t->cursor)
		take_out(t, --t->cursor);
}

static void delete (struct typist *t, struct buf *bytes)
{
	buf_add_text(bytes, "\033[3~");
	if (t->cursor < t->length)
		take_out(t, t->cursor);
}

static void left(struct typist *t, struct buf *bytes)
{
	buf_add_text(bytes, t->application ? "\033OD" : "\033[D");
	t->cursor -= t->cursor > 0;
}

static void right(struct typist *t, struct buf *bytes)
{
	buf_add_text(bytes, t->application ? "\033OC" : "\033[C");
	t->cursor += t->cursor < t->length;
}

/* Piece by piece, and then its end. */
static void paste(struct typist *t, struct buf *bytes)
{
	buf_add_text(bytes, "\033[200~");
	type_all(t, typist_words[typist_draw(t, WORDS)], bytes);
	t->pasting = 1 + typist_draw(t, 8);
	t->paste_next = false;
}

static void paste_on(struct typist *t, struct buf *bytes)
{
	if (--t->pasting)
		type_all(t, typist_words[typist_draw(t, WORDS)], bytes);
	else
		buf_add_text(bytes, "\033[201~");
}

static const struct {
	void (*press)(struct typist *t, struct buf *bytes);
	unsigned share;
} presses[] = {
	{letter, 50}, {word, 12}, {enter, 6}, {rub_out, 8},
	{delete, 4},  {left, 7},  {right, 4}, {paste, 5},
};
enum { SHARES = 50 + 12 + 6 + 8 + 4 + 7 + 4 + 5 };

static void press_any(struct typist *t, struct buf *bytes)
{
	unsigned n = typist_draw(t, SHARES);
	size_t i = 0;
	while (n >= presses[i].share)
		n -= presses[i++].share;
	presses[i].press(t, bytes);
}

void typist_stroke(struct typist *t, int64_t now, struct buf *bytes)
{
	BUG_IF(t->strokes == STROKES_MOST);
	if (t->paste_next)
		paste(t, bytes);
	else if (t->pasting)
		paste_on(t, bytes);
	else if (t->rest && *t->rest)
		t->rest += type_letter(t, t->rest, bytes);
	else
		press_any(t, bytes);
	t->at[++t->strokes] = now;
	for (size_t i = 0; i < t->length; i++)
		text_add_codepoint(&t->after[t->strokes], t->text[i]);
}

bool typist_wrote(const struct typist *t, size_t first, struct span text)
{
	for (size_t i = first; i <= t->strokes; i++)
		if (span_equal(buf_span(&t->after[i]), text))
			return true;
	return false;
}

static bool is_blank(const struct buf *text)
{
	return strspn(buf_text(text), " \n") == text->n;
}

bool typist_wrote_nothing(const struct typist *t, size_t first)
{
	for (size_t i = first; i <= t->strokes; i++)
		if (is_blank(&t->after[i]))
			return true;
	return false;
}

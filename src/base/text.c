/* SPDX-License-Identifier: MIT
 *
 * Text measured, folded, cleaned.  The Unicode tables are utf8proc's; the only table of our
 * own is of letters that Unicode does not decompose though people type them without strokes.
 */
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { CP_BAD = 0xFFFD };

/* Decodes one code point; the bytes it took (at least 1). cp < 0 when ill-formed. */
static size_t take(struct span s, utf8proc_int32_t *cp)
{
	utf8proc_ssize_t n = utf8proc_iterate(s.p, (utf8proc_ssize_t)s.n, cp);
	if (n > 0)
		return (size_t)n;
	*cp = -1;
	return 1;
}

static struct span after(struct span s, size_t n)
{
	return (struct span){s.p + n, s.n - n};
}

/* How many bytes from the start are ASCII and no NUL; most texts are all that. */
static size_t plain_bytes(struct span s)
{
	static const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
	size_t n = 0;
	for (uint64_t eight; n + sizeof eight <= s.n; n += sizeof eight) {
		memcpy(&eight, s.p + n, sizeof eight);
		/* A byte below 1, or with the top bit, leaves a top bit here. */
		if (((eight - ones) | eight) & tops)
			break;
	}
	while (n < s.n && s.p[n] && s.p[n] < 0x80)
		n++;
	return n;
}

bool text_is_utf8(struct span s)
{
	for (s = after(s, plain_bytes(s)); s.n; s = after(s, plain_bytes(s))) {
		utf8proc_int32_t cp;
		size_t n = take(s, &cp);
		if (cp <= 0)
			return false;
		s = after(s, n);
	}
	return true;
}

static bool is_control(utf8proc_int32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029;
}

/* Characters that make a terminal show words in another order than they were written. */
static bool is_bidi_control(utf8proc_int32_t cp)
{
	return (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0x200E ||
	       cp == 0x200F || cp == 0x061C;
}

/* Characters that show nothing and shape nothing beside them: words with them look like words
 * without, and some hide whole sentences.  Fillers are letters that are blank.  What joins or
 * parts letters (in Persian, in a family of emoji) is not among them. */
static const struct {
	utf8proc_int32_t from, to;
} unseen[] = {
	{0x00AD, 0x00AD},   {0x034F, 0x034F},	{0x17B4, 0x17B5},   {0x180E, 0x180E},
	{0x200B, 0x200B},   {0x2060, 0x206F},	{0x3164, 0x3164},   {0xFDD0, 0xFDEF},
	{0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},	{0xFFF9, 0xFFFB},   {0x1BCA0, 0x1BCA3},
	{0x1D173, 0x1D17A}, {0xE0000, 0xE001F}, {0xE0080, 0xE00FF}, {0xE01F0, 0xE0FFF},
};

static bool is_tag(utf8proc_int32_t cp)
{
	return cp >= 0xE0020 && cp <= 0xE007F;
}

/* The tags of a flag (Scotland's is one) belong to it; others are hidden words. */
static bool is_unseen(utf8proc_int32_t before, utf8proc_int32_t cp)
{
	if (is_tag(cp))
		return before != 0x1F3F4 && !is_tag(before);
	for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
		if (cp >= unseen[i].from && cp <= unseen[i].to)
			return true;
	return (cp & 0xFFFE) == 0xFFFE; /* no character at all */
}

/* What a reader is shown for a character that comes after `before` (as it is shown): itself, a
 * blank, or the sign for what cannot be shown. */
static utf8proc_int32_t shown(utf8proc_int32_t before, utf8proc_int32_t cp)
{
	if (cp == '\n' || cp == '\t')
		return ' ';
	if (cp >= ' ' && cp < 0x7F)
		return cp;
	if (cp < 0 || is_control(cp) || is_bidi_control(cp) || is_unseen(before, cp))
		return CP_BAD;
	return cp;
}

bool text_may_store(struct span s, bool multiline)
{
	while (s.n) {
		utf8proc_int32_t cp;
		size_t n = take(s, &cp);
		if (cp < 0 || is_bidi_control(cp))
			return false;
		if (is_control(cp) && !(multiline && (cp == '\n' || cp == '\t')))
			return false;
		s = after(s, n);
	}
	return true;
}

/* False, and nothing added: it is no UTF-8. */
static bool map_text(struct span s, utf8proc_option_t options, utf8proc_custom_func first,
		     struct buf *out)
{
	utf8proc_uint8_t *mapped = NULL;
	utf8proc_ssize_t n =
		utf8proc_map_custom(s.p, (utf8proc_ssize_t)s.n, &mapped, options, first, NULL);
	if (n == UTF8PROC_ERROR_NOMEM)
		err_out_of_memory();
	if (n > 0)
		buf_add(out, mapped, (size_t)n);
	free(mapped);
	return n >= 0;
}

void text_normalise(struct span s, struct buf *out)
{
	map_text(s, UTF8PROC_STABLE | UTF8PROC_COMPOSE, NULL, out);
}

void text_upper(struct span s, struct buf *out)
{
	while (s.n) {
		utf8proc_int32_t cp;
		size_t n = take(s, &cp);
		text_add_codepoint(out, (uint32_t)utf8proc_toupper(cp < 0 ? CP_BAD : cp));
		s = after(s, n);
	}
}

/* Small letters that keep their stroke or ligature through decomposition. */
static const struct {
	uint32_t cp;
	const char *plain;
} folds[] = {
	{0x00E6, "ae"}, {0x00F8, "o"}, {0x00F0, "d"}, {0x00FE, "th"}, {0x0111, "d"}, {0x0127, "h"},
	{0x0131, "i"},	{0x0142, "l"}, {0x014B, "n"}, {0x0153, "oe"}, {0x0167, "t"}, {0x00DF, "ss"},
	{0x0180, "b"},	{0x0188, "c"}, {0x0199, "k"}, {0x01B4, "y"},  {0x01E5, "g"}, {0x01DD, "e"},
	{0x0253, "b"},	{0x0254, "o"}, {0x0256, "d"}, {0x0257, "d"},  {0x0259, "e"}, {0x025B, "e"},
	{0x0260, "g"},	{0x0268, "i"}, {0x0289, "u"}, {0x0272, "n"},  {0x01B6, "z"}, {0x0237, "j"},
};

static const char *fold_letter(uint32_t cp)
{
	for (size_t i = 0; i < sizeof folds / sizeof *folds; i++)
		if (folds[i].cp == cp)
			return folds[i].plain;
	return NULL;
}

/* Also the okina and what keyboards offer in its place: turned commas, accents, a prime. */
static bool is_apostrophe(uint32_t cp)
{
	return cp == '\'' || cp == '`' || cp == 0x00B4 || (cp >= 0x02B9 && cp <= 0x02BD) ||
	       (cp >= 0x2018 && cp <= 0x201B) || cp == 0x2032 || cp == 0xFF07;
}

/* Before accents are taken off: the accent alone would leave a blank. */
static utf8proc_int32_t plain_apostrophe(utf8proc_int32_t cp, void *data)
{
	(void)data;
	return is_apostrophe((uint32_t)cp) ? '\'' : cp;
}

static bool is_word(utf8proc_int32_t cp)
{
	utf8proc_category_t c = utf8proc_category(cp);
	return (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO) ||
	       (c >= UTF8PROC_CATEGORY_ND && c <= UTF8PROC_CATEGORY_NO);
}

/* O'Neil and O’Neil fold to "oneil": people leave the apostrophe out.  from: where in out the text
 * at hand begins. */
static void fold_codepoint(utf8proc_int32_t cp, size_t from, struct buf *out)
{
	const char *plain = fold_letter((uint32_t)cp);
	if (plain)
		buf_add_text(out, plain);
	else if (is_word(cp))
		text_add_codepoint(out, (uint32_t)cp);
	else if (cp != '\'' && out->n > from && out->p[out->n - 1] != ' ')
		buf_add_byte(out, ' ');
}

/* ASCII wants no tables, and is most of what is folded. */
static void fold_plain(struct span s, size_t from, struct buf *out)
{
	buf_reserve(out, s.n);
	uint8_t *to = out->p + out->n, *start = out->p + from;
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.p[i];
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			*to++ = c;
		else if (c >= 'A' && c <= 'Z')
			*to++ = (uint8_t)(c - 'A' + 'a');
		else if (c != '\'' && c != '`' && to > start && to[-1] != ' ')
			*to++ = ' ';
	}
	*to = 0;
	out->n = (size_t)(to - out->p);
}

/* The rest, up to the next ASCII.  No letter looks over that border: accents are taken off, and
 * nothing is put together. */
static bool fold_others(struct span s, size_t from, struct buf *out)
{
	struct buf mapped = BUF_INIT;
	bool good = map_text(s,
			     UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
				     UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE,
			     plain_apostrophe, &mapped);
	for (struct span rest = buf_span(&mapped); rest.n;) {
		utf8proc_int32_t cp;
		size_t n = take(rest, &cp);
		fold_codepoint(cp < 0 ? ' ' : cp, from, out);
		rest = after(rest, n);
	}
	buf_fini(&mapped);
	return good;
}

static size_t other_bytes(struct span s)
{
	size_t n = 0;
	while (n < s.n && (!s.p[n] || s.p[n] >= 0x80))
		n++;
	return n;
}

void text_fold(struct span s, struct buf *out)
{
	size_t from = out->n, n;
	bool good = true;
	for (; good && s.n; s = after(s, n)) {
		n = plain_bytes(s);
		if (n)
			fold_plain(span_of(s.p, n), from, out);
		else
			good = fold_others(span_of(s.p, n = other_bytes(s)), from, out);
	}
	if (!good)
		out->n = from; /* no text, so no words */
	if (out->n > from && out->p[out->n - 1] == ' ')
		out->n--;
	if (out->p)
		out->p[out->n] = 0;
}

/* Vowel signs of Indic scripts that stand beside their letter.  Unicode counts them into its
 * grapheme; terminals give them a column of their own, and curses drops them from another's
 * cell, which would change the name. */
static bool is_sign_beside(utf8proc_int32_t cp)
{
	return utf8proc_category(cp) == UTF8PROC_CATEGORY_MC;
}

/* Unicode counts some signs into the letter after them (that of a number, in Arabic), and they
 * take a column of their own as well: in one cell the letter would be lost. */
static bool is_sign_before(utf8proc_int32_t cp)
{
	bool is_format = utf8proc_category(cp) == UTF8PROC_CATEGORY_CF;
	return is_format && (cp < 0x2000 || cp == 0x110BD || cp == 0x110CD);
}

/* The columns of a grapheme are those of its widest code point. */
size_t text_grapheme(struct span s, int *width)
{
	utf8proc_int32_t state = 0, before = 0, cp;
	size_t n = 0;
	int columns = 0;
	while (n < s.n) {
		size_t bytes = take(after(s, n), &cp);
		cp = shown(before, cp);
		if (n && (is_sign_beside(cp) || is_sign_before(before) ||
			  utf8proc_grapheme_break_stateful(before, cp, &state)))
			break;
		int w = is_sign_beside(cp) || is_sign_before(cp) ? 1 : utf8proc_charwidth(cp);
		columns = w > columns ? w : columns;
		n += bytes;
		before = cp;
	}
	if (width)
		*width = columns;
	return n;
}

size_t text_grapheme_back(struct span s)
{
	/* Breaks depend on what stands before, so walk forward from the line's start. */
	size_t start = s.n;
	while (start && s.p[start - 1] != '\n')
		start--;
	if (start == s.n)
		return s.n ? 1 : 0;
	size_t last = 0;
	for (struct span rest = after(s, start); rest.n; rest = after(rest, last))
		last = text_grapheme(rest, NULL);
	return last;
}

int text_width(struct span s)
{
	int columns = 0, w;
	while (s.n) {
		s = after(s, text_grapheme(s, &w));
		columns += w;
	}
	return columns;
}

size_t text_fit(struct span s, int columns)
{
	size_t fitted = 0;
	int used = 0, w;
	while (fitted < s.n) {
		size_t n = text_grapheme(after(s, fitted), &w);
		if (used + w > columns)
			break;
		used += w;
		fitted += n;
	}
	return fitted;
}

/* More marks than any script puts on a letter would be painted over the lines around it. */
enum { MARKS_MOST = 12 };

/* A text on its way to a reader. */
struct showing {
	utf8proc_int32_t before;
	int marks; /* on the letter before */
};

/* The next character as it is shown, 0 for a mark too many; its own bytes. */
static size_t show_next(struct showing *st, struct span s, utf8proc_int32_t *cp,
			utf8proc_int32_t *out)
{
	size_t n = take(s, cp);
	*out = shown(st->before, *cp);
	utf8proc_category_t c = utf8proc_category(*out);
	bool is_mark =
		c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_ME || c == UTF8PROC_CATEGORY_CF;
	st->marks = is_mark ? st->marks + 1 : 0;
	st->before = *out;
	if (st->marks > MARKS_MOST)
		*out = 0;
	return n;
}

void text_clean(struct span s, struct buf *out)
{
	struct showing st = {0};
	while (s.n) {
		utf8proc_int32_t cp, show;
		size_t n = show_next(&st, s, &cp, &show);
		if (show)
			text_add_codepoint(out, (uint32_t)show);
		s = after(s, n);
	}
}

void text_strip(struct span s, struct buf *out)
{
	utf8proc_int32_t before = 0;
	while (s.n) {
		utf8proc_int32_t cp;
		size_t n = take(s, &cp);
		if (cp < 0 || (!is_bidi_control(cp) && !is_unseen(before, cp))) {
			buf_add(out, s.p, n);
			before = cp;
		}
		s = after(s, n);
	}
}

static void add_escape(struct buf *out, uint32_t cp)
{
	if (cp > 0xFFFF)
		buf_printf(out, "\\u%04x\\u%04x", 0xD800 + ((cp - 0x10000) >> 10),
			   0xDC00 + ((cp - 0x10000) & 0x3FF));
	else
		buf_printf(out, "\\u%04x", cp);
}

void text_escape(struct span s, struct buf *out)
{
	struct showing st = {0};
	while (s.n) {
		utf8proc_int32_t cp, show;
		size_t n = show_next(&st, s, &cp, &show);
		if (show == cp || cp < 0)
			buf_add(out, s.p, n);
		else
			add_escape(out, (uint32_t)cp);
		s = after(s, n);
	}
}

void text_clip(struct span s, int columns, bool ascii, struct buf *out)
{
	struct buf clean = BUF_INIT;
	text_clean(s, &clean);
	struct span all = buf_span(&clean);
	if (text_width(all) <= columns) {
		buf_add_span(out, all);
	} else if (columns > 0) {
		buf_add(out, all.p, text_fit(all, columns - 1));
		buf_add_text(out, ascii ? ">" : "…");
	}
	buf_fini(&clean);
}

void text_add_codepoint(struct buf *out, uint32_t cp)
{
	utf8proc_uint8_t bytes[4];
	utf8proc_ssize_t n = utf8proc_encode_char((utf8proc_int32_t)cp, bytes);
	buf_add(out, bytes, (size_t)n);
}

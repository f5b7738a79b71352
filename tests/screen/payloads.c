/* SPDX-License-Identifier: MIT
 *
 * The lists, and their members one by one.
 */
#include "payloads.h"

#include <stdio.h>
#include <string.h>

#define COUNT(v) (sizeof(v) / sizeof *(v))
enum { BYTES = 256, FLOOD = 200 };

static const struct {
	const char *what;
	enum harm harm;
	const char *text;
} lines[] = {
	{"clears the screen", HARMFUL, "a\033[2Jb"},
	{"clears it, in eight bits", HARMFUL,
	 "a\x9b"
	 "2Jb"},
	{"clears it, in a letter of C1", HARMFUL,
	 "a\xc2\x9b"
	 "2Jb"},
	{"moves the cursor", HARMFUL, "\033[1;1HHacked"},
	{"resets the terminal", HARMFUL, "\033c"},
	{"sets a title", HARMFUL, "\033]0;title\a"},
	{"sets a title, in eight bits", HARMFUL,
	 "\x9d"
	 "0;title\x9c"},
	{"writes the clipboard", HARMFUL, "\033]52;c;YQ==\a"},
	{"asks the terminal to answer", HARMFUL, "\033[6n\033[c\005"},
	{"a string for the device", HARMFUL, "\033P$q\"p\033\\"},
	{"leaves the other screen", HARMFUL, "\033[?1049l"},
	{"ends a paste", HARMFUL, "\033[201~\rq"},
	{"half a sequence", HARMFUL, "a\033["},
	{"another character set", HARMFUL, "\016lqk\017"},
	{"writes over what stands there", HARMFUL, "Mairi\rAda"},
	{"goes back", HARMFUL, "Mairi\b\b\b\b\bAda"},
	{"overlong", HARMFUL, "\xc0\x80\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf"},
	{"beyond the last", HARMFUL, "\xf4\x90\x80\x80\xf5\x80\x80\x80\xf8\x88\x80\x80\x80"},
	{"two surrogates", HARMFUL, "\xed\xa0\xbd\xed\xb1\xa9"},
	{"half a letter", HARMFUL, "a\xe2\x82 b\xf0\x9f\x91"},
	{"a rest of a letter", HARMFUL, "\x80\xbf\x80"},
	{"turned round", HARMFUL, "Mairi \u202Edoow\u202C Wood"},
	{"isolates", HARMFUL, "\u2067abc\u2069 \u2066abc\u2069"},
	{"a number as phones copy it", HARMFUL, "\u202A07700 900123\u202C"},
	{"hidden words", HARMFUL, "Ada\U000E0001\U000E0069\U000E0067\U000E006E\U000E006F"},
	{"a blank name", HARMFUL, "\u3164\uFFA0"},
	{"blanks of no width", HARMFUL, "Ma\u200Bi\u2060r\uFEFFi\u00AD"},
	{"joiners in a row", HARMFUL_ON_SCREENS, "a\u200D\u200D\u200C\u200Db"},
	{"selectors in a row", HARMFUL_ON_SCREENS, "a\uFE0F\uFE0E\U000E0100\U000E01EFb"},
	{"a family", HARMFUL_ON_SCREENS, "x👩\u200D👩\u200D👧\u200D👦y"},
	{"a heart", HARMFUL_ON_SCREENS, "x❤\uFE0Fy❤z"},
	{"a keycap", HARMFUL_ON_SCREENS, "x1\uFE0F\u20E3y"},
	{"Scotland's flag", HARMFUL_ON_SCREENS,
	 "x\U0001F3F4\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007Fy"},
	{"two letters of a flag, and one", HARMLESS, "x🇬🇧y🇬z"},
	{"a tone of skin", HARMLESS, "x👋🏽y🏽z"},
	{"Arabic", HARMLESS, "محمد عبدالله"},
	{"Persian, parted", HARMLESS, "می\u200Cآید نمی\u200Cدانم"},
	{"Hebrew with points", HARMLESS, "שָׁלוֹם"},
	{"Devanagari, joined", HARMFUL_ON_SCREENS, "क्\u200Dष हिन्दी"},
	{"Tamil", HARMLESS, "தமிழ் கொ"},
	{"Thai", HARMLESS, "ภาษาไทย กำ"},
	{"Hangul, in parts", HARMLESS, "\u1112\u1161\u11ab x \u1161"},
	{"Han, wide", HARMLESS, "张伟 ＡＢ ｱ"},
	{"accents apart", HARMLESS, "Macleo\u0300d e\u0323\u0302"},
	{"a mark without a letter", HARMLESS, "\u0301\u20DDa"},
	{"Gaelic, Polish", HARMLESS, "Zoë Ní Bhriain, Łukasz MacLeòd"},
};

/* From each the first, the last and the middle one. */
static const struct {
	const char *what;
	enum harm harm;
	uint32_t from, to;
} classes[] = {
	{"C1", HARMFUL, 0x80, 0x9F},
	{"a soft hyphen", HARMFUL, 0xAD, 0xAD},
	{"a joiner of graphemes", HARMFUL, 0x034F, 0x034F},
	{"a mark of Arabic", HARMFUL, 0x061C, 0x061C},
	{"vowels of Khmer that nobody sees", HARMFUL, 0x17B4, 0x17B5},
	{"selectors of Mongolian", HARMFUL_ON_SCREENS, 0x180B, 0x180D},
	{"a separator of Mongolian", HARMFUL, 0x180E, 0x180E},
	{"a blank of no width", HARMFUL, 0x200B, 0x200B},
	{"joiners", HARMFUL_ON_SCREENS, 0x200C, 0x200D},
	{"marks of direction", HARMFUL, 0x200E, 0x200F},
	{"separators", HARMFUL, 0x2028, 0x2029},
	{"embeddings and overrides", HARMFUL, 0x202A, 0x202E},
	{"invisible operators", HARMFUL, 0x2060, 0x2064},
	{"isolates", HARMFUL, 0x2066, 0x2069},
	{"deprecated controls", HARMFUL, 0x206A, 0x206F},
	{"a filler", HARMFUL, 0x3164, 0x3164},
	{"surrogates", HARMFUL, 0xD800, 0xDFFF},
	{"selectors", HARMFUL_ON_SCREENS, 0xFE00, 0xFE0F},
	{"noncharacters", HARMFUL, 0xFDD0, 0xFDEF},
	{"a byte order mark", HARMFUL, 0xFEFF, 0xFEFF},
	{"a filler of half width", HARMFUL, 0xFFA0, 0xFFA0},
	{"annotations", HARMFUL, 0xFFF9, 0xFFFB},
	{"noncharacters", HARMFUL, 0xFFFE, 0xFFFF},
	{"of shorthand", HARMFUL, 0x1BCA0, 0x1BCA3},
	{"of music", HARMFUL, 0x1D173, 0x1D17A},
	{"noncharacters", HARMFUL, 0x1FFFE, 0x1FFFF},
	{"tags", HARMFUL, 0xE0001, 0xE007F},
	{"more selectors", HARMFUL_ON_SCREENS, 0xE0100, 0xE01EF},
	{"the last ones", HARMFUL, 0x10FFFE, 0x10FFFF},
	{"beyond the last", HARMFUL, 0x110000, 0x1FFFFF},
	{"accents", HARMLESS, 0x0300, 0x034E},
	{"nobody's", HARMLESS, 0x0378, 0x0379},
	{"signs before a number", HARMLESS, 0x0600, 0x0605},
	{"parts of Hangul", HARMLESS, 0x1100, 0x11FF},
	{"blanks", HARMLESS, 0x2000, 0x200A},
	{"a blank of Braille", HARMLESS, 0x2800, 0x2800},
	{"Han", HARMLESS, 0x4E00, 0x9FFF},
	{"private", HARMLESS, 0xE000, 0xF8FF},
	{"the sign for what cannot be shown", HARMLESS, 0xFFFD, 0xFFFD},
	{"emoji", HARMLESS, 0x1F300, 0x1FAF8},
	{"private beyond", HARMLESS, 0xF0000, 0xFFFFD},
};

enum { OF_EACH_CLASS = 3, FLOODS = 3 };

void payload_letter(uint32_t code, struct buf *out)
{
	int more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
	static const uint8_t leads[] = {0, 0xC0, 0xE0, 0xF0};
	buf_add_byte(out, (uint8_t)(leads[more] | code >> (6 * more)));
	while (more--)
		buf_add_byte(out, (uint8_t)(0x80 | (code >> (6 * more) & 0x3F)));
}

/* Alone, between letters, after a letter of two bytes, twice. */
static struct payload with_byte(uint8_t byte)
{
	bool is_plain = (byte >= ' ' && byte < 0x7F) || byte == '\n';
	struct payload p = {"a byte", is_plain ? HARMLESS : HARMFUL, BUF_INIT};
	buf_add_byte(&p.text, byte);
	buf_add_byte(&p.text, 'a');
	buf_add_byte(&p.text, byte);
	buf_add_text(&p.text, "z é");
	buf_add_byte(&p.text, byte);
	buf_add_byte(&p.text, ' ');
	buf_add_byte(&p.text, byte);
	buf_add_byte(&p.text, byte);
	return p;
}

static struct payload of_class(size_t i)
{
	uint32_t from = classes[i / OF_EACH_CLASS].from, to = classes[i / OF_EACH_CLASS].to;
	uint32_t which[OF_EACH_CLASS] = {from, from + (to - from) / 2, to};
	struct payload p = {classes[i / OF_EACH_CLASS].what, classes[i / OF_EACH_CLASS].harm,
			    BUF_INIT};
	static const char *const beside[] = {"", "a", "b张", "", "e\u0301", " ب"};
	for (size_t k = 0; k < COUNT(beside); k++) {
		buf_add_text(&p.text, beside[k]);
		payload_letter(which[i % OF_EACH_CLASS], &p.text);
	}
	return p;
}

static struct payload flood(size_t i)
{
	static const struct {
		const char *what, *mark;
		enum harm harm;
	} floods[FLOODS] = {{"a flood of accents", "\u0301", HARMFUL},
			    {"a flood of circles", "\u20DD", HARMFUL},
			    {"a flood of selectors", "\uFE0F", HARMFUL_ON_SCREENS}};
	struct payload p = {floods[i].what, floods[i].harm, BUF_INIT};
	buf_add_text(&p.text, "Z");
	for (int k = 0; k < FLOOD; k++)
		buf_add_text(&p.text, floods[i].mark);
	buf_add_text(&p.text, "oe");
	return p;
}

size_t payload_count(void)
{
	return BYTES + COUNT(lines) + OF_EACH_CLASS * COUNT(classes) + FLOODS;
}

struct payload payload_make(size_t i)
{
	if (i < BYTES)
		return with_byte((uint8_t)i);
	i -= BYTES;
	if (i < COUNT(lines)) {
		struct payload p = {lines[i].what, lines[i].harm, BUF_INIT};
		buf_add_text(&p.text, lines[i].text);
		return p;
	}
	i -= COUNT(lines);
	if (i < OF_EACH_CLASS * COUNT(classes))
		return of_class(i);
	return flood(i - OF_EACH_CLASS * COUNT(classes));
}

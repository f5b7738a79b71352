/* SPDX-License-Identifier: MIT
 *
 * Bytes on their way out, one by one.  A decoder and lists of its own: what is tested is not
 * asked.
 */
#include "watch.h"

#include <stdio.h>
#include <string.h>

enum { MARKS_MOST = 16 };

void watch_start(struct watch *w, enum watching how)
{
	*w = (struct watch){.how = how};
}

static void leak(struct watch *w, const char *what, uint32_t code)
{
	if (!w->leaks++)
		snprintf(w->first, sizeof w->first, "%s (%04X)", what, code);
}

/* --- letters ------------------------------------------------------------------------------ */

struct range {
	uint32_t from, to;
	const char *what;
};

/* Never, anywhere. */
static const struct range never[] = {
	{0x7F, 0x9F, "a control character"},
	{0xAD, 0xAD, "a soft hyphen"},
	{0x034F, 0x034F, "an invisible character"},
	{0x061C, 0x061C, "a bidi mark"},
	{0x17B4, 0x17B5, "an invisible character"},
	{0x180E, 0x180E, "an invisible character"},
	{0x200B, 0x200B, "a blank of no width"},
	{0x200E, 0x200F, "a bidi mark"},
	{0x2028, 0x202E, "a bidi control"},
	{0x2060, 0x206F, "an invisible character"},
	{0x3164, 0x3164, "a blank letter"},
	{0xFDD0, 0xFDEF, "a noncharacter"},
	{0xFEFF, 0xFEFF, "a byte order mark"},
	{0xFFA0, 0xFFA0, "a blank letter"},
	{0xFFF9, 0xFFFB, "an annotation"},
	{0xD800, 0xDFFF, "a surrogate"},
	{0x1BCA0, 0x1BCA3, "an invisible character"},
	{0x1D173, 0x1D17A, "an invisible character"},
	{0xE0000, 0xE001F, "a tag"},
};
/* What joins or chooses shapes: in words, never on a screen of cells. */
static const struct range shaping[] = {
	{0x180B, 0x180F, "a selector"}, {0x200C, 0x200C, "a joiner"},
	{0x200D, 0x200D, "a joiner"},	{0xFE00, 0xFE0F, "a selector"},
	{0xE0020, 0xE007F, "a tag"},	{0xE0100, 0xE01EF, "a selector"},
};
static const struct range marks[] = {
	{0x0300, 0x036F, ""}, {0x0483, 0x0489, ""}, {0x0591, 0x05BD, ""},
	{0x0610, 0x061A, ""}, {0x064B, 0x065F, ""}, {0x1AB0, 0x1AFF, ""},
	{0x1DC0, 0x1DFF, ""}, {0x20D0, 0x20FF, ""}, {0xFE20, 0xFE2F, ""},
};
#define COUNT(v) (sizeof(v) / sizeof *(v))

static const char *in(const struct range *v, size_t n, uint32_t code)
{
	for (size_t i = 0; i < n; i++)
		if (code >= v[i].from && code <= v[i].to)
			return v[i].what;
	return NULL;
}

static bool is_tag(uint32_t code)
{
	return code >= 0xE0020 && code <= 0xE007F;
}

/* Two letters of Persian, say, that would be joined without it. */
static bool parts_letters(uint32_t before, uint32_t code)
{
	return code == 0x200C && before >= 0x0600 && before < 0x0E00;
}

static void take_letter(struct watch *w, uint32_t code)
{
	const char *what = in(never, COUNT(never), code);
	if (!what && (code & 0xFFFE) == 0xFFFE)
		what = "a noncharacter";
	if (!what && w->how == WATCH_SCREEN && !parts_letters(w->before, code))
		what = in(shaping, COUNT(shaping), code);
	/* The tags of a flag follow it. */
	if (!what && is_tag(code) && w->before != 0x1F3F4 && !is_tag(w->before))
		what = "a tag";
	w->marks = in(marks, COUNT(marks), code) ? w->marks + 1 : 0;
	if (!what && w->marks > MARKS_MOST)
		what = "a flood of marks";
	if (what)
		leak(w, what, code);
	w->before = code;
}

/* --- bytes -------------------------------------------------------------------------------- */

static void begin_letter(struct watch *w, uint8_t byte)
{
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
	w->more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
	w->letter = byte & (0x3Fu >> w->more);
	w->least = least[w->more];
	if (byte < 0xC2 || byte > 0xF4) {
		leak(w, "a byte that is no letter", byte);
		w->more = 0;
	}
}

static void take_high(struct watch *w, uint8_t byte)
{
	if (!w->more) {
		begin_letter(w, byte);
		return;
	}
	if ((byte & 0xC0) != 0x80)
		leak(w, "half a letter", byte);
	w->letter = w->letter << 6 | (byte & 0x3F);
	if (--w->more)
		return;
	if (w->letter < w->least || w->letter > 0x10FFFF)
		leak(w, "an overlong letter", w->letter);
	take_letter(w, w->letter);
}

static void take_control(struct watch *w, uint8_t byte)
{
	bool ok = byte == '\n';
	if (w->how == WATCH_SCREEN)
		ok |= byte == '\r' || byte == '\b' || byte == 0x0E || byte == 0x0F;
	if (w->how == WATCH_SCREEN && byte == '\033')
		w->at = AT_ESC;
	else if (!ok)
		leak(w, "a control byte", byte);
	w->before = byte;
	w->marks = 0;
}

/* CSI, the choice of a character set, colours as they were (OSC 104); never a title (OSC 0, CSI t)
 * nor another string. */
static void take_escape(struct watch *w, uint8_t byte)
{
	if (byte == '[')
		w->at = AT_CSI;
	else if (byte == ']')
		w->at = AT_OSC;
	else if (strchr("()*+", byte) && byte)
		w->at = AT_CHARSET;
	else {
		w->at = AT_TEXT;
		if (!byte || !strchr("=>78MDEHc", byte))
			leak(w, "a sequence", byte);
	}
}

/* "22;0;0t" and "23;0;0t" put the title aside at the start and bring it back at the end. */
static bool is_title_aside(const struct watch *w)
{
	return !strncmp(w->params, "22;", 3) || !strncmp(w->params, "23;", 3);
}

static void take_param(struct watch *w, uint8_t byte)
{
	size_t n = strlen(w->params);
	if (n + 1 < sizeof w->params)
		w->params[n] = (char)byte;
}

static void take_osc(struct watch *w, uint8_t byte)
{
	if (byte >= ' ' && byte < 0x7F) {
		take_param(w, byte);
		return;
	}
	w->at = AT_TEXT;
	if (byte != '\a' || strcmp(w->params, "104") != 0)
		leak(w, "a string for the terminal", byte);
	memset(w->params, 0, sizeof w->params);
}

static void take_csi(struct watch *w, uint8_t byte)
{
	if (byte >= ' ' && byte < '@') {
		take_param(w, byte);
		return;
	}
	w->at = AT_TEXT;
	if (!byte || !strchr("ABCDEFGHJKLMPSTX@abdfghlmr", byte))
		if (byte != 't' || !is_title_aside(w))
			leak(w, "a sequence of CSI", byte);
	memset(w->params, 0, sizeof w->params);
}

static void take_byte(struct watch *w, uint8_t byte)
{
	if (w->more && byte < 0x80) {
		leak(w, "half a letter", byte);
		w->more = 0;
	}
	if (w->at == AT_ESC)
		take_escape(w, byte);
	else if (w->at == AT_CSI)
		take_csi(w, byte);
	else if (w->at == AT_OSC)
		take_osc(w, byte);
	else if (w->at == AT_CHARSET)
		w->at = AT_TEXT;
	else if (byte >= 0x80)
		take_high(w, byte);
	else if (byte < ' ' || byte == 0x7F)
		take_control(w, byte);
	else
		take_letter(w, byte);
}

void watch_bytes(struct watch *w, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		take_byte(w, (uint8_t)bytes[i]);
}

void watch_end(struct watch *w)
{
	if (w->more || w->at != AT_TEXT)
		leak(w, "an end in the middle", 0);
}

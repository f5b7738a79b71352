/* SPDX-License-Identifier: MIT
 *
 * The raw bytes, before libyaml sees them.  libyaml stops at the first byte it does not like
 * and names no line; here every such character is told with its place and stands as U+FFFD in
 * the copy, so that reading goes on.  Lines and columns (in characters) count as libyaml's.
 */
#include "yroom.h"

#include <stdlib.h>
#include <string.h>
#include <linkbook/mem.h>
#include <linkbook/text.h>

static const char replacement[] = "\xEF\xBF\xBD";

/* Bytes of the first character and its code point; 0 when it is not UTF-8. */
static size_t take_char(struct span s, uint32_t *cp)
{
	uint8_t lead = s.p[0];
	*cp = lead;
	if (lead < 0x80)
		return 1;
	size_t n = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
	if (n > s.n || !text_is_utf8(span_of(s.p, n)))
		return 0;
	*cp = lead & (0xFFu >> (n + 1));
	for (size_t i = 1; i < n; i++)
		*cp = *cp << 6 | (s.p[i] & 0x3F);
	return n;
}

static bool may_stand(struct span s, uint32_t cp)
{
	if (cp >= 0x20 && cp < 0x7F)
		return true;
	/* A byte order mark inside a text, and two code points that are no characters. */
	if (cp == 0xFEFF || cp == 0xFFFE || cp == 0xFFFF)
		return false;
	return text_may_store(s, true);
}

bool sieve_finds_bad(struct span text, uint32_t *cp)
{
	while (text.n) {
		size_t n = take_char(text, cp);
		if (!n || !may_stand(span_of(text.p, n), *cp))
			return true;
		text = span_of(text.p + n, text.n - n);
	}
	return false;
}

static void say_bad(struct mistakes *m, struct place at, size_t n, uint32_t cp)
{
	if (!n)
		mistake_add(m, at.line, at.column,
			    "the byte 0x%02X is not UTF-8; save the file as UTF-8", cp);
	else if (!cp)
		mistake_add(m, at.line, at.column, "a NUL byte stands here; take it out");
	else
		mistake_add(m, at.line, at.column,
			    "an invisible control character (U+%04X) stands here; take it out", cp);
}

static void note_tab(struct sieve *s, struct place at)
{
	if (s->tab_count && s->tabs[s->tab_count - 1].line == at.line)
		return;
	s->tabs = mem_room(s->tabs, s->tab_count, &s->tab_cap, sizeof *s->tabs);
	s->tabs[s->tab_count++] = at;
}

/* A directive becomes a comment: libyaml takes quadratic time over thousands of them. */
static bool is_directive(struct place at, uint8_t byte, struct mistakes *m)
{
	if (at.column != 1 || byte != '%')
		return false;
	mistake_add(m, at.line, at.column,
		    "a line begins with %%; take the directive out, or put the text in quotes");
	return true;
}

/* Copies the first character of rest, or what stands in for it; its bytes. */
static size_t pass_char(struct sieve *s, struct span rest, struct place at, struct mistakes *m)
{
	uint32_t cp;
	size_t n = take_char(rest, &cp);
	bool line_end = cp == '\r' && rest.n > 1 && rest.p[1] == '\n';
	if (is_directive(at, rest.p[0], m)) {
		buf_add_byte(&s->bytes, '#');
	} else if (n && (line_end || may_stand(span_of(rest.p, n), cp))) {
		buf_add(&s->bytes, rest.p, n);
	} else {
		if (n || !s->in_bad)
			say_bad(m, at, n, cp);
		buf_add_text(&s->bytes, replacement);
	}
	s->in_bad = !n;
	return n ? n : 1;
}

static void pass_all(struct sieve *s, struct span rest, struct mistakes *m)
{
	struct place at = {1, 1};
	bool leading = true;
	while (rest.n) {
		uint8_t byte = rest.p[0];
		leading = leading && (byte == ' ' || byte == '\t');
		if (leading && byte == '\t')
			note_tab(s, at);
		size_t n = pass_char(s, rest, at, m);
		rest = span_of(rest.p + n, rest.n - n);
		at.column++;
		if (byte == '\n') {
			at = (struct place){at.line + 1, 1};
			leading = true;
		}
	}
}

static bool starts_with(struct span s, const char *bytes, size_t n)
{
	return s.n >= n && !memcmp(s.p, bytes, n);
}

bool sieve_read(struct span in, struct sieve *out, struct mistakes *m)
{
	*out = (struct sieve){0};
	if (in.n > YDOC_BYTES) {
		mistake_add(m, 0, 0, "the file is longer than %d MiB; split it", YDOC_BYTES >> 20);
		return false;
	}
	if (starts_with(in, "\xFF\xFE", 2) || starts_with(in, "\xFE\xFF", 2) ||
	    starts_with(in, "\0\0\xFE\xFF", 4)) {
		mistake_add(m, 1, 1, "the file is in UTF-16 or UTF-32; save it as UTF-8");
		return false;
	}
	if (starts_with(in, "\xEF\xBB\xBF", 3))
		in = span_of(in.p + 3, in.n - 3);
	buf_reserve(&out->bytes, in.n);
	pass_all(out, in, m);
	return true;
}

void sieve_fini(struct sieve *s)
{
	buf_fini(&s->bytes);
	free(s->tabs);
	*s = (struct sieve){0};
}

uint8_t sieve_byte(const struct sieve *s, struct place at)
{
	const char *p = buf_text(&s->bytes);
	for (; at.line > 1 && p; at.line--) {
		p = strchr(p, '\n');
		p = p ? p + 1 : NULL;
	}
	for (; at.column > 1 && p && *p && *p != '\n'; at.column--)
		for (p++; ((uint8_t)*p & 0xC0) == 0x80; p++)
			;
	return p ? (uint8_t)*p : 0;
}

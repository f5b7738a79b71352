/* SPDX-License-Identifier: MIT
 *
 * Texts as YAML: plain where they cannot be taken for anything else, in quotes, or line under
 * line.  Nothing here knows records.
 */
#include "exchange.h"

#include <string.h>
#include <strings.h>

/* A byte order mark inside a text, and two that are no characters: no file may hold them, and
 * they show nothing. */
static bool is_left_out(struct span at)
{
	static const char *const none[] = {"\xEF\xBB\xBF", "\xEF\xBF\xBE", "\xEF\xBF\xBF"};
	for (size_t i = 0; at.n >= 3 && i < 3; i++)
		if (!memcmp(at.p, none[i], 3))
			return true;
	return false;
}

static void add_clean(struct span text, struct buf *out)
{
	for (size_t i = 0; i < text.n; i++)
		if (is_left_out(span_of(text.p + i, text.n - i)))
			i += 2;
		else
			buf_add_byte(out, text.p[i]);
}

/* Other readers of YAML than ours take these for something else than words. */
static bool is_taken(struct span text)
{
	static const char *const words[] = {"y",     "n",  "yes", "no",	 "true",
					    "false", "on", "off", "null"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text.n == strlen(words[i]) &&
		    !strncasecmp((const char *)text.p, words[i], text.n))
			return true;
	return false;
}

static bool is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

static bool is_plain(struct span text, bool in_line)
{
	if (!text.n || !is_letter(text.p[0]) || is_taken(text) || text.p[text.n - 1] == ' ')
		return false;
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i], next = i + 1 < text.n ? text.p[i + 1] : ' ';
		if (c == '\n' || c == '\t' || (c == ':' && (in_line || next == ' ')) ||
		    (c == ' ' && next == '#') || (in_line && strchr(",[]{}#\"", c)))
			return false;
	}
	return true;
}

static void add_quoted(struct span text, struct buf *out)
{
	buf_add_byte(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];
		if (c == '\n' || c == '\t')
			buf_add_text(out, c == '\n' ? "\\n" : "\\t");
		else if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else
			buf_add_byte(out, c);
	}
	buf_add_byte(out, '"');
}

void yaml_add_text(struct span text, bool in_line, struct buf *out)
{
	struct buf clean = BUF_INIT;
	add_clean(text, &clean);
	if (is_plain(buf_span(&clean), in_line))
		buf_add_span(out, buf_span(&clean));
	else
		add_quoted(buf_span(&clean), out);
	buf_fini(&clean);
}

/* Of lines that may stand as they are: no tab, and a first line that shows how far in they are. */
static bool is_block(struct span text)
{
	return memchr(text.p, '\n', text.n) && !memchr(text.p, '\t', text.n) &&
	       !strchr(" \n", text.p[0]);
}

void yaml_add_note(struct span text, int indent, struct buf *out)
{
	struct buf clean = BUF_INIT;
	add_clean(text, &clean);
	if (!clean.n || !is_block(buf_span(&clean))) {
		yaml_add_text(text, false, out);
		buf_fini(&clean);
		return;
	}
	buf_add_text(out, "|");
	bool begins = true;
	for (size_t i = 0; i < clean.n; i++) {
		if (begins)
			buf_add_byte(out, '\n');
		if (begins && clean.p[i] != '\n')
			buf_printf(out, "%*s", indent, "");
		begins = clean.p[i] == '\n';
		if (!begins)
			buf_add_byte(out, clean.p[i]);
	}
	buf_fini(&clean);
}

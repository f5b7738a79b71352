/* SPDX-License-Identifier: MIT
 *
 * Words that writers and readers of YAML trip over, and lines that texts may be made of.
 */
#ifndef AWKWARD_H
#define AWKWARD_H

/* clang-format off */
static const char *const awkward[] = {
	"yes", "No", "null", "123", "0800 83 85 87", "-1", "- a dash", "-", "? what", "a: b",
	"a:b", "ends with:", ":begins", "# no remark", "a # b", "a#b", "'quoted'", "\"quoted\"",
	"an hour's walk", "it's \"so\"", "back\\slash", "\\n", "{map}", "[list]", "a, b",
	"*star", "&and", "!bang", "|", ">", "%percent", "@at", "`tick`", "~", "---", "...",
	"10:00", "2026-11-17", "£2.50", "Càfé", "张伟明", "👩‍👧 family", "🏴󠁧󠁢󠁳󠁣󠁴󠁿 Scotland", "a  b",
	"http://x.example.org/?a=b&c", "<<", "=", "0x1F", "1e5", "on", "\xC2\xA0nbsp",
	"\xE2\x80\x94 a dash", "trailing\\", "a,b", "]", "}", "key: |", "!!str a",
};
static const char *const lines[] = {
	"", " ", "  in", "\ttab", "end ", "# a remark", "---", "...", "a: b", "- item", "|", "'",
	"\"", "plain words", "ceud mìle fàilte",
};
/* clang-format on */

#endif

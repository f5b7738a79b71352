/* SPDX-License-Identifier: MIT
 *
 * Text as people write it: UTF-8 in NFC, measured in terminal columns, moved through by
 * grapheme (what a reader calls a letter), folded for finding.  Unicode data is utf8proc's.
 */
#ifndef LINKBOOK_TEXT_H
#define LINKBOOK_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linkbook/buf.h>

/* True when the bytes are well-formed UTF-8 without NUL. */
bool text_is_utf8(struct span s);

/* True when a text may be stored: UTF-8, no control characters but newline and tab (the
 * latter two only when multiline), no bidirectional override or isolate. */
bool text_may_store(struct span s, bool multiline);

/* Appends s in NFC.  s must be UTF-8. */
void text_normalise(struct span s, struct buf *out);

/* Appends the folded form for finding: case folded, accents off, ł ø đ æ œ ß and the like
 * spelt plainly, apostrophes of any kind left out, everything else that is no letter or digit
 * turned into single blanks.  Folding it again changes nothing. */
void text_fold(struct span s, struct buf *out);

/* Appends s in capitals. */
void text_upper(struct span s, struct buf *out);

/* Bytes of the first grapheme of s, a sign that takes a column of its own (some vowels, that of a
 * number in Arabic) being one by itself (0 when empty); its columns (0, 1 or 2) in *width. */
size_t text_grapheme(struct span s, int *width);
/* Bytes of the grapheme that ends at the end of s. */
size_t text_grapheme_back(struct span s);
/* Columns that s takes on a terminal. */
int text_width(struct span s);
/* Bytes of the longest start of s, in whole graphemes, that fits into `columns`. */
size_t text_fit(struct span s, int columns);

/* Appends s made safe for one line of a terminal or a page: control characters, bidirectional
 * controls, what shows nothing and shapes nothing (hidden tags, blanks of no width, fillers) and
 * bytes that are not UTF-8 become U+FFFD, newlines and tabs a blank; of a flood of marks on one
 * letter the first dozen stay.  What letters need to look right stays: joiners (Persian, families
 * of emoji), selectors, the tags of a flag.  As wide as s, by text_width. */
void text_clean(struct span s, struct buf *out);
/* Appends s without the bidirectional controls and what shows nothing, which phones and web pages
 * put around names and numbers: for what is pasted.  All else stays as it is. */
void text_strip(struct span s, struct buf *out);
/* Appends s, a text in JSON, with every character that text_clean would not leave as it is
 * written as JSON's escape for it (backslash, u, four digits), which means the same. */
void text_escape(struct span s, struct buf *out);
/* text_clean, clipped to columns; a clipped text ends in "…" (or ">" when ascii). */
void text_clip(struct span s, int columns, bool ascii, struct buf *out);

/* How words are matched in lists: every word of `query` (folded) must be found in `hay`
 * (folded) at the start of a word; one typo (a letter more, less, other, or two swapped) is
 * forgiven in words of four letters and more, of any script.  0: no; 1: only with a typo forgiven; else the
 * better the higher. */
int text_match(const char *query, const char *hay);

/* One word of a query against one word of a hay, by the same rules.  2: it starts with it; 1: only
 * with a typo forgiven (never when typos is false); 0: no. */
int text_match_word(struct span word, struct span of, bool typos);
/* True when text_match finds all of the query without a typo. */
bool text_has(const char *query, const char *hay);

/* Edits between a and b in letters (insert, delete, change, swap), counted up to limit + 1. */
int text_distance(const char *a, const char *b, int limit);
/* The nearest of count names within two edits, or NULL. */
const char *text_nearest(const char *word, const char *const *names, size_t count);

/* Appends the UTF-8 form of a code point. */
void text_add_codepoint(struct buf *out, uint32_t cp);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Breaking text into rows.
 */
#include <linkbook/wrap.h>
#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <stdbool.h>
#include <stdlib.h>

static void add_row(struct wrap *w, size_t from, size_t to)
{
	w->rows = mem_room(w->rows, w->count, &w->cap, sizeof *w->rows);
	w->rows[w->count++] = (struct wrap_row){from, to};
}

/* A blank with an accent on it is a letter. */
static bool is_blank(const uint8_t *p, size_t n)
{
	return n == 1 && (*p == ' ' || *p == '\t');
}

/* Where the row that starts at `from` ends. */
static size_t row_end(struct span text, size_t from, int width)
{
	size_t at = from, last_break = from;
	int used = 0;
	while (at < text.n && text.p[at] != '\n') {
		int w;
		size_t n = text_grapheme(span_of(text.p + at, text.n - at), &w);
		if (is_blank(text.p + at, n)) {
			used++; /* a tab is painted as one blank */
			last_break = at + n;
		} else if (used + w > width && at > from) {
			return last_break > from ? last_break : at;
		} else {
			used += w;
		}
		at += n;
	}
	return at;
}

void wrap_text(struct span text, int width, struct wrap *out)
{
	out->count = 0;
	for (size_t from = 0;;) {
		size_t to = row_end(text, from, width > 0 ? width : 1);
		add_row(out, from, to);
		if (to >= text.n)
			return;
		from = text.p[to] == '\n' ? to + 1 : to;
	}
}

void wrap_fini(struct wrap *w)
{
	free(w->rows);
	*w = (struct wrap){0};
}

size_t wrap_find(const struct wrap *w, size_t at)
{
	size_t row = 0;
	while (row + 1 < w->count && w->rows[row + 1].from <= at)
		row++;
	return row;
}

struct span wrap_row_text(const struct wrap *w, struct span text, size_t row)
{
	size_t from = w->rows[row].from, to = w->rows[row].to;
	while (to > from && is_blank(text.p + to - 1, 1))
		to--;
	return span_of(text.p + from, to - from);
}

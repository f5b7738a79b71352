/* SPDX-License-Identifier: MIT
 *
 * Finding by typing: every word, in any order, one typo forgiven.  Works on folded text
 * (text_fold), byte by byte: folded Latin letters are single bytes, and a typo inside a
 * longer letter only makes a match rarer, never wrong.
 */
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>

enum { LONGEST = 64 };

static size_t word_length(const char *at)
{
	return strcspn(at, " ");
}

static int smallest(int a, int b, int c)
{
	int least = a < b ? a : b;
	return least < c ? least : c;
}

/* Optimal string alignment over at most LONGEST bytes each. */
static int distance(const char *a, size_t n, const char *b, size_t m, int limit)
{
	if (n > LONGEST || m > LONGEST || abs((int)n - (int)m) > limit)
		return limit + 1;
	int rows[3][LONGEST + 1];
	for (size_t j = 0; j <= m; j++)
		rows[0][j] = (int)j;
	for (size_t i = 1; i <= n; i++) {
		int *row = rows[i % 3], *up = rows[(i + 2) % 3], *up2 = rows[(i + 1) % 3];
		row[0] = (int)i;
		for (size_t j = 1; j <= m; j++) {
			row[j] = smallest(up[j - 1] + (a[i - 1] != b[j - 1]), up[j] + 1,
					  row[j - 1] + 1);
			bool swapped =
				i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
			if (swapped && up2[j - 2] + 1 < row[j])
				row[j] = up2[j - 2] + 1;
		}
	}
	int d = rows[n % 3][m];
	return d > limit ? limit + 1 : d;
}

int text_distance(const char *a, const char *b, int limit)
{
	return distance(a, strlen(a), b, strlen(b), limit);
}

const char *text_nearest(const char *word, const char *const *names, size_t count)
{
	const char *best = NULL;
	int least = 3;
	for (size_t i = 0; i < count; i++) {
		int d = text_distance(word, names[i], 2);
		if (d < least) {
			least = d;
			best = names[i];
		}
	}
	return best;
}

/* True when w is the start of h with one typo in it. */
static bool starts_with_typo(const char *w, size_t n, const char *h, size_t m)
{
	for (size_t cut = n - 1; cut <= n + 1; cut++)
		if (distance(w, n, h, cut < m ? cut : m, 1) <= 1)
			return true;
	return false;
}

/* Scores of one word against one word of the hay: whole 4, start 3, start with a typo 1. */
static int match_word(const char *w, size_t n, const char *h, size_t m)
{
	if (n <= m && !memcmp(w, h, n))
		return n == m ? 4 : 3;
	/* The first letter is hardly ever the wrong one, and asking for it keeps noise out;
	 * two swapped first letters pass. */
	bool near = w[0] == h[0] || (n > 1 && m > 1 && w[0] == h[1] && w[1] == h[0]);
	return n >= 4 && near && starts_with_typo(w, n, h, m) ? 1 : 0;
}

int text_match(const char *query, const char *hay)
{
	int score = 1;
	bool typo = false;
	for (const char *w = query; *w;) {
		size_t n = word_length(w);
		int best = 0;
		for (const char *h = hay; n && *h && best < 4;) {
			size_t m = word_length(h);
			int s = match_word(w, n, h, m);
			best = s > best ? s : best;
			h += m;
			h += strspn(h, " ");
		}
		if (n && !best)
			return 0;
		typo |= best == 1;
		score += best;
		w += n;
		w += strspn(w, " ");
	}
	return typo ? 1 : score + 1;
}

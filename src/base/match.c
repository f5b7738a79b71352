/* SPDX-License-Identifier: MIT
 *
 * Finding by typing: every word, in any order, one typo forgiven.  Works on folded text
 * (text_fold).  Starts of words are compared byte by byte; only where a typo may be forgiven
 * are letters counted, since 张伟 is a word of two letters and not of six.
 */
#include <linkbook/text.h>

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

enum { LONGEST = 64 };
/* A byte that is no UTF-8 is a letter like no other. */
static const uint32_t BEYOND = 0x110000;

/* A word as code points; more than LONGEST of them are never alike to anything. */
struct letters {
	uint32_t v[LONGEST];
	size_t n;
};

static size_t word_length(const char *at)
{
	return strcspn(at, " ");
}

static void letters_of(const char *text, size_t bytes, struct letters *l)
{
	l->n = 0;
	for (size_t at = 0; at < bytes; l->n++) {
		utf8proc_int32_t cp;
		utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)text + at,
						      (utf8proc_ssize_t)(bytes - at), &cp);
		if (l->n < LONGEST)
			l->v[l->n] = n > 0 ? (uint32_t)cp : BEYOND + (uint32_t)(uint8_t)text[at];
		at += n > 0 ? (size_t)n : 1;
	}
}

static int smallest(int a, int b, int c)
{
	int least = a < b ? a : b;
	return least < c ? least : c;
}

/* Optimal string alignment over at most LONGEST letters each. */
static int distance(const uint32_t *a, size_t n, const uint32_t *b, size_t m, int limit)
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
	struct letters x, y;
	letters_of(a, strlen(a), &x);
	letters_of(b, strlen(b), &y);
	return distance(x.v, x.n, y.v, y.n, limit);
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
static bool starts_with_typo(const struct letters *w, const struct letters *h)
{
	for (size_t cut = w->n - 1; cut <= w->n + 1; cut++)
		if (distance(w->v, w->n, h->v, cut < h->n ? cut : h->n, 1) <= 1)
			return true;
	return false;
}

/* The first letter is hardly ever the wrong one, and asking for it keeps noise out; two
 * swapped first letters pass. */
static bool begins_alike(const struct letters *w, const struct letters *h)
{
	return w->v[0] == h->v[0] || (h->n > 1 && w->v[0] == h->v[1] && w->v[1] == h->v[0]);
}

/* A word of the query, its bytes and its letters. */
struct wanted {
	const char *p;
	size_t bytes;
	struct letters letters;
	char second; /* first byte of its second letter */
};

static bool near_word(const struct wanted *w, const char *h, size_t m)
{
	struct letters letters;
	if (w->letters.n < 4 || w->letters.n > LONGEST || (*h != *w->p && *h != w->second))
		return false;
	letters_of(h, m, &letters);
	return begins_alike(&w->letters, &letters) && starts_with_typo(&w->letters, &letters);
}

/* Scores of one word against one word of the hay: whole 4, start 3, start with a typo 1. */
static int match_word(const struct wanted *w, const char *h, size_t m)
{
	if (w->bytes <= m && !memcmp(w->p, h, w->bytes))
		return w->bytes == m ? 4 : 3;
	return near_word(w, h, m) ? 1 : 0;
}

/* The best that any word of the hay scores. */
static int match_words(const struct wanted *w, const char *hay)
{
	int best = 0;
	for (const char *h = hay; *h && best < 4;) {
		size_t m = word_length(h);
		int s = match_word(w, h, m);
		best = s > best ? s : best;
		h += m;
		h += strspn(h, " ");
	}
	return best;
}

static char second_letter(const char *p, size_t bytes)
{
	for (size_t at = 1; at < bytes; at++)
		if (((unsigned char)p[at] & 0xC0) != 0x80)
			return p[at];
	return 0;
}

static struct wanted want_word(const char *p, size_t bytes)
{
	struct wanted w = {.p = p, .bytes = bytes, .second = second_letter(p, bytes)};
	letters_of(p, bytes, &w.letters);
	return w;
}

int text_match_word(struct span word, struct span of, bool typos)
{
	const char *w = (const char *)word.p, *h = (const char *)of.p;
	if (word.n <= of.n && !memcmp(w, h, word.n))
		return 2;
	if (!typos || !of.n || (*h != *w && *h != second_letter(w, word.n)))
		return 0;
	struct wanted wanted = want_word(w, word.n);
	return near_word(&wanted, h, of.n);
}

static bool has_word(const char *word, size_t n, const char *hay)
{
	while (*hay && strncmp(hay, word, n) != 0) {
		hay += word_length(hay);
		hay += strspn(hay, " ");
	}
	return *hay;
}

bool text_has(const char *query, const char *hay)
{
	const char *h = hay + strspn(hay, " ");
	for (const char *p = query + strspn(query, " "); *p;) {
		size_t n = word_length(p);
		if (!has_word(p, n, h))
			return false;
		p += n;
		p += strspn(p, " ");
	}
	return true;
}

int text_match(const char *query, const char *hay)
{
	int score = 1;
	bool typo = false;
	for (const char *p = query + strspn(query, " "); *p;) {
		struct wanted w = want_word(p, word_length(p));
		int best = match_words(&w, hay);
		if (!best)
			return 0;
		typo |= best == 1;
		score += best;
		p += w.bytes;
		p += strspn(p, " ");
	}
	return typo ? 1 : score + 1;
}

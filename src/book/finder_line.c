/* SPDX-License-Identifier: MIT
 *
 * A line, as it was typed, into pieces that are understood: times and prices by their form, all
 * else by the longest run of words that means something.
 */
#include "finder_impl.h"

#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MOST = 40, WORD_BYTES = 48, PHRASE_WORDS = 5, MIDNIGHT = 24 * 60, CHEAP = 200 };

/* --- pieces --------------------------------------------------------------------------------- */

static const struct {
	const char *id;
	int from, to;
} parts[] = {
	{"morning", 5 * 60, 12 * 60},
	{"lunchtime", 11 * 60 + 30, 14 * 60},
	{"afternoon", 12 * 60, 17 * 60},
	{"evening", 17 * 60, MIDNIGHT},
};

static const char *const list_of[] = {
	[PIECE_NEED] = "category",	   [PIECE_WHO] = "who-for",
	[PIECE_ACCESS] = "access-feature", [PIECE_DAY] = "weekday",
	[PIECE_TIME] = "part-of-day",	   [PIECE_PRICE] = "price",
	[PIECE_NOT_WHEN] = "weekday",	   [PIECE_AGE] = NULL,
};

static const char *label_of(const struct finder *f, enum piece_kind kind, size_t term)
{
	if (kind == PIECE_PLACE)
		return term < f->places.count ? f->places.v[term].shown : "";
	if (kind == PIECE_LANGUAGE)
		return term < f->languages.count ? f->languages.v[term].shown : "";
	return list_of[kind] ? term_label(f, list_of[kind], term) : "";
}

static struct piece *add_piece(struct find_answer *a, enum piece_kind kind, size_t term,
			       const char *label, const char *typed)
{
	static struct piece none;
	if (a->piece_count == PIECES_MOST)
		return &none; /* a line of more is not typed by anybody */
	struct piece *p = &a->pieces[a->piece_count++];
	*p = (struct piece){.kind = kind, .term = term, .from = NO_TIME, .to = NO_TIME};
	snprintf(p->label, sizeof p->label, "%s", label);
	snprintf(p->typed, sizeof p->typed, "%s", typed);
	return p;
}

static void add_part(const struct finder *f, struct piece *p)
{
	const struct term_list *l = terms_list(book_terms(f->b), "part-of-day");
	for (size_t i = 0; l && i < sizeof parts / sizeof *parts; i++)
		if (p->term < l->count && !strcmp(l->items[p->term].id, parts[i].id)) {
			p->from = parts[i].from;
			p->to = parts[i].to;
		}
}

void line_add(const struct finder *f, struct find_answer *a, enum piece_kind kind, size_t term,
	      const char *typed)
{
	struct piece *p = add_piece(a, kind, term, label_of(f, kind, term), typed);
	const struct term_list *prices = terms_list(book_terms(f->b), "price");
	if (kind == PIECE_TIME)
		add_part(f, p);
	if (kind == PIECE_PLACE)
		p->has_point = place_centre(f, term, &p->at);
	if (kind == PIECE_PRICE)
		p->pence = prices && term < prices->count && !strcmp(prices->items[term].id, "free")
				   ? 0
				   : CHEAP;
}

/* --- words ---------------------------------------------------------------------------------- */

struct typed {
	char raw[WORD_BYTES]; /* as typed, small letters */
	char folded[WORD_BYTES]; /* one word or several: "step-free" is two */
};
struct line {
	struct typed v[WORDS_MOST];
	size_t count;
	bool begun; /* the last may go on */
};

static void split(struct span typed, struct line *out)
{
	const uint8_t *p = typed.p, *end = typed.p + typed.n;
	out->count = 0;
	out->begun = typed.n && end[-1] != ' ';
	while (p < end && out->count < WORDS_MOST) {
		const uint8_t *from = p;
		while (p < end && *p != ' ' && *p != ',' && *p != ';')
			p++;
		size_t n = (size_t)(p - from);
		if (n && n < WORD_BYTES) {
			struct typed *w = &out->v[out->count];
			struct buf folded = BUF_SECRET;
			memset(w, 0, sizeof *w);
			for (size_t i = 0; i < n; i++)
				w->raw[i] = (char)tolower(from[i]);
			text_fold(span_of(from, n), &folded);
			snprintf(w->folded, sizeof w->folded, "%s", buf_text(&folded));
			out->count += folded.n > 0;
			buf_fini(&folded);
		}
		p += p < end;
	}
}

/* The words from i on as one, n of them. */
static void join(const struct line *l, size_t i, size_t n, char *out, size_t size)
{
	*out = 0;
	for (size_t k = i; k < i + n; k++)
		snprintf(out + strlen(out), size - strlen(out), "%s%s", k > i ? " " : "",
			 l->v[k].folded);
}

/* --- times ---------------------------------------------------------------------------------- */

/* "10am", "2.30pm", "14:00", "2": minutes after midnight; hours from 1 to 7 by themselves are in
 * the afternoon.  plain: it is only a number. */
static bool read_time(const char *raw, int *minutes, bool *plain)
{
	char *end;
	long hour = strtol(raw, &end, 10), minute = 0;
	if (!isdigit((unsigned char)*raw) || end - raw > 2 || hour > 24)
		return false;
	bool has_minutes = (*end == ':' || *end == '.') && isdigit((unsigned char)end[1]) &&
			   isdigit((unsigned char)end[2]);
	if (has_minutes) {
		minute = strtol(end + 1, NULL, 10);
		end += 3;
	}
	bool am = !strcmp(end, "am"), pm = !strcmp(end, "pm");
	if ((*end && !am && !pm) || minute > 59 || ((am || pm) && (hour > 12 || !hour)))
		return false;
	*plain = !*end && !has_minutes;
	if (pm && hour < 12)
		hour += 12;
	else if (am && hour == 12)
		hour = 0;
	else if (!am && !pm && hour >= 1 && hour <= 7)
		hour += 12;
	*minutes = (int)(hour * 60 + minute);
	return *minutes <= MIDNIGHT;
}

static const struct {
	const char *word;
	int before, after; /* of the time that follows; MIDNIGHT: without end */
	const char *says;
} times[] = {
	{"after", 0, MIDNIGHT, "from"},	   {"from", 0, MIDNIGHT, "from"},
	{"before", MIDNIGHT, 0, "before"}, {"until", MIDNIGHT, 0, "before"},
	{"till", MIDNIGHT, 0, "before"},   {"at", 60, 61, "about"},
	{"about", 60, 61, "about"},	   {"around", 60, 61, "about"},
};

/* How many words a time at i takes; 0: there is none. */
static size_t take_time(struct find_answer *a, const struct line *l, size_t i)
{
	bool plain;
	int at, before = 60, after = 61;
	const char *says = "about";
	char label[40], typed[2 * WORD_BYTES];
	size_t n = 1;
	for (size_t k = 0; k < sizeof times / sizeof *times; k++)
		if (!strcmp(l->v[i].raw, times[k].word)) {
			before = times[k].before;
			after = times[k].after;
			says = times[k].says;
			n = 2;
		}
	if (i + n > l->count || !read_time(l->v[i + n - 1].raw, &at, &plain) || (plain && n == 1))
		return 0;
	join(l, i, n, typed, sizeof typed);
	snprintf(label, sizeof label, "%s %02d:%02d", says, at / 60, at % 60);
	struct piece *p = add_piece(a, PIECE_TIME, SIZE_MAX, label, typed);
	p->from = at > before ? at - before : 0;
	p->to = at + after < MIDNIGHT ? at + after : MIDNIGHT;
	return n;
}

/* --- prices --------------------------------------------------------------------------------- */

/* "£3", "3.50", "50p", "3": pence, or NO_PRICE.  says: it is written as a price. */
static int read_price(const char *text, bool *says)
{
	bool pound = !strncmp(text, "\xc2\xa3", 2);
	const char *p = pound ? text + 2 : text;
	char *end;
	long whole = strtol(p, &end, 10), pence = 0;
	if (!isdigit((unsigned char)*p) || end - p > 4)
		return NO_PRICE;
	if (*end == '.' && isdigit((unsigned char)end[1]) && isdigit((unsigned char)end[2])) {
		pence = strtol(end + 1, NULL, 10);
		end += 3;
	}
	*says = pound || *end == 'p';
	if (*end == 'p' && !pound && !end[1])
		return (int)whole;
	return isalnum((unsigned char)*end) ? NO_PRICE : (int)(whole * 100 + pence);
}

static bool is_pounds(const char *word)
{
	return !strcmp(word, "pounds") || !strcmp(word, "pound") || !strcmp(word, "quid");
}

/* "under", "up to": how many words; 0: none. */
static size_t take_at_most(const struct line *l, size_t i)
{
	static const char *const words[][3] = {
		{"under"}, {"up", "to"}, {"less", "than"},	 {"at", "most"},
		{"max"},   {"maximum"},	 {"no", "more", "than"}, {"below"}};
	for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
		size_t n = 0;
		while (n < 3 && words[k][n] && i + n < l->count &&
		       !strcmp(l->v[i + n].raw, words[k][n]))
			n++;
		if (n == 3 || !words[k][n])
			return n;
	}
	return 0;
}

/* "under £3", "£3", "3 pounds", "50p": at most that. */
static size_t take_price(struct find_answer *a, const struct line *l, size_t i)
{
	bool says = false;
	size_t at = i + take_at_most(l, i), n = at - i + 1;
	if (at >= l->count)
		return 0;
	int pence = read_price(l->v[at].raw, &says);
	bool pounds = at + 1 < l->count && is_pounds(l->v[at + 1].raw);
	if (pence == NO_PRICE || !(says || pounds))
		return 0;
	n += pounds;
	char label[40], typed[2 * WORD_BYTES];
	join(l, i, n, typed, sizeof typed);
	snprintf(label, sizeof label, "up to \xc2\xa3%d.%02d", pence / 100, pence % 100);
	add_piece(a, PIECE_PRICE, SIZE_MAX, label, typed)->pence = pence;
	return n;
}

int line_price(struct span text)
{
	static const char *const free_words[] = {"free", "donation", "what you can", "no charge",
						 "nothing"};
	struct buf folded = BUF_INIT;
	int least = NO_PRICE;
	text_fold(text, &folded);
	for (size_t i = 0; i < sizeof free_words / sizeof *free_words; i++)
		if (!strncmp(buf_text(&folded), free_words[i], strlen(free_words[i])))
			least = 0;
	buf_fini(&folded);
	for (size_t i = 0; least == NO_PRICE && i < text.n; i++) {
		char word[24] = {0};
		bool says = false;
		size_t n = text.n - i < sizeof word - 1 ? text.n - i : sizeof word - 1;
		if (i && isalnum(text.p[i - 1]))
			continue;
		memcpy(word, text.p + i, n);
		word[strcspn(word, " ;,")] = 0;
		int pence = read_price(word, &says);
		least = says ? pence : NO_PRICE;
	}
	return least;
}

/* --- postcodes ------------------------------------------------------------------------------ */

/* "g22" or "g22 5aa": a letter or two, a digit or two. */
static size_t take_postcode(const struct finder *f, struct find_answer *a, const struct line *l,
			    size_t i)
{
	const char *raw = l->v[i].raw;
	size_t letters = strspn(raw, "abcdefghijklmnopqrstuvwxyz"), n = 1;
	size_t digits = strspn(raw + letters, "0123456789");
	struct buf code = BUF_INIT;
	struct point at;
	if (letters < 1 || letters > 2 || digits < 1 || digits > 2)
		return 0;
	bool inward = i + 1 < l->count && isdigit((unsigned char)*l->v[i + 1].raw) &&
		      strlen(l->v[i + 1].raw) == 3 && isalpha((unsigned char)l->v[i + 1].raw[1]);
	n += inward;
	buf_printf(&code, "%s%s%s", raw, inward ? " " : "", inward ? l->v[i + 1].raw : "");
	struct buf shown = BUF_INIT;
	text_upper(buf_span(&code), &shown);
	bool known = places_find(f->postcodes, buf_span(&shown), &at) != PLACE_UNKNOWN;
	if (known) {
		struct piece *p =
			add_piece(a, PIECE_PLACE, SIZE_MAX, buf_text(&shown), buf_text(&code));
		p->has_point = true;
		p->at = at;
	}
	buf_fini(&shown);
	buf_fini(&code);
	return known ? n : 0;
}

/* --- all else ------------------------------------------------------------------------------- */

static bool is_plain(const struct find_request *r, const char *words)
{
	for (size_t i = 0; i < r->plain_count; i++)
		if (!strcmp(r->plain[i], words))
			return true;
	return false;
}

static void add_words(struct find_answer *a, const char *words)
{
	char one[WORD_BYTES];
	for (const char *p = words; *p; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");
		snprintf(one, sizeof one, "%.*s", (int)n, p);
		add_piece(a, PIECE_WORD, SIZE_MAX, one, one);
		p += n;
	}
}

static bool add_meanings(const struct finder *f, struct find_answer *a, const struct meaning *m,
			 size_t count, const char *typed)
{
	for (size_t i = 0; i < count; i++)
		if (!m[i].small)
			line_add(f, a, m[i].kind, m[i].term, typed);
	return count > 0;
}

/* Whether some group has the very word. */
static bool has_word(const struct words *w, const char *word)
{
	size_t n = strlen(word);
	for (size_t i = 0; i < w->count; i++)
		if (w->v[i].n == n && !memcmp(w->text.p + w->v[i].at, word, n))
			return true;
	return false;
}

/* Of one word its singular, and what is nearest to it, will do. */
static bool take_near(const struct finder *f, struct find_answer *a, const struct line *l, size_t i)
{
	char word[WORD_BYTES];
	size_t count, n = (size_t)snprintf(word, sizeof word, "%s", l->v[i].folded);
	if (n > 3 && word[n - 1] == 's') {
		word[n - 1] = 0;
		const struct meaning *m = vocabulary_find(&f->says, word, &count);
		if (m)
			return add_meanings(f, a, m, count, l->v[i].folded);
		word[n - 1] = 's';
	}
	/* A word that is still being typed may become another; what some group has is no slip, and
	 * no place that has only begun ("bowl" of soup is not Bowling). */
	bool typing = l->begun && i + 1 == l->count;
	if (!typing && has_word(&f->text_words, word))
		return false;
	const struct meaning *m = vocabulary_near(&f->says, word, true, &count);
	if (!m || (m->kind != PIECE_PLACE && (typing || words_has(&f->text_words, word))))
		return false;
	return add_meanings(f, a, m, count, l->v[i].folded);
}

/* The same without the small words between; false: there are none, or it begins or ends in one. */
static bool join_great(const struct finder *f, const struct line *l, size_t i, size_t n, char *out,
		       size_t size)
{
	size_t left = 0;
	*out = 0;
	for (size_t k = i; k < i + n; k++) {
		if (vocabulary_is_small(&f->says, l->v[k].folded)) {
			if (k == i || k + 1 == i + n)
				return false;
			continue;
		}
		snprintf(out + strlen(out), size - strlen(out), "%s%s", left ? " " : "",
			 l->v[k].folded);
		left++;
	}
	return left > 1 && left < n;
}

static size_t take_phrase(const struct finder *f, const struct find_request *r,
			  struct find_answer *a, const struct line *l, size_t i)
{
	char phrase[PHRASE_WORDS * WORD_BYTES];
	size_t count, most = l->count - i < PHRASE_WORDS ? l->count - i : PHRASE_WORDS;
	for (size_t n = most; n; n--) {
		join(l, i, n, phrase, sizeof phrase);
		if (is_plain(r, phrase)) {
			add_words(a, phrase);
			return n;
		}
		const struct meaning *m = vocabulary_find(&f->says, phrase, &count);
		if (!m && join_great(f, l, i, n, phrase, sizeof phrase))
			m = vocabulary_find(&f->says, phrase, &count);
		if (m && add_meanings(f, a, m, count, phrase))
			return n;
	}
	if (!take_near(f, a, l, i))
		add_words(a, l->v[i].folded);
	return 1;
}

void line_read(const struct finder *f, const struct find_request *request, struct find_answer *out)
{
	struct line l;
	split(request->typed, &l);
	for (size_t i = 0; i < l.count;) {
		size_t n = take_time(out, &l, i);
		if (!n)
			n = take_price(out, &l, i);
		if (!n)
			n = take_postcode(f, out, &l, i);
		i += n ? n : take_phrase(f, request, out, &l, i);
	}
	mem_wipe(&l, sizeof l);
}

/* SPDX-License-Identifier: MIT
 *
 * What the files of the finder share.
 *
 *   finder.c        the groups as they are held, read from the book
 *   finder_line.c   a line into pieces          finder_vocabulary.c  which words mean what
 *   finder_judge.c  a group judged by each piece   finder_ask.c  all of them, the best first
 *   finder_say.c    answers in words            finder_wants.c       what one person wants
 */
#ifndef FINDER_IMPL_H
#define FINDER_IMPL_H

#include <linkbook/finder.h>
#include <linkbook/words.h>

enum { BITS = 4, NO_DAY = 7, NO_TIME = -1, NO_PRICE = -1 };
/* Some of up to 256 terms, by their numbers. */
struct bits {
	uint64_t v[BITS];
};
static inline void bits_add(struct bits *b, size_t i)
{
	if (i < 64 * (size_t)BITS)
		b->v[i / 64] |= (uint64_t)1 << i % 64;
}
static inline bool bits_has(const struct bits *b, size_t i)
{
	return i < 64 * (size_t)BITS && b->v[i / 64] >> i % 64 & 1;
}
static inline bool bits_meet(const struct bits *a, const struct bits *b)
{
	return (a->v[0] & b->v[0]) | (a->v[1] & b->v[1]) | (a->v[2] & b->v[2]) |
	       (a->v[3] & b->v[3]);
}
static inline bool bits_any(const struct bits *b)
{
	return b->v[0] | b->v[1] | b->v[2] | b->v[3];
}

/* Names that groups use: localities, languages.  By number. */
struct names {
	struct name {
		char *shown, *folded;
		bool has_centre; /* of a locality: the mean of the groups there */
		struct point sum;
		size_t points;
		int council; /* of a locality: COUNCIL_ ... */
	} * v;
	size_t count, cap;
};
enum { COUNCIL_UNKNOWN, COUNCIL_GLASGOW, COUNCIL_WEST_DUNBARTONSHIRE };

struct session {
	int day; /* 0: Monday; NO_DAY */
	int from, to; /* minutes after midnight, or NO_TIME */
	bool some; /* not every week */
};

enum held_status { HELD_ACTIVE, HELD_PAUSED, HELD_CLOSED };

/* One group. */
struct held {
	struct ref ref;
	char *name;
	size_t words; /* its number among the words of names and of texts */
	struct bits categories, who, access, languages, served;
	size_t locality; /* among places; SIZE_MAX: none */
	bool wide_glasgow, wide_dunbartonshire, wide_all; /* area served */
	struct session *sessions;
	size_t session_count;
	char *cost; /* as it is written */
	int pence; /* or NO_PRICE */
	int64_t min_age, max_age;
	int breadth; /* how many categories */
	enum held_status status;
	long checked; /* the newest date of a checked fact, in days; LONG_MIN: never */
	enum place_known known;
	struct point at;
	char district[5];
	struct id practice; /* the directory */
};

/* What words mean. */
struct meaning {
	char *words; /* folded */
	enum piece_kind kind;
	size_t term;
	bool small; /* says nothing */
};
struct vocabulary {
	struct meaning *v; /* by words */
	size_t count, cap;
};

struct barrier {
	char *from, *to, *why; /* from and to folded */
};
struct house_rules { /* of a practice */
	struct id directory;
	int64_t check_months;
	struct bits localities; /* that it is for */
	char *name;
};

struct finder {
	struct book *b;
	uint64_t version;
	struct held *v;
	size_t count, cap;
	struct words name_words, text_words;
	size_t word_count; /* numbers given out in both */
	struct names places, languages;
	struct vocabulary says;
	struct places *postcodes;
	struct barrier *barriers;
	size_t barrier_count, barrier_cap;
	struct house_rules *rules;
	size_t rules_count, rules_cap;
	struct bits under[256]; /* of each category: itself and what is under it */
	struct bits who_near[64]; /* of each who-for: itself, what is above it and under it */
	bool failed;
};

/* --- names, in finder.c --- */
size_t names_find(const struct names *n, const char *folded); /* SIZE_MAX: none */
size_t names_add(struct names *n, struct span shown);
size_t term_number(const struct finder *f, const char *list, struct span id);
const char *term_label(const struct finder *f, const char *list, size_t i);
bool place_centre(const struct finder *f, size_t place, struct point *out);

/* --- finder_vocabulary.c --- */
void vocabulary_build(struct finder *f);
void vocabulary_fini(struct vocabulary *v);
/* The meanings of these words (folded, n of them in *count); NULL: none. */
const struct meaning *vocabulary_find(const struct vocabulary *v, const char *words, size_t *count);
bool vocabulary_is_small(const struct vocabulary *v, const char *word);
/* The same for a word with a slip in it, or whose place has only begun ("possil"). */
const struct meaning *vocabulary_near(const struct vocabulary *v, const char *word, bool begun,
				      size_t *count);

/* --- finder_line.c --- */
/* Fills in the pieces of what was typed. */
void line_read(const struct finder *f, const struct find_request *request, struct find_answer *out);
/* Adds one of a kind, labelled. */
void line_add(const struct finder *f, struct find_answer *a, enum piece_kind kind, size_t term,
	      const char *typed);
/* The first price in a text in pence ("Free" is 0, as is what one can give); NO_PRICE: none. */
int line_price(struct span text);

/* What the words of each piece are to each group: WORDS_NOT, _TYPO, _EXACT. */
struct matches {
	uint8_t *names[PIECES_MOST], *texts[PIECES_MOST];
};

/* --- finder_judge.c --- */
enum verdict { VERDICT_MET, VERDICT_UNKNOWN, VERDICT_MISSED };
/* What one kind of piece has to say about a group. */
enum verdict judge_kind(const struct finder *f, const struct find_answer *a, const struct held *h,
			enum piece_kind kind, int *score);
bool judge_distance(const struct find_answer *a, const struct held *h, double *km);
/* Whether a group that is for a whole council, or the country, is for a place in it. */
bool judge_wide(const struct finder *f, const struct held *h, size_t place);
/* False: it is neither a hit nor a near miss. */
bool judge_group(const struct finder *f, const struct find_answer *a, const struct matches *m,
		 const struct held *h, struct found *out);
bool judge_session(const struct find_answer *a, const struct session *s);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Groups and services, found in one line: need, place, day, time, price and access in any order
 * ("walk possil tue free step-free"), or by what one person needs.
 *
 * A line is read into pieces, each with what it was understood to say; what is in no list is a
 * word to be found as it stands.  Every group that has all of it is a hit; one that lacks a single
 * thing (another day, a price, a step) is a near miss, and says which.  What is not known of a
 * group speaks neither for it nor against it.  Words that are in no list must be there as well, but
 * where no group has them with all else that was understood they are only so much the better.
 *
 * The finder reads all groups once and answers from memory; it is asked again with each letter.
 */
#ifndef LINKBOOK_FINDER_H
#define LINKBOOK_FINDER_H

#include <linkbook/book.h>
#include <linkbook/places.h>

struct finder;

struct finder *finder_new(struct book *b);
void finder_free(struct finder *f);
/* Reads what has changed since it was read last.  Not OK: not all could be read (said in d), and
 * what could be is there. */
enum err MUST_USE finder_refresh(struct finder *f, struct diag *d);
/* How many there are, closed ones too. */
size_t finder_count(const struct finder *f);
/* Which record the i-th is, and what it is called (borrowed until the next refresh). */
struct ref finder_ref(const struct finder *f, size_t i);
const char *finder_name(const struct finder *f, size_t i);

/* --- what is looked for ------------------------------------------------------------------- */

enum piece_kind {
	PIECE_NEED, /* a category, with what is under it */
	PIECE_WORD, /* as it stands */
	PIECE_PLACE, /* a locality, or a postcode */
	PIECE_DAY,
	PIECE_TIME,
	PIECE_PRICE, /* at most */
	PIECE_ACCESS,
	PIECE_WHO,
	PIECE_LANGUAGE,
	PIECE_NOT_WHEN, /* a time that is out of the question */
	PIECE_AGE, /* in years; term */
};

/* One thing that was understood. */
struct piece {
	enum piece_kind kind;
	size_t term; /* its number in its list of terms, or among the finder's places or languages */
	int from, to; /* minutes after midnight; day of PIECE_NOT_WHEN in term, 7: any day */
	int pence;
	bool wanted; /* by the person, not typed */
	bool perhaps; /* PIECE_WORD: no group has it with all else, so it is only the better */
	bool has_point;
	struct point at; /* PIECE_PLACE: its middle */
	char label[64]; /* what it says, in words: "Tuesday" */
	char typed[64]; /* as it was typed, folded; or where it comes from: "goal" */
};

enum { PIECES_MOST = 48, PLAIN_MOST = 16 };

/* What is asked.  Zero-initialise. */
struct find_request {
	struct span typed;
	/* Words of the line that are to be taken as they stand, folded. */
	const char *plain[PLAIN_MOST];
	size_t plain_count;
	/* Of a person (finder_wants), or NULL. */
	const struct find_wants *wants;
	/* From where distances are counted: where the person lives, or the practice. */
	struct span postcode, locality;
};

/* One group in an answer. */
struct found {
	size_t i; /* finder_ref, finder_name */
	int score; /* the more the better */
	int lacks; /* the kind of piece that a near miss lacks; -1: a hit */
};

struct find_answer {
	struct piece pieces[PIECES_MOST];
	size_t piece_count;
	struct found *hits, *near; /* the best first */
	size_t hit_count, near_count;
	bool has_from;
	struct point from;
	char locality[64]; /* where the person lives, folded; or "" */
};
void find_answer_fini(struct find_answer *a);

/* Answers; nothing typed and nothing wanted: every group is a hit.  out is overwritten (free the
 * one before). */
void finder_ask(const struct finder *f, const struct find_request *request,
		struct find_answer *out);

/* Appends what speaks for a group: "outdoors; Tuesday 10:00; Possilpark, 0.4 km; free". */
void finder_say_for(const struct finder *f, const struct find_answer *a, const struct found *one,
		    struct buf *out);
/* Appends what is to be minded, a sentence each: what it lacks, what is not known, a barrier on the
 * way, paused, closed, not checked for long. */
void finder_say_mind(const struct finder *f, const struct find_answer *a, const struct found *one,
		     struct buf *out);
/* Appends what was understood: "Outdoors · Possilpark · Tuesday", each thing once. */
void finder_say_pieces(const struct find_answer *a, struct buf *out);
/* Appends how far it is: "0.4 km", "about 2 km"; nothing where it is not known. */
void finder_say_distance(const struct finder *f, const struct find_answer *a, size_t i,
			 struct buf *out);

/* --- what one person wants ------------------------------------------------------------------ */

struct find_wants {
	struct piece pieces[PIECES_MOST];
	size_t piece_count;
	struct buf postcode, locality; /* of where they live */
	struct buf name;
};
/* Reads a person and their open goals and what they brought: needs, access, language, times they
 * cannot do, money.  ERR_ABSENT. */
enum err MUST_USE finder_wants(struct finder *f, const struct id *person, struct find_wants *out);
void find_wants_fini(struct find_wants *w);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Rows to choose from: found by typing, one of them selected.  State only: what a row says
 * and how it is painted is its screen's.
 *
 * Invariants: selected < shown_count, or both are 0; every text is secret, and wiped when it
 * goes.
 */
#ifndef ROWS_H
#define ROWS_H

#include <linkbook/book.h>
#include <linkbook/command.h>
#include <linkbook/words.h>

enum { ROW_LINES = 3 };

struct row {
	struct id id;
	struct id in; /* of a record: its ref's */
	bool is_draft;
	struct buf *texts; /* one a column */
	size_t text_count;
	struct buf *keys; /* what it may be ordered by; a draft's first is all of its own */
	size_t key_count;
	size_t number; /* of its text in the rows' words; SIZE_MAX: none, or a draft */
	struct buf words; /* of a draft: folded, for finding */
	uint64_t sets; /* bit n: it is in the n-th of the sets that the rows may be narrowed to */
	struct buf name; /* the first column, folded: what stands there is meant first */
};

struct rows {
	struct row *all;
	size_t count, cap;
	struct words words; /* of the records */
	bool unsorted; /* rows were added since they were ordered */
	size_t finished; /* how often; in between all stays where it is */
	size_t set; /* only what is in this set is there, from 1; 0: all.  Before rows_finish */
	size_t *shown; /* indices into all, of those that match */
	size_t shown_count;
	/* Another way to find (seeking.c), or NULL: fills shown and near_from; false: nothing is asked,
	 * and it is found by words. */
	bool (*seek)(void *arg, struct rows *r);
	void *seek_arg;
	size_t near_from; /* of shown: from here on near misses; shown_count: there are none */
	size_t matching,
		total; /* records that are shown (near misses are not), and that are there */
	size_t selected; /* of shown */
	size_t top; /* the first that is painted */
	struct buf find; /* as typed */
};

/* By which of their keys rows are ordered. */
struct row_order {
	size_t key;
	bool backwards;
};

void rows_fini(struct rows *r);
/* The drafts go; was: what is selected, for rows_finish to select it again. */
void rows_keep(struct rows *r, struct id *was);
/* All rows go; what was typed to find stays. */
void rows_start(struct rows *r);
/* What was typed, the set, and where the selection was go; the rows stay. */
void rows_forget(struct rows *r);
/* The row of one record goes, if it is there. */
void rows_remove(struct rows *r, struct ref ref);
struct row *rows_add(struct rows *r, const struct id *id, size_t texts, size_t keys);
/* The row added last is found by these words, too (as text_fold makes them).  What is a draft is
 * marked as one before. */
void rows_add_words(struct rows *r, struct span folded);
/* Orders by the first of these keys, then the second ... (drafts come first while nothing is
 * typed), matches, and selects. */
void rows_finish(struct rows *r, const struct row_order *order, size_t count, const struct id *was);
/* The selected row, or NULL when none is shown. */
const struct row *rows_selected(const struct rows *r);
const struct row *rows_shown(const struct rows *r, size_t i);
/* How many of the records (drafts left out) match, and are there. */
size_t rows_matching(const struct rows *r);
size_t rows_total(const struct rows *r);

/* Typing finds; the first match is selected.  Rows whose first column has the words come
 * before those that have them elsewhere, and drafts after them all; a typo is forgiven only
 * where nothing matches as it was typed. */
void rows_type(struct rows *r, struct span text);
/* The same with these words instead of what was typed before. */
void rows_find(struct rows *r, struct span words);
/* The same words once more, in case they mean something else now. */
void rows_find_again(struct rows *r);
/* Movement and rubbing out; Back clears what was typed.  False: nothing done. */
bool rows_act(struct rows *r, enum action action, size_t page);
/* Selects one of those shown.  True: it was selected already. */
bool rows_select(struct rows *r, size_t i);
/* Moves top so that `selected` is among the `visible` rows from it. */
void rows_scroll(struct rows *r, size_t visible);

#endif

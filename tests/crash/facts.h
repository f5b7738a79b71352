/* SPDX-License-Identifier: MIT
 *
 * What must be so after a power cut.  A driver says, by notes in the log,
 *
 *	begin			points count from here on
 *	try KEY=VALUE		it begins to make it so: from here on either may be found; "a|b"
 *				is b by way of a
 *	done			all that was tried is acknowledged: "Saved"
 *	found KEY=VALUE		after a cut it is so: one of the two that may be, from here on the one
 *	copying			somebody copies files into the book; until "done", files that are
 *				incomplete are nobody's fault
 *	is KEY=VALUE		it is so, and was never being tried (taken in, made before)
 *
 * and a book that is opened after the cut is asked for every key.  What was tried and not
 * acknowledged is a step: all of it is there, or none.
 *
 *	made			the book was made (value yes)
 *	author			the practitioner's name
 *	f/ID/FIELD		a field of a record in words; (none) when there is no such record
 *	n/KIND			how many records of a kind
 *	e/ID			how many events a record's history tells
 *	bin/ID			yes or no
 *	d/ID			the text of an unfinished draft, or (none)
 *	dirs			how many directories
 *	ways			which of crash_words open the caseload, by number: "0", "02"
 * Long values stand as their hash.
 */
#ifndef CRASH_FACTS_H
#define CRASH_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <linkbook/book.h>

struct fact {
	char *key, *is, *tried; /* NULL: was not said */
};
struct facts {
	struct fact *v;
	size_t count, cap;
	unsigned version; /* another one after each note that changes something */
	bool begun, copying, copied; /* copied: there was some copying */
	char *broken; /* what was found to be neither; NULL: nothing */
	size_t acknowledged; /* steps that were */
};
void facts_fini(struct facts *f);
/* The keys, one a line, for a driver that goes on after a cut. */
bool facts_write(const struct facts *f, const char *path);
void facts_hear(struct facts *f, struct span note);
bool facts_made(const struct facts *f); /* the book is acknowledged */
bool facts_trying(const struct facts *f); /* a step was begun and not acknowledged */

/* What the book answers to a key; NULL: it could not be read at all. The caller frees. */
char *fact_ask(struct book *b, const char *key);
/* value as it stands in notes; the caller frees. */
char *fact_value(struct span value);

/* Asks the book for everything.  false: something acknowledged is not so, or a step is there
 * by half; a sentence in why. */
bool facts_hold(const struct facts *f, struct book *b, struct buf *why);

#endif

/* SPDX-License-Identifier: MIT
 *
 * What is there afterwards: a process of its own opens the book that was left, and every file is
 * looked through for words.
 */
#ifndef TYPING_AFTER_H
#define TYPING_AFTER_H

#include "typist.h"

enum after_saved { SAVED_NOT, SAVED_PERHAPS, SAVED_SURELY };

struct after {
	const char *root, *book; /* all folders that the program knows; the book in it */
	const char *field; /* of the form: where the typist wrote */
	const struct typist *typist;
	size_t least; /* the stroke after which the text was safe */
	enum after_saved saved;
};

/* Reads what books need, once for all. */
void after_init(void);
/* True: all is as it must be; else what is not, to why. */
bool after_look(const struct after *a, struct buf *why);
/* The first file below a folder that has one of the typist's words in it (or its name), or one of
 * the people's: its path to where.  False: there is none. */
bool after_leaks(const char *root, struct buf *where);
/* True when bytes have such a word, as UTF-8 or as wide characters. */
bool after_has_words(struct span bytes);

extern const char after_passphrase[];

#endif

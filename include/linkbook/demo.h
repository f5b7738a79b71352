/* SPDX-License-Identifier: MIT
 *
 * The made-up book: invented people, visits, groups and services, from data/demo and
 * data/practices, in a folder of their own.
 */
#ifndef LINKBOOK_DEMO_H
#define LINKBOOK_DEMO_H

#include <linkbook/book.h>

/* The passphrase every demo book opens with. */
extern const char demo_passphrase[];

/* Makes and fills a book in dir (absent or empty). */
enum err MUST_USE demo_make(struct seam *seam, const char *dir, const struct terms *terms,
			    struct diag *d);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The field tables of all record types, each ending with a NULL name, and the words they are
 * written in.
 */
#ifndef KINDS_TABLES_H
#define KINDS_TABLES_H

#include <linkbook/kinds.h>

#define MUST	.flags = FIELD_MUST
#define PRIVATE .flags = FIELD_PRIVATE
#define END                                                                                        \
	{                                                                                          \
		0                                                                                  \
	}

/* kinds_caseload.c */
extern const struct field person_fields[];
extern const struct field contact_fields[];
extern const struct field practitioner_fields[];

/* kinds_directory.c */
extern const struct field resource_fields[];
extern const struct field practice_fields[];

#endif

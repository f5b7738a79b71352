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
#define HIDDEN	.flags = FIELD_HIDDEN
#define BY_ACT	.flags = FIELD_HIDDEN | FIELD_BY_ACT
#define EITHER	.flags = FIELD_EITHER
#define END                                                                                        \
	{                                                                                          \
		0                                                                                  \
	}

/* Where a record was moved from, and to. */
#define MOVES(kind)                                                                                \
	{"moved_from", V_RECORD, BY_ACT, .of = kind},                                              \
	{                                                                                          \
		"moved_to", V_RECORD, BY_ACT, .of = kind                                           \
	}
/* The others that were found to be the same; each names the other. */
#define SAME_AS(kind)                                                                              \
	{                                                                                          \
		"same_as", V_RECORDS, BY_ACT, .of = kind                                           \
	}

/* kinds_caseload.c */
extern const struct field person_fields[];
extern const struct field contact_fields[];
extern const struct field referral_fields[];
extern const struct field involved_fields[];
extern const struct field concern_fields[];
extern const struct field goal_fields[];
extern const struct field link_fields[];
extern const struct field promise_fields[];
extern const struct field task_fields[];
extern const struct field measure_fields[];
extern const struct field relation_fields[];
extern const struct field owed_fields[];
extern const struct field jot_fields[];
extern const struct field worklist_fields[];
extern const struct field access_fields[];
extern const struct field practitioner_fields[];

/* kinds_directory.c */
extern const struct field resource_fields[];
extern const struct field check_fields[];
extern const struct field outreach_fields[];
extern const struct field gap_fields[];
extern const struct field series_fields[];
extern const struct field session_fields[];
extern const struct field practice_fields[];
extern const struct field action_fields[];
extern const struct field event_fields[];
extern const struct field signpost_fields[];
extern const struct field learning_fields[];
extern const struct field story_fields[];

#endif

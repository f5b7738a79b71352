/* SPDX-License-Identifier: MIT
 *
 * The records of a directory: community resources, the work of keeping them, and the practice's
 * own.  Nothing here names a person on the caseload.  Field lists follow ALISS and HSDS 3.0; what
 * is our own is plain in its name.
 */
#include "kinds_tables.h"

static const struct field session_cells[] = {
	{"weekday", V_CHOICE, .terms = "weekday"},
	{"from", V_TIME},
	{"to", V_TIME},
	{"rule", V_TEXT},
	{"note", V_TEXT},
	END,
};

static const struct field checked_cells[] = {
	{"fact", V_CHOICE, .terms = "resource-fact"},
	{"by", V_TEXT},
	{"how", V_TEXT},
	{"when", V_DATE},
	END,
};

const struct field resource_fields[] = {
	{"name", V_TEXT, MUST},
	{"organisation", V_TEXT},
	{"summary", V_TEXT},
	{"description", V_NOTE},
	{"categories", V_CHOICES, .terms = "category"},
	{"who_for", V_CHOICES, .terms = "who-for"},
	{"min_age", V_NUMBER, .group = "ages", .min = 0, .max = 120},
	{"max_age", V_NUMBER, .group = "ages", .min = 0, .max = 120},
	{"area_served", V_WORDS},
	{"address", V_TEXT, .group = "place"},
	{"locality", V_TEXT, .group = "place"},
	{"postcode", V_POSTCODE, .group = "place"},
	{"latitude", V_TEXT, .group = "place"},
	{"longitude", V_TEXT, .group = "place"},
	{"sessions", V_ROWS, .cells = session_cells},
	{"cost", V_TEXT},
	{"eligibility", V_TEXT},
	{"access_features", V_CHOICES, .terms = "access-feature"},
	{"languages", V_WORDS},
	{"referral_route", V_CHOICES, .terms = "referral-route"},
	{"next_step", V_TEXT},
	{"phone", V_PHONE},
	{"email", V_TEXT},
	{"web", V_TEXT},
	{"named_contact", V_TEXT},
	{"capacity", V_TEXT},
	{"waiting", V_TEXT},
	{"limits", V_NUMBER, .min = 0, .max = 10000},
	{"status", V_CHOICE, .terms = "resource-status"},
	{"aliss_id", V_TEXT},
	{"source", V_TEXT},
	{"checked", V_ROWS, .cells = checked_cells},
	END,
};

static const struct field barrier_cells[] = {
	{"from", V_TEXT},
	{"to", V_TEXT},
	{"why", V_TEXT},
	END,
};

static const struct field number_cells[] = {
	{"name", V_TEXT},
	{"number", V_PHONE},
	{"when", V_TEXT},
	END,
};

const struct field practice_fields[] = {
	{"name", V_TEXT, MUST},
	{"code", V_TEXT},
	{"address", V_TEXT, .group = "place"},
	{"postcode", V_POSTCODE, .group = "place"},
	{"phone", V_PHONE},
	{"localities", V_WORDS},
	{"barriers", V_ROWS, .cells = barrier_cells},
	{"crisis_numbers", V_ROWS, .cells = number_cells},
	{"review_weeks", V_NUMBER, .min = 1, .max = 104},
	END,
};

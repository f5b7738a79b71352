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

/* What the practice asks of its groups besides: its own names for it (practice: extra). */
static const struct field extra_cells[] = {
	{"field", V_TEXT, .max = 40},
	{"text", V_TEXT},
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
	{"extra", V_ROWS, .cells = extra_cells, .told_by = "field"},
	{"key", V_TEXT, HIDDEN}, /* what a seed file calls it */
	SAME_AS("resource"),
	END,
};

const struct field check_fields[] = {
	{"resource", V_RECORD, MUST, .of = "resource"},
	{"date", V_DATE, MUST},
	{"how", V_CHOICE, .terms = "check-how"},
	{"facts", V_CHOICES, .terms = "resource-fact"},
	{"found", V_CHOICE, .terms = "check-found"},
	{"problems", V_CHOICES, .terms = "resource-problem"},
	{"note", V_NOTE},
	END,
};

const struct field outreach_fields[] = {
	{"resource", V_RECORD, MUST, .of = "resource"},
	{"date", V_DATE, MUST},
	{"kind", V_CHOICE, .terms = "outreach-kind"},
	{"note", V_NOTE},
	{"needs", V_NOTE}, /* what they need from us */
	{"agreed", V_NOTE},
	END,
};

/* How many asked stands here; who, only in their contacts. */
const struct field gap_fields[] = {
	{"category", V_CHOICE, MUST, .terms = "category"},
	{"area", V_TEXT, MUST},
	{"when", V_DATE},
	{"barrier", V_CHOICE, .terms = "barrier"},
	{"asked", V_NUMBER, .min = 0, .max = 10000},
	{"idea", V_NOTE},
	{"state", V_CHOICE, .terms = "gap-state"},
	{"became", V_RECORD, .of = "resource"},
	END,
};

const struct field series_fields[] = {
	{"resource", V_RECORD, MUST, .of = "resource"},
	{"rule", V_TEXT, .group = "time"}, /* RRULE */
	{"starts_on", V_DATE, .group = "time"},
	{"from", V_TIME, .group = "time"},
	{"to", V_TIME, .group = "time"},
	{"place", V_TEXT},
	{"partners", V_TEXT},
	{"note", V_NOTE},
	END,
};

const struct field session_fields[] = {
	{"resource", V_RECORD, MUST, .of = "resource"},
	{"series", V_RECORD, .of = "series"},
	{"date", V_DATE, MUST},
	{"headcount", V_NUMBER, MUST, .min = 0, .max = 10000},
	{"note", V_NOTE},
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

static const struct field own_cells[] = {
	{"field", V_TEXT, .max = 40},
	{"label", V_TEXT},
	{"hint", V_TEXT},
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
	{"lists", V_WORDS},
	{"review_weeks", V_NUMBER, .min = 1, .max = 104},
	{"check_months", V_NUMBER, .min = 1, .max = 60}, /* how long a checked fact is fresh */
	{"extra", V_ROWS, .cells = own_cells}, /* what it asks of its groups besides */
	END,
};

const struct field action_fields[] = {
	{"capacity", V_CHOICE, MUST, .terms = "capacity"},
	{"theme", V_CHOICE, .terms = "theme"},
	{"aim", V_TEXT, MUST},
	/* The test of change; each is written on a day of its own. */
	{"plan", V_NOTE},
	{"do", V_NOTE},
	{"study", V_NOTE},
	{"act", V_NOTE},
	{"lead", V_TEXT},
	{"due", V_DATE},
	{"state", V_CHOICE, .terms = "action-state"},
	{"evidence", V_NOTE},
	END,
};

const struct field event_fields[] = {
	{"date", V_DATE, MUST},
	{"capacity", V_CHOICE, MUST, .terms = "capacity"},
	{"kind", V_CHOICE, .terms = "event-kind"},
	{"headcount", V_NUMBER, .min = 0, .max = 10000},
	{"minutes", V_NUMBER, .min = 0, .max = 1440},
	{"note", V_NOTE},
	END,
};

const struct field signpost_fields[] = {
	{"date", V_DATE, MUST},
	{"resource", V_RECORD, .of = "resource"},
	{"category", V_CHOICE, .terms = "category"},
	{"by", V_CHOICE, .terms = "signpost-by"},
	END,
};

const struct field learning_fields[] = {
	{"date", V_DATE, MUST},
	{"text", V_NOTE, MUST},
	{"capacity", V_CHOICE, .terms = "capacity"},
	END,
};

const struct field story_fields[] = {
	{"title", V_TEXT, MUST},
	{"text", V_NOTE, MUST},
	{"capacity", V_CHOICE, .terms = "capacity"},
	{"theme", V_CHOICE, .terms = "theme"},
	{"consent", V_CHOICE, MUST, .terms = "story-consent"},
	{"shared_on", V_DATE},
	END,
};

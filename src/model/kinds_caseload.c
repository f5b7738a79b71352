/* SPDX-License-Identifier: MIT
 *
 * The records of the caseload: people, and what is done with and for them.  Field lists follow
 * the PRSB social prescribing standard v1.1; what is our own is plain in its name.  Texts
 * without a limit of their own get the one of their type (value.c).
 */
#include "kinds_tables.h"

static const struct field phone_cells[] = {
	{"number", V_PHONE},
	{"note", V_TEXT},
	{"safe", V_CHOICE, .terms = "safe-to-contact"},
	END,
};

static const struct field consent_cells[] = {
	{"purpose", V_CHOICE, .terms = "consent-purpose"},
	{"how", V_TEXT},
	{"when", V_DATE},
	{"withdrawn", V_DATE},
	END,
};

const struct field person_fields[] = {
	{"family_name", V_TEXT, MUST},
	{"given_name", V_TEXT, MUST},
	{"called", V_TEXT},
	{"pronouns", V_TEXT},
	{"programme_id", V_TEXT},
	{"chi", V_CHI},
	{"date_of_birth", V_DATE},
	{"gender", V_TEXT},
	{"address", V_TEXT, .group = "home"},
	{"locality", V_TEXT, .group = "home"},
	{"postcode", V_POSTCODE, .group = "home"},
	{"phone", V_ROWS, .cells = phone_cells},
	{"email", V_TEXT},
	{"preferred_contact", V_CHOICE, .terms = "preferred-contact"},
	{"language", V_TEXT},
	{"interpreter", V_YESNO},
	{"communication_needs", V_TEXT},
	{"access_needs", V_TEXT},
	{"caring_role", V_TEXT},
	{"household_note", V_NOTE},
	{"practice", V_RECORD, .of = "practice"},
	{"gp", V_TEXT},
	{"next_of_kin", V_TEXT},
	{"cannot_do_times", V_TEXT},
	{"attempts", V_NUMBER, .min = 0, .max = 1000},
	{"important_to_me", V_NOTE},
	{"please_do", V_NOTE},
	{"please_dont", V_NOTE},
	{"risks", V_CHOICES, .terms = "risk"},
	{"visit_note", V_TEXT},
	{"consent", V_ROWS, .cells = consent_cells},
	{"status", V_CHOICE, .terms = "case-status", .group = "standing"},
	{"status_why", V_TEXT, .group = "standing"},
	{"status_review", V_DATE, .group = "standing"},
	{"weight", V_SCALE, PRIVATE, .min = 1, .max = 5},
	SAME_AS("person"),
	END,
};

const struct field contact_fields[] = {
	{"starts", V_MOMENT, MUST, .group = "time"},
	{"minutes", V_NUMBER, .group = "time", .min = 0, .max = 1440},
	{"mode", V_CHOICE, MUST, .terms = "contact-mode"},
	{"kind", V_CHOICE, .terms = "contact-kind"},
	{"outcome", V_CHOICE, .terms = "contact-outcome"},
	{"visit", V_TEXT, .flags = FIELD_HIDDEN},
	{"present", V_TEXT},
	{"issues", V_CHOICES, .terms = "issue"},
	{"note", V_NOTE},
	{"their_words", V_NOTE},
	{"amendments", V_NOTES, BY_ACT}, /* what came after it was finished */
	{"drain", V_SCALE, PRIVATE, .min = 1, .max = 5},
	{"gaps", V_RECORDS, .of = "gap"}, /* who it was that nothing fitted, here alone */
	{"session", V_RECORD, .of = "session"}, /* of kind group: the meeting they came to */
	MOVES("contact"), /* or from a jot that found its person */
	END,
};

/* One asking for help; the first contact after it is looked up, not kept. */
const struct field referral_fields[] = {
	{"date", V_DATE, MUST},
	{"source", V_CHOICE, MUST, .terms = "referral-source"},
	{"route", V_CHOICE, .terms = "referral-method"},
	{"referrer", V_TEXT},
	{"reasons", V_CHOICES, MUST, .terms = "issue"}, /* as the referrer sees it */
	{"main_reason", V_CHOICE, .terms = "issue"}, /* one of them */
	{"referrer_words", V_NOTE},
	{"own_reasons", V_CHOICES, .terms = "issue"}, /* as the person sees it */
	{"own_words", V_NOTE},
	{"urgency", V_CHOICE, .terms = "urgency"},
	{"closed_on", V_DATE, .group = "closing"},
	{"closing_reason", V_CHOICE, .terms = "closing-reason", .group = "closing"},
	{"outcome", V_NOTE},
	MOVES("referral"),
	END,
};

const struct field involved_fields[] = {
	{"name", V_TEXT, MUST},	  {"role", V_CHOICE, MUST, .terms = "involved-role"},
	{"organisation", V_TEXT}, {"phone", V_PHONE},
	{"email", V_TEXT},	  {"may_speak", V_CHOICE, .terms = "may-speak"},
	{"lead", V_YESNO},	  {"note", V_NOTE},
	MOVES("involved"),	  END,
};

static const struct field told_cells[] = {
	{"who", V_TEXT},
	{"at", V_MOMENT},
	{"answer", V_TEXT},
	END,
};

/* What I saw stands apart from what they said, and both from what was done about it. */
const struct field concern_fields[] = {
	{"kind", V_CHOICE, MUST, .terms = "concern-kind"},
	{"seen", V_NOTE, MUST},
	{"their_words", V_NOTE},
	{"told", V_ROWS, .cells = told_cells},
	{"agreed", V_NOTE},
	{"state", V_CHOICE, MUST, .terms = "concern-state", .group = "standing"},
	{"state_why", V_TEXT, .group = "standing"},
	MOVES("concern"),
	END,
};

static const struct field step_cells[] = {
	{"what", V_TEXT},
	{"who", V_CHOICE, .terms = "step-who"},
	{"by", V_DATE},
	{"done", V_DATE},
	END,
};

static const struct field progress_cells[] = {
	{"when", V_DATE},
	{"score", V_SCALE, .min = 0, .max = 10},
	{"note", V_TEXT},
	END,
};

const struct field goal_fields[] = {
	{"words", V_NOTE, MUST},
	{"theme", V_CHOICE, .terms = "theme"},
	{"importance", V_SCALE, .min = 1, .max = 10},
	{"confidence", V_SCALE, .min = 1, .max = 10},
	{"steps", V_ROWS, .cells = step_cells},
	{"progress", V_ROWS, .cells = progress_cells},
	{"status", V_CHOICE, .terms = "goal-status"},
	{"review_on", V_DATE},
	MOVES("goal"),
	END,
};

/* kind: what the practitioner did for it; rung: how far along with the person. */
const struct field link_fields[] = {
	{"resource", V_RECORD, EITHER, .of = "resource"},
	{"elsewhere", V_TEXT, EITHER}, /* what is in no directory */
	{"rung", V_CHOICE, MUST, .terms = "rung"},
	{"date", V_DATE},
	{"kind", V_CHOICE, .terms = "link-type"},
	{"state", V_CHOICE, .terms = "link-state"},
	{"barriers", V_CHOICES, .terms = "barrier"},
	{"chase_on", V_DATE},
	{"feedback", V_NOTE},
	{"goal", V_RECORD, .of = "goal"},
	MOVES("link"),
	END,
};

const struct field promise_fields[] = {
	{"who", V_CHOICE, MUST, .terms = "promise-who"},
	{"words", V_NOTE, MUST},
	{"resource", V_RECORD, .of = "resource"}, /* whose promise it is, where it is theirs */
	{"by", V_DATE},
	{"kept", V_CHOICE, .terms = "promise-kept"},
	MOVES("promise"),
	END,
};

const struct field task_fields[] = {
	{"what", V_TEXT, MUST},
	{"due", V_DATE},
	{"done", V_DATE},
	{"recurring", V_CHOICE, .terms = "recurring"},
	{"for_clinician", V_YESNO},
	MOVES("task"),
	END,
};

static const struct field answer_cells[] = {
	{"item", V_NUMBER, .min = 1, .max = 100},
	{"answer", V_NUMBER, .min = 0, .max = 1000},
	END,
};

/* In hundredths, which keeps tables of converted scores exact. */
static const struct field score_cells[] = {
	{"scale", V_TEXT},
	{"hundredths", V_NUMBER, .min = -100000, .max = 100000},
	END,
};

/* A score follows from the answers and is not kept; only where the questions may not be had
 * without a licence is it entered, as entered_scores. */
const struct field measure_fields[] = {
	{"instrument", V_CHOICE, MUST, .terms = "instrument"},
	{"date", V_DATE, MUST},
	{"stage", V_CHOICE, .terms = "measure-stage"},
	{"answers", V_ROWS, .cells = answer_cells},
	{"entered_scores", V_ROWS, .cells = score_cells},
	{"refused", V_YESNO},
	MOVES("measure"),
	END,
};

const struct field relation_fields[] = {
	{"other", V_RECORD, MUST, .of = "person"},
	{"relation", V_CHOICE, MUST, .terms = "relation"},
	{"same_household", V_YESNO},
	{"private_from", V_YESNO}, /* the other is not to learn that this person comes */
	END,
};

const struct field owed_fields[] = {
	{"contact", V_RECORD, MUST, .of = "contact"},
	{"text", V_NOTE, MUST},
	{"done_on", V_DATE},
	MOVES("owed"),
	END,
};

const struct field jot_fields[] = {
	{"words", V_NOTE, MUST},
	{"moved_to", V_RECORD, BY_ACT, .of = "contact"},
	END,
};

static const struct field line_cells[] = {
	{"name", V_TEXT},
	{"contact", V_TEXT},
	{"attempts", V_NUMBER, .min = 0, .max = 1000},
	{"needs", V_TEXT},
	{"arranged", V_TEXT},
	{"joined_to", V_RECORD, .of = "person"},
	END,
};

/* People who are on no caseload yet, and mostly never will be: the key goes with the list. */
const struct field worklist_fields[] = {
	{"title", V_TEXT, MUST},
	{"purpose", V_TEXT, MUST},
	{"practice", V_RECORD, .of = "practice"},
	{"until", V_DATE},
	{"lines", V_ROWS, .cells = line_cells},
	END,
};

/* Ids only, no words about anybody. */
const struct field access_fields[] = {
	{"at", V_MOMENT, HIDDEN},
	{"who", V_TEXT, HIDDEN},
	{"act", V_CHOICE, HIDDEN, .terms = "access-act"},
	{"people", V_RECORDS, HIDDEN, .of = "person"},
	{"records", V_RECORDS, HIDDEN},
	{"count", V_NUMBER, HIDDEN, .min = 0, .max = 10000000},
	{"after", V_RECORD, HIDDEN, .of = "access"}, /* the entry before it: a gap shows */
	END,
};

const struct field practitioner_fields[] = {
	{"name", V_TEXT, MUST},
	END,
};

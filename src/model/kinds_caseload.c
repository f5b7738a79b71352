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
	{"drain", V_SCALE, PRIVATE, .min = 1, .max = 5},
	END,
};

const struct field practitioner_fields[] = {
	{"name", V_TEXT, MUST},
	END,
};

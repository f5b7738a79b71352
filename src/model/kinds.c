/* SPDX-License-Identifier: MIT
 *
 * The record tables.  Field lists follow the PRSB social prescribing standard v1.1 (person,
 * contacts, risks), ALISS and HSDS 3.0 (resources); what is our own is plain in its name.
 * Texts without a limit of their own get the one of their type (value.c).
 */
#include <linkbook/kinds.h>

#include <string.h>

#define MUST	.flags = FIELD_MUST
#define PRIVATE .flags = FIELD_PRIVATE
#define END                                                                                        \
	{                                                                                          \
		0                                                                                  \
	}

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

static const struct field person_fields[] = {
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

static const struct field contact_fields[] = {
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

static const struct field resource_fields[] = {
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

static const struct field practice_fields[] = {
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

static const struct field practitioner_fields[] = {
	{"name", V_TEXT, MUST},
	END,
};

const struct kind kinds[] = {
	{"person", STORE_PERSON, .is_subject = true, .fields = person_fields},
	{"contact", STORE_PERSON, .own_key = true, .fields = contact_fields},
	{"resource", STORE_DIRECTORY, .fields = resource_fields},
	{"practice", STORE_DIRECTORY, .fields = practice_fields},
	{"practitioner", STORE_CASELOAD, .fields = practitioner_fields},
	{0},
};

const struct kind *kind_find(const char *name)
{
	for (const struct kind *k = kinds; k->name; k++)
		if (!strcmp(k->name, name))
			return k;
	return NULL;
}

static const struct field *find(const struct field *fields, const char *name)
{
	for (const struct field *f = fields; f && f->name; f++)
		if (!strcmp(f->name, name))
			return f;
	return NULL;
}

const struct field *kind_field(const struct kind *k, const char *name)
{
	return find(k->fields, name);
}

const struct field *field_cell(const struct field *rows, const char *name)
{
	return find(rows->cells, name);
}

const char *field_stored(const struct field *f)
{
	return f->group ? f->group : f->name;
}

bool field_is_set(const struct field *f)
{
	return f->type == V_CHOICES || f->type == V_WORDS;
}

const char *vtype_name(enum vtype t)
{
	static const char *const names[] = {
		[V_TEXT] = "text",	   [V_NOTE] = "note",	  [V_DATE] = "date",
		[V_TIME] = "time",	   [V_MOMENT] = "moment", [V_CHOICE] = "choice",
		[V_CHOICES] = "choices",   [V_WORDS] = "words",	  [V_CHI] = "chi",
		[V_POSTCODE] = "postcode", [V_PHONE] = "phone",	  [V_NUMBER] = "number",
		[V_SCALE] = "scale",	   [V_MONEY] = "money",	  [V_YESNO] = "yesno",
		[V_RECORD] = "record",	   [V_ROWS] = "rows",
	};
	return names[t];
}

const char *kind_store_name(enum kind_store s)
{
	return s == STORE_DIRECTORY ? "directory" : "caseload";
}

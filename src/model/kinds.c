/* SPDX-License-Identifier: MIT
 *
 * All record types, and their fields found by name.
 */
#include "kinds_tables.h"

#include <string.h>

const struct kind kinds[] = {
	{"person", STORE_PERSON, .is_subject = true, .fields = person_fields},
	{"referral", STORE_PERSON, .own_key = true, .fields = referral_fields},
	{"contact", STORE_PERSON, .own_key = true, .is_note = true, .fields = contact_fields},
	{"involved", STORE_PERSON, .own_key = true, .fields = involved_fields},
	{"concern", STORE_PERSON, .own_key = true, .fields = concern_fields},
	{"goal", STORE_PERSON, .own_key = true, .fields = goal_fields},
	{"link", STORE_PERSON, .own_key = true, .fields = link_fields},
	{"promise", STORE_PERSON, .own_key = true, .fields = promise_fields},
	{"task", STORE_PERSON, .own_key = true, .for_nobody = true, .fields = task_fields},
	{"measure", STORE_PERSON, .own_key = true, .fields = measure_fields},
	{"relation", STORE_PERSON, .fields = relation_fields},
	{"owed", STORE_PERSON, .own_key = true, .fields = owed_fields},
	{"jot", STORE_CASELOAD, .own_key = true, .fields = jot_fields},
	{"worklist", STORE_CASELOAD, .own_key = true, .fields = worklist_fields},
	{"access", STORE_CASELOAD, .by_program = true, .fields = access_fields},
	{"practitioner", STORE_CASELOAD, .fields = practitioner_fields},
	{"resource", STORE_DIRECTORY, .fields = resource_fields},
	{"check", STORE_DIRECTORY, .fields = check_fields},
	{"outreach", STORE_DIRECTORY, .fields = outreach_fields},
	{"gap", STORE_DIRECTORY, .fields = gap_fields},
	{"series", STORE_DIRECTORY, .fields = series_fields},
	{"session", STORE_DIRECTORY, .fields = session_fields},
	{"practice", STORE_DIRECTORY, .fields = practice_fields},
	{"action", STORE_DIRECTORY, .fields = action_fields},
	{"event", STORE_DIRECTORY, .fields = event_fields},
	{"signpost", STORE_DIRECTORY, .fields = signpost_fields},
	{"learning", STORE_DIRECTORY, .fields = learning_fields},
	{"story", STORE_DIRECTORY, .fields = story_fields},
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
	return f->type == V_CHOICES || f->type == V_WORDS || f->type == V_NOTES ||
	       f->type == V_RECORDS;
}

const char *vtype_name(enum vtype t)
{
	static const char *const names[] = {
		[V_TEXT] = "text",	   [V_NOTE] = "note",	    [V_DATE] = "date",
		[V_TIME] = "time",	   [V_MOMENT] = "moment",   [V_CHOICE] = "choice",
		[V_CHOICES] = "choices",   [V_WORDS] = "words",	    [V_CHI] = "chi",
		[V_POSTCODE] = "postcode", [V_PHONE] = "phone",	    [V_NUMBER] = "number",
		[V_SCALE] = "scale",	   [V_MONEY] = "money",	    [V_YESNO] = "yesno",
		[V_RECORD] = "record",	   [V_RECORDS] = "records", [V_ROWS] = "rows",
		[V_NOTES] = "notes",
	};
	return names[t];
}

const char *kind_store_name(enum kind_store s)
{
	return s == STORE_DIRECTORY ? "directory" : "caseload";
}

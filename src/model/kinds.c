/* SPDX-License-Identifier: MIT
 *
 * Record types and their fields found by name.
 */
#include "kinds_tables.h"

#include <string.h>

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

/* SPDX-License-Identifier: MIT
 *
 * What holds of a form as a whole: that nothing is asked twice (a draft knows a field by its
 * name, a person by its label), and that one can finish what it begins.
 */
#include "def_check.h"

#include <string.h>

static const struct ynode *section_at(const struct screen_def *def, size_t i)
{
	return ynode_get(def->doc.root, "sections")->items[i];
}

static const struct ynode *entry_at(const struct screen_def *def, size_t i, size_t k)
{
	return ynode_get(section_at(def, i), "fields")->items[k];
}

static void check_once(const struct screen_def *def, size_t i, size_t k, struct diag *d)
{
	const struct def_entry *e = &def->sections[i].entries[k];
	for (size_t si = 0; si <= i; si++)
		for (size_t sk = 0; sk < (si == i ? k : def->sections[si].count); sk++) {
			const struct def_entry *other = &def->sections[si].entries[sk];
			if (other->field == e->field)
				ynode_say(&def->doc, entry_at(def, i, k), d,
					  "\"%s\" is asked already; leave one of the two out",
					  e->field->name);
			else if (!strcmp(other->label, e->label))
				ynode_say(&def->doc, entry_at(def, i, k), d,
					  "the label \"%s\" stands on another field already",
					  e->label);
		}
}

static bool begins(const struct screen_def *from, const char *form)
{
	for (size_t i = 0; i < from->add_count; i++)
		if (!strcmp(from->add[i], form))
			return true;
	return from->kind == DEF_LIST && from->form && !strcmp(from->form, form);
}

static bool is_begun_with(const struct screens *all, const struct screen_def *form)
{
	for (size_t i = 0; i < all->count; i++)
		if (begins(&all->defs[i], form->name))
			return true;
	return false;
}

/* Whatever was answered elsewhere: a section that is not asked cannot be what a must-have waits
 * for. */
static bool always_asks(const struct screen_def *form, const struct field *f)
{
	for (size_t i = 0; i < form->section_count; i++)
		for (size_t k = 0; k < form->sections[i].count; k++)
			if (form->sections[i].entries[k].field == f)
				return !form->sections[i].when_count;
	return false;
}

static void check_musts(const struct screen_def *form, struct diag *d)
{
	const struct field *either = NULL;
	bool asks_either = false;
	for (const struct field *f = form->of->fields; f->name; f++) {
		bool asks = always_asks(form, f);
		if (f->flags & FIELD_MUST && !(f->flags & FIELD_HIDDEN) && !asks)
			ynode_say(&form->doc, form->doc.root, d,
				  "no %s is kept without its \"%s\", so this form must always ask "
				  "for it",
				  form->of->name, f->name);
		if (f->flags & FIELD_EITHER) {
			either = either ? either : f;
			asks_either |= asks;
		}
	}
	if (either && !asks_either)
		ynode_say(&form->doc, form->doc.root, d,
			  "no %s is kept without its \"%s\" or what stands for it, so this form "
			  "must always ask for it",
			  form->of->name, either->name);
}

/* A practice may ask nothing besides, and a form without a field is none. */
static void check_not_empty(const struct screen_def *form, struct diag *d)
{
	for (size_t i = 0; i < form->section_count; i++)
		for (size_t k = 0; k < form->sections[i].count; k++)
			if (!form->sections[i].entries[k].field->told_by)
				return;
	ynode_say(&form->doc, form->doc.root, d,
		  "there is nothing that this form always asks; add a field");
}

void check_form(const struct screens *all, const struct screen_def *form, struct diag *d)
{
	for (size_t i = 0; i < form->section_count; i++)
		for (size_t k = 0; k < form->sections[i].count; k++)
			check_once(form, i, k, d);
	check_not_empty(form, d);
	if (is_begun_with(all, form))
		check_musts(form, d);
}

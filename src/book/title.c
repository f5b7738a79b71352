/* SPDX-License-Identifier: MIT
 *
 * What a record is called in one line.
 */
#include "book_impl.h"

#include <linkbook/text.h>

#include <string.h>

/* What stands in a list for each kind, after the name; ends with NULL. */
static const struct {
	const char *kind, *fields[5];
} title_fields[] = {
	{"person", {"date_of_birth", "locality", "status"}},
	{"referral", {"date", "source", "reasons", "closed_on"}},
	{"contact", {"starts", "mode", "outcome", "note"}},
	{"involved", {"name", "role", "organisation"}},
	{"concern", {"kind", "state", "seen"}},
	{"goal", {"words", "status", "review_on"}},
	{"link", {"rung", "elsewhere", "state", "chase_on"}},
	{"promise", {"who", "words", "by", "kept"}},
	{"task", {"due", "what", "done"}},
	{"measure", {"date", "instrument", "stage"}},
	{"relation", {"relation", "other"}},
	{"owed", {"text", "done_on"}},
	{"jot", {"words"}},
	{"worklist", {"title", "purpose", "until"}},
	{"access", {"at", "who", "act", "count"}},
	{"practitioner", {"name"}},
	{"resource", {"name", "sessions", "locality", "cost"}},
	{"check", {"date", "found", "facts"}},
	{"outreach", {"date", "kind", "note"}},
	{"gap", {"category", "area", "state", "idea"}},
	{"series", {"rule", "place", "note"}},
	{"session", {"date", "headcount", "note"}},
	{"practice", {"name", "localities"}},
	{"action", {"capacity", "aim", "state", "due"}},
	{"event", {"date", "kind", "capacity", "headcount"}},
	{"signpost", {"date", "category", "by"}},
	{"learning", {"date", "text"}},
	{"story", {"title", "text"}},
};

static void add_part(const struct book *b, const struct record *r, const char *field,
		     struct buf *out)
{
	struct buf said = BUF_SECRET;
	record_say(b, r, field, &said);
	if (said.n && out->n)
		buf_add_text(out, "  ");
	text_clip(buf_span(&said), 60, false, out);
	buf_fini(&said);
}

void record_title(const struct book *b, const struct record *r, struct buf *out)
{
	struct buf line = BUF_SECRET;
	if (r->kind && r->kind->is_subject)
		record_person_name(r, &line);
	for (size_t i = 0; i < sizeof title_fields / sizeof *title_fields; i++)
		for (size_t k = 0; r->kind && !strcmp(title_fields[i].kind, r->kind->name) &&
				   title_fields[i].fields[k];
		     k++)
			add_part(b, r, title_fields[i].fields[k], &line);
	text_clean(buf_span(&line), out);
	buf_fini(&line);
}

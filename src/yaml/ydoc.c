/* SPDX-License-Identifier: MIT
 *
 * From libyaml's events to the tree: the one place that includes <yaml.h>.  What more than
 * plain data can be written is refused here; what a key means is for others to say.
 *
 * Depth is bounded as the events come: libyaml looks at most 1,024 characters ahead, so it
 * never gets to spend the quadratic time that deep nesting would cost it.
 */
#include <linkbook/ydoc.h>

#include <string.h>
#include <yaml.h>
#include <linkbook/mem.h>

#include "yroom.h"

struct reading {
	struct tree tree;
	struct mistakes *mistakes;
	const struct sieve *sieve;
	size_t tab_at; /* the first tab not looked at yet */
	unsigned tab_line; /* of the last one told */
	unsigned documents;
	bool stop;
};

static struct place place_of(yaml_mark_t mark)
{
	return (struct place){(unsigned)mark.line + 1, (unsigned)mark.column + 1};
}

/* --- tabs ---------------------------------------------------------------------------------- */

static void say_tab(struct reading *r, struct place at)
{
	mistake_add(r->mistakes, at.line, at.column, "a tab stands here; indent with blanks");
	r->tab_line = at.line;
}

/* Tabs that begin the lines up to this one are indentation. */
static void say_tabs(struct reading *r, unsigned line)
{
	const struct sieve *s = r->sieve;
	for (; r->tab_at < s->tab_count && s->tabs[r->tab_at].line <= line; r->tab_at++)
		say_tab(r, s->tabs[r->tab_at]);
}

/* Tabs on the further lines of a text belong to the text.  A block ends before column 1 of
 * the line after it. */
static void pass_text_tabs(struct reading *r, const yaml_event_t *e)
{
	say_tabs(r, place_of(e->start_mark).line);
	unsigned last = place_of(e->end_mark).line - (e->end_mark.column == 0);
	const struct sieve *s = r->sieve;
	while (r->tab_at < s->tab_count && s->tabs[r->tab_at].line <= last)
		r->tab_at++;
}

/* --- events -------------------------------------------------------------------------------- */

static void refuse_extras(struct reading *r, const yaml_event_t *e, const yaml_char_t *anchor,
			  const yaml_char_t *tag)
{
	struct place at = place_of(e->start_mark);
	struct buf shown = BUF_INIT;
	if (anchor)
		mistake_add(r->mistakes, at.line, at.column,
			    "an anchor (&%s) stands here; take it out, or put the text in quotes",
			    text_show((const char *)anchor, &shown));
	if (tag)
		mistake_add(r->mistakes, at.line, at.column,
			    "a tag (%s) stands here; take it out, or put the text in quotes",
			    text_show((const char *)tag, &shown));
	buf_fini(&shown);
}

static void on_text(struct reading *r, const yaml_event_t *e)
{
	pass_text_tabs(r, e);
	refuse_extras(r, e, e->data.scalar.anchor, e->data.scalar.tag);
	tree_add_text(&r->tree, place_of(e->start_mark),
		      span_of(e->data.scalar.value, e->data.scalar.length),
		      e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE);
}

static void on_alias(struct reading *r, const yaml_event_t *e)
{
	struct place at = place_of(e->start_mark);
	struct buf shown = BUF_INIT;
	mistake_add(r->mistakes, at.line, at.column,
		    "an alias (*%s) stands here; write the text out, or put it in quotes",
		    text_show((const char *)e->data.alias.anchor, &shown));
	buf_fini(&shown);
	tree_add_dummy(&r->tree, at);
}

static void on_list(struct reading *r, const yaml_event_t *e)
{
	refuse_extras(r, e, e->data.sequence_start.anchor, e->data.sequence_start.tag);
	tree_open(&r->tree, YNODE_LIST, place_of(e->start_mark));
}

static void on_map(struct reading *r, const yaml_event_t *e)
{
	refuse_extras(r, e, e->data.mapping_start.anchor, e->data.mapping_start.tag);
	tree_open(&r->tree, YNODE_MAP, place_of(e->start_mark));
}

static void on_end(struct reading *r, const yaml_event_t *e)
{
	(void)e;
	tree_close(&r->tree);
}

static void on_document(struct reading *r, const yaml_event_t *e)
{
	if (++r->documents == 1)
		return;
	struct place at = place_of(e->start_mark);
	mistake_add(r->mistakes, at.line, at.column,
		    "a second document begins here; keep one in a file");
	r->stop = true;
}

static void on_stream_end(struct reading *r, const yaml_event_t *e)
{
	say_tabs(r, place_of(e->end_mark).line);
	r->stop = true;
	const struct ynode *root = r->tree.doc->root;
	bool empty = !root || (root->kind == YNODE_TEXT && !root->quoted && !*root->text);
	if (empty && !r->mistakes->found.count)
		mistake_add(r->mistakes, 1, 1, "there is nothing in this file; write its keys");
}

static void (*const on_event[])(struct reading *, const yaml_event_t *) = {
	[YAML_NO_EVENT] = NULL,
	[YAML_STREAM_START_EVENT] = NULL,
	[YAML_STREAM_END_EVENT] = on_stream_end,
	[YAML_DOCUMENT_START_EVENT] = on_document,
	[YAML_DOCUMENT_END_EVENT] = NULL,
	[YAML_ALIAS_EVENT] = on_alias,
	[YAML_SCALAR_EVENT] = on_text,
	[YAML_SEQUENCE_START_EVENT] = on_list,
	[YAML_SEQUENCE_END_EVENT] = on_end,
	[YAML_MAPPING_START_EVENT] = on_map,
	[YAML_MAPPING_END_EVENT] = on_end,
};

/* libyaml stops at the first fault of syntax.  Quotes that never close are told where they
 * open: where they ran out helps nobody. */
static void say_syntax(struct reading *r, const yaml_parser_t *p)
{
	if (p->error == YAML_MEMORY_ERROR)
		err_out_of_memory();
	struct place at = place_of(p->problem_mark);
	struct place begun = {at.line, at.column};
	if (p->context)
		begun = place_of(p->context_mark);
	if (p->problem && strstr(p->problem, "end of stream"))
		at = begun;
	say_tabs(r, begun.line < at.line ? begun.line : at.line);
	if (r->tab_line == at.line)
		return;
	if (sieve_byte(r->sieve, at) == '\t')
		say_tab(r, at);
	else
		mistake_add(r->mistakes, at.line, at.column, "%s", syntax_advice(p->problem));
}

static void read_events(struct reading *r, yaml_parser_t *parser)
{
	while (!r->stop && !r->tree.full) {
		yaml_event_t event;
		if (!yaml_parser_parse(parser, &event)) {
			say_syntax(r, parser);
			return;
		}
		if (on_event[event.type])
			on_event[event.type](r, &event);
		yaml_event_delete(&event);
	}
}

static void read_tree(struct ydoc *doc, const struct sieve *sieve, struct mistakes *m)
{
	yaml_parser_t parser;
	if (!yaml_parser_initialize(&parser))
		err_out_of_memory();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)buf_text(&sieve->bytes),
				     sieve->bytes.n);
	struct reading r = {.tree = {.doc = doc, .mistakes = m}, .mistakes = m, .sieve = sieve};
	read_events(&r, &parser);
	tree_fini(&r.tree);
	yaml_parser_delete(&parser);
}

enum err ydoc_read(const char *name, struct span bytes, struct ydoc *out, struct diag *d)
{
	*out = (struct ydoc){.name = mem_text(name)};
	struct mistakes m = {.file = out->name};
	struct sieve sieve;
	if (sieve_read(bytes, &sieve, &m))
		read_tree(out, &sieve, &m);
	sieve_fini(&sieve);
	if (!mistakes_tell(&m, d))
		return OK;
	out->root = NULL; /* half a tree is not for use */
	return ERR_INPUT;
}

/* SPDX-License-Identifier: MIT
 *
 * finish, amend, strike, restrict, move, same: acts on whole records.
 */
#include "command_line.h"

#include <stdlib.h>
#include <string.h>

enum { AMENDMENT_MOST = 1 << 20 };

/* The records of all operands; opens the book. */
static enum err find_records(struct cli *c, struct ref *refs)
{
	enum err e = cli_open(c);
	for (int i = 0; !e && i < c->argc; i++) {
		struct record r;
		e = book_get_prefix(c->book, c->argv[i], &r, &c->diag);
		if (e)
			break;
		refs[i] = ref_of(&r);
		record_fini(&r);
	}
	return e;
}

static enum exit_status done(struct cli *c, enum err e, const char *said)
{
	if (!e && c->json)
		puts("{\"done\":true}");
	else if (!e)
		cli_print("%s", said);
	return e ? cli_status(e) : cli_done(c);
}

static enum exit_status put_mark(struct cli *c, enum mark mark, const char *said)
{
	struct ref ref;
	if (c->argc != 1)
		return cli_usage(c, "give the id of one record");
	enum err e = find_records(c, &ref);
	if (!e)
		e = book_mark(c->book, ref, mark, &c->diag);
	return done(c, e, said);
}

enum exit_status cmd_finish(struct cli *c)
{
	return put_mark(c, MARK_FINISH, "Finished: what comes later is an amendment.");
}

enum exit_status cmd_strike(struct cli *c)
{
	return put_mark(c, MARK_STRIKE, "Struck: it stays, and is read as struck.");
}

enum exit_status cmd_restrict(struct cli *c)
{
	return put_mark(c, MARK_RESTRICT, "Restricted: it is kept, and left out of lists.");
}

/* Words about people come from standard input, never from the command line. */
static enum err read_text(struct cli *c, struct buf *text)
{
	char part[4096];
	size_t n;
	while ((n = fread(part, 1, sizeof part, stdin)) > 0 && text->n <= AMENDMENT_MOST)
		buf_add(text, part, n);
	while (text->n && strchr(" \t\r\n", text->p[text->n - 1]))
		text->n--;
	if (text->n && text->n <= AMENDMENT_MOST)
		return OK;
	diag_say(&c->diag, text->n ? "This is too long for an amendment."
				   : "Nothing came on standard input: write the amendment there.");
	return ERR_INPUT;
}

enum exit_status cmd_amend(struct cli *c)
{
	struct ref ref;
	struct buf text = BUF_SECRET;
	if (c->argc != 1)
		return cli_usage(c, "give the id of one note; the text comes on standard input");
	enum err e = find_records(c, &ref);
	if (!e)
		e = read_text(c, &text);
	if (!e)
		e = book_amend(c->book, ref, buf_span(&text), &c->diag);
	buf_fini(&text);
	return done(c, e, "Amended.");
}

enum exit_status cmd_move(struct cli *c)
{
	struct ref refs[2];
	struct id moved;
	char hex[ID_HEX];
	if (c->argc != 2)
		return cli_usage(c, "give the id of a record, and of the person it belongs to");
	enum err e = find_records(c, refs);
	if (!e)
		e = book_move(c->book, refs[0], &refs[1].record, &moved, &c->diag);
	if (!e && c->json)
		printf("\"%s\"\n", id_to_hex(&moved, hex));
	else if (!e)
		puts(id_to_hex(&moved, hex));
	return e ? cli_status(e) : cli_done(c);
}

/* A prefix of people who are one finds them all under one id: taking them apart needs both
 * ids as they were given, whole. */
static enum err whole_ids(struct cli *c, struct id *ids)
{
	struct ref refs[2];
	enum err e = find_records(c, refs);
	for (int i = 0; !e && i < c->argc; i++) {
		ids[i] = refs[i].record;
		if (!id_from_hex(c->argv[i], &ids[i]) && c->option[O_APART]) {
			diag_say(&c->diag, "%s: give the whole id, all 32 digits.", c->argv[i]);
			e = ERR_INPUT;
		}
	}
	return e;
}

enum exit_status cmd_same(struct cli *c)
{
	struct id ids[2];
	bool apart = c->option[O_APART] != NULL;
	if (c->argc != 2)
		return cli_usage(c, "give the ids of two people, or of two resources");
	enum err e = whole_ids(c, ids);
	if (!e)
		e = book_same(c->book, &ids[0], &ids[1], !apart, &c->diag);
	return done(c, e,
		    apart ? "They are two again."
			  : "They are shown as one; what differs is listed by conflicts.");
}

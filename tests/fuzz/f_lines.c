/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: any bytes as the lines that put takes.  What is refused says in which line and
 * changes nothing; what is accepted, said by show and put again, changes nothing more.
 */
#include "book_ground.h"

#include <linkbook/lines.h>
#include <linkbook/text.h>

static enum err put(struct ground *g, struct span bytes, struct id **ids, size_t *count,
		    struct diag *d)
{
	FILE *in = bytes.n ? fmemopen((void *)(uintptr_t)bytes.p, bytes.n, "r")
			   : fopen("/dev/null", "r");
	HOLDS(in);
	*ids = NULL;
	enum err e = lines_put(g->book, in, "x.jsonl", ids, count, d);
	fclose(in);
	return e;
}

static void take_out(struct buf *line, const char *from, char upto)
{
	char *at = line->n ? strstr((char *)line->p, from) : NULL;
	char *end = at ? strchr(at + strlen(from), upto) : NULL;
	if (end)
		buf_splice(line, (size_t)(at - (char *)line->p), (size_t)(end + 1 - at), NULL, 0);
}

/* Whatever show says may be put again, and is no change then. */
static void check_again(struct ground *g, const struct id *ids, size_t count)
{
	struct hash mark = ground_mark(g), after;
	for (size_t i = 0; i < count; i++) {
		struct record r;
		struct buf line = BUF_INIT;
		struct id *again;
		size_t n;
		if (book_get(g->book, &ids[i], &r))
			continue; /* one id in two files: show asks which is meant */
		lines_show(&r, &line);
		HOLDS(text_may_store(buf_span(&line), false));
		bool plain = !r.state.binned && !r.state.finished && !r.state.struck &&
			     !r.state.restricted && !state_conflicts(&r.state);
		take_out(&line, "\"bin\":true", ',');
		struct diag d = {0};
		enum err e = plain ? put(g, buf_span(&line), &again, &n, &d) : ERR_ABSENT;
		if (e && plain)
			fprintf(stderr, "%s\n%s\n", buf_text(&line), diag_first(&d));
		HOLDS(!e || !plain);
		if (plain)
			free(again);
		diag_fini(&d);
		record_fini(&r);
		buf_fini(&line);
	}
	after = ground_mark(g);
	HOLDS(hash_equal(&mark, &after));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct span bytes = span_of(data, n);
	struct ground *g = ground_open();
	struct diag d = {0};
	struct id *ids;
	size_t count;
	enum err e = put(g, bytes, &ids, &count, &d);
	HOLDS(!e == !d.count);
	fuzz_check_diag(&d, "x.jsonl", bytes);
	if (e) {
		struct hash mark = ground_mark(g);
		HOLDS(e == ERR_INPUT || e == ERR_REFUSED);
		HOLDS(!count && hash_equal(&mark, &g->mark));
	} else if (count) {
		ground_spoil();
		check_again(g, ids, count);
		ground_read_all(g);
	}
	free(ids);
	diag_fini(&d);
	return 0;
}

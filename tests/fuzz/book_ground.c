/* SPDX-License-Identifier: MIT
 *
 * Two people, a note, and a directory with one group.
 */
#include "book_ground.h"

#include <linkbook/lines.h>
#include <linkbook/seed.h>
#include <linkbook/text.h>

static struct ground ground;
static bool spoilt;
static const char words[] = "four plain words here";

static const char practice[] = "format: 1\npractice: ashgill\nversion: 1\nname: Ashgill\n"
			       "extra: [{field: bus_stop, label: Nearest bus stop}]\n";
static const char groups[] = "format: 1\npractice: ashgill\nversion: 1\nresources:\n"
			     "- {key: walk, name: Possil Walking Group}\n";
static const char lines[] =
	"{\"type\":\"person\",\"id\":\"00000000000000000000000000000a01\",\"given_name\":\"Mairi\","
	"\"family_name\":\"MacLeod\",\"phone\":[{\"number\":\"07700 900123\"}]}\n"
	"{\"type\":\"person\",\"id\":\"00000000000000000000000000000a02\",\"given_name\":\"Ada\","
	"\"family_name\":\"Brook\"}\n"
	"{\"type\":\"contact\",\"id\":\"00000000000000000000000000000c01\","
	"\"person\":\"00000000000000000000000000000a01\",\"starts\":\"2026-11-20T10:00\","
	"\"mode\":\"face_home\",\"outcome\":\"attended\",\"note\":\"Good form.\"}\n";

static void sow(struct ground *g, const char *name, const char *yaml)
{
	struct seed_report report = {0};
	struct diag d = {0};
	enum err e = seed_load(g->book, name, span_text(yaml), &report, &d);
	if (e)
		fprintf(stderr, "%s\n", diag_first(&d));
	HOLDS(!e);
	diag_fini(&d);
}

static void fill(struct ground *g)
{
	struct id *ids = NULL;
	size_t count;
	struct diag d = {0};
	sow(g, "practice.yaml", practice);
	sow(g, "groups.yaml", groups);
	FILE *in = fmemopen((void *)(uintptr_t)lines, sizeof lines - 1, "r");
	enum err e = lines_put(g->book, in, "lines", &ids, &count, &d);
	if (e)
		fprintf(stderr, "%s\n", diag_first(&d));
	HOLDS(!e && count == 3);
	fclose(in);
	g->mairi = ids[0];
	g->ada = ids[1];
	g->note = ids[2];
	g->directory = book_directory(g->book, 0);
	free(ids);
	diag_fini(&d);
}

static void open_it(struct ground *g)
{
	struct diag d = {0};
	enum err e = book_open(&g->seam, g->dir, span_text(words), fuzz_terms(), &g->book, &d);
	if (e)
		fprintf(stderr, "%s\n", diag_first(&d));
	HOLDS(!e);
	fuzz_check_diag(&d, NULL, span_of(NULL, 0));
	diag_fini(&d);
}

static void make(struct ground *g)
{
	static unsigned number;
	char command[640];
	if (*g->dir) {
		book_close(g->book);
		snprintf(command, sizeof command, "rm -rf '%s' '%s/linkbook'", g->dir,
			 fuzz_folder());
		HOLDS(!system(command));
	}
	*g = (struct ground){.book = NULL};
	fuzz_seam(&g->seam);
	snprintf(g->dir, sizeof g->dir, "%s/%u", fuzz_folder(), number++);
	HOLDS(!book_create(&g->seam, g->dir, "Ailsa", span_text(words), KDF_CALIBRATED, NULL));
	open_it(g);
	fill(g);
	g->mark = ground_mark(g);
}

struct ground *ground_open(void)
{
	if (spoilt || !ground.book)
		make(&ground);
	spoilt = false;
	return &ground;
}

void ground_spoil(void)
{
	spoilt = true;
}

void ground_reopen(struct ground *g)
{
	spoilt = true;
	book_close(g->book);
	g->book = NULL;
	open_it(g);
}

struct hash ground_mark(const struct ground *g)
{
	struct view_hash *v;
	size_t n;
	struct hash mark = {{0}};
	HOLDS(!book_view_hash(g->book, &v, &n, NULL));
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < sizeof mark.b; k++)
			mark.b[k] ^= (uint8_t)((v[i].changes.b[k] * 3) ^ v[i].view.b[k]);
	free(v);
	return mark;
}

static void read_event(void *arg, const struct event *e)
{
	struct buf out = BUF_INIT;
	(void)arg;
	HOLDS(e->when && e->author && e->sentence);
	lines_event(e, &out);
	buf_fini(&out);
}

static bool read_record(void *arg, const struct record *r)
{
	const struct ground *g = arg;
	struct buf out = BUF_INIT;
	lines_show(r, &out);
	HOLDS(text_may_store(buf_span(&out), false));
	buf_clear(&out);
	record_title(g->book, r, &out);
	HOLDS(text_may_store(buf_span(&out), false));
	buf_clear(&out);
	record_fold_words(g->book, r, &out);
	record_raised(g->book, r, &out);
	buf_fini(&out);
	enum err e = book_history(g->book, ref_of(r), read_event, NULL);
	HOLDS(!e);
	return true;
}

void ground_read_all(const struct ground *g)
{
	struct access_event *v;
	struct draft *drafts;
	size_t n;
	struct diag d = {0};
	for (const struct kind *k = kinds; k->name; k++)
		HOLDS(!book_scan_all(g->book, k, NULL, read_record, (void *)(uintptr_t)g));
	HOLDS(!book_access(g->book, NULL, &v, &n));
	book_access_free(v, n);
	HOLDS(!book_drafts(g->book, &drafts, &n, &d));
	drafts_free(drafts, n);
	enum err e = book_check(g->book, &d);
	HOLDS(!e || e == ERR_DAMAGED);
	fuzz_check_diag(&d, NULL, span_of(NULL, 0));
	diag_fini(&d);
}

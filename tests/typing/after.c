/* SPDX-License-Identifier: MIT
 *
 * The book opened by a process of its own, and files looked through.
 */
#include "after.h"

#include <linkbook/book.h>
#include <linkbook/mem.h>
#include <linkbook/resource.h>
#include <linkbook/text.h>

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

const char after_passphrase[] = "four plain words here";

static struct terms *terms;

void after_init(void)
{
	terms = terms_new();
	for (const struct resource *r = resources_built_in; r->name; r++)
		if (!strncmp(r->name, "data/terms/", 11))
			BUG_IF(terms_load(terms, r->name, span_of(r->bytes, r->size), NULL));
}

/* --- words in bytes ---------------------------------------------------------------------- */

static const char *const of_people[] = {"Mairi", "MacLe\u00f2d", after_passphrase, NULL};

static void as_wide(const char *word, struct buf *out)
{
	for (; *word; word++)
		buf_add(out, (const uint32_t[]){(uint8_t)*word}, 4);
}

static bool has_word(struct span bytes, const char *word)
{
	struct buf wide = BUF_INIT;
	if (memmem(bytes.p, bytes.n, word, strlen(word)))
		return true;
	as_wide(word, &wide);
	bool found = memmem(bytes.p, bytes.n, wide.p, wide.n) != NULL;
	buf_fini(&wide);
	return found;
}

bool after_has_words(struct span bytes)
{
	for (size_t i = 0; bytes.n && typist_words[i]; i++)
		if (has_word(bytes, typist_words[i]))
			return true;
	for (size_t i = 0; bytes.n && of_people[i]; i++)
		if (has_word(bytes, of_people[i]))
			return true;
	return false;
}

static struct buf *leaking; /* nftw knows no argument */

static int look_into(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)at;
	struct buf bytes = BUF_INIT;
	struct seam seam;
	seam_init_system(&seam);
	bool leaks = after_has_words(span_text(path));
	if (type == FTW_F && st->st_size) {
		enum err e = file_read(&seam, path, 1 << 30, &bytes, NULL);
		leaks |= e || after_has_words(buf_span(&bytes)); /* unread is not clean */
	}
	buf_fini(&bytes);
	if (leaks)
		buf_add_text(leaking, path);
	return leaks;
}

bool after_leaks(const char *root, struct buf *where)
{
	leaking = where;
	return nftw(root, look_into, 32, FTW_PHYS) != 0;
}

/* --- the book ---------------------------------------------------------------------------- */

struct found {
	const struct after *a;
	size_t drafts, records; /* with a text of the typist's, old or new */
	bool bad;
	struct buf *why;
};

static bool field_of_draft(const struct draft *d, const char *field, struct span *text)
{
	struct span fields, value;
	return value_in_map(buf_span(&d->content), "fields", &fields) &&
	       value_in_map(fields, field, &value) && value_is_text(value, text);
}

static void look_at_drafts(struct found *f, struct book *b)
{
	struct draft *drafts;
	size_t count;
	struct diag d = {0};
	if (book_drafts(b, &drafts, &count, &d) || d.count) {
		f->bad = true;
		buf_printf(f->why, "the drafts cannot all be read: %s", diag_first(&d));
	}
	for (size_t i = 0; i < count; i++) {
		struct span text;
		f->drafts++;
		if (field_of_draft(&drafts[i], f->a->field, &text) &&
		    typist_wrote(f->a->typist, f->a->least, text))
			continue;
		f->bad = true;
		buf_printf(f->why, "the draft says \"%.*s\"", (int)text.n, (const char *)text.p);
	}
	drafts_free(drafts, count);
	diag_fini(&d);
}

/* The one that was there before had no words in its note. */
static bool look_at_record(void *arg, const struct record *r)
{
	struct found *f = arg;
	struct span text;
	if (!value_is_text(record_value(r, "note"), &text))
		return true;
	const struct typist *t = f->a->typist;
	struct span wrote = buf_span(&t->after[t->strokes]);
	while (wrote.n && wrote.p[wrote.n - 1] <= ' ')
		wrote.n--; /* blanks at the end are not saved */
	f->records++;
	if (!span_equal(wrote, text)) {
		f->bad = true;
		buf_printf(f->why, "the note says \"%.*s\"", (int)text.n, (const char *)text.p);
	}
	return true;
}

static void count_up(struct found *f)
{
	static const char *const saved[] = {"not", "perhaps", "surely"};
	const struct after *a = f->a;
	bool one = f->drafts + f->records == 1;
	bool none = f->drafts + f->records == 0 && typist_wrote_nothing(a->typist, a->least);
	bool right = a->saved == SAVED_SURELY ? f->records == 1 && one
		     : a->saved == SAVED_NOT  ? f->records == 0 && (one || none)
					      : one || (f->records == 0 && none);
	if (right)
		return;
	f->bad = true;
	buf_printf(f->why, "%zu drafts and %zu notes; it was %s saved", f->drafts, f->records,
		   saved[a->saved]);
}

static void say_wanted(const struct after *a, struct buf *why)
{
	const struct typist *t = a->typist;
	buf_printf(why, "; after stroke %zu of %zu it was \"%s\", at last \"%s\"", a->least,
		   t->strokes, buf_text(&t->after[a->least]), buf_text(&t->after[t->strokes]));
}

static bool look(const struct after *a, struct buf *why)
{
	struct found f = {.a = a, .why = why};
	struct seam seam;
	struct book *b;
	struct diag d = {0};
	seam_init_sim(&seam, 1, 1795517220000);
	enum err e = book_open(&seam, a->book, span_text(after_passphrase), terms, &b, &d);
	if (e || d.count)
		buf_printf(why, "on opening: %s", diag_first(&d));
	if (e || d.count)
		return false;
	look_at_drafts(&f, b);
	f.bad |= book_scan(b, kind_find("contact"), NULL, look_at_record, &f) != OK;
	count_up(&f);
	if (f.bad)
		say_wanted(a, why);
	book_close(b);
	return !f.bad;
}

bool after_look(const struct after *a, struct buf *why)
{
	int status, fds[2];
	char bytes[4096];
	ssize_t n;
	BUG_IF(pipe(fds));
	pid_t pid = fork();
	if (!pid) {
		struct buf said = BUF_INIT;
		bool fine = look(a, &said);
		if (said.n && write(fds[1], said.p, said.n) < 0)
			_exit(2);
		_exit(fine ? 0 : 1);
	}
	close(fds[1]);
	while ((n = read(fds[0], bytes, sizeof bytes)) > 0)
		buf_add(why, bytes, (size_t)n);
	close(fds[0]);
	BUG_IF(waitpid(pid, &status, 0) != pid);
	if (WIFSIGNALED(status))
		buf_printf(why, "the process that opened it died of signal %d", WTERMSIG(status));
	return !status;
}

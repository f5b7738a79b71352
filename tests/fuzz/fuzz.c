/* SPDX-License-Identifier: MIT
 *
 * What the fuzz targets share: saying what broke, taking decisions off the input, and the
 * ground they stand on.
 */
#include "fuzz.h"

#include <linkbook/resource.h>
#include <linkbook/terms.h>
#include <linkbook/text.h>

#include <locale.h>
#include <unistd.h>

enum { SENTENCE_MOST = 4 * 1000 };

const int64_t fuzz_now_ms = 1795517220000;

_Noreturn void fuzz_broken(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	fflush(stderr);
	abort();
}

/* --- the input as decisions ------------------------------------------------------------- */

uint8_t feed_byte(struct feed *f)
{
	if (!f->rest.n)
		return 0;
	uint8_t byte = *f->rest.p;
	f->rest = span_of(f->rest.p + 1, f->rest.n - 1);
	return byte;
}

unsigned feed_below(struct feed *f, unsigned below)
{
	return feed_byte(f) % below;
}

struct span feed_piece(struct feed *f)
{
	size_t n = feed_byte(f);
	n = n << 8 | feed_byte(f);
	n = n < f->rest.n ? n : f->rest.n;
	struct span piece = span_of(f->rest.p, n);
	f->rest = span_of(f->rest.p + n, f->rest.n - n);
	return piece;
}

/* --- the ground ------------------------------------------------------------------------- */

static char folder[160];

static void remove_folder(void)
{
	char command[sizeof folder + 16];
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	if (system(command))
		fprintf(stderr, "%s is left\n", folder);
}

const char *fuzz_folder(void)
{
	if (*folder)
		return folder;
	const char *memory = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm",
		   *tmp = getenv("TMPDIR");
	snprintf(folder, sizeof folder, "%s/linkbook-fuzz-XXXXXX", tmp && *tmp ? tmp : memory);
	HOLDS(mkdtemp(folder));
	atexit(remove_folder);
	setenv("XDG_STATE_HOME", folder, 1);
	setenv("XDG_CONFIG_HOME", folder, 1);
	return folder;
}

void fuzz_start(void)
{
	static bool started;
	if (started)
		return;
	started = true;
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "Europe/London", 1);
	setlocale(LC_ALL, "");
}

const struct terms *fuzz_terms(void)
{
	static struct terms *terms;
	if (terms)
		return terms;
	terms = terms_new();
	for (const struct resource *r = resources_built_in; r->name; r++)
		if (!strncmp(r->name, "data/terms/", 11))
			HOLDS(!terms_load(terms, r->name, span_of(r->bytes, r->size), NULL));
	return terms;
}

static int no_fsync(int fd)
{
	(void)fd;
	return 0;
}

void fuzz_seam(struct seam *s)
{
	fuzz_start();
	seam_init_sim(s, FUZZ_SEED, fuzz_now_ms);
	s->files.fsync = no_fsync;
}

/* --- sentences -------------------------------------------------------------------------- */

static size_t count_lines(struct span bytes)
{
	size_t lines = 1;
	for (size_t i = 0; i < bytes.n; i++)
		lines += bytes.p[i] == '\n' || bytes.p[i] == '\r';
	return lines;
}

static void check_line(const struct diag_line *l, const char *file, size_t lines, size_t bytes)
{
	struct span text = span_text(l->text);
	HOLDS(text.n && text.n <= SENTENCE_MOST);
	HOLDS(text_may_store(text, false));
	HOLDS(!file || !l->file || !strcmp(l->file, file));
	HOLDS(!l->line == !l->column);
	HOLDS(l->line <= lines + 1 && l->column <= bytes + 2);
}

void fuzz_check_diag(const struct diag *d, const char *file, struct span bytes)
{
	size_t lines = count_lines(bytes);
	for (size_t i = 0; i < d->count; i++)
		check_line(&d->lines[i], file, lines, bytes.n);
}

void fuzz_check_refusal(const struct diag *d, const char *file, struct span bytes)
{
	HOLDS(d->count);
	HOLDS(d->lines[0].file && d->lines[0].line && d->lines[0].column);
	fuzz_check_diag(d, file, bytes);
}

/* SPDX-License-Identifier: MIT
 *
 * How long each kind of key takes in each kind of list until it is painted, in books of
 * different sizes side by side: p50, p99 and the longest, in milliseconds.
 *
 * usage: keys ROUNDS PASSPHRASE NAME=BOOK...
 */
#include "walk.h"
#include <linkbook/resource.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BOOKS = 4, LINES = 96, SAMPLES = 20000 };

/* All times of one kind of key on one kind of screen. */
struct line {
	const char *screen, *what;
	double *ms[BOOKS];
	size_t count[BOOKS];
};
struct figures {
	struct line lines[LINES];
	size_t count, book; /* the book at hand */
};

static void give_up(const char *why)
{
	fprintf(stderr, "keys: %s\n", why);
	exit(1);
}

static struct line *line_of(struct figures *f, const char *screen, const char *what)
{
	size_t i = 0;
	while (i < f->count &&
	       (strcmp(f->lines[i].screen, screen) != 0 || strcmp(f->lines[i].what, what) != 0))
		i++;
	if (i == LINES)
		give_up("more kinds of keys than lines");
	if (i == f->count)
		f->lines[f->count++] = (struct line){.screen = screen, .what = what};
	return &f->lines[i];
}

static void add_sample(void *arg, const char *screen, const char *what, double ms)
{
	struct figures *f = arg;
	struct line *l = line_of(f, screen, what);
	if (!l->ms[f->book])
		l->ms[f->book] = malloc(SAMPLES * sizeof *l->ms[0]);
	if (l->ms[f->book] && l->count[f->book] < SAMPLES)
		l->ms[f->book][l->count[f->book]++] = ms;
}

static struct terms *load_terms(void)
{
	struct terms *terms = terms_new();
	struct diag d = {0};
	for (const struct resource *r = resources_built_in; r->name; r++)
		if (!strncmp(r->name, "data/terms/", 11) &&
		    terms_load(terms, r->name, span_of(r->bytes, r->size), &d))
			give_up(diag_first(&d));
	return terms;
}

static void measure(struct figures *f, const char *book, const char *passphrase, int rounds)
{
	struct seam seam;
	struct app app;
	struct walk w;
	struct diag d = {0};
	seam_init_system(&seam);
	struct terms *terms = load_terms();
	struct app_options o = {
		.seam = &seam, .book_dir = book, .terms = terms, .passphrase = passphrase};
	if (app_init(&app, &o, &d) || !app.book)
		give_up("the book does not open");
	walk_init(&w, &app);
	w.note = add_sample;
	w.arg = f;
	while (rounds-- > 0)
		walk_all(&w);
	walk_fini(&w);
	app_fini(&app);
	terms_free(terms);
	diag_fini(&d);
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static void print_line(const struct line *l, size_t books)
{
	printf("%-9s %-14s", l->screen, l->what);
	for (size_t b = 0; b < books; b++) {
		size_t n = l->count[b];
		if (!n)
			continue;
		qsort(l->ms[b], n, sizeof *l->ms[b], by_size);
		printf(" |%6zu %8.2f %8.2f %8.2f", n, l->ms[b][n / 2], l->ms[b][n * 99 / 100],
		       l->ms[b][n - 1]);
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	static struct figures f;
	if (argc < 4 || argc > 3 + BOOKS)
		give_up("usage: keys ROUNDS PASSPHRASE NAME=BOOK...");
	printf("%-9s %-14s", "", "ms");
	for (int i = 3; i < argc; i++)
		printf(" | %-32.*s", (int)strcspn(argv[i], "="), argv[i]);
	printf("\n%-9s %-14s", "screen", "key");
	for (int i = 3; i < argc; i++) {
		printf(" | times      p50      p99  longest");
		f.book = (size_t)i - 3;
		measure(&f, strchr(argv[i], '=') + 1, argv[2], atoi(argv[1]));
	}
	putchar('\n');
	for (size_t i = 0; i < f.count; i++) {
		print_line(&f.lines[i], (size_t)argc - 3);
		for (size_t b = 0; b < BOOKS; b++)
			free(f.lines[i].ms[b]);
	}
	return 0;
}

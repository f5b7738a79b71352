/* SPDX-License-Identifier: MIT
 *
 * Fuzz target: any bytes that a terminal sends (keys, pasted text, sequences cut anywhere), to
 * the program on a small book.  A byte 0xFF says that time goes by or the window changes: it
 * is in no letter.  Nothing but curses' own goes out, and what was being written is there
 * afterwards.  The first piece of the input is a draft of any bytes.
 */
#include "book_ground.h"

#include "../screen/watch.h"
#include "terminal.h"

#include "room.h"
#include "writing.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

enum { KEYS_MOST = 600 };

static struct ui ui;
static struct app app;
static FILE *in, *out;
static int keys, shown;

static void open_pipes(void)
{
	int i[2], o[2];
	HOLDS(!pipe(i) && !pipe(o));
	fcntl(o[1], F_SETPIPE_SZ, 1 << 20);
	fcntl(o[0], F_SETFL, O_NONBLOCK);
	keys = i[1];
	shown = o[0];
	in = fdopen(i[0], "r");
	out = fdopen(o[1], "w");
}

/* One terminal for all inputs: curses keeps some of each. */
static void open_terminal(void)
{
	static bool opened;
	struct diag d = {0};
	if (opened)
		return;
	opened = true;
	open_pipes();
	setenv("LINES", "24", 1);
	setenv("COLUMNS", "80", 1);
	HOLDS(!ui_open(&ui, &app, in, out, "xterm-256color", &d));
	set_escdelay(0);
}

static void look(struct watch *w)
{
	char bytes[4096];
	ssize_t n;
	fflush(out);
	while ((n = read(shown, bytes, sizeof bytes)) > 0)
		watch_bytes(w, bytes, (size_t)n);
	if (w->leaks)
		fprintf(stderr, "%s\n", w->first);
	HOLDS(!w->leaks);
}

static bool has_keys(void)
{
	struct pollfd p = {.fd = ui.in, .events = POLLIN};
	return poll(&p, 1, 0) > 0;
}

static bool step(struct watch *w)
{
	bool goes_on = ui_step(&ui, 0);
	look(w);
	return goes_on;
}

static void let_time_pass(struct ground *g, uint8_t what)
{
	static const int sizes[][2] = {{24, 80}, {15, 40}, {50, 132}, {10, 30}, {24, 40}};
	if (what & 1)
		g->seam.clock_ms += (int64_t)(what >> 1) << 5;
	else
		ui_resize(&ui, sizes[what / 2 % 5][0], sizes[what / 2 % 5][1]);
}

static bool press(struct ground *g, struct feed *f, struct watch *w)
{
	uint8_t byte = feed_byte(f);
	if (byte == 0xFF) {
		let_time_pass(g, feed_byte(f));
		return step(w);
	}
	HOLDS(write(keys, &byte, 1) == 1);
	/* Several at once now and then: curses reads ahead. */
	while (f->rest.n && *f->rest.p != 0xFF && *f->rest.p >= 0x80)
		if (byte = feed_byte(f), write(keys, &byte, 1) != 1)
			return false;
	while (has_keys())
		if (!step(w))
			return false;
	return true;
}

/* What is being written, in the form on top. */
static bool is_writing(struct id *draft)
{
	const struct screen *s = app_top(&app);
	if (!s || !s->def || s->def->kind != DEF_FORM || !app.book)
		return false;
	const struct writing *w = (const struct writing *)s;
	*draft = w->draft;
	return !writing_is_empty(w);
}

static size_t count_drafts(const struct ground *g, const struct id *draft)
{
	struct draft *v;
	size_t n, found = 0;
	HOLDS(!book_drafts(g->book, &v, &n, NULL));
	for (size_t i = 0; i < n; i++)
		found += id_equal(&v[i].id, draft);
	drafts_free(v, n);
	return found;
}

static void check_end(struct ground *g)
{
	struct id draft = {{0}};
	bool writing = is_writing(&draft);
	app_fini(&app);
	ground_reopen(g);
	HOLDS(!writing || count_drafts(g, &draft) == 1);
	ground_read_all(g);
}

static void forget_keys(struct watch *w)
{
	keys_end_paste(&ui);
	ui.letter_bytes = 0;
	ui.hung_up = false;
	timeout(0);
	while (getch() != ERR)
		;
	ui_resize(&ui, 24, 80);
	ui_paint(&ui);
	look(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct feed f = {span_of(data, n)};
	struct ground *g = ground_open();
	struct span draft = feed_piece(&f);
	struct watch w;
	struct diag d = {0};
	struct id id = {{0xdd}};
	if (draft.n)
		HOLDS(!book_keep_draft(g->book, &id, draft, NULL));
	book_close(g->book);
	g->book = NULL;
	ground_spoil();
	struct app_options o = {.seam = &g->seam,
				.book_dir = g->dir,
				.terms = fuzz_terms(),
				.passphrase = "four plain words here"};
	HOLDS(!app_init(&app, &o, &d));
	open_terminal();
	watch_start(&w, WATCH_SCREEN);
	forget_keys(&w);
	for (int i = 0; f.rest.n && i < KEYS_MOST && press(g, &f, &w); i++)
		;
	forget_keys(&w);
	watch_end(&w);
	look(&w);
	check_end(g);
	diag_fini(&d);
	return 0;
}

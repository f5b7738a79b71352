/* SPDX-License-Identifier: MIT
 *
 * init, demo, seed: books made and filled.
 */
#include "command_line.h"

#include <linkbook/demo.h>
#include <linkbook/lines.h>
#include <linkbook/mem.h>
#include <linkbook/resource.h>
#include <linkbook/seed.h>
#include <linkbook/slots.h>
#include <linkbook/ydoc.h>

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- seed ------------------------------------------------------------------------------- */

static void say_stands(const struct seed_report *r)
{
	for (size_t i = 0; i < r->stand_count; i++) {
		const struct seed_stands *s = &r->stands[i];
		if (s->field)
			cli_print("  %s: %s was altered here, and the file says something else.",
				  s->title, s->field);
		else
			cli_print("  %s was made here by hand, and stays as it is.", s->title);
	}
	if (r->conflicts)
		cli_print("Both stand side by side; linkbook conflicts shows them.");
}

static void say_stands_json(const struct seed_report *r)
{
	struct buf out = BUF_INIT;
	char hex[ID_HEX];
	for (size_t i = 0; i < r->stand_count; i++) {
		const struct seed_stands *s = &r->stands[i];
		buf_printf(&out, "%s{\"id\":\"%s\",\"title\":", i ? "," : "",
			   id_to_hex(&s->record, hex));
		lines_text(s->title, &out);
		buf_add_text(&out, ",\"field\":");
		if (s->field)
			lines_text(s->field, &out);
		else
			buf_add_text(&out, "null");
		buf_add_text(&out, "}");
	}
	printf(",\"stands\":[%s]}\n", buf_text(&out));
	buf_fini(&out);
}

static void say_report(const struct cli *c, const struct seed_report *r)
{
	if (c->json) {
		printf("{\"made\":%zu,\"updated\":%zu,\"same\":%zu,\"conflicts\":%zu", r->made,
		       r->updated, r->same, r->conflicts);
		say_stands_json(r);
		return;
	}
	printf("%zu new, %zu updated, %zu as before; %zu in conflict with what was "
	       "altered here.\n",
	       r->made, r->updated, r->same, r->conflicts);
	say_stands(r);
}

enum exit_status seed_files(struct cli *c, char **files, int count)
{
	struct seed_report r = {0};
	struct buf *bytes = mem_alloc_many((size_t)count, sizeof *bytes);
	struct seed_file *v = mem_alloc_many((size_t)count, sizeof *v);
	enum err e = OK;
	for (int i = 0; i < count; i++) {
		bytes[i] = (struct buf)BUF_INIT;
		enum err one = seed_read_file(&c->seam, files[i], &bytes[i], &c->diag);
		e = e ? e : one;
		v[i] = (struct seed_file){files[i], buf_span(&bytes[i])};
	}
	if (!e)
		e = seed_load_files(c->book, v, (size_t)count, &r, &c->diag);
	if (!e)
		say_report(c, &r);
	bool stands = r.conflicts > 0;
	for (int i = 0; i < count; i++)
		buf_fini(&bytes[i]);
	free(bytes);
	free(v);
	seed_report_fini(&r);
	if (e)
		return cli_status(e);
	enum exit_status done = cli_done(c);
	return done ? done : stands ? EXIT_CONFLICTS : EXIT_DONE;
}

enum exit_status cmd_seed(struct cli *c)
{
	if (!c->argc)
		return cli_usage(c, "name the file to load");
	enum err e = cli_open(c);
	return e ? cli_status(e) : seed_files(c, c->argv, c->argc);
}

/* --- init ------------------------------------------------------------------------------- */

enum { WORDS_OFFERED = 4 };

/* A number below n, every one equally likely. */
static uint32_t draw(struct seam *s, uint32_t n)
{
	BUG_IF(!n);
	uint32_t v, top = UINT32_MAX - UINT32_MAX % n;
	do
		s->random(s, &v, sizeof v);
	while (v >= top);
	return v % n;
}

/* Four of 2,048 words: 44 bits, each guess at Argon2id's price. */
static enum err offer_words(struct cli *c, struct buf *words)
{
	struct buf list = BUF_INIT;
	enum err e = resource_read(&c->seam, NULL, "data/words.txt", &list, NULL, &c->diag);
	uint32_t count = 0;
	for (size_t i = 0; i < list.n; i++)
		count += list.p[i] == '\n';
	for (int k = 0; !e && k < WORDS_OFFERED; k++) {
		const char *at = buf_text(&list);
		for (uint32_t skip = draw(&c->seam, count); skip; skip--)
			at = strchr(at, '\n') + 1;
		if (k)
			buf_add_byte(words, ' ');
		buf_add(words, at, strcspn(at, "\n"));
	}
	buf_fini(&list);
	return e;
}

enum err cli_new_words(struct cli *c, enum cli_words which, struct buf *words)
{
	if (cli_words_given(c, which))
		return cli_words(c, which, words);
	struct buf offered = BUF_SECRET;
	enum err e = offer_words(c, &offered);
	if (!e) {
		fprintf(stderr,
			"Whoever has this passphrase can read the book; without it nobody can.\n"
			"Here is one to take, or choose your own: %s\n",
			buf_text(&offered));
		e = cli_words(c, which, words);
	}
	buf_fini(&offered);
	return e;
}

bool cli_kdf(const struct cli *c, enum book_kdf *kdf)
{
	static const char *const names[] = {
		[KDF_CALIBRATED] = "calibrated",
		[KDF_INTERACTIVE] = "interactive",
		[KDF_MODERATE] = "moderate",
		[KDF_SENSITIVE] = "sensitive",
	};
	const char *name = c->option[O_KDF];
	*kdf = KDF_CALIBRATED;
	for (size_t i = 0; name && i < sizeof names / sizeof *names; i++)
		if (!strcmp(names[i], name)) {
			*kdf = (enum book_kdf)i;
			return true;
		}
	return !name;
}

/* Before anything is made: a book without its practice would be half a book. */
static enum err check_practices(struct cli *c)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < c->given_count; i++) {
		struct buf yaml = BUF_INIT;
		struct ydoc doc = {0};
		if (c->given[i].letter != O_PRACTICE)
			continue;
		const char *file = c->given[i].value;
		e = seed_read_file(&c->seam, file, &yaml, &c->diag);
		if (!e)
			e = ydoc_read(file, buf_span(&yaml), &doc, &c->diag);
		ydoc_fini(&doc);
		buf_fini(&yaml);
	}
	return e;
}

/* A directory that is to be joined, and what opens it; asked for before anything is made. */
struct joining {
	const char *path;
	struct buf words;
};

static void joining_free(struct joining *v, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_fini(&v[i].words);
	free(v);
}

static enum err ask_joins(struct cli *c, struct joining *v, size_t *count)
{
	enum err e = OK;
	*count = 0;
	for (size_t i = 0; !e && i < c->given_count; i++) {
		if (c->given[i].letter != O_JOIN)
			continue;
		struct joining *j = &v[(*count)++];
		*j = (struct joining){c->given[i].value, BUF_SECRET};
		e = cli_team_words(c, j->path, &j->words);
	}
	return e;
}

static enum err join_all(struct cli *c, struct span words, const struct joining *v, size_t count)
{
	struct id store;
	enum err e = OK;
	if (count && !c->book)
		e = book_open(&c->seam, c->dir, words, c->terms, &c->book, &c->diag);
	for (size_t i = 0; !e && i < count; i++)
		e = book_join(c->book, v[i].path, buf_span(&v[i].words), &store, &c->diag);
	return e;
}

static enum exit_status seed_practices(struct cli *c, struct span words)
{
	char **files = mem_alloc_many(c->given_count, sizeof *files);
	int count = 0;
	enum exit_status status = EXIT_DONE;
	for (size_t i = 0; i < c->given_count; i++)
		if (c->given[i].letter == O_PRACTICE)
			files[count++] = (char *)(uintptr_t)c->given[i].value;
	if (count) {
		enum err e = book_open(&c->seam, c->dir, words, c->terms, &c->book, &c->diag);
		status = e ? cli_status(e) : seed_files(c, files, count);
	}
	free(files);
	return status;
}

enum exit_status cmd_init(struct cli *c)
{
	enum book_kdf kdf;
	struct buf words = BUF_SECRET;
	const char *name = c->option[O_NAME];
	if (c->argc)
		return cli_usage(c, "init takes options only; --book says where");
	if (!cli_kdf(c, &kdf))
		return cli_usage(c, "--kdf: write interactive, moderate or sensitive");
	if (book_is_there(c->dir)) {
		cli_say("There is a book in %s already. Nothing was changed.", c->dir);
		return EXIT_COULD_NOT;
	}
	struct joining *joins = mem_alloc_many(c->given_count, sizeof *joins);
	size_t join_count = 0;
	enum err e = check_practices(c);
	if (!e)
		e = ask_joins(c, joins, &join_count);
	if (!e)
		e = cli_new_words(c, WORDS_FIRST, &words);
	if (!e)
		e = book_create(&c->seam, c->dir, name ? name : "", buf_span(&words), kdf,
				&c->diag);
	enum exit_status status = cli_status(e);
	if (!e) {
		status = seed_practices(c, buf_span(&words));
		e = join_all(c, buf_span(&words), joins, join_count);
		status = status ? status : cli_status(e);
		if (!c->json)
			cli_print("A new book lies in %s.", c->dir);
	}
	joining_free(joins, join_count);
	buf_fini(&words);
	return status;
}

/* --- demo ------------------------------------------------------------------------------- */

/* A demo nobody named a folder for is gone when it is left. */
static void remove_tree(const char *path)
{
	pid_t pid = fork();
	if (pid == 0) {
		execlp("rm", "rm", "-rf", "--", path, (char *)NULL);
		_exit(127);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

static enum exit_status demo_in(struct cli *c)
{
	enum err e = demo_make(&c->seam, c->dir, c->terms, &c->diag);
	if (e)
		return cli_status(e);
	if (c->option[O_NO_UI]) {
		cli_print("A book of made-up people lies in %s. Its passphrase: %s", c->dir,
			  demo_passphrase);
		return EXIT_DONE;
	}
	return cmd_terminal(c, demo_passphrase);
}

enum exit_status cmd_demo(struct cli *c)
{
	const char *tmp = getenv("TMPDIR");
	if (c->argc > 1)
		return cli_usage(c, "demo takes one folder");
	if (c->argc || c->option[O_BOOK]) {
		if (c->argc) {
			free(c->dir);
			c->dir = mem_text(c->argv[0]);
		}
		return demo_in(c);
	}
	char *folder = file_join(tmp && *tmp ? tmp : "/tmp", "linkbook-demo-XXXXXX");
	if (!mkdtemp(folder)) {
		enum err e = file_failed("make", folder, &c->diag);
		free(folder);
		return cli_status(e);
	}
	char *state = file_join(folder, "state");
	free(c->dir);
	c->dir = file_join(folder, "book");
	bool stays = c->option[O_NO_UI] != NULL;
	if (!stays)
		setenv("XDG_STATE_HOME", state, 1);
	enum exit_status status = demo_in(c);
	cli_close(c);
	if (!stays || status)
		remove_tree(folder);
	free(state);
	free(folder);
	return status;
}

/* SPDX-License-Identifier: MIT
 *
 * slots: the ways into a book, listed, added, changed, taken away, and tried.
 */
#include "command_line.h"

#include <linkbook/mem.h>
#include <linkbook/slots.h>
#include <linkbook/when.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { KEY_FILE_MOST = 1024 };

/* --- list ------------------------------------------------------------------------------- */

static void say_made(const struct book_slot *s, struct buf *out)
{
	when_to_iso(when_from_ms(s->made), false, out);
}

static void say_json(const struct book_slot *s, bool first)
{
	char store[ID_HEX], hash[HASH_HEX];
	struct buf made = BUF_INIT;
	say_made(s, &made);
	printf("%s{\"store\":\"%s\",\"kind\":\"%s\",\"slot\":\"%s\",\"source\":\"%s\","
	       "\"label\":\"%s\",\"made\":\"%s\",\"opened\":%s,\"own\":%s,\"access\":\"%s\","
	       "\"within_bounds\":%s}",
	       first ? "" : ",", id_to_hex(&s->store, store),
	       s->is_directory ? "directory" : "caseload", hash_to_hex(&s->hash, hash),
	       way_name(s->way), s->label, buf_text(&made), s->opened ? "true" : "false",
	       s->is_own ? "true" : "false", s->open_access ? "add" : "full",
	       s->within_bounds ? "true" : "false");
	buf_fini(&made);
}

static void say_line(const struct book_slot *s)
{
	char hash[HASH_HEX];
	struct buf made = BUF_INIT;
	say_made(s, &made);
	printf("  %.12s  %-10s  %s%s%s%s%s%s%s\n", hash_to_hex(&s->hash, hash), way_name(s->way),
	       buf_text(&made), *s->label ? "  " : "", s->label, s->is_own ? "  this caseload" : "",
	       s->opened ? "  opened with it" : "", s->open_access ? "  reads and adds only" : "",
	       s->within_bounds ? "" : "  asks for too much or too little work: never tried");
	buf_fini(&made);
}

static void say_slots(const struct cli *c, const struct book_slot *v, size_t count)
{
	char store[ID_HEX];
	if (c->json)
		putchar('[');
	for (size_t i = 0; i < count; i++) {
		bool first = !i || !id_equal(&v[i].store, &v[i - 1].store);
		if (c->json) {
			say_json(&v[i], !i);
			continue;
		}
		if (first)
			printf("%s %s\n", v[i].is_directory ? "directory" : "caseload",
			       id_to_hex(&v[i].store, store));
		say_line(&v[i]);
	}
	if (c->json)
		puts("]");
}

static enum exit_status slots_list(struct cli *c)
{
	struct book_slot *v = NULL;
	size_t count = 0;
	enum err e = cli_open(c);
	if (!e)
		e = book_slots(c->book, &v, &count, &c->diag);
	if (!e)
		say_slots(c, v, count);
	free(v);
	return e ? cli_status(e) : cli_done(c);
}

/* --- what several need ------------------------------------------------------------------ */

static enum exit_status done(struct cli *c, enum err e, const char *sentence)
{
	if (!e && c->json)
		puts("{\"done\":true}");
	else if (!e)
		puts(sentence);
	return e ? cli_status(e) : cli_done(c);
}

static enum err read_key(struct cli *c, const char *file, bool is_private,
			 uint8_t key[RECOVERY_KEY])
{
	struct buf text = BUF_SECRET;
	enum err e = file_read(&c->seam, file, KEY_FILE_MOST, &text, &c->diag);
	if (!e)
		e = recovery_read(buf_span(&text), is_private, key, &c->diag);
	buf_fini(&text);
	return e;
}

/* The directory that is meant: by the start of its id, or the only one. */
static enum err find_directory(struct cli *c, struct id *store)
{
	const char *prefix = c->option[O_DIRECTORY];
	size_t found = 0, count = book_directory_count(c->book);
	char hex[ID_HEX];
	for (size_t i = 0; i < count; i++) {
		struct id one = book_directory(c->book, i);
		if (prefix && strncmp(id_to_hex(&one, hex), prefix, strlen(prefix)) != 0)
			continue;
		*store = one;
		found++;
	}
	if (found == 1)
		return OK;
	diag_say(&c->diag, "%s",
		 !count	 ? "This book has no directory that is open."
		 : found ? "This book has several directories: say which with --directory ID."
			 : "--directory: there is no such directory in this book.");
	return found ? ERR_USAGE : ERR_INPUT;
}

/* --- add, change, retire ---------------------------------------------------------------- */

static enum err fill_way(struct cli *c, struct way_new *n, struct buf *words,
			 uint8_t key[RECOVERY_KEY])
{
	if (c->option[O_OPEN]) {
		n->way = WAY_OPEN;
		return OK;
	}
	if (c->option[O_RECOVERY]) {
		n->way = WAY_RECOVERY;
		n->secret = span_of(key, RECOVERY_KEY);
		return read_key(c, c->option[O_RECOVERY], false, key);
	}
	enum err e = cli_new_words(c, WORDS_NEW, words);
	n->secret = buf_span(words);
	return e;
}

static enum exit_status slots_add(struct cli *c)
{
	uint8_t key[RECOVERY_KEY];
	struct buf words = BUF_SECRET;
	struct id store;
	bool team = c->option[O_TEAM] != NULL, open = c->option[O_OPEN] != NULL;
	bool in_directory = team || open || c->option[O_DIRECTORY];
	struct way_new n = {.way = WAY_PASSPHRASE, .label = team ? "team" : ""};
	if (c->option[O_LABEL])
		n.label = c->option[O_LABEL];
	if (team + open + (c->option[O_RECOVERY] != NULL) > 1)
		return cli_usage(c, "one slot at a time: --team, --open or --recovery");
	if (!cli_kdf(c, &n.kdf))
		return cli_usage(c, "--kdf: write interactive, moderate or sensitive");
	enum err e = cli_open(c);
	if (!e && in_directory)
		e = find_directory(c, &store);
	if (!e)
		e = fill_way(c, &n, &words, key);
	if (!e)
		e = book_add_slot(c->book, in_directory ? &store : NULL, &n, &c->diag);
	buf_fini(&words);
	return done(c, e,
		    n.way == WAY_RECOVERY ? "Added. Try it: linkbook slots drill --key FILE."
					  : "Added.");
}

static enum exit_status slots_change(struct cli *c)
{
	struct buf words = BUF_SECRET;
	enum book_kdf kdf;
	if (!cli_kdf(c, &kdf))
		return cli_usage(c, "--kdf: write interactive, moderate or sensitive");
	enum err e = cli_open(c);
	if (!e)
		e = cli_new_words(c, WORDS_NEW, &words);
	if (!e)
		e = book_change_passphrase(c->book, buf_span(&words), kdf, &c->diag);
	buf_fini(&words);
	return done(c, e,
		    "Changed. Copies that were made before open with the old passphrase until this "
		    "one is copied over them.");
}

static enum exit_status slots_retire(struct cli *c)
{
	enum err e = cli_open(c);
	if (!e)
		e = book_retire_slot(c->book, c->argv[0], &c->diag);
	return done(c, e, "Taken away: here now, and wherever this book is copied.");
}

/* --- join ------------------------------------------------------------------------------- */

enum err cli_team_words(struct cli *c, const char *directory, struct buf *words)
{
	unsigned ways = directory_ways(&c->seam, directory);
	bool has_team = ways & 1U << WAY_PASSPHRASE, has_open = ways & 1U << WAY_OPEN;
	enum err e = OK;
	if (!ways) {
		diag_say(&c->diag,
			 "%s is no directory of a practice (a folder that has slots, keys and log "
			 "in it).",
			 directory);
		return ERR_ABSENT;
	}
	if (!has_team && !has_open) {
		diag_say(&c->diag,
			 "The directory in %s lets nobody else in: linkbook slots add --team (or "
			 "--open), by somebody who has it, changes that.",
			 directory);
		return ERR_UNLOCK;
	}
	if (has_team && !c->option[O_OPEN])
		e = cli_words(c, WORDS_TEAM, words);
	return e ? e : directory_try(&c->seam, directory, buf_span(words), &c->diag);
}

static enum exit_status slots_join(struct cli *c)
{
	struct buf words = BUF_SECRET;
	struct id store;
	enum err e = cli_open(c);
	if (!e)
		e = cli_team_words(c, c->argv[0], &words);
	if (!e)
		e = book_join(c->book, c->argv[0], buf_span(&words), &store, &c->diag);
	bool by_open = !words.n;
	buf_fini(&words);
	return done(c, e,
		    by_open ? "Joined by the open slot: this book may read and add there."
			    : "Joined: from now on this book opens the directory by itself.");
}

/* --- recovery --------------------------------------------------------------------------- */

static enum err write_new(struct cli *c, const char *file, const struct buf *text)
{
	struct stat st;
	if (!lstat(file, &st)) {
		diag_say(&c->diag, "There is a file %s already. Nothing was changed.", file);
		return ERR_REFUSED;
	}
	return file_write_durable(&c->seam, file, buf_span(text), &c->diag);
}

static enum exit_status slots_keypair(struct cli *c)
{
	struct buf private_text = BUF_SECRET, public_text = BUF_INIT, name = BUF_INIT;
	const char *file = c->argv[0];
	buf_printf(&name, "%s.pub", file);
	recovery_make(&c->seam, &private_text, &public_text);
	enum err e = write_new(c, buf_text(&name), &public_text);
	if (!e) {
		e = write_new(c, file, &private_text);
		if (e)
			c->seam.files.unlink(buf_text(&name));
	}
	if (!e && !c->json) {
		cli_print("%s opens every book that %s is added to, and has no passphrase of its "
			  "own:",
			  file, buf_text(&name));
		cli_print("print it, lock the paper away with a second person knowing where, and "
			  "remove the file.");
		cli_print("Give %s to the practitioners: linkbook slots add --recovery %s",
			  buf_text(&name), buf_text(&name));
	} else if (!e)
		puts("{\"done\":true}");
	buf_fini(&name);
	buf_fini(&public_text);
	buf_fini(&private_text);
	return cli_status(e);
}

static enum err open_by_recovery(struct cli *c)
{
	uint8_t key[RECOVERY_KEY];
	if (!book_is_there(c->dir)) {
		diag_say(&c->diag, "There is no book in %s.", c->dir);
		return ERR_ABSENT;
	}
	enum err e = read_key(c, c->option[O_KEY], true, key);
	if (!e)
		e = book_open_by_recovery(&c->seam, c->dir, key, c->terms, &c->book, &c->diag);
	mem_wipe(key, sizeof key);
	return e;
}

static bool count_one(void *arg, const struct record *r)
{
	(void)r;
	++*(size_t *)arg;
	return true;
}

static void say_drill(struct cli *c, size_t people, int64_t before)
{
	struct buf when = BUF_INIT;
	if (before)
		when_to_iso(when_from_ms(before), false, &when);
	if (c->json)
		printf("{\"opens\":true,\"people\":%zu,\"before\":%s%s%s}\n", people,
		       before ? "\"" : "", before ? buf_text(&when) : "null", before ? "\"" : "");
	else
		printf("The recovery key opens this book: %zu %s, %zu %s.\n%s%s%s\n", people,
		       people == 1 ? "person" : "people", book_directory_count(c->book),
		       book_directory_count(c->book) == 1 ? "directory" : "directories",
		       before ? "The drill before this one on this machine: "
			      : "This is the first drill on this machine",
		       buf_text(&when), ".");
	buf_fini(&when);
}

static enum exit_status slots_drill(struct cli *c)
{
	size_t people = 0;
	enum err e = open_by_recovery(c);
	if (!e) /* not only opened: read */
		e = book_scan(c->book, kind_find("person"), NULL, count_one, &people);
	if (!e)
		say_drill(c, people, book_note_drill(c->book));
	return e ? cli_status(e) : cli_done(c);
}

static enum exit_status slots_recover(struct cli *c)
{
	struct buf words = BUF_SECRET;
	struct way_new n = {.way = WAY_PASSPHRASE, .label = ""};
	if (!cli_kdf(c, &n.kdf))
		return cli_usage(c, "--kdf: write interactive, moderate or sensitive");
	enum err e = open_by_recovery(c);
	if (!e)
		e = cli_new_words(c, WORDS_NEW, &words);
	n.secret = buf_span(&words);
	if (!e)
		e = book_add_slot(c->book, NULL, &n, &c->diag);
	buf_fini(&words);
	return done(c, e,
		    "The new passphrase opens the book. So does the one that was forgotten: "
		    "linkbook slots lists both, slots retire takes one away.");
}

/* --- which of them ---------------------------------------------------------------------- */

static const struct {
	const char *name, *operand; /* NULL: takes none */
	bool needs_key;
	enum exit_status (*run)(struct cli *);
} acts[] = {
	{"list", NULL, false, slots_list},
	{"add", NULL, false, slots_add},
	{"change", NULL, false, slots_change},
	{"retire", "the slot to take away, as slots list shows it", false, slots_retire},
	{"join", "the folder of the directory", false, slots_join},
	{"keypair", "the file to write the private half to", false, slots_keypair},
	{"drill", NULL, true, slots_drill},
	{"recover", NULL, true, slots_recover},
};

enum exit_status cmd_slots(struct cli *c)
{
	const char *name = c->argc ? c->argv[0] : "list";
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
		char want[100];
		if (strcmp(acts[i].name, name) != 0)
			continue;
		if (c->argc) {
			c->argc--;
			c->argv++;
		}
		snprintf(want, sizeof want, "%s %s %s", name,
			 acts[i].operand ? "takes" : "takes options only",
			 acts[i].operand ? acts[i].operand : "");
		if (c->argc != (acts[i].operand != NULL))
			return cli_usage(c, want);
		if (acts[i].needs_key && !c->option[O_KEY])
			return cli_usage(c, "--key names the file of the private half");
		return acts[i].run(c);
	}
	return cli_usage(c,
			 "slots takes list, add, change, retire, join, keypair, drill or recover");
}

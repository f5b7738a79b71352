/* SPDX-License-Identifier: MIT
 *
 * Options, help, and the table of commands.
 */
#include "config.h"

#include "command_line.h"

#include <linkbook/cli.h>
#include <linkbook/mem.h>
#include <linkbook/resource.h>
#include <linkbook/text.h>

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct command_entry commands[] = {
	{"init",
	 "init [--name TEXT] [--practice FILE]... [--join DIRECTORY]... [--open]\n"
	 "         [--team-passphrase-file F | --team-passphrase-fd N]\n"
	 "         [--kdf interactive|moderate|sensitive]",
	 "make a book", "mPkJTUO",
	 "linkbook init --name Ailsa --practice practice.yaml\n"
	 "linkbook init --name Ailsa --join /mnt/practice/book/directories/ID\n"
	 "linkbook --book /tmp/b --passphrase-file words init\n",
	 cmd_init},
	{"demo", "demo [DIR] [--no-ui]", "a book of made-up people, opened", "u",
	 "linkbook demo\nlinkbook demo /tmp/demo --no-ui\n", cmd_demo},
	{"seed", "seed FILE...", "load or update a practice and its groups and services", "",
	 "linkbook seed practice.yaml resources.yaml\n", cmd_seed},
	{"export", "export yaml resource|practice [--practice CODE] [--to FILE]",
	 "a practice, or its groups and services, as a file that seed reads", "PW",
	 "linkbook export yaml resource --to resources.yaml\n"
	 "linkbook export yaml practice --practice ashgill > practice.yaml\n",
	 cmd_export},
	{"put", "put [FILE]", "write records, one JSON object a line", "",
	 "linkbook put < records.jsonl\nlinkbook schema contact --json\n", cmd_put},
	{"list", "list TYPE [--where FIELD=TERM]... [--sort FIELD] [--limit N]",
	 "list the records of a type", "wol",
	 "linkbook list person\nlinkbook list contact --where person=ID --sort -starts --json\n",
	 cmd_list},
	{"show", "show ID [--history]", "one record", "y", "linkbook show 00de0001 --json\n",
	 cmd_show},
	{"find", "find WORDS... | find --stdin [--type TYPE]",
	 "groups and services by words; with --stdin everything", "it",
	 "linkbook find lunch tuesday possil free\necho mairi | linkbook find --stdin\n", cmd_find},
	{"fit", "fit ID [--need CATEGORY]", "groups and services for a person, with reasons", "E",
	 "linkbook fit 00de0001\nlinkbook fit 00de0001 --need lunch-club\n", cmd_fit},
	{"slip", "slip ID... [--html] [--to FILE]", "groups on a slip to give away, in large print",
	 "HW", "linkbook slip 00de0001 | lp\nlinkbook slip 00de0001 --html --to slip.html\n",
	 cmd_slip},
	{"import", "import places FILE", "where postcodes are, for distances", "",
	 "linkbook import places postcodes.csv\n", cmd_import},
	{"history", "history ID", "what happened to a record", "", "linkbook history 00de0001\n",
	 cmd_history},
	{"access", "access [ID]", "who opened the book, looked at whom and changed what", "",
	 "linkbook access 00de0001\nlinkbook access --json\n", cmd_access},
	{"undo", "undo [STEP]", "take back your last step, or one that history --json names", "",
	 "linkbook undo\nlinkbook undo 5f0c2a90b1d84c3e9a7d6655e0f1a2b3\n", cmd_undo},
	{"redo", "redo", "bring back what undo took", "", "linkbook redo\n", cmd_redo},
	{"bin", "bin ID", "put a record, or a person with the whole file, into the bin", "",
	 "linkbook bin 00de0001\n", cmd_bin},
	{"unbin", "unbin ID", "take it out again", "", "linkbook unbin 00de0001\n", cmd_unbin},
	{"finish", "finish ID", "finish a note: what comes later is an amendment", "",
	 "linkbook finish 00de0001\n", cmd_finish},
	{"amend", "amend ID", "add the text on standard input under a finished note", "",
	 "linkbook amend 00de0001 < words.txt\n", cmd_amend},
	{"strike", "strike ID", "strike a record: it stays, and is read as struck", "",
	 "linkbook strike 00de0001\n", cmd_strike},
	{"restrict", "restrict ID", "keep a record, or a person's file, and leave it out of lists",
	 "", "linkbook restrict 00de0001\n", cmd_restrict},
	{"move", "move ID PERSON", "move a note to the right person's file", "",
	 "linkbook move 00de0001 00ab0002\n", cmd_move},
	{"same", "same ID ID [--apart]", "two people, or resources, are one; or two after all", "A",
	 "linkbook same 00de0001 00de0002\n", cmd_same},
	{"conflicts", "conflicts [--resolve ID FIELD N]", "values that stand against each other",
	 "R", "linkbook conflicts\nlinkbook conflicts --resolve 00de0001 visit_note 2\n",
	 cmd_conflicts},
	{"schema", "schema [TYPE]", "record types, fields and lists", "",
	 "linkbook schema --json\n", cmd_schema},
	{"view-hash", "view-hash", "two hashes by which copies are compared", "",
	 "linkbook view-hash\n", cmd_view_hash},
	{"check", "check [--rebuild]", "everything against everything", "r",
	 "linkbook check\nlinkbook check --rebuild\n", cmd_check},
	{"keys", "keys", "the key card: what every key does", "", "linkbook keys\n", cmd_keys},
	{"check-screens", "check-screens [DIR]", "read every screen file strictly", "",
	 "linkbook check-screens\nlinkbook check-screens ~/.config/linkbook/screens\n",
	 cmd_check_screens},
	{"slots",
	 "slots [list]\n"
	 "       linkbook slots change\n"
	 "       linkbook slots add [--label TEXT]\n"
	 "       linkbook slots add --team | --open [--directory ID]\n"
	 "       linkbook slots add --recovery PUBLIC-FILE [--directory ID]\n"
	 "       linkbook slots retire SLOT\n"
	 "       linkbook slots join DIRECTORY [--open]\n"
	 "       linkbook slots keypair FILE\n"
	 "       linkbook slots drill --key PRIVATE-FILE\n"
	 "       linkbook slots recover --key PRIVATE-FILE\n\n"
	 "Scripts give words with --new-passphrase-file F, --new-passphrase-fd N,\n"
	 "--team-passphrase-file F, --team-passphrase-fd N; --kdf as in init",
	 "ways into the book: passphrases, team and open slots, the practice's recovery key",
	 "LeOCIKFDTUk",
	 "linkbook slots\nlinkbook slots change\nlinkbook slots retire 9f31c2aa\n"
	 "linkbook slots add --recovery practice.pub\n"
	 "linkbook slots drill --key practice.key\n"
	 "linkbook slots join /mnt/practice/book/directories/ID\n",
	 cmd_slots},
	{"stats", "stats", "sizes, counts and times", "", "linkbook stats --json\n", cmd_stats},
	{0},
};

static const struct option options[] = {
	{"book", required_argument, NULL, O_BOOK},
	{"passphrase-file", required_argument, NULL, O_PASSPHRASE_FILE},
	{"passphrase-fd", required_argument, NULL, O_PASSPHRASE_FD},
	{"screens", required_argument, NULL, O_SCREENS},
	{"json", no_argument, NULL, O_JSON},
	{"plain", no_argument, NULL, O_PLAIN},
	{"ascii", no_argument, NULL, O_ASCII},
	{"no-colour", no_argument, NULL, O_NO_COLOUR},
	{"no-mouse", no_argument, NULL, O_NO_MOUSE},
	{"help", no_argument, NULL, O_HELP},
	{"version", no_argument, NULL, O_VERSION},
#ifdef LINKBOOK_SIM
	{"now", required_argument, NULL, O_NOW},
	{"seed", required_argument, NULL, O_RANDOM_SEED},
	{"orders", required_argument, NULL, O_ORDERS},
#endif
	{"name", required_argument, NULL, O_NAME},
	{"practice", required_argument, NULL, O_PRACTICE},
	{"kdf", required_argument, NULL, O_KDF},
	{"no-ui", no_argument, NULL, O_NO_UI},
	{"where", required_argument, NULL, O_WHERE},
	{"sort", required_argument, NULL, O_SORT},
	{"limit", required_argument, NULL, O_LIMIT},
	{"history", no_argument, NULL, O_HISTORY},
	{"stdin", no_argument, NULL, O_STDIN},
	{"type", required_argument, NULL, O_TYPE},
	{"need", required_argument, NULL, O_NEED},
	{"html", no_argument, NULL, O_HTML},
	{"to", required_argument, NULL, O_TO},
	{"rebuild", no_argument, NULL, O_REBUILD},
	{"resolve", no_argument, NULL, O_RESOLVE},
	{"join", required_argument, NULL, O_JOIN},
	{"new-passphrase-file", required_argument, NULL, O_NEW_FILE},
	{"new-passphrase-fd", required_argument, NULL, O_NEW_FD},
	{"team-passphrase-file", required_argument, NULL, O_TEAM_FILE},
	{"team-passphrase-fd", required_argument, NULL, O_TEAM_FD},
	{"team", no_argument, NULL, O_TEAM},
	{"open", no_argument, NULL, O_OPEN},
	{"recovery", required_argument, NULL, O_RECOVERY},
	{"key", required_argument, NULL, O_KEY},
	{"label", required_argument, NULL, O_LABEL},
	{"directory", required_argument, NULL, O_DIRECTORY},
	{"apart", no_argument, NULL, O_APART},
	{"to", required_argument, NULL, O_TO},
	{0},
};

/* These go with every command. */
static const char for_all[] = "bfdsjpanhVNSX";

static const struct command_entry *find_command(const char *name)
{
	for (const struct command_entry *e = commands; e->name; e++)
		if (!strcmp(e->name, name))
			return e;
	return NULL;
}

static void help(const struct command_entry *e)
{
	if (e) {
		printf("%s\nUsage: linkbook [--book DIR] %s\n\n%s.\n", e->examples, e->usage,
		       e->what);
		return;
	}
	puts("linkbook                 opens the book\n"
	     "linkbook demo            opens a book of made-up people\n"
	     "linkbook init            makes a book\n\n"
	     "Usage: linkbook [--book DIR] [COMMAND ...]\n\nCommands:");
	for (e = commands; e->name; e++)
		printf("  %-10s %s\n", e->name, e->what);
	puts("\nOptions:\n"
	     "  --book DIR           the data directory (or LINKBOOK_DIR; else\n"
	     "                       $XDG_DATA_HOME/linkbook or ~/.local/share/linkbook)\n"
	     "  --passphrase-file F  reads the passphrase from a file\n"
	     "  --passphrase-fd N    or from an open descriptor\n"
	     "  --json               answers as JSON\n"
	     "  --screens DIR        screens of your own\n"
	     "  --plain              line by line, for screen readers\n"
	     "  --ascii --no-colour  for other terminals\n"
	     "  --no-mouse           leaves the mouse to the terminal\n"
	     "  --help --version     (linkbook COMMAND --help tells more)");
}

/* --book, LINKBOOK_DIR, $XDG_DATA_HOME/linkbook, ~/.local/share/linkbook: in this order. */
static char *default_dir(void)
{
	const char *dir = getenv("LINKBOOK_DIR"), *data = getenv("XDG_DATA_HOME");
	const char *home = getenv("HOME");
	if (dir && *dir)
		return mem_text(dir);
	if (data && *data == '/')
		return file_join(data, "linkbook");
	return file_join(home && *home ? home : ".", ".local/share/linkbook");
}

#ifdef LINKBOOK_SIM
static bool set_clock(struct cli *c)
{
	const char *moment = c->option[O_NOW], *seed = c->option[O_RANDOM_SEED];
	struct when w;
	if (moment && (!when_from_iso(span_text(moment), &w) || w.hour < 0))
		return false;
	if (moment) {
		struct tm tm = {.tm_year = w.year - 1900,
				.tm_mon = w.month - 1,
				.tm_mday = w.day,
				.tm_hour = w.hour,
				.tm_min = w.minute,
				.tm_isdst = -1};
		seam_move_clock(&c->seam, (int64_t)mktime(&tm) * 1000);
	}
	if (seed)
		seam_seed_random(&c->seam, strtoull(seed, NULL, 10));
	if (c->option[O_ORDERS])
		seam_obey(&c->seam, atoi(c->option[O_ORDERS]));
	c->seam.cheap_kdf = true;
	return true;
}
#else
static bool set_clock(struct cli *c)
{
	(void)c;
	return true;
}
#endif

/* The terms that ship, or the user's own in their place. */
static enum err load_terms(struct cli *c)
{
	enum err e = OK;
	c->terms = terms_new();
	for (const struct resource *r = resources_built_in; !e && r->name; r++) {
		struct buf yaml = BUF_INIT;
		char *found = NULL;
		if (strncmp(r->name, "data/terms/", 11))
			continue;
		e = resource_read(&c->seam, NULL, r->name, &yaml, &found, &c->diag);
		if (!e)
			e = terms_load(c->terms, found, buf_span(&yaml), &c->diag);
		free(found);
		buf_fini(&yaml);
	}
	return e;
}

static void say_all(const struct diag *d)
{
	for (size_t i = 0; i < d->count; i++) {
		const struct diag_line *l = &d->lines[i];
		struct buf file = BUF_INIT;
		text_clean(span_text(l->file ? l->file : ""), &file);
		if (l->file && l->line)
			fprintf(stderr, "%s:%u:%u: %s\n", buf_text(&file), l->line, l->column,
				l->text);
		else
			fprintf(stderr, "linkbook: %s\n", l->text);
		buf_fini(&file);
	}
}

static bool is_taken_by(const struct command_entry *e, int letter)
{
	return strchr(for_all, letter) || (e && strchr(e->takes, letter));
}

/* Options may stand before and after the command; getopt puts the operands last. */
static bool parse(struct cli *c, int argc, char **argv)
{
	opterr = 0;
	for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (o == '?') {
			cli_say("%s is no option, or its value is missing. linkbook --help lists "
				"them.",
				argv[optind - 1]);
			return false;
		}
		c->option[o] = optarg ? optarg : "";
		c->given = mem_grow(c->given, c->given_count + 1, sizeof *c->given);
		c->given[c->given_count++] = (struct option_value){o, c->option[o]};
	}
	c->argc = argc - optind;
	c->argv = argv + optind;
	c->json = c->option[O_JSON];
	c->dir = c->option[O_BOOK] ? mem_text(c->option[O_BOOK]) : default_dir();
	return true;
}

static enum exit_status unknown_command(const char *name)
{
	const char *names[64];
	size_t n = 0;
	for (const struct command_entry *e = commands; e->name && n < 64; e++)
		names[n++] = e->name;
	const char *near = text_nearest(name, names, n);
	struct buf clean = BUF_INIT;
	text_clip(span_text(name), 40, true, &clean);
	cli_say("there is no command %s%s%s.", buf_text(&clean), near ? "; did you mean " : "",
		near ? near : "");
	buf_fini(&clean);
	return EXIT_USAGE;
}

static enum exit_status run(struct cli *c)
{
	const struct command_entry *e = c->argc ? find_command(c->argv[0]) : NULL;
	if (c->option[O_VERSION]) {
		puts(PACKAGE_STRING);
		return EXIT_DONE;
	}
	if (c->argc && !e)
		return unknown_command(c->argv[0]);
	for (size_t i = 0; i < c->given_count; i++)
		if (!is_taken_by(e, c->given[i].letter))
			return cli_usage(c,
					 "an option stands here that this command does not take");
	if (c->option[O_HELP]) {
		help(e);
		return EXIT_DONE;
	}
	if (!set_clock(c))
		return cli_usage(c, "--now: write a day and time, like 2026-11-24T10:47");
	if (load_terms(c))
		return EXIT_INPUT;
	if (!e)
		return cmd_terminal(c, NULL);
	c->argc--;
	c->argv++;
	return e->run(c);
}

int cli_main(int argc, char **argv)
{
	struct cli c = {0};
	seam_init_system(&c.seam);
	enum exit_status status = parse(&c, argc, argv) ? run(&c) : EXIT_USAGE;
	if ((fflush(stdout) || ferror(stdout)) && errno != EPIPE && !status) {
		file_failed("write", "the answer", &c.diag);
		status = EXIT_COULD_NOT;
	}
	cli_close(&c);
	say_all(&c.diag);
	terms_free(c.terms);
	diag_fini(&c.diag);
	free(c.given);
	free(c.dir);
	return (int)status;
}

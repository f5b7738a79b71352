/* SPDX-License-Identifier: MIT
 *
 * What the commands share.  Each command is one file, cmd_*.c, and one line of the table in
 * cli.c.
 */
#ifndef COMMAND_LINE_H
#define COMMAND_LINE_H

#include <linkbook/book.h>

#include <stdio.h>

enum exit_status {
	EXIT_DONE = 0,
	EXIT_COULD_NOT = 1,
	EXIT_USAGE = 2,
	EXIT_LOCKED = 3,
	EXIT_INPUT = 4,
	EXIT_DAMAGED = 5,
	EXIT_BUSY = 6,
	EXIT_CONFLICTS = 7,
};

/* Options by their letter in cli.c's table.  The first six are for every command. */
enum option_letter {
	O_BOOK = 'b',
	O_PASSPHRASE_FILE = 'f',
	O_PASSPHRASE_FD = 'd',
	O_SCREENS = 's',
	O_JSON = 'j',
	O_PLAIN = 'p',
	O_ASCII = 'a',
	O_NO_COLOUR = 'n',
	O_NO_MOUSE = 'M',
	O_HELP = 'h',
	O_VERSION = 'V',
	O_NOW = 'N',
	O_RANDOM_SEED = 'S',
	O_ORDERS = 'X',
	O_NAME = 'm',
	O_PRACTICE = 'P',
	O_KDF = 'k',
	O_NO_UI = 'u',
	O_WHERE = 'w',
	O_SORT = 'o',
	O_LIMIT = 'l',
	O_HISTORY = 'y',
	O_STDIN = 'i',
	O_TYPE = 't',
	O_REBUILD = 'r',
	O_RESOLVE = 'R',
	O_JOIN = 'J',
	O_NEW_FILE = 'F',
	O_NEW_FD = 'D',
	O_TEAM_FILE = 'T',
	O_TEAM_FD = 'U',
	O_TEAM = 'e',
	O_OPEN = 'O',
	O_RECOVERY = 'C',
	O_KEY = 'K',
	O_LABEL = 'L',
	O_DIRECTORY = 'I',
	O_APART = 'A',
	O_NEED = 'E',
	O_HTML = 'H',
	O_TO = 'W',
};

struct cli {
	struct seam seam;
	struct terms *terms;
	char *dir; /* the book's */
	const char
		*option[128]; /* by letter: the last value, "" for one without; NULL: not given */
	struct option_value { /* all that were given, in order: some may come more than once */
		int letter;
		const char *value;
	} * given;
	size_t given_count;
	bool json;
	struct book *book; /* once opened */
	struct diag diag; /* what is to be told, on stderr at the end */
	int argc; /* the command's own operands, without its name */
	char **argv;
};

struct command_entry {
	const char *name, *usage, *what;
	const char *takes; /* letters of the options it takes besides those for all */
	const char *examples; /* lines for --help */
	enum exit_status (*run)(struct cli *);
};

/* --- open.c --- */
/* Passphrases: of the book; of a book to be made; in place of or beside one; of a directory. */
enum cli_words { WORDS_BOOK, WORDS_FIRST, WORDS_NEW, WORDS_TEAM };
/* From file, descriptor or terminal, where a new one is typed twice.  Never empty. */
enum err MUST_USE cli_words(struct cli *c, enum cli_words which, struct buf *words);
/* An option says where they are. */
bool cli_words_given(const struct cli *c, enum cli_words which);
/* A new passphrase; somebody at a terminal is offered one. */
enum err MUST_USE cli_new_words(struct cli *c, enum cli_words which, struct buf *words);
/* What opens a directory that is to be joined: its team's words, or none for its open slot. */
enum err MUST_USE cli_team_words(struct cli *c, const char *directory, struct buf *words);
/* --kdf, calibrated without; false: no such. */
bool cli_kdf(const struct cli *c, enum book_kdf *kdf);
/* Opens c->book; says why not. */
enum err MUST_USE cli_open(struct cli *c);
/* The book, when it was opened; what the access log has waiting is kept first. */
void cli_close(struct cli *c);
/* Exit status of an error. */
enum exit_status cli_status(enum err e);
/* Done: but not everything could be used (5). */
enum exit_status cli_done(const struct cli *c);
enum exit_status cli_usage(const struct cli *c, const char *what);
/* A whole number of digits only, at most `most`. */
bool cli_number(const char *text, unsigned long most, unsigned long *n);
/* Says a sentence on stderr: one line, cleaned of what a terminal would obey. */
void cli_say(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* The same as a line of the answer, on stdout. */
void cli_print(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* Writes out and clears it; the answer of the command, on stdout. */
void cli_put(struct buf *out);

/* --- commands --- */
enum exit_status cmd_amend(struct cli *c);
enum exit_status cmd_bin(struct cli *c);
enum exit_status cmd_check(struct cli *c);
enum exit_status cmd_check_screens(struct cli *c);
enum exit_status cmd_conflicts(struct cli *c);
enum exit_status cmd_demo(struct cli *c);
enum exit_status cmd_export(struct cli *c);
enum exit_status cmd_find(struct cli *c);
enum exit_status cmd_finish(struct cli *c);
enum exit_status cmd_fit(struct cli *c);
enum exit_status cmd_history(struct cli *c);
enum exit_status cmd_access(struct cli *c);
enum exit_status cmd_import(struct cli *c);
enum exit_status cmd_init(struct cli *c);
enum exit_status cmd_keys(struct cli *c);
enum exit_status cmd_list(struct cli *c);
enum exit_status cmd_move(struct cli *c);
enum exit_status cmd_put(struct cli *c);
enum exit_status cmd_redo(struct cli *c);
enum exit_status cmd_restrict(struct cli *c);
enum exit_status cmd_same(struct cli *c);
enum exit_status cmd_schema(struct cli *c);
enum exit_status cmd_seed(struct cli *c);
enum exit_status cmd_show(struct cli *c);
enum exit_status cmd_slip(struct cli *c);
enum exit_status cmd_slots(struct cli *c);
enum exit_status cmd_stats(struct cli *c);
enum exit_status cmd_strike(struct cli *c);
enum exit_status cmd_unbin(struct cli *c);
enum exit_status cmd_undo(struct cli *c);
enum exit_status cmd_view_hash(struct cli *c);
/* The terminal program; words: the passphrase when it is known (demo), else NULL. */
enum exit_status cmd_terminal(struct cli *c, const char *words);
/* find WORDS: groups and services, by need, place, day, price... in any order. */
enum err MUST_USE find_groups(struct cli *c, const char *query);
/* One file, for seed and init --practice. */
enum exit_status seed_files(struct cli *c, char **files, int count);

#endif

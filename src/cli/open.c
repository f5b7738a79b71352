/* SPDX-License-Identifier: MIT
 *
 * Passphrases asked for, books opened, answers given.
 */
#include "command_line.h"

#include <linkbook/mem.h>
#include <linkbook/text.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { PASSPHRASE_MOST = 1024 };

/* One line, whatever it quotes: a file may be called anything. */
static void write_line(FILE *to, const char *fmt, va_list args)
{
	char *text = NULL;
	struct buf clean = BUF_SECRET;
	if (vasprintf(&text, fmt, args) < 0)
		err_out_of_memory();
	text_clean(span_text(text), &clean);
	buf_add_byte(&clean, '\n');
	fwrite(clean.p, 1, clean.n, to);
	buf_fini(&clean);
	mem_free_secret(text);
}

void cli_say(const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	fputs("linkbook: ", stderr);
	write_line(stderr, fmt, args);
	va_end(args);
}

void cli_print(const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	write_line(stdout, fmt, args);
	va_end(args);
}

void cli_put(struct buf *out)
{
	fwrite(out->p, 1, out->n, stdout);
	buf_clear(out);
}

enum exit_status cli_status(enum err e)
{
	static const enum exit_status status[] = {
		[OK] = EXIT_DONE,
		[ERR_ABSENT] = EXIT_COULD_NOT,
		[ERR_IO] = EXIT_COULD_NOT,
		[ERR_FULL] = EXIT_COULD_NOT,
		[ERR_USAGE] = EXIT_USAGE,
		[ERR_UNLOCK] = EXIT_LOCKED,
		[ERR_INPUT] = EXIT_INPUT,
		[ERR_DAMAGED] = EXIT_DAMAGED,
		[ERR_BUSY] = EXIT_BUSY,
		[ERR_NEWER] = EXIT_COULD_NOT,
		[ERR_REFUSED] = EXIT_COULD_NOT,
	};
	return status[e];
}

enum exit_status cli_done(const struct cli *c)
{
	return c->book && book_trouble(c->book) ? EXIT_DAMAGED : EXIT_DONE;
}

bool cli_number(const char *text, unsigned long most, unsigned long *n)
{
	char *end;
	size_t digits = strspn(text, "0123456789");
	if (!digits || digits > 9 || text[digits])
		return false;
	*n = strtoul(text, &end, 10);
	return *n <= most;
}

enum exit_status cli_usage(const struct cli *c, const char *what)
{
	(void)c;
	cli_say("%s. linkbook COMMAND --help shows how.", what);
	return EXIT_USAGE;
}

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	interrupted = number;
}

/* While the terminal shows nothing of what is typed, a signal must not leave it so. */
static void catch_signals(struct sigaction before[3], bool catch)
{
	static const int numbers[3] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction ours = {.sa_handler = on_signal};
	for (int i = 0; i < 3; i++)
		sigaction(numbers[i], catch ? &ours : &before[i], catch ? &before[i] : NULL);
	if (!catch && interrupted)
		raise(interrupted);
}

/* The first line; its end and a carriage return before it do not count. */
static enum err read_words(int fd, struct buf *words, struct diag *d)
{
	char byte;
	ssize_t n;
	while ((n = read(fd, &byte, 1)) != 0) {
		if (n < 0 && errno == EINTR && !interrupted)
			continue;
		if (n < 0)
			return file_failed("read", "the passphrase", d);
		if (byte == '\n')
			break;
		buf_add(words, &byte, 1);
		if (words->n > PASSPHRASE_MOST) {
			diag_say(d, "The passphrase is longer than %d bytes.", PASSPHRASE_MOST);
			return ERR_INPUT;
		}
	}
	if (words->n && words->p[words->n - 1] == '\r')
		buf_splice(words, words->n - 1, 1, NULL, 0);
	return OK;
}

static enum err ask(const char *prompt, struct buf *words, struct diag *d)
{
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
	struct termios before, silent;
	if (tty < 0 || tcgetattr(tty, &before)) {
		if (tty >= 0)
			close(tty);
		diag_say(d, "There is no terminal to ask for the passphrase: give it with "
			    "--passphrase-file or --passphrase-fd (--help names others).");
		return ERR_UNLOCK;
	}
	struct sigaction handlers[3];
	catch_signals(handlers, true);
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(tty, TCSAFLUSH, &silent);
	dprintf(tty, "%s", prompt);
	enum err e = read_words(tty, words, d);
	dprintf(tty, "\n");
	tcsetattr(tty, TCSAFLUSH, &before);
	catch_signals(handlers, false);
	close(tty);
	return e;
}

/* Which words are asked for, and where else they may come from. */
static const struct {
	int file, fd; /* options */
	const char *fd_name, *prompt;
	bool is_new; /* typed twice */
} asked[] = {
	[WORDS_BOOK] = {O_PASSPHRASE_FILE, O_PASSPHRASE_FD, "--passphrase-fd",
			"Passphrase: ", false},
	[WORDS_FIRST] = {O_PASSPHRASE_FILE, O_PASSPHRASE_FD, "--passphrase-fd",
			 "A passphrase of four words or more: ", true},
	[WORDS_NEW] = {O_NEW_FILE, O_NEW_FD, "--new-passphrase-fd",
		       "The new passphrase, four words or more: ", true},
	[WORDS_TEAM] = {O_TEAM_FILE, O_TEAM_FD, "--team-passphrase-fd", "Team passphrase: ", false},
};

static enum err from_file(struct cli *c, const char *file, struct buf *words)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return file_failed("open", file, &c->diag);
	enum err e = read_words(fd, words, &c->diag);
	close(fd);
	return e;
}

static enum err from_descriptor(struct cli *c, enum cli_words which, struct buf *words)
{
	unsigned long fd;
	if (!cli_number(c->option[asked[which].fd], 1023, &fd)) {
		diag_say(&c->diag, "%s: write the number of an open descriptor.",
			 asked[which].fd_name);
		return ERR_USAGE;
	}
	return read_words((int)fd, words, &c->diag);
}

static enum err ask_for(struct cli *c, enum cli_words which, struct buf *words)
{
	struct buf again = BUF_SECRET;
	enum err e = ask(asked[which].prompt, words, &c->diag);
	if (e || !asked[which].is_new)
		return e;
	e = ask("The same once more: ", &again, &c->diag);
	if (!e && !span_equal(buf_span(words), buf_span(&again))) {
		diag_say(&c->diag, "The two were not the same. Nothing was made; try again.");
		e = ERR_INPUT;
	}
	buf_fini(&again);
	return e;
}

bool cli_words_given(const struct cli *c, enum cli_words which)
{
	return c->option[asked[which].file] || c->option[asked[which].fd];
}

enum err cli_words(struct cli *c, enum cli_words which, struct buf *words)
{
	enum err e;
	if (c->option[asked[which].file])
		e = from_file(c, c->option[asked[which].file], words);
	else if (c->option[asked[which].fd])
		e = from_descriptor(c, which, words);
	else
		e = ask_for(c, which, words);
	if (!e && !words->n) {
		diag_say(&c->diag, "The passphrase is empty.");
		e = asked[which].is_new ? ERR_INPUT : ERR_UNLOCK;
	}
	return e;
}

enum err cli_open(struct cli *c)
{
	struct buf words = BUF_SECRET;
	enum err e = OK;
	if (!book_is_there(c->dir)) {
		diag_say(&c->diag, "There is no book in %s. linkbook init makes one.", c->dir);
		return ERR_ABSENT;
	}
	e = cli_words(c, WORDS_BOOK, &words);
	if (!e)
		e = book_open(&c->seam, c->dir, buf_span(&words), c->terms, &c->book, &c->diag);
	if (!e)
		book_log(c->book, "opened", NULL);
	buf_fini(&words);
	return e;
}

void cli_close(struct cli *c)
{
	enum { MANY = 32 };
	struct diag d = {0};
	enum err e = OK;
	if (c->book)
		e = book_log_waiting(c->book) >= MANY ? book_log_write(c->book, &d)
						      : book_log_keep(c->book, &d);
	if (e)
		diag_say(&c->diag, "The access log could not be kept: %s", diag_first(&d));
	diag_fini(&d);
	book_close(c->book);
	c->book = NULL;
}

/* SPDX-License-Identifier: MIT
 *
 * A slip to give away, as text and as a page.
 */
#include <linkbook/slip.h>

#include <linkbook/mem.h>
#include <linkbook/text.h>
#include <linkbook/wrap.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* What stands on it, in the order in which it is needed on the way. */
static const struct {
	const char *label, *field;
} lines[] = {
	{"", "summary"},
	{"When", "sessions"},
	{"Where", "address"},
	{"", "locality"},
	{"", "postcode"},
	{"Cost", "cost"},
	{"What to do first", "next_step"},
	{"Ask for", "named_contact"},
	{"Phone", "phone"},
	{"Email", "email"},
	{"Web", "web"},
	{"Getting in", "access_features"},
	{"Languages", "languages"},
};

static void say(struct book *b, const struct record *r, const char *field, struct buf *out)
{
	struct buf words = BUF_INIT;
	record_say(b, r, field, &words);
	text_clean(buf_span(&words), out);
	buf_fini(&words);
}

/* The practice whose list it is from. */
struct giver {
	struct id store;
	struct buf *out;
};

static bool say_practice(void *arg, const struct record *r)
{
	struct giver *w = arg;
	struct span name, phone;
	if (!id_equal(&r->store, &w->store))
		return true;
	if (value_is_text(record_value(r, "name"), &name))
		text_clean(name, w->out);
	if (value_is_text(record_value(r, "phone"), &phone)) {
		buf_add_text(w->out, ", ");
		text_clean(phone, w->out);
	}
	buf_add_text(w->out, ". ");
	return false;
}

/* Whose list it is from, and of which day: what it says may be old by the time it is read. */
static void say_from(struct book *b, const struct record *group, struct buf *out)
{
	struct giver w = {group->store, out};
	struct when today = when_now(book_seam(b)), another_year = today;
	another_year.year--; /* so that the year is said, too */
	today.hour = -1;
	if (book_scan(b, kind_find("practice"), NULL, say_practice, &w))
		buf_clear(out);
	when_say_short(today, another_year, out);
}

/* --- text ----------------------------------------------------------------------------------- */

static void add_wrapped(struct span text, int width, struct buf *out)
{
	struct wrap w = {0};
	wrap_text(text, width, &w);
	for (size_t i = 0; i < w.count; i++) {
		buf_add_span(out, wrap_row_text(&w, text, i));
		buf_add_byte(out, '\n');
	}
	wrap_fini(&w);
}

void slip_add_text(struct book *b, const struct record *group, int width, struct buf *out)
{
	struct buf line = BUF_INIT, name = BUF_INIT;
	if (out->n)
		buf_add_text(out, "\n-----\n\n");
	say(b, group, "name", &name);
	text_upper(buf_span(&name), &line);
	add_wrapped(buf_span(&line), width, out);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct buf words = BUF_INIT;
		buf_clear(&line);
		say(b, group, lines[i].field, &words);
		if (words.n) {
			buf_printf(&line, "%s%s%s", lines[i].label, *lines[i].label ? ": " : "",
				   buf_text(&words));
			if (*lines[i].label || !i)
				buf_add_byte(out, '\n');
			add_wrapped(buf_span(&line), width, out);
		}
		buf_fini(&words);
	}
	buf_clear(&line);
	say_from(b, group, &line);
	buf_add_byte(out, '\n');
	add_wrapped(buf_span(&line), width, out);
	buf_fini(&line);
	buf_fini(&name);
}

/* --- a page --------------------------------------------------------------------------------- */

void slip_begin_html(struct buf *out)
{
	buf_add_text(out,
		     "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
		     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		     "<title>Where to go</title>\n<style>\n"
		     "body { font: 18pt/1.45 Arial, Helvetica, sans-serif; color: #000; "
		     "background: #fff; max-width: 34em; margin: 1.5em auto; padding: 0 1em; }\n"
		     "h1 { font-size: 28pt; line-height: 1.2; margin: 0 0 .4em; }\n"
		     "dl { margin: .8em 0; }\n"
		     "dt { font-weight: bold; margin-top: .6em; }\n"
		     "dd { margin: 0; overflow-wrap: anywhere; }\n"
		     "footer { margin-top: 1.2em; border-top: 2px solid #000; padding-top: .4em; "
		     "font-size: 14pt; }\n"
		     "article + article { break-before: page; margin-top: 3em; }\n"
		     "@media print { body { margin: 0; max-width: none; } }\n"
		     "</style>\n</head>\n<body>\n");
}

static void add_escaped(struct span text, struct buf *out)
{
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = text.p[i];
		const char *as = c == '<'   ? "&lt;"
				 : c == '>' ? "&gt;"
				 : c == '&' ? "&amp;"
				 : c == '"' ? "&quot;"
					    : NULL;
		if (as)
			buf_add_text(out, as);
		else
			buf_add_byte(out, c);
	}
}

void slip_add_html(struct book *b, const struct record *group, struct buf *out)
{
	struct buf words = BUF_INIT;
	bool in_list = false;
	say(b, group, "name", &words);
	buf_add_text(out, "<article>\n<h1>");
	add_escaped(buf_span(&words), out);
	buf_add_text(out, "</h1>\n");
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		buf_clear(&words);
		say(b, group, lines[i].field, &words);
		if (!words.n)
			continue;
		if (*lines[i].label && !in_list)
			buf_add_text(out, "<dl>\n");
		in_list |= *lines[i].label != 0;
		if (*lines[i].label)
			buf_printf(out, "<dt>%s</dt>\n", lines[i].label);
		buf_add_text(out, in_list ? "<dd>" : "<p>");
		add_escaped(buf_span(&words), out);
		buf_add_text(out, in_list ? "</dd>\n" : "</p>\n");
	}
	buf_add_text(out, in_list ? "</dl>\n<footer>" : "<footer>");
	buf_clear(&words);
	say_from(b, group, &words);
	add_escaped(buf_span(&words), out);
	buf_add_text(out, "</footer>\n</article>\n");
	buf_fini(&words);
}

void slip_end_html(struct buf *out)
{
	buf_add_text(out, "</body>\n</html>\n");
}

/* --- paper ---------------------------------------------------------------------------------- */

static char *find_lp(void)
{
	const char *path = getenv("PATH");
	char *found = NULL;
	while (path && *path && !found) {
		size_t n = strcspn(path, ":");
		char *folder = mem_text_n(path, n);
		found = file_join(folder, "lp");
		if (*folder != '/' || access(found, X_OK)) {
			free(found);
			found = NULL;
		}
		free(folder);
		path += n + (path[n] == ':');
	}
	return found;
}

bool slip_can_print(void)
{
	char *lp = find_lp();
	free(lp);
	return lp != NULL;
}

/* Few and tall letters; what lp says is for nobody. */
_Noreturn static void be_lp(const char *lp, int from)
{
	int nothing = open("/dev/null", O_WRONLY);
	dup2(from, STDIN_FILENO);
	dup2(nothing, STDOUT_FILENO);
	dup2(nothing, STDERR_FILENO);
	execl(lp, "lp", "-o", "cpi=6", "-o", "lpi=4", "-", (char *)NULL);
	_exit(127);
}

static bool write_all(int to, struct span text)
{
	while (text.n) {
		ssize_t n = send(to, text.p, text.n, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text = span_of(text.p + n, text.n - (size_t)n);
	}
	return true;
}

enum err slip_print(struct span text, struct diag *d)
{
	char *lp = find_lp();
	int ends[2], status = 1;
	if (!lp) {
		diag_say(d, "There is no printer set up on this laptop (no lp).");
		return ERR_ABSENT;
	}
	/* A socket, for writing to one whose other end has gone kills nobody. */
	pid_t pid = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) ? -1 : fork();
	if (pid == 0)
		be_lp(lp, ends[0]);
	free(lp);
	if (pid > 0) {
		close(ends[0]);
		bool sent = write_all(ends[1], text);
		close(ends[1]);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		if (sent && WIFEXITED(status) && !WEXITSTATUS(status))
			return OK;
	}
	diag_say(d, "The printer did not take it.");
	return ERR_IO;
}

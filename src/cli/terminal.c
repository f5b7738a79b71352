/* SPDX-License-Identifier: MIT
 *
 * The terminal program, as the command line opens it.
 */
#include "command_line.h"

#include <linkbook/ui.h>

#include <sys/stat.h>

static bool is_folder(const char *path)
{
	struct stat st;
	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

enum exit_status cmd_terminal(struct cli *c, const char *words)
{
	struct buf given = BUF_SECRET;
	bool plain = c->option[O_PLAIN] != NULL;
	bool known = c->option[O_PASSPHRASE_FILE] || c->option[O_PASSPHRASE_FD];
	const char *demo = words;
	enum err e = OK;
	if (!book_is_there(c->dir)) {
		cli_say("There is no book in %s.", c->dir);
		cli_say("linkbook init makes one; linkbook demo opens one of made-up people.");
		return EXIT_COULD_NOT;
	}
	if (c->option[O_SCREENS] && !is_folder(c->option[O_SCREENS])) {
		cli_say("--screens: there is no folder %s.", c->option[O_SCREENS]);
		return EXIT_INPUT;
	}
	if (!words && known) {
		e = cli_words(c, WORDS_BOOK, &given);
		words = buf_text(&given);
	}
	struct app_options o = {.seam = &c->seam,
				.book_dir = c->dir,
				.terms = c->terms,
				.screens_dir = c->option[O_SCREENS],
				.passphrase = words,
				.demo_words = demo,
				.ascii = c->option[O_ASCII] != NULL,
				.no_colour = c->option[O_NO_COLOUR] != NULL,
				.no_mouse = c->option[O_NO_MOUSE] != NULL};
	size_t said = c->diag.count;
	if (!e)
		e = plain ? ui_plain(&o, &c->diag) : ui_main(&o, &c->diag);
	buf_fini(&given);
	/* It ran, and something is to be put right: a screen file of the user's own. */
	return !e && c->diag.count > said ? EXIT_INPUT : cli_status(e);
}

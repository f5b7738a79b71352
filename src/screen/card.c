/* SPDX-License-Identifier: MIT
 *
 * The key card: what can be done where, read off the command table.  docs/keys.md is this.
 */
#include <linkbook/command.h>

static const struct {
	unsigned place;
	const char *title;
} places[] = {
	{IN_LOCK, "While it is locked"}, {IN_LIST, "In a list"},      {IN_PERSON, "On a person"},
	{IN_TEXT, "Reading one thing"},	 {IN_WRITING, "Writing"},     {IN_PICK, "Picking one"},
	{IN_TICK, "Ticking several"},	 {IN_SETTLE, "Two versions"},
};

static void add_command(const struct command *c, struct buf *out)
{
	struct buf keys = BUF_INIT;
	command_keys(c, &keys);
	buf_printf(out, "| %s | %s |\n", keys.n ? buf_text(&keys) : "^P or F9", c->words);
	buf_fini(&keys);
}

void command_card(struct buf *out)
{
	buf_add_text(out,
		     "# Keys\n\n`^X` is Ctrl and X. Letters find, on every list. This page is made "
		     "from the program's one table of commands.\n");
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		buf_printf(out, "\n## %s\n\n| key | what it does |\n|---|---|\n", places[i].title);
		for (const struct command *c = commands; c->name; c++)
			if (c->where & places[i].place)
				add_command(c, out);
	}
}

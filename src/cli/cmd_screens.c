/* SPDX-License-Identifier: MIT
 *
 * keys and check-screens: what the screens are made of.
 */
#include "command_line.h"

#include <linkbook/command.h>
#include <linkbook/def.h>

enum exit_status cmd_keys(struct cli *c)
{
	struct buf card = BUF_INIT;
	if (c->argc)
		return cli_usage(c, "keys takes no names");
	command_card(&card);
	cli_put(&card);
	buf_fini(&card);
	return EXIT_DONE;
}

enum exit_status cmd_check_screens(struct cli *c)
{
	struct screens all;
	if (c->argc > 1)
		return cli_usage(c, "check-screens takes one folder, or none");
	const char *folder = c->argc ? c->argv[0] : c->option[O_SCREENS];
	enum err e = screens_load(&c->seam, folder, c->terms, &all, &c->diag);
	size_t broken = screens_broken(&all);
	if (!e && !c->diag.count)
		printf("%zu screens, all of them right.\n", all.count);
	screens_fini(&all);
	return e || broken || c->diag.count ? cli_status(ERR_INPUT) : EXIT_DONE;
}

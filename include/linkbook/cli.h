/* SPDX-License-Identifier: MIT
 *
 * Commands for scripts, cron and tests.
 */
#ifndef LINKBOOK_CLI_H
#define LINKBOOK_CLI_H

/* Runs the program with main's arguments; the exit status is given back. */
int cli_main(int argc, char **argv);

#endif

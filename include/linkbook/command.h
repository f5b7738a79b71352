/* SPDX-License-Identifier: MIT
 *
 * The one table of what can be done.  Keys, hint bar, help, key card and the names
 * that screen files may use all come from it; an action that is not built is not in it.
 */
#ifndef LINKBOOK_COMMAND_H
#define LINKBOOK_COMMAND_H

#include <stdbool.h>
#include <linkbook/buf.h>
#include <linkbook/key.h>

/* Kinds of screen, as a set. */
enum place {
	IN_LOCK = 1,
	IN_LIST = 2,
	IN_PERSON = 4,
	IN_WRITING = 8, /* a form */
	IN_TEXT = 16,
	IN_PICK = 32, /* one of several */
	IN_TICK = 64, /* some of many */
	IN_SETTLE = 128, /* two versions */
	IN_OPEN = IN_LIST | IN_PERSON | IN_WRITING | IN_TEXT | IN_PICK | IN_TICK | IN_SETTLE,
	IN_ALL = IN_LOCK | IN_OPEN,
};

enum action {
	ACT_NONE,
	ACT_OPEN, /* Enter, whatever that is here */
	ACT_BACK,
	ACT_SAVE,
	ACT_NOTE,
	ACT_ADD,
	ACT_CHANGE,
	ACT_HISTORY,
	ACT_BIN,
	ACT_SHARE,
	ACT_JOIN,
	ACT_SHOW_BIN,
	ACT_CONFLICTS,
	ACT_FILTER,
	ACT_MEANING,
	ACT_SORT,
	ACT_MENU,
	ACT_PALETTE,
	ACT_GROUPS,
	ACT_UNDO,
	ACT_REDO,
	ACT_LOCK,
	ACT_HELP,
	ACT_LEAVE,
	ACT_REASSURE,
	ACT_NEXT,
	ACT_PREVIOUS,
	ACT_UP,
	ACT_DOWN,
	ACT_LEFT,
	ACT_RIGHT,
	ACT_WORD_LEFT,
	ACT_WORD_RIGHT,
	ACT_PAGE_UP,
	ACT_PAGE_DOWN,
	ACT_HOME,
	ACT_END,
	ACT_RUB_OUT,
	ACT_DELETE,
};

struct command {
	enum action action;
	const char *name; /* as YAML writes it */
	const char *words; /* for the help page: what it does */
	unsigned where; /* places; no key stands twice in one place */
	int keys[3]; /* presses, the one to be shown first */
	const char *hint; /* in the hint bar, or NULL */
	const char *hint_long; /* where there is room, or NULL */
	int priority; /* 1 goes last when the bar gets narrow */
	const char *opens; /* the screen it opens, or NULL */
	bool offered; /* only where a screen file offers it (do: ...) */
	const char *also; /* other words for it */
};

extern const struct command commands[]; /* ends with a NULL name */

const struct command *command_find(const char *name);
const struct command *command_for_key(unsigned place, int press);

enum { HINTS_MOST = 24, HINT_WORDS = 40, HINT_GAP = 2 };

/* May the screen at hand do it?  NULL: all of the place. */
typedef bool command_can(void *arg, const struct command *c);
/* What the hint bar says of one command: "Enter Open". */
struct hint {
	const struct command *command;
	char words[HINT_WORDS];
};
/* As many as fit into the columns with HINT_GAP between them, in the table's order; the last
 * to go are Help, Back and Leave.  How many. */
size_t command_hints(unsigned place, int columns, command_can *can, void *arg,
		     struct hint out[HINTS_MOST]);
/* True when it can be done here. */
bool command_is_here(const struct command *c, unsigned place, command_can *can, void *arg);
/* Appends the key card, all commands by place, as Markdown. */
void command_card(struct buf *out);
/* Appends all its keys: "F3, Alt+3". */
void command_keys(const struct command *c, struct buf *out);

#endif

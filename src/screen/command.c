/* SPDX-License-Identifier: MIT
 *
 * The table of what can be done, and what is read off it.
 */
#include <linkbook/command.h>
#include <linkbook/text.h>

#include <stdio.h>
#include <string.h>

#define CTRL(c) (PRESS_CTRL + (c))
#define F(n)	(PRESS_F1 + (n)-1)

/* clang-format off: a row a command, read across. */
const struct command commands[] = {
	{ACT_OPEN,
	 "unlock",
	 "Open the book with the passphrase you typed",
	 IN_LOCK,
	 {PRESS_ENTER},
	 .hint = "Unlock",
	 .priority = 4},
	{ACT_OPEN,
	 "open",
	 "Open the row the cursor is on",
	 IN_LIST | IN_PERSON,
	 {PRESS_ENTER},
	 .hint = "Open",
	 .priority = 4,
	 .also = "choose look show"},
	{ACT_OPEN,
	 "pick",
	 "Take what the cursor is on",
	 IN_PICK,
	 {PRESS_ENTER},
	 .hint = "Take",
	 .hint_long = "Take it",
	 .priority = 4},
	{ACT_OPEN,
	 "tick",
	 "Tick what the cursor is on, or take the tick away",
	 IN_TICK,
	 {PRESS_ENTER},
	 .hint = "Tick",
	 .priority = 4},
	{ACT_OPEN,
	 "keep",
	 "Keep the version the cursor is on; the other stays in the history",
	 IN_SETTLE,
	 {PRESS_ENTER},
	 .hint = "Keep",
	 .hint_long = "Keep this one",
	 .priority = 4},
	{ACT_CHANGE,
	 "write-third",
	 "Keep neither: write it anew",
	 IN_SETTLE,
	 {F(4)},
	 .hint = "Write it anew",
	 .priority = 6},
	{ACT_CONFLICTS,
	 "conflicts",
	 "Two versions: what stands against each other, to be settled",
	 IN_LIST | IN_PERSON | IN_TEXT,
	 {0},
	 .also = "conflict settle differ sync arrived"},
	{ACT_CHANGE,
	 "change",
	 "Change what is written here",
	 IN_TEXT,
	 {PRESS_ENTER},
	 .hint = "Change",
	 .priority = 4,
	 .also = "edit correct update"},
	{ACT_OPEN,
	 "new-line",
	 "A new line in a text; in the other fields, on to the next",
	 IN_WRITING,
	 {PRESS_ENTER}},
	{ACT_SAVE,
	 "save",
	 "Save what you wrote",
	 IN_WRITING,
	 {CTRL('s')},
	 .hint = "Save",
	 .priority = 4,
	 .also = "finish done keep store"},
	{ACT_NOTE,
	 "new-note",
	 "Write a note about this person",
	 IN_LIST | IN_PERSON,
	 {CTRL('n')},
	 .hint = "Note",
	 .priority = 5,
	 .opens = "note",
	 .offered = true,
	 .also = "visit contact write call"},
	{ACT_ADD,
	 "add-on",
	 "Add a note, a goal or something else to this person's file",
	 IN_PERSON,
	 {F(4)},
	 .hint = "Add",
	 .priority = 7,
	 .also = "new goal link promise task"},
	{ACT_GROUPS,
	 "groups",
	 "Find a group or service; Esc comes back here",
	 IN_LIST | IN_PERSON | IN_TEXT,
	 {F(3)},
	 .hint = "Groups",
	 .priority = 6,
	 .opens = "groups",
	 .also = "services directory resources activities"},
	{ACT_GROUPS,
	 "groups-meanwhile",
	 "Find a group or service; Esc comes back to your words",
	 IN_WRITING,
	 {F(3)},
	 .opens = "groups"},
	{ACT_ADD,
	 "add",
	 "Add one to this list",
	 IN_LIST,
	 {F(4)},
	 .hint = "Add",
	 .priority = 7,
	 .also = "new"},
	{ACT_UNDO,
	 "undo",
	 "Take back the last typing",
	 IN_WRITING,
	 {CTRL('z')},
	 .hint = "Undo",
	 .priority = 7,
	 .also = "mistake wrong"},
	{ACT_REDO, "redo", "Bring back what you took back", IN_WRITING, {CTRL('y')}},
	{ACT_UNDO,
	 "undo-step",
	 "Take back your last step: what you saved, moved or threw away",
	 IN_LIST | IN_PERSON | IN_TEXT | IN_SETTLE,
	 {CTRL('z')},
	 .also = "undo mistake wrong"},
	{ACT_REDO,
	 "redo-step",
	 "Bring back the step that you took back",
	 IN_LIST | IN_PERSON | IN_TEXT | IN_SETTLE,
	 {CTRL('y')},
	 .also = "redo again"},
	{ACT_FILTER,
	 "filter",
	 "Show only some of this list: the next of its choices, and all again",
	 IN_LIST,
	 {F(2)},
	 .hint = "Only some",
	 .priority = 9,
	 .also = "narrow only active show"},
	{ACT_MEANING,
	 "meaning",
	 "What each word you typed was taken for; without its tick it is looked for as it stands",
	 IN_LIST,
	 {CTRL('t')},
	 .hint = "Meaning",
	 .priority = 8,
	 .also = "understood synonym wrong word plain"},
	{ACT_SORT,
	 "sort",
	 "Sort this list by another of its columns",
	 IN_LIST,
	 {0},
	 .also = "order alphabetical newest oldest first last"},
	{ACT_HISTORY,
	 "history",
	 "What happened to this: who wrote what, and when",
	 IN_TEXT | IN_PERSON,
	 {0},
	 .also = "changes versions before who"},
	{ACT_CHANGE,
	 "change-person",
	 "Change what is written about this person",
	 IN_PERSON,
	 {0},
	 .also = "edit details address phone correct update"},
	{ACT_BIN,
	 "bin",
	 "Put this into the bin (a person with the whole file)",
	 IN_TEXT | IN_PERSON,
	 {0},
	 .also = "delete remove throw away"},
	{ACT_SHARE,
	 "slip",
	 "A slip of this group to give away, in large letters",
	 IN_TEXT,
	 {F(6)},
	 .hint = "Slip",
	 .priority = 8,
	 .also = "print share paper leaflet html"},
	{ACT_JOIN,
	 "join",
	 "Another group in the list is the same as this one: make them one",
	 IN_TEXT,
	 {0},
	 .also = "merge duplicate double twice same"},
	{ACT_SHOW_BIN,
	 "show-bin",
	 "Look into the bin, and take something out",
	 IN_LIST | IN_PERSON | IN_TEXT,
	 {0},
	 .also = "restore deleted undelete"},
	{ACT_MENU,
	 "menu",
	 "The menu: where to go, and what can be done here",
	 IN_LIST | IN_PERSON | IN_TEXT | IN_WRITING,
	 {F(9)},
	 .hint = "Menu",
	 .priority = 7},
	{ACT_PALETTE,
	 "palette",
	 "What do you want to do?  Plain words find it",
	 IN_LIST | IN_PERSON | IN_TEXT | IN_WRITING,
	 {CTRL('p')}},
	{ACT_LOCK,
	 "lock",
	 "Lock the book now; what you are writing is kept",
	 IN_OPEN,
	 {CTRL('l')},
	 .hint = "Lock",
	 .priority = 8,
	 .also = "hide private close"},
	{ACT_HELP,
	 "help",
	 "This page: what every key does here",
	 IN_ALL,
	 {CTRL('g'), F(1)},
	 .hint = "Help",
	 .priority = 1,
	 .also = "keys how what"},
	{ACT_BACK,
	 "back",
	 "Clear what you typed to find; then one step back",
	 IN_LIST | IN_PERSON,
	 {PRESS_ESC},
	 .hint = "Back",
	 .priority = 2},
	{ACT_BACK,
	 "back-to",
	 "One step back",
	 IN_TEXT | IN_SETTLE,
	 {PRESS_ESC},
	 .hint = "Back",
	 .priority = 2},
	{ACT_BACK,
	 "back-keeping",
	 "One step back; what you wrote is kept as a draft",
	 IN_WRITING,
	 {PRESS_ESC},
	 .hint = "Back",
	 .hint_long = "Back (draft is kept)",
	 .priority = 2,
	 .also = "cancel stop later"},
	{ACT_BACK,
	 "back-untaken",
	 "Clear what you typed to find; then back, as it was",
	 IN_PICK,
	 {PRESS_ESC},
	 .hint = "Back",
	 .priority = 2},
	{ACT_BACK,
	 "ticked",
	 "Clear what you typed to find; then back with what is ticked",
	 IN_TICK,
	 {PRESS_ESC},
	 .hint = "Done",
	 .priority = 2},
	{ACT_BACK, "clear", "Clear what you typed", IN_LOCK, {PRESS_ESC}},
	{ACT_LEAVE,
	 "leave",
	 "Lock the book and leave; what you are writing is kept",
	 IN_ALL,
	 {CTRL('q')},
	 .hint = "Leave",
	 .priority = 3,
	 .also = "quit exit end"},
	{ACT_REASSURE, "reassure", "Ends nothing and loses nothing", IN_ALL, {CTRL('c')}},
	{ACT_NEXT, "next", "The next field", IN_WRITING, {PRESS_TAB}},
	{ACT_NEXT, "next-row", "The next row", IN_LIST | IN_PERSON | IN_SETTLE, {PRESS_TAB}},
	{ACT_PREVIOUS, "previous", "The field before", IN_WRITING, {PRESS_BACKTAB}},
	{ACT_PREVIOUS,
	 "previous-row",
	 "The row before",
	 IN_LIST | IN_PERSON | IN_SETTLE,
	 {PRESS_BACKTAB}},
	{ACT_UP, "up", "One row up", IN_OPEN, {PRESS_UP}},
	{ACT_DOWN, "down", "One row down", IN_OPEN, {PRESS_DOWN}},
	{ACT_LEFT, "left", "Left; in a choice, the one before", IN_WRITING, {PRESS_LEFT}},
	{ACT_RIGHT, "right", "Right; in a choice, the next one", IN_WRITING, {PRESS_RIGHT}},
	{ACT_LEFT, "version-left", "The version before", IN_SETTLE, {PRESS_LEFT}},
	{ACT_RIGHT, "version-right", "The next version", IN_SETTLE, {PRESS_RIGHT}},
	{ACT_WORD_LEFT, "word-left", "A word to the left", IN_WRITING, {PRESS_WORD_LEFT}},
	{ACT_WORD_RIGHT, "word-right", "A word to the right", IN_WRITING, {PRESS_WORD_RIGHT}},
	{ACT_PAGE_UP, "page-up", "A page up", IN_OPEN, {PRESS_PAGE_UP}},
	{ACT_PAGE_DOWN, "page-down", "A page down", IN_OPEN, {PRESS_PAGE_DOWN}},
	{ACT_HOME,
	 "first",
	 "The first row",
	 IN_LIST | IN_PERSON | IN_TEXT | IN_PICK | IN_TICK,
	 {PRESS_HOME}},
	{ACT_HOME, "line-start", "The start of the line", IN_WRITING, {PRESS_HOME}},
	{ACT_END,
	 "last",
	 "The last row",
	 IN_LIST | IN_PERSON | IN_TEXT | IN_PICK | IN_TICK,
	 {PRESS_END}},
	{ACT_END, "line-end", "The end of the line", IN_WRITING, {PRESS_END}},
	{ACT_RUB_OUT,
	 "rub-out",
	 "Rub out the letter before",
	 IN_LOCK | IN_LIST | IN_PERSON | IN_WRITING | IN_PICK | IN_TICK,
	 {PRESS_BACKSPACE}},
	{ACT_DELETE, "delete", "Rub out the letter under the cursor", IN_WRITING, {PRESS_DELETE}},
	{0},
};
/* clang-format on */

const struct command *command_find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

static bool has_key(const struct command *c, int press)
{
	for (size_t i = 0; i < sizeof c->keys / sizeof *c->keys; i++)
		if (c->keys[i] == press)
			return true;
	return false;
}

const struct command *command_for_key(unsigned place, int press)
{
	if (press == PRESS_NONE || press == PRESS_TEXT)
		return NULL;
	for (const struct command *c = commands; c->name; c++)
		if (c->where & place && has_key(c, press))
			return c;
	return NULL;
}

const char *press_name(int press, char out[PRESS_NAME])
{
	static const char *const names[] = {
		[PRESS_ENTER] = "Enter",
		[PRESS_ESC] = "Esc",
		[PRESS_TAB] = "Tab",
		[PRESS_BACKTAB] = "Shift+Tab",
		[PRESS_UP] = "Up",
		[PRESS_DOWN] = "Down",
		[PRESS_LEFT] = "Left",
		[PRESS_RIGHT] = "Right",
		[PRESS_WORD_LEFT] = "Ctrl+Left",
		[PRESS_WORD_RIGHT] = "Ctrl+Right",
		[PRESS_PAGE_UP] = "PgUp",
		[PRESS_PAGE_DOWN] = "PgDn",
		[PRESS_HOME] = "Home",
		[PRESS_END] = "End",
		[PRESS_BACKSPACE] = "Backspace",
		[PRESS_DELETE] = "Delete",
	};
	*out = 0;
	if (press >= PRESS_CTRL)
		snprintf(out, PRESS_NAME, "^%c", (press - PRESS_CTRL) & 0x5F);
	else if (press >= PRESS_F1)
		snprintf(out, PRESS_NAME, "F%d", press - PRESS_F1 + 1);
	else if (press > 0 && press < (int)(sizeof names / sizeof *names) && names[press])
		snprintf(out, PRESS_NAME, "%s", names[press]);
	return out;
}

bool command_is_here(const struct command *c, unsigned place, command_can *can, void *arg)
{
	return c->where & place && (!can || can(arg, c));
}

/* The bar with everything of at most this priority. */
static size_t hints_up_to(unsigned place, int priority, bool longer, command_can *can, void *arg,
			  struct hint *out)
{
	char key[PRESS_NAME];
	size_t n = 0;
	for (const struct command *c = commands; c->name && n < HINTS_MOST; c++) {
		if (!c->hint || c->priority > priority || !command_is_here(c, place, can, arg))
			continue;
		out[n].command = c;
		snprintf(out[n].words, HINT_WORDS, "%s %s", press_name(c->keys[0], key),
			 longer && c->hint_long ? c->hint_long : c->hint);
		n++;
	}
	return n;
}

static int hints_width(const struct hint *hints, size_t n)
{
	int width = n ? -HINT_GAP : 0;
	for (size_t i = 0; i < n; i++)
		width += HINT_GAP + text_width(span_text(hints[i].words));
	return width;
}

enum { ALL_HINTS = 9, KEPT_HINTS = 3 };

size_t command_hints(unsigned place, int columns, command_can *can, void *arg,
		     struct hint out[HINTS_MOST])
{
	size_t n = hints_up_to(place, ALL_HINTS, true, can, arg, out);
	for (int p = ALL_HINTS; hints_width(out, n) > columns && p >= KEPT_HINTS; p--)
		n = hints_up_to(place, p, false, can, arg, out);
	return n;
}

void command_keys(const struct command *c, struct buf *out)
{
	char name[PRESS_NAME];
	for (size_t i = 0; i < sizeof c->keys / sizeof *c->keys && c->keys[i]; i++) {
		buf_printf(out, "%s%s", i ? ", " : "", press_name(c->keys[i], name));
		if (c->keys[i] >= F(1) && c->keys[i] <= F(9))
			buf_printf(out, ", Alt+%d", c->keys[i] - PRESS_F1 + 1);
	}
}

/* SPDX-License-Identifier: MIT
 *
 * One key as the screens know it, whatever the terminal sent.  Alt+digit has become the
 * function key already.
 */
#ifndef LINKBOOK_KEY_H
#define LINKBOOK_KEY_H

#include <stddef.h>

enum press {
	PRESS_NONE,
	PRESS_TEXT, /* a letter: key.text */
	PRESS_ENTER,
	PRESS_ESC,
	PRESS_TAB,
	PRESS_BACKTAB,
	PRESS_UP,
	PRESS_DOWN,
	PRESS_LEFT,
	PRESS_RIGHT,
	PRESS_WORD_LEFT,
	PRESS_WORD_RIGHT,
	PRESS_PAGE_UP,
	PRESS_PAGE_DOWN,
	PRESS_HOME,
	PRESS_END,
	PRESS_BACKSPACE,
	PRESS_DELETE,
	PRESS_F1 = 0x100, /* F2 is PRESS_F1 + 1, up to F12 */
	PRESS_CTRL = 0x200, /* PRESS_CTRL + 'a' to 'z' */
};

struct key {
	int press;
	char text[8]; /* one character, UTF-8 */
};

enum { PRESS_NAME = 16 };
/* "^N", "F3", "Enter", "Shift+Tab"; "" for PRESS_TEXT. */
const char *press_name(int press, char out[PRESS_NAME]);

#endif

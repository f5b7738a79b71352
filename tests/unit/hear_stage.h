/* SPDX-License-Identifier: MIT
 *
 * A store of bytes, and what opening and checking it say.
 */
#ifndef HEAR_STAGE_H
#define HEAR_STAGE_H

#include "store_stage.h"

static void shell(const char *command)
{
	ck_assert_msg(system(command) == 0, "%s", command);
}

/* All that opening or checking says, in one text. */
static struct buf said;

UNUSED_OK static enum err open_and_hear(struct store **s)
{
	struct diag d = {0};
	enum err e = store_open(&seam, path, &words, &folder, s, &d);
	buf_clear(&said);
	for (size_t i = 0; i < d.count; i++)
		buf_printf(&said, "%s\n", d.lines[i].text);
	diag_fini(&d);
	return e;
}

UNUSED_OK static enum err check_and_hear(struct store *s)
{
	struct diag d = {0};
	enum err e = store_check(s, &d);
	buf_clear(&said);
	for (size_t i = 0; i < d.count; i++)
		buf_printf(&said, "%s\n", d.lines[i].text);
	diag_fini(&d);
	return e;
}

#define HEARD(words_) ck_assert_msg(strstr(buf_text(&said), words_), "said: %s", buf_text(&said))

static void stage(void)
{
	setup();
	said = (struct buf)BUF_INIT;
}

static void unstage(void)
{
	heal();
	buf_fini(&said);
	teardown();
}

UNUSED_OK static struct hash view_hash(struct store *s)
{
	struct store_hashes h;
	ck_assert_int_eq(store_view_hash(s, &h, NULL), OK);
	return h.view;
}

#endif

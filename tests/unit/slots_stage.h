/* SPDX-License-Identifier: MIT
 *
 * Few words for the tests of slots: copies of a store named a, b, c, opened with passphrases.
 */
#ifndef SLOTS_STAGE_H
#define SLOTS_STAGE_H

#include "store_stage.h"

/* --- few words to say it with ----------------------------------------------------------- */

UNUSED_OK static void shell(const char *command)
{
	ck_assert_msg(system(command) == 0, "%s", command);
}

UNUSED_OK static void setup_slots(void)
{
	setup();
	shell("cd \"$ROOT\" && mv store a");
	snprintf(path, sizeof path, "%s/a", root);
}

/* A copy of the store: "a", "b", "c". */
UNUSED_OK static const char *copy_path(const char *name)
{
	static char v[4][60];
	static int turn;
	char *out = v[turn++ % 4];
	snprintf(out, 60, "%s/%s", root, name);
	return out;
}

UNUSED_OK static struct slot_key passphrase(const char *text)
{
	return (struct slot_key){.source = SLOT_PASSPHRASE, .secret = span_text(text)};
}

UNUSED_OK static enum err open_by(const char *name, struct slot_key with, struct store **s,
				  struct diag *d)
{
	return store_open(&seam, copy_path(name), &with, &folder, s, d);
}

UNUSED_OK static struct store *open_copy(const char *name, const char *text)
{
	struct store *s;
	struct diag d = {0};
	enum err e = open_by(name, passphrase(text), &s, &d);
	ck_assert_msg(!e, "%s with %s: %s", name, text, diag_first(&d));
	diag_fini(&d);
	return s;
}

UNUSED_OK static bool opens(const char *name, const char *text)
{
	struct store *s;
	enum err e = open_by(name, passphrase(text), &s, NULL);
	ck_assert_msg(!e || e == ERR_UNLOCK, "%s with %s: %d", name, text, e);
	store_close(s);
	return !e;
}

UNUSED_OK static bool says(const char *name, const char *text, const char *words_said)
{
	struct store *s;
	struct diag d = {0};
	bool said = false;
	ck_assert_int_eq(open_by(name, passphrase(text), &s, &d), OK);
	for (size_t i = 0; i < d.count; i++)
		said |= strstr(d.lines[i].text, words_said) != NULL;
	diag_fini(&d);
	store_close(s);
	return said;
}

UNUSED_OK static void add(struct store *s, struct slot_key with, const char *label)
{
	struct diag d = {0};
	enum err e = store_add_slot(s, &with, label, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
}

struct listing {
	struct store_slot v[64];
	size_t count;
};

UNUSED_OK static void list_one(void *arg, const struct store_slot *slot)
{
	struct listing *l = arg;
	ck_assert_uint_lt(l->count, 64);
	l->v[l->count++] = *slot;
}

UNUSED_OK static struct listing list(struct store *s)
{
	struct listing l = {.count = 0};
	ck_assert_int_eq(store_scan_slots(s, list_one, &l), OK);
	return l;
}

/* The slot that these words open, seen by opening with them. */
UNUSED_OK static struct hash slot_of(const char *name, const char *text)
{
	struct store *s = open_copy(name, text);
	struct listing l = list(s);
	struct hash h = {{0}};
	for (size_t i = 0; i < l.count; i++)
		if (l.v[i].opened)
			h = l.v[i].hash;
	store_close(s);
	return h;
}

UNUSED_OK static enum err retire(struct store *s, const struct hash *slot)
{
	return store_retire_slot(s, slot, "Ailsa", NULL);
}

UNUSED_OK static void change(const char *name, const char *from, const char *to)
{
	struct store *s = open_copy(name, from);
	struct slot_key with = passphrase(to);
	ck_assert_int_eq(store_change_passphrase(s, &with, "Ailsa", NULL), OK);
	store_close(s);
}

UNUSED_OK static void retire_in(const char *name, const char *by, const struct hash *slot)
{
	struct store *s = open_copy(name, by);
	ck_assert_int_eq(retire(s, slot), OK);
	store_close(s);
}

UNUSED_OK static size_t slot_files(const char *name)
{
	char command[200];
	size_t n = 0;
	snprintf(command, sizeof command, "ls '%s/slots' | wc -l", copy_path(name));
	FILE *f = popen(command, "r");
	ck_assert_int_eq(fscanf(f, "%zu", &n), 1);
	pclose(f);
	return n;
}

#endif

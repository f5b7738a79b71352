/* SPDX-License-Identifier: MIT
 *
 * A store of a hundred small files and their bytes, beside a record that no test touches.
 */
#ifndef SEALING_STAGE_H
#define SEALING_STAGE_H

#include "slots_stage.h"

#include "store_impl.h"

enum { SLOTS = 34, RECORDS = 33, FILES = SLOTS + 2 * RECORDS, CONTROL = 200, KEPT = FILES + 8 };

static struct kept {
	char path[200]; /* below root */
	enum file_kind kind;
	struct buf bytes;
} files[KEPT];
static size_t file_count;
static const char control[] = "what stays";

static bool is_proofs(void)
{
	return getenv("SEALING_PROOFS") != NULL;
}

/* --- a store of many small files ------------------------------------------------------------- */

static struct id subject_of(size_t n)
{
	return (struct id){{(uint8_t)n, 7}};
}

static void text_of(size_t n, char text[40])
{
	snprintf(text, 40, "text number %zu", n);
}

static void save_one(struct store *s, size_t n, const char *text)
{
	struct envelope v = {.subject = subject_of(n),
			     .record = some_id((uint8_t)n),
			     .own_key = true,
			     .bytes = span_text(text)};
	v.id = store_hash(s, v.bytes);
	ck_assert_int_eq(store_save(s, &v, 1, NULL), OK);
}

static enum err get_one(struct store *s, size_t n, struct buf *view)
{
	struct id subject = subject_of(n), record = some_id((uint8_t)n);
	return store_get_view(s, "thing", &subject, &record, view);
}

/* What is there, is what was written; true when it is there. */
static bool is_as_written(struct store *s, size_t n)
{
	char text[40];
	struct buf view = BUF_INIT;
	enum err e = get_one(s, n, &view);
	text_of(n, text);
	if (n == CONTROL)
		strcpy(text, control);
	ck_assert_msg(e == ERR_ABSENT || (!e && !strcmp(buf_text(&view), text)),
		      "record %zu is %d, %s", n, e, buf_text(&view));
	buf_fini(&view);
	return !e;
}

static void add_slots(struct store *s)
{
	uint8_t public_key[32], private_key[32], derived[32] = {7};
	store_make_pair(&seam, public_key, private_key);
	add(s, (struct slot_key){SLOT_STORE, {derived, 32}, 0, {{1}}}, "");
	add(s, (struct slot_key){.source = SLOT_OPEN}, "");
	add(s, (struct slot_key){.source = SLOT_RECOVERY, .secret = {public_key, 32}}, "");
	for (size_t i = 3; i < SLOTS; i++) {
		char text[40];
		text_of(i, text);
		add(s, passphrase(text), "");
	}
}

static bool is_kept(const char *path_of)
{
	for (size_t i = 0; i < file_count; i++)
		if (!strcmp(files[i].path, path_of))
			return true;
	return false;
}

/* Every file under a folder that is not kept yet; as_control: noted, and not touched. */
static void keep_files(const char *where, bool as_control)
{
	char command[200], line[220];
	snprintf(command, sizeof command, "cd %s && find %s -type f | sort", root, where);
	FILE *f = popen(command, "r");
	while (fgets(line, sizeof line, f)) {
		struct kept k = {.bytes = BUF_INIT};
		line[strcspn(line, "\n")] = 0;
		snprintf(k.path, sizeof k.path, "%.199s", line);
		if (is_kept(k.path))
			continue;
		char *whole = file_join(root, k.path);
		ck_assert_int_eq(file_read(&seam, whole, PACK_FILE_MOST, &k.bytes, NULL), OK);
		free(whole);
		k.kind = as_control ? 0 : (enum file_kind)pack_kind(buf_span(&k.bytes));
		ck_assert_uint_lt(file_count, KEPT);
		files[file_count++] = k;
	}
	pclose(f);
}

/* Two writers, one after the other; the control's files come first in the list. */
static void setup_many(void)
{
	setup_slots();
	file_count = 0;
	struct store *s = open_copy("a", "words");
	save_one(s, CONTROL, control);
	keep_files("a", true);
	add_slots(s);
	for (size_t i = 0; i < RECORDS; i++) {
		char text[40];
		text_of(i, text);
		save_one(s, i, text);
		if (i == RECORDS / 2) {
			store_close(s);
			s = open_copy("a", "words");
		}
	}
	store_close(s);
	keep_files("a", false);
	shell("cd \"$ROOT\" && cp -r a good && mv linkbook state && cp -r state linkbook");
}

static void teardown_many(void)
{
	for (size_t i = 0; i < file_count; i++)
		buf_fini(&files[i].bytes);
	teardown();
}

#endif

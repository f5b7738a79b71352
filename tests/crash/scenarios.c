/* SPDX-License-Identifier: MIT
 *
 * The scenarios, each in the words of drive.c.  "begin" stands where points begin to count.
 */
#include "drive_impl.h"

#include <linkbook/mem.h>
#include <linkbook/slots.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- the scenarios ---------------------------------------------------------------------- */

static void begin_with_people(struct drive *w, size_t count)
{
	drive_make(w);
	drive_open(w);
	while (count--)
		drive_add_person(w);
}

static void run_create(struct drive *w)
{
	drive_note("begin");
	begin_with_people(w, 1);
}

static void run_save(struct drive *w)
{
	begin_with_people(w, 2);
	drive_note("begin");
	for (size_t i = 0; i < 4; i++) {
		if (drive_draw(w, 2))
			drive_change_person(w);
		else
			drive_add_note(w);
	}
}

static void run_person(struct drive *w)
{
	begin_with_people(w, 1);
	drive_note("begin");
	drive_add_person(w);
	drive_add_note(w);
	drive_add_person(w);
}

/* One step of a goal, its note and the person, as a form saves them. */
static void run_step(struct drive *w)
{
	begin_with_people(w, 1);
	drive_note("begin");
	for (int i = 0; i < 2; i++) {
		struct writing v[3];
		drive_try_more(w, "n/person", 1);
		drive_try_more(w, "n/contact", 2);
		write_person(w, &v[0], 0);
		for (int k = 1; k < 3; k++) {
			write_note(w, &v[k]);
			v[k].put.person = v[0].put.record;
		}
		drive_save(w, v, 3);
	}
}

/* More than one segment holds. */
static void run_bulk(struct drive *w)
{
	enum { PEOPLE = 17, LONG = 65000 };
	struct writing *v = mem_alloc_many(PEOPLE, sizeof *v);
	begin_with_people(w, 1);
	drive_note("begin");
	drive_try_more(w, "n/person", PEOPLE);
	for (size_t i = 0; i < PEOPLE; i++)
		write_person(w, &v[i], LONG);
	drive_save(w, v, PEOPLE);
	drive_add_person(w);
	free(v);
}

/* The map is outgrown in the midst of a save; and once more when it is opened again. */
static void run_map_grows(struct drive *w)
{
	begin_with_people(w, 1);
	drive_note("begin");
	for (int i = 0; i < 4; i++)
		drive_add_note(w);
	drive_close(w);
	drive_open(w);
	drive_add_note(w);
	drive_add_note(w);
}

static void run_rebuild(struct drive *w)
{
	struct diag d = {0};
	begin_with_people(w, 2);
	drive_add_note(w);
	drive_note("begin");
	while (drive_again(w, book_rebuild(w->b, &d), &d, "rebuild"))
		;
	drive_add_note(w);
	drive_close(w);
	drive_open(w);
	drive_change_person(w);
}

static void run_bin(struct drive *w)
{
	size_t count;
	char hex[ID_HEX], key[40];
	struct diag d = {0};
	begin_with_people(w, 2);
	id_to_hex(&w->people[0], hex);
	drive_note("begin");
	for (int i = 0; i < 3; i++) {
		bool bin = i % 2 == 0;
		snprintf(key, sizeof key, "bin/%s", hex);
		drive_try(w, key, bin ? "yes" : "no");
		drive_try(w, "n/person", bin ? "1" : "2");
		while (drive_again(w, book_bin(w->b, ref_to(&w->people[0]), bin, &count, &d), &d,
				   "bin"))
			;
		drive_note("done");
		drive_tick(w);
	}
}

/* One event more in a record's history. */
static void try_event(struct drive *w, const struct id *record)
{
	char hex[ID_HEX], key[40];
	snprintf(key, sizeof key, "e/%s", id_to_hex(record, hex));
	drive_try_more(w, key, 1);
}

static void amend(struct drive *w, const struct id *note)
{
	struct diag d = {0};
	char hex[ID_HEX], key[60];
	try_event(w, note);
	while (drive_again(w, book_mark(w->b, ref_to(note), MARK_FINISH, &d), &d, "finish"))
		;
	drive_note("done");
	drive_tick(w);
	try_event(w, note);
	snprintf(key, sizeof key, "f/%s/amendments", id_to_hex(note, hex));
	drive_try(w, key, "She rang back.");
	while (drive_again(w, book_amend(w->b, ref_to(note), span_text("She rang back."), &d), &d,
			   "amend"))
		;
	drive_note("done");
	drive_tick(w);
}

/* A note finished and amended; a person changed, and the change taken back and brought back. */
static void run_amend_undo(struct drive *w)
{
	struct diag d = {0};
	struct writing p;
	struct buf told = BUF_INIT;
	char hex[ID_HEX], key[60];
	begin_with_people(w, 1);
	write_note(w, &p);
	drive_save(w, &p, 1);
	drive_note("begin");
	amend(w, &p.put.record);
	drive_change_person(w);
	try_event(w, &w->people[0]);
	p = write_begin("person", &w->people[0], false);
	write_text(w, &p, "household_note", mem_text("Two cats."));
	drive_save(w, &p, 1);
	try_event(w, &w->people[0]);
	snprintf(key, sizeof key, "f/%s/household_note", id_to_hex(&w->people[0], hex));
	drive_try(w, key, "");
	while (drive_again(w, book_undo(w->b, &told, &d), &d, "undo"))
		;
	drive_note("done");
	drive_tick(w);
	try_event(w, &w->people[0]);
	drive_try(w, key, "Two cats.");
	while (drive_again(w, book_redo(w->b, &told, &d), &d, "redo"))
		;
	drive_note("done");
	buf_fini(&told);
}

static void keep_draft(struct drive *w, const struct id *id, const char *text)
{
	struct diag d = {0};
	char *value = fact_value(span_text(text));
	drive_note("try d/%s=%s", id_to_hex(id, (char[ID_HEX]){0}), value);
	while (drive_again(w, book_keep_draft(w->b, id, span_text(text), &d), &d, "keep a draft"))
		;
	drive_note("done");
	drive_tick(w);
	free(value);
}

static void type_draft(struct drive *w, const struct id *id, size_t times)
{
	drive_note("is d/%s=(none)", id_to_hex(id, (char[ID_HEX]){0}));
	for (size_t n = 1; n <= times; n++) {
		char *text = drive_text(w, n * 300);
		keep_draft(w, id, text);
		free(text);
	}
}

static bool lists_draft(struct drive *w, const struct id *id)
{
	struct diag d = {0};
	struct draft *v;
	size_t count;
	bool there = false;
	while (drive_again(w, book_drafts(w->b, &v, &count, &d), &d, "list drafts"))
		;
	for (size_t i = 0; i < count; i++)
		there |= id_equal(&v[i].id, id);
	drafts_free(v, count);
	diag_fini(&d);
	return there;
}

static void run_draft(struct drive *w)
{
	enum { LOOKS_MOST = 4 };
	struct writing p;
	struct diag d = {0};
	begin_with_people(w, 1);
	drive_note("begin");
	struct id id = book_new_draft(w->b), other = book_new_draft(w->b);
	type_draft(w, &id, 2);
	type_draft(w, &other, 1);
	drive_close(w);
	drive_open(w);
	/* One that cannot be read just now is not in the list, and nobody goes on with what is not. */
	for (int i = 0; i < LOOKS_MOST && !lists_draft(w, &id); i++)
		;
	keep_draft(w, &id, "gone on with");
	write_note(w, &p);
	p.put.draft = id;
	drive_note("try d/%s=(none)", id_to_hex(&id, (char[ID_HEX]){0}));
	drive_save(w, &p, 1);
	drive_note("try d/%s=(none)", id_to_hex(&other, (char[ID_HEX]){0}));
	while (drive_again(w, book_drop_draft(w->b, &other, &d), &d, "drop a draft"))
		;
}

static void run_directory(struct drive *w)
{
	struct id store, id = seam_new_id(&w->seam);
	struct diag d = {0};
	begin_with_people(w, 1);
	drive_note("begin");
	drive_note("is dirs=0");
	drive_note("try dirs=1");
	while (drive_again(w, book_add_directory(w->b, &store, &d), &d, "add a directory"))
		;
	drive_note("done");
	struct writing p = write_begin("resource", &id, true);
	p.put.directory = store;
	write_text(w, &p, "name", drive_text(w, 20));
	drive_save(w, &p, 1);
	drive_add_person(w);
}

/* --- taking in -------------------------------------------------------------------------- */

/* What no file manager makes last: bytes read and written, folder by folder. */
static void copy_file(const char *from, const char *to)
{
	uint8_t bytes[65536];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	BUG_IF(in < 0 || out < 0);
	for (ssize_t n; (n = read(in, bytes, sizeof bytes)) > 0;)
		BUG_IF(write(out, bytes, (size_t)n) != n);
	close(in);
	close(out);
}

static int in_order(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* What is there already stays: names are hashes. */
static void copy_folder(const char *from, const char *to)
{
	struct dirent **v;
	struct stat st;
	int count = scandir(from, &v, NULL, in_order);
	mkdir(to, 0700);
	for (int i = 0; i < count; i++) {
		char *x = file_join(from, v[i]->d_name), *y = file_join(to, v[i]->d_name);
		if (v[i]->d_name[0] != '.' && !stat(x, &st) && S_ISDIR(st.st_mode))
			copy_folder(x, y);
		else if (v[i]->d_name[0] != '.' && access(y, F_OK))
			copy_file(x, y);
		free(x);
		free(y);
		free(v[i]);
	}
	free(v);
}

/* A copy goes away, is written in and comes back; opening takes it in. */
static void run_take_in(struct drive *w)
{
	char *here = w->book, *there, *folder = NULL;
	begin_with_people(w, 2);
	drive_close(w);
	drive_note("begin");
	for (int i = 0; i < 2; i++) {
		struct writing v[2];
		drive_step_aside(true); /* the other copy is on a machine that is well */
		there = drive_set_state(w->root, DRIVE_OTHER);
		if (!i && asprintf(&folder, "%s%s", w->root, DRIVE_OTHER) > 0)
			mkdir(folder, 0700);
		copy_folder(here, there);
		w->book = there;
		drive_open(w);
		drive_try_more(w, "n/contact", 1);
		drive_try_more(w, "n/person", 1);
		write_person(w, &v[0], 0);
		write_note(w, &v[1]);
		drive_save_unsaid(w, v, 2);
		drive_close(w);
		drive_note("copying");
		copy_folder(there, here);
		free(there);
		free(drive_set_state(w->root, ""));
		w->book = here;
		drive_step_aside(false);
		drive_open(w);
		drive_note("done");
		drive_add_person(w);
		drive_close(w);
	}
	free(folder);
}

/* --- ways in ---------------------------------------------------------------------------- */

/* One more way in; then other words in place of the first.  A cut in the midst of that leaves
 * both: never neither. */
static void run_change_slot(struct drive *w)
{
	struct diag d = {0};
	struct way_new way = {
		.way = WAY_PASSPHRASE, .secret = span_text(crash_words[1]), .label = "practice"};
	begin_with_people(w, 1);
	drive_note("begin");
	drive_try(w, "ways", "01");
	while (drive_again(w, book_add_slot(w->b, NULL, &way, &d), &d, "add a slot"))
		;
	drive_note("done");
	drive_add_person(w);
	drive_try(w, "ways", "012|12");
	while (drive_again(
		w, book_change_passphrase(w->b, span_text(crash_words[2]), KDF_CALIBRATED, &d), &d,
		"change the passphrase"))
		;
	drive_note("done");
	drive_add_person(w);
}

/* --- what only LMDB has ------------------------------------------------------------------ */

/* Files as copying tools lose them, and a machine that was switched off; while somebody is at
 * the folder, not at the program. */
static void lose_files(struct drive *w)
{
	char *command;
	if (asprintf(&command,
		     "find '%s' -name '*.seg' | sort | sed 1q | xargs rm && "
		     "find '%s' -name clean -exec rm {} +",
		     w->book, w->root) < 0)
		err_out_of_memory();
	BUG_IF(system(command));
	free(command);
}

/* Until the book is open again only LMDB has a file, and LMDB is looked over by a child. */
static void run_lmdb_alone(struct drive *w)
{
	begin_with_people(w, 3);
	drive_close(w);
	lose_files(w);
	drive_note("begin");
	drive_open(w);
	drive_add_note(w);
	drive_close(w);
	drive_open(w);
}

const struct scenario scenario_lmdb_alone = {"lmdb-alone", run_lmdb_alone, 1, 0, NULL};

/* --- and once more ---------------------------------------------------------------------- */

/* What the cut left, key for key, as this morning finds it. */
static void say_found(struct drive *w)
{
	FILE *in = fopen(getenv("CRASH_KEYS"), "r");
	char key[200];
	while (in && fgets(key, sizeof key, in)) {
		key[strcspn(key, "\n")] = 0;
		char *is = fact_ask(w->b, key);
		drive_note("found %s=%s", key, is ? is : "(unreadable)");
		free(is);
	}
	if (in)
		fclose(in);
}

/* The power is cut while what a cut left is being opened, mended, and written on in. */
static void run_second_cut(struct drive *w)
{
	if (book_open(&w->seam, w->book, span_text(crash_words[0]), w->terms, &w->b, NULL)) {
		drive_make(w);
		drive_open(w);
	}
	say_found(w);
	drive_add_person(w);
	drive_change_person(w);
	drive_close(w);
	drive_open(w);
	drive_add_note(w);
}

static const struct scenario *first_of_two(uint64_t seed)
{
	static const char *const names[] = {"create",  "save",	"one-step",
					    "rebuild", "draft", "directory"};
	const char *name = names[seed % (sizeof names / sizeof *names)];
	for (size_t i = 0;; i++)
		if (!strcmp(scenarios[i].name, name))
			return &scenarios[i];
}

const struct scenario scenarios[] = {
	{"create", run_create, 1, 0, NULL},	{"save", run_save, 1, 0, NULL},
	{"new-person", run_person, 1, 0, NULL}, {"one-step", run_step, 1, 0, NULL},
	{"bulk-load", run_bulk, 12, 0, NULL},	{"map-grows", run_map_grows, 1, 9, NULL},
	{"rebuild", run_rebuild, 1, 0, NULL},	{"change-slot", run_change_slot, 1, 0, NULL},
	{"bin", run_bin, 1, 0, NULL},		{"amend-undo", run_amend_undo, 1, 0, NULL},
	{"draft", run_draft, 1, 0, NULL},	{"directory", run_directory, 1, 0, NULL},
	{"take-in", run_take_in, 1, 0, NULL},	{"second-cut", run_second_cut, 1, 0, first_of_two},
};
const size_t scenario_count = sizeof scenarios / sizeof *scenarios;

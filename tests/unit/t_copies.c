/* SPDX-License-Identifier: MIT
 *
 * A book in use, copied slowly by something that knows nothing of us: nothing crashes, what was
 * saved when its folder was listed is in the copy, what cannot be read yet is said, and after the
 * next copy all is there.
 */
#include "book_stage.h"
#include "draw.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

/* --- a copying tool, one block at a time -------------------------------------------------- */

enum { BLOCK = 64 << 10, PLACES = 300, LENGTH = 260 };

struct copier {
	char folders[PLACES][LENGTH]; /* still to be listed, below the book's folder */
	size_t folder_count;
	char files[PLACES][LENGTH]; /* still to be copied, of the folder listed last */
	size_t file_count;
	int from, to; /* of the file under way; -1: none */
	int listings; /* how many there were */
	struct listing {
		char folder[LENGTH];
		int saved; /* how many steps were saved when it began */
	} listed[PLACES];
	bool in_random_order, working;
};

static struct copier copier;
static int saved_count;

static void whole(char *out, const char *top, const char *below)
{
	snprintf(out, 2 * LENGTH, "%s%s%s", top, *below ? "/" : "", below);
}

static size_t choose(struct copier *c, size_t n)
{
	return c->in_random_order ? (size_t)draw(n) : n - 1;
}

static void list_next(struct copier *c)
{
	char path[2 * LENGTH], below[LENGTH];
	size_t at = choose(c, c->folder_count);
	memcpy(below, c->folders[at], LENGTH);
	memmove(c->folders[at], c->folders[--c->folder_count], LENGTH);
	struct listing *l = &c->listed[c->listings++];
	memcpy(l->folder, below, LENGTH);
	l->saved = saved_count;
	whole(path, there, below);
	mkdir(path, 0700);
	whole(path, here, below);
	DIR *dir = opendir(path);
	ck_assert_ptr_nonnull(dir);
	for (struct dirent *e; (e = readdir(dir));) {
		struct stat st;
		char name[LENGTH + 300];
		if (e->d_name[0] == '.')
			continue;
		snprintf(name, sizeof name, "%s%s%s", below, *below ? "/" : "", e->d_name);
		snprintf(path, sizeof path, "%s/%.400s", here, name);
		ck_assert_int_lt(strlen(name), LENGTH);
		if (!stat(path, &st) && S_ISDIR(st.st_mode))
			strcpy(c->folders[c->folder_count++], name);
		else
			strcpy(c->files[c->file_count++], name);
		ck_assert_uint_lt(c->file_count, PLACES);
	}
	closedir(dir);
}

/* A file that was there when the folder was listed may be gone: cp says so and goes on. */
static void open_next(struct copier *c)
{
	char path[2 * LENGTH], below[LENGTH];
	size_t at = choose(c, c->file_count);
	memcpy(below, c->files[at], LENGTH);
	memmove(c->files[at], c->files[--c->file_count], LENGTH);
	whole(path, here, below);
	c->from = open(path, O_RDONLY | O_CLOEXEC);
	whole(path, there, below);
	if (c->from >= 0)
		c->to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

/* One block, or one listing; false when all is done. */
static bool copier_step(struct copier *c)
{
	static uint8_t block[BLOCK];
	if (c->from >= 0) {
		ssize_t n = read(c->from, block, sizeof block);
		if (n > 0) {
			ck_assert_int_eq(write(c->to, block, (size_t)n), n);
		} else {
			close(c->from);
			close(c->to);
			c->from = -1;
		}
	} else if (c->file_count) {
		open_next(c);
	} else if (c->folder_count) {
		list_next(c);
	} else {
		return false;
	}
	return true;
}

static void copier_start(struct copier *c, bool in_random_order)
{
	memset(c, 0, sizeof *c);
	c->from = -1;
	c->folder_count = 1;
	c->in_random_order = in_random_order;
}

/* --- the writer, interrupted by the copying tool at any call ------------------------------ */

static struct seam_files calm;
static char written[4][LENGTH]; /* folders of the files of the save under way */
static size_t written_count;

static void interrupt(void)
{
	while (copier.working && draw(3) == 0)
		copier_step(&copier);
}

static ssize_t busy_write(int fd, const void *p, size_t n)
{
	interrupt();
	return calm.write(fd, p, n > 200 ? n / 2 : n);
}

static int busy_fsync(int fd)
{
	interrupt();
	return calm.fsync(fd);
}

static int busy_rename(const char *from, const char *to)
{
	interrupt();
	int done = calm.rename(from, to);
	size_t top = strlen(here) + 1;
	if (strstr(to, ".seg") || strstr(to, ".keys"))
		snprintf(written[written_count++], LENGTH, "%.*s",
			 (int)(strrchr(to, '/') - to - (ssize_t)top), to + top);
	interrupt();
	return done;
}

enum { SAVES = 400 };

static struct saved {
	struct id note;
	char folders[4][LENGTH];
	size_t folder_count;
} saves[SAVES];

static struct id person;

static void save_one(struct book *b)
{
	char text[30];
	const char *pairs[] = {"starts", "today 10:00", "mode", "phone", "note", text};
	struct saved *s = &saves[saved_count];
	ck_assert_int_lt(saved_count, SAVES);
	snprintf(text, sizeof text, "Note %d.", saved_count);
	written_count = 0;
	s->note = put_fields(b, "contact", (struct put){.person = person}, pairs, 3);
	memcpy(s->folders, written, sizeof written);
	s->folder_count = written_count;
	saved_count++;
	if (draw(4) == 0) {
		struct id draft = book_new_draft(b);
		ck_assert_int_eq(book_keep_draft(b, &draft, span_text(text), NULL), OK);
		ck_assert_int_eq(book_drop_draft(b, &draft, NULL), OK);
	}
}

/* Saved before each of its folders was listed. */
static bool must_be_there(const struct copier *c, int n)
{
	for (size_t f = 0; f < saves[n].folder_count; f++)
		for (int i = 0; i < c->listings; i++)
			if (!strcmp(c->listed[i].folder, saves[n].folders[f]) &&
			    c->listed[i].saved <= n)
				return false;
	return true;
}

/* Some megabytes, in files of one block and of several. */
static void fill(struct book *b)
{
	enum { LONG = 60000, STEPS = 9, MOST = 8 };
	uint8_t *text = mem_alloc(LONG);
	person = add_person(b, "Mairi", "MacLeod");
	for (int i = 0; i < STEPS; i++) {
		struct put puts[MOST];
		struct buf starts = BUF_INIT, mode = BUF_INIT, note = BUF_INIT;
		memset(text, 'a' + i, LONG);
		value_add_text(&starts, span_text("2026-11-24T09:00"));
		value_add_text(&mode, span_text("phone"));
		value_add_text(&note, span_of(text, LONG));
		struct put_field fields[] = {{"starts", buf_span(&starts)},
					     {"mode", buf_span(&mode)},
					     {"note", buf_span(&note)}};
		for (int n = 0; n < MOST; n++)
			puts[n] = (struct put){.kind = kind_find("contact"),
					       .person = person,
					       .fields = fields,
					       .field_count = 3};
		ck_assert_int_eq(book_put(b, puts, 1 + (size_t)i % MOST, NULL), OK);
		buf_fini(&starts);
		buf_fini(&mode);
		buf_fini(&note);
	}
	free(text);
}

static void check_copy(int seed)
{
	struct book *b;
	struct diag d = {0};
	size_t lost = 0;
	enum err e = book_open(&seam, there, span_text(words), terms, &b, &d);
	/* Without a slot, or with one that is under way, there is nothing to open yet. */
	ck_assert_msg(!e || e == ERR_UNLOCK, "seed %d: %d %s", seed, e, diag_first(&d));
	for (int i = 0; !e && i < saved_count; i++) {
		struct record r;
		enum err got = book_get(b, &saves[i].note, &r);
		ck_assert_msg(!got || got == ERR_ABSENT, "seed %d, note %d: %d", seed, i, got);
		lost += got != OK;
		if (got) {
			ck_assert_msg(!must_be_there(&copier, i), "seed %d: note %d lost", seed, i);
			continue;
		}
		char text[30];
		struct span v;
		snprintf(text, sizeof text, "Note %d.", i);
		ck_assert(value_is_text(record_value(&r, "note"), &v) && span_is(v, text));
		record_fini(&r);
	}
	/* What is here and cannot be read yet is said. */
	ck_assert_msg(e || !book_trouble(b) || *diag_first(&d), "seed %d: nothing said", seed);
	diag_fini(&d);
	if (!e)
		book_close(b);
}

/* The writer saves once after each block; the copy opens elsewhere with all that was saved. */
START_TEST(a_slow_copy_of_a_book_in_use)
{
	struct book *b = open_book(here), *copy;
	size_t expected = 0;
	fill(b);
	book_close(b);
	shell("cp -r \"$HERE\" \"$ROOT/start\"");
	for (int seed = _i * 10; seed < _i * 10 + 10; seed++) {
		chance = (uint64_t)seed;
		saved_count = 0;
		shell("rm -rf \"$HERE\" \"$THERE\" \"$ROOT/linkbook\"; cp -r \"$ROOT/start\" "
		      "\"$HERE\"");
		b = open_book(here);
		for (int i = 0; i < 3; i++)
			save_one(b);
		if (seed % 3 == 0)
			shell("cp -r \"$HERE\" \"$THERE\""); /* over an earlier copy */
		calm = seam.files;
		seam.files.write = busy_write;
		seam.files.fsync = busy_fsync;
		seam.files.rename = busy_rename;
		copier_start(&copier, seed % 2);
		copier.working = true;
		while (copier_step(&copier))
			if (copier.from >= 0)
				save_one(b);
		copier.working = false;
		seam.files = calm;
		for (int i = 0; i < saved_count; i++)
			expected += must_be_there(&copier, i);
		check_copy(seed);
		/* The next copy, of a book at rest. */
		copier_start(&copier, seed % 2);
		while (copier_step(&copier))
			;
		copy = open_book(there);
		check_same_hash(b, copy);
		ck_assert_int_eq(book_check(copy, NULL), OK);
		book_close(copy);
		book_close(b);
	}
	ck_assert_msg(expected > 10 * 3 + 20, "only %zu notes had to be there", expected);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, a_slow_copy_of_a_book_in_use, 0, 5);
}

UNIT_MAIN("copies")

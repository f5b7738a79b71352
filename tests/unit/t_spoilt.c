/* SPDX-License-Identifier: MIT
 *
 * Every file of a book spoilt in every way: nothing crashes, what is missing is said, and after
 * the next good copy all is whole; with its own working store without any copy.
 */
#include "book_stage.h"
#include "draw.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

enum { PLACES = 300, LENGTH = 260 };

static void whole(char *out, const char *top, const char *below)
{
	snprintf(out, 2 * LENGTH, "%s%s%s", top, *below ? "/" : "", below);
}

static struct list {
	char v[PLACES][LENGTH];
	size_t count;
} files;

/* The files of a folder and below, in name order. */
static void list_files(const char *top, const char *below)
{
	char path[2 * LENGTH], name[LENGTH + 300];
	struct dirent **v;
	whole(path, top, below);
	int n = scandir(path, &v, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		struct stat st;
		snprintf(name, sizeof name, "%s%s%s", below, *below ? "/" : "", v[i]->d_name);
		snprintf(path, sizeof path, "%s/%.400s", top, name);
		if (v[i]->d_name[0] != '.' && !stat(path, &st)) {
			if (S_ISDIR(st.st_mode))
				list_files(top, name);
			else
				snprintf(files.v[files.count++], LENGTH, "%.259s", name);
		}
		free(v[i]);
	}
	if (n >= 0)
		free(v);
}

static void read_whole(const char *path, struct buf *out)
{
	buf_clear(out);
	ck_assert_int_eq(file_read(&seam, path, 64 << 20, out, NULL), OK);
}

static void write_whole(const char *path, const struct buf *bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes->p, bytes->n), (ssize_t)bytes->n);
	close(fd);
}

enum harm {
	CUT_0,
	CUT_1,
	CUT_39,
	CUT_HALF,
	CUT_LAST,
	FLIP_0,
	FLIP_1,
	FLIP_2,
	FLIP_3,
	FLIP_4,
	RENAMED,
	DELETED,
	OTHER_FILE,
	OTHER_BOOK,
	HARMS
};

static size_t cut_to(enum harm how, size_t n)
{
	const size_t to[] = {0, 1, 39, n / 2, n - 1};
	return to[how] < n ? to[how] : n;
}

/* strange: a file of another book of the same kind, as far as there is one. */
static void do_harm(const char *path, enum harm how, const char *other, const char *strange)
{
	struct buf bytes = BUF_INIT;
	char name[3 * LENGTH];
	read_whole(path, &bytes);
	if (how <= CUT_LAST) {
		ck_assert_int_eq(truncate(path, (off_t)cut_to(how, bytes.n)), 0);
	} else if (how <= FLIP_4 && bytes.n) {
		bytes.p[(bytes.n - 1) * (how - FLIP_0) / 4] ^= (uint8_t)(1 << draw(8));
		write_whole(path, &bytes);
	} else if (how == RENAMED) {
		const char *dot = strrchr(path, '.');
		snprintf(name, sizeof name, "%.*s (1)%s", (int)(dot - path), path, dot);
		ck_assert_int_eq(rename(path, name), 0);
	} else if (how == DELETED) {
		ck_assert_int_eq(unlink(path), 0);
	} else if (how == OTHER_FILE || how == OTHER_BOOK) {
		read_whole(how == OTHER_FILE ? other : strange, &bytes);
		write_whole(path, &bytes);
	}
	buf_fini(&bytes);
}

static struct view_hash want;

/* Opens the copy: how it went; *equal: it shows what the good one shows. */
static enum err open_copy(const char *what, enum harm how, bool *equal, bool *said)
{
	struct book *b;
	struct diag d = {0};
	struct view_hash *v;
	size_t n;
	*equal = *said = false;
	enum err e = book_open(&seam, there, span_text(words), terms, &b, &d);
	if (!e) {
		ck_assert_int_eq(book_view_hash(b, &v, &n, &d), OK);
		*equal = hash_equal(&v->view, &want.view) && hash_equal(&v->changes, &want.changes);
		free(v);
		size_t before = d.count;
		struct draft *drafts;
		ck_assert_int_eq(book_drafts(b, &drafts, &n, &d), OK);
		drafts_free(drafts, n);
		/* A draft is its own: it cannot be made whole, only said. */
		*said = before || d.count > before;
		ck_assert_msg(!book_trouble(b) || before, "%s, harm %d: trouble not said", what,
			      how);
		book_close(b);
	} else {
		*said = *diag_first(&d) != 0;
		ck_assert_msg(e == ERR_UNLOCK || e == ERR_ABSENT || e == ERR_DAMAGED,
			      "%s, harm %d: %d %s", what, how, e, diag_first(&d));
	}
	diag_fini(&d);
	return e;
}

static size_t drafts_in(const char *dir)
{
	struct book *b = open_book(dir);
	struct draft *v;
	size_t n;
	ck_assert_int_eq(book_drafts(b, &v, &n, NULL), OK);
	drafts_free(v, n);
	ck_assert_int_eq(book_check(b, NULL), OK);
	book_close(b);
	return n;
}

static void make_good(void)
{
	struct book *b = open_book(here);
	struct view_hash *v;
	size_t n;
	struct id mairi = add_person(b, "Mairi", "MacLeod"), draft = book_new_draft(b);
	const char *note[] = {"starts", "today 10:00", "mode", "phone", "note", "Good form."};
	const char *stairs[] = {"visit_note", "stairs"}, *dog[] = {"visit_note", "dog"};
	put_fields(b, "contact", (struct put){.person = mairi}, note, 3);
	put_fields(b, "person", (struct put){.record = mairi}, stairs, 1);
	put_fields(b, "person", (struct put){.record = mairi}, dog, 1);
	ck_assert_int_eq(book_keep_draft(b, &draft, span_text("half a note"), NULL), OK);
	draft = book_new_draft(b);
	ck_assert_int_eq(book_keep_draft(b, &draft, span_text("another"), NULL), OK);
	ck_assert_int_eq(book_view_hash(b, &v, &n, NULL), OK);
	want = v[0];
	free(v);
	book_close(b);
	/* Another practitioner's. */
	char strange[100];
	snprintf(strange, sizeof strange, "%s/strange", root);
	ck_assert_int_eq(book_create(&seam, strange, "Isla", span_text("other words than those"),
				     KDF_CALIBRATED, NULL),
			 OK);
	ck_assert_int_eq(
		book_open(&seam, strange, span_text("other words than those"), terms, &b, NULL),
		OK);
	add_person(b, "Davie", "Cloudberry");
	draft = book_new_draft(b);
	ck_assert_int_eq(book_keep_draft(b, &draft, span_text("strange"), NULL), OK);
	book_close(b);
}

/* Another file of the same kind, and one of the other book. */
static void find_others(size_t i, char *other, char *strange)
{
	char command[200], out[3 * LENGTH] = "";
	const char *ending = strrchr(files.v[i], '.');
	snprintf(other, 2 * LENGTH, "%s/%s", here, files.v[(i + 1) % files.count]);
	for (size_t k = 0; k < files.count; k++)
		if (k != i && !strcmp(strrchr(files.v[k], '.'), ending))
			snprintf(other, 2 * LENGTH, "%s/%s", here, files.v[k]);
	snprintf(command, sizeof command, "find \"$ROOT/strange\" -name '*%s' | head -1", ending);
	FILE *p = popen(command, "r");
	ck_assert_ptr_nonnull(fgets(out, sizeof out, p));
	pclose(p);
	out[strcspn(out, "\n")] = 0;
	snprintf(strange, 2 * LENGTH, "%.500s", out);
}

static const char fresh[] = "rm -rf \"$THERE\" \"$ROOT\"/linkbook; cp -r \"$HERE\" \"$THERE\"";

/* A bare copy elsewhere: nothing but what is in it. */
static void spoil_bare(size_t i, enum harm how, const char *other, const char *strange)
{
	char path[3 * LENGTH];
	bool equal, said, is_draft = strstr(files.v[i], ".draft");
	snprintf(path, sizeof path, "%s/%s", there, files.v[i]);
	shell(fresh);
	do_harm(path, how, other, strange);
	enum err e = open_copy(files.v[i], how, &equal, &said);
	/* What nothing speaks of any more cannot be missed. */
	ck_assert_msg(equal || said || how == DELETED, "%s, harm %d: nothing said", files.v[i],
		      how);
	ck_assert_msg(e || equal || !is_draft, "%s, harm %d", files.v[i], how);
	ck_assert_msg(how != RENAMED || equal, "%s renamed", files.v[i]);
	ck_assert(!e || said);
	shell("cp -r \"$HERE\"/. \"$THERE\"/");
	e = open_copy(files.v[i], how, &equal, &said);
	ck_assert_msg(!e && equal, "%s, harm %d: not whole after the next copy", files.v[i], how);
	ck_assert_uint_eq(drafts_in(there), 2);
}

/* Its own LMDB is there: whole without any copy, but for slots (before it is opened nobody
 * knows where LMDB is) and drafts. */
static void spoil_own(size_t i, enum harm how, const char *other, const char *strange)
{
	char path[3 * LENGTH];
	bool equal, said;
	bool is_slot = strstr(files.v[i], ".slot"), is_draft = strstr(files.v[i], ".draft");
	snprintf(path, sizeof path, "%s/%s", there, files.v[i]);
	do_harm(path, how, other, strange);
	enum err e = open_copy(files.v[i], how, &equal, &said);
	ck_assert_msg(is_slot || (!e && equal), "%s, harm %d: not whole", files.v[i], how);
	ck_assert(!e || said);
	/* A flip is found by check. */
	if (!e && !is_draft) {
		struct book *b = open_book(there);
		ck_assert_int_eq(book_check(b, NULL), OK);
		book_close(b);
	}
	if (!e && !is_draft && how != RENAMED) {
		struct buf good = BUF_INIT, now = BUF_INIT;
		char from[3 * LENGTH];
		snprintf(from, sizeof from, "%s/%s", here, files.v[i]);
		read_whole(from, &good);
		read_whole(path, &now);
		ck_assert_msg(span_equal(buf_span(&good), buf_span(&now)),
			      "%s, harm %d: not mended", files.v[i], how);
		buf_fini(&good);
		buf_fini(&now);
	}
	shell("cp -r \"$HERE\"/. \"$THERE\"/");
	e = open_copy(files.v[i], how, &equal, &said);
	ck_assert_msg(!e && equal, "%s, harm %d: not whole after the next copy", files.v[i], how);
	ck_assert_uint_eq(drafts_in(there), 2);
}

START_TEST(every_file_spoilt_in_every_way)
{
	char other[2 * LENGTH], strange[2 * LENGTH];
	chance = 5;
	make_good();
	files.count = 0;
	list_files(here, "");
	ck_assert_uint_ge(files.count, 10);
	if (_i == 1) {
		bool equal, said;
		shell(fresh);
		ck_assert_int_eq(open_copy("", 0, &equal, &said), OK);
	}
	for (size_t i = 0; i < files.count; i++) {
		find_others(i, other, strange);
		for (enum harm how = 0; how < HARMS; how++) {
			if (_i == 0)
				spoil_bare(i, how, other, strange);
			else
				spoil_own(i, how, other, strange);
		}
	}
}
END_TEST

/* The files of the working store: none of them matters. */
START_TEST(every_file_of_the_working_store)
{
	char state[100], path[3 * LENGTH], other[2 * LENGTH] = "";
	bool equal, said;
	chance = 6;
	make_good();
	shell(fresh);
	ck_assert_int_eq(open_copy("", 0, &equal, &said), OK);
	snprintf(state, sizeof state, "%s/linkbook", root);
	files.count = 0;
	list_files(state, "");
	ck_assert_uint_eq(files.count, 4);
	for (size_t i = 0; i < files.count; i++)
		for (enum harm how = 0; how < HARMS; how++) {
			snprintf(path, sizeof path, "%s/%s", state, files.v[i]);
			snprintf(other, sizeof other, "%s/%s", state, files.v[(i + 1) % 4]);
			if (how == RENAMED && !strchr(strrchr(path, '/'), '.'))
				continue;
			do_harm(path, how, other, other);
			ck_assert_msg(!open_copy(files.v[i], how, &equal, &said) && equal,
				      "%s, harm %d", files.v[i], how);
		}
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, every_file_spoilt_in_every_way, 0, 2);
	tcase_add_test(t, every_file_of_the_working_store);
}

UNIT_MAIN("spoilt")

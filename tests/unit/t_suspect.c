/* SPDX-License-Identifier: MIT
 *
 * Harm to LMDB: cut at many lengths, bits and pages spoilt, another store's put in its place.
 * The book opens all the same and shows the same; what only LMDB had is saved out of it.
 */
#include "book_stage.h"
#include "draw.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { PAGE = 4096, FLIPS = 150, CUTS = 40, BLANKS = 40 };

static char data[300], kept[60]; /* the caseload's data.mdb, and a copy of it */
static struct view_hash want;

static struct view_hash hash_of(struct book *b)
{
	struct view_hash *v, first;
	size_t n;
	struct diag d = {0};
	enum err e = book_view_hash(b, &v, &n, &d);
	ck_assert_msg(!e, "%s", diag_first(&d));
	first = v[0];
	free(v);
	return first;
}

/* People with notes, one with long words so that values lie on pages of their own. */
static void fill(struct book *b)
{
	struct buf longer = BUF_INIT;
	for (int i = 0; i < 300; i++)
		buf_add_text(&longer, "A long day. ");
	for (int i = 0; i < 12; i++) {
		struct id person = add_person(b, "Mairi", i % 2 ? "MacLeod" : "Heather");
		const char *pairs[] = {"starts", "today 10:00",
				       "mode",	 "phone",
				       "note",	 i % 3 ? "Good form." : buf_text(&longer)};
		put_fields(b, "contact", (struct put){.person = person}, pairs, 3);
	}
	buf_fini(&longer);
}

static void find_data(void)
{
	struct id id;
	char hex[ID_HEX];
	struct book *b = open_book(here);
	struct view_hash h = hash_of(b);
	id = h.store;
	want = h;
	book_close(b);
	char folder[100];
	snprintf(folder, sizeof folder, "%s/linkbook", root);
	DIR *dir = opendir(folder);
	for (struct dirent *e; (e = readdir(dir));)
		if (!strncmp(e->d_name, id_to_hex(&id, hex), 32))
			snprintf(data, sizeof data, "%s/%.80s/data.mdb", folder, e->d_name);
	closedir(dir);
	snprintf(kept, sizeof kept, "%.40s/kept", root);
	setenv("DATA", data, 1);
	setenv("KEPT", kept, 1);
	shell("cp \"$DATA\" \"$KEPT\"");
}

static void stage(void)
{
	setup();
	struct book *b = open_book(here);
	fill(b);
	book_close(b);
	find_data();
	chance = 11;
}

static off_t size_of(const char *path)
{
	struct stat st;
	ck_assert_int_eq(stat(path, &st), 0);
	return st.st_size;
}

/* A copy is another file, so it is suspect whatever its times are. */
static void put_back(void)
{
	struct buf bytes = BUF_INIT;
	unlink(data);
	ck_assert_int_eq(file_read(&seam, kept, 64 << 20, &bytes, NULL), OK);
	ck_assert_int_eq(file_write_durable(&seam, data, buf_span(&bytes), NULL), OK);
	buf_fini(&bytes);
}

static void check_opens(const char *how, long n)
{
	struct book *b;
	struct diag d = {0};
	enum err e = book_open(&seam, here, span_text(words), terms, &b, &d);
	ck_assert_msg(!e, "%s %ld: %s", how, n, diag_first(&d));
	struct view_hash h = hash_of(b);
	ck_assert_msg(hash_equal(&h.view, &want.view) && hash_equal(&h.changes, &want.changes),
		      "%s %ld: another view", how, n);
	diag_fini(&d);
	book_close(b);
}

START_TEST(cut_at_any_length)
{
	off_t size = size_of(kept);
	for (int i = 0; i < CUTS; i++) {
		off_t to = i < 20 ? size * i / 20 / PAGE * PAGE : (off_t)draw((uint64_t)size);
		put_back();
		ck_assert_int_eq(truncate(data, to), 0);
		check_opens("cut to", to);
	}
}
END_TEST

static void spoil(off_t at, size_t n, bool blank)
{
	uint8_t bytes[PAGE] = {0};
	int fd = open(data, O_RDWR | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	if (!blank) {
		ck_assert_int_eq(pread(fd, bytes, n, at), (ssize_t)n);
		bytes[draw(n)] ^= (uint8_t)(1u << draw(8));
	}
	ck_assert_int_eq(pwrite(fd, bytes, n, at), (ssize_t)n);
	close(fd);
}

START_TEST(a_bit_of_any_page_flipped)
{
	off_t pages = size_of(kept) / PAGE;
	for (int i = 0; i < FLIPS; i++) {
		off_t page = (off_t)draw((uint64_t)pages);
		put_back();
		/* Half of them in the first bytes, where a page says what it is. */
		spoil(page * PAGE, i % 2 ? PAGE : 64, false);
		check_opens("flipped in page", page);
	}
}
END_TEST

START_TEST(a_page_of_zeros)
{
	off_t pages = size_of(kept) / PAGE;
	for (int i = 0; i < BLANKS; i++) {
		off_t page = (off_t)draw((uint64_t)pages);
		put_back();
		spoil(page * PAGE, PAGE, true);
		check_opens("zeros in page", page);
	}
}
END_TEST

/* One page in the place of another: each is whole, and neither belongs there. */
START_TEST(pages_that_changed_places)
{
	off_t pages = size_of(kept) / PAGE;
	for (int i = 0; i < BLANKS; i++) {
		uint8_t bytes[PAGE];
		off_t from = 2 + (off_t)draw((uint64_t)pages - 2);
		off_t to = 2 + (off_t)draw((uint64_t)pages - 2);
		put_back();
		int fd = open(data, O_RDWR | O_CLOEXEC);
		ck_assert_int_eq(pread(fd, bytes, PAGE, from * PAGE), PAGE);
		ck_assert_int_eq(pwrite(fd, bytes, PAGE, to * PAGE), PAGE);
		close(fd);
		check_opens("overwritten page", to);
	}
}
END_TEST

START_TEST(another_store_s_and_no_lock)
{
	static const char *const harms[] = {
		"cp \"$ROOT\"/other/linkbook/*/data.mdb \"$DATA\"",
		"head -c 8192 /dev/urandom >\"$(dirname \"$DATA\")/lock.mdb\"",
		"rm \"$(dirname \"$DATA\")/lock.mdb\"",
		"truncate -s 10 \"$(dirname \"$DATA\")/lock.mdb\"",
		"head -c 50000 /dev/urandom >\"$DATA\"",
		"rm \"$(dirname \"$DATA\")/clean\"",
		"echo >\"$(dirname \"$DATA\")/clean\"",
	};
	char other[100], state[100];
	struct diag d = {0};
	snprintf(other, sizeof other, "%s/other-book", root);
	snprintf(state, sizeof state, "%s/other", root);
	setenv("XDG_STATE_HOME", state, 1);
	ck_assert_int_eq(book_create(&seam, other, "B", span_text(words), KDF_CALIBRATED, &d), OK);
	setenv("XDG_STATE_HOME", root, 1);
	shell(harms[_i]);
	check_opens("harm", _i);
	check_opens("afterwards", _i);
}
END_TEST

/* The folder has lost its files, and LMDB is damaged: what can be read of it is read. */
START_TEST(what_only_lmdb_had_is_saved_out_of_it)
{
	shell("rm -r \"$HERE\"/caseload/log \"$HERE\"/caseload/keys");
	put_back();
	/* Not the files: some page of a view's. */
	int fd = open(data, O_RDWR | O_CLOEXEC);
	uint8_t *bytes = mem_alloc((size_t)size_of(data));
	ssize_t n = read(fd, bytes, (size_t)size_of(data));
	const uint8_t *name = memmem(bytes, (size_t)n, "view:contact", 12);
	ck_assert_ptr_nonnull(name);
	ck_assert_int_eq(pwrite(fd, "view:cantact", 12, name - bytes), 12);
	close(fd);
	free(bytes);
	check_opens("views lost", 0);
	shell("rm -rf \"$ROOT\"/linkbook");
	check_opens("made anew", 0);
}
END_TEST

/* Whatever page is spoilt, most files come out of what is left, and nothing crashes. */
START_TEST(most_is_saved_past_a_page_that_cannot_be_read)
{
	off_t pages = size_of(kept) / PAGE;
	size_t all = want.change_count, had = 0, rounds = 30;
	shell("cp -r \"$HERE\" \"$THERE\"");
	for (size_t i = 0; i < rounds; i++) {
		struct book *b;
		shell("rm -rf \"$HERE\"/caseload/log \"$HERE\"/caseload/keys");
		put_back();
		spoil((2 + (off_t)draw((uint64_t)pages - 2)) * PAGE, PAGE, true);
		ck_assert_int_eq(book_open(&seam, here, span_text(words), terms, &b, NULL), OK);
		had += hash_of(b).change_count;
		book_close(b);
	}
	ck_assert_msg(had > all * rounds / 2, "%zu of %zu", had, all * rounds);
	/* And whole after the next copy. */
	shell("cp -r \"$THERE\"/. \"$HERE\"/");
	check_opens("copied again", 0);
}
END_TEST

static int files_of_lmdb(void)
{
	struct stat st;
	return stat(data, &st) ? -1 : (int)st.st_ino;
}

/* Without harm nothing is thrown away, though the program was killed. */
START_TEST(a_killed_program_costs_nothing)
{
	int before = files_of_lmdb();
	for (int i = 0; i < 3; i++) {
		pid_t pid = fork();
		if (!pid) {
			seam.state[0] += (uint64_t)i + 1; /* not the same ids again */
			struct book *b = open_book(here);
			add_person(b, "Killed", "Here");
			if (b)
				kill(getpid(), SIGKILL);
		}
		waitpid(pid, NULL, 0);
	}
	struct book *b = open_book(here);
	ck_assert_uint_eq(hash_of(b).change_count, want.change_count + 3);
	ck_assert_int_eq(book_check(b, NULL), OK);
	book_close(b);
	ck_assert_int_eq(files_of_lmdb(), before);
}
END_TEST

/* An older view of a record is sealed as well as a newer; check holds it against the changes. */
START_TEST(check_finds_an_older_lmdb_in_its_place)
{
	struct book *b = open_book(here);
	struct diag d = {0};
	add_person(b, "New", "Person");
	want = hash_of(b);
	book_close(b);
	put_back();
	check_opens("older", 0);
	b = open_book(here);
	ck_assert_int_eq(book_check(b, &d), OK);
	diag_fini(&d);
	book_close(b);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, stage, teardown);
	tcase_add_test(t, cut_at_any_length);
	tcase_add_loop_test(t, a_bit_of_any_page_flipped, 0, 1);
	tcase_add_test(t, a_page_of_zeros);
	tcase_add_test(t, pages_that_changed_places);
	tcase_add_loop_test(t, another_store_s_and_no_lock, 0, 7);
	tcase_add_test(t, what_only_lmdb_had_is_saved_out_of_it);
	tcase_add_test(t, most_is_saved_past_a_page_that_cannot_be_read);
	tcase_add_test(t, a_killed_program_costs_nothing);
	tcase_add_test(t, check_finds_an_older_lmdb_in_its_place);
}

UNIT_MAIN("suspect")

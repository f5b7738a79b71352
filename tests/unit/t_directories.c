/* SPDX-License-Identifier: MIT
 *
 * A book with the directories of two practices: which record is in which, what happens when one
 * is away or damaged, and drafts that end in a directory.
 */
#include "book_stage.h"

#include <linkbook/slots.h>

#include <errno.h>
#include <fcntl.h>

static struct book *book;
static struct id ash, elm; /* the two directories */

static struct id seed(const char *source, const char *key, const char *kind, const char *name,
		      const struct id *directory)
{
	const char *pairs[] = {"name", name};
	struct put p = {
		.seed_source = source, .seed_key = key, .seed_version = 1, .directory = *directory};
	return put_fields(book, kind, p, pairs, 1);
}

static struct id resource_in(const struct id *directory, const char *name)
{
	const char *pairs[] = {"name", name};
	return put_fields(book, "resource", (struct put){.directory = *directory}, pairs, 1);
}

static void stage(void)
{
	setup();
	book = open_book(here);
	ck_assert_int_eq(book_add_directory(book, &ash, NULL), OK);
	seed("ashgill", "practice", "practice", "Ashgill Practice", &ash);
	ck_assert_int_eq(book_add_directory(book, &elm, NULL), OK);
	seed("elmbank", "practice", "practice", "Elmbank Practice", &elm);
	/* The same key in both: two groups of two practices. */
	seed("ashgill", "resource/walk", "resource", "Ashgill walk", &ash);
	seed("elmbank", "resource/walk", "resource", "Elmbank walk", &elm);
}

static void unstage(void)
{
	book_close(book);
	teardown();
}

static void reopen(void)
{
	book_close(book);
	book = open_book(here);
}

static void check_in(const struct id *record, const struct id *store, const char *name)
{
	struct record r;
	check_said(book, record, "name", name);
	ck_assert_int_eq(book_get(book, record, &r), OK);
	ck_assert(id_equal(&r.store, store));
	record_fini(&r);
}

/* The folder of a directory, in $DIRECTORY. */
static void name_folder(const struct id *directory)
{
	char hex[ID_HEX], folder[140];
	snprintf(folder, sizeof folder, "%s/directories/%s", here, id_to_hex(directory, hex));
	setenv("DIRECTORY", folder, 1);
}

START_TEST(each_record_is_in_the_directory_it_was_put_into)
{
	struct id found, walk = book_seed_id("ashgill", "resource/walk");
	struct id other = book_seed_id("elmbank", "resource/walk");
	ck_assert_uint_eq(book_directory_count(book), 2);
	ck_assert_int_eq(book_directory_of(book, "elmbank", &found), OK);
	ck_assert(id_equal(&found, &elm));
	ck_assert_int_eq(book_directory_of(book, "ashgill", &found), OK);
	ck_assert(id_equal(&found, &ash));
	ck_assert_int_eq(book_directory_of(book, "nowhere", &found), ERR_ABSENT);
	struct id mine = resource_in(&elm, "Chess");
	for (int i = 0; i < 2; i++) {
		check_in(&walk, &ash, "Ashgill walk");
		check_in(&other, &elm, "Elmbank walk");
		check_in(&mine, &elm, "Chess");
		reopen();
	}
	/* Edited, it stays where it is. */
	const char *pairs[] = {"name", "Chess and draughts"};
	put_fields(book, "resource", (struct put){.record = mine}, pairs, 1);
	check_in(&mine, &elm, "Chess and draughts");
}
END_TEST

START_TEST(a_resource_wants_to_know_whose_it_is)
{
	struct buf name = BUF_INIT;
	struct diag d = {0};
	value_add_text(&name, span_text("Chess"));
	struct put_field field = {"name", buf_span(&name)};
	struct put p = {.kind = kind_find("resource"), .fields = &field, .field_count = 1};
	ck_assert_int_eq(book_put(book, &p, 1, &d), ERR_INPUT);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "which practice"));
	diag_fini(&d);
	buf_fini(&name);
}
END_TEST

START_TEST(a_person_is_linked_to_groups_of_either)
{
	struct id person = add_person(book, "Mairi", "MacLeod"), links[2];
	struct id walks[2] = {book_seed_id("ashgill", "resource/walk"),
			      book_seed_id("elmbank", "resource/walk")};
	for (int i = 0; i < 2; i++) {
		char hex[ID_HEX];
		const char *pairs[] = {"resource", id_to_hex(&walks[i], hex), "rung", "told"};
		links[i] = put_fields(book, "link", (struct put){.person = person}, pairs, 2);
	}
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 2; i++) {
			struct record r;
			struct id to;
			ck_assert_int_eq(book_get(book, &links[i], &r), OK);
			ck_assert(value_is_id(record_value(&r, "resource"), &to));
			ck_assert(id_equal(&to, &walks[i]));
			record_fini(&r);
		}
		reopen();
	}
}
END_TEST

static bool count_one(void *arg, const struct record *r)
{
	(void)r;
	++*(size_t *)arg;
	return true;
}

static size_t resources(void)
{
	size_t n = 0;
	ck_assert_int_eq(book_scan(book, kind_find("resource"), NULL, count_one, &n), OK);
	return n;
}

START_TEST(copies_agree_in_every_store)
{
	struct book *copy;
	struct view_hash *v;
	size_t n;
	resource_in(&ash, "Choir");
	book_close(book);
	split(&book, &copy);
	check_same_hash(book, copy);
	ck_assert_int_eq(book_view_hash(book, &v, &n, NULL), OK);
	ck_assert_uint_eq(n, 3);
	ck_assert(!v[0].is_directory && v[1].is_directory && v[2].is_directory);
	ck_assert(!hash_equal(&v[1].view, &v[2].view));
	free(v);
	book_close(copy);
}
END_TEST

/* A directory that is not here is not missed; back again, it is as it was. */
START_TEST(one_directory_is_away)
{
	struct id person = add_person(book, "Mairi", "MacLeod");
	struct id walk = book_seed_id("ashgill", "resource/walk");
	struct record r;
	name_folder(&ash);
	book_close(book);
	shell("mv \"$DIRECTORY\" \"$ROOT/away\"");
	book = open_book(here);
	ck_assert_uint_eq(book_directory_count(book), 1);
	ck_assert_uint_eq(resources(), 1);
	ck_assert_int_eq(book_get(book, &walk, &r), ERR_ABSENT);
	check_said(book, &person, "given_name", "Mairi");
	ck_assert_int_eq(book_check(book, NULL), OK);
	/* With one left nobody has to say which. */
	struct id choir = resource_in(&(struct id){{0}}, "Choir");
	check_in(&choir, &elm, "Choir");
	book_close(book);
	shell("mv \"$ROOT/away\" \"$DIRECTORY\"");
	book = open_book(here);
	ck_assert_uint_eq(resources(), 3);
	check_in(&walk, &ash, "Ashgill walk");
	ck_assert_int_eq(book_check(book, NULL), OK);
}
END_TEST

/* One whose slot is spoilt, with no working store to mend it from, stays closed and is said; the
 * rest of the book opens. */
START_TEST(one_directory_is_damaged)
{
	struct diag d = {0};
	struct id person = add_person(book, "Mairi", "MacLeod");
	name_folder(&elm);
	book_close(book);
	shell("cp -r \"$DIRECTORY\" \"$ROOT/good\"; truncate -s 60 \"$DIRECTORY\"/slots/*");
	shell("rm -r \"$ROOT\"/linkbook");
	ck_assert_int_eq(book_open(&seam, here, span_text(words), terms, &book, &d), OK);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "stays closed"));
	ck_assert_uint_eq(book_directory_count(book), 1);
	ck_assert_uint_gt(book_trouble(book), 0);
	check_said(book, &person, "given_name", "Mairi");
	ck_assert_int_eq(book_check(book, NULL), ERR_DAMAGED);
	/* An undo does not reach what is in it, and says so. */
	struct buf told = BUF_INIT;
	ck_assert_int_eq(book_undo(book, &told, NULL), OK);
	ck_assert_ptr_nonnull(strstr(buf_text(&told), "A directory is closed"));
	buf_fini(&told);
	diag_fini(&d);
	book_close(book);
	shell("cp -r \"$ROOT/good/.\" \"$DIRECTORY\"/");
	book = open_book(here);
	ck_assert_uint_eq(resources(), 2);
	ck_assert_int_eq(book_check(book, NULL), OK);
	/* With its working store it is mended at once. */
	book_close(book);
	shell("truncate -s 60 \"$DIRECTORY\"/slots/*");
	book = open_book(here);
	ck_assert_uint_eq(resources(), 2);
	ck_assert_int_eq(book_check(book, NULL), OK);
}
END_TEST

/* --- reading within reading -------------------------------------------------------------- */

struct nested {
	struct id contact, walk;
	size_t people, groups;
};

static bool count_groups(void *arg, const struct record *r)
{
	struct nested *n = arg;
	(void)r;
	n->groups++;
	return true;
}

/* Views of other types, and in other stores, that nothing has opened before. */
static bool read_others(void *arg, const struct record *r)
{
	struct nested *n = arg;
	struct record other;
	(void)r;
	n->people++;
	ck_assert_int_eq(book_get(book, &n->contact, &other), OK);
	ck_assert_str_eq(other.state.type, "contact");
	record_fini(&other);
	ck_assert_int_eq(book_get(book, &n->walk, &other), OK);
	record_fini(&other);
	ck_assert_int_eq(book_scan(book, kind_find("resource"), NULL, count_groups, n), OK);
	return true;
}

START_TEST(a_scan_may_read_anything)
{
	struct id person = add_person(book, "Mairi", "MacLeod");
	const char *pairs[] = {"starts", "today 10:00", "mode", "phone"};
	struct nested n = {put_fields(book, "contact", (struct put){.person = person}, pairs, 2),
			   book_seed_id("elmbank", "resource/walk"), 0, 0};
	add_person(book, "John", "O'Neil");
	reopen();
	ck_assert_int_eq(book_scan(book, kind_find("person"), NULL, read_others, &n), OK);
	ck_assert_uint_eq(n.people, 2);
	ck_assert_uint_eq(n.groups, 4);
	/* A type that nobody has written yet, and then has. */
	size_t goals = 0;
	ck_assert_int_eq(book_scan(book, kind_find("goal"), NULL, count_one, &goals), OK);
	const char *words_of_goal[] = {"words", "Walk to the shop"};
	put_fields(book, "goal", (struct put){.person = person}, words_of_goal, 1);
	ck_assert_int_eq(book_scan(book, kind_find("goal"), NULL, count_one, &goals), OK);
	ck_assert_uint_eq(goals, 1);
}
END_TEST

/* --- drafts that end in a directory ------------------------------------------------------ */

static size_t count_drafts(void)
{
	struct draft *v;
	size_t n;
	ck_assert_int_eq(book_drafts(book, &v, &n, NULL), OK);
	drafts_free(v, n);
	return n;
}

START_TEST(a_draft_is_done_by_a_change_in_a_directory)
{
	struct id draft = book_new_draft(book);
	ck_assert_int_eq(book_keep_draft(book, &draft, span_text("Chess, Tue"), NULL), OK);
	shell("cp -r \"$HERE\"/caseload/drafts \"$ROOT\"/drafts");
	const char *pairs[] = {"name", "Chess"};
	put_fields(book, "resource", (struct put){.directory = elm, .draft = draft}, pairs, 1);
	ck_assert_uint_eq(count_drafts(), 0);
	shell("! ls \"$HERE\"/caseload/drafts | grep .");
	/* An old copy brings it back; and on another machine the change says so, too. */
	shell("cp -r \"$ROOT\"/drafts/. \"$HERE\"/caseload/drafts/");
	ck_assert_uint_eq(count_drafts(), 0);
	book_close(book);
	shell("cp -r \"$ROOT\"/drafts/. \"$HERE\"/caseload/drafts/; cp -r \"$HERE\" \"$THERE\"");
	book = open_book(there);
	ck_assert_uint_eq(count_drafts(), 0);
	reopen();
}
END_TEST

/* Resumed by another run, finished in the directory. */
START_TEST(a_draft_that_was_resumed_is_done_as_well)
{
	struct id draft = book_new_draft(book);
	ck_assert_int_eq(book_keep_draft(book, &draft, span_text("Chess"), NULL), OK);
	reopen();
	shell("cp -r \"$HERE\"/caseload/drafts \"$ROOT\"/drafts");
	ck_assert_uint_eq(count_drafts(), 1);
	const char *pairs[] = {"name", "Chess"};
	put_fields(book, "resource", (struct put){.directory = ash, .draft = draft}, pairs, 1);
	ck_assert_uint_eq(count_drafts(), 0);
	shell("cp -r \"$ROOT\"/drafts/. \"$HERE\"/caseload/drafts/");
	reopen();
	ck_assert_uint_eq(count_drafts(), 0);
}
END_TEST

/* A form opened from its draft and saved with nothing to alter: the draft is done all the same. */
START_TEST(a_draft_that_says_nothing_new_is_done)
{
	struct id person = add_person(book, "Mairi", "MacLeod"), draft = book_new_draft(book);
	const char *pairs[] = {"given_name", "Mairi"};
	ck_assert_int_eq(book_keep_draft(book, &draft, span_text("Mairi"), NULL), OK);
	reopen();
	ck_assert_uint_eq(count_drafts(), 1);
	put_fields(book, "person", (struct put){.record = person, .draft = draft}, pairs, 1);
	ck_assert_uint_eq(count_drafts(), 0);
}
END_TEST

/* Joining closes a directory and opens it in another way; the drafts ask the one that is open. */
START_TEST(drafts_outlive_a_directory_that_is_joined_again)
{
	struct way_new open = {.way = WAY_OPEN, .label = ""};
	struct way_new team = {.way = WAY_PASSPHRASE, .secret = span_text("team"), .label = "team"};
	struct id joined;
	ck_assert_int_eq(book_add_slot(book, &elm, &open, NULL), OK);
	ck_assert_int_eq(book_add_slot(book, &elm, &team, NULL), OK);
	book_close(book);
	ck_assert_int_eq(book_create(&seam, there, "Bo", span_text(words), KDF_CALIBRATED, NULL),
			 OK);
	name_folder(&elm);
	shell("cp -r \"$DIRECTORY\" \"$THERE\"/directories/");
	book = open_book(there);
	struct id draft = book_new_draft(book);
	ck_assert_int_eq(book_keep_draft(book, &draft, span_text("on elm"), NULL), OK);
	ck_assert_int_eq(book_join(book, getenv("DIRECTORY"), span_text("team"), &joined, NULL),
			 OK);
	ck_assert(id_equal(&joined, &elm));
	ck_assert_uint_eq(count_drafts(), 1);
	const char *pairs[] = {"name", "Chess"};
	put_fields(book, "resource", (struct put){.directory = elm, .draft = draft}, pairs, 1);
	ck_assert_uint_eq(count_drafts(), 0);
}
END_TEST

/* A copy of a caseload is none, whatever its folder is called now. */
START_TEST(the_own_caseload_is_no_directory)
{
	struct id joined;
	struct diag d = {0};
	char folder[80];
	snprintf(folder, sizeof folder, "%s/backup", root);
	shell("cp -r \"$HERE\"/caseload \"$ROOT\"/backup");
	ck_assert_int_eq(book_join(book, folder, span_text(words), &joined, &d), ERR_REFUSED);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "caseload"));
	ck_assert_uint_eq(book_directory_count(book), 2);
	reopen();
	ck_assert_uint_eq(book_directory_count(book), 2);
	diag_fini(&d);
}
END_TEST

static int (*real_open)(const char *path, int flags, mode_t mode);

static int no_room_open(const char *name, int flags, mode_t mode)
{
	if ((flags & O_CREAT) && strstr(name, "/directories/")) {
		errno = ENOSPC;
		return -1;
	}
	return real_open(name, flags, mode);
}

/* The caseload's half was saved, the directory's was not: the draft stays, and saving again
 * makes nothing twice. */
START_TEST(half_a_step_leaves_the_draft)
{
	struct id draft = book_new_draft(book), person = seam_new_id(&seam);
	struct buf name = BUF_INIT;
	struct record r;
	value_add_text(&name, span_text("Chess"));
	struct put_field names[] = {{"given_name", buf_span(&name)},
				    {"family_name", buf_span(&name)}};
	struct put_field field = {"name", buf_span(&name)};
	struct put puts[] = {{.kind = kind_find("person"),
			      .record = person,
			      .is_new = true,
			      .draft = draft,
			      .fields = names,
			      .field_count = 2},
			     {.kind = kind_find("resource"),
			      .record = seam_new_id(&seam),
			      .is_new = true,
			      .directory = elm,
			      .draft = draft,
			      .fields = &field,
			      .field_count = 1}};
	ck_assert_int_eq(book_keep_draft(book, &draft, span_text("both"), NULL), OK);
	real_open = seam.files.open;
	seam.files.open = no_room_open;
	ck_assert_int_eq(book_put(book, puts, 2, NULL), ERR_FULL);
	seam.files.open = real_open;
	ck_assert_uint_eq(count_drafts(), 1);
	reopen();
	ck_assert_uint_eq(count_drafts(), 1);
	ck_assert_int_eq(book_put(book, puts, 2, NULL), OK);
	ck_assert_uint_eq(count_drafts(), 0);
	size_t people = 0;
	ck_assert_int_eq(book_scan(book, kind_find("person"), NULL, count_one, &people), OK);
	ck_assert_uint_eq(people, 1);
	ck_assert_uint_eq(resources(), 3);
	ck_assert_int_eq(book_get(book, &person, &r), OK);
	ck_assert_uint_eq(state_conflicts(&r.state), 0);
	record_fini(&r);
	buf_fini(&name);
}
END_TEST

/* --- what changes were built on ---------------------------------------------------------- */

START_TEST(a_change_without_its_parent_is_said)
{
	struct id person = add_person(book, "Mairi", "MacLeod");
	struct diag d = {0};
	struct buf said = BUF_INIT;
	book_close(book);
	shell("find \"$HERE\"/caseload/log -name '*.seg' | sort >\"$ROOT\"/before");
	book = open_book(here);
	const char *one[] = {"visit_note", "stairs"}, *two[] = {"visit_note", "dog"};
	put_fields(book, "person", (struct put){.record = person}, one, 1);
	shell("find \"$HERE\"/caseload/log -name '*.seg' | sort >\"$ROOT\"/after");
	put_fields(book, "person", (struct put){.record = person}, two, 1);
	book_close(book);
	shell("cp -r \"$HERE\" \"$THERE\"; cd \"$THERE\";"
	      "f=$(comm -13 \"$ROOT\"/before \"$ROOT\"/after); rm \"$THERE${f#\"$HERE\"}\"");
	ck_assert_int_eq(book_open(&seam, there, span_text(words), terms, &book, &d), OK);
	ck_assert_ptr_nonnull(strstr(diag_first(&d), "1 change was built on others"));
	ck_assert_uint_eq(book_trouble(book), 1);
	diag_fini(&d);
	ck_assert_int_eq(book_check(book, &d), ERR_DAMAGED);
	for (size_t i = 0; i < d.count; i++)
		buf_printf(&said, "%s\n", d.lines[i].text);
	ck_assert_ptr_nonnull(strstr(buf_text(&said), ", by Ailsa, was built on change "));
	buf_fini(&said);
	diag_fini(&d);
	book_close(book);
	shell("cp -rn \"$HERE\"/. \"$THERE\"/");
	book = open_book(there);
	ck_assert_uint_eq(book_trouble(book), 0);
	ck_assert_int_eq(book_check(book, NULL), OK);
	check_said(book, &person, "visit_note", "dog");
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, stage, unstage);
	tcase_add_test(t, each_record_is_in_the_directory_it_was_put_into);
	tcase_add_test(t, a_resource_wants_to_know_whose_it_is);
	tcase_add_test(t, a_person_is_linked_to_groups_of_either);
	tcase_add_test(t, copies_agree_in_every_store);
	tcase_add_test(t, one_directory_is_away);
	tcase_add_test(t, one_directory_is_damaged);
	tcase_add_test(t, a_scan_may_read_anything);
	tcase_add_test(t, a_draft_is_done_by_a_change_in_a_directory);
	tcase_add_test(t, a_draft_that_was_resumed_is_done_as_well);
	tcase_add_test(t, a_draft_that_says_nothing_new_is_done);
	tcase_add_test(t, drafts_outlive_a_directory_that_is_joined_again);
	tcase_add_test(t, the_own_caseload_is_no_directory);
	tcase_add_test(t, half_a_step_leaves_the_draft);
	tcase_add_test(t, a_change_without_its_parent_is_said);
}

UNIT_MAIN("directories")

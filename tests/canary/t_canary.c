/* SPDX-License-Identifier: MIT
 *
 * Words that nobody else writes, as a passphrase, as somebody's name, in a note that was saved
 * and in one that was not: typed into the program in a real terminal, and looked for afterwards
 * in every file, in its arguments and environment, in what it painted, and in its memory once it
 * is locked.
 */
#include "find.h"
#include "terminal.h"

#include <linkbook/mem.h>

#include "../unit/unit.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char passphrase[] = "vquiltzephyrjunkboxwaltz";
static const char family[] = "zwickelbrantforthyxqulmb";
static const char saved[] = "xylophonkwibbletrudgmqvy";
static const char unsaved[] = "jubblewhyzkrontfaxpqirdm";
static const char given[] = "qovertwhindlezkypamfrjux";
static const char author[] = "wexfordjykzumbliquantchp";
static const char changed[] = "mblyxodenkwharftjiquzpvg";
static const char *const words[] = {passphrase, family, saved, unsaved, given, author, changed};
enum { WORDS = sizeof words / sizeof *words };

static char root[40], book[60], book2[60];

static void shell(const char *command)
{
	ck_assert_msg(system(command) == 0, "%s", command);
}

static const char *program(void)
{
	const char *named = getenv("LINKBOOK");
	return named ? named : "./linkbook";
}

static void setup(void)
{
	strcpy(root, access("/dev/shm", W_OK) ? "/tmp/linkbook-test-XXXXXX"
					      : "/dev/shm/linkbook-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	snprintf(book, sizeof book, "%s/book", root);
	snprintf(book2, sizeof book2, "%s/book2", root);
	setenv("ROOT", root, 1);
	setenv("PROGRAM", program(), 1);
	shell("mkdir \"$ROOT/home\" \"$ROOT/tmp\"");
	char path[60];
	snprintf(path, sizeof path, "%s/home", root);
	setenv("HOME", path, 1);
	snprintf(path, sizeof path, "%s/tmp", root);
	setenv("TMPDIR", path, 1);
	unsetenv("XDG_STATE_HOME");
	unsetenv("XDG_DATA_HOME");
	unsetenv("XDG_CONFIG_HOME");
	char command[300];
	snprintf(command, sizeof command,
		 "echo %s | \"$PROGRAM\" --book \"$ROOT/book\" --passphrase-fd 0 "
		 "--now 2026-11-24T10:47 init --name %s >/dev/null",
		 passphrase, author);
	shell(command);
}

static void teardown(void)
{
	shell("rm -rf \"$ROOT\"");
}

/* --- using it ---------------------------------------------------------------------------------- */

static void start_as(struct terminal *t, const char *term, bool as_nobody)
{
	char copied[60];
	snprintf(copied, sizeof copied, "%s/program", root);
	const char *argv[] = {
		as_nobody ? copied : program(), "--book", book, "--now", "2026-11-24T10:47", NULL};
	ck_assert(terminal_start(t, term, as_nobody, argv));
	ck_assert(terminal_shows(t, "Passphrase"));
}

static void start(struct terminal *t, const char *term)
{
	start_as(t, term, false);
}

static void keys(struct terminal *t, const char *text, const char *shows)
{
	terminal_type(t, text);
	ck_assert(terminal_shows(t, shows));
}

static void unlock(struct terminal *t, const char *shows)
{
	terminal_type(t, passphrase);
	keys(t, "\r", shows);
}

/* A person, a note, half a note, and locked from the middle of it. */
static void use(struct terminal *t)
{
	unlock(t, "F4");
	keys(t,
	     "\x1b"
	     "4",
	     "First name"); /* Alt and 4, as F4 */
	terminal_type(t, given);
	terminal_type(t, "\t");
	terminal_type(t, family);
	keys(t, "\x13", "Saved");
	keys(t, "\x0e", "What:"); /* ^N */
	terminal_type(t, saved);
	keys(t, "\x13", "Saved");
	keys(t, "\x0e", "What:");
	terminal_type(t, unsaved);
	ck_assert(terminal_shows(t, unsaved));
}

static void lock(struct terminal *t)
{
	keys(t, "\x0c", "is locked"); /* ^L */
	ck_assert(terminal_rests(t));
}

/* A sanitizer keeps what was freed, has terabytes of its own, and locks no memory. */
static bool is_watched(void)
{
#ifdef __SANITIZE_ADDRESS__
	return true;
#else
	return false;
#endif
}

static void check_memory(struct terminal *t, const char *when)
{
	size_t found = is_watched() ? 0 : canary_in_process(words, WORDS, t->pid);
	if (found == SIZE_MAX) {
		ck_assert_int_ne(geteuid(), 0);
		fprintf(stderr, "# only root may look into the memory of %s\n", program());
		return;
	}
	ck_assert_msg(!found, "%s: %zu pieces in memory", when, found);
}

static void leave(struct terminal *t)
{
	terminal_type(t, "\x11"); /* ^Q */
	ck_assert_int_eq(terminal_end(t), 0);
}

/* --- memory -------------------------------------------------------------------------------------- */

/* That it would be found: while the book is open it is there. */
START_TEST(an_open_book_is_in_memory)
{
	struct terminal t;
	start(&t, "xterm-256color");
	use(&t);
	size_t found = is_watched() ? 1 : canary_in_process(words, WORDS, t.pid);
	ck_assert(found > 0 || found == SIZE_MAX);
	lock(&t);
	leave(&t);
	terminal_fini(&t);
}
END_TEST

START_TEST(a_locked_book_is_not_in_memory)
{
	struct terminal t;
	start(&t, "xterm-256color");
	use(&t);
	lock(&t);
	check_memory(&t, "locked from a note");
	unlock(&t, unsaved); /* the note comes back */
	keys(&t, "\x1b", "Unfinished note");
	lock(&t);
	check_memory(&t, "locked from her file");
	leave(&t);
	terminal_fini(&t);
}
END_TEST

/* Without screens: the rooms below them, asked for everything and closed. */
START_TEST(a_closed_book_is_not_in_memory)
{
	static const char *const told[] = {passphrase, given, family, saved, unsaved};
	int in[2], out[2];
	char heard[6] = "";
	ck_assert(!pipe(in) && !pipe(out));
	pid_t pid = fork();
	if (!pid) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		close(in[1]);
		execl("./keeper", "keeper", book2, (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	for (size_t i = 0; i < 5; i++)
		ck_assert_int_eq(write(in[1], told[i], CANARY), CANARY);
	ck_assert_int_eq(read(out[0], heard, sizeof heard), 6);
	ck_assert_int_eq(memcmp(heard, "closed", 6), 0);
	ck_assert_uint_eq(is_watched() ? 0 : canary_in_process(words, WORDS, pid), 0);
	close(in[1]);
	close(out[0]);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_uint_eq(canary_in_files(words, WORDS, root), 0);
}
END_TEST

/* --- files ---------------------------------------------------------------------------------------- */

START_TEST(no_file_has_a_word_of_it)
{
	struct terminal t;
	start(&t, "xterm-256color");
	use(&t);
	ck_assert_uint_eq(canary_in_files(words, WORDS, root), 0); /* while it runs */
	lock(&t);
	unlock(&t, unsaved);
	leave(&t);
	char command[400];
	snprintf(command, sizeof command,
		 "{ echo %s; echo %s; } | \"$PROGRAM\" --book \"$ROOT/book\" --passphrase-fd 0 "
		 "--new-passphrase-fd 0 --now 2026-11-24T10:48 slots change >/dev/null",
		 passphrase, changed);
	shell(command);
	ck_assert_uint_eq(canary_in_files(words, WORDS, root), 0);
	/* The scan sees what is there: the practitioner's files are. */
	shell("find \"$ROOT\" -name data.mdb | grep -q . && find \"$ROOT\" -name '*.seg' | grep -q "
	      ".");
	snprintf(command, sizeof command, "echo so %s it is >\"$ROOT/home/leak\"", saved);
	shell(command);
	ck_assert_uint_gt(canary_in_files(words, WORDS, root), 0);
	terminal_fini(&t);
}
END_TEST

/* --- the process ------------------------------------------------------------------------------------ */

static bool proc_says(const struct terminal *t, const char *name, const char *line)
{
	char path[64], had[256];
	bool says = false;
	snprintf(path, sizeof path, "/proc/%d/%s", (int)t->pid, name);
	FILE *f = fopen(path, "re");
	while (f && fgets(had, sizeof had, f))
		says |= strncmp(had, line, strlen(line)) == 0;
	if (f)
		fclose(f);
	return says;
}

static void check_descriptors(const struct terminal *t)
{
	char path[64];
	for (int fd = 3; fd < 64; fd++) {
		unsigned flags = 0;
		char line[128];
		snprintf(path, sizeof path, "/proc/%d/fdinfo/%d", (int)t->pid, fd);
		FILE *f = fopen(path, "re");
		while (f && fgets(line, sizeof line, f))
			if (sscanf(line, "flags: %o", &flags) == 1)
				break;
		ck_assert_msg(!f || flags & 02000000, "descriptor %d goes to other programs", fd);
		if (f)
			fclose(f);
	}
}

/* As an ordinary user: a process that may not be dumped is root's to look into. */
START_TEST(the_process_keeps_to_itself)
{
	struct terminal t;
	struct stat st;
	char path[64];
	/* Nobody may not look where the program was built. */
	if (!geteuid())
		shell("cp \"$PROGRAM\" \"$ROOT/program\" && chown -R 65534:65534 \"$ROOT\"");
	start_as(&t, "xterm-256color", !geteuid());
	unlock(&t, "F4");
	ck_assert(proc_says(&t, "limits", "Max core file size        0                    0 "));
	ck_assert(proc_says(&t, "status", "Umask:\t0077"));
	ck_assert(is_watched() ||
		  !proc_says(&t, "status", "VmLck:\t       0 kB")); /* the keys' pages */
	snprintf(path, sizeof path, "/proc/%d/mem", (int)t.pid);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_uid, 0);
	check_descriptors(&t);
	leave(&t);
	shell("! find \"$ROOT/book\" \"$ROOT/home\" -type f -perm /077 | grep .");
	terminal_fini(&t);
}
END_TEST

/* --- what others on the machine see ------------------------------------------------------------- */

static size_t in_proc(const struct terminal *t, const char *name)
{
	char path[64], bytes[65536];
	snprintf(path, sizeof path, "/proc/%d/%s", (int)t->pid, name);
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(bytes, 1, sizeof bytes, f) : 0;
	if (f)
		fclose(f);
	return canary_in_bytes(words, WORDS, bytes, n, path);
}

/* Everything that was painted after the lock key, and no title at any time. */
static void check_painted(const char *term)
{
	struct terminal t;
	start(&t, term);
	use(&t);
	ck_assert_uint_eq(in_proc(&t, "cmdline") + in_proc(&t, "environ") + in_proc(&t, "comm"), 0);
	size_t before = t.said.n;
	lock(&t);
	ck_assert_uint_eq(
		canary_in_bytes(words, WORDS, t.said.p + before, t.said.n - before, "output"), 0);
	const char *after = buf_text(&t.said) + before;
	ck_assert_msg(strstr(after, "\x1b[2J") || strstr(after, "\x1b[J"), "%s is not cleared",
		      term);
	ck_assert_ptr_null(strstr(buf_text(&t.said), "\x1b]"));
	/* Either a screen of its own, which has no lines above it, or those are cleared too. */
	ck_assert_msg(strstr(buf_text(&t.said), "\x1b[?1049h") || strstr(after, "\x1b[3J"),
		      "%s: what has scrolled away stays", term);
	leave(&t);
	terminal_fini(&t);
}

START_TEST(nothing_of_it_is_left_on_a_terminal)
{
	check_painted("xterm-256color");
	check_painted("linux");
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, an_open_book_is_in_memory);
	tcase_add_test(t, a_locked_book_is_not_in_memory);
	tcase_add_test(t, a_closed_book_is_not_in_memory);
	tcase_add_test(t, the_process_keeps_to_itself);
	tcase_add_test(t, no_file_has_a_word_of_it);
	tcase_add_test(t, nothing_of_it_is_left_on_a_terminal);
}

UNIT_MAIN("canary")

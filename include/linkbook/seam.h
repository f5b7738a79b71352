/* SPDX-License-Identifier: MIT
 *
 * The one seam to the outside: clock, random, and the file operations whose order and
 * durability matter.  The program runs on seam_init_system(); tests and simulators (builds
 * with --enable-sim) put a seeded one in its place, so that a run can be replayed.
 *
 * One seam serves one thread and outlives everything that was opened with it.
 */
#ifndef LINKBOOK_SEAM_H
#define LINKBOOK_SEAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <linkbook/buf.h>
#include <linkbook/err.h>
#include <linkbook/id.h>

/* As the system calls of the same names: -1 and errno on failure.  None says EINTR. */
struct seam_files {
	int (*open)(const char *path, int flags, mode_t mode);
	ssize_t (*read)(int fd, void *p, size_t n);
	ssize_t (*write)(int fd, const void *p, size_t n);
	int (*fsync)(int fd);
	int (*close)(int fd);
	int (*rename)(const char *from, const char *to);
	int (*unlink)(const char *path);
	int (*mkdir)(const char *path, mode_t mode);
};

struct seam {
	int64_t (*now_ms)(struct seam *); /* milliseconds since 1970-01-01 UTC */
	int64_t (*boot_ms)(struct seam *); /* monotonic, counts time asleep too */
	int64_t (*asleep_ms)(struct seam *); /* how much of boot_ms the machine was suspended */
	void (*random)(struct seam *, void *p, size_t n);
	struct seam_files files;
	bool cheap_kdf; /* sim builds only: passphrases cost next to nothing */
	size_t piece_most; /* sim builds only: bytes in a segment, so that small loads have several;
			    * 0: as the format says */
	uint64_t state[2]; /* for a seeded random; unused by the system's */
	int64_t clock_ms; /* for a set clock; unused by the system's */
	int64_t slept_ms; /* likewise: what asleep_ms says */
	int orders; /* sim builds only: where orders come from (seam_obey); 0: from nowhere */
	unsigned unanswered; /* orders that were done and not yet said to be */
};

void seam_init_system(struct seam *s);
#ifdef LINKBOOK_SIM
/* Clock stands at now_ms until clock_ms is moved by hand; random follows from seed.  Not for
 * secrets. */
void seam_init_sim(struct seam *s, uint64_t seed, int64_t now_ms);
/* The same two by themselves: the clock starts at now_ms and runs; random follows from seed. */
void seam_move_clock(struct seam *s, int64_t now_ms);
void seam_seed_random(struct seam *s, uint64_t seed);

/* Orders: a test drives a whole process by them, over a socket that keeps messages apart.  Each
 * is answered by a '.' when what it set off is done, so that "one second" is exact and no test
 * waits for a clock. */
struct seam_order {
	enum { ORDER_CLOCK, /* the clock moves on by value ms */
	       ORDER_SLEEP, /* the same, and the machine was suspended in that time */
	       ORDER_STOP, /* at the value-th file operation that alters anything from now on the
			    * process says '!' and stops itself (SIGSTOP) in front of it */
	} what;
	int64_t value;
};
/* From now on the clock stands, and moves as orders from fd say. */
void seam_obey(struct seam *s, int fd);
/* Does one order; false: the other end has gone. */
bool seam_take_order(struct seam *s);
void seam_answer(struct seam *s);
#endif

struct id seam_new_id(struct seam *s);

/* Reads a whole file of at most max bytes; appends to out.  ERR_ABSENT when there is no such
 * file, ERR_INPUT when it is larger or not a plain file, else ERR_IO; each said in d. */
enum err MUST_USE file_read(struct seam *s, const char *path, size_t max, struct buf *out,
			    struct diag *d);
/* The same of a file that only we write: a link to another is not followed (ERR_INPUT). */
enum err MUST_USE file_read_own(struct seam *s, const char *path, size_t max, struct buf *out,
				struct diag *d);
/* Writes path anew: part file, fsync, rename, fsync of the folder.  After OK the bytes
 * survive a power cut.  On failure path is as it was, or (the folder could not be synced) has
 * the new bytes for as long as the power stays; nothing is left of the part file unless the disk
 * does not let go of it. */
enum err MUST_USE file_write_durable(struct seam *s, const char *path, struct span bytes,
				     struct diag *d);
/* Makes a folder and its missing parents, mode 0700; one that is there is fine. */
enum err MUST_USE file_make_folder(struct seam *s, const char *path, struct diag *d);
/* The same; after OK those that it made survive a power cut. */
enum err MUST_USE file_make_folder_durable(struct seam *s, const char *path, struct diag *d);
/* fsync of a folder, so that names in it last. */
enum err MUST_USE file_sync_folder(struct seam *s, const char *path, struct diag *d);
/* The names in a folder, until `each` says false; hidden ones are left out.  ERR_ABSENT (said) when
 * there is no such folder, ERR_IO when not all of its names could be read: those that were read
 * were given out, and "not among them" means nothing then. */
typedef bool file_each_name(void *arg, const char *name);
enum err MUST_USE file_list(const char *folder, file_each_name *each, void *arg, struct diag *d);
/* ERR_FULL for a full disk or quota, else ERR_IO; says path and the system's reason. */
enum err file_failed(const char *doing, const char *path, struct diag *d);
/* "a/b": the caller frees. */
char *file_join(const char *folder, const char *name);

#endif

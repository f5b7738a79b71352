/* SPDX-License-Identifier: MIT
 *
 * A disk as the recorder's log makes it, and what a power cut may leave of it.
 *
 * The disk knows three things of every file and folder: what lasts already, what was done since
 * and is only in memory, and what a running program sees (both together).
 *
 *   bytes    A file is a row of sectors of 512 bytes.  Each sector of its own comes out of the
 *            cut with any of the contents that it had since it was last made to last; no
 *            sector is half one and half the other.  The size is any of the sizes since then,
 *            whatever the sectors are.  What lies between, never written: zeros (garbage in
 *            one of the images).
 *   lasting  fsync and fdatasync make bytes and size of that one file last, and no name of it
 *            and nothing of any other file.  An O_DSYNC write makes its own sectors last.
 *            syncfs and sync make everything last.
 *   names    Each making, renaming and removing of a name is there as a whole or not at all;
 *            fsync of the folder makes those in it last, and not the folder's own name in
 *            the one above.  Of all others any subset may be there, in whatever order they were
 *            done (a journal would keep the order: those are among the images).
 *
 * ext4, xfs and btrfs as they are mounted by default keep more than this.
 */
#ifndef CRASH_DISK_H
#define CRASH_DISK_H

#include "log.h"

#include <linkbook/buf.h>

enum { SECTOR = 512 };

/* Something done to a file's bytes that does not last yet: a write, or (p NULL) a new size. */
struct unsaved {
	uint64_t seq; /* when, among everything done */
	uint64_t at, n; /* bytes at..at+n; of a cut: what went, as zeros */
	const uint8_t *p; /* in the log */
	uint64_t size; /* of the file afterwards */
};
struct name {
	char *text;
	struct node *node;
};
struct names {
	struct name *v;
	size_t count, cap;
};
struct node {
	uint64_t number; /* inode */
	bool is_folder, has_mapping; /* lock.mdb: written through a mapping, bytes unknown */
	struct buf lasting, now; /* of a file */
	struct unsaved *undone;
	size_t undone_count, undone_cap;
	struct names lasting_names, now_names, chosen; /* of a folder; chosen: image.c */
	uint64_t mark; /* a number that differs from node to node, for choosing */
};
/* A name set, or taken away (node NULL), in a folder; one or two of them go together. */
struct naming {
	uint64_t seq;
	struct {
		struct node *folder, *node;
		char *text;
	} set[2];
	size_t count;
};
struct disk {
	struct node *root;
	struct node **nodes;
	size_t node_count, node_cap;
	struct naming *namings; /* that do not last yet, in order */
	size_t naming_count, naming_cap;
	uint64_t seq;
	unsigned ignore; /* of enum disk_control: what is taken for nothing */
	char *fault; /* what the log said that the model does not know; NULL: nothing */
};

/* The controls: a disk on which these do nothing, so that the proof can be seen to fail. */
enum disk_control {
	WITHOUT_FILE_SYNC = 1, /* fsync of files, fdatasync, O_DSYNC */
	WITHOUT_FOLDER_SYNC = 2,
	WITHOUT_SYNC = 3,
};

/* What is in the folder `root` lasts. */
bool disk_load(struct disk *d, const char *root, unsigned ignore);
void disk_fini(struct disk *d);
/* Does what one entry says.  bytes: what follows the entry, borrowed as long as the disk is.
 * true when the disk, or what lasts on it, may be another one than before. */
bool disk_apply(struct disk *d, const struct log_entry *e, const uint8_t *bytes);

void names_set(struct names *names, const char *text, struct node *node);
void names_copy(struct names *to, const struct names *from);
void names_fini(struct names *names);

/* Compares what a program would see now with the folder `real`; each difference is printed.
 * false: the recorder missed something. */
bool disk_compare(const struct disk *d, const char *real);

#endif

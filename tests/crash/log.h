/* SPDX-License-Identifier: MIT
 *
 * What the recorder writes and the replayer reads: one entry after the other, in the order in
 * which the calls came back.  Only calls that succeeded and changed something stand in it, or
 * made something last; reading is no event for a disk.
 *
 * Files are known by their inode number, which survives a rename; paths stand relative to the
 * folder that was watched.
 */
#ifndef CRASH_LOG_H
#define CRASH_LOG_H

#include <stdint.h>

enum log_op {
	LOG_OPEN = 1, /* node, flags as of open(2), path: made when the path was not there */
	LOG_WRITE, /* node, at; the bytes */
	LOG_LASTING, /* node, at, length in flags: an O_DSYNC or O_SYNC write is down */
	LOG_SIZE, /* node, at: the new size */
	LOG_SYNC, /* node: fsync, fdatasync */
	LOG_SYNC_ALL, /* syncfs, sync */
	LOG_MKDIR, /* node, path */
	LOG_RENAME, /* path, NUL, path */
	LOG_LINK, /* path, NUL, path */
	LOG_UNLINK, /* path */
	LOG_RMDIR, /* path */
	LOG_NOTE, /* a sentence of the driver (facts.h) */
	LOG_FOREIGN, /* a call that the model does not know: the run says nothing */
};

struct log_entry {
	uint64_t node, at;
	uint64_t flags;
	uint32_t op, size; /* size: of what follows, before padding to 8 */
};

/* The name of the function by which a driver puts a note into the log; it is there only while
 * the recorder is. */
#define CRASH_NOTE "crash_note"
typedef void crash_note_function(const char *text);

#endif

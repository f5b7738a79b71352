/* SPDX-License-Identifier: MIT
 *
 * Work that may die: done by a child process, its answer read from a pipe.  The child has every
 * secret of its parent, so it writes nothing but its answer (sealed bytes and counts), holds no
 * other file, leaves no core, and ends with the parent.
 */
#ifndef STORE_CHILD_H
#define STORE_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct child {
	pid_t pid;
	int from;
};

/* What the child does; false: what it looked at cannot be read. */
typedef bool child_work(void *arg, int to);
/* In the child: it cannot do its work, which says nothing of what it should look at. */
_Noreturn void child_give_up(void);
/* seconds: after that many it is ended.  False: no child could be made. */
bool child_start(struct child *c, child_work *work, void *arg, unsigned seconds);
/* Exactly n bytes of its answer; false when it gave fewer. */
bool child_read(struct child *c, void *p, size_t n);
/* In the child: all n bytes, or its end. */
void child_write(int to, const void *p, size_t n);

enum child_end {
	CHILD_DONE, /* its work said true */
	CHILD_FAILED, /* its work said false, or it died of what it did, or took too long */
	CHILD_STOPPED, /* somebody else ended it, it gave up, or there was no memory for it */
};
/* Waits for it; what it still has to say is not heard. */
enum child_end child_end(struct child *c);

#endif

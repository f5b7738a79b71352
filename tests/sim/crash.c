/* SPDX-License-Identifier: MIT
 *
 * The machine dies in the middle of an act: after some file operation nothing more reaches the
 * disk.  Then it starts again.
 */
#include "sim.h"

#include <errno.h>

static struct seam_files real;
static size_t left; /* operations until it dies */
static bool once; /* only that one fails: a disk that hiccups */

static bool fails(void)
{
	if (left && --left)
		return false;
	if (once && !left) {
		left = SIZE_MAX;
		errno = EIO;
		return true;
	}
	left = once ? left : 0;
	errno = EIO;
	return true;
}

static int dying_open(const char *path, int flags, mode_t mode)
{
	return fails() ? -1 : real.open(path, flags, mode);
}

static ssize_t dying_write(int fd, const void *p, size_t n)
{
	if (!fails())
		return real.write(fd, p, n);
	return n > 1 && real.write(fd, p, n / 2) < 0 ? -1 : -1; /* half of it got there */
}

static int dying_fsync(int fd)
{
	return fails() ? -1 : real.fsync(fd);
}

static int dying_rename(const char *from, const char *to)
{
	return fails() ? -1 : real.rename(from, to);
}

static int dying_unlink(const char *path)
{
	return fails() ? -1 : real.unlink(path);
}

static int dying_mkdir(const char *path, mode_t mode)
{
	return fails() ? -1 : real.mkdir(path, mode);
}

void act_crash(struct world *w)
{
	static void (*const acts[])(struct world *) = {
		act_new_record, act_load, act_edit, act_save_form, act_seed,
		act_undo,	act_bin,  act_mark, act_same,	   act_move};
	struct copy *c = &w->copies[rng_below(&w->rng, w->copy_count)];
	copy_open(w, c);
	real = c->seam.files;
	left = 1 + rng_below(&w->rng, 24);
	once = rng_chance(&w->rng, 30);
	sim_tell(w, "copy %d %s at its %zu. file operation", c->index,
		 once ? "has a disk that fails" : "dies", left);
	c->seam.files.open = dying_open;
	c->seam.files.write = dying_write;
	c->seam.files.fsync = dying_fsync;
	c->seam.files.rename = dying_rename;
	c->seam.files.unlink = dying_unlink;
	c->seam.files.mkdir = dying_mkdir;
	w->dying = c;
	learn_before(w, c, NULL);
	acts[rng_below(&w->rng, sizeof acts / sizeof acts[0])](w);
	w->dying = NULL;
	copy_close(c);
	c->seam.files = real;
	copy_open(w, c);
	writing_learn(w, c);
	w->form = NULL;
}

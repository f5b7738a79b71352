/* SPDX-License-Identifier: MIT
 *
 * What happens next: one act after the other, drawn by weight.
 */
#include "sim.h"

static void act_look(struct world *w)
{
	struct copy *c = &w->copies[rng_below(&w->rng, w->copy_count)];
	copy_open(w, c);
	verify_copy(w, c);
	if (rng_chance(&w->rng, 30)) {
		verify_check(w, c);
		sim_tell(w, "copy %d is checked", c->index);
	}
}

static void act_rebuild(struct world *w)
{
	struct copy *c = &w->copies[rng_below(&w->rng, w->copy_count)];
	struct diag d = {0};
	copy_open(w, c);
	copy_takes_in(w, c);
	if (book_rebuild(c->book, &d))
		sim_fail(w, "copy %d: rebuilding fails: %s", c->index, diag_first(&d));
	diag_fini(&d);
	sim_tell(w, "copy %d makes its working store anew", c->index);
	verify_copy(w, c);
}

static void act_close(struct world *w)
{
	copy_close(&w->copies[rng_below(&w->rng, w->copy_count)]);
}

static const struct {
	void (*act)(struct world *w);
	unsigned weight;
} acts[] = {
	{act_open_form, 16}, {act_save_form, 18}, {act_edit, 16},      {act_settle, 5},
	{act_meet, 6},	     {act_new_record, 3}, {act_load, 3},       {act_seed, 4},
	{act_bin, 4},	     {act_mark, 3},	  {act_passphrase, 2}, {act_amend, 2},
	{act_same, 3},	     {act_move, 3},	  {act_undo, 5},       {act_exchange, 16},
	{act_cut, 3},	     {act_roll_back, 3},  {act_clone, 1},      {act_lose_state, 4},
	{act_crash, 4},	     {act_draft, 8},	  {act_look, 2},       {act_rebuild, 1},
	{act_close, 1},
};

/* Time often stands still: equal stamps must come about. */
static void pass_time(struct world *w)
{
	if (rng_chance(&w->rng, 30))
		w->clock_ms += (int64_t)rng_below(&w->rng, 3600000);
	for (size_t i = 0; i < COPIES_MOST + SPARES; i++)
		w->copies[i].seam.clock_ms = w->clock_ms + w->copies[i].skew_ms;
}

static void act_once(struct world *w)
{
	unsigned sum = 0;
	size_t i = 0;
	for (size_t k = 0; k < sizeof acts / sizeof acts[0]; k++)
		sum += acts[k].weight;
	unsigned drawn = (unsigned)rng_below(&w->rng, sum);
	for (; drawn >= acts[i].weight; i++)
		drawn -= acts[i].weight;
	pass_time(w);
	acts[i].act(w);
}

void acts_run(struct world *w)
{
	copy_open(w, &w->copies[0]);
	act_new_record(w);
	/* A schedule that fills the simulator's tables goes to its ending early. */
	for (unsigned i = 0; i < w->acts; i++)
		if (w->file_count < BITS_MOST * 3 / 4 && w->change_count < BITS_MOST * 3 / 4)
			act_once(w);
}

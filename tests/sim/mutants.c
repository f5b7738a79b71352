/* SPDX-License-Identifier: MIT
 *
 * The mutants by name; include/linkbook/mutant.h says what each breaks.
 */
#include "mutants.h"

static const char *const names[MUTANT_COUNT] = {
	[MUTANT_NONE] = "",
	[MUTANT_PARENTS_AT_SAVE] = "parents-at-save",
	[MUTANT_HEADS_INCOMPLETE] = "heads-incomplete",
	[MUTANT_ABSENCE_DELETES] = "absence-deletes",
	[MUTANT_LAST_WRITER_WINS] = "last-writer-wins",
	[MUTANT_REMOVE_WINS_SET] = "remove-wins-in-a-set",
	[MUTANT_REMOVE_WINS_ROW] = "remove-wins-in-rows",
	[MUTANT_UNDO_ALL_HEADS] = "undo-with-all-heads",
	[MUTANT_LOAD_EARLY] = "load-counted-early",
	[MUTANT_KEY_AFTER_SEGMENT] = "key-after-segment",
	[MUTANT_STAMP_BY_ARRIVAL] = "equal-stamps-by-arrival",
	[MUTANT_SEED_AS_EDIT] = "seed-as-an-edit",
	[MUTANT_TORN_ACCEPTED] = "torn-file-left",
	[MUTANT_BIN_BEATS_EDIT] = "bin-beats-unseen-edit",
	[MUTANT_DRAFT_TAKES_ALL] = "finished-draft-takes-all",
	[MUTANT_WAIT_FORGOTTEN] = "waiting-change-dropped",
	[MUTANT_NAME_BELIEVED] = "only-right-names-taken-in",
	[MUTANT_SHOWN_NOT_WRITTEN] = "settling-on-the-shown-value-not-written",
	[MUTANT_WOKEN_NOT_FOLDED] = "late-key-not-folded",
	[MUTANT_OLD_SEED_WINS] = "old-seed-wins",
	[MUTANT_FINISH_WITHOUT_TEXT] = "finish-without-its-text",
	[MUTANT_HALF_BIN] = "half-a-bin-step",
	[MUTANT_ORDER_FORGOTTEN] = "replaced-words-still-open",
	[MUTANT_MOVE_LEAVES_BESIDE] = "move-leaves-conflicts",
};

const char *mutants_name(enum mutant m)
{
	return names[m];
}

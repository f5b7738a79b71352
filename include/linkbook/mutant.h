/* SPDX-License-Identifier: MIT
 *
 * Mutants: rules of the book broken on purpose, one at a time, to see that the simulators
 * notice.  Builds with --enable-sim can switch one on; in every other build mutant() is false
 * and the compiler leaves nothing of it.
 */
#ifndef LINKBOOK_MUTANT_H
#define LINKBOOK_MUTANT_H

#include <stdbool.h>

enum mutant {
	MUTANT_NONE,
	MUTANT_PARENTS_AT_SAVE, /* parents are the heads at saving, not at opening the form */
	MUTANT_HEADS_INCOMPLETE, /* a change counts before its ancestry is here */
	MUTANT_ABSENCE_DELETES, /* what is not in the folder is forgotten */
	MUTANT_LAST_WRITER_WINS, /* of a register's values only the newest is kept */
	MUTANT_REMOVE_WINS_SET, /* a removal takes adds that it had not seen */
	MUTANT_REMOVE_WINS_ROW, /* the same in rows */
	MUTANT_UNDO_ALL_HEADS, /* an undo has all heads as parents */
	MUTANT_LOAD_EARLY, /* a piece of a load counts before the others are here */
	MUTANT_KEY_AFTER_SEGMENT, /* the key file is written after what it opens */
	MUTANT_STAMP_BY_ARRIVAL, /* equal stamps are decided by what was here first */
	MUTANT_SEED_AS_EDIT, /* a seed loaded again knows what is here */
	MUTANT_TORN_ACCEPTED, /* a file of ours that is torn is left so */
	MUTANT_BIN_BEATS_EDIT, /* a bin beats an edit that it had not seen */
	MUTANT_DRAFT_TAKES_ALL, /* a change that finishes a draft removes all its contents */
	MUTANT_WAIT_FORGOTTEN, /* a change whose key is not here is dropped */
	MUTANT_NAME_BELIEVED, /* a good file under a wrong name is not taken in */
	MUTANT_SHOWN_NOT_WRITTEN, /* a conflict settled on the value shown is not written */
	MUTANT_WOKEN_NOT_FOLDED, /* what waited for a key is not folded when it comes */
	MUTANT_OLD_SEED_WINS, /* of two versions of a seed the lower one counts */
	MUTANT_FINISH_WITHOUT_TEXT, /* a finish says nothing but that */
	MUTANT_HALF_BIN, /* a person's bin counts record by record */
	MUTANT_ORDER_FORGOTTEN, /* the order to retire a slot is not taken in */
	MUTANT_MOVE_LEAVES_BESIDE, /* of a conflict only what is shown is moved */
	MUTANT_COUNT
};

#ifdef LINKBOOK_SIM
extern enum mutant mutant_on;
extern bool mutant_side; /* set for every other copy: what that copy saw first differs */
static inline bool mutant(enum mutant m)
{
	return mutant_on == m;
}
#else
enum { mutant_side };
static inline bool mutant(enum mutant m)
{
	(void)m;
	return false;
}
#endif

#endif

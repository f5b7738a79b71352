/* SPDX-License-Identifier: MIT
 *
 * One machine that fails: a scenario, a kind of failing, and the N-th call that it befalls.
 */
#ifndef CRASH_FAULTS_H
#define CRASH_FAULTS_H

#include "drive.h"
#include "fail.h"
#include "verify.h"

struct fault_kind {
	const char *name;
	struct fail_plan plan;
	bool kills; /* the program may be gone after it */
	bool must_go_on; /* the program has no reason to say that it failed */
};
extern const struct fault_kind fault_kinds[];
extern const size_t fault_kind_count;
/* Controls: with these something must be found wrong. */
extern const struct fault_kind fault_lie, fault_pretence;

/* What a driver leaves behind, however it ends. */
struct drive_log {
	size_t size;
	char notes[1 << 18]; /* each with a NUL behind it */
	char said[400]; /* what the program said that it did not do; or what was found wrong */
	unsigned refused; /* steps that it said it did not do */
	bool wrong;
};

struct fault_run {
	const struct scenario *s;
	const struct fault_kind *kind;
	const char *root;
	uint64_t seed;
	size_t at; /* the call that is struck; SIZE_MAX: none */
	bool pretend; /* a control: a driver that takes a refusal for "Saved" */
	struct drive_log *log; /* shared */
	size_t counted, struck, refused; /* what came of it */
	char why[500];
};

/* In a process of its own, and then the morning after in another.  FINE, or why not. */
enum verdict fault_run_once(struct fault_run *r);
/* Takes away what it left on disk. */
bool fault_run_clear(const struct fault_run *r);

#endif

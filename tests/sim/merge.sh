#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The merge simulator as a test: nothing is lost in 2,000 schedules, and each rule broken on
# purpose is noticed within 1,000.  Under sanitizers 200 schedules; MERGE_SCHEDULES says otherwise.
set -u
jobs=$(nproc 2>/dev/null || echo 2)
schedules=${MERGE_SCHEDULES-2000}

status=0
"$MERGE" --seed 1 --schedules "$schedules" --jobs "$jobs" || status=1
"$MERGE" --seed 1 --schedules 1000 --jobs "$jobs" --mutant all || status=1
exit $status

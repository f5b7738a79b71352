#!/bin/sh
# SPDX-License-Identifier: MIT
# The fuzz targets with libFuzzer, from the build tree (make fuzz, make proof-fuzz):
#   fuzz.sh build SOURCE         a tree fuzz/ of its own, with clang
#   fuzz.sh run SOURCE           the same, and each target for FUZZ_SECONDS (600)
#   fuzz.sh one SOURCE TARGET    one of them, built before
# FUZZ_TARGETS says which (all), FUZZ_JOBS how many at a time (1), FUZZ_LENGTH how long an input
# may be (8192).  What they make up is kept in fuzz/made/<target> and gone on with the next time;
# what breaks a target, in fuzz/broken-<target>-*.
set -u
what=$1 source=$2
targets=${FUZZ_TARGETS-book change fold keys lines pack screen seed terms text when ydoc}
seconds=${FUZZ_SECONDS-600}

build() {
	if ! command -v clang >/dev/null 2>&1; then
		echo "Fuzzing needs clang and its libFuzzer, and there is none here" \
			"(Debian: apt-get install clang libclang-rt-14-dev)." >&2
		exit 1
	fi
	mkdir -p fuzz && cd fuzz || exit 1
	[ -f Makefile ] ||
		"$source/configure" CC=clang CFLAGS='-g -O1' --enable-sim --enable-fuzz \
			>configure.log 2>&1 || { tail -5 configure.log >&2; exit 1; }
	programs=
	for target in $targets; do
		programs="$programs f_$target"
	done
	# The names are words on purpose.
	# shellcheck disable=SC2086
	${MAKE-make} -s $programs || exit 1
}

# A dictionary of its own, or the one of its kind.
dictionary() {
	case $1 in
	seed | screen | terms | ydoc) dict=$source/tests/fuzz/yaml.dict ;;
	*) dict=$source/tests/fuzz/$1.dict ;;
	esac
	[ ! -f "$dict" ] || printf -- '-dict=%s' "$dict"
}

stat() {
	sed -n "s/^stat::$2: *//p" "$1.log"
}

# One line when it is over; what it said is in TARGET.log.
one() {
	target=$1
	mkdir -p "made/$target"
	# libFuzzer leaves without a farewell: what a target had in memory goes with this.
	memory=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
	# shellcheck disable=SC2046
	SOURCE=$source TMPDIR=$memory ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:quarantine_size_mb=16 \
		./f_"$target" $(dictionary "$target") -max_total_time="$seconds" -timeout=10 \
		-rss_limit_mb=1536 -max_len="${FUZZ_LENGTH-8192}" -print_final_stats=1 \
		-artifact_prefix="broken-$target-" "made/$target" "$source/tests/fuzz/$target" \
		>"$target.log" 2>&1
	status=$?
	rm -rf "$memory"
	features=$(sed -n 's/.* ft: \([0-9]*\) .*/\1/p' "$target.log" | tail -1)
	told="$(stat "$target" number_of_executed_units) inputs in $seconds s, $features features,"
	told="$told $(stat "$target" new_units_added) kept, slowest"
	told="$told $(stat "$target" slowest_unit_time_sec) s, $(stat "$target" peak_rss_mb) MB"
	if [ $status = 0 ]; then
		echo "ok - $target: $told, nothing found"
	else
		found=$(grep -m1 -E 'does not hold|ERROR|runtime error' "$target.log")
		echo "not ok - $target: $told; $found"
	fi
	return $status
}

case $what in
one) one "$3" ;;
*)
	build
	[ "$what" = run ] || exit 0
	# shellcheck disable=SC2086
	printf '%s\n' $targets |
		FUZZ_SECONDS=$seconds xargs -P "${FUZZ_JOBS-1}" -n 1 sh "$source/tests/fuzz/fuzz.sh" one "$source"
	;;
esac

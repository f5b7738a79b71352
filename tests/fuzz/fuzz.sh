#!/bin/sh
# SPDX-License-Identifier: MIT
# The fuzz targets with libFuzzer, from the build tree (make fuzz, make proof-fuzz):
#   fuzz.sh build SOURCE   a tree fuzz/ of its own, with clang
#   fuzz.sh run SOURCE     the same, and each target for FUZZ_SECONDS (600); FUZZ_TARGETS: which
# What it makes up is kept in fuzz/made/<target>; what breaks a target, in fuzz/broken-<target>-*.
set -u
what=$1 source=$2
targets=${FUZZ_TARGETS-book change fold keys lines pack screen seed terms text when ydoc}
seconds=${FUZZ_SECONDS-600}

if ! command -v clang >/dev/null 2>&1; then
	echo "Fuzzing needs clang, and there is none here (Debian: apt-get install clang)." >&2
	exit 1
fi

programs=
for target in $targets; do
	programs="$programs f_$target"
done
mkdir -p fuzz && cd fuzz || exit 1
[ -f Makefile ] || "$source/configure" CC=clang CFLAGS='-g -O1' --enable-sim --enable-fuzz \
	>configure.log 2>&1 || { tail -5 configure.log >&2; exit 1; }
# The names are words on purpose.
# shellcheck disable=SC2086
${MAKE-make} -s $programs || exit 1
[ "$what" = run ] || exit 0

# A dictionary of its own, or the one of its kind.
dictionary() {
	case $1 in
	seed | screen | terms | ydoc) dict=$source/tests/fuzz/yaml.dict ;;
	*) dict=$source/tests/fuzz/$1.dict ;;
	esac
	[ ! -f "$dict" ] || printf -- '-dict=%s' "$dict"
}

# Files that a target works on lie in memory, and leave with it.
failed=0 number=0
for target in $targets; do
	mkdir -p "made/$target"
	number=$((number + 1))
	# shellcheck disable=SC2046
	SOURCE=$source ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1 \
		./f_"$target" $(dictionary "$target") -max_total_time="$seconds" -timeout=10 \
		-rss_limit_mb=1536 -max_len="${FUZZ_LENGTH-8192}" -print_final_stats=1 \
		-artifact_prefix="broken-$target-" "made/$target" "$source/tests/fuzz/$target" \
		>"$target.log" 2>&1
	status=$?
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$target.log")
	slow=$(sed -n 's/^stat::slowest_unit_time_sec: *//p' "$target.log")
	peak=$(sed -n 's/^stat::peak_rss_mb: *//p' "$target.log")
	if [ $status = 0 ]; then
		echo "ok $number - $target: $runs inputs, slowest ${slow}s, $peak MB"
	else
		echo "not ok $number - $target: $(grep -m1 -E 'does not hold|ERROR|runtime error' "$target.log")"
		failed=1
	fi
done
exit $failed

#!/bin/sh
# SPDX-License-Identifier: MIT
# What compilers and analysers have to say of src/, one line a tool; what is not installed is
# skipped with a word.  Minutes, not seconds: no part of make check.
#
#   make analyse        (SOURCE and BUILD name the trees)
set -u
cd "$SOURCE" || exit 2
flags="-std=gnu11 -Iinclude -Isrc -I$BUILD -DHAVE_CONFIG_H -D_GNU_SOURCE -DPKGDATADIR=\"/\""
out=$(mktemp)
trap 'rm -f "$out"' EXIT
bad=0

# verdict TOOL: what the tool wrote, if anything.
verdict() {
	if [ -s "$out" ]; then
		sed 's/^/# /' "$out" | head -60
		echo "not ok - $1"
		bad=1
	else
		echo "ok - $1"
	fi
}

if command -v cppcheck >/dev/null 2>&1; then
	cppcheck --enable=warning,performance,portability --std=c11 --inline-suppr --quiet \
		--library="$SOURCE/tests/lint/cppcheck.cfg" -Iinclude -Isrc -I"$BUILD" \
		--suppress=missingIncludeSystem --suppress='uninitvar:src/store/pack*.c' -j "$(nproc)" src >"$out" 2>&1
	verdict cppcheck
else
	echo 'ok - cppcheck # SKIP it is not installed'
fi

# shellcheck disable=SC2086
for f in src/*/*.c src/main.c; do
	${CC:-cc} $flags -O1 -fanalyzer \
		-c "$f" -o /dev/null
done 2>&1 | grep 'warning:' >"$out"
verdict -fanalyzer

if command -v clang-tidy >/dev/null 2>&1; then
	# shellcheck disable=SC2086
	ls src/*/*.c src/main.c |
		xargs -P "$(nproc)" -n 4 sh -c 'f=$1; shift; clang-tidy -quiet "$@" -- $f 2>/dev/null' \
			tidy "$flags" | grep -E '(warning|error):' | sort -u >"$out"
	verdict clang-tidy
else
	echo 'ok - clang-tidy # SKIP it is not installed'
fi
exit $bad

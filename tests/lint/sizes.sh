#!/bin/sh
# SPDX-License-Identifier: MIT
# How long files and functions are.  Says what is longer than is good to read; fails at what
# nobody reads any more.  A function is what stands between a { and a } in the first column.
# usage: sizes.sh [TOP]
set -eu
cd "${1-$(dirname "$0")/../..}"

files=$(find src include tests -name '*.[ch]' ! -name embedded.c | LC_ALL=C sort)

# shellcheck disable=SC2086
awk '
function judge(what, file, line, length_now, good, most,   over) {
	if (length_now <= good)
		return
	over = length_now > most
	printf "%s:%d: %s of %d lines; %d %s\n", file, line, what, length_now,
		over ? most : good, over ? "is the most there may be" : "is enough"
	bad = bad || over
}

function end_file() {
	if (file != "")
		judge("a file", file, 1, lines, 500, 900)
}

FNR == 1 {
	end_file()
	file = FILENAME
	start = 0
}
{ lines = FNR }
/^\{$/ { start = FNR }
/^\}$/ && start {
	judge("a function", file, start, FNR - start + 1, 60, 100)
	start = 0
}

END {
	end_file()
	print (bad ? "not ok" : "ok") " 1 - sizes"
	exit bad
}' $files

#!/bin/sh
# SPDX-License-Identifier: MIT
# Every test that a page in docs names is there: *t_x* is a file of tests, the `names` behind it
# are tests in that file, *x.case* and *x.sh* are played and run.  A file called x stands for any.
# usage: named.sh [TOP]
set -eu
cd "${1-$(dirname "$0")/../..}"

# Of each page a line for each name: page, file, test (or "-" for the file alone).
names() {
	awk '
		function tell(test) { print FILENAME, file, test }
		{
			file = ""
			n = split($0, part, /[*`]/)
			for (i = 1; i <= n; i++)
				if (part[i] ~ /^(t_x|x\.case|x\.sh)$/)
					file = ""
				else if (part[i] ~ /^t_[a-z_]+$/ || part[i] ~ /^[a-z-]+\.(case|sh)$/) {
					file = part[i]
					tell("-")
				} else if (file ~ /^t_/ && part[i] ~ /^[a-z0-9]+(_[a-z0-9]+)+$/)
					tell(part[i])
				else if (part[i] ~ /[|;(]/)
					file = ""
		}' "$@"
}

bad=0
found=$(mktemp)
trap 'rm -f "$found"' EXIT
names docs/*.md >"$found"
while read -r page file test; do
	case $file in
	*.case) at=tests/screen/$file ;;
	*.sh) at=$(ls tests/*/"$file" 2>/dev/null || true) ;;
	*) at=$(ls tests/*/"$file.c" 2>/dev/null || true) ;;
	esac
	# A program of several files is known by the build alone.
	if [ -z "$at" ] && grep -q "^${file}_SOURCES" Makefile.am; then
		at=$(ls tests/*/*.c)
	fi
	# shellcheck disable=SC2086
	if [ -z "$at" ] || ! ls $at >/dev/null 2>&1; then
		echo "$page: no test is called $file"
		bad=1
	elif [ "$test" != - ] && ! grep -q "START_TEST($test)" $at; then
		echo "$page: $file has no test $test"
		bad=1
	fi
done <"$found"
if [ "$bad" = 0 ] && [ -s "$found" ]; then
	echo 'ok 1 - named'
else
	echo 'not ok 1 - named'
	exit 1
fi

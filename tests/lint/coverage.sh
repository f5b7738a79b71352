#!/bin/sh
# SPDX-License-Identifier: MIT
# Which branches of src/model and src/store all the tests together took: a line a file, then the
# sum.  Not counted are the lines of BUG_IF, which no test may reach.
#
#   make coverage       (SOURCE and BUILD name the trees; COVERAGE_LINES=1 lists what was missed)
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for room in model store; do
	find "$BUILD/src/$room" -name '*.gcda' -exec gcov -b -c -p {} + >/dev/null 2>&1
done
for f in *src#model#*.c.gcov *src#store#*.c.gcov; do
	name=$(echo "${f%.gcov}" | sed 's/.*src#/src#/; s/#/\//g')
	awk -v name="$name" -v tell="${COVERAGE_LINES-}" '
		/^ *[0-9#=-]+\*?: *[0-9]+:/ {
			split($0, part, ":")
			line = part[2] + 0
			skip = /BUG_IF/
			text = $0
			sub(/^[^:]*:[^:]*:/, "", text)
			if (!skip && part[1] !~ /-/) { lines++; seen += part[1] !~ /[#=]/ }
		}
		/^branch/ && !skip {
			all++
			if (/never executed|taken 0/) {
				if (tell && line != told) print "  " name ":" line ":" text
				told = line
			} else
				taken++
		}
		END {
			printf "%-28s %5.1f %% of %4d branches, %5.1f %% of %4d lines\n", name,
				all ? 100 * taken / all : 100, all, lines ? 100 * seen / lines : 100, lines
			print taken + 0, all + 0, seen + 0, lines + 0 >>"sums"
		}' "$f"
done
awk '{ t += $1; a += $2; s += $3; l += $4 }
	END { printf "%-28s %5.1f %% of %4d branches, %5.1f %% of %4d lines\n", "all", 100 * t / a, a, 100 * s / l, l }' sums

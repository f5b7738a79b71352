#!/bin/sh
# SPDX-License-Identifier: MIT
# Files that are meant to cost: a gigabyte where a page is expected, a hundred thousand brackets,
# ten thousand million words out of ten lines, a line without an end.  Each is refused with a
# sentence, in seconds and in little memory, and nothing is changed.
set -u
. "$SOURCE/tests/e2e/tap.sh"
practice=$SOURCE/data/practices/ashgill/practice.yaml

# A third of the gigabyte, where memory can be limited: not under a sanitizer, which takes
# terabytes of addresses.
limit=400000
sh -c "ulimit -v $limit && \"$LINKBOOK\" --version" >/dev/null 2>&1 || limit=unlimited
# Which is slow, too.
seconds=10
[ $limit = unlimited ] && seconds=90
# bounded COMMAND...: book, with little memory and ten seconds of the processor.
bounded() (
	ulimit -v $limit
	ulimit -t $seconds
	book "$@"
)

status 0 'a book' book init --name Ailsa --practice "$practice"
hash=$(book view-hash)
# refused WHAT WORDS STATUS COMMAND...
refused() {
	name=$1 words=$2 want=$3
	shift 3
	status "$want" "$name is refused" bounded "$@"
	says 'in a sentence' "$words"
	same 'of a bearable length' 1 $(($(wc -c <"$work/err") < 20000))
}

# --- YAML -----------------------------------------------------------------------------------------
mkdir "$work/screens"
truncate -s 1G "$work/zeros.yaml"
refused 'a gigabyte of nothing' 'larger' 4 seed "$work/zeros.yaml"
ln "$work/zeros.yaml" "$work/screens/people.yaml"
status 4 'as a screen, too' bounded check-screens "$work/screens"
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "["; print "" }' >"$work/deep.yaml"
refused 'a hundred thousand brackets' '16 deep' 4 seed "$work/deep.yaml"
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "{a: "; print "" }' >"$work/maps.yaml"
refused 'a hundred thousand braces' '16 deep' 4 seed "$work/maps.yaml"
awk 'BEGIN { for (i = 0; i < 50000; i++) printf "- "; print "x" }' >"$work/dashes.yaml"
refused 'fifty thousand dashes' '16 deep' 4 seed "$work/dashes.yaml"
awk 'BEGIN {
	print "a0: &a0 [laugh, laugh]"
	for (i = 1; i < 34; i++)
		printf "a%d: &a%d [*a%d, *a%d]\n", i, i, i - 1, i - 1
}' >"$work/laughs.yaml"
refused 'what grows when it is read' 'laughs.yaml:1:5' 4 seed "$work/laughs.yaml"
awk 'BEGIN { for (i = 0; i < 500000; i++) print "- a" }' >"$work/many.yaml"
refused 'half a million things' 'more than' 4 seed "$work/many.yaml"
awk 'BEGIN { for (i = 0; i < 4000000; i++) printf "?"; print "" }' >"$work/keys.yaml"
refused 'four million keys' 'keys.yaml:1' 4 seed "$work/keys.yaml"
awk 'BEGIN { printf "a: \""; for (i = 0; i < 8000000; i++) printf "\\"; print "" }' >"$work/quote.yaml"
refused 'a text without an end' 'quote.yaml:' 4 seed "$work/quote.yaml"

# --- lines ----------------------------------------------------------------------------------------
refused 'a gigabyte in a line' 'longer than' 4 put "$work/zeros.yaml"
awk 'BEGIN { for (i = 0; i < 1000000; i++) printf "["; print "" }' >"$work/brackets"
refused 'a million brackets' 'brackets:1:' 4 put "$work/brackets"
awk 'BEGIN { for (i = 0; i < 50000; i++) print "{\"type\":\"persn\"}" }' >"$work/wrong"
refused 'fifty thousand mistakes' 'wrong:1:' 4 put "$work/wrong"

# --- words ----------------------------------------------------------------------------------------
status 4 'a passphrase without an end' env "$LINKBOOK" --book "$work/book" --passphrase-file /dev/zero check
says 'is too long' 'longer than'
awk 'BEGIN { for (i = 0; i < 30000; i++) print "{\"type\":\"person\",\"given_name\":\"A\"}" }' >"$work/halves"
refused 'thirty thousand people without a family' 'halves:1:1: family_name' 4 put "$work/halves"

same 'nothing was changed' "$hash" "$(book view-hash)"
finish

#!/bin/sh
# SPDX-License-Identifier: MIT
# Words that tell somebody off, or that nobody outside a machine room says, stand in nothing that
# people read: the texts in src (comments are free) and the values in screens and data/terms.
# usage: words.sh [TOP]
set -eu
cd "${1-$(dirname "$0")/../..}"

banned='invalid please sorry illegal forbidden required fatal error:'

# file: text, of what is not for people:
#   show.c    a member of the schema, which programs read
allowed='
src/exchange/show.c: required
'

files=$(find src -name '*.[ch]' ! -name embedded.c | LC_ALL=C sort)
screens=$(find screens data/terms -name '*.yaml' 2>/dev/null | LC_ALL=C sort)

# shellcheck disable=SC2086
banned=$banned allowed=$allowed awk '
BEGIN {
	count = split(ENVIRON["banned"], word, " ")
	n = split(ENVIRON["allowed"], line, "\n")
	for (i = 1; i <= n; i++)
		free[line[i]] = 1
}

function check(text,   i, low) {
	low = tolower(text)
	if ((FILENAME ": " text) in free)
		return
	for (i = 1; i <= count; i++)
		if (low ~ ("(^|[^a-z0-9_])" word[i] (word[i] ~ /:$/ ? "" : "([^a-z0-9_]|$)"))) {
			print FILENAME ":" FNR ": \"" word[i] "\" in \"" text "\"; say it in plain, friendly words"
			bad = 1
		}
}

# Takes one text or letter off the front of rest; a quoted quote does not end it.
function take_quoted(quote,   at) {
	for (at = 2; at <= length(rest) && substr(rest, at, 1) != quote; at++)
		if (substr(rest, at, 1) == "\\")
			at++
	quoted = substr(rest, 2, at - 2)
	rest = substr(rest, at + 1)
}

FNR == 1 {
	in_comment = 0
}

# All up to a # that stands in no quotes.
function without_comment(text,   at, before) {
	for (at = 1; at <= length(text); at++) {
		before = substr(text, 1, at - 1)
		if (substr(text, at, 1) == "#" && before ~ /(^|[ \t])$/ && gsub(/"/, "", before) % 2 == 0)
			return substr(text, 1, at - 1)
	}
	return text
}

FILENAME ~ /\.yaml$/ {
	$0 = without_comment($0)
	gsub(/(^|[ \t{,-])[a-z_]+:/, " ")
	check($0)
	next
}

{
	rest = $0
	while (rest != "") {
		if (in_comment) {
			at = index(rest, "*/")
			if (!at)
				next
			rest = substr(rest, at + 2)
			in_comment = 0
		}
		if (!match(rest, /["\047]|\/\*|\/\//))
			next
		rest = substr(rest, RSTART)
		if (rest ~ /^\/\//)
			next
		if (rest ~ /^\/\*/) {
			in_comment = 1
			rest = substr(rest, 3)
		} else {
			quote = substr(rest, 1, 1)
			take_quoted(quote)
			if (quote == "\"")
				check(quoted)
		}
	}
}

END {
	print (bad ? "not ok" : "ok") " 1 - words"
	exit bad
}' $files $screens

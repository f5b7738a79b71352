#!/bin/sh
# SPDX-License-Identifier: MIT
# Two books from one, five hundred random edits each, copied into each other in both orders:
# equal views everywhere, and just those conflicts that follow from what was written.
set -u
. "$SOURCE/tests/e2e/tap.sh"
seed=${EXCHANGE_SEED-7}
echo "# seed $seed"

# at DIR MINUTE COMMAND...: the program on a book, so many minutes after eight.
at() {
	dir=$1 minute=$2
	shift 2
	"$LINKBOOK" --book "$dir" --passphrase-file "$work/words" --now \
		"$(printf '2026-11-24T%02d:%02d' $((8 + minute / 60)) $((minute % 60)))" "$@"
}

# --- the book that both come from ----------------------------------------------------------------
status 0 'a book' at "$work/book" 0 init --name Ailsa
status 0 'with a directory' at "$work/book" 1 seed \
	"$SOURCE/data/practices/ashgill/practice.yaml" "$SOURCE/data/practices/ashgill/resources.yaml"
awk 'BEGIN {
	for (i = 1; i <= 30; i++) {
		printf "{\"type\":\"person\",\"id\":\"a%031x\",\"given_name\":\"Given\",\"family_name\":\"Family\"}\n", i
		printf "{\"type\":\"contact\",\"id\":\"c%031x\",\"person\":\"a%031x\",\"starts\":\"2026-11-20T10:00\",\"mode\":\"phone\"}\n", i, i
		printf "{\"type\":\"contact\",\"id\":\"b%031x\",\"person\":\"a%031x\",\"starts\":\"2026-11-21T10:00\",\"mode\":\"phone\"}\n", i, i
	}
	for (i = 1; i <= 15; i++)
		printf "{\"type\":\"resource\",\"id\":\"e%031x\",\"name\":\"Group %d\"}\n", i, i
}' >"$work/base.jsonl"
status 0 'filled' at "$work/book" 2 put "$work/base.jsonl"

# --- what each side does ---------------------------------------------------------------------------
# Fifty steps of ten lines; one of them is undone now and then.  A step writes a record once at
# most, so what stands at the end can be foretold: side.ops says what to do, side.said which
# registers the side has written to, and their values.
cat >"$work/edits.awk" <<'END'
function pick(n) { return int(rand() * n) }
function line(text) { printf "{%s}\n", text >file }
# A register set to one of a few values; nothing is written when it stands already.
function edit(type, id, field, value) {
	line("\"type\":\"" type "\",\"id\":\"" id "\",\"" field "\":" value)
	key = id "  " type "  " field
	if (now[key] == value)
		return
	undo_keys[++undos] = key
	undo_values[undos] = now[key]
	undo_said[undos] = said[key]
	now[key] = value
	said[key] = 1
}
# Each side has contacts of its own for the bin: a bin and an unbin that did not see each other
# are raised, and that is foretold elsewhere.
function fresh(first, most) {
	do
		id = sprintf("%s%031x", first, first == "b" ? 2 * pick(15) + 1 + (letter == "b") : 1 + pick(most))
	while (id in used)
	used[id]
	return id
}
function one_edit() {
	what = pick(20)
	words = "\"words " pick(5) "\""
	if (what < 8)
		edit("person", fresh("a", 30), person_fields[1 + pick(4)], words)
	else if (what < 12)
		edit("contact", fresh("c", 30), "their_words", words)
	else if (what < 14)
		edit("contact", fresh("c", 30), "minutes", 15 * (1 + pick(3)))
	else if (what < 17)
		edit("resource", fresh("e", 15), "cost", words)
	else if (what < 18)
		line("\"type\":\"person\",\"id\":\"" fresh("a", 30) "\",\"risks\":[\"" risks[1 + pick(3)] "\",\"" risks[4 + pick(2)] "\"]")
	else if (what < 19)
		line("\"type\":\"person\",\"id\":\"" fresh("a", 30) "\",\"phone\":[{\"number\":\"07700 9001" (10 + pick(90)) "\"}]")
	else
		line("\"type\":\"contact\",\"id\":\"" fresh("b", 30) "\",\"bin\":" (pick(2) ? "true" : "false"))
}
BEGIN {
	srand(seed)
	split("visit_note language called gp", person_fields, " ")
	split("self_harm suicide self_neglect lone_working harm_to_others", risks, " ")
	for (step = 1; step <= 50; step++) {
		file = sprintf("%s.%02d.jsonl", side, step)
		split("", used)
		undos = 0
		line("\"type\":\"contact\",\"id\":\"" sprintf("d%s%030x", letter, step) "\",\"person\":\"" fresh("a", 30) "\",\"starts\":\"2026-11-23T10:00\",\"mode\":\"phone\"")
		for (n = 0; n < 9; n++)
			one_edit()
		close(file)
		print "put", file
		if (pick(8) == 0) {
			print "undo"
			for (; undos; undos--) {
				now[undo_keys[undos]] = undo_values[undos]
				said[undo_keys[undos]] = undo_said[undos]
			}
		}
	}
	for (key in said)
		if (said[key])
			printf "%s\t%s\n", key, now[key] >(side ".said")
}
END
for side in a b; do
	awk -v seed="$seed$([ $side = a ] && echo 1 || echo 2)" -v side="$work/$side" -v letter=$side \
		-f "$work/edits.awk" >"$work/$side.ops"
done

same 'five hundred edits each' '500 500' \
	"$(cat "$work"/a.*.jsonl | wc -l | tr -d ' ') $(cat "$work"/b.*.jsonl | wc -l | tr -d ' ')"
cp -r "$work/book" "$work/a"
cp -r "$work/book" "$work/b"
for side in a b; do
	minute=10 failed=0
	while read -r what file; do
		minute=$((minute + 1))
		at "$work/$side" $minute $what $file >/dev/null 2>"$work/err" || {
			failed=$((failed + 1))
			sed 's/^/# /' "$work/err" | head -2
		}
	done <"$work/$side.ops"
	same "all of them are taken on side $side" 0 $failed
	status 0 "no conflicts on side $side yet" at "$work/$side" 200 conflicts
done

# --- copied into each other --------------------------------------------------------------------------
cp -r "$work/a" "$work/ab" && cp -r "$work/b/." "$work/ab/"
cp -r "$work/b" "$work/ba" && cp -r "$work/a/." "$work/ba/"
cp -r "$work/b/." "$work/a/" && cp -r "$work/a/." "$work/b/"
status 0 'view-hash' at "$work/ab" 201 view-hash
hash=$(cat "$work/out")
for copy in ba a b; do
	same "the same view in $copy" "$hash" "$(at "$work/$copy" 201 view-hash)"
done
status 7 'check is content, but for conflicts' at "$work/ab" 202 check

sort "$work/a.said" >"$work/a.sorted"
sort "$work/b.said" >"$work/b.sorted"
join -t '	' "$work/a.sorted" "$work/b.sorted" | awk -F '\t' '
	$2 != $3 { print $1 }
	# How long is one field with when it starts.
	$2 != $3 && sub(/minutes/, "starts", $1) { print $1 }' | sort >"$work/want"
[ "$(wc -l <"$work/want")" -gt 40 ]
ok $? 'there are conflicts to find'
for copy in ab ba a b; do
	at "$work/$copy" 203 conflicts | grep '^[0-9a-f]' | sort >"$work/listed"
	cmp "$work/want" "$work/listed"
	ok $? "just those conflicts in $copy"
done

# --- one settled here, another there -------------------------------------------------------------------
for n in 1 2; do
	side=$([ $n = 1 ] && echo a || echo b)
	settle=$(sed -n "${n}p" "$work/want")
	# shellcheck disable=SC2086
	set -- $settle
	status 0 "one is settled in $side" at "$work/$side" 210 conflicts --resolve "$1" "$3" 1
done
cp -r "$work/b/." "$work/a/" && cp -r "$work/a/." "$work/b/"
at "$work/a" 211 conflicts | grep '^[0-9a-f]' | sort >"$work/listed"
sed 1,2d "$work/want" | cmp - "$work/listed"
ok $? 'both are settled in both'
same 'and the views are equal' "$(at "$work/a" 212 view-hash)" "$(at "$work/b" 212 view-hash)"
finish

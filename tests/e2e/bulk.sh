#!/bin/sh
# SPDX-License-Identifier: MIT
# The whole programme's year, 5,642 people and 26,267 contacts: what went in comes out.
set -u
. "$SOURCE/tests/e2e/tap.sh"
"$LINES_PROGRAM" 5642 26267 1 >"$work/in.jsonl"
status 0 'a book' book init --name Ailsa
status 0 'takes a year' book put "$work/in.jsonl"
same 'and answers every id' 31909 "$(wc -l <"$work/out")"

# list --json is an array, one record a line; heads are the only thing that was not put in.
plain() {
	sed -e 's/^\[//' -e 's/^,//' -e '/^\]$/d' -e 's/"heads":\[[^]]*\],//'
}
book list person --json | plain >"$work/listed"
book list contact --json | plain >>"$work/listed"
sort "$work/in.jsonl" >"$work/a"
sort "$work/listed" >"$work/b"
cmp "$work/a" "$work/b"
ok $? 'list agrees with what went in'
wrong=0
for n in 1 17 402 5642 6000 12345 20000 31909; do
	line=$(sed -n "${n}p" "$work/in.jsonl")
	id=$(printf '%s' "$line" | sed 's/.*"id":"\([0-9a-f]*\)".*/\1/')
	[ "$(book show "$id" --json | plain)" = "$line" ] || wrong=$((wrong + 1))
done
same 'show agrees with what went in' 0 $wrong
status 0 'view-hash' book view-hash
hash=$(cat "$work/out")
cp -r "$work/book" "$work/elsewhere"
same 'a copy shows the same' "$hash" "$(XDG_STATE_HOME="$work/empty" "$LINKBOOK" \
	--book "$work/elsewhere" --passphrase-file "$work/words" view-hash)"
status 0 'check' book check
finish

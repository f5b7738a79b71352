#!/bin/sh
# SPDX-License-Identifier: MIT
# Times the program on a year of the whole programme (5,642 people, 26,267 contacts, made up).
# usage: LINKBOOK=program LINES_PROGRAM=lines KEYS_PROGRAM=keys bench.sh [SEED]; a median of five for
# the short ones.  BENCH=keys: only how long keys take.
set -eu
seed=${1-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME="$work/state"
echo 'four plain words here' >"$work/words"
"$LINES_PROGRAM" 5642 26267 "$seed" >"$work/in.jsonl"
book() { "$LINKBOOK" --book "$work/book" --passphrase-file "$work/words" "$@"; }
ms() { echo $(($(date +%s%N) / 1000000)); }

# timed TIMES NAME COMMAND...
timed() {
	times=$1 name=$2
	shift 2
	i=0
	: >"$work/times"
	while [ $i -lt "$times" ]; do
		before=$(ms)
		"$@" >/dev/null
		echo $(($(ms) - before)) >>"$work/times"
		i=$((i + 1))
	done
	sort -n "$work/times" | sed -n "$(((times + 1) / 2))p" | sed "s/^/$name	/; s/\$/ ms/"
}

echo "seed $seed, $(date +%F), $(nproc) cores"

# make_book PEOPLE CONTACTS: a book of its own, of 30,000 different words
make_book() {
	"$LINES_PROGRAM" "$1" "$2" "$seed" 30000 >"$work/in.jsonl"
	"$LINKBOOK" --book "$work/$1-$2" --passphrase-file "$work/words" init --name Bench \
		--kdf interactive >/dev/null
	"$LINKBOOK" --book "$work/$1-$2" --passphrase-file "$work/words" put "$work/in.jsonl" >/dev/null
}

# What a key takes until it is painted, in small and large books.
keys() {
	make_book 250 500
	make_book 250 26267
	make_book 5642 26267
	"$KEYS_PROGRAM" "${ROUNDS-10}" 'four plain words here' "500 contacts=$work/250-500" \
		"26,267 contacts=$work/250-26267" "the same, 5,642 people=$work/5642-26267"
}
if [ "${BENCH-}" = keys ]; then
	keys
	exit
fi
book init --name Bench --kdf interactive >/dev/null
timed 1 'put 31,909 records' book put "$work/in.jsonl"
timed 5 'open and show one record' book show 00000000000000000000000000000001
timed 5 'list 5,642 people' book list person
timed 5 'list 26,267 contacts as JSON' book list contact --json
timed 5 'find in everything' sh -c "echo canal | '$LINKBOOK' --book '$work/book' --passphrase-file '$work/words' find --stdin"
timed 5 'view-hash' book view-hash
timed 1 'check' book check
timed 1 'check --rebuild' book check --rebuild
book stats
keys

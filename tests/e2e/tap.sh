# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What the end-to-end scripts share: one line "ok" or "not ok" a check, a folder of their own.
# LINKBOOK names the program, SOURCE the source tree.

checks=0
bad=0

# ok CONDITION-STATUS NAME
ok() {
	checks=$((checks + 1))
	if [ "$1" = 0 ]; then
		printf 'ok %d - %s\n' $checks "$2"
	else
		printf 'not ok %d - %s\n' $checks "$2"
		bad=$((bad + 1))
	fi
}

# status WANT NAME COMMAND...: runs it, keeps its output in $work/out and $work/err.
status() {
	want=$1 name=$2
	shift 2
	got=0
	"$@" >"$work/out" 2>"$work/err" || got=$?
	if [ "$got" != "$want" ]; then
		echo "# exit $got, not $want; it said:"
		sed 's/^/# /' "$work/err" | head -5
	fi
	[ "$got" = "$want" ]
	ok $? "$name"
}

# says NAME WORDS: the last command said them, on either stream.
says() {
	cat "$work/out" "$work/err" | grep -qF -- "$2"
	found=$?
	[ $found = 0 ] || sed 's/^/# /' "$work/err" | head -5
	ok $found "$1"
}

same() {
	[ "$2" = "$3" ]
	ok $? "$1"
}

finish() {
	rm -rf "$work"
	[ "$bad" = 0 ]
	exit
}

work=$(mktemp -d)
export XDG_STATE_HOME="$work/state" XDG_DATA_HOME="$work/data" XDG_CONFIG_HOME="$work/config"
export TZ=Europe/London LC_ALL=C.UTF-8
unset LINKBOOK_DIR
printf 'four plain words here\n' >"$work/words"

# book ARGS...: the program on this script's book, on Tuesday 24 November 2026.
book() {
	"$LINKBOOK" --book "$work/book" --passphrase-file "$work/words" \
		--now 2026-11-24T10:47 "$@"
}

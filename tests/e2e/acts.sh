#!/bin/sh
# SPDX-License-Identifier: MIT
# Acts on whole records by command: finish, amend, strike, restrict, move, same, undo of a step,
# the bin of a file, and what conflicts says about them on another copy.
set -u
. "$SOURCE/tests/e2e/tap.sh"
# The last step is the one with the latest time: each command comes a minute later.
minute=10
book() {
	minute=$((minute + 1))
	"$LINKBOOK" --book "$work/book" --passphrase-file "$work/words" \
		--now "2026-11-24T12:$minute" "$@"
}
mairi=00000000000000000000000000000a01
rhona=00000000000000000000000000000a02
note=00000000000000000000000000000c01
other=00000000000000000000000000000c02

status 0 'init makes a book' book init --name Ailsa
cat >"$work/in.jsonl" <<END
{"type":"person","id":"$mairi","given_name":"Mairi","family_name":"Pine"}
{"type":"person","id":"$rhona","given_name":"Rhona","family_name":"Pine"}
{"type":"contact","id":"$note","person":"$mairi","starts":"2026-11-20T10:00","mode":"phone","note":"Rang."}
{"type":"contact","id":"$other","person":"$mairi","starts":"2026-11-21T10:00","mode":"phone","note":"Rang again."}
END
status 0 'put takes lines' book put "$work/in.jsonl"
cp -r "$work/book" "$work/copy"

# copy ARGS...: the same program on a copy, with a working store of its own.
copy() {
	XDG_STATE_HOME="$work/state2" "$LINKBOOK" --book "$work/copy" \
		--passphrase-file "$work/words" --now 2026-11-24T10:50 "$@"
}
exchange() {
	cp -rn "$work/book/." "$work/copy/"
	cp -rn "$work/copy/." "$work/book/"
}

# --- finished and amended ----------------------------------------------------------------------
echo 'It was a Friday.' >"$work/more"
amend() { book amend "$1" <"$work/more"; }
status 1 'a note that is not finished is not amended' amend $note
says 'and says what to do' 'write in the note itself'
status 0 'finish' book finish $note
status 0 'amend' amend $note
status 0 'show' book show $note --json
says 'has the amendment' '"amendments":["It was a Friday."]'
says 'and that it is finished' '"finished":true'
edit() { printf '{"type":"contact","id":"%s","note":"x"}\n' "$1" | book put; }
status 1 'a finished note is not edited' edit $note
says 'and says what can be done' 'amendment'
amend_nothing() { book amend $note </dev/null; }
status 4 'an amendment of nothing' amend_nothing
printf '{"type":"contact","id":"%s","note":"Rang twice."}\n' $note | copy put >/dev/null
exchange
status 7 'a text from elsewhere stands beside' book conflicts
says 'both are shown' 'Rang twice.'

# --- struck, restricted, taken back --------------------------------------------------------------
status 0 'strike' book strike $other
status 0 'show says it' book show $other
says 'in words' 'It was struck.'
status 0 'history --json' book history $other --json
step=$(grep -o '"step":"[0-9a-f]*"' "$work/out" | tail -1 | cut -d'"' -f4)
status 0 'undo of that step' book undo "$step"
book show $other --json | grep -q '"struck"'
same 'lifts it' 1 $?
status 2 'undo of words' book undo everything
status 0 'restrict' book restrict $other
book list contact >"$work/list"
same 'leaves it out of lists' 1 "$(wc -l <"$work/list")"
status 0 'it can still be read' book show $other
says 'and says why it is in no list' 'It is restricted'
status 0 'undo' book undo

# --- in the wrong file ---------------------------------------------------------------------------
status 0 'move' book move $other $rhona
moved=$(cat "$work/out")
status 0 'it is in the right file' book list contact --where person=$rhona --json
says 'with its words' 'Rang again.'
status 1 'it is not moved twice' book move $other $rhona
status 0 'undo takes the move back' book undo
book list contact --where person=$rhona >"$work/list"
same 'as a whole' 0 "$(wc -l <"$work/list")"
status 0 'moved again' book move $other $rhona
same 'it has the same id' "$moved" "$(cat "$work/out")"

# --- a file in the bin, and a note from elsewhere ---------------------------------------------------
status 0 'bin a person' book bin $mairi
printf '{"type":"contact","person":"%s","starts":"2026-11-23T10:00","mode":"phone","note":"Came by."}\n' \
	$mairi | copy put >/dev/null
exchange
status 0 'the person is listed again' book list person --json
says 'with the note that nobody had seen' "$mairi"
status 7 'conflicts raises it' book conflicts
says 'in a sentence' 'somebody who had not seen that wrote'

# --- two are one -----------------------------------------------------------------------------------
status 0 'same' book same $mairi $rhona
book list person >"$work/list"
same 'are listed as one' 1 "$(wc -l <"$work/list")"
status 7 'what differs' book conflicts
says 'is a conflict' 'given_name'
status 4 'apart by half an id' book same 00000000000000000000000000000a01 00000000000000000000000000000a --apart
status 0 'apart again' book same $mairi $rhona --apart
same 'they are two' 2 "$(book list person | wc -l)"
exchange
status 7 'check counts one conflict, in a note that came out of the bin' book check
says 'and is content' 'Everything fits together. Conflicts to settle: 1'
status 7 'and on the copy' copy check
same 'the copies are equal' "$(book view-hash)" "$(copy view-hash)"
finish

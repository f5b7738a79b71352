#!/bin/sh
# SPDX-License-Identifier: MIT
# The whole thread in a real terminal (tmux): unlock, find a person, write a note, find a lunch
# club on a Tuesday, leave; copy the folder, open the copy with nothing but the copy; and a
# program killed in the middle of a word.
set -u
. "$SOURCE/tests/e2e/tap.sh"
if ! command -v tmux >/dev/null 2>&1; then
	echo 'SKIP thread: there is no tmux here'
	exit 0
fi
mux() { tmux -L "linkbook-$$" -f /dev/null "$@"; }
screen() { mux capture-pane -p -t t; }
keys() { mux send-keys -t t "$@"; }
type_text() { mux send-keys -t t -l -- "$1"; }
trap 'mux kill-server 2>/dev/null; rm -rf "$work"' EXIT

# appears NAME WORDS: looks until the words stand on the screen; a look takes milliseconds.
appears() {
	looks=0
	while ! screen | grep -qF -- "$2"; do
		looks=$((looks + 1))
		if [ $looks -gt 1500 ]; then
			screen | sed 's/^/# /'
			ok 1 "$1"
			return
		fi
	done
	ok 0 "$1"
}

# open DIR STATE: the program in a terminal of 80×24, at its lock.
open() {
	mux kill-server 2>/dev/null
	cat >"$work/run" <<-END
		export TERM=tmux-256color XDG_STATE_HOME='$2'
		sh -c 'echo \$\$ >"$work/pid"; exec "$LINKBOOK" --book "$1" --now 2026-11-24T10:47'
		echo left with \$?
		cat
	END
	mux new-session -d -s t -x 80 -y 24 "sh '$work/run'"
	mux set-option -g status off >/dev/null
	appears 'the lock comes up' 'Passphrase'
}

unlock() {
	type_text 'four plain words here'
	keys Enter
	appears 'the people appear' "$1"
}

leave() {
	keys C-q
	appears 'it leaves in order' 'left with 0'
	mux kill-server 2>/dev/null
}

status 0 'a book' book init --name Ailsa
status 0 'a practice' book seed "$SOURCE/data/practices/ashgill/practice.yaml" \
	"$SOURCE/data/practices/ashgill/resources.yaml"
cat >"$work/in.jsonl" <<'END'
{"type":"person","given_name":"Mairi","family_name":"MacLeòd","date_of_birth":"1961-05-14","locality":"Anderston","status":"active"}
{"type":"person","given_name":"John","family_name":"O'Neil","date_of_birth":"1957-11-30","status":"active"}
END
status 0 'two people' book put "$work/in.jsonl"

# --- write --------------------------------------------------------------------------------------
open "$work/book" "$work/state"
type_text 'wrong'
keys Enter
appears 'a wrong passphrase is said' 'Nothing is lost'
unlock '2 of 2'
type_text 'macleod'
appears 'typing finds her without the accent' '1 of 2'
keys Enter
appears 'her file opens' 'MAIRI MACLEÒD'
keys C-n
appears 'a note begins' 'What:'
type_text 'Met MacLeòd, Łukasz and 张伟 about the canaryword.'
keys C-s
appears 'the note is saved' 'Saved'
appears 'and stands in her file' 'Met MacLeòd, Łukasz and 张伟'
keys F3
appears 'those that fit her come up' '42 of 44'
type_text 'lunch tue'
appears 'one lunch club on a Tuesday' '1 of 44'
appears 'by its name' 'Kestrel Hall'
keys Escape
appears 'Esc shows all of them again' '42 of 44'
type_text 'walk possil tue'
appears 'the walk is the first to be found' '> Possilpark Walking Group'
leave
status 0 'view-hash' book view-hash
hash=$(cat "$work/out")

# --- copied, and read elsewhere -----------------------------------------------------------------
cp -r "$work/book" "$work/elsewhere"
here=$(book list contact --json)
there=$(XDG_STATE_HOME="$work/empty" "$LINKBOOK" --book "$work/elsewhere" \
	--passphrase-file "$work/words" --now 2026-11-24T10:47 list contact --json)
same 'the note reads the same there' "$here" "$there"
[ -n "$here" ] && [ -n "$hash" ]
ok $? 'and there is something to compare'
same 'the view hash is equal' "$hash" "$(XDG_STATE_HOME="$work/empty" "$LINKBOOK" \
	--book "$work/elsewhere" --passphrase-file "$work/words" --now 2026-11-24T10:47 view-hash)"
open "$work/elsewhere" "$work/another"
unlock '2 of 2'
type_text 'macl'
keys Enter
appears 'the note stands in the copy' 'Met MacLeòd, Łukasz and 张伟'
keys F3
type_text 'lunch tue'
appears 'and so do the groups' 'Kestrel Hall'
leave

# --- killed in the middle of a word -------------------------------------------------------------
open "$work/book" "$work/state"
unlock '2 of 2'
type_text 'neil'
keys Enter
appears 'his file opens' "JOHN O'NEIL"
keys C-n
appears 'a note begins' 'What:'
type_text 'Half a canaryword'
appears 'the draft is kept within a second' 'Draft kept'
kill -9 "$(cat "$work/pid")"
appears 'it is gone at once' 'left with 137'
mux kill-server 2>/dev/null
grep -r -a -i -q canaryword "$work/book" "$work/state"
same 'no typed word stands in any file' 1 $?
open "$work/book" "$work/state"
unlock 'Unfinished note for'
keys Enter
appears 'the draft opens as it was' 'Half a canaryword'
keys C-s
appears 'and can be saved' 'Saved'
leave
same 'both notes are there' 2 "$(book list contact | wc -l)"
status 0 'and all is well' book check
mux kill-server 2>/dev/null

# --- the demo, locked: nobody has been told its words ---------------------------------------------
mux new-session -d -s t -x 80 -y 24 \
	"env TERM=tmux-256color '$LINKBOOK' --book '$work/demo' --now 2026-11-24T10:47 demo; cat"
mux set-option -g status off >/dev/null
appears 'the demo opens' '14 of 14'
keys C-l
appears 'locked, it says its words' 'Their passphrase: made up people only'
type_text 'made up people only'
keys Enter
appears 'and they open it' '14 of 14'
mux kill-server 2>/dev/null
finish

#!/bin/sh
# SPDX-License-Identifier: MIT
# Ways into a book: passphrases changed here and elsewhere, old copies of slots, the team's
# passphrase and the open slot of a directory, joining it, and the practice's recovery key.
set -u
. "$SOURCE/tests/e2e/tap.sh"
practice=$SOURCE/data/practices/ashgill/practice.yaml
resources=$SOURCE/data/practices/ashgill/resources.yaml

for w in one two three four team; do
	printf '%s plain words here\n' $w >"$work/$w"
done

# at BOOK WORDS ARGS...: the program on a named book, with named words.
at() {
	dir=$1 file=$2
	shift 2
	"$LINKBOOK" --book "$work/$dir" --passphrase-file "$work/$file" --now 2026-11-24T10:47 "$@"
}

# slot BOOK WORDS SOURCE: the name of the first slot of a source.
slot() {
	at "$1" "$2" slots --json | tr '{' '\n' | grep "\"source\":\"$3\"" | head -1 |
		sed 's/.*"slot":"\([0-9a-f]*\)".*/\1/'
}

opened_slot() {
	at "$1" "$2" slots --json | tr '{' '\n' | grep '"opened":true' | head -1 |
		sed 's/.*"slot":"\([0-9a-f]*\)".*/\1/'
}

# --- one passphrase ---------------------------------------------------------------------------
status 0 'a book' at a one init --name Ailsa --practice "$practice"
at a one seed "$resources" >/dev/null
echo '{"type":"person","given_name":"Mairi","family_name":"MacLeod"}' | at a one put >/dev/null
status 0 'slots lists' at a one slots
says 'the passphrase' 'opened with it'
says 'the slot of the caseload in its directory' 'this caseload'
status 0 'as JSON as well' at a one slots list --json
says 'with its source' '"source":"passphrase"'
says 'and access' '"access":"full"'
status 0 'help' "$LINKBOOK" slots --help
same 'starts with an example' 'linkbook slots' "$(head -1 "$work/out")"
status 2 'what is no act of slots' at a one slots frob
status 2 'retire without a name' at a one slots retire
status 2 'drill without a key' at a one slots drill
status 4 'too short a name' at a one slots retire abc
status 1 'a slot that is not there' at a one slots retire 00000000
status 1 'the last passphrase' at a one slots retire "$(opened_slot a one)"
says 'is not retired' 'last slot that opens the book'
cp -r "$work/a/caseload/slots" "$work/old-slots"

status 0 'change' at a one slots change --new-passphrase-file "$work/two"
status 3 'the old passphrase opens no more' at a one view-hash
status 0 'the new one does' at a two view-hash
cp -r "$work/old-slots/." "$work/a/caseload/slots"
status 3 'nor when an old copy of the slots comes back' at a one view-hash
cp -r "$work/old-slots/." "$work/a/caseload/slots"
same 'two files then' 2 "$(ls "$work/a/caseload/slots" | wc -l)"
status 0 'the next opening' at a two check
same 'removes it' 1 "$(ls "$work/a/caseload/slots" | wc -l)"
rm -rf "$work/state"
cp -r "$work/old-slots/." "$work/a/caseload/slots"
status 3 'nor on a machine that never saw it' at a one view-hash
says 'and says why' 'was changed or taken away'
status 3 'an empty passphrase' "$LINKBOOK" --book "$work/a" --passphrase-file /dev/null slots
: >"$work/empty"
status 4 'an empty new one' at a two slots change --new-passphrase-file "$work/empty"
status 0 'it is as it was' at a two view-hash

status 0 'a second passphrase' at a two slots add --label spare --new-passphrase-fd 3 3<"$work/three"
status 0 'opens, too' at a three slots
says 'under its label' 'spare'
status 4 'a label that is none' at a two slots add --label 'Mairi M' --new-passphrase-file "$work/four"
status 0 'and is retired' at a two slots retire "$(opened_slot a three)"
status 3 'and opens no more' at a three view-hash

# --- two places -------------------------------------------------------------------------------
cp -r "$work/a" "$work/b"
status 0 'a change here' at a two slots change --new-passphrase-file "$work/three"
status 0 'a change there' at b two slots change --new-passphrase-file "$work/four"
cp -rn "$work/a/." "$work/b"
cp -rn "$work/b/." "$work/a"
status 0 'the one opens here' at a three view-hash
says 'and it is said' 'The passphrase was changed in two places; both open this book.'
status 0 'the other as well' at a four view-hash
status 0 'and both there' at b three view-hash
status 3 'the one before does not' at b two view-hash
status 0 'one of them goes' at b three slots retire "$(opened_slot b four)"
cp -rn "$work/b/." "$work/a"
status 3 'and is gone here as well' at a four view-hash
status 0 'while the other opens' at a three check
same 'of the same book' "$(at a three view-hash)" "$(at b three view-hash)"

# --- a slot of another book -------------------------------------------------------------------
at other three init --name Bob >/dev/null
cp "$work"/other/caseload/slots/* "$work/a/caseload/slots"
status 5 'a slot of another book' at a three slots
says 'is left alone and said' 'belongs to another book'
same 'is not listed' 1 "$(at a three slots --json 2>/dev/null | tr '{' '\n' | grep -c '"source":"passphrase"')"
for f in "$work"/other/caseload/slots/*; do rm "$work/a/caseload/slots/${f##*/}"; done

# --- a directory ------------------------------------------------------------------------------
directory=$(ls -d "$work"/a/directories/*)
id=${directory##*/}
at c one init --name Chris >/dev/null
status 3 'a directory that lets nobody in' at c one slots join "$directory"
says 'says who can change that' 'slots add --team'
status 0 'a team passphrase' at a three slots add --team --new-passphrase-file "$work/team"
status 0 'is listed' at a three slots
says 'as the team' 'team'
status 3 'a wrong one' at c one slots join "$directory" --team-passphrase-file "$work/two"
same 'leaves nothing behind' '' "$(ls "$work/c/directories")"
find "$directory" -type f -exec sha256sum {} + | sort >"$work/before"
status 0 'the right one' at c one slots join "$directory" --team-passphrase-file "$work/team"
find "$directory" -type f -exec sha256sum {} + | sort >"$work/after"
cmp -s "$work/before" "$work/after"
ok $? 'the directory that was joined is as it was'
status 0 'the directory is read' at c one find lunch tuesday possil
says 'without the team passphrase' 'Kestrel Hall'
same 'the same as there' "$(at a three view-hash | sed -n '/directory/,$p')" \
	"$(at c one view-hash | sed -n '/directory/,$p')"
status 0 'init joins as well' at d one init --name Dee --join "$directory" \
	--team-passphrase-file "$work/team"
status 0 'and reads' at d one find lunch tuesday possil
says 'the groups' 'Kestrel Hall'
status 3 'init with a wrong team passphrase' at e one init --name Eve --join "$directory" \
	--team-passphrase-file "$work/one"
[ ! -e "$work/e/caseload" ]
ok $? 'makes nothing'
status 1 'what is no directory' at e one init --name Eve --join "$work/nowhere" \
	--team-passphrase-file "$work/team"
status 1 'a caseload is not joined' at c one slots join "$work/a/caseload" \
	--team-passphrase-file "$work/three"
says 'it is said why' 'no directory'
cp -r "$directory" "$work/c/directories/again"
status 5 'a second copy of a directory' at c one find lunch tuesday possil
says 'is left alone' 'under another name as well'
rm -r "$work/c/directories/again"
status 0 'a joined caseload may bin' at c one bin "$(at c one list resource --json | grep -o '"id":"[0-9a-f]*"' | head -1 | cut -d'"' -f4)"

# A directory that came by copying, without a slot of ours in it.
at f one init --name Flo >/dev/null
cp -r "$directory" "$work/f/directories/"
status 5 'a directory without a slot of ours' at f one view-hash
says 'stays closed and says how to join' 'linkbook slots join'
status 0 'joined where it lies' at f one slots join "$work/f/directories/$id" \
	--team-passphrase-file "$work/team"
status 0 'it is open from then on' at f one view-hash
says 'and there' "directory $(echo "$id" | cut -c1-8)"

# --- the open slot ----------------------------------------------------------------------------
status 4 'a caseload is never open' at other three slots add --open
status 0 'an open slot' at a three slots add --open
at g one init --name Gil >/dev/null
cp -r "$directory" "$work/g/directories/"
status 0 'a copied directory opens by its open slot' at g one find lunch tuesday possil
says 'and is read' 'Kestrel Hall'
status 0 'and listed so' at g one slots
says 'in words' 'reads and adds only'
resource=$(at g one list resource --json | grep -o '"id":"[0-9a-f]*"' | head -1 | cut -d'"' -f4)
echo "{\"type\":\"resource\",\"id\":\"$resource\",\"organisation\":\"Ring first\"}" >"$work/line"
status 0 'it is added to' at g one put "$work/line"
status 1 'but nothing is binned' at g one bin "$resource"
says 'and it is said why' 'open slot'
status 1 'nor taken back' at g one undo
status 1 'nor retired' at g one slots retire "$(slot a three open)"
status 0 'joined by the open slot' at g one slots join "$work/g/directories/$id" --open
status 1 'nothing more is allowed' at g one bin "$resource"
status 0 'the open slot is retired' at a three slots retire "$(slot a three open)"
cp -rn "$directory/." "$work/g/directories/$id"
status 0 'a caseload that has joined still reads' at g one find lunch tuesday possil
status 0 'joined with the team passphrase' at g one slots join "$work/g/directories/$id" \
	--team-passphrase-file "$work/team"
status 0 'it may bin' at g one bin "$resource"

# --- recovery ---------------------------------------------------------------------------------
status 0 'a key pair' "$LINKBOOK" slots keypair "$work/practice.key"
says 'with advice' 'print it'
same 'the private half is for its owner only' 600 "$(stat -c %a "$work/practice.key")"
status 1 'is not written over' "$LINKBOOK" slots keypair "$work/practice.key"
status 3 'it opens nothing yet' at a three slots drill --key "$work/practice.key"
status 4 'the private half is not to be given' at a three slots add --recovery "$work/practice.key"
says 'and it is said' 'private half'
status 0 'the public half is' at a three slots add --recovery "$work/practice.key.pub"
status 0 'a drill' "$LINKBOOK" --book "$work/a" --now 2026-11-24T10:50 slots drill --key "$work/practice.key"
says 'opens the book' '1 person, 1 directory'
says 'for the first time' 'first drill'
! cat "$work/out" "$work/err" | grep -qi "$(sed -n 2p "$work/practice.key" | cut -c1-9)"
ok $? 'and shows no key'
status 0 'the next' "$LINKBOOK" --book "$work/a" slots drill --key "$work/practice.key"
says 'tells of the one before' '2026-11-24T10:50'
status 4 'the public half does not do' at a three slots drill --key "$work/practice.key.pub"
tr '0-9' '1-90' <"$work/practice.key" >"$work/slip.key"
status 4 'nor one with a slip' at a three slots drill --key "$work/slip.key"
"$LINKBOOK" slots keypair "$work/other.key" >/dev/null
status 3 'nor another practice' at a three slots drill --key "$work/other.key"
status 0 'a forgotten passphrase' "$LINKBOOK" --book "$work/a" slots recover \
	--key "$work/practice.key" --new-passphrase-file "$work/two"
status 0 'is followed by a new one' at a two list person
says 'that opens what was there' 'MacLeod'
status 0 'the forgotten one is taken away' at a two slots retire "$(opened_slot a three)"
status 3 'and opens no more' at a three view-hash
status 0 'all is well' at a two check
finish

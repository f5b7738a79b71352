#!/bin/sh
# SPDX-License-Identifier: MIT
# The commands as a script meets them: what goes in comes out, and bad input is a sentence, the
# right exit status, and nothing changed.
set -u
. "$SOURCE/tests/e2e/tap.sh"
practice=$SOURCE/data/practices/ashgill/practice.yaml
resources=$SOURCE/data/practices/ashgill/resources.yaml
mairi=00000000000000000000000000000a01
note=00000000000000000000000000000c01

# --- a book made and filled ------------------------------------------------------------------
status 0 'init makes a book' book init --name Ailsa
status 1 'init twice does not' book init --name Ailsa
says 'and says so' 'already. Nothing was changed.'
status 4 'resources before their practice' book seed "$resources"
says 'say what to do first' 'seed its practice.yaml first'
status 0 'seed makes the directory' book seed "$practice" "$resources"
says 'and counts' '45 new, 0 updated, 0 as before'
status 0 'view-hash' book view-hash
hash=$(cat "$work/out")
status 0 'the same files again' book seed "$practice" "$resources"
says 'change nothing' '0 new, 0 updated, 45 as before'
same 'not a hash' "$hash" "$(book view-hash)"
sed 's/^version: 2/version: 3/; s/£3, or what you can/£4/' "$resources" >"$work/newer.yaml"
status 0 'a newer version' book seed "$work/newer.yaml"
says 'updates what it says anew' '0 new, 1 updated, 43 as before'
hash_newer=$(book view-hash)
status 4 'an older file again' book seed "$resources"
says 'is refused at its version' "$resources:9:10: version 2 is older than version 3"
same 'and changes nothing' "$hash_newer" "$(book view-hash)"
sed 's/£4/£5/' "$work/newer.yaml" >"$work/other.yaml"
status 4 'other words under the same version' book seed "$work/other.yaml"
says 'are refused' 'raise version by 1'

cat >"$work/in.jsonl" <<'END'
{"type":"person","id":"00000000000000000000000000000a01","given_name":"Mairi","family_name":"MacLeòd","called":"Mhairi","date_of_birth":"1961-05-14","address":"1 Made Up Row","postcode":"G51 2RT","phone":[{"number":"07700 900123","safe":"safe"}],"risks":["none_known"],"visit_note":"stairs","status":"active"}
{"type":"contact","id":"00000000000000000000000000000c01","person":"00000000000000000000000000000a01","starts":"2026-11-20T10:00","minutes":45,"mode":"face_home","kind":"initial","outcome":"attended","issues":["housing","benefits"],"note":"Met Łukasz and 张伟.\nGood form.","drain":2}
END
status 0 'put takes lines' book put "$work/in.jsonl"
same 'and answers ids' "$(printf '%s\n%s' $mairi $note)" "$(cat "$work/out")"
book show $note --json >"$work/shown"
for part in '"starts":"2026-11-20T10:00"' '"minutes":45' '"mode":"face_home"' '"drain":2' \
	'"note":"Met Łukasz and 张伟.\nGood form."' "\"person\":\"$mairi\"" \
	'"issues":["housing","benefits"]'; do
	grep -qF "$part" "$work/shown"
	ok $? "show has $part"
done
book list person --json >"$work/shown"
for part in '"family_name":"MacLeòd"' '"postcode":"G51 2RT"' '"number":"07700 900123"' \
	'"risks":["none_known"]' '"date_of_birth":"1961-05-14"'; do
	grep -qF "$part" "$work/shown"
	ok $? "list has $part"
done
status 0 'the start of an id will do' book show 00000000000000000000000000000a
says 'in words' 'MacLeòd'
status 0 'history' book history $mairi
says 'in sentences' 'Ailsa: made'
status 0 'find on the command line' book find lunch tuesday
says 'finds the lunch club' 'Kestrel Hall'
status 0 'does not find people' book find mairi
grep -q 'MacLe' "$work/out"
same 'at all' 1 $?
printf 'macleod\n' | book find --stdin >"$work/out"
grep -q MacLeòd "$work/out"
ok $? 'find --stdin does'
status 0 'list by where' book list contact --where person=$mairi --where mode=face_home
same 'finds one' 1 "$(wc -l <"$work/out")"
status 0 'the start of an id will do there, too' book list contact --where person=00000000000000000000000000000a
same 'and finds it' 1 "$(wc -l <"$work/out")"
status 0 'list by another' book list contact --where mode=phone
same 'finds none' 0 "$(wc -l <"$work/out")"
status 0 'schema' book schema --json
says 'tells fields' '"name":"visit_note","type":"text"'
status 0 'stats' book stats --json
says 'counts people' '"person":1,'
says 'and contacts' '"contact":1,'
status 0 'check' book check
says 'is content' 'Everything fits together'

# --- heads: what the writer had not seen stands beside -----------------------------------------
heads=$(book show $mairi --json | grep -o '"heads":\[[^]]*\]')
echo "{\"type\":\"person\",\"id\":\"$mairi\",\"visit_note\":\"stairs and dog\"}" | book put >/dev/null
echo "{\"type\":\"person\",\"id\":\"$mairi\",$heads,\"visit_note\":\"two-person visit\"}" | book put >/dev/null
status 7 'check tells of conflicts' book check
status 0 'show has both' book show $mairi --json
says 'one' 'stairs and dog'
says 'and the other' 'two-person visit'
echo "{\"type\":\"person\",\"id\":\"$mairi\",\"visit_note\":\"x\"}" >"$work/line"
status 7 'conflicts lists them' book conflicts
says 'with numbers and times' '2026-11-24T10:47  stairs and dog'
status 4 'a field in conflict needs heads' book put "$work/line"
says 'and says so' 'stands in conflict'
heads=$(book show $mairi --json | grep -o '"heads":\[[^]]*\]')
echo "{\"type\":\"person\",\"id\":\"$mairi\",$heads,\"visit_note\":\"settled\"}" | book put >/dev/null
status 0 'settled on what show gave' book check

status 0 'undo takes the settling back' book undo
says 'and says what' 'Taken back: what was written on Tue 24 Nov'
status 7 'so both stand again' book conflicts
status 0 'one of them is kept' book conflicts --resolve $mairi visit_note 1
status 0 'and none waits' book conflicts
status 0 'undo' book undo
status 0 'redo' book redo
status 0 'none waits again' book conflicts
status 0 'bin' book bin $note
same 'it leaves the list' 0 "$(book list contact | wc -l)"
status 0 'unbin' book unbin $note
same 'it comes back' 1 "$(book list contact | wc -l)"
status 4 'a number that is not there' book conflicts --resolve $mairi visit_note 9

# --- bad input: a sentence, a status, nothing changed -------------------------------------------
status 0 'view-hash' book view-hash
hash=$(cat "$work/out")
# refused NAME WORDS LINE...
refused() {
	name=$1 words=$2
	shift 2
	printf '%s\n' "$@" >"$work/bad.jsonl"
	status 4 "put refuses $name" book put "$work/bad.jsonl"
	says "and says: $words" "$words"
}
good='{"type":"person","given_name":"A","family_name":"B"}'
refused 'what is no JSON' 'bad.jsonl:2:' "$good" '{"type":'
refused 'no type' 'type: write one of those' '{}'
refused 'an unknown type' 'not elephant' '{"type":"elephant"}'
refused 'an unknown field' 'write "given_name"' '{"type":"person","given_nam":"A","family_name":"B"}'
refused 'a missing name' 'family_name: is still to be filled in' '{"type":"person","given_name":"A"}'
refused 'an unknown term' 'not in the list' \
	'{"type":"person","given_name":"A","family_name":"B","status":"activ"}'
refused 'an impossible date' 'year-month-day' \
	'{"type":"person","given_name":"A","family_name":"B","date_of_birth":"2026-02-30"}'
refused 'a wrong CHI' 'last digit does not fit' \
	'{"type":"person","given_name":"A","family_name":"B","chi":"0101201233"}'
refused 'a CHI number of another birthday' '19 Apr 1986 is not the day' \
	'{"type":"person","given_name":"A","family_name":"B","chi":"1904851231","date_of_birth":"1986-04-19"}'
refused 'one put beside a birthday' 'chi: 14 May 1961 is not the day' \
	"{\"type\":\"person\",\"id\":\"$mairi\",\"chi\":\"1904851231\"}"
refused 'a control character' 'control character' \
	'{"type":"person","given_name":"A\u001b[2J","family_name":"B"}'
refused 'a direction override' 'control character' \
	'{"type":"person","given_name":"A\u202eB","family_name":"B"}'
refused 'the same key twice' 'duplicate' '{"type":"person","given_name":"A","given_name":"B"}'
row='{"row":"00000000000000000000000000000007","number":"07700 900123"}'
refused 'the same row twice' 'the same row stands here twice' \
	"{\"type\":\"person\",\"id\":\"$mairi\",\"phone\":[$row,$row]}"
refused 'nobody' 'there is nobody with this id' \
	"{\"type\":\"contact\",\"person\":\"$note\",\"starts\":\"2026-11-20T10:00\",\"mode\":\"phone\"}"
refused 'a number out of bounds' 'from 1 to 5' \
	"{\"type\":\"contact\",\"id\":\"$note\",\"drain\":9}"
refused 'heads of elsewhere' 'not in this book' \
	"{\"type\":\"person\",\"id\":\"$mairi\",\"heads\":[\"$mairi$mairi\"],\"pronouns\":\"x\"}"
printf '{"type":"person","given_name":"\377","family_name":"B"}\n' >"$work/bad.jsonl"
status 4 'put refuses what is not UTF-8' book put "$work/bad.jsonl"
printf '%s\n{"type":"person"}\n{"type":"cat"}\n' "$good" >"$work/bad.jsonl"
status 4 'all mistakes at once' book put "$work/bad.jsonl"
says 'with their lines' 'bad.jsonl:3:1:'
same 'nothing changed' "$hash" "$(book view-hash)"

# --- a practice as a file ---------------------------------------------------------------------
# other ARGS...: the program on a second book.
other() {
	"$LINKBOOK" --book "$work/other" --passphrase-file "$work/words" --now 2026-11-24T10:47 "$@"
}
status 2 'export wants a form it knows' book export csv resource
status 2 'and what seed reads' book export yaml person
says 'and says what that is' 'resource or practice'
status 2 'a practice that is here' book export yaml resource --practice heron
says 'and lists them' '--practice: ashgill'
echo kept >"$work/target"
ln -s target "$work/resources.yaml"
status 0 'export writes a file' book export yaml resource --to "$work/resources.yaml"
status 0 'and one for the practice' book export yaml practice --practice ashgill --to "$work/practice.yaml"
same 'not through a link' kept "$(cat "$work/target")"
status 0 'or to standard output' book export yaml resource
cmp -s "$work/out" "$work/resources.yaml"
ok $? 'the same'
status 0 'into another book' other init --name Iain
status 0 'seed takes both at once, in any order' other seed "$work/resources.yaml" "$work/practice.yaml"
says 'and makes all of it' '45 new, 0 updated'
status 0 'whose export' other export yaml resource --to "$work/again.yaml"
cmp -s "$work/again.yaml" "$work/resources.yaml"
ok $? 'is the same file'
id=$(other list resource --json | grep -o '"id":"[0-9a-f]*"' | head -1 | cut -d '"' -f 4)
printf '{"type":"resource","id":"%s","name":"Altered","cost":"Here"}\n' "$id" >"$work/edit.jsonl"
status 0 'what is altered here' other put "$work/edit.jsonl"
sed 's/^version: .*/version: 9/; s/^    cost: .*/    cost: There/' "$work/resources.yaml" >"$work/newer.yaml"
status 7 'stands against a newer file' other seed "$work/newer.yaml"
says 'which is counted' '1 in conflict'
says 'and said by name and field' 'Altered: cost was altered here, and the file says something else.'
status 7 'again, for it stands still' other seed "$work/newer.yaml" --json
says 'as JSON, too' "\"stands\":[{\"id\":\"$id\",\"title\":\"Altered\",\"field\":\"cost\"}]"
status 7 'and out it comes as it is shown' other export yaml resource --to "$work/again.yaml"
says 'said' 'Altered: cost: stands in conflict; the file has the value that is shown.'
status 0 'loading it here' book seed "$work/resources.yaml"
says 'changes nothing' '0 new, 0 updated, 44 as before'
same 'not a hash' "$hash" "$(book view-hash)"

# seed: FILE:LINE:COLUMN
# Of the directories: the access log, in the caseload, is written now and then.
held() {
	book view-hash | sed -n '/^directory/,$p'
}
hash=$(held)
printf 'format: 1\npractice: ashgill\nversion: 1\nresources:\n  - key: a\n    nmae: X\n    categories: [lunch-clubs]\n    sessions:\n      - {weekday: tuesday, from: "25:00"}\n' >"$work/bad.yaml"
status 4 'seed refuses mistakes' book seed "$work/bad.yaml"
says 'an unknown key' 'bad.yaml:6:5: "nmae" is not known here; write name'
says 'an unknown category' 'bad.yaml:7:'
says 'an impossible time' 'bad.yaml:9:'
says 'a missing name' 'bad.yaml:5:5: the key "name" is missing; add it'
status 4 'seed refuses a folder' book seed "$work"
says 'and says so' "$work:1:1: this is a folder"
printf 'format: 1\npractice: heron\nversion: 1\nname: Heron\n' >"$work/good.yaml"
status 4 'seed refuses two files for a mistake in one' book seed "$work/good.yaml" "$work/bad.yaml"
same 'and loads neither' "$hash" "$(held)"
printf 'a: &x 1\nb: *x\n' >"$work/bad.yaml"
status 4 'seed refuses anchors' book seed "$work/bad.yaml"
head -c 100000 /dev/zero | tr '\0' '[' >"$work/bad.yaml"
status 4 'seed refuses a hundred thousand brackets' book seed "$work/bad.yaml"
same 'nothing changed' "$hash" "$(held)"

# --- books and passphrases ----------------------------------------------------------------------
printf 'wrong words\n' >"$work/wrong"
status 3 'a wrong passphrase' "$LINKBOOK" --book "$work/book" --passphrase-file "$work/wrong" list person
says 'is said kindly' 'Nothing is lost'
status 3 'an empty passphrase' "$LINKBOOK" --book "$work/book" --passphrase-file /dev/null list person
status 1 'no book' "$LINKBOOK" --book "$work/nowhere" --passphrase-file "$work/words" list person
says 'says how to make one' 'linkbook init'
status 1 'a file is no book' "$LINKBOOK" --book "$work/words" --passphrase-file "$work/words" list person
status 2 'an unknown command' book elephant
status 2 'an unknown option' book list person --elephant
status 2 'an option of another command' book list person --rebuild
status 2 'an unknown type' book list elephant
status 1 'an id that is not here' book show ffffffffff
status 4 'an id too short' book show ff
status 0 'help' "$LINKBOOK" --help
status 0 'help of a command' "$LINKBOOK" put --help
says 'begins with an example' 'linkbook put <'
status 0 'version' "$LINKBOOK" --version
cp -r "$work/book" "$work/huge"
slot=$(ls "$work"/huge/caseload/slots/*)
printf '\177\377\377\377' | dd of="$slot" bs=1 seek=78 conv=notrunc status=none
status 3 'a slot that asks for terabytes' "$LINKBOOK" --book "$work/huge" --passphrase-file "$work/words" list person
says 'is not tried' 'was not tried'

status 3 'a plain list with a wrong passphrase' "$LINKBOOK" --book "$work/book" --passphrase-file "$work/wrong" --plain </dev/null
status 2 'a limit that is no number' book list person --limit abc
status 2 'words about people in --where' book list person --where given_name=Mairi
status 2 'a term that is not in the list' book list person --where status=nonsense
status 2 'a descriptor that is no number' "$LINKBOOK" --book "$work/book" --passphrase-fd abc list person
status 4 'a line without end is no record' sh -c "head -c 3000000 /dev/zero | tr '\\0' x | '$LINKBOOK' --book '$work/book' --passphrase-file '$work/words' put"
status 1 'init with a practice that is not there' "$LINKBOOK" --book "$work/none" --passphrase-file "$work/words" init --practice "$work/nowhere.yaml"
[ ! -e "$work/none" ]
ok $? 'makes nothing'
book list person --json >/dev/full 2>"$work/err"
same 'an answer that cannot be written is no success' 1 $?
status 0 'show with history is one value' book show $mairi --history --json
same 'an object with it inside' 1 "$(grep -c '"history":\[{' "$work/out")"
(exec 0<&- >&- 2>&-; "$LINKBOOK" --book "$work/book" --passphrase-file "$work/words" list contact --json)
grep -r -a -q 'Good form' "$work/state"
same 'closed descriptors take no words into files' 1 $?

# --- who looked -----------------------------------------------------------------------------------
status 0 'who looked at her' book access $mairi
says 'was it looked at' 'Ailsa: Looked at'
says 'and what was changed' 'Ailsa: Changed'
status 0 'who opened the book' book access --json
says 'each time' '"act":"opened"'
status 4 'the log is by person' book access "$(book list resource --json --limit 1 | sed -n 's/.*"id":"\([0-9a-f]*\)".*/\1/p')"

# --- the program itself, without a terminal -----------------------------------------------------
status 0 'the linear mode' book --plain </dev/null
says 'of people' 'MacLeòd'
status 4 'no folder of screens' book --plain --screens "$work/nowhere" </dev/null
says 'is said' 'there is no folder'
mkdir "$work/screens"
sed 's/^title:/titel:/' "$SOURCE/screens/people.yaml" >"$work/screens/people.yaml"
status 4 'a broken screen' book --plain --screens "$work/screens" </dev/null
says 'is said with its line' 'people.yaml:'
says 'and the rest works' 'MacLeòd'
finish

#!/bin/sh
# SPDX-License-Identifier: MIT
# Groups from the command line: found in one line, for one person, on a slip, and how far it is.
set -u
. "$SOURCE/tests/e2e/tap.sh"
practices=$SOURCE/data/practices
status 0 'a book' book init --name Ailsa
for p in ashgill sallowbank dunnock; do
	status 0 "$p" book seed "$practices/$p/practice.yaml" "$practices/$p/resources.yaml"
done

# --- in one line --------------------------------------------------------------------------------
status 0 'need, place, day, price and access' book find walk possil tue free step-free
says 'what was understood' 'Understood: Outdoors · Possilpark · Tuesday · Free · Step-free way in'
says 'what is found' 'Possilpark Walking Group: Outdoors; Tuesday 10:00; Possilpark; Free; Step-free way in'
says 'what is near' 'Nothing right? Each of these lacks one thing:'
says 'and which thing' 'At another time: Thursday 11:00.'
status 0 'any order' book find step-free free tue possil walk
says 'is the same' 'Possilpark Walking Group: Outdoors; Tuesday'
status 0 'words of another language' book find 'messages dalmuir'
says 'mean one thing or the other' 'or Food pantry'
status 0 'a closed one' book find domino alexandria
says 'says so' 'It has closed.'
status 0 'nothing at all' book find xylophone
says 'is no mistake' '0 of 135'
status 0 'as JSON' book find skint possil --json
same 'the best first' 'Penny Plain Money Advice' \
	"$(sed -n '1s/.*"name":"\([^"]*\)".*/\1/p' "$work/out")"
status 0 'nobody of the caseload is among them' book find mairi
says 'not one' '0 of 135'

# --- a slip -------------------------------------------------------------------------------------
book find walk possil tue free --json >"$work/found"
id=$(sed -n '1s/.*"id":"\([0-9a-f]*\)".*/\1/p' "$work/found")
status 0 'a slip' book slip "$id"
says 'in capitals' 'POSSILPARK WALKING GROUP'
says 'with what to do first' 'What to do first: Turn up ten minutes early'
same 'no line is too long for large print' '' "$(awk 'length($0) > 60' "$work/out")"
status 0 'a page' book slip "$id" --html --to "$work/slip.html"
grep -q '<h1>Possilpark Walking Group</h1>' "$work/slip.html"
ok $? 'is written'
same 'it asks nothing of anybody' '' "$(grep -E '<(script|img|link|iframe)|src=|url\(' "$work/slip.html")"
status 2 'a slip of nothing' book slip
status 1 'a slip of what is not here' book slip 0123456789ab

# --- for one person -----------------------------------------------------------------------------
cat >"$work/person" <<'JSON'
{"type":"person","id":"00000000000000000000000000000a01","given_name":"Isla","family_name":"Wren","locality":"Possilpark","postcode":"G22 5AA","date_of_birth":"1950-03-02","access_needs":"uses a stick","cannot_do_times":"Tuesday mornings"}
{"type":"goal","person":"00000000000000000000000000000a01","words":"a walk with company","status":"agreed"}
{"type":"contact","person":"00000000000000000000000000000a01","starts":"2026-11-02T10:00","mode":"phone","issues":["fuel_energy","domestic_abuse"]}
JSON
status 0 'somebody' book put "$work/person"
status 0 'what fits' book fit 00000000000000000000000000000a01
says 'by the goal' 'Outdoors (goal)'
says 'by what was talked of' 'Energy advice (talked of)'
same 'what must not be read over a shoulder is not said' '' "$(grep -i 'violence\|abuse' "$work/out")"
grep -A1 'Possilpark Walking Group' "$work/out" | grep -q 'At another time: Tuesday 10:00'
ok $? 'a time that is out of the question is in the way'
status 0 'one need' book fit 00000000000000000000000000000a01 --need lunch-club
says 'is asked for' 'Lunch club'
status 2 'no need of that name' book fit 00000000000000000000000000000a01 --need luch-club
status 4 'a group is nobody' book fit "$id"

# --- how far ------------------------------------------------------------------------------------
status 0 'without a table' book find walk G22
says 'it is about so far' 'about 1 km'
printf 'longitude,pcds,"latitude"\r\n-4.2500,"G22 5AA",55.8900\r\n-4.2600,G22 0ZB,55.8900\r\n' >"$work/places"
status 0 'a table' book import places "$work/places"
says 'is taken' '2 postcodes'
status 0 'with it' book find walk G22 5AA
says 'it is known' 'Possilpark, 0.6 km'
printf 'postcode,latitude,longitude\nG22 5AA,-4.25,55.89\nNOWHERE,55.8,-4.2\n' >"$work/places"
status 4 'a table with mistakes' book import places "$work/places"
[ "$(grep -c "^$work/places:[23]:" "$work/err")" -eq 2 ]
ok $? 'each is said, with its line'
status 0 'and nothing was taken of it' book find walk G22 5AA
says 'the one before stays' 'Possilpark, 0.6 km'
status 2 'import what' book import nothing
table=$SOURCE/../shared/data/places/glasgow-west-dunbartonshire.csv
if [ -f "$table" ]; then
	status 0 'every postcode of Glasgow' book import places "$table" --json
	says 'all rows' '"rows":17925'
else
	echo "ok - skipped: $table is not here # SKIP"
fi
finish

#!/bin/sh
# SPDX-License-Identifier: MIT
# Records of every type go in and come out again; what belongs to nobody, what is one thing or
# another, and what nobody may write.
set -u
. "$SOURCE/tests/e2e/tap.sh"
p=00000000000000000000000000000a01
q=00000000000000000000000000000a02
c=00000000000000000000000000000c01
r=00000000000000000000000000000e01
g=00000000000000000000000000000d01

status 0 'init makes a book' book init --name Ailsa
status 0 'seed makes the directory' book seed "$SOURCE/data/practices/ashgill/practice.yaml"

cat >"$work/in.jsonl" <<END
{"type":"person","id":"$p","given_name":"Mairi","family_name":"Pine"}
{"type":"person","id":"$q","given_name":"Rhona","family_name":"Pine"}
{"type":"resource","id":"$r","name":"Kestrel Walkers"}
{"type":"gap","id":"$g","category":"befriending","area":"Milton","barrier":"none_there","asked":3,"state":"noticed","became":"$r"}
{"type":"referral","person":"$p","date":"2026-11-02","source":"gp","route":"face_to_face","reasons":["housing","sleep"],"main_reason":"housing","urgency":"soon","closed_on":"2026-11-20","closing_reason":"goals_met"}
{"type":"contact","id":"$c","person":"$p","starts":"2026-11-20T10:00[Europe/London]","mode":"phone","gaps":["$g"],"note":"Rang."}
{"type":"involved","person":"$p","name":"Dr Larchwood","role":"gp","may_speak":"freely","lead":true}
{"type":"concern","person":"$p","kind":"self_neglect","seen":"Nothing in the fridge.","told":[{"who":"Dr Larchwood","at":"2026-11-20T11:00[Europe/London]","answer":"rings today"}],"state":"open"}
{"type":"goal","id":"00000000000000000000000000000f01","person":"$p","words":"Walk to the canal again","theme":"living_well","importance":9,"steps":[{"what":"find shoes","who":"person","by":"2026-12-01"}],"progress":[{"when":"2026-11-20","score":0}]}
{"type":"link","person":"$p","resource":"$r","rung":"told","kind":"signposted","state":"agreed","barriers":["confidence"],"goal":"00000000000000000000000000000f01"}
{"type":"link","person":"$p","elsewhere":"her cousin's choir","rung":"goes"}
{"type":"promise","person":"$p","who":"practitioner","words":"I ring on Friday","by":"2026-11-27"}
{"type":"task","person":"$p","what":"ring her","due":"2026-11-27","for_clinician":false}
{"type":"task","id":"00000000000000000000000000000b01","what":"order leaflets","recurring":"monthly"}
{"type":"measure","person":"$p","instrument":"gad7","date":"2026-11-20","stage":"baseline","answers":[{"item":1,"answer":3}],"entered_scores":[{"scale":"sum","hundredths":300}]}
{"type":"relation","person":"$p","other":"$q","relation":"sibling","same_household":true,"private_from":false}
{"type":"owed","person":"$p","contact":"$c","text":"Seen by phone."}
{"type":"jot","words":"Man at the desk, asks for the food pantry"}
{"type":"worklist","title":"Winter calls","purpose":"Heating on?","until":"2027-03-01","lines":[{"name":"Made Up","contact":"0141 496 0199","attempts":2,"joined_to":"$p"}]}
{"type":"check","resource":"$r","date":"2026-11-20","how":"rang","facts":["hours"],"found":"still_true"}
{"type":"outreach","resource":"$r","date":"2026-11-20","kind":"visit","needs":"a bench"}
{"type":"series","id":"00000000000000000000000000000e02","resource":"$r","rule":"FREQ=WEEKLY;BYDAY=TU","from":"10:00","to":"11:00","starts_on":"2026-11-24"}
{"type":"session","resource":"$r","series":"00000000000000000000000000000e02","date":"2026-11-24","headcount":7}
{"type":"action","capacity":"signposting","aim":"Every desk has the list","do":"Two weeks at the front desk","state":"testing"}
{"type":"event","date":"2026-11-18","capacity":"shared_learning","kind":"protected_learning","headcount":9,"minutes":60}
{"type":"signpost","date":"2026-11-18","resource":"$r","category":"befriending","by":"reception"}
{"type":"learning","date":"2026-11-18","text":"Ask about the bus fare","capacity":"awareness"}
{"type":"story","title":"The canal","text":"Somebody walked again.","consent":"written","theme":"living_well"}
END
status 0 'put takes a record of every type' book put "$work/in.jsonl"
book schema --json | grep -o '"name":"[a-z_]*","store"' | cut -d'"' -f4 >"$work/types"
same 'schema lists them all' 28 "$(wc -l <"$work/types")"
# Every member that was put stands in what list gives, in the words that were put.
cut -d'"' -f4 "$work/in.jsonl" | sort -u >"$work/put"
same 'one of each was put' 25 "$(wc -l <"$work/put")"
while read -r type; do
	status 0 "list $type" book list "$type" --json
	grep "^{\"type\":\"$type\"" "$work/in.jsonl" | grep -o '"[a-z_]*":\("[^"]*"\|-*[0-9][0-9]*\|true\|false\)' >"$work/want"
	missing=$(while read -r member; do grep -qF "$member" "$work/out" || echo "$member"; done <"$work/want")
	same "and has all of it" '' "$missing"
done <"$work/put"
status 0 'check is content' book check

# --- for a person or for nobody --------------------------------------------------------------
status 0 'tasks of one person' book list task --where person=$p
same 'are one' 1 "$(wc -l <"$work/out")"
book show 00000000000000000000000000000b01 --json | grep -q '"person"'
same 'the other is for nobody' 1 $?
echo '{"type":"task","id":"00000000000000000000000000000b01","done":"2026-11-21"}' | book put >/dev/null
status 0 'and can be altered' book show 00000000000000000000000000000b01 --json
says 'like any' '"done":"2026-11-21"'

# --- what is refused ---------------------------------------------------------------------------
# refused NAME WORDS LINE
refused() {
	printf '%s\n' "$3" >"$work/bad.jsonl"
	status 4 "put refuses $1" book put "$work/bad.jsonl"
	says "and says: $2" "$2"
}
refused 'a task for somebody unknown' 'nobody with this id' "{\"type\":\"task\",\"person\":\"$r\",\"what\":\"x\"}"
refused 'a goal for nobody' 'nobody with this id' '{"type":"goal","words":"x"}'
refused 'a record of who looked' 'written by the program alone' '{"type":"access","who":"x"}'
refused 'a link to nowhere' 'resource: is still to be filled in' "{\"type\":\"link\",\"person\":\"$p\",\"rung\":\"told\"}"
refused 'no reasons at all' 'reasons: is still to be filled in' \
	"{\"type\":\"referral\",\"person\":\"$p\",\"date\":\"2026-11-02\",\"source\":\"gp\",\"reasons\":[]}"
refused 'words that are no ids' "a record's id" "{\"type\":\"contact\",\"id\":\"$c\",\"gaps\":[\"Mairi\"]}"
link=$(book list link --json | grep -o '"id":"[0-9a-f]*","person":"[0-9a-f]*","heads":\[[^]]*\],"elsewhere"' | cut -d'"' -f4)
refused 'a link that loses its end' 'resource: is still to be filled in' "{\"type\":\"link\",\"id\":\"$link\",\"elsewhere\":null}"
echo "{\"type\":\"link\",\"id\":\"$link\",\"elsewhere\":null,\"resource\":\"$r\"}" >"$work/line"
status 0 'it may change it' book put "$work/line"


# --- a CHI number and a birthday -----------------------------------------------------------------
person="{\"type\":\"person\",\"id\":\"$p\""
echo "$person,\"chi\":\"1904851231\"}" >"$work/line"
status 0 'a CHI number alone' book put "$work/line"
refused 'another birthday beside it' 'date_of_birth: 18 Apr 1985 is not the day' "$person,\"date_of_birth\":\"1985-04-18\"}"
echo "$person,\"date_of_birth\":\"1985-04-19\"}" >"$work/line"
status 0 'its own' book put "$work/line"
refused 'another number then' 'chi: 19 Apr 1985 is not the day' "$person,\"chi\":\"0101011237\"}"
echo "$person,\"chi\":\"0101011237\",\"date_of_birth\":null}" >"$work/line"
status 0 'that number without a birthday' book put "$work/line"

finish

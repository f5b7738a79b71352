#!/bin/sh
# SPDX-License-Identifier: MIT
# The practices that ship: each loads, and once; each has enough to look for and says of every
# group what somebody needs to go there; and nobody real is rung, written to or visited by them.
set -u
. "$SOURCE/tests/e2e/tap.sh"
practices=$SOURCE/data/practices

# --- each in a book of its own ------------------------------------------------------------------
count=0
for dir in "$practices"/*/; do
	code=$(basename "$dir")
	count=$((count + 1))
	rm -rf "$work/book"
	status 0 "$code: a book" book init --name Ailsa
	status 0 "$code: loads" book seed "$dir/practice.yaml" "$dir/resources.yaml"
	says "$code: all of it is new" ' new, 0 updated, 0 as before; 0 in conflict'
	status 0 "$code: loads again" book seed "$dir/practice.yaml" "$dir/resources.yaml"
	grep -q '^0 new, 0 updated, [0-9]* as before; 0 in conflict' "$work/out"
	ok $? "$code: and nothing changes"
	status 0 "$code: lists its groups" book list resource --json
	grep '"type"' "$work/out" >"$work/$code.json"
	[ "$(wc -l <"$work/$code.json")" -ge 40 ]
	ok $? "$code: at least forty of them"
	for field in categories summary next_step cost area_served referral_route status; do
		same "$code: each with its $field" '' \
			"$(grep -Ev "\"$field\":(\"[^\"]|\\[\")" "$work/$code.json" | cut -c 1-200)"
	done
	sed 's/.*"name":"\([^"]*\)".*/\1/' "$work/$code.json" | sort -u >"$work/$code.names"
	same "$code: no name twice" "$(wc -l <"$work/$code.json")" "$(wc -l <"$work/$code.names")"
	for state in active paused closed; do
		grep -q "\"status\":\"$state\"" "$work/$code.json"
		ok $? "$code: some are $state"
	done
	grep -qv '"checked":' "$work/$code.json"
	ok $? "$code: some were never checked"
done
[ $count -ge 3 ]
ok $? 'three practices'
same 'no name stands in two practices' '' "$(sort "$work"/*.names | uniq -d)"

# --- what the programme names, in each ----------------------------------------------------------
for file in "$work"/*.json; do
	code=$(basename "$file" .json)
	for category in social-group lunch-club support-group befriending community-garden \
		sports-and-games nature-and-wildlife-preservcaton book-club arts-and-crafts dancing \
		employability outdoor-activity money-advice housing-advice food-pantry free-meals \
		counselling bereavement addiction youth-group foreign-languages mens-health \
		dementia digital-inclusion energy-advice gender-based-violence \
		parent-and-toddler-group citizenship-and-immigration transport-to-health-and-social-care; do
		grep -q "\"$category\"" "$file"
		ok $? "$code has $category"
	done
	for group in unpaid-carers volunteers lgbtq-community refugees-and-asylum-seekers \
		disabled-people children-and-young-people; do
		grep -q "\"$group\"" "$file"
		ok $? "$code has something for $group"
	done
	for day in mon tue wed thu fri sat sun; do
		grep -q "\"weekday\":\"$day\"" "$file"
		ok $? "$code has something on $day"
	done
done

# --- nobody real ------------------------------------------------------------------------------
cat "$practices"/*/*.yaml >"$work/all"
# none NAME COMMAND...: the lines that a search finds, which should be none.
none() {
	name=$1
	shift
	found=$("$@" | head -5)
	[ -z "$found" ] || printf '%s\n' "$found" | sed 's/^/# /'
	same "$name" '' "$found"
}
# National lines publish their numbers; everything else is from ranges kept for drama.
national='^(999|111|116 123|0800 83 85 87|0800 027 1234|0800 1111|08088 01 03 02)$'
drama='^(0141 496 0[0-9]{3}|01632 960[0-9]{3}|07700 900[0-9]{3})$'
crisis='^  - \{name: .*, number: "([^"]*)", when: '
grep -E "$crisis" "$work/all" | sed -E "s/$crisis.*/\\1/" >"$work/crisis"
grep -E '^ *phone:' "$work/all" | sed -E 's/^ *phone: *"?//; s/"$//' >"$work/phones"
grep -Ev "$crisis|^#" "$work/all" | grep -Eo '[+0][0-9 ]{8,}[0-9]' >"$work/digits"
grep -Eo '[^ ]*(@|://|www\.)[^ ]*' "$work/all" >"$work/net"
grep -E '^ *postcode:' "$work/all" >"$work/postcodes"
grep 'rule: ' "$work/all" >"$work/rules"
for list in crisis phones digits net postcodes rules; do
	[ "$(wc -l <"$work/$list")" -ge 10 ]
	ok $? "there are $list to look at"
done
none 'crisis numbers are the national ones' grep -Ev "$national" "$work/crisis"
none 'phone numbers are from the ranges for drama' grep -Ev "$drama" "$work/phones"
none 'also in sentences' grep -Ev "$drama" "$work/digits"
none 'addresses on the net are under example.org' \
	grep -Ev '^(https://|[a-z]+@)([a-z]+\.)*example\.org(/[a-z-]+)*$' "$work/net"
none 'postcodes are of units that do not exist' \
	grep -Ev 'postcode: G[0-9]+ 0Z[A-Z]$' "$work/postcodes"
none 'rules are written as their form asks' \
	grep -Ev 'rule: "FREQ=(WEEKLY|MONTHLY)(;[A-Z]+=[-0-9A-Z,]+)+", note: "' "$work/rules"
finish

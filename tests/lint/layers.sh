#!/bin/sh
# SPDX-License-Identifier: MIT
# Who may include whom.  Reads the #include lines of src and include and says every one that
# goes against the tables below; a need from below is a callback handed down, not an include.
# usage: layers.sh [TOP]
set -eu
cd "${1-$(dirname "$0")/../..}"

# room: the rooms below it, whose public headers it may include besides its own
rooms='
base:
yaml: base
model: base yaml
store: base
book: base yaml model store
exchange: base yaml model store book
screen: base yaml model store book exchange
ui: base yaml model store book exchange screen
cli: base yaml model store book exchange screen ui
main: base yaml model store book exchange screen ui cli
'

# room: its headers in include/linkbook
public='
base: buf err id mem mutant resource seam text when words wrap
yaml: ydoc
model: kinds value terms change fold
store: store
book: book finder places slots
exchange: seed lines slip tables demo
screen: cells command def edit key page screen
ui: ui
cli: cli
'

# header of somebody else: the only room that may include it
foreign='
curses.h: ui
ncurses.h: ui
ncursesw/curses.h: ui
ncursesw/ncurses.h: ui
term.h: ui
lmdb.h: store
sodium.h: store
yaml.h: yaml
cbor.h: model
utf8proc.h: base
jansson.h: exchange
'

files=$(find src include -name '*.[ch]' ! -name embedded.c | LC_ALL=C sort)

# shellcheck disable=SC2086
rooms=$rooms public=$public foreign=$foreign awk '
function say(text) {
	print FILENAME ":" FNR ": " text
	bad = 1
}

# Fills table[left] = " right right ... " from lines "left: right right ...".
function fill(lines, table,   n, i, at, line) {
	n = split(lines, line, "\n")
	for (i = 1; i <= n; i++)
		if ((at = index(line[i], ":")))
			table[substr(line[i], 1, at - 1)] = substr(line[i], at + 1) " "
}

function room_of(path,   part, n) {
	n = split(path, part, "/")
	if (part[1] == "include") {
		sub(/\.h$/, "", part[n])
		return owner[part[n]]
	}
	return n > 2 ? part[2] : path == "src/main.c" ? "main" : ""
}

function check_public(name) {
	if (!(name in owner))
		say("<linkbook/" name ".h> belongs to no room; add it to the table in tests/lint/layers.sh")
	else if (owner[name] != room && !index(below[room], " " owner[name] " "))
		say(room " may not include <linkbook/" name ".h> of " owner[name] \
			"; hand down a callback, or move the code up")
}

function check_private(name,   dir) {
	if (name == "config.h")
		return
	dir = FILENAME
	sub(/[^\/]*$/, "", dir)
	if (name ~ /\//)
		say("\"" name "\" leaves the room; include a public header as <linkbook/...>")
	else if (!((dir name) in here))
		say("\"" name "\" is not in " dir "; private headers stay in their room")
}

function check_foreign(name) {
	sub(/^sodium\/.*/, "sodium.h", name)
	sub(/^cbor\/.*/, "cbor.h", name)
	if (name in keeper && keeper[name] != " " room " ")
		say("only" keeper[name] "may include <" name ">; ask it through its own headers")
}

BEGIN {
	fill(ENVIRON["rooms"], below)
	fill(ENVIRON["public"], heads)
	fill(ENVIRON["foreign"], keeper)
	for (room in heads) {
		n = split(heads[room], names, " ")
		for (i = 1; i <= n; i++)
			owner[names[i]] = room
	}
	for (i = 1; i < ARGC; i++)
		here[ARGV[i]] = 1
}

FNR == 1 {
	room = room_of(FILENAME)
	known = room in below
	if (!known)
		say("this file is in no room; add it to the tables in tests/lint/layers.sh")
}

known && /^[ \t]*#[ \t]*include[ \t]*[<"]/ {
	name = $0
	sub(/^[^<"]*/, "", name)
	quote = substr(name, 1, 1)
	name = substr(name, 2)
	sub(/[>"].*/, "", name)
	if (quote == "\"")
		check_private(name)
	else if (name ~ /^linkbook\//)
		check_public(substr(name, 10, length(name) - 11))
	else
		check_foreign(name)
}

END {
	print (bad ? "not ok" : "ok") " 1 - layers"
	exit bad
}' $files

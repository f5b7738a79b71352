#!/bin/sh
# SPDX-License-Identifier: MIT
# Two at once: the second is refused with who has the book and since when, and let in as soon as
# the first is gone, however it went; another copy of the same book is no concern of the first.
set -u
. "$SOURCE/tests/e2e/tap.sh"

status 0 'a book' book init --name Ailsa

# hold: somebody has the book open, at the linear mode's question.
hold() {
	rm -f "$work/questions" "$work/holder"
	mkfifo "$work/questions"
	LOGNAME=ailsa "$LINKBOOK" --book "$work/book" --passphrase-file "$work/words" \
		--now 2026-11-24T10:47 --plain <"$work/questions" >"$work/holder" 2>&1 &
	holder=$!
	exec 9>"$work/questions"
	looks=0
	while [ ! -s "$work/holder" ] && [ $looks -lt 2000 ]; do
		looks=$((looks + 1))
		book list >/dev/null 2>&1 # as long as a look takes; it opens nothing
	done
}

hold
status 6 'the second is refused' book list person
says 'as open elsewhere' 'This book is open in another window'
says 'by whom' '(ailsa since Tue 24 Nov 10:47)'
status 6 'also with a wrong passphrase' sh -c "printf 'other words\n' | '$LINKBOOK' \
	--book '$work/book' --passphrase-fd 0 list person"
status 6 'and for writing' sh -c "echo '{\"type\":\"person\",\"given_name\":\"Mairi\"}' | '$LINKBOOK' \
	--book '$work/book' --passphrase-file '$work/words' put"
cp -r "$work/book" "$work/copy"
status 0 'a copy opens meanwhile' "$LINKBOOK" --book "$work/copy" --passphrase-file "$work/words" \
	list person
exec 9>&-
wait "$holder"
ok $? 'the first leaves at the end of its questions'
status 0 'then the second is let in' book list person

hold
status 6 'refused again' book list person
kill -9 "$holder"
wait "$holder" 2>/dev/null
exec 9>&-
status 0 'let in at once after the first was killed' book list person
status 0 'nothing is amiss' book check
finish

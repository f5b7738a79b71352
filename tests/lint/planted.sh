#!/bin/sh
# SPDX-License-Identifier: MIT
# Tests the other lints themselves: in a made-up tree every fault planted must be said where it
# stands, and nothing else.  A lint that sees nothing looks just like a clean tree.
set -eu
lint=$(cd "$(dirname "$0")" && pwd)
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT
mkdir -p "$top/include/linkbook" "$top/src/base" "$top/src/store" "$top/src/ui" "$top/src/attic" \
	"$top/tests"

# write FILE LINE...
write() {
	file=$top/$1
	shift
	printf '%s\n' "$@" >"$file"
}

# expect NAME WANTED GOT
expect() {
	if [ "$2" = "$3" ]; then
		return 0
	fi
	printf '%s: wanted\n%s\n%s: got\n%s\n' "$1" "$2" "$1" "$3"
	echo "not ok 1 - planted"
	exit 1
}

# lines N TEXT: a file's worth of the same line
lines() {
	awk -v n="$1" -v text="$2" 'BEGIN { while (n-- > 0) print text }'
}

# Good: own and lower rooms, own private header, the system, the room's own library.
write include/linkbook/buf.h '#include <stddef.h>' '#include <linkbook/err.h>'
write src/base/inner.h ''
write src/base/buf.c '#include "config.h"' '#include "inner.h"' '#include <utf8proc.h>'
write src/store/store.c '#include <linkbook/buf.h>' '#include <lmdb.h>' '#include <sodium.h>'
write src/main.c '#include <linkbook/ui.h>' '#include <linkbook/cli.h>'
expect 'clean layers' 'ok 1 - layers' "$("$lint/layers.sh" "$top")"

# Bad, one a line.
write include/linkbook/when.h '#include <linkbook/store.h>'
write include/linkbook/novel.h ''
write src/base/buf.c '#include <linkbook/book.h>' '#include <linkbook/novel.h>' \
	'#include "../store/x.h"' '#include "absent.h"' '	#  include <curses.h>'
write src/store/store.c '#include <linkbook/kinds.h>' '#include <linkbook/ydoc.h>' '#include <yaml.h>'
write src/ui/ui.c '#include <linkbook/cli.h>' '#include <linkbook/page.h>' '#include <sodium/core.h>'
write src/attic/old.c '#include <linkbook/buf.h>'
status=0
got=$("$lint/layers.sh" "$top") || status=$?
expect 'planted layers' 'include/linkbook/novel.h:1:
include/linkbook/when.h:1:
src/attic/old.c:1:
src/base/buf.c:1:
src/base/buf.c:2:
src/base/buf.c:3:
src/base/buf.c:4:
src/base/buf.c:5:
src/store/store.c:1:
src/store/store.c:2:
src/store/store.c:3:
src/ui/ui.c:1:
src/ui/ui.c:3:
not ok 1 - layers
status 1' "$(printf '%s\n' "$got" | sed 's/:\([0-9]*\): .*/:\1:/'; echo "status $status")"

# Sizes: a file of 501 lines and a function of 61 are told, 901 and 101 are too much.
{ echo '{'; lines 59 ''; echo '}'; lines 440 ''; } >"$top/tests/long.c"
expect 'warned sizes' 'tests/long.c:1: a function of 61 lines; 60 is enough
tests/long.c:1: a file of 501 lines; 500 is enough
ok 1 - sizes' "$("$lint/sizes.sh" "$top")"
{ echo '{'; lines 99 ''; echo '}'; lines 800 ''; } >"$top/tests/long.c"
status=0
got=$("$lint/sizes.sh" "$top") || status=$?
expect 'failed sizes' 'tests/long.c:1: a function of 101 lines; 100 is the most there may be
tests/long.c:1: a file of 901 lines; 900 is the most there may be
not ok 1 - sizes
status 1' "$got
status $status"

# Names: one file of tests, one test in it, one case and one script are there.
mkdir -p "$top/docs" "$top/tests/unit" "$top/tests/screen" "$top/tests/e2e"
write tests/unit/t_here.c 'START_TEST(a_note_is_kept)'
write tests/screen/here.case ''
write tests/e2e/here.sh ''
write Makefile.am 't_parts_SOURCES = tests/parts/parts.c'
write docs/page.md '*t_x* `name` is any.' \
	'| *t_here* `a_note_is_kept`, *here.case*, *here.sh*, *t_parts* | `any_other_word` |'
expect 'clean names' 'ok 1 - named' "$("$lint/named.sh" "$top")"
write docs/page.md '*t_gone*, *t_here* `a_note_is_kept`, `a_note_is_lost`' '*gone.case* and *gone.sh*'
status=0
got=$("$lint/named.sh" "$top") || status=$?
expect 'planted names' 'docs/page.md: no test is called t_gone
docs/page.md: t_here has no test a_note_is_lost
docs/page.md: no test is called gone.case
docs/page.md: no test is called gone.sh
not ok 1 - named
status 1' "$got
status $status"

# Words: in texts and values only, whole, in any letters.
rm -rf "$top/src"
mkdir -p "$top/src/base" "$top/src/exchange" "$top/screens" "$top/data/terms"
write src/base/good.c '/* An invalid' ' * one, "please" */ // "sorry", don'\''t' "char c = '\"'; // \"fatal\"" \
	'say("not requiredly, is_required, terror: 1, pleased \" more"); /* "illegal" */'
write src/exchange/show.c 'add(o, "required", f);'
write screens/good.yaml '# please' 'required: yes' 'title: Here # invalid' '- {required: no, label: "A # sign"}'
expect 'clean words' 'ok 1 - words' "$("$lint/words.sh" "$top")"
write src/base/bad.c 'a("fine", "Sorry, no");' '/* free */ b("It is \"INVALID\" here");' \
	'c("Error: x"); /* "' ' " */ d("required");' "e('\"', \"fatal\");"
write src/exchange/show.c 'add(o, "required here", f);'
write screens/bad.yaml 'title: Please type' 'label: "forbidden # here"' 'empty: "nothing # illegal"'
write data/terms/bad.yaml '- {id: x, label: Not required}'
status=0
got=$("$lint/words.sh" "$top") || status=$?
expect 'planted words' 'src/base/bad.c:1: "sorry"
src/base/bad.c:2: "invalid"
src/base/bad.c:3: "error:"
src/base/bad.c:4: "required"
src/base/bad.c:5: "fatal"
src/exchange/show.c:1: "required"
data/terms/bad.yaml:1: "required"
screens/bad.yaml:1: "please"
screens/bad.yaml:2: "forbidden"
screens/bad.yaml:3: "illegal"
not ok 1 - words
status 1' "$(printf '%s\n' "$got" | sed 's/\(:[0-9]*: "[a-z:]*"\) in .*/\1/'; echo "status $status")"

echo "ok 1 - planted"

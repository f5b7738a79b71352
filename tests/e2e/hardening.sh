#!/bin/sh
# SPDX-License-Identifier: MIT
# How the program was compiled and linked, read from the file itself.  What the running process
# does is asked in tests/canary.
set -u
. "$SOURCE/tests/e2e/tap.sh"
if ! command -v readelf >/dev/null 2>&1 || ! readelf -h "$LINKBOOK" >/dev/null 2>&1; then
	echo 'SKIP hardening: no readelf here, or no ELF'
	exit 0
fi

# holds NAME OPTION WORDS; lacks NAME OPTION WORDS: in what readelf says.
holds() {
	readelf "$2" -W "$LINKBOOK" 2>/dev/null | grep -qE -- "$3"
	ok $? "$1"
}
lacks() {
	! readelf "$2" -W "$LINKBOOK" 2>/dev/null | grep -qE -- "$3"
	ok $? "$1"
}

holds 'it lies somewhere else each time' -h 'Type: +DYN'
holds 'and says that it is a program' -d 'Flags:.*PIE'
holds 'what is relocated is read-only' -l 'GNU_RELRO'
holds 'from the start' -d '(BIND_NOW|Flags:.*NOW)'
holds 'the stack has no program in it' -l 'GNU_STACK.* RW +0x'
lacks 'no page is written and run' -l '(LOAD|GNU_STACK).* RWE '
lacks 'its text is not rewritten' -d 'TEXTREL'
lacks 'libraries are looked for nowhere of its own' -d '(RPATH|RUNPATH)'
holds 'the stack is watched' --dyn-syms '__stack_chk_fail'
if readelf --dyn-syms -W "$LINKBOOK" | grep -q __asan_; then
	echo 'SKIP hardening: sanitizers watch copies in their own way'
else
	holds 'copies are watched' --dyn-syms '__(memcpy|snprintf|vsnprintf|vfprintf)_chk'
	holds 'what is freed is wiped' --dyn-syms 'FUNC +GLOBAL +DEFAULT +[0-9]+ free$'
fi
if readelf -S -W "$LINKBOOK" | grep -q debug_info; then
	readelf --debug-dump=info "$LINKBOOK" 2>/dev/null | grep -q 'fstack-clash-protection'
	ok $? 'the stack grows page by page'
fi

#!/bin/sh
# SPDX-License-Identifier: MIT
# Real disks that are full or only readable, and folders that one may not write in: a clear
# sentence, nothing lost, and it goes on when there is room again; in commands and on the screen.
# Full disks are small ones in memory, which needs the right to mount; permissions are asked as
# an ordinary user, since root passes them all.
set -u
. "$SOURCE/tests/e2e/tap.sh"
mux() { tmux -L "linkbook-disk-$$" -f /dev/null "$@"; }
disk=$work/disk
clean_up() {
	mux kill-server 2>/dev/null
	umount "$disk" 2>/dev/null
	rm -rf "$work"
}
trap clean_up EXIT

# mounted SIZE: an empty disk of that size.
mounted() {
	mkdir -p "$disk" && mount -t tmpfs -o "size=$1,mode=755" tmpfs "$disk" 2>/dev/null
}
# fill KIB: all of it but so many KiB.
fill() {
	rm -f "$disk/filler"
	free=$(df -k "$disk" | awk 'NR == 2 { print $4 }')
	[ "$free" -gt "$1" ] && head -c $(((free - $1) * 1024)) /dev/zero >"$disk/filler"
}
make_room() { rm -f "$disk/filler"; }
on_disk() {
	"$LINKBOOK" --book "$disk/book" --passphrase-file "$work/words" --now 2026-11-24T10:47 "$@"
}
people() { on_disk list person | wc -l; }
person() { printf '{"type":"person","given_name":"%s","family_name":"%s"}\n' "$1" "$2"; }

# --- full ----------------------------------------------------------------------------------------
full_book() {
	status 0 'a book on a small disk' on_disk init --name Ailsa
	person Mairi Smith >"$work/one"
	status 0 'takes a person' on_disk put "$work/one"
	hash=$(on_disk view-hash)
	fill 0
	status 1 'full, it takes no other' on_disk put "$work/one"
	says 'and says why' 'No space left'
	same 'it opens all the same, with what it had' 1 "$(people)"
	same 'to the last byte' "$hash" "$(on_disk view-hash)"
	make_room
	status 0 'with room again it takes one' on_disk put "$work/one"
	same 'and has two' 2 "$(people)"
	status 0 'and all is well' on_disk check
}

# However much room there is: what is answered with an id is there, and nothing else.
every_size() {
	want=$(people) said=0 refused=0
	for room in 0 4 8 12 16 20 24 28 32 40 48 64; do
		fill $room
		on_disk put "$work/one" >"$work/out" 2>"$work/err"
		case $? in
		0) want=$((want + 1)) said=$((said + 1)) ;;
		1) refused=$((refused + 1)) ;;
		*) want=never ;;
		esac
		make_room
		[ "$want" = "$(people)" ] || break
	done
	same 'whatever room there is, as many as it said' "$want" "$(people)"
	[ $said -gt 0 ] && [ $refused -gt 0 ]
	ok $? "sometimes it said yes ($said times), sometimes no ($refused)"
	status 0 'and all is well' on_disk check
}

# The working store lies on the full disk, the book elsewhere.
full_state() {
	XDG_STATE_HOME=$disk/state
	status 0 'a book whose working store is on a small disk' book init --name Ailsa
	status 0 'takes a person' book put "$work/one"
	fill 0
	status 0 'the disk of the working store is full: what is there is read' book list person
	same 'all of it' 1 "$(wc -l <"$work/out")"
	seq 400 | sed 's/.*/{"type":"person","given_name":"Ann &","family_name":"Reid"}/' >"$work/many"
	book put "$work/many" >"$work/out" 2>"$work/err"
	got=$? want=1
	[ $got = 0 ] && want=401
	same 'what it says of many' $got "$([ $want = 401 ] && echo 0 || echo 1)"
	make_room
	same 'is what is there' $want "$(book list person | wc -l)"
	status 0 'and all is well' book check
	rm -rf "$work/book"
	XDG_STATE_HOME=$work/state
}

# --- full, on the screen -------------------------------------------------------------------------
screen() { mux capture-pane -p -t t; }
keys() { mux send-keys -t t "$@"; }
type_text() { mux send-keys -t t -l -- "$1"; }
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

on_screen() {
	cat >"$work/run" <<-END
		export TERM=tmux-256color XDG_STATE_HOME='$XDG_STATE_HOME'
		"$LINKBOOK" --book "$disk/book" --now 2026-11-24T10:47
		echo left with \$?
		cat
	END
	mux new-session -d -s t -x 80 -y 24 "sh '$work/run'"
	mux set-option -g status off >/dev/null
	appears 'the lock comes up' 'Passphrase'
	type_text 'four plain words here'
	keys Enter
	appears 'the people appear' 'Mairi'
	keys Enter
	appears 'her file opens' 'MAIRI SMITH'
	fill 0
	keys C-n
	appears 'a note begins' 'What:'
	type_text 'Rang the council about the lift.'
	appears 'a draft that cannot be kept is said' 'not on the disk'
	keys C-s
	appears 'nor can it be saved' 'Not saved, and still here'
	appears 'the words stay' 'Rang the council about the lift.'
	make_room
	keys C-s
	appears 'with room again it is saved' 'Saved'
	keys C-q
	appears 'it leaves in order' 'left with 0'
	mux kill-server 2>/dev/null
	same 'once' 1 "$(on_disk list contact --json | grep -c 'Rang the council')"
	status 0 'and all is well' on_disk check
}

if mounted 1536k; then
	full_book
	every_size
	full_state
	if command -v tmux >/dev/null 2>&1; then
		on_screen
	else
		echo 'SKIP disk: there is no tmux here'
	fi
	mount -o remount,ro "$disk"
	status 0 'a disk that can only be read: it is read' on_disk list person
	status 1 'and nothing is written' on_disk put "$work/one"
	says 'which is said' 'Read-only file system'
	mount -o remount,rw "$disk"
	status 0 'writable again, it is written' on_disk put "$work/one"
else
	echo 'SKIP disk: small disks cannot be mounted here'
fi

umount "$disk" 2>/dev/null

# --- permissions ---------------------------------------------------------------------------------
# As an ordinary user, who has the book but not the right to everything in it.
as_user() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@"
	else
		"$@"
	fi
}
mine() {
	as_user env HOME="$work/user" XDG_STATE_HOME="$work/user/state" \
		"$work/program" --book "$work/user/book" --passphrase-file "$work/words" \
		--now 2026-11-24T10:47 "$@"
}
if [ "$(id -u)" = 0 ] && ! setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
	echo 'SKIP disk: nobody but root is here'
	finish
fi
mkdir "$work/user"
chmod 755 "$work"
cp "$LINKBOOK" "$work/program"
[ "$(id -u)" != 0 ] || chown 65534:65534 "$work/user"
person Mairi Smith >"$work/one"
chmod 644 "$work/one" "$work/words"
store=$work/user/book/caseload
status 0 'an ordinary book' mine init --name Ailsa
status 0 'with a person' mine put "$work/one"
hash=$(mine view-hash)

as_user chmod -R a-w "$work/user/book"
status 0 'a folder that may only be read: it is read' mine list person
same 'as it was' "$hash" "$(mine view-hash)"
status 1 'and nothing is written' mine put "$work/one"
says 'which is said' 'Permission denied'
as_user chmod -R u+w "$work/user/book"

as_user chmod 0 "$store/log"
status 1 'segments that may not be looked at: it stays shut' mine list person
says 'and says where' 'log'
status 1 'and is no empty folder to make a book in' mine init --name Somebody
as_user chmod 700 "$store/log"
same 'nothing of it is gone' "$hash" "$(mine view-hash)"

as_user chmod 0 "$store/slots"
status 1 'slots that may not be looked at: no wrong passphrase' mine list person
says 'but the reason' 'Permission denied'
as_user chmod 700 "$store/slots"

as_user chmod -R a-w "$work/user/state"
status 1 'no right to write the working store: it stays shut' mine list person
says 'and says where' "$work/user/state"
as_user chmod -R u+w "$work/user/state"
same 'afterwards all is as it was' "$hash" "$(mine view-hash)"
status 0 'and all is well' mine check
finish

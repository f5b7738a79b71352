#!/bin/sh
# SPDX-License-Identifier: MIT
# Turns files into a C table, so that the program finds them without being installed.
# usage: embed.sh SRCDIR NAME...   (names relative to SRCDIR)
set -eu
LC_ALL=C
export LC_ALL
srcdir=$1
shift
sorted=$(printf '%s\n' "$@" | sort)
echo '/* Made by src/base/embed.sh; not to be edited. */'
echo '#include <linkbook/resource.h>'
i=0
for name in $sorted; do
	echo "static const uint8_t bytes_${i}[] = {"
	od -An -v -tx1 "$srcdir/$name" | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'
	echo '0};'
	i=$((i + 1))
done
echo 'const struct resource resources_built_in[] = {'
i=0
for name in $sorted; do
	echo "	{\"$name\", bytes_$i, sizeof bytes_$i - 1},"
	i=$((i + 1))
done
echo '	{0},'
echo '};'

#!/bin/sh
# SPDX-License-Identifier: MIT
# What `make install DESTDIR=...` puts down works where it is.
build=$PWD
. "${top_srcdir:-.}/tests/cli/lib.sh"
need make
unset DAVY_DATADIR MAKEFLAGS MFLAGS MAKELEVEL

(cd "$build" && make -s install DESTDIR="$work/stage") >install.log 2>&1
seen=$?
note $seen 'make install DESTDIR=...'
[ $seen -eq 0 ] || sed 's/^/# /' install.log
davy=$(find stage -type f -name davy -path '*/bin/*')
data=$(find stage -type d -path '*/share/davy')
libs=$(dirname "$(find stage -name 'libdavy.*' | head -n 1)")
same 'the program is there' "$([ -n "$davy" ] && echo yes)" yes
same 'the pack is there' "$(ls "$data/patterns/pack.yaml")" \
    "$data/patterns/pack.yaml"
LD_LIBRARY_PATH=$work/$libs
export LD_LIBRARY_PATH
miner_page >miner.html
run 2 scan miner.html
err 'there is no pack of patterns at'
run 1 scan --pack "$data/patterns" miner.html
DAVY_DATADIR=$work/$data
export DAVY_DATADIR
run 1 scan miner.html
run 0 --version
out '^davy-core '
finish

#!/bin/sh
# SPDX-License-Identifier: MIT
# Local targets never touch the network: no socket is ever made for them.
build=$PWD
. "${top_srcdir:-.}/tests/cli/lib.sh"
need strace

mkdir site
miner_page >site/miner.html
printf '<iframe src="http://127.0.0.1:9/"></iframe>%s' \
    '<script src="http://127.0.0.1:9/x.js"></script>' >site/frames.html
# Libtool's wrapper is a shell script; what it does is not meant.
trace() {
    "$build/libtool" --mode=execute strace -f -qq -e trace=network -o trace \
        "$davy" "$@" >.out 2>.err
}
trace scan -v -j 2 site - <site/miner.html
got=$?
case $(cat .err) in
*ptrace*)
    echo '1..0 # skipped, strace may not trace here'
    exit 77
    ;;
esac
same 'the scan runs under strace' $got 1
same 'no call of the network' "$(grep -c -v -E '(exited|killed|SIG)' trace)" 0
trace rules test DAVY-1001
same 'nor by rules test' "$(grep -c -v -E '(exited|killed|SIG)' trace)" 0
finish

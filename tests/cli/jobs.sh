#!/bin/sh
# SPDX-License-Identifier: MIT
# The answer does not depend on the number of threads.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need jq

mkdir -p tree/a tree/b
level_pack
i=0
while [ $i -lt 300 ]; do
    case $((i % 7)) in
    0) level_script critical ;;
    1) level_script medium ;;
    2) level_script low ;;
    *) clean_page ;;
    esac >tree/a/$i
    i=$((i + 1))
done
ln -s nowhere tree/b/dangling
head -c 3000000 /dev/zero | tr '\0' 'a' >tree/a/0-large

for n in 1 2 3 8 64; do
    run 1 scan --pack levels -j $n --format jsonl tree
    jq -c 'del(.micros)' <.out >json.$n
    run 1 scan --pack levels -j$n --severity info tree
    grep -v '^Looked at' .out >text.$n
    cmp -s json.1 json.$n
    note $? "JSON Lines with $n threads are those with one"
    cmp -s text.1 text.$n
    note $? "text with $n threads is that with one"
done
same 'nothing is left out' "$(wc -l <json.1 | tr -d ' ')" 302
finish

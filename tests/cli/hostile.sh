#!/bin/sh
# SPDX-License-Identifier: MIT
# Input that wants to hurt: bounded time, a limit entry or a verdict, and the
# targets beside it are still judged.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need jq

clean_page >clean.html
miner_page >miner.html

# Nothing here may take longer than this, also under sanitizers.
within() {
    start=$(date +%s)
    run "$@"
    [ $(($(date +%s) - start)) -le 120 ]
    note $? '  in bounded time'
}

verdicts() {
    jsonl -r '.verdict // "error"' | tr '\n' ' ' | sed 's/ $//'
}

limits() {
    jsonl -r '.limits[]?' | tr '\n' ';'
}

# 100 MB in one line: judged up to the limit, which is said.
head -c 104857600 /dev/zero | tr '\0' 'x' >line
within 1 scan --format jsonl line miner.html
same 'a line of 100 MB' "$(verdicts)" 'clean miner'
same '  with a limit entry' "$(limits)" 'bytes of one target;'
within 0 scan line
out '^IN PART .*line \(bytes of one target\)'
within 0 scan --max-filesize 200M --format jsonl line
same '  or as a whole when that is wanted' "$(limits)" ''
rm line

# Sparse, endless, shrinking.
truncate -s 1T sparse
within 0 scan --max-filesize 1M --format jsonl sparse
same 'a sparse file of 1 TB' "$(limits)" 'bytes of one target;'
rm sparse
run_stdin /dev/zero 0 scan --max-filesize 1M --format jsonl -
same 'endless standard input' "$(limits)" 'bytes of one target;'
head -c 30000000 /dev/zero >shrinks
(sleep 0.01; : >shrinks) &
within 0 scan shrinks
wait $!

# Nesting.
{
    printf '<!doctype html>'
    i=0
    while [ $i -lt 100 ]; do
        printf '%0300d' 0 | sed 's/0/<div>/g'
        i=$((i + 1))
    done
    printf '<script>new CoinHive.Anonymous("%s").start()</script>' $key
} >deep.html
within 1 scan --format jsonl deep.html miner.html
same '30,000 nested elements' "$(verdicts)" 'miner miner'
for open in '(' '[' '{a:' 'a?' '-' 'function(){' '`${'; do
    {
        i=0
        while [ $i -lt 100 ]; do
            printf "%0100d" 0 | sed "s|0|$open|g"
            i=$((i + 1))
        done
    } >deep.js
    within 0 scan --format jsonl deep.js
done

# Bombs.
head -c 200000000 /dev/zero | gzip -9 >bomb.gz
within 1 scan --format jsonl bomb.gz miner.html
same 'a gzip bomb' "$(verdicts)" 'clean miner'
limits | grep -q growth
note $? '  with a limit entry'
gzip -c miner.html >page.gz
within 1 scan page.gz
gzip -c page.gz | gzip -c | gzip -c >nested.gz
within 1 scan nested.gz

# Malformed.
mkdir broken
head -c 20 page.gz >broken/cut.gz
printf '<script>var a = ; ) } ] new CoinHive.Anonymous("%s").start(' $key \
    >broken/syntax.html
printf '<script>"\377\376\355\240\200";</script><p \0 =\0>' >broken/bytes.html
printf '<!--<script' >broken/comment.html
printf '<html><!doctype><table><script>' >broken/end.html
printf '\0\0\0\0' >broken/nul
printf '\376\377\0<\0s' >broken/utf16
printf '{"a": [1,2' >broken/a.json
: >broken/empty
head -c 100000 /dev/urandom >broken/random
within 1 scan --format jsonl broken miner.html
same 'nothing malformed is an error' "$(jsonl -r 'select(.error)')" ''
same 'and all are judged' "$(jsonl .verdict | wc -l | tr -d ' ')" 11

# Very many findings in one file.
{
    printf '<!doctype html>'
    i=0
    while [ $i -lt 600 ]; do
        printf '<script>new CoinHive.Anonymous("%s").start()</script>\n' $key
        i=$((i + 1))
    done
} >many.html
within 1 scan many.html
out 'also +[0-9]+ more'
[ "$(wc -l <.out)" -lt 60 ]
note $? 'one screen, however often a rule holds'
finish

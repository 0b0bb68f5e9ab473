#!/bin/sh
# SPDX-License-Identifier: MIT
# Text, JSON and JSON Lines: the contract, files, colours, safety.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need jq

miner_page >miner.html
clean_page >clean.html
level_pack
level_script medium >suspicious.js

# JSON Lines: exactly the members of schema 1.
run 1 scan --format jsonl miner.html clean.html nothing
same 'an object for each target' "$(jsonl -r .target | tr '\n' ' ')" \
    'miner.html clean.html nothing '
same 'members of a judged target' \
    "$(jsonl 'select(.verdict) | keys_unsorted' | sort -u)" \
    '["schema","target","type","sha256","verdict","score","families","findings","limits","bytes","micros"]'
same 'members of a finding' \
    "$(jsonl '.findings[]? | keys_unsorted' | sort -u)" \
    '["rule","title","severity","confidence","family","path","offset","length","line","column","evidence","fix"]'
same 'members of an error' "$(jsonl 'select(.error) | keys_unsorted')" \
    '["schema","target","error"]'
same 'digest' "$(jsonl -r 'select(.target == "miner.html").sha256')" \
    "$(sha256sum miner.html | cut -d' ' -f1)"
same 'bytes' "$(jsonl -r 'select(.target == "miner.html").bytes')" \
    "$(wc -c <miner.html | tr -d ' ')"
same 'type and verdict' "$(jsonl -r \
    'select(.target == "miner.html") | .type + " " + .verdict')" 'html miner'
offset=$(jsonl -r 'select(.target == "miner.html") | .findings[0].offset')
length=$(jsonl -r 'select(.target == "miner.html") | .findings[0].length')
same 'offset and length are those of the code' \
    "$(tail -c +$((offset + 1)) miner.html | head -c "$length" | head -c 24)" \
    "new CoinHive.Anonymous('"
same 'line and column' "$(jsonl -r 'select(.target == "miner.html") |
    .findings[0] | "\(.line):\(.column)"')" 4:1

# JSON: one array of the same.
run 1 scan --format json miner.html clean.html nothing
jq -e 'type == "array" and length == 3' <.out >/dev/null
note $? 'json is one array'
run 0 scan --format json --exclude '*' clean.html
same 'of nothing, an empty one' "$(jq -c . <.out)" '[]'

# --severity leaves out findings, not verdicts.
run 1 scan --pack levels --format jsonl --severity high suspicious.js
same 'a finding that is not shown' \
    "$(jsonl -c '[.verdict, (.findings | length)]')" '["suspicious",0]'

# Text.
run 1 scan miner.html clean.html
out '^MINER  miner.html$'
out '^  score [0-9]+ of 100 \([0-9]+ \+ [0-9 +]+\); family coinhive$'
out '^  miner.html:4:1$'
out "found +new CoinHive.Anonymous\\('"
out 'in +miner.html > script\[1\]'
out 'why +CoinHive miner is set up'
out 'critical, \+80 points, DAVY-1001'
out 'to do +Remove this script'
out '^Looked at 2 targets .*: 1 miner, 0 suspicious, 1 clean'
no_out '^clean'
run 1 scan -q miner.html clean.html nothing
out '^MINER  miner.html'
no_out 'Looked at'
err 'nothing: no such file'
run 0 scan -q clean.html
same 'quiet and clean says nothing' "$(cat .out .err)" ''
run 0 scan -v clean.html
out '^clean  clean.html$'
out 'sha256 [0-9a-f]{64}'
out '^  html, [0-9]+ bytes, [0-9.]+ ms'
level_script critical >critical.js
run 1 scan --pack levels suspicious.js critical.js
out '^SUSPICIOUS  suspicious.js$'
out '^MINER       critical.js$'

# Files.
run 1 scan -o report miner.html
same 'moved to a file' "$(cat .out)" ''
grep -q '^MINER' report
note $? '  which has the text'
run 1 scan -o json=r.json -o jsonl=r.jsonl -o text=r.txt miner.html clean.html
out '^MINER  miner.html$'
same 'json besides' "$(jq -r '.[].target' <r.json | tr '\n' ' ')" \
    'miner.html clean.html '
same 'jsonl besides' "$(jq -r '.target' <r.jsonl | tr '\n' ' ')" \
    'miner.html clean.html '
same 'text besides' "$(grep -v '^Looked' r.txt)" "$(grep -v '^Looked' .out)"
run 1 scan --format json -o r2.json miner.html
same '--format is that of a plain -o' "$(jq -r '.[].verdict' <r2.json)" miner
run 1 scan -o jsonl=- miner.html
same 'to standard output' "$(jsonl -r .verdict)" miner
run 1 scan -o ./odd=name miner.html
grep -q '^MINER' ./odd=name
note $? 'a path with an equals sign'

# Colours.
esc=$(printf '\033')
run 1 scan miner.html
no_out "$esc"
run 1 scan --color always miner.html
out "$esc\\[1;31mMINER"
if command -v script >/dev/null 2>&1; then
    terminal() { # variables and arguments; what a terminal gets
        TERM=xterm script -qec "env $1 '$davy' scan miner.html" /dev/null \
            </dev/null
    }
    terminal '' | grep -q "$esc\\[1;31mMINER"
    note $? 'a terminal gets colours'
    for variable in NO_COLOR=1 TERM=dumb CI=true; do
        ! terminal $variable | grep -q "$esc\\[1;31m"
        note $? "not with $variable"
    done
    terminal NO_COLOR= | grep -q "$esc\\[1;31mMINER"
    note $? 'an empty NO_COLOR means nothing'
fi

# Nothing of a file reaches a terminal unclean.
{
    printf '<script>\nnew CoinHive.Anonymous("'
    printf '\033]0;title\007\033[2J\302\233\342\200\256\377", {throttle: 1})'
    printf '.start();\n</script>\n'
} >evil.html
run 1 scan evil.html
no_out "$esc|$(printf '\007|\302\233|\342\200\256|\377')"
run 1 scan --format jsonl evil.html
no_out "$esc|$(printf '\007')"
jsonl -e .verdict >/dev/null
note $? 'and JSON stays JSON'
run 1 scan -q -o r.txt --format text evil.html
! grep -q "$esc" r.txt
note $? 'not into a file either'
run 0 dump facts evil.html
no_out "$esc|$(printf '\007')"

# A reader that leaves early.
i=0
mkdir many
while [ $i -lt 100 ]; do
    miner_page >many/$i.html
    i=$((i + 1))
done
"$davy" scan --format jsonl many 2>.err | head -n 1 >/dev/null
same 'a reader that leaves is no reason to complain' "$(cat .err)" ''
finish

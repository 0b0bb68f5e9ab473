#!/bin/sh
# SPDX-License-Identifier: MIT
# Wrong words are answered with a sentence and 2; help goes to standard output.
. "${top_srcdir:-.}/tests/cli/lib.sh"

run 2
out '^usage: davy COMMAND'
run 0 --help
out 'scan .*Look for miners'
run 0 --version
out '^davy [0-9]+\.[0-9]+\.[0-9]+$'
out '^davy-core [0-9.]+, [0-9]+ rules'
run 0 --version --pack "$work/nothing"
out '^no pack at'
run 0 scan --help
out '--severity says which'
out '--fail-on LEVEL'
run 0 help scan
out '--max-filesize SIZE'
run 0 help rules
out 'rules lint'
run 0 rules --help
out 'rules explain'
run 0 help rules test
out 'byte by byte'
run 0 dump --help
out 'html\|js\|facts'

run 2 scna x
err 'did you mean davy scan\?'
mkdir public
run 2 ./public
err 'davy scan ./public'
run 2 watch
err 'no command watch'
run 2 rules
err 'which one\?'
run 2 rules bake
err 'no command rules bake'
run 2 help nothing
err 'no command nothing'

run 2 scan
err 'nothing to scan'
run 2 scan --exclud x public
err 'did you mean --exclude\?'
run 2 scan -x public
err 'unknown option -x'
run 2 scan --format
err '--format needs FORMAT'
run 2 scan --format pdf public
err 'text, json or jsonl, not pdf'
run 2 scan --quiet=yes public
err '--quiet takes no value'
run 2 scan -j 0 public
err '--jobs takes a number from 1'
run 2 scan -jx public
err 'not x'
run 2 scan --max-filesize 1X public
err '--max-filesize takes a number'
run 2 scan --max-filesize 99999999999999999999G public
err '--max-filesize takes a number'
run 2 scan --severity bad public
err 'critical, not bad'
run 2 scan --fail-on bad public
err 'or never, not bad'
run 2 scan --color sometimes public
err 'auto, always or never'
run 2 scan -0 public
err 'files-from'
run 2 scan --files-from "$work/nothing"
err 'nothing: No such file'
run 2 scan -o sarif=x public
err 'json=FILE'
run 2 scan -o "$work/no/such/file" public
err 'no/such/file: No such file'
run 2 scan --list x public
err 'abp=FILE'
run 2 scan --list "abp=$work/nothing" public
err 'nothing'
run 2 scan --pack "$work/nothing" public
err 'there is no pack of patterns at .*DAVY_DATADIR'
mkdir broken
echo 'name: {' >broken/pack.yaml
run 2 scan --pack broken public
err 'broken/pack.yaml:[0-9]+'
run 2 rules list --pack broken
run 2 dump html
err 'usage: davy dump'
run 2 dump trees x
run 2 dump --type css html x
err 'html or js, not css'

clean_page >-dash.html
run 0 scan -- -dash.html
out '1 target .* 1 clean'

# Full: the answer cannot be written.
if [ -w /dev/full ]; then
    "$davy" scan public >/dev/full 2>.err
    same 'a full disk is exit 2' $? 2
    "$davy" scan --help >/dev/full 2>.err
    same 'a full disk is exit 2, also of help' $? 2
    run 2 scan -o /dev/full -v -- -dash.html
    err 'No space left'
fi
finish

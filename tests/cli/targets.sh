#!/bin/sh
# SPDX-License-Identifier: MIT
# Folders, links, lists, exclusion, standard input: what is looked at, once
# each, in a fixed order, whatever else is there.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need jq

names() { # the targets of the last run, in one line
    jsonl -r .target | tr '\n' ' ' | sed 's/ $//'
}

# By content, not by name; in the order of bytes.
mkdir -p site/a site/b/c
clean_page >site/a/index.html
miner_page >site/b/c/logo.png
miner_page >site/B.txt
clean_page >site/z
run 1 scan --format jsonl site
same 'a folder is walked in order' "$(names)" \
    'site/B.txt site/a/index.html site/b/c/logo.png site/z'
same 'a page is a page, whatever its name' \
    "$(jsonl -r '.verdict' | tr '\n' ' ')" 'miner clean miner clean '
run 1 scan --format jsonl site/ site/a
same 'a slash is not doubled' "$(names)" \
    'site/B.txt site/a/index.html site/b/c/logo.png site/z site/a/index.html'

# Links: loops end, each folder once, a dangling link is an error.
mkdir -p links/real/deep
clean_page >links/real/deep/page.html
ln -s ../.. links/real/deep/up
ln -s real links/alias
ln -s loop links/loop
ln -s real/deep/page.html links/page
ln -s nowhere links/dangling
run 3 scan --format jsonl links
same 'links are followed once' "$(names)" \
    'links/alias/deep/page.html links/dangling links/loop links/page'
same 'broken links are errors' "$(jsonl -r 'select(.error) | .target' |
    tr '\n' ' ')" 'links/dangling links/loop '
run 3 scan links/dangling
out 'a link to something that is not there'
mkdir self
ln -s . self/self
clean_page >self/page.html
run 0 scan --format jsonl self/self/self/self
same 'a folder in itself' "$(names)" self/self/self/self/page.html

# What is no file.
mkdir special
mkfifo special/pipe
clean_page >special/page.html
python3 - <<'PY' || echo '# no socket could be made'
import socket
socket.socket(socket.AF_UNIX).bind("special/socket")
PY
run 0 scan --format jsonl special
same 'pipes and sockets are passed over' "$(names)" special/page.html
err 'note: special/pipe: a pipe, passed over'
run 0 scan special
out '^Passed over: '
run 0 scan -q special
no_err note
run 3 scan /dev/null
out 'a character device, not a file or folder'
(miner_page >special/pipe) &
run 1 scan special/pipe
wait $!

# Exclusion.
mkdir -p tree/node_modules/x tree/js/vendor
miner_page >tree/node_modules/x/a.js
miner_page >tree/js/vendor/b.js
miner_page >tree/js/app.min.js
clean_page >tree/index.html
run 1 scan --format jsonl --exclude node_modules tree
same 'a folder by its name' "$(names)" \
    'tree/index.html tree/js/app.min.js tree/js/vendor/b.js'
run 0 scan --format jsonl --exclude node_modules/ --exclude '*.min.js' \
    --exclude 'js/vendor/*' tree
same 'several, also by path' "$(names)" tree/index.html
run 1 scan --format jsonl --exclude 'tree/js' tree
same 'by the whole path' "$(names)" 'tree/index.html tree/node_modules/x/a.js'
run 0 scan --format jsonl --exclude '*' tree
same 'everything below, but not the folder that was named' "$(names)" ''
run 0 scan --format jsonl --exclude '*.js' tree/js/app.min.js tree/index.html
same 'files that were named, too' "$(names)" tree/index.html
cd tree || exit 1
run 0 scan --format jsonl --exclude '.*' --exclude js --exclude node_modules .
same 'a glob of hidden files' "$(names)" ./index.html
cd .. || exit 1

# Lists.
printf 'tree/index.html\r\n\nsite/B.txt\nnothing\n' >list
run 1 scan --format jsonl --files-from list site/z
same 'a list, words first' "$(names)" \
    'site/z tree/index.html site/B.txt nothing'
printf 'tree/index.html\0site/B.txt\0' >list0
run_stdin list0 1 scan --format jsonl -0 --files-from -
same 'a list with NUL from standard input' "$(names)" \
    'tree/index.html site/B.txt'
run_stdin list 3 scan --format jsonl --exclude B.txt --files-from - -
same 'standard input is taken once' "$(names)" '- tree/index.html nothing'
: >nobody
run 0 scan --files-from nobody
printf 'we ird\nname.html' >line
mkdir odd
miner_page >"odd/$(printf 'a\nb \033[31mred').html"
run 1 scan odd
out 'a\\x0ab \\x1b\[31mred.html'
no_out "$(printf '\033')"
run 1 scan --format jsonl odd
same 'names with control characters' "$(jsonl -r .target)" \
    "$(printf 'odd/a\nb \033[31mred.html')"

# Standard input.
miner_page >page
run_stdin page 1 scan --format jsonl -
same 'standard input has its name' "$(jsonl -r '.target + " " + .verdict')" \
    '- miner'
run_stdin /dev/null 0 scan -
run_stdin page 1 scan --format jsonl - -
same 'and a second time is an error' "$(jsonl -r 'select(.error).target')" -

# Gone between the walk and the look: a folder that is full of surprises.
mkdir busy
i=0
while [ $i -lt 200 ]; do
    clean_page >busy/$i.html
    i=$((i + 1))
done
(i=0; while [ $i -lt 200 ]; do rm -f busy/$i.html; i=$((i + 1)); done) &
"$davy" scan --format jsonl busy >"$work/.out" 2>"$work/.err"
got=$?
wait $!
[ $got -eq 0 ] || [ $got -eq 3 ]
note $? 'files that vanish stop nothing'
jq -es 'all(.error or .verdict == "clean")' <.out >/dev/null
note $? '  and are errors or clean'
finish

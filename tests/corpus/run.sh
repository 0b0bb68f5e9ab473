#!/bin/sh
# SPDX-License-Identifier: MIT
# The corpus of transformed scripts: make it, and let davy judge it.
#
# usage: run.sh FOLDER make          in the build folder; packages and corpus
#        run.sh FOLDER check DAVY    go to FOLDER
#
# `check` makes the corpus first where it is missing or older than its sources.
# Its last line is `N passed, N failed`.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)

# Packages of another lock file are no good.
install() {
    cmp -s "$here/package-lock.json" "$folder/node_modules/.lock" ||
        (cd "$folder" && npm ci --ignore-scripts --silent &&
            cp package-lock.json node_modules/.lock)
}

stale() {
    [ -f "$folder/corpus/index.json" ] || return 0
    [ -n "$(find "$here" "$top/tests/files/benign" -type f \
        ! -name judge.mjs ! -name strings.mjs ! -name '*.json' ! -name '*.sh' \
        -newer "$folder/corpus/index.json")" ]
}

make_corpus() {
    (cd "$folder" && timeout 1800 node generate.mjs "$here")
}

[ "$folder" = "$here" ] ||
    cp "$here"/package.json "$here"/package-lock.json "$here"/.npmrc \
        "$here"/*.mjs "$folder"
install
if [ "$2" = make ]; then
    make_corpus
    exit
fi
export DAVY_DATADIR="$top"
davy=$(cd "$(dirname "$3")" && pwd)/$(basename "$3")
if stale; then
    make_corpus
fi
cd "$folder"
status=0
timeout 300 node verify.mjs >verify.log || status=1
sed '$d' verify.log
timeout 1500 node strings.mjs "$davy" "$here" || status=1
timeout 1500 node judge.mjs "$davy" "$top/patterns" >judge.log || status=1
sed '$d' judge.log
tail -q -n 1 verify.log judge.log |
    awk '{ p += $1; f += $3 } END { print p + 0 " passed, " f + 0 " failed" }'
exit $status

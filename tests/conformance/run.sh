#!/bin/sh
# SPDX-License-Identifier: MIT
# Judge the parser by npm's test262-parser-tests: what must parse parses, what
# must not is refused, and both spellings of a program give the same tree.
#
# usage: run.sh JS_JUDGE FOLDER     the suite is installed in FOLDER
# exceptions.txt lists what we answer otherwise, and why.  The last line is
# `N passed, N failed`; the exit status is 1 when anything failed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
judge=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
mkdir -p "$2"
cd "$2"

cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" .
[ -d node_modules/test262-parser-tests ] ||
    npm ci --omit=dev --ignore-scripts --silent
suite=node_modules/test262-parser-tests

goal_of() {
    case $1 in
    *.module.js) echo module ;;
    *) echo script ;;
    esac
}

for folder in pass pass-explicit fail early; do
    for file in "$suite/$folder"/*.js; do
        echo "$(goal_of "$file") $file"
    done
done >jobs.txt
"$judge" <jobs.txt >answers.txt

# One line a test: `FOLDER/FILE wanted got`.
awk -v suite="$suite/" '
{
    path = $3
    sub(/:$/, "", path)
    sub(suite, "", path)
    split(path, part, "/")
    wanted = part[1] ~ /^pass/ ? "ok" : "refused"
    print path, wanted, $1
    if (part[1] == "pass")
        tree[part[2]] = $2
    else if (part[1] == "pass-explicit")
        print "pairs/" part[2], tree[part[2]], $2
}' answers.txt >results.txt

awk -v exceptions="$here/exceptions.txt" '
BEGIN {
    while ((getline line < exceptions) > 0) {
        split(line, word, " ")
        if (line !~ /^#/ && line != "")
            excused[word[1]] = 1
    }
}
$2 == $3 && $1 in excused { print $1 ": no exception any more"; failed++; next }
$2 == $3 { passed++; next }
$1 in excused { exceptions_met++; delete excused[$1]; next }
{ print $1 ": " $3 " instead of " $2; failed++ }
END {
    for (path in excused) {
        print path ": the suite has no such test, or it passes"
        failed++
    }
    print exceptions_met + 0 " exceptions as listed"
    print passed + 0 " passed, " failed + 0 " failed"
    exit failed > 0
}' results.txt

# SPDX-License-Identifier: MIT
# lib.sh - what the tests of the command share; sourced by each of them.
#
#     run STATUS davy-arguments...    the exit status must be this
#     out PATTERN, err PATTERN        a line of that output matches (grep -E)
#     no_out PATTERN, no_err PATTERN  none does
#     same WHAT ACTUAL EXPECTED       two texts are equal
#     finish                          at the end

set -u
top=${top_srcdir:-$(cd "$(dirname "$0")/../.." && pwd)}
davy=$PWD/davy
DAVY_DATADIR=$top
export DAVY_DATADIR
unset NO_COLOR CI CLICOLOR_FORCE http_proxy https_proxy all_proxy 2>/dev/null
LC_ALL=C
export LC_ALL
work=$(mktemp -d)
server=
trap 'stop_server; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
cd "$work" || exit 1
count=0
bad=0
key=0123456789abcdef0123456789ABCDEF

note() { # is it well?, text
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $count - $2"
    else
        echo "not ok $count - $2"
        bad=$((bad + 1))
    fi
}

run() {
    wanted=$1
    shift
    "$davy" "$@" >"$work/.out" 2>"$work/.err" </dev/null
    got=$?
    report_status "$@"
}

# The same with the file $1 as standard input.
run_stdin() {
    input=$1
    wanted=$2
    shift 2
    "$davy" "$@" >"$work/.out" 2>"$work/.err" <"$input"
    got=$?
    report_status "$@"
}

report_status() {
    [ "$got" -eq "$wanted" ]
    note $? "exit $wanted: davy $*"
    [ "$got" -eq "$wanted" ] || {
        echo "# it was $got"
        head -n 5 "$work/.out" "$work/.err" | sed 's/^/# /'
    }
}

out() {
    grep -aqE -e "$1" "$work/.out"
    seen=$?
    note $seen "  output has: $1"
    [ $seen -eq 0 ] || head -n 20 "$work/.out" | sed 's/^/# /'
}

err() {
    grep -aqE -e "$1" "$work/.err"
    seen=$?
    note $seen "  message has: $1"
    [ $seen -eq 0 ] || head -n 20 "$work/.err" | sed 's/^/# /'
}

no_out() {
    ! grep -aqE -e "$1" "$work/.out"
    note $? "  output has not: $1"
}

no_err() {
    ! grep -aqE -e "$1" "$work/.err"
    note $? "  message has not: $1"
}

same() {
    [ "$2" = "$3" ]
    seen=$?
    note $seen "$1"
    [ $seen -eq 0 ] || printf '# is       %s\n# should be %s\n' "$2" "$3"
}

# JSON Lines of the last run through jq.
jsonl() {
    jq -c "$@" <"$work/.out"
}

need() {
    command -v "$1" >/dev/null 2>&1 && return 0
    echo "1..0 # skipped, there is no $1"
    exit 77
}

miner_page() {
    printf '<!doctype html>\n<title>x</title>\n<script>\n%s\n</script>\n' \
        "new CoinHive.Anonymous('$key', {throttle: 0.5}).start();"
}

clean_page() {
    printf '<!doctype html>\n<title>x</title>\n<p>hello\n'
}

# A pack in the folder `levels`: the string level-LEVEL is a finding of this
# severity with the points that go with it.
level_pack() {
    mkdir -p levels
    echo 'rules:' >levels/rules.yaml
    while read -r id level confidence score; do
        cat <<YAML >>levels/rules.yaml
- id: LEVEL-$id
  title: A string of level $level
  layer: code
  severity: $level
  confidence: $confidence
  score: $score
  status: experimental
  since: 2026.11.0
  fix: Remove the string.
  match:
    string: {equals: level-$level}
  tests:
  - {detect: 'a("level-$level")', type: js}
  - {ignore: 'a("level")', type: js}
YAML
    done <<LEVELS
0 info low -5
1 low low 5
2 medium medium 45
3 high medium 50
4 critical conclusive 80
LEVELS
    cat <<YAML >levels/pack.yaml
name: levels
version: 2026.11.0
sequence: 1
min_engine: 0.1.0
licence: MIT
files:
- {path: rules.yaml, kind: rules, sha256: $(sha256sum levels/rules.yaml | cut -d' ' -f1)}
YAML
}

level_script() { # level
    printf 'a("level-%s");\n' "$1"
}

start_server() { # further arguments of server.py
    mkfifo "$work/.hold"
    python3 "$top/tests/cli/server.py" "$work/.port" "$@" <"$work/.hold" &
    server=$!
    exec 9>"$work/.hold"
    tries=0
    while [ ! -s "$work/.port" ] && [ $tries -lt 100 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    base=http://127.0.0.1:$(cat "$work/.port")
}

stop_server() {
    [ -n "$server" ] || return 0
    exec 9>&-
    wait "$server" 2>/dev/null
    server=
}

finish() {
    echo "1..$count"
    [ "$bad" -eq 0 ]
    exit
}

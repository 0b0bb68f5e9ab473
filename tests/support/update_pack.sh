#!/bin/sh
# SPDX-License-Identifier: MIT
# A pack whose digests are written by scripts/update-pack can be loaded, and
# one whose files have changed since then cannot.
set -eu

update=${top_srcdir:-.}/scripts/update-pack
pack=update-pack.$$.tmp
trap 'rm -rf "$pack"' EXIT
mkdir -p "$pack/rules"

cat >"$pack/rules/a.yaml" <<'EOF'
rules:
- id: TEST-1
  title: A test
  layer: api
  severity: low
  confidence: low
  status: experimental
  since: 1.0.0
  fix: Remove it
  match: {word: miner}
EOF
echo '||miner.example^' >"$pack/list.txt"
cat >"$pack/pack.yaml" <<'EOF'
name: test
version: 1.0.0
sequence: 1
min_engine: 0.1.0
licence: MIT
files:
- path: rules/a.yaml
  kind: rules
  sha256: nothing yet
- path: list.txt
  sha256: nothing yet
  kind: abp
  id: TEST-L1
  title: A list
  severity: low
  confidence: low
EOF

fail() {
    echo "$1"
    exit 1
}

"$update" --check "$pack" 2>/dev/null && fail 'missing digests go unnoticed'
"$update" "$pack"
"$update" --check "$pack" || fail 'fresh digests are taken for old ones'
./tests/support/pack_lint "$pack" || fail 'the pack cannot be loaded'
echo '||other.example^' >>"$pack/list.txt"
./tests/support/pack_lint "$pack" && fail 'a changed file is accepted'
"$update" "$pack"
./tests/support/pack_lint "$pack" || fail 'the pack cannot be loaded again'
rm "$pack/list.txt"
"$update" "$pack" 2>/dev/null && fail 'a missing file goes unnoticed'
exit 0

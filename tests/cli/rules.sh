#!/bin/sh
# SPDX-License-Identifier: MIT
# davy rules and davy dump.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need jq

run 0 rules list
out '^DAVY-1001 +critical'
out '^[0-9]+ rules$'
out '^LIST '
run 0 rules list --format json
same 'as JSON' "$(jq -r '.[] | select(.id == "DAVY-1001").severity' <.out)" \
    critical
run 0 rules list 'davy-10*'
no_out 'DAVY-1101'
run 2 rules list DAVY-9999
err 'there is no rule DAVY-9999'
run 0 rules explain DAVY-1001
out '^DAVY-1001  CoinHive miner is set up'
out 'weight +critical severity, conclusive confidence, \+80 points'
out 'attack.mitre.org/techniques/T1496/001/'
out 'detects \(line [0-9]+\)'
out 'coin-services.yaml:[0-9]+'
run 2 rules explain
err 'name the rules'
run 2 rules explain NONE
run 0 rules test
out ' examples passed, 0 failed$'
run 0 rules test DAVY-1001 -v
out 'DAVY-1001 detect: as expected'
run 0 rules test --format json DAVY-1001
jq -e 'length > 3 and all(.passed)' <.out >/dev/null
note $? 'as JSON'
run 0 rules lint
out '^0 errors, '

cat >own.yaml <<'YAML'
rules:
- id: OWN-1
  title: An own rule
  layer: code
  severity: high
  confidence: medium
  status: experimental
  since: 2026.11.0
  fix: Nothing.
  match:
    string: 'secretword'
  tests:
  - detect: |
      var a = "secretword";
    type: js
  - ignore: |
      var a = "other"; // secretword
    type: js
  - detect: |
      var a = "notthis";
    type: js
YAML
run 0 rules lint own.yaml
run 1 rules test own.yaml
out '^own.yaml:[0-9]+: OWN-1 detect: it must be detected, and is not$'
out '^1 rules, 2 examples passed, 1 failed$'
run 1 rules test --format json own.yaml
same 'failures as JSON' "$(jq -r '.[] | select(.passed | not).error' <.out)" \
    'it must be detected, and is not'
run 1 rules test -q own.yaml
no_out 'examples passed'
mkdir folder
cp own.yaml folder/a.yml
run 0 rules list folder
out '^OWN-1 '
run 2 rules list "$work"/nothing.yaml
err 'No such file'
mkdir bare
run 2 rules lint bare
err 'neither a pack'

cat >bad.yaml <<'YAML'
rules:
- id: OWN-1
  titel: Misspelt
  severity: dreadful
  match:
    string: 'secretword'
YAML
run 1 rules lint bad.yaml
out '^bad.yaml:3:[0-9]+: error: .*titel'
out '^bad.yaml:4:[0-9]+: error: .*dreadful'
out '^[0-9]+ errors'
run 1 rules lint --format json bad.yaml
jq -e 'length >= 2 and all(.line > 0 and (.kind | length > 0))' <.out >/dev/null
note $? 'as JSON'
run 2 rules test bad.yaml
err 'bad.yaml:3'
run 2 rules lint NO-FILE
err 'no file or folder NO-FILE'

miner_page >page.html
run 0 dump html page.html
out .
run 0 dump facts page.html
out CoinHive
run 0 dump js page.html
out .
printf 'new CoinHive.Anonymous("x")' >s.js
run_stdin s.js 0 dump --type js facts -
out CoinHive
run 3 dump html nothing
err 'nothing: No such file'
run 0 dump --max-filesize 10 html page.html
err 'only the first 10 bytes'

# Further lists.
echo '||bad.example^$script' >abp.txt
echo '0.0.0.0 worse.example' >hosts.txt
printf '<script src="https://bad.example/a.js"></script>' >bad.html
printf '<script src="https://worse.example/a.js"></script>' >worse.html
run 0 scan bad.html worse.html
run 1 scan --list abp=abp.txt bad.html
run 1 scan --list hosts=hosts.txt worse.html
finish

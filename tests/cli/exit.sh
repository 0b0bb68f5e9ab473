#!/bin/sh
# SPDX-License-Identifier: MIT
# Exit statuses: what was found against --fail-on, and what could not be seen.
. "${top_srcdir:-.}/tests/cli/lib.sh"

level_pack
run 0 rules test levels
clean_page >clean.html
for level in info low medium high critical; do
    level_script $level >$level.js
done
mkdir empty

# --fail-on, then the status for clean, info (a discount), low, medium (and
# suspicious), high (and suspicious), critical (and a miner)
while read -r fail_on clean info low medium high critical; do
    run "$clean" scan --pack levels --fail-on "$fail_on" clean.html
    run "$info" scan --pack levels --fail-on "$fail_on" info.js
    run "$low" scan --pack levels --fail-on "$fail_on" low.js
    run "$medium" scan --pack levels --fail-on "$fail_on" medium.js
    run "$high" scan --pack levels --fail-on "$fail_on" high.js
    run "$critical" scan --pack levels --fail-on "$fail_on" critical.js
    run "$critical" scan --pack levels --fail-on "$fail_on" critical.js clean.html low.js
done <<TABLE
info        0 0 1 1 1 1
low         0 0 1 1 1 1
medium      0 0 0 1 1 1
high        0 0 0 0 1 1
critical    0 0 0 0 0 1
suspicious  0 0 0 1 1 1
miner       0 0 0 0 0 1
never       0 0 0 0 0 0
TABLE
run 0 scan --pack levels low.js
run 1 scan --pack levels medium.js
run 0 scan empty
out '^Looked at 0 targets'

# Not to be shown is no reason not to count.
run 1 scan --pack levels --severity critical medium.js
no_out 'LEVEL-2'
run 0 scan --pack levels --severity info --fail-on high medium.js
out 'LEVEL-2'
run 0 scan --pack levels low.js
out '^clean  low.js'
out 'low, \+5 points, LEVEL-1'
run 0 scan --pack levels info.js
no_out 'LEVEL'
run 0 scan --pack levels --severity info info.js
out 'info, -5 points, LEVEL-0'

# Unseen: 3, unless something was found.
run 3 scan --pack levels nothing.html
out 'NOT LOOKED AT  nothing.html'
out '^Not looked at: 1'
run 3 scan --pack levels clean.html nothing.html
run 1 scan --pack levels nothing.html critical.js
run 1 scan --pack levels critical.js nothing.html
run 3 scan --pack levels --fail-on never nothing.html critical.js
run 3 scan --pack levels --fail-on miner nothing.html medium.js
run 3 scan --pack levels nothing.example
out 'an address starts with https://'
run 3 scan --pack levels ftp://127.0.0.1/x
out 'only http:// and https://'
finish

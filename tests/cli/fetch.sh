#!/bin/sh
# SPDX-License-Identifier: MIT
# Addresses: where davy goes, where it does not, and what it says of trouble.
. "${top_srcdir:-.}/tests/cli/lib.sh"
need jq
need python3

mkdir www www/js
miner_page >www/page.html
clean_page >www/clean.html
printf 'new CoinHive.Anonymous("%s").start();\n' $key >www/js/bad.js
printf 'document.title = "x";\n' >www/js/good.js
printf '<!doctype html><script src=/js/good.js></script>%s%s%s' \
    '<script src="js/bad.js#part"></script><script src=js/bad.js></script>' \
    '<img src=/image.png><a href=/page.html>link</a>' \
    '<iframe src=/clean.html></iframe>' >www/loads.html
printf '<!doctype html><iframe src=/loads.html></iframe>' >www/frame.html
printf '<!doctype html><iframe src=/loop.html?%s></iframe>' "again" >www/loop.html
printf '<!doctype html><script src=/nothing.js></script>' >www/misses.html
start_server www
port=${base##*:}

says() { # why the first target was not looked at
    jsonl -r 'select(.error).error' | head -n 1
}

refused='private network; --allow-private permits that'

# Private networks, in every spelling.
while read -r host; do
    run 3 scan --format jsonl --timeout 5 "http://$host:$port/page.html"
    says | grep -q "$refused"
    note $? "  $host is private"
done <<HOSTS
127.0.0.1
127.1
2130706433
0x7f.0.0.1
0177.0.0.1
localhost
0.0.0.0
10.0.0.1
100.64.0.1
169.254.169.254
172.16.0.1
172.31.255.255
192.168.1.1
192.0.0.1
198.18.0.1
224.0.0.1
255.255.255.255
[::1]
[::]
[::ffff:127.0.0.1]
[::ffff:8.8.8.8]
[64:ff9b::7f00:1]
[64:ff9b:1::1]
[2002:7f00:1::]
[fc00::1]
[fd12:3456::1]
[fe80::1]
[ff02::1]
[2001:db8::1]
HOSTS
same 'nobody was asked' "$(cat www/.log 2>/dev/null)" ''
run 3 scan --format jsonl --timeout 5 --proxy "$base" \
    http://127.1/ http://localhost/ 'http://[::1]/'
same 'nor through a proxy' "$(jsonl -r .error | grep -c "$refused")" 3
http_proxy=$base
export http_proxy
run 3 scan --format jsonl --timeout 5 http://10.0.0.1/
same 'a proxy of the environment is not used' "$(cat www/.log 2>/dev/null)" ''
unset http_proxy
run 0 scan --format jsonl --proxy "$base" http://davy.example/clean.html
same 'one that is named is' "$(jsonl -r .verdict)" clean

# The page and what it loads, each once.
: >www/.log
run 1 scan --allow-private --format jsonl "$base/loads.html#top"
same 'targets in the order of the page' \
    "$(jsonl -r '(.target | ltrimstr("'"$base"'")) + " " + .verdict' |
        tr '\n' ' ')" \
    '/loads.html#top clean /js/good.js clean /js/bad.js miner /clean.html clean '
same 'one request each' "$(cut -f1 www/.log | tr '\n' ' ')" \
    '/loads.html /js/good.js /js/bad.js /clean.html '
same 'an honest name' "$(cut -f2 www/.log | sort -u)" \
    "$("$davy" --version | sed -n '1s|davy |davy/|p') (site scanner)"
same 'the page is the referrer' "$(cut -f3 www/.log | sort -u | tr '\n' ' ')" \
    "- $base/loads.html "
run 1 scan --allow-private "$base/loads.html"
out "^clean  $base/loads.html"
out 'clean itself, but it loads'
out "^MINER  $base/js/bad.js"
out "loaded by $base/loads.html"
out "^MINER .*bad.js \\(loaded by $base/loads.html\\)"
out '^Looked at 1 target and 3 they load'
run 1 scan --allow-private --format jsonl "$base/frame.html"
same 'frames inside frames' "$(jsonl .target | wc -l | tr -d ' ')" 5
run 0 scan --allow-private --format jsonl "$base/loop.html"
same 'a frame in itself ends' "$(jsonl .target | wc -l | tr -d ' ')" 2
run 0 scan --allow-private --exclude '*/bad.js' "$base/loads.html"
run 3 scan --allow-private --max-resources 1 "$base/loads.html"
out 'not all that it loads was fetched'
run 3 scan --allow-private --format jsonl "$base/misses.html"
same 'a script that is not there' "$(says)" \
    'the server answers with status 404 (not found)'
printf '%s\n' "$base/clean.html" "$base/page.html" >list
run 1 scan --allow-private --format jsonl --files-from list -j 4
same 'addresses in a list' "$(jsonl -r .verdict | tr '\n' ' ')" 'clean miner '
run 0 scan --allow-private --user-agent 'Me/1 (hi)' "$base/clean.html"
grep -q 'Me/1 (hi)' www/.log
note $? 'another name'

# Redirects.
: >www/.log
run 1 scan --allow-private --format jsonl "$base/redirect/3"
same 'redirects are followed' "$(jsonl -r '.target + " " + .verdict')" \
    "$base/redirect/3 miner"
same 'without cookies' "$(cut -f4 www/.log | sort -u)" -
run 3 scan --allow-private --max-redirects 2 --format jsonl "$base/redirect/3"
same 'as many as allowed' "$(says)" 'more than 2 redirects (--max-redirects)'
run 1 scan --allow-private --max-redirects 4 "$base/redirect/3"
for place in 'file:||/etc/passwd' 'ftp:||127.0.0.1|' 'gopher:||x|' \
    'javascript:alert(1)' 'data:text,x'; do
    run 3 scan --allow-private --format jsonl "$base/away/$place"
done
run 3 scan --allow-private --format jsonl "$base/away/file:||/etc/passwd"
says | grep -q 'no http:// or https://'
note $? '  with a reason'

# Codings: undone by the library, within its limits.
run 1 scan --allow-private "$base/gzip/"
run 1 scan --allow-private "$base/twice/"
run 0 scan --allow-private --format jsonl "$base/wrong/"
run 0 scan --allow-private --format jsonl "$base/bomb/"
jsonl -e '.limits | length > 0' >/dev/null
note $? '  with a limit entry'

# Trouble.
for status in 400 401 403 404 410 418 429 500 503; do
    run 3 scan --allow-private --format jsonl "$base/status/$status"
    says | grep -q "status $status"
    note $? "  $status is said"
done
run 3 scan --allow-private --timeout 1 --format jsonl "$base/silent/"
same 'a server that does not answer' "$(says)" \
    'no complete answer within 1 seconds (--timeout)'
run 3 scan --allow-private --timeout 1 --format jsonl "$base/drip/"
run 1 scan --allow-private --timeout 1 --format jsonl "$base/drip/miner"
same 'what arrived is judged, and the trouble said' \
    "$(jsonl -r '.verdict // "error"' | tr '\n' ' ')" 'miner error '
run 3 scan --allow-private --format jsonl "$base/cut/"
run 3 scan --allow-private --format jsonl "$base/garbage/"
run 3 scan --allow-private --format jsonl "$base/gone/"
run 1 scan --allow-private --max-filesize 100K --format jsonl "$base/huge/"
same 'a huge body is cut at the limit' "$(jsonl -c '[.bytes, .limits]')" \
    '[102401,["bytes of one target"]]'
run 3 scan --allow-private --format jsonl http://127.0.0.1:1/
says | grep -qi 'cannot be fetched'
note $? 'a closed port'
run 3 scan --allow-private --format jsonl "https://127.0.0.1:$port/"
says | grep -qi 'cannot be fetched'
note $? 'no TLS'
run 3 scan --timeout 20 --format jsonl http://nothing.invalid/
run 3 scan --format jsonl 'http://' 'http://a b/' 'https://[::1' 'http://x:99999/'
same 'addresses that are none' "$(jsonl .error | wc -l | tr -d ' ')" 4
finish

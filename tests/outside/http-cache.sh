#!/bin/sh
# SPDX-License-Identifier: MIT
# npm http-cache-tests without and with davyd.
#
# usage: http-cache.sh FOLDER     in the build folder; packages go to FOLDER.
#                                 The last line is `N passed, N failed`.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top_srcdir=$(cd "$here/../.." && pwd)
export top_srcdir
mkdir -p "$1"
cp "$here"/package.json "$here"/package-lock.json "$here"/.npmrc \
    "$here"/http-cache.mjs "$here"/http-cache.expect "$1"
[ -d "$1/node_modules/http-cache-tests" ] ||
    (cd "$1" && npm ci --ignore-scripts --silent)
exec timeout 500 node "$1/http-cache.mjs" davyd

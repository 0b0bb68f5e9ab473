#!/bin/sh
# SPDX-License-Identifier: MIT
# A real Chromium through davyd.
#
# usage: run.sh FOLDER     in the build folder; packages and pictures go to
#                          FOLDER.  The last line is `N passed, N failed`.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top_srcdir=$(cd "$here/../.." && pwd)
export top_srcdir
mkdir -p "$1"
cp "$here"/package.json "$here"/package-lock.json "$here"/.npmrc "$here"/*.mjs "$1"
[ -d "$1/node_modules/playwright-core" ] ||
    (cd "$1" && npm ci --omit=dev --ignore-scripts --silent)
exec timeout 400 node "$1/run.mjs" "$1/screenshots"

#!/bin/sh
# Make ./configure out of configure.ac.
set -eu
cd "$(dirname "$0")"
exec autoreconf --install --force --warnings=all

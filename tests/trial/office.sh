#!/bin/sh
# A whole office on trial (`make office-trial`): Debian 12 from nothing, our wheels without a line, our
# files, then booted with its own systemd in a container, and asked. office.sh CACHE
# Needs root and, the first time, Debian's mirror; CACHE keeps the bare Debian for the next time.
set -eu
cache=$(mkdir -p "${1:?folder for the cache}" && cd "$1" && pwd)
source=$(cd "$(dirname "$0")/../.." && pwd)
. "$source/tests/trial/lib.sh"
as_root office-trial
trap finish EXIT
trap 'exit 1' HUP INT TERM

find_nspawn
# shellcheck disable=SC2046 # one word for each package is wanted
debian office $("$anjungan" office-files packages)
mkdir -p "$kept/etc/anjungan"
(umask 077; od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$kept/etc/anjungan/authority.passphrase")
installed office-files --name kantor.example --name localhost
boot
ask office_inside.py

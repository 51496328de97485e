#!/bin/sh
# A whole kiosk on trial (`make kiosk-trial`): Debian 12 from nothing, our wheels without a line, our
# files, then booted with its own systemd in a container, and asked. kiosk.sh CACHE [wayland|x11]
# Needs root and, the first time, Debian's mirror; CACHE keeps the bare Debian for the next time.
set -eu
cache=$(mkdir -p "${1:?folder for the cache}" && cd "$1" && pwd)
display=${2:-wayland}
source=$(cd "$(dirname "$0")/../.." && pwd)
. "$source/tests/trial/lib.sh"
as_root kiosk-trial
trap finish EXIT
trap 'exit 1' HUP INT TERM

find_nspawn
packages=$("$anjungan" kiosk-files packages --display "$display")
[ "$display" = wayland ] || packages="$packages xserver-xorg-video-dummy"
# shellcheck disable=SC2086 # one word for each package is wanted
debian "$display" $packages
installed kiosk-files --display "$display"
say "size of the installed kiosk: $(du -smx "$root" | cut -f1) MB"
sh "$source/tests/trial/without_hardware.sh" "$root" "$display"
in_root anjungan agent --config /etc/anjungan/agent.toml --check
"$anjungan" software build agent "$root/opt/release" --wheels "$work/wheels"
seconds "a release of the agent built, $(du -sm "$root/opt/release" | cut -f1) MB"
"$anjungan" registrar keys make --keys "$work/registrar"
mkdir -p "$root/opt/asked"
cp "$work/registrar/keys.json" "$root/opt/asked" # what an office publishes; what opens stays here
boot
ask kiosk_inside.py
ask kiosk_citizen_inside.py
switched_off
boot
ask kiosk_again_inside.py

#!/bin/sh
# What a kiosk in a container must be told, because it has no graphics card and no office.
# without_hardware.sh ROOT wayland|x11
set -eu
root=$1
dropin="$root/etc/systemd/system/anjungan-screen.service.d"
mkdir -p "$dropin" "$root/etc/systemd/system/anjungan-agent.service.d"
if [ "$2" = wayland ]; then
    cat >"$dropin/trial.conf" <<'UNIT'
[Service]
Environment=WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1 WLR_RENDERER=pixman
UNIT
else
    cat >"$dropin/trial.conf" <<'UNIT'
[Service]
ExecStart=
ExecStart=/usr/lib/xorg/Xorg :0 -config /etc/anjungan/xorg.conf -nolisten tcp -noreset \
    -auth /run/anjungan-screen/xauthority -novtswitch -sharevts -logfile /dev/null
UNIT
    mkdir -p "$root/etc/X11/xorg.conf.d"
    cat >"$root/etc/X11/xorg.conf.d/trial.conf" <<'XORG'
Section "Device"
    Identifier "none"
    Driver "dummy"
EndSection
XORG
fi
# Two minutes are right for a kiosk and long for a trial.
printf '[Service]\nWatchdogSec=10\n' >"$root/etc/systemd/system/anjungan-agent.service.d/trial.conf"
config="$root/etc/anjungan/agent.toml"
{
    printf 'kiosk = "bdg-uji-01"\nstate_dir = "/var/lib/anjungan"\n'
    cat "$config"
    printf '\n[broker]\nhost = "127.0.0.1"\nport = 1883\n'
} >"$config.new"
mv "$config.new" "$config"

#!/bin/sh
# Sees that programs of the operating system are there: parts.sh [--optional] PART...
#
# Looks first and installs only what is missing, from Debian, without starting a service: what
# needs a broker, a print server or a database starts its own on private ports. With --optional a
# part that cannot be had is said aloud and is no error. To add a part, add a line to the table.
set -eu
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

# part | there when this command, or a file matching this pattern, exists | Debian packages
table() {
    cat <<'TABLE'
python     | /usr/lib/python3*/ensurepip/__init__.py            | python3 python3-venv
npm        | npm                                                | nodejs npm
mosquitto  | mosquitto                                          | mosquitto
clients    | mosquitto_pub                                      | mosquitto-clients
chromium   | chromium                                           | chromium
shell      | chromium-headless-shell                            | chromium-headless-shell
fonts      | /usr/share/fonts/truetype/*/*.ttf                  | fonts-dejavu-core
cups       | cupsd                                              | cups
lpadmin    | lpadmin                                            | cups-client
ipp        | ippeveprinter                                      | cups-ipp-utils
filters    | /usr/lib/cups/filter/pdftopdf                      | cups-filters
dbus       | dbus-daemon                                        | dbus
xvfb       | Xvfb                                               | xvfb
xorg       | Xorg                                               | xserver-xorg-core
dummy      | /usr/lib/xorg/modules/drivers/dummy_drv.so         | xserver-xorg-video-dummy
xrandr     | xrandr                                             | x11-xserver-utils
xauth      | xauth                                              | xauth
sway       | sway                                               | sway
grim       | grim                                               | grim
postgres   | /usr/lib/postgresql/*/bin/postgres                 | postgresql
prometheus | promtool                                           | prometheus
ip         | ip                                                 | iproute2
nginx      | nginx                                              | nginx-light
analyze    | systemd-analyze                                    | systemd
udev       | udevadm                                            | udev
debootstrap | debootstrap                                       | debootstrap
cc         | cc                                                 | gcc libc6-dev
zbar       | zbarimg                                            | zbar-tools
atomic     | /usr/lib/*/libatomic.so.1                          | libatomic1
curl       | curl                                               | curl
rsync      | rsync                                              | rsync
casync     | casync                                             | casync
zsync      | zsyncmake                                          | zsync
zstd       | zstd                                               | zstd
TABLE
}

everything_for_tests="mosquitto clients chromium fonts cups lpadmin ipp filters dbus xvfb xorg dummy
    xrandr xauth sway grim postgres prometheus ip nginx analyze udev debootstrap cc atomic zbar"
# beside what tests need: what the bench is measured against
everything_for_bench="curl rsync casync zsync zstd"

column() { # column PART NUMBER
    table | awk -F'|' -v part="$1" -v n="$2" \
        '{ gsub(/^ +| +$/, "", $1); if ($1 == part) { gsub(/^ +| +$/, "", $n); print $n } }'
}

there() { # there PART
    witness=$(column "$1" 2)
    case "$witness" in
    "") echo "parts.sh: no part named $1" >&2; exit 2 ;;
    /*) for file in $witness; do [ -e "$file" ] && return 0; done; return 1 ;;
    *) command -v "$witness" >/dev/null 2>&1 ;;
    esac
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

guard=${POLICY_RC_D:-/usr/sbin/policy-rc.d}
hold_services() { # a package must not start its service: ours run as children, on private ports
    [ -e "$guard" ] && return 0
    trap 'as_root rm -f "$guard"' EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$guard" >/dev/null
    as_root chmod +x "$guard"
}

install() { # install PACKAGE...
    command -v apt-get >/dev/null 2>&1 || { echo "parts.sh: needs: $* (no apt-get here)" >&2; return 1; }
    hold_services
    echo "parts.sh: installing $*"
    as_root apt-get update -qq &&
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

optional=
[ "${1:-}" = --optional ] && { optional=yes; shift; }
[ "${1:-}" = tests ] && { shift; set -- $everything_for_tests "$@"; }
[ "${1:-}" = bench ] && { shift; set -- $everything_for_bench "$@"; }

packages=
for part in "$@"; do
    there "$part" || packages="$packages $(column "$part" 3)"
done
[ -z "$packages" ] && exit 0

# shellcheck disable=SC2086 # one word for each package is wanted
if ! install $packages && [ -z "$optional" ]; then
    echo "parts.sh: could not install:$packages. Install them yourself and try again." >&2
    exit 1
fi
for part in "$@"; do
    there "$part" || { echo "parts.sh: still without $part" >&2; [ -n "$optional" ] || exit 1; }
done

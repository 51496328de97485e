#!/bin/sh
# A whole kiosk on trial (`make kiosk-trial`): Debian 12 from nothing, our wheels without a line, our
# files, then booted with its own systemd in a container, and asked. kiosk.sh CACHE [wayland|x11]
# Needs root and, the first time, Debian's mirror; CACHE keeps the bare Debian for the next time.
set -eu
cache=$(mkdir -p "${1:?folder for the cache}" && cd "$1" && pwd)
display=${2:-wayland}
source=$(cd "$(dirname "$0")/../.." && pwd)
anjungan="$source/.venv/bin/anjungan"
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
security=${DEBIAN_SECURITY:-http://deb.debian.org/debian-security}
[ "$(id -u)" = 0 ] || { echo "kiosk.sh: run it as root (sudo make kiosk-trial)" >&2; exit 2; }

say() { echo "kiosk.sh: $*"; }
seconds() { now=$(date +%s); say "$1: $((now - since)) s"; since=$now; }
since=$(date +%s)

nspawn=$(command -v systemd-nspawn || true)
if [ -z "$nspawn" ]; then
    nspawn="$cache/nspawn/usr/bin/systemd-nspawn"
    if [ ! -x "$nspawn" ]; then # only unpacked: this machine needs no new service
        mkdir -p "$cache/deb"
        (cd "$cache/deb" && apt-get download -qq systemd-container 2>/dev/null)
        dpkg -x "$cache"/deb/systemd-container*.deb "$cache/nspawn"
    fi
fi

debian="$cache/debian-$display"
if [ ! -e "$debian.whole" ]; then
    rm -rf "$debian"
    debootstrap --variant=minbase --include=systemd,systemd-sysv,libpam-systemd,iproute2,procps \
        bookworm "$debian" "$mirror" >"$cache/debootstrap.log"
    printf 'deb %s bookworm main\ndeb %s bookworm-security main\n' "$mirror" "$security" \
        >"$debian/etc/apt/sources.list"
    printf '#!/bin/sh\nexit 101\n' >"$debian/usr/sbin/policy-rc.d"
    chmod +x "$debian/usr/sbin/policy-rc.d"
    cp /etc/resolv.conf "$debian/etc/resolv.conf"
    chroot "$debian" apt-get update -qq
    # shellcheck disable=SC2046 # one word for each package is wanted
    DEBIAN_FRONTEND=noninteractive chroot "$debian" apt-get install -y -qq --no-install-recommends \
        $("$anjungan" kiosk-files packages --display "$display") \
        $([ "$display" = wayland ] || echo xserver-xorg-video-dummy) >"$cache/apt.log" 2>&1
    rm "$debian/usr/sbin/policy-rc.d"
    chroot "$debian" apt-get clean
    touch "$debian.whole"
    seconds "Debian"
fi

work=$(mktemp -d "$cache/trial.XXXXXX")
inside= # the process that is the container's first
finish() {
    if [ -n "$inside" ]; then
        kill -s RTMIN+4 "$inside" 2>/dev/null || true # systemd's word for: switch off
        for _ in $(seq 100); do kill -0 "$outside" 2>/dev/null || break; sleep 0.2; done
        kill -9 "$inside" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap finish EXIT
root="$work/root"
cp -a --reflink=auto "$debian" "$root"
"$anjungan" kiosk-files wheels --out "$work/wheels"
mkdir -p "$root/opt/carried"
cp "$work"/wheels/* "$root/opt/carried"
seconds "copy and wheels"

# Without a line: the namespace has no network at all.
unshare --net chroot "$root" sh /opt/carried/install.sh
seconds "installed offline, $(du -sm "$root/opt/anjungan" | cut -f1) MB"
unshare --net chroot "$root" sh /opt/carried/install.sh

in_root() { unshare --net chroot "$root" /opt/anjungan/venv/bin/anjungan "$@"; }
in_root kiosk-files --root / --display "$display" >"$work/first"
in_root kiosk-files --root / >"$work/second"
[ ! -s "$work/second" ] || { say "the second run changed something:"; cat "$work/second"; exit 1; }
in_root kiosk-files --root / --check
say "the second run changed nothing, --check agrees"

systemd-firstboot --root="$root" --locale=C.UTF-8 --timezone=Asia/Jakarta --hostname=kios-uji \
    --setup-machine-id
cp "$source/tests/trial/inside.py" "$root/opt/inside.py"
sh "$source/tests/trial/without_hardware.sh" "$root" "$display"
in_root agent --config /etc/anjungan/agent.toml --check
size=$(du -smx "$root" | cut -f1)

SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 "$nspawn" --quiet --directory="$root" --register=no --keep-unit \
    --private-network --boot </dev/null >"$work/boot.log" 2>&1 &
outside=$!
for _ in $(seq 300); do
    inside=$(cat "/proc/$outside/task/$outside/children" 2>/dev/null | tr -d ' ')
    [ -n "$inside" ] && nsenter --target "$inside" --all -- systemctl is-system-running --wait \
        >"$work/state" 2>/dev/null && break
    grep -q degraded "$work/state" 2>/dev/null && break
    kill -0 "$outside" 2>/dev/null || { cat "$work/boot.log"; exit 1; }
    sleep 0.2
done
seconds "booted: $(cat "$work/state")"
say "size of the installed kiosk: $size MB"
nsenter --target "$inside" --all -- /opt/anjungan/venv/bin/python -I /opt/inside.py "$display"
seconds "asked"

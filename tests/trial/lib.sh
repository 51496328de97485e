# What the trials of kiosk and office share; read by them with `.`. Needs `cache` and `source`.
# shellcheck shell=sh
anjungan="$source/.venv/bin/anjungan"
# Debian comes from where this machine has its own packages from.
of_apt() { apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' |
    awk -v release="$1" '$2 == release { print $1; exit }'; }
mirror=${DEBIAN_MIRROR:-$(of_apt bookworm)}
security=${DEBIAN_SECURITY:-$(of_apt bookworm-security)}
since=$(date +%s)
work=   # a fresh folder of this trial
inside= # the process that is the container's first
outside= # the one that holds the container

say() { echo "trial: $*"; }
seconds() { now=$(date +%s); say "$1: $((now - since)) s"; since=$now; }

as_root() {
    [ "$(id -u)" = 0 ] || { echo "trial: run it as root (sudo make $1)" >&2; exit 2; }
}

find_nspawn() { # only unpacked where it is missing: this machine needs no new service
    nspawn=$(command -v systemd-nspawn || echo "$cache/nspawn/usr/bin/systemd-nspawn")
    [ -x "$nspawn" ] && return
    mkdir -p "$cache/deb"
    (cd "$cache/deb" && apt-get download -qq systemd-container 2>/dev/null)
    dpkg -x "$cache"/deb/systemd-container*.deb "$cache/nspawn"
}

debian() { # debian NAME PACKAGE...: kept in the cache, without a service started
    kept="$cache/debian-$1"
    shift
    [ -e "$kept.whole" ] && return
    rm -rf "$kept"
    debootstrap --variant=minbase --include=systemd,systemd-sysv,iproute2,procps \
        bookworm "$kept" "$mirror" >"$cache/debootstrap.log"
    echo "deb $mirror bookworm main" >"$kept/etc/apt/sources.list"
    [ -z "$security" ] || echo "deb $security bookworm-security main" >>"$kept/etc/apt/sources.list"
    printf '#!/bin/sh\nexit 101\n' >"$kept/usr/sbin/policy-rc.d"
    chmod +x "$kept/usr/sbin/policy-rc.d"
    cp /etc/resolv.conf "$kept/etc/resolv.conf"
    echo '127.0.0.1 localhost' >"$kept/etc/hosts"
    chroot "$kept" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive chroot "$kept" apt-get install -y -qq \
        --no-install-recommends "$@" >"$cache/apt.log" 2>&1
    rm "$kept/usr/sbin/policy-rc.d"
    chroot "$kept" apt-get clean
    rm -rf "$kept"/var/lib/apt/lists/*
    touch "$kept.whole"
    seconds "Debian with its packages"
}

switched_off() {
    [ -n "$inside" ] || return 0
    kill -s RTMIN+4 "$inside" 2>/dev/null || true # systemd's word for: switch off
    for _ in $(seq 100); do kill -0 "$outside" 2>/dev/null || break; sleep 0.2; done
    kill -9 "$inside" 2>/dev/null || true
    inside=
}

finish() {
    switched_off
    [ -z "$work" ] || rm -rf "$work"
}

# Without a line: this namespace has no network at all.
in_root() { unshare --net chroot "$root" "$@"; }

installed() { # installed WORD OPTION...: wheels and files in a copy of Debian, twice
    word=$1
    shift
    work=$(mktemp -d "$cache/trial.XXXXXX")
    root="$work/root"
    cp -a --reflink=auto "$kept" "$root"
    mkdir -p "$root/opt/carried"
    "$anjungan" "$word" wheels --out "$work/wheels"
    cp "$work"/wheels/* "$root/opt/carried"
    seconds "copied, wheels made"
    in_root sh /opt/carried/install.sh
    seconds "installed offline, $(du -sm "$root/opt/anjungan" | cut -f1) MB"
    in_root sh /opt/carried/install.sh
    in_root /opt/anjungan/venv/bin/anjungan "$word" --root / "$@" >"$work/first" || {
        cat "$work/first"
        return 1
    }
    in_root anjungan "$word" --root / >"$work/second"
    [ ! -s "$work/second" ] || { say "the second run changed something:"; cat "$work/second"; return 1; }
    in_root anjungan "$word" --root / --check
    say "a second run changed nothing, --check agrees"
    systemd-firstboot --root="$root" --locale=C.UTF-8 --timezone=Asia/Jakarta --hostname=uji \
        --setup-machine-id >/dev/null 2>&1
}

boot() { # its own systemd as the first process, its own network with nobody in it
    # Should we be killed, it switches the container off.
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 setpriv --pdeathsig TERM "$nspawn" --quiet --directory="$root" --register=no \
        --keep-unit --private-network --boot </dev/null >"$work/boot.log" 2>&1 &
    outside=$!
    : >"$work/state"
    for _ in $(seq 300); do
        kill -0 "$outside" 2>/dev/null || { cat "$work/boot.log"; return 1; }
        inside=$(tr -d ' ' <"/proc/$outside/task/$outside/children" || true)
        [ -z "$inside" ] || within systemctl is-system-running --wait >"$work/state" 2>/dev/null || true
        grep -q -e running -e degraded "$work/state" && break
        sleep 0.2
    done
    seconds "booted: $(cat "$work/state")"
}

ask() { # ask FILE: its questions, inside
    mkdir -p "$root/opt/asked/tests/support"
    cp "$source/tests/trial/$1" "$root/opt/asked"
    for one in asking complainer shown visitor wait; do
        cp "$source/tests/support/$one.py" "$root/opt/asked/tests/support"
    done
    within /opt/anjungan/venv/bin/python "/opt/asked/$1"
    seconds "asked"
}

within() { nsenter --target "$inside" --all -- "$@"; }

"""What others send for the same change, over the same line: full copy, rsync, casync, zsync, zstd.

Each is given what it needs at both ends (the old tree, the old tar, its own index) and counted by
the proxy before the server, both ways, like ours. None is left out: without one there is no bench.
"""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.processes import wait_until
from tests.support.child import free_port, listens
from tests.support.tcp_proxy import Proxy, proxied

_NGINX = """\
user root;
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  server {{ listen 127.0.0.1:{port}; root {root}; tcp_nodelay on; max_ranges 100000; }}
}}
"""
_NEEDED = ("curl", "nginx", "zstd", "casync", "zsync", "zsyncmake", "rsync")
_RSYNCD = "use chroot = no\nmunge symlinks = no\n[new]\npath = {root}\nread only = yes\n"


@contextmanager
def program(arguments: list[str], port: int) -> Iterator[None]:
    """A server of this machine, ended by its pid."""
    server = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: listens(port), 20, arguments[0])
        yield
    finally:
        server.terminate()
        server.wait(15)


@contextmanager
def nginx(root: Path, folder: Path) -> Iterator[int]:
    """Its port."""
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(_NGINX.format(folder=folder, port=port, root=root))
    with program(["nginx", "-c", str(config), "-p", str(folder)], port):
        yield port


def tar(tree: Path, to: Path) -> Path:
    order = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0"]
    run("tar", *order, "-cf", str(to), "-C", str(tree), ".")
    return to


def run(*arguments: str, cwd: Path | None = None) -> None:
    subprocess.run(arguments, check=True, cwd=cwd, capture_output=True)


def measure(old: Path, new: Path, work: Path) -> Iterator[tuple[str, int]]:
    """(who, bytes on the line) from the folder `old` to the folder `new`."""
    missing = [name for name in _NEEDED if not shutil.which(name)]
    if missing:
        raise SystemExit(f"bench: needs {' '.join(missing)}: sh provisioning/system/parts.sh bench")
    served, kiosk = work / "served", work / "kiosk"
    for folder in (served, kiosk):
        folder.mkdir(parents=True)
    tar(old, kiosk / "old.tar")
    tar(new, served / "new.tar")
    rivals: dict[str, Callable[[Path, Path, Path, Path, Proxy], None]] = {
        "full copy": _full,
        "zstd --patch-from": _patch,
        "casync": _casync,
        "zsync": _zsync,
    }
    with nginx(served, work) as port:
        for name, rival in rivals.items():
            with proxied(port) as proxy:
                rival(old, new, served, kiosk, proxy)
            yield name, proxy.bytes
    yield "rsync", _rsync(old, new, work)


def _full(_old: Path, _new: Path, served: Path, kiosk: Path, proxy: Proxy) -> None:
    run("zstd", "-q", "-10", "new.tar", "-o", "full.zst", cwd=served)
    _get(proxy, "full.zst", kiosk)


def _patch(_old: Path, _new: Path, served: Path, kiosk: Path, proxy: Proxy) -> None:
    old = str(kiosk / "old.tar")
    run("zstd", "-q", "--long=27", f"--patch-from={old}", "new.tar", "-o", "patch", cwd=served)
    _get(proxy, "patch", kiosk)
    run("zstd", "-q", "-d", "--long=27", f"--patch-from={old}", "patch", "-o", "1.tar", cwd=kiosk)
    _same(served / "new.tar", kiosk / "1.tar")


def _casync(old: Path, new: Path, served: Path, kiosk: Path, proxy: Proxy) -> None:
    run("casync", "make", "--store=store.castr", "new.caidx", str(new), cwd=served)
    remote = [f"--store={proxy.url}store.castr", f"--seed={old}", f"{proxy.url}new.caidx"]
    run("casync", "extract", *remote, "casync", cwd=kiosk)


def _zsync(_old: Path, _new: Path, served: Path, kiosk: Path, proxy: Proxy) -> None:
    run("zsyncmake", "-q", "-u", f"{proxy.url}new.tar", "new.tar", cwd=served)
    run("zsync", "-q", "-i", "old.tar", "-o", "2.tar", f"{proxy.url}new.tar.zsync", cwd=kiosk)
    _same(served / "new.tar", kiosk / "2.tar")


def _rsync(old: Path, new: Path, work: Path) -> int:
    config, port, copy = work / "rsyncd.conf", free_port(), work / "rsynced"
    config.write_text(_RSYNCD.format(root=new))
    shutil.copytree(old, copy)
    server = ["rsync", "--daemon", "--no-detach", "--address=127.0.0.1"]
    with program([*server, f"--port={port}", f"--config={config}"], port), proxied(port) as proxy:
        # Its files have other dates than ours, as any that were made anew.
        source = f"rsync://127.0.0.1:{proxy.port}/new/"
        run("rsync", "-rc", "-z", "--delete", source, str(copy))
    run("diff", "-r", str(new), str(copy))
    return proxy.bytes


def _get(proxy: Proxy, name: str, kiosk: Path) -> None:
    run("curl", "-sf", "-o", str(kiosk / name), proxy.url + name)


def _same(one: Path, other: Path) -> None:
    run("cmp", str(one), str(other))

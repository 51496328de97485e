"""What an update costs on the line: ours beside full copy, rsync, casync, zsync, zstd --patch-from.

One realistic bundle of 54 MB, three changes, every byte counted by the same proxy in front of the
same static server, questions and headers too. Ours includes signatures, index and all.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from agent.content import told, wanted
from agent.content.told import Told
from agent.content.wanted import Kept
from tests.bench.fetch_bundle import Tree, first, remuxed, three_files
from tests.bench.fetch_rivals import measure, nginx
from tests.bench.figures import Figure
from tests.support.signed_folder import NOW, SignedFolder
from tests.support.tcp_proxy import Proxy, proxied
from wire.wants import Want

BUNDLE = "layanan"
Said = dict[str, float]


AGENT = """\
kiosk = "bandung-coblong-01"
state_dir = "{where}/state"
[broker]
host = "127.0.0.1"
plain = true
[content]
folder = "{where}/folder"
url = "{url}"
keep_free_mb = 0
"""


class Kiosk:
    """A state and a folder of releases, on the disk between one process and the next."""

    def __init__(self, where: Path, root: bytes) -> None:
        self.where, self.state = where, where / "state" / "content"
        self.state.mkdir(parents=True)
        (self.state / "root.json").write_bytes(root)

    def copy(self, to: Path) -> "Kiosk":
        other = Kiosk.__new__(Kiosk)
        other.where, other.state = to, to / "state" / "content"
        shutil.copytree(self.where, to, symlinks=True)
        return other

    def install(self, proxy: Proxy, seq: int, tree: Tree) -> Said:
        """By the child itself; every file is compared with what was meant."""
        want = Want(bundle=BUNDLE, seq=seq, number=NOW + seq)
        wanted.write(self.state, Kept((want,)))
        said = self._child("install", proxy.url)
        slot = self.where / "folder" / BUNDLE / "current"
        assert {path: (slot / path).read_bytes() for path in tree} == tree
        return said

    def fetch(self, proxy: Proxy, seq: int) -> Said:
        """Only the chunks."""
        return self._child("fetch", proxy.url, BUNDLE, str(seq))

    def _child(self, what: str, url: str, *names: str) -> Said:
        config = self.where / "agent.toml"
        config.write_text(AGENT.format(where=self.where, url=url))
        at = time.clock_gettime(time.CLOCK_BOOTTIME)
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.fetch_child", what, str(config), *names],
            check=True,
            stdout=subprocess.PIPE,
            input=told.write(Told(time=(NOW, NOW + 1, at))),
        )
        said: Said = json.loads(done.stdout)
        return said


def bench() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="anjungan-fetch-") as name:
        yield from _bench(Path(name))


def _bench(work: Path) -> Iterator[Figure]:
    old = first()
    small, large = three_files(old), remuxed(three_files(old))
    shop = SignedFolder(work / "releases")
    shop.publish(BUNDLE, 1, old)
    kiosk = Kiosk(work / "kiosk", shop.root)
    with nginx(shop.path, work) as port:
        with proxied(port) as proxy:
            whole = kiosk.install(proxy, 1, old)
        yield Figure("fetch.from_nothing", proxy.bytes / 1e6, "MB", note="the first release")
        yield Figure("fetch.from_nothing_memory", whole["peak_kib"] / 1024, "MiB", goal="<= 45")
        yield from _cut(port, Kiosk(work / "cut-all", shop.root), 1, proxy.bytes, "from_nothing")
        for seq, tree, what, most in ((2, small, "three_files", 0.35), (3, large, "remux", 0.55)):
            shop.publish(BUNDLE, seq, tree, since=(0, 1))
            with proxied(port) as proxy:
                said = kiosk.copy(work / what).install(proxy, seq, tree)
            rivals = dict(_rivals(work / f"rivals-{what}", old, tree))
            size, rsync = proxy.bytes / 1e6, rivals.get("rsync")
            yield Figure(f"fetch.{what}", size, "MB", rsync, f"<= {most}", "beside rsync")
            for rival, size in rivals.items():
                yield Figure(f"fetch.{what} {rival}", size, "MB")
            yield Figure(f"fetch.{what}_memory", said["peak_kib"] / 1024, "MiB", goal="<= 45")
            yield from _cut(port, kiosk.copy(work / f"cut-{what}"), seq, proxy.bytes, what)
        yield from _nothing(port, kiosk.copy(work / "nothing"))


def _rivals(work: Path, old: Tree, new: Tree) -> Iterator[tuple[str, float]]:
    for name, tree in (("old", old), ("new", new)):
        for path, data in tree.items():
            file = work / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
            os.utime(file, (0, 0))  # casync and tar keep dates: no other change than the one meant
    for name, size in measure(work / "old", work / "new", work):
        yield name, size / 1e6


def _cut(port: int, kiosk: Kiosk, seq: int, plain: int, what: str) -> Iterator[Figure]:
    """The same over connections that all end after 5 % of it."""
    with proxied(port) as proxy:
        proxy.weather.cut_after = plain // 20
        kiosk.fetch(proxy, seq)
    note = f"cut at every 5 %, {proxy.opened} connections"
    yield Figure(f"fetch.{what}_cut", proxy.bytes / plain, "times", goal="<= 1.1", note=note)


def _nothing(port: int, kiosk: Kiosk) -> Iterator[Figure]:
    """It has the newest, and asks all the same."""
    with proxied(port) as proxy:
        kiosk.fetch(proxy, 3)
    with proxied(port) as proxy:
        said = kiosk.fetch(proxy, 3)
    yield Figure("fetch.nothing_new", proxy.bytes / 1e3, "kB", goal="<= 3")
    yield Figure("fetch.nothing_new_requests", said["requests"], "", goal="<= 2")

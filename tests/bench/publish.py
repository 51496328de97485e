"""How fast a folder of a gigabyte becomes a release, and how small the next one is.

Films of noise, which is what a compressor finds in films, tables and pages. First chunking and
hashing alone, by the processor's time of the one thread that does it; the yardstick is SHA-256 of
the same bytes in the same run. Then the whole way to a release that waits for its signatures:
compressed, synced, packed, in four threads. Then the same with one film re-muxed (3 kB put at its
head), a page edited and rows of a table changed.
"""

import hashlib
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from controller.people.audit import By
from controller.releases import clerk, drafts, signing, uploads
from controller.releases.cut import cut
from controller.releases.folder import Releases
from controller.releases.online import Online
from controller.releases.read import find
from controller.store.engine import open_engine, writing
from controller.store.migrate import migrate
from tests.bench.figures import Figure
from tests.support.release_keys import NOW, hold, id_of

FILMS: Final = 9
FILM: Final = 110_000_000
PAGES: Final = 150
ROWS: Final = 80_000
WHO: Final = By("bench")
_MB: Final = 1_000_000


def bench() -> Iterator[Figure]:
    with TemporaryDirectory(prefix="anjungan-publish-") as name:
        home = Path(name)
        tree = home / "tree"
        total = _make(tree)
        yield from _chunking(tree, total)
        office = _Office(home)
        seconds = office.publish(tree)
        yield Figure("publish.whole", total / _MB / seconds, "MB/s", note=f"{total} bytes, wall")
        yield Figure("publish.from_nothing", office.size(1, "whole_bytes") / _MB, "MB")
        _change(tree)
        seconds = office.publish(tree)
        yield Figure("publish.again", total / _MB / seconds, "MB/s", note="3 files changed, wall")
        yield Figure(
            "publish.update", office.size(2, "update_bytes") / 1000, "kB", note="film re-muxed"
        )
        office.close()


def _chunking(tree: Path, total: int) -> Iterator[Figure]:
    paths = [str(one.relative_to(tree)) for one in tree.rglob("*") if one.is_file()]
    begin = time.thread_time()
    for path in paths:
        with (tree / path).open("rb") as file:
            hashlib.file_digest(file, "sha256")
    bare = total / _MB / (time.thread_time() - begin)
    begin = time.thread_time()
    cut(tree, paths, lambda _name, _plain: None)
    ours = total / _MB / (time.thread_time() - begin)
    note = "chunking and hashing, one core; yardstick: SHA-256 alone"
    yield Figure("publish.chunking", ours, "MB/s", bare, ">= 100", note)


class _Office:
    def __init__(self, home: Path) -> None:
        url = f"sqlite:///{home / 'office.db'}"
        migrate(url)
        self._engine = open_engine(url)
        self._held = hold(home)
        self._releases = Releases(self._held.releases)
        self._online = Online(self._held.online)

    def publish(self, tree: Path) -> float:
        """Seconds from a folder to a release that waits; then it is signed and published."""
        with writing(self._engine) as conn:
            draft = drafts.begin(conn, self._releases, "video", "bench", WHO, NOW)
        uploads.bring(self._releases, draft.id, tree, "video")
        begin = time.monotonic()
        done = drafts.finish(self._engine, self._releases, draft.id, WHO, NOW)
        seconds = time.monotonic() - begin
        with writing(self._engine) as conn:
            text = signing.find(conn, done.signing_id).text.encode()
            for key in self._held.at_hand.content:
                word = key.sign(text).hex()
                signing.add(conn, self._releases, done.signing_id, id_of(key), word, WHO, NOW)
            clerk.tick(conn, self._releases, self._online, NOW)
        return seconds

    def size(self, seq: int, what: str) -> int:
        with self._engine.connect() as conn:
            return int(getattr(find(conn, "video", seq), what))

    def close(self) -> None:
        self._engine.dispose()


def _make(tree: Path) -> int:
    """Bytes in all."""
    (tree / "film").mkdir(parents=True)
    for n in range(FILMS):
        with (tree / f"film/{n}.mp4").open("wb") as file:
            file.write(b"\x00\x00\x00\x18")
            for _ in range(FILM // 10_000_000):
                file.write(os.urandom(10_000_000))
    words = random.Random(5)
    for n in range(PAGES):
        page = " ".join(words.choices(_WORDS, k=3000))
        (tree / f"{n}.html").write_text(f"<p>{page}")
    rows = (f'{{"nomor":{n},"nama":"{words.randbytes(24).hex()}"}}' for n in range(ROWS))
    (tree / "tabel.json").write_text("[" + ",\n".join(rows) + "]")
    return sum(one.stat().st_size for one in tree.rglob("*") if one.is_file())


def _change(tree: Path) -> None:
    film = tree / "film/0.mp4"
    film.write_bytes(b"\x00\x00\x00\x18" + os.urandom(3000) + film.read_bytes())
    page = tree / "7.html"
    page.write_text(page.read_text().replace("izin", "perizinan", 1))
    table = tree / "tabel.json"
    lines = table.read_text().split("\n")
    for n in (*range(4000, 4020), *range(60_000, 60_030)):
        lines[n] = lines[n].replace("nama", "nama_baru")
    table.write_text("\n".join(lines))


_WORDS: Final = ("izin", "warga", "surat", "layanan", "kecamatan", "jadwal", "berkas", "petugas")

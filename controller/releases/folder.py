"""The folder of releases: plain files that any static server can give away. Paths and safe writes.

Below it, as named in wire/content.py: metadata/, targets/, chunks/, packs/. Beside these lies
drafts/, which only the office may read. What something refers to is whole: every file is written
beside its place and renamed, and synced before anything names it. Knows no database, no signature.
"""

import os
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from wire.content import chunk_path, pack_path, target_path

METADATA: Final = "metadata"
TARGETS: Final = "targets"
PUBLIC: Final = (METADATA, TARGETS, "chunks", "packs")
DRAFTS: Final = "drafts"


class Releases:
    """`path` need not exist yet. Raises OSError as the disk does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.metadata = path / METADATA
        self.drafts = path / DRAFTS

    def make(self) -> None:
        """The folders; again is no harm."""
        for name in PUBLIC:
            (self.path / name).mkdir(parents=True, exist_ok=True)
        self.drafts.mkdir(mode=0o700, exist_ok=True)

    def chunk(self, sha256: str) -> Path:
        return self.path / chunk_path(sha256)

    def pack(self, bundle: str, since: int, seq: int) -> Path:
        return self.path / pack_path(bundle, since, seq)

    def index(self, bundle: str, seq: int, sha256: str) -> Path:
        """Of the compressed index, whose SHA-256 is in its name."""
        folder, name = target_path(bundle, seq).split("/")
        return self.path / TARGETS / folder / f"{sha256}.{name}"

    def draft(self, release_id: int) -> Path:
        """The files of a draft, as they were handed in."""
        return self.drafts / str(release_id)

    def free(self) -> int:
        """Bytes that can still be written."""
        return shutil.disk_usage(self.path).free


@contextmanager
def written(path: Path, *, settled: bool = True) -> Iterator[IO[bytes]]:
    """A file that has its name once it is whole and on the disk; an error leaves nothing.

    Unless it shall be `settled`, it may be lost or torn with the power: the caller will `settle` it
    before anything refers to it. Many are settled far sooner together than each for itself.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with beside.open("xb") as file:
            yield file
            file.flush()
            if settled:
                os.fsync(file.fileno())
        beside.rename(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    if settled:
        sync_folder(path.parent)


def write(path: Path, body: bytes, *, settled: bool = True) -> None:
    """As `written`, at once."""
    with written(path, settled=settled) as file:
        file.write(body)


def settle(paths: Collection[Path]) -> None:
    """What was written in these places survives a cut of the power. Raises OSError."""
    for path in paths:
        file = os.open(path, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
    for folder in {path.parent for path in paths}:
        sync_folder(folder)


def sync_folder(path: Path) -> None:
    """What was renamed in it survives a cut of the power."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

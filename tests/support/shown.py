"""Releases as they stand on a kiosk's disk, for whoever shows them."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from wire.content import About, File, Index, write_index

MOST_CHUNK = 128 * 1024


def put(folder: Path, seq: int, tree: Mapping[str, bytes]) -> None:
    """A release of these files, and in use."""
    files = []
    for name, data in sorted(tree.items()):
        path = folder / f"slots/{seq}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        sha256 = hashlib.sha256(data).hexdigest()
        pieces = [data[at : at + MOST_CHUNK] for at in range(0, len(data), MOST_CHUNK)]
        chunks = tuple((hashlib.sha256(one).hexdigest(), len(one)) for one in pieces)
        files.append(File(path=name, size=len(data), sha256=sha256, chunks=chunks))
    index = Index(bundle="layanan", seq=seq, files=tuple(files))
    about = About(
        bundle="layanan",
        seq=seq,
        unpacked=sum(map(len, tree.values())),
        files=len(files),
        chunks=len(files),
        index_size=len(write_index(index)),
        built_at=1,
    )
    (folder / f"slots/{seq}.idx").write_bytes(write_index(index))
    (folder / f"slots/{seq}.about.json").write_bytes(msgspec.json.encode(about))
    use(folder, seq)


def use(folder: Path, seq: int) -> None:
    (folder / "next").symlink_to(f"slots/{seq}")
    (folder / "next").rename(folder / "current")

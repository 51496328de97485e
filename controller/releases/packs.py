"""All that one release has and another has not, as one file; a changed chunk as a small delta.

A new chunk that stands where old ones stood (controller/releases/bases.py) is compressed with these
as dictionary: an edited page or a table with changed rows becomes a few hundred bytes. The pack
from nothing (`since` 0) is written for small bundles only: it repeats every byte of them.
"""

import hashlib
from functools import lru_cache
from typing import Final

import zstandard

from controller.releases import store
from controller.releases.bases import New, news
from controller.releases.folder import Releases, written
from wire.content import Index, PackAbout
from wire.pack import (
    DELTA,
    MAGIC,
    RAW,
    ZSTD,
    Entry,
    read_chunk,
    write_entry,
)

MOST_FROM_NOTHING: Final = 256 * 1024 * 1024
_QUICK: Final = 3
_THOROUGH: Final = 19
_PROMISING: Final = 0.8  # of the chunk alone: whoever shrinks so far quickly is worth more time
_OLD_IN_MEMORY: Final = 64


def write_pack(releases: Releases, old: Index | None, new: Index) -> PackAbout | None:
    """None when there is nothing to bring, or too much from nothing. Raises OSError."""
    since = 0 if old is None else old.seq
    wanted = list(news(old, new))
    if not wanted or (old is None and sum(n.chunk[1] for n in wanted) > MOST_FROM_NOTHING):
        return None
    path = releases.pack(new.bundle, since, new.seq)
    digest, size = hashlib.sha256(MAGIC), len(MAGIC)
    maker = _Maker(releases)
    with written(path) as file:
        file.write(MAGIC)
        for one in wanted:
            entry = write_entry(maker.entry(one))
            file.write(entry)
            digest.update(entry)
            size += len(entry)
    return PackAbout(since=since, size=size, sha256=digest.hexdigest())


class _Maker:
    """Chunks as entries of a pack, each in its smallest form."""

    def __init__(self, releases: Releases) -> None:
        self._releases = releases
        self._plain = lru_cache(_OLD_IN_MEMORY)(self._read)

    def entry(self, one: New) -> Entry:
        name, length = one.chunk
        tag, body = read_chunk(self._releases.chunk(name).read_bytes())
        if one.bases:
            delta = self._delta(one, len(body))
            if delta is not None and len(delta) + 1 + 32 * len(one.bases) < len(body):
                return Entry(DELTA, name, length, delta, one.bases)
        return Entry(ZSTD if tag == ZSTD else RAW, name, length, body)

    def _delta(self, one: New, alone: int) -> bytes | None:
        joined = b"".join(self._plain(name) for name in one.bases)
        plain = store.read(self._releases, one.chunk[0])
        quick = _against(joined, plain, _QUICK)
        if len(quick) > alone * _PROMISING:
            return None
        return min(quick, _against(joined, plain, _THOROUGH), key=len)

    def _read(self, name: str) -> bytes:
        return store.read(self._releases, name)


def _against(joined: bytes, plain: bytes, level: int) -> bytes:
    raw = zstandard.ZstdCompressionDict(joined, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    return zstandard.ZstdCompressor(level=level, dict_data=raw).compress(plain)

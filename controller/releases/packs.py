"""All that one release has and another has not, as one file; a changed chunk as a small delta.

A new chunk that stands where old ones stood is compressed with these as dictionary: an edited page
or a table with changed rows becomes a few hundred bytes. Which old chunks: those of the same file,
between the nearest chunks that both files share. The one from nothing (`since` 0) is written for
small bundles only: it repeats every byte of them.
"""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import zstandard

from controller.releases import store
from controller.releases.folder import Releases, written
from wire.content import Chunk, File, Index, PackAbout
from wire.pack import (
    DELTA,
    MAGIC,
    MOST_BASES,
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


class New(NamedTuple):
    """A chunk to bring, and old chunks it may resemble."""

    chunk: Chunk
    bases: tuple[str, ...]


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


def news(old: Index | None, new: Index) -> Iterator[New]:
    """Every chunk of `new` that `old` has not, once, in the order of the files."""
    before = _Before(() if old is None else old.files)
    seen = set(before.chunks)
    for file in new.files:
        if all(name in seen for name, _ in file.chunks):
            continue
        for chunk, bases in zip(file.chunks, _bases(before.of(file), file.chunks), strict=True):
            if chunk[0] not in seen:
                seen.add(chunk[0])
                yield New(chunk, bases)


class _Before:
    """The old release: which chunks it has, and which of its files a new one stems from."""

    def __init__(self, files: tuple[File, ...]) -> None:
        self.chunks = {name for file in files for name, _ in file.chunks}
        self._by_path = {file.path: file for file in files}
        self._by_name = {file.path.rpartition("/")[2]: file for file in files}

    def of(self, file: File) -> tuple[Chunk, ...]:
        name = file.path.rpartition("/")[2]
        found = self._by_path.get(file.path) or self._by_name.get(name)
        return found.chunks if found else ()


def _bases(old: tuple[Chunk, ...], new: tuple[Chunk, ...]) -> Iterator[tuple[str, ...]]:
    """For each new chunk, old ones it may resemble: they lie between the same shared chunks."""
    where = {name: place for place, (name, _) in enumerate(old)}
    shared = [(at, where[name]) for at, (name, _) in enumerate(new) if name in where]
    ends = iter([*shared, (len(new), len(old))])
    left, right = (-1, -1), next(ends)
    for at in range(len(new)):
        if at == right[0]:
            left, right = right, next(ends)
            yield ()
            continue
        begin, end = left[1] + 1, right[1]
        if begin >= end:  # something was put between two that were neighbours
            begin, end = max(0, begin - 1), min(len(old), begin + 1)
        first = begin + (at - left[0] - 1) * (end - begin) // (right[0] - left[0] - 1)
        first = max(begin, min(first - MOST_BASES // 2, end - MOST_BASES))
        near = old[first : min(end, first + MOST_BASES)]
        yield tuple(dict.fromkeys(name for name, _ in near))


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

"""Which chunks are new in a release, and which old ones each of them may resemble. Pure.

Those of the same file, between the nearest chunks that both files share; a file that was moved is
known by its name. Few, because a kiosk holds all of them in memory at once.
"""

from collections.abc import Iterator
from typing import NamedTuple

from wire.content import Chunk, File, Index
from wire.pack import MOST_BASES


class New(NamedTuple):
    """A chunk to bring, and old chunks it may resemble."""

    chunk: Chunk
    bases: tuple[str, ...]


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

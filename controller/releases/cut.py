"""Files into chunks: small ones whole, larger ones where their content says so (FastCDC).

The same bytes are cut the same way wherever they stand, so a film to whose head something was added
shares all but its first chunks with the one before. Knows no disk but the files it reads; what
becomes of a chunk is the caller's.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Final

from pyfastcdc import FastCDC

from wire.content import MOST_CHUNK, SMALL_FILE, Chunk, File

LEAST: Final = 16 * 1024
USUAL: Final = 64 * 1024

Put = Callable[[str, bytes], None]
"""(SHA-256 in hex, plain bytes)."""


def cut(tree: Path, paths: Iterable[str], put: Put) -> tuple[File, ...]:
    """The files as an index names them, sorted by path; `put` is given every chunk.

    Raises OSError: a link where a file was, or the disk.
    """
    return tuple(_cut_file(tree / path, path, put) for path in sorted(paths))


def _cut_file(file: Path, path: str, put: Put) -> File:
    whole, size = hashlib.sha256(), 0
    chunks: list[Chunk] = []
    with os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW), "rb") as stream:
        for piece in _pieces(stream):
            name = hashlib.sha256(piece).hexdigest()
            whole.update(piece)
            size += len(piece)
            chunks.append((name, len(piece)))
            put(name, piece)
    only = len(chunks) == 1
    sha256 = chunks[0][0] if only else whole.hexdigest()
    return File(path=path, size=size, sha256=sha256, chunks=tuple(chunks))


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    if os.fstat(stream.fileno()).st_size <= SMALL_FILE:
        while piece := stream.read(MOST_CHUNK):  # it may have grown since
            yield piece
        return
    cutter = FastCDC(avg_size=USUAL, min_size=LEAST, max_size=MOST_CHUNK)
    for chunk in cutter.cut_stream(stream):
        yield bytes(chunk.data)

"""Chunks on the office's disk: each under the SHA-256 of its plain bytes, compressed when it helps.

What is there already is read and checked before it is believed: to publish again mends what has
rotted, or was torn by a cut of the power. Many are written at once and synced together at the end:
nothing refers to one of them before.
"""

import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import zstandard

from controller.releases.folder import Releases, settle, write
from wire.content import MOST_CHUNK
from wire.errors import MalformedMessage
from wire.pack import RAW, ZSTD, read_chunk, write_chunk

LEVEL: Final = 9
_WINDOW: Final = 1 << 23
_WORTH: Final = 0.98  # what saves less is not worth a kiosk's time
_THREADS: Final = 4
_UNDER_WAY: Final = 64


class Keeper:
    """Keeps chunks while its block lasts; at the end all of them are on the disk, or it raises."""

    def __init__(self, releases: Releases) -> None:
        self._releases = releases
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="chunks")
        self._under_way: list[Future[None]] = []
        self._seen: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=kind is not None)
        if kind is None:
            self._settle(0)
            settle([self._releases.chunk(name) for name in self._seen])

    def put(self, sha256: str, plain: bytes) -> None:
        """Raises OSError, of this one or of one before."""
        if sha256 in self._seen:
            return
        self._seen.add(sha256)
        self._settle(_UNDER_WAY)
        self._under_way.append(self._pool.submit(keep, self._releases, sha256, plain))

    def _settle(self, leave: int) -> None:
        while len(self._under_way) > leave:
            self._under_way.pop(0).result()


def keep(releases: Releases, sha256: str, plain: bytes) -> None:
    """Whoever keeps some will `settle` them together, at the end. Raises OSError."""
    path = releases.chunk(sha256)
    if path.exists() and is_sound(releases, sha256):
        with suppress(PermissionError):  # somebody else's: written again, as our own
            os.utime(path)  # young again: it is needed (controller/releases/prune.py)
            return
    write(path, encode(plain), settled=False)


def is_sound(releases: Releases, sha256: str) -> bool:
    try:
        return hashlib.sha256(read(releases, sha256)).hexdigest() == sha256
    except (MalformedMessage, FileNotFoundError):
        return False


def read(releases: Releases, sha256: str) -> bytes:
    """The plain bytes, unchecked. Raises MalformedMessage, OSError."""
    return decode(releases.chunk(sha256).read_bytes())


def sent_size(releases: Releases, chunks: Iterable[str]) -> int:
    """Bytes of these chunks as they travel one by one. Raises OSError."""
    return sum(releases.chunk(one).stat().st_size for one in chunks)


def encode(plain: bytes) -> bytes:
    """As a chunk travels alone."""
    packed = zstandard.ZstdCompressor(level=LEVEL).compress(plain)
    if len(packed) < len(plain) * _WORTH:
        return write_chunk(ZSTD, packed)
    return write_chunk(RAW, plain)


def decode(stored: bytes) -> bytes:
    """Raises MalformedMessage."""
    tag, body = read_chunk(stored)
    if tag == RAW:
        return body
    plain = unzstd(body, MOST_CHUNK)
    if len(plain) > MOST_CHUNK:
        raise MalformedMessage("chunk", "it becomes too large")
    return plain


def unzstd(body: bytes, most: int) -> bytes:
    """What a frame becomes, `most` + 1 bytes of it at most. Raises MalformedMessage."""
    made = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    try:
        return made.stream_reader(body).read(most + 1)
    except zstandard.ZstdError as error:
        raise MalformedMessage("zstd", str(error)) from None

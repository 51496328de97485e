"""A WebM file of encoded frames: with its length and an index, so that a browser can jump in it.

Writes one video track and no sound. What browsers record by themselves has neither length nor
index, and a citizen could not go on where the film was left.
"""

import struct
from collections.abc import Sequence
from typing import Final, NamedTuple

EBML, SEGMENT, INFO, TRACKS, CUES, CLUSTER = (
    "1a45dfa3", "18538067", "1549a966", "1654ae6b", "1c53bb6b", "1f43b675",
)  # fmt: skip
MAKER: Final = b"anjungan"


class Frame(NamedTuple):
    """`at` in ms; `key`: it needs none before it."""

    at: int
    key: bool
    data: bytes


def write(frames: Sequence[Frame], wide: int, high: int, length_ms: int, codec: str) -> bytes:
    """`frames` in order, the first is a key frame."""
    clusters = [_cluster(group) for group in _groups(frames)]
    starts = [group[0].at for group in _groups(frames)]
    head = _info(length_ms) + _tracks(wide, high, codec)
    ahead = len(head) + len(_cues(starts, [0] * len(starts)))
    places = [ahead + sum(map(len, clusters[:at])) for at in range(len(clusters))]
    return _head() + _put(SEGMENT, head + _cues(starts, places) + b"".join(clusters))


def _groups(frames: Sequence[Frame]) -> list[list[Frame]]:
    groups: list[list[Frame]] = []
    for frame in frames:
        if frame.key:
            groups.append([])
        groups[-1].append(frame)
    return groups


def _cluster(group: Sequence[Frame]) -> bytes:
    start = group[0].at
    return _put(CLUSTER, _number("e7", start) + b"".join(_block(one, start) for one in group))


def _block(frame: Frame, start: int) -> bytes:
    flags = b"\x80" if frame.key else b"\0"
    return _put("a3", b"\x81" + (frame.at - start).to_bytes(2, "big") + flags + frame.data)


def _cues(starts: Sequence[int], places: Sequence[int]) -> bytes:
    """Always as long, whatever the places are: they are known only afterwards."""
    points = (
        _put("bb", _number("b3", start) + _put("b7", _number("f7", 1) + _number("f1", place)))
        for start, place in zip(starts, places, strict=True)
    )
    return _put(CUES, b"".join(points))


def _head() -> bytes:
    limits = _number("4286", 1) + _number("42f7", 1) + _number("42f2", 4) + _number("42f3", 8)
    return _put(EBML, limits + _put("4282", b"webm") + _number("4287", 4) + _number("4285", 2))


def _info(length_ms: int) -> bytes:
    length = _put("4489", struct.pack(">d", length_ms))
    made = _put("4d80", MAKER) + _put("5741", MAKER)
    return _put(INFO, _number("2ad7b1", 1_000_000) + length + made)


def _tracks(wide: int, high: int, codec: str) -> bytes:
    picture = _put("e0", _number("b0", wide) + _number("ba", high))
    names = _number("d7", 1) + _number("73c5", 1) + _number("9c", 0) + _number("83", 1)
    return _put(TRACKS, _put("ae", names + _put("86", codec.encode()) + picture))


def _number(name: str, value: int) -> bytes:
    return _put(name, value.to_bytes(8, "big"))


def _put(name: str, body: bytes) -> bytes:
    """Its length in eight bytes: simple, and room enough."""
    return bytes.fromhex(name) + (len(body) | 1 << 56).to_bytes(8, "big") + body

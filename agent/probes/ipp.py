"""IPP, as much of it as a health probe needs: ask for attributes, read them tolerantly.

It owns the encoding of two questions and the parsing of any answer. Odd printers are the rule:
unknown value tags, wrong sizes, broken text and collections are stepped over, because the next
attribute may be the one that says the paper is out. A truncated answer is refused as a whole: what
is missing could be exactly that attribute. Any bytes give attributes or NotIpp, nothing else.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from agent.probes import plain_http

Value = int | bool | str | bytes
Group = dict[str, list[Value]]

GET_JOBS: Final = 0x000A
GET_PRINTER_ATTRIBUTES: Final = 0x000B
VERSION_NOT_SUPPORTED: Final = 0x0503
OPERATION_GROUP: Final = 0x01
JOB_GROUP: Final = 0x02
END: Final = 0x03
PRINTER_GROUP: Final = 0x04

_INTEGERS = frozenset({0x21, 0x23})
_TEXTS = frozenset({0x41, 0x42, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49})
_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ")  # printers are hostile too
_BEGIN_COLLECTION, _END_COLLECTION = 0x34, 0x37


class NotIpp(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """The answer is not IPP, or only a part of one. The device or its address is at fault."""


class Uri(NamedTuple):
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, text: str) -> "Uri":
        """`ipp://host[:port]/path`. Raises ValueError: the configuration must be corrected."""
        scheme, _, rest = text.partition("://")
        place, _, path = rest.partition("/")
        host, _, port = place.partition(":")
        if scheme != "ipp" or not host or not (port or "631").isdigit():
            raise ValueError(f"not an address like ipp://host:631/ipp/print: {text!r}")
        return cls(host, int(port or 631), f"/{path}")

    def __str__(self) -> str:
        return f"ipp://{self.host}:{self.port}{self.path}"


class Reply(NamedTuple):
    status: int
    groups: list[tuple[int, Group]]

    def first(self, group: int) -> Group:
        """The first group of that tag, empty when there is none."""
        return next((attributes for tag, attributes in self.groups if tag == group), {})


def ask(
    uri: Uri,
    operation: int,
    wanted: Sequence[str],
    *,
    timeout_s: float,
    version: tuple[int, int] = (2, 0),
    limit: int = 0,
) -> Reply:
    """One question. Raises OSError (TimeoutError), plain_http.NotHttp or NotIpp."""
    body = request(operation, str(uri), wanted, version=version, limit=limit)
    answer = plain_http.post(*uri, body, kind="application/ipp", timeout_s=timeout_s)
    if answer.status != 200:
        raise NotIpp(f"HTTP {answer.status} at {uri.path}")
    return parse(answer.body)


def request(
    operation: int,
    uri: str,
    wanted: Sequence[str],
    *,
    version: tuple[int, int] = (2, 0),
    limit: int = 0,
) -> bytes:
    parts = [
        struct.pack(">BBHI", *version, operation, 1),
        b"\x01",
        _attribute(0x47, "attributes-charset", b"utf-8"),
        _attribute(0x48, "attributes-natural-language", b"en"),
        _attribute(0x45, "printer-uri", uri.encode()),
        _attribute(0x42, "requesting-user-name", b"anjungan"),
    ]
    if limit:
        parts.append(_attribute(0x21, "limit", struct.pack(">i", limit)))
    for index, name in enumerate(wanted):
        parts.append(_attribute(0x44, "" if index else "requested-attributes", name.encode()))
    return b"".join([*parts, b"\x03"])


def _attribute(tag: int, name: str, value: bytes) -> bytes:
    head = struct.pack(">BH", tag, len(name)) + name.encode()
    return head + struct.pack(">H", len(value)) + value


def parse(data: bytes) -> Reply:
    """Any bytes to a reply. Raises NotIpp only."""
    if len(data) < 9 or data[0] not in {1, 2}:
        raise NotIpp("no IPP header")
    reply = Reply(struct.unpack_from(">H", data, 2)[0], [])
    attributes: Group = {}
    name, depth = "", 0
    for tag, named, value in _items(data):
        if tag < 0x10:
            attributes, depth = {}, 0
            reply.groups.append((tag, attributes))
        elif tag in {_BEGIN_COLLECTION, _END_COLLECTION}:
            depth = max(depth + (1 if tag == _BEGIN_COLLECTION else -1), 0)
        elif not depth:
            name = named or name
            if (meaning := _meaning(tag, value)) is not None:
                attributes.setdefault(name, []).append(meaning)
    return reply


def _items(data: bytes) -> Iterator[tuple[int, str, bytes]]:
    """Delimiters as (tag, "", b""), values as (tag, name, bytes)."""
    place = 8
    while place < len(data) and data[place] != END:
        tag = data[place]
        place += 1
        if tag < 0x10:
            yield tag, "", b""
            continue
        name, place = _counted(data, place)
        value, place = _counted(data, place)
        yield tag, name.decode("ascii", "replace"), value


def _counted(data: bytes, place: int) -> tuple[bytes, int]:
    start = place + 2
    end = start + int.from_bytes(data[place:start], "big")
    if start > len(data) or end > len(data):
        raise NotIpp("the answer was cut short")
    return data[start:end], end


def _meaning(tag: int, value: bytes) -> Value | None:
    """The value as Python, raw bytes for what is not understood, None for the wrong size."""
    if tag in _INTEGERS:
        return int.from_bytes(value, "big", signed=True) if len(value) == 4 else None
    if tag == 0x22:
        return bool(value[0]) if len(value) == 1 else None
    if tag in _TEXTS:
        return value.decode("utf-8", "replace").translate(_CONTROLS)
    return None if tag < 0x20 else value  # 0x10..0x1f: no-value, unknown, unsupported

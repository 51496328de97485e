"""A picture that shows a line of text, as a real JPEG, drawn without an image library.

Every block of 8x8 pixels has one grey, so a picture is one number a block: baseline JPEG with the
direct currents only. A letter is three blocks wide and five high. Pure; knows a-z, 0-9 and hyphens.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

WIDE, HIGH = 120, 67  # blocks: half of 1920x1080
PAPER, INK = 225, 20
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789-"
_ROWS: Final = (  # of each letter from top to bottom, a digit of three bits a row
    "25755 65656 34443 65556 74647 74644 34553 55755 72227 11152 55655 44447 57755 65555 25552 "
    "65644 25573 65655 34216 72222 55557 55552 55775 55255 55222 71247 25552 26227 61247 61216 "
    "55711 74616 34652 71222 25252 25316 00700"
)
_GLYPHS: Final = dict(zip(_LETTERS, _ROWS.split(), strict=True))
A_LINE: Final = (WIDE - 4) // 4


def jpeg(text: str, shade: int = PAPER) -> bytes:
    """`text` in dark on a ground of `shade` (0 to 255); what does not fit goes to the next line."""
    ground = [[shade] * WIDE for _ in range(HIGH)]
    for start in range(0, len(text), A_LINE):
        _write(ground, text[start : start + A_LINE].lower(), 30 + 8 * (start // A_LINE))
    return _HEAD + _pressed([grey for row in ground for grey in row]) + b"\xff\xd9"


def png(shade: int = PAPER, *, blank: bool = False) -> bytes:
    """A small picture as a browser gives it: a dark band above a ground; `blank`: only ground."""
    row = bytes((0, *[shade] * (3 * WIDE)))
    band = row if blank else bytes((0, *[INK] * (3 * WIDE)))
    head = struct.pack(">IIBBBBB", WIDE, HIGH, 8, 2, 0, 0, 0)
    body = zlib.compress(band * 8 + row * (HIGH - 8))
    parts = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, content) for name, content in parts)


def _part(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return len(content).to_bytes(4, "big") + name + content + check.to_bytes(4, "big")


def _write(ground: list[list[int]], line: str, top: int) -> None:
    left = (WIDE - 4 * len(line)) // 2
    for place, letter in enumerate(line):
        for down, row in enumerate(_GLYPHS.get(letter, "00000")):
            for across in range(3):
                if int(row) & (4 >> across) and top + down < HIGH:
                    ground[top + down][left + 4 * place + across] = INK


def _pressed(greys: list[int]) -> bytes:
    """The entropy-coded part: each block the difference to the one before, then its end."""
    bits = "".join(_bits(greys))
    bits += "1" * (-len(bits) % 8)
    raw = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return raw.replace(b"\xff", b"\xff\x00")


def _bits(greys: list[int]) -> Iterator[str]:
    before = 128
    for grey in greys:
        change, before = grey - before, grey
        size = abs(change).bit_length()
        yield f"{size:04b}"  # the table below gives every size its own number in four bits
        if size:
            yield f"{change if change > 0 else change + (1 << size) - 1:0{size}b}"
        yield "0"  # nothing but a direct current


def _segment(kind: int, body: bytes) -> bytes:
    return bytes((0xFF, kind)) + (len(body) + 2).to_bytes(2, "big") + body


_SIZES: Final = bytes(range(9))  # a difference of 8 bits and a sign has these sizes
_HEAD: Final = b"".join(
    (
        b"\xff\xd8",
        _segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        _segment(0xDB, b"\0" + b"\x08" * 64),  # a direct current is 8 times the grey
        _segment(
            0xC0, b"\x08" + (8 * HIGH).to_bytes(2) + (8 * WIDE).to_bytes(2) + b"\x01\x01\x11\0"
        ),
        _segment(0xC4, b"\0" + bytes((0, 0, 0, len(_SIZES), *[0] * 12)) + _SIZES),
        _segment(0xC4, b"\x10" + bytes((1, *[0] * 15)) + b"\0"),
        _segment(0xDA, b"\x01\x01\0\0\x3f\0"),
    )
)

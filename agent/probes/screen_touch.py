"""Whether a touch screen is there, from the text of /proc/bus/input/devices.

A touch screen says it is direct (the finger is where the picture is). Old controllers do not, and
are known by having a touch, absolute places and no pen or finger tool as touch pads have.
"""

import re
import struct
from typing import Final

_DIRECT: Final = 1  # INPUT_PROP_DIRECT
_ABSOLUTE: Final = 3  # EV_ABS
_TOUCH, _PEN, _FINGER = 0x14A, 0x140, 0x145  # BTN_TOUCH, BTN_TOOL_PEN, BTN_TOOL_FINGER
_BITMAP: Final = re.compile(r"^B: (PROP|EV|KEY)=([0-9a-fA-F ]{1,400})$", re.MULTILINE)
_WORD: Final = struct.calcsize("l") * 8


def has_touch(devices: str, word: int = _WORD) -> bool:
    """`word` is the kernel's word in bits, by which it splits its bitmaps."""
    return any(_is_touch_screen(block, word) for block in devices.split("\n\n"))


def _is_touch_screen(block: str, word: int) -> bool:
    maps = {name: _bits(words, word) for name, words in _BITMAP.findall(block)}
    if not _has(maps.get("EV", 0), _ABSOLUTE):
        return False
    keys = maps.get("KEY", 0)
    old = _has(keys, _TOUCH) and not (_has(keys, _PEN) or _has(keys, _FINGER))
    return _has(maps.get("PROP", 0), _DIRECT) or (old and not maps.get("PROP", 0))


def _bits(words: str, word: int) -> int:
    """Words are printed most significant first, without leading zeros."""
    value = 0
    for part in words.split():
        value = value << word | int(part, 16)
    return value


def _has(bits: int, bit: int) -> bool:
    return bool(bits >> bit & 1)

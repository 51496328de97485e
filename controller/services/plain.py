"""What a document may be made of before anybody asks what it means: plain values, not too deep.

Strangers' files have numbers no database takes, zero bytes, halves of characters: each would be an
error far inside. Pure.
"""

from typing import Any, Final

DEEPEST: Final = 12
_MOST: Final = 2**53  # what every reader of JSON agrees upon


def is_plain(value: Any, depth: int = 0) -> bool:
    """Only what JSON has, and not without end."""
    if depth > DEEPEST:
        return False
    if isinstance(value, dict):
        return all(_is_text(k) and is_plain(v, depth + 1) for k, v in value.items())
    if isinstance(value, list):
        return all(is_plain(one, depth + 1) for one in value)
    if isinstance(value, str):
        return _is_text(value)
    if isinstance(value, int | float):
        return abs(value) <= _MOST  # NaN is never less
    return value is None


def _is_text(value: Any) -> bool:
    """Text that a file can hold: no zero byte, no half of a pair."""
    return isinstance(value, str) and not any(
        char == "\0" or "\ud800" <= char <= "\udfff" for char in value
    )

"""When something that could not be sent is tried again, and when people must look. Pure."""

from typing import Final

_MINUTE: Final = 60_000
WAITS: Final = tuple(
    minutes * _MINUTE for minutes in (1, 5, 30, 2 * 60, 6 * 60, 12 * 60, 24 * 60, 24 * 60)
)
"""After the first try, the second, ...: nearly three days in all, a weekend without anybody."""
PAUSE: Final = _MINUTE  # for all others of a system that did not answer


def again_at(tries: int, now: int) -> int | None:
    """`tries` have failed; None: it stays aside until a person has it tried again."""
    return now + WAITS[tries - 1] if tries <= len(WAITS) else None

"""What the office desires of one kiosk: which release, from when, at what hours. Pure.

The office signs it; it chooses among releases that people have signed (wire/content.py) and makes
none. Imports little: the resident agent of a kiosk reads this and leaves the rest to its child.
"""

from collections.abc import Iterable
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from wire.messages import Millis, Text

MOST_SEQ: Final = 2**31
Bundle = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,30}[a-z0-9]$(?!\n)")]
Seq = Annotated[int, Meta(ge=1, le=MOST_SEQ)]


class Window(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From `since` until `until`, minutes of the day; over midnight when `until` is the smaller."""

    since: Annotated[int, Meta(ge=0, le=1439)]
    until: Annotated[int, Meta(ge=0, le=1439)]


class Want(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The release of one bundle that the office desires here.

    `attempt` grows when people say "again": only then is a release tried that has failed here.
    `number`: office milliseconds, growing strictly for each kiosk and bundle. Fetching may begin at
    once; the switch comes at `not_before` at the earliest, and within `windows` (none: at any time)
    of the local day, which is `offset_min` minutes ahead of UTC.
    """

    bundle: Bundle
    seq: Seq
    attempt: Annotated[int, Meta(ge=1, le=10_000)] = 1
    number: Millis
    not_before: Millis = 0
    windows: Annotated[tuple[Window, ...], Meta(max_length=8)] = ()
    offset_min: Annotated[int, Meta(ge=-720, le=840)] = 420


class Wants(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that the office desires of one kiosk, for one connection: `nonce` is of its birth.

    A bundle that is not in it stays as it is. `url`: where releases are, https:// or http://; empty
    for the office's door. The text that is signed is the canonical one (wire/envelope.py).
    """

    v: Literal[1] = 1
    fleet: Text
    kiosk: Text
    nonce: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$(?!\n)")]
    now: Millis
    url: Text = ""
    wants: Annotated[tuple[Want, ...], Meta(max_length=16)] = ()


WANTS_DOMAIN: Final = b"anjungan-wants-v1\0"


def wants_message(signed: str) -> bytes:
    """The bytes the office's key signs for a Wants."""
    return WANTS_DOMAIN + signed.encode()


def is_open(windows: Iterable[Window], offset_min: int, now: int) -> bool:
    """Whether one of the windows is open at `now` (office ms). No windows: always."""
    minute = (now // 60_000 + offset_min) % 1440
    every = tuple(windows)
    return not every or any(_holds(one, minute) for one in every)


def _holds(one: Window, minute: int) -> bool:
    if one.since <= one.until:
        return one.since <= minute < one.until or one.since == one.until
    return minute >= one.since or minute < one.until

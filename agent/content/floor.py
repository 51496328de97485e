"""What this kiosk has seen and never goes below: moments, versions, the least release of a bundle.

Owns <state>/content/floor.json and its spare. It rises from signed words only, never from the
kiosk's own clock: a clock that once said 2099 must not make everything expired for ever. Versions
and the timestamp's moment count only as long as the same keys sign (`keys`, a digest of who may):
a stolen online key may say version 2^31, and rotating it in the root takes that back. What the
office says of the time is not kept here either: the agent remembers it, as long as it believes the
key that said so.
Everything is on the disk when a method returns. Raises OSError.
"""

import contextlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from agent import disk

DAY_MS: Final = 86_400_000
AHEAD_MS: Final = 400 * DAY_MS  # a clock further than this ahead of the floor is not believed
LAST_MS: Final = 7000 * 365 * DAY_MS  # what somebody signs may be later than a calendar can say


class Mark(msgspec.Struct, frozen=True):
    """The highest `version` of a role, and the digest of the keys that signed it."""

    version: int
    keys: str = ""


class _Kept(msgspec.Struct):
    moment: int = 0
    said: int = 0
    said_by: str = ""
    versions: dict[str, Mark] = {}
    least: dict[str, int] = {}


class Clock(NamedTuple):
    """`rtc`: the kiosk's own clock. `low`: office time that surely has passed, None if unknown.

    Both in ms since 1970.
    """

    rtc: Callable[[], int]
    low: Callable[[], int | None]

    def ticking(self) -> int:
        """For hours and days of people: never stands still, whatever it is worth."""
        low = self.low()
        return self.rtc() if low is None else low


class Moment(NamedTuple):
    """`believed`: whether the kiosk's own clock agrees with what was signed."""

    ms: int
    believed: bool

    @property
    def utc(self) -> datetime:
        return datetime.fromtimestamp(min(self.ms, LAST_MS) / 1000, UTC)


def reference(rtc: int, low: int | None, floor: int) -> Moment:
    """The time by which signatures expire. Pure.

    The office's word where there is one; else the clock, never below the floor and never so far
    above it that only a broken clock can mean it.
    """
    believed = floor - DAY_MS <= rtc < floor + AHEAD_MS or not floor
    if low is not None:
        return Moment(low, believed)
    return Moment(max(rtc, floor) if believed else floor, believed)


class Floor:
    """`mishap`: one sentence when a copy could not be read, else empty."""

    def __init__(self, path: Path) -> None:
        self._path, self._spare = path, path.with_name(f"{path.stem}.spare{path.suffix}")
        self.mishap = ""
        self._heard = 0
        self._kept = self._read(path) or self._read(self._spare) or _Kept()

    @property
    def said_by(self) -> str:
        return self._kept.said_by

    def moment(self, *, online: bool = True) -> int:
        """The latest signed moment in ms. Not `online`: what people have signed alone."""
        return max(self._kept.moment, self._kept.said, self._heard) if online else self._kept.moment

    def least(self, bundle: str) -> int:
        """The lowest release of the bundle that may be installed; 0: any."""
        return self._kept.least.get(bundle, 0)

    def below(self, seen: Mapping[str, Mark]) -> str:
        """Which of these is older than what was seen before, in words; empty when none is."""
        for role, mark in seen.items():
            had = self._kept.versions.get(role)
            if had and had.keys == mark.keys and mark.version < had.version:
                return f"{role} {mark.version}, and {had.version} was seen before"
        return ""

    def knows(self, seen: Mapping[str, Mark], said: int, by: str) -> bool:
        """Whether `saw` would change nothing."""
        return self._with(seen, said, by) == self._kept and not self.mishap

    def saw(self, seen: Mapping[str, Mark], said: int, by: str) -> None:
        """Raise the versions; `said`: the moment in ms that the online keys `by` have signed."""
        self._keep(self._with(seen, said, by))

    def heard(self, moment: int) -> None:
        """A moment that the office has said (ms): counts for this run, and is not kept."""
        self._heard = moment

    def rise(self, moment: int) -> None:
        """A moment that people have signed, in ms."""
        kept = self._kept
        moment = max(moment, kept.moment)
        self._keep(_Kept(moment, kept.said, kept.said_by, kept.versions, kept.least))

    def confirm(self, bundle: str, least: int) -> None:
        """A release was confirmed that says: never again one below `least`."""
        kept = self._kept
        wanted = kept.least | {bundle: max(least, self.least(bundle))}
        self._keep(_Kept(kept.moment, kept.said, kept.said_by, kept.versions, wanted))

    def _with(self, seen: Mapping[str, Mark], said: int, by: str) -> _Kept:
        kept = self._kept
        said = max(said, kept.said if by == kept.said_by else 0)
        return _Kept(kept.moment, said, by, kept.versions | dict(seen), kept.least)

    def _keep(self, kept: _Kept) -> None:
        if kept == self._kept and not self.mishap:
            return
        data = msgspec.json.encode(kept)
        disk.write(self._path, data)
        disk.write(self._spare, data)
        self._kept, self.mishap = kept, ""

    def _read(self, path: Path) -> _Kept | None:
        with contextlib.suppress(FileNotFoundError):
            try:
                return msgspec.json.decode(path.read_bytes(), type=_Kept)
            except (OSError, msgspec.MsgspecError, ValueError) as error:
                self.mishap = f"{path.name} could not be read: {error}"
        return None
